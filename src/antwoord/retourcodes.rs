//! The national return codes of the rules that have one (iJw 3.2, WJ001), as data.

use serde::Deserialize;

/// The part of a message that a return code refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RefusalClass {
    /// One line of the message.
    Prestatie,
    /// All prestaties of one jeugdige in the message.
    Client,
    /// The declaration in the message.
    Declaratie,
    /// The message, before anything in it was looked at.
    Bericht,
}

/// A rule's return code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Retourcode {
    pub regel: String,
    #[serde(rename = "Retourcode")]
    pub code: String,
    pub klasse: RefusalClass,
    /// What it says, in a few Dutch words.
    pub betekenis: String,
    pub bron: String,
}

/// No remark on this part of the message.
pub(crate) const NO_OPMERKING: &str = "0200";
/// This part of the message was not judged: the part that it is in was refused.
pub(crate) const NIET_BEOORDEELD: &str = "0233";
/// The declaration is granted in full.
pub(crate) const VOLLEDIG: &str = "8001";

/// The return codes of the rules, by rule.
#[derive(Clone, Debug)]
pub(crate) struct Retourcodes(Vec<Retourcode>);

impl Retourcodes {
    /// The table that the program brings.
    ///
    /// # Panics
    /// When that table can't be read, which a test excludes.
    pub(crate) fn landelijk() -> Retourcodes {
        Self::read(include_str!("../../rules/retourcodes.csv"))
            .expect("the built-in table is sound")
    }

    fn read(text: &str) -> Result<Retourcodes, csv::Error> {
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
        reader.deserialize().collect::<Result<_, _>>().map(Retourcodes)
    }

    pub(crate) fn of(&self, rule: &str) -> Option<&Retourcode> {
        self.0.iter().find(|r| r.regel == rule)
    }

    #[cfg(test)]
    pub(crate) fn all(&self) -> impl Iterator<Item = &Retourcode> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regels::{REGISTER, fingerprints};
    use crate::regelset::{Regelset, RulesetSource};

    /// A code of the national list in round brackets, as the rules' sources cite it: `(9338)`.
    fn in_source(source: &str) -> Option<&str> {
        let (_, rest) = source.split_once('(')?;
        let code = rest.split_once(')')?.0;
        let digits = code.strip_prefix('S').unwrap_or(code);
        (code.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(code)
    }

    #[test]
    fn the_table_and_the_sources_of_the_rules_name_the_same_codes() {
        let codes = Retourcodes::landelijk();
        let regelset =
            Regelset::read("ijsselland", &RulesetSource::BuiltIn, &fingerprints()).unwrap();
        for rule in REGISTER.iter() {
            let Some(settings) = regelset.rule(rule.code) else { continue };
            let named = codes.of(rule.code).map(|r| r.code.as_str());
            if let Some(code) = in_source(&settings.source) {
                assert_eq!(named, Some(code), "{}: {}", rule.code, settings.source);
            }
        }
        for retour in codes.all() {
            assert!(REGISTER.iter().any(|r| r.code == retour.regel), "{}", retour.regel);
        }
    }
}
