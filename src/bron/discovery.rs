//! Which files a dossier has, by the start of their names; messages by their content.

use super::error::SourceError;
use super::form::{FileForm, TablePlace};
use super::ijw::{self, Bericht, BerichtError};
use super::location::{self, Location, ZipError};
use super::mapping::{FILE_NAME, FileRules};
use super::settings;
use crate::dossier::{Cent, Columns, FileKind, SourceFile};
use crate::ground::io_cause;
use crate::ground::{masked, on_one_line};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// A file of a kind that we read.
#[derive(Debug)]
pub(crate) struct FoundFile {
    pub location: Location,
    /// Path relative to the dossier, with `/` between the parts and nothing in it that could be a
    /// BSN.
    pub name: String,
    pub kind: FileKind,
    pub bytes: u64,
    pub holds: Holds,
}

/// What a file holds.
#[derive(Clone, Debug)]
pub(crate) enum Holds {
    /// An iJw message of this kind.
    Bericht(Bericht),
    /// A table, in this form and this place of it.
    Table(FileForm, TablePlace),
    /// An XML file that is no message that is read.
    Nothing,
}

impl FoundFile {
    /// The kind of iJw message that it holds, if it is one.
    pub(crate) fn bericht(&self) -> Option<Bericht> {
        match self.holds {
            Holds::Bericht(bericht) => Some(bericht),
            Holds::Table(..) | Holds::Nothing => None,
        }
    }

    /// The form of the table that it holds, if it holds one.
    pub(crate) fn form(&self) -> Option<FileForm> {
        match self.holds {
            Holds::Table(form, _) => Some(form),
            Holds::Bericht(_) | Holds::Nothing => None,
        }
    }

    pub(crate) fn empty_file(&self) -> SourceFile {
        SourceFile {
            pad: self.name.clone(),
            soort: self.kind,
            kolommen: Columns::default(),
            lacks: None,
            gelezen: 0,
            aanvaard: 0,
            afgekeurd: 0,
            genegeerd: 0,
            mapping: Vec::new(),
            afgekeurd_bedrag: Cent::ZERO,
            totaalregels: 0,
            onleesbaar: Vec::new(),
            bytes: 0,
            sha256: String::new(),
            sha256_unpacked: String::new(),
            debet: Cent::ZERO,
            credit: Cent::ZERO,
        }
    }
}

/// The files of a dossier, in the order of their relative paths, by bytes.
#[derive(Debug, Default)]
pub(crate) struct FoundFiles {
    pub files: Vec<FoundFile>,
    pub warnings: Vec<String>,
    /// XML files that hold no message that is read, and why; they are among the files too.
    pub refused: Vec<(String, BerichtError)>,
}

/// Takes up the files of a dossier.
struct Search<'r> {
    rules: &'r FileRules,
    found: FoundFiles,
    /// Are XML files passed over, without a look at what they hold?
    without_berichten: bool,
    /// XML files that are still to be looked into.
    unseen: Vec<(Location, String)>,
}

