//! Key figures for the conversation about performance, per quarter and over the year.

use super::super::lines::NOBODY;
use super::super::messages;
use super::super::sources::Sources;
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table};
use super::super::values::day;
use crate::dossier::{Dag, Eenheid};
use crate::frame::{Frame, Made, half_up, large_or_none, share, small};
use crate::regelset::RuleValue;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "kengetallen",
    title: "Kengetallen voor het gesprek",
    per: "aanbieder × kwartaal, en het jaar",
    question: "Hoeveel jeugdigen helpt een aanbieder, hoe lang, tegen welke kosten en met welke functies, en hoe verhoudt dat zich tot vorig jaar en tot anderen?",
    definition: "In, uit en lopend volgen uit de toewijzingen die op de peildatum golden: de hulp van een jeugdige bij een aanbieder begint met zijn eerste startbericht of Ingangsdatum daar en eindigt met zijn laatste stopbericht of Einddatum. Onderbrekingen tellen mee in de duur. De mediaan van de duur is die van wie in het tijdvak uitstroomde. Kosten per jeugdige is de som van de levende declaratieregels met een Bsn, gedeeld door het aantal jeugdigen op die declaratieregels. De delen TG1 tot en met TG7 zijn van de minuten op producten met een tariefgroep; hoog zijn de groepen die de regelset zo noemt. De mediaan van anderen is die van alle aanbieders van hetzelfde perceel in dat tijdvak, hijzelf erbij, als het er genoeg zijn. Stopredenen komen uit de eindstops met een Datum in het tijdvak.",
    source: "ID eis 60, 61, 62 en 66; RTP bijlage 4",
    columns: &[
        column("Aanbieder", Kind::Text, "AGB-code"),
        column("Naam", Kind::Text, "naam van de aanbieder"),
        column("Tijdvak", Kind::Text, "kwartaal (2023-K1) of jaar (2023)"),
        column("Jeugdigen", Kind::Aantal, "verschillende jeugdigen op levende declaratieregels"),
        column("Ingestroomd", Kind::Aantal, "jeugdigen van wie de hulp in het tijdvak begon"),
        column("Uitgestroomd", Kind::Aantal, "jeugdigen van wie de hulp in het tijdvak eindigde"),
        column(
            "Lopend",
            Kind::Aantal,
            "jeugdigen van wie de hulp na de laatste dag van het tijdvak doorliep",
        ),
        column("MediaanDagen", Kind::Aantal, "mediaan van de duur van de hulp van wie uitstroomde"),
        column("Bedrag", Kind::Bedrag, "levende declaratieregels met een Bsn"),
        column("KostenPerJeugdige", Kind::Bedrag, "Bedrag gedeeld door Jeugdigen"),
        column("KostenMediaan", Kind::Bedrag, "mediaan daarvan in het perceel"),
        column("TG1", Kind::Procent, "deel van de minuten in tariefgroep 1"),
        column("TG2", Kind::Procent, "deel in tariefgroep 2"),
        column("TG3", Kind::Procent, "deel in tariefgroep 3"),
        column("TG4", Kind::Procent, "deel in tariefgroep 4"),
        column("TG5", Kind::Procent, "deel in tariefgroep 5"),
        column("TG6", Kind::Procent, "deel in tariefgroep 6"),
        column("TG7", Kind::Procent, "deel in tariefgroep 7"),
        column("Hoog", Kind::Procent, "deel in de hoge tariefgroepen"),
        column("HoogVorigJaar", Kind::Procent, "dat deel in hetzelfde tijdvak van vorig jaar"),
        column("HoogMediaan", Kind::Procent, "mediaan van Hoog in het perceel"),
        column("Stops", Kind::Aantal, "eindstops"),
        column("VolgensPlan", Kind::Aantal, "daarvan volgens plan (31)"),
        column("Voortijdig", Kind::Aantal, "daarvan voortijdig"),
        column("Anders", Kind::Aantal, "daarvan om een andere reden, of zonder reden"),
        column(
            "VoortijdigDeel",
            Kind::Procent,
            "voortijdig als deel van de eindstops met een reden",
        ),
        column("Regels", Kind::Aantal, "levende declaratieregels met een Bsn"),
    ],
    reach: Reach::Anyone,
};

/// RedenBeeindiging (JZ588): ended as planned.
const AS_PLANNED: i64 = 31;

/// Number of tariff groups.
const GROUPS: i64 = 7;

/// A stretch of months of the leverjaar: a quarter, or the whole year as far as it has passed.
struct Period {
    name: String,
    from: i32,
    until: i32,
}

