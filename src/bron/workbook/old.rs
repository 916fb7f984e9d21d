//! What the workbook of the old Excel says that its cells don't: records, each with its kind and its
//! length.

use super::compound;
use super::hidden::Told;
use std::collections::BTreeMap;

/// Where a sheet begins, the head of a row, and the begin and end of what belongs together.
const SHEET: u16 = 0x85;
const ROW: u16 = 0x0208;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x0a;

/// Where in the head of a row it says whether it is hidden, and how.
const HIDDEN_AT: usize = 12;
const HIDDEN: u8 = 0x20;

/// What is told of the rows of the sheets, in the order of their list; nothing of a file without sense.
pub(super) fn take_hidden(bytes: &[u8]) -> Vec<Told> {
    compound::stream(bytes, &["workbook", "book"]).map_or_else(Vec::new, |book| of_stream(&book))
}

fn of_stream(book: &[u8]) -> Vec<Told> {
    let list = records(book).take_while(|(kind, _)| *kind != END);
    let list = list.filter(|(kind, _)| *kind == SHEET);
    let places = list.map(|(_, body)| {
        body.first_chunk().map_or(usize::MAX, |place| u32::from_le_bytes(*place) as usize)
    });
    let places: Vec<usize> = places.collect();
    // Each ends before the next begins, whatever it says: no byte is looked at twice.
    let mut found: BTreeMap<usize, Told> = places.iter().map(|p| (*p, Told::default())).collect();
    let mut end = book.len();
    for (begin, told) in found.iter_mut().rev() {
        *told = book.get(*begin..end).map(of_sheet).unwrap_or_default();
        end = end.min(*begin);
    }
    places.iter().map(|place| found.remove(place).unwrap_or_default()).collect()
}

/// What is told of the rows of the sheet at the beginning of these bytes.
fn of_sheet(bytes: &[u8]) -> Told {
    let (mut told, mut depth) = (Told::default(), 0_usize);
    for (kind, body) in records(bytes) {
        match (kind, depth) {
            (BEGIN, _) => depth += 1,
            (END, 0 | 1) => break,
            (END, _) => depth -= 1,
            (ROW, 1) if body.get(HIDDEN_AT).is_some_and(|flags| flags & HIDDEN != 0) => {
                let row = u32::from(u16::from_le_bytes([body[0], body[1]]));
                told.add(row..row + 1);
            }
            _ => {}
        }
    }
    told
}

/// The records of these bytes up to one that isn't there as a whole.
fn records(mut rest: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let ([a, b, c, d], after) = rest.split_first_chunk()?;
        let (body, after) = after.split_at_checked(u16::from_le_bytes([*c, *d]).into())?;
        rest = after;
        Some((u16::from_le_bytes([*a, *b]), body))
    })
}

#[cfg(test)]
mod tests {
    use super::super::hidden::HiddenRows;
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = body.len() as u16;
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
    }

    fn row(row: u8, flags: u8) -> Vec<u8> {
        record(ROW, &[row, 0, 0, 0, 9, 0, 0xff, 0, 0, 0, 0, 0, flags, 1, 0, 0])
    }

    /// A book whose sheets begin where `places` says, counted from behind the list of them.
    fn book(places: &[usize], sheets: &[u8]) -> Vec<u8> {
        let list = |before: usize| -> Vec<u8> {
            let begins = places.iter().map(|place| ((before + place) as u32).to_le_bytes());
            begins.flat_map(|begin| record(SHEET, &[&begin[..], &[0; 4]].concat())).collect()
        };
        let whole = |before| [record(BEGIN, &[0; 16]), list(before), record(END, &[])].concat();
        [whole(whole(0).len()), sheets.to_vec()].concat()
    }

    fn found(book: &[u8]) -> Vec<Vec<u32>> {
        let sheets = of_stream(book).into_iter().map(HiddenRows::from);
        sheets.map(|hidden| (0..300).filter(|row| hidden.contains(*row)).collect()).collect()
    }

    #[test]
    fn each_sheet_has_its_own_rows_and_a_chart_in_it_has_none() {
        let chart = [record(BEGIN, &[0; 16]), row(7, 0x20), record(END, &[])].concat();
        let sheet = |rows: &[Vec<u8>]| {
            [record(BEGIN, &[0; 16]), rows.concat(), chart.clone(), row(9, 0x30), record(END, &[])]
                .concat()
        };
        let one = sheet(&[row(1, 0x20), row(2, 0x40), row(3, 0xff)]);
        let other = sheet(&[row(4, 0xdf)]);
        let both = [one.clone(), row(200, 0x20), other].concat();
        let second = one.len() + row(0, 0).len();
        assert_eq!(found(&book(&[second, 0], &both)), [vec![9], vec![1, 3, 9]]);
        // Twice the same, and beyond the end.
        let odd = found(&book(&[0, 0, 5_000_000], &both));
        assert_eq!(odd.iter().filter(|rows| **rows == [1, 3, 9]).count(), 1, "{odd:?}");
        assert_eq!(odd.len(), 3);
    }

    #[test]
    fn a_book_that_is_cut_off_or_says_too_little_tells_what_it_can() {
        let short = record(ROW, &[5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let sheet = [record(BEGIN, &[]), row(1, 0x20), short, row(2, 0x20), vec![8, 2, 0xff, 0xff]]
            .concat();
        let book = book(&[0], &sheet);
        assert_eq!(found(&book), [[1, 2]]);
        for length in 0..book.len() {
            assert!(found(&book[..length]).len() <= 1);
        }
        assert!(take_hidden(&book).is_empty());
    }
}
