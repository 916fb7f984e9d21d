//! Who keeps to the terms of the protocols: aanbieders with their messages and declarations, gemeenten
//! with their toewijzingen.

use super::super::messages;
use super::super::sources::Sources;
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table};
use crate::dossier::{BerichtFault, Gemeente};
use crate::frame::{Frame, Made, share, small};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "naleving",
    title: "Naleving van de protocollen",
    per: "aanbieder, en gemeente",
    question: "Wie stuurt zijn berichten, declaraties en toewijzingen op tijd?",
    definition: "Van aanbieders: start- en stopberichten met een Datum in het leverjaar tot de peildatum, op tijd als zij binnen de termijn in werkdagen zijn verzonden (van de berichten die zeggen wanneer); levende declaratieregels van het leverjaar, op tijd als zij binnen de termijn na de maand van levering zijn ontvangen (van de declaratieregels met een ontvangstdatum); declaratieregels van het leverjaar die de gemeente afwees (JW325); en berichten die niet kloppen. Van gemeenten: de toewijzingen met een levende declaratieregel in het leverjaar, met het aantal dagen van hun Ingangsdatum tot de verzending van de eerste versie (waar die ontbreekt: de Toewijzingsdatum); later is meer dan de termijn.",
    source: "ID eis 43, 47, 65",
    columns: &[
        column("Soort", Kind::Text, "aanbieder of gemeente"),
        column("Code", Kind::Text, "AGB-code of CBS-code"),
        column("Naam", Kind::Text, "naam"),
        column(
            "Starts",
            Kind::Aantal,
            "startberichten (JW305) die zeggen wanneer zij zijn verzonden",
        ),
        column("StartsOpTijd", Kind::Procent, "deel daarvan dat op tijd is verzonden"),
        column(
            "Stops",
            Kind::Aantal,
            "stopberichten (JW307) die zeggen wanneer zij zijn verzonden",
        ),
        column("StopsOpTijd", Kind::Procent, "deel daarvan dat op tijd is verzonden"),
        column("Ontvangen", Kind::Aantal, "levende declaratieregels met een ontvangstdatum"),
        column("OpTijd", Kind::Procent, "deel daarvan dat op tijd is gedeclareerd"),
        column("Afgewezen", Kind::Aantal, "declaratieregels die de gemeente afwees"),
        column("AfgewezenDeel", Kind::Procent, "als deel van die en de levende declaratieregels"),
        column(
            "BerichtenFout",
            Kind::Aantal,
            "berichten die niet kloppen (zie Aansluiting in het rapport)",
        ),
        column("Toewijzingen", Kind::Aantal, "toewijzingen met een levende declaratieregel"),
        column(
            "DagenTotVerzending",
            Kind::Aantal,
            "mediaan van de dagen van Ingangsdatum tot verzending",
        ),
        column(
            "Later",
            Kind::Procent,
            "deel van de toewijzingen dat later dan de termijn is verzonden",
        ),
        column(
            "Jeugdigen",
            Kind::Aantal,
            "van een gemeente: verschillende jeugdigen op levende declaratieregels",
        ),
        column("Regels", Kind::Aantal, "van een aanbieder: levende declaratieregels"),
    ],
    reach: Reach::WithoutSmallGroups,
};

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    let (by_aanbieder, by_gemeente) = (of_aanbieders(s)?, of_gemeenten(s)?);
    let ids = by_aanbieder.counts("Aanbieder")?;
    let codes = by_gemeente.counts("Gemeente")?;
    let n = [ids.len(), codes.len()];
    let kinds = [("aanbieder", n[0]), ("gemeente", n[1])];
    let kinds = kinds.into_iter().flat_map(|(word, n)| std::iter::repeat_n(Some(word), n));
    let names = ids.iter().map(|id| s.naam(*id));
    let names = names.chain(codes.iter().map(|g| s.gemeente_naam(*g).to_owned()));
    let agbs = ids.iter().map(|id| s.agb(*id).to_string());
    let agbs = agbs.chain(codes.iter().map(|g| Gemeente(*g as u16).to_string()));
    let column = |name: &str, knows: [bool; 2]| -> Made<Vec<Option<i64>>> {
        let frames = [&by_aanbieder, &by_gemeente].into_iter().zip(knows);
        let parts = frames.map(|(frame, knows)| match knows {
            true => Ok(frame.counts(name)?.into_iter().map(Some).collect()),
            false => Ok(vec![None; frame.rows()]),
        });
        Ok(parts.collect::<Made<Vec<Vec<Option<i64>>>>>()?.concat())
    };
    let has_messages = s.dossier().startstop.is_some() && s.number("TW16", "werkdagen").is_some();
    let has_term = s.number("TL03", "binnen").is_some();
    let has_limit = s.number("TW19", "dagen").is_some();
    let part = |part: &str, whole: &str, knows: [bool; 2]| -> Made<Vec<Option<i64>>> {
        let pairs = column(part, knows)?.into_iter().zip(column(whole, knows)?);
        Ok(pairs.map(|(part, whole)| share(part?, whole?)).collect())
    };
    let days = [vec![None; n[0]], by_gemeente.values("Wacht")?].concat();
    let messages = [has_messages, false];
    Building::of(&SPEC)
        .text("Soort", kinds)
        .text("Code", agbs.map(Some))
        .text("Naam", names.map(Some))
        .numbers("Starts", column("Starts", messages)?)
        .numbers("StartsOpTijd", part("StartsOpTijd", "Starts", messages)?)
        .numbers("Stops", column("Stops", messages)?)
        .numbers("StopsOpTijd", part("StopsOpTijd", "Stops", messages)?)
        .numbers("Ontvangen", column("Ontvangen", [has_term; 2])?)
        .numbers("OpTijd", part("OpTijd", "Ontvangen", [has_term; 2])?)
        .numbers("Afgewezen", column("Afgewezen", [true; 2])?)
        .numbers("AfgewezenDeel", part("Afgewezen", "Samen", [true; 2])?)
        .numbers("BerichtenFout", column("Fout", [true, false])?)
        .numbers("Toewijzingen", column("Toewijzingen", [false, true])?)
        .numbers("DagenTotVerzending", days)
        .numbers("Later", part("Later", "Toewijzingen", [false, has_limit])?)
        .numbers("Jeugdigen", column("Jeugdigen", [false, true])?)
        .numbers("Regels", column("Regels", [true, false])?)
        .finish(s.peildatum.dag, remarks(s))
}

