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
enum Cell {
    Empty,
    Text(String),
    Number(i64),
    Datum(i32),
}

/// Rows under one schema.
pub struct Table {
    schema: SchemaRef,
    rows: Vec<Vec<Cell>>,
}

/// A row with the names of its columns.
pub struct ArrowRow<'a> {
    table: &'a Table,
    cells: &'a [Cell],
}

impl ArrowRow<'_> {
    pub fn text(&self, kolom: &str) -> String {
        match &self.cells[self.table.place(kolom)] {
            Cell::Text(s) => s.clone(),
            _ => String::new(),
        }
    }
}

fn cells(kolom: &ArrayRef) -> Vec<Cell> {
    let cell = |i: usize| match kolom.data_type() {
        _ if kolom.is_null(i) => Cell::Empty,
        DataType::Utf8 => Cell::Text(kolom.as_string::<i32>().value(i).to_owned()),
        DataType::Int64 => Cell::Number(kolom.as_primitive::<Int64Type>().value(i)),
        DataType::Date32 => Cell::Datum(kolom.as_primitive::<Date32Type>().value(i)),
        other => panic!("a column of type {other}"),
    };
    (0..kolom.len()).map(cell).collect()
}

fn kolom<'a>(kind: &DataType, cells: impl Iterator<Item = &'a Cell>) -> ArrayRef {
    macro_rules! gebouwd {
        ($bouwer:expr, $soort:path) => {{
            let mut bouwer = $bouwer;
            for cel in cells {
                match cel {
                    $soort(waarde) => bouwer.append_value(waarde.clone()),
                    _ => bouwer.append_null(),
                }
            }
            Arc::new(bouwer.finish())
        }};
    }
    match kind {
        DataType::Utf8 => gebouwd!(StringBuilder::new(), Cell::Text),
        DataType::Int64 => gebouwd!(Int64Builder::new(), Cell::Number),
        _ => gebouwd!(Date32Builder::new(), Cell::Datum),
    }
}

impl Table {
    pub fn read(bytes: &[u8]) -> Table {
        let stream = StreamReader::try_new(bytes, None).expect("a step writes a stream");
        let schema = stream.schema();
        let mut rows = Vec::new();
        for block in stream {
            let block = block.expect("a whole block");
            let kolommen: Vec<Vec<Cell>> = block.columns().iter().map(cells).collect();
            rows.extend(
                (0..block.num_rows()).map(|i| kolommen.iter().map(|k| k[i].clone()).collect()),
            );
        }
        Table { schema, rows }
    }

    /// The rows of these after each other, as one stream.
    pub fn stream(tables: &[&Table]) -> Vec<u8> {
        let schema = &tables[0].schema;
        let mut bytes = Vec::new();
        let mut out = StreamWriter::try_new(&mut bytes, schema).expect("a stream begins");
        for table in tables.iter().filter(|t| !t.rows.is_empty()) {
            let kolommen =
                schema.fields().iter().enumerate().map(|(i, field)| {
                    kolom(field.data_type(), table.rows.iter().map(|row| &row[i]))
                });
            let block = RecordBatch::try_new(Arc::clone(schema), kolommen.collect());
            out.write(&block.expect("rows of one schema")).expect("a block is written");
        }
        out.finish().expect("a stream ends");
        bytes
    }

    pub fn together(tables: &[Table]) -> Table {
        let rows = tables.iter().flat_map(|t| t.rows.iter().cloned()).collect();
        Table { schema: Arc::clone(&tables[0].schema), rows }
    }

    /// Names and types of the columns, in order.
    pub fn kolommen(&self) -> Vec<(String, String)> {
        let kind = |field: &Field| match field.data_type() {
            DataType::Utf8 => "text",
            DataType::Int64 => "number",
            _ => "date",
        };
        let fields = self.schema.fields().iter();
        fields.map(|field| (field.name().clone(), kind(field).to_owned())).collect()
    }

    fn place(&self, kolom: &str) -> usize {
        self.schema.index_of(kolom).expect("a column of the stream")
    }

    fn of(&self, rows: Vec<Vec<Cell>>) -> Table {
        Table { schema: Arc::clone(&self.schema), rows }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn rows(&self) -> impl Iterator<Item = ArrowRow<'_>> {
        self.rows.iter().map(|cells| ArrowRow { table: self, cells })
    }

    /// Each row as a table of its own.
    pub fn one_by_one(&self) -> impl Iterator<Item = Table> + '_ {
        self.rows.iter().map(|row| self.of(vec![row.clone()]))
    }

    /// The rows with this text in a column.
    pub fn with(&self, kolom: &str, value: &str) -> Table {
        let place = self.place(kolom);
        let sought = Cell::Text(value.to_owned());
        self.of(self.rows.iter().filter(|row| row[place] == sought).cloned().collect())
    }

    /// All rows with this text in a column; a column without texts becomes empty.
    pub fn in_what(&self, kolom: &str, value: &str) -> Table {
        let place = self.place(kolom);
        let mut out = self.of(self.rows.clone());
        let is_text = self.schema.field(place).data_type() == &DataType::Utf8;
        let cell = if is_text { Cell::Text(value.to_owned()) } else { Cell::Empty };
        out.rows.iter_mut().for_each(|row| row[place] = cell.clone());
        out
    }

    /// All rows with one column more.
    pub fn with_kolom(&self, name: &str, value: &str) -> Table {
        let mut fields: Vec<Field> = self.schema.fields().iter().map(|v| (**v).clone()).collect();
        fields.push(Field::new(name, DataType::Utf8, true));
        let mut rows = self.rows.clone();
        rows.iter_mut().for_each(|row| row.push(Cell::Text(value.to_owned())));
        Table { schema: Arc::new(Schema::new(fields)), rows }
    }

    /// Rows over parts: those with equal texts in a column in the same one.
    pub fn divide(&self, kolom: &str, count: u32) -> Vec<Table> {
        let place = self.place(kolom);
        let mut parts: Vec<Table> = (0..count).map(|_| self.of(Vec::new())).collect();
        for row in &self.rows {
            let Cell::Text(key) = &row[place] else { panic!("a row without a {kolom}") };
            let part = crc32fast::hash(key.as_bytes()) % count;
            parts[part as usize].rows.push(row.clone());
        }
        parts
    }
}
