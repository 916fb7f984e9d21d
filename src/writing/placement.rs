//! A rapport folder is put in its place whole, or not at all.
//!
//! It is built beside its place under a hidden name. Replacing changes the two over in one step where
//! the system can; elsewhere it moves the old one aside and the new one in, and the next start repairs
//! a swap that was cut short. Then the old one is removed.

use super::error::WriteError;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The place of a rapport, with a folder beside it in which it is built.
pub struct OutputDir {
    target: PathBuf,
    build: Option<tempfile::TempDir>,
    /// Locked as long as the folder is being built.
    lock: Option<fs::File>,
    overschrijf: bool,
}

const BUILD: &str = ".bezig-";
const OLD: &str = ".oud-";
const LOCK: &str = ".slot";

impl OutputDir {
    /// Makes ready to write `<uit>/<naam>`.
    pub fn make(out: &Path, name: &str, overschrijf: bool) -> Result<OutputDir, WriteError> {
        let target = out.join(name);
        fs::create_dir_all(out).map_err(|e| WriteError::writing(out, &e))?;
        herstel(out, name)
            .and_then(|()| clean_up_abandoned(out))
            .map_err(|e| WriteError::writing(out, &e))?;
        if !overschrijf && target.symlink_metadata().is_ok() {
            return Err(WriteError::AlreadyExists { dir: target });
        }
        let (build, slot) = hidden(out, name).map_err(|e| WriteError::writing(out, &e))?;
        Ok(OutputDir { target, build: Some(build), lock: Some(slot), overschrijf })
    }

    /// The folder in which the files are written.
    pub(crate) fn dir(&self) -> PathBuf {
        self.build.as_ref().map(|b| b.path().to_owned()).unwrap_or_default()
    }

    /// Where the rapport will be.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Moves the finished folder to its place.
    pub(crate) fn put_down(mut self) -> Result<PathBuf, WriteError> {
        let build = self.build.take().expect("a place is used once").keep();
        // A folder with an open file in it can't be moved everywhere.
        drop(self.lock.take());
        let outcome = fs::remove_file(build.join(LOCK))
            .and_then(|()| for_owner_only(&build))
            .map_err(|e| WriteError::writing(&self.target, &e))
            .and_then(|()| self.swap(&build));
        if outcome.is_err() {
            let _ = fs::remove_dir_all(&build);
        }
        outcome.map(|()| self.target)
    }

    fn swap(&self, build: &Path) -> Result<(), WriteError> {
        let error = |e: std::io::Error| WriteError::writing(&self.target, &e);
        if self.target.symlink_metadata().is_err() {
            return fs::rename(build, &self.target).map_err(error);
        }
        if !self.overschrijf {
            return Err(WriteError::AlreadyExists { dir: self.target.clone() });
        }
        let old = beside(&self.target, OLD);
        if swap(build, &self.target).map_err(error)? {
            fs::rename(build, &old).map_err(error)?;
            return remove(&old).map_err(error);
        }
        fs::rename(&self.target, &old).map_err(error)?;
        if let Err(e) = fs::rename(build, &self.target) {
            let _ = fs::rename(&old, &self.target);
            return Err(error(e));
        }
        remove(&old).map_err(error)
    }
}

/// A hidden folder beside a rapport for what doesn't fit in memory: for its owner only, and gone
/// when the run ends. One that a run left behind without ending is removed at the next start.
pub(crate) struct HiddenDir {
    dir: tempfile::TempDir,
    /// Locked as long as the run lives.
    _lock: fs::File,
}

impl HiddenDir {
    pub(crate) fn make(place: &OutputDir) -> Result<HiddenDir, WriteError> {
        let out = place.target.parent().unwrap_or(Path::new("."));
        let (dir, slot) = hidden(out, "delen").map_err(|e| WriteError::writing(out, &e))?;
        Ok(HiddenDir { dir, _lock: slot })
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }
}

/// Removes a folder that a run beside this one may be removing too.
fn remove(dir: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Changes two folders over in one step; `false` where the system or the disk can't.
#[cfg(target_os = "linux")]
fn swap(one: &Path, other: &Path) -> std::io::Result<bool> {
    use std::os::unix::ffi::OsStrExt;
    let name = |path: &Path| std::ffi::CString::new(path.as_os_str().as_bytes());
    let (one, other) = (name(one)?, name(other)?);
    // SAFETY: both names end with a NUL and outlive the call.
    let outcome = unsafe {
        libc::renameat2(
            libc::AT_FDCWD,
            one.as_ptr(),
            libc::AT_FDCWD,
            other.as_ptr(),
            libc::RENAME_EXCHANGE,
        )
    };
    if outcome == 0 {
        return Ok(true);
    }
    let error = std::io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::EINVAL | libc::ENOSYS | libc::EPERM) => Ok(false),
        _ => Err(error),
    }
}

