//! TW07: another product category than the toewijzing names.
//!
//! Needs ProductCategorie of the toewijzing. Source: iJw TR339.

use crate::dossier::Ernst;
use crate::dossier::Kolom;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW07",
    titel: "Andere productcategorie",
    wat: "De toewijzing noemt een productcategorie en de regel heeft een andere.",
    waarom: "Er mag alleen worden gedeclareerd wat is toegewezen.",
    nodig: "ToewijzingNummer; ProductCategorie van de toewijzing",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing_met(lijn, Kolom::ProductCategorie)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    if t.product_categorie.is_leeg() {
        return Ok(Uitslag::NietVanToepassing);
    }
    if lijn.controle.is_categorie(lijn.regel.product, t.product_categorie) {
        return Ok(Uitslag::InOrde);
    }
    let toegewezen = lijn.controle.dossier.woorden.tekst(t.product_categorie);
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden(format!("categorie {}", lijn.product.categorie))
        .verwacht(format!("categorie {toegewezen}"))
        .into())
}
