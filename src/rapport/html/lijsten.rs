//! Lists that numbers on the page point into.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::borrow::Cow;
use std::hash::BuildHasher;

/// A list of texts, each once.
pub(super) struct Woorden<'a> {
    nummers: HashTable<u32>,
    pub(super) lijst: Vec<Cow<'a, str>>,
}

impl<'a> Woorden<'a> {
    pub(super) fn nieuw() -> Woorden<'a> {
        let mut woorden = Woorden { nummers: HashTable::new(), lijst: Vec::new() };
        woorden.nummer("");
        woorden
    }

    pub(super) fn nummer(&mut self, tekst: impl Into<Cow<'a, str>>) -> u32 {
        let tekst = tekst.into();
        let hash = |tekst: &str| FixedState::default().hash_one(tekst);
        let lijst = &mut self.lijst;
        let plek = self.nummers.entry(
            hash(&tekst),
            |nr| lijst[*nr as usize] == tekst,
            |nr| hash(&lijst[*nr as usize]),
        );
        match plek {
            Entry::Occupied(plek) => *plek.get(),
            Entry::Vacant(plek) => {
                let nummer = lijst.len() as u32;
                lijst.push(tekst);
                plek.insert(nummer);
                nummer
            }
        }
    }
}

/// Codes in their order, with the place of each.
pub(super) struct Plaatsen<T> {
    pub(super) lijst: Vec<T>,
}

impl<T: Ord + Copy> Plaatsen<T> {
    pub(super) fn van(codes: impl Iterator<Item = T>) -> Plaatsen<T> {
        let mut lijst: Vec<T> = codes.collect();
        lijst.sort_unstable();
        lijst.dedup();
        Plaatsen { lijst }
    }

    pub(super) fn plaats(&self, code: Option<T>) -> i32 {
        code.and_then(|c| self.lijst.binary_search(&c).ok()).map_or(-1, |i| i as i32)
    }
}
