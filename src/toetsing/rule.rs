//! The contract of a rule: what it is, in words, and by what it is tested.

use super::context::AuditContext;
use super::group::{AanbiederGroup, JeugdigeGroup, JeugdigeToewijzingen, ToewijzingGroup};
use super::line::{Line, LineKind};
use super::needed::{Needs, needs};
use super::outcome::{KeyedSums, Outcomes, Text, Verdict};
use crate::dossier::Product;
use crate::regelset::{ControlKind, CustomCheck, ParameterSpec, Regelset, RuleSettings};
use std::sync::Arc;

/// A rule of the program: what it is, in words, and how it is tested.
pub struct Rule {
    /// Stable code, such as `NS01`; its letters are the family.
    pub code: &'static str,
    /// What it finds, in a few Dutch words.
    pub title: &'static str,
    /// What exactly is compared, in Dutch.
    pub what: &'static str,
    /// Why that matters, in Dutch.
    pub why: &'static str,
    /// What is wrong, in a sentence for the aanbieder, in Dutch without jargon.
    pub for_aanbieder: &'static str,
    /// Columns and tables that it needs.
    pub needs: Needs,
    pub parameters: &'static [ParameterSpec],
    /// The products that it is about; `None` where it is about all. The engine leaves out the others,
    /// and counts a line of an unknown product as not testable.
    pub(crate) about: Option<fn(&Product) -> bool>,
    /// The lines under its findings, as far as these don't say it themselves.
    pub(crate) rests_on: RestsOn,
    /// By what it is tested: mostly one; more where it looks at one thing from two sides.
    pub(crate) checks: &'static [Check],
}

impl Rule {
    /// A rule of which nothing is said yet, for the fields that most rules leave out.
    pub(crate) const BASE: Rule = Rule {
        code: "",
        title: "",
        what: "",
        why: "",
        for_aanbieder: "",
        needs: needs!(""),
        parameters: &[],
        about: None,
        rests_on: RestsOn::Subject,
        checks: &[],
    };
}

