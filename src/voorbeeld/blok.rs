//! A block of the dossier: jeugdigen with their toewijzingen and lines, from the plan and a stream of
//! chance of its own. What a block holds depends on nothing but the plan and its number.

use super::afwijking::{Afwijking, Geplant};
use super::jeugdige::Jeugdige;
use super::plan::{EERSTE_TOEWIJZING, JEUGDIGEN_PER_BLOK, Plan, TOEWIJZINGEN};
use super::traject::{Functie, Hulp, Melding, Regel, Soort, Traject, VAN_GEMEENTE};
use crate::dossier::{Budgetsoort, Dag, Onderdeel, Periode, RedenBeeindiging};
use crate::ground::random::{Stroom, Worp};
use std::collections::VecDeque;

pub struct Blok {
    pub trajecten: Vec<Traject>,
    pub geplant: Vec<Geplant>,
}

impl Blok {
    pub fn maak(plan: &Plan, nummer: u64) -> Blok {
        let mut worp = Worp::nieuw(plan.zaad, Stroom::Blok, nummer);
        let mut wachtrij: VecDeque<Afwijking> = Afwijking::ALLE.into();
        wachtrij.rotate_left(worp.onder(Afwijking::ALLE.len() as u64) as usize);
        let mut maker = Maker {
            plan,
            worp,
            blok: Blok { trajecten: Vec::new(), geplant: Vec::new() },
            wachtrij,
            tegoed: 0,
            rest: plan.regels_van_blok(nummer) as usize,
        };
        let eerste = nummer * JEUGDIGEN_PER_BLOK;
        for volgnummer in 0.. {
            if maker.rest == 0 {
                break;
            }
            let plaats = eerste + volgnummer % JEUGDIGEN_PER_BLOK;
            let ronde = plaats / plan.bsns.len() as u64 + volgnummer / JEUGDIGEN_PER_BLOK * 1_000;
            // Room for a second and a third round of the block's jeugdigen, which it never needs.
            let nummer = (plaats * RONDES + volgnummer / JEUGDIGEN_PER_BLOK) * TOEWIJZINGEN;
            maker.jeugdige(plaats as usize % plan.bsns.len(), ronde, EERSTE_TOEWIJZING + nummer);
        }
        maker.blok
    }
}

struct Maker<'p> {
    plan: &'p Plan,
    worp: Worp,
    blok: Blok,
    /// Kinds of exception, the one that was planted longest ago first.
    wachtrij: VecDeque<Afwijking>,
    /// Exceptions still to plant, in 100,000ths.
    tegoed: i64,
    /// Lines still to make.
    rest: usize,
}

/// Rounds that a block may go through its jeugdigen.
const RONDES: u64 = 4;
/// Lines that an exception may add to a toewijzing.
const ERBIJ: usize = 3;
const HEEL: i64 = 100_000;