impl<'r> Search<'r> {
    fn new(rules: &'r FileRules, without_berichten: bool) -> Search<'r> {
        Search { rules, found: FoundFiles::default(), without_berichten, unseen: Vec::new() }
    }

    /// An XML file is known by its content, whatever its name. They may be many: they are looked into
    /// side by side.
    fn recognise_berichten(&mut self) {
        let unseen = std::mem::take(&mut self.unseen).into_par_iter();
        let seen = unseen.with_min_len(64).map(|(location, name)| {
            let bytes = location.bytes();
            let (kind, holds, error) = match ijw::recognise(&location, bytes) {
                Ok(bericht) => (bericht.kind(), Holds::Bericht(bericht), None),
                Err(error) => (FileKind::Geweigerd, Holds::Nothing, Some(error)),
            };
            (FoundFile { location, name, kind, bytes, holds }, error)
        });
        for (found, error) in seen.collect::<Vec<_>>() {
            self.found.refused.extend(error.map(|error| (found.name.clone(), error)));
            self.found.files.push(found);
        }
    }

    fn warn(&mut self, warning: String) {
        self.found.warnings.push(warning);
    }

    /// Takes up one file, by its path relative to the dossier.
    fn push(&mut self, location: Location, name: String) -> Result<(), SourceError> {
        let last = Path::new(&name);
        if is_our_own(last) || ijw::is_xml(last) && self.without_berichten {
            return Ok(());
        }
        let rule = self.rules.of(&name);
        let named = rule.map(|rule| rule.kinds.clone()).filter(|kinds| !kinds.is_empty());
        if named.is_none() && ijw::is_xml(last) {
            self.unseen.push((location, name));
            return Ok(());
        }
        let (of_name, ending) = kind_of(last);
        let Some(kinds) = named.clone().or_else(|| of_name.map(|kind| vec![kind])) else {
            self.warn(format!("onbekend bestand met rust gelaten: {name}"));
            return Ok(());
        };
        let form = FileForm::from_name(&name);
        let Some(form) = form.filter(|form| kinds.iter().all(|kind| form.fits(*kind))) else {
            if named.is_none() && IS_NO_TABLE.contains(&&*ending) {
                self.warn(format!("onbekend bestand met rust gelaten: {name}"));
                return Ok(());
            }
            return Err(SourceError::FormUnknown { file: name, form: ending });
        };
        let place = TablePlace {
            sheet: rule.and_then(|rule| rule.sheet.clone()),
            header_line: rule.and_then(|rule| rule.header_line),
            is_wide: kinds.len() > 1,
        };
        self.add_tables(&location, &name, &kinds, form, &place);
        Ok(())
    }

    /// A table of each kind that a file holds. The first one, of declaraties where there are, bears
    /// the file's own name.
    fn add_tables(
        &mut self,
        location: &Location,
        name: &str,
        kinds: &[FileKind],
        form: FileForm,
        place: &TablePlace,
    ) {
        let main = kinds.iter().min().copied();
        for &kind in kinds {
            self.found.files.push(FoundFile {
                location: location.clone(),
                name: if Some(kind) == main { name.to_owned() } else { format!("{name} ({kind})") },
                kind,
                bytes: location.bytes(),
                holds: Holds::Table(form, place.clone()),
            });
        }
    }

    /// Takes up the files in a zip, in it or in a folder of it.
    fn add_zip(&mut self, path: &Path, name: &str) -> Result<(), SourceError> {
        let parts = location::content(path).map_err(|error| {
            let file = name.to_owned();
            match error {
                ZipError::TooLarge => SourceError::TooLargeUnpacked { file },
                ZipError::TooMany => {
                    SourceError::Zip { file, cause: "de zip heeft meer dan 500.000 bestanden" }
                }
                ZipError::Broken => SourceError::Zip { file, cause: "de zip is beschadigd" },
                ZipError::Password => {
                    SourceError::Zip { file, cause: "de zip heeft een wachtwoord" }
                }
                ZipError::PackingMethod => SourceError::Zip {
                    file,
                    cause: "de zip is ingepakt op een manier die niet gelezen wordt",
                },
            }
        })?;
        // Those of one name stand after each other.
        let (mut previous, mut count) = (String::new(), 0);
        for part in parts {
            // Some programs on Windows write paths as Windows has them.
            let pieces: Vec<&str> =
                part.name.split(['/', '\\']).filter(|s| !s.is_empty()).collect();
            if pieces.iter().any(|s| *s == "." || *s == "..") {
                let waar = shown_name(&format!("{name}: {}", part.name));
                self.warn(format!("pad dat uit de zip wijst, met rust gelaten: {waar}"));
                continue;
            }
            if pieces.iter().any(|s| s.starts_with('.') || *s == "__MACOSX") {
                continue;
            }
            let mut whole = format!("{name}/{}", pieces.join("/"));
            count = if whole == previous { count + 1 } else { 1 };
            if count > 1 {
                whole = numbered(&whole, count);
            } else {
                previous.clone_from(&whole);
            }
            let whole = shown_name(&whole);
            if pieces.len() > 2 {
                self.warn(format!("map te diep, met rust gelaten: {whole}"));
            } else {
                self.push(Location::Zip(part), whole)?;
            }
        }
        Ok(())
    }
}

/// A name by which another file of this name is told from the first: `declaraties (2).csv`.
fn numbered(name: &str, count: u32) -> String {
    let from = name.rfind('/').map_or(0, |slash| slash + 1);
    let dot = name[from..].find('.').map_or(name.len(), |dot| from + dot);
    format!("{} ({count}){}", &name[..dot], &name[dot..])
}

/// Is there such a folder at all?
pub(crate) fn is_dir(dir: &Path) -> Result<(), SourceError> {
    let fingerprint = std::fs::metadata(dir)
        .map_err(|e| SourceError::NoDir { dir: dir.to_owned(), cause: io_cause(&e) })?;
    if !fingerprint.is_dir() {
        return Err(SourceError::FileNotDir { path: dir.to_owned() });
    }
    Ok(())
}

/// Looks in the folder and one level below it for files, but not in a folder with a `controle.toml`
/// of its own: that is another dossier. Finds files, of which those of the kinds `needed` may
/// not be missing.
pub(crate) fn find(
    dir: &Path,
    needed: &[FileKind],
    rules: &FileRules,
) -> Result<FoundFiles, SourceError> {
    search(dir, needed, Search::new(rules, false))
}

/// The tables alone, without a look into XML files.
pub(crate) fn find_tables(dir: &Path, rules: &FileRules) -> Result<FoundFiles, SourceError> {
    search(dir, &[], Search::new(rules, true))
}

fn search(
    dir: &Path,
    needed: &[FileKind],
    mut search: Search<'_>,
) -> Result<FoundFiles, SourceError> {
    is_dir(dir)?;
    let mut paths = Vec::new();
    for (path, thing) in content(dir)? {
        let is_plain = thing == Thing::Dir && is_plain_dir(&path);
        if thing == Thing::Dir && settings::settings_file(&path).is_some() {
            let name = relative(dir, &path);
            search.warn(format!(
                "{name} is een dossier op zich (eigen controle.toml) en is niet meegelezen"
            ));
        } else if is_plain {
            paths.extend(content(&path)?);
        } else {
            paths.push((path, thing));
        }
    }
    for (path, thing) in paths {
        let name = relative(dir, &path);
        match thing {
            Thing::File if has_end(&path, "zip") => search.add_zip(&path, &name)?,
            Thing::File => search.push(Location::Disk(path), name)?,
            Thing::Dir if is_plain_dir(&path) => {
                search.warn(format!("map te diep, met rust gelaten: {name}"));
            }
            Thing::Dir => return Err(SourceError::IsDir { file: name }),
            Thing::Other => search.warn(format!("geen bestand, met rust gelaten: {name}")),
        }
    }
    search.recognise_berichten();
    let mut found = search.found;
    found.files.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    found.warnings.sort();
    found.refused.sort();
    for &kind in needed {
        if found.files.iter().any(|v| v.kind == kind) {
            continue;
        }
        return Err(match found.refused.first().cloned() {
            Some((file, error)) if kind == FileKind::Declaraties => {
                SourceError::OnlyRefused { count: found.refused.len(), file, fout: error }
            }
            _ => SourceError::KindMissing { dir: dir.to_owned(), kind },
        });
    }
    Ok(found)
}

/// What stands in a folder under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    File,
    Dir,
    /// A pipe or a device.
    Other,
}

