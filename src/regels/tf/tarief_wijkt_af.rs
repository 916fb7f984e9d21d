//! TF01: the tariff isn't the contract's.
//!
//! Compares ProductTarief with the tariff of the delivery year for the product's Tariefsleutel and
//! the aanbieder's perceel, in the line's unit. Where no tariff of that year is known it is not
//! tested. Needs ProductTarief. Source: ID 8.5, 9.7, 10.3; iJw TR418.

use super::bevinding_over_tarief;
use crate::dossier::Kolom;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF01",
    titel: "Tarief is niet dat van het contract",
    wat: "Het ProductTarief van de regel wordt vergeleken met het contracttarief van het leverjaar voor de tariefsleutel van het product en het perceel van de aanbieder. Hoger is een fout, lager een signaal.",
    waarom: "De aanbieder declareert tegen het tarief van zijn contract.",
    nodig: "ProductTarief; Tariefsleutel van het product; Perceel van de aanbieder; een tarief van het leverjaar",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    soort.kolom(Kolom::ProductTarief)?;
    let eigen = soort.product_tarief().ok_or(Reden::GeenProductTarief)?.bedrag();
    let contract =
        soort.contracttarief()?.in_eenheid(soort.eenheid()).ok_or(Reden::EenheidRekentNietOm)?;
    let Some(b) = bevinding_over_tarief(soort, eigen, contract) else {
        return Ok(Uitslag::InOrde);
    };
    let per = soort.eenheid().naam();
    b.gemeten(eigen, contract)
        .gevonden(format!("tarief {eigen} per eenheid ({per})"))
        .verwacht(format!("{contract} volgens het contract van {}", soort.controle.jaar))
        .into()
}
