//! The passes: units of each scope, every rule of it over them in parallel, outcomes counted.
//!
//! What comes out doesn't depend on the number of threads: parts are merged in their own order.
//! A rule that panics is reported as failed and gives no findings; the others go on.

use super::controle::Controle;
use super::groep::{Aanbiedergroep, Jeugdigegroep, Toewijzingsgroep};
use super::groepen::{PerAanbieder, PerJeugdige, PerToewijzing, Stuk, ToewijzingenPerJeugdige};
use super::like_lines::Lijnen;
use super::product_masks::products_of;
use super::rule::{AuditRule, Bereik, Check, Verzameling};
use super::running::{RunningRule, running};
use super::uitkomst::Uitkomsten;
use crate::dossier::{AanbiederNr, ProductNr, RegelNr, ToewijzingNr};
use crate::regelset::Regelinstelling;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// What one rule came to.
pub struct Regeluitkomst {
    pub regel: AuditRule,
    pub uitkomsten: Uitkomsten,
    /// What went wrong in the rule itself; then there are no outcomes.
    pub mislukt: Option<String>,
}

/// Lines that a piece of parallel work takes at a time, about: groups aren't cut. All rules look at
/// them one after the other: with what belongs to them they stay in a core's own cache.
const REGELS_PER_DEEL: usize = 1024;

/// Groups of lines that a piece takes at a time, for the same reason: each has some ten lines, which
/// stand anywhere.
const GROEPEN_PER_DEEL: usize = 64;

/// By what the lines of a dossier are brought together for a pass of rules. Each pass can be run on
/// a part: on all lines of some of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sleutelveld {
    /// Crediting, and the rules over all lines of one aanbieder.
    Aanbieder,
    /// The rules over one line and over all lines on one toewijzing.
    Toewijzing,
    /// The rules over all that one jeugdige got.
    Jeugdige,
}

impl Sleutelveld {
    /// In the order in which they are run: a pass needs what the one before it gave.
    pub const ALLE: [Sleutelveld; 3] =
        [Sleutelveld::Aanbieder, Sleutelveld::Toewijzing, Sleutelveld::Jeugdige];

    pub fn naam(self) -> &'static str {
        match self {
            Sleutelveld::Aanbieder => "aanbieder",
            Sleutelveld::Toewijzing => "toewijzing",
            Sleutelveld::Jeugdige => "jeugdige",
        }
    }
}

/// The pass by aanbieder: of these aanbieders all lines must be there.
pub fn toets_aanbieders(
    controle: &Controle<'_>,
    regels: &[AuditRule],
    aanbieders: &[AanbiederNr],
) -> Vec<Regeluitkomst> {
    let groepen = PerAanbieder::nieuw(controle.dossier);
    tracing::debug!("gegroepeerd per aanbieder");
    let regels = running(controle, regels, |rule| {
        rule.checks().iter().any(|check| {
            matches!(
                check,
                Check::Aanbieder(_) | Check::Dossier { per: Verzameling::Aanbieder(_), .. }
            )
        })
    });
    if regels.is_empty() {
        return Vec::new();
    }
    let aanbieders = groepen.grootste_eerst(aanbieders);
    let maak = |bereik: Deel| {
        let nr = aanbieders[bereik.start];
        Aanbiedergroep::nieuw(controle, nr, groepen.van(nr))
    };
    let werk = |rule: &RunningRule<'_>, groep: &Aanbiedergroep<'_>, uit: &mut Uitkomsten| {
        for check in rule.checks() {
            if let Check::Aanbieder(toets)
            | Check::Dossier { per: Verzameling::Aanbieder(toets), .. } = check
            {
                toets(groep, rule.values, uit);
            }
        }
    };
    let uit = voer_uit(Verdeling::ONGELIJK, &regels, aanbieders.len(), maak, werk);
    tracing::debug!("aanbieders getoetst");
    uit
}

