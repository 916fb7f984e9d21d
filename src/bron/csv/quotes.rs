//! Quotes, followed as a CSV reader does: one opens a field only at the field's first byte.
//!
//! A quote that a person forgot to close would swallow the rows below it. Where every line that it
//! runs over is a row by itself, the quote is left out, and the run says so; else the file is refused.

use super::scan::QuoteScan;
use super::{RecordReader, lines};
use crate::bron::error::SourceError;
use memchr::{memchr, memchr_iter, memrchr};
use std::ops::Range;

/// How many cells a row has: as many as the header, or fewer where only cells are missing that
/// needn't be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Width {
    pub least: usize,
    pub most: usize,
}

/// A quote that can't be taken for a stray one: its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unclosed {
    /// It is never closed.
    Open(usize),
    /// It is closed, over whole rows.
    Swallows(usize),
}

impl Unclosed {
    /// As an error of this file; `line` tells on which line a place is.
    pub(crate) fn error(self, file: &str, line: impl Fn(usize) -> u64) -> SourceError {
        let file = file.to_owned();
        match self {
            Unclosed::Open(place) => SourceError::QuoteOpen { file, line: line(place) },
            Unclosed::Swallows(place) => SourceError::QuoteSwallows { file, line: line(place) },
        }
    }
}

/// Just after the last line end outside quotes (0 without one), and where a quoted field began that
/// may still be closed in bytes that are to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SplitPoint {
    pub end: usize,
    pub open_from: Option<usize>,
}

/// Physical lines that a field may run over.
const MOST_LINES: u64 = 8;

/// Follows the quotes of a text under one delimiter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quotes {
    pub delimiter: u8,
    /// That of a row; without one, that of the line with a stray quote.
    pub width: Option<Width>,
}

/// What a quote that opens a field is.
enum Opening {
    /// It is closed before this place.
    Closed(usize),
    /// It isn't, and swallows what is before this place.
    Stray(usize),
    /// It may be closed in bytes that are to come.
    Unfinished,
}

impl Quotes {
    /// Where whole records end, if no quote is in doubt.
    pub(crate) fn split_if_regular(self, bytes: &[u8], at_end: bool) -> Option<SplitPoint> {
        let QuoteScan { irregular, over_lines, end, open_from, .. } =
            QuoteScan::of(bytes, self.delimiter);
        let mut split = SplitPoint { end, open_from };
        for open in over_lines {
            match self.what_opens(bytes, open, at_end) {
                Opening::Closed(_) => {}
                // What closes it here may be the first of two, or swallow rows.
                Opening::Unfinished => {
                    split.open_from = Some(split.open_from.map_or(open, |later| later.min(open)))
                }
                Opening::Stray(_) => return None,
            }
        }
        let in_doubt = irregular || at_end && split.open_from.is_some();
        (!in_doubt).then_some(split)
    }

    /// Where whole records end. Blanks the stray quotes, and adds their places to `strays`.
    pub(crate) fn last_record_end(
        self,
        bytes: &mut [u8],
        at_end: bool,
        strays: &mut Vec<usize>,
    ) -> Result<SplitPoint, Unclosed> {
        let (mut outside, mut end) = (0, 0);
        loop {
            let open = self.opening(bytes, outside);
            if let Some(nl) = memrchr(b'\n', &bytes[outside..open.unwrap_or(bytes.len())]) {
                end = outside + nl + 1;
            }
            let Some(open) = open else { return Ok(SplitPoint { end, open_from: None }) };
            match self.what_opens(bytes, open, at_end) {
                Opening::Closed(after) => outside = after,
                Opening::Unfinished => return Ok(SplitPoint { end, open_from: Some(open) }),
                Opening::Stray(until) => {
                    self.blank(bytes, open, end..until)?;
                    strays.push(open);
                    outside = open + 1;
                }
            }
        }
    }

