//! TF10: declared in another unit than the contract's.
//!
//! By the Onderdeel of the product; crisis in etmalen by its Tariefsleutel. Source: ID 8.5.1, 8.5.3,
//! 8.5.4, 9.7, 10.3; RTP 4.5, 6.

use crate::dossier::{Eenheid, Ernst, Onderdeel};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TF10",
    title: "Eenheid is niet die van het contract",
    what: "Een declaratieregel in een andere eenheid dan waarin het contract dat onderdeel bekostigt, is een onzekerheid. Ambulant en een-op-een gaan per minuut of uur, dyslexiezorg per minuut of stuk, groepsaanbod per uur of minuut, verblijf en crisisplaatsen per etmaal, een voorziening en andere crisishulp per stuk. Preventie, maatwerk en overig blijven buiten beschouwing.",
    why: "In een andere eenheid is het contracttarief niet na te gaan: de regels over tarief en volume kunnen er niets van zeggen.",
    for_aanbieder: "De eenheid is niet die waarin het contract deze hulp bekostigt.",
    needs: needs!("{} en {} van het product", Producten(Onderdeel, Tariefsleutel)),
    parameters: &[
        AMBULANT.spec(),
        ED.spec(),
        GROEPSAANBOD.spec(),
        EEN_OP_EEN.spec(),
        VERBLIJF.spec(),
        VOORZIENING.spec(),
        CRISISPLAATS.spec(),
        CRISIS.spec(),
    ],
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

const AMBULANT: Parameter<[u8]> = Parameter::new("ambulant", "eenheden van ambulante hulp");

const ED: Parameter<[u8]> = Parameter::new("ed", "eenheden van dyslexiezorg");

const GROEPSAANBOD: Parameter<[u8]> = Parameter::new("groepsaanbod", "eenheden van groepsaanbod");

const EEN_OP_EEN: Parameter<[u8]> =
    Parameter::new("een_op_een", "eenheden van extra een-op-eenondersteuning");

const VERBLIJF: Parameter<[u8]> = Parameter::new("verblijf", "eenheden van wonen en verblijf");

const VOORZIENING: Parameter<[u8]> =
    Parameter::new("voorziening", "eenheden van een voorziening (MST, ZIT)");

const CRISISPLAATS: Parameter<[u8]> =
    Parameter::new("crisisplaats", "eenheden van een crisisplek en van crisispleegzorg");

const CRISIS: Parameter<[u8]> = Parameter::new("crisis", "eenheden van andere crisishulp");

fn check(kind: &LineKind<'_>, settings: &RuleSettings) -> Verdict {
    let onderdeel = kind.onderdeel()?;
    let parameter = match onderdeel {
        Onderdeel::Ambulant => &AMBULANT,
        Onderdeel::Ed => &ED,
        Onderdeel::Groepsaanbod => &GROEPSAANBOD,
        Onderdeel::EenOpEen => &EEN_OP_EEN,
        Onderdeel::Verblijf => &VERBLIJF,
        Onderdeel::Voorziening => &VOORZIENING,
        Onderdeel::Crisis => match kind.product.tariefsleutel() {
            Some("CRISIS_BED" | "CRISIS_PLEEGZORG") => &CRISISPLAATS,
            _ => &CRISIS,
        },
        Onderdeel::Preventie | Onderdeel::Maatwerk | Onderdeel::Overig => {
            return Ok(Ruling::NotApplicable);
        }
    };
    let allowed = kind.valid(settings, parameter).value;
    let own = kind.eenheid();
    if allowed.contains(&own.0) {
        return Ok(Ruling::InOrder);
    }
    let names: Vec<String> = allowed.iter().map(|e| described(Eenheid(*e))).collect();
    kind.bevinding(Ernst::Onzekerheid)
        .found(format!("{} in eenheid {}", onderdeel.name(), described(own)))
        .expected(format!("eenheid {}", names.join(" of ")))
        .toelichting("Beoordeel of de eenheid een vergissing is of zo is afgesproken.")
        .into()
}

/// The code of a unit, with its word.
fn described(eenheid: Eenheid) -> String {
    format!("{eenheid} ({})", eenheid.name())
}
