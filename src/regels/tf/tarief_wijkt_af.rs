//! TF01: the tariff isn't the contract's.
//!
//! Compares ProductTarief with the tariff of the delivery year for the product's Tariefsleutel and
//! the aanbieder's perceel, in the line's unit. Where no tariff of that year is known it is not
//! tested. Needs ProductTarief. Source: ID 8.5, 9.7, 10.3; iJw TR418.

use super::verschil_met_contract;
use crate::dossier::Kolom;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Reden, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF01",
    titel: "Tarief is niet dat van het contract",
    wat: "Het ProductTarief van de regel wordt vergeleken met het contracttarief van het leverjaar voor de tariefsleutel van het product en het perceel van de aanbieder. Hoger is een fout, lager een signaal.",
    waarom: "De aanbieder declareert tegen het tarief van zijn contract.",
    nodig: "ProductTarief; Tariefsleutel van het product; Perceel van de aanbieder; een tarief van het leverjaar",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    lijn.kolom(Kolom::ProductTarief)?;
    let eigen = lijn.regel.product_tarief.ok_or(Reden::GeenProductTarief)?.bedrag();
    let contract =
        lijn.contracttarief()?.in_eenheid(lijn.regel.eenheid).ok_or(Reden::EenheidRekentNietOm)?;
    let Some((ernst, bedrag)) = verschil_met_contract(lijn, eigen, contract) else {
        return Ok(Uitslag::InOrde);
    };
    let per = lijn.regel.eenheid.naam();
    Ok(lijn
        .bevinding(ernst, instelling)
        .bedrag(bedrag)
        .gemeten(eigen, contract)
        .gevonden(format!("tarief {eigen} per eenheid ({per})"))
        .verwacht(format!("{contract} volgens het contract van {}", lijn.controle.jaar))
        .into())
}
