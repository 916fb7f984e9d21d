//! The form in which parts of an audit travel: one Arrow IPC stream of rows of all kinds.
//!
//! All streams have the same columns, so that an engine needs one schema. What a kind of row doesn't
//! have is null. `docs/spark.md` tells what the columns hold.

pub(crate) use super::error::StreamError;
use super::frames::{Blocks, Broken};
use crate::dossier::Dag;
use crate::ground::memory::Budget;
use polars_arrow::array::{
    Array, MutableArray, MutablePrimitiveArray, MutableUtf8Array, NullArray, PrimitiveArray,
    Utf8Array,
};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, ArrowSchemaRef, Field};
use polars_arrow::io::ipc::write::{StreamWriter, WriteOptions};
use polars_arrow::record_batch::RecordBatchT;
use polars_core::prelude::PolarsError;
use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Utf8; null is the empty text.
    Text,
    /// Int64: counts, eurocents, hundredths of a unit.
    Number,
    /// Date32.
    Datum,
}

macro_rules! velden {
    ($($soort:ident: $($naam:ident),+;)+) => {
        /// A column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum ArrowField { $($($naam),+),+ }

        impl ArrowField {
            pub(crate) const ALL: &[ArrowField] = &[$($(ArrowField::$naam),+),+];

            pub(crate) fn name(self) -> &'static str {
                match self { $($(ArrowField::$naam => stringify!($naam)),+),+ }
            }

            pub(crate) fn kind(self) -> Type {
                match self { $($(ArrowField::$naam)|+ => Type::$soort),+ }
            }
        }
    };
}

velden!(
    Text: Doel, Soort, Sleutel, Bestand;
    Number: Regelnummer, Volgnummer;
    Text: DeclaratieNummer, ReferentieNummer, VorigReferentieNummer;
    Datum: DeclaratieDagtekening, Ontvangstdatum;
    Text: Gemeente, Aanbieder, Bsn, ToewijzingNummer, ProductCategorie, ProductCode;
    Datum: Begindatum, Einddatum;
    Number: GeleverdVolume;
    Text: Eenheid;
    Number: ProductTarief, IngediendBedrag;
    Text: DebetCredit;
    Number: NoShow, NoShowMinuten, AfspraakMinuten, ReistijdMinuten, Gesprekken;
    Text: Functie, Hulpverlener, Groep, Stand;
    Datum: Toewijzingsdatum, Ingangsdatum;
    Text: RedenWijziging;
    Number: Volume;
    Text: Frequentie;
    Number: Budget;
    Datum: Geboortedatum;
    Text: Verwijzer, Budgetsoort, Uitvoering, Dispuut, Bijzonderheid, Toewijzingstijd;
    Datum: Datum, Verzonden;
    Text: RedenBeeindiging, Onleesbaar, Meegenomen;
    Text: Regel, Ernst, Onderwerp;
    Number: BedragInGeding;
    Text: Maat;
    Number: Gemeten, Grens, Bytes;
    Text: Gevonden, Verwacht, Toelichting, Bron, Inhoud;
);

const _: () = assert!(ArrowField::ALL.len() <= 64, "a row notes its filled columns in 64 bits");

impl Type {
    fn arrow(self) -> ArrowDataType {
        match self {
            Type::Text => ArrowDataType::Utf8,
            Type::Number => ArrowDataType::Int64,
            Type::Datum => ArrowDataType::Date32,
        }
    }
}

/// The columns as Arrow has them.
fn schema() -> ArrowSchema {
    ArrowField::ALL.iter().map(|f| Field::new(f.name().into(), f.kind().arrow(), true)).collect()
}

/// One column while it is filled.
enum Builder {
    Text(MutableUtf8Array<i32>),
    Number(MutablePrimitiveArray<i64>),
    Datum(MutablePrimitiveArray<i32>),
}

impl Builder {
    fn new(field: &ArrowField) -> Builder {
        match field.kind() {
            Type::Text => Builder::Text(MutableUtf8Array::new()),
            Type::Number => Builder::Number(MutablePrimitiveArray::new()),
            Type::Datum => Builder::Datum(MutablePrimitiveArray::from(ArrowDataType::Date32)),
        }
    }

    fn empty(&mut self) {
        match self {
            Builder::Text(b) => b.push_null(),
            Builder::Number(b) => b.push_null(),
            Builder::Datum(b) => b.push_null(),
        }
    }

