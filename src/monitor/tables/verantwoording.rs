//! The register of productieverantwoordingen: what is due, what came in, and what it says.

use super::super::sources::Sources;
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table, needs};
use super::super::values::day;
use crate::dossier::{Cent, Dag, Status, VerantwoordingRow};
use crate::frame::{Frame, Made, large, large_or_none, small, small_or_none};
use crate::regelset::RuleValue;
use std::collections::BTreeSet;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "verantwoording",
    title: "Register van productieverantwoordingen",
    per: "aanbieder × gemeente",
    question: "Van wie moet er een productieverantwoording komen, is zij er, op tijd, en klopt zij?",
    definition: "Een rij voor elke aanbieder en gemeente met levende declaratieregels van het leverjaar of met een verantwoording daarover. Ontvangen is de dag van de eerste rij die op de peildatum binnen was; Status en Verantwoord zijn die van de rijen die dan tellen (de hoogste status, dan de laatste ontvangst; de rij zonder product, anders de som van de producten). Een rij zonder ontvangstdatum geldt als binnen, maar niet als op tijd. Zonder --peildatum telt elke rij die in het dossier zit en is de peildatum de laatste dag van ontvangst, als die later is. Een controleverklaring is nodig als de landelijke omzet (of, als die niet bekend is, de omzet in het dossier) boven de drempel ligt.",
    source: "ID eis 53, 54, 59",
    columns: &[
        column("Aanbieder", Kind::Text, "AGB-code"),
        column("Naam", Kind::Text, "naam van de aanbieder"),
        column("Gemeente", Kind::Text, "CBS-code"),
        column("NaamGemeente", Kind::Text, "naam van de gemeente"),
        column("Uiterlijk", Kind::Datum, "laatste dag waarop de verantwoording binnen moet zijn"),
        column("Ontvangen", Kind::Datum, "dag waarop de eerste binnenkwam"),
        column(
            "OpTijd",
            Kind::JaNee,
            "binnen op of voor die dag; leeg als dat nog niet te zeggen is",
        ),
        column("Status", Kind::Text, "voorlopig, definitief of gewaarmerkt"),
        column("VerklaringNodig", Kind::JaNee, "is een controleverklaring nodig?"),
        column(
            "VerklaringVoor",
            Kind::Datum,
            "dag waarvoor de gewaarmerkte verantwoording binnen moet zijn",
        ),
        column("VerklaringOntvangen", Kind::Datum, "dag waarop de eerste gewaarmerkte binnenkwam"),
        column(
            "VerklaringOpTijd",
            Kind::JaNee,
            "binnen voor die dag; leeg waar zij niet nodig is of dat nog niet te zeggen is",
        ),
        column(
            "Gedeclareerd",
            Kind::Bedrag,
            "som van de levende declaratieregels tot de peildatum",
        ),
        column("Verantwoord", Kind::Bedrag, "bedrag van de verantwoording"),
        column("Verschil", Kind::Bedrag, "Gedeclareerd min Verantwoord"),
        column("Jeugdigen", Kind::Aantal, "verschillende jeugdigen op de declaratieregels"),
        column("Regels", Kind::Aantal, "levende declaratieregels"),
    ],
    reach: Reach::WithoutSmallGroups,
};

/// By aanbieder and gemeente.
const KEYS: [&str; 2] = ["Aanbieder", "Gemeente"];

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    let peildatum = peildatum(s);
    if s.dossier().productieverantwoording.is_none() {
        return Ok(needs(&SPEC, peildatum, "een tabel productieverantwoording"));
    }
    let declared = s.in_year.sums(&KEYS, &["Bedrag", "Regels"])?;
    let jeugdigen = s.people.count_different(&KEYS, "Jeugdige", "Jeugdigen")?;
    let received = received(s, peildatum)?;
    let all = declared.only(&KEYS)?.below(&received.only(&KEYS)?)?.different(&KEYS)?;
    let all = all.left(&declared, &KEYS)?.left(&jeugdigen, &KEYS)?.left(&received, &KEYS)?;
    let all = all.left(&omzet(s)?, &["Aanbieder"])?;
    finish(s, &all.sorted(&KEYS)?, peildatum)
}

