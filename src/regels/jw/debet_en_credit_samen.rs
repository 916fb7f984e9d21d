//! JW15: a debit line and its credit in one message.
//!
//! A correction credits what was declared before. Needs DeclaratieNummer. Source: iJw TR316.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW15",
    title: "Debet en credit in één bericht",
    what: "Een creditregel en de debetregel die zij terugneemt, hebben hetzelfde DeclaratieNummer. Dat is een fout op de creditregel.",
    why: "Een declaratieregel kan pas worden gecrediteerd als zij in een eerdere declaratie is ingediend.",
    for_aanbieder: "De declaratieregel en de creditregel die haar terugneemt, staan in één bericht.",
    needs: needs!("{}", Declaraties(DeclaratieNummer)),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    for line in group.creditregels().filter(|l| l.data.state.took_back()) {
        let Some(debet) = c.dossier.withdrawn_by(line.id()).map(|id| c.line(id)) else {
            continue;
        };
        let kolom = Kolom::DeclaratieNummer;
        let Some(()) = out.known(line.kolom(kolom).and_then(|()| debet.kolom(kolom))) else {
            continue;
        };
        let nummer = c.dossier.declaratienummer(line.data);
        let of_debet = c.dossier.declaratienummer(debet.data);
        if nummer.is_empty() || of_debet.is_empty() {
            out.not_testable(Reason::GeenDeclaratieNummer);
            continue;
        }
        out.tested();
        if nummer == of_debet {
            out.bevinding(
                line.bevinding(Ernst::Fout)
                    .found(format!(
                        "neemt declaratieregel {} uit dezelfde declaratie terug",
                        super::masked(c.dossier.referentie(debet.data))
                    ))
                    .expected("een credit in een latere declaratie"),
            );
        }
    }
}
