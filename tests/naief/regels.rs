//! The money rules of the specification (§2.0–2.3, §3.3–3.5) once more, as literally as it can be
//! done: plain loops, every day of a period looked at by itself, fractions of whole numbers.
//!
//! Nothing here may come from the crate that is tested.

use super::dossier::{Dossier, Regel, Tarief, Versie};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What a rule says of one line or one aanbieder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bevinding {
    pub regel: String,
    /// `bestand:regelnummer`, or the aanbieder.
    pub waarover: String,
    pub ernst: &'static str,
    pub bedrag: Option<i128>,
}

/// No-shows of one jeugdige at one aanbieder in a year (ID 8.5.1(4)).
const NO_SHOWS: i128 = 2;
/// From this many years a toewijzing is duurzaam (RTP eis 71).
const DUURZAAM_JAREN: i32 = 2;

/// Half up to whole cents; both numbers not negative.
fn afgerond(teller: i128, noemer: i128) -> i128 {
    (2 * teller + noemer) / (2 * noemer)
}

fn dagen(begin: NaiveDate, eind: NaiveDate) -> Vec<NaiveDate> {
    let mut uit = Vec::new();
    let mut dag = begin;
    while dag <= eind {
        uit.push(dag);
        dag = dag + Days::new(1);
    }
    uit
}

fn weken(dagen: &[NaiveDate]) -> i128 {
    let verschillend: BTreeSet<_> =
        dagen.iter().map(|d| (d.iso_week().year(), d.iso_week().week())).collect();
    verschillend.len() as i128
}

fn maanden(dagen: &[NaiveDate]) -> i128 {
    let verschillend: BTreeSet<_> = dagen.iter().map(|d| (d.year(), d.month())).collect();
    verschillend.len() as i128
}

/// The same day so many years later; 29 February becomes 1 March in common years.
fn jaren_later(dag: NaiveDate, jaren: i32) -> NaiveDate {
    let jaar = dag.year() + jaren;
    NaiveDate::from_ymd_opt(jaar, dag.month(), dag.day())
        .unwrap_or_else(|| NaiveDate::from_ymd_opt(jaar, 3, 1).unwrap())
}

/// The order of lines in a group.
fn volgorde(a: &Regel, b: &Regel) -> Ordering {
    let laatst = |d: Option<NaiveDate>| d.unwrap_or(NaiveDate::MAX);
    (a.begindatum, laatst(a.ontvangstdatum), a.referentie.as_bytes(), &a.aanbieder, a.einddatum)
        .cmp(&(
            b.begindatum,
            laatst(b.ontvangstdatum),
            b.referentie.as_bytes(),
            &b.aanbieder,
            b.einddatum,
        ))
        .then_with(|| (&a.categorie, &a.code, a.bedrag).cmp(&(&b.categorie, &b.code, b.bedrag)))
        .then_with(|| (&a.declaratie, &a.vorige).cmp(&(&b.declaratie, &b.vorige)))
        .then_with(|| {
            (&a.gemeente, &a.bsn, &a.toewijzing).cmp(&(&b.gemeente, &b.bsn, &b.toewijzing))
        })
        .then_with(|| (a.volume, &a.eenheid, a.tarief).cmp(&(b.volume, &b.eenheid, b.tarief)))
        .then_with(|| (a.credit, a.no_show).cmp(&(b.credit, b.no_show)))
        .then_with(|| a.no_show_minuten.cmp(&b.no_show_minuten))
        .then_with(|| (&a.functie, &a.hulpverlener).cmp(&(&b.functie, &b.hulpverlener)))
        .then_with(|| (&a.bestand, a.regelnummer).cmp(&(&b.bestand, b.regelnummer)))
}

fn minuten_per(eenheid: &str) -> Option<i128> {
    match eenheid {
        "01" => Some(1),
        "04" => Some(60),
        "16" => Some(240),
        _ => None,
    }
}

struct Toets<'a> {
    dossier: &'a Dossier,
    /// Lines in the order of the specification, as the files' columns show them.
    regels: Vec<Regel>,
    levend: Vec<bool>,
    gevonden: Vec<Bevinding>,
}

