//! Drawing: which lines of the population are checked.

use super::SteekproefError;
use super::design::{Method, SampleDesign, StratifyBy};
use super::population::Population;
use crate::dossier::Cent;
use crate::ground::random::{SeededRng, StreamId};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Why a line is in the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// For sure: as large as the interval or larger.
    Whole,
    /// By lot; with MUS by how many of its cents.
    Drawn { times: u32 },
}

/// One line of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SampledLine {
    /// In the population.
    pub place: usize,
    pub id: String,
    pub bedrag: Cent,
    /// In [`Steekproef::strata`].
    pub stratum: usize,
    pub how: Selection,
}

/// A part of the population that is drawn from by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stratum {
    pub name: String,
    pub lines: u64,
    pub bedrag: Cent,
    /// Lines of it in the sample.
    pub in_steekproef: u64,
}

/// The lines that were drawn, and what they stand for.
pub(crate) struct Steekproef<'a> {
    pub population: &'a Population<'a>,
    pub design: SampleDesign,
    /// With MUS: cents for each of which one is drawn; `None` where all lines are taken whole.
    pub interval: Option<Cent>,
    /// With MUS: first the lines that are taken whole, then those that are drawn from.
    pub strata: Vec<Stratum>,
    /// In the order of the population.
    pub posten: Vec<SampledLine>,
    /// With MUS: places of the lines of € 0,00, which can't be drawn and are in no stratum.
    pub zero_lines: Vec<usize>,
}

impl<'a> Steekproef<'a> {
    /// Draws; the same population and [`SampleDesign`] always give the same lines.
    pub(crate) fn draw(
        population: &'a Population<'a>,
        design: SampleDesign,
    ) -> Result<Steekproef<'a>, SteekproefError> {
        let jaar = population.context.jaar;
        if population.count() == 0 {
            return Err(match design.aanbieder {
                Some(agb) => SteekproefError::NothingOfAanbieder { agb, jaar },
                None => SteekproefError::Empty { jaar },
            });
        }
        let bedragen: Vec<Cent> =
            (0..population.count()).map(|p| population.bedrag_of(p)).collect();
        let drawn = match design.methode {
            Method::Mus if population.bedrag == Cent::ZERO => {
                return Err(SteekproefError::AllZero { jaar });
            }
            Method::Mus => mus(&bedragen, design),
            Method::Aselect => {
                lines(&bedragen, &[("alle declaratieregels".to_owned(), all(&bedragen))], design)?
            }
            Method::Gestratificeerd(per) => lines(&bedragen, &strata(population, per), design)?,
        };
        let Drawn { interval, strata: lagen, posten, zero_lines } = drawn;
        let posten = posten
            .into_iter()
            .map(|(place, stratum, how)| SampledLine {
                place,
                id: population.id(place),
                bedrag: bedragen[place],
                stratum,
                how,
            })
            .collect();
        Ok(Steekproef { population, design, interval, strata: lagen, posten, zero_lines })
    }

    /// Of all lines in the sample together.
    pub(crate) fn bedrag(&self) -> Cent {
        self.posten.iter().map(|p| p.bedrag).sum()
    }
}

/// What was drawn from a list of amounts.
pub(super) struct Drawn {
    pub(super) interval: Option<Cent>,
    pub(super) strata: Vec<Stratum>,
    /// Place, stratum and why, by place.
    pub(super) posten: Vec<(usize, usize, Selection)>,
    zero_lines: Vec<usize>,
}

fn all(bedragen: &[Cent]) -> Vec<usize> {
    (0..bedragen.len()).collect()
}

