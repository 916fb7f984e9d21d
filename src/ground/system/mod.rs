//! The one door to what differs between systems: elsewhere no code asks which system it runs on.
//!
//! What std does the same everywhere needs no door: on Windows it writes long paths in the form
//! that has no limit, and text to a console as UTF-16, whatever its code page.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as here;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as here;

pub(crate) use here::{
    change_over, ended_by_limit, for_owner_only, is_open_to_all, limit_this_process, memory_in_use,
    memory_of_machine, open_for_owner, open_on_screen, read_at, started_from_desktop, stop_signals,
    sync_dir,
};

/// The program that runs, set where this is the program itself and not a library of another.
static OWN_PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// From now on, this process is the program itself, which can start another of itself.
pub(crate) fn is_own_program() {
    if let Ok(path) = std::env::current_exe() {
        let _ = OWN_PROGRAM.set(path);
    }
}

/// The program, where this process is it.
pub(crate) fn own_program() -> Option<&'static Path> {
    OWN_PROGRAM.get().map(PathBuf::as_path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn two_folders_change_places_or_stay_where_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let [one, other] = ["a", "b"].map(|name| dir.path().join(name));
        for path in [&one, &other] {
            fs::create_dir(path).unwrap();
            fs::write(path.join("naam"), path.as_os_str().as_encoded_bytes()).unwrap();
        }
        let changed = change_over(&one, &other).unwrap();
        let holds = fs::read(one.join("naam")).unwrap();
        let expected = if changed { &other } else { &one };
        assert_eq!(holds, expected.as_os_str().as_encoded_bytes());
    }

    #[test]
    fn bytes_are_read_from_where_they_are_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, b"een twee").unwrap();
        let file = fs::File::open(&path).unwrap();
        let mut buffer = [0; 8];
        assert_eq!(read_at(&file, &mut buffer, 4).unwrap(), 4);
        assert_eq!(&buffer[..4], b"twee");
        assert_eq!(read_at(&file, &mut buffer, 0).unwrap(), 8);
        assert_eq!(read_at(&file, &mut buffer, 8).unwrap(), 0);
    }

    #[test]
    fn the_system_tells_how_much_memory_there_is_and_is_in_use() {
        let (used, machine) = (memory_in_use(), memory_of_machine());
        if let (Some(used), Some(machine)) = (used, machine) {
            assert!(used > 0 && used < machine, "{used} of {machine}");
        }
        assert!(machine.is_some());
    }
}
