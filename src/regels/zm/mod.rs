//! Zeeland: maatwerk, which is checked against an agreement for one toewijzing.

pub(crate) mod aanbieder_met_contract;
pub(crate) mod ander_tarief;
pub(crate) mod buiten_overeenkomst;
pub(crate) mod geen_overeenkomst;

use crate::dossier::{FileKind, Kolom, MaatwerkRow, Onderdeel, Product};
use crate::toetsing::{Line, Reason};

fn is_maatwerk(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Maatwerk)
}

/// The agreements for the line's aanbieder, gemeente and toewijzing.
fn overeenkomsten<'a>(line: &Line<'a>) -> Result<Vec<&'a MaatwerkRow>, Reason> {
    line.onderdeel()?;
    let d = line.context.dossier;
    let table = d.maatwerk.as_deref().ok_or(Reason::TabelOntbreekt(FileKind::Maatwerk))?;
    let agb = line.context.agb(line.data.aanbieder);
    if line.data.toewijzing_nummer.is_empty() {
        line.kolom(Kolom::ToewijzingNummer)?;
    }
    let nummer = d.toewijzingnummer(line.data.toewijzing_nummer);
    Ok(table
        .iter()
        .filter(|m| {
            m.aanbieder == agb && m.gemeente == line.data.gemeente && m.toewijzing_nummer == nummer
        })
        .collect())
}

fn is_same_product(m: &MaatwerkRow, line: &Line<'_>) -> bool {
    m.product_code == line.product.code
}

/// Does the agreement's term hold the whole line?
fn covers(m: &MaatwerkRow, line: &Line<'_>) -> bool {
    line.data.periode().is_some_and(|p| m.termijn.covers(p))
}
