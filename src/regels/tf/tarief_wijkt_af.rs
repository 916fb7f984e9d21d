//! TF01: the tariff isn't the contract's.
//!
//! Compares ProductTarief with the tariff of the delivery year for the product's Tariefsleutel and
//! the aanbieder's perceel, in the line's unit. Where no tariff of that year is known it is not
//! tested. Above it, but equal to another perceel's, it may be that of a consulted colleague. Needs
//! ProductTarief. Source: ID 8.5, 8.5.2, 9.7, 10.3; RTP 2.1; iJw TR418.

use super::bevinding_over_tarief;
use crate::dossier::{Cent, Ernst, Kolom, Onderdeel};
use crate::regels::caveat::{CAVEATS, with_caveats};
use crate::regelset::{ContractTarief, RuleSettings};
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TF01",
    title: "Tarief is niet dat van het contract",
    what: "Het ProductTarief van de declaratieregel wordt vergeleken met het contracttarief van het leverjaar voor de tariefsleutel van het product en het perceel van de aanbieder. Hoger is een fout, lager een signaal. Is een hoger tarief voor ambulante hulp gelijk aan dat van dezelfde tariefgroep in een ander perceel, dan is het een onzekerheid: bij consultatie geldt het tarief van wie is geconsulteerd.",
    why: "De aanbieder declareert tegen het tarief van zijn contract.",
    for_aanbieder: "Het tarief is niet het tarief van het contract.",
    needs: needs!(
        "{}; {} van het product; {} van de aanbieder; een tarief van het leverjaar",
        Declaraties(ProductTarief),
        Producten(Tariefsleutel),
        Aanbieders(Perceel)
    ),
    parameters: &[CAVEATS.spec()],
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, settings: &RuleSettings) -> Verdict {
    kind.kolom(Kolom::ProductTarief)?;
    let own = kind.product_tarief().ok_or(Reason::GeenProductTarief)?.bedrag();
    let contract =
        kind.contract_tarief()?.in_eenheid(kind.eenheid()).ok_or(Reason::EenheidRekentNietOm)?;
    let Some(mut b) = bevinding_over_tarief(kind, own, contract) else {
        return Ok(Ruling::InOrder);
    };
    if own > contract {
        if let Some(perceel) = other_perceel_with(kind, own) {
            b.ernst = Ernst::Onzekerheid;
            b = b.toelichting(format!(
                "Dit is het tarief van deze tariefgroep in perceel {perceel}: beoordeel of het om consultatie van een aanbieder uit dat perceel gaat."
            ));
        }
        b = with_caveats(b, settings, kind.context.last_dag());
    }
    let per = kind.eenheid().name();
    b.measured(own, contract)
        .found(format!("tarief {own} per eenheid ({per})"))
        .expected(format!("{contract} volgens het contract van {}", kind.context.jaar))
        .into()
}

/// A perceel other than the aanbieder's in which ambulant help has this tariff in the line's unit.
fn other_perceel_with(kind: &LineKind<'_>, own: Cent) -> Option<u8> {
    if kind.onderdeel() != Ok(Onderdeel::Ambulant) {
        return None;
    }
    let c = kind.context;
    let key = kind.product.tariefsleutel()?;
    let of_aanbieder = c.data(kind.aanbieder()).ok().and_then(|g| g.perceel);
    let elsewhere = c.regelset.tarieven_of(c.jaar, key).filter(|t| t.aanbieder.is_none());
    let with_tarief = elsewhere.filter(|t| {
        let tarief = ContractTarief { bedrag: t.tarief, eenheid: t.eenheid };
        tarief.in_eenheid(kind.eenheid()) == Some(own)
    });
    with_tarief.filter_map(|t| t.perceel).find(|p| Some(*p) != of_aanbieder)
}
