//! `bevindingen.parquet` and `onderliggend.parquet`: typed columns for other programs.
//!
//! A column is made, encoded and compressed on its own: the table is never in memory as a whole, and
//! each core has columns to work on. It is polars that encodes, compresses and writes. Only no DataFrame
//! is made first, as [`crate::monitor`] does: of each row group it would hold all texts at once and look
//! up again which of them are the same, for the same bytes. A run on 300,000 lines with 10% fouten that
//! writes Parquet alone then took a quarter more memory (218 MB instead of 174) and some 3% more time.

use super::Rapport;
use super::bevindingen::FindingRow;
use super::csv::REACTIE;
use super::onderliggend::UnderlyingRow;
use crate::dossier::Dag;
use crate::ground::Shown;
use crate::writing::WriteError;
use hashbrown::HashMap;
use polars_arrow::array::{
    Array, DictionaryArray, MutablePlString, MutablePrimitiveArray, PrimitiveArray, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field, IntegerType};
use polars_core::prelude::{PolarsError, PolarsResult};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter,
    ParquetType, StatisticsOptions, Version, WriteOptions, array_to_pages, compress,
    fallible_streaming_iterator, to_nested, to_parquet_leaves,
};
use rayon::prelude::*;
use std::hash::Hash;
use std::ops::Range;
use std::path::Path;

