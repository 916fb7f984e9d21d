//! What is wrong with a message.

use crate::bron::gz::Broken;
use std::collections::BTreeMap;
use std::fmt;

/// Elements may not be nested deeper; the root is the first.
pub(crate) const LIMIT_DEPTH: usize = 32;

/// Why a message is refused. Its `Display` ends a sentence that begins with the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BerichtError {
    Empty,
    NoBericht,
    OtherStandard(String),
    OtherVersion(String),
    OtherBericht(String),
    Encoding,
    Truncated,
    Broken {
        line: u64,
    },
    Doctype,
    Entity {
        line: u64,
    },
    TooLarge,
    TooDeep {
        line: u64,
    },
    Twice {
        element: &'static str,
        line: u64,
    },
    Header {
        element: &'static str,
    },
    Duplicate {
        earlier: String,
    },
    Unreadable(String),
    /// In the words of another process, that read the file: whole, and as messages refused for the
    /// same reason are told of together.
    TakenOver {
        text: String,
        short: String,
    },
}

impl BerichtError {
    /// One sentence for all doubles and for all lines.
    pub(crate) fn short(&self) -> String {
        match self {
            BerichtError::Duplicate { .. } => "hetzelfde bericht zit al in het dossier".to_owned(),
            BerichtError::Broken { .. } => "geen geldige XML".to_owned(),
            BerichtError::TakenOver { short: kort, .. } => kort.clone(),
            _ => self.to_string(),
        }
    }

    pub(super) fn from_io(e: &std::io::Error) -> BerichtError {
        BerichtError::Unreadable(match e.get_ref().and_then(|e| e.downcast_ref::<Broken>()) {
            Some(broken) => broken.to_string(),
            None => crate::ground::io_cause(e),
        })
    }
}

impl fmt::Display for BerichtError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BerichtError::Empty => write!(f, "het bestand is leeg"),
            BerichtError::NoBericht => write!(f, "het is geen iJw-bericht"),
            BerichtError::OtherStandard(name) => {
                write!(f, "het is een bericht van een andere standaard ({name})")
            }
            BerichtError::OtherVersion(versie) => {
                write!(f, "iJw-versie {versie} wordt niet gelezen; wel 3.0, 3.1 en 3.2")
            }
            BerichtError::OtherBericht(name) => write!(
                f,
                "een {}-bericht wordt niet gelezen; wel JW301, JW305, JW307, JW323 en JW325",
                name.to_uppercase()
            ),
            BerichtError::Encoding => {
                write!(f, "de tekens passen niet bij de tekenset die het bericht noemt")
            }
            BerichtError::Truncated => {
                write!(f, "het bericht breekt af voor het einde")
            }
            BerichtError::Broken { line } => {
                write!(f, "geen geldige XML op regel {line}")
            }
            BerichtError::Doctype => write!(f, "een bericht mag geen DOCTYPE hebben"),
            BerichtError::Entity { line } => {
                write!(f, "onbekende verwijzing (&…;) op regel {line}")
            }
            BerichtError::TooLarge => write!(f, "groter dan 25.000.000 bytes"),
            BerichtError::TooDeep { line } => {
                write!(f, "op regel {line} meer dan {LIMIT_DEPTH} elementen in elkaar")
            }
            BerichtError::Twice { element, line } => {
                write!(f, "{element} staat er twee keer, de tweede keer op regel {line}")
            }
            BerichtError::Header { element } => {
                write!(f, "{element} ontbreekt of is onleesbaar")
            }
            BerichtError::Duplicate { earlier } => {
                write!(
                    f,
                    "Afzender, Identificatie en Dagtekening zijn gelijk aan die van {earlier}"
                )
            }
            BerichtError::Unreadable(cause) => write!(f, "kan niet gelezen worden: {cause}"),
            BerichtError::TakenOver { text, .. } => f.write_str(text),
        }
    }
}

/// What the user is told of refused messages: a sentence for each reason, with some of the files.
pub(crate) fn warnings(refused: &[(String, BerichtError)]) -> Vec<String> {
    const SHOWN: usize = 10;
    let mut per_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, error) in refused {
        per_reason.entry(error.short()).or_default().push(name);
    }
    per_reason
        .into_iter()
        .map(|(reason, names)| {
            let more = match names.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(" en nog {more}"),
            };
            let shown = names[..names.len().min(SHOWN)].join(", ");
            match names.len() {
                1 => format!("bericht geweigerd: {shown}: {reason}"),
                n => format!("{n} berichten geweigerd: {reason}: {shown}{more}"),
            }
        })
        .collect()
}
