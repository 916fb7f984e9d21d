//! A Parquet file with moments of 96 bits, as Spark and Hive write them: made byte by byte, because
//! nothing that the tests are built with still writes it.

/// A value of a column.
#[derive(Clone)]
pub enum Value {
    Text(String),
    /// Seconds since 1970, in world time.
    Moment(i64),
}

/// What a struct of the footer holds, by the number of its field.
enum Thrift {
    I32(i64),
    I64(i64),
    Text(String),
    List(u8, Vec<Thrift>),
    Struct(Vec<(i16, Thrift)>),
}

const BINARY: u8 = 8;
const STRUCT: u8 = 12;
const I32: u8 = 5;

fn varint(mut n: u64, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

impl Thrift {
    fn kind(&self) -> u8 {
        match self {
            Thrift::I32(_) => I32,
            Thrift::I64(_) => 6,
            Thrift::Text(_) => BINARY,
            Thrift::List(..) => 9,
            Thrift::Struct(_) => STRUCT,
        }
    }

    /// In the compact protocol.
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Thrift::I32(n) | Thrift::I64(n) => varint(((n << 1) ^ (n >> 63)) as u64, out),
            Thrift::Text(text) => {
                varint(text.len() as u64, out);
                out.extend(text.as_bytes());
            }
            Thrift::List(kind, items) => {
                out.push(0xf0 | kind);
                varint(items.len() as u64, out);
                items.iter().for_each(|item| item.write(out));
            }
            Thrift::Struct(fields) => {
                let mut last = 0;
                for (number, value) in fields {
                    out.push(((number - last) as u8) << 4 | value.kind());
                    value.write(out);
                    last = *number;
                }
                out.push(0);
            }
        }
    }
}

fn plain(value: &Value, out: &mut Vec<u8>) {
    const DAY: i64 = 86_400;
    /// The first of January 1970, as astronomers count days.
    const EPOCH: i64 = 2_440_588;
    match value {
        Value::Text(text) => {
            out.extend((text.len() as u32).to_le_bytes());
            out.extend(text.as_bytes());
        }
        Value::Moment(seconds) => {
            out.extend((seconds.rem_euclid(DAY) * 1_000_000_000).to_le_bytes());
            out.extend(((seconds.div_euclid(DAY) + EPOCH) as u32).to_le_bytes());
        }
    }
}

/// The file of these rows; a column is of the type of its first value.
pub fn file(header: &[String], rows: &[Vec<Value>]) -> Vec<u8> {
    use Thrift::{I64, List, Struct, Text};
    let i32 = |n| Thrift::I32(n);
    let count = rows.len() as i64;
    let mut out = b"PAR1".to_vec();
    let root = vec![(4, Text("tabel".into())), (5, i32(header.len() as i64))];
    let (mut schema, mut chunks) = (vec![Struct(root)], Vec::new());
    for (k, name) in header.iter().enumerate() {
        let (kind, converted) = match rows[0][k] {
            Value::Text(_) => (6, Some((6, i32(0)))),
            Value::Moment(_) => (3, None),
        };
        let of_column = [(1, i32(kind)), (3, i32(0)), (4, Text(name.clone()))];
        schema.push(Struct(of_column.into_iter().chain(converted).collect()));
        let mut values = Vec::new();
        rows.iter().for_each(|row| plain(&row[k], &mut values));
        let (at, size) = (out.len() as i64, values.len() as i64);
        let page = vec![(1, i32(count)), (2, i32(0)), (3, i32(3)), (4, i32(3))];
        let head = vec![(1, i32(0)), (2, i32(size)), (3, i32(size)), (5, Struct(page))];
        Struct(head).write(&mut out);
        out.extend(values);
        let whole = out.len() as i64 - at;
        let meta = vec![
            (1, i32(kind)),
            (2, List(I32, vec![i32(0)])),
            (3, List(BINARY, vec![Text(name.clone())])),
            (4, i32(0)),
            (5, I64(count)),
            (6, I64(whole)),
            (7, I64(whole)),
            (9, I64(at)),
        ];
        chunks.push(Struct(vec![(2, I64(at)), (3, Struct(meta))]));
    }
    let size = out.len() as i64;
    let group = vec![(1, List(STRUCT, chunks)), (2, I64(size)), (3, I64(count))];
    let footer = vec![
        (1, i32(1)),
        (2, List(STRUCT, schema)),
        (3, I64(count)),
        (4, List(STRUCT, vec![Struct(group)])),
    ];
    let begin = out.len();
    Struct(footer).write(&mut out);
    let length = (out.len() - begin) as u32;
    out.extend(length.to_le_bytes());
    out.extend(b"PAR1");
    out
}
