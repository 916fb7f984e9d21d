//! What holds for the whole dossier: its aanbieders, its jeugdigen, and the blocks it is made in.

use super::ExampleSpec;
use super::contract::Contract;
use crate::dossier::{Bsn, Dag, Gemeente, Niveau, Onderdeel};
use crate::ground::random::{SeededRng, StreamId, fixed};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Lines of a block: blocks are made one by one, in parallel, from nothing but the plan.
pub(crate) const LINES_PER_BLOCK: u64 = 20_000;
/// Jeugdigen that a block has at hand; it needs some 1,600.
pub(crate) const JEUGDIGEN_PER_BLOCK: u64 = 2_000;
/// AGB code of the first aanbieder.
const FIRST_AGB: u32 = 98_000_000;
/// Lines for one aanbieder, on average.
const LINES_PER_AANBIEDER: u64 = 500;
const AANBIEDERS: (u64, u64) = (12, 3_000);
const HULPVERLENERS: (u64, u64) = (400, 60_000);
/// In a year: some two on a working day.
const CONTACTS_PER_HULPVERLENER: u64 = 450;
/// First of the ToewijzingNummers, and how far from it numbers are that no toewijzing has.
pub(crate) const FIRST_TOEWIJZING: u64 = 10_000_000;
pub(crate) const NO_TOEWIJZING: u64 = 50_000_000;
/// The aanbieder that a share of all lines can be given to: it may do all but dyslexia care, of which
/// each child of one Bsn has another aanbieder.
pub(crate) const LARGEST: u32 = 0;
/// Shares of lines are in 100,000ths of them.
pub(crate) const WHOLE: i64 = 100_000;
/// Toewijzingen of one jeugdige.
pub(crate) const TOEWIJZINGEN: u64 = 2;

/// An aanbieder, by what it may deliver.
#[derive(Clone, Debug)]
pub(crate) struct Aanbieder {
    pub perceel: u8,
    pub percelen: Vec<u8>,
    /// Places of the products that were contracted, for parts that are bought by product.
    pub producten: Vec<usize>,
    /// Does the contract list those?
    pub names: bool,
    pub kdc: bool,
    /// Sends its declarations late now and then.
    pub slow: bool,
    /// Euros.
    pub landelijke_omzet: u64,
}

/// A percentage, in 100,000ths.
fn share(procent: Decimal) -> i64 {
    (procent * Decimal::from(WHOLE / 100)).trunc().to_i64().unwrap_or_default()
}

impl Aanbieder {
    pub(crate) fn has(&self, perceel: u8) -> bool {
        self.perceel == perceel || self.percelen.contains(&perceel)
    }

    /// No groups of a KDC or ODC, beside which a child may have nothing else there.
    fn give_up_kdc(&mut self, contract: &Contract) {
        self.kdc = false;
        self.producten.retain(|&p| !contract.producten[p].only_kdc);
    }
}

/// Things to choose from, each with its share.
#[derive(Clone, Debug)]
pub(crate) struct Lottery<T> {
    until: Vec<u64>,
    what: Vec<T>,
}

impl<T: Copy> Lottery<T> {
    fn new(deelnemers: impl IntoIterator<Item = (T, u64)>) -> Lottery<T> {
        let mut out = Lottery { until: Vec::new(), what: Vec::new() };
        let mut sum = 0;
        for (what, weight) in deelnemers {
            sum += weight;
            out.until.push(sum);
            out.what.push(what);
        }
        out
    }

    pub(crate) fn draw(&self, rng: &mut SeededRng) -> Option<T> {
        let fate = rng.under(*self.until.last()?);
        Some(self.what[self.until.partition_point(|t| *t <= fate)])
    }

    pub(crate) fn all(&self) -> &[T] {
        &self.what
    }
}

pub(crate) struct Plan {
    pub contract: Contract,
    pub seed: u64,
    /// Lines in all.
    pub lines: u64,
    /// Planted exceptions per 100,000 lines.
    pub fouten: u64,
    /// Of 100,000 lines those of the [`LARGEST`] aanbieder, where that isn't left to the lot.
    pub largest: Option<i64>,
    pub niveau: Niveau,
    pub aanbieders: Vec<Aanbieder>,
    /// The test numbers that pass the elfproef.
    pub bsns: Vec<u32>,
    per_onderdeel: Vec<(Onderdeel, Lottery<u32>)>,
    /// Gemeenten that take part in all, and all of them.
    pub places: Lottery<Gemeente>,
    pub all_places: Lottery<Gemeente>,
    pub first_dag: Dag,
    pub last_dag: Dag,
}

