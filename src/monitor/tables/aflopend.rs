//! Jeugdigen who reach an age with running help, and running help of aanbieders whose contract ended.

use super::super::sources::Sources;
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table, needs};
use super::super::values::day;
use crate::dossier::{Budgetsoort, Dag, FileKind, Kolom};
use crate::frame::{Frame, Made, large_or_none, small};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "aflopend",
    title: "Wat afloopt of overgaat",
    per: "jeugdige (pseudoniem)",
    question: "Voor welke jeugdigen moet nu iets worden geregeld?",
    definition: "Hulp die op de peildatum loopt: een toewijzing die is ingegaan en niet is beëindigd. Een jeugdige staat erin als hij tussen het begin van het leverjaar en een half jaar na de peildatum 16,5 (het Toekomstplan begint), 17 (besproken met de gemeente) of 18 jaar wordt; en als het contract van de aanbieder op de peildatum voorbij is. Dan is route 1 de herstelgerichte hulp die binnen 12 maanden na het contract eindigt en die hij zelf mag afronden; al het andere is route 2: overdragen. Over is wat van het budget op de peildatum niet is gebruikt.",
    source: "ID eis 28; RTP bijlage 5",
    columns: &[
        column("Reden", Kind::Text, "wordt 16,5, wordt 17, wordt 18 of contract beëindigd"),
        column(
            "Datum",
            Kind::Datum,
            "dag waarop hij die leeftijd bereikt of het contract eindigde",
        ),
        column("Jeugdige", Kind::Text, "pseudoniem"),
        column("Gemeente", Kind::Text, "CBS-code"),
        column("NaamGemeente", Kind::Text, "naam van de gemeente"),
        column("Aanbieder", Kind::Text, "AGB-code"),
        column("Naam", Kind::Text, "naam van de aanbieder"),
        column("ToewijzingNummer", Kind::Text, "nummer van de toewijzing"),
        column("Ingangsdatum", Kind::Datum, "eerste dag van de toewijzing"),
        column("Einddatum", Kind::Datum, "laatste dag van de toewijzing"),
        column("Budgetsoort", Kind::Text, "herstel of duurzaam, zo nodig afgeleid van de looptijd"),
        column("Route", Kind::Aantal, "1 of 2; leeg als het contract loopt"),
        column("Over", Kind::Bedrag, "wat van het budget over is"),
        column(
            "Regels",
            Kind::Aantal,
            "levende declaratieregels van het leverjaar op de toewijzing",
        ),
    ],
    reach: Reach::Inside,
};

/// Why a row is there, in the order of the rows.
const REASONS: [&str; 4] = ["wordt 16,5", "wordt 17", "wordt 18", "contract beëindigd"];

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    let has_birth = s.has_column(FileKind::Toewijzingen, Kolom::Geboortedatum);
    let has_contracts = s.has_column(FileKind::Aanbieders, Kolom::ContractEinde);
    if !has_birth && !has_contracts {
        let what =
            "toewijzingen met een kolom Geboortedatum, of aanbieders met een kolom ContractEinde";
        return Ok(needs(&SPEC, s.peildatum.dag, what));
    }
    let running = running(s)?;
    let ages = [
        s.settings.toekomstplan_maanden,
        s.settings.bespreken_maanden,
        Some(s.settings.meerderjarig_maanden),
    ];
    let because = |reason: usize, frame: Frame| {
        let reasons = vec![reason as i32; frame.rows()];
        frame.and(|_| Ok(small("Reden", reasons)))
    };
    let ends = because(ages.len(), ended(s, &running)?);
    let all =
        ages.into_iter().enumerate().try_fold(ends?, |all, (reason, months)| match months {
            Some(months) => all.below(&because(reason, reaching(s, &running, months)?)?),
            None => Ok(all),
        })?;
    let lines = s.on_toewijzingen.only(&["Toewijzing", "Regels"])?;
    let used = s.budgets()?.only(&["Toewijzing", "Gebruikt"])?;
    let all = all.left(&lines, &["Toewijzing"])?.left(&used, &["Toewijzing"])?;
    let mut remarks = s.toewijzingen.remarks();
    if !has_birth {
        remarks.push(
            "De toewijzingen hebben geen kolom Geboortedatum: leeftijden ontbreken.".to_owned(),
        );
    }
    if !has_contracts {
        remarks.push(
            "De aanbieders hebben geen kolom ContractEinde: beëindigde contracten ontbreken."
                .to_owned(),
        );
    }
    finish(s, &all.sorted(&["Reden", "Datum", "Gemeente", "Toewijzing"])?, remarks)
}

