//! An interner: values that many rows share, each kept once under a number.

use foldhash::fast::FixedState;
use hashbrown::{Equivalent, HashTable};
use std::hash::{BuildHasher, Hash};

/// An interner: numbers for values, from 0 on in the order in which the values came.
#[derive(Clone, Debug)]
pub(crate) struct Interner<T> {
    values: Vec<T>,
    table: HashTable<u32>,
    seed: FixedState,
    /// The number that was asked for last: rows that follow each other often share a value.
    last: u32,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Interner {
            values: Vec::new(),
            table: HashTable::new(),
            seed: FixedState::default(),
            last: 0,
        }
    }
}

impl<T: Eq + Hash> Interner<T> {
    /// The number of a value; `None` where it has none.
    pub(crate) fn find<Q: Hash + Equivalent<T> + ?Sized>(&self, value: &Q) -> Option<u32> {
        let hash = self.seed.hash_one(value);
        self.table.find(hash, |&id| value.equivalent(&self.values[id as usize])).copied()
    }

    /// The number of a value, a new one where it has none yet.
    #[inline]
    pub(crate) fn intern<Q>(&mut self, value: &Q, make: impl FnOnce() -> T) -> u32
    where
        Q: Hash + Equivalent<T> + ?Sized,
    {
        if let Some(previous) = self.values.get(self.last as usize)
            && value.equivalent(previous)
        {
            return self.last;
        }
        self.last = self.find(value).unwrap_or_else(|| self.push(make()));
        self.last
    }

    fn push(&mut self, value: T) -> u32 {
        let id = u32::try_from(self.values.len()).expect("fewer than four billion values");
        let (values, seed) = (&self.values, &self.seed);
        self.table
            .insert_unique(seed.hash_one(&value), id, |&id| seed.hash_one(&values[id as usize]));
        self.values.push(value);
        id
    }
}

impl<T: Copy> Interner<T> {
    /// The value that has this number.
    #[inline]
    pub(crate) fn value(&self, id: u32) -> T {
        self.values[id as usize]
    }
}

impl<T> Interner<T> {
    /// The value that has this number, where it stands.
    #[inline]
    pub(crate) fn get_ref(&self, id: u32) -> &T {
        &self.values[id as usize]
    }

    /// All values, in the order of their numbers.
    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }

    /// The same, given away.
    pub(crate) fn into_values(self) -> Vec<T> {
        self.values
    }
}