/// The pass by toewijzing: all live lines on some toewijzingen, each by itself and together. Gives
/// the toewijzingen with a line that counts in the audited year as well.
pub fn toets_toewijzingen(
    controle: &Controle<'_>,
    regels: &[AuditRule],
) -> (Vec<Regeluitkomst>, Vec<ToewijzingNr>) {
    let per_toewijzing = PerToewijzing::nieuw(controle.dossier);
    tracing::debug!("gegroepeerd per toewijzing");
    let c = controle;
    let regels = running(c, regels, |rule| {
        rule.own().is_some()
            || rule.checks().iter().any(|check| match check {
                Check::Line(_) | Check::LineKind(_) | Check::Toewijzing(_) => true,
                Check::Dossier { per, .. } => matches!(per, Verzameling::Toewijzing(_)),
                Check::Jeugdige(_) | Check::Aanbieder(_) => false,
            })
    });
    let stukken = per_toewijzing.stukken(REGELS_PER_DEEL);
    let levert: Vec<AtomicBool> =
        (0..per_toewijzing.aantal()).map(|_| AtomicBool::new(false)).collect();
    let maak = |bereik: Deel| {
        let Stuk { groepen, regels } = &stukken[bereik.start];
        let groep = |g| {
            let (nr, regels) = per_toewijzing.groep(g, c.dossier);
            let toewijzing = nr.map(|nr| (nr, c.dossier.toewijzing(nr)));
            let groep = Toewijzingsgroep::nieuw(c, toewijzing, regels);
            levert[g].store(groep.in_leverjaar().is_some(), Relaxed);
            (groep, products_of(c.dossier, regels))
        };
        let groepen: Vec<_> = groepen.clone().map(groep).collect();
        (groepen, Lijnen::nieuw(c, &per_toewijzing.regels()[regels.clone()]))
    };
    type Eenheden<'a> = (Vec<(Toewijzingsgroep<'a>, Vec<ProductNr>)>, Lijnen<'a>);
    let werk = |rule: &RunningRule<'_>, (groepen, lijnen): &Eenheden<'_>, uit: &mut Uitkomsten| {
        for check in rule.checks() {
            if let Check::Toewijzing(toets)
            | Check::Dossier { per: Verzameling::Toewijzing(toets), .. } = check
            {
                for (groep, producten) in groepen {
                    let in_leverjaar = |nr: &RegelNr| c.in_leverjaar(c.dossier.regel(*nr));
                    let regels = groep.regels.iter().copied().filter(in_leverjaar);
                    if rule.concerns(c.dossier, producten, regels, uit) {
                        toets(groep, rule.values, uit);
                    }
                }
            }
        }
        lijnen.toets(rule, uit);
    };
    let uit = voer_uit(Verdeling::per(1), &regels, stukken.len(), maak, werk);
    tracing::debug!("toewijzingen getoetst");
    let leverend = levert.into_iter().enumerate().filter(|(_, levert)| levert.load(Relaxed));
    let met_levering = leverend.filter_map(|(g, _)| per_toewijzing.groep(g, c.dossier).0).collect();
    (uit, met_levering)
}

/// The pass by Bsn: all lines that count in the audited year of some jeugdigen. `met_levering` are
/// the toewijzingen that name these jeugdigen and have such a line of whomever.
pub fn toets_jeugdigen(
    controle: &Controle<'_>,
    regels: &[AuditRule],
    met_levering: &[ToewijzingNr],
) -> Vec<Regeluitkomst> {
    let per_jeugdige = PerJeugdige::nieuw(controle);
    tracing::debug!("gegroepeerd per jeugdige");
    let c = controle;
    let regels = running(c, regels, |rule| rule.bereiken().contains(&Bereik::Jeugdige));
    if regels.is_empty() {
        return Vec::new();
    }
    let toewijzingen = ToewijzingenPerJeugdige::nieuw(c, met_levering);
    let jeugdigen = toewijzingen.samen_met(&per_jeugdige);
    type Eenheden<'a> = Vec<(Jeugdigegroep<'a>, Vec<ProductNr>)>;
    let maak = |bereik: Deel| -> Eenheden<'_> {
        let jeugdigen = jeugdigen[bereik].iter();
        jeugdigen
            .map(|(bsn, regels, toewijzingen)| {
                let groep = Jeugdigegroep { controle: c, bsn: *bsn, regels, toewijzingen };
                (groep, products_of(c.dossier, regels))
            })
            .collect()
    };
    let werk = |rule: &RunningRule<'_>, groepen: &Eenheden<'_>, uit: &mut Uitkomsten| {
        for check in rule.checks() {
            let Check::Jeugdige(toets) = check else { continue };
            for (groep, producten) in groepen {
                if rule.concerns(c.dossier, producten, groep.regels.iter().copied(), uit) {
                    toets(groep, rule.values, uit);
                }
            }
        }
    };
    let uit = voer_uit(Verdeling::per(GROEPEN_PER_DEEL), &regels, jeugdigen.len(), maak, werk);
    tracing::debug!("jeugdigen getoetst");
    uit
}

