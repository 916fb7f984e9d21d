//! What the parts of an `.xlsx` or `.xlsm` say that its cells don't.

use super::hidden::Told;
use super::tags::{attribute, by_file, ends, number, related, relation_id, tags, written};
use hashbrown::HashMap;

#[derive(Default)]
pub(super) struct ExcelParts {
    /// Of each sheet's part its name, and what it tells of its rows.
    sheets: Vec<(String, Rows)>,
    /// Has a cell more behind its text? The reader of cells takes the last thing in it alone.
    pub text_before_more: bool,
    /// The list of sheets, and where each is.
    book: Vec<u8>,
    relations: Vec<u8>,
}

/// The rows of a sheet so far.
#[derive(Default)]
struct Rows {
    hidden: Told,
    /// The number of the next one, from zero, if it has none of its own.
    next: u32,
}

impl Rows {
    fn take(&mut self, tag: &[u8]) {
        let row = number(tag, "r").map_or(self.next, |r| r.saturating_sub(1));
        self.next = row.saturating_add(1);
        if matches!(written(tag, "hidden"), Some(b"1" | b"true")) {
            self.hidden.add(row..self.next);
        }
    }
}

impl ExcelParts {
    /// Looks at a part; `text` is as much of it as has whole tags.
    pub(super) fn look(&mut self, name: &str, text: &[u8]) {
        match name {
            "xl/workbook.xml" => self.book.extend(text),
            "xl/_rels/workbook.xml.rels" => self.relations.extend(text),
            _ if name.starts_with("xl/worksheets/") => {
                if self.sheets.last().is_none_or(|(part, _)| part != name) {
                    self.sheets.push((name.to_owned(), Rows::default()));
                }
                let (_, rows) = self.sheets.last_mut().expect("there is this one");
                tags(text, b"row").for_each(|tag| rows.take(tag));
                self.text_before_more |= ends(text, b"is>").any(|end| {
                    let after = text[end..].trim_ascii_start();
                    !after.is_empty() && !after.starts_with(b"</")
                });
            }
            _ => {}
        }
    }

    pub(super) fn counts_from_1904(&self) -> bool {
        let says = tags(&self.book, b"workbookPr").next();
        let says = says.and_then(|tag| written(tag, "date1904"));
        matches!(says, Some(b"1" | b"true"))
    }

    /// What was told of the rows of the sheets of these names.
    pub(super) fn take_hidden<'n>(self, sheets: impl Iterator<Item = &'n str>) -> Vec<Told> {
        let (files, mut rows) = (related(&self.relations), by_file(self.sheets));
        let mut ids = HashMap::new();
        for tag in tags(&self.book, b"sheet") {
            let id = relation_id(tag).and_then(|id| String::from_utf8(id.into()).ok());
            if let Some((name, id)) = attribute(tag, "name").zip(id) {
                ids.entry(name).or_insert(id);
            }
        }
        let told = |sheet| Some(rows.remove(files.get(ids.get(sheet)?)?)?.hidden);
        sheets.map(told).map(Option::unwrap_or_default).collect()
    }
}