/// Those that have begun on the peildatum.
fn periods(s: &Sources<'_>) -> Vec<Period> {
    let (first, jaar) = (s.context.first_dag().maand(), s.context.jaar);
    let quarter = |k: i32| Period {
        name: format!("{jaar}-K{}", k + 1),
        from: first + 3 * k,
        until: first + 3 * k + 2,
    };
    let year = Period { name: jaar.to_string(), from: first, until: first + 11 };
    let begun = |p: &Period| p.from <= s.peildatum.dag.maand();
    (0..4).map(quarter).chain([year]).filter(begun).collect()
}

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    let periods = periods(s);
    let mut all: Option<Frame> = None;
    let sources = MonthSums::of(s)?;
    for (number, period) in periods.iter().enumerate() {
        let frame = of_period(s, period, &sources)?;
        let numbers = vec![number as i32; frame.rows()];
        let frame = frame.and(|_| Ok(small("Tijdvak", numbers)))?;
        all = Some(match all {
            Some(all) => all.below(&frame)?,
            None => frame,
        });
    }
    match all {
        Some(all) => finish(s, &with_peers(s, all)?.sorted(&["Aanbieder", "Tijdvak"])?, &periods),
        None => Ok(super::super::table::needs(
            &SPEC,
            s.peildatum.dag,
            "een peildatum na het begin van het leverjaar",
        )),
    }
}

/// What the periods are made of: sums by aanbieder and month, and what has a begin and an end.
struct MonthSums {
    /// Amounts and lines that name a jeugdige.
    costs: Frame,
    /// Minutes by tariff group, in hundredths, of every year.
    minutes: Frame,
    trajects: Frame,
    stops: Option<Frame>,
}

impl MonthSums {
    fn of(s: &Sources<'_>) -> Made<MonthSums> {
        let costs = s.in_year.sums(&["Aanbieder", "Maand"], &["BedragBsn", "RegelsBsn"])?;
        Ok(MonthSums {
            costs: costs.called("BedragBsn", "Bedrag")?.called("RegelsBsn", "Regels")?,
            minutes: minutes(s)?,
            trajects: trajects(s)?,
            stops: messages::startstop(s.context, s.peildatum, None)?,
        })
    }
}

/// The help of each jeugdige at each aanbieder, from its first to its last day; none where it has no
/// end.
fn trajects(s: &Sources<'_>) -> Made<Frame> {
    let keys = ["Aanbieder", "Jeugdige"];
    let t = &s.toewijzingen.frame.without("Jeugdige", NOBODY)?;
    let (ingang, today) = (t.counts("Ingang")?, day(s.peildatum.dag));
    let t = t.keep(|i| ingang[i] <= today)?;
    let end = t.values("EindeHulp")?;
    let open = t.keep(|i| end[i].is_none())?.count_rows(&keys, "Open")?;
    let all = t.least(&keys, &["BeginHulp"])?.left(&t.greatest(&keys, &["EindeHulp"])?, &keys)?;
    let all = all.left(&open, &keys)?;
    let (open, end) = (all.counts("Open")?, all.values("EindeHulp")?);
    let last = (0..all.rows()).map(|i| end[i].filter(|end| open[i] == 0 && *end <= today));
    let last = large_or_none("Laatste", last.collect());
    all.and(|_| Ok(last))
}

fn of_period(s: &Sources<'_>, period: &Period, sources: &MonthSums) -> Made<Frame> {
    let key = ["Aanbieder"];
    let (from, until) = (period.from.into(), period.until.into());
    let costs = sources.costs.between("Maand", from, until)?.sums(&key, &["Bedrag", "Regels"])?;
    // Who declared collective help alone has no jeugdigen to speak of.
    let costs = costs.without("Regels", 0)?;
    let who = s.people.between("Maand", from, until)?;
    let who = who.count_different(&key, "Jeugdige", "Jeugdigen")?;
    let flow = flow(s, period, &sources.trajects)?;
    let now = groups(s, &sources.minutes.between("Maand", from, until)?)?;
    let before = groups(s, &sources.minutes.between("Maand", from - 12, until - 12)?)?;
    let before = before.only(&["Aanbieder", "Minuten", "Hoog"])?;
    let before = before.called("Minuten", "MinutenToen")?.called("Hoog", "HoogToen")?;
    let ends = ends(s, period, sources.stops.as_ref())?;
    let all = costs.only(&key)?.below(&flow.only(&key)?)?.below(&now.only(&key)?)?;
    all.below(&ends.only(&key)?)?
        .different(&key)?
        .left(&costs, &key)?
        .left(&who, &key)?
        .left(&flow, &key)?
        .left(&now, &key)?
        .left(&before, &key)?
        .left(&ends, &key)
}

