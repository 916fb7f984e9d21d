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
pub struct Plaats {
    doel: PathBuf,
    bouw: Option<tempfile::TempDir>,
    /// Locked as long as the folder is being built.
    slot: Option<fs::File>,
    overschrijf: bool,
}

const BOUW: &str = ".bezig-";
const OUD: &str = ".oud-";
const SLOT: &str = ".slot";

impl Plaats {
    /// Makes ready to write `<uit>/<naam>`.
    pub fn maak(uit: &Path, naam: &str, overschrijf: bool) -> Result<Plaats, WriteError> {
        let doel = uit.join(naam);
        fs::create_dir_all(uit).map_err(|e| WriteError::schrijven(uit, &e))?;
        herstel(uit, naam)
            .and_then(|()| ruim_verlaten_op(uit))
            .map_err(|e| WriteError::schrijven(uit, &e))?;
        if !overschrijf && doel.symlink_metadata().is_ok() {
            return Err(WriteError::BestaatAl { map: doel });
        }
        let (bouw, slot) = verborgen(uit, naam).map_err(|e| WriteError::schrijven(uit, &e))?;
        Ok(Plaats { doel, bouw: Some(bouw), slot: Some(slot), overschrijf })
    }

    /// The folder in which the files are written.
    pub fn map(&self) -> PathBuf {
        self.bouw.as_ref().map(|b| b.path().to_owned()).unwrap_or_default()
    }

    /// Where the rapport will be.
    pub fn doel(&self) -> &Path {
        &self.doel
    }

    /// Moves the finished folder to its place.
    pub(crate) fn zet_neer(mut self) -> Result<PathBuf, WriteError> {
        let bouw = self.bouw.take().expect("a place is used once").keep();
        // A folder with an open file in it can't be moved everywhere.
        drop(self.slot.take());
        let uitkomst = fs::remove_file(bouw.join(SLOT))
            .and_then(|()| alleen_voor_eigenaar(&bouw))
            .map_err(|e| WriteError::schrijven(&self.doel, &e))
            .and_then(|()| self.verwissel(&bouw));
        if uitkomst.is_err() {
            let _ = fs::remove_dir_all(&bouw);
        }
        uitkomst.map(|()| self.doel)
    }

    fn verwissel(&self, bouw: &Path) -> Result<(), WriteError> {
        let fout = |e: std::io::Error| WriteError::schrijven(&self.doel, &e);
        if self.doel.symlink_metadata().is_err() {
            return fs::rename(bouw, &self.doel).map_err(fout);
        }
        if !self.overschrijf {
            return Err(WriteError::BestaatAl { map: self.doel.clone() });
        }
        let oud = naast(&self.doel, OUD);
        if ruil(bouw, &self.doel).map_err(fout)? {
            fs::rename(bouw, &oud).map_err(fout)?;
            return verwijder(&oud).map_err(fout);
        }
        fs::rename(&self.doel, &oud).map_err(fout)?;
        if let Err(e) = fs::rename(bouw, &self.doel) {
            let _ = fs::rename(&oud, &self.doel);
            return Err(fout(e));
        }
        verwijder(&oud).map_err(fout)
    }
}

/// A hidden folder beside a rapport for what doesn't fit in memory: for its owner only, and gone
/// when the run ends. One that a run left behind without ending is removed at the next start.
pub struct Tijdelijk {
    map: tempfile::TempDir,
    /// Locked as long as the run lives.
    _slot: fs::File,
}

impl Tijdelijk {
    pub fn maak(plaats: &Plaats) -> Result<Tijdelijk, WriteError> {
        let uit = plaats.doel.parent().unwrap_or(Path::new("."));
        let (map, slot) = verborgen(uit, "delen").map_err(|e| WriteError::schrijven(uit, &e))?;
        Ok(Tijdelijk { map, _slot: slot })
    }

    pub fn map(&self) -> &Path {
        self.map.path()
    }
}

/// Removes a folder that a run beside this one may be removing too.
fn verwijder(map: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(map) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        uitkomst => uitkomst,
    }
}

/// Changes two folders over in one step; `false` where the system or the disk can't.
#[cfg(target_os = "linux")]
fn ruil(een: &Path, ander: &Path) -> std::io::Result<bool> {
    use std::os::unix::ffi::OsStrExt;
    let naam = |pad: &Path| std::ffi::CString::new(pad.as_os_str().as_bytes());
    let (een, ander) = (naam(een)?, naam(ander)?);
    // SAFETY: both names end with a NUL and outlive the call.
    let uitkomst = unsafe {
        libc::renameat2(
            libc::AT_FDCWD,
            een.as_ptr(),
            libc::AT_FDCWD,
            ander.as_ptr(),
            libc::RENAME_EXCHANGE,
        )
    };
    if uitkomst == 0 {
        return Ok(true);
    }
    let fout = std::io::Error::last_os_error();
    match fout.raw_os_error() {
        Some(libc::EINVAL | libc::ENOSYS | libc::EPERM) => Ok(false),
        _ => Err(fout),
    }
}

#[cfg(not(target_os = "linux"))]
fn ruil(_: &Path, _: &Path) -> std::io::Result<bool> {
    Ok(false)
}

/// Past this a folder without a lock is no run that just began or is about to end.
const VERLATEN: Duration = Duration::from_secs(3600);

