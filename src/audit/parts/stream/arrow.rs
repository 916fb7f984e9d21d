//! The form in which parts of an audit travel: one Arrow IPC stream of rows of all kinds.
//!
//! All streams have the same columns, so that an engine needs one schema. What a kind of row doesn't
//! have is null. `docs/spark.md` tells what the columns hold.

use crate::dossier::Dag;
use arrow_array::builder::{Date32Builder, Int64Builder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, Date32Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;
use thiserror::Error;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Utf8; null is the empty text.
    Tekst,
    /// Int64: counts, eurocents, hundredths of a unit.
    Getal,
    /// Date32.
    Datum,
}

macro_rules! velden {
    ($($soort:ident: $($naam:ident),+;)+) => {
        /// A column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Veld { $($($naam),+),+ }

        impl Veld {
            pub const ALLE: &[Veld] = &[$($(Veld::$naam),+),+];

            pub fn naam(self) -> &'static str {
                match self { $($(Veld::$naam => stringify!($naam)),+),+ }
            }

            pub fn soort(self) -> Type {
                match self { $($(Veld::$naam)|+ => Type::$soort),+ }
            }
        }
    };
}

velden!(
    Tekst: Doel, Soort, Sleutel, Bestand;
    Getal: Regelnummer, Volgnummer;
    Tekst: DeclaratieNummer, ReferentieNummer, VorigReferentieNummer;
    Datum: DeclaratieDagtekening, Ontvangstdatum;
    Tekst: Gemeente, Aanbieder, Bsn, ToewijzingNummer, ProductCategorie, ProductCode;
    Datum: Begindatum, Einddatum;
    Getal: GeleverdVolume;
    Tekst: Eenheid;
    Getal: ProductTarief, IngediendBedrag;
    Tekst: DebetCredit;
    Getal: NoShow, NoShowMinuten, AfspraakMinuten, ReistijdMinuten, Gesprekken;
    Tekst: Functie, Hulpverlener, Groep, Stand;
    Datum: Toewijzingsdatum, Ingangsdatum;
    Tekst: RedenWijziging;
    Getal: Volume;
    Tekst: Frequentie;
    Getal: Budget;
    Datum: Geboortedatum;
    Tekst: Verwijzer, Budgetsoort, Uitvoering, Dispuut, Bijzonderheid;
    Datum: Datum, Verzonden;
    Tekst: RedenBeeindiging;
    Tekst: Regel, Ernst, Onderwerp;
    Getal: BedragInGeding;
    Tekst: Maat;
    Getal: Gemeten, Grens, Bytes;
    Tekst: Gevonden, Verwacht, Toelichting, Bron, Inhoud;
);

const _: () = assert!(Veld::ALLE.len() <= 64, "a row notes its filled columns in 64 bits");

/// The columns as Arrow has them.
fn schema() -> SchemaRef {
    let veld = |v: &Veld| {
        let soort = match v.soort() {
            Type::Tekst => DataType::Utf8,
            Type::Getal => DataType::Int64,
            Type::Datum => DataType::Date32,
        };
        Field::new(v.naam(), soort, true)
    };
    Arc::new(Schema::new(Veld::ALLE.iter().map(veld).collect::<Vec<_>>()))
}

/// What is wrong with a stream that came in.
#[derive(Debug, Error)]
pub enum StreamError {
    #[error("{bron} is geen Arrow-stroom: {oorzaak}")]
    GeenStroom { bron: String, oorzaak: String },
    #[error("{bron} breekt af voor het einde van de stroom")]
    Afgebroken { bron: String },
    #[error("{bron} heeft een kolom die rechtmatig niet kent: {kolom}")]
    OnbekendeKolom { bron: String, kolom: String },
    #[error("{bron}: de kolom {kolom} heeft het type {gevonden}; verwacht {verwacht}")]
    Kolomtype { bron: String, kolom: &'static str, gevonden: String, verwacht: &'static str },
    #[error("{bron}, rij {rij}: de waarde in {kolom} is niet te lezen")]
    Waarde { bron: String, rij: u64, kolom: &'static str },
    #[error("{0}")]
    Inhoud(String, &'static str),
}

impl StreamError {
    /// What the reader of the message can do about it.
    pub fn raad(&self) -> &'static str {
        match self {
            StreamError::GeenStroom { .. } => {
                "geef een stroom van Arrow IPC (niet het bestandsformaat) met de kolommen van docs/spark.md"
            }
            StreamError::Afgebroken { .. } => {
                "wie de stroom schreef, is voor het einde gestopt; voer dat deel opnieuw uit"
            }
            StreamError::OnbekendeKolom { .. } | StreamError::Kolomtype { .. } => {
                "gebruik de kolommen en typen van docs/spark.md"
            }
            StreamError::Waarde { .. } => {
                "geef door wat rechtmatig deel schreef, zonder er iets aan te veranderen"
            }
            StreamError::Inhoud(_, raad) => raad,
        }
    }
}

/// One column while it is filled.
enum Bouwer {
    Tekst(StringBuilder),
    Getal(Int64Builder),
    Datum(Date32Builder),
}

impl Bouwer {
    fn nieuw(veld: &Veld) -> Bouwer {
        match veld.soort() {
            Type::Tekst => Bouwer::Tekst(StringBuilder::new()),
            Type::Getal => Bouwer::Getal(Int64Builder::new()),
            Type::Datum => Bouwer::Datum(Date32Builder::new()),
        }
    }

