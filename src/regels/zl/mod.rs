//! Zeeland: perceel 5, which needs no beschikking and is checked against agreements, and the terms
//! of percelen 3, 4 and 6.

pub mod ambulant_te_lang;
pub mod buiten_afgesproken_termijn;
pub mod geen_afspraak;
pub mod groep_te_groot;
pub mod lichte_begeleiding_te_lang;
pub mod meer_dan_ingekocht;
pub mod time_out_te_lang;
pub mod toewijzing_niet_nodig;

use crate::dossier::{Afspraak, Kolom, Soort};
use crate::toetsing::{Lijn, Lijnsoort, Reden};

/// The agreements for the line's aanbieder, gemeente and product; `None` for a product that needs
/// none.
fn afspraken<'a>(soort: &Lijnsoort<'a>) -> Result<Option<Vec<&'a Afspraak>>, Reden> {
    if !soort.controle.is_beschikkingsvrij(soort.product_nr()) {
        return Ok(None);
    }
    let tabel = soort
        .controle
        .dossier
        .afspraken
        .as_deref()
        .ok_or(Reden::TabelOntbreekt(Soort::Afspraken))?;
    let agb = soort.controle.agb(soort.aanbieder());
    Ok(Some(
        tabel
            .iter()
            .filter(|a| {
                a.aanbieder == agb
                    && a.gemeente == soort.gemeente()
                    && a.product_code == soort.product.code
            })
            .collect(),
    ))
}

/// The same, where every agreement can tell when it ends.
fn afspraken_met_einde<'a>(lijn: &Lijn<'a>) -> Result<Option<Vec<&'a Afspraak>>, Reden> {
    let afspraken = afspraken(lijn)?;
    for a in afspraken.iter().flatten() {
        lijn.controle.kolom(a.bestand, Kolom::Einddatum)?;
    }
    Ok(afspraken)
}

/// Does the agreement's term hold the whole line?
fn dekt(afspraak: &Afspraak, lijn: &Lijn<'_>) -> bool {
    lijn.regel.periode().is_some_and(|p| afspraak.termijn.dekt(p))
}
