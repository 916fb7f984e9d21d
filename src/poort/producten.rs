//! Products that the catalogue lacks, each with what it most likely is: a proposal for a person.

use crate::dossier::{Cent, Eenheid, Onderdeel};
use crate::regelset::{ContractTarief, Regelset};
use crate::toetsing::UnknownProduct;
use std::collections::{BTreeMap, BTreeSet};

/// A product that the catalogue lacks, as lines declare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProductProposal {
    pub categorie: String,
    pub code: String,
    pub lines: u64,
    pub bedrag: Cent,
    /// Units with their numbers of lines, by code.
    pub eenheden: BTreeMap<Eenheid, u64>,
    /// The tariff that most lines have, with its unit.
    pub tarief: Option<(Cent, Eenheid)>,
    /// `None` where several are as likely, or none is.
    pub onderdeel: Option<Onderdeel>,
    pub tariefsleutel: Option<String>,
}

/// The products, in the order of their codes, with proposals by category, unit and tariff.
pub(crate) fn proposals(
    unknown: &[UnknownProduct],
    regelset: &Regelset,
    jaar: i32,
) -> Vec<ProductProposal> {
    let mut per_product: BTreeMap<(&str, &str), Vec<&UnknownProduct>> = BTreeMap::new();
    for part in unknown {
        per_product.entry((&part.categorie, &part.code)).or_default().push(part);
    }
    let rows = per_product.into_iter();
    rows.map(|(product, parts)| proposal(product, &parts, regelset, jaar)).collect()
}

fn proposal(
    (categorie, code): (&str, &str),
    parts: &[&UnknownProduct],
    regelset: &Regelset,
    jaar: i32,
) -> ProductProposal {
    let mut eenheden: BTreeMap<Eenheid, u64> = BTreeMap::new();
    let mut tarieven: BTreeMap<(Cent, Eenheid), u64> = BTreeMap::new();
    for part in parts {
        *eenheden.entry(part.eenheid).or_default() += part.lines;
        if let Some(tarief) = part.tarief {
            *tarieven.entry((tarief, part.eenheid)).or_default() += part.lines;
        }
    }
    // Of equals the lowest.
    let tarief = tarieven.iter().rev().max_by_key(|(_, lines)| **lines).map(|(key, _)| *key);
    let keys = tarief.map(|tarief| keys_of(tarief, regelset, jaar)).unwrap_or_default();
    let (onderdeel, tariefsleutel) = likeliest(categorie, &keys, regelset);
    ProductProposal {
        categorie: categorie.to_owned(),
        code: code.to_owned(),
        lines: parts.iter().map(|p| p.lines).sum(),
        bedrag: parts.iter().map(|p| p.bedrag).sum(),
        eenheden,
        tarief,
        onderdeel,
        tariefsleutel,
    }
}

/// The keys whose tariff of this year is this one, in the line's unit.
fn keys_of((tarief, eenheid): (Cent, Eenheid), regelset: &Regelset, jaar: i32) -> BTreeSet<&str> {
    let of_jaar = regelset.tarieven().iter().filter(|t| t.jaar == jaar);
    let same = of_jaar.filter(|t| {
        let contract = ContractTarief { bedrag: t.tarief, eenheid: t.eenheid };
        contract.in_eenheid(eenheid) == Some(tarief)
    });
    same.map(|t| t.tariefsleutel.as_str()).collect()
}

/// What the catalogue says of products with these keys, best of the category.
fn likeliest(
    categorie: &str,
    keys: &BTreeSet<&str>,
    regelset: &Regelset,
) -> (Option<Onderdeel>, Option<String>) {
    let rows = regelset.producten();
    let of_categorie: Vec<_> = rows.iter().filter(|p| p.product_categorie == categorie).collect();
    let of_key = |key: &str| of_categorie.iter().any(|p| p.has_key(key));
    let in_categorie: Vec<&str> = keys.iter().copied().filter(|key| of_key(key)).collect();
    let only = |keys: &[&str]| match keys {
        [one] => Some((*one).to_owned()),
        _ => None,
    };
    let all: Vec<&str> = keys.iter().copied().collect();
    let key = if in_categorie.is_empty() { only(&all) } else { only(&in_categorie) };
    let fitting: BTreeSet<Onderdeel> = match &key {
        Some(key) => rows.iter().filter(|p| p.has_key(key)).map(|p| p.onderdeel).collect(),
        None if !in_categorie.is_empty() => of_categorie
            .iter()
            .filter(|p| in_categorie.iter().any(|key| p.has_key(key)))
            .map(|p| p.onderdeel)
            .collect(),
        None => of_categorie.iter().map(|p| p.onderdeel).collect(),
    };
    let onderdeel = if fitting.len() == 1 { fitting.into_iter().next() } else { None };
    (onderdeel, key)
}