    /// The same of the first record alone, such as a header.
    pub(crate) fn free_first_record(self, bytes: &mut [u8]) -> Result<bool, Unclosed> {
        let (mut outside, mut any) = (0, false);
        while let Some(open) = self.opening(bytes, outside)
            && memchr(b'\n', &bytes[outside..open]).is_none()
        {
            match self.what_opens(bytes, open, true) {
                Opening::Closed(after) => outside = after,
                Opening::Unfinished => break,
                Opening::Stray(until) => {
                    self.blank(bytes, open, 0..until)?;
                    (outside, any) = (open + 1, true);
                }
            }
        }
        Ok(any)
    }

    /// The next quote that opens a field.
    fn opening(self, bytes: &[u8], from: usize) -> Option<usize> {
        let begins = |i: usize| {
            i == 0 || matches!(bytes[i - 1], b'\n' | b'\r') || bytes[i - 1] == self.delimiter
        };
        memchr_iter(b'"', &bytes[from..]).map(|i| from + i).find(|&i| begins(i))
    }

    fn what_opens(self, bytes: &[u8], open: usize, at_end: bool) -> Opening {
        let line_ends =
            |from: usize| memchr_iter(b'\n', &bytes[from..]).map(move |nl| from + nl + 1);
        let stray = |until: Option<usize>| match until {
            Some(until) => Opening::Stray(until),
            None if at_end => Opening::Stray(bytes.len()),
            None => Opening::Unfinished,
        };
        let Some(after) = after_closing(bytes, open) else {
            return stray(line_ends(open).nth(MOST_LINES as usize - 1));
        };
        // A stray quote pairs with the next one, further on, in the middle of a field.
        let field = &bytes[open..after];
        let over = lines(field);
        let ends_field = |c: &u8| matches!(c, b'\n' | b'\r') || *c == self.delimiter;
        let is_closed = bytes.get(after).is_none_or(ends_field);
        let holds_cells = over > 0 || memchr(self.delimiter, field).is_some();
        if over >= MOST_LINES
            || !is_closed && holds_cells
            || over > 0 && self.holds_rows(bytes, open..after)
        {
            return stray(line_ends(after).next());
        }
        Opening::Closed(after)
    }

    /// Does a quoted field that runs over lines hold whole rows? Then one of its lines has as many
    /// delimiters as its own row has before it, or as a row has at least.
    fn holds_rows(self, bytes: &[u8], field: Range<usize>) -> bool {
        let cells = |line: &[u8]| memchr_iter(self.delimiter, line).count();
        let row = memrchr(b'\n', &bytes[..field.start]).map_or(0, |nl| nl + 1);
        let least = self.width.map_or(usize::MAX, |width| width.least - 1);
        let enough = cells(&bytes[row..field.start]).min(least).max(1);
        bytes[field].split(|c| *c == b'\n').skip(1).any(|line| cells(line) >= enough)
    }

    /// Leaves a stray quote out: a blank at the side of a cell is no part of it. Refused where one of
    /// the lines that it would swallow is no row by itself.
    fn blank(self, bytes: &mut [u8], open: usize, swallowed: Range<usize>) -> Result<(), Unclosed> {
        let is_open = after_closing(bytes, open).is_none();
        bytes[open] = b' ';
        let mut width = self.width;
        for line in bytes[swallowed].split_inclusive(|c| *c == b'\n') {
            // By itself: what it leaves open is a stray one of its own.
            let mut line = line.to_vec();
            Quotes { width: None, ..self }.free_first_record(&mut line)?;
            let mut reader = RecordReader::new(&line, 1, self.delimiter);
            let Some(record) = reader.next().filter(|record| !record.is_blank()) else { continue };
            let count = record.count();
            let Width { least, most } = *width.get_or_insert(Width { least: count, most: count });
            if count < least || (most..count).any(|i| !record.cell(i).is_empty()) {
                return Err(if is_open { Unclosed::Open(open) } else { Unclosed::Swallows(open) });
            }
        }
        Ok(())
    }
}

