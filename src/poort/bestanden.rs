//! Files that come twice, columns that can't be read, and rows that were refused.

use super::Melding;
use crate::dossier::{Cent, FileKind, SourceFile, Thousands};
use crate::regelset::{Drempels, MostPercent};
use std::collections::{BTreeMap, BTreeSet};

/// Files that a message names.
const MOST_NAMES: usize = 10;

/// Files that hold the same, whatever their names and packing.
pub(super) fn equal_files(files: &[SourceFile]) -> impl Iterator<Item = Melding> {
    let mut per_hash: BTreeMap<&str, Vec<&SourceFile>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for file in files.iter().filter(|f| !f.sha256_unpacked.is_empty()) {
        // A wide export is one file that holds some tables.
        if seen.insert((&file.sha256_unpacked, path(file))) {
            per_hash.entry(&file.sha256_unpacked).or_default().push(file);
        }
    }
    let mut equal: Vec<_> = per_hash.into_values().filter(|files| files.len() > 1).collect();
    equal.sort_by(|a, b| a[0].pad.as_bytes().cmp(b[0].pad.as_bytes()));
    equal.into_iter().map(|files| {
        let mut names: Vec<String> =
            files.iter().take(MOST_NAMES).map(|f| f.pad.clone()).collect();
        if files.len() > MOST_NAMES {
            names.push(format!("en nog {}", Thousands((files.len() - MOST_NAMES) as u64)));
        }
        let text = format!(
            "deze bestanden zijn gelijk (één SHA-256, uitgepakt): {}. Elke declaratieregel telt daardoor {} keer",
            names.join(", "),
            files.len()
        );
        Melding::stop("bestand dubbel", text, "laat er één staan en haal de andere uit het dossier")
    })
}

/// The path of a file, without the kind of table that is behind it for a further table of one file.
fn path(file: &SourceFile) -> &str {
    let rest = file.pad.strip_suffix(')').and_then(|pad| pad.strip_suffix(file.soort.name()));
    rest.and_then(|pad| pad.strip_suffix(" (")).unwrap_or(&file.pad)
}

pub(super) fn unreadable_columns(
    files: &[SourceFile],
    drempels: &Drempels,
) -> impl Iterator<Item = Melding> {
    let columns = files.iter().flat_map(|f| f.onleesbaar.iter().map(move |c| (f, c)));
    columns.filter_map(|(file, c)| {
        let passes = |most: MostPercent| most.is_passed(c.unreadable, c.filled);
        if c.filled < drempels.onleesbaar_gevuld || !passes(drempels.onleesbaar_let_op) {
            return None;
        }
        let text = format!(
            "kolom onleesbaar: {}, kolom {}: {} van de {} ingevulde waarden zijn niet te lezen; wat daarop rust, is niet getoetst",
            file.pad,
            c.kolom,
            Thousands(c.unreadable),
            Thousands(c.filled)
        );
        let advice = "invoerfouten.csv noemt elke waarde met haar regel; verbeter de export, of wijs in controle.toml de juiste kolom aan";
        Some(match passes(drempels.onleesbaar_stop) {
            true => Melding::stop("kolom onleesbaar", text, advice),
            false => Melding::let_op("kolom onleesbaar", text, advice),
        })
    })
}

/// Rows of declaraties that are in no total, and what they declare.
pub(super) fn refused_rows(files: &[SourceFile]) -> Option<Melding> {
    let refused = |f: &SourceFile| f.afgekeurd - f.totaalregels;
    let rows: u64 = files.iter().map(refused).sum();
    if rows == 0 {
        return None;
    }
    let of_declaraties = files.iter().filter(|f| f.soort == FileKind::Declaraties);
    let lines: u64 = of_declaraties.clone().map(refused).sum();
    let bedrag: Cent = of_declaraties.map(|f| f.afgekeurd_bedrag).sum();
    let of_lines = match lines {
        0 => String::new(),
        n if n == rows => format!("; wat daarvan te lezen was, telt op tot {bedrag}"),
        n => format!(
            ", waarvan {} van declaraties; wat daarvan te lezen was, telt op tot {bedrag}",
            Thousands(n)
        ),
    };
    let what = match rows {
        1 => "1 rij is afgekeurd en telt".to_owned(),
        n => format!("{} rijen zijn afgekeurd en tellen", Thousands(n)),
    };
    Some(Melding::let_op(
        "afgekeurde regels",
        format!("{what} nergens in mee{of_lines}"),
        "invoerfouten.csv noemt wat is afgekeurd, met de reden; verbeter dat in de export",
    ))
}
