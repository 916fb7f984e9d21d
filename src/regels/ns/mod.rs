//! No-show: how often, how long, and where none may be declared.

pub mod no_show_deeltijdpleegzorg;
pub mod no_show_volle_duur;
pub mod te_veel_no_shows;
pub mod te_veel_no_shows_samen;

use crate::dossier::{Cent, Contact, Kolom, Niveau, Onderdeel, RegelNr};
use crate::toetsing::{Jeugdigegroep, Lijn, Reden};

/// Is the line of a part in which no-shows are limited? Not testable without product or column.
fn onder_de_grens(lijn: &Lijn<'_>) -> Result<bool, Reden> {
    lijn.kolom(Kolom::NoShow)?;
    Ok(matches!(lijn.onderdeel()?, Onderdeel::Ambulant | Onderdeel::Ed))
}

/// Lines with a no-show among those that the limit is about, and how many lines it is about.
struct NoShows {
    regels: Vec<RegelNr>,
    getoetst: u64,
    niet_toetsbaar: Vec<(Reden, u64)>,
}

impl NoShows {
    fn van(groep: &Jeugdigegroep<'_>) -> NoShows {
        let mut uit = NoShows { regels: Vec::new(), getoetst: 0, niet_toetsbaar: Vec::new() };
        for &nr in groep.regels {
            let lijn = groep.controle.lijn(nr);
            match onder_de_grens(&lijn) {
                Ok(false) => {}
                Ok(true) if lijn.no_show() == 0 => uit.getoetst += 1,
                Ok(true) => uit.regels.push(nr),
                Err(reden) => match uit.niet_toetsbaar.last_mut() {
                    Some((vorige, n)) if *vorige == reden => *n += 1,
                    _ => uit.niet_toetsbaar.push((reden, 1)),
                },
            }
        }
        uit
    }
}

/// What `excess` of the line's no-shows cost: `None` where a month's sum can't tell.
///
/// A contact is one appointment: its amount by the share of its no-shows. A month's line also
/// holds other time: its amount by the share of its no-show minutes, and of those by no-shows.
fn bedrag_van(lijn: &Lijn<'_>, contact: &Contact, excess: u32) -> Result<Option<Cent>, Reden> {
    let (deel, geheel) = (i64::from(excess), i64::from(contact.no_show));
    let bedrag = lijn.regel.ingediend_bedrag;
    if lijn.controle.niveau == Niveau::Contact {
        return Ok(Some(bedrag.naar_rato(deel, geheel)));
    }
    let Some(minuten) = contact.no_show_minuten else { return Ok(None) };
    let volume = lijn.regel.honderdste_minuten().ok_or(Reden::GeenTijdseenheid)?;
    if volume == 0 {
        return Err(Reden::VolumeNul);
    }
    // What is more than the whole line counts as the line.
    let geheel = i128::from(geheel) * i128::from(volume);
    let deel = (i128::from(minuten.0) * i128::from(deel)).min(geheel);
    Ok(Some(bedrag.naar_rato(deel, geheel)))
}

/// Why a finding has no amount.
const GEEN_BEDRAG: &str =
    "Het bedrag is uit een maandregel zonder NoShowMinuten niet af te leiden.";

/// Words for a number of no-shows.
fn aantal(n: u32) -> String {
    if n == 1 { "1 no-show".into() } else { format!("{n} no-shows") }
}
