//! Lines brought together by the key of a scope and put in order, once for all rules of it.

use super::controle::Controle;
use crate::dossier::*;
use rayon::prelude::*;
use std::ops::Range;

/// Lines in groups that share a key.
pub struct Groepen<K> {
    regels: Vec<RegelNr>,
    groepen: Vec<(K, Range<u32>)>,
}

impl<K: Copy + Ord + Send + Sync> Groepen<K> {
    /// Groups the lines for which `sleutel` gives a key; groups come in the order of their keys.
    fn nieuw(dossier: &Dossier, sleutel: impl Fn(&Declaratieregel) -> Option<K> + Sync) -> Self {
        let mut paren: Vec<(K, Dag, RegelNr)> = dossier
            .regels
            .par_iter()
            .enumerate()
            .filter_map(|(i, r)| sleutel(r).map(|k| (k, r.begindatum, RegelNr(i as u32))))
            .collect();
        paren.par_sort_unstable();
        // The first field of the order is settled by the sort above; the rest within each group.
        paren
            .par_chunk_by_mut(|a, b| a.0 == b.0)
            .for_each(|groep| groep.sort_unstable_by(|a, b| dossier.vergelijk(a.2, b.2)));
        let mut groepen: Vec<(K, Range<u32>)> = Vec::new();
        for (i, (k, _, _)) in paren.iter().enumerate() {
            match groepen.last_mut() {
                Some((vorige, bereik)) if vorige == k => bereik.end = i as u32 + 1,
                _ => groepen.push((*k, i as u32..i as u32 + 1)),
            }
        }
        Groepen { regels: paren.into_iter().map(|(_, _, nr)| nr).collect(), groepen }
    }

    pub fn aantal(&self) -> usize {
        self.groepen.len()
    }

    /// Group `i`: its key and its lines in order.
    pub fn groep(&self, i: usize) -> (K, &[RegelNr]) {
        let (k, bereik) = &self.groepen[i];
        (*k, &self.regels[bereik.start as usize..bereik.end as usize])
    }

    /// Lines of this key, empty where there are none.
    pub fn van(&self, sleutel: K) -> &[RegelNr] {
        match self.groepen.binary_search_by_key(&sleutel, |(k, _)| *k) {
            Ok(i) => self.groep(i).1,
            Err(_) => &[],
        }
    }
}

/// Key of budgets and volumes: the toewijzing, or the number that no toewijzing has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Toewijzingssleutel {
    Gevonden(ToewijzingNr),
    Onbekend(Gemeente, WoordNr),
}

pub fn per_toewijzing(dossier: &Dossier) -> Groepen<Toewijzingssleutel> {
    Groepen::nieuw(dossier, |r| {
        if !r.telt_mee() {
            return None;
        }
        match r.verband.toewijzing() {
            Some(nr) => Some(Toewijzingssleutel::Gevonden(nr)),
            None if r.toewijzing_nummer.is_leeg() => None,
            None => Some(Toewijzingssleutel::Onbekend(r.gemeente, r.toewijzing_nummer)),
        }
    })
}

pub fn per_jeugdige(controle: &Controle<'_>) -> Groepen<Bsn> {
    Groepen::nieuw(controle.dossier, |r| {
        (controle.telt_mee_in_leverjaar(r) && r.bsn != Bsn::GEEN).then_some(r.bsn)
    })
}

pub fn per_aanbieder(dossier: &Dossier) -> Groepen<AanbiederNr> {
    Groepen::nieuw(dossier, |r| Some(r.aanbieder))
}

/// Toewijzingen by the Bsn that they name.
pub struct ToewijzingenPerJeugdige(Vec<(Bsn, ToewijzingNr)>);

impl ToewijzingenPerJeugdige {
    /// The toewijzingen with at least one line that counts in the audited year.
    pub fn nieuw(controle: &Controle<'_>, groepen: &Groepen<Toewijzingssleutel>) -> Self {
        let dossier = controle.dossier;
        let mut paren: Vec<(Bsn, ToewijzingNr)> = (0..groepen.aantal())
            .filter_map(|i| {
                let (Toewijzingssleutel::Gevonden(nr), regels) = groepen.groep(i) else {
                    return None;
                };
                regels
                    .iter()
                    .any(|r| controle.in_leverjaar(dossier.regel(*r)))
                    .then(|| (dossier.toewijzing(nr).bsn, nr))
            })
            .collect();
        paren.par_sort_unstable_by(|a, b| {
            let (x, y) = (dossier.toewijzing(a.1), dossier.toewijzing(b.1));
            (a.0, x.ingangsdatum)
                .cmp(&(b.0, y.ingangsdatum))
                .then_with(|| {
                    dossier.toewijzingnummer(x.nummer).cmp(dossier.toewijzingnummer(y.nummer))
                })
                .then_with(|| x.gemeente.cmp(&y.gemeente))
        });
        ToewijzingenPerJeugdige(paren)
    }

    /// For each jeugdige with such a toewijzing or with lines: the key and both lists.
    pub fn samen_met<'g>(
        &'g self,
        regels: &'g Groepen<Bsn>,
    ) -> Vec<(Bsn, &'g [RegelNr], Vec<ToewijzingNr>)> {
        let mut uit = Vec::with_capacity(regels.aantal());
        let mut toewijzingen = self.0.chunk_by(|a, b| a.0 == b.0).peekable();
        for i in 0..regels.aantal() {
            let (bsn, nrs) = regels.groep(i);
            while let Some(groep) = toewijzingen.next_if(|g| g[0].0 < bsn) {
                uit.push((groep[0].0, &[][..], groep.iter().map(|p| p.1).collect()));
            }
            let eigen = toewijzingen.next_if(|g| g[0].0 == bsn);
            uit.push((bsn, nrs, eigen.iter().flat_map(|g| g.iter().map(|p| p.1)).collect()));
        }
        for groep in toewijzingen {
            uit.push((groep[0].0, &[][..], groep.iter().map(|p| p.1).collect()));
        }
        uit
    }
}
