//! LF01: eighteen or older.
//!
//! Needs Geboortedatum of the toewijzing, and Bijzonderheid for `verlengd`. Source: ID 8.2.3;
//! Jeugdwet 1.1.

use crate::dossier::{Bijzonderheid, Ernst, Kolom};
use crate::regels::caveat::{CAVEATS, with_caveats};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "LF01",
    title: "Achttien of ouder",
    what: "Op de Begindatum van de declaratieregel heeft de jeugdige de grens van de jeugdhulp bereikt, en de toewijzing noemt geen verlengde jeugdhulp. Dat is een onzekerheid.",
    why: "Daarna geldt de Jeugdwet alleen als verlengde jeugdhulp is toegekend.",
    for_aanbieder: "De jeugdige was achttien of ouder, en verlengde jeugdhulp is niet toegewezen.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Geboortedatum, Bijzonderheid)),
    parameters: &[LEEFTIJD.spec(), CAVEATS.spec()],
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const LEEFTIJD: Parameter<i64> = Parameter::new(
    "leeftijd",
    "leeftijd vanaf wanneer jeugdhulp alleen als verlengde jeugdhulp kan",
);

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let t = line.toewijzing_with(Kolom::Geboortedatum)?;
    let geboren = t.geboortedatum()?.ok_or(Reason::GeenGeboortedatum)?;
    let begin = line.data.begindatum;
    let limit = settings.at(&LEEFTIJD, begin);
    if !geboren.is_at_least(limit as i32, begin) || t.names(Bijzonderheid::Verlengd)? {
        return Ok(Ruling::InOrder);
    }
    let b = line
        .bevinding(Ernst::Onzekerheid)
        .found(format!("{} jaar op {begin}", geboren.leeftijd_on(begin)))
        .expected(format!("jonger dan {limit}, of verlengde jeugdhulp"))
        .toelichting("Beoordeel of verlengde jeugdhulp is toegekend.");
    let b = with_caveats(b, settings, begin);
    if line.context.knows_bijzonderheid(t) {
        b
    } else {
        b.also("De kolom Bijzonderheid, waarin dat kan staan, ontbreekt.")
    }
    .into()
}
