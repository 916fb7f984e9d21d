//! One record of one kind: typed cells, and what could not be read noted down.

use super::error::{Consequence, InputError};
use super::fields::{self, Code, NO_END, ParseError};
use super::forms::{Forms, GemeenteNames};
use super::header::Header;
use super::record::Record;
use super::report::{ReadReport, Repair};
use super::unreadable_value::shown_value;
use crate::dossier::{Agb, Bsn, Cent, Columns, Dag, Eenheid, FileId, Gemeente, Kolom, Volume};

/// A record under its header.
pub(crate) struct Row<'r> {
    pub record: Record<'r>,
    pub header: &'r Header,
    pub file: FileId,
    pub forms: &'r Forms<'r>,
    pub report: &'r mut ReadReport,
    rejected: bool,
    unreadable: Columns,
}

impl<'r> Row<'r> {
    #[inline]
    pub(crate) fn new(
        record: Record<'r>,
        header: &'r Header,
        file: FileId,
        forms: &'r Forms<'r>,
        report: &'r mut ReadReport,
    ) -> Self {
        let unreadable = Columns::default();
        let mut row = Row { record, header, file, forms, report, rejected: false, unreadable };
        row.check_field_count();
        row
    }

    /// A record with filled cells beyond the header, or without a needed cell, isn't read: a stray
    /// delimiter would shift values into the wrong column. Empty cells at its end may be missing.
    fn check_field_count(&mut self) {
        let (found, expected) = (self.record.count(), self.header.field_count);
        let teveel = (expected..found).any(|i| !self.record.cell(i).is_empty());
        if found < self.header.least_fields || teveel {
            self.reject(None, "", ParseError::FieldCount { found, expected });
        }
    }

    pub(crate) fn line_number(&self) -> u32 {
        u32::try_from(self.record.line).unwrap_or(u32::MAX)
    }

    /// Ends the row: `None` if anything needed could not be read.
    pub(crate) fn close<T>(self, value: Option<T>) -> Option<T> {
        self.report.read += 1;
        let value = if self.rejected { None } else { value };
        self.report.rejected += u64::from(value.is_none());
        value
    }

    /// The columns of which a value couldn't be read so far: it is unknown, which is not empty.
    pub(crate) fn unreadable(&self) -> Columns {
        self.unreadable
    }

    pub(crate) fn is_rejected(&self) -> bool {
        self.rejected
    }

    pub(crate) fn reject(&mut self, kolom: Option<Kolom>, value: &str, reason: ParseError) {
        self.rejected = true;
        self.note(kolom, value, reason, Consequence::LineRejected);
    }

    /// Notes that what an optional column holds is unknown, which is not the same as empty.
    pub(crate) fn ignore(&mut self, kolom: Kolom, value: &str, reason: ParseError) {
        self.unreadable = self.unreadable.with(kolom);
        self.note(Some(kolom), value, reason, Consequence::ValueIgnored);
    }

    fn note(
        &mut self,
        kolom: Option<Kolom>,
        value: &str,
        reason: ParseError,
        consequence: Consequence,
    ) {
        let other_order = matches!(reason, ParseError::MonthFirst | ParseError::DayFirst);
        let value = match self.report.is_full() && !other_order {
            true => "".into(),
            false => shown_value(kolom, value),
        };
        if other_order {
            let line = self.record.line;
            self.report.other_order.get_or_insert_with(|| (line, kolom, value.clone()));
        }
        self.report.note(InputError {
            file: self.file,
            line_number: self.line_number(),
            kolom,
            value,
            reason,
            consequence,
        });
    }

