//! DN01: a gemeente that doesn't take part in this part of the contract.
//!
//! By the line's own Gemeente. Source: ID 1.1, 2; RTP Vooraf.

use crate::dossier::Ernst;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "DN01",
    title: "Gemeente doet niet mee aan dit onderdeel",
    what: "Een declaratieregel voor een gemeente van de regio die aan dit onderdeel van het contract niet meedoet, is een fout; waar de documenten elkaar tegenspreken, een signaal.",
    why: "Een gemeente betaalt via dit contract alleen waaraan zij meedoet.",
    for_aanbieder: "De gemeente doet niet mee aan dit onderdeel van het contract.",
    needs: needs!("{}; {} van het product", Declaraties(Gemeente), Producten(Onderdeel)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let deelnames = &kind.context.regelset.deelnames;
    if deelnames.is_empty() {
        return Err(Reason::GeenLijst("gemeenten"));
    }
    let Some(deelname) = kind.deelname() else {
        return Ok(Ruling::NotApplicable);
    };
    let Some(onderdelen) = &deelname.onderdelen else { return Ok(Ruling::InOrder) };
    let onderdeel = kind.onderdeel()?;
    if onderdelen.contains(&onderdeel) {
        return Ok(Ruling::InOrder);
    }
    let twijfel = deelname.twijfel.contains(&onderdeel);
    let names: Vec<&str> = onderdelen.iter().map(|o| o.name()).collect();
    let b = kind
        .bevinding(if twijfel { Ernst::Signaal } else { Ernst::Fout })
        .found(format!("{} voor {}", onderdeel.name(), deelname.name))
        .expected(format!("alleen {}", names.join(", ")));
    if twijfel { b.toelichting(deelname.toelichting.clone()) } else { b }.into()
}
