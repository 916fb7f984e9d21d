//! Exceptions that are planted in a lawful dossier: each breaks one rule, and says which line by.

use super::blok::{Jeugdige, functie};
use super::plan::{GEEN_TOEWIJZING, Plan};
use super::traject::{Functie, Hulp, Regel, Soort, Traject, naar_boven};
use crate::dossier::Ernst;
use crate::dossier::{Bsn, Budgetsoort, Eenheid, Frequentie, Gemeente, Onderdeel, Periode};
use crate::ground::random::Worp;

macro_rules! afwijkingen {
    ($($naam:ident: $ernst:ident, $in_berichten:literal, $uitleg:literal;)+) => {
        /// A kind of exception, by the rule that it breaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Afwijking { $($naam),+ }

        impl Afwijking {
            pub const ALLE: [Afwijking; [$(Afwijking::$naam),+].len()] = [$(Afwijking::$naam),+];

            pub fn code(self) -> &'static str {
                match self { $(Afwijking::$naam => stringify!($naam)),+ }
            }

            pub fn ernst(self) -> Ernst {
                match self { $(Afwijking::$naam => Ernst::$ernst),+ }
            }

            /// Can it be seen in iJw messages? They carry no no-shows, functions, travel time or
            /// kinds of budget.
            pub fn in_berichten(self) -> bool {
                match self { $(Afwijking::$naam => $in_berichten),+ }
            }

            /// What was done, in a sentence for people.
            pub fn uitleg(self) -> &'static str {
                match self { $(Afwijking::$naam => $uitleg),+ }
            }
        }
    };
}

afwijkingen! {
    NS01: Fout, false, "meer no-shows dan mag";
    NS03: Onzekerheid, false, "no-show voor de volle duur van de afspraak";
    NS04: Fout, false, "no-show op deeltijdpleegzorg";
    TL01: Onzekerheid, true, "te laat ingediend";
    BU01: Fout, true, "de laatste regel gaat over het budget";
    DZ01: Fout, false, "hoge tariefgroep op een duurzame toewijzing";
    DZ02: Fout, false, "groep zwaar op een duurzame toewijzing";
    TW01: Fout, true, "toewijzing bestaat niet";
    TW02: Fout, true, "toewijzing is van een andere jeugdige";
    TW03: Fout, true, "toewijzing is van een andere aanbieder";
    TW04: Fout, true, "toewijzing is van een andere gemeente";
    TW05: Fout, true, "periode begint voor de toewijzing";
    TW06: Fout, true, "periode eindigt na de toewijzing";
    TW07: Fout, true, "andere productcategorie dan toegewezen";
    TW08: Fout, true, "ander product dan toegewezen";
    TW09: Fout, true, "andere eenheid dan toegewezen";
    TW10: Fout, true, "toewijzing is verwijderd";
    TW11: Fout, true, "meer dan in de periode past";
    TW12: Fout, true, "meer dan in totaal is toegewezen";
    TW17: Fout, true, "gedeclareerd tijdens een pauze";
    TF01: Fout, true, "hoger tarief dan het contract";
    TF02: Fout, true, "bedrag is niet volume maal tarief";
    TF03: Fout, true, "aanbieder heeft dit perceel niet";
    TF04: Fout, false, "hogere tariefgroep dan de functie";
    TF05: Fout, false, "te veel reistijd";
    TF06: Fout, true, "product is niet gecontracteerd";
    TF08: Onzekerheid, false, "functie staat niet in de Beroepentabel";
    TF09: Fout, false, "reistijd op groepsaanbod";
    DN01: Fout, true, "gemeente doet hieraan niet mee";
    DN02: Fout, true, "gemeente buiten de regio";
    ED01: Fout, true, "jeugdige is te oud voor dyslexiezorg";
    WV01: Fout, true, "meer etmalen dan dagen";
    JW01: Fout, true, "referentienummer twee keer";
    JW02: Fout, true, "credit zonder debet";
    JW03: Fout, true, "twee keer gecrediteerd";
    JW04: Fout, true, "dezelfde levering twee keer";
    JW07: Fout, true, "periode over twee maanden";
    JW09: Fout, true, "periode eindigt na de ontvangst";
    JW10: Fout, true, "geen geldig Bsn";
    JW11: Fout, true, "onbekende gemeentecode";
    JW15: Fout, true, "debet en credit in één declaratie";
}

