//! Lines brought together by the key of a scope and put in order, once for all rules of it.

use super::controle::Controle;
use crate::dossier::*;
use rayon::prelude::*;
use std::ops::Range;

/// Lines in groups that share a key.
pub struct Groepen {
    regels: Vec<RegelNr>,
    groepen: Vec<(u32, Range<u32>)>,
}

/// Are the lines of a group put in the order of the specification, or left as the files have them?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ordening {
    Volgorde,
    Bestand,
}

/// Lines that follow each other and have one key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reeks {
    sleutel: u32,
    begin: u32,
    lengte: u32,
}

/// Lines of which the runs are looked for together; a run that goes on in the next ones is cut.
const REGELS_PER_DEEL: usize = 1 << 16;

/// The runs of some lines, of which the first has this number.
fn reeksen(
    regels: &[Declaratieregel],
    eerste: usize,
    sleutel: impl Fn(&Declaratieregel) -> Option<u32>,
) -> Vec<Reeks> {
    let mut uit: Vec<Reeks> = Vec::new();
    let mut vorige = None;
    for (i, regel) in regels.iter().enumerate() {
        let van_regel = sleutel(regel);
        match (van_regel, uit.last_mut()) {
            (Some(_), Some(reeks)) if van_regel == vorige => reeks.lengte += 1,
            (Some(sleutel), _) => {
                uit.push(Reeks { sleutel, begin: (eerste + i) as u32, lengte: 1 });
            }
            (None, _) => {}
        }
        vorige = van_regel;
    }
    uit
}

impl Groepen {
    /// Groups the lines for which `sleutel` gives a key; groups come in the order of their keys.
    fn nieuw(
        dossier: &Dossier,
        ordening: Ordening,
        sleutel: impl Fn(&Declaratieregel) -> Option<u32> + Sync,
    ) -> Self {
        // Lines with one key often follow each other: such runs are sorted, not the lines.
        let delen: Vec<Vec<Reeks>> = dossier
            .regels
            .par_chunks(REGELS_PER_DEEL)
            .enumerate()
            .map(|(i, regels)| reeksen(regels, i * REGELS_PER_DEEL, &sleutel))
            .collect();
        let mut reeksen = delen.concat();
        drop(delen);
        reeksen.par_sort_unstable();
        let aantal: usize = reeksen.iter().map(|r| r.lengte as usize).sum();
        let mut regels: Vec<RegelNr> = Vec::with_capacity(aantal);
        let mut groepen: Vec<(u32, Range<u32>)> = Vec::new();
        for Reeks { sleutel, begin, lengte } in reeksen {
            let plaats = regels.len() as u32;
            regels.extend((begin..begin + lengte).map(RegelNr));
            match groepen.last_mut() {
                Some((vorige, bereik)) if *vorige == sleutel => bereik.end = plaats + lengte,
                _ => groepen.push((sleutel, plaats..plaats + lengte)),
            }
        }
        if ordening == Ordening::Volgorde {
            let sleutel_van = |nr: &RegelNr| sleutel(dossier.regel(*nr));
            regels
                .par_chunk_by_mut(|a, b| sleutel_van(a) == sleutel_van(b))
                .for_each(|groep| groep.sort_unstable_by(|a, b| dossier.vergelijk(*a, *b)));
        }
        Groepen { regels, groepen }
    }

    pub fn aantal(&self) -> usize {
        self.groepen.len()
    }

    /// Group `i`: its key and its lines.
    pub fn groep(&self, i: usize) -> (u32, &[RegelNr]) {
        let (k, bereik) = &self.groepen[i];
        (*k, &self.regels[bereik.start as usize..bereik.end as usize])
    }

    /// Lines of this key, empty where there are none.
    fn van(&self, sleutel: u32) -> &[RegelNr] {
        match self.groepen.binary_search_by_key(&sleutel, |(k, _)| *k) {
            Ok(i) => self.groep(i).1,
            Err(_) => &[],
        }
    }
}

/// Lines that count, by the toewijzing that they name; those of a number that no toewijzing has
/// are together by gemeente and number, behind the others, and those without a number behind all.
pub struct PerToewijzing(Groepen);

