//! JW02: a credit line without its debit.
//!
//! No debit line of the aanbieder has the number that it takes back, or the one that has differs
//! in a key field, or the gemeente refused it. Needs VorigReferentieNummer. Source: iJw TR323.

use crate::dossier::{CreditState, DebetCredit, Declaratieregel, Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Line, Outcomes, Rule, needs};
use hashbrown::HashSet;

pub(crate) static RULE: Rule = Rule {
    code: "JW02",
    title: "Creditregel zonder debetregel",
    what: "Een creditregel waarvan de debetregel niet te vinden is, waarvan Bsn, ToewijzingNummer, ProductCode of bedrag verschilt, of die de gemeente met een JW325 heeft afgewezen: een afgewezen declaratieregel blijft afgewezen en er is niets terug te nemen.",
    why: "Zo'n creditregel neemt niets terug; de debetregel blijft staan.",
    for_aanbieder: "Deze creditregel neemt geen declaratieregel terug: de debetregel ontbreekt, verschilt of is afgewezen.",
    needs: needs!("{} en {}", Declaraties(DebetCredit, VorigReferentieNummer)),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

/// Credit lines of the audited year whose file names what they take back; counts the others.
pub(super) fn creditregels<'a>(group: &AanbiederGroup<'a>, out: &mut Outcomes) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for line in group.creditregels() {
        let known = match line.data.state {
            CreditState::CreditMatched => Ok(()),
            _ => line.kolom(Kolom::VorigReferentieNummer),
        };
        match known {
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
    let without: Vec<Line<'_>> = creditregels(group, out)
        .into_iter()
        .filter(|l| l.data.state == CreditState::CreditWithoutDebet)
        .collect();
    if without.is_empty() {
        return;
    }
    let d = group.context.dossier;
    let refused = |r: &&Declaratieregel| {
        r.debet_credit == DebetCredit::Debet && r.state == CreditState::Refused
    };
    let refused: HashSet<&str> =
        group.declaratieregels().map(|(_, r)| r).filter(refused).map(|r| d.referentie(r)).collect();
    for line in without {
        let previous = d.previous_referentie(line.data);
        let b = line.bevinding(Ernst::Fout).expected("een debetregel die in die velden gelijk is");
        out.bevinding(if previous.is_empty() {
            b.found("geen VorigReferentieNummer, en geen levende debetregel die in alles gelijk is")
        } else if refused.contains(previous) {
            b.found("de debetregel met dit nummer is door de gemeente afgewezen (JW325)")
                .expected("een goedgekeurde debetregel")
        } else {
            b.found("geen debetregel met dit nummer, Bsn, ToewijzingNummer, product en bedrag")
        });
    }
}
