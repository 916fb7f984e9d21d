//! Small tables: of one record a row, read whole, in which nothing may stand twice.

use super::collect::{Collect, ReadRows};
use super::error::SourceError;
use super::form::{FileForm, TablePlace};
use super::row::Row;
use super::stamgegevens;
use super::table_spec::{Input, ReadMode, TableReading, TableSpec};
use crate::dossier::{
    AanbiederRow, Agb, CatalogusRow, FileId, FileKind, Kolom, SourceFile, TariefRow,
};
use std::collections::BTreeMap;

/// Reads a table of one record a row.
#[derive(Clone, Copy)]
pub(crate) struct Reader<T>(pub fn(Row<'_>, &mut Vec<T>));

impl<T: Send> ReadRows for Reader<T> {
    type Chunk = Vec<T>;

    fn chunk(&self, _bytes: usize) -> Vec<T> {
        Vec::new()
    }

    fn row(&self, rij: Row<'_>, part: &mut Vec<T>) {
        if rij.is_rejected() {
            rij.close(None::<()>);
        } else {
            (self.0)(rij, part);
        }
    }
}

impl<T: Send> Collect<Vec<T>> for Vec<T> {
    fn take(&mut self, part: Vec<T>) {
        self.extend(part);
    }

    fn rollback(&mut self) {
        self.clear();
    }
}

/// Reads a table of one record a row, from a file or from bytes.
pub(crate) fn read_small<T: Send>(
    table: &TableSpec<'_>,
    input: &Input<'_>,
    mode: &ReadMode,
    row: fn(Row<'_>, &mut Vec<T>),
    report: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<T>, TableReading), SourceError> {
    let mut rows = Vec::new();
    let read = table.read(input, mode, &mut Reader(row), &mut rows, report)?;
    Ok((rows, read))
}

/// Rows of a catalogue that a ruleset brings.
pub(crate) fn read_catalogus(name: &str, bytes: &[u8]) -> Result<Vec<CatalogusRow>, String> {
    read_regelsettabel(name, FileKind::Producten, bytes, stamgegevens::product)
}

/// Rows of tariffs that a ruleset brings.
pub(crate) fn read_tarieven(name: &str, bytes: &[u8]) -> Result<Vec<TariefRow>, String> {
    read_regelsettabel(name, FileKind::Tarieven, bytes, stamgegevens::tarief)
}

/// A ruleset's own table: no row of it may be unreadable.
fn read_regelsettabel<T: Send>(
    name: &str,
    kind: FileKind,
    bytes: &[u8],
    row: fn(Row<'_>, &mut Vec<T>),
) -> Result<Vec<T>, String> {
    let place = TablePlace::default();
    let table = TableSpec { name, kind, id: FileId(0), form: FileForm::Csv, place: &place };
    let (rows, read) = read_small(&table, &Input::Bytes(bytes), &ReadMode::default(), row, &|_| {})
        .map_err(|e| e.to_string())?;
    match read.report.errors.first() {
        None => Ok(rows),
        Some(f) => Err(format!(
            "{name}, regel {}, kolom {}: '{}': {}",
            f.line_number,
            f.kolom.map_or("-", Kolom::name),
            f.value,
            f.reason
        )),
    }
}

/// The same aanbieder twice: equal rows are one, different ones stop the run.
pub(crate) fn check_duplicate_aanbieders(
    rows: &mut Vec<(Agb, AanbiederRow)>,
    files: &[SourceFile],
) -> Result<(), SourceError> {
    rows.sort_by_key(|(agb, g)| (*agb, g.file, g.line_number));
    let content = |g: &AanbiederRow| {
        let core = AanbiederRow { file: FileId(0), line_number: 0, ..g.clone() };
        format!("{core:?}")
    };
    let mut collision = None;
    rows.dedup_by(|(b, gb), (a, go)| {
        let equal = a == b;
        if equal && content(go) != content(gb) && collision.is_none() {
            collision = Some((*a, go.file, go.line_number, gb.file, gb.line_number));
        }
        equal
    });
    match collision {
        None => Ok(()),
        Some((agb, first, earlier, second, line)) => {
            let path = |id: FileId| files[id.place()].pad.clone();
            Err(SourceError::Duplicate {
                file: path(second),
                line: line.into(),
                earlier: earlier.into(),
                other_file: (first != second).then(|| path(first)),
                what: format!("aanbieder {agb}"),
            })
        }
    }
}

/// The same product twice: equal rows are one, different ones stop the run. `file` was read last.
pub(crate) fn check_duplicate_producten(
    producten: &mut Vec<CatalogusRow>,
    file: &str,
) -> Result<(), SourceError> {
    let mut seen: BTreeMap<(String, String), CatalogusRow> = BTreeMap::new();
    for p in std::mem::take(producten) {
        let key = (p.product_categorie.clone(), p.product_code.clone());
        match seen.get(&key) {
            Some(earlier)
                if (CatalogusRow { line_number: p.line_number, ..earlier.clone() }) != p =>
            {
                return Err(SourceError::Duplicate {
                    file: file.to_owned(),
                    line: p.line_number.into(),
                    earlier: earlier.line_number.into(),
                    other_file: None,
                    what: format!("product {} {}", key.0, key.1),
                });
            }
            Some(_) => {}
            None => {
                seen.insert(key, p);
            }
        }
    }
    *producten = seen.into_values().collect();
    Ok(())
}

/// The same tariff twice stops the run. `file` was read last.
pub(crate) fn check_duplicate_tarieven(
    tarieven: &[TariefRow],
    file: &str,
) -> Result<(), SourceError> {
    match double_tarief(tarieven) {
        None => Ok(()),
        Some((first, second)) => Err(SourceError::Duplicate {
            file: file.to_owned(),
            line: second.line_number.into(),
            earlier: first.line_number.into(),
            other_file: None,
            what: format!("tarief {} van {}", second.tariefsleutel, second.jaar),
        }),
    }
}

/// Two tariffs that are equally specific.
pub(crate) fn double_tarief(rows: &[TariefRow]) -> Option<(&TariefRow, &TariefRow)> {
    let mut seen = BTreeMap::new();
    // For whom a row is that can't be read is unknown, not the same.
    let known = |t: &&TariefRow| {
        ![Kolom::Perceel, Kolom::Aanbieder].iter().any(|kolom| t.unreadable.contains(*kolom))
    };
    rows.iter().filter(known).find_map(|t| {
        let key = (t.jaar, &t.tariefsleutel, t.perceel, t.aanbieder);
        seen.insert(key, t).map(|earlier| (earlier, t))
    })
}
