//! `bevindingen.parquet`: typed columns for other programs.
//!
//! A column is made, encoded and compressed on its own: the table is never in memory as a whole, and
//! each core has columns to work on.

use super::Rapport;
use super::bevindingen::{FindingRow, Numbered};
use crate::dossier::Dag;
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
use std::borrow::Cow;
use std::hash::Hash;
use std::ops::Range;
use std::path::Path;

pub(crate) fn write(rapport: &Rapport<'_>, path: &Path) -> Result<(), WriteError> {
    // Into memory first: what goes wrong on the disk is then said as for every other file.
    let bytes = table(rapport).map_err(|e| WriteError::Assembling {
        what: "de tabel van bevindingen kan niet worden gemaakt",
        cause: e.to_string(),
    })?;
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

/// Makes a column of some findings.
type ColumnMaker<'r> = dyn Fn(&'r [Numbered]) -> PolarsResult<Box<dyn Array>> + Send + Sync + 'r;

/// One column.
struct ParquetColumn<'r> {
    name: &'static str,
    kind: ArrowDataType,
    make: Box<ColumnMaker<'r>>,
}

impl<'r> ParquetColumn<'r> {
    /// The column of these findings as it comes in the file.
    fn sheets(&self, rows: &'r [Numbered], in_file: &ParquetType) -> Pages {
        let kolom = (self.make)(rows)?;
        let strata = to_nested(kolom.as_ref(), in_file)?;
        let kinds = to_parquet_leaves(in_file.clone());
        let mut bladen = Vec::new();
        for (strata, kind) in strata.iter().zip(kinds) {
            let codering = Encoding::RleDictionary;
            for sheet in array_to_pages(kolom.as_ref(), kind, strata, OPTIONS, codering)? {
                bladen.push(compress(sheet?, Vec::new(), OPTIONS.compression)?);
            }
        }
        Ok(bladen)
    }
}

/// Pages of a column, ready to be written.
type Pages = PolarsResult<Vec<CompressedPage>>;

