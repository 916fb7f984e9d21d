//! Wonen en verblijf: stays, what may go with them, and for how long.

pub(crate) mod een_op_een_los;
pub(crate) mod een_op_een_te_lang;
pub(crate) mod groepsaanbod_naast_verblijf;
pub(crate) mod lang_afwezig;
pub(crate) mod meer_etmalen_dan_dagen;
pub(crate) mod pleegzorg_naast_ambulant;
pub(crate) mod te_veel_deeltijdpleegzorg;
pub(crate) mod te_veel_rond_pleegzorg;
pub(crate) mod twee_plaatsen;
pub(crate) mod verblijf_medische_verwijzing;

use crate::dossier::{Onderdeel, Product, Volume, Vorm};
use crate::toetsing::Line;

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

/// The lines of a month for which `fits` holds, with their volume in etmalen.
fn with_etmalen<'a, 'l>(
    lines: &'l [Line<'a>],
    fits: impl Fn(&Product) -> bool + 'l,
) -> impl Iterator<Item = (Line<'a>, i64)> + 'l {
    lines.iter().filter(move |l| fits(l.product)).filter_map(|l| Some((*l, l.etmalen().ok()?.0)))
}
