//! TF03: help of a part of the contract that the aanbieder has no perceel for.
//!
//! The aanbieder's percelen are Perceel and Percelen together. Source: ID 3.2, 4.3.1.

use crate::regels::percelen::needs_perceel;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TF03",
    title: "Buiten het gecontracteerde perceel",
    what: "Een declaratieregel voor ambulante hulp, groepsaanbod, een voorziening, verblijf, dyslexiezorg of een-op-eenondersteuning van een aanbieder zonder een perceel voor dat onderdeel is een fout (een-op-een hoort bij groepsaanbod of verblijf); van een aanbieder die niet in de lijst staat een onzekerheid.",
    why: "Een aanbieder mag alleen leveren wat hij gegund kreeg.",
    for_aanbieder: "U hebt geen contract voor het perceel van deze hulp.",
    needs: needs!("{} en {} van de aanbieder", Aanbieders(Perceel, Percelen)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let onderdeel = kind.onderdeel()?;
    let c = kind.context;
    if c.regelset.percelen.is_empty() {
        return Err(Reason::GeenLijst("percelen"));
    }
    let Some(needed) = c.regelset.percelen.of(onderdeel) else {
        return Ok(Ruling::NotApplicable);
    };
    let has = |own: &[String]| match own {
        [one] => format!("met alleen perceel {one}"),
        more => format!("met de percelen {}", more.join(", ")),
    };
    needs_perceel(kind, needed, onderdeel.name(), has, one_of(needed))
}

/// Words for the percelen that would do.
fn one_of(percelen: &[u8]) -> String {
    let percelen: Vec<String> = percelen.iter().map(u8::to_string).collect();
    match percelen.as_slice() {
        [one] => format!("perceel {one}"),
        more => format!("een van de percelen {}", more.join(", ")),
    }
}
