//! What a file lacks, with the headers of it that may well be that.

use super::printable;
use crate::bron::content::Content;
use crate::bron::error::{Candidate, MissingColumns, SourceError};
use crate::bron::koppen::{candidates, genormaliseerd};
use crate::dossier::{FileKind, Kolom};
use std::collections::BTreeSet;

/// All needed columns that are missing, each with the headers that may well be it.
pub(super) fn missing_columns(
    file: &str,
    line: u64,
    kind: FileKind,
    missing: &[Kolom],
    headers: &[String],
    unknown: &[String],
) -> SourceError {
    let columns = missing.iter().map(|kolom| {
        let usual = candidates(*kolom, unknown, kind);
        let likely: Vec<String> = match usual.is_empty() {
            true => like(*kolom, unknown).into_iter().collect(),
            false => usual.into_iter().map(|place| unknown[place].clone()).collect(),
        };
        (*kolom, likely.into_iter().map(|header| Candidate { header, holds: None }).collect())
    });
    let of_unknown: BTreeSet<&String> = unknown.iter().collect();
    let is_unknown = |header: &&String| of_unknown.contains(header);
    let places = headers.iter().enumerate().filter(|(_, h)| is_unknown(h));
    SourceError::KolommenMissing(Box::new(MissingColumns {
        file: file.to_owned(),
        line,
        kind,
        columns: columns.collect(),
        found: headers.iter().map(|header| printable(header)).collect(),
        unknown: places.map(|(place, header)| (place, header.clone())).collect(),
    }))
}

impl SourceError {
    /// The same with headers of columns that hold what a missing one needs; `rows` stand below the
    /// header.
    pub(crate) fn with_cells(mut self, rows: &[Vec<String>]) -> SourceError {
        if let SourceError::KolommenMissing(missing) = &mut self {
            let held = missing.unknown.iter().filter_map(|(place, header)| {
                let cells = rows.iter().filter_map(|row| row.get(*place).map(String::as_str));
                Some((header.clone(), Content::of(cells)?))
            });
            let held: Vec<(String, Content)> = held.collect();
            for (kolom, candidates) in missing.columns.iter_mut().filter(|(_, c)| c.is_empty()) {
                let content = Content::needed_by(*kolom);
                let fits = held.iter().filter(|(_, c)| Some(*c) == content);
                candidates.extend(fits.map(|(header, content)| Candidate {
                    header: header.clone(),
                    holds: Some(content.name()),
                }));
            }
        }
        self
    }
}

/// The likeliest misspelling of a column among the headers that mean nothing to us, else the only one
/// that abbreviates it.
fn like(kolom: Kolom, unknown: &[String]) -> Option<String> {
    let target = genormaliseerd(kolom.name());
    let misspeld = unknown
        .iter()
        .map(|header| (strsim::jaro_winkler(&target, &genormaliseerd(header)), header))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, header)| header);
    let mut abbreviated =
        unknown.iter().filter(|header| is_abbreviation(&genormaliseerd(header), &target));
    misspeld.or_else(|| abbreviated.next().filter(|_| abbreviated.next().is_none())).cloned()
}

/// Does it begin as the name does, with letters of the name left out after that, as `ref.nr` does
/// for `referentienummer`?
fn is_abbreviation(header: &str, name: &str) -> bool {
    /// What is shorter abbreviates too much.
    const AT_LEAST: usize = 3;
    let letters: Vec<char> = header.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut rest = name.chars();
    letters.len() >= AT_LEAST
        && letters.first() == name.chars().next().as_ref()
        && letters.iter().all(|letter| rest.any(|c| c == *letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_column_names_its_only_abbreviation() {
        let looks_like = |text: &str| {
            let unknown: Vec<String> = text.split(';').map(str::to_owned).collect();
            like(Kolom::ReferentieNummer, &unknown)
        };
        assert_eq!(looks_like("Bron;Ref. nr;Opmerking").as_deref(), Some("Ref. nr"));
        assert_eq!(looks_like("R. nr;Ref. nr"), None, "either may be meant");
        let is_afkorting = |header| is_abbreviation(&genormaliseerd(header), "referentienummer");
        assert!(["Ref. nr", "ref nummer", "Refer_nr."].into_iter().all(is_afkorting));
        let other = ["nr", "Re", "Rekening", "Vorig ref. nr", "Nummer", "Ref. nr A"];
        assert!(!other.into_iter().any(is_afkorting));
    }
}