impl PerToewijzing {
    pub fn nieuw(dossier: &Dossier) -> PerToewijzing {
        let onbekend = |r: &Declaratieregel| {
            r.telt_mee() && r.toewijzing.is_none() && !r.toewijzing_nummer.is_leeg()
        };
        let mut nummers: Vec<(Gemeente, WoordNr)> = dossier
            .regels
            .par_iter()
            .filter(|r| onbekend(r))
            .map(|r| (r.gemeente, r.toewijzing_nummer))
            .collect();
        nummers.par_sort_unstable();
        nummers.dedup();
        let bekend = dossier.toewijzingen.len();
        PerToewijzing(Groepen::nieuw(dossier, Ordening::Volgorde, |r| {
            let plaats = match r.toewijzing {
                _ if !r.telt_mee() => return None,
                Some(nr) => nr.plaats(),
                None if r.toewijzing_nummer.is_leeg() => bekend + nummers.len(),
                None => bekend + nummers.binary_search(&(r.gemeente, r.toewijzing_nummer)).ok()?,
            };
            Some(u32::try_from(plaats).expect("fewer than four billion toewijzingen"))
        }))
    }

    pub fn aantal(&self) -> usize {
        self.0.aantal()
    }

    /// The toewijzingen with at least one line that counts in the audited year.
    pub fn met_levering(&self, controle: &Controle<'_>) -> Vec<ToewijzingNr> {
        let dossier = controle.dossier;
        let groepen = (0..self.aantal()).map(|i| self.groep(i, dossier));
        groepen
            .filter_map(|(nr, regels)| {
                regels.iter().any(|r| controle.in_leverjaar(dossier.regel(*r))).then_some(nr?)
            })
            .collect()
    }

    /// Group `i`: its toewijzing, if there is one, and its lines in order.
    pub fn groep(&self, i: usize, dossier: &Dossier) -> (Option<ToewijzingNr>, &[RegelNr]) {
        let (plaats, regels) = self.0.groep(i);
        let plaats = plaats as usize;
        let nr = (plaats < dossier.toewijzingen.len()).then(|| ToewijzingNr::nieuw(plaats));
        (nr, regels)
    }
}

/// Lines that count in the audited year, by Bsn, as the files have them.
pub fn per_jeugdige(controle: &Controle<'_>) -> Groepen {
    Groepen::nieuw(controle.dossier, Ordening::Bestand, |r| {
        (controle.telt_mee_in_leverjaar(r) && r.bsn != Bsn::GEEN).then_some(r.bsn.0)
    })
}

/// All lines, by aanbieder, as the files have them.
pub struct PerAanbieder(Groepen);

impl PerAanbieder {
    pub fn nieuw(dossier: &Dossier) -> PerAanbieder {
        PerAanbieder(Groepen::nieuw(dossier, Ordening::Bestand, |r| Some(r.aanbieder.0.into())))
    }

    pub fn van(&self, nr: AanbiederNr) -> &[RegelNr] {
        self.0.van(nr.0.into())
    }
}

/// Toewijzingen by the Bsn that they name.
pub struct ToewijzingenPerJeugdige(Vec<(Bsn, ToewijzingNr)>);

impl ToewijzingenPerJeugdige {
    pub fn nieuw(controle: &Controle<'_>, toewijzingen: &[ToewijzingNr]) -> Self {
        let dossier = controle.dossier;
        let mut paren: Vec<(Bsn, ToewijzingNr)> =
            toewijzingen.iter().map(|nr| (dossier.toewijzing(*nr).bsn, *nr)).collect();
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
        regels: &'g Groepen,
    ) -> Vec<(Bsn, &'g [RegelNr], Vec<ToewijzingNr>)> {
        let mut uit = Vec::with_capacity(regels.aantal());
        let mut toewijzingen = self.0.chunk_by(|a, b| a.0 == b.0).peekable();
        for i in 0..regels.aantal() {
            let (bsn, nrs) = regels.groep(i);
            let bsn = Bsn(bsn);
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
