//! CR02: crisis care by an aanbieder without a contract for it.
//!
//! Needs CrisisContract of the aanbieder; one in no list is reported too. Source: ID eis 32.

use crate::dossier::{Ernst, Kolom, Onderdeel};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "CR02",
    titel: "Crisis zonder crisiscontract",
    wat: "Een regel voor crisis van een aanbieder waarvan CrisisContract geen J is, of die in geen lijst staat, is een onzekerheid.",
    waarom: "Crisiszorg mag alleen wie daarvoor is gecontracteerd.",
    nodig: "CrisisContract van de aanbieder",
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Crisis)),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let gevonden = match lijn.controle.gegevens_met(lijn.regel.aanbieder, Kolom::CrisisContract) {
        Ok(g) if g.crisis_contract == Some(true) => return Ok(Uitslag::InOrde),
        Ok(_) => "crisis van een aanbieder zonder crisiscontract",
        Err(Reden::AanbiederInGeenLijst) => "crisis van een aanbieder in geen lijst",
        Err(reden) => return Err(reden),
    };
    lijn.bevinding(Ernst::Onzekerheid)
        .gevonden(gevonden)
        .verwacht("een aanbieder met een crisiscontract")
        .toelichting("Beoordeel of deze aanbieder op verzoek van de gemeente crisishulp gaf.")
        .into()
}
