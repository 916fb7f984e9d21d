//! A block of the dossier: jeugdigen with their toewijzingen and lines, from the plan and a stream of
//! chance of its own. What a block holds depends on nothing but the plan and its number.

use super::afwijking::{Planted, PlantingQueue};
use super::contact::contacts;
use super::jeugdige::Jeugdige;
use super::plan::{FIRST_TOEWIJZING, JEUGDIGEN_PER_BLOCK, LARGEST, Plan, TOEWIJZINGEN, WHOLE};
use super::traject::{
    FunctieChoice, Hulp, OF_GEMEENTE, Prestatie, ProductScope, StartstopMelding, Traject,
};
use crate::dossier::{Budgetsoort, Dag, Niveau, Onderdeel, Periode, RedenBeeindiging};
use crate::ground::random::{SeededRng, StreamId};

pub(crate) struct BatchOfChildren {
    pub trajecten: Vec<Traject>,
    pub planted: Vec<Planted>,
}

impl BatchOfChildren {
    pub(crate) fn make(plan: &Plan, nummer: u64) -> BatchOfChildren {
        let mut rng = SeededRng::new(plan.seed, StreamId::Block, nummer);
        let queue = PlantingQueue::new(&mut rng);
        let mut maker = BlockMaker {
            plan,
            rng,
            block: BatchOfChildren { trajecten: Vec::new(), planted: Vec::new() },
            queue,
            largest_short: 0,
            rest: plan.lines_of_block(nummer) as usize,
        };
        let first = nummer * JEUGDIGEN_PER_BLOCK;
        for volgnummer in 0.. {
            if maker.rest == 0 {
                break;
            }
            let place = first + volgnummer % JEUGDIGEN_PER_BLOCK;
            let round = place / plan.bsns.len() as u64 + volgnummer / JEUGDIGEN_PER_BLOCK * 1_000;
            // Room for a second and a third round of the block's jeugdigen, which it never needs.
            let nummer = (place * ROUNDS + volgnummer / JEUGDIGEN_PER_BLOCK) * TOEWIJZINGEN;
            maker.jeugdige(place as usize % plan.bsns.len(), round, FIRST_TOEWIJZING + nummer);
        }
        maker.block
    }
}

struct BlockMaker<'p> {
    plan: &'p Plan,
    rng: SeededRng,
    block: BatchOfChildren,
    queue: PlantingQueue,
    /// Lines that the largest aanbieder still falls short of its share, in 100,000ths.
    largest_short: i64,
    /// Lines still to make.
    rest: usize,
}

/// Rounds that a block may go through its jeugdigen.
const ROUNDS: u64 = 4;
/// Lines that an exception may add to a toewijzing.
const ADDED: usize = 3;

