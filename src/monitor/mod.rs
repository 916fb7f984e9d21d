//! What contract management follows through the year: ten tables made from the joined dossier.
//!
//! Frames of lines ([`lines`]) are grouped and joined by polars ([`crate::frame`]), some lines at a time, into
//! sums that add up ([`counted`]); each table has a file of its own under [`tables`], with what it is in
//! its [`TableSpec`]. A table whose source isn't in
//! the dossier says what it needs. All numbers are whole: amounts in cents, shares in hundredths of a
//! percent, halves rounded up once, at the end.

mod agreements;
mod budgets;
mod counted;
mod lines;
mod messages;
mod sources;
mod spec;
mod table;
mod tables;
mod toewijzingen;
mod values;
mod writing;

pub(crate) use counted::Counted;
pub(crate) use table::{Content, Table};

use crate::frame::Made;
use crate::rapport::Pseudonyms;
use crate::regelset::MonitorSettings;
use crate::toetsing::AuditContext;
use crate::writing::WriteError;
use rayon::prelude::*;
use sources::Sources;
use std::path::Path;

/// For whom the tables are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever may see the dossier itself.
    Inside,
    /// People outside the organisation.
    Others,
}

/// All tables of a dossier at one day.
pub(crate) struct Monitor<'a> {
    pub(crate) context: &'a AuditContext<'a>,
    pub(crate) tables: Vec<Table>,
}

impl<'a> Monitor<'a> {
    /// # Errors
    /// A table couldn't be made: a fault of the program.
    pub(crate) fn make(
        context: &'a AuditContext<'a>,
        settings: MonitorSettings,
        pseudonyms: &Pseudonyms,
        readers: Readers,
        mut counted: Counted,
    ) -> Result<Monitor<'a>, WriteError> {
        let tables = move || -> Made<Vec<Table>> {
            let peildatum = counted.peildatum(context)?;
            let sources = Sources::of(context, peildatum, settings, pseudonyms, counted)?;
            let tables = tables::ALL.par_iter().map(|make| make(&sources));
            let shown = |table: Table| match readers {
                Readers::Inside => Ok(table),
                Readers::Others => table.for_others(settings.kleine_groep),
            };
            tables.map(|table| table.and_then(shown)).collect()
        };
        Ok(Monitor { context, tables: tables().map_err(|e| assembling(&e))? })
    }

    /// Writes a workbook for each aanbieder into a folder of its own.
    ///
    /// # Errors
    /// One can't be written.
    pub(crate) fn write_parties(&self, dir: &Path) -> Result<(), WriteError> {
        writing::parties(self, dir)
    }

    /// Writes all files into this folder.
    ///
    /// # Errors
    /// One can't be written.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), WriteError> {
        let rows = self.tables.iter().map(Table::rows).collect::<Made<Vec<_>>>();
        let rows = rows.map_err(|e| assembling(&e))?;
        let others = || {
            writing::index(self, dir)?;
            writing::html(self, &rows, dir)?;
            self.tables.par_iter().zip(&rows).try_for_each(|(table, rows)| {
                writing::csv(table, rows, dir)?;
                writing::parquet(table, dir)
            })
        };
        // The workbook takes longest: the others are written beside it.
        let (book, others) = rayon::join(|| writing::xlsx(self, &rows, dir), others);
        book.and(others)
    }
}

/// What polars couldn't do, as a reason why nothing is written.
fn assembling(e: &polars_core::prelude::PolarsError) -> WriteError {
    let what = "de tabellen van de monitor kunnen niet worden gemaakt";
    WriteError::Assembling { what, cause: e.to_string() }
}
