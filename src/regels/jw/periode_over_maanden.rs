//! JW07: a period that spans months.
//!
//! Source: iJw OP367.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW07",
    title: "Periode over meer dan één maand",
    what: "De Begindatum en de Einddatum van een declaratieregel liggen in verschillende kalendermaanden.",
    why: "Een prestatie wordt per kalendermaand gedeclareerd.",
    for_aanbieder: "De periode van de declaratieregel loopt over meer dan één maand.",
    needs: needs!("{} en {}", Declaraties(Begindatum, Einddatum)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let r = line.data;
    if r.begindatum.maandeinde() >= r.einddatum {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Fout)
        .found(format!("{} t/m {}", r.begindatum, r.einddatum))
        .expected("een periode binnen één kalendermaand")
        .into()
}
