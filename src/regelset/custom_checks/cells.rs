//! The cells that a check may look at, and what they hold.

use crate::dossier::{Cent, Dag, Kolom, Volume};
use crate::ground::masked;
use std::borrow::Cow;
use std::fmt;

/// A cell that belongs to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellPlace {
    Line(Kolom),
    /// Of the line's toewijzing, as the aanbieder could know it when it delivered.
    Toewijzing(Kolom),
}

/// How a ruleset names a cell of the toewijzing: this before the column.
const OF_TOEWIJZING: &str = "toewijzing.";

impl CellPlace {
    /// The cell that a ruleset names so, with what it holds.
    pub(super) fn named(name: &str) -> Option<(CellPlace, CellKind)> {
        let find = |kolommen: &[(Kolom, CellKind)], name: &str| {
            kolommen.iter().find(|(kolom, _)| kolom.name() == name).copied()
        };
        match name.strip_prefix(OF_TOEWIJZING) {
            None => find(KOLOMMEN, name).map(|(kolom, kind)| (CellPlace::Line(kolom), kind)),
            Some(name) => find(KOLOMMEN_OF_TOEWIJZING, name)
                .map(|(kolom, kind)| (CellPlace::Toewijzing(kolom), kind)),
        }
    }

    /// What it holds.
    pub(super) fn kind(self) -> Option<CellKind> {
        let (kolommen, sought) = match self {
            CellPlace::Line(kolom) => (KOLOMMEN, kolom),
            CellPlace::Toewijzing(kolom) => (KOLOMMEN_OF_TOEWIJZING, kolom),
        };
        kolommen.iter().find(|(kolom, _)| *kolom == sought).map(|(_, kind)| *kind)
    }

    /// The names of all cells.
    pub(super) fn names() -> impl Iterator<Item = String> {
        let of_line = KOLOMMEN.iter().map(|(kolom, _)| kolom.name().to_owned());
        let of_toewijzing = KOLOMMEN_OF_TOEWIJZING.iter();
        of_line.chain(of_toewijzing.map(|(kolom, _)| format!("{OF_TOEWIJZING}{kolom}")))
    }
}

impl fmt::Display for CellPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CellPlace::Line(kolom) => kolom.fmt(f),
            CellPlace::Toewijzing(kolom) => write!(f, "{kolom} van de toewijzing"),
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellKind {
    Text,
    /// A code of so many digits, as text.
    Code(usize),
    Bedrag,
    Volume,
    Number,
    Datum,
}

impl CellKind {
    pub(crate) fn is_text(self) -> bool {
        matches!(self, CellKind::Text | CellKind::Code(_))
    }

    /// Can it be added up?
    pub(crate) fn is_quantity(self) -> bool {
        matches!(self, CellKind::Bedrag | CellKind::Volume | CellKind::Number)
    }

    /// So much of it: hundredths, days or a number.
    pub(super) fn in_words(self, so_much: i64) -> String {
        match self {
            CellKind::Bedrag => Cent(so_much).to_string(),
            CellKind::Volume => Volume(so_much).to_string(),
            CellKind::Datum if so_much == 1 => "1 dag".to_owned(),
            CellKind::Datum => format!("{so_much} dagen"),
            CellKind::Text | CellKind::Code(_) | CellKind::Number => so_much.to_string(),
        }
    }

    /// Can cells of these kinds be compared with each other?
    pub(crate) fn is_comparable(self, other: CellKind) -> bool {
        self == other || self.is_text() && other.is_text()
    }
}

