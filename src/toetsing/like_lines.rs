//! Lines that are alike, put together: a verdict on one of them may be that of all.

use super::controle::Controle;
use super::lijn::Lijn;
use super::product_masks::Productmaskers;
use super::rule::{Regel, Toets};
use super::uitkomst::Uitkomsten;
use crate::dossier::RegelNr;
use crate::regelset::Regelinstelling;

/// Lines that count in the audited year, with what is looked at once for all rules; like ones stand
/// together.
pub(super) struct Lijnen<'a> {
    lijnen: Vec<Lijn<'a>>,
    /// Of each of these which choosy rules are about its product.
    maskers: Vec<u64>,
    /// Where each run of like lines ends.
    gelijk_tot: Vec<usize>,
}

impl<'a> Lijnen<'a> {
    /// The lines stand by toewijzing: among so many are like ones looked for.
    const SOORTEN: usize = 8;

    pub(super) fn nieuw(
        c: &'a Controle<'a>,
        nummers: &[RegelNr],
        gaat_over: &Productmaskers,
    ) -> Lijnen<'a> {
        let mut uit = Lijnen {
            lijnen: Vec::with_capacity(nummers.len()),
            maskers: Vec::with_capacity(nummers.len()),
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
            if van_eerste.is_gelijk(&lijn) {
                uit.lijnen.push(lijn);
                continue;
            }
            let is_soort = |soort: &Vec<Lijn<'_>>| soort[0].is_gelijk(&lijn);
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
        let masker = |l: &Lijn<'_>| gaat_over.per_product[l.regel.product.0 as usize];
        uit.maskers.extend(uit.lijnen.iter().map(masker));
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

    /// A rule about single lines over all of these. `bit` is the rule's own in the masks.
    pub(super) fn toets(
        &self,
        regel: &Regel,
        instelling: &Regelinstelling,
        bit: u64,
        uit: &mut Uitkomsten,
    ) {
        if self.lijnen.is_empty() {
            return;
        }
        match regel.toets {
            Toets::Gelijk(toets) if self.is_vast(instelling) => {
                for soort in self.soorten() {
                    uit.oordeel_over(soort, |l| toets(l, instelling));
                }
            }
            Toets::GelijkOfElk(samen, elk) if self.is_vast(instelling) => {
                for soort in self.soorten() {
                    match samen(&soort[0], instelling) {
                        Some(oordeel) => uit.oordeel_keer(oordeel, soort.len() as u64),
                        None => soort.iter().for_each(|l| uit.oordeel(elk(l, instelling))),
                    }
                }
            }
            Toets::Regel(toets)
            | Toets::OokOmgekeerd(toets)
            | Toets::Gelijk(toets)
            | Toets::GelijkOfElk(_, toets) => {
                self.lijnen.iter().for_each(|l| uit.oordeel(toets(l, instelling)));
            }
            Toets::Eigen(controle) => {
                self.lijnen.iter().for_each(|l| uit.oordeel(controle.toets(l, instelling)));
            }
            Toets::Product(_, toets) => {
                for (lijn, masker) in self.lijnen.iter().zip(&self.maskers) {
                    if masker & bit != 0 {
                        uit.oordeel(toets(lijn, instelling));
                    }
                }
            }
            _ => {}
        }
    }

    /// Does nothing change in the audited year that a rule may look up for the day of a line?
    fn is_vast(&self, instelling: &Regelinstelling) -> bool {
        self.lijnen.first().is_some_and(|l| l.controle.is_vast(instelling))
    }
}