/// Help that runs on the peildatum.
fn running(s: &Sources<'_>) -> Made<Frame> {
    let t = &s.toewijzingen.frame;
    let today = day(s.peildatum.dag);
    let (ingang, end) = (t.counts("Ingang")?, t.values("EindeHulp")?);
    t.keep(|i| ingang[i] <= today && end[i].is_none_or(|end| end >= today))
}

fn dag(n: i64) -> Option<Dag> {
    Dag::from_dagen_since_1970(n as i32)
}

/// The day on which somebody born on this day is so many months old.
fn birthday(born: Dag, months: i32) -> Dag {
    if months % 12 == 0 { born.plus_jaren(months / 12) } else { born.plus_maanden(months) }
}

/// Of these those who reach this age in the time that is looked at, with the day (`Datum`).
fn reaching(s: &Sources<'_>, running: &Frame, months: i32) -> Made<Frame> {
    let born = running.values("Geboorte")?;
    let on: Vec<Option<i64>> =
        born.iter().map(|b| Some(day(birthday(dag((*b)?)?, months)))).collect();
    let until = s.peildatum.dag.plus_maanden(s.settings.vooruit_maanden);
    let frame = running.clone().and(|_| Ok(large_or_none("Datum", on)))?;
    frame.between("Datum", day(s.context.first_dag()), day(until))
}

/// Of these those of an aanbieder whose contract has ended, with its last day (`Datum`).
fn ended(s: &Sources<'_>, running: &Frame) -> Made<Frame> {
    let ids = running.counts("Aanbieder")?;
    let end = |id: &i64| {
        let data = s.dossier().aanbieders[*id as usize].data.as_ref()?;
        data.contract_einde.map(day)
    };
    let ends: Vec<Option<i64>> = ids.iter().map(end).collect();
    let frame = running.clone().and(|_| Ok(large_or_none("Datum", ends)))?;
    // On its last day a contract still holds.
    frame.between("Datum", i64::MIN, day(s.peildatum.dag) - 1)
}

/// Which way running help goes after a contract: ended by the aanbieder itself, or handed over.
fn route(s: &Sources<'_>, contract: i64, soort: Option<i64>, end: Option<i64>) -> Option<i64> {
    let months = s.settings.afronden_maanden?;
    let last = day(dag(contract)?.plus_maanden(months));
    let herstel = soort? == Budgetsoort::Herstel as i64;
    Some(if herstel && end.is_some_and(|end| end <= last) { 1 } else { 2 })
}

fn finish(s: &Sources<'_>, all: &Frame, remarks: Vec<String>) -> Made<Table> {
    let (reasons, dates) = (all.counts("Reden")?, all.values("Datum")?);
    let (soort, end) = (all.values("Soort")?, all.values("EindeHulp")?);
    let (budget, used) = (all.values("Budget")?, all.values("Gebruikt")?);
    // Of which year it would be can't be told without the kind.
    let over = (0..all.rows())
        .map(|i| soort[i].and(budget[i]).map(|budget| budget - used[i].unwrap_or_default()));
    let routes = (0..all.rows()).map(|i| {
        let ended = reasons[i] == REASONS.len() as i64 - 1;
        ended.then(|| route(s, dates[i]?, soort[i], end[i])).flatten()
    });
    let kind = |n: &Option<i64>| match (*n)? == Budgetsoort::Herstel as i64 {
        true => Some(Budgetsoort::Herstel.name()),
        false => Some(Budgetsoort::Duurzaam.name()),
    };
    Building::of(&SPEC)
        .text("Reden", reasons.iter().map(|r| REASONS.get(*r as usize)))
        .days("Datum", dates.clone())?
        .text("Jeugdige", s.jeugdigen(all)?.into_iter())
        .gemeente(s, all)?
        .aanbieder(s, all)?
        .text("ToewijzingNummer", s.numbers(all)?.into_iter())
        .days("Ingangsdatum", all.values("Ingang")?)?
        .days("Einddatum", all.values("Einde")?)?
        .text("Budgetsoort", soort.iter().map(kind))
        .numbers("Route", routes.collect())
        .numbers("Over", over.collect())
        .counts("Regels", all.counts("Regels")?)
        .finish(s.peildatum.dag, remarks)
}
