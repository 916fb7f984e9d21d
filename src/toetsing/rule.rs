//! The contract of a rule: what it is, in words, and by what it is tested.

use super::controle::Controle;
use super::eigen;
use super::groep::{Aanbiedergroep, Jeugdigegroep, Toewijzingsgroep};
use super::lijn::Lijn;
use super::uitkomst::{Oordeel, Sommen, Uitkomsten};
use crate::dossier::Product;
use crate::regelset::{Parameter, Regelinstelling};

/// A rule: what it is, in words, and how it is tested.
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
    pub parameters: &'static [Parameter],
    pub toets: Toets,
}

impl std::fmt::Debug for Regel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}

impl Regel {
    pub fn familie(&self) -> &'static str {
        self.code.trim_end_matches(|c: char| c.is_ascii_digit())
    }

    /// Does it come from a ruleset instead of the program?
    pub fn is_eigen(&self) -> bool {
        matches!(self.toets, Toets::Eigen(_))
    }

    /// The scopes that it looks at; most rules have one.
    pub fn bereiken(&self) -> &'static [Bereik] {
        match self.toets {
            Toets::Regel(_)
            | Toets::Gelijk(_)
            | Toets::GelijkOfElk(..)
            | Toets::OokOmgekeerd(_)
            | Toets::Product(..)
            | Toets::Eigen(_) => &[Bereik::Regel],
            Toets::Toewijzing(_) | Toets::ToewijzingMet(..) => &[Bereik::Toewijzing],
            Toets::Jeugdige(_) | Toets::JeugdigeMet(..) => &[Bereik::Jeugdige],
            Toets::Aanbieder(_) => &[Bereik::Aanbieder],
            Toets::JeugdigeEnAanbieder(..) => &[Bereik::Jeugdige, Bereik::Aanbieder],
            Toets::Dossier { .. } => &[Bereik::Dossier],
        }
    }
}

/// The function of a rule, by the unit that it looks at.
pub enum Toets {
    /// One live line of the audited year that isn't reversed.
    Regel(fn(&Lijn<'_>, &Regelinstelling) -> Oordeel),
    /// The same, of which the verdict follows from what like lines share (see [`Lijn::is_gelijk`]):
    /// it is asked of one of them, and only what it finds is asked of each.
    Gelijk(fn(&Lijn<'_>, &Regelinstelling) -> Oordeel),
    /// The same where like lines share no more than a verdict that settles it for all of them: the
    /// first function gives it, or nothing where each line must be asked.
    GelijkOfElk(
        fn(&Lijn<'_>, &Regelinstelling) -> Option<Oordeel>,
        fn(&Lijn<'_>, &Regelinstelling) -> Oordeel,
    ),
    /// One live line of the audited year, reversed ones too.
    OokOmgekeerd(fn(&Lijn<'_>, &Regelinstelling) -> Oordeel),
    /// One live line of the audited year that isn't reversed, by a user's own conditions.
    Eigen(&'static eigen::Eigencontrole),
    /// All lines on one toewijzing.
    Toewijzing(fn(&Toewijzingsgroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// One live line of the audited year that isn't reversed, of a product for which the first
    /// function holds or that is unknown: the others are skipped without a look.
    Product(fn(&Product) -> bool, fn(&Lijn<'_>, &Regelinstelling) -> Oordeel),
    /// All that one jeugdige got, where a line is of a product for which the first function holds
    /// or that is unknown: the others are skipped without a look.
    JeugdigeMet(fn(&Product) -> bool, fn(&Jeugdigegroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All lines on one toewijzing, where a line is of such a product.
    ToewijzingMet(
        fn(&Product) -> bool,
        fn(&Toewijzingsgroep<'_>, &Regelinstelling, &mut Uitkomsten),
    ),
    /// All that one jeugdige got.
    Jeugdige(fn(&Jeugdigegroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All lines of one aanbieder.
    Aanbieder(fn(&Aanbiedergroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All that one jeugdige got, and all lines of one aanbieder: two looks at one thing.
    JeugdigeEnAanbieder(
        fn(&Jeugdigegroep<'_>, &Regelinstelling, &mut Uitkomsten),
        fn(&Aanbiedergroep<'_>, &Regelinstelling, &mut Uitkomsten),
    ),
    /// All lines together: what compares aanbieders, or is about gemeenten. Each part of the lines
    /// gives its sums; then the sums of all are decided on.
    Dossier {
        per: Verzameling,
        besluit: fn(&Controle<'_>, &Sommen, &Regelinstelling, &mut Uitkomsten),
    },
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
