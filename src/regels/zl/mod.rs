//! Zeeland: perceel 5, which needs no beschikking and is checked against agreements, and the terms
//! of percelen 3, 4 and 6.

pub(crate) mod afspraak_twijfelachtig;
pub(crate) mod ambulant_te_lang;
pub(crate) mod buiten_afgesproken_termijn;
pub(crate) mod dubbel_gedeclareerd;
pub(crate) mod geen_afspraak;
pub(crate) mod gemeente_buiten_regio;
pub(crate) mod groep_te_groot;
pub(crate) mod lichte_begeleiding_te_lang;
pub(crate) mod meer_dan_ingekocht;
pub(crate) mod perceel_niet_gecontracteerd;
pub(crate) mod time_out_te_lang;
pub(crate) mod toewijzing_niet_nodig;
pub(crate) mod verblijf_zonder_ambulant;

mod group_size;
mod joined;

use crate::dossier::{Afspraak, FileKind, Kolom, Product, SmallRow};
use crate::toetsing::{Line, LineKind, Reason};

/// What a reader of a rule on C13 must know.
const CONSULTATION: &str =
    "De bron is een consultatie van 2019, geen contract: bespreek wat is afgesproken.";

/// Is the product of this perceel of the region?
fn is_of_perceel(product: &Product, perceel: i64) -> bool {
    product.catalogus().and_then(|row| row.perceel).map(i64::from) == Some(perceel)
}

/// The agreements for the line's aanbieder, gemeente and product; `None` for a product that needs
/// none.
fn afspraken<'a>(kind: &LineKind<'a>) -> Result<Option<Vec<&'a Afspraak>>, Reason> {
    if !kind.context.is_beschikkingsvrij(kind.product_nr()) {
        return Ok(None);
    }
    let table = kind
        .context
        .dossier
        .afspraken
        .as_deref()
        .ok_or(Reason::TabelOntbreekt(FileKind::Afspraken))?;
    let agb = kind.context.agb(kind.aanbieder());
    Ok(Some(
        table
            .iter()
            .filter(|a| {
                a.aanbieder == agb
                    && a.gemeente == kind.gemeente()
                    && a.product_code == kind.product.code
            })
            .collect(),
    ))
}

/// The same, where every agreement can tell when it ends.
fn afspraken_with_end<'a>(line: &Line<'a>) -> Result<Option<Vec<&'a Afspraak>>, Reason> {
    let afspraken = afspraken(line)?;
    for a in afspraken.iter().flatten() {
        line.context.cell(*a, Kolom::Einddatum)?;
        a.readable(Kolom::Soort)?;
    }
    Ok(afspraken)
}

/// Does the agreement's term hold a day of the line?
fn touches(afspraak: &Afspraak, line: &Line<'_>) -> bool {
    line.data.periode().is_some_and(|p| afspraak.termijn.doorsnede(p).is_some())
}
