//! CT01: delivery outside the aanbieder's contract.
//!
//! An empty begin or end is open; a line partly outside counts whole. Needs ContractBegin and
//! ContractEinde. Source: ID 4.3.1.1–2; RTP bijlage 5.

use crate::dossier::{Budgetsoort, Dag, Ernst, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "CT01",
    title: "Buiten de contracttermijn",
    what: "Een declaratieregel die begint voor ContractBegin of eindigt na ContractEinde van de aanbieder is een onzekerheid. Na het einde noemt de toelichting welke weg het kan zijn: herstelgerichte hulp die binnen de uitlooptermijn afloopt, duurzame hulp die overgedragen had moeten zijn, of een toewijzing die pas daarna inging.",
    why: "Buiten de looptijd is er geen contract waarop te declareren valt, behalve voor lopende hulp in de uitloop.",
    for_aanbieder: "De hulp is geleverd buiten de looptijd van uw contract.",
    needs: needs!("{} en {} van de aanbieder", Aanbieders(ContractBegin, ContractEinde)),
    parameters: &[UITLOOP.spec()],
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const UITLOOP: Parameter<i64> = Parameter::new(
    "uitloop_maanden",
    "maanden na het einde van het contract waarin lopende hulp kan uitlopen",
);

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let c = line.context;
    let r = line.data;
    let g = c.data_with(r.aanbieder, Kolom::ContractBegin)?;
    c.cell(g, Kolom::ContractEinde)?;
    let too_early = g.contract_begin.filter(|begin| r.begindatum < *begin);
    let too_late = g.contract_einde.filter(|end| r.einddatum > *end);
    let (expected, toelichting) = match (too_early, too_late) {
        (None, None) => return Ok(Ruling::InOrder),
        (Some(begin), _) => (
            format!("levering op of na {begin}, het begin van het contract"),
            "Beoordeel of de hulp onder een ander contract viel.".to_owned(),
        ),
        (None, Some(end)) => (
            format!("levering tot en met {end}, het einde van het contract"),
            route(line, end, settings.at(&UITLOOP, end)),
        ),
    };
    line.bevinding(Ernst::Onzekerheid)
        .found(format!("levering van {} t/m {}", r.begindatum, r.einddatum))
        .expected(expected)
        .toelichting(toelichting)
        .into()
}

/// Which way of ending the help it can be, by RTP bijlage 5.
fn route(line: &Line<'_>, end: Dag, maanden: i64) -> String {
    let Ok(t) = line.toewijzing() else {
        return "Zonder toewijzing is niet te zien of het om lopende hulp gaat.".to_owned();
    };
    if t.ingangsdatum > end {
        return format!(
            "De toewijzing ging pas op {} in, na het einde van het contract: er is geen lopende hulp.",
            t.ingangsdatum
        );
    }
    if line.data.einddatum > end.plus_maanden(maanden as i32) {
        return format!("Dit ligt ook na de {maanden} maanden waarin lopende hulp kan uitlopen.");
    }
    match line.context.budgetsoort(t) {
        Ok((Budgetsoort::Herstel, _)) => format!(
            "Dit ligt binnen {maanden} maanden na het contract en de hulp is herstelgericht: zij kan uitlopen (route 1). Beoordeel of de gemeente daarom vroeg."
        ),
        Ok((Budgetsoort::Duurzaam, _)) => format!(
            "Dit ligt binnen {maanden} maanden na het contract, maar de hulp is duurzaam: zij had aan een gecontracteerde aanbieder overgedragen moeten worden (route 2)."
        ),
        Err(_) => format!(
            "Dit ligt binnen {maanden} maanden na het contract: herstelgerichte hulp kan uitlopen (route 1), duurzame hulp wordt overgedragen (route 2)."
        ),
    }
}
