//! A rapport beside the one that its dossier gives today: which bytes differ, and why.

mod contents;

use crate::dossier::SourceFile;
use crate::herkomst::{Mismatch, ReportOrigin};
use crate::regelset::Regelset;
use contents::{Beside, beside_without_key, is_same, place_of_difference};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// How a file of a rapport stands to the one that was made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileState {
    /// Byte for byte.
    Same,
    /// Without the key of the rapport a child has another pseudonym; all else is the same.
    SameButPseudonyms,
    /// And from where on, in Dutch.
    Differs(String),
    /// The manifest names it, and it is gone.
    Gone,
    /// Today it is not written.
    NotNow,
    /// Today it is written too.
    OnlyNow,
    /// Without the key it can't be told whether it is the same.
    NotCompared,
}

impl FileState {
    /// Is it as it should be?
    pub(crate) fn is_sound(&self) -> bool {
        matches!(self, FileState::Same | FileState::SameButPseudonyms | FileState::NotCompared)
    }

    pub(crate) fn in_words(&self) -> String {
        match self {
            FileState::Same => "gelijk".to_owned(),
            FileState::SameButPseudonyms => "gelijk, op de pseudoniemen na".to_owned(),
            FileState::Differs(place) => format!("verschilt {place}"),
            FileState::Gone => "ontbreekt in het rapport".to_owned(),
            FileState::NotNow => "wordt nu niet meer geschreven".to_owned(),
            FileState::OnlyNow => "wordt nu ook geschreven".to_owned(),
            FileState::NotCompared => "niet vergeleken: dat kan alleen met de sleutel".to_owned(),
        }
    }
}

/// Every file of the rapport in `then`, and of the one in `now`, beside each other. `same_key`: are
/// both made with one key?
///
/// # Errors
/// A file that can't be read.
pub(crate) fn compare(
    origin: &ReportOrigin,
    then: &Path,
    now: &Path,
    same_key: bool,
) -> io::Result<Vec<(String, FileState)>> {
    let named = origin.output.iter().filter(|name| !name.ends_with('/'));
    let named: BTreeSet<String> = named.cloned().collect();
    let made = files(now)?;
    let state = |name: &String| -> io::Result<FileState> {
        let (then, now) = (then.join(name), now.join(name));
        Ok(match (named.contains(name), made.contains(name)) {
            (false, _) => FileState::OnlyNow,
            _ if !then.is_file() => FileState::Gone,
            (_, false) => FileState::NotNow,
            _ => beside(&then, &now, same_key)?,
        })
    };
    let both: BTreeSet<&String> = named.iter().chain(&made).collect();
    both.into_iter().map(|name| Ok((name.clone(), state(name)?))).collect()
}

fn beside(then: &Path, now: &Path, same_key: bool) -> io::Result<FileState> {
    Ok(if is_same(then, now)? {
        FileState::Same
    } else if same_key {
        FileState::Differs(place_of_difference(then, now)?)
    } else {
        match beside_without_key(then, now)? {
            Beside::Same => FileState::SameButPseudonyms,
            Beside::OtherLine(line) => FileState::Differs(format!("vanaf regel {line}")),
            Beside::OtherForm => FileState::Differs("in zijn vorm".to_owned()),
            Beside::Unknown => FileState::NotCompared,
        }
    })
}

/// The files below a folder but for its manifest, by their path with `/` between the parts.
fn files(folder: &Path) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?.into_iter().map(|below| format!("{name}/{below}")));
        } else if name != "manifest.json" {
            found.insert(name);
        }
    }
    Ok(found)
}

/// What is otherwise today than when the rapport was made, in Dutch sentences.
pub(crate) fn causes(
    origin: &ReportOrigin,
    set: &Regelset,
    settings: Option<&str>,
    input: &[SourceFile],
) -> Vec<String> {
    let mut out = Vec::new();
    let version = env!("CARGO_PKG_VERSION");
    if origin.program != version {
        out.push(format!("het programma was versie {} en is nu {version}", origin.program));
    }
    let all = |what: &'static str, differences: Vec<Mismatch>| {
        differences.into_iter().map(move |d| format!("{what}: {d}"))
    };
    out.extend(all("regelset", origin.other_regelset(set)));
    out.extend(all("invoer", origin.differences(input)));
    if origin.has_other_settings(settings) {
        out.push("instellingen: controle.toml is niet die van toen".to_owned());
    }
    out
}