/// From the outcomes of all passes over all parts to one a rule, in the order of `regels`: what
/// parts counted is added up, and rules over the whole dossier decide on the sums of all parts.
/// A rule that failed on any part has failed.
pub fn besluit(
    controle: &Controle<'_>,
    regels: &[AuditRule],
    delen: Vec<Regeluitkomst>,
) -> Vec<Regeluitkomst> {
    let mut uit: Vec<Regeluitkomst> = regels
        .iter()
        .filter(|r| controle.regelset.regel(r.code).is_some())
        .map(|regel| Tally::default().of(regel))
        .collect();
    for deel in delen {
        if let Some(heel) = uit.iter_mut().find(|u| u.regel.code == deel.regel.code) {
            heel.neem_over(deel);
        }
    }
    uit.into_par_iter()
        .map(|mut u| {
            let mut tally = Tally { uitkomsten: u.uitkomsten, mislukt: u.mislukt };
            if let Some(values) = controle.regelset.regel(u.regel.code) {
                for check in u.regel.checks() {
                    if let Check::Dossier { besluit, .. } = check {
                        let sommen = std::mem::take(&mut tally.uitkomsten.sommen);
                        tally.attempt(values, |uit| besluit(controle, &sommen, values, uit));
                    }
                }
            }
            u = tally.of(&u.regel);
            u.uitkomsten.niet_toetsbaar.sort_unstable();
            u
        })
        .collect()
}

impl Regeluitkomst {
    fn neem_over(&mut self, deel: Regeluitkomst) {
        self.uitkomsten.neem_over(deel.uitkomsten);
        self.mislukt = self.mislukt.take().or(deel.mislukt);
    }
}

/// What a rule comes to while it runs.
#[derive(Default)]
struct Tally {
    uitkomsten: Uitkomsten,
    mislukt: Option<String>,
}

impl Tally {
    /// Adds what some work of the rule comes to, with the source of the rule on each finding; a rule
    /// that panicked has failed, and does no more.
    fn attempt(&mut self, values: &Regelinstelling, werk: impl FnOnce(&mut Uitkomsten)) {
        if self.mislukt.is_some() {
            return;
        }
        let eerder = self.uitkomsten.bevindingen.len();
        if let Err(fout) = catch_unwind(AssertUnwindSafe(|| werk(&mut self.uitkomsten))) {
            self.mislukt = Some(paniektekst(&*fout));
        }
        for bevinding in &mut self.uitkomsten.bevindingen[eerder..] {
            bevinding.bron = values.bron.clone();
        }
    }

    fn merge(&mut self, deel: Tally) {
        self.uitkomsten.neem_over(deel.uitkomsten);
        self.mislukt = self.mislukt.take().or(deel.mislukt);
    }

    /// The rule's outcomes: none where it failed.
    fn of(self, regel: &AuditRule) -> Regeluitkomst {
        let uitkomsten =
            if self.mislukt.is_some() { Uitkomsten::default() } else { self.uitkomsten };
        Regeluitkomst { regel: regel.clone(), uitkomsten, mislukt: self.mislukt }
    }
}

/// Places of the units of one piece of work.
type Deel = std::ops::Range<usize>;

/// How units of work are spread over threads: so many to a piece, and at most so many pieces that one
/// thread takes at once.
struct Verdeling {
    per_deel: usize,
    meeste_delen: usize,
}

impl Verdeling {
    fn per(per_deel: usize) -> Verdeling {
        Verdeling { per_deel, meeste_delen: usize::MAX }
    }

    /// Of units that differ: a few of them may be most of the work.
    const ONGELIJK: Verdeling = Verdeling { per_deel: 1, meeste_delen: 8 };
}

