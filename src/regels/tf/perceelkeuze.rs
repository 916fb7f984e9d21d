//! TF11: percelen that can't be had together, or without each other.
//!
//! One finding an aanbieder with what holds, and one on the dossier where more aanbieders have GGZ 2
//! than were to be contracted. Source: ID 4.3, 4.3.1, 5.6, 5.6.1, eis 54.

use crate::dossier::{AanbiederRow, Ernst, Kolom, Onderdeel, Vorm};
use crate::regels::percelen::{Shortcomings, knows_percelen, own_percelen};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AanbiederGroup, AuditContext, Bevinding, Check, KeyedSums, Outcomes, Reason, RestsOn, Rule,
    Subject, SumsPer, needs,
};
use std::collections::BTreeSet;

pub(crate) static RULE: Rule = Rule {
    code: "TF11",
    title: "Keuze van percelen twijfelachtig",
    what: "Per aanbieder met declaratieregels in het leverjaar, naar Perceel en Percelen samen: meer dan een van de percelen voor ambulante hulp; verblijf zonder ambulant of groepsaanbod, tenzij hij alleen gezinshuizen levert; dyslexiezorg waarvan hij alleen diagnostiek of alleen behandeling declareert; ggz-verblijf terwijl Perceel 1, 2 of 3 is; een LandelijkeOmzet die lager is dan wat hij alleen hier al declareerde. Eén signaal per aanbieder. En één signaal op het dossier als meer aanbieders perceel 4 hebben dan er gecontracteerd zouden worden.",
    why: "De percelen bepalen de tarieven, en het contract begrenst wie welke percelen samen kan hebben.",
    for_aanbieder: "De percelen waarvoor u een contract hebt, passen niet bij wat u declareert.",
    needs: needs!("{}, {} en {} van de aanbieder", Aanbieders(Perceel, Percelen, LandelijkeOmzet)),
    parameters: &[GGZ.spec(), MOST.spec()],
    checks: &[Check::Aanbieder(check), Check::Dossier { per: SumsPer::Nothing, decision }],
    rests_on: RestsOn::Subject,
    ..Rule::BASE
};

const GGZ: Parameter<[String]> =
    Parameter::new("ggz", "intensiteiten van ggz-verblijf, die niet bij perceel 1, 2 of 3 horen");

const MOST: Parameter<i64> =
    Parameter::new("aanbieders_ggz_2", "aanbieders die hoogstens perceel 4 (GGZ 2) hebben");

const GGZ_2: u8 = 4;

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    if group.jaarsom(c.jaar).is_none() {
        return;
    }
    if c.regelset.percelen.is_empty() {
        return out.not_testable(Reason::GeenLijst("percelen"));
    }
    let Some(g) = out.known(c.data(group.id)) else { return };
    let own = distinct_percelen(c, g);
    let mut shortcomings = Shortcomings::default();
    shortcomings.ask(own.clone().map(|own| several_ambulant(c, &own)));
    shortcomings.ask(own.clone().map(|own| verblijf_by_itself(group, &own)));
    shortcomings.ask(own.map(|own| half_of_ed(group, &own)));
    shortcomings.ask(ggz_elsewhere(group, g, settings.at(&GGZ, c.last_dag())));
    shortcomings.ask(omzet_too_low(group, g));
    let untested = |reason| format!("Niet alles is getoetst: {reason}.");
    let signaal = shortcomings.signaal(group, out, untested);
    if let Some(bevinding) = signaal {
        out.bevinding(bevinding.expected("een keuze van percelen zoals het contract die toestaat"));
    }
}

fn distinct_percelen(c: &AuditContext<'_>, g: &AanbiederRow) -> Result<Vec<u8>, Reason> {
    knows_percelen(c, g)?;
    let distinct: BTreeSet<u8> = own_percelen(g).collect();
    Ok(distinct.into_iter().collect())
}

