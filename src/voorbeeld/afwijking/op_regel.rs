//! Exceptions that are one line's, a function each.

use super::op_toewijzing::{toetsbaar, vind_aanbieder};
use super::soort::Afwijking;
use crate::dossier::{Dag, Eenheid, Onderdeel, Periode};
use crate::ground::random::Worp;
use crate::voorbeeld::contract::Product;
use crate::voorbeeld::plan::{GEEN_TOEWIJZING, Plan};
use crate::voorbeeld::traject::{Functie, Hulp, Regel, Soort, Traject};

/// A number that no line of a toewijzing has.
const GEEN_REGEL: u16 = 990;

/// Plants an exception on one live line of the year, by lot; the number of the line that breaks the
/// rule, or `None` where that line has no room for it.
pub(super) fn plant(
    afwijking: Afwijking,
    plan: &Plan,
    worp: &mut Worp,
    t: &mut Traject,
) -> Option<u16> {
    let kandidaten = toetsbaar(plan, t);
    let plaats = *kandidaten.get(worp.onder(kandidaten.len().max(1) as u64) as usize)?;
    let regel = t.regels[plaats].clone();
    let product = &plan.contract.producten[regel.product as usize];
    let mut op = OpRegel { plan, worp, t, plaats, regel, product };
    match afwijking {
        Afwijking::NS03 => op.no_show_van_volle_duur()?,
        Afwijking::NS04 => op.no_show_op_deeltijd()?,
        Afwijking::TL01 => op.te_laat()?,
        Afwijking::TW01 => op.r().toewijzing += GEEN_TOEWIJZING,
        Afwijking::TW02 => op.andere_jeugdige()?,
        Afwijking::TW03 => op.andere_aanbieder()?,
        Afwijking::TW04 => op.andere_gemeente()?,
        Afwijking::TW05 => op.begint_te_vroeg()?,
        Afwijking::TW06 => op.eindigt_te_laat()?,
        Afwijking::TW07 => op.andere_categorie()?,
        Afwijking::TW08 => op.ander_product()?,
        Afwijking::TW09 => op.andere_eenheid()?,
        Afwijking::TW11 => op.te_veel_in_periode()?,
        Afwijking::TW17 => op.tijdens_pauze()?,
        Afwijking::TF01 => op.hoger_tarief(),
        Afwijking::TF02 => op.ander_bedrag(),
        Afwijking::TF04 => op.lagere_functie()?,
        Afwijking::TF05 => op.te_veel_reistijd()?,
        Afwijking::TF08 => op.onbekende_functie()?,
        Afwijking::TF09 => op.reistijd_op_groep()?,
        Afwijking::WV01 => op.meer_etmalen_dan_dagen()?,
        Afwijking::JW01 => return op.nummer_van_eerdere(),
        Afwijking::JW02 => return Some(op.credit_zonder_debet()),
        Afwijking::JW03 => return Some(op.dubbel_gecrediteerd()),
        Afwijking::JW04 => return op.dubbel_gedeclareerd(),
        Afwijking::JW07 => op.over_twee_maanden()?,
        Afwijking::JW09 => op.eindigt_na_ontvangst(),
        Afwijking::JW15 => return Some(op.credit_in_zelfde_bericht()),
        _ => return None,
    }
    Some(op.regel.volgnummer)
}

/// A line that an exception is planted on.
struct OpRegel<'a> {
    plan: &'a Plan,
    worp: &'a mut Worp,
    t: &'a mut Traject,
    /// Its place in the toewijzing.
    plaats: usize,
    /// The line as it was.
    regel: Regel,
    product: &'a Product,
}

/// The line has room for it where this holds.
fn mits(voorwaarde: bool) -> Option<()> {
    voorwaarde.then_some(())
}

