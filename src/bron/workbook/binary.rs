//! What the parts of an `.xlsb` say that its cells don't: records, each with its kind and its length.

use super::hidden::Told;
use super::tags::{by_file, related};

/// The head of a row; a sheet in the list of them, and the end of that list.
const ROW: u16 = 0x00;
const SHEET: u16 = 0x9c;
const END_OF_SHEETS: u16 = 0x90;

/// Where in the head of a row it says whether it is hidden, and how.
const HIDDEN_AT: usize = 11;
const HIDDEN: u8 = 0x10;

#[derive(Default)]
pub(super) struct BinaryParts {
    /// Of each sheet's part its name, and what it tells of its rows.
    sheets: Vec<(String, Rows)>,
    /// The list of sheets, and where each is.
    book: Vec<u8>,
    relations: Vec<u8>,
}

impl BinaryParts {
    /// Is this a part of such a workbook, to be looked at as it comes?
    pub(super) fn has(name: &str) -> bool {
        matches!(name, "xl/workbook.bin" | "xl/_rels/workbook.bin.rels")
            || name.starts_with("xl/worksheets/") && name.ends_with(".bin")
    }

    /// Looks at what comes next of a part.
    pub(super) fn look(&mut self, name: &str, bytes: &[u8]) {
        match name {
            "xl/workbook.bin" => self.book.extend(bytes),
            "xl/_rels/workbook.bin.rels" => self.relations.extend(bytes),
            _ => {
                if self.sheets.last().is_none_or(|(part, _)| part != name) {
                    self.sheets.push((name.to_owned(), Rows::default()));
                }
                let (_, rows) = self.sheets.last_mut().expect("there is this one");
                rows.look(bytes);
            }
        }
    }

    /// What was told of the rows of the sheets, in the order of their list.
    pub(super) fn take_hidden(self) -> Vec<Told> {
        let (files, mut rows) = (related(&self.relations), by_file(self.sheets));
        let (mut rest, mut hidden) = (&self.book[..], Vec::new());
        while let Some(head) = Head::of(rest).filter(|head| head.kind != END_OF_SHEETS) {
            let body = &rest[head.bytes.min(rest.len())..];
            let body = &body[..head.length.min(body.len())];
            rest = &rest[(head.bytes + head.length).min(rest.len())..];
            if head.kind == SHEET
                && let Some(id) = id_of_sheet(body)
            {
                let told = files.get(&id).and_then(|file| rows.remove(file));
                hidden.push(told.map(|rows| rows.hidden).unwrap_or_default());
            }
        }
        hidden
    }
}

/// The id of the part of a sheet in the list; `None` where it has none.
fn id_of_sheet(body: &[u8]) -> Option<String> {
    let (length, rest) = body.get(8..)?.split_first_chunk()?;
    let units = u32::from_le_bytes(*length);
    let id = rest.get(..usize::try_from(units).ok()?.checked_mul(2)?)?;
    let units = id.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// What stands before a record.
struct Head {
    kind: u16,
    length: usize,
    /// Bytes of the head itself.
    bytes: usize,
}

impl Head {
    /// The one at the beginning of these bytes; `None` where it isn't there as a whole.
    fn of(bytes: &[u8]) -> Option<Head> {
        let first = *bytes.first()?;
        let (kind, kind_bytes) = match first & 0x80 {
            0 => (u16::from(first), 1),
            _ => (u16::from(first & 0x7f) | u16::from(bytes.get(1)? & 0x7f) << 7, 2),
        };
        let mut length = 0;
        for place in 0..4 {
            let byte = bytes.get(kind_bytes + place)?;
            length |= usize::from(byte & 0x7f) << (7 * place);
            if place == 3 || byte & 0x80 == 0 {
                return Some(Head { kind, length, bytes: kind_bytes + place + 1 });
            }
        }
        None
    }
}

/// The records of a sheet so far.
#[derive(Default)]
struct Rows {
    hidden: Told,
    /// The begin of a record whose rest is to come.
    begun: Vec<u8>,
    /// Bytes to come that belong to a record that is known.
    skip: usize,
}

impl Rows {
    fn look(&mut self, bytes: &[u8]) {
        let known = self.skip.min(bytes.len());
        self.skip -= known;
        self.begun.extend(&bytes[known..]);
        let mut at = 0;
        while let Some(head) = Head::of(&self.begun[at..]) {
            let body = &self.begun[at + head.bytes..];
            if head.kind == ROW && head.length > HIDDEN_AT {
                let Some(body) = body.get(..=HIDDEN_AT) else { break };
                if body[HIDDEN_AT] & HIDDEN != 0 {
                    let row = u32::from_le_bytes([body[0], body[1], body[2], body[3]]);
                    self.hidden.add(row..row.saturating_add(1));
                }
            }
            self.skip = head.length.saturating_sub(body.len());
            at = (at + head.bytes + head.length).min(self.begun.len());
        }
        self.begun.drain(..at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_are_seen_however_the_bytes_come() {
        let mut bytes = Vec::new();
        for row in 0_u8..100 {
            let mut head = vec![0; 17];
            (head[0], head[HIDDEN_AT]) = (row, if row % 7 == 0 { 0x30 } else { 0x2f });
            bytes.extend([0, 17]);
            bytes.extend(head);
            // A cell, a long record of a kind of two bytes, and a row that says too little.
            bytes.extend([1, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
            bytes.extend([0x9f, 0x03, 0x82, 0x02]);
            bytes.extend([0x10; 0x102]);
            bytes.extend([0, 3, row, 0, 0]);
        }
        for step in [1, 2, 3, 5, 18, 19, 1000, bytes.len()] {
            let mut rows = Rows::default();
            bytes.chunks(step).for_each(|some| rows.look(some));
            let hidden = super::super::hidden::HiddenRows::from(rows.hidden);
            let found = (0..200).filter(|row| hidden.contains(*row));
            assert!(found.eq((0..100).step_by(7)), "{step}");
        }
    }

    #[test]
    fn what_promises_more_than_is_there_is_no_more_than_that() {
        let mut rows = Rows::default();
        rows.look(&[0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10]);
        rows.look(&[0; 40]);
        let hidden = super::super::hidden::HiddenRows::from(rows.hidden);
        assert!(hidden.contains(1) && !hidden.contains(0));
        let mut parts = BinaryParts::default();
        parts.look(
            "xl/workbook.bin",
            &[0x9c, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f],
        );
        assert!(parts.take_hidden().is_empty());
    }
}
