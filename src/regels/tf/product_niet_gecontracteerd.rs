//! TF06: a product that the aanbieder was never contracted for.
//!
//! Needs Voorzieningen of the aanbieder. Source: ID eis 94, 4.3.1.

use crate::dossier::{Ernst, Kolom, Onderdeel};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF06",
    titel: "Product dat niet gecontracteerd is",
    wat: "Groepsaanbod, een voorziening of verblijf met een tariefsleutel die niet onder de Voorzieningen van de aanbieder staat, is een fout.",
    waarom: "Een aanbieder levert alleen de voorzieningen die in zijn contract staan.",
    nodig: "Voorzieningen van de aanbieder; Tariefsleutel van het product",
    about: Some(|p| {
        matches!(
            p.onderdeel(),
            Some(Onderdeel::Groepsaanbod | Onderdeel::Voorziening | Onderdeel::Verblijf)
        )
    }),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let sleutel = lijn.tariefsleutel()?;
    let g = lijn.controle.gegevens_met(lijn.regel.aanbieder, Kolom::Voorzieningen)?;
    if g.voorzieningen.is_empty() {
        return Err(Reden::GeenVoorzieningen);
    }
    let sleutel = sleutel.ok_or(Reden::GeenTariefsleutel)?;
    if g.voorzieningen.iter().any(|v| v == sleutel) {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Fout)
        .gevonden(sleutel.to_owned())
        .verwacht(format!("een van {}", g.voorzieningen.join(", ")))
        .into()
}
