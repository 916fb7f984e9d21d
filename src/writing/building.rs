//! A hidden folder in which something is built beside its place, by one run, for its owner only.
//!
//! It holds a lock that says whose it is and that its run is alive. What a run left that was killed
//! goes at the next start beside it.

use super::error::WriteError;
use crate::ground::system::for_owner_only;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const PREFIX: &str = ".bezig-";
const LOCK: &str = ".slot";
/// The lock before anyone can know it.
const UNSIGNED: &str = ".slot-nieuw";
/// First line of a lock. After it comes the name of what is built.
const MARK: &str = "in opbouw door rechtmatig";
/// No lock of ours is longer.
const LONGEST_LOCK: u64 = 4_096;
/// What is built.
const NEW: &str = "nieuw";
/// What it replaces, while it is away from its place.
const OLD: &str = "oud";

/// The hidden folder of a run that lives; it goes when this does.
pub(super) struct Building {
    dir: PathBuf,
    /// Where what is built will be.
    target: PathBuf,
    /// Locked as long as the run lives.
    _lock: File,
    fate: Arc<Mutex<Fate>>,
    /// The disk knows no owners: whoever can get at it can read what is written.
    open_to_others: bool,
}

/// What became of what is built. Locked while it goes to its place and while it is removed: of the run
/// and whoever ends the program meanwhile, the first has its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Unfinished,
    Placed,
    /// Some of it may be gone, or all.
    GivenUp,
}

fn lock(fate: &Mutex<Fate>) -> MutexGuard<'_, Fate> {
    fate.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Building {
    /// Makes one in `out`, for what is called `name` there.
    pub(super) fn begin(out: &Path, name: &str) -> io::Result<Building> {
        let prefix = format!("{PREFIX}{name}-");
        let dir = tempfile::Builder::new().prefix(&prefix).tempdir_in(out)?.keep();
        // A folder of one's own can be closed to others, where the disk knows of others.
        let open_to_others = for_owner_only(&dir).is_err();
        let begin = || -> io::Result<File> {
            // Locked and signed before it gets its name: a run that is killed meanwhile leaves no lock
            // of which nobody knows whose it is.
            let unsigned = dir.join(UNSIGNED);
            let mut lock = File::create_new(&unsigned)?;
            lock.lock()?;
            lock.write_all(format!("{MARK}\n{name}\n").as_bytes())?;
            fs::rename(&unsigned, dir.join(LOCK))?;
            fs::create_dir(dir.join(NEW))?;
            Ok(lock)
        };
        match begin() {
            Ok(lock) => {
                let (target, fate) = (out.join(name), Arc::new(Mutex::new(Fate::Unfinished)));
                Ok(Building { dir, target, _lock: lock, fate, open_to_others })
            }
            Err(e) => {
                discard(&dir);
                Err(e)
            }
        }
    }

    /// What is built: a folder.
    pub(super) fn fresh(&self) -> PathBuf {
        self.dir.join(NEW)
    }

    /// Where what it replaces waits, where two folders can't be changed over.
    pub(super) fn old(&self) -> PathBuf {
        self.dir.join(OLD)
    }

    pub(super) fn open_to_others(&self) -> bool {
        self.open_to_others
    }

    pub(super) fn unfinished(&self) -> Unfinished {
        let (dir, target) = (self.dir.clone(), self.target.clone());
        Unfinished { dir, target, fate: Arc::clone(&self.fate) }
    }

    /// Has what was built put in its place, all at once for whoever ends the program.
    ///
    /// # Errors
    /// Those of `put`, and where it was given up meanwhile: then what is left of it isn't whole.
    pub(super) fn place(
        &self,
        put: impl FnOnce() -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let mut fate = lock(&self.fate);
        if *fate == Fate::GivenUp {
            return Err(WriteError::writing(&self.target, &ErrorKind::Interrupted.into()));
        }
        put()?;
        *fate = Fate::Placed;
        Ok(())
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        discard(&self.dir);
    }
}

/// What is being built, for whoever ends the program meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Unfinished {
    dir: PathBuf,
    target: PathBuf,
    fate: Arc<Mutex<Fate>>,
}

impl Unfinished {
    /// Is it in its place by now?
    pub(crate) fn is_placed(&self) -> bool {
        *lock(&self.fate) == Fate::Placed
    }

    /// Removes it, unless it is in its place, and puts back what it was about to replace. `false`
    /// where some of it is left, as when other threads are still adding files.
    pub(crate) fn discard(&self) -> bool {
        let mut fate = lock(&self.fate);
        if *fate == Fate::Placed {
            return true;
        }
        *fate = Fate::GivenUp;
        put_back(&self.dir, &self.target);
        discard(&self.dir);
        !self.dir.exists()
    }
}

/// Puts back what a run that was cut short had taken from its place.
fn put_back(dir: &Path, target: &Path) {
    let old = dir.join(OLD);
    // Where the new one is in place this fails, as it must: a folder with content stays.
    if old.is_dir() && target.symlink_metadata().is_err() {
        let _ = fs::rename(&old, target);
    }
}

/// Removes a hidden folder, its lock last: without it nobody would know whose the rest is. What
/// can't be removed now goes at a next start.
fn discard(dir: &Path) {
    for thing in fs::read_dir(dir).into_iter().flatten().flatten() {
        if thing.file_name() != LOCK {
            let path = thing.path();
            let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
        }
    }
    let is_lock = |thing: &fs::DirEntry| thing.file_name() == LOCK;
    if fs::read_dir(dir).is_ok_and(|things| things.flatten().all(|thing| is_lock(&thing))) {
        let _ = fs::remove_file(dir.join(LOCK));
        let _ = fs::remove_dir(dir);
    }
}

/// Clears up what runs that are no more were building in this folder.
pub(super) fn clean_up_abandoned(out: &Path) -> io::Result<()> {
    for thing in fs::read_dir(out)?.flatten() {
        let is_dir = thing.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_dir || !thing.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let dir = thing.path();
        // Held until the folder is gone: of two runs that begin now one clears up.
        if let Some((_lock, name)) = abandoned(&dir) {
            put_back(&dir, &out.join(name));
            discard(&dir);
        }
    }
    Ok(())
}

/// The lock of a folder of ours whose run is no more, and the name of what was built.
fn abandoned(dir: &Path) -> Option<(File, String)> {
    let path = dir.join(LOCK);
    // Opening a pipe would wait forever.
    if !path.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let lock = File::open(&path).ok()?;
    lock.try_lock().ok()?;
    let mut text = String::new();
    (&lock).take(LONGEST_LOCK).read_to_string(&mut text).ok()?;
    let name = text.strip_prefix(MARK)?.strip_prefix('\n')?.strip_suffix('\n')?;
    let plain = Path::new(name).file_name().is_some_and(|file| file == name);
    plain.then(|| (lock, name.to_owned()))
}