    fn leeg(&mut self) {
        match self {
            Bouwer::Tekst(b) => b.append_null(),
            Bouwer::Getal(b) => b.append_null(),
            Bouwer::Datum(b) => b.append_null(),
        }
    }

    fn klaar(&mut self) -> ArrayRef {
        match self {
            Bouwer::Tekst(b) => Arc::new(b.finish()),
            Bouwer::Getal(b) => Arc::new(b.finish()),
            Bouwer::Datum(b) => Arc::new(b.finish()),
        }
    }
}

/// Rows that an engine passes on at a time.
const RIJEN_PER_BLOK: usize = 8 * 1024;
/// Bytes of text in a block above which it is written, however few its rows.
const TEKST_PER_BLOK: usize = 64 << 20;

/// Writes rows of all kinds as one stream.
pub struct RowWriter<W: Write> {
    uit: StreamWriter<W>,
    schema: SchemaRef,
    kolommen: Vec<Bouwer>,
    rijen: usize,
    tekst: usize,
}

/// A row while it is written: each column at most once.
pub struct NieuweRij<'a> {
    kolommen: &'a mut [Bouwer],
    gevuld: u64,
    tekst: usize,
}

impl NieuweRij<'_> {
    fn plek(&mut self, veld: Veld) -> &mut Bouwer {
        let bit = 1_u64 << veld as u8;
        debug_assert!(self.gevuld & bit == 0, "{} twice in a row", veld.naam());
        self.gevuld |= bit;
        &mut self.kolommen[veld as usize]
    }

    /// A text; the empty one is null.
    pub fn tekst(&mut self, veld: Veld, waarde: &str) -> &mut Self {
        if waarde.is_empty() {
            return self;
        }
        self.tekst += waarde.len();
        match self.plek(veld) {
            Bouwer::Tekst(b) => b.append_value(waarde),
            _ => unreachable!("{} holds texts", veld.naam()),
        }
        self
    }

    pub fn getal(&mut self, veld: Veld, waarde: impl Into<Option<i64>>) -> &mut Self {
        if let Some(waarde) = waarde.into() {
            match self.plek(veld) {
                Bouwer::Getal(b) => b.append_value(waarde),
                _ => unreachable!("{} holds numbers", veld.naam()),
            }
        }
        self
    }

    pub fn datum(&mut self, veld: Veld, waarde: impl Into<Option<Dag>>) -> &mut Self {
        if let Some(waarde) = waarde.into() {
            match self.plek(veld) {
                Bouwer::Datum(b) => b.append_value(waarde.dagen_sinds_1970()),
                _ => unreachable!("{} holds dates", veld.naam()),
            }
        }
        self
    }
}

fn als_io(fout: ArrowError) -> io::Error {
    match fout {
        ArrowError::IoError(_, fout) => fout,
        fout => io::Error::other(fout),
    }
}

impl<W: Write> RowWriter<W> {
    pub fn nieuw(uit: W) -> io::Result<RowWriter<W>> {
        let schema = schema();
        Ok(RowWriter {
            uit: StreamWriter::try_new(uit, &schema).map_err(als_io)?,
            kolommen: Veld::ALLE.iter().map(Bouwer::nieuw).collect(),
            schema,
            rijen: 0,
            tekst: 0,
        })
    }

