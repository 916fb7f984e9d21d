//! Checks that a user writes in a ruleset of their own: conditions on the columns of a line.

mod reading;

pub(super) use reading::TomlTable;

use crate::dossier::{Cent, Dag, Ernst, Kolom, Volume};
use crate::ground::masked;
use std::borrow::Cow;
use std::fmt;
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
    /// At least one; a finding meets them all.
    pub voorwaarden: Vec<Condition>,
    pub toelichting: Option<String>,
    pub source: Arc<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub kolom: Kolom,
    pub operator: Operator,
    /// One; more for [`Operator::In`], none for [`Operator::IsLeeg`] and [`Operator::IsGevuld`].
    pub values: Vec<CellValue<'static>>,
}

macro_rules! operatoren {
    ($($naam:ident: $toml:literal, $zin:literal, $anders:literal;)+) => {
        /// How a cell is compared.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Operator { $($naam),+ }

        impl Operator {
            pub(crate) const ALL: &[Operator] = &[$(Operator::$naam),+];

            /// As a ruleset writes it.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Operator::$naam => $toml),+ }
            }

            /// As a sentence says it.
            pub(crate) fn sentence(self) -> &'static str {
                match self { $(Operator::$naam => $zin),+ }
            }

            /// The opposite, as a sentence says it.
            pub(crate) fn otherwise(self) -> &'static str {
                match self { $(Operator::$naam => $anders),+ }
            }
        }
    };
}

operatoren!(
    Is: "is", "is", "is niet";
    IsNiet: "is niet", "is niet", "is";
    GroterDan: "groter dan", "is groter dan", "is hoogstens";
    KleinerDan: "kleiner dan", "is kleiner dan", "is minstens";
    Minstens: "minstens", "is minstens", "is kleiner dan";
    Hoogstens: "hoogstens", "is hoogstens", "is groter dan";
    BegintMet: "begint met", "begint met", "begint niet met";
    Bevat: "bevat", "bevat", "bevat niet";
    In: "in", "is één van", "is geen van";
    IsLeeg: "is leeg", "is leeg", "is gevuld";
    IsGevuld: "is gevuld", "is gevuld", "is leeg";
);

/// What a column of `declaraties` holds.
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
}

/// The columns that a check may look at. Not the Bsn: it is compared and shown nowhere. Not
/// DebetCredit: only debit lines are tested.
pub(crate) const KOLOMMEN: &[(Kolom, CellKind)] = &[
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

/// The value of a cell. Two are compared only when they are of one kind.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(crate) enum CellValue<'a> {
    Text(Cow<'a, str>),
    Bedrag(Cent),
    Volume(Volume),
    Number(u32),
    Datum(Dag),
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

impl Condition {
    /// As a sentence says it, with the operator in these words.
    pub(crate) fn in_words(&self, operator: &str) -> String {
        let values: Vec<String> = self.values.iter().map(CellValue::to_string).collect();
        format!("{} {operator} {}", self.kolom, values.join(", ")).trim_end().to_owned()
    }
}

impl CustomCheck {
    /// The conditions, but only the first on each column.
    pub(crate) fn kolommen(&self) -> impl Iterator<Item = &Condition> {
        self.voorwaarden.iter().enumerate().filter_map(|(i, v)| {
            self.voorwaarden[..i].iter().all(|w| w.kolom != v.kolom).then_some(v)
        })
    }

    /// What exactly is compared, in Dutch.
    pub(crate) fn what(&self) -> String {
        let voorwaarden: Vec<String> =
            self.voorwaarden.iter().map(|v| v.in_words(v.operator.sentence())).collect();
        let periode = match (self.from, self.until) {
            (None, None) => String::new(),
            (Some(v), None) => format!(" Alleen regels met een Einddatum vanaf {v}."),
            (None, Some(t)) => format!(" Alleen regels met een Einddatum t/m {t}."),
            (Some(v), Some(t)) => format!(" Alleen regels met een Einddatum van {v} t/m {t}."),
        };
        let (ernst, voorwaarden) = (self.ernst.name(), voorwaarden.join(" en "));
        format!("Elke regel waarvoor dit geldt, is een {ernst}: {voorwaarden}.{periode}")
    }

    /// Why that matters, in Dutch.
    pub(crate) fn why(&self) -> String {
        let waarom = "Dit is een eigen controle van wie de regelset maakte.";
        match &self.toelichting {
            Some(toelichting) => format!("{waarom} {toelichting}"),
            None => waarom.to_owned(),
        }
    }

    /// Columns that it needs.
    pub(crate) fn needs(&self) -> String {
        let kolommen: Vec<&str> = self.kolommen().map(|v| v.kolom.name()).collect();
        kolommen.join(", ")
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