impl OpRegel<'_> {
    fn r(&mut self) -> &mut Regel {
        &mut self.t.regels[self.plaats]
    }

    /// A day later than the line itself, which may be a correction.
    fn later(&self) -> Dag {
        let regel = &self.regel;
        let later = self.plan.gecorrigeerd(regel.aanbieder, regel.eind.maandeinde());
        if later > regel.ontvangen { later } else { regel.ontvangen.plus_dagen(7) }
    }

    fn is_correctie(&self) -> bool {
        let wat = |r: &Regel| (r.product, r.begin, r.eind);
        self.t.regels.iter().any(|r| r.teruggenomen && wat(r) == wat(&self.regel))
    }

    fn perceel(&self) -> u8 {
        self.plan.aanbieders[self.regel.aanbieder as usize].perceel
    }

    fn no_show_van_volle_duur(&mut self) -> Option<()> {
        mits(self.regel.no_shows > 0)?;
        self.r().afspraak_minuten = self.regel.no_show_minuten;
        Some(())
    }

    fn no_show_op_deeltijd(&mut self) -> Option<()> {
        mits(self.product.deeltijd)?;
        self.r().no_shows = 1;
        Some(())
    }

    /// Not on a correction, which has a ground for being late.
    fn te_laat(&mut self) -> Option<()> {
        mits(!self.is_correctie())?;
        let dagen = self.plan.contract.grenzen.dagen_te_laat + self.worp.tussen(1, 60);
        self.r().ontvangen = self.regel.eind.maandeinde().plus_dagen(dagen);
        Some(())
    }

    fn andere_jeugdige(&mut self) -> Option<()> {
        mits(self.t.hulp == Hulp::Ambulant)?;
        let bsns = &self.plan.bsns;
        let plaats = bsns.binary_search(&self.regel.bsn).ok()?;
        self.r().bsn = bsns[(plaats + 1) % bsns.len()];
        self.r().zonder_no_shows();
        Some(())
    }

    fn andere_aanbieder(&mut self) -> Option<()> {
        mits(self.t.hulp == Hulp::Ambulant)?;
        let (plan, eigen, perceel) = (self.plan, self.regel.aanbieder, self.perceel());
        let ander = vind_aanbieder(plan, self.worp, |nr| {
            nr != eigen && plan.aanbieders[nr as usize].perceel == perceel
        })?;
        self.r().aanbieder = ander;
        self.r().zonder_no_shows();
        Some(())
    }

    fn andere_gemeente(&mut self) -> Option<()> {
        mits(self.t.hulp != Hulp::Verblijf)?;
        let eigen = self.t.gemeente;
        self.r().gemeente = *self.plan.plaatsen.alle().iter().find(|g| **g != eigen)?;
        Some(())
    }

    fn begint_te_vroeg(&mut self) -> Option<()> {
        let begin = self.regel.begin;
        mits(begin == self.t.ingang && begin > begin.maandbegin())?;
        self.r().begin = begin.maandbegin();
        Some(())
    }

    fn eindigt_te_laat(&mut self) -> Option<()> {
        let eind = self.regel.eind;
        mits(Some(eind) == self.t.einde && eind < eind.maandeinde())?;
        self.r().eind = eind.maandeinde();
        Some(())
    }

    fn andere_categorie(&mut self) -> Option<()> {
        mits(self.t.soort != Soort::Generiek)?;
        let (contract, product) = (&self.plan.contract, self.product);
        let anders =
            |c: &String| *c != product.categorie && !contract.kent_product(c, &product.code);
        let plaats = contract.categorieen.iter().position(anders)?;
        self.r().andere_categorie = Some(plaats as u16);
        Some(())
    }

    fn ander_product(&mut self) -> Option<()> {
        mits(self.t.hulp == Hulp::Ambulant && self.t.soort == Soort::Specifiek)?;
        let (contract, eigen) = (&self.plan.contract, self.regel.product as usize);
        let mag = |p: &usize| {
            let anders = &contract.producten[*p];
            *p != eigen
                && !contract.grenzen.niet_duurzaam.contains(&anders.sleutel)
                && !contract.functies_van(&anders.sleutel).is_empty()
        };
        let anders = contract.van_onderdeel(Onderdeel::Ambulant).find(mag)?;
        let tarief = contract.producten[anders].tarief(self.perceel())?;
        let functie = Functie::trek(self.plan, self.worp, anders as u16);
        let r = self.r();
        (r.product, r.tarief, r.functie) = (anders as u16, tarief, functie);
        r.bereken();
        Some(())
    }

    fn andere_eenheid(&mut self) -> Option<()> {
        mits(self.t.hulp == Hulp::Groep)?;
        self.r().eenheid = Eenheid::STUKS_INSPANNING;
        Some(())
    }

    /// The most that was granted for the line's period; and whether a volume for the line leaves the
    /// toewijzing within what was granted in total.
    fn toegekend(&self, volume: i64) -> Option<(i64, bool)> {
        let (hoogstens, in_totaal) = self.t.hoogstens(self.regel.periode())?;
        let som: i64 = self.t.levende().map(|r| r.volume).sum();
        let past = in_totaal.is_none_or(|max| som - self.regel.volume + volume <= max);
        Some((hoogstens, past))
    }

    fn zet_volume(&mut self, volume: i64) {
        self.r().volume = volume;
        self.r().bereken();
    }

    fn te_veel_in_periode(&mut self) -> Option<()> {
        mits(self.t.hulp == Hulp::Groep)?;
        let (hoogstens, _) = self.toegekend(0)?;
        let volume = hoogstens + self.worp.tussen(1, 5);
        let (_, past) = self.toegekend(volume)?;
        mits(past && volume <= 8 * self.regel.periode().weekdagen())?;
        self.zet_volume(volume);
        Some(())
    }

    fn tijdens_pauze(&mut self) -> Option<()> {
        mits(self.t.hulp == Hulp::Groep)?;
        let (regel, t) = (&self.regel, &mut *self.t);
        let periode = regel.periode();
        let heel = periode == Periode::maand_van(regel.begin) && t.meldingen.len() <= 2;
        let binnen = regel.begin > t.ingang && t.einde.is_none_or(|e| e > regel.eind);
        let eerste = t.meldingen.iter().filter(|m| m.reden.is_none()).count() <= 1;
        mits(heel && binnen && eerste)?;
        t.pauzeer(periode);
        Some(())
    }

    fn hoger_tarief(&mut self) {
        let erbij = self.worp.tussen(1, 30);
        self.r().tarief += erbij;
        self.r().bereken();
    }

    fn ander_bedrag(&mut self) {
        let erbij = self.worp.tussen(100, 5_000);
        self.r().bedrag += erbij;
    }

    /// A function that is listed in a lower tariff group only.
    fn lagere_functie(&mut self) -> Option<()> {
        mits(self.product.onderdeel == Onderdeel::Ambulant)?;
        let (contract, eigen) = (&self.plan.contract, &self.product.sleutel);
        let lager: Vec<usize> = contract
            .van_onderdeel(Onderdeel::Ambulant)
            .filter(|&p| contract.producten[p].sleutel < *eigen)
            .filter(|&p| !contract.functies_van(&contract.producten[p].sleutel).is_empty())
            .collect();
        mits(!lager.is_empty())?;
        let lager = *self.worp.kies(&lager) as u16;
        let functie = Functie::trek(self.plan, self.worp, lager);
        self.r().functie = functie;
        Some(())
    }

    fn te_veel_reistijd(&mut self) -> Option<()> {
        mits(matches!(self.product.onderdeel, Onderdeel::Ambulant | Onderdeel::Ed))?;
        let meeste = self.plan.contract.grenzen.reisminuten * i64::from(self.regel.gesprekken);
        let minuten = meeste + self.worp.tussen(1, 30);
        self.r().reisminuten = minuten;
        self.zet_volume(self.regel.volume.max(minuten + 15));
        Some(())
    }

    fn onbekende_functie(&mut self) -> Option<()> {
        mits(self.product.onderdeel == Onderdeel::Ambulant)?;
        self.r().functie = Functie::Onbekend;
        Some(())
    }

    fn reistijd_op_groep(&mut self) -> Option<()> {
        mits(self.t.hulp == Hulp::Groep)?;
        let minuten = self.worp.tussen(10, 60);
        self.r().reisminuten = minuten;
        Some(())
    }

    fn meer_etmalen_dan_dagen(&mut self) -> Option<()> {
        mits(self.t.hulp == Hulp::Verblijf && !self.product.deeltijd)?;
        let (hoogstens, _) = self.toegekend(0)?;
        let volume = self.regel.periode().dagen() + self.worp.tussen(1, 2);
        let (_, past) = self.toegekend(volume)?;
        mits(volume <= hoogstens && past)?;
        self.zet_volume(volume);
        Some(())
    }

    fn nummer_van_eerdere(&mut self) -> Option<u16> {
        let begin = self.regel.begin;
        let eerder = |r: &&Regel| r.is_levend() && r.begin < begin;
        let nummer = self.t.regels.iter().find(eerder)?.volgnummer;
        self.r().volgnummer = nummer;
        Some(nummer)
    }

    fn credit_zonder_debet(&mut self) -> u16 {
        let nummer = self.t.volgend_nummer();
        let mut credit = self.regel.credit(nummer, self.later());
        credit.neemt_terug = Some(GEEN_REGEL);
        self.t.regels.push(credit);
        nummer
    }

    fn dubbel_gecrediteerd(&mut self) -> u16 {
        let (nummer, later) = (self.t.volgend_nummer(), self.later());
        self.r().teruggenomen = true;
        self.t.regels.push(self.regel.credit(nummer, later));
        self.t.regels.push(self.regel.credit(nummer + 1, later));
        nummer + 1
    }

    fn dubbel_gedeclareerd(&mut self) -> Option<u16> {
        mits(matches!(self.t.hulp, Hulp::Ambulant | Hulp::Gemengd))?;
        let mut dubbel = self.regel.clone();
        dubbel.volgnummer = self.t.volgend_nummer();
        dubbel.zonder_no_shows();
        let nummer = dubbel.volgnummer;
        self.t.regels.push(dubbel);
        Some(nummer)
    }

    fn over_twee_maanden(&mut self) -> Option<()> {
        mits(self.t.hulp == Hulp::Ambulant)?;
        let begin = self.regel.begin.maandbegin().plus_dagen(-1).maandbegin();
        mits(begin >= self.t.ingang)?;
        self.r().begin = begin;
        Some(())
    }

    fn eindigt_na_ontvangst(&mut self) {
        let dagen = self.worp.tussen(1, 10);
        self.r().ontvangen = self.regel.eind.plus_dagen(-dagen);
    }

    fn credit_in_zelfde_bericht(&mut self) -> u16 {
        let nummer = self.t.volgend_nummer();
        self.r().teruggenomen = true;
        self.t.regels.push(self.regel.credit(nummer, self.regel.ontvangen));
        nummer
    }
}
