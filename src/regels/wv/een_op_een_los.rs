//! WV09: extra one-to-one support without the group or place that it comes on top of.
//!
//! Source: ID 8.5.3, 9.7.

use super::{ONE_TO_ONE, is_verblijf};
use crate::dossier::{Ernst, Onderdeel, Product};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV09",
    title: "Extra 1-op-1 zonder groep of verblijf",
    what: "Een declaratieregel voor extra 1-op-1 in een maand waarin de jeugdige er geen voor verblijf of groepsaanbod heeft, is een onzekerheid.",
    why: "Extra 1-op-1 komt boven op een plaats in een groep of woonvoorziening.",
    for_aanbieder: "Er is extra 1-op-1-begeleiding gedeclareerd in een maand zonder groep of verblijf.",
    needs: needs!("{} en {} van de producten", Producten(Tariefsleutel, Onderdeel)),
    about: Some(is_one_to_one),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn is_one_to_one(product: &Product) -> bool {
    product.tariefsleutel() == Some(ONE_TO_ONE)
}

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let is_place = |p: &Product| is_verblijf(p) || p.onderdeel() == Some(Onderdeel::Groepsaanbod);
    let of_belang = |l: &Line<'_>| is_one_to_one(l.product) || is_place(l.product);
    for (maand, lines) in group.per_maand(of_belang) {
        let has_place = lines.iter().any(|l| is_place(l.product));
        for line in lines.iter().filter(|l| is_one_to_one(l.product)) {
            out.tested();
            if !has_place {
                out.bevinding(
                    line.bevinding(Ernst::Onzekerheid)
                        .found(format!("extra 1-op-1 zonder groepsaanbod of verblijf in {maand}"))
                        .expected("extra 1-op-1 boven op groepsaanbod of verblijf")
                        .toelichting("Beoordeel bij welke plaats deze inzet hoort."),
                );
            }
        }
    }
}
