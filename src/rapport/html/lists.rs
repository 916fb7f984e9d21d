//! Lists that numbers on the page point into.

use crate::ground::Shown;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::hash::BuildHasher;

/// A list of texts, each once.
pub(super) struct WordList<'a> {
    ids: HashTable<u32>,
    pub(super) list: Vec<Shown<'a>>,
}

impl<'a> WordList<'a> {
    pub(super) fn new() -> WordList<'a> {
        let mut words = WordList { ids: HashTable::new(), list: Vec::new() };
        words.intern("");
        words
    }

    pub(super) fn intern(&mut self, text: impl Into<Shown<'a>>) -> u32 {
        let text = text.into();
        let hash = |text: &str| FixedState::default().hash_one(text);
        let list = &mut self.list;
        let slot = self.ids.entry(
            hash(&text),
            |id| list[*id as usize] == text,
            |id| hash(&list[*id as usize]),
        );
        match slot {
            Entry::Occupied(slot) => *slot.get(),
            Entry::Vacant(slot) => {
                let nummer = list.len() as u32;
                list.push(text);
                slot.insert(nummer);
                nummer
            }
        }
    }
}

/// Codes in their order, with the place of each.
pub(super) struct CodeList<T> {
    pub(super) list: Vec<T>,
}

impl<T: Ord + Copy> CodeList<T> {
    pub(super) fn of(codes: impl Iterator<Item = T>) -> CodeList<T> {
        let mut list: Vec<T> = codes.collect();
        list.sort_unstable();
        list.dedup();
        CodeList { list }
    }

    pub(super) fn place(&self, code: Option<T>) -> i32 {
        code.and_then(|c| self.list.binary_search(&c).ok()).map_or(-1, |i| i as i32)
    }
}