/// All findings of the rules that are written here, sorted.
pub fn bevindingen(dossier: &Dossier) -> Vec<Bevinding> {
    let mut regels: Vec<Regel> = dossier.leesbare_regels();
    regels.sort_by(volgorde);
    let levend = vec![true; regels.len()];
    let mut toets = Toets { dossier, regels, levend, gevonden: Vec::new() };
    toets.crediteringen();
    toets.dubbele_referenties();
    toets.dubbele_leveringen();
    toets.no_shows();
    toets.budgetten();
    toets.te_veel_in_periode();
    toets.te_veel_in_totaal();
    toets.tarieven();
    toets.bedragen();
    toets.omzetten();
    toets.gevonden.sort();
    toets.gevonden
}

impl Toets<'_> {
    fn vind(&mut self, regel: &str, i: usize, ernst: &'static str, bedrag: Option<i128>) {
        let r = &self.regels[i];
        if r.einddatum.year() != self.dossier.leverjaar {
            return;
        }
        self.gevonden.push(Bevinding {
            regel: regel.to_owned(),
            waarover: format!("{}:{}", r.bestand, r.regelnummer),
            ernst,
            bedrag,
        });
    }

    /// Live and not reversed, in order.
    fn meetellend(&self) -> Vec<usize> {
        (0..self.regels.len())
            .filter(|&i| self.levend[i] && self.regels[i].begindatum <= self.regels[i].einddatum)
            .collect()
    }

    fn meetellend_in_leverjaar(&self) -> Vec<usize> {
        let mut uit = self.meetellend();
        uit.retain(|&i| self.regels[i].einddatum.year() == self.dossier.leverjaar);
        uit
    }

    // --- §2.0 live lines, JW02, JW03 -----------------------------------------------------------

    fn crediteringen(&mut self) {
        let mut teruggenomen = BTreeSet::new();
        for c in 0..self.regels.len() {
            if !self.regels[c].credit {
                continue;
            }
            self.levend[c] = false;
            if !self.dossier.kolommen_van(&self.regels[c]).vorige {
                continue;
            }
            let credit = self.regels[c].clone();
            let past: Vec<usize> = (0..self.regels.len())
                .filter(|&d| {
                    let debet = &self.regels[d];
                    !debet.credit
                        && debet.aanbieder == credit.aanbieder
                        && debet.referentie == credit.vorige
                        && debet.bsn == credit.bsn
                        && debet.toewijzing == credit.toewijzing
                        && debet.code == credit.code
                        && debet.bedrag == credit.bedrag
                })
                .collect();
            let vrij: Vec<usize> =
                past.iter().copied().filter(|d| !teruggenomen.contains(d)).collect();
            let gelijk = vrij.iter().copied().find(|&d| {
                let debet = &self.regels[d];
                debet.begindatum == credit.begindatum
                    && debet.einddatum == credit.einddatum
                    && debet.volume == credit.volume
            });
            if past.is_empty() {
                self.vind("JW02", c, "fout", Some(credit.bedrag));
            } else if let Some(d) = gelijk.or(vrij.first().copied()) {
                teruggenomen.insert(d);
                self.levend[d] = false;
            } else {
                self.vind("JW03", c, "fout", Some(credit.bedrag));
            }
        }
    }

    // --- JW01, JW04 ----------------------------------------------------------------------------

    fn dubbele_referenties(&mut self) {
        for i in 0..self.regels.len() {
            let r = self.regels[i].clone();
            let eerder = (0..i).any(|j| {
                self.regels[j].aanbieder == r.aanbieder && self.regels[j].referentie == r.referentie
            });
            if eerder {
                self.vind("JW01", i, "fout", Some(r.bedrag));
            }
        }
    }

    fn dubbele_leveringen(&mut self) {
        let contact = self.dossier.contact;
        let mut eerder: Vec<Regel> = Vec::new();
        for i in self.meetellend() {
            let r = self.regels[i].clone();
            let kolommen = self.dossier.kolommen_van(&r);
            if r.toewijzing.is_empty() || contact && !(kolommen.functie && kolommen.hulpverlener) {
                continue;
            }
            let zelfde = |a: &Regel| {
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
            if eerder.iter().any(zelfde) {
                self.vind("JW04", i, "fout", Some(r.bedrag));
            }
            eerder.push(r);
        }
    }

    // --- NS01 ----------------------------------------------------------------------------------

    fn no_shows(&mut self) {
        let mut som: BTreeMap<(String, String), i128> = BTreeMap::new();
        for i in self.meetellend_in_leverjaar() {
            let r = self.regels[i].clone();
            let onderdeel = self.dossier.product(&r).map(|p| p.onderdeel);
            if !matches!(onderdeel.as_deref(), Some("ambulant" | "ed"))
                || !self.dossier.kolommen_van(&r).no_show
            {
                continue;
            }
            let som = som.entry((r.bsn.clone(), r.aanbieder.clone())).or_default();
            *som += r.no_show;
            let boven = r.no_show.min(*som - NO_SHOWS);
            if boven <= 0 {
                continue;
            }
            if self.dossier.contact {
                let bedrag = afgerond(r.bedrag * boven, r.no_show);
                self.vind("NS01", i, "fout", Some(bedrag));
                continue;
            }
            let Some(no_show_minuten) = r.no_show_minuten else {
                self.vind("NS01", i, "fout", None);
                continue;
            };
            let Some(per) = minuten_per(&r.eenheid) else { continue };
            if r.volume == 0 {
                continue;
            }
            // Volumes are in hundredths.
            let deel =
                afgerond(r.bedrag * no_show_minuten * boven * 100, r.no_show * r.volume * per);
            self.vind("NS01", i, "fout", Some(deel.min(r.bedrag)));
        }
    }

    // --- Toewijzingen --------------------------------------------------------------------------

    /// The toewijzing that a line is on: its gemeente and its number.
    fn toewijzing_van(&self, r: &Regel) -> Option<(String, String)> {
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
        let [enige] = gemeenten.into_iter().collect::<Vec<_>>()[..] else { return None };
        Some((enige.clone(), r.toewijzing.clone()))
    }

    /// The version in force of a toewijzing.
    fn geldend(&self, (gemeente, nummer): &(String, String)) -> Versie {
        let mut beste: Option<&Versie> = None;
        for v in &self.dossier.versies {
            if v.gemeente == *gemeente
                && v.nummer == *nummer
                && beste.is_none_or(|b| nieuwer(v, b) == Ordering::Greater)
            {
                beste = Some(v);
            }
        }
        beste.unwrap().clone()
    }

    fn toewijzingen(&self) -> BTreeSet<(String, String)> {
        self.dossier.versies.iter().map(|v| (v.gemeente.clone(), v.nummer.clone())).collect()
    }

    /// Lines that count on a toewijzing, over all years, in order.
    fn regels_op(&self, sleutel: &(String, String)) -> Vec<usize> {
        let mut uit = self.meetellend();
        uit.retain(|&i| self.toewijzing_van(&self.regels[i]).as_ref() == Some(sleutel));
        uit
    }

    // --- BU01 ----------------------------------------------------------------------------------

    fn budgetten(&mut self) {
        for sleutel in self.toewijzingen() {
            let t = self.geldend(&sleutel);
            let Some(budget) = t.budget else { continue };
            let mut som_herstel = 0;
            let mut som_per_jaar: BTreeMap<i32, i128> = BTreeMap::new();
            for i in self.regels_op(&sleutel) {
                let r = self.regels[i].clone();
                let mut jaar = 0;
                while jaren_later(t.ingangsdatum, jaar + 1) <= r.begindatum {
                    jaar += 1;
                }
                som_herstel += r.bedrag;
                let som_duurzaam = som_per_jaar.entry(jaar).or_default();
                *som_duurzaam += r.bedrag;
                let herstel = r.bedrag.min(som_herstel - budget).max(0);
                let duurzaam = r.bedrag.min(*som_duurzaam - budget).max(0);
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
                    self.vind("BU01", i, "fout", Some(hard));
                }
                if zacht > 0 {
                    self.vind("BU01", i, "onzekerheid", Some(zacht));
                }
            }
        }
    }

    // --- TW11, TW12 ----------------------------------------------------------------------------

    fn te_veel_in_periode(&mut self) {
        for i in self.meetellend_in_leverjaar() {
            let r = self.regels[i].clone();
            let Some(sleutel) = self.toewijzing_van(&r) else { continue };
            let t = self.geldend(&sleutel);
            let Some(volume) = in_eenheid_van_de_toewijzing(&t, &r) else { continue };
            let Some(maximum) = maximum_in_periode(&t, r.begindatum, r.einddatum) else {
                continue;
            };
            if volume > maximum {
                let bedrag = afgerond(r.bedrag * (volume - maximum), volume);
                self.vind("TW11", i, "fout", Some(bedrag));
            }
        }
    }

    fn te_veel_in_totaal(&mut self) {
        for sleutel in self.toewijzingen() {
            let t = self.geldend(&sleutel);
            let Some(maximum) = maximum_in_totaal(&t) else { continue };
            let mut som = 0;
            for i in self.regels_op(&sleutel) {
                let r = self.regels[i].clone();
                let Some(volume) = in_eenheid_van_de_toewijzing(&t, &r) else { continue };
                som += volume;
                if som > maximum {
                    let bedrag = afgerond(r.bedrag * volume.min(som - maximum), volume);
                    self.vind("TW12", i, "fout", Some(bedrag));
                }
            }
        }
    }

    // --- TF01, TF02 ----------------------------------------------------------------------------

    /// The contract's tariff for a line, and its unit.
    fn contract(&self, r: &Regel) -> Option<Tarief> {
        let sleutel = self.dossier.product(r)?.tariefsleutel;
        let jaar = self.dossier.leverjaar;
        let hier = |t: &Tarief| !sleutel.is_empty() && t.jaar == jaar && t.sleutel == sleutel;
        let eigen: Vec<Tarief> =
            self.dossier.tarieven.iter().filter(|t| hier(t)).cloned().collect();
        let rijen = if eigen.is_empty() {
            self.dossier.contracttarieven().into_iter().filter(hier).collect()
        } else {
            eigen
        };
        let perceel = self.dossier.perceel(&r.aanbieder);
        rijen
            .iter()
            .find(|t| t.aanbieder == r.aanbieder)
            .or_else(|| {
                rijen
                    .iter()
                    .find(|t| t.aanbieder.is_empty() && !perceel.is_empty() && t.perceel == perceel)
            })
            .or_else(|| rijen.iter().find(|t| t.aanbieder.is_empty() && t.perceel.is_empty()))
            .cloned()
    }

    fn tarieven(&mut self) {
        for i in self.meetellend_in_leverjaar() {
            let r = self.regels[i].clone();
            let (Some(tarief), Some(contract)) = (r.tarief, self.contract(&r)) else { continue };
            let verwacht = match (contract.eenheid.as_str(), r.eenheid.as_str()) {
                (van, naar) if van == naar => contract.bedrag,
                ("04", "01") => afgerond(contract.bedrag, 60),
                ("01", "04") => contract.bedrag * 60,
                _ => continue,
            };
            if tarief > verwacht {
                let bedrag = afgerond((tarief - verwacht) * r.volume, 100);
                self.vind("TF01", i, "fout", Some(bedrag.min(r.bedrag)));
            } else if tarief < verwacht {
                self.vind("TF01", i, "signaal", Some(0));
            }
        }
    }

    fn bedragen(&mut self) {
        for i in self.meetellend_in_leverjaar() {
            let r = self.regels[i].clone();
            let contract = self.contract(&r).filter(|c| c.eenheid == "04" && r.eenheid == "01");
            let verwacht = if r.eenheid == "83" {
                r.volume / 100
            } else if let Some(per_uur) = contract {
                afgerond(per_uur.bedrag * r.volume, 60 * 100)
            } else if let Some(tarief) = r.tarief {
                afgerond(tarief * r.volume, 100)
            } else {
                continue;
            };
            match r.bedrag.cmp(&verwacht) {
                Ordering::Greater => self.vind("TF02", i, "fout", Some(r.bedrag - verwacht)),
                Ordering::Less => self.vind("TF02", i, "signaal", Some(0)),
                Ordering::Equal => {}
            }
        }
    }

    // --- OM01 ----------------------------------------------------------------------------------

    fn omzetten(&mut self) {
        let jaar = self.dossier.leverjaar;
        let mut nu: BTreeMap<String, i128> = BTreeMap::new();
        let mut toen: BTreeMap<String, i128> = BTreeMap::new();
        for i in self.meetellend() {
            let r = &self.regels[i];
            if r.einddatum.year() == jaar {
                *nu.entry(r.aanbieder.clone()).or_default() += r.bedrag;
            } else if r.einddatum.year() == jaar - 1 && self.dossier.omzet.is_none() {
                *toen.entry(r.aanbieder.clone()).or_default() += r.bedrag;
            }
        }
        for rij in self.dossier.omzet.iter().flatten().filter(|o| o.jaar == jaar - 1) {
            *toen.entry(rij.aanbieder.clone()).or_default() += rij.bedrag;
        }
        // 2.63% is named for 2023 only (ID 9.7, 10.3); margin 5% (ID eis 38).
        let indexatie = if jaar == 2023 { 263 } else { 0 };
        for (aanbieder, toen) in toen {
            let nu = nu.get(&aanbieder).copied().unwrap_or(0);
            let bedrag = if nu * 100 * 10_000 > toen * 105 * (10_000 + indexatie) {
                nu - toen
            } else if nu * 100 < toen * 95 {
                0
            } else {
                continue;
            };
            self.gevonden.push(Bevinding {
                regel: "OM01".to_owned(),
                waarover: aanbieder,
                ernst: "signaal",
                bedrag: Some(bedrag),
            });
        }
    }
}

