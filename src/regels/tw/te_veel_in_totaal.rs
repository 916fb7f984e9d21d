//! TW12: more than the toewijzing allows in all.
//!
//! All lines of all years whose unit fits count, in order; each line that goes above the maximum
//! is over for that part. Needs Volume, Eenheid and Frequentie of the toewijzing.
//! Source: iJw TR322, IV076–IV079.

use super::omvang::{Omvang, past};
use crate::dossier::{Ernst, Toewijzing, Volume};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Reden, Regel, Toewijzingsgroep, Uitkomsten};

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
    let Some((_, t)) = groep.toewijzing else { return zonder_toewijzing(groep, uit) };
    let grens = grens(groep, t);
    if matches!(grens, Ok(None)) {
        return;
    }
    let mut som = Volume::NUL;
    for lijn in groep.lijnen() {
        let c = groep.controle;
        if c.is_beschikkingsvrij(lijn.regel.product) {
            continue;
        }
        let telt = c.in_leverjaar(lijn.regel);
        let niet_toetsbaar = |uit: &mut Uitkomsten, reden| {
            if telt {
                uit.niet_toetsbaar(reden);
            }
        };
        let (omvang, maximum) = match &grens {
            Ok(Some(grens)) => grens,
            Ok(None) => return,
            Err(reden) => {
                niet_toetsbaar(uit, *reden);
                continue;
            }
        };
        match past(t, lijn.regel) {
            Ok(true) => {}
            Ok(false) => {
                niet_toetsbaar(uit, Reden::EenheidPastNiet);
                continue;
            }
            Err(reden) => {
                niet_toetsbaar(uit, reden);
                continue;
            }
        }
        let volume = omvang.volume_van(lijn.regel);
        if volume == Volume::NUL {
            niet_toetsbaar(uit, Reden::VolumeNul);
            continue;
        }
        som = Volume(som.0 + volume.0);
        if !telt {
            continue;
        }
        uit.getoetst();
        let over = (som.0 - maximum.0).min(volume.0);
        if over > 0 {
            let woorden = |v| omvang.in_woorden(v, t, lijn.regel);
            uit.bevinding(
                lijn.bevinding(Ernst::Fout)
                    .bedrag(lijn.regel.ingediend_bedrag.naar_rato(over, volume.0))
                    .gevonden(format!("{} tot en met deze regel", woorden(som)))
                    .verwacht(format!("hoogstens {} over de hele looptijd", woorden(*maximum)))
                    .toelichting(format!("Toegewezen: {}.", omvang.omschrijving(t))),
            );
        }
    }
}

fn zonder_toewijzing(groep: &Toewijzingsgroep<'_>, uit: &mut Uitkomsten) {
    let c = groep.controle;
    for lijn in groep.lijnen().filter(|l| c.in_leverjaar(l.regel)) {
        if c.is_beschikkingsvrij(lijn.regel.product) {
            continue;
        }
        if let Err(reden) = lijn.toewijzing() {
            uit.niet_toetsbaar(reden);
        }
    }
}

/// What is granted and its maximum over the term; `None` where no volume is granted.
fn grens(groep: &Toewijzingsgroep<'_>, t: &Toewijzing) -> Result<Option<(Omvang, Volume)>, Reden> {
    match Omvang::van(groep.controle, t)? {
        None => Ok(None),
        Some(omvang) => Ok(Some((omvang, omvang.maximum_in_totaal()?))),
    }
}
