//! Lines brought together by the key of a scope and put in order, once for all rules of it.

use super::controle::Controle;
use crate::dossier::*;
use rayon::prelude::*;
use std::ops::Range;

/// Lines in groups that share a key.
pub struct Groepen {
    regels: Vec<RegelNr>,
    /// The key of each group, and where its lines end.
    groepen: Vec<(u64, u32)>,
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
    sleutel: u64,
    begin: u32,
    lengte: u32,
}

/// Lines of which the runs are looked for together; a run that goes on in the next ones is cut.
const REGELS_PER_DEEL: usize = 1 << 16;

/// Runs of lines, and where those begin that must be in order and aren't.
#[derive(Default)]
struct Reeksen {
    alle: Vec<Reeks>,
    ongeordend: Vec<u32>,
    /// Key and Begindatum of the line before.
    vorige: Option<(u64, Dag)>,
}

impl Reeksen {
    /// Takes the next line, with its key. `ordening` asks for lines in order.
    #[inline]
    fn neem(&mut self, dossier: &Dossier, ordening: Ordening, nr: u32, sleutel: Option<u64>) {
        let begindatum = dossier.regel(RegelNr(nr)).begindatum;
        let vorige = std::mem::replace(&mut self.vorige, sleutel.map(|s| (s, begindatum)));
        match (sleutel, self.alle.last_mut(), vorige) {
            (Some(sleutel), Some(reeks), Some((van_vorige, eerder))) if sleutel == van_vorige => {
                reeks.lengte += 1;
                // The first field of the order settles most.
                if ordening == Ordening::Volgorde
                    && eerder >= begindatum
                    && self.ongeordend.last() != Some(&reeks.begin)
                    && dossier.vergelijk(RegelNr(nr - 1), RegelNr(nr)).is_gt()
                {
                    self.ongeordend.push(reeks.begin);
                }
            }
            (Some(sleutel), ..) => self.alle.push(Reeks { sleutel, begin: nr, lengte: 1 }),
            (None, ..) => {}
        }
    }
}

/// Where the runs are of all lines for which `sleutel` gives a key, in parts of the lines.
fn reeksen(
    dossier: &Dossier,
    ordening: Ordening,
    sleutel: impl Fn(&Declaratieregel) -> Option<u64> + Sync,
) -> Vec<Reeksen> {
    let aantal = dossier.regels.len();
    (0..aantal.div_ceil(REGELS_PER_DEEL))
        .into_par_iter()
        .map(|deel| {
            let bereik = deel * REGELS_PER_DEEL..((deel + 1) * REGELS_PER_DEEL).min(aantal);
            let mut uit = Reeksen::default();
            for (nr, regel) in (bereik.start as u32..).zip(&dossier.regels[bereik]) {
                uit.neem(dossier, ordening, nr, sleutel(regel));
            }
            uit
        })
        .collect()
}

impl Groepen {
    /// Groups the lines for which `sleutel` gives a key; groups come in the order of their keys.
    /// Lines with one key often follow each other: such runs are sorted, not the lines.
    fn nieuw(
        dossier: &Dossier,
        ordening: Ordening,
        sleutel: impl Fn(&Declaratieregel) -> Option<u64> + Sync,
    ) -> Self {
        let delen = reeksen(dossier, ordening, sleutel);
        let mut reeksen: Vec<Reeks> = Vec::with_capacity(delen.iter().map(|d| d.alle.len()).sum());
        let mut ongeordend: Vec<u32> = Vec::new();
        for deel in delen {
            reeksen.extend(deel.alle);
            ongeordend.extend(deel.ongeordend);
        }
        reeksen.par_sort_unstable();
        let aantal: usize = reeksen.iter().map(|r| r.lengte as usize).sum();
        let mut uit = Groepen { regels: Vec::with_capacity(aantal), groepen: Vec::new() };
        let mut te_ordenen: Vec<usize> = Vec::new();
        for Reeks { sleutel, begin, lengte } in reeksen {
            uit.regels.extend((begin..begin + lengte).map(RegelNr));
            let einde = uit.regels.len() as u32;
            let is_ongeordend = match uit.groepen.last_mut() {
                Some((vorige, tot)) if *vorige == sleutel => {
                    *tot = einde;
                    true
                }
                _ => {
                    uit.groepen.push((sleutel, einde));
                    !ongeordend.is_empty() && ongeordend.binary_search(&begin).is_ok()
                }
            };
            let plaats = uit.groepen.len() - 1;
            if is_ongeordend && te_ordenen.last() != Some(&plaats) {
                te_ordenen.push(plaats);
            }
        }
        if ordening == Ordening::Volgorde {
            uit.orden(dossier, &te_ordenen);
        }
        uit
    }

