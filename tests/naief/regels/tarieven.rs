//! Tariffs, crisis, pauses and turnover.

use super::{Bevinding, Check, Granted, dagen, rounded};
use crate::naief::dossier::{Bericht, Regel, Tarief, Versie};
use chrono::{Datelike, Days, NaiveDate};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

impl Check<'_> {
    // --- TF01, TF02 ----------------------------------------------------------------------------

    /// The contract's tariff for a line, and its unit.
    pub(super) fn contract(&self, r: &Regel) -> Option<Tarief> {
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

    pub(super) fn tarieven(&mut self) {
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
    pub(super) fn is_of_other_perceel(&self, r: &Regel, tarief: i128) -> bool {
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

    pub(super) fn bedragen(&mut self) {
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
    pub(super) fn key_of_toewijzing(&self, key: &(String, String), t: &Versie) -> Option<String> {
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
    pub(super) fn crisis_in_chains(&mut self) {
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

    pub(super) fn crisis_in_chain(&mut self, keys: Vec<(String, String)>, most: i128) {
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
    pub(super) fn deeltijdpleegzorg_in_pauzes(&mut self) {
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

    pub(super) fn omzetten(&mut self) {
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
