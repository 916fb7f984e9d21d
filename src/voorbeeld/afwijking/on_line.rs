//! Exceptions that are one line's, a function each.

use super::kind::Afwijking;
use super::on_toewijzing::{find_aanbieder, testable};
use super::planted::Planted;
use crate::dossier::{Dag, Eenheid, Niveau, Onderdeel, Periode};
use crate::ground::random::SeededRng;
use crate::voorbeeld::contract::Product;
use crate::voorbeeld::plan::{NO_TOEWIJZING, Plan};
use crate::voorbeeld::traject::{FunctieChoice, Hulp, Prestatie, ProductScope, Traject};

/// A number that no line of a toewijzing has.
const NO_LINE: u16 = 990;

/// Plants an exception on one live line of the year, by lot, but on none that has part in what is
/// `there` already; the number of the line that breaks the rule, or `None` where that line has no room
/// for it.
pub(super) fn plant(
    afwijking: Afwijking,
    plan: &Plan,
    rng: &mut SeededRng,
    t: &mut Traject,
    there: &[Planted],
) -> Option<u16> {
    let mut candidates = testable(plan, t);
    if !there.is_empty() {
        let what = |r: &Prestatie| (r.product, r.begin, r.end);
        let is_there = |r: &Prestatie| there.iter().any(|g| g.volgnummer == r.volgnummer);
        let taken: Vec<_> = t.lines.iter().filter(|r| is_there(r)).map(what).collect();
        candidates.retain(|&i| !is_there(&t.lines[i]) && !taken.contains(&what(&t.lines[i])));
    }
    let place = *candidates.get(rng.under(candidates.len().max(1) as u64) as usize)?;
    let line = t.lines[place].clone();
    let product = &plan.contract.producten[line.product as usize];
    let mut on = OnLine { plan, rng, t, place, line, product };
    match afwijking {
        Afwijking::NS03 => on.no_show_van_volle_duur()?,
        Afwijking::NS04 => on.no_show_op_deeltijd()?,
        Afwijking::TL01 => on.too_late()?,
        Afwijking::TW01 => on.r().toewijzing += NO_TOEWIJZING,
        Afwijking::TW02 => on.other_jeugdige()?,
        Afwijking::TW03 => on.other_aanbieder()?,
        Afwijking::TW04 => on.other_gemeente()?,
        Afwijking::TW05 => on.begins_too_early()?,
        Afwijking::TW06 => on.ends_too_late()?,
        Afwijking::TW07 => on.other_categorie()?,
        Afwijking::TW08 => on.other_product()?,
        Afwijking::TW09 => on.other_eenheid()?,
        Afwijking::TW11 => on.te_veel_in_periode()?,
        Afwijking::TW17 => on.during_pauze()?,
        Afwijking::TF01 => on.hoger_tarief()?,
        Afwijking::TF02 => on.other_bedrag(),
        Afwijking::TF04 => on.lagere_functie()?,
        Afwijking::TF05 => on.too_much_reistijd()?,
        Afwijking::TF08 => on.unknown_functie()?,
        Afwijking::TF09 => on.reistijd_on_group()?,
        Afwijking::JW01 => return on.nummer_of_earlier(),
        Afwijking::JW02 => return Some(on.credit_without_debet()),
        Afwijking::JW03 => return Some(on.credited_twice()),
        Afwijking::JW04 => return on.declared_twice(),
        Afwijking::JW07 => on.over_two_maanden()?,
        Afwijking::JW09 => on.ends_after_ontvangst(),
        Afwijking::JW15 => return Some(on.credit_in_same_bericht()),
        _ => return None,
    }
    Some(on.line.volgnummer)
}

/// A line that an exception is planted on.
struct OnLine<'a> {
    plan: &'a Plan,
    rng: &'a mut SeededRng,
    t: &'a mut Traject,
    /// Its place in the toewijzing.
    place: usize,
    /// The line as it was.
    line: Prestatie,
    product: &'a Product,
}

/// The line has room for it where this holds.
fn provided(voorwaarde: bool) -> Option<()> {
    voorwaarde.then_some(())
}

