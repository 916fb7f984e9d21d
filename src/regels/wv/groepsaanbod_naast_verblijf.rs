//! WV05: groepsaanbod beside a stay.
//!
//! Needs Bijzonderheid of the toewijzing for `toestemming`. Source: ID eis 92.

use super::is_verblijf;
use crate::dossier::{
    Bijzonderheid, Cent, Ernst, Onderdeel, Onleesbaar, Product, Toewijzing, Verwijzer, Vorm,
};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV05",
    title: "Groepsaanbod naast verblijf",
    what: "Een jeugdige heeft in een maand zowel verblijf als groepsaanbod, en de toewijzing voor het groepsaanbod noemt geen toestemming. Eén signaal per jeugdige en maand. Noemt die toewijzing een verwijzer die niet de Toegang of een gecertificeerde instelling is, dan is het een onzekerheid voor die declaratieregels groepsaanbod. Kortdurend verblijf en deeltijdpleegzorg tellen hier niet als verblijf.",
    why: "Naast verblijf kan in beginsel geen verwijzing voor groepsaanbod lopen; de Toegang kan een uitzondering maken waar dagbesteding in plaats van onderwijs nodig is.",
    for_aanbieder: "Er is groepsaanbod gedeclareerd naast verblijf, zonder onze toestemming.",
    needs: needs!(
        "{} en {} van de toewijzing; {} van het product",
        Toewijzingen(Bijzonderheid, Verwijzer),
        Producten(Vorm)
    ),
    parameters: &[VERWIJZERS.spec()],
    about: Some(is_groepsaanbod),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const VERWIJZERS: Parameter<[u8]> = Parameter::new(
    "verwijzers",
    "verwijzers (COD327) bij wie groepsaanbod naast verblijf een signaal blijft",
);

fn is_groepsaanbod(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Groepsaanbod)
}

/// A stay that leaves no room for a group beside it.
fn is_full_stay(product: &Product) -> bool {
    is_verblijf(product) && !matches!(product.form(), Some(Vorm::Kdv | Vorm::Deeltijdpleegzorg))
}

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let verwijzers = settings.at(&VERWIJZERS, group.context.last_dag());
    for (maand, lines) in group.per_maand(|l| is_full_stay(l.product) || is_groepsaanbod(l.product))
    {
        if !lines.iter().any(|l| is_groepsaanbod(l.product)) {
            continue;
        }
        if !lines.iter().any(|l| is_full_stay(l.product)) {
            out.tested();
            continue;
        }
        let of_group: Vec<(&Line<'_>, &Toewijzing)> = lines
            .iter()
            .filter(|l| is_groepsaanbod(l.product))
            .filter_map(|l| Some((l, l.toewijzing().ok()?)))
            .collect();
        if of_group.is_empty() {
            out.not_testable(Reason::GeenToewijzing);
            continue;
        }
        let cells: Result<Vec<(bool, Option<Verwijzer>)>, Onleesbaar> = of_group
            .iter()
            .map(|(_, t)| Ok((t.names(Bijzonderheid::Toestemming)?, t.verwijzer()?)))
            .collect();
        let Some(cells) = out.known(cells) else { continue };
        out.tested();
        let without: Vec<_> = (of_group.into_iter().zip(cells))
            .filter(|(_, (consent, _))| !consent)
            .map(|((line, t), (_, verwijzer))| (line, t, verwijzer))
            .collect();
        let Some((_, first, _)) = without.first() else { continue };
        let other: Vec<_> = without
            .iter()
            .filter(|(.., verwijzer)| verwijzer.is_some_and(|v| !verwijzers.contains(&v.0)))
            .collect();
        let mut b = group
            .bevinding(if other.is_empty() { Ernst::Signaal } else { Ernst::Onzekerheid })
            .found(format!("verblijf en groepsaanbod in {maand}"))
            .expected("toestemming voor groepsaanbod naast verblijf");
        let part = |l: &Line<'_>| match other.iter().any(|(o, ..)| o.id() == l.id()) {
            true => l.data.ingediend_bedrag,
            false => Cent::ZERO,
        };
        b = b.carried_by(lines.iter().map(|l| (*l, part(l))));
        if let Some((.., verwijzer)) = other.first() {
            let sum: Cent = other.iter().map(|(l, ..)| l.data.ingediend_bedrag).sum();
            let verwijzer = verwijzer.map(|v| v.to_string()).unwrap_or_default();
            b = b.bedrag(sum).toelichting(format!(
                "De verwijzer van het groepsaanbod is {verwijzer}: beoordeel of de Toegang de uitzondering van eis 92 heeft gemaakt."
            ));
        }
        if !group.context.knows_bijzonderheid(first) {
            b = b.also("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
        }
        out.bevinding(b);
    }
}
