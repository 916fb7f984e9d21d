//! The aanbieders that a finding on a jeugdige concerns: those whose lines it rests on.

use super::pseudonym::Pseudonyms;
use crate::dossier::Agb;
use crate::ground::Shown;
use crate::toetsing::{AuditContext, Bevinding, Subject};
use std::collections::BTreeSet;

/// By AGB code; none of a finding on something else.
pub(crate) fn aanbieders_concerned(c: &AuditContext<'_>, bevinding: &Bevinding) -> Vec<Agb> {
    let (Subject::Jeugdige(_), Some(under)) = (bevinding.subject, bevinding.underlying()) else {
        return Vec::new();
    };
    let agbs = under.lines.iter().map(|id| c.agb(c.dossier.line(*id).aanbieder));
    agbs.collect::<BTreeSet<Agb>>().into_iter().collect()
}

/// A sentence that names them; `None` where there are none.
pub(super) fn concerned(
    c: &AuditContext<'_>,
    pseudonyms: &Pseudonyms,
    bevinding: &Bevinding,
) -> Option<Shown<'static>> {
    let named = aanbieders_concerned(c, bevinding).into_iter().map(|agb| {
        let id = c.dossier.aanbieder_nr(agb);
        let data = id.and_then(|id| c.dossier.aanbieder(id).data.as_ref());
        match data.map_or("", |row| &row.naam) {
            "" => agb.to_string(),
            name => format!("{agb} ({})", pseudonyms.replace_in(name)),
        }
    });
    let named: Vec<String> = named.collect();
    match named.len() {
        0 => None,
        1 => Some(Shown::unmasked(format!("Betrokken aanbieder: {}.", named[0]))),
        _ => Some(Shown::unmasked(format!("Betrokken aanbieders: {}.", named.join(", ")))),
    }
}
