//! WV05: groepsaanbod beside a stay.
//!
//! Needs Bijzonderheid of the toewijzing for `toestemming`. Source: ID eis 92.

use super::is_verblijf;
use crate::dossier::{Bijzonderheid, Ernst, Onderdeel, Product};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, JeugdigeGroup, Outcomes, Reason, Rule};

pub(crate) static RULE: Rule = Rule {
    code: "WV05",
    title: "Groepsaanbod naast verblijf",
    what: "Een jeugdige heeft in een maand zowel verblijf als groepsaanbod, en de toewijzing voor het groepsaanbod noemt geen toestemming. Eén signaal per jeugdige en maand.",
    why: "Dagbesteding hoort bij verblijf, tenzij de gemeente groepsaanbod apart toestond.",
    needs: "Bijzonderheid van de toewijzing",
    about: Some(is_groepsaanbod),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn is_groepsaanbod(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Groepsaanbod)
}

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    for (maand, lines) in group.per_maand(|l| is_verblijf(l.product) || is_groepsaanbod(l.product))
    {
        let by_group: Vec<_> = lines.iter().filter(|l| is_groepsaanbod(l.product)).collect();
        if by_group.is_empty() {
            continue;
        }
        if !lines.iter().any(|l| is_verblijf(l.product)) {
            out.tested();
            continue;
        }
        let toewijzingen: Vec<_> = by_group.iter().filter_map(|l| l.toewijzing().ok()).collect();
        if toewijzingen.is_empty() {
            out.not_testable(Reason::GeenToewijzing);
            continue;
        }
        out.tested();
        let without =
            toewijzingen.iter().find(|t| !t.bijzonderheden.contains(Bijzonderheid::Toestemming));
        let Some(t) = without else { continue };
        let mut b = group
            .bevinding(Ernst::Signaal)
            .on_lines(lines.iter().copied())
            .found(format!("verblijf en groepsaanbod in {maand}"))
            .expected("toestemming voor groepsaanbod naast verblijf");
        if !group.context.knows_bijzonderheid(t) {
            b = b.also("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
        }
        out.bevinding(b);
    }
}
