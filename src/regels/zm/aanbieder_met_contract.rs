//! ZM04: maatwerk by an aanbieder that has a contract.
//!
//! Needs aanbieders. Source: MW.

use super::is_maatwerk;
use crate::dossier::{Cent, Ernst};
use crate::regels::percelen::{knows_percelen, own_percelen};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Line, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZM04",
    title: "Maatwerk door een aanbieder met een contract",
    what: "Een aanbieder met een perceel declareert maatwerk. Eén signaal per aanbieder, met het aantal declaratieregels en hun som.",
    why: "Maatwerk is er voor hulp die de gecontracteerde aanbieders niet kunnen bieden; van een gecontracteerde aanbieder is de vraag waarom het buiten zijn contract valt.",
    for_aanbieder: "Er is maatwerk gedeclareerd terwijl u een contract hebt.",
    needs: needs!(
        "{} van het product; {} en {} van de aanbieder",
        Producten(Onderdeel),
        Aanbieders(Perceel, Percelen)
    ),
    about: Some(is_maatwerk),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let lines: Vec<Line<'_>> = group.counting_lines().filter(|l| is_maatwerk(l.product)).collect();
    let Some(first) = lines.first() else { return };
    let c = group.context;
    let Some(g) = out.known(c.data(group.id)) else { return };
    let own: Vec<String> = own_percelen(g).map(|perceel| perceel.to_string()).collect();
    if own.is_empty() {
        return match knows_percelen(c, g) {
            Ok(()) => out.tested(),
            Err(reason) => out.not_testable(reason),
        };
    }
    out.tested();
    let sum: Cent = lines.iter().map(|l| l.data.ingediend_bedrag).sum();
    let count = match lines.len() {
        1 => "1 declaratieregel".to_owned(),
        count => format!("{count} declaratieregels"),
    };
    out.bevinding(
        group
            .bevinding(Ernst::Signaal)
            .bedrag(sum)
            .found(format!("{count} maatwerk, samen {sum}, met perceel {}", own.join(", ")))
            .on_lines(lines.iter().copied())
            .expected("maatwerk alleen waar de gecontracteerde hulp niet toereikend is")
            .toelichting(format!(
                "Bespreek waarom deze hulp, {} bijvoorbeeld, buiten het contract valt.",
                first.product.code
            )),
    );
}