/// Who came in, went out and stayed.
fn flow(s: &Sources<'_>, period: &Period, trajects: &Frame) -> Made<Frame> {
    let key = ["Aanbieder"];
    let first = Dag::first_of_maand(period.from).unwrap_or_else(|| s.context.first_dag());
    let last =
        Dag::first_of_maand(period.until).map_or_else(|| s.context.last_dag(), Dag::maandeinde);
    let (first, last) = (day(first), day(last.min(s.peildatum.dag)));
    let (begin, end) = (trajects.counts("BeginHulp")?, trajects.values("Laatste")?);
    let came = trajects.keep(|i| (first..=last).contains(&begin[i]))?;
    let went = trajects.keep(|i| end[i].is_some_and(|end| (first..=last).contains(&end)))?;
    let stayed = trajects.keep(|i| begin[i] <= last && end[i].is_none_or(|end| end > last))?;
    let (begin, end) = (went.counts("BeginHulp")?, went.counts("Laatste")?);
    let days = begin.iter().zip(&end).map(|(b, e)| (e - b + 1) as i32).collect();
    let went = went.and(|_| Ok(small("Duur", days)))?.median(&key, "Duur", "Uit")?;
    let came = came.count_rows(&key, "In")?;
    let stayed = stayed.count_rows(&key, "Lopend")?;
    let all = came.only(&key)?.below(&went.only(&key)?)?.below(&stayed.only(&key)?)?;
    all.different(&key)?.left(&came, &key)?.left(&went, &key)?.left(&stayed, &key)
}

/// Minutes of each aanbieder in each month and tariff group, in hundredths.
fn minutes(s: &Sources<'_>) -> Made<Frame> {
    let sums = s.sums.sums(&["Aanbieder", "Maand", "Product", "Eenheid"], &["Volume"])?;
    let sums = sums.inner(&s.producten.only(&["Product", "Tariefgroep"])?, &["Product"])?;
    let sums = sums.between("Tariefgroep", 1, GROUPS)?;
    let (volume, units) = (sums.counts("Volume")?, sums.counts("Eenheid")?);
    let minutes = volume
        .iter()
        .zip(units)
        .map(|(v, unit)| Some(v * Eenheid(unit as u8).minuten().unwrap_or_default()));
    let minutes = large_or_none("Minuten", minutes.collect());
    sums.and(|_| Ok(minutes))?.sums(&["Aanbieder", "Maand", "Tariefgroep"], &["Minuten"])
}

/// Minutes in each tariff group, together and in the high ones, of these months.
fn groups(s: &Sources<'_>, months: &Frame) -> Made<Frame> {
    let key = ["Aanbieder"];
    let sums = months.sums(&["Aanbieder", "Tariefgroep"], &["Minuten"])?;
    let high = high_groups(s);
    let groups = sums.counts("Tariefgroep")?;
    let of_high = sums.keep(|i| high.contains(&groups[i]))?.sums(&key, &["Minuten"])?;
    let mut all = sums.sums(&key, &["Minuten"])?;
    all = all.left(&of_high.called("Minuten", "Hoog")?, &key)?;
    for group in 1..=GROUPS {
        let of_group = sums.with("Tariefgroep", group)?.only(&["Aanbieder", "Minuten"])?;
        all = all.left(&of_group.called("Minuten", &format!("TG{group}"))?, &key)?;
    }
    Ok(all)
}

/// The numbers of the tariff groups that the ruleset calls high.
fn high_groups(s: &Sources<'_>) -> Vec<i64> {
    let Some(RuleValue::Words(words)) = s.value("SG03", "hoge_groepen") else { return Vec::new() };
    words.iter().filter_map(|w| w.strip_prefix("TG")?.parse().ok()).collect()
}

/// Final stops by reason.
fn ends(s: &Sources<'_>, period: &Period, stops: Option<&Frame>) -> Made<Frame> {
    let empty =
        Frame::of(["Aanbieder", "Maand", "Einde", "Reden"].map(|n| small(n, vec![])).into());
    let stops = stops.map_or(empty, |stops| Ok(stops.clone()))?;
    let stops =
        stops.between("Maand", period.from.into(), period.until.into())?.with("Einde", 1)?;
    let early = match s.value("SG09", "redenen") {
        Some(RuleValue::Codes(list)) => list.iter().map(|n| i64::from(*n)).collect(),
        _ => Vec::new(),
    };
    let reasons = stops.counts("Reden")?;
    let ones = |holds: &dyn Fn(i64) -> bool| -> Vec<i32> {
        reasons.iter().map(|r| holds(*r).into()).collect()
    };
    stops
        .only(&["Aanbieder"])?
        .and(|_| Ok(small("Stops", ones(&|_| true))))?
        .and(|_| Ok(small("VolgensPlan", ones(&|r| r == AS_PLANNED))))?
        .and(|_| Ok(small("Voortijdig", ones(&|r| early.contains(&r)))))?
        .and(|_| Ok(small("Redenloos", ones(&|r| r == messages::WITHOUT_REASON))))?
        .sums(&["Aanbieder"], &["Stops", "VolgensPlan", "Voortijdig", "Redenloos"])
}

