//! A workbook in Excel's binary form, made record by record: no other program here writes one.

use super::Hiding;
use std::io::{Cursor, Write};

/// A cell of a sheet.
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// A number that is shown as a date.
    Day(f64),
}

fn record(kind: u16, body: &[u8], out: &mut Vec<u8>) {
    match kind < 0x80 {
        true => out.push(kind as u8),
        false => out.extend([(kind & 0x7f) as u8 | 0x80, (kind >> 7) as u8]),
    }
    let mut length = body.len();
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(body);
}

/// A text with its length in front, in UTF-16.
fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut out = (units.len() as u32).to_le_bytes().to_vec();
    out.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    out
}

fn sheet(rows: &[Vec<Cell>], is_hidden: &dyn Fn(usize) -> bool) -> Vec<u8> {
    let mut out = Vec::new();
    record(0x81, &[], &mut out);
    record(0x94, &[0; 16], &mut out);
    record(0x91, &[], &mut out);
    for (r, row) in (0_u32..).zip(rows) {
        let mut head = r.to_le_bytes().to_vec();
        head.extend([0; 13]);
        head[11] = if is_hidden(r as usize) { 0x10 } else { 0 };
        record(0x00, &head, &mut out);
        for (k, cell) in (0_u32..).zip(row) {
            let place = |style: u32| [k.to_le_bytes(), style.to_le_bytes()].concat();
            match cell {
                Cell::Empty => record(0x01, &place(0), &mut out),
                Cell::Text(text) => record(0x06, &[place(0), wide(text)].concat(), &mut out),
                Cell::Number(n) => {
                    record(0x05, &[place(0), n.to_le_bytes().to_vec()].concat(), &mut out);
                }
                Cell::Day(n) => {
                    record(0x05, &[place(1), n.to_le_bytes().to_vec()].concat(), &mut out);
                }
            }
        }
    }
    record(0x92, &[], &mut out);
    record(0x82, &[], &mut out);
    out
}

/// A workbook of one sheet; its days count from 1904 or from 1900.
pub fn file(rows: Vec<Vec<Cell>>, from_1904: bool) -> Vec<u8> {
    file_of(&[("Blad1", rows, &|_| false)], from_1904)
}

/// A workbook of these sheets, in which rows are hidden.
pub fn file_of(sheets: &[Hiding<'_, Vec<Vec<Cell>>>], from_1904: bool) -> Vec<u8> {
    let mut book = Vec::new();
    record(0x83, &[], &mut book);
    let mut settings = vec![0; 12];
    settings[0] = u8::from(from_1904);
    record(0x99, &settings, &mut book);
    record(0x8f, &[], &mut book);
    let mut relations =
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            .to_owned();
    for (n, (name, ..)) in (1_u32..).zip(sheets) {
        let id = format!("rId{n}");
        let listed = [vec![0; 4], n.to_le_bytes().to_vec(), wide(&id), wide(name)].concat();
        record(0x9c, &listed, &mut book);
        relations += &format!(
            "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{n}.bin\"/>"
        );
    }
    relations += "</Relationships>";
    record(0x90, &[], &mut book);
    record(0x84, &[], &mut book);
    // Two looks: plain, and the built-in one of days.
    let mut looks = Vec::new();
    record(0x269, &2_u32.to_le_bytes(), &mut looks);
    for number_format in [0_u16, 14] {
        let mut look = vec![0; 16];
        look[2..4].copy_from_slice(&number_format.to_le_bytes());
        record(0x2f, &look, &mut looks);
    }
    record(0x26a, &[], &mut looks);
    let mut parts = vec![
        ("xl/workbook.bin".to_owned(), book),
        ("xl/_rels/workbook.bin.rels".to_owned(), relations.into_bytes()),
        ("xl/styles.bin".to_owned(), looks),
    ];
    for (n, (_, rows, is_hidden)) in (1..).zip(sheets) {
        parts.push((format!("xl/worksheets/sheet{n}.bin"), sheet(rows, is_hidden)));
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
