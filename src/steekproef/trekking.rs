//! Drawing: which lines of the population are checked.

use super::SteekproefFout;
use super::opzet::{Methode, Opzet, Per};
use super::populatie::Populatie;
use crate::dossier::Cent;
use crate::ground::random::{Stroom, Worp};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Why a line is in the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hoe {
    /// For sure: as large as the interval or larger.
    Heel,
    /// By lot; with MUS by how many of its cents.
    Getrokken { keer: u32 },
}

/// One line of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// In the population.
    pub plaats: usize,
    pub id: String,
    pub bedrag: Cent,
    /// In [`Steekproef::lagen`].
    pub laag: usize,
    pub hoe: Hoe,
}

/// A part of the population that is drawn from by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laag {
    pub naam: String,
    pub regels: u64,
    pub bedrag: Cent,
    /// Lines of it in the sample.
    pub in_steekproef: u64,
}

/// The lines that were drawn, and what they stand for.
pub struct Steekproef<'a> {
    pub populatie: &'a Populatie<'a>,
    pub opzet: Opzet,
    /// With MUS: cents for each of which one is drawn; `None` where all lines are taken whole.
    pub interval: Option<Cent>,
    /// With MUS: first the lines that are taken whole, then those that are drawn from.
    pub lagen: Vec<Laag>,
    /// In the order of the population.
    pub posten: Vec<Post>,
    /// With MUS: places of the lines of € 0,00, which can't be drawn and are in no stratum.
    pub nulregels: Vec<usize>,
}

impl<'a> Steekproef<'a> {
    /// Draws; the same population and [`Opzet`] always give the same lines.
    pub fn trek(
        populatie: &'a Populatie<'a>,
        opzet: Opzet,
    ) -> Result<Steekproef<'a>, SteekproefFout> {
        let jaar = populatie.controle.jaar;
        if populatie.aantal() == 0 {
            return Err(SteekproefFout::Leeg { jaar });
        }
        let bedragen: Vec<Cent> =
            (0..populatie.aantal()).map(|p| populatie.bedrag_van(p)).collect();
        let getrokken = match opzet.methode {
            Methode::Mus if populatie.bedrag == Cent::NUL => {
                return Err(SteekproefFout::AllesNul { jaar });
            }
            Methode::Mus => mus(&bedragen, opzet),
            Methode::Aselect => {
                lijnen(&bedragen, &[("alle regels".to_owned(), alle(&bedragen))], opzet)?
            }
            Methode::Gestratificeerd(per) => lijnen(&bedragen, &lagen(populatie, per), opzet)?,
        };
        let Getrokken { interval, lagen, posten, nulregels } = getrokken;
        let posten = posten
            .into_iter()
            .map(|(plaats, laag, hoe)| Post {
                plaats,
                id: populatie.id(plaats),
                bedrag: bedragen[plaats],
                laag,
                hoe,
            })
            .collect();
        Ok(Steekproef { populatie, opzet, interval, lagen, posten, nulregels })
    }

    /// Of all lines in the sample together.
    pub fn bedrag(&self) -> Cent {
        self.posten.iter().map(|p| p.bedrag).sum()
    }
}

/// What was drawn from a list of amounts.
pub(super) struct Getrokken {
    pub(super) interval: Option<Cent>,
    pub(super) lagen: Vec<Laag>,
    /// Place, stratum and why, by place.
    pub(super) posten: Vec<(usize, usize, Hoe)>,
    nulregels: Vec<usize>,
}

fn alle(bedragen: &[Cent]) -> Vec<usize> {
    (0..bedragen.len()).collect()
}

fn laag(naam: &str, bedragen: &[Cent], plaatsen: &[usize], in_steekproef: u64) -> Laag {
    Laag {
        naam: naam.to_owned(),
        regels: plaatsen.len() as u64,
        bedrag: plaatsen.iter().map(|&p| bedragen[p]).sum(),
        in_steekproef,
    }
}

