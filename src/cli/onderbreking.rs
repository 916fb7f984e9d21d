//! Ctrl-C, and being asked to stop: folders that aren't finished go before the program does.

use std::path::PathBuf;
use std::sync::{Mutex, Once, PoisonError};

static MAPPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Exit status of a program that Ctrl-C ended, as shells give it.
const ONDERBROKEN: i32 = 130;

/// Has these folders removed when the program is interrupted. A folder that is in its place by then
/// has another name.
pub fn ruim_op(mappen: impl IntoIterator<Item = PathBuf>) {
    static EEN_KEER: Once = Once::new();
    MAPPEN.lock().unwrap_or_else(PoisonError::into_inner).extend(mappen);
    EEN_KEER.call_once(|| {
        // Where the system allows no handler, it ends the program itself.
        let _ = ctrlc::set_handler(|| {
            for map in MAPPEN.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                let _ = std::fs::remove_dir_all(map);
            }
            std::process::exit(ONDERBROKEN);
        });
    });
}
