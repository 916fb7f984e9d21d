//! WV10: ambulant help beside pleegzorg of the same aanbieder.
//!
//! The tariff of pleegzorg holds hours of support already. Source: ID 9.7.1, XIV pleegzorg 1, 3.

use crate::dossier::{Ernst, Onderdeel, Product, Vorm};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeGroup, Outcomes, Rule, needs};
use std::collections::BTreeSet;

pub(crate) static RULE: Rule = Rule {
    code: "WV10",
    title: "Ambulant naast pleegzorg bij dezelfde aanbieder",
    what: "Een jeugdige heeft in een maand zowel pleegzorg als ambulante hulp van dezelfde aanbieder. Eén signaal per jeugdige, aanbieder en maand.",
    why: "In het tarief van pleegzorg zit al begeleiding; alleen wat daar bovenop komt is apart declarabel.",
    for_aanbieder: "Er is ambulante hulp gedeclareerd naast pleegzorg bij dezelfde aanbieder.",
    needs: needs!("{} en {} van de producten", Producten(Vorm, Onderdeel)),
    parameters: &[HOURS.spec()],
    about: Some(is_pleegzorg),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const HOURS: Parameter<i64> =
    Parameter::new("uren", "uren begeleiding per jaar die in het tarief van pleegzorg zitten");

fn is_pleegzorg(product: &Product) -> bool {
    product.form() == Some(Vorm::Pleegzorg)
}

fn is_ambulant(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Ambulant)
}

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    for (maand, lines) in group.per_maand(|l| is_pleegzorg(l.product) || is_ambulant(l.product)) {
        let aanbieders: BTreeSet<_> =
            lines.iter().filter(|l| is_pleegzorg(l.product)).map(|l| l.data.aanbieder).collect();
        for aanbieder in aanbieders {
            out.tested();
            let count = lines
                .iter()
                .filter(|l| is_ambulant(l.product) && l.data.aanbieder == aanbieder)
                .count();
            if count == 0 {
                continue;
            }
            let hours = settings.at(&HOURS, maand.end());
            out.bevinding(
                group
                    .bevinding(Ernst::Signaal)
                    .on_lines(lines.iter().copied().filter(|l| l.data.aanbieder == aanbieder))
                    .found(format!(
                        "pleegzorg en {count} {} ambulante hulp van aanbieder {} in {maand}",
                        if count == 1 { "declaratieregel" } else { "declaratieregels" },
                        group.context.agb(aanbieder)
                    ))
                    .expected(format!(
                        "eerst de {hours} uur per jaar die in het tarief van pleegzorg zitten"
                    )),
            );
        }
    }
}
