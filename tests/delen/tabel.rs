//! Rows of a stream, cut and joined as an engine does.

use polars_arrow::array::{
    Array, MutableArray, MutablePrimitiveArray, MutableUtf8Array, PrimitiveArray, Utf8Array,
};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, ArrowSchemaRef, Field};
use polars_arrow::io::ipc::read::{StreamReader, read_stream_metadata};
use polars_arrow::io::ipc::write::{StreamWriter, WriteOptions};
use polars_arrow::record_batch::RecordBatchT;
use std::io::Cursor;
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
    schema: ArrowSchemaRef,
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

fn cells(kolom: &dyn Array) -> Vec<Cell> {
    let any = kolom.as_any();
    let cell = |i: usize| match kolom.dtype() {
        _ if kolom.is_null(i) => Cell::Empty,
        ArrowDataType::Utf8 => {
            Cell::Text(any.downcast_ref::<Utf8Array<i32>>().unwrap().value(i).to_owned())
        }
        ArrowDataType::Int64 => {
            Cell::Number(any.downcast_ref::<PrimitiveArray<i64>>().unwrap().value(i))
        }
        ArrowDataType::Date32 => {
            Cell::Datum(any.downcast_ref::<PrimitiveArray<i32>>().unwrap().value(i))
        }
        other => panic!("a column of type {other:?}"),
    };
    (0..kolom.len()).map(cell).collect()
}

fn kolom<'a>(kind: &ArrowDataType, cells: impl Iterator<Item = &'a Cell>) -> Box<dyn Array> {
    macro_rules! gebouwd {
        ($bouwer:expr, $soort:path) => {{
            let mut bouwer = $bouwer;
            for cel in cells {
                match cel {
                    $soort(waarde) => bouwer.push(Some(waarde.clone())),
                    _ => bouwer.push_null(),
                }
            }
            bouwer.as_box()
        }};
    }
    match kind {
        ArrowDataType::Utf8 => gebouwd!(MutableUtf8Array::<i32>::new(), Cell::Text),
        ArrowDataType::Int64 => gebouwd!(MutablePrimitiveArray::<i64>::new(), Cell::Number),
        _ => {
            let datums = MutablePrimitiveArray::<i32>::from(ArrowDataType::Date32);
            gebouwd!(datums, Cell::Datum)
        }
    }
}

impl Table {
    pub fn read(bytes: &[u8]) -> Table {
        let mut bytes = Cursor::new(bytes);
        let start = read_stream_metadata(&mut bytes).expect("a step writes a stream");
        let schema = Arc::new(start.schema.clone());
        let mut rows = Vec::new();
        for block in StreamReader::new(bytes, start, None) {
            let block = block.expect("a whole block").unwrap();
            let kolommen: Vec<Vec<Cell>> = block.arrays().iter().map(|k| cells(&**k)).collect();
            rows.extend((0..block.len()).map(|i| kolommen.iter().map(|k| k[i].clone()).collect()));
        }
        Table { schema, rows }
    }

    /// The rows of these after each other, as one stream.
    pub fn stream(tables: &[&Table]) -> Vec<u8> {
        let schema = &tables[0].schema;
        let mut bytes = Vec::new();
        let mut out = StreamWriter::new(&mut bytes, WriteOptions { compression: None });
        out.start(schema, None).expect("a stream begins");
        for table in tables.iter().filter(|t| !t.rows.is_empty()) {
            let kolommen = schema
                .iter_values()
                .enumerate()
                .map(|(i, field)| kolom(&field.dtype, table.rows.iter().map(|row| &row[i])));
            let block =
                RecordBatchT::try_new(table.rows.len(), Arc::clone(schema), kolommen.collect());
            out.write(&block.expect("rows of one schema"), None).expect("a block is written");
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
        let kind = |field: &Field| match field.dtype {
            ArrowDataType::Utf8 => "text",
            ArrowDataType::Int64 => "number",
            _ => "date",
        };
        let fields = self.schema.iter_values();
        fields.map(|field| (field.name.to_string(), kind(field).to_owned())).collect()
    }

    fn place(&self, kolom: &str) -> usize {
        self.schema.index_of(kolom).expect("a column of the stream")
    }

    /// The last day in a column.
    pub fn last_day(&self, kolom: &str) -> Option<i32> {
        let place = self.place(kolom);
        let day = |row: &Vec<Cell>| match row[place] {
            Cell::Datum(day) => Some(day),
            _ => None,
        };
        self.rows.iter().filter_map(day).max()
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
        let (_, field) = self.schema.get_at_index(place).unwrap();
        let is_text = field.dtype == ArrowDataType::Utf8;
        let cell = if is_text { Cell::Text(value.to_owned()) } else { Cell::Empty };
        out.rows.iter_mut().for_each(|row| row[place] = cell.clone());
        out
    }

    /// All rows with one column more.
    pub fn with_kolom(&self, name: &str, value: &str) -> Table {
        let mut schema: ArrowSchema = (*self.schema).clone();
        schema.insert(name.into(), Field::new(name.into(), ArrowDataType::Utf8, true));
        let mut rows = self.rows.clone();
        rows.iter_mut().for_each(|row| row.push(Cell::Text(value.to_owned())));
        Table { schema: Arc::new(schema), rows }
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
