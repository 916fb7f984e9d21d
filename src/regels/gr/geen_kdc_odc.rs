//! GR01: groepsaanbod extra zwaar or intensief outside a KDC or ODC.
//!
//! Stands in ID 1.8 only. Needs KdcOdc of the aanbieder, or `kdc` in Bijzonderheid. Source: ID 8.5.3.

use super::is_all_inclusive;
use crate::dossier::{Bijzonderheid, Ernst, Kolom};
use crate::regels::versie::{HOOGSTENS, Versie};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "GR01",
    titel: "Extra zwaar of intensief buiten KDC of ODC",
    wat: "Groepsaanbod extra zwaar of intensief van een aanbieder die geen KDC of ODC is, zonder dat de toewijzing kdc noemt, is een fout; voor levering van voor de versie die dit vraagt of bij een onbekende aanbieder een onzekerheid.",
    waarom: "Deze intensiteiten zijn alleen voor een kinderdagcentrum of orthopedagogisch dagcentrum.",
    nodig: "KdcOdc van de aanbieder; Bijzonderheid van de toewijzing",
    parameters: &[HOOGSTENS.spec()],
    about: Some(is_all_inclusive),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let c = lijn.controle;
    let mut twijfels = Vec::new();
    match c.gegevens_met(lijn.regel.aanbieder, Kolom::KdcOdc) {
        Ok(g) if g.kdc_odc == Some(true) => return Ok(Uitslag::InOrde),
        Ok(_) => {}
        Err(Reden::KolomOntbreekt(_)) => {
            twijfels.push("De kolom KdcOdc van de aanbieders ontbreekt.");
        }
        Err(_) => {
            twijfels.push("De aanbieder staat in geen lijst; of hij KDC of ODC is, is onbekend.")
        }
    }
    match lijn.toewijzing() {
        Ok(t) if t.bijzonderheden.bevat(Bijzonderheid::Kdc) => return Ok(Uitslag::InOrde),
        Ok(t) if !c.kent_bijzonderheid(t) => {
            twijfels.push("De kolom Bijzonderheid, waarin kdc kan staan, ontbreekt.");
        }
        Ok(_) | Err(Reden::GeenToewijzing) => {}
        Err(_) => {
            twijfels.push("Zonder ToewijzingNummer is niet te zien of de toewijzing kdc noemt.")
        }
    }
    let ernst = if twijfels.is_empty() { Ernst::Fout } else { Ernst::Onzekerheid };
    let b = lijn
        .bevinding(ernst)
        .gevonden(format!(
            "{} buiten een KDC of ODC",
            lijn.product.tariefsleutel().unwrap_or_default()
        ))
        .verwacht("alleen bij een KDC of ODC")
        .toelichting(twijfels.join(" "));
    Versie::op(instelling, lijn.regel.begindatum).begrens(b).into()
}