/// Monetary unit sampling by cells.
///
/// Lines are taken whole, the largest first, as long as the largest that is left is no smaller than
/// what is left to spread over the draws that are left. The rest lies end to end, cut into cells of
/// one interval (what is left over the draws that are left, rounded up to a cent); from each cell one
/// cent is drawn, and the line that it lies in is in the sample. Every cent has the same chance, one
/// in an interval, and amounts that come back every month can't fall in step with the draws, as they
/// could with one start and a fixed step.
fn mus(bedragen: &[Cent], opzet: Opzet) -> Getrokken {
    let (nulregels, mut grootste): (Vec<usize>, Vec<usize>) =
        alle(bedragen).into_iter().partition(|&p| bedragen[p] == Cent::NUL);
    grootste.sort_by_key(|&p| (Reverse(bedragen[p]), p));
    let mut rest: i128 = grootste.iter().map(|&p| i128::from(bedragen[p].0)).sum();
    let mut trekkingen = i128::from(opzet.omvang);
    let mut aantal_heel = 0;
    for &p in &grootste {
        let bedrag = i128::from(bedragen[p].0);
        if bedrag * trekkingen < rest {
            break;
        }
        rest -= bedrag;
        trekkingen -= 1;
        aantal_heel += 1;
        if rest == 0 {
            break;
        }
    }
    let mut heel = grootste[..aantal_heel].to_vec();
    let mut overige = grootste[aantal_heel..].to_vec();
    heel.sort_unstable();
    overige.sort_unstable();
    let interval = (rest > 0).then(|| {
        let interval = (rest + trekkingen - 1) / trekkingen;
        Cent(i64::try_from(interval).expect("an interval is less than all amounts together"))
    });
    let mut posten: Vec<_> = heel.iter().map(|&p| (p, 0, Hoe::Heel)).collect();
    let uit_cellen = interval.map_or(Vec::new(), |i| cellen(bedragen, &overige, i, opzet.zaad));
    let lagen = vec![
        laag("geheel gecontroleerd", bedragen, &heel, heel.len() as u64),
        laag("getrokken", bedragen, &overige, uit_cellen.len() as u64),
    ];
    posten.extend(uit_cellen.into_iter().map(|(p, keer)| (p, 1, Hoe::Getrokken { keer })));
    posten.sort_unstable_by_key(|&(p, ..)| p);
    Getrokken { interval, lagen, posten, nulregels }
}

/// The lines in which the drawn cents lie, each with how many.
fn cellen(bedragen: &[Cent], plaatsen: &[usize], interval: Cent, zaad: u64) -> Vec<(usize, u32)> {
    let mut worp = Worp::nieuw(zaad, Stroom::Steekproef, 0);
    let breedte = interval.0 as u64;
    let mut posten: Vec<(usize, u32)> = Vec::new();
    let (mut begin_van_cel, mut tot) = (0_u64, 0_u64);
    let mut cent = worp.onder(breedte);
    for &p in plaatsen {
        tot += bedragen[p].0 as u64;
        while cent < tot {
            match posten.last_mut() {
                Some((laatste, keer)) if *laatste == p => *keer += 1,
                _ => posten.push((p, 1)),
            }
            begin_van_cel += breedte;
            cent = begin_van_cel + worp.onder(breedte);
        }
    }
    posten
}

/// Lines by stratum, in the order of their names.
fn lagen(populatie: &Populatie<'_>, per: Per) -> Vec<(String, Vec<usize>)> {
    let mut lagen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for p in 0..populatie.aantal() {
        let naam = match per {
            Per::Onderdeel => populatie.onderdeel(p).map_or("onbekend", |o| o.naam()).to_owned(),
            Per::Aanbieder => populatie.controle.agb(populatie.regel(p).aanbieder).to_string(),
        };
        lagen.entry(naam).or_default().push(p);
    }
    lagen.into_iter().collect()
}

/// Lines by lot, from each stratum by itself, without putting back.
fn lijnen(
    bedragen: &[Cent],
    lagen: &[(String, Vec<usize>)],
    opzet: Opzet,
) -> Result<Getrokken, SteekproefFout> {
    let totalen: Vec<(u64, Cent)> =
        lagen.iter().map(|(_, p)| (p.len() as u64, p.iter().map(|&p| bedragen[p]).sum())).collect();
    let omvangen = verdeel(&totalen, opzet.omvang).map_err(|nodig| {
        SteekproefFout::OmvangTeKlein { omvang: opzet.omvang, lagen: lagen.len(), nodig }
    })?;
    let mut posten = Vec::new();
    for (nr, ((_, plaatsen), &omvang)) in lagen.iter().zip(&omvangen).enumerate() {
        let mut worp = Worp::nieuw(opzet.zaad, Stroom::Steekproef, nr as u64);
        posten.extend(
            kies(&mut worp, plaatsen, omvang)
                .into_iter()
                .map(|p| (p, nr, Hoe::Getrokken { keer: 1 })),
        );
    }
    posten.sort_unstable_by_key(|&(p, ..)| p);
    let lagen = lagen
        .iter()
        .zip(&omvangen)
        .map(|((naam, plaatsen), &omvang)| laag(naam, bedragen, plaatsen, omvang))
        .collect();
    Ok(Getrokken { interval: None, lagen, posten, nulregels: Vec::new() })
}

