//! The messages of an Arrow IPC stream, read one by one and never believed.
//!
//! Who reads Arrow with a library lets a stream say how much memory is taken. Here a message is first
//! read as far as it really goes, and only then decoded, if all that it claims lies within it and has
//! one of the few types that our columns have.

use crate::ground::memory::Budget;
use polars_arrow::array::Array;
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_arrow::io::ipc::format::ipc::planus::ReadAsRoot;
use polars_arrow::io::ipc::format::ipc::{
    DateUnit, Endianness, FieldRef, MessageHeaderRef, MessageRef, MetadataVersion, RecordBatchRef,
    SchemaRef, TypeRef,
};
use polars_arrow::io::ipc::read::Dictionaries;
use polars_arrow::io::ipc::read::common::read_record_batch;
use polars_arrow::io::ipc::{IpcField, IpcSchema};
use polars_arrow::record_batch::RecordBatchT;
use std::io::{Cursor, Read};

/// Rows of a stream, by column.
pub(super) type Block = RecordBatchT<Box<dyn Array>>;

/// Why a stream ends where it shouldn't.
#[derive(Debug)]
pub(super) enum Broken {
    /// Nothing comes after this, and the stream hasn't said that it is done.
    Truncated,
    /// Not what a stream holds; the text says what.
    Strange(String),
    /// A column of a type that no column of ours has.
    Type { kolom: String, found: &'static str },
    /// It asks more memory than there is.
    NoRoom,
}

fn strange(what: impl ToString) -> Broken {
    Broken::Strange(what.to_string())
}

/// The blocks of a stream, in order.
pub(super) struct Blocks<R> {
    source: R,
    schema: ArrowSchema,
    ipc: IpcSchema,
    version: MetadataVersion,
    scratch: Vec<u8>,
    budget: Budget,
}

impl<R: Read> Blocks<R> {
    /// Reads the schema with which a stream begins; what comes after it may take this memory.
    pub(super) fn open(mut source: R, budget: Budget) -> Result<Blocks<R>, Broken> {
        // What hasn't even a schema is something else, and not a stream that was cut.
        let Ok(Some(head)) = message(&mut source, budget) else {
            return Err(strange("er is geen schema"));
        };
        let message = MessageRef::read_as_root(&head).map_err(strange)?;
        let Some(MessageHeaderRef::Schema(schema)) = message.header().map_err(strange)? else {
            return Err(strange("het begint niet met een schema"));
        };
        let (schema, ipc) = known_schema(schema)?;
        let version = message.version().map_err(strange)?;
        Ok(Blocks { source, schema, ipc, version, scratch: Vec::new(), budget })
    }

    /// The columns, in the order in which the stream has them.
    pub(super) fn schema(&self) -> &ArrowSchema {
        &self.schema
    }

    /// The next block; `None` at the end that the stream itself tells.
    pub(super) fn next(&mut self) -> Result<Option<Block>, Broken> {
        let Some(head) = message(&mut self.source, self.budget)? else { return Ok(None) };
        let message = MessageRef::read_as_root(&head).map_err(strange)?;
        let Some(MessageHeaderRef::RecordBatch(batch)) = message.header().map_err(strange)? else {
            return Err(strange("een bericht dat geen rijen heeft"));
        };
        let length = message.body_length().map_err(strange)?;
        let length = u64::try_from(length).map_err(|_| strange("een lengte onder nul"))?;
        let body = exactly(&mut self.source, length, self.budget)?;
        within(&batch, &body)?;
        let block = read_record_batch(
            batch,
            &self.schema,
            &self.ipc,
            None,
            None,
            &Dictionaries::default(),
            self.version,
            &mut Cursor::new(body),
            0,
            &mut self.scratch,
            Default::default(),
        );
        block.map(Some).map_err(strange)
    }
}

/// The next message without its body; `None` where the stream says that it is done.
fn message(source: &mut impl Read, budget: Budget) -> Result<Option<Vec<u8>>, Broken> {
    const CONTINUATION: u32 = u32::MAX;
    let mut number = || -> Result<u32, Broken> {
        let mut bytes = [0; 4];
        source.read_exact(&mut bytes).map_err(ended)?;
        Ok(u32::from_le_bytes(bytes))
    };
    // Streams of before Arrow 0.15 begin a message with its length.
    let length = match number()? {
        CONTINUATION => number()?,
        length => length,
    };
    match i32::try_from(length) {
        Ok(0) => Ok(None),
        Ok(_) => exactly(source, length.into(), budget).map(Some),
        Err(_) => Err(strange("een lengte onder nul")),
    }
}

fn ended(error: std::io::Error) -> Broken {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Broken::Truncated,
        _ => strange(error),
    }
}

/// As many bytes as are announced, if there is room for them while they come and for the columns that
/// they become; memory is taken for those that come.
fn exactly(source: &mut impl Read, length: u64, budget: Budget) -> Result<Vec<u8>, Broken> {
    if budget.is_spent_with(length.saturating_mul(3)) {
        return Err(Broken::NoRoom);
    }
    let mut bytes = Vec::new();
    source.take(length).read_to_end(&mut bytes).map_err(strange)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(Broken::Truncated) }
}

