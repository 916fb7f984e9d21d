//! The passes: units of each scope, every rule of it over them in parallel, outcomes counted.
//!
//! What comes out doesn't depend on the number of threads: parts are merged in their own order.
//! A rule that panics is reported as failed and gives no findings; the others go on.

use super::controle::Controle;
use super::groep::{Aanbiedergroep, Jeugdigegroep, Toewijzingsgroep};
use super::groepen::{
    self, PerAanbieder, PerJeugdige, PerToewijzing, Stuk, ToewijzingenPerJeugdige,
};
use super::lijn::Lijn;
use super::like_lines::Lijnen;
use super::product_masks::Productmaskers;
use super::rule::{Bereik, Regel, Toets, Verzameling};
use super::uitkomst::Uitkomsten;
use crate::dossier::{AanbiederNr, ToewijzingNr};
use crate::ground::memory;
use crate::regelset::Regelinstelling;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// What one rule came to.
pub struct Regeluitkomst {
    pub regel: &'static Regel,
    pub uitkomsten: Uitkomsten,
    /// What went wrong in the rule itself; then there are no outcomes.
    pub mislukt: Option<String>,
}

/// Lines that a piece of parallel work takes at a time, about: groups aren't cut. All rules look at
/// them one after the other: with what belongs to them they stay in a core's own cache.
const REGELS_PER_DEEL: usize = 1024;

/// With no more lines than this they are grouped for all passes at once, and two passes run beside
/// each other: with more that would take too much memory.
const REGELS_NAAST_ELKAAR: usize = 1 << 22;

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

