#![no_main]

#[path = "../doelen.rs"]
mod doelen;

use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;

thread_local! {
    static DIR: LazyCell<tempfile::TempDir> =
        LazyCell::new(|| tempfile::tempdir().expect("a temporary folder can be made"));
}

fuzz_target!(|bytes: &[u8]| DIR.with(|dir| doelen::parts(dir.path(), bytes)));
