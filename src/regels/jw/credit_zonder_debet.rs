//! JW02: a credit line without its debit.
//!
//! No debit line of the aanbieder has the number that it takes back, or the one that has differs
//! in a key field. Needs VorigReferentieNummer. Source: iJw TR323.

use crate::dossier::{CreditState, Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Line, Outcomes, Rule};

pub(crate) static RULE: Rule = Rule {
    code: "JW02",
    title: "Creditregel zonder debetregel",
    what: "Een creditregel waarvan de debetregel niet te vinden is, of waarvan Bsn, ToewijzingNummer, ProductCode of bedrag verschilt.",
    why: "Zo'n creditregel neemt niets terug; de debetregel blijft staan.",
    needs: "DebetCredit en VorigReferentieNummer",
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

/// Credit lines of the audited year whose file names what they take back; counts the others.
pub(super) fn creditregels<'a>(group: &AanbiederGroup<'a>, out: &mut Outcomes) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for line in group.creditregels() {
        match line.kolom(Kolom::VorigReferentieNummer) {
            Ok(()) => {
                out.tested();
                lines.push(line);
            }
            Err(reason) => out.not_testable(reason),
        }
    }
    lines
}

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    for line in creditregels(group, out) {
        if line.data.state == CreditState::CreditWithoutDebet {
            out.bevinding(
                line.bevinding(Ernst::Fout)
                    .found(if line.context.dossier.previous_referentie(line.data).is_empty() {
                        "geen VorigReferentieNummer"
                    } else {
                        "geen debetregel met dit nummer, Bsn, ToewijzingNummer, product en bedrag"
                    })
                    .expected("een debetregel die in die velden gelijk is"),
            );
        }
    }
}