fn stratum(name: &str, bedragen: &[Cent], places: &[usize], in_steekproef: u64) -> Stratum {
    Stratum {
        name: name.to_owned(),
        lines: places.len() as u64,
        bedrag: places.iter().map(|&p| bedragen[p]).sum(),
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
fn mus(bedragen: &[Cent], design: SampleDesign) -> Drawn {
    let (zero_lines, mut largest): (Vec<usize>, Vec<usize>) =
        all(bedragen).into_iter().partition(|&p| bedragen[p] == Cent::ZERO);
    largest.sort_by_key(|&p| (Reverse(bedragen[p]), p));
    let mut rest: i128 = largest.iter().map(|&p| i128::from(bedragen[p].0)).sum();
    let mut drawings = i128::from(design.size);
    let mut whole_count = 0;
    for &p in &largest {
        let bedrag = i128::from(bedragen[p].0);
        if bedrag * drawings < rest {
            break;
        }
        rest -= bedrag;
        drawings -= 1;
        whole_count += 1;
        if rest == 0 {
            break;
        }
    }
    let mut whole = largest[..whole_count].to_vec();
    let mut overige = largest[whole_count..].to_vec();
    whole.sort_unstable();
    overige.sort_unstable();
    let interval = (rest > 0).then(|| {
        let interval = (rest + drawings - 1) / drawings;
        Cent(i64::try_from(interval).expect("an interval is less than all amounts together"))
    });
    let mut posten: Vec<_> = whole.iter().map(|&p| (p, 0, Selection::Whole)).collect();
    let from_cells = interval.map_or(Vec::new(), |i| cells(bedragen, &overige, i, design.seed));
    let strata = vec![
        stratum("geheel gecontroleerd", bedragen, &whole, whole.len() as u64),
        stratum("getrokken", bedragen, &overige, from_cells.len() as u64),
    ];
    posten.extend(from_cells.into_iter().map(|(p, times)| (p, 1, Selection::Drawn { times })));
    posten.sort_unstable_by_key(|&(p, ..)| p);
    Drawn { interval, strata, posten, zero_lines }
}

/// The lines in which the drawn cents lie, each with how many.
fn cells(bedragen: &[Cent], places: &[usize], interval: Cent, seed: u64) -> Vec<(usize, u32)> {
    let mut rng = SeededRng::new(seed, StreamId::Steekproef, 0);
    let width = interval.0 as u64;
    let mut posten: Vec<(usize, u32)> = Vec::new();
    let (mut begin_of_cell, mut until) = (0_u64, 0_u64);
    let mut cent = rng.under(width);
    for &p in places {
        until += bedragen[p].0 as u64;
        while cent < until {
            match posten.last_mut() {
                Some((last, times)) if *last == p => *times += 1,
                _ => posten.push((p, 1)),
            }
            begin_of_cell += width;
            cent = begin_of_cell + rng.under(width);
        }
    }
    posten
}

/// Lines by stratum, in the order of their names.
fn strata(population: &Population<'_>, per: StratifyBy) -> Vec<(String, Vec<usize>)> {
    let mut lagen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for p in 0..population.count() {
        let name = match per {
            StratifyBy::Onderdeel => {
                population.onderdeel(p).map_or("onbekend", |o| o.name()).to_owned()
            }
            StratifyBy::Aanbieder => {
                population.context.agb(population.line(p).aanbieder).to_string()
            }
        };
        lagen.entry(name).or_default().push(p);
    }
    lagen.into_iter().collect()
}

/// Lines by lot, from each stratum by itself, without putting back.
fn lines(
    bedragen: &[Cent],
    strata: &[(String, Vec<usize>)],
    design: SampleDesign,
) -> Result<Drawn, SteekproefError> {
    let totals: Vec<(u64, Cent)> = strata
        .iter()
        .map(|(_, p)| (p.len() as u64, p.iter().map(|&p| bedragen[p]).sum()))
        .collect();
    let omvangen = divide(&totals, design.size).map_err(|needed| {
        SteekproefError::SizeTooSmall { size: design.size, strata: strata.len(), needs: needed }
    })?;
    let mut posten = Vec::new();
    for (id, ((_, places), &size)) in strata.iter().zip(&omvangen).enumerate() {
        let mut rng = SeededRng::new(design.seed, StreamId::Steekproef, id as u64);
        posten.extend(
            choose(&mut rng, places, size)
                .into_iter()
                .map(|p| (p, id, Selection::Drawn { times: 1 })),
        );
    }
    posten.sort_unstable_by_key(|&(p, ..)| p);
    let strata = strata
        .iter()
        .zip(&omvangen)
        .map(|((name, places), &size)| stratum(name, bedragen, places, size))
        .collect();
    Ok(Drawn { interval: None, strata, posten, zero_lines: Vec::new() })
}

/// So many of these, each set of that size with the same chance (Knuth's algorithm S).
fn choose(rng: &mut SeededRng, places: &[usize], size: u64) -> Vec<usize> {
    let mut needed = size;
    let mut chosen = Vec::with_capacity(size as usize);
    for (seen, &p) in places.iter().enumerate() {
        if rng.under((places.len() - seen) as u64) < needed {
            chosen.push(p);
            needed -= 1;
        }
    }
    chosen
}

/// How many lines of each stratum: two (a spread can't be estimated from one), or all where it has
/// fewer; then one at a time to the stratum with the largest amount for each line that it has in the
/// sample already, the first of equals. `Err` with the size that is needed at least.
fn divide(strata: &[(u64, Cent)], size: u32) -> Result<Vec<u64>, u64> {
    let mut omvangen: Vec<u64> = strata.iter().map(|(lines, _)| (*lines).min(2)).collect();
    let needed: u64 = omvangen.iter().sum();
    let size = u64::from(size).min(strata.iter().map(|(lines, _)| lines).sum());
    if size < needed {
        return Err(needed);
    }
    for _ in needed..size {
        let last = |i: usize| i128::from(strata[i].1.0);
        let has = |i: usize| i128::from(omvangen[i]);
        let eerstvolgende = (0..strata.len())
            .filter(|&i| omvangen[i] < strata[i].0)
            .max_by(|&a, &b| (last(a) * has(b)).cmp(&(last(b) * has(a))).then(b.cmp(&a)))
            .expect("fewer lines were given out than there are");
        omvangen[eerstvolgende] += 1;
    }
    Ok(omvangen)
}

/// A draw from amounts alone, for tests of what comes after it; strata are the lines below € 100,00
/// and the others.
#[cfg(test)]
pub(super) fn trial_draw(bedragen: &[Cent], methode: Method, size: u32, seed: u64) -> Drawn {
    let design = SampleDesign { methode, size, seed, aanbieder: None };
    match methode {
        Method::Mus => mus(bedragen, design),
        Method::Aselect => {
            lines(bedragen, &[(String::new(), all(bedragen))], design).expect("the size is enough")
        }
        Method::Gestratificeerd(_) => {
            let (small, large) =
                all(bedragen).into_iter().partition(|&p| bedragen[p] < Cent(10_000));
            let strata = [("klein".to_owned(), small), ("groot".to_owned(), large)];
            lines(bedragen, &strata, design).expect("the size is enough")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mus_of(centen: &[i64], size: u32, seed: u64) -> Drawn {
        let bedragen: Vec<Cent> = centen.iter().copied().map(Cent).collect();
        mus(&bedragen, SampleDesign { methode: Method::Mus, size, seed, aanbieder: None })
    }

    /// 1.000 in 4 draws: 600 × 4 ≥ 1.000 is taken whole, then 150 × 3 ≥ 400; 130 × 2 ≥ 250 too, and
    /// of the last 120 one is drawn, with an interval of 120.
    #[test]
    fn what_reaches_the_interval_is_taken_whole_and_the_interval_follows_the_rest() {
        let g = mus_of(&[70, 600, 0, 130, 50, 150], 4, 1);
        let whole: Vec<usize> =
            g.posten.iter().filter(|p| p.2 == Selection::Whole).map(|p| p.0).collect();
        assert_eq!(whole, [1, 3, 5]);
        assert_eq!(g.interval, Some(Cent(120)));
        assert_eq!(g.zero_lines, [2]);
        assert_eq!((g.strata[0].lines, g.strata[0].bedrag), (3, Cent(880)));
        assert_eq!(
            (g.strata[1].lines, g.strata[1].bedrag, g.strata[1].in_steekproef),
            (2, Cent(120), 1)
        );
    }

    /// Of 302 cents in 3 draws 101 is taken whole; the other 201 are in 2 draws, an interval of 101
    /// that 100 doesn't reach.
    #[test]
    fn every_line_of_an_interval_or_more_is_in_whatever_the_seed() {
        for seed in 0..200 {
            let g = mus_of(&[100, 101, 50, 51], 3, seed);
            assert_eq!(g.interval, Some(Cent(101)));
            let whole = g.posten.iter().filter(|p| p.2 == Selection::Whole).map(|p| p.0);
            assert_eq!(whole.collect::<Vec<_>>(), [1], "{seed}");
        }
        let mut rng = SeededRng::new(9, StreamId::Steekproef, 0);
        for seed in 0..300 {
            let centen: Vec<i64> =
                (0..80).map(|_| rng.between(0, 40) * rng.between(0, 900)).collect();
            let size = rng.between(1, 90) as u32;
            let g = mus_of(&centen, size, seed);
            let interval = g.interval.unwrap_or(Cent(1));
            for (place, cent) in centen.iter().enumerate().filter(|(_, c)| **c >= interval.0) {
                assert!(g.posten.contains(&(place, 0, Selection::Whole)), "{cent} ≥ {interval}");
            }
            let drawings: u32 = g
                .posten
                .iter()
                .map(|p| match p.2 {
                    Selection::Whole => 1,
                    Selection::Drawn { times } => times,
                })
                .sum();
            assert!(drawings <= size, "{drawings} of {size}");
        }
    }

    #[test]
    fn with_more_draws_than_lines_all_are_taken_whole() {
        let g = mus_of(&[5, 1, 3], 10, 1);
        assert_eq!(g.interval, None);
        assert_eq!(g.posten.len(), 3);
        assert!(g.posten.iter().all(|p| p.2 == Selection::Whole));
    }

    /// Each cent has one chance in an interval: over many seeds a line comes up as often as its
    /// amount says. 20.000 draws of a chance of 1/5 have a standard deviation of 57.
    #[test]
    fn the_chance_of_a_line_is_its_amount_over_the_interval() {
        let centen = [20, 60, 10, 10, 50, 50];
        let mut keren = [0_u32; 6];
        for seed in 0..20_000 {
            let g = mus_of(&centen, 2, seed);
            assert_eq!(g.interval, Some(Cent(100)));
            for (place, _, how) in g.posten {
                let Selection::Drawn { times } = how else { panic!("nothing reaches 100") };
                keren[place] += times;
            }
        }
        for (cent, times) in centen.iter().zip(keren) {
            let expected = *cent as u32 * 200;
            assert!(times.abs_diff(expected) < 300, "{cent}: {times}, not {expected}");
        }
    }

    #[test]
    fn any_set_of_lines_is_as_likely_as_any_other() {
        let places: Vec<usize> = (0..5).collect();
        let mut times: BTreeMap<Vec<usize>, u32> = BTreeMap::new();
        for seed in 0..10_000 {
            let mut rng = SeededRng::new(seed, StreamId::Steekproef, 0);
            *times.entry(choose(&mut rng, &places, 2)).or_default() += 1;
        }
        // Ten sets, a thousand times each; the standard deviation is 30.
        assert_eq!(times.len(), 10);
        assert!(times.values().all(|k| k.abs_diff(1_000) < 150), "{times:?}");
    }

    /// 900, 90 and 10 in 7 lines: two of each, and the seventh goes where 900 / 2 is the most.
    #[test]
    fn strata_get_two_lines_and_then_by_amount() {
        let strata = [(50, Cent(900)), (50, Cent(90)), (50, Cent(10))];
        assert_eq!(divide(&strata, 7), Ok(vec![3, 2, 2]));
        // 900 / 20 is 90 / 2: the first of equals, and then the other.
        assert_eq!(divide(&strata, 25), Ok(vec![21, 2, 2]));
        assert_eq!(divide(&strata, 26), Ok(vec![21, 3, 2]));
        assert_eq!(divide(&strata, 5), Err(6));
        // One line is all that a stratum has; more than all lines is all of them.
        assert_eq!(divide(&[(1, Cent(10)), (3, Cent(10))], 3), Ok(vec![1, 2]));
        assert_eq!(divide(&[(1, Cent(10)), (3, Cent(10))], 99), Ok(vec![1, 3]));
    }

    #[test]
    fn the_draw_of_a_seed_never_changes() {
        let centen: Vec<i64> = (1..=40).map(|n| n * 37 % 101).collect();
        let bedragen: Vec<Cent> = centen.iter().copied().map(Cent).collect();
        let places = |g: Drawn| -> Vec<usize> { g.posten.iter().map(|p| p.0).collect() };
        assert_eq!(places(mus_of(&centen, 8, 2023)), MUS);
        let design =
            SampleDesign { methode: Method::Aselect, size: 8, seed: 2023, aanbieder: None };
        let one_stratum = [(String::new(), all(&bedragen))];
        let g = lines(&bedragen, &one_stratum, design).expect("8 of 40 can be drawn");
        assert_eq!(places(g), ASELECT);
    }

    const MUS: [usize; 8] = [4, 5, 15, 17, 23, 29, 33, 39];
    const ASELECT: [usize; 8] = [1, 14, 15, 16, 27, 29, 31, 34];
}
