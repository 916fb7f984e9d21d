//! What each process took in and gave out, by which the end sees that no row was lost or came twice.

use super::arrow::StreamError;
use super::header::DossierHeader;
use super::intake::RowCounts;
use crate::dossier::{AnswerCounts, Dag, FileKind, Thousands};
use crate::toetsing::PassKey;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

/// Kind of the row that says what one process did.
pub(crate) const PASS: &str = "gang";
/// Kind of the row that holds the counts and sums of lines.
pub(crate) const REGELTELLING: &str = "regeltelling";

/// What one process took in and gave out; added up, the rapport sees from it that no row was lost
/// or came twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PassReceipt {
    pub erin: RowCounts,
    pub eruit: RowCounts,
    /// What came of the answers of gemeenten in this part.
    pub antwoorden: Option<AnswerCounts>,
    /// Up to which day lines were counted for the monitor, if they were.
    pub monitor: Option<Dag>,
}

/// Adds what one part took in and gave out to what the others did.
pub(super) fn added(together: &mut PassReceipt, part: &PassReceipt) {
    for (whole, part) in [(&mut together.erin, part.erin), (&mut together.eruit, part.eruit)] {
        whole.regels += part.regels;
        whole.versies += part.versies;
        whole.startstop += part.startstop;
        whole.aanbieders += part.aanbieders;
        whole.leveringen += part.leveringen;
    }
}

/// Every row that a step gave out must have come into the next one, once: of these passes.
pub(super) fn complete(
    state: &DossierHeader,
    receipts: &HashMap<&'static str, PassReceipt>,
    passes: &[PassKey],
) -> Result<(), StreamError> {
    let of = |field: PassKey| receipts.get(field.name()).copied().unwrap_or_default();
    let [aanbieder, toewijzing, jeugdige] = PassKey::ALL.map(of);
    let lines = state.aanvaard(FileKind::Declaraties);
    // What takes back a start or stop is in the stand.
    let startstop = state.aanvaard(FileKind::Startstop) - state.teruggenomen.len() as u64;
    let versies = state.aanvaard(FileKind::Toewijzingen);
    let aanbieders = state.agbs.len() as u64;
    let counts = [
        (PassKey::Aanbieder, "declaratieregels", aanbieder.erin.regels, lines),
        (PassKey::Aanbieder, "aanbieders", aanbieder.erin.aanbieders, aanbieders),
        (PassKey::Aanbieder, "starts en stops", aanbieder.erin.startstop, startstop),
        (PassKey::Toewijzing, "declaratieregels", toewijzing.erin.regels, aanbieder.eruit.regels),
        (PassKey::Toewijzing, "toewijzingen", toewijzing.erin.versies, versies),
        (PassKey::Toewijzing, "starts en stops", toewijzing.erin.startstop, startstop),
        (PassKey::Jeugdige, "declaratieregels", jeugdige.erin.regels, toewijzing.eruit.regels),
        (PassKey::Jeugdige, "toewijzingen", jeugdige.erin.versies, toewijzing.eruit.versies),
        (PassKey::Jeugdige, "starts en stops", jeugdige.erin.startstop, toewijzing.eruit.startstop),
        (
            PassKey::Jeugdige,
            "toewijzingen met levering",
            jeugdige.erin.leveringen,
            toewijzing.eruit.leveringen,
        ),
    ];
    let mut counts = counts.into_iter().filter(|(field, ..)| passes.contains(field));
    match counts.find(|(.., into, expected)| into != expected) {
        None => Ok(()),
        Some((field, what, into, expected)) => Err(StreamError::Content(
            format!(
                "de delen per {} hebben samen {} {what} gehad, en dat moeten er {} zijn",
                field.name(),
                Thousands(into),
                Thousands(expected)
            ),
            "geef van elk deel van elke stap precies één uitkomst door",
        )),
    }
}
