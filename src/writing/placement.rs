//! A folder is put in its place whole, or not at all, and only another of ours makes way for it.
//!
//! It is built beside its place under a hidden name. Replacing changes the two over in one step where
//! the system can; elsewhere it moves the old one aside and the new one in, and the next start repairs
//! a swap that was cut short. Then the old one is removed.

use super::building::{Building, Unfinished, clean_up_abandoned};
use super::error::WriteError;
use super::ours::{Entry, Found, Inputs, entries, look, sign};
use crate::ground::system::{change_over, for_owner_only, sync_dir};
use rayon::prelude::*;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// By this file a folder of ours is known.
const MANIFEST: &str = "manifest.json";
/// The same in a dossier, where reading leaves alone what begins so.
const MANIFEST_OF_DOSSIER: &str = "leesmij_manifest.json";

/// The place of a folder of files, with a folder beside it in which they are written.
pub struct OutputDir {
    target: PathBuf,
    building: Building,
    manifest: &'static str,
    overschrijf: bool,
    /// May a folder with nothing in it be replaced, without being asked?
    into_empty: bool,
    inputs: Inputs,
}

impl OutputDir {
    /// Makes ready to write `<out>/<name>`. What is there already is replaced if that is asked
    /// (`overschrijf`) and this program made it, and nothing of `inputs` is in it.
    ///
    /// # Errors
    /// Where something is there that may not be replaced, or can't be written.
    pub fn make(
        out: &Path,
        name: &str,
        overschrijf: bool,
        inputs: Inputs,
    ) -> Result<OutputDir, WriteError> {
        OutputDir::begin(out, name, MANIFEST, overschrijf, inputs)
    }

    /// Makes ready to write a dossier to this folder, which may be there with nothing in it.
    ///
    /// # Errors
    /// As [`OutputDir::make`].
    pub fn of_dossier(dir: &Path, overschrijf: bool) -> Result<OutputDir, WriteError> {
        // `.` and `x/..` name a folder too, and `x/` what `x` is a link to.
        let mut dir: PathBuf = dir.components().collect();
        if dir.file_name().is_none() {
            dir = dir.canonicalize().map_err(|e| WriteError::writing(&dir, &e))?;
        }
        let Some(name) = dir.file_name().and_then(|name| name.to_str()) else {
            let why = "die naam kan een map van ons niet hebben".to_owned();
            return Err(WriteError::NotOurs { path: dir, why });
        };
        let out = dir.parent().filter(|out| !out.as_os_str().is_empty()).unwrap_or(Path::new("."));
        OutputDir::begin(out, name, MANIFEST_OF_DOSSIER, overschrijf, Inputs::default())
    }

    fn begin(
        out: &Path,
        name: &str,
        manifest: &'static str,
        overschrijf: bool,
        inputs: Inputs,
    ) -> Result<OutputDir, WriteError> {
        let error = |e: io::Error| WriteError::writing(out, &e);
        fs::create_dir_all(out).map_err(error)?;
        clean_up_abandoned(out).map_err(error)?;
        let place = OutputDir {
            target: out.join(name),
            building: Building::begin(out, name).map_err(error)?,
            manifest,
            overschrijf,
            into_empty: manifest == MANIFEST_OF_DOSSIER,
            inputs,
        };
        place.replaces()?;
        Ok(place)
    }

    /// The folder in which the files are written.
    pub(crate) fn dir(&self) -> PathBuf {
        self.building.fresh()
    }

    /// Where the folder will be.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// What there is of it so far, for whoever ends the program meanwhile.
    pub(crate) fn unfinished(&self) -> Unfinished {
        self.building.unfinished()
    }

    /// Can whoever gets at the disk read what is written, since the disk knows no owners?
    pub(crate) fn open_to_others(&self) -> bool {
        self.building.open_to_others()
    }

    /// Does it take the place of another? An error where it may not.
    fn replaces(&self) -> Result<bool, WriteError> {
        /// Time for a run beside this one to finish changing two folders over.
        const MOMENT: Duration = Duration::from_millis(20);
        let look = || look(&self.target, self.manifest, &self.inputs);
        let found = look().or_else(|_| {
            sleep(MOMENT);
            look()
        });
        match found? {
            Found::Nothing => Ok(false),
            Found::Empty if self.into_empty => Ok(true),
            Found::Empty => Err(WriteError::NotOurs {
                path: self.target.clone(),
                why: "daar staat een lege map die rechtmatig niet maakte".to_owned(),
            }),
            Found::Ours if self.overschrijf => Ok(true),
            Found::Ours => Err(WriteError::AlreadyExists { path: self.target.clone() }),
        }
    }

    /// Moves the finished folder to its place.
    pub(crate) fn put_down(self) -> Result<PathBuf, WriteError> {
        let new = self.building.fresh();
        sign(&new, self.manifest)
            .and_then(|()| keep(&new, !self.open_to_others()))
            .map_err(|e| WriteError::writing(&self.target, &e))?;
        self.building.place(|| self.swap(&new))?;
        // The folder is in place: that its disk can't promise to keep that is no failure of it.
        if let Some(out) = self.target.parent()
            && let Err(e) = sync_dir(out)
        {
            tracing::warn!("{}: {e}", out.display());
        }
        Ok(self.target.clone())
    }