/// Just after the quote that closes the field opened at `open`; a doubled quote is a character.
fn after_closing(bytes: &[u8], open: usize) -> Option<usize> {
    let mut find = open + 1;
    loop {
        let quote = find + memchr(b'"', &bytes[find..])?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote + 1);
        }
        find = quote + 2;
    }
}

/// Do the lines of this text end in CR alone? Then it has none that ends in LF, but in quotes.
pub(crate) fn ends_in_cr(bytes: &[u8]) -> bool {
    if memchr(b'\r', bytes.trim_ascii_end()).is_none() {
        return false;
    }
    let begins_field =
        |i: usize| i == 0 || matches!(bytes[i - 1], b'\r' | b';' | b',' | b'\t' | b'|');
    let mut outside = 0;
    loop {
        let open =
            memchr_iter(b'"', &bytes[outside..]).map(|i| outside + i).find(|i| begins_field(*i));
        if memchr(b'\n', &bytes[outside..open.unwrap_or(bytes.len())]).is_some() {
            return false;
        }
        match open.and_then(|open| after_closing(bytes, open)) {
            Some(after) => outside = after,
            // What is left is open, or has no quotes.
            None => return open.is_none_or(|open| memchr(b'\n', &bytes[open..]).is_none()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(
        text: &str,
        at_end: bool,
        width: usize,
    ) -> (Result<SplitPoint, Unclosed>, Vec<usize>) {
        let width = Some(Width { least: width, most: width });
        let mut strays = Vec::new();
        let mut bytes = text.as_bytes().to_vec();
        let quotes = Quotes { delimiter: b';', width };
        let outcome = quotes.last_record_end(&mut bytes, at_end, &mut strays);
        (outcome, strays)
    }

    #[test]
    fn blocks_never_split_a_quoted_line_end() {
        for (text, end, open_from) in [
            ("a;b\nc;d", 4, None),
            ("a;\"b\nc\";d\ne", 10, None),
            ("a;\"b\nc", 0, Some(2)),
            ("x\na;\"b\nc", 2, Some(4)),
            ("a;5\" pijp\nc", 10, None),
            ("a;\"he \"\"x\"\"\ny\"\nb", 15, None),
            ("geen einde", 0, None),
        ] {
            assert_eq!(
                follow(text, false, 2),
                (Ok(SplitPoint { end, open_from }), vec![]),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_stray_quote_is_left_out_where_each_line_is_a_row_by_itself() {
        for (text, strays) in [
            // Closed in the middle of a field lines further, by another that opens, or never.
            ("a;\"5 cm\nb;c\nd;7 cm\"\n", vec![2]),
            ("a;\"5 cm\nb;\"c\nd;e\n", vec![2, 10]),
            ("\"a;b\nc;d\n", vec![0]),
            // On its own line: it would shift the cells behind it.
            ("\"a;b\"c\nd;e\n", vec![0]),
        ] {
            let (outcome, found) = follow(text, true, 2);
            assert_eq!((outcome.map(|o| o.end), found), (Ok(text.len()), strays), "{text:?}");
        }
        let (outcome, _) = follow("a;\"5 cm\nb\nd;7 cm\"\n", true, 2);
        assert_eq!(outcome, Err(Unclosed::Swallows(2)));
        let (outcome, _) = follow("a;\"5 cm\nb\n", true, 2);
        assert_eq!(outcome, Err(Unclosed::Open(2)));
        let far = format!("a;\"{}b\"\n", "\n".repeat(9));
        assert_eq!(follow(&far, true, 2).0, Err(Unclosed::Swallows(2)));
    }

    #[test]
    fn line_ends_are_cr_alone_where_none_outside_quotes_is_another() {
        for (text, is_so) in [
            ("a;b\r1;2\r", true),
            ("a;\"b\nc\"\r1;2", true),
            ("a;b\r\n1;2\r\n", false),
            ("a;b\r1;2\n", false),
            ("a;b\n1;2\n", false),
            ("a;b\r", false),
            ("a;\"b\r1;2\n", false),
        ] {
            assert_eq!(ends_in_cr(text.as_bytes()), is_so, "{text:?}");
        }
    }
}
