//! CT04: declared by another than the one that may invoice for a combination.
//!
//! An empty Penvoerder is no combination. Needs Penvoerder of the aanbieder. Source: ID 4.1.12.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "CT04",
    title: "Gedeclareerd door een ander dan de penvoerder",
    what: "Een declaratieregel van een aanbieder die volgens de kolom Penvoerder tot een combinatie met een andere penvoerder hoort, is een fout. Een lege Penvoerder betekent dat de aanbieder voor zichzelf inschreef.",
    why: "Bij inschrijving als combinatie wordt alleen aan de penvoerder betaald, en kan alleen hij factureren.",
    for_aanbieder: "De declaratieregel is ingediend door een ander dan de penvoerder van uw combinatie.",
    needs: needs!("{} van de aanbieder", Aanbieders(Penvoerder)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let g = kind.context.data_with(kind.aanbieder(), Kolom::Penvoerder)?;
    let own = kind.context.agb(kind.aanbieder());
    let Some(penvoerder) = g.penvoerder.filter(|p| *p != own) else {
        return Ok(Ruling::InOrder);
    };
    kind.bevinding(Ernst::Fout)
        .found(format!("gedeclareerd door {own}"))
        .expected(format!("gedeclareerd door {penvoerder}, de penvoerder van de combinatie"))
        .into()
}
