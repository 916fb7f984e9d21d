//! What the content of an `.ods` says that its cells don't.

use super::hidden::Told;
use super::tags::{ends_name, number, up_to_end, written};

/// Rows that a sheet can have.
const ROWS: u32 = 1 << 20;

/// What is told of the rows of the sheets, in their order, as far as the content was looked at.
#[derive(Default)]
pub(super) struct OpenParts {
    sheets: Vec<Told>,
    /// The number of the next row of the sheet in which we are.
    row: Option<u32>,
    /// Groups of rows in which we are: which of them are folded.
    groups: Vec<bool>,
}

impl OpenParts {
    /// Looks at the content; `text` is as much of it as has whole tags.
    pub(super) fn look(&mut self, text: &[u8]) {
        const TABLE: &[u8] = b"table:table";
        for place in memchr::memmem::find_iter(text, TABLE) {
            let is_end = text[..place].ends_with(b"</");
            let is_begin = text[..place].ends_with(b"<");
            if !is_begin && !is_end {
                continue;
            }
            let tag = up_to_end(&text[place..]);
            let name = &tag[TABLE.len()..];
            let is = |what: &[u8]| name.starts_with(what) && ends_name(name.get(what.len()));
            if is(b"-row") && is_begin {
                self.take_row(tag);
            } else if is(b"-row-group") {
                match is_begin {
                    true if tag.ends_with(b"/") => {}
                    true => self.groups.push(written(tag, "table:display") == Some(b"false")),
                    false => drop(self.groups.pop()),
                }
            } else if is(b"") {
                self.table(tag, is_begin);
            }
        }
    }

    /// A sheet begins or ends. What is a table in it isn't one.
    fn table(&mut self, tag: &[u8], is_begin: bool) {
        if is_begin && self.row.is_none() && written(tag, "table:name").is_some() {
            self.sheets.push(Told::default());
            self.row = Some(0);
        }
        if !is_begin || tag.ends_with(b"/") {
            self.row = None;
            self.groups.clear();
        }
    }

    fn take_row(&mut self, tag: &[u8]) {
        let (Some(row), Some(hidden)) = (self.row, self.sheets.last_mut()) else { return };
        let times = number(tag, "table:number-rows-repeated").unwrap_or(1);
        let next = row.saturating_add(times).min(ROWS);
        self.row = Some(next);
        let is_hidden = matches!(written(tag, "table:visibility"), Some(b"collapse" | b"filter"));
        if is_hidden || self.groups.contains(&true) {
            hidden.add(row..next);
        }
    }

    pub(super) fn take_hidden(self) -> Vec<Told> {
        self.sheets
    }
}

#[cfg(test)]
mod tests {
    use super::super::hidden::HiddenRows;
    use super::*;

    #[test]
    fn rows_that_are_folded_filtered_or_repeated_are_hidden_in_their_own_sheet() {
        let mut parts = OpenParts::default();
        parts.look(
            b"<table:table table:name=\"a\"><table:table-header-rows><table:table-row><table:table-cell/>\
              </table:table-row></table:table-header-rows>\
              <table:table-row table:visibility=\"filter\" table:number-rows-repeated=\"3\"/>\
              <table:table-row-group><table:table-row/><table:table-row-group table:display=\"false\">\
              <table:table-row-group/><table:table-row-group><table:table-row table:number-rows-repeated='2'>",
        );
        parts.look(
            b"</table:table-row></table:table-row-group></table:table-row-group><table:table-row/>\
              </table:table-row-group><table:table-row table:visibility=\"collapse\"/>\
              <table:table-row table:visibility=\"collapse\" table:number-rows-repeated=\"4294967295\"/>\
              <table:table-row table:visibility=\"collapse\" table:number-rows-repeated=\"4294967295\"/>\
              </table:table><table:table-row table:visibility=\"collapse\"/>\
              <table:table><table:table-row table:visibility=\"collapse\"/></table:table>\
              <table:table table:name=\"b\"/><table:table table:name=\"c\"><table:table-row/>\
              table:table-row table:visibility=\"collapse\"<table:table-row table:visibility=\"visible\"/>\
              <table:table-row table:visibility=\"collapse\"/></table:table>",
        );
        let sheets = parts.take_hidden().into_iter().map(HiddenRows::from);
        let rows = |hidden: HiddenRows| -> Vec<u32> {
            (0..12).chain([ROWS - 1, ROWS]).filter(|row| hidden.contains(*row)).collect()
        };
        let found: Vec<Vec<u32>> = sheets.map(rows).collect();
        assert_eq!(found, [vec![1, 2, 3, 5, 6, 8, 9, 10, 11, ROWS - 1], vec![], vec![2]]);
    }
}