/// The findings as the bytes of a file: amounts in whole cents, days as dates, absent values as
/// nulls.
fn table(rapport: &Rapport<'_>) -> PolarsResult<Vec<u8>> {
    let r = rapport;
    let kolommen = [
        texts("Id", r, |row| Some(row.id().into())),
        repeated("Regel", r, |row| Some(row.rule().into())),
        words("Ernst", r, FindingRow::ernst, |row| Some(row.ernst().name().into())),
        words("Aanbieder", r, FindingRow::aanbieder, |row| {
            row.aanbieder().map(|a| a.to_string().into())
        }),
        words("Gemeente", r, FindingRow::gemeente, |row| {
            row.gemeente().map(|g| g.to_string().into())
        }),
        words("Jeugdige", r, FindingRow::bsn, |row| row.jeugdige().map(Cow::Owned)),
        words("ToewijzingNummer", r, FindingRow::toewijzing_word, |row| row.toewijzing_nummer()),
        repeated("DeclaratieNummer", r, |row| row.declaratie_nummer()),
        texts("ReferentieNummer", r, |row| row.referentie_nummer()),
        words("Bestand", r, FindingRow::file_id, |row| row.file().map(Cow::Borrowed)),
        numbers("Regelnummer", r, |row| row.line_number().map(i64::from)),
        dagen("Begindatum", r, |row| row.begindatum()),
        dagen("Einddatum", r, |row| row.einddatum()),
        words("ProductCode", r, FindingRow::product_text, |row| row.product_code()),
        numbers("IngediendBedrag", r, |row| row.ingediend_bedrag().map(|c| c.0)),
        numbers("BedragInGeding", r, |row| row.bedrag_in_geding().map(|c| c.0)),
        repeated("Gevonden", r, |row| not_empty(row.found())),
        repeated("Verwacht", r, |row| not_empty(row.expected())),
        repeated("Toelichting", r, |row| not_empty(row.toelichting())),
        repeated("Bron", r, |row| Some(row.source().into())),
        repeated("Oordeel", r, |row| row.oordeel().map(Cow::Borrowed)),
    ];
    let fields = kolommen.iter().map(|k| {
        let field = Field::new(k.name.into(), k.kind.clone(), true);
        (field.name.clone(), field)
    });
    let mut file = FileWriter::try_new(Vec::new(), fields.collect::<ArrowSchema>(), OPTIONS)?;
    for group in groups(r.bevindingen.len()) {
        let rows = &r.bevindingen[group];
        let in_file = file.parquet_schema().fields();
        let sheets = kolommen
            .par_iter()
            .zip(in_file)
            .with_max_len(1)
            .map(|(kolom, in_file)| kolom.sheets(rows, in_file))
            .collect::<PolarsResult<Vec<_>>>()?;
        let sheets = sheets.iter().map(|of_kolom| {
            let of_kolom = of_kolom.iter().map(PolarsResult::Ok);
            Ok(DynStreamingIterator::<_, PolarsError>::new(fallible_streaming_iterator::convert(
                of_kolom,
            )))
        });
        file.write(rows.len() as u64, DynIter::new(sheets))?;
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

fn not_empty(text: &str) -> Option<Cow<'_, str>> {
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

/// A column of texts that seldom come back.
fn texts<'r>(
    name: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(FindingRow<'r>) -> Option<Cow<'r, str>> + Send + Sync + 'r,
) -> ParquetColumn<'r> {
    let make = move |rows: &'r [Numbered]| {
        let mut kolom = MutablePlString::with_capacity(rows.len());
        rows.iter().for_each(|g| kolom.push(f(rapport.row(g))));
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
    per_text: HashMap<Cow<'r, str>, u32>,
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

    fn nummer(&mut self, text: Cow<'r, str>) -> u32 {
        let new = self.per_text.len() as u32;
        *self.per_text.entry(text).or_insert_with_key(|text| {
            self.texts.push_value(text);
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
fn words<'r, S: Copy + Eq + Hash>(
    name: &'static str,
    rapport: &'r Rapport<'_>,
    key: impl Fn(&FindingRow<'r>) -> S + Send + Sync + 'r,
    f: impl Fn(FindingRow<'r>) -> Option<Cow<'r, str>> + Send + Sync + 'r,
) -> ParquetColumn<'r> {
    let make = move |rows: &'r [Numbered]| {
        let mut list = Dictionary::with_capacity(rows.len());
        let mut per_key: HashMap<S, Option<u32>> =
            HashMap::with_capacity(rows.len() / ROWS_PER_WORD);
        let mut previous = None;
        for row in rows.iter().map(|g| rapport.row(g)) {
            let s = key(&row);
            let nummer = match previous {
                Some((previous, nummer)) if previous == s => nummer,
                _ => *per_key.entry(s).or_insert_with(|| f(row).map(|text| list.nummer(text))),
            };
            previous = Some((s, nummer));
            list.ids.push(nummer);
        }
        list.kolom()
    };
    ParquetColumn { name, kind: ArrowDataType::Utf8View, make: Box::new(make) }
}

/// A column of texts of which many come back.
fn repeated<'r>(
    name: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(FindingRow<'r>) -> Option<Cow<'r, str>> + Send + Sync + 'r,
) -> ParquetColumn<'r> {
    let make = move |rows: &'r [Numbered]| {
        let mut list = Dictionary::with_capacity(rows.len());
        let mut previous: Option<(&str, u32)> = None;
        for row in rows.iter().map(|g| rapport.row(g)) {
            let nummer = match (f(row), previous) {
                (None, _) => None,
                // Findings of one rule often share the text itself.
                (Some(Cow::Borrowed(t)), Some((previous, id))) if std::ptr::eq(t, previous) => {
                    Some(id)
                }
                (Some(Cow::Borrowed(t)), _) => {
                    let id = list.nummer(t.into());
                    previous = Some((t, id));
                    Some(id)
                }
                (Some(text), _) => Some(list.nummer(text)),
            };
            list.ids.push(nummer);
        }
        list.kolom()
    };
    ParquetColumn { name, kind: ArrowDataType::Utf8View, make: Box::new(make) }
}

fn numbers<'r>(
    name: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(FindingRow<'r>) -> Option<i64> + Send + Sync + 'r,
) -> ParquetColumn<'r> {
    let make = move |rows: &'r [Numbered]| {
        let mut kolom = MutablePrimitiveArray::<i64>::with_capacity(rows.len());
        rows.iter().for_each(|g| kolom.push(f(rapport.row(g))));
        Ok(PrimitiveArray::from(kolom).boxed())
    };
    ParquetColumn { name, kind: ArrowDataType::Int64, make: Box::new(make) }
}

fn dagen<'r>(
    name: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(FindingRow<'r>) -> Option<Dag> + Send + Sync + 'r,
) -> ParquetColumn<'r> {
    let make = move |rows: &'r [Numbered]| {
        let mut kolom = MutablePrimitiveArray::<i32>::with_capacity(rows.len());
        rows.iter().for_each(|g| kolom.push(f(rapport.row(g)).map(Dag::dagen_since_1970)));
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