/// What the ruleset or the dossier doesn't know.
fn remarks(s: &Sources<'_>) -> Vec<String> {
    let mut remarks = s.toewijzingen.remarks();
    let absent = [
        (
            s.dossier().startstop.is_none(),
            "Het dossier heeft geen start- en stopberichten (startstop).",
        ),
        (
            s.number("TW16", "werkdagen").is_none(),
            "De regelset kent geen termijn voor start- en stopberichten.",
        ),
        (s.number("TL03", "binnen").is_none(), "De regelset kent geen termijn voor declaraties."),
        (s.number("TW19", "dagen").is_none(), "De regelset kent geen termijn voor toewijzingen."),
        (
            s.dossier().answers.is_none(),
            "Het dossier heeft geen antwoorden (JW325): Afgewezen is 0.",
        ),
    ];
    let absent = absent.into_iter().filter(|(absent, _)| *absent);
    remarks.extend(absent.map(|(_, text)| text.to_owned()));
    remarks
}

/// Declared, in time and refused by this key, with both together.
fn declarations(s: &Sources<'_>, key: &str) -> Made<Frame> {
    let sums = s.in_year.sums(&[key], &["Regels", "Ontvangen", "OpTijd"])?;
    let refused = s.refused.sums(&[key], &["Afgewezen"])?;
    let all = sums.only(&[key])?.below(&refused.only(&[key])?)?.different(&[key])?;
    let all = all.left(&sums, &[key])?.left(&refused, &[key])?;
    let both = all.counts("Regels")?.into_iter().zip(all.counts("Afgewezen")?);
    let both = both.map(|(lines, refused)| (lines + refused) as i32).collect();
    all.and(|_| Ok(small("Samen", both)))
}

