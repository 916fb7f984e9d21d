//! PV05: an aanbieder large enough for a social return effort.
//!
//! Over the contract's periods of two years. The audited year by its live lines, the other by its
//! omzet rows or else its live lines. Source: ID 4.5.

use crate::dossier::{Cent, Ernst};
use crate::regelset::{Parameter, Regelinstelling, Year};
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "PV05",
    titel: "SROI-inspanning verschuldigd",
    wat: "De omzet van de aanbieder over de contractperiode bereikt de drempel voor een inspanning op het gebied van social return. Dat is een signaal.",
    waarom: "Boven de drempel vraagt het contract een inspanning voor mensen met een afstand tot de arbeidsmarkt.",
    nodig: "declaraties of omzet van beide jaren van de contractperiode",
    parameters: &[DREMPEL.spec(), EERSTE_JAAR.spec(), JAREN.spec()],
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

const DREMPEL: Parameter<Cent> =
    Parameter::new("drempel", "omzet over de contractperiode vanaf waar de inspanning geldt");

const EERSTE_JAAR: Parameter<Year> =
    Parameter::new("eerste_jaar", "eerste jaar van de eerste contractperiode");

const JAREN: Parameter<i64> = Parameter::new("jaren", "jaren van een contractperiode");

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let Some(nu) = groep.jaarsom(c.jaar) else { return };
    let dag = c.laatste_dag();
    let eerste = instelling.at(&EERSTE_JAAR, dag) as i32;
    let jaren = (instelling.at(&JAREN, dag) as i32).max(1);
    let begin = c.jaar - (c.jaar - eerste).rem_euclid(jaren);
    let mut som = nu;
    for jaar in (begin..begin + jaren).filter(|j| *j != c.jaar) {
        match omzet_van(groep, jaar) {
            Some(omzet) => som += omzet,
            None => return uit.niet_toetsbaar(Reden::OmzetAnderJaarOnbekend),
        }
    }
    uit.getoetst();
    let drempel = instelling.at(&DREMPEL, dag);
    if som >= drempel {
        uit.bevinding(
            groep
                .bevinding(Ernst::Signaal)
                .gevonden(format!("omzet {som} over {begin} tot en met {}", begin + jaren - 1))
                .verwacht(format!("een SROI-inspanning vanaf {drempel}")),
        );
    }
}

fn omzet_van(groep: &Aanbiedergroep<'_>, jaar: i32) -> Option<Cent> {
    let mut omzet = groep.controle.omzet_van(groep.aanbieder.agb, jaar).map(|o| o.omzet).peekable();
    if omzet.peek().is_none() { groep.jaarsom(jaar) } else { Some(omzet.sum()) }
}
