//! The rows of one sheet, whatever the form of its workbook.

use crate::bron::process::Problem;
use calamine::DataRef;

/// Columns that a sheet can have.
const KOLOMMEN: u32 = 1 << 14;

/// Which row of a sheet it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowPlace {
    /// From zero.
    pub number: u32,
    /// Did a person hide it or filter it away?
    pub is_hidden: bool,
}

impl RowPlace {
    /// Its number as a person sees it.
    pub(crate) fn line(self) -> u64 {
        u64::from(self.number) + 1
    }
}

/// A cell with its row and its column, from zero.
pub(super) type PlacedCell<'z> = (RowPlace, u32, DataRef<'z>);

/// The cells of a sheet, row by row, until there are no more.
pub(super) type Cells<'z> = Box<dyn FnMut() -> Result<Option<PlacedCell<'z>>, Problem> + 'z>;

/// The rows of a sheet that have cells.
pub(crate) struct SheetRows<'z> {
    cells: Cells<'z>,
    ahead: Option<PlacedCell<'z>>,
    at_end: bool,
}

impl<'z> SheetRows<'z> {
    pub(super) fn new(cells: Cells<'z>) -> SheetRows<'z> {
        SheetRows { cells, ahead: None, at_end: false }
    }

    /// Puts the cells of the next row, each with its column, into `cells`; returns which it is.
    pub(crate) fn next(
        &mut self,
        cells: &mut Vec<(u32, DataRef<'z>)>,
    ) -> Result<Option<RowPlace>, Problem> {
        cells.clear();
        let mut row = None;
        if let Some((r, kolom, value)) = self.ahead.take() {
            row = Some(r);
            cells.push((kolom, value));
        }
        while !self.at_end {
            let Some((r, kolom, value)) = (self.cells)()? else {
                self.at_end = true;
                break;
            };
            if kolom >= KOLOMMEN || matches!(value, DataRef::Empty) {
                continue;
            }
            if *row.get_or_insert(r) != r {
                self.ahead = Some((r, kolom, value));
                break;
            }
            cells.push((kolom, value));
        }
        Ok(row)
    }
}
