//! What is to come back: the lines that people judged `terugvorderen`, each once whatever number of
//! findings rest on it. A rapport keeps it as `terugvordering.json`; a command makes lists of it.

mod reading;
mod sheets;
mod writing;

pub(crate) use reading::ReadClaimsError;
pub(crate) use sheets::{lines_sheet, totals_sheet};
pub(crate) use writing::write_files;

use crate::dossier::Cent;
use serde::{Deserialize, Serialize};

/// Its name in a rapport.
pub(crate) const FILE: &str = "terugvordering.json";

/// All that a rapport says is to come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terugvordering {
    pub leverjaar: i32,
    /// Name of the ruleset.
    pub regio: String,
    /// Its title.
    pub regelset: String,
    /// Do texts hold a Bsn that the user asked for?
    pub bsn_getoond: bool,
    /// By aanbieder, gemeente, ReferentieNummer and place.
    pub vorderingen: Vec<Vordering>,
    /// What was judged so and is in no total, in the order of the findings.
    pub apart: Vec<Apart>,
}

/// A line of which something is to come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vordering {
    #[serde(flatten)]
    pub line: ClaimedLine,
    /// What is to come back of it: the largest of the findings, never more than was declared.
    pub bedrag: Cent,
    /// The findings that it rests on.
    pub gronden: Vec<Grond>,
}

/// A line as its aanbieder knows it. Texts are empty where the line has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ClaimedLine {
    /// AGB code.
    pub aanbieder: String,
    pub naam: String,
    /// CBS code.
    pub gemeente: String,
    pub gemeentenaam: String,
    pub referentienummer: String,
    pub declaratienummer: String,
    pub toewijzingnummer: String,
    pub begindatum: String,
    pub einddatum: String,
    pub productcode: String,
    pub ingediend_bedrag: Cent,
    pub bestand: String,
    pub regelnummer: u32,
}

/// A finding under what is to come back of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grond {
    /// Of the finding.
    pub id: String,
    pub regel: String,
    pub titel: String,
    /// What this finding asks of the line.
    pub bedrag: Cent,
    /// Did a person agree on another amount than the finding's?
    pub overeengekomen: bool,
}

/// What was judged `terugvorderen` and can't be asked back of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Apart {
    #[serde(flatten)]
    pub grond: Grond,
    /// AGB code, CBS code and number, each empty where the finding names none.
    pub aanbieder: String,
    pub naam: String,
    pub gemeente: String,
    pub nummer: String,
    /// Why it is in no total.
    pub waarom: String,
}

/// What is to come back of the lines of an aanbieder in a gemeente.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClaimTotal<'t> {
    /// Code and name.
    pub aanbieder: [&'t str; 2],
    pub gemeente: [&'t str; 2],
    pub regels: u64,
    pub bedrag: Cent,
}

impl Terugvordering {
    pub(crate) fn is_empty(&self) -> bool {
        self.vorderingen.is_empty() && self.apart.is_empty()
    }

    pub(crate) fn bedrag(&self) -> Cent {
        self.vorderingen.iter().map(|v| v.bedrag).sum()
    }

    /// By aanbieder and gemeente.
    pub(crate) fn per_party(&self) -> Vec<ClaimTotal<'_>> {
        let same = |a: &Vordering, b: &Vordering| {
            (&a.line.aanbieder, &a.line.gemeente) == (&b.line.aanbieder, &b.line.gemeente)
        };
        self.vorderingen
            .chunk_by(same)
            .map(|of| {
                let line = &of[0].line;
                ClaimTotal {
                    aanbieder: [&line.aanbieder, &line.naam],
                    gemeente: [&line.gemeente, &line.gemeentenaam],
                    regels: of.len() as u64,
                    bedrag: of.iter().map(|v| v.bedrag).sum(),
                }
            })
            .collect()
    }
}

impl Vordering {
    /// The rules that it rests on, in words.
    pub(crate) fn why(&self) -> String {
        let mut words: Vec<String> =
            self.gronden.iter().map(|g| format!("{} {}", g.regel, g.titel)).collect();
        words.dedup();
        words.join("; ")
    }

    /// The Ids of the findings.
    pub(crate) fn ids(&self) -> String {
        let ids: Vec<&str> = self.gronden.iter().map(|g| g.id.as_str()).collect();
        ids.join(" ")
    }
}