impl Thing {
    fn of(entry: &std::fs::DirEntry, path: &Path) -> Thing {
        // Of what is no link the folder tells the kind: a year of messages isn't asked one by one.
        match entry.file_type() {
            Ok(kind) if kind.is_file() => return Thing::File,
            Ok(kind) if kind.is_dir() => return Thing::Dir,
            _ => {}
        }
        match std::fs::metadata(path) {
            Ok(m) if m.is_dir() => Thing::Dir,
            Ok(m) if m.is_file() => Thing::File,
            Ok(_) => Thing::Other,
            // A link to nothing: opening it says what is wrong.
            Err(_) => Thing::File,
        }
    }
}

/// A folder whose name doesn't promise a file.
fn is_plain_dir(path: &Path) -> bool {
    let (kind, form) = kind_of(path);
    kind.is_none() || form.is_empty()
}

/// What a folder holds, hidden files left out.
fn content(dir: &Path) -> Result<Vec<(PathBuf, Thing)>, SourceError> {
    let error = |e: std::io::Error| SourceError::NoDir { dir: dir.to_owned(), cause: io_cause(&e) };
    let mut paths = Vec::new();
    for thing in std::fs::read_dir(dir).map_err(error)? {
        let entry = thing.map_err(error)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            let path = entry.path();
            let thing = Thing::of(&entry, &path);
            paths.push((path, thing));
        }
    }
    // What comes before the names is the same.
    paths.sort_unstable_by(|a, b| a.0.as_os_str().cmp(b.0.as_os_str()));
    Ok(paths)
}

fn has_end(path: &Path, end: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(end))
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Kind by the start of the name, and the form by its end.
fn kind_of(path: &Path) -> (Option<FileKind>, String) {
    let name = name_of(path).to_lowercase();
    let kind = FileKind::ALL.into_iter().find(|s| name.starts_with(s.name()));
    (kind, name.rsplit_once('.').map(|(_, form)| form.to_owned()).unwrap_or_default())
}

/// Ends of files that hold no table, whatever they are called.
const IS_NO_TABLE: [&str; 9] = ["md", "pdf", "png", "jpg", "jpeg", "log", "lnk", "toml", "bak"];

/// The settings, and texts for people.
fn is_our_own(path: &Path) -> bool {
    let name = name_of(path).to_lowercase();
    name == FILE_NAME || name.starts_with("readme") || name.starts_with("leesmij")
}

fn relative(dir: &Path, path: &Path) -> String {
    let parts: Vec<String> = path
        .strip_prefix(dir)
        .unwrap_or(path)
        .components()
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    shown_name(&parts.join("/"))
}

/// A name as messages and rapporten have it: on one line, and without what could be a Bsn.
fn shown_name(name: &str) -> String {
    on_one_line(&masked(name)).into_owned()
}