/// The peildatum of this table: unless one was asked for, all that came in counts.
fn peildatum(s: &Sources<'_>) -> Dag {
    let rows = s.dossier().productieverantwoording.iter().flatten();
    let last = rows.filter(|r| r.jaar == s.context.jaar).filter_map(|r| r.ontvangen).max();
    match last.filter(|_| !s.peildatum.is_given) {
        Some(last) => last.max(s.peildatum.dag),
        None => s.peildatum.dag,
    }
}

/// What had come in by then, one row an aanbieder and gemeente: the first day, the first day of a
/// certified one, the status and the amount of the rows that count.
fn received(s: &Sources<'_>, peildatum: Dag) -> Made<Frame> {
    let in_time = |r: &&VerantwoordingRow| {
        r.jaar == s.context.jaar && r.ontvangen.is_none_or(|on| on <= peildatum)
    };
    let rows: Vec<&VerantwoordingRow> =
        s.dossier().productieverantwoording.iter().flatten().filter(in_time).collect();
    let days = |keep: fn(&VerantwoordingRow) -> bool| {
        let day = |r: &VerantwoordingRow| r.ontvangen.filter(|_| keep(r));
        rows.iter().map(|r| day(r).map(Dag::dagen_since_1970)).collect()
    };
    let id = |r: &VerantwoordingRow| {
        s.dossier().aanbieder_nr(r.aanbieder).map_or(-1, |id| i32::from(id.0))
    };
    let key = |r: &VerantwoordingRow| (r.product_categorie.clone(), r.product_code.clone());
    let products: BTreeSet<_> = rows.iter().map(|r| key(r)).collect();
    let products: Vec<_> = products.into_iter().collect();
    let product = |r: &VerantwoordingRow| match products.binary_search(&key(r)) {
        Ok(place) if !r.is_without_product() => place as i32,
        _ => -1,
    };
    let frame = Frame::of(vec![
        small("Aanbieder", rows.iter().map(|r| id(r)).collect()),
        small("Gemeente", rows.iter().map(|r| r.gemeente.0.into()).collect()),
        small("Sleutel", rows.iter().map(|r| product(r)).collect()),
        small_or_none("Ontvangen", days(|_| true)),
        small_or_none("Gewaarmerkt", days(|r| r.status == Some(Status::Gewaarmerkt))),
        small("Rang", rows.iter().map(|r| rank(r.status)).collect()),
        large_or_none("Tijd", rows.iter().map(|r| r.ontvangen.map(day)).collect()),
        large("Verantwoord", rows.iter().map(|r| r.bedrag.0).collect()),
    ])?;
    let first = frame.least(&KEYS, &["Ontvangen", "Gewaarmerkt"])?;
    first.left(&that_count(&frame)?, &KEYS)
}

fn rank(status: Option<Status>) -> i32 {
    status.map_or(0, |s| s as i32 + 1)
}

/// Of each key the row with the highest status, then the latest day of receipt, then the largest
/// amount; of those the one without a product, else all products together.
fn that_count(rows: &Frame) -> Made<Frame> {
    let key = ["Aanbieder", "Gemeente", "Sleutel"];
    let order = [&key[..], &["Rang", "Tijd", "Verantwoord"]].concat();
    let sorted = rows.sorted(&order)?;
    let places = (0..sorted.rows() as i32).collect();
    let sorted = sorted.and(|_| Ok(small("Plaats", places)))?;
    let last = sorted.greatest(&key, &["Plaats"])?.only(&["Plaats"])?;
    let current = sorted.inner(&last, &["Plaats"])?;
    let with_total = current.with("Sleutel", -1)?.count_rows(&KEYS, "Totaal")?;
    let current = current.left(&with_total, &KEYS)?;
    let (sleutel, totaal) = (current.counts("Sleutel")?, current.counts("Totaal")?);
    let current = current.keep(|i| (sleutel[i] == -1) == (totaal[i] > 0))?;
    current.sums(&KEYS, &["Verantwoord"])?.left(&current.least(&KEYS, &["Rang"])?, &KEYS)
}