    /// Puts the lines of these groups, of which the places ascend, in the order of the specification.
    fn orden(&mut self, dossier: &Dossier, groepen: &[usize]) {
        let bereiken: Vec<Range<usize>> = groepen.iter().map(|i| self.bereik(*i)).collect();
        let mut rest = self.regels.as_mut_slice();
        let mut begin = 0;
        let per_groep: Vec<&mut [RegelNr]> = bereiken
            .into_iter()
            .map(|bereik| {
                let vanaf = std::mem::take(&mut rest).split_at_mut(bereik.start - begin).1;
                let (groep, daarna) = vanaf.split_at_mut(bereik.len());
                (rest, begin) = (daarna, bereik.end);
                groep
            })
            .collect();
        per_groep.into_par_iter().for_each(|groep| {
            groep.sort_unstable_by(|a, b| dossier.vergelijk(*a, *b));
        });
    }

    pub fn aantal(&self) -> usize {
        self.groepen.len()
    }

    /// Places of the lines of group `i` among all.
    fn bereik(&self, i: usize) -> Range<usize> {
        let begin = if i == 0 { 0 } else { self.groepen[i - 1].1 };
        begin as usize..self.groepen[i].1 as usize
    }

    /// Group `i`: its key and its lines.
    fn groep(&self, i: usize) -> (u64, &[RegelNr]) {
        (self.groepen[i].0, &self.regels[self.bereik(i)])
    }

    /// Lines of this key, empty where there are none.
    fn van(&self, sleutel: u64) -> &[RegelNr] {
        match self.groepen.binary_search_by_key(&sleutel, |(k, _)| *k) {
            Ok(i) => self.groep(i).1,
            Err(_) => &[],
        }
    }
}

/// Live lines by the toewijzing that they name; those of a number that no toewijzing has are
/// together by gemeente and number, behind the others, and those without a number behind all.
/// Reversed lines are left out: they count nowhere.
pub struct PerToewijzing(Groepen);

/// Some groups whole, or a part of the lines of a large one.
pub struct Stuk {
    pub groepen: Range<usize>,
    /// Places of lines: see [`PerToewijzing::regels`].
    pub regels: Range<usize>,
}

impl PerToewijzing {
    /// Key of lines of a number that no toewijzing has, with the gemeente and the number in it.
    const ONBEKEND: u64 = 1 << 62;
    const ZONDER_NUMMER: u64 = 1 << 63;

    pub fn nieuw(dossier: &Dossier) -> PerToewijzing {
        PerToewijzing(Groepen::nieuw(dossier, Ordening::Volgorde, Self::sleutel))
    }

    fn sleutel(r: &Declaratieregel) -> Option<u64> {
        if !r.telt_mee() {
            return None;
        }
        Some(match r.toewijzing {
            Some(nr) => nr.plaats() as u64,
            None if r.toewijzing_nummer.is_leeg() => Self::ZONDER_NUMMER,
            None => {
                let nummer = u64::from(r.toewijzing_nummer.0);
                Self::ONBEKEND | u64::from(r.gemeente.0) << 32 | nummer
            }
        })
    }

    pub fn aantal(&self) -> usize {
        self.0.aantal()
    }

    /// Lines on a toewijzing, of all years.
    pub fn van(&self, nr: ToewijzingNr) -> &[RegelNr] {
        self.0.van(nr.plaats() as u64)
    }

    /// All lines that count, a group after the other.
    pub fn regels(&self) -> &[RegelNr] {
        &self.0.regels
    }

    /// All groups and all their lines, in pieces of about so many lines.
    pub fn stukken(&self, regels_per_stuk: usize) -> Vec<Stuk> {
        let mut stukken = Vec::new();
        let mut groepen = 0..0;
        let mut regels = 0..0;
        for i in 0..self.aantal() {
            let bereik = self.0.bereik(i);
            if bereik.len() >= regels_per_stuk {
                // Its lines are many: others can look at some of them meanwhile.
                stukken.push(Stuk { groepen, regels });
                let begin = bereik.clone().step_by(regels_per_stuk);
                stukken.extend(begin.map(|van| Stuk {
                    groepen: 0..0,
                    regels: van..(van + regels_per_stuk).min(bereik.end),
                }));
                stukken.push(Stuk { groepen: i..i + 1, regels: 0..0 });
                (groepen, regels) = (i + 1..i + 1, bereik.end..bereik.end);
                continue;
            }
            groepen.end = i + 1;
            regels.end = bereik.end;
            if regels.len() >= regels_per_stuk {
                stukken.push(Stuk { groepen, regels });
                (groepen, regels) = (i + 1..i + 1, bereik.end..bereik.end);
            }
        }
        stukken.push(Stuk { groepen, regels });
        stukken
    }

    /// Group `i`: its toewijzing, if there is one, and its lines in order.
    pub fn groep(&self, i: usize, dossier: &Dossier) -> (Option<ToewijzingNr>, &[RegelNr]) {
        let (plaats, regels) = self.0.groep(i);
        let plaats = usize::try_from(plaats).unwrap_or(usize::MAX);
        let nr = (plaats < dossier.toewijzingen.len()).then(|| ToewijzingNr::nieuw(plaats));
        (nr, regels)
    }
}

