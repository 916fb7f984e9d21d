//! Ctrl-C, and being asked to stop: folders that aren't finished go before the program does.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;
use std::time::Duration;

static DIRS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Exit status of a program that Ctrl-C ended, as shells give it.
const STATUS: i32 = 130;

/// Between looks at whether the program was interrupted.
const TUSSENPOOS: Duration = Duration::from_millis(50);

/// Has these folders removed when the program is interrupted. A folder that is in its place by then
/// has another name.
pub(crate) fn clean_up(dirs: impl IntoIterator<Item = PathBuf>) {
    static ONCE: Once = Once::new();
    DIRS.lock().unwrap_or_else(PoisonError::into_inner).extend(dirs);
    ONCE.call_once(|| {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // Where the system allows no handler, it ends the program itself.
            let _ = flag::register(signal, Arc::clone(&asked));
        }
        thread::spawn(move || {
            while !asked.load(Ordering::Acquire) {
                thread::sleep(TUSSENPOOS);
            }
            INTERRUPTED.store(true, Ordering::Release);
            for dir in DIRS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                remove(dir);
            }
            std::process::exit(STATUS);
        });
    });
}

/// Other threads may still be adding files.
fn remove(dir: &Path) {
    const ATTEMPTS: usize = 20;
    for _ in 0..ATTEMPTS {
        if std::fs::remove_dir_all(dir).is_ok() || !dir.exists() {
            return;
        }
        thread::sleep(TUSSENPOOS);
    }
}

/// To be called before the program says how it ended: after an interruption it doesn't, as what it
/// was doing could only fail.
pub(crate) fn wait_if_interrupted() {
    while INTERRUPTED.load(Ordering::Acquire) {
        thread::sleep(TUSSENPOOS);
    }
}
