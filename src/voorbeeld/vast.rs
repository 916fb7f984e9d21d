//! The fixed example, that stands in the program: the files of `sample-data`.

use crate::writing::{OutputDir, WriteError};
use std::fs;
use std::path::PathBuf;

/// Paths in the dossier, with their content.
const FILES: [(&str, &[u8]); 21] = [
    ("README.md", include_bytes!("../../sample-data/README.md")),
    ("aanbieders.csv", include_bytes!("../../sample-data/aanbieders.csv")),
    ("controle.toml", include_bytes!("../../sample-data/controle.toml")),
    ("declaraties_2022.csv", include_bytes!("../../sample-data/declaraties_2022.csv")),
    ("declaraties_2023_h1.csv", include_bytes!("../../sample-data/declaraties_2023_h1.csv")),
    ("declaraties_2023_h2.csv", include_bytes!("../../sample-data/declaraties_2023_h2.csv")),
    (
        "declaraties_2023_perceel1.csv",
        include_bytes!("../../sample-data/declaraties_2023_perceel1.csv"),
    ),
    ("omzet.csv", include_bytes!("../../sample-data/omzet.csv")),
    ("producten.csv", include_bytes!("../../sample-data/producten.csv")),
    (
        "productieverantwoording.csv",
        include_bytes!("../../sample-data/productieverantwoording.csv"),
    ),
    ("startstop.csv", include_bytes!("../../sample-data/startstop.csv")),
    ("toewijzingen.csv", include_bytes!("../../sample-data/toewijzingen.csv")),
    ("zeeland/README.md", include_bytes!("../../sample-data/zeeland/README.md")),
    ("zeeland/aanbieders.csv", include_bytes!("../../sample-data/zeeland/aanbieders.csv")),
    ("zeeland/afspraken.csv", include_bytes!("../../sample-data/zeeland/afspraken.csv")),
    ("zeeland/controle.toml", include_bytes!("../../sample-data/zeeland/controle.toml")),
    ("zeeland/declaraties.csv", include_bytes!("../../sample-data/zeeland/declaraties.csv")),
    ("zeeland/maatwerk.csv", include_bytes!("../../sample-data/zeeland/maatwerk.csv")),
    ("zeeland/producten.csv", include_bytes!("../../sample-data/zeeland/producten.csv")),
    ("zeeland/tarieven.csv", include_bytes!("../../sample-data/zeeland/tarieven.csv")),
    ("zeeland/toewijzingen.csv", include_bytes!("../../sample-data/zeeland/toewijzingen.csv")),
];

/// Writes the fixed example to its place, whole or not at all.
///
/// # Errors
/// Where it can't be written; then nothing of it is left.
pub(crate) fn write_fixed(place: OutputDir) -> Result<PathBuf, WriteError> {
    for (name, content) in FILES {
        let path = place.dir().join(name);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        folder
            .and_then(|()| fs::write(&path, content))
            .map_err(|e| WriteError::writing(&path, &e))?;
    }
    place.put_down()
}
