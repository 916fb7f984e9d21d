//! The one door to what differs between systems: elsewhere no code asks which system it runs on.
//!
//! What std does the same everywhere needs no door: on Windows it writes long paths in the form
//! that has no limit, and text to a console as UTF-16, whatever its code page.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as here;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as here;

pub(crate) use here::{
    change_over, for_owner_only, memory_in_use, memory_of_machine, open_for_owner, open_on_screen,
    started_from_desktop, stop_signals, sync_dir,
};

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
    fn the_system_tells_how_much_memory_there_is_and_is_in_use() {
        let (used, machine) = (memory_in_use(), memory_of_machine());
        if let (Some(used), Some(machine)) = (used, machine) {
            assert!(used > 0 && used < machine, "{used} of {machine}");
        }
        assert!(machine.is_some());
    }
}