/// Removes what runs that are no more were building.
fn ruim_verlaten_op(uit: &Path) -> std::io::Result<()> {
    for ding in fs::read_dir(uit)?.flatten() {
        if !ding.file_name().to_string_lossy().starts_with(BOUW) {
            continue;
        }
        let map = ding.path();
        let verlaten = match fs::File::open(map.join(SLOT)) {
            Ok(slot) => slot.try_lock().is_ok(),
            Err(_) => {
                let gewijzigd = ding.metadata().and_then(|m| m.modified());
                gewijzigd.is_ok_and(|t| t.elapsed().is_ok_and(|oud| oud > VERLATEN))
            }
        };
        if verlaten {
            verwijder(&map)?;
        }
    }
    Ok(())
}

/// A new hidden folder for its owner only, with the lock that says that its run is alive.
fn verborgen(uit: &Path, naam: &str) -> std::io::Result<(tempfile::TempDir, fs::File)> {
    let voorvoegsel = format!("{BOUW}{naam}-");
    let mut bouwer = tempfile::Builder::new();
    bouwer.prefix(&voorvoegsel);
    // On Windows a folder takes over who may read it from the one that it is in.
    #[cfg(unix)]
    bouwer.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let map = bouwer.tempdir_in(uit)?;
    let slot = fs::File::create_new(map.path().join(SLOT))?;
    slot.lock()?;
    Ok((map, slot))
}

/// What is in a folder can be read by its owner only, also once it is copied elsewhere.
#[cfg(unix)]
fn alleen_voor_eigenaar(map: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    for ding in fs::read_dir(map)? {
        let ding = ding?;
        let is_map = ding.file_type()?.is_dir();
        let recht = if is_map { 0o700 } else { 0o600 };
        fs::set_permissions(ding.path(), fs::Permissions::from_mode(recht))?;
        if is_map {
            alleen_voor_eigenaar(&ding.path())?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn alleen_voor_eigenaar(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A hidden name beside a folder.
fn naast(doel: &Path, voorvoegsel: &str) -> PathBuf {
    let naam = doel.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    doel.with_file_name(format!("{voorvoegsel}{naam}"))
}

/// Finishes or undoes a swap that was cut short: an old rapport without a new one goes back, one
/// beside a new one goes.
fn herstel(uit: &Path, naam: &str) -> std::io::Result<()> {
    let doel = uit.join(naam);
    let oud = naast(&doel, OUD);
    if oud.symlink_metadata().is_err() {
        return Ok(());
    }
    if doel.symlink_metadata().is_err() { fs::rename(&oud, &doel) } else { verwijder(&oud) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schrijf(uit: &Path, inhoud: &str, overschrijf: bool) -> Result<PathBuf, WriteError> {
        let plaats = Plaats::maak(uit, "2023-x", overschrijf)?;
        fs::write(plaats.map().join("a.txt"), inhoud).unwrap();
        plaats.zet_neer()
    }

    #[cfg(unix)]
    #[test]
    fn what_is_being_made_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let uit = tempfile::tempdir().unwrap();
        let plaats = Plaats::maak(uit.path(), "2023-x", false).unwrap();
        let tijdelijk = Tijdelijk::maak(&plaats).unwrap();
        for map in [&plaats.map(), tijdelijk.map()] {
            assert_eq!(fs::metadata(map).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn an_existing_rapport_stays_unless_it_may_be_replaced() {
        let map = tempfile::tempdir().unwrap();
        let doel = schrijf(map.path(), "een", false).unwrap();
        assert!(matches!(schrijf(map.path(), "twee", false), Err(WriteError::BestaatAl { .. })));
        assert_eq!(fs::read_to_string(doel.join("a.txt")).unwrap(), "een");
        schrijf(map.path(), "drie", true).unwrap();
        assert_eq!(fs::read_to_string(doel.join("a.txt")).unwrap(), "drie");
        assert_eq!(fs::read_dir(map.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_swap_that_was_cut_short_is_repaired_at_the_next_start() {
        let map = tempfile::tempdir().unwrap();
        let doel = schrijf(map.path(), "een", false).unwrap();
        fs::rename(&doel, naast(&doel, OUD)).unwrap();
        drop(Plaats::maak(map.path(), "2023-x", true).unwrap());
        assert_eq!(fs::read_to_string(doel.join("a.txt")).unwrap(), "een");
        assert_eq!(fs::read_dir(map.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_run_was_building_goes_at_the_next_start_and_a_live_one_keeps_its_own() {
        let map = tempfile::tempdir().unwrap();
        let levend = Plaats::maak(map.path(), "2023-x", false).unwrap();
        let verlaten = map.path().join(format!("{BOUW}2023-x-oud"));
        fs::create_dir(&verlaten).unwrap();
        fs::write(verlaten.join(SLOT), "").unwrap();
        fs::write(verlaten.join("bevindingen.csv"), "half").unwrap();
        drop(Plaats::maak(map.path(), "2023-x", false).unwrap());
        assert!(!verlaten.exists() && levend.map().exists());
    }

    #[test]
    fn what_is_abandoned_leaves_nothing() {
        let map = tempfile::tempdir().unwrap();
        drop(Plaats::maak(map.path(), "2023-x", false).unwrap());
        assert_eq!(fs::read_dir(map.path()).unwrap().count(), 0);
    }
}
