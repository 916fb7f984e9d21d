//! What holds for the whole dossier: its aanbieders, its jeugdigen, and the blocks it is made in.

use super::contract::Contract;
use crate::dossier::{Bsn, Dag, Gemeente, Onderdeel};
use crate::ground::random::{Stroom, Worp, vast};

/// Lines of a block: blocks are made one by one, in parallel, from nothing but the plan.
pub const REGELS_PER_BLOK: u64 = 20_000;
/// Jeugdigen that a block has at hand; it needs some 1,600.
pub const JEUGDIGEN_PER_BLOK: u64 = 2_000;
/// AGB code of the first aanbieder.
const EERSTE_AGB: u32 = 98_000_000;
/// Lines for one aanbieder, on average.
const REGELS_PER_AANBIEDER: u64 = 500;
const AANBIEDERS: (u64, u64) = (12, 3_000);
/// First of the ToewijzingNummers, and how far from it numbers are that no toewijzing has.
pub const EERSTE_TOEWIJZING: u64 = 10_000_000;
pub const GEEN_TOEWIJZING: u64 = 50_000_000;
/// Toewijzingen of one jeugdige.
pub const TOEWIJZINGEN: u64 = 2;

/// An aanbieder, by what it may deliver.
#[derive(Clone, Debug)]
pub struct Aanbieder {
    pub perceel: u8,
    pub percelen: Vec<u8>,
    /// Places of the products that were contracted, for parts that are bought by product.
    pub producten: Vec<usize>,
    /// Does the contract list those?
    pub noemt: bool,
    pub kdc: bool,
    /// Sends its declarations late now and then.
    pub traag: bool,
    /// Euros.
    pub landelijke_omzet: u64,
}

impl Aanbieder {
    pub fn heeft(&self, perceel: u8) -> bool {
        self.perceel == perceel || self.percelen.contains(&perceel)
    }
}

/// Things to choose from, each with its share.
#[derive(Clone, Debug)]
pub struct Loterij<T> {
    tot: Vec<u64>,
    wat: Vec<T>,
}

impl<T: Copy> Loterij<T> {
    fn nieuw(deelnemers: impl IntoIterator<Item = (T, u64)>) -> Loterij<T> {
        let mut uit = Loterij { tot: Vec::new(), wat: Vec::new() };
        let mut som = 0;
        for (wat, gewicht) in deelnemers {
            som += gewicht;
            uit.tot.push(som);
            uit.wat.push(wat);
        }
        uit
    }

    pub fn trek(&self, worp: &mut Worp) -> Option<T> {
        let lot = worp.onder(*self.tot.last()?);
        Some(self.wat[self.tot.partition_point(|t| *t <= lot)])
    }

    pub fn alle(&self) -> &[T] {
        &self.wat
    }
}

pub struct Plan {
    pub contract: Contract,
    pub zaad: u64,
    /// Lines in all.
    pub regels: u64,
    /// Planted exceptions per 100,000 lines.
    pub fouten: u64,
    pub aanbieders: Vec<Aanbieder>,
    /// The test numbers that pass the elfproef.
    pub bsns: Vec<u32>,
    per_onderdeel: Vec<(Onderdeel, Loterij<u32>)>,
    /// Gemeenten that take part in all, and all of them.
    pub plaatsen: Loterij<Gemeente>,
    pub alle_plaatsen: Loterij<Gemeente>,
    pub eerste_dag: Dag,
    pub laatste_dag: Dag,
}

const ONDERDELEN: [Onderdeel; 5] = [
    Onderdeel::Ambulant,
    Onderdeel::Groepsaanbod,
    Onderdeel::Voorziening,
    Onderdeel::Verblijf,
    Onderdeel::Ed,
];

impl Plan {
    pub fn nieuw(contract: Contract, zaad: u64, regels: u64, fouten: u64) -> Plan {
        let aantal = (regels / REGELS_PER_AANBIEDER).clamp(AANBIEDERS.0, AANBIEDERS.1);
        let aanbieders: Vec<Aanbieder> =
            (0..aantal).map(|nr| aanbieder(&contract, zaad, nr)).collect();
        let per_onderdeel = ONDERDELEN.map(|onderdeel| {
            let kan = |a: &Aanbieder| {
                contract.percelen_van(onderdeel).iter().any(|p| a.heeft(*p))
                    && (matches!(onderdeel, Onderdeel::Ambulant | Onderdeel::Ed)
                        || a.producten
                            .iter()
                            .any(|&p| contract.producten[p].onderdeel == onderdeel))
            };
            let nummers = (0..aanbieders.len()).filter(|&i| kan(&aanbieders[i]));
            // Zipf: the second has half of what the first has, the third a third.
            let lotten =
                nummers.enumerate().map(|(rang, i)| (i as u32, 1_000_000 / (rang as u64 + 2)));
            (onderdeel, Loterij::nieuw(lotten))
        });
        let bij = |alle: bool| {
            let plaatsen = contract.plaatsen.iter().filter(|p| alle || p.onderdelen.is_none());
            Loterij::nieuw(plaatsen.map(|p| (p.gemeente, p.gewicht)))
        };
        let dag = |maand, dag| Dag::van_jmd(contract.jaar, maand, dag).expect("a day of the year");
        Plan {
            zaad,
            regels,
            fouten,
            bsns: (999_900_006..=999_999_990).filter(|n| Bsn(*n).is_geldig()).collect(),
            per_onderdeel: per_onderdeel.into(),
            plaatsen: bij(false),
            alle_plaatsen: bij(true),
            eerste_dag: dag(1, 1),
            laatste_dag: dag(12, 31),
            aanbieders,
            contract,
        }
    }

