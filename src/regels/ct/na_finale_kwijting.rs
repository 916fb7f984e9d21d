//! CT02: declared after the final settlement of the year.
//!
//! A disputed toewijzing is kept out of it. Needs FinaleKwijting of the aanbieder and Ontvangstdatum.
//! Source: ID eis 56.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "CT02",
    title: "Na finale kwijting",
    what: "De aanbieder kreeg na afloop van het leverjaar finale kwijting, en de declaratieregel is daarna ontvangen. Dat is een onzekerheid; bij een toewijzing waarover een geschil loopt (Dispuut J) een signaal.",
    why: "Met finale kwijting is het jaar over en weer afgerekend.",
    for_aanbieder: "De declaratieregel is ingediend nadat u finale kwijting had gekregen.",
    needs: needs!(
        "{} van de aanbieder; {}; {} van de toewijzing",
        Aanbieders(FinaleKwijting),
        Declaraties(Ontvangstdatum),
        Toewijzingen(Dispuut)
    ),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let c = line.context;
    let g = c.data_with(line.data.aanbieder, Kolom::FinaleKwijting)?;
    let Some(kwijting) = g.finale_kwijting.filter(|k| *k > c.last_dag()) else {
        return Ok(Ruling::InOrder);
    };
    line.kolom(Kolom::Ontvangstdatum)?;
    let ontvangst = line.data.ontvangstdatum.ok_or(Reason::GeenOntvangstdatum)?;
    if ontvangst <= kwijting {
        return Ok(Ruling::InOrder);
    }
    let t = line.toewijzing().ok();
    let disputed = t.map_or(Ok(false), |t| t.dispuut())?;
    let mut b = line
        .bevinding(if disputed { Ernst::Signaal } else { Ernst::Onzekerheid })
        .found(format!("ontvangen op {ontvangst}"))
        .expected(format!("ontvangst uiterlijk op {kwijting}, de finale kwijting over {}", c.jaar))
        .toelichting(if disputed {
            "Over de toewijzing loopt een geschil: een kwijting kan haar uitzonderen."
        } else {
            "Beoordeel of deze declaratieregel buiten de kwijting is gehouden."
        });
    if t.is_some_and(|t| c.kolom(t.file, Kolom::Dispuut).is_err()) {
        b = b.also("De kolom Dispuut, waarin een geschil kan staan, ontbreekt.");
    }
    b.into()
}
