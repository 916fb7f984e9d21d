//! ED01: dyslexia care outside the ages that it is for.
//!
//! Needs Geboortedatum of the toewijzing. Source: ID 10.2.2.

use crate::dossier::{Dag, Ernst, Kolom, Onderdeel};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ED01",
    title: "Leeftijd buiten de dyslexiezorg",
    what: "Op de Begindatum van een declaratieregel voor dyslexiezorg is de jeugdige jonger dan de ondergrens of heeft de bovengrens bereikt. Was de leeftijd op de Ingangsdatum nog goed, dan is dat een onzekerheid, anders een fout.",
    why: "Dyslexiezorg is voor kinderen in de basisschoolleeftijd.",
    for_aanbieder: "De jeugdige valt door zijn leeftijd buiten de dyslexiezorg.",
    needs: needs!("{} van de toewijzing", Toewijzingen(Geboortedatum)),
    parameters: &[FROM.spec(), UNTIL.spec()],
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Ed)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const FROM: Parameter<i64> =
    Parameter::new("leeftijd_vanaf", "leeftijd vanaf wanneer dyslexiezorg kan");

const UNTIL: Parameter<i64> =
    Parameter::new("leeftijd_tot", "leeftijd waarop dyslexiezorg niet meer kan");

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let t = line.toewijzing_with(Kolom::Geboortedatum)?;
    let geboren = t.geboortedatum()?.ok_or(Reason::GeenGeboortedatum)?;
    let begin = line.data.begindatum;
    let (from, until) = (settings.at(&FROM, begin), settings.at(&UNTIL, begin));
    let fits =
        |dag: Dag| geboren.is_at_least(from as i32, dag) && !geboren.is_at_least(until as i32, dag);
    if fits(begin) {
        return Ok(Ruling::InOrder);
    }
    let begun_on_leeftijd = fits(t.ingangsdatum);
    let b = line
        .bevinding(if begun_on_leeftijd { Ernst::Onzekerheid } else { Ernst::Fout })
        .found(format!("{} jaar op {begin}", geboren.leeftijd_on(begin)))
        .expected(format!("van {from} tot {until} jaar"));
    if begun_on_leeftijd {
        b.toelichting("Op de Ingangsdatum was de leeftijd goed: beoordeel of de behandeling mocht worden afgemaakt.")
    } else {
        b
    }
    .into()
}
