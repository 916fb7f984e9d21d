//! TF06: a product that the aanbieder was never contracted for.
//!
//! Needs Voorzieningen of the aanbieder. Source: ID eis 94, 4.3.1.

use crate::dossier::{Ernst, Kolom, Onderdeel};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TF06",
    title: "Product dat niet gecontracteerd is",
    what: "Groepsaanbod, een voorziening of verblijf met een tariefsleutel die niet onder de Voorzieningen van de aanbieder staat, is een fout.",
    why: "Een aanbieder levert alleen de voorzieningen die in zijn contract staan.",
    for_aanbieder: "U hebt geen contract voor dit product.",
    needs: needs!(
        "{} van de aanbieder; {} van het product",
        Aanbieders(Voorzieningen),
        Producten(Tariefsleutel)
    ),
    about: Some(|p| {
        matches!(
            p.onderdeel(),
            Some(Onderdeel::Groepsaanbod | Onderdeel::Voorziening | Onderdeel::Verblijf)
        )
    }),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let key = line.tariefsleutel()?;
    let g = line.context.data_with(line.data.aanbieder, Kolom::Voorzieningen)?;
    if g.voorzieningen.is_empty() {
        return Err(Reason::GeenVoorzieningen);
    }
    let key = key.ok_or(Reason::GeenTariefsleutel)?;
    if g.voorzieningen.iter().any(|v| v.eq_ignore_ascii_case(key)) {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Fout)
        .found(key.to_owned())
        .expected(format!("een van {}", g.voorzieningen.join(", ")))
        .into()
}
