//! Lines that repeat another: which share a number or a key with one that comes first in order.

use super::groep::{Aanbiedergroep, Toewijzingsgroep};
use super::lijn::Lijn;
use super::uitkomst::Reden;
use crate::dossier::{Nummerhash, RegelNr, Zeef};
use hashbrown::HashMap;
use std::hash::Hash;

impl<'a> Aanbiedergroep<'a> {
    /// Lines of which another of the aanbieder has the ReferentieNummer and comes first in order, each
    /// with that one; in the order of the files.
    pub fn repeated_references(&self) -> impl Iterator<Item = (Lijn<'a>, Lijn<'a>)> + use<'a> {
        let (c, d) = (self.controle, self.controle.dossier);
        // Nearly all numbers are used once. Two Bloom filters leave the few of which the hash may come
        // back: only those are compared.
        let hashes: Vec<Nummerhash> =
            self.nummers().iter().map(|nr| d.referentiehash(*nr)).collect();
        let (mut seen, mut comes_back) = (Zeef::voor(hashes.len()), Zeef::voor(hashes.len()));
        for hash in &hashes {
            if seen.zet(*hash) {
                comes_back.zet(*hash);
            }
        }
        let numbered = hashes.iter().copied().zip(self.nummers().iter().copied());
        let mut pairs: Vec<(Nummerhash, RegelNr)> =
            numbered.filter(|(hash, _)| comes_back.laat_door(*hash)).collect();
        pairs.sort_unstable();
        let reference = |nr: RegelNr| d.referentie_bytes(d.regel(nr));
        let mut repeats = Vec::new();
        for like in pairs.chunk_by_mut(|a, b| a.0 == b.0).filter(|like| like.len() > 1) {
            like.sort_unstable_by(|(_, a), (_, b)| {
                reference(*a).cmp(reference(*b)).then_with(|| d.vergelijk(*a, *b))
            });
            for of_number in like.chunk_by(|a, b| reference(a.1) == reference(b.1)) {
                let (_, first) = of_number[0];
                repeats.extend(of_number[1..].iter().map(|(_, nr)| (*nr, first)));
            }
        }
        repeats.sort_unstable();
        repeats.into_iter().map(move |(nr, first)| (c.lijn(nr), c.lijn(first)))
    }
}

impl<'a> Toewijzingsgroep<'a> {
    /// The lines of the audited year, in order, each with the first that has the same key, which may be
    /// itself, or why it has no key.
    pub fn with_first<K: Eq + Hash>(
        &self,
        key: impl Fn(&Lijn<'a>) -> Result<K, Reden>,
    ) -> impl Iterator<Item = (Lijn<'a>, Result<Lijn<'a>, Reden>)> {
        let mut firsts = Firsts::with_capacity(self.regels.len());
        let in_year = self.lijnen().filter(|l| l.controle.in_leverjaar(l.regel));
        in_year.map(move |lijn| (lijn, key(&lijn).map(|key| firsts.first(key, lijn))))
    }
}

/// The first line of each key. A few are gone through, which is quicker than hashing them: most
/// toewijzingen have no more lines in a year.
enum Firsts<'a, K> {
    Few(Vec<(K, Lijn<'a>)>),
    Many(HashMap<K, Lijn<'a>>),
}

impl<'a, K: Eq + Hash> Firsts<'a, K> {
    fn with_capacity(lines: usize) -> Self {
        const FEW: usize = 16;
        if lines <= FEW {
            Firsts::Few(Vec::with_capacity(lines))
        } else {
            Firsts::Many(HashMap::with_capacity(lines))
        }
    }

    fn first(&mut self, key: K, lijn: Lijn<'a>) -> Lijn<'a> {
        match self {
            Firsts::Few(seen) => match seen.iter().find(|(k, _)| *k == key) {
                Some((_, first)) => *first,
                None => {
                    seen.push((key, lijn));
                    lijn
                }
            },
            Firsts::Many(seen) => *seen.entry(key).or_insert(lijn),
        }
    }
}
