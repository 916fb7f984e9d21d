//! What a made-up dossier must know of the contract. Every number of it is the ruleset's.

use crate::dossier::{Cent, Dag, Eenheid, Gemeente, Onderdeel, TariefRow};
use crate::regelset::{ParameterValue, Regelset, RuleValue};

/// A product with a tariff.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub categorie: String,
    pub code: String,
    pub onderdeel: Onderdeel,
    pub key: String,
    pub eenheid: Eenheid,
    /// The tariff of each perceel, or of all (`None`), in cents per unit.
    tarieven: Vec<(Option<u8>, Cent)>,
    /// Not every aanbieder may deliver it: highly specialised stays, groups of a KDC or ODC.
    pub hoogspecialistisch: bool,
    pub only_kdc: bool,
    /// Stays of which only real days count.
    pub deeltijd: bool,
}

impl Product {
    /// Cents per unit for an aanbieder of this perceel.
    pub(crate) fn tarief(&self, perceel: u8) -> Option<i64> {
        let before = |p| self.tarieven.iter().find(|(q, _)| *q == p).map(|(_, t)| t.0);
        before(Some(perceel)).or_else(|| before(None))
    }
}

/// A gemeente of the region, with how many of a thousand jeugdigen live there.
#[derive(Clone, Debug)]
pub(crate) struct Town {
    pub gemeente: Gemeente,
    pub weight: u64,
    /// Parts of the contract that it takes part in, or may; `None` for all.
    pub onderdelen: Option<Vec<Onderdeel>>,
}

/// The limits that a lawful dossier stays within.
#[derive(Clone, Debug)]
pub(crate) struct ContractLimits {
    pub standaardbudgetten: Vec<Cent>,
    pub medische_verwijzing: Cent,
    pub verwijzers_medisch: Vec<u8>,
    pub no_shows: u32,
    pub reisminuten: i64,
    pub dagen_te_laat: i64,
    pub dyslexie_leeftijd: (i32, i32),
    pub dyslexie_diagnostiek: i64,
    pub dyslexie_behandeling: i64,
    pub deeltijd_per_week: i64,
    /// Tariefsleutels that don't go with a duurzame toewijzing, of ambulant help and of groups.
    pub niet_duurzaam: Vec<String>,
    pub groep_niet_duurzaam: Vec<String>,
    /// Is it a `fout` this year where they do?
    pub duurzaam_is_fout: bool,
    pub omzet_perceel_2: Cent,
}

#[derive(Clone, Debug)]
pub(crate) struct Contract {
    pub jaar: i32,
    pub producten: Vec<Product>,
    /// Categories of the catalogue, for what is declared under a wrong one.
    pub categorieen: Vec<String>,
    pub places: Vec<Town>,
    /// A gemeente outside the region, and a code that no gemeente has.
    pub outside_regio: Gemeente,
    pub unknown_gemeente: Gemeente,
    /// For each part the percelen in which it is bought.
    percelen: Vec<(Onderdeel, Vec<u8>)>,
    /// Function titles by the tariff group that they are listed in, one only.
    functies: Vec<(String, Vec<String>)>,
    pub limits: ContractLimits,
    /// Tariffs of the year that the ruleset lacks, at those of the nearest year that it has.
    pub tarieven: Vec<TariefRow>,
    /// (category, code) of all products, those without tariff too.
    catalogus: Vec<(String, String)>,
}

/// Thousands of inhabitants (2023, rounded), for the sizes of a region's gemeenten.
const INWONERS: &[(u16, u64)] = &[
    (148, 29),
    (150, 102),
    (160, 62),
    (166, 55),
    (175, 19),
    (177, 39),
    (180, 18),
    (193, 133),
    (1708, 45),
    (1773, 18),
    (1896, 24),
];
/// A gemeente whose size isn't known.
const INWONERS_OTHER: u64 = 30;
/// How far from the year a tariff may be found.
const JAREN_SEARCHED: i32 = 10;

