//! Which rules are about which products, looked up once for all lines.

use super::rule::{Regel, Toets};
use crate::dossier::{Dossier, Product, RegelNr};
use crate::regelset::Regelinstelling;

/// For each product which rules of a scope are about it: a bit for each rule that says so. An
/// unknown product may be any rule's.
pub(super) struct Productmaskers {
    regels: Vec<&'static Regel>,
    pub(super) per_product: Vec<u64>,
}

impl Productmaskers {
    /// # Panics
    /// With more than 64 such rules in one scope.
    pub(super) fn nieuw(
        dossier: &Dossier,
        regels: &[(&'static Regel, &Regelinstelling)],
    ) -> Productmaskers {
        type GaatOver = fn(&Product) -> bool;
        let kieskeurig: Vec<(&'static Regel, GaatOver)> = regels
            .iter()
            .filter_map(|(regel, _)| match regel.toets {
                Toets::Product(past, _)
                | Toets::JeugdigeMet(past, _)
                | Toets::ToewijzingMet(past, _) => Some((*regel, past)),
                _ => None,
            })
            .collect();
        assert!(kieskeurig.len() <= 64, "a mask has 64 bits");
        let masker = |p: &Product| {
            let bits = kieskeurig.iter().enumerate();
            let gaat_over = |past: &GaatOver| p.catalogus.is_none() || past(p);
            bits.map(|(i, (_, past))| u64::from(gaat_over(past)) << i).sum()
        };
        Productmaskers {
            per_product: dossier.producten.iter().map(masker).collect(),
            regels: kieskeurig.into_iter().map(|(regel, _)| regel).collect(),
        }
    }

    /// The rule's bit; none for a rule that looks at everything.
    pub(super) fn bit(&self, regel: &Regel) -> u64 {
        self.regels.iter().position(|r| std::ptr::eq(*r, regel)).map_or(0, |i| 1 << i)
    }

    /// The rules that any of these lines is about.
    pub(super) fn van(&self, dossier: &Dossier, regels: &[RegelNr]) -> u64 {
        if self.regels.is_empty() {
            return 0;
        }
        let van_product = |nr: &RegelNr| self.per_product[dossier.regel(*nr).product.0 as usize];
        regels.iter().map(van_product).fold(0, |masker, m| masker | m)
    }
}
