//! An interner: values that many rows share, each kept once under a number.

use foldhash::fast::FixedState;
use hashbrown::{Equivalent, HashTable};
use std::hash::{BuildHasher, Hash};

/// An interner: numbers for values, from 0 on in the order in which the values came.
#[derive(Clone, Debug)]
pub struct Nummering<T> {
    waarden: Vec<T>,
    tabel: HashTable<u32>,
    zaad: FixedState,
    /// The number that was asked for last: rows that follow each other often share a value.
    laatste: u32,
}

impl<T> Default for Nummering<T> {
    fn default() -> Self {
        Nummering {
            waarden: Vec::new(),
            tabel: HashTable::new(),
            zaad: FixedState::default(),
            laatste: 0,
        }
    }
}

impl<T: Eq + Hash> Nummering<T> {
    /// The number of a value; `None` where it has none.
    pub fn zoek<Q: Hash + Equivalent<T> + ?Sized>(&self, waarde: &Q) -> Option<u32> {
        let hash = self.zaad.hash_one(waarde);
        self.tabel.find(hash, |&nr| waarde.equivalent(&self.waarden[nr as usize])).copied()
    }

    /// The number of a value, a new one where it has none yet.
    #[inline]
    pub fn nummer<Q>(&mut self, waarde: &Q, maak: impl FnOnce() -> T) -> u32
    where
        Q: Hash + Equivalent<T> + ?Sized,
    {
        if let Some(vorige) = self.waarden.get(self.laatste as usize)
            && waarde.equivalent(vorige)
        {
            return self.laatste;
        }
        self.laatste = self.zoek(waarde).unwrap_or_else(|| self.voeg_toe(maak()));
        self.laatste
    }

    fn voeg_toe(&mut self, waarde: T) -> u32 {
        let nr = u32::try_from(self.waarden.len()).expect("fewer than four billion values");
        let (waarden, zaad) = (&self.waarden, &self.zaad);
        self.tabel
            .insert_unique(zaad.hash_one(&waarde), nr, |&nr| zaad.hash_one(&waarden[nr as usize]));
        self.waarden.push(waarde);
        nr
    }
}

impl<T: Copy> Nummering<T> {
    /// The value that has this number.
    #[inline]
    pub fn waarde(&self, nr: u32) -> T {
        self.waarden[nr as usize]
    }
}

impl<T> Nummering<T> {
    /// The value that has this number, where it stands.
    #[inline]
    pub fn bij(&self, nr: u32) -> &T {
        &self.waarden[nr as usize]
    }

    /// All values, in the order of their numbers.
    pub fn waarden(&self) -> &[T] {
        &self.waarden
    }

    /// The same, given away.
    pub fn in_waarden(self) -> Vec<T> {
        self.waarden
    }
}
