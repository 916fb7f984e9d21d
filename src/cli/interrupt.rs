//! Ctrl-C, a terminal that goes, and being asked to stop: folders that aren't finished go before the program does.

use crate::ground::system::stop_signals;
use crate::writing::Unfinished;
use signal_hook::flag;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;
use std::time::Duration;

static UNFINISHED: Mutex<Vec<Unfinished>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Exit status of a program that Ctrl-C ended, as shells give it.
const STATUS: i32 = 130;

/// Between looks at whether the program was interrupted.
const TUSSENPOOS: Duration = Duration::from_millis(50);

/// Has these removed when the program is interrupted. What is in its place by then stays.
pub(crate) fn clean_up(unfinished: impl IntoIterator<Item = Unfinished>) {
    static ONCE: Once = Once::new();
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).extend(unfinished);
    ONCE.call_once(|| {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in stop_signals() {
            // Where the system allows no handler, it ends the program itself.
            let _ = flag::register(signal, Arc::clone(&asked));
        }
        thread::spawn(move || {
            while !asked.load(Ordering::Acquire) {
                thread::sleep(TUSSENPOOS);
            }
            INTERRUPTED.store(true, Ordering::Release);
            for it in UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                remove(it);
            }
            std::process::exit(STATUS);
        });
    });
}

/// Other threads may still be adding files.
fn remove(unfinished: &Unfinished) {
    const ATTEMPTS: usize = 20;
    for _ in 0..ATTEMPTS {
        if unfinished.discard() {
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