    /// The column so far; the next begins empty.
    fn done(&mut self) -> Box<dyn Array> {
        match self {
            Builder::Text(b) => b.as_box(),
            Builder::Number(b) => b.as_box(),
            Builder::Datum(b) => b.as_box(),
        }
    }
}

/// Rows that an engine passes on at a time.
const ROWS_PER_BLOCK: usize = 8 * 1024;
/// Bytes of text in a block above which it is written, however few its rows.
const TEXT_PER_BLOCK: usize = 64 << 20;

/// Writes rows of all kinds as one stream.
pub(crate) struct RowWriter<W: Write> {
    out: StreamWriter<W>,
    schema: ArrowSchemaRef,
    kolommen: Vec<Builder>,
    rows: usize,
    text: usize,
}

/// A row while it is written: each column at most once.
pub(crate) struct NewRow<'a> {
    kolommen: &'a mut [Builder],
    filled: u64,
    text: usize,
}

impl NewRow<'_> {
    fn location(&mut self, field: ArrowField) -> &mut Builder {
        let bit = 1_u64 << field as u8;
        debug_assert!(self.filled & bit == 0, "{} twice in a row", field.name());
        self.filled |= bit;
        &mut self.kolommen[field as usize]
    }

    /// A text; the empty one is null.
    pub(crate) fn text(&mut self, field: ArrowField, value: &str) -> &mut Self {
        if value.is_empty() {
            return self;
        }
        self.text += value.len();
        match self.location(field) {
            Builder::Text(b) => b.push(Some(value)),
            _ => unreachable!("{} holds texts", field.name()),
        }
        self
    }

    pub(crate) fn number(&mut self, field: ArrowField, value: impl Into<Option<i64>>) -> &mut Self {
        if let Some(value) = value.into() {
            match self.location(field) {
                Builder::Number(b) => b.push(Some(value)),
                _ => unreachable!("{} holds numbers", field.name()),
            }
        }
        self
    }

    pub(crate) fn datum(&mut self, field: ArrowField, value: impl Into<Option<Dag>>) -> &mut Self {
        if let Some(value) = value.into() {
            match self.location(field) {
                Builder::Datum(b) => b.push(Some(value.dagen_since_1970())),
                _ => unreachable!("{} holds dates", field.name()),
            }
        }
        self
    }
}

fn as_io(error: PolarsError) -> io::Error {
    match error {
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        error => io::Error::other(error),
    }
}

impl<W: Write> RowWriter<W> {
    pub(crate) fn new(out: W) -> io::Result<RowWriter<W>> {
        let schema = Arc::new(schema());
        let mut out = StreamWriter::new(out, WriteOptions { compression: None });
        out.start(&schema, None).map_err(as_io)?;
        let kolommen = ArrowField::ALL.iter().map(Builder::new).collect();
        Ok(RowWriter { out, kolommen, schema, rows: 0, text: 0 })
    }

