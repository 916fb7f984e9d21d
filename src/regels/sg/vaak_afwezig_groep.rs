//! SG08: regular absence in a group.
//!
//! No-shows on groepsaanbod, per aanbieder and month of the audited year. Needs NoShow. Source: own
//! signal, by ID 8.5.3 and XIV groepsaanbod 8.

use crate::dossier::{AanbiederId, Ernst, Kolom, Onderdeel, Product};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeGroup, Outcomes, Rule, needs};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static RULE: Rule = Rule {
    code: "SG08",
    title: "Regelmatig afwezig in een groep",
    what: "Een jeugdige heeft bij een aanbieder in meerdere maanden van het leverjaar meer no-shows op groepsaanbod dan het aantal per maand. Eén signaal per jeugdige en aanbieder.",
    why: "Bij regelmatige afwezigheid kan de plek misschien voor een ander worden gebruikt; dan is de afwezigheid niet declarabel.",
    for_aanbieder: "Deze jeugdige was opvallend vaak afwezig in de groep.",
    needs: needs!("{}", Declaraties(NoShow)),
    parameters: &[PER_MAAND.spec(), MAANDEN.spec()],
    about: Some(is_groepsaanbod),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const PER_MAAND: Parameter<i64> =
    Parameter::new("per_maand", "no-shows in een maand waarboven die maand meetelt");

const MAANDEN: Parameter<i64> =
    Parameter::new("maanden", "maanden met zo veel no-shows vanaf waar dat opvalt");

fn is_groepsaanbod(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Groepsaanbod)
}

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let dag = group.context.last_dag();
    let (most, from) = (settings.at(&PER_MAAND, dag), settings.at(&MAANDEN, dag));
    let mut per_maand: BTreeMap<(AanbiederId, i32), i64> = BTreeMap::new();
    let lines: Vec<_> = group.lines().filter(|l| is_groepsaanbod(l.product)).collect();
    for line in &lines {
        let Some(()) = out.known(line.kolom(Kolom::NoShow)) else { continue };
        let maand = line.data.einddatum.maand();
        *per_maand.entry((line.aanbieder(), maand)).or_default() += i64::from(line.no_show());
    }
    let aanbieders: BTreeSet<AanbiederId> = per_maand.keys().map(|(id, _)| *id).collect();
    for id in aanbieders {
        out.tested();
        let of_aanbieder = per_maand.iter().filter(|((a, _), count)| *a == id && **count > most);
        let months = of_aanbieder.count() as i64;
        if months >= from {
            out.bevinding(
                group
                    .bevinding(Ernst::Signaal)
                    .counted(months, from)
                    .on_lines(lines.iter().copied().filter(|l| l.aanbieder() == id))
                    .found(format!(
                        "in {months} maanden meer dan {most} no-shows op groepsaanbod bij {}",
                        group.context.agb(id)
                    ))
                    .expected(format!("minder dan {from} zulke maanden")),
            );
        }
    }
}
