//! What a made-up dossier must know of the contract. Every number of it is the ruleset's.

use crate::dossier::{Cent, Dag, Eenheid, Gemeente, Onderdeel, Tariefrij};
use crate::regelset::{ParameterValue, Regelset, Waarde};

/// A product with a tariff.
#[derive(Clone, Debug)]
pub struct Product {
    pub categorie: String,
    pub code: String,
    pub onderdeel: Onderdeel,
    pub sleutel: String,
    pub eenheid: Eenheid,
    /// The tariff of each perceel, or of all (`None`), in cents per unit.
    tarieven: Vec<(Option<u8>, Cent)>,
    /// Not every aanbieder may deliver it: highly specialised stays, groups of a KDC or ODC.
    pub hoogspecialistisch: bool,
    pub alleen_kdc: bool,
    /// Stays of which only real days count.
    pub deeltijd: bool,
}

impl Product {
    /// Cents per unit for an aanbieder of this perceel.
    pub fn tarief(&self, perceel: u8) -> Option<i64> {
        let voor = |p| self.tarieven.iter().find(|(q, _)| *q == p).map(|(_, t)| t.0);
        voor(Some(perceel)).or_else(|| voor(None))
    }
}

/// A gemeente of the region, with how many of a thousand jeugdigen live there.
#[derive(Clone, Debug)]
pub struct Plaats {
    pub gemeente: Gemeente,
    pub gewicht: u64,
    /// Parts of the contract that it takes part in, or may; `None` for all.
    pub onderdelen: Option<Vec<Onderdeel>>,
}

/// The limits that a lawful dossier stays within.
#[derive(Clone, Debug)]
pub struct Grenzen {
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
pub struct Contract {
    pub jaar: i32,
    pub producten: Vec<Product>,
    /// Categories of the catalogue, for what is declared under a wrong one.
    pub categorieen: Vec<String>,
    pub plaatsen: Vec<Plaats>,
    /// A gemeente outside the region, and a code that no gemeente has.
    pub buiten_regio: Gemeente,
    pub onbekende_gemeente: Gemeente,
    /// For each part the percelen in which it is bought.
    percelen: Vec<(Onderdeel, Vec<u8>)>,
    /// Function titles by the tariff group that they are listed in, one only.
    functies: Vec<(String, Vec<String>)>,
    pub grenzen: Grenzen,
    /// Tariffs of the year that the ruleset lacks, at those of the nearest year that it has.
    pub tarieven: Vec<Tariefrij>,
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
const INWONERS_ANDERS: u64 = 30;
/// How far from the year a tariff may be found.
const JAREN_ZOEKEN: i32 = 10;

impl Contract {
    /// What the ruleset says for this year; `Err` names what it lacks.
    pub fn van(set: &Regelset, jaar: i32) -> Result<Contract, &'static str> {
        let dag = Dag::van_jmd(jaar, 1, 1).ok_or("dit jaar")?;
        let eind = Dag::van_jmd(jaar, 12, 31).ok_or("dit jaar")?;
        let grenzen = Grenzen::van(set, dag).ok_or("grenzen voor budgetten en no-show")?;
        let waarde = |regel: &str, naam: &str| set.regel(regel).and_then(|r| r.waarde(naam, dag));
        let woorden =
            |regel, naam| waarde(regel, naam).and_then(<[String]>::of).unwrap_or_default();
        let (hoog, deeltijd) =
            (woorden("TF07", "hoogspecialistisch"), woorden("NS04", "tariefsleutels"));
        let (producten, tarieven) = producten(set, jaar, hoog, deeltijd);
        let catalogus: Vec<_> = set
            .producten()
            .into_iter()
            .map(|p| (p.product_categorie.clone(), p.product_code.clone()))
            .collect();
        let mut categorieen: Vec<String> = catalogus.iter().map(|(c, _)| c.clone()).collect();
        categorieen.dedup();
        let plaatsen = plaatsen(set, dag, eind);
        if plaatsen.iter().filter(|p| p.onderdelen.is_none()).count() < 2 {
            return Err("gemeenten van de regio");
        }
        let in_regio = |g: Gemeente| plaatsen.iter().any(|p| p.gemeente == g);
        let bekend = |g: &Gemeente| set.gemeentecodes.geldt(*g, dag, eind);
        let contract = Contract {
            jaar,
            buiten_regio: (1..9999)
                .map(Gemeente)
                .find(|g| bekend(g) && !in_regio(*g))
                .ok_or("gemeentecodes")?,
            onbekende_gemeente: (1..9999)
                .rev()
                .map(Gemeente)
                .find(|g| set.gemeentecodes.naam(*g).is_empty())
                .ok_or("gemeentecodes")?,
            percelen: Onderdeel::ALLE
                .into_iter()
                .filter_map(|o| Some((o, set.percelen.van(o)?.to_vec())))
                .collect(),
            functies: functies(set, &producten, dag, eind),
            producten,
            categorieen,
            plaatsen,
            grenzen,
            tarieven,
            catalogus,
        };
        for onderdeel in
            [Onderdeel::Ambulant, Onderdeel::Groepsaanbod, Onderdeel::Verblijf, Onderdeel::Ed]
        {
            if contract.van_onderdeel(onderdeel).next().is_none()
                || contract.percelen_van(onderdeel).is_empty()
            {
                return Err("producten met tarieven in percelen");
            }
        }
        Ok(contract)
    }