fn of_aanbieders(s: &Sources<'_>) -> Made<Frame> {
    let key = ["Aanbieder"];
    let declared = declarations(s, "Aanbieder")?;
    let faults = faults(s)?;
    let mut all = declared.only(&key)?.below(&faults.only(&key)?)?;
    let messages = messages::startstop(s.context, s.peildatum, s.number("TW16", "werkdagen"))?;
    let none = || Frame::of(vec![small("Aanbieder", vec![]), small("Start", vec![])]);
    let messages = match messages {
        Some(messages) => messages.sums(&["Aanbieder", "Start"], &["Bekend", "OpTijd"])?,
        None => {
            none()?.and(|_| Ok(small("Bekend", vec![])))?.and(|_| Ok(small("OpTijd", vec![])))?
        }
    };
    all = all.below(&messages.only(&key)?)?.different(&key)?;
    let of_kind = |start: i64, name: &str, in_time: &str| -> Made<Frame> {
        let of_kind = messages.with("Start", start)?.only(&["Aanbieder", "Bekend", "OpTijd"])?;
        of_kind.called("Bekend", name)?.called("OpTijd", in_time)
    };
    all.left(&declared, &key)?
        .left(&faults, &key)?
        .left(&of_kind(1, "Starts", "StartsOpTijd")?, &key)?
        .left(&of_kind(0, "Stops", "StopsOpTijd")?, &key)?
        .sorted(&key)
}

/// Messages of each aanbieder that are wrong beside the rules.
fn faults(s: &Sources<'_>) -> Made<Frame> {
    let d = s.dossier();
    let berichten = d.declaratieberichten.iter().flatten().map(|b| (b.afzender, b.faults));
    let counts = d.startstop_faults().with_declaraties(berichten);
    let rows: Vec<(_, BerichtFault, u64)> = counts.rows().collect();
    let id = |agb| d.aanbieder_nr(agb).map(|id| i32::from(id.0));
    let rows: Vec<(i32, i32)> =
        rows.into_iter().filter_map(|(agb, _, n)| Some((id(agb)?, n as i32))).collect();
    let frame = Frame::of(vec![
        small("Aanbieder", rows.iter().map(|(id, _)| *id).collect()),
        small("Fout", rows.iter().map(|(_, n)| *n).collect()),
    ])?;
    frame.sums(&["Aanbieder"], &["Fout"])
}

fn of_gemeenten(s: &Sources<'_>) -> Made<Frame> {
    let key = ["Gemeente"];
    let declared = declarations(s, "Gemeente")?;
    let with_lines = s.on_toewijzingen.only(&["Toewijzing"])?;
    let granted = s.toewijzingen.frame.only(&["Toewijzing", "Gemeente", "Ingang", "Verzonden"])?;
    let granted = granted.inner(&with_lines, &["Toewijzing"])?;
    let (ingang, sent) = (granted.counts("Ingang")?, granted.counts("Verzonden")?);
    let days: Vec<i32> = sent.iter().zip(&ingang).map(|(v, i)| (v - i) as i32).collect();
    let limit = s.number("TW19", "dagen").unwrap_or(i64::MAX);
    let later = days.iter().map(|d| i32::from(i64::from(*d) > limit)).collect();
    let granted = granted.and(|_| Ok(small("Wacht", days)))?.and(|_| Ok(small("Later", later)))?;
    let jeugdigen = s.people.count_different(&key, "Jeugdige", "Jeugdigen")?;
    let all = declared.only(&key)?.below(&granted.only(&key)?)?.different(&key)?;
    all.left(&declared, &key)?
        .left(&jeugdigen, &key)?
        .left(&granted.median(&key, "Wacht", "Toewijzingen")?, &key)?
        .left(&granted.sums(&key, &["Later"])?, &key)?
        .sorted(&key)
}