const ONDERDELEN: [Onderdeel; 5] = [
    Onderdeel::Ambulant,
    Onderdeel::Groepsaanbod,
    Onderdeel::Voorziening,
    Onderdeel::Verblijf,
    Onderdeel::Ed,
];

impl Plan {
    pub(crate) fn new(contract: Contract, spec: &ExampleSpec) -> Plan {
        let (seed, lines) = (spec.seed, spec.lines);
        let largest = spec.largest.map(share);
        let count = (lines / LINES_PER_AANBIEDER).clamp(AANBIEDERS.0, AANBIEDERS.1);
        let mut aanbieders: Vec<Aanbieder> =
            (0..count).map(|id| aanbieder(&contract, seed, id)).collect();
        if largest.is_some() {
            aanbieders[LARGEST as usize].give_up_kdc(&contract);
        }
        let per_onderdeel = ONDERDELEN.map(|onderdeel| {
            let can = |a: &Aanbieder| {
                contract.percelen_of(onderdeel).iter().any(|p| a.has(*p))
                    && (matches!(onderdeel, Onderdeel::Ambulant | Onderdeel::Ed)
                        || a.producten
                            .iter()
                            .any(|&p| contract.producten[p].onderdeel == onderdeel))
            };
            // What the largest gets isn't left to the lot.
            let first = largest.map_or(0, |_| LARGEST as usize + 1);
            let ids = (first..aanbieders.len()).filter(|&i| can(&aanbieders[i]));
            // Zipf: the second has half of what the first has, the third a third.
            let lotten = ids.enumerate().map(|(rank, i)| (i as u32, 1_000_000 / (rank as u64 + 2)));
            (onderdeel, Lottery::new(lotten))
        });
        let at = |all: bool| {
            let places = contract.places.iter().filter(|p| all || p.onderdelen.is_none());
            Lottery::new(places.map(|p| (p.gemeente, p.weight)))
        };
        let dag = |maand, dag| Dag::from_jmd(contract.jaar, maand, dag).expect("a day of the year");
        Plan {
            seed,
            lines,
            fouten: share(spec.fouten) as u64,
            largest,
            niveau: spec.niveau,
            bsns: (999_900_006..=999_999_990).filter(|n| Bsn(*n).is_valid()).collect(),
            per_onderdeel: per_onderdeel.into(),
            places: at(false),
            all_places: at(true),
            first_dag: dag(1, 1),
            last_dag: dag(12, 31),
            aanbieders,
            contract,
        }
    }

    pub(crate) fn blocks(&self) -> u64 {
        self.lines.div_ceil(LINES_PER_BLOCK)
    }

    pub(crate) fn lines_of_block(&self, block: u64) -> u64 {
        (self.lines - block * LINES_PER_BLOCK).min(LINES_PER_BLOCK)
    }

    pub(crate) fn agb(&self, aanbieder: u32) -> u32 {
        FIRST_AGB + aanbieder
    }

    pub(crate) fn of_onderdeel(&self, onderdeel: Onderdeel) -> &Lottery<u32> {
        let found = self.per_onderdeel.iter().find(|(o, _)| *o == onderdeel);
        &found.expect("a part that is made").1
    }

    /// Date of birth of the child with the Bsn at this place: all are minors in the year.
    pub(crate) fn geboren(&self, bsn: usize) -> Dag {
        let n = fixed(self.seed, StreamId::Jeugdige, bsn as u64);
        let jaar = self.contract.jaar - 1 - (n % 16) as i32;
        let begin = Dag::from_jmd(jaar, 1, 1).expect("a day of the year");
        begin.plus_dagen((n >> 8) as i64 & 0xff)
    }

    /// How many hulpverleners an aanbieder chooses from: at level contact so many that none of the
    /// largest has more on a day than a day holds.
    pub(crate) fn hulpverleners(&self) -> u64 {
        match self.niveau {
            Niveau::Maand => HULPVERLENERS.0,
            Niveau::Contact => {
                (self.lines / CONTACTS_PER_HULPVERLENER).clamp(HULPVERLENERS.0, HULPVERLENERS.1)
            }
        }
    }