#[cfg(not(target_os = "linux"))]
fn ruil(_: &Path, _: &Path) -> std::io::Result<bool> {
    Ok(false)
}

/// Past this a folder without a lock is no run that just began or is about to end.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Removes what runs that are no more were building.
fn clean_up_abandoned(out: &Path) -> std::io::Result<()> {
    for thing in fs::read_dir(out)?.flatten() {
        if !thing.file_name().to_string_lossy().starts_with(BUILD) {
            continue;
        }
        let dir = thing.path();
        let abandoned = match fs::File::open(dir.join(LOCK)) {
            Ok(slot) => slot.try_lock().is_ok(),
            Err(_) => {
                let gewijzigd = thing.metadata().and_then(|m| m.modified());
                gewijzigd.is_ok_and(|t| t.elapsed().is_ok_and(|old| old > ABANDONED))
            }
        };
        if abandoned {
            remove(&dir)?;
        }
    }
    Ok(())
}

/// A new hidden folder for its owner only, with the lock that says that its run is alive.
fn hidden(out: &Path, name: &str) -> std::io::Result<(tempfile::TempDir, fs::File)> {
    let prefix = format!("{BUILD}{name}-");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    // On Windows a folder takes over who may read it from the one that it is in.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let dir = builder.tempdir_in(out)?;
    let slot = fs::File::create_new(dir.path().join(LOCK))?;
    slot.lock()?;
    Ok((dir, slot))
}

/// What is in a folder can be read by its owner only, also once it is copied elsewhere.
#[cfg(unix)]
fn for_owner_only(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    for thing in fs::read_dir(dir)? {
        let thing = thing?;
        let is_dir = thing.file_type()?.is_dir();
        let recht = if is_dir { 0o700 } else { 0o600 };
        fs::set_permissions(thing.path(), fs::Permissions::from_mode(recht))?;
        if is_dir {
            for_owner_only(&thing.path())?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn alleen_voor_eigenaar(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A hidden name beside a folder.
fn beside(target: &Path, prefix: &str) -> PathBuf {
    let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    target.with_file_name(format!("{prefix}{name}"))
}

/// Finishes or undoes a swap that was cut short: an old rapport without a new one goes back, one
/// beside a new one goes.
fn herstel(out: &Path, name: &str) -> std::io::Result<()> {
    let target = out.join(name);
    let old = beside(&target, OLD);
    if old.symlink_metadata().is_err() {
        return Ok(());
    }
    if target.symlink_metadata().is_err() { fs::rename(&old, &target) } else { remove(&old) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(out: &Path, content: &str, overschrijf: bool) -> Result<PathBuf, WriteError> {
        let place = OutputDir::make(out, "2023-x", overschrijf)?;
        fs::write(place.dir().join("a.txt"), content).unwrap();
        place.put_down()
    }

    #[cfg(unix)]
    #[test]
    fn what_is_being_made_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let out = tempfile::tempdir().unwrap();
        let place = OutputDir::make(out.path(), "2023-x", false).unwrap();
        let temporary = HiddenDir::make(&place).unwrap();
        for dir in [&place.dir(), temporary.dir()] {
            assert_eq!(fs::metadata(dir).unwrap().permissions().mode() & 0o777, 0o700);
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
        fs::rename(&target, beside(&target, OLD)).unwrap();
        drop(OutputDir::make(dir.path(), "2023-x", true).unwrap());
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "een");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_run_was_building_goes_at_the_next_start_and_a_live_one_keeps_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let levend = OutputDir::make(dir.path(), "2023-x", false).unwrap();
        let abandoned = dir.path().join(format!("{BUILD}2023-x-oud"));
        fs::create_dir(&abandoned).unwrap();
        fs::write(abandoned.join(LOCK), "").unwrap();
        fs::write(abandoned.join("bevindingen.csv"), "half").unwrap();
        drop(OutputDir::make(dir.path(), "2023-x", false).unwrap());
        assert!(!abandoned.exists() && levend.dir().exists());
    }

    #[test]
    fn what_is_abandoned_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        drop(OutputDir::make(dir.path(), "2023-x", false).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
