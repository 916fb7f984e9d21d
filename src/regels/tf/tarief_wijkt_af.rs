//! TF01: the tariff isn't the contract's.
//!
//! Compares ProductTarief with the tariff of the delivery year for the product's Tariefsleutel and
//! the aanbieder's perceel, in the line's unit. Where no tariff of that year is known it is not
//! tested. Needs ProductTarief. Source: ID 8.5, 9.7, 10.3; iJw TR418.

use super::bevinding_over_tarief;
use crate::dossier::Kolom;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "TF01",
    title: "Tarief is niet dat van het contract",
    what: "Het ProductTarief van de regel wordt vergeleken met het contracttarief van het leverjaar voor de tariefsleutel van het product en het perceel van de aanbieder. Hoger is een fout, lager een signaal.",
    why: "De aanbieder declareert tegen het tarief van zijn contract.",
    needs: "ProductTarief; Tariefsleutel van het product; Perceel van de aanbieder; een tarief van het leverjaar",
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    kind.kolom(Kolom::ProductTarief)?;
    let own = kind.product_tarief().ok_or(Reason::GeenProductTarief)?.bedrag();
    let contract =
        kind.contract_tarief()?.in_eenheid(kind.eenheid()).ok_or(Reason::EenheidRekentNietOm)?;
    let Some(b) = bevinding_over_tarief(kind, own, contract) else {
        return Ok(Ruling::InOrder);
    };
    let per = kind.eenheid().name();
    b.measured(own, contract)
        .found(format!("tarief {own} per eenheid ({per})"))
        .expected(format!("{contract} volgens het contract van {}", kind.context.jaar))
        .into()
}