    /// When an aanbieder's declaration about a month came in: mostly the next month, all of it
    /// within a month and a half.
    pub(crate) fn ontvangen(&self, aanbieder: u32, maandeinde: Dag) -> Dag {
        let key = u64::from(aanbieder) << 32 | maandeinde.dagen_since_1970() as u64;
        let n = fixed(self.seed, StreamId::Ontvangst, key);
        let slow = self.aanbieders[aanbieder as usize].slow && n.is_multiple_of(7);
        maandeinde.plus_dagen(if slow {
            35 + (n >> 8) as i64 % 20
        } else {
            4 + (n >> 8) as i64 % 20
        })
    }

    /// When what an aanbieder sent about a month was put right: a month later.
    pub(crate) fn gecorrigeerd(&self, aanbieder: u32, maandeinde: Dag) -> Dag {
        let first = self.ontvangen(aanbieder, maandeinde);
        let next = self.ontvangen(aanbieder, maandeinde.plus_dagen(1).maandeinde());
        if next > first { next } else { first.plus_dagen(28) }
    }

    /// Last year's turnover, in cents, of an aanbieder with this one: within 2% of it.
    pub(crate) fn omzet_vorig_jaar(&self, aanbieder: u32, now: i64) -> i64 {
        let n = fixed(self.seed, StreamId::Omzet, u64::from(aanbieder)) % 41;
        (i128::from(now) * (980 + i128::from(n)) / 1000) as i64
    }
}

fn aanbieder(contract: &Contract, seed: u64, id: u64) -> Aanbieder {
    let mut rng = SeededRng::new(seed, StreamId::Aanbieder, id);
    let ambulant = contract.percelen_of(Onderdeel::Ambulant);
    // Of each kind one, for the smallest dossiers; then by lot.
    let probability = |rng: &mut SeededRng, onderdeel, fixed: &[u64], procent| {
        let percelen = contract.percelen_of(onderdeel);
        let does = rng.probability(procent) || fixed.contains(&id);
        percelen.first().copied().filter(|_| does && id != 5)
    };
    let perceel = match (id, rng.under(100)) {
        (0, _) => 1,
        (1 | 5 | 6, _) | (_, 0..55) => 0,
        (_, 55..63) => 1,
        (_, 63..90) => 2,
        (_, 90..95) => 3,
        _ => 4,
    };
    let perceel = ambulant[perceel.min(ambulant.len() - 1)];
    let group = probability(&mut rng, Onderdeel::Groepsaanbod, &[0, 1, 2, 6, 7], 35);
    let voorziening = probability(&mut rng, Onderdeel::Voorziening, &[0, 3], 8);
    let verblijf = probability(&mut rng, Onderdeel::Verblijf, &[0, 1, 4, 6], 20);
    let ed = probability(&mut rng, Onderdeel::Ed, &[2, 3, 4], 12);
    let kdc = group.is_some() && rng.probability(15);
    let system = ambulant.get(1) == Some(&perceel);
    let may = |p: usize| {
        let product = &contract.producten[p];
        (kdc || !product.only_kdc) && (system || !product.hoogspecialistisch)
    };
    let mut producten = Vec::new();
    for (onderdeel, does) in [
        (Onderdeel::Groepsaanbod, group),
        (Onderdeel::Voorziening, voorziening),
        (Onderdeel::Verblijf, verblijf),
    ] {
        let may: Vec<usize> = contract.of_onderdeel(onderdeel).filter(|&p| may(p)).collect();
        if does.is_none() || may.is_empty() {
            continue;
        }
        let one = *rng.choose(&may);
        producten.extend(may.into_iter().filter(|&p| p == one || rng.probability(60)));
    }
    let threshold = contract.limits.omzet_perceel_2.0 as u64 / 100;
    Aanbieder {
        perceel,
        percelen: [group, voorziening, verblijf, ed].into_iter().flatten().collect(),
        names: !producten.is_empty() && (id == 6 || rng.probability(70)),
        producten,
        kdc,
        slow: rng.probability(10),
        landelijke_omzet: if system { 2 * threshold } else { 300_000 + rng.under(4_000) * 1_000 },
    }
}
