//! GR03: treatment beside a group in which all treatment is included.
//!
//! Source: ID 8.5.3, XIV groepsaanbod 3.

use super::is_all_inclusive;
use crate::dossier::{Ernst, Onderdeel};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Jeugdigegroep, Lijn, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "GR03",
    titel: "Behandeling naast een all-inclusive groep",
    wat: "Een jeugdige heeft in een maand groepsaanbod extra zwaar of intensief en ambulante hulp van dezelfde aanbieder. Elke ambulante regel is een onzekerheid.",
    waarom: "In het tarief van deze groepen zit de behandeling al.",
    nodig: "Onderdeel en Tariefsleutel van de producten",
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Groepsaanbod)),
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

fn toets(groep: &Jeugdigegroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let is_ambulant = |l: &Lijn<'_>| l.product.onderdeel() == Some(Onderdeel::Ambulant);
    if !groep.lijnen().any(|l| is_all_inclusive(l.product)) {
        uit.getoetst += groep.lijnen().filter(is_ambulant).count() as u64;
        return;
    }
    for (maand, lijnen) in groep.per_maand(|l| is_ambulant(l) || is_all_inclusive(l.product)) {
        for lijn in lijnen.iter().filter(|l| is_ambulant(l)) {
            uit.getoetst();
            let naast = lijnen
                .iter()
                .find(|l| is_all_inclusive(l.product) && l.regel.aanbieder == lijn.regel.aanbieder);
            if let Some(naast) = naast {
                uit.bevinding(
                    lijn.bevinding(Ernst::Onzekerheid)
                        .gevonden(format!(
                            "ambulante hulp naast {} van dezelfde aanbieder in {maand}",
                            naast.product.tariefsleutel().unwrap_or_default()
                        ))
                        .verwacht("behandeling binnen het tarief van de groep")
                        .toelichting(
                            "Beoordeel of deze hulp buiten het programma van de groep viel.",
                        ),
                );
            }
        }
    }
}
