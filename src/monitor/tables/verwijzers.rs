//! Who referred to what: toewijzingen and budgets by gemeente and verwijzer.

use super::super::lines::NOBODY;
use super::super::sources::Sources;
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table, needs};
use super::super::values::day;
use crate::dossier::{FileKind, Kolom, Verwijzer};
use crate::frame::{Frame, Made, small_or_none};
use crate::regelset::RuleValue;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "verwijzers",
    title: "Toewijzingen naar verwijzer",
    per: "gemeente × verwijzer",
    question: "Langs welke weg komt de hulp, met welk soort budget, en waar wordt het verhoogd?",
    definition: "De toewijzingen waarvan de eerste versie in het leverjaar is genomen, tot en met de peildatum, naar de versie die op de peildatum gold; verwijderde tellen niet mee. Een standaardbudget is een van de bedragen uit het protocol, een offertebudget ligt boven het hoogste daarvan. Verhoogd is een toewijzing waarvan een latere versie een hoger budget heeft. Gedeclareerd zijn de levende declaratieregels van het leverjaar op deze toewijzingen.",
    source: "RTP 2.2, 2.4.5",
    columns: &[
        column("Gemeente", Kind::Text, "CBS-code"),
        column("NaamGemeente", Kind::Text, "naam van de gemeente"),
        column("Verwijzer", Kind::Text, "code (COD327); leeg als de toewijzing er geen noemt"),
        column("NaamVerwijzer", Kind::Text, "wie dat is"),
        column("Toewijzingen", Kind::Aantal, "toewijzingen"),
        column("Jeugdigen", Kind::Aantal, "verschillende jeugdigen"),
        column("MetBudget", Kind::Aantal, "toewijzingen met een budget"),
        column("Budget", Kind::Bedrag, "som van die budgetten"),
        column("Standaard", Kind::Aantal, "met een standaardbudget"),
        column("Offerte", Kind::Aantal, "met een offertebudget"),
        column("Anders", Kind::Aantal, "met een ander budget"),
        column("Verhoogd", Kind::Aantal, "met een verhoogd budget"),
        column("Gedeclareerd", Kind::Bedrag, "levende declaratieregels van het leverjaar"),
        column("Regels", Kind::Aantal, "aantal van die declaratieregels"),
    ],
    reach: Reach::WithoutSmallGroups,
};

/// By gemeente and verwijzer.
const KEYS: [&str; 2] = ["Gemeente", "Wie"];

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    if !s.has_column(FileKind::Toewijzingen, Kolom::Verwijzer) {
        return Ok(needs(&SPEC, s.peildatum.dag, "toewijzingen met een kolom Verwijzer"));
    }
    let year = [s.context.first_dag(), s.context.last_dag()].map(day);
    let new = s.toewijzingen.frame.between("Genomen", year[0], year[1])?;
    // A key is never absent.
    let who = new.values("Verwijzer")?.into_iter().map(|w| Some(w.unwrap_or(NOBODY) as i32));
    let who = small_or_none("Wie", who.collect());
    let new = new.and(|_| Ok(who))?.and(|f| flag(f, "MetBudget", |b, _| b.is_some()))?;
    let [standard, highest] = standard_budgets(s);
    let is_standard = |b: Option<i64>| b.is_some_and(|b| standard.contains(&b));
    let is_offer = |b: Option<i64>| b.is_some_and(|b| highest.iter().any(|h| b > *h));
    let new = new
        .and(|f| flag(f, "Standaard", |b, _| is_standard(b)))?
        .and(|f| flag(f, "Offerte", |b, _| is_offer(b)))?
        .and(|f| flag(f, "Verhoogd", |_, raised| raised > 0))?;
    let new = new.left(&s.on_toewijzingen, &["Toewijzing"])?;
    let values = ["MetBudget", "Budget", "Standaard", "Offerte", "Verhoogd", "Bedrag", "Regels"];
    let sums = new.sums(&KEYS, &values)?.left(&new.count_rows(&KEYS, "Toewijzingen")?, &KEYS)?;
    let sums = sums.left(&new.count_different(&KEYS, "Jeugdige", "Jeugdigen")?, &KEYS)?;
    finish(s, &sums.sorted(&KEYS)?, !standard.is_empty())
}

/// The budgets of the protocol, and the highest of them.
fn standard_budgets(s: &Sources<'_>) -> [Vec<i64>; 2] {
    let all: Vec<i64> = match s.value("BU02", "standaardbudgetten") {
        Some(RuleValue::Bedragen(list)) => list.iter().map(|c| c.0).collect(),
        _ => Vec::new(),
    };
    let highest = all.iter().copied().max().into_iter().collect();
    [all, highest]
}

/// A column of ones for the toewijzingen of which this holds, by budget and number of raises.
fn flag(
    frame: &Frame,
    name: &str,
    holds: impl Fn(Option<i64>, i64) -> bool,
) -> Made<polars_core::prelude::Column> {
    let (budgets, raised) = (frame.values("Budget")?, frame.counts("Verhogingen")?);
    let ones = budgets.iter().zip(raised).map(|(b, raised)| Some(i32::from(holds(*b, raised))));
    Ok(small_or_none(name, ones.collect()))
}

fn finish(s: &Sources<'_>, all: &Frame, knows_standards: bool) -> Made<Table> {
    let who = all.counts("Wie")?;
    let verwijzer = |w: &i64| u8::try_from(*w).ok().map(Verwijzer);
    let with_budget = all.counts("MetBudget")?;
    let (standard, offer) = (all.counts("Standaard")?, all.counts("Offerte")?);
    let known = |values: &[i64]| -> Vec<Option<i64>> {
        values.iter().map(|n| knows_standards.then_some(*n)).collect()
    };
    let other: Vec<i64> =
        (0..all.rows()).map(|i| with_budget[i] - standard[i] - offer[i]).collect();
    let mut remarks = s.toewijzingen.remarks();
    if !knows_standards {
        remarks
            .push("De regelset kent geen standaardbudgetten: die kolommen zijn leeg.".to_owned());
    }
    Building::of(&SPEC)
        .gemeente(s, all)?
        .text("Verwijzer", who.iter().map(|w| verwijzer(w).map(|v| v.to_string())))
        .text("NaamVerwijzer", who.iter().map(|w| verwijzer(w).map(|v| v.name().to_owned())))
        .counts("Toewijzingen", all.counts("Toewijzingen")?)
        .counts("Jeugdigen", all.counts("Jeugdigen")?)
        .counts("MetBudget", with_budget.clone())
        .counts("Budget", all.counts("Budget")?)
        .numbers("Standaard", known(&standard))
        .numbers("Offerte", known(&offer))
        .numbers("Anders", known(&other))
        .counts("Verhoogd", all.counts("Verhoogd")?)
        .counts("Gedeclareerd", all.counts("Bedrag")?)
        .counts("Regels", all.counts("Regels")?)
        .finish(s.peildatum.dag, remarks)
}