impl BlockMaker<'_> {
    fn jeugdige(&mut self, bsn: usize, round: u64, nummer: u64) {
        let max = self.plan.contract.limits.no_shows;
        let no_shows_over = if round == 0 { max } else { 0 };
        let mut jeugdige = Jeugdige { bsn, round, no_shows_over };
        let Some(hulp) = self.hulp(&jeugdige) else { return };
        let shares_a_bsn = jeugdige.shares_a_bsn();
        let first = self.traject(&mut jeugdige, nummer, hulp, shares_a_bsn);
        let Some(aanbieder) = first else { return };
        let another =
            !jeugdige.shares_a_bsn() && hulp != Hulp::Verblijf && self.rng.probability(20);
        if another && self.rest > 0 {
            let otherwise = self.plan.of_onderdeel(Onderdeel::Ambulant).draw(&mut self.rng);
            if otherwise.is_some_and(|a| a != aanbieder) {
                self.traject(&mut jeugdige, nummer + 1, Hulp::Ambulant, true);
            }
        }
    }

    fn hulp(&mut self, jeugdige: &Jeugdige) -> Option<Hulp> {
        let fate = self.rng.under(100);
        if self.fits_dyslexie(jeugdige) && self.rng.probability(25) {
            return Some(Hulp::Dyslexie);
        }
        let hulp = match fate {
            0..15 if !jeugdige.shares_a_bsn() => Hulp::Groep,
            0..10 => Hulp::Groep,
            15..25 if !jeugdige.shares_a_bsn() => Hulp::Verblijf,
            25..27 => Hulp::Voorziening,
            27..33 => Hulp::Gemengd,
            _ => Hulp::Ambulant,
        };
        let can = |o| !self.plan.of_onderdeel(o).all().is_empty();
        Some(if hulp == Hulp::Voorziening && !can(Onderdeel::Voorziening) {
            Hulp::Ambulant
        } else {
            hulp
        })
    }

    /// The right age in the whole of the year and the one before it, and an aanbieder that no other
    /// child of this Bsn goes to for this.
    fn fits_dyslexie(&self, jeugdige: &Jeugdige) -> bool {
        let (from, until) = self.plan.contract.limits.dyslexie_leeftijd;
        let geboren = self.plan.geboren(jeugdige.bsn);
        let aanbieders = self.plan.of_onderdeel(Onderdeel::Ed).all().len() as u64;
        geboren.is_at_least(from, self.plan.first_dag.plus_jaren(-1))
            && !geboren.is_at_least(until, self.plan.last_dag)
            && jeugdige.round < aanbieders
    }

    /// Makes a toewijzing with its lines; `together` when the child, or its Bsn, has others.
    fn traject(
        &mut self,
        jeugdige: &mut Jeugdige,
        nummer: u64,
        hulp: Hulp,
        together: bool,
    ) -> Option<u32> {
        let no_shows_over = jeugdige.no_shows_over;
        let mut t = self.toewijzing(jeugdige, nummer, hulp, together)?;
        self.declare(&mut t, jeugdige);
        if t.lines.is_empty() {
            return None;
        }
        t.grant(self.plan);
        let aanbieder = t.aanbieder;
        if t.lines.len() + ADDED <= self.rest {
            let (plan, rng) = (self.plan, &mut self.rng);
            let planted = self.queue.plant(plan, rng, &mut t, jeugdige, no_shows_over);
            self.block.planted.extend(planted);
        } else {
            self.shorten(&mut t);
        }
        self.rest -= t.lines.len();
        if let Some(share) = self.plan.largest {
            let of_largest = t.lines.iter().filter(|r| r.aanbieder == LARGEST).count();
            self.largest_short += t.lines.len() as i64 * share - of_largest as i64 * WHOLE;
        }
        self.block.trajecten.push(t);
        Some(aanbieder)
    }

    /// Leaves out what doesn't fit in the block.
    fn shorten(&mut self, t: &mut Traject) {
        t.lines.truncate(self.rest);
        if let Some(last) = t.lines.last_mut() {
            // Its credit line is gone.
            last.withdrawn = false;
        }
        t.grant(self.plan);
    }

    fn toewijzing(
        &mut self,
        jeugdige: &Jeugdige,
        nummer: u64,
        hulp: Hulp,
        together: bool,
    ) -> Option<Traject> {
        let (plan, rng) = (self.plan, &mut self.rng);
        let onderdeel = match hulp {
            Hulp::Ambulant | Hulp::Gemengd => Onderdeel::Ambulant,
            Hulp::Groep => Onderdeel::Groepsaanbod,
            Hulp::Verblijf => Onderdeel::Verblijf,
            Hulp::Dyslexie => Onderdeel::Ed,
            Hulp::Voorziening => Onderdeel::Voorziening,
        };
        let lottery = plan.of_onderdeel(onderdeel);
        let aanbieder = if hulp == Hulp::Dyslexie {
            // Another one for each child of one Bsn: what is counted for both stays lawful.
            let all = lottery.all();
            all[(jeugdige.bsn as u64 + jeugdige.round) as usize % all.len()]
        } else if self.largest_short > 0 {
            LARGEST
        } else {
            lottery.draw(rng)?
        };
        // Beside each other at the largest aanbieder, children of one Bsn have the gemeente's permission.
        let together = together || (plan.largest.is_some() && aanbieder == LARGEST);
        let gemeente = match hulp {
            Hulp::Verblijf => plan.all_places.draw(rng)?,
            _ => plan.places.draw(rng)?,
        };
        let duurzaam = hulp == Hulp::Ambulant && rng.probability(20);
        let (ingang, end) = termijn(plan, rng, hulp, duurzaam);
        let product = self.choose_product(aanbieder, onderdeel, duurzaam, together)?;
        let rng = &mut self.rng;
        let kind = match (hulp, rng.under(10)) {
            (Hulp::Gemengd, _) => ProductScope::Generiek,
            (Hulp::Ambulant, 0..4) => ProductScope::Aspecifiek,
            _ => ProductScope::Specifiek,
        };
        Some(Traject {
            nummer,
            gemeente,
            aanbieder,
            bsn: plan.bsns[jeugdige.bsn],
            geboren: plan.geboren(jeugdige.bsn),
            hulp,
            kind,
            product,
            ingang,
            end,
            toewijzingsdatum: ingang.plus_dagen(-rng.between(0, 20)),
            versies: match rng.under(100) {
                0..84 => 1,
                84..96 => 2,
                _ => 3,
            },
            removed: false,
            // Contacts of a month aren't spread over its weeks as evenly as a week's volume is.
            per_week: rng.probability(40) && plan.niveau == Niveau::Maand,
            size: None,
            budget: None,
            budgetsoort: if duurzaam { Budgetsoort::Duurzaam } else { Budgetsoort::Herstel },
            verwijzer: match (hulp, rng.under(10)) {
                (Hulp::Dyslexie, _) | (_, 0..5) => OF_GEMEENTE,
                (Hulp::Verblijf, _) | (_, 5) => 4,
                (_, 6..9) => 2,
                _ => 3,
            },
            permission: together,
            lines: Vec::new(),
            messages: Vec::new(),
        })
    }

    fn choose_product(
        &mut self,
        aanbieder: u32,
        onderdeel: Onderdeel,
        duurzaam: bool,
        together: bool,
    ) -> Option<u16> {
        let (contract, a) = (&self.plan.contract, &self.plan.aanbieders[aanbieder as usize]);
        let per_product = matches!(
            onderdeel,
            Onderdeel::Groepsaanbod | Onderdeel::Verblijf | Onderdeel::Voorziening
        );
        let may = |p: &usize| {
            let product = &contract.producten[*p];
            (!per_product || a.producten.contains(p))
                && product.tarief(a.perceel).is_some()
                && !(duurzaam && contract.limits.niet_duurzaam.contains(&product.key))
                && !(together && product.only_kdc)
        };
        let may: Vec<usize> = contract.of_onderdeel(onderdeel).filter(may).collect();
        // The lower tariff groups are the larger ones.
        let limit = may.len() as u64;
        if limit == 0 {
            return None;
        }
        let place = self.rng.under(limit).min(self.rng.under(limit));
        Some(may[place as usize] as u16)
    }

    /// The lines, month by month, and the starts and stops.
    fn declare(&mut self, t: &mut Traject, jeugdige: &mut Jeugdige) {
        let plan = self.plan;
        let start = StartstopMelding {
            datum: t.ingang,
            verzonden: t.ingang.plus_dagen(self.rng.between(1, 4)),
            reason: None,
        };
        t.messages.push(start);
        let last = t.end.map_or(plan.last_dag, |e| e.min(plan.last_dag));
        let pauze = t.hulp == Hulp::Groep && self.rng.probability(5);
        let mut maand = t.ingang.maandbegin();
        let mut nummer = 1;
        let mut minuten_over = self.dyslexie_over(t);
        while maand <= last {
            let (begin, end) = (maand.max(t.ingang), maand.maandeinde().min(last));
            maand = maand.maandeinde().plus_dagen(1);
            let Some(periode) = Periode::new(begin, end) else { continue };
            let whole = periode == Periode::maand_of(begin) && begin > t.ingang;
            if pauze && whole && t.messages.len() == 1 && t.end.is_none_or(|e| e > end) {
                t.pause(periode);
                continue;
            }
            let producten = self.producten_of_maand(t);
            for product in producten.into_iter().flatten() {
                let volume = self.volume(t, product, periode, &mut minuten_over);
                if volume > 0 && self.rng.probability(95) {
                    if plan.niveau == Niveau::Maand {
                        self.prestatie(t, jeugdige, product, periode, volume, &mut nummer);
                        continue;
                    }
                    for (day, part) in contacts(plan, &mut self.rng, product, periode, volume) {
                        self.prestatie(t, jeugdige, product, day, part, &mut nummer);
                    }
                }
            }
            if t.hulp == Hulp::Voorziening && !t.lines.is_empty() {
                break;
            }
        }
        if let Some(finish) = t.end.filter(|e| *e <= plan.last_dag) {
            let verzonden = finish.plus_dagen(self.rng.between(1, 4));
            let reason = Some(RedenBeeindiging(31));
            t.messages.push(StartstopMelding { datum: finish, verzonden, reason });
        }
    }

    fn dyslexie_over(&self, t: &Traject) -> i64 {
        let limits = &self.plan.contract.limits;
        if t.product(self.plan).key == "ED_DIAGNOSTIEK" {
            limits.dyslexie_diagnostiek
        } else {
            limits.dyslexie_behandeling
        }
    }

    /// The products that are delivered in a month: the one of the toewijzing, or those that its
    /// budget leaves room for.
    fn producten_of_maand(&mut self, t: &Traject) -> [Option<u16>; 2] {
        let duurzaam = t.budgetsoort == Budgetsoort::Duurzaam;
        match t.kind {
            ProductScope::Specifiek => [Some(t.product), None],
            ProductScope::Aspecifiek if self.rng.probability(70) => [Some(t.product), None],
            ProductScope::Aspecifiek => {
                let one = self.choose_product(t.aanbieder, Onderdeel::Ambulant, duurzaam, true);
                let two = Some(t.product).filter(|p| Some(*p) != one && self.rng.probability(50));
                [one, two]
            }
            ProductScope::Generiek => {
                let group = self.choose_product(t.aanbieder, Onderdeel::Groepsaanbod, true, true);
                let ambulant = || self.plan.contract.of_onderdeel(Onderdeel::Ambulant);
                let group =
                    group.or_else(|| ambulant().map(|p| p as u16).find(|p| *p != t.product));
                [Some(t.product), group.filter(|_| self.rng.probability(60))]
            }
        }
    }

    fn volume(&mut self, t: &Traject, product: u16, periode: Periode, over: &mut i64) -> i64 {
        let product = &self.plan.contract.producten[product as usize];
        let rng = &mut self.rng;
        match product.onderdeel {
            // Mostly little, now and then much.
            Onderdeel::Ambulant => 14 + rng.between(1, 24) * rng.between(1, 24),
            Onderdeel::Ed => {
                let minuten = rng.between(45, 320).min(*over);
                *over -= minuten;
                minuten
            }
            Onderdeel::Groepsaanbod => {
                let at_most = if t.permission { 16 } else { 40 };
                rng.between(4, at_most).min(4 * periode.weekdagen())
            }
            Onderdeel::Verblijf if product.deeltijd => {
                let per_week = self.plan.contract.limits.deeltijd_per_week;
                rng.between(2, 8).min(periode.dagen()).min(per_week * periode.iso_weken())
            }
            Onderdeel::Verblijf if rng.probability(80) => periode.dagen(),
            Onderdeel::Verblijf => (periode.dagen() - rng.between(1, 6)).max(1),
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
        let (plan, rng) = (self.plan, &mut self.rng);
        let kind = &plan.contract.producten[product as usize];
        let perceel = plan.aanbieders[t.aanbieder as usize].perceel;
        let Some(tarief) = kind.tarief(perceel) else { return };
        let individueel = matches!(kind.onderdeel, Onderdeel::Ambulant | Onderdeel::Ed);
        let mut line = Prestatie {
            volgnummer: *nummer,
            takes_back: None,
            gemeente: t.gemeente,
            aanbieder: t.aanbieder,
            bsn: t.bsn,
            toewijzing: t.nummer,
            product,
            other_categorie: None,
            begin: periode.begin(),
            end: periode.end(),
            volume,
            eenheid: kind.eenheid,
            tarief,
            bedrag: volume * tarief,
            ontvangen: plan.ontvangen(t.aanbieder, periode.end().maandeinde()),
            withdrawn: false,
            no_shows: 0,
            no_show_minuten: 0,
            afspraak_minuten: 0,
            reisminuten: 0,
            gesprekken: 0,
            functie: FunctieChoice::None,
            hulpverlener: 1 + rng.under(plan.hulpverleners()) as u16,
        };
        if individueel {
            let contact = plan.niveau == Niveau::Contact;
            line.gesprekken = if contact { 1 } else { 1 + (volume / 75) as u32 };
            if rng.probability(50) {
                let most = plan.contract.limits.reisminuten * i64::from(line.gesprekken);
                line.reisminuten = rng.between(0, (volume / 3).min(most));
            }
            line.functie = FunctieChoice::draw(plan, rng, product);
            let counts = periode.end() >= plan.first_dag;
            if counts && jeugdige.no_shows_over > 0 && rng.probability(4) {
                jeugdige.no_shows_over -= 1;
                line.with_no_shows(1, plan.niveau, rng);
            }
        }
        *nummer += 1;
        if !rng.probability(3) {
            t.lines.push(line);
            return;
        }
        // Put right a month later: taken back, and mostly declared again.
        let later = plan.gecorrigeerd(t.aanbieder, periode.end().maandeinde());
        let credit = line.credit(*nummer, later);
        *nummer += 1;
        let again = rng.probability(85).then(|| {
            let mut again = line.clone();
            again.volgnummer = *nummer;
            again.ontvangen = later;
            again.volume = (volume - rng.between(1, 5)).max(1);
            again.reisminuten = again.reisminuten.min(again.volume);
            again.no_show_minuten = again.no_show_minuten.min(again.volume);
            again.compute();
            *nummer += 1;
            again
        });
        line.withdrawn = true;
        t.lines.extend([line, credit]);
        t.lines.extend(again);
    }
}

/// First and last day: some began last year, some end in this one.
fn termijn(plan: &Plan, rng: &mut SeededRng, hulp: Hulp, duurzaam: bool) -> (Dag, Option<Dag>) {
    let first = if rng.probability(25) { rng.between(-10, -1) } else { rng.between(0, 10) };
    let maanden = match hulp {
        Hulp::Voorziening => rng.between(2, 3),
        Hulp::Dyslexie => rng.between(8, 18),
        _ => rng.between(2, 18),
    };
    let maand = plan.first_dag.plus_maanden(first as i32);
    let ingang = if rng.probability(60) { maand } else { maand.plus_dagen(rng.between(1, 19)) };
    if duurzaam {
        let end = ingang.plus_jaren(rng.between(2, 4) as i32);
        return (ingang, (!rng.probability(40)).then_some(end));
    }
    let last = maand.plus_maanden(maanden as i32 - 1);
    let end =
        if rng.probability(70) { last.maandeinde() } else { last.plus_dagen(rng.between(4, 24)) };
    (ingang, Some(end))
}
