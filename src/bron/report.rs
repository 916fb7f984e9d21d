//! What was read of a file besides its rows, and whether too much of it was refused.

use super::error::{Consequence, InputError, SourceError, TooManyRefused};
use super::fields::ParseError;
use super::unreadable_value::shown_value;
use crate::dossier::{Cent, FileId, Kolom, SourceFile, Thousands, UnreadableColumn};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many unreadable values of a file are kept, the first; all are counted.
pub(crate) const MOST_ERRORS: usize = 10_000;
/// So many different reasons are counted by themselves.
const MOST_REASONS: usize = 1_000;

/// What one block of rows gave besides its rows.
#[derive(Debug, Default)]
pub(crate) struct ReadReport {
    /// The first of them.
    pub errors: Vec<InputError>,
    /// All of them.
    pub error_count: u64,
    /// Values that were taken as unknown.
    pub ignored: ColumnCounts,
    /// Why rows were refused, how often, and where first.
    reasons: BTreeMap<(Option<Kolom>, ParseError), (u64, InputError)>,
    pub read: u64,
    pub rejected: u64,
    /// Rows of totals among the refused ones: they say nothing against the file.
    pub totals_lines: u64,
    /// What was mended in values, per column.
    pub mended: Vec<Mended>,
    /// Rows that repeat the header: they are no rows.
    pub repeated_headers: u64,
    /// Rows of a wide export that have nothing of this table: they are no rows of it.
    pub rows_of_others: u64,
    /// The first date that there is only in the other order of day and month: its line, column and
    /// value.
    pub other_order: Option<(u64, Option<Kolom>, Box<str>)>,
    /// What refused rows declare, as far as it could be read.
    pub rejected_bedrag: Cent,
    /// Values that could be read in columns that aren't needed.
    pub readable: ColumnCounts,
}

/// For each column a count.
#[derive(Clone, Debug)]
pub(crate) struct ColumnCounts([u64; Kolom::ALL.len()]);

impl Default for ColumnCounts {
    fn default() -> ColumnCounts {
        ColumnCounts([0; Kolom::ALL.len()])
    }
}

impl ColumnCounts {
    #[inline(always)]
    pub(crate) fn count(&mut self, kolom: Kolom) {
        self.0[kolom as usize] += 1;
    }
}

/// What was mended in values of a column, and how often.
pub(crate) type Mended = (Repair, Kolom, u64);

/// How a value was mended, without a doubt about what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Repair {
    /// Leading zeros were put back.
    Zeros,
    /// The `.0` behind a number was left out.
    PointZero,
    /// A word such as `n.v.t.` was taken as nothing.
    EmptyWord,
    /// A negative amount without DebetCredit was taken as a credit.
    CreditBySign,
}

impl Repair {
    /// So many of them, in a Dutch sentence.
    pub(crate) fn sentence(self, kolom: Kolom, count: u64) -> String {
        let (values, is_one) = match count {
            1 => (format!("1 waarde in kolom {kolom}"), true),
            n => (format!("{n} waarden in kolom {kolom}"), false),
        };
        let verb = |one: &'static str, more: &'static str| if is_one { one } else { more };
        match self {
            Repair::Zeros => {
                format!("{values} {} voorloopnullen; die zijn aangevuld", verb("miste", "misten"))
            }
            Repair::PointZero => {
                format!("{values} {} op .0; dat is weggelaten", verb("eindigde", "eindigden"))
            }
            Repair::EmptyWord => format!(
                "{values} {} een woord voor leeg (zoals n.v.t. of NULL) en {} als leeg gelezen",
                verb("was", "waren"),
                verb("is", "zijn")
            ),
            Repair::CreditBySign => format!(
                "{count} {} met een negatief bedrag in kolom {kolom} en zonder DebetCredit {} als creditregel van dat bedrag gelezen",
                verb("regel", "regels"),
                verb("is", "zijn")
            ),
        }
    }
}

impl ReadReport {
    pub(crate) fn merge(&mut self, part: ReadReport) {
        let room = MOST_ERRORS.saturating_sub(self.errors.len());
        self.merge_with(part, room);
    }

    /// The same of another file, which has as many errors kept by itself.
    pub(crate) fn merge_file(&mut self, part: ReadReport) {
        self.merge_with(part, usize::MAX);
    }

    fn merge_with(&mut self, part: ReadReport, room: usize) {
        self.errors.extend(part.errors.into_iter().take(room));
        self.error_count += part.error_count;
        self.ignored.0.iter_mut().zip(part.ignored.0).for_each(|(n, added)| *n += added);
        for (why, (count, first)) in part.reasons {
            self.count_reason(why, count, || first);
        }
        self.read += part.read;
        self.rejected += part.rejected;
        self.totals_lines += part.totals_lines;
        self.rejected_bedrag += part.rejected_bedrag;
        self.readable.0.iter_mut().zip(part.readable.0).for_each(|(n, added)| *n += added);
        self.repeated_headers += part.repeated_headers;
        self.rows_of_others += part.rows_of_others;
        self.other_order = self.other_order.take().or(part.other_order);
        for (repair, kolom, count) in part.mended {
            self.count_times(repair, kolom, count);
        }
    }