/// So many of these, each set of that size with the same chance (Knuth's algorithm S).
fn kies(worp: &mut Worp, plaatsen: &[usize], omvang: u64) -> Vec<usize> {
    let mut nodig = omvang;
    let mut gekozen = Vec::with_capacity(omvang as usize);
    for (gezien, &p) in plaatsen.iter().enumerate() {
        if worp.onder((plaatsen.len() - gezien) as u64) < nodig {
            gekozen.push(p);
            nodig -= 1;
        }
    }
    gekozen
}

/// How many lines of each stratum: two (a spread can't be estimated from one), or all where it has
/// fewer; then one at a time to the stratum with the largest amount for each line that it has in the
/// sample already, the first of equals. `Err` with the size that is needed at least.
fn verdeel(lagen: &[(u64, Cent)], omvang: u32) -> Result<Vec<u64>, u64> {
    let mut omvangen: Vec<u64> = lagen.iter().map(|(regels, _)| (*regels).min(2)).collect();
    let nodig: u64 = omvangen.iter().sum();
    let omvang = u64::from(omvang).min(lagen.iter().map(|(regels, _)| regels).sum());
    if omvang < nodig {
        return Err(nodig);
    }
    for _ in nodig..omvang {
        let last = |i: usize| i128::from(lagen[i].1.0);
        let heeft = |i: usize| i128::from(omvangen[i]);
        let eerstvolgende = (0..lagen.len())
            .filter(|&i| omvangen[i] < lagen[i].0)
            .max_by(|&a, &b| (last(a) * heeft(b)).cmp(&(last(b) * heeft(a))).then(b.cmp(&a)))
            .expect("fewer lines were given out than there are");
        omvangen[eerstvolgende] += 1;
    }
    Ok(omvangen)
}

