//! The findings of a rapport as a table: one row each, by its Id.

use crate::dossier::Cent;
use crate::frame::{Frame, Made, TextColumn, large_or_none};

/// A finding of a rapport, as far as a comparison needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bevinding<'r> {
    pub id: &'r str,
    pub rule: &'r str,
    pub ernst: &'r str,
    pub aanbieder: &'r str,
    pub gemeente: &'r str,
    /// ReferentieNummer, else ToewijzingNummer; empty for a finding about neither.
    pub nummer: &'r str,
    pub bedrag: Option<Cent>,
    pub found: &'r str,
    pub expected: &'r str,
}

pub(super) const ID: &str = "Id";
const TEXTS: [&str; 7] =
    ["Regel", "Ernst", "Aanbieder", "Gemeente", "Nummer", "Gevonden", "Verwacht"];
const BEDRAG: &str = "Bedrag";

/// What is compared of findings with the same Id.
pub(super) const COLUMNS: [&str; 8] =
    ["Regel", "Ernst", "Aanbieder", "Gemeente", "Nummer", "Gevonden", "Verwacht", BEDRAG];

/// A table of findings, to which one is added at a time.
pub(crate) struct FindingTable {
    ids: TextColumn,
    texts: [TextColumn; TEXTS.len()],
    bedragen: Vec<Option<i64>>,
}

impl Default for FindingTable {
    fn default() -> FindingTable {
        let (ids, texts) = (TextColumn::new(ID), TEXTS.map(TextColumn::new));
        FindingTable { ids, texts, bedragen: Vec::new() }
    }
}

/// All findings of a rapport.
#[derive(Clone, Debug)]
pub(crate) struct Findings(Frame);

impl FindingTable {
    pub(crate) fn push(&mut self, b: Bevinding<'_>) {
        self.ids.push(b.id);
        let texts = [b.rule, b.ernst, b.aanbieder, b.gemeente, b.nummer, b.found, b.expected];
        self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.push(text));
        self.bedragen.push(b.bedrag.map(|c| c.0));
    }

    pub(crate) fn whole(self) -> Findings {
        let mut columns = vec![self.ids.column()];
        columns.extend(self.texts.into_iter().map(TextColumn::column));
        columns.push(large_or_none(BEDRAG, self.bedragen));
        Findings(Frame::of(columns).expect("each finding fills every column"))
    }
}

impl Findings {
    pub(super) fn frame(&self) -> &Frame {
        &self.0
    }
}

/// The columns of one of two rapporten that were joined.
pub(super) struct Side<'r> {
    texts: [Vec<Option<&'r str>>; TEXTS.len()],
    bedragen: Vec<Option<i64>>,
}

impl<'r> Side<'r> {
    /// `name` gives the name that a column has on this side.
    pub(super) fn of(frame: &'r Frame, name: impl Fn(&str) -> String) -> Made<Side<'r>> {
        let mut texts = [const { Vec::new() }; TEXTS.len()];
        for (column, text) in texts.iter_mut().zip(TEXTS) {
            *column = frame.texts(&name(text))?;
        }
        Ok(Side { texts, bedragen: frame.values(&name(BEDRAG))? })
    }

    /// The finding of this row; `None` where it isn't on this side.
    pub(super) fn at(&self, row: usize, id: &'r str) -> Option<Bevinding<'r>> {
        let [rule, ernst, aanbieder, gemeente, nummer, found, expected] =
            self.texts.each_ref().map(|column| column[row]);
        Some(Bevinding {
            id,
            rule: rule?,
            ernst: ernst?,
            aanbieder: aanbieder?,
            gemeente: gemeente?,
            nummer: nummer?,
            bedrag: self.bedragen[row].map(Cent),
            found: found?,
            expected: expected?,
        })
    }
}