/// Is version `a` more in force than `b`?
fn nieuwer(a: &Versie, b: &Versie) -> Ordering {
    let laatst = |d: Option<NaiveDate>| d.unwrap_or(NaiveDate::MAX);
    (a.toewijzingsdatum, laatst(a.einddatum), a.budget)
        .cmp(&(b.toewijzingsdatum, laatst(b.einddatum), b.budget))
        .then_with(|| a.overige_cellen().cmp(&b.overige_cellen()))
}

/// A line's volume as its toewijzing counts, in hundredths of a minute where hours are minutes;
/// nothing where the unit doesn't fit or the volume is 0.
fn in_eenheid_van_de_toewijzing(t: &Versie, r: &Regel) -> Option<i128> {
    if r.volume == 0 {
        return None;
    }
    match (t.eenheid.as_str(), r.eenheid.as_str()) {
        ("04", "01") => Some(r.volume),
        ("04", "04") => Some(r.volume * 60),
        (van, naar) if !van.is_empty() && van == naar => Some(r.volume),
        _ => None,
    }
}

fn volume_van(t: &Versie) -> Option<i128> {
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

fn maximum_in_periode(t: &Versie, begin: NaiveDate, eind: NaiveDate) -> Option<i128> {
    let volume = volume_van(t)?;
    let in_termijn =
        |d: &NaiveDate| *d >= t.ingangsdatum && t.einddatum.is_none_or(|einde| *d <= einde);
    let p: Vec<NaiveDate> = dagen(begin, eind).into_iter().filter(in_termijn).collect();
    let keer = match t.frequentie.as_str() {
        "1" => p.len() as i128,
        "2" if is_output(t) => zondagen_met_rest(t, &p),
        "2" => weken(&p),
        "4" => maanden(&p),
        "6" => 1,
        _ => return None,
    };
    Some(if p.is_empty() { 0 } else { keer * volume })
}

/// Sundays in these days of the term, and one more where its last Sunday is among them and the
/// term goes on after it.
fn zondagen_met_rest(t: &Versie, p: &[NaiveDate]) -> i128 {
    let Some(einde) = t.einddatum else { return zondagen(p) };
    let termijn = dagen(t.ingangsdatum, einde);
    let Some(laatste) = termijn.iter().rev().find(|d| d.weekday() == Weekday::Sun) else {
        return 1;
    };
    let rest = p.contains(laatste) && einde.weekday() != Weekday::Sun;
    zondagen(p) + i128::from(rest)
}

fn maximum_in_totaal(t: &Versie) -> Option<i128> {
    let volume = volume_van(t)?;
    if t.frequentie == "6" {
        return Some(volume);
    }
    let termijn = dagen(t.ingangsdatum, t.einddatum?);
    let keer = match t.frequentie.as_str() {
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
    Some(keer * volume)
}
