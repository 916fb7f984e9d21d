//! Parquet: typed columns or all text, a slice of a row group at a time, as records.
//!
//! Read below polars' own types, because those panic on a type that they were not built with. What a
//! file asks for can't be known before it is read: the program reads it in a process of its own, which
//! an abort or a limit ends and nothing else ([`remote`]).

mod remote;

pub(crate) use remote::{read, read_texts, serve};

use super::number::{write_decimal, write_number, write_short_number};
use super::process::Problem;
use super::record::RecordBlock;
use crate::dossier::Kolom;
use crate::ground::is_bomb;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use polars_arrow::array::{
    Array, BinaryViewArray, BooleanArray, PrimitiveArray, StaticArray, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit};
use polars_arrow::types::NativeType;
use polars_buffer::Buffer;
use polars_parquet::parquet::schema::types::{ParquetType, PhysicalType};
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{
    BasicDecompressor, FileMetadata, Filter, PageReader, RowGroupMetadata, column_iter_to_arrays,
    read_metadata,
};
use rayon::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt::{Display, Write};
use std::io::Cursor;

/// Rows that are in memory at a time.
const DISK: usize = 1 << 18;
/// Rows in one block, and bytes of text that it has at most, about.
const BLOCK_ROWS: usize = 1 << 13;
const BLOCK_BYTES: u64 = 4 << 20;
/// No sane writer makes a page larger than this.
const LIMIT_PAGE: usize = 1 << 28;

/// What a column of the file is to us.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Wanted {
    Kolom(Kolom),
    /// It rides along.
    Text,
}

impl Wanted {
    fn kolom(self) -> Option<Kolom> {
        match self {
            Wanted::Kolom(kolom) => Some(kolom),
            Wanted::Text => None,
        }
    }
}

/// A Parquet file, opened.
pub(super) struct ParquetFile {
    bytes: Buffer<u8>,
    facts: FileMetadata,
}

/// That this is what it is, for who looks into the log.
fn damaged(why: impl Display) -> Problem {
    tracing::debug!("{why}");
    Problem::damaged("het is geen leesbaar parquet-bestand")
}

impl ParquetFile {
    pub(super) fn open(bytes: Vec<u8>) -> Result<ParquetFile, Problem> {
        let bytes = Buffer::from(bytes);
        let facts = read_metadata(&mut Cursor::new(bytes.as_slice()));
        let facts = facts.map_err(damaged)?;
        Ok(ParquetFile { bytes, facts })
    }

    /// Its columns, and whether we read what they hold.
    pub(super) fn columns(&self) -> Vec<(String, bool)> {
        let fields = self.facts.schema().fields();
        let schema = parquet_to_arrow_schema(fields);
        let readable = |name: &str| schema.get(name).is_some_and(|f| is_readable(&f.dtype));
        fields.iter().map(|f| (f.name().to_owned(), readable(f.name()))).collect()
    }

    /// For each place in a record the field to read, if the column means anything to us.
    fn fields(&self, wanted: &[Option<Wanted>]) -> Vec<Option<(Wanted, Field)>> {
        let fields = self.facts.schema().fields();
        let schema = parquet_to_arrow_schema(fields);
        let field = |(wanted, field): (&Option<Wanted>, &ParquetType)| {
            let mut found = schema.get(field.name())?.clone();
            if is_int96(field) {
                // Spark writes these moments in world time, without saying so. In thousandths of a second
                // every day that such a value can hold fits: in finer ones the year 9999 doesn't.
                found.dtype = ArrowDataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
            }
            Some(((*wanted)?, found))
        };
        wanted.iter().zip(fields).map(field).collect()
    }