    /// The cell of a column without the blanks around it; empty where the file lacks the column.
    /// Asked for every cell: the column is known where it is, and so is its place in the header.
    #[inline(always)]
    pub(crate) fn cell(&self, kolom: Kolom) -> &'r [u8] {
        match self.header.place(kolom) {
            Some(i) if self.forms.words.is_empty() => self.record.cell(i),
            Some(i) => self.in_our_words(kolom, self.record.cell(i)),
            None => &[],
        }
    }

    /// What the cell means, where the column has words of its own.
    #[cold]
    fn in_our_words(&self, kolom: Kolom, cell: &'r [u8]) -> &'r [u8] {
        self.forms.words.meaning(kolom, cell).map_or(cell, str::as_bytes)
    }

    #[cold]
    fn reject_cell(&mut self, kolom: Kolom, cell: &[u8], reason: ParseError) {
        self.reject(Some(kolom), &String::from_utf8_lossy(cell), reason);
    }

    #[cold]
    fn ignore_cell(&mut self, kolom: Kolom, cell: &[u8], reason: ParseError) {
        self.ignore(kolom, &String::from_utf8_lossy(cell), reason);
    }

    /// A needed value.
    #[inline(always)]
    pub(crate) fn needs<T>(
        &mut self,
        kolom: Kolom,
        read: impl FnOnce(&[u8]) -> Result<T, ParseError>,
    ) -> Option<T> {
        let cell = self.cell(kolom);
        let outcome = if cell.is_empty() { Err(ParseError::Empty) } else { read(cell) };
        match outcome {
            Ok(value) => Some(value),
            Err(reason) => {
                let reason = if fields::is_empty_word(cell) { ParseError::Empty } else { reason };
                self.reject_cell(kolom, cell, reason);
                None
            }
        }
    }

    /// A value that may be absent, as a word that says so is. One that can't be read is noted as
    /// [`Row::unreadable`].
    #[inline(always)]
    pub(crate) fn optional<T>(
        &mut self,
        kolom: Kolom,
        read: impl FnOnce(&[u8]) -> Result<T, ParseError>,
    ) -> Option<T> {
        let cell = self.cell(kolom);
        if cell.is_empty() {
            return None;
        }
        match read(cell) {
            Ok(value) => {
                self.report.readable.count(kolom);
                Some(value)
            }
            Err(reason) => {
                self.empty_or_unreadable(kolom, cell, reason);
                None
            }
        }
    }

    #[cold]
    fn empty_or_unreadable(&mut self, kolom: Kolom, cell: &[u8], reason: ParseError) {
        if fields::is_empty_word(cell) {
            self.report.count(Repair::EmptyWord, kolom);
        } else {
            self.ignore_cell(kolom, cell, reason);
        }
    }

    #[inline]
    pub(crate) fn datum(&mut self, kolom: Kolom) -> Option<Dag> {
        let forms = self.forms;
        self.needs(kolom, |c| plausible_datum(c, forms, kolom, false))
    }

    #[inline]
    pub(crate) fn datum_or_empty(&mut self, kolom: Kolom) -> Option<Dag> {
        let forms = self.forms;
        self.optional(kolom, |c| plausible_datum(c, forms, kolom, false))
    }

    /// What a person did with the rapport: that may be long after the leverjaar.
    pub(crate) fn late_datum_or_empty(&mut self, kolom: Kolom) -> Option<Dag> {
        let forms = self.forms;
        self.optional(kolom, |c| plausible_datum(c, forms, kolom, true))
    }

    /// The end of something agreed: it may be long after the leverjaar, and 31-12-9999 is no end.
    #[inline]
    pub(crate) fn end_datum_or_empty(&mut self, kolom: Kolom) -> Option<Dag> {
        let forms = self.forms;
        let end = self.optional(kolom, |c| plausible_datum(c, forms, kolom, true));
        let (jaar, maand, dag) = NO_END;
        end.filter(|end| Some(*end) != Dag::from_jmd(jaar, maand, dag))
    }

    #[inline]
    pub(crate) fn bedrag(&mut self, kolom: Kolom) -> Option<Cent> {
        let how = self.forms.amounts;
        self.needs(kolom, |c| fields::bedrag(c, how))
    }

    #[inline]
    pub(crate) fn bedrag_or_empty(&mut self, kolom: Kolom) -> Option<Cent> {
        let how = self.forms.amounts;
        self.optional(kolom, |c| fields::bedrag(c, how))
    }

    #[inline]
    pub(crate) fn volume(&mut self, kolom: Kolom) -> Option<Volume> {
        let how = self.forms.amounts;
        self.needs(kolom, |c| fields::volume(c, how))
    }

    #[inline]
    pub(crate) fn volume_or_empty(&mut self, kolom: Kolom) -> Option<Volume> {
        let how = self.forms.amounts;
        self.optional(kolom, |c| fields::volume(c, how))
    }

    /// The number of a code; counts what was mended.
    #[inline(always)]
    fn mended(&mut self, kolom: Kolom, code: Code) -> u32 {
        if code.zeros {
            self.report.count(Repair::Zeros, kolom);
        }
        if code.point_zero {
            self.report.count(Repair::PointZero, kolom);
        }
        code.number
    }

    /// A needed code of `digits` digits, with its leading zeros put back.
    #[inline(always)]
    pub(crate) fn code(&mut self, kolom: Kolom, digits: u8) -> Option<u32> {
        let code = self.needs(kolom, |c| fields::code(c, digits))?;
        Some(self.mended(kolom, code))
    }

    #[inline(always)]
    pub(crate) fn code_or_empty(&mut self, kolom: Kolom, digits: u8) -> Option<u32> {
        let code = self.optional(kolom, |c| match fields::code(c, digits) {
            // No list has a code of noughts.
            Ok(Code { number: 0, .. }) => Err(ParseError::SaysNothing),
            outcome => outcome,
        })?;
        Some(self.mended(kolom, code))
    }

    /// The gemeente, by its code or its name.
    #[inline]
    pub(crate) fn gemeente(&mut self) -> Option<Gemeente> {
        let names = self.forms.gemeenten;
        let code = self.needs(Kolom::Gemeente, |c| match fields::gemeentecode(c) {
            Err(ParseError::NoCode { .. }) => gemeente_of_name(names, c),
            outcome => outcome,
        })?;
        Some(Gemeente(self.mended(Kolom::Gemeente, code) as u16))
    }

    #[inline]
    pub(crate) fn agb(&mut self) -> Option<Agb> {
        self.code(Kolom::Aanbieder, 8).map(Agb)
    }

    #[inline]
    pub(crate) fn bsn(&mut self) -> Option<Bsn> {
        self.code(Kolom::Bsn, 9).map(Bsn)
    }

    #[inline]
    pub(crate) fn eenheid(&mut self) -> Option<Eenheid> {
        self.code(Kolom::Eenheid, 2).map(|n| Eenheid(n as u8))
    }

    #[inline]
    pub(crate) fn eenheid_or_empty(&mut self) -> Option<Eenheid> {
        self.code_or_empty(Kolom::Eenheid, 2).map(|n| Eenheid(n as u8))
    }

    pub(crate) fn yes_no_or_empty(&mut self, kolom: Kolom) -> Option<bool> {
        self.optional(kolom, fields::yes_no)
    }

    pub(crate) fn number_or_empty(&mut self, kolom: Kolom) -> Option<u32> {
        self.optional(kolom, fields::number)
    }

    /// The bytes of a needed text.
    #[inline]
    pub(crate) fn bytes(&mut self, kolom: Kolom) -> Option<&'r [u8]> {
        let cell = self.cell(kolom);
        self.needs(kolom, |_| text_of(kolom, cell))
    }

    #[inline]
    pub(crate) fn bytes_or_empty(&mut self, kolom: Kolom) -> &'r [u8] {
        let cell = self.cell(kolom);
        self.optional(kolom, |_| text_of(kolom, cell)).unwrap_or_default()
    }

    /// A needed text by which rows of this or another table are found: where it is digits alone, without
    /// the `.0` of a program that makes numbers of codes.
    #[inline]
    pub(crate) fn key(&mut self, kolom: Kolom) -> Option<&'r [u8]> {
        let key = self.bytes(kolom)?;
        Some(self.whole(kolom, key))
    }

    /// The same where it may be absent; then it is empty.
    #[inline]
    pub(crate) fn key_or_empty(&mut self, kolom: Kolom) -> &'r [u8] {
        let key = self.bytes_or_empty(kolom);
        self.whole(kolom, key)
    }

    #[inline]
    fn whole(&mut self, kolom: Kolom, key: &'r [u8]) -> &'r [u8] {
        let whole = fields::without_point_zero_of_number(key);
        if whole.len() < key.len() {
            self.report.count(Repair::PointZero, kolom);
        }
        whole
    }

    /// The same as text.
    pub(crate) fn key_text(&mut self, kolom: Kolom) -> Option<&'r str> {
        self.key(kolom).map(text)
    }

    pub(crate) fn key_text_or_empty(&mut self, kolom: Kolom) -> &'r str {
        text(self.key_or_empty(kolom))
    }

    /// A needed ToewijzingNummer, in the one spelling that numbers have.
    #[inline]
    pub(crate) fn toewijzingnummer(&mut self) -> Option<&'r [u8]> {
        let kolom = Kolom::ToewijzingNummer;
        let cell = self.cell(kolom);
        let (nummer, point_zero) =
            self.needs(kolom, |_| not_empty(cell).and_then(fields::toewijzingnummer))?;
        if point_zero {
            self.report.count(Repair::PointZero, kolom);
        }
        Some(nummer)
    }

    /// The same where it may be absent; then it is empty.
    #[inline]
    pub(crate) fn toewijzingnummer_or_empty(&mut self) -> &'r [u8] {
        let kolom = Kolom::ToewijzingNummer;
        let cell = self.cell(kolom);
        let read = self.optional(kolom, |_| not_empty(cell).and_then(fields::toewijzingnummer));
        let (nummer, point_zero) = read.unwrap_or_default();
        if point_zero {
            self.report.count(Repair::PointZero, kolom);
        }
        nummer
    }

    /// A needed text.
    pub(crate) fn text(&mut self, kolom: Kolom) -> Option<&'r str> {
        self.bytes(kolom).map(text)
    }

    pub(crate) fn text_or_empty(&mut self, kolom: Kolom) -> &'r str {
        text(self.bytes_or_empty(kolom))
    }

    /// One of a fixed list of words, without regard to case.
    pub(crate) fn choice_or_empty<T: Copy>(
        &mut self,
        kolom: Kolom,
        choices: &[(&str, T)],
        allowed: &'static str,
    ) -> Option<T> {
        self.optional(kolom, |c| choice(c, choices, allowed))
    }
}

