//! BU10: a second budget at the same aanbieder without the Toegang.
//!
//! Two toewijzingen with Budget of one jeugdige at one aanbieder whose terms overlap; a final stop
//! ends a term. One finding a later toewijzing. Needs Budget and Verwijzer; `toestemming` and
//! `medicatiecontrole` of the later one lift it. Source: RTP 2.4.6 (1) and (2); ID eis 75.

use crate::dossier::{
    AanbiederId, Bijzonderheid, Ernst, Kolom, Termijn, Termijnen, Toewijzing, ToewijzingId,
    Verwijzer,
};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    Check, JeugdigeToewijzingen, Outcomes, Reason, Rule, ToewijzingGroup, needs,
};
use hashbrown::HashMap;

pub(crate) static RULE: Rule = Rule {
    code: "BU10",
    title: "Tweede budget bij dezelfde aanbieder buiten de Toegang om",
    what: "Heeft een jeugdige twee overlappende toewijzingen met een budget bij één aanbieder, en kwam de latere niet van de Toegang en zonder toestemming of medicatiecontrole, dan is dat een onzekerheid. Het bedrag is wat in het leverjaar op de latere is gedeclareerd. Een definitieve stop zonder latere start beëindigt een termijn.",
    why: "Wie met het budget niet uitkomt of een tweede traject nodig vindt, overlegt eerst met de Toegang.",
    for_aanbieder: "Deze jeugdige kreeg bij u een tweede budget naast het eerste, buiten de Toegang om.",
    needs: needs!(
        "{}, {}, {} en {} van de toewijzing",
        Toewijzingen(Budget, Verwijzer, Ingangsdatum, Einddatum)
    ),
    parameters: &[TOEGANG.spec()],
    checks: &[Check::Toewijzingen(check)],
    ..Rule::BASE
};

const TOEGANG: Parameter<[u8]> =
    Parameter::new("toegang", "codes (COD327) van de Toegang als Verwijzer");

/// A toewijzing with a budget.
struct Budgeted<'g, 'a> {
    group: &'g ToewijzingGroup<'a>,
    id: ToewijzingId,
    t: &'a Toewijzing,
    /// Ended by a stop.
    term: Termijn,
}

impl<'g, 'a> Budgeted<'g, 'a> {
    /// `None` for a toewijzing without a budget, or without a line in the audited year.
    fn of(group: &'g ToewijzingGroup<'a>) -> Result<Option<Budgeted<'g, 'a>>, Reason> {
        let c = group.context;
        let Some((id, t)) = group.in_leverjaar() else { return Ok(None) };
        c.kolom(t.file, Kolom::Budget)?;
        if t.budget()?.is_none() {
            return Ok(None);
        }
        Ok(Some(Budgeted { group, id, t, term: c.termijn_until_stop(id)? }))
    }

    /// Who referred without the Toegang; `None` where the Toegang did or consented.
    fn outside(&self, toegang: &[u8]) -> Result<Option<Verwijzer>, Reason> {
        self.group.context.kolom(self.t.file, Kolom::Verwijzer)?;
        let lifted = self.t.names(Bijzonderheid::Toestemming)?
            || self.t.names(Bijzonderheid::Medicatiecontrole)?;
        if lifted {
            return Ok(None);
        }
        let verwijzer = self.t.verwijzer()?.ok_or(Reason::GeenVerwijzer)?;
        Ok(Some(verwijzer).filter(|v| !toegang.contains(&v.0)))
    }
}

fn check(group: &JeugdigeToewijzingen<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let unknown = out.not_testable_count();
    let all: Vec<Budgeted<'_, '_>> =
        group.toewijzingen.iter().filter_map(|g| out.known(Budgeted::of(g)).flatten()).collect();
    let mut before: HashMap<AanbiederId, Termijnen<&Budgeted<'_, '_>>> = HashMap::new();
    for later in &all {
        let same = before.entry(later.t.aanbieder).or_default();
        let earlier = same.first_overlapping(later.term).copied();
        same.push(later.term, later);
        let Some(earlier) = earlier else { continue };
        let toegang = settings.at(&TOEGANG, later.t.ingangsdatum);
        let Some(outside) = out.known(later.outside(toegang)) else { continue };
        let Some(verwijzer) = outside else { continue };
        let c = later.group.context;
        let nummer = c.dossier.toewijzingnummer(earlier.t.nummer);
        let mut b = later
            .group
            .bevinding(later.id, Ernst::Onzekerheid)
            .bedrag(later.group.declared_in_leverjaar())
            .found(format!(
                "verwijzer {verwijzer}, naast toewijzing {nummer} ({}) bij dezelfde aanbieder",
                earlier.term
            ))
            .expected("een tweede budget alleen door de Toegang of met haar toestemming")
            .toelichting("Beoordeel of de Toegang met het tweede budget instemde.");
        if !c.knows_bijzonderheid(later.t) {
            b = b.also("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
        }
        out.bevinding(b);
    }
    if !all.is_empty() && out.not_testable_count() == unknown {
        out.tested();
    }
}
