//! Zeeland: perceel 5, which needs no beschikking and is checked against agreements, and the terms
//! of percelen 3, 4 and 6.

pub(crate) mod ambulant_te_lang;
pub(crate) mod buiten_afgesproken_termijn;
pub(crate) mod geen_afspraak;
pub(crate) mod groep_te_groot;
pub(crate) mod lichte_begeleiding_te_lang;
pub(crate) mod meer_dan_ingekocht;
pub(crate) mod time_out_te_lang;
pub(crate) mod toewijzing_niet_nodig;

use crate::dossier::{Afspraak, FileKind, Kolom};
use crate::toetsing::{Line, LineKind, Reason};

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
        line.context.kolom(a.file, Kolom::Einddatum)?;
    }
    Ok(afspraken)
}

/// Does the agreement's term hold the whole line?
fn covers(afspraak: &Afspraak, line: &Line<'_>) -> bool {
    line.data.periode().is_some_and(|p| afspraak.termijn.covers(p))
}
