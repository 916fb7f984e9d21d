//! Budgets before they run out.

use super::super::sources::{Sources, month_text};
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table, needs};
use super::super::values::day;
use crate::dossier::{Budgetsoort, Dag, FileKind, Kolom};
use crate::frame::{Frame, Made, half_up, share};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "budgetten",
    title: "Budgetten voor zij op zijn",
    per: "toewijzing",
    question: "Welk budget raakt op voor het einde van de toewijzing, en waar moet nu om aanpassing worden gevraagd?",
    definition: "Elke toewijzing met een budget die op de peildatum was ingegaan en na het begin van het leverjaar nog liep, naar de versie die op de peildatum gold. Gebruikt is de som van de levende declaratieregels op de toewijzing, van alle jaren, tot en met de peildatum; bij een duurzaam budget alleen die van het jaar van de toewijzing waarin de peildatum (of haar einde) valt. Het tempo is het gemiddelde per maand over de laatste drie volle maanden voor de peildatum. Raakt het budget bij dat tempo op voor zijn laatste dag, dan staat er in welke maand. Er is geen vooruitblik voor een toewijzing die in die drie maanden begon of die al is beëindigd.",
    source: "ID 8.4, eis 79, 80 en 43b; RTP 2.1",
    columns: &[
        column("Aanbieder", Kind::Text, "AGB-code"),
        column("Naam", Kind::Text, "naam van de aanbieder"),
        column("Gemeente", Kind::Text, "CBS-code"),
        column("ToewijzingNummer", Kind::Text, "nummer van de toewijzing"),
        column("Jeugdige", Kind::Text, "pseudoniem"),
        column("Budgetsoort", Kind::Text, "herstel of duurzaam, zo nodig afgeleid van de looptijd"),
        column("Ingangsdatum", Kind::Datum, "eerste dag van de toewijzing"),
        column("Einddatum", Kind::Datum, "laatste dag van de toewijzing"),
        column("BudgetVan", Kind::Datum, "eerste dag van het budget"),
        column("BudgetTot", Kind::Datum, "laatste dag van het budget"),
        column("Budget", Kind::Bedrag, "budget op de peildatum"),
        column("Gebruikt", Kind::Bedrag, "levende declaratieregels op dit budget"),
        column("Over", Kind::Bedrag, "Budget min Gebruikt"),
        column("GebruiktDeel", Kind::Procent, "Gebruikt als deel van Budget"),
        column("TermijnDeel", Kind::Procent, "deel van de dagen van het budget dat voorbij is"),
        column("Tempo", Kind::Bedrag, "gemiddeld per maand over de laatste drie volle maanden"),
        column("RaaktOpIn", Kind::Text, "maand waarin het budget bij dat tempo op is"),
        column(
            "Stand",
            Kind::Text,
            "op, raakt op, toereikend, geen levering, te kort bekend of beëindigd",
        ),
        column(
            "EindigtBinnenkort",
            Kind::JaNee,
            "eindigt de toewijzing binnen de termijn waarop een verlenging gevraagd moet zijn?",
        ),
        column("Verhogingen", Kind::Aantal, "keren dat het budget is verhoogd"),
        column("Regels", Kind::Aantal, "levende declaratieregels op dit budget"),
    ],
    reach: Reach::Inside,
};

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    if !s.has_column(FileKind::Toewijzingen, Kolom::Budget) {
        return Ok(needs(&SPEC, s.peildatum.dag, "toewijzingen met een kolom Budget"));
    }
    let used = s.budgets()?;
    let (ingang, einde) = (used.counts("Ingang")?, used.values("Einde")?);
    let (today, begin) = (day(s.peildatum.dag), day(s.context.first_dag()));
    let used = used.keep(|i| ingang[i] <= today && einde[i].is_none_or(|e| e >= begin))?;
    let last = s.peildatum.last_whole_month(s.context);
    finish(s, &used.sorted(&["Aanbieder", "Toewijzing"])?, last)
}

/// What is known of one budget, for its outlook.
struct Outlook {
    over: i64,
    recent: i64,
    ingang: i64,
    /// Last day of the budget.
    until: Option<i64>,
    /// Last day of the help.
    stopped: Option<i64>,
}