/// Those of these percelen in which a part of the contract is bought.
fn among(c: &AuditContext<'_>, own: &[u8], onderdeel: Onderdeel) -> Vec<u8> {
    let of = c.regelset.percelen.of(onderdeel).unwrap_or_default();
    own.iter().copied().filter(|p| of.contains(p)).collect()
}

fn several_ambulant(c: &AuditContext<'_>, own: &[u8]) -> Option<String> {
    let ambulant = among(c, own, Onderdeel::Ambulant);
    let names: Vec<String> = ambulant.iter().map(u8::to_string).collect();
    (names.len() > 1).then(|| format!("de percelen {} samen", names.join(" en ")))
}

fn verblijf_by_itself(group: &AanbiederGroup<'_>, own: &[u8]) -> Option<String> {
    let c = group.context;
    let has = |onderdeel| !among(c, own, onderdeel).is_empty();
    if !has(Onderdeel::Verblijf) || has(Onderdeel::Ambulant) || has(Onderdeel::Groepsaanbod) {
        return None;
    }
    let mut verblijf = group.producten().filter(|p| p.onderdeel() == Some(Onderdeel::Verblijf));
    verblijf
        .any(|p| p.form() != Some(Vorm::Gezinshuis))
        .then(|| "verblijf zonder een van de percelen 1 tot en met 6".to_owned())
}

fn half_of_ed(group: &AanbiederGroup<'_>, own: &[u8]) -> Option<String> {
    if among(group.context, own, Onderdeel::Ed).is_empty() {
        return None;
    }
    let declares = |key: &str| group.producten().any(|p| p.tariefsleutel() == Some(key));
    match (declares("ED_DIAGNOSTIEK"), declares("ED_BEHANDELING")) {
        (true, false) => Some("van dyslexiezorg alleen diagnostiek".to_owned()),
        (false, true) => Some("van dyslexiezorg alleen behandeling".to_owned()),
        _ => None,
    }
}

fn ggz_elsewhere(
    group: &AanbiederGroup<'_>,
    g: &AanbiederRow,
    ggz: &[String],
) -> Result<Option<String>, Reason> {
    group.context.cell(g, Kolom::Perceel)?;
    let Some(perceel @ 1..=3) = g.perceel else { return Ok(None) };
    let declared: BTreeSet<&str> = group.producten().filter_map(|p| p.tariefsleutel()).collect();
    let found: Vec<&str> =
        ggz.iter().map(String::as_str).filter(|key| declared.contains(key)).collect();
    Ok((!found.is_empty()).then(|| format!("{} bij perceel {perceel}", found.join(", "))))
}

fn omzet_too_low(group: &AanbiederGroup<'_>, g: &AanbiederRow) -> Result<Option<String>, Reason> {
    let c = group.context;
    c.cell(g, Kolom::LandelijkeOmzet)?;
    let landelijk = g.landelijke_omzet.ok_or(Reason::GeenLandelijkeOmzet)?;
    let here = group.jaarsom(c.jaar).unwrap_or_default();
    Ok((landelijk < here)
        .then(|| format!("landelijke omzet {landelijk}, minder dan de {here} in dit dossier")))
}

/// How many aanbieders of the list have GGZ 2, with lines or not.
fn decision(c: &AuditContext<'_>, _: &KeyedSums, settings: &RuleSettings, out: &mut Outcomes) {
    let mut count = 0;
    for g in c.dossier.aanbieders.iter().filter_map(|a| a.data.as_ref()) {
        let Some(()) = out.known(knows_percelen(c, g)) else { return };
        count += i64::from(own_percelen(g).any(|perceel| perceel == GGZ_2));
    }
    // Without any the question doesn't arise.
    if count == 0 {
        return;
    }
    let most = settings.at(&MOST, c.last_dag());
    out.tested();
    if count > most {
        out.bevinding(
            Bevinding::new(Ernst::Signaal, Subject::Dossier)
                .counted(count, most)
                .found(format!("{count} aanbieders met perceel {GGZ_2}"))
                .expected(format!("hoogstens {most}"))
                .on_lines([]),
        );
    }
}
