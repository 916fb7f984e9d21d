//! Why a cell can't be read, as the maker of the export is told.

use super::ijw::BerichtError;
use crate::dossier::Volume;
use std::fmt;

/// Why a cell can't be read. Its `Display` is the reason that the maker of the export gets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ParseError {
    Empty,
    NoDatum,
    NoTijd,
    /// A date with a time of day that isn't midnight.
    DatumWithTime,
    /// A date that there is only with the month before the day.
    MonthFirst,
    /// The same the other way round, where the settings say that the month comes first.
    DayFirst,
    /// A date before 1990, or long after the leverjaar.
    DatumImplausible,
    NoBedrag,
    /// More than an amount or a volume can be.
    TooLarge {
        limit: Volume,
    },
    BedragAmbiguous,
    BedragNegative,
    /// A Bsn where an amount should be.
    LooksLikeBsn,
    TooManyDecimals,
    NoWholeCents,
    NoVolume,
    VolumeGeenHeleCenten,
    NoCode {
        digits: u8,
    },
    /// No code and no name of a gemeente of the leverjaar.
    NoGemeente,
    /// A number of more digits than a spreadsheet keeps.
    DigitsLost,
    /// The error of a formula.
    FormulaError,
    /// A nought, a question mark or a word for what isn't known, where a number or a code should be.
    SaysNothing,
    NoYesNo,
    NoNumber,
    UnknownValue {
        allowed: &'static str,
    },
    TooLong,
    FieldCount {
        found: usize,
        expected: usize,
    },
    TotalsLine,
    /// A whole message is refused.
    Bericht(BerichtError),
    /// In the words of another process, that read the file.
    TakenOver(Box<str>),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::Empty => write!(f, "verplichte waarde ontbreekt"),
            ParseError::NoDatum => {
                write!(f, "geen datum; verwacht JJJJ-MM-DD, DD-MM-JJJJ of JJJJMMDD")
            }
            ParseError::NoTijd => write!(f, "geen tijd; verwacht UU:MM of UU:MM:SS"),
            ParseError::DatumWithTime => write!(f, "een datum met een tijd; geef de dag alleen"),
            ParseError::MonthFirst => {
                write!(
                    f,
                    "alleen een datum als de maand vóór de dag staat; zet dan in controle.toml onder [datums]: volgorde = \"mdj\""
                )
            }
            ParseError::DayFirst => {
                write!(
                    f,
                    "alleen een datum als de dag vóór de maand staat; haal in controle.toml onder [datums] de volgorde \"mdj\" weg"
                )
            }
            ParseError::DatumImplausible => {
                write!(
                    f,
                    "onwaarschijnlijke datum: vóór 1990 of meer dan twee jaar na het leverjaar"
                )
            }
            ParseError::TooLarge { limit } => write!(f, "te groot; het hoogste is {limit}"),
            ParseError::NoBedrag => write!(f, "geen bedrag; verwacht bijvoorbeeld 1234,56"),
            ParseError::BedragAmbiguous => write!(
                f,
                "dubbelzinnig bedrag: één scheidingsteken met drie cijfers erachter; zet [bedragen] decimaal in controle.toml"
            ),
            ParseError::BedragNegative => write!(
                f,
                "negatief bedrag; de kolom DebetCredit zegt of een declaratieregel een creditregel is"
            ),
            ParseError::LooksLikeBsn => {
                write!(f, "lijkt een Bsn en geen bedrag; staan de kolommen van deze regel goed?")
            }
            ParseError::TooManyDecimals => write!(f, "meer dan twee decimalen"),
            ParseError::NoWholeCents => {
                write!(f, "geen hele eurocenten, zoals [bedragen] eenheid in controle.toml belooft")
            }
            ParseError::NoVolume => write!(f, "geen volume; verwacht bijvoorbeeld 120 of 2,5"),
            ParseError::VolumeGeenHeleCenten => {
                write!(f, "bij eenheid 83 is het volume een heel aantal eurocenten")
            }
            ParseError::NoCode { digits } => write!(f, "geen code van {digits} cijfers"),
            ParseError::NoGemeente => {
                write!(
                    f,
                    "geen gemeente: verwacht een CBS-code van 4 cijfers of de naam zoals het CBS die schrijft"
                )
            }
            ParseError::DigitsLost => {
                write!(
                    f,
                    "een getal waarvan cijfers verloren zijn (meer dan 15 cijfers, of zoals 4,5E+02); maak van deze kolom tekst"
                )
            }
            ParseError::FormulaError => write!(f, "een formule die een fout geeft"),
            ParseError::SaysNothing => write!(
                f,
                "zegt niet welk nummer of welke code; staat dit voor leeg, zeg dat dan in controle.toml onder [waarden] en de naam van de kolom, zoals \"0\" = \"\""
            ),
            ParseError::NoYesNo => write!(f, "geen J of N"),
            ParseError::NoNumber => write!(f, "geen getal"),
            ParseError::UnknownValue { allowed } => {
                write!(f, "onbekende waarde; verwacht {allowed}")
            }
            ParseError::TooLong => write!(f, "langer dan 1.000 tekens"),
            ParseError::FieldCount { found, expected } => {
                let fields = if *found == 1 { "veld" } else { "velden" };
                write!(f, "de regel heeft {found} {fields}, de kop heeft er {expected}")
            }
            ParseError::TotalsLine => write!(f, "totaalregel"),
            ParseError::Bericht(error) => error.fmt(f),
            ParseError::TakenOver(text) => f.write_str(text),
        }
    }
}