/// In words how a budget stands, and the month in which it runs out.
fn outlook(s: &Sources<'_>, last: i32, b: &Outlook) -> (&'static str, Option<i64>) {
    let months = s.settings.tempo_maanden;
    let first = Dag::first_of_maand(last).map(|d| d.plus_maanden(1 - months));
    if b.over <= 0 {
        return ("op", None);
    }
    if b.stopped.is_some_and(|stop| stop < day(s.peildatum.dag)) {
        return ("beëindigd", None);
    }
    if first.is_none_or(|first| b.ingang > day(first)) {
        return ("te kort bekend", None);
    }
    if b.recent <= 0 {
        return ("geen levering", None);
    }
    let needed = i128::from(b.over) * i128::from(months);
    // Rounded up: it runs out in the course of that month.
    let needed = (needed + i128::from(b.recent) - 1) / i128::from(b.recent);
    let runs_out = i64::from(last) + i64::try_from(needed).unwrap_or(i64::MAX / 2);
    let until = b.until.and_then(|d| Dag::from_dagen_since_1970(d as i32));
    match until {
        Some(until) if runs_out > until.maand().into() => ("toereikend", None),
        _ => ("raakt op", Some(runs_out)),
    }
}

/// What of the days of a budget lies before the peildatum.
fn elapsed(from: i64, until: Option<i64>, today: i64) -> Option<i64> {
    let whole = until? - from + 1;
    share((today.min(until?) - from + 1).max(0), whole)
}

fn finish(s: &Sources<'_>, all: &Frame, last: i32) -> Made<Table> {
    let today = day(s.peildatum.dag);
    let (budget, used) = (all.counts("Budget")?, all.counts("Gebruikt")?);
    let over: Vec<i64> = budget.iter().zip(&used).map(|(b, u)| b - u).collect();
    let (ingang, einde) = (all.values("Ingang")?, all.values("Einde")?);
    let (van, tot) = (all.values("Van")?, all.values("Tot")?);
    let (recent, stopped) = (all.counts("Recent")?, all.values("EindeHulp")?);
    let outlooks: Vec<(&str, Option<i64>)> = (0..all.rows())
        .map(|i| {
            let ingang = ingang[i].unwrap_or_default();
            let (until, stopped) = (tot[i], stopped[i]);
            let b = Outlook { over: over[i], recent: recent[i], ingang, until, stopped };
            outlook(s, last, &b)
        })
        .collect();
    let soon = |end: &Option<i64>| {
        let until = today + s.settings.eindigt_weken? * 7;
        Some(end.is_some_and(|end| (today..=until).contains(&end)))
    };
    let soort = all.counts("Soort")?;
    let kind = |n: &i64| match *n == Budgetsoort::Herstel as i64 {
        true => Some(Budgetsoort::Herstel.name()),
        false => Some(Budgetsoort::Duurzaam.name()),
    };
    let pace = recent.iter().map(|r| half_up(*r, s.settings.tempo_maanden.into()));
    let elapsed = (0..all.rows()).map(|i| elapsed(van[i]?, tot[i], today));
    Building::of(&SPEC)
        .aanbieder(s, all)?
        .text("Gemeente", s.gemeente_codes(all)?.into_iter())
        .text("ToewijzingNummer", s.numbers(all)?.into_iter())
        .text("Jeugdige", s.jeugdigen(all)?.into_iter())
        .text("Budgetsoort", soort.iter().map(kind))
        .days("Ingangsdatum", ingang.clone())?
        .days("Einddatum", einde.clone())?
        .days("BudgetVan", van.clone())?
        .days("BudgetTot", tot.clone())?
        .counts("Budget", budget.clone())
        .counts("Gebruikt", used.clone())
        .counts("Over", over.clone())
        .numbers("GebruiktDeel", used.iter().zip(&budget).map(|(u, b)| share(*u, *b)).collect())
        .numbers("TermijnDeel", elapsed.collect())
        .counts("Tempo", pace.collect())
        .text("RaaktOpIn", outlooks.iter().map(|(_, month)| month.map(month_text)))
        .text("Stand", outlooks.iter().map(|(word, _)| Some(*word)))
        .yes_no("EindigtBinnenkort", einde.iter().map(soon).collect())
        .counts("Verhogingen", all.counts("Verhogingen")?)
        .counts("Regels", all.counts("Budgetregels")?)
        .finish(s.peildatum.dag, s.toewijzingen.remarks())
}