pub(crate) fn bevindingen(rapport: &Rapport<'_>, path: &Path) -> Result<(), WriteError> {
    let of_group = |group: Range<usize>| {
        rapport.bevindingen[group].iter().map(|g| rapport.row(g)).collect::<Vec<_>>()
    };
    let rows = groups(rapport.bevindingen.len()).map(of_group);
    let mut kolommen = bevindingkolommen();
    let reacties = &rapport.reacties;
    if reacties.any {
        let on = |row: FindingRow<'_>| not_empty(reacties.on(row.nummer()).into());
        kolommen.push(repeated(REACTIE, on));
    }
    for (place, header) in rapport.meegenomen.headers().enumerate() {
        kolommen.push(repeated(header, move |row: FindingRow<'_>| row.meegenomen(place)));
    }
    write(table(&kolommen, rows), "de tabel van bevindingen kan niet worden gemaakt", path)
}

/// The lines under findings.
pub(crate) fn onderliggend(rapport: &Rapport<'_>, path: &Path) -> Result<(), WriteError> {
    let mut bevindingen = rapport.bevindingen.iter();
    let rows = std::iter::from_fn(|| {
        let mut rows = Vec::new();
        while rows.len() < PER_GROUP {
            let Some(bevinding) = bevindingen.next() else { break };
            rows.extend(rapport.under(bevinding));
        }
        (!rows.is_empty()).then_some(rows)
    });
    let mut kolommen = onderliggendkolommen();
    for (place, header) in rapport.meegenomen.headers().enumerate() {
        kolommen.push(repeated(header, move |row: UnderlyingRow<'_>| row.meegenomen(place)));
    }
    let table = table(&kolommen, rows);
    write(table, "de tabel van onderliggende declaratieregels kan niet worden gemaakt", path)
}

fn write(table: PolarsResult<Vec<u8>>, what: &'static str, path: &Path) -> Result<(), WriteError> {
    // Into memory first: what goes wrong on the disk is then said as for every other file.
    let bytes = table.map_err(|e| WriteError::Assembling { what, cause: e.to_string() })?;
    std::fs::write(path, bytes).map_err(|e| WriteError::writing(path, &e))
}

const OPTIONS: WriteOptions = WriteOptions {
    statistics: StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: None,
    },
    version: Version::V1,
    compression: CompressionOptions::Snappy,
    data_page_size: None,
};

/// Rows of a row group, at least; the last one may have up to twice as many.
const PER_GROUP: usize = 512 * 512;

/// Makes a column of some rows.
type ColumnMaker<'r, T> = dyn Fn(&[T]) -> PolarsResult<Box<dyn Array>> + Send + Sync + 'r;

/// One column of rows of a kind.
struct ParquetColumn<'r, T> {
    name: &'r str,
    kind: ArrowDataType,
    make: Box<ColumnMaker<'r, T>>,
}

impl<T> ParquetColumn<'_, T> {
    /// The column of these rows as it comes in the file.
    fn pages(&self, rows: &[T], in_file: &ParquetType) -> Pages {
        let kolom = (self.make)(rows)?;
        let levels = to_nested(kolom.as_ref(), in_file)?;
        let kinds = to_parquet_leaves(in_file.clone());
        let mut pages = Vec::new();
        for (levels, kind) in levels.iter().zip(kinds) {
            let encoding = Encoding::RleDictionary;
            for page in array_to_pages(kolom.as_ref(), kind, levels, OPTIONS, encoding)? {
                pages.push(compress(page?, Vec::new(), OPTIONS.compression)?);
            }
        }
        Ok(pages)
    }
}

/// Pages of a column, ready to be written.
type Pages = PolarsResult<Vec<CompressedPage>>;

/// The columns of a finding: amounts in whole cents, days as dates, absent values as nulls.
fn bevindingkolommen<'r>() -> Vec<ParquetColumn<'r, FindingRow<'r>>> {
    type Row<'r> = FindingRow<'r>;
    vec![
        texts("Id", |row: Row<'r>| Some(Shown::unmasked(row.id()))),
        repeated("Regel", |row: Row<'r>| Some(row.rule().into())),
        words("Ernst", FindingRow::ernst, |row| Some(row.ernst().name().into())),
        words("Aanbieder", FindingRow::aanbieder, |row| {
            row.aanbieder().map(|a| a.to_string().into())
        }),
        words("Gemeente", FindingRow::gemeente, |row| row.gemeente().map(|g| g.to_string().into())),
        words("Jeugdige", FindingRow::bsn, |row| row.jeugdige()),
        words("ToewijzingNummer", FindingRow::toewijzing_word, |row| row.toewijzing_nummer()),
        repeated("DeclaratieNummer", |row: Row<'r>| row.declaratie_nummer()),
        texts("ReferentieNummer", |row: Row<'r>| row.referentie_nummer()),
        words("Bestand", FindingRow::file_id, |row| row.file().map(Shown::from)),
        numbers("Regelnummer", |row: Row<'r>| row.line_number().map(i64::from)),
        dagen("Begindatum", |row: Row<'r>| row.begindatum()),
        dagen("Einddatum", |row: Row<'r>| row.einddatum()),
        words("ProductCode", FindingRow::product_text, |row| row.product_code()),
        numbers("IngediendBedrag", |row: Row<'r>| row.ingediend_bedrag().map(|c| c.0)),
        numbers("BedragInGeding", |row: Row<'r>| row.bedrag_in_geding().map(|c| c.0)),
        repeated("Gevonden", |row: Row<'r>| not_empty(row.found())),
        repeated("Verwacht", |row: Row<'r>| not_empty(row.expected())),
        repeated("Toelichting", |row: Row<'r>| {
            Some(row.toelichting()).filter(|text| !text.is_empty())
        }),
        repeated("Bron", |row: Row<'r>| Some(row.source().into())),
        repeated("Oordeel", |row: Row<'r>| row.oordeel().map(Shown::from)),
    ]
}

/// The columns of a line under a finding: the same, and volumes in hundredths of their unit.
fn onderliggendkolommen<'r>() -> Vec<ParquetColumn<'r, UnderlyingRow<'r>>> {
    type Row<'r> = UnderlyingRow<'r>;
    vec![
        repeated("Id", |row: Row<'r>| Some(Shown::unmasked(row.id()))),
        words("Bestand", |row: &Row<'r>| row.line.file, |row| Some(row.file().into())),
        numbers("Regelnummer", |row: Row<'r>| Some(row.line.line_number.into())),
        words(
            "Aanbieder",
            |row: &Row<'r>| row.line.aanbieder,
            |row| Some(row.aanbieder().to_string().into()),
        ),
        words(
            "Gemeente",
            |row: &Row<'r>| row.line.gemeente,
            |row| Some(row.line.gemeente.to_string().into()),
        ),
        texts("ReferentieNummer", |row: Row<'r>| row.referentie_nummer()),
        words(
            "ToewijzingNummer",
            |row: &Row<'r>| row.line.toewijzing_nummer,
            |row| row.toewijzing_nummer(),
        ),
        dagen("Begindatum", |row: Row<'r>| Some(row.line.begindatum)),
        dagen("Einddatum", |row: Row<'r>| Some(row.line.einddatum)),
        words("ProductCode", |row: &Row<'r>| row.line.product, |row| row.product_code()),
        numbers("GeleverdVolume", |row: Row<'r>| Some(row.line.geleverd_volume.0)),
        numbers("IngediendBedrag", |row: Row<'r>| Some(row.line.ingediend_bedrag.0)),
        numbers("Aandeel", |row: Row<'r>| row.share.map(|c| c.0)),
    ]
}

/// Groups of rows as the bytes of a file.
fn table<T: Send + Sync>(
    kolommen: &[ParquetColumn<'_, T>],
    mut groups: impl Iterator<Item = Vec<T>> + Send,
) -> PolarsResult<Vec<u8>> {
    let fields = kolommen.iter().map(|k| {
        let field = Field::new(k.name.into(), k.kind.clone(), true);
        (field.name.clone(), field)
    });
    let mut file = FileWriter::try_new(Vec::new(), fields.collect::<ArrowSchema>(), OPTIONS)?;
    let mut next = groups.next();
    while let Some(rows) = next {
        let in_file = file.parquet_schema().fields();
        let of_these = || -> PolarsResult<Vec<Vec<CompressedPage>>> {
            let kolommen = kolommen.par_iter().zip(in_file).with_max_len(1);
            kolommen.map(|(kolom, in_file)| kolom.pages(&rows, in_file)).collect()
        };
        // The rows of the next group come together meanwhile.
        let (pages, following) = rayon::join(of_these, || groups.next());
        next = following;
        let pages = pages?;
        let pages = pages.iter().map(|of_kolom| {
            let of_kolom = of_kolom.iter().map(PolarsResult::Ok);
            Ok(DynStreamingIterator::<_, PolarsError>::new(fallible_streaming_iterator::convert(
                of_kolom,
            )))
        });
        file.write(rows.len() as u64, DynIter::new(pages))?;
    }
    file.end(None)?;
    Ok(file.into_inner())
}

/// The rows of each row group.
fn groups(rows: usize) -> impl Iterator<Item = Range<usize>> {
    let count = (rows / PER_GROUP).max(1);
    let per_group = rows / count;
    let end = move |i| if i + 1 == count { rows } else { (i + 1) * per_group };
    (0..count).map(move |i| i * per_group..end(i)).filter(|group| !group.is_empty())
}

fn not_empty(text: Shown<'_>) -> Option<Shown<'_>> {
    (!text.is_empty()).then_some(text)
}

/// A column of texts that seldom come back.
fn texts<'r, T: Copy>(
    name: &'static str,
    f: impl Fn(T) -> Option<Shown<'r>> + Send + Sync + 'r,
) -> ParquetColumn<'r, T> {
    let make = move |rows: &[T]| {
        let mut kolom = MutablePlString::with_capacity(rows.len());
        rows.iter().for_each(|row| kolom.push(f(*row).as_deref()));
        Ok(Utf8ViewArray::from(kolom).boxed())
    };
    ParquetColumn { name, kind: ArrowDataType::Utf8View, make: Box::new(make) }
}

/// Up to this many rows, and up to this share of them with a text of their own, a column is sure to
/// be written as numbers in a list of its texts; past it the writer decides.
const ALWAYS_WORDS: usize = 128;
const AT_MOST_WORDS: f64 = 0.6;

/// A column as numbers in a list of its texts, each of which is there once.
struct Dictionary<'r> {
    texts: MutablePlString,
    per_text: HashMap<Shown<'r>, u32>,
    ids: MutablePrimitiveArray<u32>,
}

impl<'r> Dictionary<'r> {
    fn with_capacity(rows: usize) -> Dictionary<'r> {
        Dictionary {
            texts: MutablePlString::new(),
            per_text: HashMap::with_capacity(rows / ROWS_PER_WORD),
            ids: MutablePrimitiveArray::with_capacity(rows),
        }
    }

    fn intern(&mut self, text: Shown<'r>) -> u32 {
        let new = self.per_text.len() as u32;
        *self.per_text.entry(text).or_insert_with_key(|text| {
            self.texts.push_value(&**text);
            new
        })
    }

    fn kolom(self) -> PolarsResult<Box<dyn Array>> {
        let ids = PrimitiveArray::from(self.ids);
        let texts = Utf8ViewArray::from(self.texts);
        let rows = ids.len();
        // An absent value may count as a text.
        let different = (texts.len() + 1) as f64;
        if rows <= ALWAYS_WORDS || different <= rows as f64 * AT_MOST_WORDS {
            let text = Box::new(ArrowDataType::Utf8View);
            let kind = ArrowDataType::Dictionary(IntegerType::UInt32, text, false);
            return Ok(DictionaryArray::try_new(kind, ids, texts.boxed())?.boxed());
        }
        let mut kolom = MutablePlString::with_capacity(rows);
        ids.iter().for_each(|id| kolom.push(id.map(|id| texts.value(*id as usize))));
        Ok(Utf8ViewArray::from(kolom).boxed())
    }
}

/// As many rows as a word is expected to have: room is made for so many words at once.
const ROWS_PER_WORD: usize = 4;

/// A column of which rows with the same `key` have the same text: each is made once.
fn words<'r, T: Copy, S: Copy + Eq + Hash>(
    name: &'static str,
    key: impl Fn(&T) -> S + Send + Sync + 'r,
    f: impl Fn(T) -> Option<Shown<'r>> + Send + Sync + 'r,
) -> ParquetColumn<'r, T> {
    let make = move |rows: &[T]| {
        let mut list = Dictionary::with_capacity(rows.len());
        let mut per_key: HashMap<S, Option<u32>> =
            HashMap::with_capacity(rows.len() / ROWS_PER_WORD);
        let mut previous = None;
        for row in rows.iter().copied() {
            let s = key(&row);
            let nummer = match previous {
                Some((previous, nummer)) if previous == s => nummer,
                _ => *per_key.entry(s).or_insert_with(|| f(row).map(|text| list.intern(text))),
            };
            previous = Some((s, nummer));
            list.ids.push(nummer);
        }
        list.kolom()
    };
    ParquetColumn { name, kind: ArrowDataType::Utf8View, make: Box::new(make) }
}

/// A column of texts of which many come back.
fn repeated<'r, T: Copy>(
    name: &'r str,
    f: impl Fn(T) -> Option<Shown<'r>> + Send + Sync + 'r,
) -> ParquetColumn<'r, T> {
    let make = move |rows: &[T]| {
        let mut list = Dictionary::with_capacity(rows.len());
        let mut previous: Option<(&str, u32)> = None;
        for row in rows.iter().copied() {
            let nummer = match (f(row), previous) {
                (None, _) => None,
                (Some(text), before) => match (text.borrowed(), before) {
                    // Findings of one rule often share the text itself.
                    (Some(t), Some((same, id))) if std::ptr::eq(t, same) => Some(id),
                    (borrowed, _) => {
                        let id = list.intern(text);
                        previous = borrowed.map(|t| (t, id)).or(before);
                        Some(id)
                    }
                },
            };
            list.ids.push(nummer);
        }
        list.kolom()
    };
    ParquetColumn { name, kind: ArrowDataType::Utf8View, make: Box::new(make) }
}

fn numbers<'r, T: Copy>(
    name: &'static str,
    f: impl Fn(T) -> Option<i64> + Send + Sync + 'r,
) -> ParquetColumn<'r, T> {
    let make = move |rows: &[T]| {
        let mut kolom = MutablePrimitiveArray::<i64>::with_capacity(rows.len());
        rows.iter().for_each(|row| kolom.push(f(*row)));
        Ok(PrimitiveArray::from(kolom).boxed())
    };
    ParquetColumn { name, kind: ArrowDataType::Int64, make: Box::new(make) }
}

fn dagen<'r, T: Copy>(
    name: &'static str,
    f: impl Fn(T) -> Option<Dag> + Send + Sync + 'r,
) -> ParquetColumn<'r, T> {
    let make = move |rows: &[T]| {
        let mut kolom = MutablePrimitiveArray::<i32>::with_capacity(rows.len());
        rows.iter().for_each(|row| kolom.push(f(*row).map(Dag::dagen_since_1970)));
        Ok(PrimitiveArray::from(kolom).to(ArrowDataType::Date32).boxed())
    };
    ParquetColumn { name, kind: ArrowDataType::Date32, make: Box::new(make) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_groups_hold_every_row_once() {
        for (rows, count) in [(0, 0), (1, 1), (PER_GROUP, 1), (2 * PER_GROUP - 1, 1)] {
            assert_eq!(groups(rows).count(), count);
        }
        let rows = 3 * PER_GROUP + 5;
        let groepen: Vec<_> = groups(rows).collect();
        assert_eq!(groepen.len(), 3);
        assert_eq!(groepen.iter().map(Range::len).sum::<usize>(), rows);
        assert!(groepen.windows(2).all(|pair| pair[0].end == pair[1].start));
    }
}
