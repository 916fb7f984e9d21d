//! Which message came before: doubles, and those that share a name with another.

use super::ijw::Bericht;
use crate::dossier::FileId;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The messages of a dossier so far, by what tells one from another.
#[derive(Default)]
pub(crate) struct EarlierBerichten {
    /// The first of each kind, sender and Identificatie, with its Dagtekening.
    first: HashMap<(Bericht, String), (String, FileId)>,
    /// Those with another Dagtekening than the first.
    others: HashMap<(Bericht, String), FileId>,
}

/// A message that bears the name of another.
pub(crate) struct Namesake {
    pub file: FileId,
    /// Are they of one day too?
    pub same_day: bool,
}

impl EarlierBerichten {
    /// The message with this name that came before; of this day if there is one. `key` is sender,
    /// Identificatie and Dagtekening of the message in this file.
    pub(crate) fn first(
        &mut self,
        bericht: Bericht,
        key: &[String; 3],
        file: FileId,
    ) -> Option<Namesake> {
        let [afzender, identificatie, dag] = key;
        let name = (bericht, format!("{afzender} {identificatie}"));
        let (day, first) = match self.first.entry(name) {
            Entry::Vacant(place) => {
                place.insert((dag.clone(), file));
                return None;
            }
            Entry::Occupied(place) => place.get().clone(),
        };
        if day == *dag {
            return Some(Namesake { file: first, same_day: true });
        }
        let other = self.others.entry((bericht, key.join(" ")));
        Some(match other {
            Entry::Vacant(place) => {
                place.insert(file);
                Namesake { file: first, same_day: false }
            }
            Entry::Occupied(place) => Namesake { file: *place.get(), same_day: true },
        })
    }

    /// Sender, Identificatie and Dagtekening of the only message.
    pub(crate) fn into_key(self) -> Option<[String; 3]> {
        let ((_, name), (dag, _)) = self.first.into_iter().next()?;
        let (afzender, identificatie) = name.split_once(' ')?;
        Some([afzender.to_owned(), identificatie.to_owned(), dag])
    }
}