/// The columns of a line. Not the Bsn: it is compared and shown nowhere. Not DebetCredit: only debit
/// lines are tested.
const KOLOMMEN: &[(Kolom, CellKind)] = &[
    (Kolom::DeclaratieNummer, CellKind::Text),
    (Kolom::ReferentieNummer, CellKind::Text),
    (Kolom::VorigReferentieNummer, CellKind::Text),
    (Kolom::DeclaratieDagtekening, CellKind::Datum),
    (Kolom::Ontvangstdatum, CellKind::Datum),
    (Kolom::Gemeente, CellKind::Code(4)),
    (Kolom::Aanbieder, CellKind::Code(8)),
    (Kolom::ToewijzingNummer, CellKind::Text),
    (Kolom::ProductCategorie, CellKind::Text),
    (Kolom::ProductCode, CellKind::Text),
    (Kolom::Begindatum, CellKind::Datum),
    (Kolom::Einddatum, CellKind::Datum),
    (Kolom::GeleverdVolume, CellKind::Volume),
    (Kolom::Eenheid, CellKind::Code(2)),
    (Kolom::ProductTarief, CellKind::Bedrag),
    (Kolom::IngediendBedrag, CellKind::Bedrag),
    (Kolom::NoShow, CellKind::Number),
    (Kolom::NoShowMinuten, CellKind::Volume),
    (Kolom::AfspraakMinuten, CellKind::Volume),
    (Kolom::ReistijdMinuten, CellKind::Volume),
    (Kolom::Gesprekken, CellKind::Number),
    (Kolom::Functie, CellKind::Text),
    (Kolom::Hulpverlener, CellKind::Text),
    (Kolom::Groep, CellKind::Text),
];

/// The columns of its toewijzing. Not the Bsn, nor the Geboortedatum: they are shown nowhere.
const KOLOMMEN_OF_TOEWIJZING: &[(Kolom, CellKind)] = &[
    (Kolom::Gemeente, CellKind::Code(4)),
    (Kolom::Aanbieder, CellKind::Code(8)),
    (Kolom::Toewijzingsdatum, CellKind::Datum),
    (Kolom::Ingangsdatum, CellKind::Datum),
    (Kolom::Einddatum, CellKind::Datum),
    (Kolom::ProductCategorie, CellKind::Text),
    (Kolom::ProductCode, CellKind::Text),
    (Kolom::RedenWijziging, CellKind::Code(2)),
    (Kolom::Volume, CellKind::Volume),
    (Kolom::Eenheid, CellKind::Code(2)),
    (Kolom::Frequentie, CellKind::Code(1)),
    (Kolom::Budget, CellKind::Bedrag),
    (Kolom::Verwijzer, CellKind::Code(2)),
    (Kolom::Budgetsoort, CellKind::Text),
    (Kolom::Uitvoering, CellKind::Text),
    (Kolom::Bijzonderheid, CellKind::Text),
    (Kolom::Verzonden, CellKind::Datum),
];

/// The value of a cell. Two are compared only when they are of one kind.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(crate) enum CellValue<'a> {
    Text(Cow<'a, str>),
    Bedrag(Cent),
    Volume(Volume),
    Number(u32),
    Datum(Dag),
}

impl CellValue<'_> {
    /// By what it is told from another value of its cell; not to be shown.
    pub(crate) fn key(&self) -> String {
        match self {
            CellValue::Text(text) => text.clone().into_owned(),
            other => other.to_string(),
        }
    }

    /// What it counts for in a sum, in hundredths where it has these; `None` for a text or a day.
    pub(crate) fn quantity(&self) -> Option<i64> {
        match self {
            CellValue::Bedrag(bedrag) => Some(bedrag.0),
            CellValue::Volume(volume) => Some(volume.0),
            CellValue::Number(number) => Some((*number).into()),
            CellValue::Text(_) | CellValue::Datum(_) => None,
        }
    }

    /// So much of what this is: a sum as a cell.
    pub(crate) fn of_quantity(&self, quantity: i64) -> CellValue<'static> {
        match self {
            CellValue::Bedrag(_) => CellValue::Bedrag(Cent(quantity)),
            CellValue::Volume(_) => CellValue::Volume(Volume(quantity)),
            _ => CellValue::Number(u32::try_from(quantity.max(0)).unwrap_or(u32::MAX)),
        }
    }

    /// So much more: days, hundredths, or a number. A text stays what it is.
    pub(crate) fn plus(self, more: i64) -> Self {
        match self {
            CellValue::Datum(dag) if more != 0 => CellValue::Datum(dag.plus_dagen(more)),
            CellValue::Text(_) | CellValue::Datum(_) => self,
            _ => self.of_quantity(self.quantity().unwrap_or_default().saturating_add(more)),
        }
    }
}

impl fmt::Display for CellValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CellValue::Text(t) => write!(f, "'{}'", masked(t)),
            CellValue::Bedrag(b) => b.fmt(f),
            CellValue::Volume(v) => v.fmt(f),
            CellValue::Number(n) => n.fmt(f),
            CellValue::Datum(d) => d.fmt(f),
        }
    }
}
