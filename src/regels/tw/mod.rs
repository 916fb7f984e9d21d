//! Toewijzing: whose it is, when it holds, for what, and how much.

mod omvang;

pub mod ander_product;
pub mod andere_aanbieder;
pub mod andere_categorie;
pub mod andere_eenheid;
pub mod andere_gemeente;
pub mod andere_jeugdige;
pub mod geen_toewijzing;
pub mod melding_te_laat;
pub mod na_stop;
pub mod na_toewijzing;
pub mod start_voor_toestemming;
pub mod te_veel_in_periode;
pub mod te_veel_in_totaal;
pub mod tijdens_pauze;
pub mod toewijzing_laat_verzonden;
pub mod verkeerde_soort_toewijzing;
pub mod vervallen_door_pauze;
pub mod verwijderde_toewijzing;
pub mod voor_toewijzing;

use crate::dossier::{Eenheid, Kolom, Toewijzing};
use crate::toetsing::{LineKind, Reason};

/// The line's toewijzing; `None` for a product that needs none.
fn toewijzing<'a>(kind: &LineKind<'a>) -> Result<Option<&'a Toewijzing>, Reason> {
    if kind.context.is_beschikkingsvrij(kind.product_nr()) {
        return Ok(None);
    }
    kind.toewijzing().map(Some)
}

/// The line's toewijzing, where its file has this column; `None` for a product that needs none.
fn toewijzing_with<'a>(
    kind: &LineKind<'a>,
    kolom: Kolom,
) -> Result<Option<&'a Toewijzing>, Reason> {
    if kind.context.is_beschikkingsvrij(kind.product_nr()) {
        return Ok(None);
    }
    kind.toewijzing_with(kolom).map(Some)
}

/// May a line in `regel` be declared on a toewijzing in `toegewezen`? Hours also in minutes.
fn eenheid_fits(toegewezen: Eenheid, regel: Eenheid) -> bool {
    toegewezen == regel || (toegewezen == Eenheid::HOUR && regel == Eenheid::MINUUT)
}