impl Contract {
    /// What the ruleset says for this year; `Err` names what it lacks.
    pub(crate) fn of(set: &Regelset, jaar: i32) -> Result<Contract, &'static str> {
        let dag = Dag::from_jmd(jaar, 1, 1).ok_or("dit jaar")?;
        let end = Dag::from_jmd(jaar, 12, 31).ok_or("dit jaar")?;
        let limits = ContractLimits::of(set, dag).ok_or("grenzen voor budgetten en no-show")?;
        let value = |regel: &str, name: &str| set.rule(regel).and_then(|r| r.value(name, dag));
        let words = |regel, name| value(regel, name).and_then(<[String]>::of).unwrap_or_default();
        let (high, deeltijd) =
            (words("TF07", "hoogspecialistisch"), words("NS04", "tariefsleutels"));
        let (producten, tarieven) = producten(set, jaar, high, deeltijd);
        let catalogus: Vec<_> = set
            .producten()
            .into_iter()
            .map(|p| (p.product_categorie.clone(), p.product_code.clone()))
            .collect();
        let mut categorieen: Vec<String> = catalogus.iter().map(|(c, _)| c.clone()).collect();
        categorieen.dedup();
        let plaatsen = places(set, dag, end);
        if plaatsen.iter().filter(|p| p.onderdelen.is_none()).count() < 2 {
            return Err("gemeenten van de regio");
        }
        let in_regio = |g: Gemeente| plaatsen.iter().any(|p| p.gemeente == g);
        let known = |g: &Gemeente| set.gemeentecodes.applies(*g, dag, end);
        let contract = Contract {
            jaar,
            outside_regio: (1..9999)
                .map(Gemeente)
                .find(|g| known(g) && !in_regio(*g))
                .ok_or("gemeentecodes")?,
            unknown_gemeente: (1..9999)
                .rev()
                .map(Gemeente)
                .find(|g| set.gemeentecodes.name(*g).is_empty())
                .ok_or("gemeentecodes")?,
            percelen: Onderdeel::ALL
                .into_iter()
                .filter_map(|o| Some((o, set.percelen.of(o)?.to_vec())))
                .collect(),
            functies: functies(set, &producten, dag, end),
            producten,
            categorieen,
            places: plaatsen,
            limits,
            tarieven,
            catalogus,
        };
        for onderdeel in
            [Onderdeel::Ambulant, Onderdeel::Groepsaanbod, Onderdeel::Verblijf, Onderdeel::Ed]
        {
            if contract.of_onderdeel(onderdeel).next().is_none()
                || contract.percelen_of(onderdeel).is_empty()
            {
                return Err("producten met tarieven in percelen");
            }
        }
        Ok(contract)
    }

    pub(crate) fn percelen_of(&self, onderdeel: Onderdeel) -> &[u8] {
        self.percelen.iter().find(|(o, _)| *o == onderdeel).map_or(&[], |(_, p)| p)
    }

    /// The products of a part, by their places.
    pub(crate) fn of_onderdeel(&self, onderdeel: Onderdeel) -> impl Iterator<Item = usize> + '_ {
        (0..self.producten.len()).filter(move |&i| self.producten[i].onderdeel == onderdeel)
    }

    /// Is there such a product, with or without tariff?
    pub(crate) fn knows_product(&self, categorie: &str, code: &str) -> bool {
        self.catalogus.iter().any(|(c, p)| c == categorie && p == code)
    }

    /// Function titles that may declare this tariff group, and no higher one.
    pub(crate) fn functies_of(&self, key: &str) -> &[String] {
        self.functies.iter().find(|(s, _)| s == key).map_or(&[], |(_, f)| f)
    }
}

impl ContractLimits {
    fn of(set: &Regelset, dag: Dag) -> Option<ContractLimits> {
        let value = |regel: &str, name: &str| set.rule(regel)?.value(name, dag);
        let number = |regel, name| value(regel, name).and_then(i64::of);
        let fout = |regel| matches!(value(regel, "hoogstens"), Some(RuleValue::Choice("fout")));
        let words = |regel| {
            let words = value(regel, "niet_toegestaan").and_then(<[String]>::of);
            words.unwrap_or_default().to_vec()
        };
        Some(ContractLimits {
            standaardbudgetten: value("BU02", "standaardbudgetten")
                .and_then(<[Cent]>::of)?
                .to_vec(),
            medische_verwijzing: value("BU04", "grens").and_then(Cent::of)?,
            verwijzers_medisch: value("BU04", "verwijzers").and_then(<[u8]>::of)?.to_vec(),
            no_shows: u32::try_from(number("NS01", "maximum")?).ok()?,
            reisminuten: number("TF05", "minuten")?,
            dagen_te_laat: number("TL01", "dagen")?,
            dyslexie_leeftijd: (
                number("ED01", "leeftijd_vanaf")? as i32,
                number("ED01", "leeftijd_tot")? as i32,
            ),
            dyslexie_diagnostiek: number("ED02", "minuten_diagnostiek")?,
            dyslexie_behandeling: number("ED02", "minuten_behandeling")?,
            deeltijd_per_week: number("WV07", "per_week")?,
            niet_duurzaam: words("DZ01"),
            groep_niet_duurzaam: words("DZ02"),
            duurzaam_is_fout: fout("DZ01") && fout("DZ02"),
            omzet_perceel_2: value("TF07", "omzet_perceel_2").and_then(Cent::of)?,
        })
    }
}

