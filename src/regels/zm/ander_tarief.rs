//! ZM02: maatwerk at another tariff than agreed.
//!
//! As TF01, against the agreement for the line's product and term, or the only one. Source: MW.

use super::{covers, is_maatwerk, is_same_product, overeenkomsten};
use crate::dossier::{Kolom, SmallRow};
use crate::regels::tf::bevinding_over_tarief;
use crate::regelset::{ContractTarief, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZM02",
    title: "Maatwerk tegen een ander tarief",
    what: "Het ProductTarief van een declaratieregel voor maatwerk wordt vergeleken met het tarief van de overeenkomst. Hoger is een fout voor het verschil, lager een signaal.",
    why: "Het tarief is per overeenkomst afgesproken.",
    for_aanbieder: "Het tarief van het maatwerk is niet het overeengekomen tarief.",
    needs: needs!("{}; {}", Maatwerk(), Declaraties(ProductTarief)),
    about: Some(is_maatwerk),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let rows = overeenkomsten(line)?;
    if rows.len() > 1 {
        rows.iter().try_for_each(|m| m.readable(Kolom::Einddatum))?;
    }
    // Of several agreements of which none fits (ZM03) none is the one to compare with.
    let fitting = rows.iter().find(|m| is_same_product(m, line) && covers(m, line));
    let row = match (fitting, rows.as_slice()) {
        (Some(row), _) | (None, [row]) => row,
        _ => return Ok(Ruling::NotApplicable),
    };
    line.kolom(Kolom::ProductTarief)?;
    let own = line.data.product_tarief.ok_or(Reason::GeenProductTarief)?.bedrag();
    let contract = ContractTarief { bedrag: row.tarief, eenheid: row.eenheid }
        .in_eenheid(line.data.eenheid)
        .ok_or(Reason::EenheidRekentNietOm)?;
    let Some(b) = bevinding_over_tarief(line, own, contract) else {
        return Ok(Ruling::InOrder);
    };
    b.found(format!("tarief {own} per eenheid ({})", line.data.eenheid.name()))
        .expected(format!("{contract} volgens de maatwerkovereenkomst"))
        .into()
}
