//! ZM02: maatwerk at another tariff than agreed.
//!
//! As TF01, against the agreement for the line's product and term, or the only one. Source: MW.

use super::{dekt, is_maatwerk, is_zelfde_product, overeenkomsten};
use crate::dossier::Kolom;
use crate::regels::tf::bevinding_over_tarief;
use crate::regelset::{Contracttarief, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "ZM02",
    titel: "Maatwerk tegen een ander tarief",
    wat: "Het ProductTarief van een regel voor maatwerk wordt vergeleken met het tarief van de overeenkomst. Hoger is een fout voor het verschil, lager een signaal.",
    waarom: "Het tarief is per overeenkomst afgesproken.",
    nodig: "maatwerk; ProductTarief",
    about: Some(is_maatwerk),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let rijen = overeenkomsten(lijn)?;
    // Of several agreements of which none fits (ZM03) none is the one to compare with.
    let passend = rijen.iter().find(|m| is_zelfde_product(m, lijn) && dekt(m, lijn));
    let rij = match (passend, rijen.as_slice()) {
        (Some(rij), _) | (None, [rij]) => rij,
        _ => return Ok(Uitslag::NietVanToepassing),
    };
    lijn.kolom(Kolom::ProductTarief)?;
    let eigen = lijn.regel.product_tarief.ok_or(Reden::GeenProductTarief)?.bedrag();
    let contract = Contracttarief { bedrag: rij.tarief, eenheid: rij.eenheid }
        .in_eenheid(lijn.regel.eenheid)
        .ok_or(Reden::EenheidRekentNietOm)?;
    let Some(b) = bevinding_over_tarief(lijn, eigen, contract) else {
        return Ok(Uitslag::InOrde);
    };
    b.gevonden(format!("tarief {eigen} per eenheid ({})", lijn.regel.eenheid.naam()))
        .verwacht(format!("{contract} volgens de maatwerkovereenkomst"))
        .into()
}
