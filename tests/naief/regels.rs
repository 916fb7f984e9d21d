//! The money rules of the specification (§2.0–2.3, §3.3–3.5) once more, as literally as it can be
//! done: plain loops, every day of a period looked at by itself, fractions of whole numbers.
//!
//! Nothing here may come from the crate that is tested.

use super::dossier::{Bericht, Dossier, Regel, Tarief, Versie};
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
    check.double_referenties();
    check.double_leveringen();
    check.no_shows();
    check.budgetten();
    check.te_veel_in_periode();
    check.te_veel_in_totaal();
    check.tarieven();
    check.bedragen();
    check.omzetten();
    check.deeltijdpleegzorg_in_pauzes();
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

    // --- §2.0 live lines, JW02, JW03 -----------------------------------------------------------

    fn crediteringen(&mut self) {
        let mut withdrawn = BTreeSet::new();
        for c in 0..self.lines.len() {
            if !self.lines[c].credit {
                continue;
            }
            self.levend[c] = false;
            if !self.dossier.kolommen_of(&self.lines[c]).previous {
                continue;
            }
            let credit = self.lines[c].clone();
            let fits: Vec<usize> = (0..self.lines.len())
                .filter(|&d| {
                    let debet = &self.lines[d];
                    !debet.credit
                        && debet.aanbieder == credit.aanbieder
                        && debet.referentie == credit.previous
                        && debet.bsn == credit.bsn
                        && debet.toewijzing == credit.toewijzing
                        && debet.code == credit.code
                        && debet.bedrag == credit.bedrag
                })
                .collect();
            let free: Vec<usize> =
                fits.iter().copied().filter(|d| !withdrawn.contains(d)).collect();
            let equal = free.iter().copied().find(|&d| {
                let debet = &self.lines[d];
                debet.begindatum == credit.begindatum
                    && debet.einddatum == credit.einddatum
                    && debet.volume == credit.volume
            });
            if fits.is_empty() {
                self.find("JW02", c, "fout", Some(credit.bedrag));
            } else if let Some(d) = equal.or(free.first().copied()) {
                withdrawn.insert(d);
                self.levend[d] = false;
            } else {
                self.find("JW03", c, "fout", Some(credit.bedrag));
            }
        }
    }

    // --- JW01, JW04 ----------------------------------------------------------------------------

    fn double_referenties(&mut self) {
        for i in 0..self.lines.len() {
            let r = self.lines[i].clone();
            let earlier = (0..i).any(|j| {
                self.lines[j].aanbieder == r.aanbieder && self.lines[j].referentie == r.referentie
            });
            if earlier {
                self.find("JW01", i, "fout", Some(r.bedrag));
            }
        }
    }

    fn double_leveringen(&mut self) {
        let contact = self.dossier.contact;
        let mut earlier: Vec<Regel> = Vec::new();
        for i in self.counting() {
            let r = self.lines[i].clone();
            let kolommen = self.dossier.kolommen_of(&r);
            if r.toewijzing.is_empty() || contact && !(kolommen.functie && kolommen.hulpverlener) {
                continue;
            }
            let same = |a: &Regel| {
                a.gemeente == r.gemeente
                    && a.toewijzing == r.toewijzing
                    && a.categorie == r.categorie
                    && a.code == r.code
                    && a.begindatum == r.begindatum
                    && a.einddatum == r.einddatum
                    && (!contact
                        || a.volume == r.volume
                            && a.bedrag == r.bedrag
                            && a.functie == r.functie
                            && a.hulpverlener == r.hulpverlener)
            };
            if earlier.iter().any(same) {
                self.find("JW04", i, "fout", Some(r.bedrag));
            }
            earlier.push(r);
        }
    }

    // --- NS01 ----------------------------------------------------------------------------------

    fn no_shows(&mut self) {
        let mut sum: BTreeMap<(String, String), i128> = BTreeMap::new();
        for i in self.counting_in_leverjaar() {
            let r = self.lines[i].clone();
            let onderdeel = self.dossier.product(&r).map(|p| p.onderdeel);
            if !matches!(onderdeel.as_deref(), Some("ambulant" | "ed"))
                || !self.dossier.kolommen_of(&r).no_show
            {
                continue;
            }
            let sum = sum.entry((r.bsn.clone(), r.aanbieder.clone())).or_default();
            *sum += r.no_show;
            let above = r.no_show.min(*sum - NO_SHOWS);
            if above <= 0 {
                continue;
            }
            if self.dossier.contact {
                let bedrag = rounded(r.bedrag * above, r.no_show);
                self.find("NS01", i, "fout", Some(bedrag));
                continue;
            }
            let Some(no_show_minuten) = r.no_show_minuten else {
                self.find("NS01", i, "fout", None);
                continue;
            };
            let Some(per) = minuten_per(&r.eenheid) else { continue };
            if r.volume == 0 {
                continue;
            }
            // Volumes are in hundredths.
            let part =
                rounded(r.bedrag * no_show_minuten * above * 100, r.no_show * r.volume * per);
            self.find("NS01", i, "fout", Some(part.min(r.bedrag)));
        }
    }

    // --- Toewijzingen --------------------------------------------------------------------------

    /// The toewijzing that a line is on: its gemeente and its number.
    fn toewijzing_of(&self, r: &Regel) -> Option<(String, String)> {
        if r.toewijzing.is_empty() {
            return None;
        }
        let gemeenten: BTreeSet<&String> = self
            .dossier
            .versies
            .iter()
            .filter(|v| v.nummer == r.toewijzing)
            .map(|v| &v.gemeente)
            .collect();
        if gemeenten.contains(&r.gemeente) {
            return Some((r.gemeente.clone(), r.toewijzing.clone()));
        }
        let [only] = gemeenten.into_iter().collect::<Vec<_>>()[..] else { return None };
        Some((only.clone(), r.toewijzing.clone()))
    }

    /// The version in force of a toewijzing.
    fn current(&self, (gemeente, nummer): &(String, String)) -> Versie {
        let mut best: Option<&Versie> = None;
        for v in &self.dossier.versies {
            if v.gemeente == *gemeente
                && v.nummer == *nummer
                && best.is_none_or(|b| newer(v, b) == Ordering::Greater)
            {
                best = Some(v);
            }
        }
        best.unwrap().clone()
    }

    fn toewijzingen(&self) -> BTreeSet<(String, String)> {
        self.dossier.versies.iter().map(|v| (v.gemeente.clone(), v.nummer.clone())).collect()
    }

    /// Lines that count on a toewijzing, over all years, in order.
    fn lines_on(&self, key: &(String, String)) -> Vec<usize> {
        let mut out = self.counting();
        out.retain(|&i| self.toewijzing_of(&self.lines[i]).as_ref() == Some(key));
        out
    }

    // --- BU01 ----------------------------------------------------------------------------------

    fn budgetten(&mut self) {
        for key in self.toewijzingen() {
            let t = self.current(&key);
            let Some(budget) = t.budget else { continue };
            let mut sum_herstel = 0;
            let mut sum_per_jaar: BTreeMap<i32, i128> = BTreeMap::new();
            for i in self.lines_on(&key) {
                let r = self.lines[i].clone();
                let mut jaar = 0;
                while jaren_later(t.ingangsdatum, jaar + 1) <= r.begindatum {
                    jaar += 1;
                }
                sum_herstel += r.bedrag;
                let sum_duurzaam = sum_per_jaar.entry(jaar).or_default();
                *sum_duurzaam += r.bedrag;
                let herstel = r.bedrag.min(sum_herstel - budget).max(0);
                let duurzaam = r.bedrag.min(*sum_duurzaam - budget).max(0);
                let (hard, zacht) = match t.budgetsoort.as_str() {
                    "herstel" => (herstel, 0),
                    "duurzaam" => (duurzaam, 0),
                    _ => {
                        let is_duurzaam = t
                            .einddatum
                            .is_none_or(|e| e >= jaren_later(t.ingangsdatum, DUURZAAM_JAREN));
                        let afgeleid = if is_duurzaam { duurzaam } else { herstel };
                        let hard = herstel.min(duurzaam);
                        (hard, afgeleid - hard)
                    }
                };
                if hard > 0 {
                    self.find("BU01", i, "fout", Some(hard));
                }
                if zacht > 0 {
                    self.find("BU01", i, "onzekerheid", Some(zacht));
                }
            }
        }
    }

    // --- TW11, TW12 ----------------------------------------------------------------------------

    fn te_veel_in_periode(&mut self) {
        for i in self.counting_in_leverjaar() {
            let r = self.lines[i].clone();
            let Some(key) = self.toewijzing_of(&r) else { continue };
            let t = self.current(&key);
            let Some(volume) = in_eenheid_of_toewijzing(&t, &r) else { continue };
            let Some(maximum) = maximum_in_periode(&t, r.begindatum, r.einddatum) else {
                continue;
            };
            if volume > maximum {
                let bedrag = rounded(r.bedrag * (volume - maximum), volume);
                self.find("TW11", i, "fout", Some(bedrag));
            }
        }
    }

    fn te_veel_in_totaal(&mut self) {
        for key in self.toewijzingen() {
            let t = self.current(&key);
            let Some(maximum) = maximum_in_total(&t) else { continue };
            let mut sum = 0;
            for i in self.lines_on(&key) {
                let r = self.lines[i].clone();
                let Some(volume) = in_eenheid_of_toewijzing(&t, &r) else { continue };
                sum += volume;
                if sum > maximum {
                    let bedrag = rounded(r.bedrag * volume.min(sum - maximum), volume);
                    self.find("TW12", i, "fout", Some(bedrag));
                }
            }
        }
    }

    // --- TF01, TF02 ----------------------------------------------------------------------------

    /// The contract's tariff for a line, and its unit.
    fn contract(&self, r: &Regel) -> Option<Tarief> {
        let key = self.dossier.product(r)?.tariefsleutel;
        let jaar = self.dossier.leverjaar;
        let here = |t: &Tarief| !key.is_empty() && t.jaar == jaar && t.key == key;
        let own: Vec<Tarief> = self.dossier.tarieven.iter().filter(|t| here(t)).cloned().collect();
        let rows = if own.is_empty() {
            self.dossier.contracttarieven().into_iter().filter(here).collect()
        } else {
            own
        };
        let perceel = self.dossier.perceel(&r.aanbieder);
        rows.iter()
            .find(|t| t.aanbieder == r.aanbieder)
            .or_else(|| {
                rows.iter()
                    .find(|t| t.aanbieder.is_empty() && !perceel.is_empty() && t.perceel == perceel)
            })
            .or_else(|| rows.iter().find(|t| t.aanbieder.is_empty() && t.perceel.is_empty()))
            .cloned()
    }

    fn tarieven(&mut self) {
        for i in self.counting_in_leverjaar() {
            let r = self.lines[i].clone();
            let (Some(tarief), Some(contract)) = (r.tarief, self.contract(&r)) else { continue };
            let expected = match (contract.eenheid.as_str(), r.eenheid.as_str()) {
                (of, to) if of == to => contract.bedrag,
                ("04", "01") => rounded(contract.bedrag, 60),
                ("01", "04") => contract.bedrag * 60,
                _ => continue,
            };
            if tarief > expected {
                let bedrag = rounded((tarief - expected) * r.volume, 100);
                let ernst =
                    if self.is_of_other_perceel(&r, tarief) { "onzekerheid" } else { "fout" };
                self.find("TF01", i, ernst, Some(bedrag.min(r.bedrag)));
            } else if tarief < expected {
                self.find("TF01", i, "signaal", Some(0));
            }
        }
    }

    /// Is this, for ambulant help, what another perceel pays for the same group?
    fn is_of_other_perceel(&self, r: &Regel, tarief: i128) -> bool {
        let Some(product) = self.dossier.product(r) else { return false };
        let jaar = self.dossier.leverjaar;
        let here = |t: &&Tarief| t.jaar == jaar && t.key == product.tariefsleutel;
        let mut rows: Vec<Tarief> = self.dossier.tarieven.iter().filter(here).cloned().collect();
        if rows.is_empty() {
            rows = self.dossier.contracttarieven().iter().filter(here).cloned().collect();
        }
        let own = self.dossier.perceel(&r.aanbieder);
        product.onderdeel == "ambulant"
            && rows.iter().any(|t| {
                let in_eenheid = match (t.eenheid.as_str(), r.eenheid.as_str()) {
                    (of, to) if of == to => t.bedrag,
                    ("04", "01") => rounded(t.bedrag, 60),
                    ("01", "04") => t.bedrag * 60,
                    _ => return false,
                };
                let elsewhere = !t.perceel.is_empty() && t.perceel != own;
                t.aanbieder.is_empty() && elsewhere && in_eenheid == tarief
            })
    }

    fn bedragen(&mut self) {
        for i in self.counting_in_leverjaar() {
            let r = self.lines[i].clone();
            let contract = self.contract(&r).filter(|c| c.eenheid == "04" && r.eenheid == "01");
            let expected = if r.eenheid == "83" {
                r.volume / 100
            } else if let Some(per_hour) = contract {
                rounded(per_hour.bedrag * r.volume, 60 * 100)
            } else if let Some(tarief) = r.tarief {
                rounded(tarief * r.volume, 100)
            } else {
                continue;
            };
            match r.bedrag.cmp(&expected) {
                Ordering::Greater => self.find("TF02", i, "fout", Some(r.bedrag - expected)),
                Ordering::Less => self.find("TF02", i, "signaal", Some(0)),
                Ordering::Equal => {}
            }
        }
    }

    // --- WV11 ----------------------------------------------------------------------------------

    /// Deeltijdpleegzorg: only the days on which the child was there (ID 9.7).
    fn deeltijdpleegzorg_in_pauzes(&mut self) {
        let Some(all) = self.dossier.berichten.clone() else { return };
        for i in self.counting_in_leverjaar() {
            let r = self.lines[i].clone();
            let key = self.dossier.product(&r).map(|p| p.tariefsleutel);
            if key.as_deref() != Some("INT_B") || r.eenheid != "14" {
                continue;
            }
            let Some((gemeente, nummer)) = self.toewijzing_of(&r) else { continue };
            let own: Vec<&Bericht> =
                all.iter().filter(|b| b.gemeente == gemeente && b.nummer == nummer).collect();
            let period = dagen(r.begindatum, r.einddatum);
            let mut away = BTreeSet::new();
            let mut ended = true;
            for stop in own.iter().filter(|b| !b.start && b.reden == "20") {
                let starts = own.iter().filter(|b| b.start && b.datum >= stop.datum);
                let start = starts.map(|b| b.datum).min();
                for dag in &period {
                    if *dag > stop.datum && start.is_none_or(|start| *dag < start) {
                        away.insert(*dag);
                        ended &= start.is_some();
                    }
                }
            }
            let present = 100 * (period.len() - away.len()) as i128;
            if !away.is_empty() && r.volume > present {
                let bedrag = rounded(r.bedrag * (r.volume - present), r.volume);
                self.find("WV11", i, if ended { "fout" } else { "onzekerheid" }, Some(bedrag));
            }
        }
    }

    // --- OM01 ----------------------------------------------------------------------------------

    fn omzetten(&mut self) {
        let jaar = self.dossier.leverjaar;
        let mut now: BTreeMap<String, i128> = BTreeMap::new();
        let mut earlier: BTreeMap<String, i128> = BTreeMap::new();
        for i in self.counting() {
            let r = &self.lines[i];
            if r.einddatum.year() == jaar {
                *now.entry(r.aanbieder.clone()).or_default() += r.bedrag;
            } else if r.einddatum.year() == jaar - 1 && self.dossier.omzet.is_none() {
                *earlier.entry(r.aanbieder.clone()).or_default() += r.bedrag;
            }
        }
        for row in self.dossier.omzet.iter().flatten().filter(|o| o.jaar == jaar - 1) {
            *earlier.entry(row.aanbieder.clone()).or_default() += row.bedrag;
        }
        // 2.63% is named for 2023 only (ID 9.7, 10.3); margin 5% (ID eis 38).
        let indexatie = if jaar == 2023 { 263 } else { 0 };
        for (aanbieder, earlier) in earlier {
            let now = now.get(&aanbieder).copied().unwrap_or(0);
            let bedrag = if now * 100 * 10_000 > earlier * 105 * (10_000 + indexatie) {
                now - earlier
            } else if now * 100 < earlier * 95 {
                0
            } else {
                continue;
            };
            self.found.push(Bevinding {
                regel: "OM01".to_owned(),
                about: aanbieder,
                ernst: "signaal",
                bedrag: Some(bedrag),
            });
        }
    }
}

/// Is version `a` more in force than `b`?
fn newer(a: &Versie, b: &Versie) -> Ordering {
    let last = |d: Option<NaiveDate>| d.unwrap_or(NaiveDate::MAX);
    (a.toewijzingsdatum, last(a.einddatum), a.budget)
        .cmp(&(b.toewijzingsdatum, last(b.einddatum), b.budget))
        .then_with(|| a.other_cells().cmp(&b.other_cells()))
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
    let volume = volume_of(t)?;
    let in_termijn =
        |d: &NaiveDate| *d >= t.ingangsdatum && t.einddatum.is_none_or(|finish| *d <= finish);
    let p: Vec<NaiveDate> = dagen(begin, end).into_iter().filter(in_termijn).collect();
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
