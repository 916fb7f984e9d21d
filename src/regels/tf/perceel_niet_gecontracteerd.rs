//! TF03: help of a part of the contract that the aanbieder has no perceel for.
//!
//! The aanbieder's percelen are Perceel and Percelen together. Source: ID 3.2, 4.3.1.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF03",
    titel: "Buiten het gecontracteerde perceel",
    wat: "Een regel voor ambulante hulp, groepsaanbod, een voorziening, verblijf of dyslexiezorg van een aanbieder zonder een perceel voor dat onderdeel is een fout; van een aanbieder die niet in de lijst staat een onzekerheid.",
    waarom: "Een aanbieder mag alleen leveren wat hij gegund kreeg.",
    nodig: "Perceel en Percelen van de aanbieder",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let onderdeel = soort.onderdeel()?;
    let c = soort.controle;
    if c.regelset.percelen.is_leeg() {
        return Err(Reden::GeenLijst("percelen"));
    }
    let Some(nodig) = c.regelset.percelen.van(onderdeel) else {
        return Ok(Uitslag::NietVanToepassing);
    };
    let g = match c.gegevens(soort.aanbieder()) {
        Ok(g) => g,
        Err(Reden::AanbiederInGeenLijst) => {
            return soort
                .bevinding(Ernst::Onzekerheid)
                .gevonden(format!("{} van een aanbieder in geen lijst", onderdeel.naam()))
                .verwacht(een_van(nodig))
                .toelichting("Beoordeel of deze aanbieder een contract heeft.")
                .into();
        }
        Err(reden) => return Err(reden),
    };
    if g.perceel.iter().chain(&g.percelen).any(|p| nodig.contains(p)) {
        return Ok(Uitslag::InOrde);
    }
    c.kolom(g.bestand, Kolom::Perceel)?;
    c.kolom(g.bestand, Kolom::Percelen)?;
    let eigen: Vec<String> = g.perceel.iter().chain(&g.percelen).map(u8::to_string).collect();
    soort
        .bevinding(Ernst::Fout)
        .gevonden(match eigen.as_slice() {
            [] => format!("{} van een aanbieder zonder percelen", onderdeel.naam()),
            [een] => format!("{} van een aanbieder met alleen perceel {een}", onderdeel.naam()),
            meer => format!(
                "{} van een aanbieder met de percelen {}",
                onderdeel.naam(),
                meer.join(", ")
            ),
        })
        .verwacht(een_van(nodig))
        .into()
}

/// Words for the percelen that would do.
fn een_van(percelen: &[u8]) -> String {
    let percelen: Vec<String> = percelen.iter().map(u8::to_string).collect();
    match percelen.as_slice() {
        [een] => format!("perceel {een}"),
        meer => format!("een van de percelen {}", meer.join(", ")),
    }
}
