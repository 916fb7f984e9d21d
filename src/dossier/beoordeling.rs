//! A person's verdicts on findings of an earlier run.

use super::datum::Dag;
use super::geld::Cent;
use crate::ground::words;

words! {
    /// What a person decided about a finding.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub(crate) enum Eindoordeel {
        /// The line stands as it was declared.
        Akkoord = "akkoord",
        Terugvorderen = "terugvorderen",
        /// Against the contract, but not to be held against the aanbieder.
        NietVerwijtbaar = "niet-verwijtbaar",
        NaderOnderzoek = "nader-onderzoek",
    }
}

/// What identifies a finding in every run: its rule and the number after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BevindingId {
    /// Code of the rule, in capitals.
    pub rule: String,
    /// 64 bits, 16 hexadecimal digits in files: the same for the same finding in every run.
    pub nummer: u64,
}

impl BevindingId {
    /// `NS01-0123456789abcdef`.
    pub(crate) fn read(text: &str) -> Option<BevindingId> {
        let (rule, nummer) = text.split_once('-')?;
        let fits = !rule.is_empty()
            && rule.bytes().all(|b| b.is_ascii_alphanumeric())
            && nummer.len() == 16
            && nummer.bytes().all(|b| b.is_ascii_hexdigit());
        let nummer = fits.then(|| u64::from_str_radix(nummer, 16).ok())??;
        Some(BevindingId { rule: rule.to_uppercase(), nummer })
    }
}

impl std::fmt::Display for BevindingId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:016x}", self.rule, self.nummer)
    }
}

/// One row of `beoordelingen` with a verdict; its texts are empty where the cell is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beoordeling {
    /// The column Id.
    pub(crate) id: BevindingId,
    pub(crate) oordeel: Eindoordeel,
    pub opmerking: String,
    pub door: String,
    pub datum: Option<Dag>,
    /// What was agreed to come back, where that isn't what the finding says.
    pub(crate) bedrag: Option<Cent>,
    pub(crate) earlier: EarlierFinding,
}

/// One row of `reacties` that says something: what an aanbieder makes of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reactie {
    /// The column Id.
    pub(crate) id: BevindingId,
    pub(crate) datum: Option<Dag>,
    pub(crate) door: String,
    pub(crate) text: String,
}

/// What the finding said when it was judged; `None` where the file lacks the column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EarlierFinding {
    pub ernst: Option<String>,
    pub bedrag: Option<Option<Cent>>,
    pub gevonden: Option<String>,
    pub verwacht: Option<String>,
}
