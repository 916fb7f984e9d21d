//! ZL10: a product of a perceel that the aanbieder lacks.
//!
//! Needs aanbieders. Source: P5 werkwijze 1; C13.

use crate::dossier::Onderdeel;
use crate::regels::percelen::needs_perceel;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZL10",
    title: "Product van een perceel dat de aanbieder niet heeft",
    what: "Een declaratieregel voor een product van een perceel dat niet onder de percelen van de aanbieder staat, is een fout; van een aanbieder die niet in de lijst staat een onzekerheid. Maatwerk hoort bij geen perceel.",
    why: "Alleen een gecontracteerde partij levert het aanbod van een perceel.",
    for_aanbieder: "U hebt geen contract voor het perceel van deze hulp.",
    needs: needs!(
        "{} van het product; {} en {} van de aanbieder",
        Producten(Perceel),
        Aanbieders(Perceel, Percelen)
    ),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let row = kind.product.known()?;
    if row.onderdeel == Onderdeel::Maatwerk {
        return Ok(Ruling::NotApplicable);
    }
    let perceel = row.perceel.ok_or(Reason::ProductZonderPerceel)?;
    let what = format!("product van perceel {perceel}");
    let has = |own: &[String]| format!("met perceel {}", own.join(", "));
    let expected = format!("een aanbieder met perceel {perceel}");
    needs_perceel(kind, &[perceel], &what, has, expected)
}