/// What was planted, on which line.
#[derive(Clone, Debug)]
pub struct Geplant {
    pub afwijking: Afwijking,
    pub gemeente: Gemeente,
    pub aanbieder: u32,
    pub toewijzing: u64,
    /// With [`Self::volgnummer`] the ReferentieNummer.
    pub traject: u64,
    pub volgnummer: u16,
}

impl Geplant {
    fn op(afwijking: Afwijking, t: &Traject, regel: &Regel) -> Geplant {
        Geplant {
            afwijking,
            gemeente: regel.gemeente,
            aanbieder: regel.aanbieder,
            toewijzing: regel.toewijzing,
            traject: t.nummer,
            volgnummer: regel.volgnummer,
        }
    }
}

/// How often an aanbieder is drawn to find one that fits.
const POGINGEN: usize = 20;

impl Afwijking {
    /// Plants this exception in a lawful toewijzing, if it has room for it: then the toewijzing is
    /// lawful but for what is returned. `no_shows_voor` is how many no-shows the child had over before
    /// it.
    pub fn plant(
        self,
        plan: &Plan,
        worp: &mut Worp,
        t: &mut Traject,
        jeugdige: &mut Jeugdige,
        no_shows_voor: u32,
    ) -> Vec<Geplant> {
        let voor = t.clone();
        let gelukt = match self {
            Afwijking::NS01 => no_shows(plan, worp, t, jeugdige, no_shows_voor),
            Afwijking::DZ01 => duurzaam_hoge_groep(plan, t),
            Afwijking::DZ02 => duurzaam_groep_zwaar(plan, t),
            Afwijking::TW10 => verwijderd(plan, t),
            Afwijking::TF03 => zonder_perceel(plan, worp, t),
            Afwijking::TF06 => niet_gecontracteerd(plan, worp, t),
            Afwijking::DN01 => gemeente_doet_niet_mee(plan, t),
            Afwijking::DN02 => alle_naar(plan, t, plan.contract.buiten_regio),
            Afwijking::JW11 => alle_naar(plan, t, plan.contract.onbekende_gemeente),
            Afwijking::ED01 => te_oud(plan, t, jeugdige),
            Afwijking::JW10 => ongeldig_bsn(plan, t),
            Afwijking::BU01 => over_budget(plan, worp, t),
            Afwijking::TW12 => over_totaal(plan, t),
            _ => self.op_een_regel(plan, worp, t),
        };
        let Some(volgnummers) = gelukt else {
            *t = voor;
            return Vec::new();
        };
        if !matches!(self, Afwijking::BU01 | Afwijking::TW11 | Afwijking::TW12) {
            t.ken_toe(plan);
        }
        let mut uit = Vec::new();
        for nummer in volgnummers {
            // Of two lines with one number it is the last.
            let Some(regel) = t.regels.iter().rev().find(|r| r.volgnummer == nummer) else {
                continue;
            };
            uit.push(Geplant::op(self, t, regel));
            if self == Afwijking::JW11 {
                uit.push(Geplant::op(Afwijking::DN02, t, regel));
            }
        }
        uit
    }

