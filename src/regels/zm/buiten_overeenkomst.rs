//! ZM03: maatwerk outside its term, or another product than agreed.
//!
//! A line without any agreement is ZM01's. Source: MW.

use super::{dekt, is_maatwerk, is_zelfde_product, overeenkomsten};
use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "ZM03",
    titel: "Maatwerk buiten de overeenkomst",
    wat: "Een regel voor maatwerk met een ander product dan overeengekomen, of buiten de looptijd van de overeenkomst, is een fout.",
    waarom: "De overeenkomst geldt voor één product en één looptijd.",
    nodig: "maatwerk; ToewijzingNummer",
    about: Some(is_maatwerk),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let rijen = overeenkomsten(lijn)?;
    if rijen.is_empty() {
        return Ok(Uitslag::NietVanToepassing);
    }
    for m in &rijen {
        lijn.controle.kolom(m.bestand, Kolom::Einddatum)?;
    }
    let zelfde: Vec<_> = rijen.iter().filter(|m| is_zelfde_product(m, lijn)).collect();
    if zelfde.iter().any(|m| dekt(m, lijn)) {
        return Ok(Uitslag::InOrde);
    }
    let b = lijn.bevinding(Ernst::Fout);
    if zelfde.is_empty() {
        let codes: Vec<&str> = rijen.iter().map(|m| m.product_code.as_str()).collect();
        b.gevonden(format!("product {}", lijn.product.code))
            .verwacht(format!("het overeengekomen product {}", codes.join(" of ")))
    } else {
        let termijnen: Vec<String> = zelfde.iter().map(|m| m.termijn.to_string()).collect();
        b.gevonden(format!("levering van {} t/m {}", lijn.regel.begindatum, lijn.regel.einddatum))
            .verwacht(format!("levering binnen {}", termijnen.join(" of ")))
    }
    .into()
}
