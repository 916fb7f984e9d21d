//! What is to come back: the lines that people judged `terugvorderen`, each once whatever number of
//! findings rest on it. A rapport keeps it as `terugvordering.json`; a command makes lists of it.

mod letters;
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vordering {
    #[serde(flatten)]
    pub line: ClaimedLine,
    /// What is to come back of it: the largest of the findings, never more than was declared.
    pub bedrag: Cent,
    /// What of it came back since an earlier run asked for it.
    pub teruggenomen: Cent,
    /// The last day on which something did; empty where that isn't known.
    pub teruggenomen_op: String,
    /// ReferentieNummers of the credit lines on it that are counted, or that were there before it.
    pub creditregels: Vec<String>,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grond {
    /// Of the finding.
    pub id: String,
    pub regel: String,
    pub titel: String,
    /// What is wrong, in a sentence for the aanbieder.
    pub zin: String,
    /// What this finding asks of the line.
    pub bedrag: Cent,
    /// Did a person agree on another amount than the finding's?
    pub overeengekomen: bool,
    /// Does the finding concern other aanbieders too?
    pub gedeeld: bool,
    /// What the aanbieder said of it; empty where it said nothing.
    pub reactie: String,
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
    /// Is that because the line doesn't count?
    pub telt_niet: bool,
}

/// What is to come back of the lines of an aanbieder in a gemeente.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClaimTotal<'t> {
    /// Code and name.
    pub aanbieder: [&'t str; 2],
    pub gemeente: [&'t str; 2],
    pub regels: u64,
    pub bedrag: Cent,
    pub teruggenomen: Cent,
    pub open: Cent,
}

impl Terugvordering {
    pub(crate) fn is_empty(&self) -> bool {
        self.vorderingen.is_empty() && self.apart.is_empty()
    }

    /// Of all aanbieders and gemeenten.
    pub(crate) fn total(&self) -> ClaimTotal<'_> {
        ClaimTotal::of(["", ""], ["", ""], &self.vorderingen)
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
                ClaimTotal::of(
                    [&line.aanbieder, &line.naam],
                    [&line.gemeente, &line.gemeentenaam],
                    of,
                )
            })
            .collect()
    }
}

impl<'t> ClaimTotal<'t> {
    fn of(aanbieder: [&'t str; 2], gemeente: [&'t str; 2], of: &[Vordering]) -> ClaimTotal<'t> {
        let sum = |bedrag: fn(&Vordering) -> Cent| of.iter().map(bedrag).sum();
        ClaimTotal {
            aanbieder,
            gemeente,
            regels: of.len() as u64,
            bedrag: sum(|v| v.bedrag),
            teruggenomen: sum(Vordering::came_back),
            open: sum(Vordering::open),
        }
    }
}

impl Vordering {
    /// What of the claim came back; a credit line may take back more than was asked.
    pub(crate) fn came_back(&self) -> Cent {
        self.teruggenomen.min(self.bedrag)
    }

    /// What has yet to come back.
    pub(crate) fn open(&self) -> Cent {
        self.bedrag - self.came_back()
    }

    /// How far it is, in words.
    pub(crate) fn status(&self) -> String {
        let on = match self.teruggenomen_op.as_str() {
            "" => String::new(),
            dag => format!(" op {dag}"),
        };
        match (self.bedrag, self.open()) {
            (Cent::ZERO, _) => "vervallen".to_owned(),
            (_, Cent::ZERO) => format!("teruggenomen{on}"),
            (bedrag, open) if open < bedrag => format!("deels teruggenomen{on}"),
            _ => "open".to_owned(),
        }
    }

    /// The rules that it rests on, in words.
    pub(crate) fn why(&self) -> String {
        let mut words: Vec<String> = self
            .gronden
            .iter()
            .map(|g| format!("{} {}", g.regel, g.titel).trim().to_owned())
            .collect();
        words.dedup();
        words.join("; ")
    }

    /// The Ids of the findings.
    pub(crate) fn ids(&self) -> String {
        let ids: Vec<&str> = self.gronden.iter().map(|g| g.id.as_str()).collect();
        ids.join(" ")
    }
}