    /// Writes one row: `vul` fills its columns.
    pub fn rij(&mut self, vul: impl FnOnce(&mut NieuweRij<'_>)) -> io::Result<()> {
        let mut rij = NieuweRij { kolommen: &mut self.kolommen, gevuld: 0, tekst: 0 };
        vul(&mut rij);
        let gevuld = rij.gevuld;
        self.tekst += rij.tekst;
        for (i, kolom) in self.kolommen.iter_mut().enumerate() {
            if gevuld & 1 << i == 0 {
                kolom.leeg();
            }
        }
        self.rijen += 1;
        if self.rijen == RIJEN_PER_BLOK || self.tekst > TEKST_PER_BLOK {
            self.schrijf_blok()?;
        }
        Ok(())
    }

    fn schrijf_blok(&mut self) -> io::Result<()> {
        if self.rijen == 0 {
            return Ok(());
        }
        let kolommen = self.kolommen.iter_mut().map(Bouwer::klaar).collect();
        let blok = RecordBatch::try_new(Arc::clone(&self.schema), kolommen).map_err(als_io)?;
        (self.rijen, self.tekst) = (0, 0);
        self.uit.write(&blok).map_err(als_io)
    }

    /// Ends the stream: only now is it whole.
    pub fn sluit(mut self) -> io::Result<()> {
        self.schrijf_blok()?;
        self.uit.finish().map_err(als_io)?;
        self.uit.flush().map_err(als_io)
    }
}

/// One column of a block that came in.
enum Kolom<'a> {
    Geen,
    Tekst(&'a StringArray),
    LangeTekst(&'a LargeStringArray),
    Getal(&'a Int64Array),
    Datum(&'a Date32Array),
}

impl<'a> Kolom<'a> {
    fn van(veld: Veld, kolom: &'a ArrayRef) -> Option<Kolom<'a>> {
        let kolom = kolom.as_any();
        if kolom.is::<arrow_array::NullArray>() {
            return Some(Kolom::Geen);
        }
        match veld.soort() {
            Type::Tekst => kolom
                .downcast_ref()
                .map(Kolom::Tekst)
                .or_else(|| kolom.downcast_ref().map(Kolom::LangeTekst)),
            Type::Getal => kolom.downcast_ref().map(Kolom::Getal),
            Type::Datum => kolom.downcast_ref().map(Kolom::Datum),
        }
    }
}

/// A row that came in.
pub struct Rij<'a> {
    bron: &'a str,
    kolommen: &'a [Kolom<'a>],
    plaats: usize,
    /// Of the stream, the first is 1.
    nummer: u64,
}

impl<'a> Rij<'a> {
    /// Empty where there is none.
    pub fn tekst(&self, veld: Veld) -> &'a str {
        match &self.kolommen[veld as usize] {
            Kolom::Tekst(k) if k.is_valid(self.plaats) => k.value(self.plaats),
            Kolom::LangeTekst(k) if k.is_valid(self.plaats) => k.value(self.plaats),
            _ => "",
        }
    }

    pub fn getal(&self, veld: Veld) -> Option<i64> {
        match &self.kolommen[veld as usize] {
            Kolom::Getal(k) if k.is_valid(self.plaats) => Some(k.value(self.plaats)),
            _ => None,
        }
    }

    pub fn datum(&self, veld: Veld) -> Result<Option<Dag>, StreamError> {
        match &self.kolommen[veld as usize] {
            Kolom::Datum(k) if k.is_valid(self.plaats) => {
                let dag = Dag::van_dagen_sinds_1970(k.value(self.plaats));
                dag.map(Some).ok_or_else(|| self.onleesbaar(veld))
            }
            _ => Ok(None),
        }
    }

    /// A code of digits; `None` where there is none.
    pub fn code<T: TryFrom<u32>>(&self, veld: Veld) -> Result<Option<T>, StreamError> {
        let tekst = self.tekst(veld);
        if tekst.is_empty() {
            return Ok(None);
        }
        let getal = Some(tekst).filter(|t| t.bytes().all(|b| b.is_ascii_digit()));
        let waarde = getal.and_then(|t| t.parse().ok()).and_then(|n: u32| T::try_from(n).ok());
        waarde.map(Some).ok_or_else(|| self.onleesbaar(veld))
    }

    /// A whole number that isn't negative and fits.
    pub fn aantal(&self, veld: Veld) -> Result<Option<u32>, StreamError> {
        self.getal(veld).map(|n| u32::try_from(n).map_err(|_| self.onleesbaar(veld))).transpose()
    }

    /// One of some words; `None` where there is none.
    pub fn keus<T: Copy>(
        &self,
        veld: Veld,
        keuzes: &[(&str, T)],
    ) -> Result<Option<T>, StreamError> {
        let tekst = self.tekst(veld);
        if tekst.is_empty() {
            return Ok(None);
        }
        let gekozen = keuzes.iter().find(|(naam, _)| *naam == tekst).map(|(_, waarde)| *waarde);
        gekozen.map(Some).ok_or_else(|| self.onleesbaar(veld))
    }

    /// What [`Veld::Inhoud`] holds, as this program writes it.
    pub fn inhoud<T: serde::de::DeserializeOwned>(&self) -> Result<T, StreamError> {
        serde_json::from_str(self.tekst(Veld::Inhoud)).map_err(|_| self.onleesbaar(Veld::Inhoud))
    }

    /// The value must be there.
    pub fn nodig<T>(&self, veld: Veld, waarde: Option<T>) -> Result<T, StreamError> {
        waarde.ok_or_else(|| self.onleesbaar(veld))
    }

    /// That a value can't be read; it isn't shown, as it may be a Bsn.
    pub fn onleesbaar(&self, veld: Veld) -> StreamError {
        StreamError::Waarde { bron: self.bron.to_owned(), rij: self.nummer, kolom: veld.naam() }
    }
}

/// Notes whether a reader was asked for more than there is: a whole stream says itself where it
/// ends, so nobody asks.
struct Eindemelder<R> {
    bron: R,
    voorbij: bool,
}

impl<R: Read> Read for Eindemelder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.bron.read(buffer)?;
        self.voorbij |= n == 0 && !buffer.is_empty();
        Ok(n)
    }
}