/// The turnover of each aanbieder by which a controleverklaring is needed: his own word for the whole
/// country, else what the dossier holds.
fn omzet(s: &Sources<'_>) -> Made<Frame> {
    s.in_year.sums(&["Aanbieder"], &["Bedrag"])?.called("Bedrag", "Omzet")
}

/// Is the turnover above the threshold of the contract, or of the country where the ruleset chose it?
fn needs_statement(s: &Sources<'_>, id: i64, here: i64) -> Option<bool> {
    let amount = |name| match s.value("PV04", name)? {
        RuleValue::Bedrag(c) => Some(*c),
        _ => None,
    };
    let threshold = match s.value("PV04", "keus") {
        Some(RuleValue::Choice("landelijk")) => amount("drempel_landelijk"),
        _ => None,
    };
    let threshold = threshold.or_else(|| amount("drempel"))?;
    let data = s.dossier().aanbieders[id as usize].data.as_ref();
    let everywhere = data.and_then(|g| g.landelijke_omzet);
    Some(everywhere.unwrap_or(Cent(here)) > threshold)
}

/// Was it there in time? Not known while it may still come, nor where it came on an unknown day.
fn in_time(on: Option<i64>, is_there: bool, last: Option<i64>, peildatum: Dag) -> Option<bool> {
    match (on, last?) {
        (Some(on), last) => Some(on <= last),
        (None, last) => (!is_there && day(peildatum) > last).then_some(false),
    }
}

fn finish(s: &Sources<'_>, all: &Frame, peildatum: Dag) -> Made<Table> {
    let ids = all.counts("Aanbieder")?;
    let (on, certified) = (all.values("Ontvangen")?, all.values("Gewaarmerkt")?);
    let last = s.day_after_year("PV07", "uiterlijk").map(day);
    let certified_last = s.day_after_year("PV07", "gewaarmerkt_voor").map(|d| day(d) - 1);
    let needed: Vec<Option<bool>> = ids
        .iter()
        .zip(all.counts("Omzet")?)
        .map(|(id, here)| needs_statement(s, *id, here))
        .collect();
    let ranks = all.values("Rang")?;
    let in_time_of = |i: usize| in_time(on[i], ranks[i].is_some(), last, peildatum);
    let certified_in_time = |i: usize| {
        let is_there = ranks[i] == Some(rank(Some(Status::Gewaarmerkt)).into());
        let needed = needed[i].filter(|needed| *needed);
        needed.and_then(|_| in_time(certified[i], is_there, certified_last, peildatum))
    };
    let (declared, verantwoord) = (all.counts("Bedrag")?, all.values("Verantwoord")?);
    let status = ranks.iter().map(|rank| match (*rank)? {
        1 => Some(Status::Voorlopig.name()),
        2 => Some(Status::Definitief.name()),
        3 => Some(Status::Gewaarmerkt.name()),
        _ => None,
    });
    let day_of = |keep: Option<bool>| keep.filter(|k| *k).and(certified_last).map(|d| d + 1);
    let difference = declared.iter().zip(&verantwoord).map(|(d, v)| v.map(|v| d - v));
    Building::of(&SPEC)
        .aanbieder(s, all)?
        .gemeente(s, all)?
        .days("Uiterlijk", vec![last; ids.len()])?
        .days("Ontvangen", on.clone())?
        .yes_no("OpTijd", (0..ids.len()).map(in_time_of).collect())
        .text("Status", status)
        .yes_no("VerklaringNodig", needed.clone())
        .days("VerklaringVoor", needed.iter().map(|n| day_of(*n)).collect())?
        .days("VerklaringOntvangen", certified.clone())?
        .yes_no("VerklaringOpTijd", (0..ids.len()).map(certified_in_time).collect())
        .counts("Gedeclareerd", declared.clone())
        .numbers("Verantwoord", verantwoord.clone())
        .numbers("Verschil", difference.collect())
        .counts("Jeugdigen", all.counts("Jeugdigen")?)
        .counts("Regels", all.counts("Regels")?)
        .finish(peildatum, Vec::new())
}