    /// Puts the new folder in its place, and what was there out of it. Runs side by side on one place
    /// may each time be ahead of this one: that is no failure of it.
    fn swap(&self, new: &Path) -> Result<(), WriteError> {
        const TRIES: usize = 16;
        let mut outcome = Ok(());
        for _ in 0..TRIES {
            // Something may have come there since.
            outcome = match self.replaces()? {
                true => self.exchange(new),
                false => fs::rename(new, &self.target),
            };
            match outcome.as_ref().map_err(io::Error::kind) {
                Err(
                    ErrorKind::NotFound | ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty,
                ) => {}
                _ => break,
            }
        }
        outcome.map_err(|e| WriteError::writing(&self.target, &e))
    }

    fn exchange(&self, new: &Path) -> io::Result<()> {
        if change_over(new, &self.target)? {
            return Ok(());
        }
        let old = self.building.old();
        fs::rename(&self.target, &old)?;
        fs::rename(new, &self.target).inspect_err(|_| {
            let _ = fs::rename(&old, &self.target);
        })
    }
}

/// What is in a folder is on the disk before anything makes way for it, and for its owner only where
/// the disk can: also once it is copied elsewhere.
fn keep(folder: &Path, private: bool) -> io::Result<()> {
    let all = entries(folder)?;
    all.par_iter().try_for_each(|Entry { path, kind }| {
        let path = folder.join(path);
        if private {
            for_owner_only(&path)?;
        }
        if kind.is_dir() { sync_dir(&path) } else { File::open(&path)?.sync_all() }
    })?;
    if private {
        for_owner_only(folder)?;
    }
    sync_dir(folder)
}

/// A hidden folder beside a rapport for what doesn't fit in memory: for its owner only, and gone
/// when the run ends. One that a run left behind without ending is removed at the next start.
pub(crate) struct HiddenDir(Building);

impl HiddenDir {
    pub(crate) fn make(place: &OutputDir) -> Result<HiddenDir, WriteError> {
        HiddenDir::make_in(place.target.parent().unwrap_or(Path::new(".")))
    }

    /// The same in this folder.
    pub(crate) fn make_in(out: &Path) -> Result<HiddenDir, WriteError> {
        let error = |e: io::Error| WriteError::writing(out, &e);
        clean_up_abandoned(out).map_err(error)?;
        let building = Building::begin(out, "delen").map_err(error)?;
        Ok(HiddenDir(building))
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.0.fresh()
    }

    pub(crate) fn unfinished(&self) -> Unfinished {
        self.0.unfinished()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(out: &Path, overschrijf: bool) -> Result<OutputDir, WriteError> {
        OutputDir::make(out, "2023-x", overschrijf, Inputs::default())
    }

    fn write(out: &Path, content: &str, overschrijf: bool) -> Result<PathBuf, WriteError> {
        let place = make(out, overschrijf)?;
        fs::write(place.dir().join("a.txt"), content).unwrap();
        place.put_down()
    }

    #[cfg(unix)]
    #[test]
    fn what_is_being_made_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let out = tempfile::tempdir().unwrap();
        let place = make(out.path(), false).unwrap();
        let temporary = HiddenDir::make(&place).unwrap();
        for dir in [place.dir(), temporary.dir()] {
            let hidden = fs::metadata(dir.parent().unwrap()).unwrap();
            assert_eq!(hidden.permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn an_existing_rapport_stays_unless_it_may_be_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let target = write(dir.path(), "een", false).unwrap();
        assert!(matches!(write(dir.path(), "twee", false), Err(WriteError::AlreadyExists { .. })));
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "een");
        write(dir.path(), "drie", true).unwrap();
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "drie");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_swap_that_was_cut_short_is_repaired_at_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        let target = write(dir.path(), "een", false).unwrap();
        // As a killed run leaves it where two folders can't be changed over.
        let place = make(dir.path(), true).unwrap();
        fs::rename(&target, place.building.old()).unwrap();
        let hidden = place.dir().parent().unwrap().to_owned();
        let left = dir.path().join(".bezig-2023-x-gestopt");
        copy(&hidden, &left);
        fs::remove_dir_all(&hidden).unwrap();
        drop(place);
        drop(make(dir.path(), true).unwrap());
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "een");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir(to).unwrap();
        for Entry { path, kind } in entries(from).unwrap() {
            let (from, to) = (from.join(&path), to.join(&path));
            if kind.is_dir() {
                fs::create_dir(to).unwrap();
            } else {
                fs::copy(from, to).unwrap();
            }
        }
    }

    #[test]
    fn what_a_killed_run_was_building_goes_at_the_next_start_and_a_live_one_keeps_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let living = make(dir.path(), false).unwrap();
        let abandoned = dir.path().join(".bezig-2023-x-oud");
        copy(living.dir().parent().unwrap(), &abandoned);
        fs::write(abandoned.join("nieuw/bevindingen.csv"), "half").unwrap();
        // Another's, that only looks like it.
        let foreign = dir.path().join(".bezig-2023-x-anders");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join(".slot"), "").unwrap();
        drop(make(dir.path(), false).unwrap());
        assert!(!abandoned.exists() && living.dir().exists() && foreign.exists());
    }

    /// A writer beside whoever ends the program may still add files after the others are gone.
    #[test]
    fn what_was_given_up_never_gets_to_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let place = make(dir.path(), false).unwrap();
        let target = place.target().to_owned();
        fs::write(place.dir().join("a.txt"), "een").unwrap();
        place.unfinished().discard();
        fs::create_dir_all(place.dir()).unwrap();
        fs::write(place.dir().join("b.txt"), "twee").unwrap();
        assert!(place.put_down().is_err());
        assert!(!target.exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_abandoned_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        drop(make(dir.path(), false).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