    pub fn percelen_van(&self, onderdeel: Onderdeel) -> &[u8] {
        self.percelen.iter().find(|(o, _)| *o == onderdeel).map_or(&[], |(_, p)| p)
    }

    /// The products of a part, by their places.
    pub fn van_onderdeel(&self, onderdeel: Onderdeel) -> impl Iterator<Item = usize> + '_ {
        (0..self.producten.len()).filter(move |&i| self.producten[i].onderdeel == onderdeel)
    }

    /// Is there such a product, with or without tariff?
    pub fn kent_product(&self, categorie: &str, code: &str) -> bool {
        self.catalogus.iter().any(|(c, p)| c == categorie && p == code)
    }

    /// Function titles that may declare this tariff group, and no higher one.
    pub fn functies_van(&self, sleutel: &str) -> &[String] {
        self.functies.iter().find(|(s, _)| s == sleutel).map_or(&[], |(_, f)| f)
    }
}

impl Grenzen {
    fn van(set: &Regelset, dag: Dag) -> Option<Grenzen> {
        let waarde = |regel: &str, naam: &str| set.regel(regel)?.waarde(naam, dag);
        let getal = |regel, naam| waarde(regel, naam).and_then(i64::of);
        let fout = |regel| matches!(waarde(regel, "hoogstens"), Some(Waarde::Keus("fout")));
        let woorden = |regel| {
            let woorden = waarde(regel, "niet_toegestaan").and_then(<[String]>::of);
            woorden.unwrap_or_default().to_vec()
        };
        Some(Grenzen {
            standaardbudgetten: waarde("BU02", "standaardbudgetten")
                .and_then(<[Cent]>::of)?
                .to_vec(),
            medische_verwijzing: waarde("BU04", "grens").and_then(Cent::of)?,
            verwijzers_medisch: waarde("BU04", "verwijzers").and_then(<[u8]>::of)?.to_vec(),
            no_shows: u32::try_from(getal("NS01", "maximum")?).ok()?,
            reisminuten: getal("TF05", "minuten")?,
            dagen_te_laat: getal("TL01", "dagen")?,
            dyslexie_leeftijd: (
                getal("ED01", "leeftijd_vanaf")? as i32,
                getal("ED01", "leeftijd_tot")? as i32,
            ),
            dyslexie_diagnostiek: getal("ED02", "minuten_diagnostiek")?,
            dyslexie_behandeling: getal("ED02", "minuten_behandeling")?,
            deeltijd_per_week: getal("WV07", "per_week")?,
            niet_duurzaam: woorden("DZ01"),
            groep_niet_duurzaam: woorden("DZ02"),
            duurzaam_is_fout: fout("DZ01") && fout("DZ02"),
            omzet_perceel_2: waarde("TF07", "omzet_perceel_2").and_then(Cent::of)?,
        })
    }
}