    /// Reads the rows; `send` gets some blocks of them at a time.
    pub(super) fn read(
        &self,
        wanted: &[Option<Wanted>],
        send: &mut dyn FnMut(&[RecordBlock]),
    ) -> Result<(), Problem> {
        let fields = self.fields(wanted);
        let (mut earlier, mut cell_bytes) = (0, 0);
        for group in &self.facts.row_groups {
            let mut begin = 0;
            while begin < group.num_rows() {
                let end = group.num_rows().min(begin.saturating_add(DISK));
                let kolommen: Vec<Option<ColumnValues>> = fields
                    .par_iter()
                    .map(|field| match field {
                        None => Ok(None),
                        Some((wanted, field)) => read_kolom(group, &self.bytes, field, begin..end)
                            .and_then(|parts| {
                                ColumnValues::new(wanted.kolom(), field, &parts, end - begin)
                            })
                            .map(Some),
                    })
                    .collect::<Result<_, String>>()
                    .map_err(damaged)?;
                let rows = Slice { kolommen: &kolommen, count: end - begin, earlier };
                cell_bytes += rows.cell_bytes();
                // One text may stand in many rows.
                if is_bomb(self.bytes.len() as u64, cell_bytes) {
                    return Err(Problem::TooLarge);
                }
                rows.send(send);
                earlier += (end - begin) as u64;
                begin = end;
            }
        }
        Ok(())
    }
}

/// Rows whose columns are in memory.
struct Slice<'k> {
    kolommen: &'k [Option<ColumnValues>],
    count: usize,
    /// Rows of the file before them.
    earlier: u64,
}

impl Slice<'_> {
    /// Bytes of the cells that are text.
    fn cell_bytes(&self) -> u64 {
        let texts = self.kolommen.iter().flatten();
        texts.map(|kolom| kolom.text_bytes() as u64).fold(0, u64::saturating_add)
    }

    /// Makes blocks of the rows, as many at a time as there is work for.
    fn send(&self, send: &mut dyn FnMut(&[RecordBlock])) {
        // Long texts make short blocks.
        let per_row = (self.cell_bytes() / self.count.max(1) as u64).max(1);
        let most = usize::try_from(BLOCK_BYTES / per_row).unwrap_or(BLOCK_ROWS);
        let per_block = BLOCK_ROWS.min(most).max(1);
        let starts: Vec<usize> = (0..self.count).step_by(per_block).collect();
        for some in starts.chunks(4 * rayon::current_num_threads()) {
            let blocks: Vec<RecordBlock> = some
                .par_iter()
                .map(|of| {
                    let until = self.count.min(of + per_block);
                    make_block(self.kolommen, *of..until, self.earlier)
                })
                .collect();
            send(&blocks);
        }
    }
}

fn is_int96(field: &ParquetType) -> bool {
    matches!(field, ParquetType::PrimitiveType(p) if p.physical_type == PhysicalType::Int96)
}

fn is_readable(form: &ArrowDataType) -> bool {
    use ArrowDataType as A;
    match form {
        A::Utf8View | A::BinaryView | A::Boolean | A::Date32 | A::Timestamp(..) => true,
        A::Int8 | A::Int16 | A::Int32 | A::Int64 | A::Float32 | A::Float64 => true,
        A::UInt8 | A::UInt16 | A::UInt32 | A::UInt64 => true,
        A::Decimal(digits, _) => *digits <= 38,
        _ => false,
    }
}

/// These rows of one column.
fn read_kolom(
    group: &RowGroupMetadata,
    bytes: &Buffer<u8>,
    field: &Field,
    rows: std::ops::Range<usize>,
) -> Result<Vec<Box<dyn Array>>, String> {
    let parts = group.columns_under_root_iter(&field.name).into_iter().flatten();
    let (mut readers, mut forms) = (Vec::new(), Vec::new());
    for part in parts {
        let place = part.byte_range();
        let (of, until) = (place.start as usize, place.end as usize);
        if of > until || until > bytes.len() {
            return Err(format!("column {} lies outside the file", field.name));
        }
        let sheet = Cursor::new(bytes.clone().sliced(of..until));
        let sheets = PageReader::new(sheet, part, Vec::new(), LIMIT_PAGE);
        readers.push(BasicDecompressor::new(sheets, Vec::new()));
        forms.push(&part.descriptor().descriptor.primitive_type);
    }
    if readers.is_empty() {
        return Err(format!("column {} is missing in a row group", field.name));
    }
    let filter = Filter::new_ranged(rows.start, rows.end);
    column_iter_to_arrays(readers, forms, field.clone(), Some(filter))
        .map(|(arrays, _)| arrays)
        .map_err(|e| e.to_string())
}