/// A draw from amounts alone, for tests of what comes after it; strata are the lines below € 100,00
/// and the others.
#[cfg(test)]
pub(super) fn proef(bedragen: &[Cent], methode: Methode, omvang: u32, zaad: u64) -> Getrokken {
    let opzet = Opzet { methode, omvang, zaad };
    match methode {
        Methode::Mus => mus(bedragen, opzet),
        Methode::Aselect => {
            lijnen(bedragen, &[(String::new(), alle(bedragen))], opzet).expect("the size is enough")
        }
        Methode::Gestratificeerd(_) => {
            let (klein, groot) =
                alle(bedragen).into_iter().partition(|&p| bedragen[p] < Cent(10_000));
            let lagen = [("klein".to_owned(), klein), ("groot".to_owned(), groot)];
            lijnen(bedragen, &lagen, opzet).expect("the size is enough")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mus_van(centen: &[i64], omvang: u32, zaad: u64) -> Getrokken {
        let bedragen: Vec<Cent> = centen.iter().copied().map(Cent).collect();
        mus(&bedragen, Opzet { methode: Methode::Mus, omvang, zaad })
    }

    /// 1.000 in 4 draws: 600 × 4 ≥ 1.000 is taken whole, then 150 × 3 ≥ 400; 130 × 2 ≥ 250 too, and
    /// of the last 120 one is drawn, with an interval of 120.
    #[test]
    fn what_reaches_the_interval_is_taken_whole_and_the_interval_follows_the_rest() {
        let g = mus_van(&[70, 600, 0, 130, 50, 150], 4, 1);
        let heel: Vec<usize> = g.posten.iter().filter(|p| p.2 == Hoe::Heel).map(|p| p.0).collect();
        assert_eq!(heel, [1, 3, 5]);
        assert_eq!(g.interval, Some(Cent(120)));
        assert_eq!(g.nulregels, [2]);
        assert_eq!((g.lagen[0].regels, g.lagen[0].bedrag), (3, Cent(880)));
        assert_eq!(
            (g.lagen[1].regels, g.lagen[1].bedrag, g.lagen[1].in_steekproef),
            (2, Cent(120), 1)
        );
    }

    /// Of 302 cents in 3 draws 101 is taken whole; the other 201 are in 2 draws, an interval of 101
    /// that 100 doesn't reach.
    #[test]
    fn every_line_of_an_interval_or_more_is_in_whatever_the_seed() {
        for zaad in 0..200 {
            let g = mus_van(&[100, 101, 50, 51], 3, zaad);
            assert_eq!(g.interval, Some(Cent(101)));
            let heel = g.posten.iter().filter(|p| p.2 == Hoe::Heel).map(|p| p.0);
            assert_eq!(heel.collect::<Vec<_>>(), [1], "{zaad}");
        }
        let mut worp = Worp::nieuw(9, Stroom::Steekproef, 0);
        for zaad in 0..300 {
            let centen: Vec<i64> =
                (0..80).map(|_| worp.tussen(0, 40) * worp.tussen(0, 900)).collect();
            let omvang = worp.tussen(1, 90) as u32;
            let g = mus_van(&centen, omvang, zaad);
            let interval = g.interval.unwrap_or(Cent(1));
            for (plaats, cent) in centen.iter().enumerate().filter(|(_, c)| **c >= interval.0) {
                assert!(g.posten.contains(&(plaats, 0, Hoe::Heel)), "{cent} ≥ {interval}");
            }
            let trekkingen: u32 = g
                .posten
                .iter()
                .map(|p| match p.2 {
                    Hoe::Heel => 1,
                    Hoe::Getrokken { keer } => keer,
                })
                .sum();
            assert!(trekkingen <= omvang, "{trekkingen} of {omvang}");
        }
    }

    #[test]
    fn with_more_draws_than_lines_all_are_taken_whole() {
        let g = mus_van(&[5, 1, 3], 10, 1);
        assert_eq!(g.interval, None);
        assert_eq!(g.posten.len(), 3);
        assert!(g.posten.iter().all(|p| p.2 == Hoe::Heel));
    }

    /// Each cent has one chance in an interval: over many seeds a line comes up as often as its
    /// amount says. 20.000 draws of a chance of 1/5 have a standard deviation of 57.
    #[test]
    fn the_chance_of_a_line_is_its_amount_over_the_interval() {
        let centen = [20, 60, 10, 10, 50, 50];
        let mut keren = [0_u32; 6];
        for zaad in 0..20_000 {
            let g = mus_van(&centen, 2, zaad);
            assert_eq!(g.interval, Some(Cent(100)));
            for (plaats, _, hoe) in g.posten {
                let Hoe::Getrokken { keer } = hoe else { panic!("nothing reaches 100") };
                keren[plaats] += keer;
            }
        }
        for (cent, keer) in centen.iter().zip(keren) {
            let verwacht = *cent as u32 * 200;
            assert!(keer.abs_diff(verwacht) < 300, "{cent}: {keer}, not {verwacht}");
        }
    }

    #[test]
    fn any_set_of_lines_is_as_likely_as_any_other() {
        let plaatsen: Vec<usize> = (0..5).collect();
        let mut keren: BTreeMap<Vec<usize>, u32> = BTreeMap::new();
        for zaad in 0..10_000 {
            let mut worp = Worp::nieuw(zaad, Stroom::Steekproef, 0);
            *keren.entry(kies(&mut worp, &plaatsen, 2)).or_default() += 1;
        }
        // Ten sets, a thousand times each; the standard deviation is 30.
        assert_eq!(keren.len(), 10);
        assert!(keren.values().all(|k| k.abs_diff(1_000) < 150), "{keren:?}");
    }

    /// 900, 90 and 10 in 7 lines: two of each, and the seventh goes where 900 / 2 is the most.
    #[test]
    fn strata_get_two_lines_and_then_by_amount() {
        let lagen = [(50, Cent(900)), (50, Cent(90)), (50, Cent(10))];
        assert_eq!(verdeel(&lagen, 7), Ok(vec![3, 2, 2]));
        // 900 / 20 is 90 / 2: the first of equals, and then the other.
        assert_eq!(verdeel(&lagen, 25), Ok(vec![21, 2, 2]));
        assert_eq!(verdeel(&lagen, 26), Ok(vec![21, 3, 2]));
        assert_eq!(verdeel(&lagen, 5), Err(6));
        // One line is all that a stratum has; more than all lines is all of them.
        assert_eq!(verdeel(&[(1, Cent(10)), (3, Cent(10))], 3), Ok(vec![1, 2]));
        assert_eq!(verdeel(&[(1, Cent(10)), (3, Cent(10))], 99), Ok(vec![1, 3]));
    }

    #[test]
    fn the_draw_of_a_seed_never_changes() {
        let centen: Vec<i64> = (1..=40).map(|n| n * 37 % 101).collect();
        let bedragen: Vec<Cent> = centen.iter().copied().map(Cent).collect();
        let plaatsen = |g: Getrokken| -> Vec<usize> { g.posten.iter().map(|p| p.0).collect() };
        assert_eq!(plaatsen(mus_van(&centen, 8, 2023)), MUS);
        let opzet = Opzet { methode: Methode::Aselect, omvang: 8, zaad: 2023 };
        let een_laag = [(String::new(), alle(&bedragen))];
        let g = lijnen(&bedragen, &een_laag, opzet).expect("8 of 40 can be drawn");
        assert_eq!(plaatsen(g), ASELECT);
    }

    const MUS: [usize; 8] = [4, 5, 15, 17, 23, 29, 33, 39];
    const ASELECT: [usize; 8] = [1, 14, 15, 16, 27, 29, 31, 34];
}
