//! The engine: units of each scope, every rule of it over them in parallel, outcomes counted.
//!
//! What comes out doesn't depend on the number of threads: parts are merged in their own order.
//! A rule that panics is reported as failed and gives no findings; the others go on.

mod controle;
pub mod eigen;
mod groep;
mod groepen;
mod lijn;
mod stappen;
mod telling;
mod uitkomst;

pub use controle::{Controle, Functie, Herkomst};
pub use groep::{Aanbiedergroep, Jeugdigegroep, Ontvangsten, Toewijzingsgroep, Toewijzingsproduct};
pub use lijn::Lijn;
pub use uitkomst::{
    Bevinding, Maat, Onderwerp, Oordeel, Reden, Sommen, Tekst, Uitkomsten, Uitslag,
};

pub use stappen::{STAPPEN, Telling};
pub use telling::{Afname, Regeltelling};

use crate::dossier::*;
use crate::ground::memory;
use crate::regelset::{Parameter, Regelinstelling};
use groepen::{PerAanbieder, PerJeugdige, PerToewijzing, Stuk, ToewijzingenPerJeugdige};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// A rule: what it is, in words, and how it is tested.
pub struct Regel {
    /// Stable code, such as `NS01`; its letters are the family.
    pub code: &'static str,
    /// What it finds, in a few Dutch words.
    pub titel: &'static str,
    /// What exactly is compared, in Dutch.
    pub wat: &'static str,
    /// Why that matters, in Dutch.
    pub waarom: &'static str,
    /// Columns and tables that it needs.
    pub nodig: &'static str,
    pub parameters: &'static [Parameter],
    pub toets: Toets,
}

impl std::fmt::Debug for Regel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}

impl Regel {
    pub fn familie(&self) -> &'static str {
        self.code.trim_end_matches(|c: char| c.is_ascii_digit())
    }

    /// Does it come from a ruleset instead of the program?
    pub fn is_eigen(&self) -> bool {
        matches!(self.toets, Toets::Eigen(_))
    }

    /// The scopes that it looks at; most rules have one.
    pub fn bereiken(&self) -> &'static [Bereik] {
        match self.toets {
            Toets::Regel(_)
            | Toets::Gelijk(_)
            | Toets::GelijkOfElk(..)
            | Toets::OokOmgekeerd(_)
            | Toets::Product(..)
            | Toets::Eigen(_) => &[Bereik::Regel],
            Toets::Toewijzing(_) | Toets::ToewijzingMet(..) => &[Bereik::Toewijzing],
            Toets::Jeugdige(_) | Toets::JeugdigeMet(..) => &[Bereik::Jeugdige],
            Toets::Aanbieder(_) => &[Bereik::Aanbieder],
            Toets::JeugdigeEnAanbieder(..) => &[Bereik::Jeugdige, Bereik::Aanbieder],
            Toets::Dossier { .. } => &[Bereik::Dossier],
        }
    }
}

