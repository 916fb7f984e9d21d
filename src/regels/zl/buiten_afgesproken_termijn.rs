//! ZL02: perceel 5 outside the agreed term.
//!
//! Needs afspraken; a line without any agreement is ZL01's. Source: P5 format 8, 9; werkwijze 6.

use crate::dossier::{Ernst, Periode};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZL02",
    title: "Buiten de afgesproken looptijd",
    what: "De looptijden van alle afspraken voor die aanbieder, gemeente en productcode gelden samen. Ligt geen enkele dag van een declaratieregel voor een beschikkingsvrij product erin, dan is dat een fout; liggen er enkele dagen in, dan een onzekerheid.",
    why: "De afspraak geldt alleen voor de afgesproken looptijd. Een declaratieregel over een maand laat niet zien op welke dagen is geleverd.",
    for_aanbieder: "De hulp is geleverd buiten de afgesproken looptijd.",
    needs: needs!("afspraken met {} en {}", Afspraken(Startdatum, Einddatum)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let afspraken = super::afspraken_with_end(line)?.unwrap_or_default();
    let Some(periode) = line.data.periode() else { return Ok(Ruling::NotApplicable) };
    if afspraken.is_empty() {
        return Ok(Ruling::NotApplicable);
    }
    let parts: Vec<Periode> =
        afspraken.iter().filter_map(|a| a.termijn.doorsnede(periode)).collect();
    let days = (0..periode.dagen()).map(|n| periode.begin().plus_dagen(n));
    let inside = days.filter(|dag| parts.iter().any(|p| p.contains(*dag))).count() as i64;
    if inside == periode.dagen() {
        return Ok(Ruling::InOrder);
    }
    let termijnen: Vec<String> = afspraken.iter().map(|a| a.termijn.to_string()).collect();
    let b = line
        .bevinding(if inside == 0 { Ernst::Fout } else { Ernst::Onzekerheid })
        .found(format!("levering van {} t/m {}", line.data.begindatum, line.data.einddatum))
        .expected(format!("levering binnen {}", termijnen.join(" of ")));
    if inside == 0 {
        return b.into();
    }
    b.toelichting(format!(
        "{inside} van de {} dagen liggen binnen de looptijd: beoordeel op welke dagen is geleverd.",
        periode.dagen()
    ))
    .into()
}
