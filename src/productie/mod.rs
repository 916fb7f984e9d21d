//! The productieverantwoording: what an aanbieder delivered to a gemeente in a year, by product, as
//! the live lines say, beside what the aanbieder itself accounted for.
//!
//! Counted are the lines that the rules count: live, of the delivery year, with a period that isn't
//! reversed. A jeugdige is counted once in every row, and once in every total.

mod counted;
mod writing;

pub(crate) use writing::write_report;

use crate::dossier::{AanbiederId, Cent, Eenheid, Gemeente, ProductId, Volume};
use crate::frame::{Frame, Made};
use crate::toetsing::AuditContext;
use crate::writing::WriteError;
use counted::{AANBIEDER, PARTY, PRODUCT, ROW, WHOLE};

/// What one aanbieder delivered to one gemeente.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    pub aanbieder: AanbiederId,
    pub gemeente: Gemeente,
    /// By product, and by unit where one product was declared in several.
    pub producten: Vec<ProductRow>,
    /// All products together.
    pub total: DeliveryCounts,
    /// What the aanbieder accounted for, of the rows that count; `None` without any such row.
    pub verantwoord: Option<Cent>,
}

impl Party {
    /// Declared less accounted for.
    pub(crate) fn difference(&self) -> Option<Cent> {
        self.verantwoord.map(|v| self.total.bedrag - v)
    }
}

/// One product in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProductRow {
    pub product: ProductId,
    pub eenheid: Eenheid,
    pub volume: Volume,
    pub counts: DeliveryCounts,
    /// Different jeugdigen with the product, in whatever unit.
    pub jeugdigen_of_product: u64,
}

/// What lines come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeliveryCounts {
    /// Different jeugdigen; lines without a Bsn count none.
    pub jeugdigen: u64,
    pub lines: u64,
    pub bedrag: Cent,
}

/// All that is accounted for in a year.
pub(crate) struct Productieverantwoording<'a> {
    pub context: &'a AuditContext<'a>,
    /// By aanbieder and gemeente.
    pub parties: Vec<Party>,
    pub total: DeliveryCounts,
    /// What each aanbieder delivered to all gemeenten.
    per_aanbieder: Vec<(AanbiederId, DeliveryCounts)>,
}

impl<'a> Productieverantwoording<'a> {
    /// # Errors
    /// It couldn't be counted: a fault of the program.
    pub(crate) fn make(
        context: &'a AuditContext<'a>,
    ) -> Result<Productieverantwoording<'a>, WriteError> {
        Productieverantwoording::count(context).map_err(|e| {
            let what = "de productieverantwoording kan niet worden geteld";
            WriteError::Assembling { what, cause: e.to_string() }
        })
    }

    fn count(context: &'a AuditContext<'a>) -> Made<Productieverantwoording<'a>> {
        let delivered = counted::delivered(context)?;
        let mut rows = product_rows(&delivered)?.into_iter().peekable();
        let parties = counted::counts(&delivered, PARTY)?;
        let parties = parties.full(&counted::verantwoord(context)?, PARTY)?.sorted(PARTY)?;
        let totals = parties.counts("Aanbieder")?.into_iter().zip(parties.counts("Gemeente")?);
        let totals = totals.zip(delivery_counts(&parties)?).zip(parties.values("Verantwoord")?);
        let parties = totals.map(|(((aanbieder, gemeente), total), verantwoord)| Party {
            aanbieder: AanbiederId(aanbieder as u16),
            gemeente: Gemeente(gemeente as u16),
            producten: std::iter::from_fn(|| rows.next_if(|row| row.0 == (aanbieder, gemeente)))
                .map(|(_, row)| row)
                .collect(),
            total,
            verantwoord: verantwoord.map(Cent),
        });
        let parties = parties.collect();
        let per_aanbieder = counted::counts(&delivered, AANBIEDER)?;
        let ids = per_aanbieder.counts("Aanbieder")?;
        let ids = ids.into_iter().map(|id| AanbiederId(id as u16));
        let whole = delivery_counts(&counted::counts(&delivered, WHOLE)?)?;
        Ok(Productieverantwoording {
            context,
            parties,
            total: whole.first().copied().unwrap_or_default(),
            per_aanbieder: ids.zip(delivery_counts(&per_aanbieder)?).collect(),
        })
    }

    /// The parties of each aanbieder, in order.
    pub(crate) fn per_aanbieder(&self) -> impl Iterator<Item = &[Party]> {
        self.parties.chunk_by(|a, b| a.aanbieder == b.aanbieder)
    }

    /// What one aanbieder delivered to all gemeenten: a jeugdige counts once.
    pub(crate) fn total_of(&self, aanbieder: AanbiederId) -> DeliveryCounts {
        let of = self.per_aanbieder.iter().find(|(id, _)| *id == aanbieder);
        of.map(|(_, counts)| *counts).unwrap_or_default()
    }
}

/// What lines with the same keys come to.
fn delivery_counts(of: &Frame) -> Made<Vec<DeliveryCounts>> {
    let numbers = of.counts("Jeugdigen")?.into_iter().zip(of.counts("Regels")?);
    let counts = numbers.zip(of.counts("Bedrag")?).map(|((jeugdigen, lines), bedrag)| {
        DeliveryCounts { jeugdigen: jeugdigen as u64, lines: lines as u64, bedrag: Cent(bedrag) }
    });
    Ok(counts.collect())
}

/// The products of all parties in their order, each with the numbers of its aanbieder and gemeente.
fn product_rows(delivered: &Frame) -> Made<Vec<((i64, i64), ProductRow)>> {
    let of_product = counted::counts(delivered, PRODUCT)?;
    let of_product = of_product.only(&["Aanbieder", "Gemeente", "Product", "Jeugdigen"])?;
    let of_product = of_product.called("Jeugdigen", "JeugdigenVanProduct")?;
    let rows = counted::counts(delivered, ROW)?.left(&of_product, PRODUCT)?.sorted(ROW)?;
    let parties = rows.counts("Aanbieder")?.into_iter().zip(rows.counts("Gemeente")?);
    let [product, eenheid, volume, of_product] =
        ["Product", "Eenheid", "Volume", "JeugdigenVanProduct"].map(|name| rows.counts(name));
    let (product, eenheid, volume, of_product) = (product?, eenheid?, volume?, of_product?);
    let rows = parties.zip(delivery_counts(&rows)?).enumerate().map(|(i, (party, counts))| {
        let row = ProductRow {
            product: ProductId(product[i] as u16),
            eenheid: Eenheid(eenheid[i] as u8),
            volume: Volume(volume[i]),
            counts,
            jeugdigen_of_product: of_product[i] as u64,
        };
        (party, row)
    });
    Ok(rows.collect())
}
