#![no_main]

#[path = "../doelen.rs"]
mod doelen;

use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;

thread_local! {
    static DIR: LazyCell<tempfile::TempDir> =
        LazyCell::new(|| tempfile::tempdir().expect("a temporary folder can be made"));
}

// A reader that panics on a broken file is caught, as in the program: what counts is what comes through.
fuzz_target!(init: drop(std::panic::take_hook()), |bytes: &[u8]| DIR.with(|dir| doelen::parts(dir.path(), bytes)));
