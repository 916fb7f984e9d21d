//! DN02: a gemeente outside the region.
//!
//! By the line's own Gemeente. Source: ID 1.1.

use crate::regels::scope::outside_region;
use crate::toetsing::{Check, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "DN02",
    title: "Gemeente buiten de regio",
    what: "Een declaratieregel voor een gemeente die niet tot de regio behoort, is een fout.",
    why: "Alleen de gemeenten van de regio zijn partij bij dit contract.",
    for_aanbieder: "De declaratieregel is voor een gemeente buiten onze regio.",
    needs: needs!("{}", Declaraties(Gemeente)),
    checks: &[Check::LineKind(|kind, _| outside_region(kind, "een gemeente van de regio"))],
    ..Rule::BASE
};