    /// Notes a row of totals, which is refused as such.
    pub(crate) fn note_total(&mut self, file: FileId, line: u64, kolom: Kolom, value: &str) {
        self.read += 1;
        self.rejected += 1;
        self.totals_lines += 1;
        self.note(InputError {
            file,
            line_number: u32::try_from(line).unwrap_or(u32::MAX),
            kolom: Some(kolom),
            value: shown_value(Some(kolom), value),
            reason: ParseError::TotalsLine,
            consequence: Consequence::LineRejected,
        });
    }

    /// Notes an unreadable value.
    pub(crate) fn note(&mut self, error: InputError) {
        self.count_error(&error);
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(error);
        }
    }

    /// Notes one of another file, of which no more are kept than that.
    pub(crate) fn note_of_file(&mut self, error: InputError) {
        self.count_error(&error);
        self.errors.push(error);
    }

    fn count_error(&mut self, error: &InputError) {
        self.error_count += 1;
        match (error.consequence, error.kolom) {
            (Consequence::LineRejected, kolom) => {
                self.count_reason((kolom, error.reason.clone()), 1, || error.clone());
            }
            (Consequence::ValueIgnored, Some(kolom)) => self.ignored.count(kolom),
            _ => {}
        }
    }

    fn count_reason(
        &mut self,
        why: (Option<Kolom>, ParseError),
        count: u64,
        first: impl FnOnce() -> InputError,
    ) {
        if let Some((known, _)) = self.reasons.get_mut(&why) {
            *known += count;
        } else if self.reasons.len() < MOST_REASONS {
            self.reasons.insert(why, (count, first()));
        }
    }

    /// Are so many unreadable values kept that another one only counts?
    pub(crate) fn is_full(&self) -> bool {
        self.errors.len() >= MOST_ERRORS
    }

    /// That not all unreadable values are named, where that is so.
    pub(crate) fn more_errors(&self, file: &str) -> Option<String> {
        (self.error_count > self.errors.len() as u64).then(|| {
            format!(
                "{file}: {} waarden zijn onleesbaar; invoerfouten noemt de eerste {}",
                Thousands(self.error_count),
                Thousands(self.errors.len() as u64)
            )
        })
    }

    pub(crate) fn count(&mut self, repair: Repair, kolom: Kolom) {
        self.count_times(repair, kolom, 1);
    }

    pub(crate) fn count_times(&mut self, repair: Repair, kolom: Kolom, count: u64) {
        match self.mended.iter_mut().find(|(r, k, _)| (*r, *k) == (repair, kolom)) {
            Some((_, _, n)) => *n += count,
            None => self.mended.push((repair, kolom, count)),
        }
    }

    /// What the file's list of files says of it.
    pub(crate) fn in_file(&self, file: &mut SourceFile) {
        file.gelezen = self.read;
        file.afgekeurd = self.rejected;
        file.aanvaard = self.read - self.rejected;
        file.genegeerd = self.ignored.0.iter().sum();
        file.totaalregels = self.totals_lines;
        file.afgekeurd_bedrag = self.rejected_bedrag;
        let of = |kolom: &Kolom| UnreadableColumn {
            kolom: *kolom,
            unreadable: self.ignored.0[*kolom as usize],
            filled: self.readable.0[*kolom as usize] + self.ignored.0[*kolom as usize],
        };
        file.onleesbaar = Kolom::ALL.iter().map(of).filter(|c| c.unreadable > 0).collect();
    }

    /// An error where a date of the file there is only in the other order of day and month: then none
    /// of its column can be trusted.
    pub(crate) fn in_the_order_of_the_settings(&self, file: &str) -> Result<(), SourceError> {
        match &self.other_order {
            None => Ok(()),
            Some((line, kolom, value)) => Err(SourceError::DateOrder {
                file: file.to_owned(),
                line: *line,
                kolom: kolom.map_or_else(String::new, |k| k.name().to_owned()),
                value: value.to_string(),
            }),
        }
    }

    /// An error where more than `limit` percent of the rows were refused; `name` tells where the
    /// reason that came most was found.
    pub(crate) fn too_many_rejected(
        &self,
        limit: Decimal,
        name: impl FnOnce(&InputError) -> String,
    ) -> Result<(), SourceError> {
        // A totals row is no row of the export: refused, but not a sign that the export is no good.
        let totals_lines = self.totals_lines;
        if Decimal::from(self.rejected - totals_lines) * Decimal::ONE_HUNDRED
            <= Decimal::from(self.read - totals_lines) * limit
        {
            return Ok(());
        }
        let (count, first) = self
            .reasons
            .values()
            // Of equals the last is taken: backwards, that is the first column.
            .rev()
            .max_by_key(|(count, f)| (*count, std::cmp::Reverse(f.line_number)))
            .expect("a refused row has a reason");
        Err(SourceError::TooManyRejected(Box::new(TooManyRefused {
            file: name(first),
            rejected: self.rejected,
            read: self.read,
            limit: limit.normalize().to_string().replace('.', ","),
            count: *count,
            line: first.line_number.into(),
            kolom: first.kolom.map_or("(hele regel)".to_owned(), |k| k.name().to_owned()),
            value: first.value.to_string(),
            reason: first.reason.to_string(),
        })))
    }
}