impl Maker<'_> {
    fn jeugdige(&mut self, bsn: usize, ronde: u64, nummer: u64) {
        let max = self.plan.contract.grenzen.no_shows;
        let no_shows_over = if ronde == 0 { max } else { 0 };
        let mut jeugdige = Jeugdige { bsn, ronde, no_shows_over };
        let Some(hulp) = self.hulp(&jeugdige) else { return };
        let deelt = jeugdige.deelt();
        let eerste = self.traject(&mut jeugdige, nummer, hulp, deelt);
        let Some(aanbieder) = eerste else { return };
        let nog_een = !jeugdige.deelt() && hulp != Hulp::Verblijf && self.worp.kans(20);
        if nog_een && self.rest > 0 {
            let anders = self.plan.van_onderdeel(Onderdeel::Ambulant).trek(&mut self.worp);
            if anders.is_some_and(|a| a != aanbieder) {
                self.traject(&mut jeugdige, nummer + 1, Hulp::Ambulant, true);
            }
        }
    }

    fn hulp(&mut self, jeugdige: &Jeugdige) -> Option<Hulp> {
        let lot = self.worp.onder(100);
        if self.past_dyslexie(jeugdige) && self.worp.kans(25) {
            return Some(Hulp::Dyslexie);
        }
        let hulp = match lot {
            0..15 if !jeugdige.deelt() => Hulp::Groep,
            0..10 => Hulp::Groep,
            15..25 if !jeugdige.deelt() => Hulp::Verblijf,
            25..27 => Hulp::Voorziening,
            27..33 => Hulp::Gemengd,
            _ => Hulp::Ambulant,
        };
        let kan = |o| !self.plan.van_onderdeel(o).alle().is_empty();
        Some(if hulp == Hulp::Voorziening && !kan(Onderdeel::Voorziening) {
            Hulp::Ambulant
        } else {
            hulp
        })
    }

    /// The right age in the whole of the year and the one before it, and an aanbieder that no other
    /// child of this Bsn goes to for this.
    fn past_dyslexie(&self, jeugdige: &Jeugdige) -> bool {
        let (vanaf, tot) = self.plan.contract.grenzen.dyslexie_leeftijd;
        let geboren = self.plan.geboren(jeugdige.bsn);
        let aanbieders = self.plan.van_onderdeel(Onderdeel::Ed).alle().len() as u64;
        geboren.is_minstens(vanaf, self.plan.eerste_dag.plus_jaren(-1))
            && !geboren.is_minstens(tot, self.plan.laatste_dag)
            && jeugdige.ronde < aanbieders
    }

    /// Makes a toewijzing with its lines; `samen` when the child, or its Bsn, has others.
    fn traject(
        &mut self,
        jeugdige: &mut Jeugdige,
        nummer: u64,
        hulp: Hulp,
        samen: bool,
    ) -> Option<u32> {
        let no_shows_over = jeugdige.no_shows_over;
        let mut t = self.toewijzing(jeugdige, nummer, hulp, samen)?;
        self.declareer(&mut t, jeugdige);
        if t.regels.is_empty() {
            return None;
        }
        t.ken_toe(self.plan);
        let aanbieder = t.aanbieder;
        if t.regels.len() + ERBIJ <= self.rest {
            self.tegoed += t.regels.len() as i64 * self.plan.fouten as i64;
            if self.tegoed >= HEEL {
                self.plant(&mut t, jeugdige, no_shows_over);
            }
        } else {
            self.kort_in(&mut t);
        }
        self.rest -= t.regels.len();
        self.blok.trajecten.push(t);
        Some(aanbieder)
    }

    /// Leaves out what doesn't fit in the block.
    fn kort_in(&mut self, t: &mut Traject) {
        t.regels.truncate(self.rest);
        if let Some(laatste) = t.regels.last_mut() {
            // Its credit line is gone.
            laatste.teruggenomen = false;
        }
        t.ken_toe(self.plan);
    }

    fn plant(&mut self, t: &mut Traject, jeugdige: &mut Jeugdige, no_shows_voor: u32) {
        for plaats in 0..self.wachtrij.len() {
            let afwijking = self.wachtrij[plaats];
            let geplant = afwijking.plant(self.plan, &mut self.worp, t, jeugdige, no_shows_voor);
            if geplant.is_empty() {
                continue;
            }
            self.tegoed -= geplant.len() as i64 * HEEL;
            self.blok.geplant.extend(geplant);
            self.wachtrij.remove(plaats);
            self.wachtrij.push_back(afwijking);
            return;
        }
    }

    fn toewijzing(
        &mut self,
        jeugdige: &Jeugdige,
        nummer: u64,
        hulp: Hulp,
        samen: bool,
    ) -> Option<Traject> {
        let (plan, worp) = (self.plan, &mut self.worp);
        let onderdeel = match hulp {
            Hulp::Ambulant | Hulp::Gemengd => Onderdeel::Ambulant,
            Hulp::Groep => Onderdeel::Groepsaanbod,
            Hulp::Verblijf => Onderdeel::Verblijf,
            Hulp::Dyslexie => Onderdeel::Ed,
            Hulp::Voorziening => Onderdeel::Voorziening,
        };
        let loterij = plan.van_onderdeel(onderdeel);
        let aanbieder = if hulp == Hulp::Dyslexie {
            // Another one for each child of one Bsn: what is counted for both stays lawful.
            let alle = loterij.alle();
            alle[(jeugdige.bsn as u64 + jeugdige.ronde) as usize % alle.len()]
        } else {
            loterij.trek(worp)?
        };
        let gemeente = match hulp {
            Hulp::Verblijf => plan.alle_plaatsen.trek(worp)?,
            _ => plan.plaatsen.trek(worp)?,
        };
        let duurzaam = hulp == Hulp::Ambulant && worp.kans(20);
        let (ingang, einde) = termijn(plan, worp, hulp, duurzaam);
        let product = self.kies_product(aanbieder, onderdeel, duurzaam, samen)?;
        let worp = &mut self.worp;
        let soort = match (hulp, worp.onder(10)) {
            (Hulp::Gemengd, _) => Soort::Generiek,
            (Hulp::Ambulant, 0..4) => Soort::Aspecifiek,
            _ => Soort::Specifiek,
        };
        Some(Traject {
            nummer,
            gemeente,
            aanbieder,
            bsn: plan.bsns[jeugdige.bsn],
            geboren: plan.geboren(jeugdige.bsn),
            hulp,
            soort,
            product,
            ingang,
            einde,
            toewijzingsdatum: ingang.plus_dagen(-worp.tussen(0, 20)),
            versies: match worp.onder(100) {
                0..84 => 1,
                84..96 => 2,
                _ => 3,
            },
            verwijderd: false,
            per_week: worp.kans(40),
            omvang: None,
            budget: None,
            budgetsoort: if duurzaam { Budgetsoort::Duurzaam } else { Budgetsoort::Herstel },
            verwijzer: match (hulp, worp.onder(10)) {
                (Hulp::Dyslexie, _) | (_, 0..5) => VAN_GEMEENTE,
                (Hulp::Verblijf, _) | (_, 5) => 4,
                (_, 6..9) => 2,
                _ => 3,
            },
            toestemming: samen,
            regels: Vec::new(),
            meldingen: Vec::new(),
        })
    }

    fn kies_product(
        &mut self,
        aanbieder: u32,
        onderdeel: Onderdeel,
        duurzaam: bool,
        samen: bool,
    ) -> Option<u16> {
        let (contract, a) = (&self.plan.contract, &self.plan.aanbieders[aanbieder as usize]);
        let per_product = matches!(
            onderdeel,
            Onderdeel::Groepsaanbod | Onderdeel::Verblijf | Onderdeel::Voorziening
        );
        let mag = |p: &usize| {
            let product = &contract.producten[*p];
            (!per_product || a.producten.contains(p))
                && product.tarief(a.perceel).is_some()
                && !(duurzaam && contract.grenzen.niet_duurzaam.contains(&product.sleutel))
                && !(samen && product.alleen_kdc)
        };
        let mag: Vec<usize> = contract.van_onderdeel(onderdeel).filter(mag).collect();
        // The lower tariff groups are the larger ones.
        let grens = mag.len() as u64;
        if grens == 0 {
            return None;
        }
        let plaats = self.worp.onder(grens).min(self.worp.onder(grens));
        Some(mag[plaats as usize] as u16)
    }

    /// The lines, month by month, and the starts and stops.
    fn declareer(&mut self, t: &mut Traject, jeugdige: &mut Jeugdige) {
        let plan = self.plan;
        let start = Melding {
            datum: t.ingang,
            verzonden: t.ingang.plus_dagen(self.worp.tussen(1, 4)),
            reden: None,
        };
        t.meldingen.push(start);
        let laatste = t.einde.map_or(plan.laatste_dag, |e| e.min(plan.laatste_dag));
        let pauze = t.hulp == Hulp::Groep && self.worp.kans(5);
        let mut maand = t.ingang.maandbegin();
        let mut nummer = 1;
        let mut minuten_over = self.dyslexie_over(t);
        while maand <= laatste {
            let (begin, eind) = (maand.max(t.ingang), maand.maandeinde().min(laatste));
            maand = maand.maandeinde().plus_dagen(1);
            let Some(periode) = Periode::nieuw(begin, eind) else { continue };
            let heel = periode == Periode::maand_van(begin) && begin > t.ingang;
            if pauze && heel && t.meldingen.len() == 1 && t.einde.is_none_or(|e| e > eind) {
                t.pauzeer(periode);
                continue;
            }
            let producten = self.producten_van_maand(t);
            for product in producten.into_iter().flatten() {
                let volume = self.volume(t, product, periode, &mut minuten_over);
                if volume > 0 && self.worp.kans(95) {
                    self.prestatie(t, jeugdige, product, periode, volume, &mut nummer);
                }
            }
            if t.hulp == Hulp::Voorziening && !t.regels.is_empty() {
                break;
            }
        }
        if let Some(einde) = t.einde.filter(|e| *e <= plan.laatste_dag) {
            let verzonden = einde.plus_dagen(self.worp.tussen(1, 4));
            let reden = Some(RedenBeeindiging(31));
            t.meldingen.push(Melding { datum: einde, verzonden, reden });
        }
    }

    fn dyslexie_over(&self, t: &Traject) -> i64 {
        let grenzen = &self.plan.contract.grenzen;
        if t.product(self.plan).sleutel == "ED_DIAGNOSTIEK" {
            grenzen.dyslexie_diagnostiek
        } else {
            grenzen.dyslexie_behandeling
        }
    }

    /// The products that are delivered in a month: the one of the toewijzing, or those that its
    /// budget leaves room for.
    fn producten_van_maand(&mut self, t: &Traject) -> [Option<u16>; 2] {
        let duurzaam = t.budgetsoort == Budgetsoort::Duurzaam;
        match t.soort {
            Soort::Specifiek => [Some(t.product), None],
            Soort::Aspecifiek if self.worp.kans(70) => [Some(t.product), None],
            Soort::Aspecifiek => {
                let een = self.kies_product(t.aanbieder, Onderdeel::Ambulant, duurzaam, true);
                let twee = Some(t.product).filter(|p| Some(*p) != een && self.worp.kans(50));
                [een, twee]
            }
            Soort::Generiek => {
                let groep = self.kies_product(t.aanbieder, Onderdeel::Groepsaanbod, true, true);
                let ambulant = || self.plan.contract.van_onderdeel(Onderdeel::Ambulant);
                let groep =
                    groep.or_else(|| ambulant().map(|p| p as u16).find(|p| *p != t.product));
                [Some(t.product), groep.filter(|_| self.worp.kans(60))]
            }
        }
    }

    fn volume(&mut self, t: &Traject, product: u16, periode: Periode, over: &mut i64) -> i64 {
        let product = &self.plan.contract.producten[product as usize];
        let worp = &mut self.worp;
        match product.onderdeel {
            // Mostly little, now and then much.
            Onderdeel::Ambulant => 14 + worp.tussen(1, 24) * worp.tussen(1, 24),
            Onderdeel::Ed => {
                let minuten = worp.tussen(45, 320).min(*over);
                *over -= minuten;
                minuten
            }
            Onderdeel::Groepsaanbod => {
                let hoogstens = if t.toestemming { 16 } else { 40 };
                worp.tussen(4, hoogstens).min(4 * periode.weekdagen())
            }
            Onderdeel::Verblijf if product.deeltijd => {
                let per_week = self.plan.contract.grenzen.deeltijd_per_week;
                worp.tussen(2, 8).min(periode.dagen()).min(per_week * periode.iso_weken())
            }
            Onderdeel::Verblijf if worp.kans(80) => periode.dagen(),
            Onderdeel::Verblijf => (periode.dagen() - worp.tussen(1, 6)).max(1),
            _ => 1,
        }
    }

    fn prestatie(
        &mut self,
        t: &mut Traject,
        jeugdige: &mut Jeugdige,
        product: u16,
        periode: Periode,
        volume: i64,
        nummer: &mut u16,
    ) {
        let (plan, worp) = (self.plan, &mut self.worp);
        let soort = &plan.contract.producten[product as usize];
        let perceel = plan.aanbieders[t.aanbieder as usize].perceel;
        let Some(tarief) = soort.tarief(perceel) else { return };
        let individueel = matches!(soort.onderdeel, Onderdeel::Ambulant | Onderdeel::Ed);
        let mut regel = Regel {
            volgnummer: *nummer,
            neemt_terug: None,
            gemeente: t.gemeente,
            aanbieder: t.aanbieder,
            bsn: t.bsn,
            toewijzing: t.nummer,
            product,
            andere_categorie: None,
            begin: periode.begin(),
            eind: periode.eind(),
            volume,
            eenheid: soort.eenheid,
            tarief,
            bedrag: volume * tarief,
            ontvangen: plan.ontvangen(t.aanbieder, periode.eind().maandeinde()),
            teruggenomen: false,
            no_shows: 0,
            no_show_minuten: 0,
            afspraak_minuten: 0,
            reisminuten: 0,
            gesprekken: 0,
            functie: Functie::Geen,
            hulpverlener: 1 + worp.onder(400) as u16,
        };
        if individueel {
            regel.gesprekken = 1 + (volume / 75) as u32;
            if worp.kans(50) {
                let meeste = plan.contract.grenzen.reisminuten * i64::from(regel.gesprekken);
                regel.reisminuten = worp.tussen(0, (volume / 3).min(meeste));
            }
            regel.functie = Functie::trek(plan, worp, product);
            let telt = periode.eind() >= plan.eerste_dag;
            if telt && jeugdige.no_shows_over > 0 && worp.kans(4) {
                jeugdige.no_shows_over -= 1;
                regel.met_no_shows(1, worp);
            }
        }
        *nummer += 1;
        if !worp.kans(3) {
            t.regels.push(regel);
            return;
        }
        // Put right a month later: taken back, and mostly declared again.
        let later = plan.gecorrigeerd(t.aanbieder, periode.eind().maandeinde());
        let credit = regel.credit(*nummer, later);
        *nummer += 1;
        let opnieuw = worp.kans(85).then(|| {
            let mut opnieuw = regel.clone();
            opnieuw.volgnummer = *nummer;
            opnieuw.ontvangen = later;
            opnieuw.volume = (volume - worp.tussen(1, 5)).max(1);
            opnieuw.reisminuten = opnieuw.reisminuten.min(opnieuw.volume);
            opnieuw.no_show_minuten = opnieuw.no_show_minuten.min(opnieuw.volume);
            opnieuw.bereken();
            *nummer += 1;
            opnieuw
        });
        regel.teruggenomen = true;
        t.regels.extend([regel, credit]);
        t.regels.extend(opnieuw);
    }
}

/// First and last day: some began last year, some end in this one.
fn termijn(plan: &Plan, worp: &mut Worp, hulp: Hulp, duurzaam: bool) -> (Dag, Option<Dag>) {
    let eerste = if worp.kans(25) { worp.tussen(-10, -1) } else { worp.tussen(0, 10) };
    let maanden = match hulp {
        Hulp::Voorziening => worp.tussen(2, 3),
        Hulp::Dyslexie => worp.tussen(8, 18),
        _ => worp.tussen(2, 18),
    };
    let maand = plan.eerste_dag.plus_maanden(eerste as i32);
    let ingang = if worp.kans(60) { maand } else { maand.plus_dagen(worp.tussen(1, 19)) };
    if duurzaam {
        let einde = ingang.plus_jaren(worp.tussen(2, 4) as i32);
        return (ingang, (!worp.kans(40)).then_some(einde));
    }
    let laatste = maand.plus_maanden(maanden as i32 - 1);
    let einde =
        if worp.kans(70) { laatste.maandeinde() } else { laatste.plus_dagen(worp.tussen(4, 24)) };
    (ingang, Some(einde))
}