    /// Exceptions that are one line's.
    fn op_een_regel(self, plan: &Plan, worp: &mut Worp, t: &mut Traject) -> Option<Vec<u16>> {
        let kandidaten = toetsbaar(plan, t);
        let plaats = *kandidaten.get(worp.onder(kandidaten.len().max(1) as u64) as usize)?;
        let contract = &plan.contract;
        let grenzen = &contract.grenzen;
        let regel = t.regels[plaats].clone();
        let product = &contract.producten[regel.product as usize];
        let individueel = matches!(product.onderdeel, Onderdeel::Ambulant | Onderdeel::Ed);
        // Later than the line itself, which may be a correction.
        let later = plan.gecorrigeerd(regel.aanbieder, regel.eind.maandeinde());
        let later = if later > regel.ontvangen { later } else { regel.ontvangen.plus_dagen(7) };
        let is_correctie = t.regels.iter().any(|r| {
            r.teruggenomen
                && (r.product, r.begin, r.eind) == (regel.product, regel.begin, regel.eind)
        });
        let nieuw = t.volgend_nummer();
        let r = &mut t.regels[plaats];
        match self {
            Afwijking::NS03 if r.no_shows > 0 => r.afspraak_minuten = r.no_show_minuten,
            Afwijking::NS04 if product.deeltijd => r.no_shows = 1,
            // A correction has a ground for being late.
            Afwijking::TL01 if !is_correctie => {
                let dagen = grenzen.dagen_te_laat + worp.tussen(1, 60);
                r.ontvangen = r.eind.maandeinde().plus_dagen(dagen);
            }
            Afwijking::TW01 => r.toewijzing += GEEN_TOEWIJZING,
            Afwijking::TW02 if t.hulp == Hulp::Ambulant => {
                let plaats = plan.bsns.binary_search(&r.bsn).ok()?;
                r.bsn = plan.bsns[(plaats + 1) % plan.bsns.len()];
                r.zonder_no_shows();
            }
            Afwijking::TW03 if t.hulp == Hulp::Ambulant => {
                let perceel = plan.aanbieders[r.aanbieder as usize].perceel;
                r.aanbieder = vind_aanbieder(plan, worp, |nr| {
                    nr != r.aanbieder && plan.aanbieders[nr as usize].perceel == perceel
                })?;
                r.zonder_no_shows();
            }
            Afwijking::TW04 if t.hulp != Hulp::Verblijf => {
                let andere = plan.plaatsen.alle();
                r.gemeente = *andere.iter().find(|g| **g != t.gemeente)?;
            }
            Afwijking::TW05 if r.begin == t.ingang && r.begin > r.begin.maandbegin() => {
                r.begin = r.begin.maandbegin();
            }
            Afwijking::TW06 if Some(r.eind) == t.einde && r.eind < r.eind.maandeinde() => {
                r.eind = r.eind.maandeinde();
            }
            Afwijking::TW07 if t.soort != Soort::Generiek => {
                let anders = |c: &&String| {
                    **c != product.categorie && !contract.kent_product(c, &product.code)
                };
                let categorie = contract.categorieen.iter().find(anders)?;
                let plaats = contract.categorieen.iter().position(|c| c == categorie)?;
                r.andere_categorie = Some(plaats as u16);
            }
            Afwijking::TW08 if t.hulp == Hulp::Ambulant && t.soort == Soort::Specifiek => {
                let mag = |p: &usize| {
                    let anders = &contract.producten[*p];
                    *p != r.product as usize
                        && !grenzen.niet_duurzaam.contains(&anders.sleutel)
                        && !contract.functies_van(&anders.sleutel).is_empty()
                };
                let anders = contract.van_onderdeel(Onderdeel::Ambulant).find(mag)?;
                let perceel = plan.aanbieders[r.aanbieder as usize].perceel;
                r.product = anders as u16;
                r.tarief = contract.producten[anders].tarief(perceel)?;
                r.functie = functie(plan, worp, r.product);
                r.bereken();
            }
            Afwijking::TW09 if t.hulp == Hulp::Groep => r.eenheid = Eenheid::STUKS_INSPANNING,
            Afwijking::TW11 if t.hulp == Hulp::Groep => {
                let (hoogstens, in_totaal) = t.hoogstens(regel.periode())?;
                let som: i64 = t.levende().map(|r| r.volume).sum();
                let volume = hoogstens + worp.tussen(1, 5);
                if in_totaal.is_some_and(|max| som - regel.volume + volume > max)
                    || volume > 8 * regel.periode().weekdagen()
                {
                    return None;
                }
                t.regels[plaats].volume = volume;
                t.regels[plaats].bereken();
            }
            Afwijking::TW17 if t.hulp == Hulp::Groep => {
                let periode = regel.periode();
                let heel = periode == Periode::maand_van(regel.begin) && t.meldingen.len() <= 2;
                let binnen = regel.begin > t.ingang && t.einde.is_none_or(|e| e > regel.eind);
                if !heel || !binnen || t.meldingen.iter().filter(|m| m.reden.is_none()).count() > 1
                {
                    return None;
                }
                t.pauzeer(periode);
            }
            Afwijking::TF01 => {
                r.tarief += worp.tussen(1, 30);
                r.bereken();
            }
            Afwijking::TF02 => r.bedrag += worp.tussen(100, 5_000),
            Afwijking::TF04 if product.onderdeel == Onderdeel::Ambulant => {
                r.functie = lagere_functie(plan, worp, r.product)?;
            }
            Afwijking::TF05 if individueel => {
                let meeste = grenzen.reisminuten * i64::from(r.gesprekken);
                r.reisminuten = meeste + worp.tussen(1, 30);
                r.volume = r.volume.max(r.reisminuten + 15);
                r.bereken();
            }
            Afwijking::TF08 if product.onderdeel == Onderdeel::Ambulant => {
                r.functie = Functie::Onbekend;
            }
            Afwijking::TF09 if t.hulp == Hulp::Groep => r.reisminuten = worp.tussen(10, 60),
            Afwijking::WV01 if t.hulp == Hulp::Verblijf && !product.deeltijd => {
                let (hoogstens, in_totaal) = t.hoogstens(regel.periode())?;
                let som: i64 = t.levende().map(|r| r.volume).sum();
                let volume = regel.periode().dagen() + worp.tussen(1, 2);
                if volume > hoogstens
                    || in_totaal.is_some_and(|max| som - regel.volume + volume > max)
                {
                    return None;
                }
                t.regels[plaats].volume = volume;
                t.regels[plaats].bereken();
            }
            Afwijking::JW01 => {
                let eerder = |r: &&Regel| r.is_levend() && r.begin < regel.begin;
                let nummer = t.regels.iter().find(eerder)?.volgnummer;
                t.regels[plaats].volgnummer = nummer;
                return Some(vec![nummer]);
            }
            Afwijking::JW02 => {
                let mut credit = regel.credit(nieuw, later);
                credit.neemt_terug = Some(GEEN_REGEL);
                t.regels.push(credit);
                return Some(vec![nieuw]);
            }
            Afwijking::JW03 => {
                r.teruggenomen = true;
                t.regels.push(regel.credit(nieuw, later));
                t.regels.push(regel.credit(nieuw + 1, later));
                return Some(vec![nieuw + 1]);
            }
            Afwijking::JW04 if matches!(t.hulp, Hulp::Ambulant | Hulp::Gemengd) => {
                let mut dubbel = regel.clone();
                dubbel.volgnummer = nieuw;
                dubbel.zonder_no_shows();
                t.regels.push(dubbel);
                return Some(vec![nieuw]);
            }
            Afwijking::JW07 if t.hulp == Hulp::Ambulant => {
                let begin = r.begin.maandbegin().plus_dagen(-1).maandbegin();
                if begin < t.ingang {
                    return None;
                }
                r.begin = begin;
            }
            Afwijking::JW09 => r.ontvangen = r.eind.plus_dagen(-worp.tussen(1, 10)),
            Afwijking::JW15 => {
                r.teruggenomen = true;
                let ontvangen = r.ontvangen;
                t.regels.push(regel.credit(nieuw, ontvangen));
                return Some(vec![nieuw]);
            }
            _ => return None,
        }
        Some(vec![regel.volgnummer])
    }
}

