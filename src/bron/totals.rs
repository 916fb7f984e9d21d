//! Rows of totals, which people put below a table or between its rows: refused as such, they say
//! nothing against the file.

use super::record::Record;
use crate::dossier::{FileKind, Kolom};

/// What a row of totals of a table has, and lacks.
#[derive(Clone, Debug)]
pub(crate) struct TotalsShape {
    pub bedrag: Kolom,
    amount: usize,
    /// Places of the needed columns that tell rows apart.
    others: Vec<usize>,
}

impl TotalsShape {
    /// For a table of this kind, of which `place` tells where a column is.
    pub(crate) fn of(
        kind: FileKind,
        place: impl Fn(Kolom) -> Option<usize>,
    ) -> Option<TotalsShape> {
        let bedrag = match kind {
            FileKind::Declaraties => Kolom::IngediendBedrag,
            FileKind::Toewijzingen => Kolom::Budget,
            FileKind::Omzet => Kolom::Omzet,
            FileKind::Productieverantwoording => Kolom::Bedrag,
            _ => return None,
        };
        let tells_apart = |(kolom, needed): &&(Kolom, bool)| {
            *needed && *kolom != bedrag && *kolom != Kolom::GeleverdVolume
        };
        let others = kind.kolommen().iter().filter(tells_apart);
        let others = others.filter_map(|(kolom, _)| place(*kolom)).collect();
        Some(TotalsShape { bedrag, amount: place(bedrag)?, others })
    }

    /// The amount of a row of totals, which has a word for a total somewhere, and nothing else in the
    /// columns that tell rows apart: without that word it lacks what a row needs. Nearly all rows are
    /// settled by the first letter of the first of these.
    #[inline]
    pub(crate) fn total_of<'r>(&self, record: &Record<'r>) -> Option<&'r [u8]> {
        let first = record.cell(*self.others.first()?);
        match first.first() {
            None | Some(b't' | b'T' | b'e' | b'E' | b's' | b'S') => self.amount_of(record),
            _ => None,
        }
    }

    #[cold]
    fn amount_of<'r>(&self, record: &Record<'r>) -> Option<&'r [u8]> {
        let amount = record.cell(self.amount);
        let mut others = self.others.iter().map(|place| record.cell(*place));
        // A row of data stops at its second cell, whatever its number begins with.
        let lacks_all = others.all(|cell| cell.is_empty() || is_total(cell));
        (lacks_all && !amount.is_empty() && record.cells().any(is_total)).then_some(amount)
    }
}

/// Does the cell begin with a word for a total?
pub(crate) fn is_total(cell: &[u8]) -> bool {
    let word = cell.split(|c| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    ["totaal", "totalen", "eindtotaal", "subtotaal", "total", "som"]
        .iter()
        .any(|total| word.eq_ignore_ascii_case(total.as_bytes()))
}
