//! What stands in a cell.

use crate::dossier::{Cent, Dag, Ernst, Volume};
use crate::ground::Shown;
use crate::writing::formula::looks_like_formula;

/// A look that a column can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnFormat {
    Text,
    Long,
    Number,
    Money,
    Datum,
    Share,
    Volume,
}

/// One cell.
#[derive(Clone)]
pub(crate) enum Cell<'a> {
    Empty,
    Text(Shown<'a>),
    /// A text that may take several lines.
    Long(Shown<'a>),
    Number(u64),
    /// A number that may be below zero.
    Integer(i64),
    Money(Cent),
    /// A formula that gives an amount, and that amount.
    Sum(&'a str, Cent),
    /// An amount that is shown in whole euros, nothing as a dash.
    Euros(Cent),
    /// A formula that gives such an amount, and that amount.
    SumInEuros(&'a str, Cent),
    Datum(Dag),
    Volume(Volume),
    Ernst(Ernst),
    /// A part of a whole, shown in percents; empty of nothing.
    Share(i64, i64),
    /// A cell that a person fills in.
    FillIn(Shown<'a>),
    /// A text that leads to the first cell of a sheet.
    ToSheet(&'a str, &'a str),
}

impl<'a> Cell<'a> {
    pub(crate) fn of(text: Option<impl Into<Shown<'a>>>) -> Cell<'a> {
        text.map_or(Cell::Empty, Cell::text)
    }

    pub(crate) fn text(text: impl Into<Shown<'a>>) -> Cell<'a> {
        Cell::Text(text.into())
    }

    pub(crate) fn long(text: impl Into<Shown<'a>>) -> Cell<'a> {
        Cell::Long(text.into())
    }

    pub(crate) fn fill_in(text: impl Into<Shown<'a>>) -> Cell<'a> {
        Cell::FillIn(text.into())
    }

    /// How it looks unless it is bold; `None` where that follows from what it says.
    pub(super) fn form(&self) -> Option<ColumnFormat> {
        match self {
            Cell::Text(text) if !looks_like_formula(text) => Some(ColumnFormat::Text),
            Cell::Long(text) if !looks_like_formula(text) => Some(ColumnFormat::Long),
            Cell::Number(_) | Cell::Integer(_) => Some(ColumnFormat::Number),
            Cell::Money(_) | Cell::Sum(..) => Some(ColumnFormat::Money),
            Cell::Datum(_) => Some(ColumnFormat::Datum),
            Cell::Share(..) => Some(ColumnFormat::Share),
            Cell::Volume(_) => Some(ColumnFormat::Volume),
            _ => None,
        }
    }

    /// The number in it, as spreadsheets count.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Cell::Number(n) => Some(*n as f64),
            Cell::Integer(n) => Some(*n as f64),
            Cell::Money(c) | Cell::Euros(c) => Some(euro(*c)),
            Cell::Datum(d) => Some(f64::from(excel_dag(*d))),
            Cell::Volume(v) => Some(v.0 as f64 / 100.0),
            Cell::Share(_, 0) => None,
            Cell::Share(part, whole) => Some(*part as f64 / *whole as f64),
            _ => None,
        }
    }

    /// Lines that a wrapped text needs in a column of this many characters.
    pub(super) fn lines(&self, width: f64) -> usize {
        match self {
            Cell::Long(text) => {
                (text.chars().count() as f64 * 1.1 / width).ceil().max(1.0) as usize
            }
            _ => 1,
        }
    }
}

/// A spreadsheet knows no whole cents: the nearest number shows and adds up as the amount.
pub(super) fn euro(c: Cent) -> f64 {
    c.0 as f64 / 100.0
}

/// Days as Excel counts them, from 30 December 1899.
fn excel_dag(dag: Dag) -> i32 {
    dag.dagen_since_1970() + 25_569
}