/// A number that no line of a toewijzing has.
const GEEN_REGEL: u16 = 990;

/// Live lines of the year, by their places.
fn toetsbaar(plan: &Plan, t: &Traject) -> Vec<usize> {
    let in_jaar = |r: &Regel| r.is_levend() && r.eind >= plan.eerste_dag;
    (0..t.regels.len()).filter(|&i| in_jaar(&t.regels[i])).collect()
}

/// The numbers of all live lines of the year; `None` without any.
fn alle_toetsbare(plan: &Plan, t: &Traject) -> Option<Vec<u16>> {
    let nummers: Vec<u16> =
        toetsbaar(plan, t).into_iter().map(|i| t.regels[i].volgnummer).collect();
    (!nummers.is_empty()).then_some(nummers)
}

fn vind_aanbieder(plan: &Plan, worp: &mut Worp, past: impl Fn(u32) -> bool) -> Option<u32> {
    let aantal = plan.aanbieders.len() as u64;
    let mut pogingen = (0..POGINGEN).map(|_| worp.onder(aantal) as u32);
    pogingen.find(|nr| past(*nr)).or_else(|| (0..aantal.min(20) as u32).find(|nr| past(*nr)))
}

/// One line with more no-shows than a child may have, all others without.
fn no_shows(
    plan: &Plan,
    worp: &mut Worp,
    t: &mut Traject,
    jeugdige: &mut Jeugdige,
    no_shows_voor: u32,
) -> Option<Vec<u16>> {
    let maximum = plan.contract.grenzen.no_shows;
    if no_shows_voor < maximum || !matches!(t.hulp, Hulp::Ambulant | Hulp::Dyslexie) {
        return None;
    }
    let plaatsen = toetsbaar(plan, t);
    let plaats = *plaatsen.get(worp.onder(plaatsen.len().max(1) as u64) as usize)?;
    t.regels.iter_mut().for_each(Regel::zonder_no_shows);
    t.regels[plaats].met_no_shows(maximum + 1, worp);
    jeugdige.no_shows_over = 0;
    Some(vec![t.regels[plaats].volgnummer])
}