    /// Writes one row: `fill` fills its columns.
    pub(crate) fn row(&mut self, fill: impl FnOnce(&mut NewRow<'_>)) -> io::Result<()> {
        let mut rij = NewRow { kolommen: &mut self.kolommen, filled: 0, text: 0 };
        fill(&mut rij);
        let filled = rij.filled;
        self.text += rij.text;
        for (i, kolom) in self.kolommen.iter_mut().enumerate() {
            if filled & 1 << i == 0 {
                kolom.empty();
            }
        }
        self.rows += 1;
        if self.rows == ROWS_PER_BLOCK || self.text > TEXT_PER_BLOCK {
            self.write_block()?;
        }
        Ok(())
    }

    fn write_block(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let kolommen = self.kolommen.iter_mut().map(Builder::done).collect();
        let block = RecordBatchT::try_new(self.rows, Arc::clone(&self.schema), kolommen);
        (self.rows, self.text) = (0, 0);
        self.out.write(&block.map_err(as_io)?, None).map_err(as_io)
    }

    /// Ends the stream: only now is it whole.
    pub(crate) fn close(mut self) -> io::Result<()> {
        self.write_block()?;
        self.out.finish().map_err(as_io)?;
        self.out.into_inner().flush()
    }
}

/// One column of a block that came in.
enum ArrowColumn<'a> {
    None,
    Text(&'a Utf8Array<i32>),
    LongText(&'a Utf8Array<i64>),
    Number(&'a PrimitiveArray<i64>),
    Datum(&'a PrimitiveArray<i32>),
}

impl<'a> ArrowColumn<'a> {
    fn of(field: ArrowField, kolom: &'a dyn Array) -> Option<ArrowColumn<'a>> {
        let any = kolom.as_any();
        if any.is::<NullArray>() {
            return Some(ArrowColumn::None);
        }
        match field.kind() {
            Type::Text => any
                .downcast_ref()
                .map(ArrowColumn::Text)
                .or_else(|| any.downcast_ref().map(ArrowColumn::LongText)),
            Type::Number => any.downcast_ref().map(ArrowColumn::Number),
            Type::Datum => any.downcast_ref().map(ArrowColumn::Datum),
        }
    }
}

/// A row that came in.
pub(crate) struct ArrowRow<'a> {
    source: &'a str,
    kolommen: &'a [ArrowColumn<'a>],
    place: usize,
    /// Of the stream, the first is 1.
    nummer: u64,
}

impl<'a> ArrowRow<'a> {
    /// Empty where there is none.
    pub(crate) fn text(&self, field: ArrowField) -> &'a str {
        match &self.kolommen[field as usize] {
            ArrowColumn::Text(k) if k.is_valid(self.place) => k.value(self.place),
            ArrowColumn::LongText(k) if k.is_valid(self.place) => k.value(self.place),
            _ => "",
        }
    }

    pub(crate) fn number(&self, field: ArrowField) -> Option<i64> {
        match &self.kolommen[field as usize] {
            ArrowColumn::Number(k) if k.is_valid(self.place) => Some(k.value(self.place)),
            _ => None,
        }
    }

    pub(crate) fn datum(&self, field: ArrowField) -> Result<Option<Dag>, StreamError> {
        match &self.kolommen[field as usize] {
            ArrowColumn::Datum(k) if k.is_valid(self.place) => {
                let dag = Dag::from_dagen_since_1970(k.value(self.place));
                dag.map(Some).ok_or_else(|| self.unreadable(field))
            }
            _ => Ok(None),
        }
    }

    /// A code of digits; `None` where there is none.
    pub(crate) fn code<T: TryFrom<u32>>(
        &self,
        field: ArrowField,
    ) -> Result<Option<T>, StreamError> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let number = Some(text).filter(|t| t.bytes().all(|b| b.is_ascii_digit()));
        let value = number.and_then(|t| t.parse().ok()).and_then(|n: u32| T::try_from(n).ok());
        value.map(Some).ok_or_else(|| self.unreadable(field))
    }

    /// A whole number that isn't negative and fits.
    pub(crate) fn count(&self, field: ArrowField) -> Result<Option<u32>, StreamError> {
        self.number(field).map(|n| u32::try_from(n).map_err(|_| self.unreadable(field))).transpose()
    }

    /// One of some words; `None` where there is none.
    pub(crate) fn choice<T: Copy>(
        &self,
        field: ArrowField,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, StreamError> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let chosen = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        chosen.map(Some).ok_or_else(|| self.unreadable(field))
    }

    /// What [`ArrowField::Inhoud`] holds, as this program writes it.
    pub(crate) fn content<T: serde::de::DeserializeOwned>(&self) -> Result<T, StreamError> {
        serde_json::from_str(self.text(ArrowField::Inhoud))
            .map_err(|_| self.unreadable(ArrowField::Inhoud))
    }

    /// The value must be there.
    pub(crate) fn needs<T>(&self, field: ArrowField, value: Option<T>) -> Result<T, StreamError> {
        value.ok_or_else(|| self.unreadable(field))
    }

    /// That a value can't be read; it isn't shown, as it may be a Bsn.
    pub(crate) fn unreadable(&self, field: ArrowField) -> StreamError {
        StreamError::Value { origin: self.source.to_owned(), row: self.nummer, kolom: field.name() }
    }
}

/// What is wrong with the stream that messages call `name`.
fn no_stream(name: &str, broken: Broken) -> StreamError {
    let origin = name.to_owned();
    match broken {
        Broken::Truncated => StreamError::Truncated { origin },
        Broken::NoRoom => StreamError::NoRoom { origin },
        // What a library says may quote bytes of the stream.
        Broken::Strange(cause) => {
            StreamError::NoStream { origin, cause: crate::ground::masked(&cause).into_owned() }
        }
        Broken::Type { kolom, found } => match field_of(&kolom) {
            Some(field) => column_type(name, field, found.to_owned()),
            None => unknown(name, &kolom),
        },
    }
}

fn field_of(kolom: &str) -> Option<ArrowField> {
    ArrowField::ALL.iter().copied().find(|field| field.name() == kolom)
}

fn unknown(name: &str, kolom: &str) -> StreamError {
    let kolom = crate::ground::masked(kolom).into_owned();
    StreamError::UnknownKolom { origin: name.to_owned(), kolom }
}

fn column_type(name: &str, field: ArrowField, found: String) -> StreamError {
    let expected = match field.kind() {
        Type::Text => "Utf8",
        Type::Number => "Int64",
        Type::Datum => "Date32",
    };
    StreamError::ColumnType { origin: name.to_owned(), kolom: field.name(), found, expected }
}

/// Reads a whole stream row by row; `name` is what messages call it. With what `per_row` keeps of it
/// the program may use so much memory.
///
/// # Errors
/// A stream without its end, or that asks more memory, a column that isn't ours or has another type,
/// and what `per_row` says.
pub(crate) fn read(
    source: impl Read,
    name: &str,
    budget: Budget,
    mut per_row: impl FnMut(ArrowRow<'_>) -> Result<(), StreamError>,
) -> Result<(), StreamError> {
    let source = BufReader::with_capacity(1 << 20, source);
    let mut blocks = Blocks::open(source, budget).map_err(|e| no_stream(name, e))?;
    if let Some(kolom) = blocks.schema().iter_names().find(|kolom| field_of(kolom).is_none()) {
        return Err(unknown(name, kolom));
    }
    let places: Vec<Option<usize>> =
        ArrowField::ALL.iter().map(|field| blocks.schema().index_of(field.name())).collect();
    let mut nummer = 0;
    while let Some(block) = blocks.next().map_err(|e| no_stream(name, e))? {
        let kolom = |(field, place): (&ArrowField, &Option<usize>)| {
            let Some(place) = *place else { return Ok(ArrowColumn::None) };
            let kolom = &*block.arrays()[place];
            ArrowColumn::of(*field, kolom)
                .ok_or_else(|| column_type(name, *field, format!("{:?}", kolom.dtype())))
        };
        let kolommen =
            ArrowField::ALL.iter().zip(&places).map(kolom).collect::<Result<Vec<_>, _>>()?;
        for place in 0..block.len() {
            nummer += 1;
            per_row(ArrowRow { source: name, kolommen: &kolommen, place, nummer })?;
        }
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Rows of this number.
    pub(in super::super) fn stream(count: i64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut out = RowWriter::new(&mut bytes).unwrap();
        for i in 0..count {
            out.row(|row| {
                row.text(ArrowField::Soort, "declaratie")
                    .number(ArrowField::IngediendBedrag, i)
                    .datum(ArrowField::Begindatum, Dag::from_jmd(2023, 1, 1));
            })
            .unwrap();
        }
        out.close().unwrap();
        bytes
    }

    fn bedragen(bytes: &[u8]) -> Result<Vec<Option<i64>>, StreamError> {
        let mut out = Vec::new();
        read(bytes, "de stroom", Budget::default(), |row| {
            assert_eq!(row.text(ArrowField::Soort), "declaratie");
            assert_eq!(row.datum(ArrowField::Begindatum)?, Dag::from_jmd(2023, 1, 1));
            assert_eq!((row.text(ArrowField::Bsn), row.number(ArrowField::Budget)), ("", None));
            out.push(row.number(ArrowField::IngediendBedrag));
            Ok(())
        })?;
        Ok(out)
    }

    #[test]
    fn rows_come_back_as_they_were_written() {
        assert_eq!(bedragen(&stream(3)).unwrap(), [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn a_stream_is_whole_or_refused_wherever_it_was_cut() {
        let bytes = stream(3);
        for length in 0..bytes.len() {
            assert!(bedragen(&bytes[..length]).is_err(), "cut at {length} of {}", bytes.len());
        }
        let without_end = bedragen(&bytes[..bytes.len() - 8]);
        assert!(matches!(without_end, Err(StreamError::Truncated { .. })));
    }
}