/// The function of a rule, by the unit that it looks at.
pub(crate) enum Check {
    /// One live line of the audited year that isn't reversed.
    Line(fn(&Line<'_>, &RuleSettings) -> Verdict),
    /// The same by what such a line has in common with those like it: see [`LineKind`]. It is asked
    /// of one of them, and only what it finds is asked of each.
    LineKind(fn(&LineKind<'_>, &RuleSettings) -> Verdict),
    /// All lines on one toewijzing.
    Toewijzing(fn(&ToewijzingGroup<'_>, &RuleSettings, &mut Outcomes)),
    /// All toewijzingen of one jeugdige, each with all lines on it.
    Toewijzingen(fn(&JeugdigeToewijzingen<'_>, &RuleSettings, &mut Outcomes)),
    /// All that one jeugdige got.
    Jeugdige(fn(&JeugdigeGroup<'_>, &RuleSettings, &mut Outcomes)),
    /// All lines of one aanbieder.
    Aanbieder(fn(&AanbiederGroup<'_>, &RuleSettings, &mut Outcomes)),
    /// All lines together: what compares aanbieders, or is about gemeenten. Each part of the lines
    /// gives its sums; then the sums of all are decided on.
    Dossier {
        per: SumsPer,
        decision: fn(&AuditContext<'_>, &KeyedSums, &RuleSettings, &mut Outcomes),
    },
}

/// Which lines of what it is about any finding of a rule rests on.
pub(crate) enum RestsOn {
    /// All that count.
    Subject,
    /// Those for which this holds.
    Where(fn(&Line<'_>, &RuleSettings) -> bool),
    /// No line: it is about messages or papers.
    Nothing,
}

/// What a rule over all lines collects its [`KeyedSums`] from.
pub(crate) enum SumsPer {
    /// Nothing: it looks at tables that are there as a whole.
    Nothing,
    /// All lines of one aanbieder.
    Aanbieder(fn(&AanbiederGroup<'_>, &RuleSettings, &mut Outcomes)),
    /// All lines on one toewijzing.
    Toewijzing(fn(&ToewijzingGroup<'_>, &RuleSettings, &mut Outcomes)),
}

/// Scope of a rule: what it can be run on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Line,
    Toewijzing,
    Jeugdige,
    Aanbieder,
    Dossier,
}

impl Check {
    fn scope(&self) -> Scope {
        match self {
            Check::Line(_) | Check::LineKind(_) => Scope::Line,
            Check::Toewijzing(_) => Scope::Toewijzing,
            Check::Toewijzingen(_) | Check::Jeugdige(_) => Scope::Jeugdige,
            Check::Aanbieder(_) => Scope::Aanbieder,
            Check::Dossier { .. } => Scope::Dossier,
        }
    }
}

/// A rule as an audit runs it: one of the program, or a check that the ruleset adds.
#[derive(Clone)]
pub struct AuditRule {
    pub code: &'static str,
    pub title: Text,
    pub what: Text,
    pub why: Text,
    pub for_aanbieder: Text,
    pub needs: Text,
    pub(crate) parameters: &'static [ParameterSpec],
    pub(super) origin: Origin,
}

/// Where a rule comes from, with its functions or its conditions.
#[derive(Clone)]
pub(super) enum Origin {
    Program(&'static Rule),
    Own(Arc<CustomCheck>),
}

impl AuditRule {
    /// The rules of an audit: those of the program, and what the ruleset adds to them.
    pub(crate) fn all(register: &[&'static Rule], regelset: &Regelset) -> Vec<AuditRule> {
        let program = register.iter().map(|r| AuditRule::from(*r));
        program.chain(regelset.own().iter().cloned().map(AuditRule::from)).collect()
    }

    pub fn familie(&self) -> &'static str {
        self.code.trim_end_matches(|c: char| c.is_ascii_digit())
    }

    /// Which kind of control it is part of.
    pub(crate) fn control(&self) -> ControlKind {
        ControlKind::of(self.code)
    }

    /// The check of the ruleset that this is, where it isn't a rule of the program.
    pub(crate) fn own(&self) -> Option<&CustomCheck> {
        match &self.origin {
            Origin::Program(_) => None,
            Origin::Own(context) => Some(context),
        }
    }

    /// The scopes that it looks at, in the order of its checks.
    pub(crate) fn scopes(&self) -> Vec<Scope> {
        match &self.origin {
            Origin::Program(rule) => rule.checks.iter().map(Check::scope).collect(),
            Origin::Own(own) => vec![own.scope()],
        }
    }

    /// The check of the ruleset that this is, if it is run on this.
    pub(super) fn own_of(&self, scope: Scope) -> Option<&CustomCheck> {
        self.own().filter(|own| own.scope() == scope)
    }

    pub(super) fn checks(&self) -> &'static [Check] {
        match self.origin {
            Origin::Program(rule) => rule.checks,
            Origin::Own(_) => &[],
        }
    }

    pub(super) fn rests_on(&self) -> &'static RestsOn {
        match self.origin {
            Origin::Program(rule) => &rule.rests_on,
            Origin::Own(_) => &RestsOn::Subject,
        }
    }

    pub(super) fn about(&self) -> Option<fn(&Product) -> bool> {
        match self.origin {
            Origin::Program(rule) => rule.about,
            Origin::Own(_) => None,
        }
    }
}

impl From<&'static Rule> for AuditRule {
    fn from(rule: &'static Rule) -> AuditRule {
        AuditRule {
            code: rule.code,
            title: rule.title.into(),
            what: rule.what.into(),
            why: rule.why.into(),
            for_aanbieder: rule.for_aanbieder.into(),
            needs: rule.needs.to_string().into(),
            parameters: rule.parameters,
            origin: Origin::Program(rule),
        }
    }
}

impl From<Arc<CustomCheck>> for AuditRule {
    fn from(context: Arc<CustomCheck>) -> AuditRule {
        AuditRule {
            code: context.code,
            title: context.title.clone().into(),
            what: context.what().into(),
            why: context.why().into(),
            for_aanbieder: context.what().into(),
            needs: context.needs().into(),
            parameters: &[],
            origin: Origin::Own(context),
        }
    }
}
