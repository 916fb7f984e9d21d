//! A rapport folder is put in its place whole, or not at all.
//!
//! It is built beside its place under a hidden name. Replacing moves the old one aside, the new
//! one in, and then removes the old one; the next start repairs a swap that was cut short.

use super::RapportFout;
use std::fs;
use std::path::{Path, PathBuf};

/// The place of a rapport, with a folder beside it in which it is built.
pub struct Plaats {
    doel: PathBuf,
    bouw: Option<tempfile::TempDir>,
    overschrijf: bool,
}

const BOUW: &str = ".bezig-";
const OUD: &str = ".oud-";

impl Plaats {
    /// Makes ready to write `<uit>/<naam>`.
    pub fn maak(uit: &Path, naam: &str, overschrijf: bool) -> Result<Plaats, RapportFout> {
        let doel = uit.join(naam);
        fs::create_dir_all(uit).map_err(|e| RapportFout::schrijven(uit, &e))?;
        herstel(uit, naam).map_err(|e| RapportFout::schrijven(uit, &e))?;
        if !overschrijf && doel.symlink_metadata().is_ok() {
            return Err(RapportFout::BestaatAl { map: doel });
        }
        let bouw = tempfile::Builder::new()
            .prefix(&format!("{BOUW}{naam}-"))
            .tempdir_in(uit)
            .map_err(|e| RapportFout::schrijven(uit, &e))?;
        Ok(Plaats { doel, bouw: Some(bouw), overschrijf })
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
    pub(crate) fn zet_neer(mut self) -> Result<PathBuf, RapportFout> {
        let bouw = self.bouw.take().expect("a place is used once").keep();
        let uitkomst = self.verwissel(&bouw);
        if uitkomst.is_err() {
            let _ = fs::remove_dir_all(&bouw);
        }
        uitkomst.map(|()| self.doel)
    }

    fn verwissel(&self, bouw: &Path) -> Result<(), RapportFout> {
        let fout = |e: std::io::Error| RapportFout::schrijven(&self.doel, &e);
        if self.doel.symlink_metadata().is_err() {
            return fs::rename(bouw, &self.doel).map_err(fout);
        }
        if !self.overschrijf {
            return Err(RapportFout::BestaatAl { map: self.doel.clone() });
        }
        let oud = naast(&self.doel, OUD);
        fs::rename(&self.doel, &oud).map_err(fout)?;
        if let Err(e) = fs::rename(bouw, &self.doel) {
            let _ = fs::rename(&oud, &self.doel);
            return Err(fout(e));
        }
        fs::remove_dir_all(&oud).map_err(fout)
    }
}

/// A hidden folder beside a rapport for what doesn't fit in memory: for its owner only, and gone
/// when the run ends. One that a run left behind without ending is removed at the next start.
pub struct Tijdelijk {
    map: tempfile::TempDir,
    /// Locked as long as the run lives.
    _slot: fs::File,
}

const TIJDELIJK: &str = ".tijdelijk-";
const SLOT: &str = "slot";

impl Tijdelijk {
    pub fn maak(plaats: &Plaats) -> Result<Tijdelijk, RapportFout> {
        let uit = plaats.doel.parent().unwrap_or(Path::new("."));
        let fout = |e: std::io::Error| RapportFout::schrijven(uit, &e);
        ruim_verlaten_op(uit).map_err(fout)?;
        let map = tempfile::Builder::new().prefix(TIJDELIJK).tempdir_in(uit).map_err(fout)?;
        let slot = fs::File::create_new(map.path().join(SLOT)).map_err(fout)?;
        slot.lock().map_err(fout)?;
        Ok(Tijdelijk { map, _slot: slot })
    }

    pub fn map(&self) -> &Path {
        self.map.path()
    }
}

/// Removes the temporary folders of runs that are no more.
fn ruim_verlaten_op(uit: &Path) -> std::io::Result<()> {
    for ding in fs::read_dir(uit)? {
        let ding = ding?;
        if !ding.file_name().to_string_lossy().starts_with(TIJDELIJK) {
            continue;
        }
        // Without a lock file, the run is just beginning.
        if let Ok(slot) = fs::File::open(ding.path().join(SLOT))
            && slot.try_lock().is_ok()
        {
            fs::remove_dir_all(ding.path())?;
        }
    }
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
    if doel.symlink_metadata().is_err() {
        fs::rename(&oud, &doel)
    } else {
        fs::remove_dir_all(&oud)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schrijf(uit: &Path, inhoud: &str, overschrijf: bool) -> Result<PathBuf, RapportFout> {
        let plaats = Plaats::maak(uit, "2023-x", overschrijf)?;
        fs::write(plaats.map().join("a.txt"), inhoud).unwrap();
        plaats.zet_neer()
    }

    #[test]
    fn an_existing_rapport_stays_unless_it_may_be_replaced() {
        let map = tempfile::tempdir().unwrap();
        let doel = schrijf(map.path(), "een", false).unwrap();
        assert!(matches!(schrijf(map.path(), "twee", false), Err(RapportFout::BestaatAl { .. })));
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
    fn temporary_folders_of_runs_that_are_no_more_go_at_the_next_start() {
        let uit = tempfile::tempdir().unwrap();
        let plaats = Plaats::maak(uit.path(), "2023-x", false).unwrap();
        let levend = Tijdelijk::maak(&plaats).unwrap();
        let verlaten = uit.path().join(format!("{TIJDELIJK}oud"));
        fs::create_dir(&verlaten).unwrap();
        fs::write(verlaten.join(SLOT), "").unwrap();
        fs::write(verlaten.join("aanbieder-001"), "regels").unwrap();
        let ander = Tijdelijk::maak(&plaats).unwrap();
        assert!(!verlaten.exists());
        assert!(levend.map().exists(), "a run that goes on keeps its own");
        drop((levend, ander, plaats));
        assert_eq!(fs::read_dir(uit.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_abandoned_leaves_nothing() {
        let map = tempfile::tempdir().unwrap();
        drop(Plaats::maak(map.path(), "2023-x", false).unwrap());
        assert_eq!(fs::read_dir(map.path()).unwrap().count(), 0);
    }
}
