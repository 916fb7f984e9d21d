//! Lines that are alike, put together: a verdict on one of them is that of all.

use super::controle::Controle;
use super::lijn::Lijn;
use super::rule::Check;
use super::running::RunningRule;
use super::uitkomst::{Oordeel, Uitkomsten};
use crate::dossier::{ProductNr, RegelNr};

/// Lines that count in the audited year, with what is looked at once for all rules; like ones stand
/// together.
pub(super) struct Lijnen<'a> {
    lijnen: Vec<Lijn<'a>>,
    /// Of each of these its product: many rules ask for it first.
    producten: Vec<ProductNr>,
    /// Where each run of like lines ends.
    gelijk_tot: Vec<usize>,
}

impl<'a> Lijnen<'a> {
    /// The lines stand by toewijzing: among so many are like ones looked for.
    const SOORTEN: usize = 8;

    pub(super) fn nieuw(c: &'a Controle<'a>, nummers: &[RegelNr]) -> Lijnen<'a> {
        let mut uit = Lijnen {
            lijnen: Vec::with_capacity(nummers.len()),
            producten: Vec::with_capacity(nummers.len()),
            gelijk_tot: Vec::new(),
        };
        // The first kind of a toewijzing goes straight to its place, the others after it.
        let mut andere: Vec<Vec<Lijn<'a>>> = vec![Vec::new(); Self::SOORTEN];
        let (mut eerste, mut in_gebruik) = (None::<Lijn<'a>>, 0);
        let alle = nummers.iter().map(|nr| c.lijn(*nr));
        for lijn in alle.filter(|l| c.in_leverjaar(l.regel)) {
            let Some(van_eerste) = &eerste else {
                eerste = Some(lijn);
                uit.lijnen.push(lijn);
                continue;
            };
            if van_eerste.is_like(&lijn) {
                uit.lijnen.push(lijn);
                continue;
            }
            let is_soort = |soort: &Vec<Lijn<'_>>| soort[0].is_like(&lijn);
            match andere[..in_gebruik].iter().position(is_soort) {
                Some(plek) => andere[plek].push(lijn),
                None if van_eerste.regel.toewijzing == lijn.regel.toewijzing
                    && in_gebruik < Self::SOORTEN =>
                {
                    andere[in_gebruik].push(lijn);
                    in_gebruik += 1;
                }
                None => {
                    uit.sluit(&mut andere[..in_gebruik]);
                    (eerste, in_gebruik) = (Some(lijn), 0);
                    uit.lijnen.push(lijn);
                }
            }
        }
        uit.sluit(&mut andere[..in_gebruik]);
        uit.producten.extend(uit.lijnen.iter().map(|l| l.regel.product));
        uit
    }

    /// Ends the run of like lines, and adds each of these.
    fn sluit(&mut self, andere: &mut [Vec<Lijn<'a>>]) {
        self.gelijk_tot.push(self.lijnen.len());
        for soort in andere {
            self.lijnen.append(soort);
            self.gelijk_tot.push(self.lijnen.len());
        }
    }

    /// The runs of like lines.
    fn soorten(&self) -> impl Iterator<Item = &[Lijn<'a>]> {
        let begin = std::iter::once(&0).chain(&self.gelijk_tot);
        begin.zip(&self.gelijk_tot).map(|(&van, &tot)| &self.lijnen[van..tot])
    }

    /// A rule about single lines over all of these.
    pub(super) fn toets(&self, rule: &RunningRule<'_>, uit: &mut Uitkomsten) {
        let Some(eerste) = self.lijnen.first() else { return };
        for check in rule.checks() {
            match check {
                Check::Line(toets) => self.toets_elk(rule, uit, |l| toets(l, rule.values)),
                Check::LineKind(toets) if eerste.controle.is_vast(rule.values) => {
                    for soort in self.soorten() {
                        let aantal = soort.len() as u64;
                        if rule.is_about(soort[0].regel.product, aantal, uit) {
                            uit.oordeel_over(soort, |l| toets(l, rule.values));
                        }
                    }
                }
                Check::LineKind(toets) => self.toets_elk(rule, uit, |l| toets(l, rule.values)),
                _ => {}
            }
        }
        if let Some(controle) = rule.own() {
            self.toets_elk(rule, uit, |l| controle.toets(l));
        }
    }

    fn toets_elk(
        &self,
        rule: &RunningRule<'_>,
        uit: &mut Uitkomsten,
        toets: impl Fn(&Lijn<'a>) -> Oordeel,
    ) {
        let Some(mask) = &rule.mask else {
            return self.lijnen.iter().for_each(|l| uit.oordeel(toets(l)));
        };
        for (lijn, product) in self.lijnen.iter().zip(&self.producten) {
            if mask.is_about(*product, 1, uit) {
                uit.oordeel(toets(lijn));
            }
        }
    }
}
