//! TW12: more than the toewijzing allows in all.
//!
//! All lines of all years whose unit fits count, in order; each line that goes above the maximum
//! is over for that part. Needs Volume, Eenheid and Frequentie of the toewijzing.
//! Source: iJw TR322, IV076–IV079.

use super::omvang::{Omvang, past};
use crate::dossier::{Ernst, Volume};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Reden, Regel, Toewijzingsgroep, Uitkomsten, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW12",
    titel: "Meer dan toegewezen in totaal",
    wat: "Het volume van alle regels op de toewijzing, van alle jaren, wordt in volgorde opgeteld. Elke regel waarmee de som boven het maximum over de hele looptijd komt, is een fout voor het deel erboven.",
    waarom: "Er mag niet meer worden gedeclareerd dan is toegewezen.",
    nodig: "ToewijzingNummer; Volume, Eenheid, Frequentie en Einddatum van de toewijzing",
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

fn toets(groep: &Toewijzingsgroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let grens = grens(groep);
    let mut som = Volume::NUL;
    groep.each_line(uit, |lijn| {
        let Some(t) = super::toewijzing(lijn)? else { return Ok(Uitslag::NietVanToepassing) };
        let Some((omvang, maximum)) = grens? else { return Ok(Uitslag::NietVanToepassing) };
        if !past(t, lijn.regel)? {
            return Err(Reden::EenheidPastNiet);
        }
        let volume = omvang.volume_van(lijn.regel);
        if volume == Volume::NUL {
            return Err(Reden::VolumeNul);
        }
        som = Volume(som.0 + volume.0);
        let over = (som.0 - maximum.0).min(volume.0);
        if over <= 0 {
            return Ok(Uitslag::InOrde);
        }
        let woorden = |v| omvang.in_woorden(v, t, lijn.regel);
        lijn.bevinding(Ernst::Fout)
            .bedrag(lijn.regel.ingediend_bedrag.naar_rato(over, volume.0))
            .gevonden(format!("{} tot en met deze regel", woorden(som)))
            .verwacht(format!("hoogstens {} over de hele looptijd", woorden(maximum)))
            .toelichting(format!("Toegewezen: {}.", omvang.omschrijving(t)))
            .into()
    });
}

/// What is granted and its maximum over the term; `None` where no volume is granted.
fn grens(groep: &Toewijzingsgroep<'_>) -> Result<Option<(Omvang, Volume)>, Reden> {
    let Some((_, t)) = groep.toewijzing else { return Ok(None) };
    let Some(omvang) = Omvang::van(groep.controle, t)? else { return Ok(None) };
    Ok(Some((omvang, omvang.maximum_in_totaal()?)))
}