fn make_block(
    kolommen: &[Option<ColumnValues>],
    rows: std::ops::Range<usize>,
    earlier: u64,
) -> RecordBlock {
    let mut block = RecordBlock::default();
    let mut text = String::new();
    for row in rows {
        for kolom in kolommen {
            text.clear();
            if let Some(kolom) = kolom {
                kolom.write(row, &mut text);
            }
            block.cell(&text);
        }
        block.close(earlier + row as u64 + 1);
    }
    block
}

/// The values of one column, each in its own type.
struct ColumnValues {
    kolom: Option<Kolom>,
    kind: Type,
}

enum Type {
    Text(Utf8ViewArray),
    Bytes(BinaryViewArray),
    Bool(BooleanArray),
    /// Whole numbers and days, widened.
    Int(PrimitiveArray<i64>),
    Unsigned(PrimitiveArray<u64>),
    Short(PrimitiveArray<f32>),
    Number(PrimitiveArray<f64>),
    Dag(PrimitiveArray<i32>),
    Moment {
        values: PrimitiveArray<i64>,
        per_second: i64,
        wereldtijd: bool,
    },
    Decimal {
        values: PrimitiveArray<i128>,
        decimals: u32,
    },
}

impl ColumnValues {
    fn new(
        kolom: Option<Kolom>,
        field: &Field,
        parts: &[Box<dyn Array>],
        count: usize,
    ) -> Result<ColumnValues, String> {
        use ArrowDataType as A;
        let parts: Vec<&dyn Array> = parts.iter().map(|d| &**d).collect();
        let whole = polars_arrow::compute::concatenate::concatenate_unchecked(&parts)
            .map_err(|e| e.to_string())?;
        if whole.len() != count {
            return Err(format!("column {} has {} rows, not {count}", field.name, whole.len()));
        }
        let kind = match &field.dtype {
            A::Utf8View => Type::Text(als(&*whole)?),
            A::BinaryView => Type::Bytes(als(&*whole)?),
            A::Boolean => Type::Bool(als(&*whole)?),
            A::Int8 => Type::Int(widened::<i8, i64>(&*whole)?),
            A::Int16 => Type::Int(widened::<i16, i64>(&*whole)?),
            A::Int32 => Type::Int(widened::<i32, i64>(&*whole)?),
            A::Int64 => Type::Int(als(&*whole)?),
            A::UInt8 => Type::Unsigned(widened::<u8, u64>(&*whole)?),
            A::UInt16 => Type::Unsigned(widened::<u16, u64>(&*whole)?),
            A::UInt32 => Type::Unsigned(widened::<u32, u64>(&*whole)?),
            A::UInt64 => Type::Unsigned(als(&*whole)?),
            A::Float32 => Type::Short(als(&*whole)?),
            A::Float64 => Type::Number(als(&*whole)?),
            A::Date32 => Type::Dag(als(&*whole)?),
            A::Timestamp(eenheid, zone) => Type::Moment {
                values: als(&*whole)?,
                per_second: match eenheid {
                    TimeUnit::Second => 1,
                    TimeUnit::Millisecond => 1_000,
                    TimeUnit::Microsecond => 1_000_000,
                    TimeUnit::Nanosecond => 1_000_000_000,
                },
                wereldtijd: zone.is_some(),
            },
            A::Decimal(_, decimals) => {
                Type::Decimal { values: als(&*whole)?, decimals: *decimals as u32 }
            }
            otherwise => return Err(format!("column {} is {otherwise:?}", field.name)),
        };
        Ok(ColumnValues { kolom, kind })
    }

    /// Bytes of the texts in it.
    fn text_bytes(&self) -> usize {
        match &self.kind {
            Type::Text(a) => a.total_bytes_len(),
            Type::Bytes(a) => a.total_bytes_len(),
            _ => 0,
        }
    }

