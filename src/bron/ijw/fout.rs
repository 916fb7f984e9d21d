//! What is wrong with a message.

use crate::bron::gz::Broken;
use std::collections::BTreeMap;
use std::fmt;

/// Elements may not be nested deeper; the root is the first.
pub(crate) const LIMIT_DEPTH: usize = 32;
/// Bytes of a value, and of the values of an element that may come more than once. The longest of the
/// national schemas that is read has 20 characters.
pub(crate) const LIMIT_VALUE: usize = 80;
pub(crate) const LIMIT_VALUES: usize = 1_000;

/// Why a message is refused. Its `Display` ends a sentence that begins with the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BerichtError {
    Empty,
    NoBericht,
    /// The message is packed in base64, as the gegevensknooppunt sends it on.
    Envelope,
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
    /// A value that is longer than any of the national schemas.
    TooLong {
        element: &'static str,
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
            BerichtError::Envelope => write!(
                f,
                "het is een envelop van het gegevensknooppunt, met het bericht gecodeerd (base64) erin: pak het bericht uit, of haal het zelf op uit uw berichtenapplicatie"
            ),
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
            BerichtError::TooLong { element, line } => {
                write!(f, "{element} op regel {line} is langer dan de berichtstandaard toestaat")
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

/// Characters of a sentence at most, as far as the names in it allow.
const LONGEST: usize = 300;

/// What the user is told of refused messages: every file with its reason, those of one reason
/// together as far as a sentence holds them.
pub(crate) fn warnings(refused: &[(String, BerichtError)]) -> Vec<String> {
    let mut per_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, error) in refused {
        per_reason.entry(error.short()).or_default().push(name);
    }
    let mut sentences = Vec::new();
    for (reason, names) in per_reason {
        if let [name] = names[..] {
            sentences.push(format!("bericht geweigerd: {name}: {reason}"));
            continue;
        }
        let begin = format!("{} berichten geweigerd: {reason}: ", names.len());
        let mut sentence = begin.clone();
        for name in names {
            if sentence.len() > begin.len() && sentence.len() + name.len() > LONGEST {
                sentences.push(std::mem::replace(&mut sentence, begin.clone()));
            }
            if sentence.len() > begin.len() {
                sentence.push_str(", ");
            }
            sentence.push_str(name);
        }
        sentences.push(sentence);
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refused_file_is_named_also_the_eleventh() {
        let refused: Vec<_> =
            (1..=40).map(|n| (format!("in/bericht-{n:03}.xml"), BerichtError::Empty)).collect();
        let told = warnings(&refused);
        assert!(told.iter().all(|t| t.len() <= LONGEST + 2 && t.starts_with("40 berichten")));
        for (name, _) in &refused {
            assert_eq!(told.iter().filter(|t| t.contains(name)).count(), 1, "{name}");
        }
    }
}
