//! TF05: more travel time than may be declared for a conversation.
//!
//! Needs ReistijdMinuten and Gesprekken. Source: ID XIV ambulant 3, dyslexie 5.

use crate::dossier::{Ernst, Kolom, Onderdeel, Volume};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TF05",
    title: "Te veel reistijd per gesprek",
    what: "De reistijd van een declaratieregel voor ambulante hulp of dyslexiezorg is meer dan het maximum maal het aantal gesprekken (leeg = 1). De minuten erboven zijn een fout, naar rato van het bedrag.",
    why: "Reistijd is per gesprek begrensd; de rest zit in het tarief.",
    for_aanbieder: "Er is meer reistijd gedeclareerd dan per gesprek mag.",
    needs: needs!("{} en {}", Declaraties(ReistijdMinuten, Gesprekken)),
    parameters: &[MINUTEN.spec()],
    about: Some(|p| matches!(p.onderdeel(), Some(Onderdeel::Ambulant | Onderdeel::Ed))),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const MINUTEN: Parameter<i64> =
    Parameter::new("minuten", "reisminuten die per gesprek gedeclareerd mogen worden");

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    line.kolom(Kolom::ReistijdMinuten)?;
    let contact = line.contact();
    let reistijd = contact.reistijd_minuten.ok_or(Reason::GeenReistijdMinuten)?;
    let per_gesprek = settings.at(&MINUTEN, line.data.begindatum);
    if reistijd <= Volume::whole(per_gesprek) {
        return Ok(Ruling::InOrder);
    }
    line.kolom(Kolom::Gesprekken)?;
    let gesprekken = i64::from(contact.gesprekken.unwrap_or(1));
    let maximum = Volume::whole(per_gesprek * gesprekken);
    if reistijd <= maximum {
        return Ok(Ruling::InOrder);
    }
    let minuten = line.hundredth_minuten()?;
    line.bevinding(Ernst::Fout)
        .bedrag(line.share_of_bedrag(reistijd.0 - maximum.0, minuten))
        .found(format!(
            "{reistijd} reisminuten bij {}",
            if gesprekken == 1 {
                "1 gesprek".to_owned()
            } else {
                format!("{gesprekken} gesprekken")
            }
        ))
        .expected(format!("hoogstens {per_gesprek} minuten per gesprek, samen {maximum}"))
        .into()
}
