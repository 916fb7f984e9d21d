//! The productieverantwoording of one aanbieder and gemeente: which of its rows count.

use super::kolom::Onleesbaar;
use super::stamgegevens::{SmallRow, VerantwoordingRow};
use super::{Agb, Cent, Dossier, Gemeente, Kolom};

/// What one aanbieder accounted for to one gemeente: of each key the row that counts.
#[derive(Clone, Debug)]
pub(crate) struct Verantwoording<'a> {
    pub gemeente: Gemeente,
    /// The row for all products together.
    pub total: Option<&'a VerantwoordingRow>,
    /// The rows for one product each, by (ProductCategorie, ProductCode).
    pub producten: Vec<&'a VerantwoordingRow>,
    /// A column by which a row would be chosen, and that can't be read.
    unreadable: Option<Onleesbaar>,
}

impl<'a> Verantwoording<'a> {
    /// Is it known which rows count, and for which products?
    pub(crate) fn readable(&self) -> Result<(), Onleesbaar> {
        self.unreadable.map_or(Ok(()), Err)
    }

    /// The rows that make up the amount: the row without a product, else those of the products.
    pub(crate) fn rows_of_bedrag(&self) -> Vec<&'a VerantwoordingRow> {
        match self.total {
            Some(row) => vec![row],
            None => self.producten.clone(),
        }
    }

    /// The amount, whatever the Status of its rows.
    pub(crate) fn bedrag(&self) -> Cent {
        self.rows_of_bedrag().iter().map(|r| r.bedrag).sum()
    }
}

impl Dossier {
    /// What an aanbieder accounted for in a year, by gemeente. Of several rows for one key the
    /// highest Status counts, then the latest Ontvangen.
    pub(crate) fn verantwoording_per_gemeente(
        &self,
        agb: Agb,
        jaar: i32,
    ) -> Vec<Verantwoording<'_>> {
        let rows = self.verantwoording_of(agb, jaar);
        let key = |r: &VerantwoordingRow| {
            (r.gemeente, r.product_categorie.clone(), r.product_code.clone())
        };
        let mut out: Vec<Verantwoording<'_>> = Vec::new();
        for same in rows.chunk_by(|a, b| key(a) == key(b)) {
            let current = same.iter().max_by_key(|r| (r.status, r.ontvangen, r.bedrag));
            let Some(current) = current else { continue };
            if out.last().is_none_or(|v| v.gemeente != current.gemeente) {
                out.push(Verantwoording {
                    gemeente: current.gemeente,
                    total: None,
                    producten: Vec::new(),
                    unreadable: None,
                });
            }
            let Some(v) = out.last_mut() else { continue };
            v.unreadable = v.unreadable.or(undecided(same));
            if current.is_without_product() {
                v.total = Some(current);
            } else {
                v.producten.push(current);
            }
        }
        out
    }
}

/// What of these rows, which seem to be for one key, can't be read: the key itself, or by what the one
/// that counts is chosen.
fn undecided(same: &[VerantwoordingRow]) -> Option<Onleesbaar> {
    let key = [Kolom::ProductCategorie, Kolom::ProductCode];
    let choice = [Kolom::Status, Kolom::Ontvangen];
    let asked = key.iter().chain(choice.iter().filter(|_| same.len() > 1));
    asked.flat_map(|kolom| same.iter().filter_map(|row| row.readable(*kolom).err())).next()
}
