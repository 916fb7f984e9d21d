//! Toewijzing: whose it is, when it holds, for what, and how much.

mod omvang;

pub(crate) mod ander_product;
pub(crate) mod andere_aanbieder;
pub(crate) mod andere_categorie;
pub(crate) mod andere_eenheid;
pub(crate) mod andere_gemeente;
pub(crate) mod andere_jeugdige;
pub(crate) mod dubbel_toegewezen;
pub(crate) mod geen_start;
pub(crate) mod geen_toewijzing;
pub(crate) mod melding_te_laat;
pub(crate) mod na_stop;
pub(crate) mod na_toewijzing;
pub(crate) mod nummer_dubbel;
pub(crate) mod start_voor_toestemming;
pub(crate) mod te_veel_in_maand;
pub(crate) mod te_veel_in_periode;
pub(crate) mod te_veel_in_totaal;
pub(crate) mod tijdens_clientenstop;
pub(crate) mod tijdens_pauze;
pub(crate) mod toewijzing_laat_verzonden;
pub(crate) mod verkeerde_soort_toewijzing;
pub(crate) mod vervallen_door_pauze;
pub(crate) mod verwijderde_toewijzing;
pub(crate) mod voor_start;
pub(crate) mod voor_toewijzing;
pub(crate) mod zelfverwijzer;

pub(super) use omvang::{Extent, fits};

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
