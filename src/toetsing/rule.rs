//! The contract of a rule: what it is, in words, and by what it is tested.

use super::controle::Controle;
use super::groep::{Aanbiedergroep, Jeugdigegroep, Toewijzingsgroep};
use super::lijn::{Lijn, Lijnsoort};
use super::uitkomst::{Oordeel, Sommen, Tekst, Uitkomsten};
use crate::dossier::Product;
use crate::regelset::{Eigencontrole, ParameterSpec, Regelinstelling, Regelset};
use std::sync::Arc;

/// A rule of the program: what it is, in words, and how it is tested.
pub struct Regel {
    /// Stable code, such as `NS01`; its letters are the family.
    pub code: &'static str,
    /// What it finds, in a few Dutch words.
    pub titel: &'static str,
    /// What exactly is compared, in Dutch.
    pub wat: &'static str,
    /// Why that matters, in Dutch.
    pub waarom: &'static str,
    /// Columns and tables that it needs.
    pub nodig: &'static str,
    pub parameters: &'static [ParameterSpec],
    /// The products that it is about; `None` where it is about all. The engine leaves out the others,
    /// and counts a line of an unknown product as not testable.
    pub about: Option<fn(&Product) -> bool>,
    /// The lines under its findings, as far as these don't say it themselves.
    pub rests_on: RestsOn,
    /// By what it is tested: mostly one; more where it looks at one thing from two sides.
    pub checks: &'static [Check],
}

impl Regel {
    /// A rule of which nothing is said yet, for the fields that most rules leave out.
    pub const BASE: Regel = Regel {
        code: "",
        titel: "",
        wat: "",
        waarom: "",
        nodig: "",
        parameters: &[],
        about: None,
        rests_on: RestsOn::Subject,
        checks: &[],
    };
}

/// The function of a rule, by the unit that it looks at.
pub enum Check {
    /// One live line of the audited year that isn't reversed.
    Line(fn(&Lijn<'_>, &Regelinstelling) -> Oordeel),
    /// The same by what such a line has in common with those like it: see [`Lijnsoort`]. It is asked
    /// of one of them, and only what it finds is asked of each.
    LineKind(fn(&Lijnsoort<'_>, &Regelinstelling) -> Oordeel),
    /// All lines on one toewijzing.
    Toewijzing(fn(&Toewijzingsgroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All that one jeugdige got.
    Jeugdige(fn(&Jeugdigegroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All lines of one aanbieder.
    Aanbieder(fn(&Aanbiedergroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All lines together: what compares aanbieders, or is about gemeenten. Each part of the lines
    /// gives its sums; then the sums of all are decided on.
    Dossier {
        per: Verzameling,
        besluit: fn(&Controle<'_>, &Sommen, &Regelinstelling, &mut Uitkomsten),
    },
}

/// Which lines of what it is about any finding of a rule rests on.
pub enum RestsOn {
    /// All that count.
    Subject,
    /// Those for which this holds.
    Where(fn(&Lijn<'_>, &Regelinstelling) -> bool),
    /// No line: it is about messages or papers.
    Nothing,
}

/// What a rule over all lines collects its [`Sommen`] from.
pub enum Verzameling {
    /// Nothing: it looks at tables that are there as a whole.
    Niets,
    /// All lines of one aanbieder.
    Aanbieder(fn(&Aanbiedergroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All lines on one toewijzing.
    Toewijzing(fn(&Toewijzingsgroep<'_>, &Regelinstelling, &mut Uitkomsten)),
}

/// Scope of a rule: what it can be run on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bereik {
    Regel,
    Toewijzing,
    Jeugdige,
    Aanbieder,
    Dossier,
}

impl Check {
    fn bereik(&self) -> Bereik {
        match self {
            Check::Line(_) | Check::LineKind(_) => Bereik::Regel,
            Check::Toewijzing(_) => Bereik::Toewijzing,
            Check::Jeugdige(_) => Bereik::Jeugdige,
            Check::Aanbieder(_) => Bereik::Aanbieder,
            Check::Dossier { .. } => Bereik::Dossier,
        }
    }
}

/// A rule as an audit runs it: one of the program, or a check that the ruleset adds.
#[derive(Clone)]
pub struct AuditRule {
    pub code: &'static str,
    pub titel: Tekst,
    pub wat: Tekst,
    pub waarom: Tekst,
    pub nodig: Tekst,
    pub parameters: &'static [ParameterSpec],
    pub(super) origin: Origin,
}

/// Where a rule comes from, with its functions or its conditions.
#[derive(Clone)]
pub(super) enum Origin {
    Program(&'static Regel),
    Own(Arc<Eigencontrole>),
}

impl AuditRule {
    /// The rules of an audit: those of the program, and what the ruleset adds to them.
    pub fn all(register: &[&'static Regel], regelset: &Regelset) -> Vec<AuditRule> {
        let program = register.iter().map(|r| AuditRule::from(*r));
        program.chain(regelset.eigen().iter().cloned().map(AuditRule::from)).collect()
    }

    pub fn familie(&self) -> &'static str {
        self.code.trim_end_matches(|c: char| c.is_ascii_digit())
    }

    /// The check of the ruleset that this is, where it isn't a rule of the program.
    pub fn own(&self) -> Option<&Eigencontrole> {
        match &self.origin {
            Origin::Program(_) => None,
            Origin::Own(controle) => Some(controle),
        }
    }

    /// The scopes that it looks at, in the order of its checks.
    pub fn bereiken(&self) -> Vec<Bereik> {
        match &self.origin {
            Origin::Program(regel) => regel.checks.iter().map(Check::bereik).collect(),
            Origin::Own(_) => vec![Bereik::Regel],
        }
    }

    pub(super) fn checks(&self) -> &'static [Check] {
        match self.origin {
            Origin::Program(regel) => regel.checks,
            Origin::Own(_) => &[],
        }
    }

    pub(super) fn rests_on(&self) -> &'static RestsOn {
        match self.origin {
            Origin::Program(regel) => &regel.rests_on,
            Origin::Own(_) => &RestsOn::Subject,
        }
    }

    pub(super) fn about(&self) -> Option<fn(&Product) -> bool> {
        match self.origin {
            Origin::Program(regel) => regel.about,
            Origin::Own(_) => None,
        }
    }
}

impl From<&'static Regel> for AuditRule {
    fn from(regel: &'static Regel) -> AuditRule {
        AuditRule {
            code: regel.code,
            titel: regel.titel.into(),
            wat: regel.wat.into(),
            waarom: regel.waarom.into(),
            nodig: regel.nodig.into(),
            parameters: regel.parameters,
            origin: Origin::Program(regel),
        }
    }
}

impl From<Arc<Eigencontrole>> for AuditRule {
    fn from(controle: Arc<Eigencontrole>) -> AuditRule {
        AuditRule {
            code: controle.code,
            titel: controle.titel.clone().into(),
            wat: controle.wat().into(),
            waarom: controle.waarom().into(),
            nodig: controle.nodig().into(),
            parameters: &[],
            origin: Origin::Own(controle),
        }
    }
}
