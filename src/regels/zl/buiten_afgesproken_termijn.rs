//! ZL02: perceel 5 outside the agreed term.
//!
//! Needs afspraken; a line without any agreement is ZL01's. Source: P5 format 8, 9.

use super::dekt;
use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "ZL02",
    titel: "Buiten de afgesproken looptijd",
    wat: "Een regel voor een beschikkingsvrij product die door de looptijd van geen enkele afspraak geheel wordt gedekt, is een fout.",
    waarom: "De afspraak geldt alleen voor de afgesproken looptijd.",
    nodig: "afspraken",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let afspraken = super::afspraken_met_einde(lijn)?.unwrap_or_default();
    if afspraken.is_empty() {
        return Ok(Uitslag::NietVanToepassing);
    }
    if afspraken.iter().any(|a| dekt(a, lijn)) {
        return Ok(Uitslag::InOrde);
    }
    let termijnen: Vec<String> = afspraken.iter().map(|a| a.termijn.to_string()).collect();
    lijn.bevinding(Ernst::Fout)
        .gevonden(format!("levering van {} t/m {}", lijn.regel.begindatum, lijn.regel.einddatum))
        .verwacht(format!("levering binnen {}", termijnen.join(" of ")))
        .into()
}
