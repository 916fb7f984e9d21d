//! Wonen en verblijf: stays, what may go with them, and for how long.

pub(crate) mod dag_van_vertrek;
pub(crate) mod deeltijdpleegzorg_in_pauze;
pub(crate) mod een_op_een_keten;
pub(crate) mod een_op_een_los;
pub(crate) mod een_op_een_te_lang;
pub(crate) mod groepsaanbod_naast_verblijf;
pub(crate) mod intensiteit_boven_vorm;
pub(crate) mod kdv_elke_nacht;
pub(crate) mod lang_afwezig;
pub(crate) mod logeren_naast_gezinshuis;
pub(crate) mod meer_etmalen_dan_dagen;
pub(crate) mod pleegzorg_naast_ambulant;
pub(crate) mod te_veel_deeltijdpleegzorg;
pub(crate) mod te_veel_rond_pleegzorg;
pub(crate) mod twee_plaatsen;
pub(crate) mod verblijf_medische_verwijzing;
pub(crate) mod werving_pleegouders;

use crate::dossier::{Onderdeel, Periode, Product, Volume, Vorm};
use crate::toetsing::Line;

/// What a reader of more etmalen than days must know.
const KEPT_PLACE: &str = "Een plaats die tijdens afwezigheid wordt aangehouden, mag naast een andere plaats worden betaald (ID 9.7).";

/// Tariefsleutel of extra one-to-one support.
const ONE_TO_ONE: &str = "EEN_OP_EEN";

fn is_verblijf(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Verblijf)
}

/// Is the product one of those that count together around pleegzorg?
fn is_around_pleegzorg(product: &Product) -> bool {
    matches!(product.form(), Some(Vorm::Pleegzorg | Vorm::Deeltijdpleegzorg | Vorm::Kdv))
}

/// Words for a volume in etmalen.
fn etmalen(volume: Volume) -> String {
    if volume == Volume::whole(1) { "1 etmaal".to_owned() } else { format!("{volume} etmalen") }
}

/// How many days of `periode` lie in any of these parts of it.
fn dagen_in(periode: Periode, parts: &[Periode]) -> i64 {
    // Pauses may overlap: each day counts once.
    let days = (0..periode.dagen()).map(|n| periode.begin().plus_dagen(n));
    days.filter(|dag| parts.iter().any(|p| p.contains(*dag))).count() as i64
}

/// The lines of a month for which `fits` holds, with their volume in etmalen.
fn with_etmalen<'a, 'l>(
    lines: &'l [Line<'a>],
    fits: impl Fn(&Product) -> bool + 'l,
) -> impl Iterator<Item = (Line<'a>, i64)> + 'l {
    lines.iter().filter(move |l| fits(l.product)).filter_map(|l| Some((*l, l.etmalen().ok()?.0)))
}
