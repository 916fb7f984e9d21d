//! TW21: toewijzingen that were declared on without a start message.
//!
//! By the toewijzing's own aanbieder. Needs start messages. Source: ID eis 47; iJw OP271.

use crate::dossier::{Agb, Cent, Ernst, FileKind, Thousands};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AuditContext, Bevinding, Check, Kept, KeyedSums, Outcomes, Reason, Rule, Subject, SumsPer,
    ToewijzingGroup, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "TW21",
    title: "Geen startbericht",
    what: "Toewijzingen waarop in het leverjaar is gedeclareerd en waarvan nooit een start is gemeld. Per aanbieder één signaal met het aantal en de som.",
    why: "De gemeente volgt de levering en haar uitgaven met startberichten.",
    for_aanbieder: "De start van de hulp is niet gemeld.",
    needs: needs!("{}", Startstop()),
    checks: &[Check::Dossier { per: SumsPer::Toewijzing(collect), decision }],
    ..Rule::BASE
};

/// By the AGB code of the toewijzing the number of those without a start, and what was declared on
/// them in the audited year.
fn collect(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let (Some((id, t)), Ok(table)) = (group.in_leverjaar(), c.startstop()) else { return };
    out.tested();
    if !table.of(id).iter().any(|b| b.is_start()) {
        let sum = group.declared_in_leverjaar();
        let key = (c.agb(t.aanbieder).0, 0);
        out.sums.count(key, [1, sum.0, 0, 0]);
        out.lines.at(key, Kept::Largest).extend(group.leverjaar_lines());
    }
}

fn decision(c: &AuditContext<'_>, sums: &KeyedSums, _: &RuleSettings, out: &mut Outcomes) {
    if c.startstop().is_err() {
        return out.not_testable(Reason::TabelOntbreekt(FileKind::Startstop));
    }
    for ((agb, _), [count, sum, ..]) in sums.all() {
        let Some(id) = c.dossier.aanbieder_nr(Agb(agb)) else { continue };
        let toewijzingen = match count {
            1 => "1 toewijzing".to_owned(),
            n => format!("{} toewijzingen", Thousands(n.unsigned_abs())),
        };
        out.bevinding(
            Bevinding::new(Ernst::Signaal, Subject::Aanbieder(id))
                .bedrag(Cent(sum))
                .found(format!("{toewijzingen} zonder startbericht, samen {}", Cent(sum)))
                .expected("een startbericht bij elke toewijzing waarop is geleverd"),
        );
    }
}