/// The products that have tariffs, and the tariffs of another year that this year lacks.
fn producten(
    set: &Regelset,
    jaar: i32,
    high: &[String],
    deeltijd: &[String],
) -> (Vec<Product>, Vec<TariefRow>) {
    let mut producten = Vec::new();
    let mut tarieven: Vec<TariefRow> = Vec::new();
    for p in set.producten() {
        let Some(key) = &p.tariefsleutel else { continue };
        let Some(year_of_tarief) = year_of_tarief(set, jaar, key) else { continue };
        let rows: Vec<&TariefRow> = set
            .tarieven()
            .iter()
            .filter(|t| (t.jaar, &t.tariefsleutel) == (year_of_tarief, key))
            .filter(|t| t.aanbieder.is_none())
            .collect();
        let Some(eenheid) = rows.first().map(|t| t.eenheid) else { continue };
        if year_of_tarief != jaar && !tarieven.iter().any(|t| t.tariefsleutel == *key) {
            tarieven.extend(rows.iter().map(|t| TariefRow { jaar, ..(*t).clone() }));
        }
        producten.push(Product {
            categorie: p.product_categorie.clone(),
            code: p.product_code.clone(),
            onderdeel: p.onderdeel,
            key: key.clone(),
            eenheid,
            tarieven: rows.iter().map(|t| (t.perceel, t.tarief)).collect(),
            hoogspecialistisch: high.contains(key),
            only_kdc: matches!(key.as_str(), "GROEP_EXTRA_ZWAAR" | "GROEP_INTENSIEF"),
            deeltijd: deeltijd.contains(key),
        });
    }
    (producten, tarieven)
}

/// The year nearest to this one that has a tariff for this key; of two, the later.
fn year_of_tarief(set: &Regelset, jaar: i32, key: &str) -> Option<i32> {
    (0..=JAREN_SEARCHED).flat_map(|n| [jaar + n, jaar - n]).find(|j| set.knows_tarief(*j, key))
}

fn places(set: &Regelset, begin: Dag, end: Dag) -> Vec<Town> {
    let mut plaatsen: Vec<Town> = set
        .deelnames
        .all()
        .iter()
        .filter(|d| d.from.is_none_or(|v| v <= begin) && d.until.is_none_or(|t| end <= t))
        .map(|d| Town {
            gemeente: d.gemeente,
            weight: INWONERS
                .iter()
                .find(|(g, _)| *g == d.gemeente.0)
                .map_or(INWONERS_OTHER, |(_, n)| *n),
            onderdelen: d.onderdelen.clone().map(|mut o| {
                o.extend(&d.twijfel);
                o
            }),
        })
        .collect();
    plaatsen.sort_by_key(|p| p.gemeente);
    plaatsen
}

/// Titles that are listed in one tariff group only, in all percelen and all of the year and the year
/// before it, and that aren't vaktherapie: that by itself is no jeugdhulp.
fn functies(
    set: &Regelset,
    producten: &[Product],
    begin: Dag,
    end: Dag,
) -> Vec<(String, Vec<String>)> {
    let table = &set.beroepentabel;
    let earlier = begin.plus_jaren(-1);
    let only = |title: &str| -> Option<String> {
        let beroep = table.find(title)?;
        if table.differs_per_perceel(beroep) || set.afbakening.contains(title) {
            return None;
        }
        let mut keys = [earlier, begin, end].map(|dag| {
            let beroep = table.groups(beroep, |_| false, dag)?;
            match beroep.tariefsleutels.as_slice() {
                [one] if !title.contains([';', '"', '\n']) => Some(one.clone()),
                _ => None,
            }
        });
        (keys[0] == keys[1] && keys[1] == keys[2]).then(|| keys[1].take()).flatten()
    };
    let mut out: Vec<(String, Vec<String>)> = Vec::new();
    for p in producten.iter().filter(|p| p.onderdeel == Onderdeel::Ambulant) {
        let titles = table.titles();
        let titles = titles.into_iter().filter(|t| only(t).as_ref() == Some(&p.key));
        out.push((p.key.clone(), titles.map(str::to_owned).collect()));
    }
    out
}
