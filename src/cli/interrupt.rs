//! Ctrl-C, a terminal that goes, and being asked to stop: folders that aren't finished go before the program does.

use crate::ground::system::stop_signals;
use crate::writing::Unfinished;
use signal_hook::flag;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::Duration;

static UNFINISHED: Mutex<Vec<Unfinished>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Exit status of a program that Ctrl-C ended, as shells give it.
const STATUS: i32 = 130;

/// Between looks at whether the program was interrupted.
const TUSSENPOOS: Duration = Duration::from_millis(50);

fn unfinished() -> MutexGuard<'static, Vec<Unfinished>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes what is `of` it unfinished, and has that removed when the program is interrupted: also when
/// that is while it is made. What is in its place by then stays, and the program ends as it would.
pub(crate) fn clean_up<T, E, U: IntoIterator<Item = Unfinished>>(
    make: impl FnOnce() -> Result<T, E>,
    of: impl FnOnce(&T) -> U,
) -> Result<T, E> {
    listen();
    let mut unfinished = unfinished();
    let made = make()?;
    unfinished.extend(of(&made));
    Ok(made)
}

fn listen() {
    static ONCE: Once = Once::new();
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
            let unfinished = unfinished();
            unfinished.iter().for_each(remove);
            if unfinished.iter().any(Unfinished::is_placed) {
                // Only the end of the program is left; who can't wait for it asks again.
                let always = Arc::new(AtomicBool::new(true));
                for signal in stop_signals() {
                    let _ = flag::register_conditional_default(signal, Arc::clone(&always));
                }
                INTERRUPTED.store(false, Ordering::Release);
                return;
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
