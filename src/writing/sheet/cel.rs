//! What stands in a cell.

use crate::dossier::{Cent, Dag, Ernst};
use crate::writing::formula::lijkt_formule;

/// A look that a column can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vorm {
    Tekst,
    Lang,
    Getal,
    Geld,
    Datum,
    Deel,
}

/// One cell.
#[derive(Clone)]
pub(crate) enum Cel<'a> {
    Leeg,
    Tekst(&'a str),
    Lang(&'a str),
    Getal(u64),
    /// A number that may be below zero.
    Geheel(i64),
    Geld(Cent),
    Datum(Dag),
    Ernst(Ernst),
    /// A part of a whole, shown in percents; empty of nothing.
    Deel(i64, i64),
    /// A cell that a person fills in.
    Invul(&'a str),
    /// A text that leads to the first cell of a sheet.
    NaarBlad(&'a str, &'a str),
}

impl<'a> Cel<'a> {
    pub(crate) fn van(tekst: Option<&'a str>) -> Cel<'a> {
        tekst.map_or(Cel::Leeg, Cel::Tekst)
    }

    /// How it looks unless it is bold; `None` where that follows from what it says.
    pub(super) fn vorm(&self) -> Option<Vorm> {
        match self {
            Cel::Tekst(tekst) if !lijkt_formule(tekst) => Some(Vorm::Tekst),
            Cel::Lang(tekst) if !lijkt_formule(tekst) => Some(Vorm::Lang),
            Cel::Getal(_) | Cel::Geheel(_) => Some(Vorm::Getal),
            Cel::Geld(_) => Some(Vorm::Geld),
            Cel::Datum(_) => Some(Vorm::Datum),
            Cel::Deel(..) => Some(Vorm::Deel),
            _ => None,
        }
    }

    /// The number in it, as spreadsheets count.
    pub(super) fn getal(&self) -> Option<f64> {
        match self {
            Cel::Getal(n) => Some(*n as f64),
            Cel::Geheel(n) => Some(*n as f64),
            Cel::Geld(c) => Some(euro(*c)),
            Cel::Datum(d) => Some(f64::from(excel_dag(*d))),
            Cel::Deel(_, 0) => None,
            Cel::Deel(deel, geheel) => Some(*deel as f64 / *geheel as f64),
            _ => None,
        }
    }

    /// Lines that a wrapped text needs in a column of this many characters.
    pub(super) fn regels(&self, breedte: f64) -> usize {
        match self {
            Cel::Lang(tekst) => {
                (tekst.chars().count() as f64 * 1.1 / breedte).ceil().max(1.0) as usize
            }
            _ => 1,
        }
    }
}

/// A spreadsheet knows no whole cents: the nearest number shows and adds up as the amount.
fn euro(c: Cent) -> f64 {
    c.0 as f64 / 100.0
}

/// Days as Excel counts them, from 30 December 1899.
fn excel_dag(dag: Dag) -> i32 {
    dag.dagen_sinds_1970() + 25_569
}
