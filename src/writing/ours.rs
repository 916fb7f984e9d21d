//! Which folder may be replaced: one whose own manifest says that this program made it and that
//! holds nothing else, and that nothing is read from.

use super::error::WriteError;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// A longer manifest is not one of ours; that of a year of messages names each of them.
const LONGEST_MANIFEST: u64 = 64 << 30;

/// What a command reads or keeps: no folder that holds any of it is ever replaced.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Without links in them.
    paths: Vec<PathBuf>,
    /// Its files are read, and those of the folders in it.
    dossier: Option<PathBuf>,
}

impl Inputs {
    /// The dossier, with the files that links in it lead to.
    pub fn of_dossier(dossier: &Path) -> Inputs {
        let mut inputs = Inputs::default().and(Some(dossier));
        inputs.dossier = dossier.canonicalize().ok();
        let links = |dir: &Path| -> Vec<(PathBuf, FileType)> {
            let things = fs::read_dir(dir).into_iter().flatten().flatten();
            things.filter_map(|thing| Some((thing.path(), thing.file_type().ok()?))).collect()
        };
        let top = links(dossier);
        let below = top.iter().filter(|(_, kind)| kind.is_dir()).flat_map(|(dir, _)| links(dir));
        for (path, _) in below.chain(top.clone()).filter(|(_, kind)| kind.is_symlink()) {
            inputs = inputs.and(Some(&path));
        }
        inputs
    }

    /// And this file or folder, if it is given.
    #[must_use]
    pub fn and(mut self, path: Option<&Path>) -> Inputs {
        // A key that is still to be made is in the folder that it will be in.
        let in_its_folder = |path: &Path| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            Some(folder.unwrap_or(Path::new(".")).canonicalize().ok()?.join(path.file_name()?))
        };
        self.paths.extend(path.and_then(|p| p.canonicalize().ok().or_else(|| in_its_folder(p))));
        self
    }

    /// Why this folder can't be replaced without losing something of these.
    fn in_the_way(&self, folder: &Path) -> Option<String> {
        if let Some(path) = self.paths.iter().find(|path| path.starts_with(folder)) {
            return Some(if path == folder {
                "uit deze map leest deze opdracht zelf".to_owned()
            } else {
                let name = path.strip_prefix(folder).unwrap_or(path).display();
                format!("{name} staat erin, en dat leest deze opdracht zelf")
            });
        }
        let read = self.dossier.as_deref().is_some_and(|dossier| Some(dossier) == folder.parent());
        read.then(|| "hij ligt in de map van het dossier, waaruit deze opdracht leest".to_owned())
    }
}

/// What is at the place where a folder is to come.
pub(super) enum Found {
    Nothing,
    /// A folder with nothing in it.
    Empty,
    /// A folder that this program made, and that holds nothing else.
    Ours,
}

/// Looks at the place of a folder. What isn't ours to replace is an error that says why.
pub(super) fn look(target: &Path, manifest: &str, inputs: &Inputs) -> Result<Found, WriteError> {
    let refused = |why: String| Err(WriteError::NotOurs { path: target.to_owned(), why });
    let kind = match target.symlink_metadata() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(e) => return Err(WriteError::writing(target, &e)),
        Ok(data) => data.file_type(),
    };
    if !kind.is_dir() {
        return refused(format!("daar staat {}", named(kind)));
    }
    let folder = target.canonicalize().map_err(|e| WriteError::writing(target, &e))?;
    if let Some(why) = inputs.in_the_way(&folder) {
        return refused(why);
    }
    let entries = entries(target).map_err(|e| WriteError::writing(target, &e))?;
    if entries.is_empty() {
        return Ok(Found::Empty);
    }
    let Some(made) = made(&target.join(manifest)) else {
        return refused(format!("er staat geen {manifest} in dat zegt dat rechtmatig hem schreef"));
    };
    if let Some(other) = entries.iter().find(|entry| {
        let name = entry.name();
        let plain = entry.kind.is_file() || entry.kind.is_dir();
        !plain || name != manifest && !made.contains(&name)
    }) {
        return refused(format!("{} staat erin, en dat schreef rechtmatig niet", other.name()));
    }
    Ok(Found::Ours)
}

/// What a manifest of ours says of itself. Its other content may be long (a year of messages is a list
/// of hundreds of thousands of files) and is passed over.
#[derive(Deserialize)]
struct Signature {
    programma: Option<Maker>,
    uitvoer: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Maker {
    naam: String,
}

/// Writes into a finished folder that this program made it, and what it holds.
pub(super) fn sign(folder: &Path, manifest: &str) -> io::Result<()> {
    let path = folder.join(manifest);
    let mut text = match crate::ground::read_text(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => "{}".to_owned(),
        Err(e) => return Err(e),
    };
    let signature: Signature = serde_json::from_str(&text)?;
    let open = text.trim_end().strip_suffix('}').filter(|_| signature.uitvoer.is_none());
    let length = open.ok_or(io::ErrorKind::InvalidData)?.trim_end().len();
    text.truncate(length);
    let mut add = |name: &str, value: Value| -> io::Result<()> {
        let alone = serde_json::to_string_pretty(&json!({ name: value }))?;
        let comma = if text.ends_with('{') { "" } else { "," };
        text.push_str(comma);
        text.push_str(alone.trim_start_matches('{').trim_end_matches('}').trim_end());
        Ok(())
    };
    if signature.programma.is_none() {
        let (naam, versie) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        add("programma", json!({ "naam": naam, "versie": versie }))?;
    }
    let names: BTreeSet<String> = entries(folder)?.iter().map(Entry::name).collect();
    let names: Vec<String> = names.into_iter().filter(|name| name != manifest).collect();
    add("uitvoer", json!(names))?;
    text.push_str("\n}\n");
    fs::write(path, text)
}

/// The files and folders that a manifest of ours names; `None` where it is none.
fn made(manifest: &Path) -> Option<BTreeSet<String>> {
    // A pipe or device would never end.
    if !manifest.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let text = BufReader::new(crate::ground::open_file(manifest).ok()?.take(LONGEST_MANIFEST));
    let Signature { programma, uitvoer } = serde_json::from_reader(text).ok()?;
    if programma?.naam != env!("CARGO_PKG_NAME") {
        return None;
    }
    Some(uitvoer?.into_iter().collect())
}

/// A file, folder or other thing in a folder.
pub(super) struct Entry {
    /// Relative to the folder.
    pub path: PathBuf,
    pub kind: FileType,
}

impl Entry {
    /// How a manifest names it: `/` between the parts, and after a folder.
    fn name(&self) -> String {
        let parts = self.path.components().map(|part| part.as_os_str().to_string_lossy());
        let name = parts.collect::<Vec<_>>().join("/");
        if self.kind.is_dir() { name + "/" } else { name }
    }
}

/// All that a folder holds, at any depth, in a fixed order; no link is followed.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    let mut ahead = vec![PathBuf::new()];
    while let Some(dir) = ahead.pop() {
        for thing in fs::read_dir(folder.join(&dir))? {
            let thing = thing?;
            let (path, kind) = (dir.join(thing.file_name()), thing.file_type()?);
            if kind.is_dir() {
                ahead.push(path.clone());
            }
            found.push(Entry { path, kind });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// What a thing is that isn't a folder.
pub(super) fn named(kind: FileType) -> &'static str {
    match kind {
        kind if kind.is_symlink() => "een verwijzing (link) naar iets anders",
        kind if kind.is_file() => "een bestand",
        kind if kind.is_dir() => "een map",
        _ => "een apparaat, pijp of socket",
    }
}