fn duurzaam_hoge_groep(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Ambulant || !plan.contract.grenzen.duurzaam_is_fout {
        return None;
    }
    let verboden = &plan.contract.grenzen.niet_duurzaam;
    let is_hoog =
        |r: &Regel| verboden.contains(&plan.contract.producten[r.product as usize].sleutel);
    let hoog = toetsbaar(plan, t).into_iter().map(|i| &t.regels[i]).filter(|r| is_hoog(r));
    let nummers: Vec<u16> = hoog.map(|r| r.volgnummer).collect();
    t.budgetsoort = Budgetsoort::Duurzaam;
    (!nummers.is_empty()).then_some(nummers)
}

fn duurzaam_groep_zwaar(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    let verboden = &plan.contract.grenzen.groep_niet_duurzaam;
    let kdc = plan.aanbieders[t.aanbieder as usize].kdc;
    let is_fout = plan.contract.grenzen.duurzaam_is_fout;
    if t.hulp != Hulp::Groep || kdc || !is_fout || !verboden.contains(&t.product(plan).sleutel) {
        return None;
    }
    t.budgetsoort = Budgetsoort::Duurzaam;
    alle_toetsbare(plan, t)
}

fn verwijderd(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    t.verwijderd = true;
    t.versies += 1;
    alle_toetsbare(plan, t)
}

fn naar_aanbieder(t: &mut Traject, aanbieder: u32) {
    t.aanbieder = aanbieder;
    t.regels.iter_mut().for_each(|r| r.aanbieder = aanbieder);
}

fn zonder_perceel(plan: &Plan, worp: &mut Worp, t: &mut Traject) -> Option<Vec<u16>> {
    let onderdeel = match t.hulp {
        Hulp::Groep => Onderdeel::Groepsaanbod,
        Hulp::Verblijf => Onderdeel::Verblijf,
        Hulp::Dyslexie => Onderdeel::Ed,
        _ => return None,
    };
    if t.product(plan).alleen_kdc {
        return None;
    }
    let percelen = plan.contract.percelen_van(onderdeel);
    let aanbieder = vind_aanbieder(plan, worp, |nr| {
        let a = &plan.aanbieders[nr as usize];
        !a.noemt && !percelen.iter().any(|p| a.heeft(*p))
    })?;
    naar_aanbieder(t, aanbieder);
    alle_toetsbare(plan, t)
}

fn niet_gecontracteerd(plan: &Plan, worp: &mut Worp, t: &mut Traject) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Groep || t.product(plan).alleen_kdc {
        return None;
    }
    let percelen = plan.contract.percelen_van(Onderdeel::Groepsaanbod);
    let aanbieder = vind_aanbieder(plan, worp, |nr| {
        let a = &plan.aanbieders[nr as usize];
        a.noemt
            && percelen.iter().any(|p| a.heeft(*p))
            && !a.producten.contains(&(t.product as usize))
    })?;
    naar_aanbieder(t, aanbieder);
    alle_toetsbare(plan, t)
}

fn naar_gemeente(t: &mut Traject, gemeente: Gemeente) {
    t.gemeente = gemeente;
    t.regels.iter_mut().for_each(|r| r.gemeente = gemeente);
}

