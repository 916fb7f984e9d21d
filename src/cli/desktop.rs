//! The program without a terminal: a folder dragged onto it, a page that opens at the end, a window
//! that waits before it closes.

use super::message;
use crate::ground::system::{open_on_screen, started_from_desktop};
use clap::Command;
use std::ffi::OsString;
use std::io::{self, BufRead};
use std::path::Path;

/// What the user typed, or dragged: a folder by itself is to be audited.
pub(super) fn with_command(mut arguments: Vec<OsString>, commands: &Command) -> Vec<OsString> {
    let Some(first) = arguments.get(1) else { return arguments };
    let is_option = first.as_encoded_bytes().starts_with(b"-");
    if is_option || commands.find_subcommand(first).is_some() || !Path::new(first).exists() {
        return arguments;
    }
    let dossier = first.clone();
    arguments.insert(1, "controleer".into());
    if started_from_desktop() {
        arguments.extend(beside(&dossier));
    }
    arguments
}

/// Where a rapport goes that nobody could say a place for: beside the dossier, in a folder of its
/// own, so that it is never in the way of the next one.
fn beside(dossier: &OsString) -> [OsString; 3] {
    let mut out = Path::new(dossier).components().as_path().as_os_str().to_owned();
    out.push(chrono::Local::now().format(" rapport %Y-%m-%d %H.%M.%S").to_string());
    ["--open".into(), "--uit".into(), out]
}

/// Opens a page, or says where it is.
pub(super) fn open(page: &Path) {
    if let Err(e) = open_on_screen(page) {
        tracing::debug!("{e}");
        let page = page.display().to_string();
        message::tell(&format!(
            "Let op: {} kon niet geopend worden; open het zelf.",
            message::printable(&page)
        ));
    }
}

/// Lets the user read what is in a window that closes when the program ends.
pub(super) fn wait_for_key() {
    if started_from_desktop() {
        message::tell("\nDruk op Enter om dit venster te sluiten.");
        let _ = io::stdin().lock().read_line(&mut String::new());
    }
}