/// Lines that count in the audited year, by Bsn, as the files have them.
pub struct PerJeugdige(Groepen);

impl PerJeugdige {
    pub fn nieuw(controle: &Controle<'_>) -> PerJeugdige {
        let sleutel = |r: &Declaratieregel| Self::sleutel(controle, r);
        PerJeugdige(Groepen::nieuw(controle.dossier, Ordening::Bestand, sleutel))
    }

    pub fn van(&self, bsn: Bsn) -> &[RegelNr] {
        self.0.van(bsn.0.into())
    }

    fn sleutel(controle: &Controle<'_>, r: &Declaratieregel) -> Option<u64> {
        (controle.telt_mee_in_leverjaar(r) && r.bsn != Bsn::GEEN).then_some(r.bsn.0.into())
    }
}

/// All lines, by aanbieder, as the files have them.
pub struct PerAanbieder(Groepen);

impl PerAanbieder {
    pub fn nieuw(dossier: &Dossier) -> PerAanbieder {
        PerAanbieder(Groepen::nieuw(dossier, Ordening::Bestand, Self::sleutel))
    }

    fn sleutel(r: &Declaratieregel) -> Option<u64> {
        Some(r.aanbieder.0.into())
    }

    pub fn van(&self, nr: AanbiederNr) -> &[RegelNr] {
        self.0.van(nr.0.into())
    }

    /// Those with most lines first: then no thread is left with one of them at the end.
    pub fn grootste_eerst(&self, aanbieders: &[AanbiederNr]) -> Vec<AanbiederNr> {
        let mut volgorde = aanbieders.to_vec();
        volgorde.sort_by_key(|nr| std::cmp::Reverse(self.van(*nr).len()));
        volgorde
    }
}

/// Toewijzingen by the Bsn that they name.
pub struct ToewijzingenPerJeugdige(Vec<(Bsn, ToewijzingNr)>);

impl ToewijzingenPerJeugdige {
    pub fn nieuw(controle: &Controle<'_>, toewijzingen: &[ToewijzingNr]) -> Self {
        let dossier = controle.dossier;
        let mut gesorteerd: Vec<(Bsn, Dag, ToewijzingNr)> = toewijzingen
            .par_iter()
            .map(|nr| {
                let t = dossier.toewijzing(*nr);
                (t.bsn, t.ingangsdatum, *nr)
            })
            .collect();
        gesorteerd.par_sort_unstable();
        // Few begin on the day of another of the same jeugdige: only those are looked up again.
        for gelijk in gesorteerd.chunk_by_mut(|a, b| (a.0, a.1) == (b.0, b.1)) {
            gelijk.sort_unstable_by(|a, b| {
                let (x, y) = (dossier.toewijzing(a.2), dossier.toewijzing(b.2));
                let [van_x, van_y] = [x, y].map(|t| dossier.toewijzingnummer(t.nummer));
                van_x.cmp(van_y).then_with(|| x.gemeente.cmp(&y.gemeente))
            });
        }
        ToewijzingenPerJeugdige(gesorteerd.into_iter().map(|(bsn, _, nr)| (bsn, nr)).collect())
    }

    /// For each jeugdige with such a toewijzing or with lines: the key and both lists.
    pub fn samen_met<'g>(
        &'g self,
        regels: &'g PerJeugdige,
    ) -> Vec<(Bsn, &'g [RegelNr], Vec<ToewijzingNr>)> {
        let mut uit = Vec::with_capacity(regels.0.aantal());
        let mut toewijzingen = self.0.chunk_by(|a, b| a.0 == b.0).peekable();
        for i in 0..regels.0.aantal() {
            let (bsn, nrs) = regels.0.groep(i);
            let bsn = Bsn(bsn as u32);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_is_whole_in_one_piece_and_every_line_in_one() {
        let groottes = [3_u32, 9, 1, 40, 2, 10, 7, 25];
        let mut einde = 0;
        let groepen = groottes.iter().zip(0_u64..).map(|(n, sleutel)| {
            einde += n;
            (sleutel, einde)
        });
        let groepen: Vec<(u64, u32)> = groepen.collect();
        let regels = (0..einde).map(RegelNr).collect();
        let per_toewijzing = PerToewijzing(Groepen { regels, groepen });
        let stukken = per_toewijzing.stukken(10);
        let groepen: Vec<usize> = stukken.iter().flat_map(|s| s.groepen.clone()).collect();
        let regels: Vec<usize> = stukken.iter().flat_map(|s| s.regels.clone()).collect();
        assert_eq!(groepen, (0..groottes.len()).collect::<Vec<_>>());
        assert_eq!(regels, (0..einde as usize).collect::<Vec<_>>());
        assert!(stukken.iter().all(|s| s.regels.len() < 20), "a piece is no long piece of work");
    }
}
