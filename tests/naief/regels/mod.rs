//! The money rules of the specification (§2.0–2.3, §3.3–3.5) once more, as literally as it can be
//! done: plain loops, every day of a period looked at by itself, fractions of whole numbers.
//!
//! Nothing here may come from the crate that is tested.

mod credits;
mod tarieven;
mod toewijzingen;

use super::dossier::{Dossier, Regel, Versie};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What a rule says of one line or one aanbieder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bevinding {
    pub regel: String,
    /// `bestand:regelnummer`, or the aanbieder.
    pub about: String,
    pub ernst: &'static str,
    pub bedrag: Option<i128>,
}

/// No-shows of one jeugdige at one aanbieder in a year (ID 8.5.1(4)).
const NO_SHOWS: i128 = 2;
/// From this many years a toewijzing is duurzaam (RTP eis 71).
const DUURZAAM_JAREN: i32 = 2;

/// Half up to whole cents; both numbers not negative.
fn rounded(counter: i128, denominator: i128) -> i128 {
    (2 * counter + denominator) / (2 * denominator)
}

fn dagen(begin: NaiveDate, end: NaiveDate) -> Vec<NaiveDate> {
    let mut out = Vec::new();
    let mut dag = begin;
    while dag <= end {
        out.push(dag);
        dag = dag + Days::new(1);
    }
    out
}

fn weken(dagen: &[NaiveDate]) -> i128 {
    let different: BTreeSet<_> =
        dagen.iter().map(|d| (d.iso_week().year(), d.iso_week().week())).collect();
    different.len() as i128
}

fn maanden(dagen: &[NaiveDate]) -> i128 {
    let different: BTreeSet<_> = dagen.iter().map(|d| (d.year(), d.month())).collect();
    different.len() as i128
}

/// The same day so many years later; 29 February becomes 1 March in common years.
fn jaren_later(dag: NaiveDate, jaren: i32) -> NaiveDate {
    let jaar = dag.year() + jaren;
    NaiveDate::from_ymd_opt(jaar, dag.month(), dag.day())
        .unwrap_or_else(|| NaiveDate::from_ymd_opt(jaar, 3, 1).unwrap())
}

/// The order of lines in a group.
fn order(a: &Regel, b: &Regel) -> Ordering {
    let last = |d: Option<NaiveDate>| d.unwrap_or(NaiveDate::MAX);
    (a.begindatum, last(a.ontvangstdatum), a.referentie.as_bytes(), &a.aanbieder, a.einddatum)
        .cmp(&(
            b.begindatum,
            last(b.ontvangstdatum),
            b.referentie.as_bytes(),
            &b.aanbieder,
            b.einddatum,
        ))
        .then_with(|| (&a.categorie, &a.code, a.bedrag).cmp(&(&b.categorie, &b.code, b.bedrag)))
        .then_with(|| (&a.declaratie, &a.previous).cmp(&(&b.declaratie, &b.previous)))
        .then_with(|| {
            (&a.gemeente, &a.bsn, &a.toewijzing).cmp(&(&b.gemeente, &b.bsn, &b.toewijzing))
        })
        .then_with(|| (a.volume, &a.eenheid, a.tarief).cmp(&(b.volume, &b.eenheid, b.tarief)))
        .then_with(|| (a.credit, a.no_show).cmp(&(b.credit, b.no_show)))
        .then_with(|| a.no_show_minuten.cmp(&b.no_show_minuten))
        .then_with(|| (&a.functie, &a.hulpverlener).cmp(&(&b.functie, &b.hulpverlener)))
        .then_with(|| (&a.file, a.line_number).cmp(&(&b.file, b.line_number)))
}

fn minuten_per(eenheid: &str) -> Option<i128> {
    match eenheid {
        "01" => Some(1),
        "04" => Some(60),
        "16" => Some(240),
        _ => None,
    }
}

/// The version in force of a toewijzing, with its gemeente and number.
type Granted = (Versie, (String, String));

struct Check<'a> {
    dossier: &'a Dossier,
    /// Lines in the order of the specification, as the files' columns show them.
    lines: Vec<Regel>,
    levend: Vec<bool>,
    found: Vec<Bevinding>,
}

/// All findings of the rules that are written here, sorted.
pub fn bevindingen(dossier: &Dossier) -> Vec<Bevinding> {
    let mut lines: Vec<Regel> = dossier.readable_lines();
    lines.sort_by(order);
    let levend = vec![true; lines.len()];
    let mut check = Check { dossier, lines, levend, found: Vec::new() };
    check.crediteringen();
    check.credits_without_number();
    check.double_referenties();
    check.double_leveringen();
    check.no_shows();
    check.budgetten();
    check.raised_budgets();
    check.te_veel_in_periode();
    check.te_veel_in_totaal();
    check.te_veel_in_maand();
    check.other_than_granted();
    check.tarieven();
    check.bedragen();
    check.omzetten();
    check.deeltijdpleegzorg_in_pauzes();
    check.crisis_in_chains();
    check.found.sort();
    check.found
}