/// Reads a whole stream row by row; `naam` is what messages call it.
///
/// # Errors
/// A stream without its end, a column that isn't ours or has another type, and what `per_rij` says.
pub fn lees(
    bron: impl Read,
    naam: &str,
    mut per_rij: impl FnMut(Rij<'_>) -> Result<(), StreamError>,
) -> Result<(), StreamError> {
    let bron = Eindemelder { bron: BufReader::with_capacity(1 << 20, bron), voorbij: false };
    let geen_stroom = |fout: ArrowError, voorbij: bool| match voorbij {
        true => StreamError::Afgebroken { bron: naam.to_owned() },
        // What a library says may quote bytes of the stream.
        false => StreamError::GeenStroom {
            bron: naam.to_owned(),
            oorzaak: crate::ground::gemaskeerd(&fout.to_string()).into_owned(),
        },
    };
    let mut stroom = StreamReader::try_new(bron, None).map_err(|e| geen_stroom(e, false))?;
    let schema = stroom.schema();
    for veld in schema.fields() {
        if !Veld::ALLE.iter().any(|v| v.naam() == veld.name()) {
            return Err(StreamError::OnbekendeKolom {
                bron: naam.to_owned(),
                kolom: crate::ground::gemaskeerd(veld.name()).into_owned(),
            });
        }
    }
    let mut nummer = 0;
    while let Some(blok) = stroom.next() {
        let blok = blok.map_err(|e| geen_stroom(e, stroom.get_ref().voorbij))?;
        let kolommen = Veld::ALLE
            .iter()
            .map(|veld| {
                let Some(kolom) = blok.column_by_name(veld.naam()) else { return Ok(Kolom::Geen) };
                Kolom::van(*veld, kolom).ok_or_else(|| StreamError::Kolomtype {
                    bron: naam.to_owned(),
                    kolom: veld.naam(),
                    gevonden: kolom.data_type().to_string(),
                    verwacht: match veld.soort() {
                        Type::Tekst => "Utf8",
                        Type::Getal => "Int64",
                        Type::Datum => "Date32",
                    },
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        for plaats in 0..blok.num_rows() {
            nummer += 1;
            per_rij(Rij { bron: naam, kolommen: &kolommen, plaats, nummer })?;
        }
    }
    match stroom.get_ref().voorbij {
        true => Err(StreamError::Afgebroken { bron: naam.to_owned() }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroom() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut uit = RowWriter::nieuw(&mut bytes).unwrap();
        for i in 0..3 {
            uit.rij(|rij| {
                rij.tekst(Veld::Soort, "declaratie")
                    .getal(Veld::IngediendBedrag, i)
                    .datum(Veld::Begindatum, Dag::van_jmd(2023, 1, 1));
            })
            .unwrap();
        }
        uit.sluit().unwrap();
        bytes
    }

    fn bedragen(bytes: &[u8]) -> Result<Vec<Option<i64>>, StreamError> {
        let mut uit = Vec::new();
        lees(bytes, "de stroom", |rij| {
            assert_eq!(rij.tekst(Veld::Soort), "declaratie");
            assert_eq!(rij.datum(Veld::Begindatum)?, Dag::van_jmd(2023, 1, 1));
            assert_eq!((rij.tekst(Veld::Bsn), rij.getal(Veld::Budget)), ("", None));
            uit.push(rij.getal(Veld::IngediendBedrag));
            Ok(())
        })?;
        Ok(uit)
    }

    #[test]
    fn rows_come_back_as_they_were_written() {
        assert_eq!(bedragen(&stroom()).unwrap(), [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn a_stream_is_whole_or_refused_wherever_it_was_cut() {
        let bytes = stroom();
        for lengte in 0..bytes.len() {
            assert!(bedragen(&bytes[..lengte]).is_err(), "cut at {lengte} of {}", bytes.len());
        }
        let zonder_einde = bedragen(&bytes[..bytes.len() - 8]);
        assert!(matches!(zonder_einde, Err(StreamError::Afgebroken { .. })));
    }
}
