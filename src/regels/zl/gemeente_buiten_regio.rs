//! ZL11: a gemeente outside the region.
//!
//! Source: the gemeenten of Zeeland by their CBS codes.

use crate::regels::scope::outside_region;
use crate::toetsing::{Check, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZL11",
    title: "Gemeente buiten Zeeland",
    what: "Een declaratieregel voor een gemeente die niet een van de dertien van Zeeland is, is een fout.",
    why: "De inkooporganisatie koopt in voor de gemeenten van Zeeland en berekent hun de kosten door.",
    for_aanbieder: "De declaratieregel is voor een gemeente buiten Zeeland.",
    needs: needs!("{}", Declaraties(Gemeente)),
    checks: &[Check::LineKind(|kind, _| outside_region(kind, "een gemeente van Zeeland"))],
    ..Rule::BASE
};