impl Check<'_> {
    fn find(&mut self, regel: &str, i: usize, ernst: &'static str, bedrag: Option<i128>) {
        let r = &self.lines[i];
        if r.einddatum.year() != self.dossier.leverjaar {
            return;
        }
        self.found.push(Bevinding {
            regel: regel.to_owned(),
            about: format!("{}:{}", r.file, r.line_number),
            ernst,
            bedrag,
        });
    }

    /// Live and not reversed, in order.
    fn counting(&self) -> Vec<usize> {
        (0..self.lines.len())
            .filter(|&i| self.levend[i] && self.lines[i].begindatum <= self.lines[i].einddatum)
            .collect()
    }

    fn counting_in_leverjaar(&self) -> Vec<usize> {
        let mut out = self.counting();
        out.retain(|&i| self.lines[i].einddatum.year() == self.dossier.leverjaar);
        out
    }
}

/// Kind of budget: what the column says, or else what the term does.
fn is_duurzaam(t: &Versie) -> bool {
    match t.budgetsoort.as_str() {
        "duurzaam" => true,
        "herstel" => false,
        _ => t.einddatum.is_none_or(|e| e >= jaren_later(t.ingangsdatum, DUURZAAM_JAREN)),
    }
}

/// Is version `a` more in force than `b`?
fn newer(a: &Versie, b: &Versie) -> Ordering {
    let last = |d: Option<NaiveDate>| d.unwrap_or(NaiveDate::MAX);
    (a.toewijzingsdatum, last(a.einddatum), a.budget)
        .cmp(&(b.toewijzingsdatum, last(b.einddatum), b.budget))
        .then_with(|| a.other_cells().cmp(&b.other_cells()))
}

/// Does a line's unit fit that of its toewijzing? Hours may be declared in minutes.
fn fits(t: &Versie, r: &Regel) -> bool {
    !t.eenheid.is_empty() && (t.eenheid == r.eenheid || t.eenheid == "04" && r.eenheid == "01")
}

/// A line's volume as its toewijzing counts, in hundredths of a minute where hours are minutes;
/// nothing where the unit doesn't fit or the volume is 0.
fn in_eenheid_of_toewijzing(t: &Versie, r: &Regel) -> Option<i128> {
    if r.volume == 0 {
        return None;
    }
    match (t.eenheid.as_str(), r.eenheid.as_str()) {
        ("04", "01") => Some(r.volume),
        ("04", "04") => Some(r.volume * 60),
        (of, to) if !of.is_empty() && of == to => Some(r.volume),
        _ => None,
    }
}

fn volume_of(t: &Versie) -> Option<i128> {
    t.volume.map(|v| if t.eenheid == "04" { v * 60 } else { v })
}

fn is_output(t: &Versie) -> bool {
    match t.uitvoering.as_str() {
        "output" => true,
        "inspanning" => false,
        _ => matches!(t.eenheid.as_str(), "82" | "83"),
    }
}

fn zondagen(dagen: &[NaiveDate]) -> i128 {
    dagen.iter().filter(|d| d.weekday() == Weekday::Sun).count() as i128
}

fn maximum_in_periode(t: &Versie, begin: NaiveDate, end: NaiveDate) -> Option<i128> {
    maximum_over(t, &dagen(begin, end))
}

/// What a version allows over these days, as far as they lie in its term.
fn maximum_over(t: &Versie, days: &[NaiveDate]) -> Option<i128> {
    let volume = volume_of(t)?;
    let in_termijn =
        |d: &NaiveDate| *d >= t.ingangsdatum && t.einddatum.is_none_or(|finish| *d <= finish);
    let p: Vec<NaiveDate> = days.iter().copied().filter(in_termijn).collect();
    let times = match t.frequentie.as_str() {
        "1" => p.len() as i128,
        "2" if is_output(t) => zondagen_met_rest(t, &p),
        "2" => weken(&p),
        "4" => maanden(&p),
        "6" => 1,
        _ => return None,
    };
    Some(if p.is_empty() { 0 } else { times * volume })
}

/// Sundays in these days of the term, and one more where its last Sunday is among them and the
/// term goes on after it.
fn zondagen_met_rest(t: &Versie, p: &[NaiveDate]) -> i128 {
    let Some(end) = t.einddatum else { return zondagen(p) };
    let termijn = dagen(t.ingangsdatum, end);
    let Some(last) = termijn.iter().rev().find(|d| d.weekday() == Weekday::Sun) else {
        return 1;
    };
    let rest = p.contains(last) && end.weekday() != Weekday::Sun;
    zondagen(p) + i128::from(rest)
}

fn maximum_in_total(t: &Versie) -> Option<i128> {
    let volume = volume_of(t)?;
    if t.frequentie == "6" {
        return Some(volume);
    }
    let termijn = dagen(t.ingangsdatum, t.einddatum?);
    let times = match t.frequentie.as_str() {
        "1" => termijn.len() as i128,
        "2" if is_output(t) => {
            let mut per_maand: BTreeMap<(i32, u32), Vec<NaiveDate>> = BTreeMap::new();
            for dag in &termijn {
                per_maand.entry((dag.year(), dag.month())).or_default().push(*dag);
            }
            if zondagen(&termijn) == 0 {
                i128::from(!termijn.is_empty())
            } else {
                per_maand.values().map(|maand| zondagen_met_rest(t, maand)).sum()
            }
        }
        "2" => weken(&termijn),
        "4" => maanden(&termijn),
        _ => return None,
    };
    Some(times * volume)
}
