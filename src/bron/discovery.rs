//! Which files a dossier has, by the start of their names; messages by their content.

use super::error::SourceError;
use super::form::FileForm;
use super::ijw::{self, Bericht, BerichtError};
use super::location::{self, Location, ZipError};
use super::settings;
use crate::dossier::{Cent, Columns, FileKind, SourceFile};
use crate::ground::io_cause;
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
    /// The kind of iJw message that it holds, if it is one.
    pub bericht: Option<Bericht>,
}

impl FoundFile {
    pub(crate) fn empty_file(&self) -> SourceFile {
        SourceFile {
            pad: self.name.clone(),
            soort: self.kind,
            kolommen: Columns::default(),
            gelezen: 0,
            aanvaard: 0,
            afgekeurd: 0,
            genegeerd: 0,
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
    /// Are XML files passed over, without a look at what they hold?
    zonder_berichten: bool,
    /// XML files that are still to be looked into.
    unseen: Vec<(Location, String)>,
}

impl FoundFiles {
    /// An XML file is known by its content, whatever its name. They may be many: they are looked into
    /// side by side.
    fn recognise_berichten(&mut self) {
        let unseen = std::mem::take(&mut self.unseen).into_par_iter();
        let seen = unseen.with_min_len(64).map(|(location, name)| {
            let (kind, bericht, error) = match ijw::recognise(&location) {
                Ok(bericht) => (bericht.kind(), Some(bericht), None),
                Err(error) => (FileKind::Geweigerd, None, Some(error)),
            };
            let bytes = location.bytes();
            (FoundFile { location, name, kind, bytes, bericht }, error)
        });
        for (found, error) in seen.collect::<Vec<_>>() {
            self.refused.extend(error.map(|error| (found.name.clone(), error)));
            self.files.push(found);
        }
    }

    /// Takes up one file, by its path relative to the dossier.
    fn push(&mut self, location: Location, name: String) -> Result<(), SourceError> {
        let last = Path::new(&name);
        match kind_of(last) {
            _ if is_our_own(last) => {}
            _ if ijw::is_xml(last) && self.zonder_berichten => {}
            _ if ijw::is_xml(last) => self.unseen.push((location, name)),
            Some((kind, _)) if FileForm::from_name(&name).is_some_and(|v| v.fits(kind)) => {
                let bytes = location.bytes();
                self.files.push(FoundFile { location, name, kind, bytes, bericht: None });
            }
            Some((_, form))
                if matches!(
                    form.as_str(),
                    "xlsx" | "xls" | "ods" | "parquet" | "gz" | "xml" | "zip"
                ) =>
            {
                return Err(SourceError::FormUnknown { file: name, form });
            }
            _ => self.warnings.push(format!("onbekend bestand met rust gelaten: {name}")),
        }
        Ok(())
    }

    /// Takes up the files in a zip, in it or in a folder of it.
    fn add_zip(&mut self, path: &Path, name: &str) -> Result<(), SourceError> {
        let parts = location::content(path).map_err(|error| {
            let file = name.to_owned();
            match error {
                ZipError::TooLarge => SourceError::TooLargeUnpacked { file },
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
        for part in parts {
            let pieces: Vec<&str> = part.name.split('/').filter(|s| !s.is_empty()).collect();
            if pieces.iter().any(|s| *s == "." || *s == "..") {
                let waar = crate::ground::masked(&format!("{name}: {}", part.name)).into_owned();
                self.warnings.push(format!("pad dat uit de zip wijst, met rust gelaten: {waar}"));
                continue;
            }
            if pieces.iter().any(|s| s.starts_with('.') || *s == "__MACOSX") {
                continue;
            }
            let whole = crate::ground::masked(&format!("{name}/{}", pieces.join("/"))).into_owned();
            if pieces.len() > 2 {
                self.warnings.push(format!("map te diep, met rust gelaten: {whole}"));
            } else {
                self.push(Location::Zip(part), whole)?;
            }
        }
        Ok(())
    }
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
pub(crate) fn find(dir: &Path, needed: &[FileKind]) -> Result<FoundFiles, SourceError> {
    search(dir, needed, FoundFiles::default())
}

/// The tables alone, without a look into XML files.
pub(crate) fn find_tables(dir: &Path) -> Result<FoundFiles, SourceError> {
    search(dir, &[], FoundFiles { zonder_berichten: true, ..FoundFiles::default() })
}

fn search(
    dir: &Path,
    needed: &[FileKind],
    mut found: FoundFiles,
) -> Result<FoundFiles, SourceError> {
    is_dir(dir)?;
    let mut paths = Vec::new();
    let mut dossiers = Vec::new();
    for (path, is_map) in content(dir)? {
        if is_map && path.join(settings::FILE_NAME).is_file() {
            dossiers.push(relatief(dir, &path));
        } else if is_map && kind_of(&path).is_none_or(|(_, form)| form.is_empty()) {
            paths.extend(content(&path)?);
        } else {
            paths.push((path, is_map));
        }
    }
    found.warnings.extend(dossiers.into_iter().map(|name| {
        format!("{name} is een dossier op zich (eigen controle.toml) en is niet meegelezen")
    }));
    for (path, is_map) in paths {
        let name = relatief(dir, &path);
        if !is_map && has_end(&path, "zip") {
            found.add_zip(&path, &name)?;
        } else if !is_map {
            found.push(Location::Disk(path), name)?;
        } else if kind_of(&path).is_none_or(|(_, form)| form.is_empty()) {
            found.warnings.push(format!("map te diep, met rust gelaten: {name}"));
        } else {
            return Err(SourceError::IsDir { file: name });
        }
    }
    found.recognise_berichten();
    found.files.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    found.warnings.sort();
    found.refused.sort();
    for &kind in needed {
        if kind == FileKind::Declaraties
            && !found.files.iter().any(|v| v.kind == kind)
            && let Some((file, error)) = found.refused.first().cloned()
        {
            let count = found.refused.len();
            return Err(SourceError::OnlyRefused { count, file, fout: error });
        }
        if !found.files.iter().any(|v| v.kind == kind) {
            return Err(SourceError::KindMissing { dir: dir.to_owned(), kind });
        }
    }
    Ok(found)
}

/// What a folder holds, hidden files left out.
fn content(dir: &Path) -> Result<Vec<(PathBuf, bool)>, SourceError> {
    let error = |e: std::io::Error| SourceError::NoDir { dir: dir.to_owned(), cause: io_cause(&e) };
    let mut paths = Vec::new();
    for thing in std::fs::read_dir(dir).map_err(error)? {
        let path = thing.map_err(error)?.path();
        if !name_of(&path).starts_with('.') {
            let is_dir = path.is_dir();
            paths.push((path, is_dir));
        }
    }
    paths.sort();
    Ok(paths)
}

fn has_end(path: &Path, end: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(end))
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Kind by the start of the name, and the form by its end.
fn kind_of(path: &Path) -> Option<(FileKind, String)> {
    let name = name_of(path).to_lowercase();
    let kind = FileKind::ALL.into_iter().find(|s| name.starts_with(s.name()))?;
    let form = name.rsplit_once('.').map(|(_, form)| form.to_owned()).unwrap_or_default();
    Some((kind, form))
}

/// The settings, and texts for people.
fn is_our_own(path: &Path) -> bool {
    let name = name_of(path).to_lowercase();
    name == settings::FILE_NAME || name.starts_with("readme") || name.starts_with("leesmij")
}

fn relatief(dir: &Path, path: &Path) -> String {
    let parts: Vec<String> = path
        .strip_prefix(dir)
        .unwrap_or(path)
        .components()
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    crate::ground::masked(&parts.join("/")).into_owned()
}