    fn write(&self, row: usize, out: &mut String) {
        let kolom = self.kolom;
        match &self.kind {
            Type::Text(a) => out.push_str(a.get(row).unwrap_or_default()),
            Type::Bytes(a) => {
                out.push_str(&String::from_utf8_lossy(a.get(row).unwrap_or_default()));
            }
            Type::Bool(a) => match a.get(row) {
                Some(true) => out.push('J'),
                Some(false) => out.push('N'),
                None => {}
            },
            Type::Int(a) => write(a.get(row), out),
            Type::Unsigned(a) => write(a.get(row), out),
            Type::Short(a) => {
                if let Some(number) = a.get(row) {
                    write_short_number(number, kolom, out);
                }
            }
            Type::Number(a) => {
                if let Some(number) = a.get(row) {
                    write_number(number, kolom, out);
                }
            }
            Type::Dag(a) => {
                write(a.get(row).map(|n| dag_of(i64::from(n) * 86_400, false)), out);
            }
            Type::Moment { values, per_second, wereldtijd } => {
                let moment = values.get(row);
                write(moment.map(|n| dag_of(n.div_euclid(*per_second), *wereldtijd)), out);
            }
            Type::Decimal { values, decimals } => {
                if let Some(n) = values.get(row) {
                    match Decimal::try_from_i128_with_scale(n, *decimals) {
                        Ok(number) => write_decimal(number, kolom, out),
                        Err(_) => write(Some(format!("{n}e-{decimals}")), out),
                    }
                }
            }
        }
    }
}

fn write(value: Option<impl Display>, out: &mut String) {
    if let Some(value) = value {
        write!(out, "{value}").expect("writing to a String can't fail");
    }
}

fn als<A: Array + Clone>(array: &dyn Array) -> Result<A, String> {
    array
        .as_any()
        .downcast_ref::<A>()
        .cloned()
        .ok_or_else(|| format!("the values are {:?}", array.dtype()))
}

fn widened<T: NativeType, B: NativeType + From<T>>(
    array: &dyn Array,
) -> Result<PrimitiveArray<B>, String> {
    let narrow: PrimitiveArray<T> = als(array)?;
    Ok(narrow.iter().map(|n| n.map(|n| B::from(*n))).collect())
}

/// The day of a moment, in seconds since 1970. A moment that isn't midnight in world time is read on
/// Dutch clocks: exports write a Dutch midnight as the evening before. Of one without a zone that would be
/// a Dutch midnight in world time it can't be told which day it is: it stays a moment, and is refused.
fn dag_of(seconds: i64, wereldtijd: bool) -> String {
    let Some(moment) = DateTime::from_timestamp(seconds, 0) else {
        return seconds.to_string();
    };
    let moment = moment.naive_utc();
    if seconds.rem_euclid(86_400) == 0 {
        return moment.date().to_string();
    }
    let dutch = on_dutch_clocks(moment);
    match wereldtijd {
        true => dutch.date().to_string(),
        false if dutch.time() == NaiveTime::MIN => moment.to_string(),
        false => moment.date().to_string(),
    }
}

/// A moment in world time as Dutch clocks have it.
fn on_dutch_clocks(moment: NaiveDateTime) -> NaiveDateTime {
    let swap = |maand| {
        let last = NaiveDate::from_ymd_opt(moment.year(), maand, 31)?;
        let zondag = last - TimeDelta::days(last.weekday().num_days_from_sunday().into());
        zondag.and_hms_opt(1, 0, 0)
    };
    let zomer = swap(3).is_some_and(|w| moment >= w) && swap(10).is_some_and(|w| moment < w);
    moment + TimeDelta::hours(if zomer { 2 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::dag_of;

    #[test]
    fn a_dutch_midnight_in_world_time_is_the_day_that_begins_then() {
        let seconds = |text: &str| {
            chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
                .unwrap()
                .and_utc()
                .timestamp()
        };
        for (moment, wereldtijd, dag) in [
            ("2023-03-31 00:00", true, "2023-03-31"),
            ("2023-03-30 22:00", true, "2023-03-31"),
            ("2023-01-30 23:00", true, "2023-01-31"),
            ("2023-01-30 22:00", true, "2023-01-30"),
            ("2023-03-30 22:00", false, "2023-03-30 22:00:00"),
            ("2023-03-30 23:00", false, "2023-03-30"),
            ("2023-01-30 23:00", false, "2023-01-30 23:00:00"),
            ("1969-12-31 10:00", false, "1969-12-31"),
        ] {
            assert_eq!(dag_of(seconds(moment), wereldtijd), dag, "{moment}");
        }
    }
}