/// One of a fixed list of words, without regard to case.
pub(crate) fn choice<T: Copy>(
    cell: &[u8],
    choices: &[(&str, T)],
    allowed: &'static str,
) -> Result<T, ParseError> {
    choices
        .iter()
        .find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(cell))
        .map(|(_, t)| *t)
        .ok_or(ParseError::UnknownValue { allowed })
}

/// A date in the file's order, that can be.
#[inline]
pub(crate) fn plausible_datum(
    cell: &[u8],
    forms: &Forms<'_>,
    kolom: Kolom,
    is_end: bool,
) -> Result<Dag, ParseError> {
    let dag = fields::datum(cell, forms.dates)?;
    match forms.plausible.holds(kolom, dag, is_end) {
        true => Ok(dag),
        false => Err(ParseError::DatumImplausible),
    }
}

#[cold]
fn gemeente_of_name(names: &GemeenteNames, cell: &[u8]) -> Result<Code, ParseError> {
    let found = str::from_utf8(cell).ok().and_then(|name| names.get(name));
    let number = found.ok_or(ParseError::NoGemeente)?.0.into();
    Ok(Code { number, zeros: false, point_zero: false })
}

/// A key that is more than a word for nothing.
#[inline]
fn not_empty(cell: &[u8]) -> Result<&[u8], ParseError> {
    if fields::is_empty_word(cell) {
        Err(ParseError::Empty)
    } else if fields::says_nothing(cell) {
        Err(ParseError::SaysNothing)
    } else {
        fields::key(cell)
    }
}

/// The same of a column of texts; one that only tells something to people may say anything.
#[inline(always)]
fn text_of(kolom: Kolom, cell: &[u8]) -> Result<&[u8], ParseError> {
    // A rule says of a Functie that nobody knows that it is none.
    let may_say_anything = matches!(
        kolom,
        Kolom::Naam
            | Kolom::Omschrijving
            | Kolom::Doelgroep
            | Kolom::DeclaratieNummer
            | Kolom::Functie
    );
    match may_say_anything && !fields::is_empty_word(cell) {
        true => fields::key(cell),
        false => not_empty(cell),
    }
}

fn text(cell: &[u8]) -> &str {
    str::from_utf8(cell).expect("a block is valid UTF-8 before it is read")
}