    pub fn blokken(&self) -> u64 {
        self.regels.div_ceil(REGELS_PER_BLOK)
    }

    pub fn regels_van_blok(&self, blok: u64) -> u64 {
        (self.regels - blok * REGELS_PER_BLOK).min(REGELS_PER_BLOK)
    }

    pub fn agb(&self, aanbieder: u32) -> u32 {
        EERSTE_AGB + aanbieder
    }

    pub fn van_onderdeel(&self, onderdeel: Onderdeel) -> &Loterij<u32> {
        let gevonden = self.per_onderdeel.iter().find(|(o, _)| *o == onderdeel);
        &gevonden.expect("a part that is made").1
    }

    /// Date of birth of the child with the Bsn at this place: all are minors in the year.
    pub fn geboren(&self, bsn: usize) -> Dag {
        let n = vast(self.zaad, Stroom::Jeugdige, bsn as u64);
        let jaar = self.contract.jaar - 1 - (n % 16) as i32;
        let begin = Dag::van_jmd(jaar, 1, 1).expect("a day of the year");
        begin.plus_dagen((n >> 8) as i64 & 0xff)
    }

    /// When an aanbieder's declaration about a month came in: mostly the next month, all of it
    /// within a month and a half.
    pub fn ontvangen(&self, aanbieder: u32, maandeinde: Dag) -> Dag {
        let sleutel = u64::from(aanbieder) << 32 | maandeinde.dagen_sinds_1970() as u64;
        let n = vast(self.zaad, Stroom::Ontvangst, sleutel);
        let traag = self.aanbieders[aanbieder as usize].traag && n.is_multiple_of(7);
        maandeinde.plus_dagen(if traag {
            35 + (n >> 8) as i64 % 20
        } else {
            4 + (n >> 8) as i64 % 20
        })
    }

    /// When what an aanbieder sent about a month was put right: a month later.
    pub fn gecorrigeerd(&self, aanbieder: u32, maandeinde: Dag) -> Dag {
        let eerst = self.ontvangen(aanbieder, maandeinde);
        let volgende = self.ontvangen(aanbieder, maandeinde.plus_dagen(1).maandeinde());
        if volgende > eerst { volgende } else { eerst.plus_dagen(28) }
    }

    /// Last year's turnover, in cents, of an aanbieder with this one: within 2% of it.
    pub fn omzet_vorig_jaar(&self, aanbieder: u32, nu: i64) -> i64 {
        let n = vast(self.zaad, Stroom::Omzet, u64::from(aanbieder)) % 41;
        (i128::from(nu) * (980 + i128::from(n)) / 1000) as i64
    }
}

fn aanbieder(contract: &Contract, zaad: u64, nr: u64) -> Aanbieder {
    let mut worp = Worp::nieuw(zaad, Stroom::Aanbieder, nr);
    let ambulant = contract.percelen_van(Onderdeel::Ambulant);
    // Of each kind one, for the smallest dossiers; then by lot.
    let kans = |worp: &mut Worp, onderdeel, vast: &[u64], procent| {
        let percelen = contract.percelen_van(onderdeel);
        let wel = worp.kans(procent) || vast.contains(&nr);
        percelen.first().copied().filter(|_| wel && nr != 5)
    };
    let perceel = match (nr, worp.onder(100)) {
        (0, _) => 1,
        (1 | 5 | 6, _) | (_, 0..55) => 0,
        (_, 55..63) => 1,
        (_, 63..90) => 2,
        (_, 90..95) => 3,
        _ => 4,
    };
    let perceel = ambulant[perceel.min(ambulant.len() - 1)];
    let groep = kans(&mut worp, Onderdeel::Groepsaanbod, &[0, 1, 2, 6, 7], 35);
    let voorziening = kans(&mut worp, Onderdeel::Voorziening, &[0, 3], 8);
    let verblijf = kans(&mut worp, Onderdeel::Verblijf, &[0, 1, 4, 6], 20);
    let ed = kans(&mut worp, Onderdeel::Ed, &[2, 3, 4], 12);
    let kdc = groep.is_some() && worp.kans(15);
    let systeem = ambulant.get(1) == Some(&perceel);
    let mag = |p: usize| {
        let product = &contract.producten[p];
        (kdc || !product.alleen_kdc) && (systeem || !product.hoogspecialistisch)
    };
    let mut producten = Vec::new();
    for (onderdeel, wel) in [
        (Onderdeel::Groepsaanbod, groep),
        (Onderdeel::Voorziening, voorziening),
        (Onderdeel::Verblijf, verblijf),
    ] {
        let mag: Vec<usize> = contract.van_onderdeel(onderdeel).filter(|&p| mag(p)).collect();
        if wel.is_none() || mag.is_empty() {
            continue;
        }
        let een = *worp.kies(&mag);
        producten.extend(mag.into_iter().filter(|&p| p == een || worp.kans(60)));
    }
    let drempel = contract.grenzen.omzet_perceel_2.0 as u64 / 100;
    Aanbieder {
        perceel,
        percelen: [groep, voorziening, verblijf, ed].into_iter().flatten().collect(),
        noemt: !producten.is_empty() && (nr == 6 || worp.kans(70)),
        producten,
        kdc,
        traag: worp.kans(10),
        landelijke_omzet: if systeem { 2 * drempel } else { 300_000 + worp.onder(4_000) * 1_000 },
    }
}
