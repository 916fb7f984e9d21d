//! JW16: delivered after the period that the message is about.
//!
//! Only on iJw messages. Source: iJw TR319.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW16",
    title: "Geleverd na de declaratieperiode",
    what: "De Einddatum van een declaratieregel ligt na het einde van de DeclaratiePeriode van haar bericht. Dat is een fout.",
    why: "Een declaratie gaat over een afgesloten periode.",
    for_aanbieder: "De hulp is geleverd na de periode waarover het bericht gaat.",
    needs: needs!("iJw-berichten (JW323)"),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let bericht = super::bericht_of(line)?;
    let end = bericht.periode.1;
    if line.data.einddatum <= end {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Fout)
        .found(format!("geleverd tot en met {}", line.data.einddatum))
        .expected(format!("levering tot en met {end}, het einde van de declaratieperiode"))
        .into()
}
