//! Zeeland: maatwerk, which is checked against an agreement for one toewijzing.

pub mod ander_tarief;
pub mod buiten_overeenkomst;
pub mod geen_overeenkomst;

use crate::dossier::{Kolom, Maatwerkrij, Onderdeel, Product, Soort};
use crate::toetsing::{Lijn, Reden};

fn is_maatwerk(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Maatwerk)
}

/// The agreements for the line's aanbieder, gemeente and toewijzing.
fn overeenkomsten<'a>(lijn: &Lijn<'a>) -> Result<Vec<&'a Maatwerkrij>, Reden> {
    lijn.onderdeel()?;
    let d = lijn.controle.dossier;
    let tabel = d.maatwerk.as_deref().ok_or(Reden::TabelOntbreekt(Soort::Maatwerk))?;
    let agb = lijn.controle.agb(lijn.regel.aanbieder);
    if lijn.regel.toewijzing_nummer.is_leeg() {
        lijn.kolom(Kolom::ToewijzingNummer)?;
    }
    let nummer = d.toewijzingnummer(lijn.regel.toewijzing_nummer);
    Ok(tabel
        .iter()
        .filter(|m| {
            m.aanbieder == agb && m.gemeente == lijn.regel.gemeente && m.toewijzing_nummer == nummer
        })
        .collect())
}

fn is_zelfde_product(m: &Maatwerkrij, lijn: &Lijn<'_>) -> bool {
    m.product_code == lijn.product.code
}

/// Does the agreement's term hold the whole line?
fn dekt(m: &Maatwerkrij, lijn: &Lijn<'_>) -> bool {
    lijn.regel.periode().is_some_and(|p| m.termijn.dekt(p))
}