/// The schema, if it has only types of ours: no column in a column, no dictionary.
fn known_schema(schema: SchemaRef<'_>) -> Result<(ArrowSchema, IpcSchema), Broken> {
    if schema.endianness().map_err(strange)? != Endianness::Little {
        return Err(strange("de getallen staan achterstevoren (big-endian)"));
    }
    let mut fields = ArrowSchema::default();
    let mut ipc = Vec::new();
    for field in schema.fields().map_err(strange)?.into_iter().flatten() {
        let field = field.map_err(strange)?;
        let name = field.name().map_err(strange)?.unwrap_or_default();
        let kind = known_type(&field, name)?;
        if fields.insert(name.into(), Field::new(name.into(), kind, true)).is_some() {
            return Err(strange(format!("de kolom {name} komt twee keer voor")));
        }
        ipc.push(IpcField { fields: Vec::new(), dictionary_id: None });
    }
    Ok((fields, IpcSchema { fields: ipc, is_little_endian: true }))
}

fn known_type(field: &FieldRef<'_>, name: &str) -> Result<ArrowDataType, Broken> {
    let other = |found| Broken::Type { kolom: name.to_owned(), found };
    if field.dictionary().map_err(strange)?.is_some() {
        return Err(other("Dictionary"));
    }
    Ok(match field.type_().map_err(strange)?.ok_or_else(|| other("onbekend"))? {
        TypeRef::Null(_) => ArrowDataType::Null,
        TypeRef::Utf8(_) => ArrowDataType::Utf8,
        TypeRef::LargeUtf8(_) => ArrowDataType::LargeUtf8,
        TypeRef::Int(int) => {
            let signed = int.is_signed().map_err(strange)?;
            match (int.bit_width().map_err(strange)?, signed) {
                (64, true) => ArrowDataType::Int64,
                (_, true) => return Err(other("Int8, Int16 of Int32")),
                (_, false) => return Err(other("UInt")),
            }
        }
        TypeRef::Date(date) => match date.unit().map_err(strange)? {
            DateUnit::Day => ArrowDataType::Date32,
            DateUnit::Millisecond => return Err(other("Date64")),
        },
        TypeRef::FloatingPoint(_) => return Err(other("Float")),
        TypeRef::Decimal(_) => return Err(other("Decimal")),
        TypeRef::Bool(_) => return Err(other("Boolean")),
        TypeRef::Timestamp(_) => return Err(other("Timestamp")),
        TypeRef::Utf8View(_) => return Err(other("Utf8View")),
        _ => return Err(other("een ander type")),
    })
}

/// What a block claims must lie within its own bytes, plainly.
fn within(batch: &RecordBatchRef<'_>, body: &[u8]) -> Result<(), Broken> {
    if batch.compression().map_err(strange)?.is_some() {
        return Err(strange("de rijen zijn gecomprimeerd"));
    }
    batch.length().map_err(strange)?;
    for buffer in batch.buffers().map_err(strange)?.into_iter().flatten() {
        let claim = |n: i64| u64::try_from(n).ok();
        let end =
            claim(buffer.offset()).zip(claim(buffer.length())).and_then(|(a, b)| a.checked_add(b));
        if end.is_none_or(|end| end > body.len() as u64) {
            return Err(strange("een kolom reikt voorbij het bericht"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::arrow::{ArrowField, read, tests::stream};
    use super::*;
    use rand::{Rng, RngExt, SeedableRng};

    /// Whatever a stream claims, memory is taken for what it holds, and nothing ends the program.
    #[test]
    fn a_stream_with_wrong_bytes_is_read_or_refused() {
        let whole = stream(100);
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(16);
        for _ in 0..20_000 {
            let mut bytes = whole.clone();
            for _ in 0..random.random_range(1..4) {
                let place = random.random_range(0..bytes.len());
                bytes[place] = match random.random_range(0..3) {
                    0 => 0xff,
                    1 => 0x7f,
                    _ => random.next_u32() as u8,
                };
            }
            let mut rows = 0_u64;
            let outcome = read(&bytes[..], "de stroom", Budget::default(), |row| {
                rows += 1;
                let _ = (row.text(ArrowField::Soort), row.number(ArrowField::IngediendBedrag));
                Ok(())
            });
            assert!(outcome.is_err() || rows <= 100, "{rows} rows of 100");
        }
    }

    #[test]
    fn a_type_that_no_column_has_is_named() {
        use polars_arrow::array::PrimitiveArray;
        use polars_arrow::io::ipc::write::{StreamWriter, WriteOptions};
        use std::sync::Arc;

        let mut bytes = Vec::new();
        let field = Field::new("Volgnummer".into(), ArrowDataType::Float64, true);
        let schema: Arc<ArrowSchema> = Arc::new([field].into_iter().collect());
        let mut out = StreamWriter::new(&mut bytes, WriteOptions { compression: None });
        out.start(&schema, None).unwrap();
        let kolom = Box::new(PrimitiveArray::<f64>::from_vec(vec![1.0])) as Box<dyn Array>;
        out.write(&RecordBatchT::new(1, schema, vec![kolom]), None).unwrap();
        out.finish().unwrap();
        let said =
            read(&bytes[..], "de stroom", Budget::default(), |_| Ok(())).unwrap_err().to_string();
        assert_eq!(said, "de stroom: de kolom Volgnummer heeft het type Float; verwacht Int64");
    }
}
