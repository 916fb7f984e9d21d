//! WV13: a stay elsewhere declared beside a gezinshuis.
//!
//! Needs Bijzonderheid of the toewijzing for `toestemming`. Source: ID 9.7.2; RTP 3.9.1.

use crate::dossier::{Bijzonderheid, Ernst, Product, Vorm};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, JeugdigeGroup, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV13",
    title: "Logeren naast een gezinshuis",
    what: "Een jeugdige heeft in een maand een declaratieregel voor een gezinshuis en een voor kortdurend verblijf of deeltijdpleegzorg, en de toewijzing van de laatste noemt geen toestemming. Elk van die laatste is een onzekerheid.",
    why: "In het tarief van een gezinshuis zit het logeren en de vervanging bij vakantie of ziekte; de gemeente kan iets anders overeenkomen.",
    for_aanbieder: "Er is logeren gedeclareerd naast een gezinshuis, zonder onze toestemming.",
    needs: needs!(
        "{} van het product; {} van de toewijzing",
        Producten(Vorm),
        Toewijzingen(Bijzonderheid)
    ),
    about: Some(is_stay_elsewhere),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn is_stay_elsewhere(product: &Product) -> bool {
    matches!(product.form(), Some(Vorm::Kdv | Vorm::Deeltijdpleegzorg))
}

fn is_gezinshuis(product: &Product) -> bool {
    product.form() == Some(Vorm::Gezinshuis)
}

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    for (maand, lines) in
        group.per_maand(|l| is_stay_elsewhere(l.product) || is_gezinshuis(l.product))
    {
        let beside = lines.iter().any(|l| is_gezinshuis(l.product));
        for line in lines.iter().filter(|l| is_stay_elsewhere(l.product)) {
            if !beside {
                out.tested();
                continue;
            }
            let Some(t) = out.known(line.toewijzing()) else { continue };
            let Some(consent) = out.known(t.names(Bijzonderheid::Toestemming)) else { continue };
            out.tested();
            if consent {
                continue;
            }
            let mut b = line
                .bevinding(Ernst::Onzekerheid)
                .found(format!("logeren naast een gezinshuis in {maand}"))
                .expected("logeren uit het tarief van het gezinshuis, of toestemming")
                .toelichting("Beoordeel of de gemeente een andere vorm van verblijf naast het gezinshuis is overeengekomen.");
            if !group.context.knows_bijzonderheid(t) {
                b = b.also("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
            }
            out.bevinding(b);
        }
    }
}