impl OnLine<'_> {
    fn r(&mut self) -> &mut Prestatie {
        &mut self.t.lines[self.place]
    }

    /// A day later than the line itself, which may be a correction.
    fn later(&self) -> Dag {
        let line = &self.line;
        let later = self.plan.gecorrigeerd(line.aanbieder, line.end.maandeinde());
        if later > line.ontvangen { later } else { line.ontvangen.plus_dagen(7) }
    }

    fn is_correctie(&self) -> bool {
        let what = |r: &Prestatie| (r.product, r.begin, r.end);
        self.t.lines.iter().any(|r| r.withdrawn && what(r) == what(&self.line))
    }

    fn perceel(&self) -> u8 {
        self.plan.aanbieders[self.line.aanbieder as usize].perceel
    }

    fn no_show_van_volle_duur(&mut self) -> Option<()> {
        provided(self.line.no_shows > 0)?;
        self.r().afspraak_minuten = self.line.no_show_minuten;
        Some(())
    }

    fn no_show_op_deeltijd(&mut self) -> Option<()> {
        provided(self.product.deeltijd)?;
        self.r().no_shows = 1;
        Some(())
    }

    /// Not on a correction, which has a ground for being late.
    fn too_late(&mut self) -> Option<()> {
        provided(!self.is_correctie())?;
        let dagen = self.plan.contract.limits.dagen_te_laat + self.rng.between(1, 60);
        self.r().ontvangen = self.line.end.maandeinde().plus_dagen(dagen);
        Some(())
    }

    fn other_jeugdige(&mut self) -> Option<()> {
        provided(self.t.hulp == Hulp::Ambulant)?;
        let bsns = &self.plan.bsns;
        let place = bsns.binary_search(&self.line.bsn).ok()?;
        self.r().bsn = bsns[(place + 1) % bsns.len()];
        self.r().without_no_shows();
        Some(())
    }

    fn other_aanbieder(&mut self) -> Option<()> {
        provided(self.t.hulp == Hulp::Ambulant)?;
        let (plan, own, perceel) = (self.plan, self.line.aanbieder, self.perceel());
        let other = find_aanbieder(plan, self.rng, |id| {
            id != own && plan.aanbieders[id as usize].perceel == perceel
        })?;
        self.r().aanbieder = other;
        self.r().without_no_shows();
        Some(())
    }

    fn other_gemeente(&mut self) -> Option<()> {
        provided(self.t.hulp != Hulp::Verblijf)?;
        let own = self.t.gemeente;
        self.r().gemeente = *self.plan.places.all().iter().find(|g| **g != own)?;
        Some(())
    }

    fn begins_too_early(&mut self) -> Option<()> {
        let begin = self.line.begin;
        provided(begin == self.t.ingang && begin > begin.maandbegin())?;
        self.r().begin = begin.maandbegin();
        Some(())
    }

    fn ends_too_late(&mut self) -> Option<()> {
        let end = self.line.end;
        provided(Some(end) == self.t.end && end < end.maandeinde())?;
        self.r().end = end.maandeinde();
        Some(())
    }

    fn other_categorie(&mut self) -> Option<()> {
        provided(self.t.kind != ProductScope::Generiek)?;
        let (contract, product) = (&self.plan.contract, self.product);
        let otherwise =
            |c: &String| *c != product.categorie && !contract.knows_product(c, &product.code);
        let place = contract.categorieen.iter().position(otherwise)?;
        self.r().other_categorie = Some(place as u16);
        Some(())
    }

    fn other_product(&mut self) -> Option<()> {
        provided(self.t.hulp == Hulp::Ambulant && self.t.kind == ProductScope::Specifiek)?;
        let (contract, own) = (&self.plan.contract, self.line.product as usize);
        let may = |p: &usize| {
            let otherwise = &contract.producten[*p];
            *p != own
                && !contract.limits.niet_duurzaam.contains(&otherwise.key)
                && !contract.functies_of(&otherwise.key).is_empty()
        };
        let otherwise = contract.of_onderdeel(Onderdeel::Ambulant).find(may)?;
        let tarief = contract.producten[otherwise].tarief(self.perceel())?;
        let functie = FunctieChoice::draw(self.plan, self.rng, otherwise as u16);
        let r = self.r();
        (r.product, r.tarief, r.functie) = (otherwise as u16, tarief, functie);
        r.compute();
        Some(())
    }

    fn other_eenheid(&mut self) -> Option<()> {
        provided(self.t.hulp == Hulp::Groep)?;
        self.r().eenheid = Eenheid::STUKS_INSPANNING;
        Some(())
    }

    /// The most that was granted for the line's period; and whether a volume for the line leaves the
    /// toewijzing within what was granted in total.
    fn granted(&self, volume: i64) -> Option<(i64, bool)> {
        let (at_most, in_total) = self.t.at_most(self.line.periode())?;
        let sum: i64 = self.t.live_lines().map(|r| r.volume).sum();
        let fits = in_total.is_none_or(|max| sum - self.line.volume + volume <= max);
        Some((at_most, fits))
    }

    fn set_volume(&mut self, volume: i64) {
        self.r().volume = volume;
        self.r().compute();
    }

    fn te_veel_in_periode(&mut self) -> Option<()> {
        provided(self.t.hulp == Hulp::Groep)?;
        let (at_most, _) = self.granted(0)?;
        let volume = at_most + self.rng.between(1, 5);
        let (_, fits) = self.granted(volume)?;
        provided(fits && volume <= 8 * self.line.periode().weekdagen())?;
        self.set_volume(volume);
        Some(())
    }

    fn during_pauze(&mut self) -> Option<()> {
        provided(self.t.hulp == Hulp::Groep)?;
        let (line, t) = (&self.line, &mut *self.t);
        let periode = line.periode();
        let of = match self.plan.niveau {
            Niveau::Maand => Periode::maand_of(line.begin),
            Niveau::Contact => Periode::new(line.begin, line.begin)?,
        };
        let whole = periode == of && t.messages.len() <= 2;
        // A pause begins after its stop, and that after the start.
        let within = line.begin.plus_dagen(-1) > t.ingang && t.end.is_none_or(|e| e > line.end);
        let first = t.messages.iter().filter(|m| m.reason.is_none()).count() <= 1;
        provided(whole && within && first)?;
        t.pause(periode);
        Some(())
    }

    /// Not on ambulant help, where it may be the tariff of another perceel: an onzekerheid.
    fn hoger_tarief(&mut self) -> Option<()> {
        provided(self.product.onderdeel != Onderdeel::Ambulant)?;
        let added = self.rng.between(1, 30);
        self.r().tarief += added;
        self.r().compute();
        Some(())
    }

    fn other_bedrag(&mut self) {
        let added = self.rng.between(100, 5_000);
        self.r().bedrag += added;
    }

    /// A function that is listed in a lower tariff group only.
    fn lagere_functie(&mut self) -> Option<()> {
        provided(self.product.onderdeel == Onderdeel::Ambulant)?;
        let (contract, own) = (&self.plan.contract, &self.product.key);
        let lower: Vec<usize> = contract
            .of_onderdeel(Onderdeel::Ambulant)
            .filter(|&p| contract.producten[p].key < *own)
            .filter(|&p| !contract.functies_of(&contract.producten[p].key).is_empty())
            .collect();
        provided(!lower.is_empty())?;
        let lower = *self.rng.choose(&lower) as u16;
        let functie = FunctieChoice::draw(self.plan, self.rng, lower);
        self.r().functie = functie;
        Some(())
    }

    fn too_much_reistijd(&mut self) -> Option<()> {
        provided(matches!(self.product.onderdeel, Onderdeel::Ambulant | Onderdeel::Ed))?;
        // A contact that was missed would last longer than its appointment.
        provided(self.plan.niveau == Niveau::Maand || self.line.no_shows == 0)?;
        let most = self.plan.contract.limits.reisminuten * i64::from(self.line.gesprekken);
        let minuten = most + self.rng.between(1, 30);
        self.r().reisminuten = minuten;
        self.set_volume(self.line.volume.max(minuten + 15));
        Some(())
    }

    fn unknown_functie(&mut self) -> Option<()> {
        provided(self.product.onderdeel == Onderdeel::Ambulant)?;
        self.r().functie = FunctieChoice::Unknown;
        Some(())
    }

    fn reistijd_on_group(&mut self) -> Option<()> {
        provided(self.t.hulp == Hulp::Groep)?;
        let minuten = self.rng.between(10, 60);
        self.r().reisminuten = minuten;
        Some(())
    }

    fn nummer_of_earlier(&mut self) -> Option<u16> {
        let begin = self.line.begin;
        let earlier = |r: &&Prestatie| r.is_live() && r.begin < begin;
        let nummer = self.t.lines.iter().find(earlier)?.volgnummer;
        self.r().volgnummer = nummer;
        Some(nummer)
    }

    fn credit_without_debet(&mut self) -> u16 {
        let nummer = self.t.next_nummer();
        let mut credit = self.line.credit(nummer, self.later());
        credit.takes_back = Some(NO_LINE);
        self.t.lines.push(credit);
        nummer
    }

    fn credited_twice(&mut self) -> u16 {
        let (nummer, later) = (self.t.next_nummer(), self.later());
        self.r().withdrawn = true;
        self.t.lines.push(self.line.credit(nummer, later));
        self.t.lines.push(self.line.credit(nummer + 1, later));
        nummer + 1
    }

    fn declared_twice(&mut self) -> Option<u16> {
        provided(matches!(self.t.hulp, Hulp::Ambulant | Hulp::Gemengd))?;
        let mut twice = self.line.clone();
        twice.volgnummer = self.t.next_nummer();
        twice.without_no_shows();
        let nummer = twice.volgnummer;
        self.t.lines.push(twice);
        Some(nummer)
    }

    fn over_two_maanden(&mut self) -> Option<()> {
        provided(self.t.hulp == Hulp::Ambulant)?;
        let begin = self.line.begin.maandbegin().plus_dagen(-1).maandbegin();
        provided(begin >= self.t.ingang)?;
        self.r().begin = begin;
        Some(())
    }

    fn ends_after_ontvangst(&mut self) {
        let dagen = self.rng.between(1, 10);
        self.r().ontvangen = self.line.end.plus_dagen(-dagen);
    }

    fn credit_in_same_bericht(&mut self) -> u16 {
        let nummer = self.t.next_nummer();
        self.r().withdrawn = true;
        self.t.lines.push(self.line.credit(nummer, self.line.ontvangen));
        nummer
    }
}
