//! Live lines, what counts twice, and no-shows.

use super::{Check, NO_SHOWS, minuten_per, rounded};
use crate::naief::dossier::Regel;
use std::collections::{BTreeMap, BTreeSet};

impl Check<'_> {
    // --- §2.0 live lines, JW02, JW03 -----------------------------------------------------------

    pub(super) fn crediteringen(&mut self) {
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
    pub(super) fn credits_without_number(&mut self) {
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

    pub(super) fn double_referenties(&mut self) {
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

    pub(super) fn double_leveringen(&mut self) {
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

    pub(super) fn no_shows(&mut self) {
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
}
