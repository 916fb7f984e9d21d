//! TW11: more than the toewijzing allows in this period.
//!
//! Needs Volume, Eenheid and Frequentie of the toewijzing. Source: iJw TR321, IV076–IV079.

use super::omvang::{Omvang, past};
use crate::dossier::{Ernst, Volume};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW11",
    titel: "Meer dan toegewezen in deze periode",
    wat: "Het volume van de regel wordt vergeleken met wat de toewijzing, naar haar frequentie, in de productperiode toestaat. Wat erboven ligt, is een fout.",
    waarom: "Er mag niet meer worden gedeclareerd dan is toegewezen.",
    nodig: "ToewijzingNummer; Volume, Eenheid, Frequentie en Einddatum van de toewijzing",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let Some(t) = super::toewijzing(lijn)? else { return Ok(Uitslag::NietVanToepassing) };
    let Some(omvang) = Omvang::van(lijn.controle, t)? else {
        return Ok(Uitslag::NietVanToepassing);
    };
    if !past(t, lijn.regel)? {
        return Err(Reden::EenheidPastNiet);
    }
    let Some(periode) = lijn.regel.periode() else { return Ok(Uitslag::NietVanToepassing) };
    let volume = omvang.volume_van(lijn.regel);
    if volume == Volume::NUL {
        return Err(Reden::VolumeNul);
    }
    let maximum = omvang.maximum_in(periode)?;
    if volume <= maximum {
        return Ok(Uitslag::InOrde);
    }
    let woorden = |v| omvang.in_woorden(v, t, lijn.regel);
    lijn.bevinding(Ernst::Fout)
        .bedrag(lijn.regel.ingediend_bedrag.naar_rato(volume.0 - maximum.0, volume.0))
        .gevonden(format!("{} in {periode}", woorden(volume)))
        .verwacht(format!("hoogstens {}", woorden(maximum)))
        .toelichting(format!("Toegewezen: {}.", omvang.omschrijving(t)))
        .into()
}
