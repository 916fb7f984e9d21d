//! A workbook of the old Excel, made record by record in the sectors of a compound file: no other program
//! here writes one.

use super::Hiding;
use super::xlsb::Cell;

/// Bytes of a sector; numbers that say that one is of the table, or the last of its chain, or free.
const SECTOR: usize = 512;
const OF_TABLE: u32 = 0xffff_fffd;
const LAST: u32 = 0xffff_fffe;
const FREE: u32 = 0xffff_ffff;

fn record(kind: u16, body: &[u8], out: &mut Vec<u8>) {
    out.extend(kind.to_le_bytes());
    out.extend((body.len() as u16).to_le_bytes());
    out.extend(body);
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The records of a sheet: of each row first what it looks like, then its cells.
fn sheet(rows: &[Vec<Cell>], is_hidden: &dyn Fn(usize) -> bool) -> Vec<u8> {
    let mut out = Vec::new();
    record(0x809, &words(&[0x600, 0x10, 0, 0, 0, 0, 0, 0]), &mut out);
    for (r, row) in rows.iter().enumerate() {
        let flags = if is_hidden(r) { 0x120 } else { 0x100 };
        let width = row.len() as u16;
        record(0x208, &words(&[r as u16, 0, width, 255, 0, 0, flags, 15]), &mut out);
    }
    // A chart in the sheet, with a row of its own.
    record(0x809, &words(&[0x600, 0x20, 0, 0, 0, 0, 0, 0]), &mut out);
    record(0x208, &words(&[1, 0, 1, 255, 0, 0, 0x120, 15]), &mut out);
    record(0x0a, &[], &mut out);
    for (r, row) in rows.iter().enumerate() {
        for (k, cell) in row.iter().enumerate() {
            let place = |look: u16| words(&[r as u16, k as u16, look]);
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    let units: Vec<u16> = text.encode_utf16().collect();
                    let head = [place(15), words(&[units.len() as u16]), vec![1]].concat();
                    record(0x204, &[head, words(&units)].concat(), &mut out);
                }
                Cell::Number(n) => {
                    record(0x203, &[place(15), n.to_le_bytes().to_vec()].concat(), &mut out);
                }
                Cell::Day(n) => {
                    record(0x203, &[place(16), n.to_le_bytes().to_vec()].concat(), &mut out);
                }
            }
        }
    }
    record(0x0a, &[], &mut out);
    out
}

/// The records of a workbook: what all sheets share, and each sheet.
fn book(sheets: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut before = Vec::new();
    record(0x809, &words(&[0x600, 0x05, 0, 0, 0, 0, 0, 0]), &mut before);
    // Looks: those that every workbook begins with, a plain one, and the built-in one of days.
    for number_format in [0; 16].into_iter().chain([14]) {
        record(0xe0, &words(&[0, number_format, 0, 0, 0, 0, 0, 0, 0, 0]), &mut before);
    }
    let listed = |begin: u32, name: &str| {
        [&begin.to_le_bytes()[..], &[0, 0, name.len() as u8, 0], name.as_bytes()].concat()
    };
    let mut list = Vec::new();
    sheets.iter().for_each(|(name, _)| record(0x85, &listed(0, name), &mut list));
    let mut begin = before.len() + list.len() + 4;
    for (name, sheet) in sheets {
        record(0x85, &listed(begin as u32, name), &mut before);
        begin += sheet.len();
    }
    record(0x0a, &[], &mut before);
    sheets.iter().for_each(|(_, sheet)| before.extend(sheet));
    before
}

/// A compound file with one stream.
fn compound(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    let length = stream.len().max(4096);
    stream.resize(length.next_multiple_of(SECTOR), 0);
    let of_stream = stream.len() / SECTOR;
    // The table has a place for each sector, its own among them, and for that of the entries.
    let of_table = (1..).find(|n| n * (SECTOR / 4) > n + of_stream).unwrap();
    let first = of_table as u32 + 1;
    let mut table = vec![OF_TABLE; of_table];
    table.push(LAST);
    table.extend(first + 1..first + of_stream as u32);
    table.push(LAST);
    table.resize(of_table * (SECTOR / 4), FREE);
    let mut head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    head.extend([0; 16]);
    head.extend(words(&[0x3e, 3, 0xfffe, 9, 6, 0, 0, 0, 0, 0]));
    assert_eq!(head.len(), 44);
    for number in [of_table as u32, of_table as u32, 0, 4096, LAST, 0, LAST, 0] {
        head.extend(number.to_le_bytes());
    }
    (0..109).for_each(|n| {
        head.extend(if n < of_table { n as u32 } else { FREE }.to_le_bytes());
    });
    assert!(of_table <= 109 && head.len() == SECTOR);
    let entry = |name: &str, kind: u8, child: u32, start: u32, length: usize| {
        let mut entry = words(&name.encode_utf16().collect::<Vec<_>>());
        let bytes = if name.is_empty() { 0 } else { entry.len() as u16 + 2 };
        entry.resize(64, 0);
        entry.extend(bytes.to_le_bytes());
        entry.extend([kind, 1]);
        [FREE, FREE, child].iter().for_each(|other| entry.extend(other.to_le_bytes()));
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend((length as u64).to_le_bytes());
        entry
    };
    let entries = [
        entry("Root Entry", 5, 1, LAST, 0),
        entry(name, 2, FREE, first, length),
        entry("", 0, FREE, 0, 0),
        entry("", 0, FREE, 0, 0),
    ];
    let table: Vec<u8> = table.iter().flat_map(|next| next.to_le_bytes()).collect();
    [head, table, entries.concat(), stream].concat()
}

/// A workbook of these sheets, in which rows are hidden.
pub fn file(sheets: &[Hiding<'_, Vec<Vec<Cell>>>]) -> Vec<u8> {
    let sheets = sheets.iter().map(|(name, rows, is_hidden)| (*name, sheet(rows, is_hidden)));
    compound("Workbook", book(&sheets.collect::<Vec<_>>()))
}
