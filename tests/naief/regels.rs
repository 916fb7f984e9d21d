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

    // --- §2.0 live lines, JW02, JW03 -----------------------------------------------------------

    fn crediteringen(&mut self) {
        let mut withdrawn = BTreeSet::new();
        for c in 0..self.lines.len() {
            if !self.lines[c].credit {
                continue;
            }
            self.levend[c] = false;
            if self.lines[c].previous.is_empty() {
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

    /// Credits that name no debit: each takes back the first live one that equals it.
    fn credits_without_number(&mut self) {
        for c in 0..self.lines.len() {
            let credit = self.lines[c].clone();
            if !credit.credit || !credit.previous.is_empty() {
                continue;
            }
            let equal = |d: &usize| {
                let debet = &self.lines[*d];
                self.levend[*d]
                    && !debet.credit
                    && debet.aanbieder == credit.aanbieder
                    && debet.gemeente == credit.gemeente
                    && debet.bsn == credit.bsn
                    && debet.toewijzing == credit.toewijzing
                    && debet.code == credit.code
                    && debet.begindatum == credit.begindatum
                    && debet.einddatum == credit.einddatum
                    && debet.volume == credit.volume
                    && debet.bedrag == credit.bedrag
            };
            match (0..self.lines.len()).find(equal) {
                Some(d) => self.levend[d] = false,
                None if self.dossier.kolommen_of(&credit).previous => {
                    self.find("JW02", c, "fout", Some(credit.bedrag));
                }
                None => {}
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

    /// All versions of a toewijzing, the one in force last.
    fn versions(&self, (gemeente, nummer): &(String, String)) -> Vec<Versie> {
        let of = |v: &&Versie| v.gemeente == *gemeente && v.nummer == *nummer;
        let mut all: Vec<Versie> = self.dossier.versies.iter().filter(of).cloned().collect();
        all.sort_by(newer);
        all
    }

    /// The version in force of a toewijzing.
    fn current(&self, key: &(String, String)) -> Versie {
        self.versions(key).pop().unwrap()
    }

    /// The version that the aanbieder could know when it delivered a line.
    fn at_delivery(&self, key: &(String, String), r: &Regel) -> Versie {
        let all = self.versions(key);
        let known = all.iter().rev().find(|v| v.toewijzingsdatum <= r.einddatum);
        known.unwrap_or(&all[0]).clone()
    }

    /// What a version in force makes of a line, and what the version at delivery makes of it: an
    /// amount where it is a breach.
    fn find_by_versions(&mut self, regel: &str, i: usize, now: Option<i128>, then: Option<i128>) {
        let Some(now) = now else { return };
        if let Some(then) = then {
            self.find(regel, i, "fout", Some(now.min(then)));
        }
        let rest = now - then.map_or(0, |then| now.min(then));
        if then.is_none() || rest > 0 {
            self.find(regel, i, "onzekerheid", Some(rest));
        }
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
            for i in self.lines_on(&key) {
                let r = self.lines[i].clone();
                let over = self.over_budget(&key, &t, budget, is_duurzaam(&t), i);
                let mut readings = vec![over];
                if t.budgetsoort.is_empty() {
                    readings.push(self.over_budget(&key, &t, budget, !is_duurzaam(&t), i));
                }
                let known = self.at_delivery(&key, &r);
                match known.budget {
                    None => readings.push(0),
                    Some(budget) => {
                        let own = is_duurzaam(&known);
                        readings.push(self.over_budget(&key, &known, budget, own, i));
                        if known.budgetsoort.is_empty() {
                            readings.push(self.over_budget(&key, &known, budget, !own, i));
                        }
                    }
                }
                let hard = readings.into_iter().min().unwrap();
                if hard > 0 {
                    self.find("BU01", i, "fout", Some(hard));
                }
                if over > hard {
                    self.find("BU01", i, "onzekerheid", Some(over - hard));
                }
            }
        }
    }

    /// What of a line passes a budget, of the whole term or of the line's year, with the years of a
    /// version.
    fn over_budget(
        &self,
        key: &(String, String),
        v: &Versie,
        budget: i128,
        duurzaam: bool,
        line: usize,
    ) -> i128 {
        let r = &self.lines[line];
        (self.sum_with(key, v, duurzaam, line) - budget).min(r.bedrag).max(0)
    }

    /// The running sum with a line, over the whole term or in the line's year.
    fn sum_with(&self, key: &(String, String), v: &Versie, duurzaam: bool, line: usize) -> i128 {
        let jaar = |r: &Regel| {
            let mut jaar = 0;
            while duurzaam && jaren_later(v.ingangsdatum, jaar + 1) <= r.begindatum {
                jaar += 1;
            }
            jaar
        };
        let own = jaar(&self.lines[line]);
        let mut sum = 0;
        for i in self.lines_on(key) {
            if jaar(&self.lines[i]) == own {
                sum += self.lines[i].bedrag;
            }
            if i == line {
                break;
            }
        }
        sum
    }

    // --- BU08 ----------------------------------------------------------------------------------

    fn raised_budgets(&mut self) {
        for key in self.toewijzingen() {
            let all = self.versions(&key);
            let t = self.current(&key);
            let Some(budget) = t.budget else { continue };
            let raises: Vec<(NaiveDate, i128)> = all
                .windows(2)
                .filter_map(|w| Some((w[1].toewijzingsdatum, w[0].budget?, w[1].budget?)))
                .filter(|(_, from, to)| to > from)
                .map(|(dag, from, _)| (dag, from))
                .collect();
            let duurzaam = is_duurzaam(&t);
            let lines = self.lines_on(&key);
            let in_leverjaar =
                |i: &usize| self.lines[*i].einddatum.year() == self.dossier.leverjaar;
            let of_jaar: Vec<usize> = lines.iter().copied().filter(in_leverjaar).collect();
            if raises.is_empty() {
                continue;
            }
            let mut covered = false;
            for &i in &of_jaar {
                let known = self.at_delivery(&key, &self.lines[i]);
                let Some(then) = known.budget else { continue };
                let more = self.over_budget(&key, &t, then, duurzaam, i)
                    - self.over_budget(&key, &t, budget, duurzaam, i);
                if more > 0 {
                    covered = true;
                    self.find("BU08", i, "onzekerheid", Some(more));
                }
            }
            let late = raises.iter().any(|(dag, from)| {
                of_jaar.iter().any(|&i| {
                    let r = &self.lines[i];
                    let sum = self.sum_with(&key, &t, duurzaam, i);
                    let dagen = (r.einddatum - *dag).num_days();
                    sum > *from && sum - r.bedrag <= *from && (0..56).contains(&dagen)
                })
            });
            if late && !covered {
                self.found.push(Bevinding {
                    regel: "BU08".to_owned(),
                    about: format!("{} {}", key.0, key.1),
                    ernst: "signaal",
                    bedrag: None,
                });
            }
        }
    }

    // --- TW11, TW12 ----------------------------------------------------------------------------

    fn te_veel_in_periode(&mut self) {
        for i in self.counting_in_leverjaar() {
            let r = self.lines[i].clone();
            let Some(key) = self.toewijzing_of(&r) else { continue };
            let above = |t: &Versie| {
                let volume = in_eenheid_of_toewijzing(t, &r)?;
                let maximum = maximum_in_periode(t, r.begindatum, r.einddatum)?;
                (volume > maximum).then(|| rounded(r.bedrag * (volume - maximum), volume))
            };
            let then = above(&self.at_delivery(&key, &r));
            self.find_by_versions("TW11", i, above(&self.current(&key)), then);
        }
    }

    fn te_veel_in_totaal(&mut self) {
        for key in self.toewijzingen() {
            for i in self.lines_on(&key) {
                let r = self.lines[i].clone();
                let then = self.above_in_total(&key, &self.at_delivery(&key, &r), i);
                let now = self.above_in_total(&key, &self.current(&key), i);
                self.find_by_versions("TW12", i, now, then);
            }
        }
    }

    /// What of a line lies above the maximum of a version over its whole term.
    fn above_in_total(&self, key: &(String, String), t: &Versie, line: usize) -> Option<i128> {
        let maximum = maximum_in_total(t)?;
        let mut sum = 0;
        for i in self.lines_on(key) {
            let r = &self.lines[i];
            let Some(volume) = in_eenheid_of_toewijzing(t, r) else { continue };
            sum += volume;
            if i == line && sum > maximum {
                return Some(rounded(r.bedrag * volume.min(sum - maximum), volume));
            }
        }
        None
    }

    // --- TW06 to TW10 ----------------------------------------------------------------------------

    fn other_than_granted(&mut self) {
        for i in self.counting_in_leverjaar() {
            let r = self.lines[i].clone();
            let Some(key) = self.toewijzing_of(&r) else { continue };
            let (now, then) = (self.current(&key), self.at_delivery(&key, &r));
            let after = |t: &Versie| t.einddatum.is_some_and(|e| r.einddatum > e);
            let categorie = |t: &Versie| !t.categorie.is_empty() && t.categorie != r.categorie;
            let code = |t: &Versie| !t.code.is_empty() && t.code != r.code;
            let eenheid = |t: &Versie| {
                let minutes_on_hours = t.eenheid == "04" && r.eenheid == "01";
                !t.eenheid.is_empty() && t.eenheid != r.eenheid && !minutes_on_hours
            };
            let removed = |t: &Versie| t.reason == "13";
            type Broken<'a> = &'a dyn Fn(&Versie) -> bool;
            let rules: [(&str, Broken<'_>); 5] = [
                ("TW06", &after),
                ("TW07", &categorie),
                ("TW08", &code),
                ("TW09", &eenheid),
                ("TW10", &removed),
            ];
            for (regel, is_broken) in rules {
                if is_broken(&now) {
                    let ernst = if is_broken(&then) { "fout" } else { "onzekerheid" };
                    self.find(regel, i, ernst, Some(r.bedrag));
                }
            }
        }
    }

    // --- TW26 ------------------------------------------------------------------------------------

    fn te_veel_in_maand(&mut self) {
        for key in self.toewijzingen() {
            let t = self.current(&key);
            let mut maanden: BTreeMap<(i32, u32), Vec<usize>> = BTreeMap::new();
            for i in self.lines_on(&key) {
                let r = &self.lines[i];
                if fits(&t, r) {
                    let maand = (r.einddatum.year(), r.einddatum.month());
                    maanden.entry(maand).or_default().push(i);
                }
            }
            for lines in maanden.into_values().filter(|lines| lines.len() > 1) {
                let mut dagen_samen: BTreeSet<NaiveDate> = BTreeSet::new();
                let mut caught = false;
                for &i in &lines {
                    let r = &self.lines[i];
                    dagen_samen.extend(dagen(r.begindatum, r.einddatum));
                    let maximum = maximum_in_periode(&t, r.begindatum, r.einddatum);
                    let volume = in_eenheid_of_toewijzing(&t, r).unwrap_or(0);
                    caught |= maximum.is_some_and(|maximum| volume > maximum);
                }
                let all: Vec<NaiveDate> = dagen_samen.into_iter().collect();
                let Some(maximum) = maximum_over(&t, &all).filter(|_| !caught) else { continue };
                let mut sum = 0;
                for i in lines {
                    let r = self.lines[i].clone();
                    let volume = in_eenheid_of_toewijzing(&t, &r).unwrap_or(0);
                    sum += volume;
                    let above = volume.min(sum - maximum);
                    if above > 0 {
                        let bedrag = rounded(r.bedrag * above, volume);
                        self.find("TW26", i, "onzekerheid", Some(bedrag));
                    }
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

    // --- CR03 ----------------------------------------------------------------------------------

    /// The Tariefsleutel of a toewijzing: its own product's, else the one that its lines share.
    fn key_of_toewijzing(&self, key: &(String, String), t: &Versie) -> Option<String> {
        if !t.code.is_empty() {
            return Some(self.dossier.product_of(&t.categorie, &t.code)?.tariefsleutel);
        }
        let jaar = self.dossier.leverjaar;
        let lines = self.lines_on(key).into_iter().map(|i| &self.lines[i]);
        let of_jaar = lines.filter(|r| r.einddatum.year() == jaar);
        let keys: BTreeSet<Option<String>> =
            of_jaar.map(|r| self.dossier.product(r).map(|p| p.tariefsleutel)).collect();
        let [Some(only)] = &keys.into_iter().collect::<Vec<_>>()[..] else { return None };
        Some(only.clone())
    }

    /// Crisis granted again and again (RTP 6): a place 28 days, pleegzorg 90.
    fn crisis_in_chains(&mut self) {
        for (wanted, most) in [("CRISIS_BED", 28_u64), ("CRISIS_PLEEGZORG", 90)] {
            let mut all: Vec<Granted> =
                self.toewijzingen().into_iter().map(|key| (self.current(&key), key)).collect();
            let longer = |begin: NaiveDate, end: NaiveDate| end >= begin + Days::new(most);
            all.retain(|(t, key)| {
                self.key_of_toewijzing(key, t).as_deref() == Some(wanted)
                    && t.reason != "13"
                    && t.einddatum.is_some_and(|end| !longer(t.ingangsdatum, end))
            });
            all.sort_by(|(a, _), (b, _)| {
                (&a.bsn, a.ingangsdatum, &a.nummer, &a.gemeente).cmp(&(
                    &b.bsn,
                    b.ingangsdatum,
                    &b.nummer,
                    &b.gemeente,
                ))
            });
            let mut chains: Vec<(NaiveDate, Vec<Granted>)> = Vec::new();
            for (t, key) in all {
                let end = t.einddatum.unwrap();
                match chains.last_mut() {
                    Some((latest, chain))
                        if chain[0].0.bsn == t.bsn && t.ingangsdatum <= *latest + Days::new(1) =>
                    {
                        *latest = end.max(*latest);
                        chain.push((t, key));
                    }
                    _ => chains.push((end, vec![(t, key)])),
                }
            }
            for (latest, chain) in chains {
                if longer(chain[0].0.ingangsdatum, latest) {
                    let keys = chain.into_iter().map(|(_, key)| key).collect();
                    self.crisis_in_chain(keys, 100 * i128::from(most));
                }
            }
        }
    }

    fn crisis_in_chain(&mut self, keys: Vec<(String, String)>, most: i128) {
        let mut lines: Vec<usize> = keys.iter().flat_map(|key| self.lines_on(key)).collect();
        lines.sort_unstable();
        let in_leverjaar = |i: &usize| self.lines[*i].einddatum.year() == self.dossier.leverjaar;
        if !lines.iter().any(in_leverjaar) {
            return;
        }
        let (mut sum, mut above) = (0, false);
        for i in lines {
            let r = self.lines[i].clone();
            if r.eenheid != "14" {
                continue;
            }
            sum += r.volume;
            let part = (sum - most).min(r.volume);
            if part > 0 {
                above = true;
                let bedrag = rounded(r.bedrag * part, r.volume);
                self.find("CR03", i, "onzekerheid", Some(bedrag));
            }
        }
        if !above {
            let (gemeente, nummer) = keys.last().unwrap();
            self.found.push(Bevinding {
                regel: "CR03".to_owned(),
                about: format!("{gemeente} {nummer}"),
                ernst: "onzekerheid",
                bedrag: None,
            });
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
