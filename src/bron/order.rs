//! The order in which the files of a dossier are read: one place says it, whoever reads them.

use super::discovery::FoundFile;
use super::ijw::Bericht;
use crate::dossier::{FileId, FileKind};

/// A table and its number in the dossier.
pub(crate) type NumberedFile<'v> = (FileId, &'v FoundFile);
/// The same of a message, and its kind.
pub(crate) type BerichtFile<'v> = (FileId, &'v FoundFile, Bericht);

/// Files of one kind of table that are read together.
pub(crate) struct Stap<'v> {
    pub kind: FileKind,
    pub tables: Vec<NumberedFile<'v>>,
    pub berichten: Vec<BerichtFile<'v>>,
}

impl<'v> Stap<'v> {
    /// These files, all of this kind.
    pub(crate) fn new(
        kind: FileKind,
        files: impl IntoIterator<Item = NumberedFile<'v>>,
    ) -> Stap<'v> {
        let mut step = Stap { kind, tables: Vec::new(), berichten: Vec::new() };
        for (id, found) in files {
            match found.bericht() {
                None => step.tables.push((id, found)),
                Some(bericht) => step.berichten.push((id, found, bericht)),
            }
        }
        step
    }
}

/// The kinds whose files are as large as the dossier; of the others each file is a small table.
pub(crate) fn is_large(kind: FileKind) -> bool {
    use FileKind::{Antwoorden, Declaraties, Startstop, Toewijzingen};
    matches!(kind, Toewijzingen | Startstop | Antwoorden | Declaraties)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Alles,
    Tabellen,
    Berichten,
}

/// Toewijzingen come first: what the others have of their numbers is looked up among those.
const ORDER: [(FileKind, What); 15] = [
    (FileKind::Toewijzingen, What::Alles),
    (FileKind::Aanbieders, What::Alles),
    (FileKind::Producten, What::Alles),
    (FileKind::Tarieven, What::Alles),
    (FileKind::Omzet, What::Alles),
    (FileKind::Startstop, What::Tabellen),
    (FileKind::Productieverantwoording, What::Alles),
    (FileKind::Afspraken, What::Alles),
    (FileKind::Maatwerk, What::Alles),
    (FileKind::Beoordelingen, What::Alles),
    (FileKind::Openstaand, What::Alles),
    (FileKind::Reacties, What::Alles),
    (FileKind::Startstop, What::Berichten),
    (FileKind::Antwoorden, What::Alles),
    (FileKind::Declaraties, What::Alles),
];

/// The kinds of small table, in the order in which they are read.
pub(crate) fn small_kinds() -> impl Iterator<Item = FileKind> {
    ORDER.into_iter().map(|(kind, _)| kind).filter(|kind| !is_large(*kind))
}

/// All files of a dossier, step by step.
pub(crate) fn steps(files: &[FoundFile]) -> impl Iterator<Item = Stap<'_>> {
    ORDER.into_iter().map(|(kind, what)| {
        let fits = |v: &FoundFile| {
            v.kind == kind
                && match what {
                    What::Alles => true,
                    What::Tabellen => v.bericht().is_none(),
                    What::Berichten => v.bericht().is_some(),
                }
        };
        let numbered = files.iter().enumerate().map(|(i, v)| (FileId::new(i), v));
        Stap::new(kind, numbered.filter(|(_, v)| fits(v)))
    })
}