/// The function of a rule, by the unit that it looks at.
pub enum Toets {
    /// One live line of the audited year that isn't reversed.
    Regel(fn(&Lijn<'_>, &Regelinstelling) -> Oordeel),
    /// The same, of which the verdict follows from what like lines share (see [`Lijn::is_gelijk`]):
    /// it is asked of one of them, and only what it finds is asked of each.
    Gelijk(fn(&Lijn<'_>, &Regelinstelling) -> Oordeel),
    /// The same where like lines share no more than a verdict that settles it for all of them: the
    /// first function gives it, or nothing where each line must be asked.
    GelijkOfElk(
        fn(&Lijn<'_>, &Regelinstelling) -> Option<Oordeel>,
        fn(&Lijn<'_>, &Regelinstelling) -> Oordeel,
    ),
    /// One live line of the audited year, reversed ones too.
    OokOmgekeerd(fn(&Lijn<'_>, &Regelinstelling) -> Oordeel),
    /// One live line of the audited year that isn't reversed, by a user's own conditions.
    Eigen(&'static eigen::Eigencontrole),
    /// All lines on one toewijzing.
    Toewijzing(fn(&Toewijzingsgroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// One live line of the audited year that isn't reversed, of a product for which the first
    /// function holds or that is unknown: the others are skipped without a look.
    Product(fn(&Product) -> bool, fn(&Lijn<'_>, &Regelinstelling) -> Oordeel),
    /// All that one jeugdige got, where a line is of a product for which the first function holds
    /// or that is unknown: the others are skipped without a look.
    JeugdigeMet(fn(&Product) -> bool, fn(&Jeugdigegroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All lines on one toewijzing, where a line is of such a product.
    ToewijzingMet(
        fn(&Product) -> bool,
        fn(&Toewijzingsgroep<'_>, &Regelinstelling, &mut Uitkomsten),
    ),
    /// All that one jeugdige got.
    Jeugdige(fn(&Jeugdigegroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All lines of one aanbieder.
    Aanbieder(fn(&Aanbiedergroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All that one jeugdige got, and all lines of one aanbieder: two looks at one thing.
    JeugdigeEnAanbieder(
        fn(&Jeugdigegroep<'_>, &Regelinstelling, &mut Uitkomsten),
        fn(&Aanbiedergroep<'_>, &Regelinstelling, &mut Uitkomsten),
    ),
    /// All lines together: what compares aanbieders, or is about gemeenten. Each part of the lines
    /// gives its sums; then the sums of all are decided on.
    Dossier {
        per: Verzameling,
        besluit: fn(&Controle<'_>, &Sommen, &Regelinstelling, &mut Uitkomsten),
    },
}

/// What a rule over all lines collects its [`Sommen`] from.
pub enum Verzameling {
    /// Nothing: it looks at tables that are there as a whole.
    Niets,
    /// All lines of one aanbieder.
    Aanbieder(fn(&Aanbiedergroep<'_>, &Regelinstelling, &mut Uitkomsten)),
    /// All lines on one toewijzing.
    Toewijzing(fn(&Toewijzingsgroep<'_>, &Regelinstelling, &mut Uitkomsten)),
}

/// Scope of a rule: what it can be run on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bereik {
    Regel,
    Toewijzing,
    Jeugdige,
    Aanbieder,
    Dossier,
}

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

/// Lines that count in the audited year, with what is looked at once for all rules; like ones stand
/// together.
struct Lijnen<'a> {
    lijnen: Vec<Lijn<'a>>,
    /// Of each of these which choosy rules are about its product.
    maskers: Vec<u64>,
    /// Where each run of like lines ends.
    gelijk_tot: Vec<usize>,
}

impl<'a> Lijnen<'a> {
    /// The lines stand by toewijzing: among so many are like ones looked for.
    const SOORTEN: usize = 8;

    fn nieuw(c: &'a Controle<'a>, nummers: &[RegelNr], gaat_over: &Productmaskers) -> Lijnen<'a> {
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
    fn toets(&self, regel: &Regel, instelling: &Regelinstelling, bit: u64, uit: &mut Uitkomsten) {
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

/// For each product which rules of a scope are about it: a bit for each rule that says so. An
/// unknown product may be any rule's.
struct Productmaskers {
    regels: Vec<&'static Regel>,
    per_product: Vec<u64>,
}

impl Productmaskers {
    /// # Panics
    /// With more than 64 such rules in one scope.
    fn nieuw(dossier: &Dossier, regels: &[(&'static Regel, &Regelinstelling)]) -> Productmaskers {
        type GaatOver = fn(&Product) -> bool;
        let kieskeurig: Vec<(&'static Regel, GaatOver)> = regels
            .iter()
            .filter_map(|(regel, _)| match regel.toets {
                Toets::Product(past, _)
                | Toets::JeugdigeMet(past, _)
                | Toets::ToewijzingMet(past, _) => Some((*regel, past)),
                _ => None,
            })
            .collect();
        assert!(kieskeurig.len() <= 64, "a mask has 64 bits");
        let masker = |p: &Product| {
            let bits = kieskeurig.iter().enumerate();
            let gaat_over = |past: &GaatOver| p.catalogus.is_none() || past(p);
            bits.map(|(i, (_, past))| u64::from(gaat_over(past)) << i).sum()
        };
        Productmaskers {
            per_product: dossier.producten.iter().map(masker).collect(),
            regels: kieskeurig.into_iter().map(|(regel, _)| regel).collect(),
        }
    }

    /// The rule's bit; none for a rule that looks at everything.
    fn bit(&self, regel: &Regel) -> u64 {
        self.regels.iter().position(|r| std::ptr::eq(*r, regel)).map_or(0, |i| 1 << i)
    }

    /// The rules that any of these lines is about.
    fn van(&self, dossier: &Dossier, regels: &[RegelNr]) -> u64 {
        if self.regels.is_empty() {
            return 0;
        }
        let van_product = |nr: &RegelNr| self.per_product[dossier.regel(*nr).product.0 as usize];
        regels.iter().map(van_product).fold(0, |masker, m| masker | m)
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
    use crate::dossier::Niveau;
    use crate::regelset::{Regelset, Regelsetbron};

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
        let uit = toets(&controle, &[&PANIEK, &GOED], &|_, _| {});
        assert_eq!(uit.len(), 2);
        let fout = uit[0].mislukt.as_deref().expect("the first rule failed");
        assert!(!fout.contains("999900006"), "no Bsn in a panic: {fout}");
        assert_eq!(uit[0].uitkomsten.getoetst, 0);
        assert_eq!((uit[1].mislukt.as_deref(), uit[1].uitkomsten.getoetst), (None, 10_000));
    }
}
