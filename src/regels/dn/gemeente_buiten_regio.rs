//! DN02: a gemeente outside the region.
//!
//! By the line's own Gemeente. Source: ID 1.1.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "DN02",
    titel: "Gemeente buiten de regio",
    wat: "Een regel voor een gemeente die niet tot de regio behoort, is een fout.",
    waarom: "Alleen de gemeenten van de regio zijn partij bij dit contract.",
    nodig: "Gemeente",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let deelnames = &soort.controle.regelset.deelnames;
    if deelnames.is_leeg() {
        return Err(Reden::GeenLijst("gemeenten"));
    }
    if soort.deelname().is_some() {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Fout)
        .gevonden(format!("gemeente {}", soort.gemeente()))
        .verwacht("een gemeente van de regio")
        .into()
}