/// With the costs a jeugdige and the share of high groups, and their medians in the perceel.
fn with_peers(s: &Sources<'_>, all: Frame) -> Made<Frame> {
    let (bedrag, who) = (all.counts("Bedrag")?, all.counts("Jeugdigen")?);
    let costs = bedrag.iter().zip(&who).map(|(b, n)| (*n > 0).then(|| half_up(*b, *n)));
    let (minutes, high) = (all.counts("Minuten")?, all.counts("Hoog")?);
    let shares = high.iter().zip(&minutes).map(|(part, whole)| share(*part, *whole));
    let costs = large_or_none("Kosten", costs.collect());
    let shares = large_or_none("HoogDeel", shares.collect());
    let perceel = |id: &i64| {
        let data = s.dossier().aanbieders[*id as usize].data.as_ref();
        data.and_then(|g| g.perceel).map_or(NOBODY as i32, i32::from)
    };
    let percelen = all.counts("Aanbieder")?.iter().map(perceel).collect();
    let all = all.and(|_| Ok(costs))?.and(|_| Ok(shares))?;
    let all = all.and(|_| Ok(small("Perceel", percelen)))?;
    let keys = ["Perceel", "Tijdvak"];
    let peers = all.without("Perceel", NOBODY)?;
    let least = s.number("SG03", "aanbieders").unwrap_or(i64::MAX);
    let median = |value: &str, name: &str, n: &str| -> Made<Frame> {
        let medians = peers.median(&keys, value, n)?.between(n, least, i64::MAX)?;
        medians.only(&["Perceel", "Tijdvak", value])?.called(value, name)
    };
    let costs = median("Kosten", "KostenMediaan", "n")?;
    all.left(&costs, &keys)?.left(&median("HoogDeel", "HoogMediaan", "n")?, &keys)
}

fn finish(s: &Sources<'_>, all: &Frame, periods: &[Period]) -> Made<Table> {
    let period = all.counts("Tijdvak")?;
    let minutes = all.counts("Minuten")?;
    let part = |name: &str| -> Made<Vec<Option<i64>>> {
        Ok(all.counts(name)?.iter().zip(&minutes).map(|(p, w)| share(*p, *w)).collect())
    };
    let has_stops = s.dossier().startstop.is_some();
    let stops = |name: &str| -> Made<Vec<Option<i64>>> {
        Ok(all.counts(name)?.into_iter().map(|n| has_stops.then_some(n)).collect())
    };
    let (n, planned) = (all.counts("Stops")?, all.counts("VolgensPlan")?);
    let (early, silent) = (all.counts("Voortijdig")?, all.counts("Redenloos")?);
    let other = (0..all.rows()).map(|i| has_stops.then(|| n[i] - planned[i] - early[i]));
    let early_part = (0..all.rows()).map(|i| share(early[i], n[i] - silent[i]));
    let before = all.counts("HoogToen")?.into_iter().zip(all.counts("MinutenToen")?);
    let mut remarks = s.toewijzingen.remarks();
    if !has_stops {
        remarks.push("Het dossier heeft geen start- en stopberichten (startstop): begin en einde volgen uit de toewijzingen.".to_owned());
    }
    let mut table = Building::of(&SPEC)
        .aanbieder(s, all)?
        .text("Tijdvak", period.iter().map(|p| Some(periods[*p as usize].name.as_str())))
        .counts("Jeugdigen", all.counts("Jeugdigen")?)
        .counts("Ingestroomd", all.counts("In")?)
        .counts("Uitgestroomd", all.counts("Uit")?)
        .counts("Lopend", all.counts("Lopend")?)
        .numbers("MediaanDagen", all.values("Duur")?)
        .counts("Bedrag", all.counts("Bedrag")?)
        .numbers("KostenPerJeugdige", all.values("Kosten")?)
        .numbers("KostenMediaan", all.values("KostenMediaan")?);
    for group in 1..=GROUPS {
        let name = format!("TG{group}");
        table = table.numbers(&name, part(&name)?);
    }
    let table = table
        .numbers("Hoog", all.values("HoogDeel")?)
        .numbers("HoogVorigJaar", before.map(|(part, whole)| share(part, whole)).collect())
        .numbers("HoogMediaan", all.values("HoogMediaan")?)
        .numbers("Stops", stops("Stops")?)
        .numbers("VolgensPlan", stops("VolgensPlan")?)
        .numbers("Voortijdig", stops("Voortijdig")?)
        .numbers("Anders", other.collect())
        .numbers("VoortijdigDeel", early_part.collect())
        .counts("Regels", all.counts("Regels")?)
        .finish(s.peildatum.dag, remarks)?;
    // The row of the year holds those of its quarters.
    let year = all.with("Tijdvak", periods.len() as i64 - 1)?;
    Ok(Table { lines: year.counts("Regels")?.iter().sum(), ..table })
}
