//! DN02: a gemeente outside the region.
//!
//! By the line's own Gemeente. Source: ID 1.1.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Reden, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "DN02",
    titel: "Gemeente buiten de regio",
    wat: "Een regel voor een gemeente die niet tot de regio behoort, is een fout.",
    waarom: "Alleen de gemeenten van de regio zijn partij bij dit contract.",
    nodig: "Gemeente",
    parameters: &[],
    toets: Toets::Gelijk(toets),
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let deelnames = &lijn.controle.regelset.deelnames;
    if deelnames.is_leeg() {
        return Err(Reden::GeenLijst("gemeenten"));
    }
    if deelnames.van(lijn.regel.gemeente, lijn.regel.einddatum).is_some() {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Fout, instelling)
        .gevonden(format!("gemeente {}", lijn.regel.gemeente))
        .verwacht("een gemeente van de regio")
        .into())
}