fn alle_naar(plan: &Plan, t: &mut Traject, gemeente: Gemeente) -> Option<Vec<u16>> {
    naar_gemeente(t, gemeente);
    alle_toetsbare(plan, t)
}

fn gemeente_doet_niet_mee(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    let onderdeel = match t.hulp {
        Hulp::Ambulant => Onderdeel::Ambulant,
        Hulp::Groep => Onderdeel::Groepsaanbod,
        _ => return None,
    };
    let niet = |o: &Option<Vec<Onderdeel>>| o.as_ref().is_some_and(|o| !o.contains(&onderdeel));
    let plaats = plan.contract.plaatsen.iter().find(|p| niet(&p.onderdelen))?;
    alle_naar(plan, t, plaats.gemeente)
}

fn te_oud(plan: &Plan, t: &mut Traject, jeugdige: &Jeugdige) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Dyslexie {
        return None;
    }
    let (_, tot) = plan.contract.grenzen.dyslexie_leeftijd;
    let (bsn, geboren) = (1..plan.bsns.len())
        .map(|stap| (jeugdige.bsn + stap) % plan.bsns.len())
        .map(|bsn| (bsn, plan.geboren(bsn)))
        .find(|(_, geboren)| geboren.is_minstens(tot, t.ingang))?;
    (t.bsn, t.geboren) = (plan.bsns[bsn], geboren);
    for r in &mut t.regels {
        r.bsn = t.bsn;
        r.zonder_no_shows();
    }
    alle_toetsbare(plan, t)
}

fn ongeldig_bsn(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    t.bsn = (t.bsn + 1..).find(|n| !Bsn(*n).is_geldig())?;
    t.regels.iter_mut().for_each(|r| r.bsn = t.bsn);
    alle_toetsbare(plan, t)
}

/// The last live line in the rules' order, with its place; `None` where it isn't of the year.
fn laatste(plan: &Plan, t: &Traject) -> Option<usize> {
    let levend = (0..t.regels.len()).filter(|&i| t.regels[i].is_levend());
    let volgorde = |&i: &usize| {
        let r = &t.regels[i];
        (r.begin, r.ontvangen, r.volgnummer)
    };
    levend.max_by_key(volgorde).filter(|&i| t.regels[i].eind >= plan.eerste_dag)
}

/// On a term of at most a year, so that it is over in each reading of the budget.
fn over_budget(plan: &Plan, worp: &mut Worp, t: &mut Traject) -> Option<Vec<u16>> {
    let budget = t.budget?;
    if t.einde.is_none_or(|e| e >= t.ingang.plus_maanden(12)) {
        return None;
    }
    let plaats = laatste(plan, t)?;
    let som: i64 = t.levende().map(|r| r.bedrag).sum();
    let regel = &mut t.regels[plaats];
    let over = budget - (som - regel.bedrag);
    regel.volume = over / regel.tarief + worp.tussen(1, 30);
    regel.bereken();
    Some(vec![regel.volgnummer])
}

fn over_totaal(plan: &Plan, t: &mut Traject) -> Option<Vec<u16>> {
    if t.hulp != Hulp::Dyslexie {
        return None;
    }
    let plaats = laatste(plan, t)?;
    let som: i64 = t.levende().map(|r| r.volume).sum();
    let regel = &t.regels[plaats];
    let volume = som - naar_boven(regel.volume, 2);
    let omvang = t.omvang.as_mut().filter(|o| o.frequentie == Frequentie::TOTAAL)?;
    if t.regels.iter().any(|r| r.volume > volume) || som == volume {
        return None;
    }
    omvang.volume = volume;
    Some(vec![t.regels[plaats].volgnummer])
}

/// A function that is listed in a lower tariff group only.
fn lagere_functie(plan: &Plan, worp: &mut Worp, product: u16) -> Option<Functie> {
    let contract = &plan.contract;
    let lager: Vec<usize> = contract
        .van_onderdeel(Onderdeel::Ambulant)
        .filter(|&p| contract.producten[p].sleutel < contract.producten[product as usize].sleutel)
        .filter(|&p| !contract.functies_van(&contract.producten[p].sleutel).is_empty())
        .collect();
    if lager.is_empty() {
        return None;
    }
    let lager = *worp.kies(&lager) as u16;
    Some(functie(plan, worp, lager))
}
