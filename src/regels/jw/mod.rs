//! The rules of the national messages (iJw), on any input that carries the fields.

pub mod credit_zonder_debet;
pub mod debet_en_credit_samen;
pub mod declaratienummer_dubbel;
pub mod dubbel_gecrediteerd;
pub mod levering_dubbel;
pub mod na_declaratieperiode;
pub mod onbekend_product;
pub mod onbekende_gemeente;
pub mod ongeldig_bsn;
pub mod onmogelijke_periode;
pub mod periode_begint_anders;
pub mod periode_eindigt_anders;
pub mod periode_over_maanden;
pub mod referentie_dubbel;
pub mod te_oud;
pub mod totaal_klopt_niet;

use crate::dossier::Declaratiebericht;
use crate::toetsing::{Controle, Lijn, Reden};

/// A number of an export, without anything in it that could be a Bsn.
fn gemaskeerd(tekst: &str) -> String {
    crate::ground::gemaskeerd(tekst).into_owned()
}

/// The declaration messages whose period ends in the audited year, by their place in the dossier.
fn berichten_van_leverjaar(c: &Controle<'_>) -> Result<Vec<u32>, Reden> {
    let berichten = c.dossier.declaratieberichten.as_deref().ok_or(Reden::AlleenUitBerichten)?;
    let van_jaar = berichten.iter().enumerate().filter(|(_, b)| b.periode.1.jaar() == c.jaar);
    Ok(van_jaar.map(|(i, _)| i as u32).collect())
}

/// The message that a line came in.
fn bericht_van<'a>(lijn: &Lijn<'a>) -> Result<&'a Declaratiebericht, Reden> {
    let dossier = lijn.controle.dossier;
    dossier.bericht_in(lijn.regel.bestand).ok_or(Reden::AlleenUitBerichten)
}