/// The products that have tariffs, and the tariffs of another year that this year lacks.
fn producten(
    set: &Regelset,
    jaar: i32,
    hoog: &[String],
    deeltijd: &[String],
) -> (Vec<Product>, Vec<Tariefrij>) {
    let mut producten = Vec::new();
    let mut tarieven: Vec<Tariefrij> = Vec::new();
    for p in set.producten() {
        let Some(sleutel) = &p.tariefsleutel else { continue };
        let Some(tariefjaar) = tariefjaar(set, jaar, sleutel) else { continue };
        let rijen: Vec<&Tariefrij> = set
            .tarieven()
            .iter()
            .filter(|t| (t.jaar, &t.tariefsleutel) == (tariefjaar, sleutel))
            .filter(|t| t.aanbieder.is_none())
            .collect();
        let Some(eenheid) = rijen.first().map(|t| t.eenheid) else { continue };
        if tariefjaar != jaar && !tarieven.iter().any(|t| t.tariefsleutel == *sleutel) {
            tarieven.extend(rijen.iter().map(|t| Tariefrij { jaar, ..(*t).clone() }));
        }
        producten.push(Product {
            categorie: p.product_categorie.clone(),
            code: p.product_code.clone(),
            onderdeel: p.onderdeel,
            sleutel: sleutel.clone(),
            eenheid,
            tarieven: rijen.iter().map(|t| (t.perceel, t.tarief)).collect(),
            hoogspecialistisch: hoog.contains(sleutel),
            alleen_kdc: matches!(sleutel.as_str(), "GROEP_EXTRA_ZWAAR" | "GROEP_INTENSIEF"),
            deeltijd: deeltijd.contains(sleutel),
        });
    }
    (producten, tarieven)
}

/// The year nearest to this one that has a tariff for this key; of two, the later.
fn tariefjaar(set: &Regelset, jaar: i32, sleutel: &str) -> Option<i32> {
    (0..=JAREN_ZOEKEN).flat_map(|n| [jaar + n, jaar - n]).find(|j| set.kent_tarief(*j, sleutel))
}

fn plaatsen(set: &Regelset, begin: Dag, eind: Dag) -> Vec<Plaats> {
    let mut plaatsen: Vec<Plaats> = set
        .deelnames
        .alle()
        .iter()
        .filter(|d| d.vanaf.is_none_or(|v| v <= begin) && d.tot.is_none_or(|t| eind <= t))
        .map(|d| Plaats {
            gemeente: d.gemeente,
            gewicht: INWONERS
                .iter()
                .find(|(g, _)| *g == d.gemeente.0)
                .map_or(INWONERS_ANDERS, |(_, n)| *n),
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
    eind: Dag,
) -> Vec<(String, Vec<String>)> {
    let tabel = &set.beroepentabel;
    let eerder = begin.plus_jaren(-1);
    let enige = |titel: &str| -> Option<String> {
        let beroep = tabel.zoek(titel)?;
        if tabel.verschilt_per_perceel(beroep) || set.vaktherapie.bevat(titel) {
            return None;
        }
        let mut sleutels = [eerder, begin, eind].map(|dag| {
            let beroep = tabel.groepen(beroep, |_| false, dag)?;
            match beroep.tariefsleutels.as_slice() {
                [een] if !titel.contains([';', '"', '\n']) => Some(een.clone()),
                _ => None,
            }
        });
        (sleutels[0] == sleutels[1] && sleutels[1] == sleutels[2])
            .then(|| sleutels[1].take())
            .flatten()
    };
    let mut uit: Vec<(String, Vec<String>)> = Vec::new();
    for p in producten.iter().filter(|p| p.onderdeel == Onderdeel::Ambulant) {
        let titels = tabel.titels();
        let titels = titels.into_iter().filter(|t| enige(t).as_ref() == Some(&p.sleutel));
        uit.push((p.sleutel.clone(), titels.map(str::to_owned).collect()));
    }
    uit
}
