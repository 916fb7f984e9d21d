//! The rules of a pass, with what is worked out once for all units.

use super::context::AuditContext;
use super::outcome::Outcomes;
use super::product_masks::ProductMask;
use super::rule::AuditRule;
use crate::dossier::{Dossier, LineId, ProductId};
use crate::regelset::RuleSettings;
use std::ops::Deref;

/// A rule of a pass with its values and the products that it is about.
pub(super) struct RunningRule<'r> {
    pub rule: &'r AuditRule,
    pub values: &'r RuleSettings,
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
    pub(crate) fn is_about(&self, product: ProductId, count: u64, out: &mut Outcomes) -> bool {
        self.mask.as_ref().is_none_or(|mask| mask.is_about(product, count, out))
    }

    /// Must the rule look at a group with these products? Counts of `lines` those of an unknown one.
    pub(crate) fn concerns(
        &self,
        dossier: &Dossier,
        producten: &[ProductId],
        lines: impl Iterator<Item = LineId>,
        out: &mut Outcomes,
    ) -> bool {
        let Some(mask) = &self.mask else { return true };
        mask.count_unknown(dossier, lines, out);
        mask.may_be_about(producten)
    }
}

/// The rules of this run for which `fits` holds and that the ruleset has.
pub(super) fn running<'r>(
    context: &'r AuditContext<'_>,
    rules: &'r [AuditRule],
    fits: impl Fn(&AuditRule) -> bool,
) -> Vec<RunningRule<'r>> {
    let running = |rule: &'r AuditRule| {
        let values = context.regelset.rule(rule.code)?;
        let mask = rule.about().map(|about| ProductMask::new(context.dossier, about));
        Some(RunningRule { rule, values, mask })
    };
    rules.iter().filter(|r| fits(r)).filter_map(running).collect()
}
