//! Checks that a user writes in a ruleset of their own: conditions on lines, and what is asked of the
//! lines that meet them.

mod cells;
mod conditions;
mod reading;
mod texts;
mod totals;
mod words;

pub(crate) use cells::{CellPlace, CellValue};
pub(super) use reading::TomlTable;

use crate::dossier::{Dag, Ernst};
use std::sync::Arc;

/// A check as a ruleset holds it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CustomCheck {
    /// `X` and two digits.
    pub code: &'static str,
    pub title: String,
    pub ernst: Ernst,
    /// First and last Einddatum of the lines that it is about.
    pub from: Option<Dag>,
    pub until: Option<Dag>,
    /// The lines that it is about.
    pub lines: Conditions,
    pub test: CustomTest,
    pub toelichting: Option<String>,
    pub source: Arc<str>,
}

/// What is asked of the lines that a check is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CustomTest {
    /// Nothing: each of them is a finding.
    Line,
    /// What they come to together.
    Total(Total),
    /// Lines that they may not stand beside.
    Beside(Beside),
}

/// A sum or a count of lines, held against a limit. Without a line there is nothing to hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Total {
    pub measure: TotalMeasure,
    pub per: TotalPer,
    pub tijdvak: Tijdvak,
    /// One that compares numbers.
    pub operator: Operator,
    /// Of the kind of what is measured; a count is a Number.
    pub limit: CellValue<'static>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TotalMeasure {
    /// Of an amount, a volume or a number.
    Sum(CellPlace),
    Lines,
    Jeugdigen,
    /// Different values.
    Values(CellPlace),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TotalPer {
    Aanbieder,
    Jeugdige,
    Toewijzing,
}

/// The stretch of time that lines are taken together in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tijdvak {
    /// One day. A line over more days tells of none of them, unless it is above the limit of all.
    Dag,
    /// The month of their Einddatum.
    Maand,
    /// The year that is audited.
    Jaar,
}

/// Lines that may not stand beside those of the check, in one month.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Beside {
    pub lines: Conditions,
    pub per: BesidePer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BesidePer {
    Jeugdige,
    JeugdigeAndAanbieder,
}

/// Conditions that all hold; with none, every line meets them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Conditions(pub Vec<Alternatives>);

/// Conditions of which one holds at least. There is one at least.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alternatives(pub Vec<Condition>);

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub place: CellPlace,
    pub operator: Operator,
    pub against: Against,
}

/// What a cell is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Against {
    /// One; more for [`Operator::In`], none for [`Operator::IsLeeg`] and [`Operator::IsGevuld`].
    Values(Vec<CellValue<'static>>),
    /// Another cell of the same kind, and so much more than that: days, hundredths, or a number.
    Cell { place: CellPlace, plus: i64 },
}

/// How a cell is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Is,
    IsNiet,
    GroterDan,
    KleinerDan,
    Minstens,
    Hoogstens,
    BegintMet,
    Bevat,
    In,
    IsLeeg,
    IsGevuld,
}

impl Operator {
    /// Does it compare by size?
    pub(crate) fn is_by_size(self) -> bool {
        use Operator::{GroterDan, Hoogstens, KleinerDan, Minstens};
        matches!(self, GroterDan | KleinerDan | Minstens | Hoogstens)
    }

    /// Is what it finds too much?
    pub(crate) fn is_above(self) -> bool {
        matches!(self, Operator::GroterDan | Operator::Minstens)
    }

    /// Does it look at whether something stands there, and no further?
    pub(crate) fn is_about_presence(self) -> bool {
        matches!(self, Operator::IsLeeg | Operator::IsGevuld)
    }
}

impl Conditions {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Condition> {
        self.0.iter().flat_map(|alternatives| &alternatives.0)
    }

    /// The cells that they look at, each once.
    pub(crate) fn cells(&self) -> Vec<CellPlace> {
        let mut out: Vec<CellPlace> = Vec::new();
        for condition in self.all() {
            for place in condition.cells() {
                if !out.contains(&place) {
                    out.push(place);
                }
            }
        }
        out
    }
}

impl Condition {
    /// The cells that it looks at.
    pub(crate) fn cells(&self) -> impl Iterator<Item = CellPlace> {
        let other = match self.against {
            Against::Values(_) => None,
            Against::Cell { place, .. } => Some(place),
        };
        std::iter::once(self.place).chain(other)
    }
}

/// The codes that a check may have, without a letter between them: one that is read is a part of this
/// text, as the code of a rule of the program is a part of the program.
const CODES: &str = "\
    X00X01X02X03X04X05X06X07X08X09X10X11X12X13X14X15X16X17X18X19X20X21X22X23X24X25X26X27X28X29\
    X30X31X32X33X34X35X36X37X38X39X40X41X42X43X44X45X46X47X48X49X50X51X52X53X54X55X56X57X58X59\
    X60X61X62X63X64X65X66X67X68X69X70X71X72X73X74X75X76X77X78X79X80X81X82X83X84X85X86X87X88X89\
    X90X91X92X93X94X95X96X97X98X99";

/// `X` and two digits.
fn code(name: &str) -> Option<&'static str> {
    let [b'X', digits @ ..] = name.as_bytes() else { return None };
    let &[tiental @ b'0'..=b'9', rest @ b'0'..=b'9'] = digits else { return None };
    let place = 3 * (usize::from(tiental - b'0') * 10 + usize::from(rest - b'0'));
    CODES.get(place..place + 3)
}