/// Every rule over every unit, `per_deel` units at a time: `maak` makes the units of a piece once
/// for all rules. Pieces are merged in their order.
fn voer_uit<T>(
    Verdeling { per_deel, meeste_delen }: Verdeling,
    regels: &[RunningRule<'_>],
    aantal: usize,
    maak: impl Fn(Deel) -> T + Sync,
    werk: impl Fn(&RunningRule<'_>, &T, &mut Uitkomsten) + Sync,
) -> Vec<Regeluitkomst> {
    let leeg = || -> Vec<Tally> { regels.iter().map(|_| Tally::default()).collect() };
    let delen = aantal.div_ceil(per_deel);
    // What a thread has begun no other can take over: so many pieces at a time.
    let meeste = (delen / (16 * rayon::current_num_threads())).clamp(1, meeste_delen);
    // Next to each other in the order of the pieces: what comes out is in that order.
    let uit = (0..delen)
        .into_par_iter()
        .with_max_len(meeste)
        .fold(leeg, |mut uit, deel| {
            let eenheden = maak(deel * per_deel..((deel + 1) * per_deel).min(aantal));
            for (tally, rule) in uit.iter_mut().zip(regels) {
                tally.attempt(rule.values, |uit| werk(rule, &eenheden, uit));
            }
            uit
        })
        .reduce(leeg, |mut uit, deel| {
            uit.iter_mut().zip(deel).for_each(|(tally, deel)| tally.merge(deel));
            uit
        });
    uit.into_iter().zip(regels).map(|(tally, rule)| tally.of(rule)).collect()
}

fn paniektekst(fout: &(dyn std::any::Any + Send)) -> String {
    let tekst = fout
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| fout.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "onbekende oorzaak".to_owned());
    crate::ground::gemaskeerd(&tekst).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::{
        Agb, BestandNr, Bsn, Cent, Dag, DebetCredit, Declaratieregel, Dossier, Eenheid, Gemeente,
        Gesprekken, Niveau, Onverbonden, ProductNr, Stand, TekstId, Volume, WoordNr,
    };
    use crate::regelset::{Regelset, Regelsetbron};
    use crate::toetsing::{Regel, Uitslag};

    static PANIEK: Regel = Regel {
        code: "TW01",
        checks: &[Check::Line(|_, _| panic!("kind 999900006 past niet"))],
        ..Regel::BASE
    };

    static GOED: Regel =
        Regel { code: "TW02", checks: &[Check::Line(|_, _| Ok(Uitslag::InOrde))], ..Regel::BASE };

    fn dossier() -> Dossier {
        let dag = Dag::van_jmd(2023, 1, 31).unwrap();
        let regel = Declaratieregel {
            ingediend_bedrag: Cent(100),
            geleverd_volume: Volume::heel(1),
            product_tarief: None,
            bsn: Bsn(999_900_006),
            begindatum: dag,
            einddatum: dag,
            ontvangstdatum: None,
            declaratie_dagtekening: None,
            nummers: TekstId::LEEG,
            toewijzing_nummer: WoordNr::LEEG,
            toewijzing: None,
            functie: WoordNr::LEEG,
            hulpverlener: WoordNr::LEEG,
            nevengegevens: None,
            gesprekken: Gesprekken::default(),
            regelnummer: 2,
            bestand: BestandNr(0),
            gemeente: Gemeente(150),
            aanbieder: AanbiederNr(0),
            product: ProductNr(0),
            eenheid: Eenheid::MINUUT,
            debet_credit: DebetCredit::Debet,
            stand: Stand::Levend,
        };
        let rows = Onverbonden {
            regels: vec![regel; 10_000],
            producten: vec![("45".into(), "45T01".into())],
            agbs: vec![Agb(99_000_001)],
            ..Onverbonden::default()
        };
        let (mut dossier, linker) = rows.join(|_, _| None);
        linker.link_whole(&mut dossier);
        dossier
    }

    #[test]
    fn a_rule_that_panics_is_reported_and_the_others_go_on() {
        let dossier = dossier();
        let kenmerken = crate::regels::kenmerken();
        let regelset = Regelset::lees("landelijk", &Regelsetbron::Ingebouwd, &kenmerken).unwrap();
        let controle = Controle::nieuw(&dossier, &regelset, 2023, Niveau::Maand);
        let rules = [(&PANIEK).into(), (&GOED).into()];
        let (outcomes, _) = toets_toewijzingen(&controle, &rules);
        let uit = besluit(&controle, &rules, outcomes);
        assert_eq!(uit.len(), 2);
        let fout = uit[0].mislukt.as_deref().expect("the first rule failed");
        assert!(!fout.contains("999900006"), "no Bsn in a panic: {fout}");
        assert_eq!(uit[0].uitkomsten.getoetst, 0);
        assert_eq!((uit[1].mislukt.as_deref(), uit[1].uitkomsten.getoetst), (None, 10_000));
    }
}
