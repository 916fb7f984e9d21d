//! Ctrl-C, and being asked to stop: folders that aren't finished go before the program does.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;
use std::time::Duration;

static MAPPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
static ONDERBROKEN: AtomicBool = AtomicBool::new(false);

/// Exit status of a program that Ctrl-C ended, as shells give it.
const STATUS: i32 = 130;

/// Between looks at whether the program was interrupted.
const TUSSENPOOS: Duration = Duration::from_millis(50);

/// Has these folders removed when the program is interrupted. A folder that is in its place by then
/// has another name.
pub fn ruim_op(mappen: impl IntoIterator<Item = PathBuf>) {
    static EEN_KEER: Once = Once::new();
    MAPPEN.lock().unwrap_or_else(PoisonError::into_inner).extend(mappen);
    EEN_KEER.call_once(|| {
        let gevraagd = Arc::new(AtomicBool::new(false));
        for signaal in [SIGINT, SIGTERM] {
            // Where the system allows no handler, it ends the program itself.
            let _ = flag::register(signaal, Arc::clone(&gevraagd));
        }
        thread::spawn(move || {
            while !gevraagd.load(Ordering::Acquire) {
                thread::sleep(TUSSENPOOS);
            }
            ONDERBROKEN.store(true, Ordering::Release);
            for map in MAPPEN.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                verwijder(map);
            }
            std::process::exit(STATUS);
        });
    });
}

/// Other threads may still be adding files.
fn verwijder(map: &Path) {
    const POGINGEN: usize = 20;
    for _ in 0..POGINGEN {
        if std::fs::remove_dir_all(map).is_ok() || !map.exists() {
            return;
        }
        thread::sleep(TUSSENPOOS);
    }
}

/// To be called before the program says how it ended: after an interruption it doesn't, as what it
/// was doing could only fail.
pub fn wacht_als_onderbroken() {
    while ONDERBROKEN.load(Ordering::Acquire) {
        thread::sleep(TUSSENPOOS);
    }
}
