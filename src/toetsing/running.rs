//! The rules of a pass, with what is worked out once for all units.

use super::controle::Controle;
use super::product_masks::ProductMask;
use super::rule::AuditRule;
use super::uitkomst::Uitkomsten;
use crate::dossier::{Dossier, ProductNr, RegelNr};
use crate::regelset::Regelinstelling;
use std::ops::Deref;

/// A rule of a pass with its values and the products that it is about.
pub(super) struct RunningRule<'r> {
    pub rule: &'r AuditRule,
    pub values: &'r Regelinstelling,
    pub mask: Option<ProductMask>,
}

impl Deref for RunningRule<'_> {
    type Target = AuditRule;

    fn deref(&self) -> &AuditRule {
        self.rule
    }
}

impl RunningRule<'_> {
    /// Is the rule about lines of this product? Counts so many of an unknown one.
    pub fn is_about(&self, product: ProductNr, aantal: u64, uit: &mut Uitkomsten) -> bool {
        self.mask.as_ref().is_none_or(|mask| mask.is_about(product, aantal, uit))
    }

    /// Must the rule look at a group with these products? Counts of `regels` those of an unknown one.
    pub fn concerns(
        &self,
        dossier: &Dossier,
        producten: &[ProductNr],
        regels: impl Iterator<Item = RegelNr>,
        uit: &mut Uitkomsten,
    ) -> bool {
        let Some(mask) = &self.mask else { return true };
        mask.count_unknown(dossier, regels, uit);
        mask.may_be_about(producten)
    }
}

/// The rules of this run for which `past` holds and that the ruleset has.
pub(super) fn running<'r>(
    controle: &'r Controle<'_>,
    regels: &'r [AuditRule],
    past: impl Fn(&AuditRule) -> bool,
) -> Vec<RunningRule<'r>> {
    let running = |rule: &'r AuditRule| {
        let values = controle.regelset.regel(rule.code)?;
        let mask = rule.about().map(|about| ProductMask::new(controle.dossier, about));
        Some(RunningRule { rule, values, mask })
    };
    regels.iter().filter(|r| past(r)).filter_map(running).collect()
}
