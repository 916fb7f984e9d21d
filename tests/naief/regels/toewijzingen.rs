//! What was granted: versions, budgets, volumes.

use super::{
    Bevinding, Check, dagen, fits, in_eenheid_of_toewijzing, is_duurzaam, jaren_later,
    maximum_in_periode, maximum_in_total, maximum_over, newer, rounded,
};
use crate::naief::dossier::{Regel, Versie};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

impl Check<'_> {
    // --- Toewijzingen --------------------------------------------------------------------------

    /// The toewijzing that a line is on: its gemeente and its number.
    pub(super) fn toewijzing_of(&self, r: &Regel) -> Option<(String, String)> {
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
    pub(super) fn versions(&self, (gemeente, nummer): &(String, String)) -> Vec<Versie> {
        let of = |v: &&Versie| v.gemeente == *gemeente && v.nummer == *nummer;
        let mut all: Vec<Versie> = self.dossier.versies.iter().filter(of).cloned().collect();
        all.sort_by(newer);
        all
    }

    /// The version in force of a toewijzing.
    pub(super) fn current(&self, key: &(String, String)) -> Versie {
        self.versions(key).pop().unwrap()
    }

    /// The version that the aanbieder could know when it delivered a line.
    pub(super) fn at_delivery(&self, key: &(String, String), r: &Regel) -> Versie {
        let all = self.versions(key);
        let known = all.iter().rev().find(|v| v.toewijzingsdatum <= r.einddatum);
        known.unwrap_or(&all[0]).clone()
    }

    /// What a version in force makes of a line, and what the version at delivery makes of it: an
    /// amount where it is a breach.
    pub(super) fn find_by_versions(
        &mut self,
        regel: &str,
        i: usize,
        now: Option<i128>,
        then: Option<i128>,
    ) {
        let Some(now) = now else { return };
        if let Some(then) = then {
            self.find(regel, i, "fout", Some(now.min(then)));
        }
        let rest = now - then.map_or(0, |then| now.min(then));
        if then.is_none() || rest > 0 {
            self.find(regel, i, "onzekerheid", Some(rest));
        }
    }

    pub(super) fn toewijzingen(&self) -> BTreeSet<(String, String)> {
        self.dossier.versies.iter().map(|v| (v.gemeente.clone(), v.nummer.clone())).collect()
    }

    /// Lines that count on a toewijzing, over all years, in order.
    pub(super) fn lines_on(&self, key: &(String, String)) -> Vec<usize> {
        let mut out = self.counting();
        out.retain(|&i| self.toewijzing_of(&self.lines[i]).as_ref() == Some(key));
        out
    }

    // --- BU01 ----------------------------------------------------------------------------------

    pub(super) fn budgetten(&mut self) {
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
    pub(super) fn over_budget(
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
    pub(super) fn sum_with(
        &self,
        key: &(String, String),
        v: &Versie,
        duurzaam: bool,
        line: usize,
    ) -> i128 {
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

    pub(super) fn raised_budgets(&mut self) {
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

    pub(super) fn te_veel_in_periode(&mut self) {
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

    pub(super) fn te_veel_in_totaal(&mut self) {
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
    pub(super) fn above_in_total(
        &self,
        key: &(String, String),
        t: &Versie,
        line: usize,
    ) -> Option<i128> {
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

    pub(super) fn other_than_granted(&mut self) {
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

    pub(super) fn te_veel_in_maand(&mut self) {
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
}
