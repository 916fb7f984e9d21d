//! Rows of a stream, cut and joined as an engine does.

use arrow_array::builder::{Date32Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use std::sync::Arc;

/// A value; a null is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cel {
    Leeg,
    Tekst(String),
    Getal(i64),
    Datum(i32),
}

/// Rows under one schema.
pub struct Tabel {
    schema: SchemaRef,
    rijen: Vec<Vec<Cel>>,
}

/// A row with the names of its columns.
pub struct Rij<'a> {
    tabel: &'a Tabel,
    cellen: &'a [Cel],
}

impl Rij<'_> {
    pub fn tekst(&self, kolom: &str) -> String {
        match &self.cellen[self.tabel.plaats(kolom)] {
            Cel::Tekst(tekst) => tekst.clone(),
            _ => String::new(),
        }
    }
}

fn cellen(kolom: &ArrayRef) -> Vec<Cel> {
    let cel = |i: usize| match kolom.data_type() {
        _ if kolom.is_null(i) => Cel::Leeg,
        DataType::Utf8 => Cel::Tekst(kolom.as_string::<i32>().value(i).to_owned()),
        DataType::Int64 => Cel::Getal(kolom.as_primitive::<Int64Type>().value(i)),
        DataType::Date32 => Cel::Datum(kolom.as_primitive::<Date32Type>().value(i)),
        ander => panic!("a column of type {ander}"),
    };
    (0..kolom.len()).map(cel).collect()
}

fn kolom<'a>(soort: &DataType, cellen: impl Iterator<Item = &'a Cel>) -> ArrayRef {
    macro_rules! gebouwd {
        ($bouwer:expr, $soort:path) => {{
            let mut bouwer = $bouwer;
            for cel in cellen {
                match cel {
                    $soort(waarde) => bouwer.append_value(waarde.clone()),
                    _ => bouwer.append_null(),
                }
            }
            Arc::new(bouwer.finish())
        }};
    }
    match soort {
        DataType::Utf8 => gebouwd!(StringBuilder::new(), Cel::Tekst),
        DataType::Int64 => gebouwd!(Int64Builder::new(), Cel::Getal),
        _ => gebouwd!(Date32Builder::new(), Cel::Datum),
    }
}

impl Tabel {
    pub fn lees(bytes: &[u8]) -> Tabel {
        let stroom = StreamReader::try_new(bytes, None).expect("a step writes a stream");
        let schema = stroom.schema();
        let mut rijen = Vec::new();
        for blok in stroom {
            let blok = blok.expect("a whole block");
            let kolommen: Vec<Vec<Cel>> = blok.columns().iter().map(cellen).collect();
            rijen.extend(
                (0..blok.num_rows()).map(|i| kolommen.iter().map(|k| k[i].clone()).collect()),
            );
        }
        Tabel { schema, rijen }
    }

    /// The rows of these after each other, as one stream.
    pub fn stroom(tabellen: &[&Tabel]) -> Vec<u8> {
        let schema = &tabellen[0].schema;
        let mut bytes = Vec::new();
        let mut uit = StreamWriter::try_new(&mut bytes, schema).expect("a stream begins");
        for tabel in tabellen.iter().filter(|t| !t.rijen.is_empty()) {
            let kolommen =
                schema.fields().iter().enumerate().map(|(i, veld)| {
                    kolom(veld.data_type(), tabel.rijen.iter().map(|rij| &rij[i]))
                });
            let blok = RecordBatch::try_new(Arc::clone(schema), kolommen.collect());
            uit.write(&blok.expect("rows of one schema")).expect("a block is written");
        }
        uit.finish().expect("a stream ends");
        bytes
    }

    pub fn samen(tabellen: &[Tabel]) -> Tabel {
        let rijen = tabellen.iter().flat_map(|t| t.rijen.iter().cloned()).collect();
        Tabel { schema: Arc::clone(&tabellen[0].schema), rijen }
    }

    /// Names and types of the columns, in order.
    pub fn kolommen(&self) -> Vec<(String, String)> {
        let soort = |veld: &Field| match veld.data_type() {
            DataType::Utf8 => "text",
            DataType::Int64 => "number",
            _ => "date",
        };
        let velden = self.schema.fields().iter();
        velden.map(|veld| (veld.name().clone(), soort(veld).to_owned())).collect()
    }

    fn plaats(&self, kolom: &str) -> usize {
        self.schema.index_of(kolom).expect("a column of the stream")
    }

    fn van(&self, rijen: Vec<Vec<Cel>>) -> Tabel {
        Tabel { schema: Arc::clone(&self.schema), rijen }
    }

    pub fn is_leeg(&self) -> bool {
        self.rijen.is_empty()
    }

    pub fn rijen(&self) -> impl Iterator<Item = Rij<'_>> {
        self.rijen.iter().map(|cellen| Rij { tabel: self, cellen })
    }

    /// Each row as a table of its own.
    pub fn een_voor_een(&self) -> impl Iterator<Item = Tabel> + '_ {
        self.rijen.iter().map(|rij| self.van(vec![rij.clone()]))
    }

    /// The rows with this text in a column.
    pub fn met(&self, kolom: &str, waarde: &str) -> Tabel {
        let plaats = self.plaats(kolom);
        let gezocht = Cel::Tekst(waarde.to_owned());
        self.van(self.rijen.iter().filter(|rij| rij[plaats] == gezocht).cloned().collect())
    }

    /// All rows with this text in a column; a column without texts becomes empty.
    pub fn waarin(&self, kolom: &str, waarde: &str) -> Tabel {
        let plaats = self.plaats(kolom);
        let mut uit = self.van(self.rijen.clone());
        let is_tekst = self.schema.field(plaats).data_type() == &DataType::Utf8;
        let cel = if is_tekst { Cel::Tekst(waarde.to_owned()) } else { Cel::Leeg };
        uit.rijen.iter_mut().for_each(|rij| rij[plaats] = cel.clone());
        uit
    }

    /// All rows with one column more.
    pub fn met_kolom(&self, naam: &str, waarde: &str) -> Tabel {
        let mut velden: Vec<Field> = self.schema.fields().iter().map(|v| (**v).clone()).collect();
        velden.push(Field::new(naam, DataType::Utf8, true));
        let mut rijen = self.rijen.clone();
        rijen.iter_mut().for_each(|rij| rij.push(Cel::Tekst(waarde.to_owned())));
        Tabel { schema: Arc::new(Schema::new(velden)), rijen }
    }

    /// Rows over parts: those with equal texts in a column in the same one.
    pub fn verdeel(&self, kolom: &str, aantal: u32) -> Vec<Tabel> {
        let plaats = self.plaats(kolom);
        let mut delen: Vec<Tabel> = (0..aantal).map(|_| self.van(Vec::new())).collect();
        for rij in &self.rijen {
            let Cel::Tekst(sleutel) = &rij[plaats] else { panic!("a row without a {kolom}") };
            let deel = crc32fast::hash(sleutel.as_bytes()) % aantal;
            delen[deel as usize].rijen.push(rij.clone());
        }
        delen
    }
}