/// Runs the rules over a dossier in one piece. `voortgang` is told how many of how many passes are
/// done.
pub fn toets(
    controle: &Controle<'_>,
    regels: &[&'static Regel],
    voortgang: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Regeluitkomst> {
    let alle: Vec<AanbiederNr> =
        (0..controle.dossier.aanbieders.len()).map(|i| AanbiederNr(i as u16)).collect();
    let mut uit;
    if controle.dossier.regels.len() <= REGELS_NAAST_ELKAAR {
        let (per_toewijzing, per_jeugdige, per_aanbieder) = groepen::alle(controle);
        tracing::debug!("gegroepeerd");
        let met_levering;
        (uit, met_levering) = toets_per_toewijzing(controle, regels, &per_toewijzing);
        voortgang(1, 3);
        // What one pass does on one core the other fills.
        let (van_jeugdigen, van_aanbieders) = rayon::join(
            || toets_per_jeugdige(controle, regels, &per_jeugdige, &met_levering),
            || toets_per_aanbieder(controle, regels, &per_aanbieder, &alle),
        );
        uit.extend(van_jeugdigen);
        uit.extend(van_aanbieders);
    } else {
        let met_levering;
        (uit, met_levering) = toets_toewijzingen(controle, regels);
        voortgang(1, 3);
        memory::geef_vrij();
        uit.extend(toets_jeugdigen(controle, regels, &met_levering));
        voortgang(2, 3);
        memory::geef_vrij();
        uit.extend(toets_aanbieders(controle, regels, &alle));
    }
    let uit = besluit(controle, regels, uit);
    voortgang(3, 3);
    uit
}

/// The pass by aanbieder: of these aanbieders all lines must be there.
pub fn toets_aanbieders(
    controle: &Controle<'_>,
    regels: &[&'static Regel],
    aanbieders: &[AanbiederNr],
) -> Vec<Regeluitkomst> {
    let per_aanbieder = PerAanbieder::nieuw(controle.dossier);
    tracing::debug!("gegroepeerd per aanbieder");
    toets_per_aanbieder(controle, regels, &per_aanbieder, aanbieders)
}

fn toets_per_aanbieder(
    controle: &Controle<'_>,
    regels: &[&'static Regel],
    groepen: &PerAanbieder,
    aanbieders: &[AanbiederNr],
) -> Vec<Regeluitkomst> {
    let regels = van_bereik(controle, regels, |r| {
        r.bereiken().contains(&Bereik::Aanbieder)
            || matches!(r.toets, Toets::Dossier { per: Verzameling::Aanbieder(_), .. })
    });
    if regels.is_empty() {
        return Vec::new();
    }
    let aanbieders = groepen.grootste_eerst(aanbieders);
    let maak = |bereik: Deel| {
        let nr = aanbieders[bereik.start];
        Aanbiedergroep::nieuw(controle, nr, groepen.van(nr))
    };
    let uit =
        voer_uit(Verdeling::ONGELIJK, &regels, aanbieders.len(), maak, |regel, i, groep, uit| {
            if let Toets::Aanbieder(toets)
            | Toets::JeugdigeEnAanbieder(_, toets)
            | Toets::Dossier { per: Verzameling::Aanbieder(toets), .. } = regel.toets
            {
                toets(groep, i, uit);
            }
        });
    tracing::debug!("aanbieders getoetst");
    uit
}

/// The pass by toewijzing: all live lines on some toewijzingen, each by itself and together. Gives
/// the toewijzingen with a line that counts in the audited year as well.
pub fn toets_toewijzingen(
    controle: &Controle<'_>,
    regels: &[&'static Regel],
) -> (Vec<Regeluitkomst>, Vec<ToewijzingNr>) {
    let per_toewijzing = PerToewijzing::nieuw(controle.dossier);
    tracing::debug!("gegroepeerd per toewijzing");
    toets_per_toewijzing(controle, regels, &per_toewijzing)
}

fn toets_per_toewijzing(
    controle: &Controle<'_>,
    regels: &[&'static Regel],
    per_toewijzing: &PerToewijzing,
) -> (Vec<Regeluitkomst>, Vec<ToewijzingNr>) {
    let c = controle;
    let regels = van_bereik(c, regels, |r| {
        r.bereiken().iter().any(|b| matches!(b, Bereik::Regel | Bereik::Toewijzing))
            || matches!(r.toets, Toets::Dossier { per: Verzameling::Toewijzing(_), .. })
    });
    let gaat_over = Productmaskers::nieuw(c.dossier, &regels);
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
            (groep, gaat_over.van(c.dossier, regels))
        };
        let groepen: Vec<_> = groepen.clone().map(groep).collect();
        (groepen, Lijnen::nieuw(c, &per_toewijzing.regels()[regels.clone()], &gaat_over))
    };
    let mut uit = voer_uit(
        Verdeling::per(1),
        &regels,
        stukken.len(),
        maak,
        |regel, i, (groepen, lijnen), uit| {
            let bit = gaat_over.bit(regel);
            match regel.toets {
                Toets::Toewijzing(toets)
                | Toets::Dossier { per: Verzameling::Toewijzing(toets), .. } => {
                    groepen.iter().for_each(|(groep, _)| toets(groep, i, uit));
                }
                Toets::ToewijzingMet(_, toets) => {
                    let met = groepen.iter().filter(|(_, masker)| masker & bit != 0);
                    met.for_each(|(groep, _)| toets(groep, i, uit));
                }
                _ => lijnen.toets(regel, i, bit, uit),
            }
        },
    );
    let omgekeerd = per_toewijzing.omgekeerd();
    let maak = |bereik: Deel| -> Vec<Lijn<'_>> {
        let lijnen = omgekeerd[bereik].iter().map(|nr| c.lijn(*nr));
        lijnen.filter(|l| c.in_leverjaar(l.regel)).collect()
    };
    let van_omgekeerd = voer_uit(
        Verdeling::per(REGELS_PER_DEEL),
        &regels,
        omgekeerd.len(),
        maak,
        |regel, i, lijnen, uit| {
            if let Toets::OokOmgekeerd(toets) = regel.toets {
                lijnen.iter().for_each(|l| uit.oordeel(toets(l, i)));
            }
        },
    );
    uit.iter_mut().zip(van_omgekeerd).for_each(|(uit, ook)| uit.neem_over(ook));
    tracing::debug!("toewijzingen getoetst");
    let leverend = levert.into_iter().enumerate().filter(|(_, levert)| levert.load(Relaxed));
    let met_levering = leverend.filter_map(|(g, _)| per_toewijzing.groep(g, c.dossier).0).collect();
    (uit, met_levering)
}

/// The pass by Bsn: all lines that count in the audited year of some jeugdigen. `met_levering` are
/// the toewijzingen that name these jeugdigen and have such a line of whomever.
pub fn toets_jeugdigen(
    controle: &Controle<'_>,
    regels: &[&'static Regel],
    met_levering: &[ToewijzingNr],
) -> Vec<Regeluitkomst> {
    let per_jeugdige = PerJeugdige::nieuw(controle);
    tracing::debug!("gegroepeerd per jeugdige");
    toets_per_jeugdige(controle, regels, &per_jeugdige, met_levering)
}

fn toets_per_jeugdige(
    controle: &Controle<'_>,
    regels: &[&'static Regel],
    per_jeugdige: &PerJeugdige,
    met_levering: &[ToewijzingNr],
) -> Vec<Regeluitkomst> {
    let c = controle;
    let regels = van_bereik(c, regels, |r| r.bereiken().contains(&Bereik::Jeugdige));
    if regels.is_empty() {
        return Vec::new();
    }
    let toewijzingen = ToewijzingenPerJeugdige::nieuw(c, met_levering);
    let jeugdigen = toewijzingen.samen_met(per_jeugdige);
    let gaat_over = Productmaskers::nieuw(c.dossier, &regels);
    let maak = |bereik: Deel| -> Vec<(Jeugdigegroep<'_>, u64)> {
        jeugdigen[bereik]
            .iter()
            .map(|(bsn, regels, toewijzingen)| {
                let masker = gaat_over.van(c.dossier, regels);
                (Jeugdigegroep { controle: c, bsn: *bsn, regels, toewijzingen }, masker)
            })
            .collect()
    };
    let uit = voer_uit(
        Verdeling::per(GROEPEN_PER_DEEL),
        &regels,
        jeugdigen.len(),
        maak,
        |regel, i, groepen, uit| {
            let bit = gaat_over.bit(regel);
            for (groep, masker) in groepen {
                match regel.toets {
                    Toets::Jeugdige(toets) | Toets::JeugdigeEnAanbieder(toets, _) => {
                        toets(groep, i, uit);
                    }
                    Toets::JeugdigeMet(_, toets) if masker & bit != 0 => toets(groep, i, uit),
                    _ => {}
                }
            }
        },
    );
    tracing::debug!("jeugdigen getoetst");
    uit
}

/// From the outcomes of all passes over all parts to one a rule, in the order of `regels`: what
/// parts counted is added up, and rules over the whole dossier decide on the sums of all parts.
/// A rule that failed on any part has failed.
pub fn besluit(
    controle: &Controle<'_>,
    regels: &[&'static Regel],
    delen: Vec<Regeluitkomst>,
) -> Vec<Regeluitkomst> {
    let mut uit: Vec<Regeluitkomst> = regels
        .iter()
        .filter(|r| controle.regelset.regel(r.code).is_some())
        .map(|regel| Regeluitkomst::nieuw(regel))
        .collect();
    for deel in delen {
        if let Some(heel) = uit.iter_mut().find(|u| u.regel.code == deel.regel.code) {
            heel.neem_over(deel);
        }
    }
    uit.into_par_iter()
        .map(|mut u| {
            let instelling = controle.regelset.regel(u.regel.code);
            if let (Toets::Dossier { besluit, .. }, Some(instelling), None) =
                (&u.regel.toets, instelling, &u.mislukt)
            {
                let sommen = std::mem::take(&mut u.uitkomsten.sommen);
                u.probeer(|uit| besluit(controle, &sommen, instelling, uit));
            }
            if u.mislukt.is_some() {
                u.uitkomsten = Uitkomsten::default();
            }
            u.uitkomsten.niet_toetsbaar.sort_unstable();
            u
        })
        .collect()
}

impl Regeluitkomst {
    fn nieuw(regel: &'static Regel) -> Regeluitkomst {
        Regeluitkomst { regel, uitkomsten: Uitkomsten::default(), mislukt: None }
    }

    /// Adds what some work of the rule comes to; a rule that panicked has failed, and does no more.
    fn probeer(&mut self, werk: impl FnOnce(&mut Uitkomsten)) {
        if self.mislukt.is_none()
            && let Err(fout) = catch_unwind(AssertUnwindSafe(|| werk(&mut self.uitkomsten)))
        {
            self.mislukt = Some(paniektekst(&*fout));
        }
    }

    fn neem_over(&mut self, deel: Regeluitkomst) {
        self.uitkomsten.neem_over(deel.uitkomsten);
        self.mislukt = self.mislukt.take().or(deel.mislukt);
    }
}

/// The rules of this run for which `past` holds, with their values.
fn van_bereik<'a>(
    controle: &Controle<'a>,
    regels: &[&'static Regel],
    past: impl Fn(&Regel) -> bool,
) -> Vec<(&'static Regel, &'a Regelinstelling)> {
    regels
        .iter()
        .filter(|r| past(r))
        .filter_map(|r| controle.regelset.regel(r.code).map(|i| (*r, i)))
        .collect()
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
fn voer_uit<'r, T>(
    Verdeling { per_deel, meeste_delen }: Verdeling,
    regels: &[(&'static Regel, &'r Regelinstelling)],
    aantal: usize,
    maak: impl Fn(Deel) -> T + Sync,
    werk: impl Fn(&'static Regel, &'r Regelinstelling, &T, &mut Uitkomsten) + Sync,
) -> Vec<Regeluitkomst> {
    let leeg = || -> Vec<Regeluitkomst> {
        regels.iter().map(|(regel, _)| Regeluitkomst::nieuw(regel)).collect()
    };
    let delen = aantal.div_ceil(per_deel);
    // What a thread has begun no other can take over: so many pieces at a time.
    let meeste = (delen / (16 * rayon::current_num_threads())).clamp(1, meeste_delen);
    // Next to each other in the order of the pieces: what comes out is in that order.
    let mut uit = (0..delen)
        .into_par_iter()
        .with_max_len(meeste)
        .fold(leeg, |mut uit, deel| {
            let eenheden = maak(deel * per_deel..((deel + 1) * per_deel).min(aantal));
            for (uit, (regel, instelling)) in uit.iter_mut().zip(regels) {
                uit.probeer(|uit| werk(regel, instelling, &eenheden, uit));
            }
            uit
        })
        .reduce(leeg, |mut uit, deel| {
            uit.iter_mut().zip(deel).for_each(|(uit, deel)| uit.neem_over(deel));
            uit
        });
    for u in uit.iter_mut().filter(|u| u.mislukt.is_some()) {
        u.uitkomsten = Uitkomsten::default();
    }
    uit
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
    use crate::toetsing::Uitslag;

    static PANIEK: Regel = Regel {
        code: "TW01",
        titel: "",
        wat: "",
        waarom: "",
        nodig: "",
        parameters: &[],
        toets: Toets::Regel(|_, _| panic!("kind 999900006 past niet")),
    };

    static GOED: Regel =
        Regel { code: "TW02", toets: Toets::Regel(|_, _| Ok(Uitslag::InOrde)), ..PANIEK };

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
        Onverbonden {
            regels: vec![regel; 10_000],
            producten: vec![("45".into(), "45T01".into())],
            agbs: vec![Agb(99_000_001)],
            ..Onverbonden::default()
        }
        .verbind(|_, _| None)
    }

    #[test]
    fn a_rule_that_panics_is_reported_and_the_others_go_on() {
        let dossier = dossier();
        let kenmerken = crate::regels::kenmerken();
        let regelset = Regelset::lees("landelijk", &Regelsetbron::Ingebouwd, &kenmerken).unwrap();
        let controle = Controle::nieuw(&dossier, &regelset, 2023, Niveau::Maand);
        let uit = toets(&controle, &[&PANIEK, &GOED], &|_, _| {});
        assert_eq!(uit.len(), 2);
        let fout = uit[0].mislukt.as_deref().expect("the first rule failed");
        assert!(!fout.contains("999900006"), "no Bsn in a panic: {fout}");
        assert_eq!(uit[0].uitkomsten.getoetst, 0);
        assert_eq!((uit[1].mislukt.as_deref(), uit[1].uitkomsten.getoetst), (None, 10_000));
    }
}
