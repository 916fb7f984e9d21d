//! An audit in parts: a dossier of more lines than fit in memory, a pass a key.
//!
//! Every pass takes its lines part by part from files, all lines of some keys together, runs the
//! rules of its scopes on them, and passes on the lines that the next pass needs, by that pass's
//! key. What comes out doesn't depend on how many parts there are.
//!
//! In one process a [`Ronde`] does all of that, with files in a folder. Over many processes an engine
//! brings the parts together, and each step is one call: [`schrijf_inventaris`], [`lees_bestanden`],
//! [`vat_samen`], [`voer_gang_uit`] for each pass, and [`Samengebracht`] at the end. Their rows travel
//! as Arrow ([`Veld`]) and name nothing by a number of the process.

mod doel;
mod gang;
mod inname;
mod lezing;
mod rijen;
mod samen;
mod stand;
mod stroom;
mod uitkomsten;

pub use doel::{Deelfout, Doel};
pub use gang::{neem_deel_in, voer_gang_uit};
pub use inname::Inname;
pub use lezing::{lees_bestanden, schrijf_inventaris, vat_samen};
pub use samen::Samengebracht;
pub use stand::{Kenmerk, Stand};
pub use stroom::{Stroomfout, Type, Veld};

use crate::dossier::Niveau;
use crate::dossier::opslag::{
    Opslag, Regelblok, bak_van_aanbieder, bak_van_jeugdige, bak_van_toewijzing,
};
use crate::dossier::*;
use crate::ground::memory;
use crate::regelset::Regelset;
use crate::toetsing::Regeltelling;
use crate::toetsing::{
    AuditRule, Bereik, Controle, Onderwerp, Regeluitkomst, Selection, Sleutelveld, besluit,
    toets_aanbieders, toets_jeugdigen, toets_toewijzingen,
};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::io;
use std::ops::Range;
use std::path::Path;

/// What is asked of the audit of every part.
pub struct Opdracht<'a> {
    pub regelset: &'a Regelset,
    pub jaar: i32,
    pub niveau: Niveau,
    pub regels: &'a [AuditRule],
    /// Does the rapport show all lines of a toewijzing that a finding was counted on?
    pub met_verloop: bool,
}

/// What one part came to in a pass, and what all parts came to once they are put together.
#[derive(Default)]
pub struct Deeluitkomst {
    /// The findings name lines by their numbers in the whole dossier.
    pub uitkomsten: Vec<Regeluitkomst>,
    pub telling: Regeltelling,
    /// The lines that findings are about or that tell how they came about.
    pub behouden: Behouden,
    /// The toewijzingen with a line that counts in the audited year.
    pub met_levering: Vec<ToewijzingNr>,
    /// Does a line name a function?
    pub kent_functies: bool,
}

/// Lines that the rapport needs of parts that are done; each of them once.
#[derive(Default)]
pub struct Behouden {
    blok: Regelblok,
    nummers: HashSet<u32>,
}

impl Behouden {
    fn neem_op(&mut self, dossier: &Dossier, nr: RegelNr, nummer: u32) {
        if self.nummers.insert(nummer) {
            self.blok.neem_op(dossier, nr, nummer);
        }
    }

    /// Keeps what the rapport shows of these outcomes of a part, of whose lines `nummer` gives the
    /// number in the whole; findings name them by those numbers afterwards.
    fn behoud(
        &mut self,
        dossier: &Dossier,
        nummer: impl Fn(RegelNr) -> u32,
        uitkomsten: &mut [Regeluitkomst],
        met_verloop: bool,
    ) {
        let mut verloop = vec![false; dossier.toewijzingen.len()];
        for u in uitkomsten {
            let toont_verloop = met_verloop && u.regel.bereiken().contains(&Bereik::Toewijzing);
            for bevinding in &mut u.uitkomsten.bevindingen {
                if let Some(Selection::Lines(nrs)) = bevinding.selection.as_deref_mut() {
                    nrs.iter_mut().for_each(|nr| *nr = RegelNr(nummer(*nr)));
                }
                let toewijzing = match &mut bevinding.onderwerp {
                    Onderwerp::Regel(nr) => {
                        let in_geheel = nummer(*nr);
                        self.neem_op(dossier, *nr, in_geheel);
                        let toewijzing = dossier.regel(*nr).toewijzing;
                        *nr = RegelNr(in_geheel);
                        toewijzing
                    }
                    Onderwerp::Toewijzing(nr) => Some(*nr),
                    _ => None,
                };
                if let Some(nr) = toewijzing.filter(|_| toont_verloop) {
                    verloop[nr.plaats()] = true;
                }
            }
        }
        if !verloop.contains(&true) {
            return;
        }
        let in_verloop = |nr: &RegelNr| {
            let r = dossier.regel(*nr);
            r.telt_mee() && r.toewijzing.is_some_and(|t| verloop[t.plaats()])
        };
        let alle = (0..dossier.regels.len() as u32).into_par_iter().map(RegelNr);
        for nr in alle.filter(in_verloop).collect::<Vec<_>>() {
            self.neem_op(dossier, nr, nummer(nr));
        }
    }

    fn plaats(self, dossier: &mut Dossier, uitkomsten: &mut [Regeluitkomst]) {
        plaats(vec![self.blok], dossier, uitkomsten);
    }
}

/// Puts the lines of these blocks into a dossier in the place of what it has, and has the findings
/// name them there.
fn plaats(blokken: Vec<Regelblok>, dossier: &mut Dossier, uitkomsten: &mut [Regeluitkomst]) {
    let mut blok = Regelblok::samen(blokken);
    let plaatsen: HashMap<u32, u32> = blok.nummers.iter().copied().zip(0..).collect();
    uitkomsten.par_iter_mut().with_max_len(1).for_each(|u| {
        for bevinding in &mut u.uitkomsten.bevindingen {
            if let Onderwerp::Regel(nr) = &mut bevinding.onderwerp {
                *nr = RegelNr(plaatsen[&nr.0]);
            }
        }
    });
    dossier.verwissel_regels(&mut blok);
}

/// Lets go of all lines of a dossier but those that the rapport shows of these outcomes: writing needs
/// the memory. `met_verloop` is that of [`Opdracht`].
pub fn houd_getoonde_regels(
    dossier: &mut Dossier,
    uitkomsten: &mut [Regeluitkomst],
    met_verloop: bool,
) {
    // A mark for each line: in the order of the dossier they are soon found and copied.
    let mut getoond = vec![false; dossier.regels.len()];
    let mut verloop = vec![false; dossier.toewijzingen.len()];
    for u in &*uitkomsten {
        let toont_verloop = met_verloop && u.regel.bereiken().contains(&Bereik::Toewijzing);
        for bevinding in &u.uitkomsten.bevindingen {
            let toewijzing = match bevinding.onderwerp {
                Onderwerp::Regel(nr) => {
                    getoond[nr.0 as usize] = true;
                    if toont_verloop { dossier.regel(nr).toewijzing } else { None }
                }
                Onderwerp::Toewijzing(nr) if toont_verloop => Some(nr),
                _ => None,
            };
            if let Some(nr) = toewijzing {
                verloop[nr.plaats()] = true;
            }
        }
    }
    if verloop.contains(&true) {
        getoond.par_iter_mut().zip(&dossier.regels).for_each(|(getoond, r)| {
            *getoond |= r.telt_mee() && r.toewijzing.is_some_and(|t| verloop[t.plaats()]);
        });
    }
    let nummers: Vec<u32> =
        (0_u32..).zip(getoond).filter_map(|(nr, is)| is.then_some(nr)).collect();
    let blokken: Vec<Regelblok> = nummers
        .par_chunks(PER_BLOK)
        .map(|nummers| {
            let mut blok = Regelblok::default();
            blok.regels.reserve_exact(nummers.len());
            blok.nummers.reserve_exact(nummers.len());
            nummers.iter().for_each(|nr| blok.neem_op(dossier, RegelNr(*nr), *nr));
            blok
        })
        .collect();
    plaats(blokken, dossier, uitkomsten);
}

/// Lines that are copied in one task.
const PER_BLOK: usize = 1 << 12;

impl Deeluitkomst {
    /// Adds what a part came to.
    fn neem_op(
        &mut self,
        opdracht: &Opdracht<'_>,
        dossier: &Dossier,
        nummers: &[u32],
        mut uitkomsten: Vec<Regeluitkomst>,
    ) {
        let nummer = |nr: RegelNr| nummers[nr.0 as usize];
        self.behouden.behoud(dossier, nummer, &mut uitkomsten, opdracht.met_verloop);
        self.uitkomsten.extend(uitkomsten);
    }
}

impl Opdracht<'_> {
    fn controle<'a>(&'a self, dossier: &'a Dossier, kent_functies: bool) -> Controle<'a> {
        Controle::nieuw(dossier, self.regelset, self.jaar, self.niveau)
            .met_functies_elders(kent_functies)
    }

    /// The pass by aanbieder over a part that holds all lines of these aanbieders, with their stand.
    pub fn toets_aanbieders(
        &self,
        dossier: &Dossier,
        nummers: &[u32],
        aanbieders: &[AanbiederNr],
        samen: &mut Deeluitkomst,
    ) {
        let controle = self.controle(dossier, false);
        let uitkomsten = toets_aanbieders(&controle, self.regels, aanbieders);
        samen.telling.neem_over(Regeltelling::van(&controle));
        samen.kent_functies |= controle.kent_functies();
        samen.neem_op(self, dossier, nummers, uitkomsten);
    }

    /// The pass by toewijzing over a part that holds all live lines of some toewijzingen.
    pub fn toets_toewijzingen(&self, dossier: &Dossier, nummers: &[u32], samen: &mut Deeluitkomst) {
        let controle = self.controle(dossier, samen.kent_functies);
        let (uitkomsten, met_levering) = toets_toewijzingen(&controle, self.regels);
        samen.met_levering.extend(met_levering);
        samen.neem_op(self, dossier, nummers, uitkomsten);
    }

    /// The pass by Bsn over a part that holds all counting lines of some jeugdigen; `met_levering`
    /// are the toewijzingen of these jeugdigen with a line that counts.
    pub fn toets_jeugdigen(
        &self,
        dossier: &Dossier,
        nummers: &[u32],
        met_levering: &[ToewijzingNr],
        samen: &mut Deeluitkomst,
    ) {
        let controle = self.controle(dossier, samen.kent_functies);
        let uitkomsten = toets_jeugdigen(&controle, self.regels, met_levering);
        samen.neem_op(self, dossier, nummers, uitkomsten);
    }

    /// From what all parts came to in all passes to what the whole dossier came to. `dossier` has no
    /// lines yet; it gets those that the rapport shows.
    pub fn besluit(
        &self,
        dossier: &mut Dossier,
        samen: Deeluitkomst,
    ) -> (Vec<Regeluitkomst>, Regeltelling) {
        let mut uitkomsten = {
            let controle = self.controle(dossier, samen.kent_functies);
            besluit(&controle, self.regels, samen.uitkomsten)
        };
        samen.behouden.plaats(dossier, &mut uitkomsten);
        (uitkomsten, samen.telling)
    }
}

/// What an audit in parts came to. Of all lines the dossier has those that the rapport shows.
pub struct Samengevoegd {
    pub dossier: Dossier,
    pub uitkomsten: Vec<Regeluitkomst>,
    pub telling: Regeltelling,
    /// What the user should know, in Dutch sentences.
    pub waarschuwingen: Vec<String>,
}

/// Told of the pass, and how many of how many lines of it are done.
pub type Meld<'a> = &'a dyn Fn(Sleutelveld, u64, u64);

/// One audit over files of lines.
pub struct Ronde<'a> {
    pub opdracht: &'a Opdracht<'a>,
    pub koppeling: &'a Koppeling,
    /// Where the files of the next passes come.
    pub map: &'a Path,
    /// Bytes that the whole program may use.
    pub geheugen: u64,
    pub meld: Meld<'a>,
}

/// Bytes that a line takes while its part is audited, with its texts and in the groups of a scope: a
/// half more than was seen, for lines in no order and with longer texts.
const PER_REGEL: u64 = 192;

/// Smallest share of the memory that parts may use, however much is in use already.
const MINSTENS_VRIJ: u64 = 4;

impl Ronde<'_> {
    /// Runs all passes. `dossier` has everything but lines; `per_aanbieder` are the lines as they
    /// were read.
    ///
    /// # Errors
    /// What can't be written to the files or read back.
    pub fn toets(
        &self,
        mut dossier: Dossier,
        mut per_aanbieder: Opslag,
    ) -> io::Result<Samengevoegd> {
        let opdracht = self.opdracht;
        let mut samen = Deeluitkomst::default();
        let mut waarschuwingen = Vec::new();
        let mut per_toewijzing = Opslag::nieuw(self.map, Sleutelveld::Toewijzing.naam());
        let mut per_jeugdige = Opslag::nieuw(self.map, Sleutelveld::Jeugdige.naam());
        let bakken = self.aanbieders_per_bak(&dossier);
        let mut afwijzingen = self.koppeling.afwijzingen(&mut dossier);
        self.gang(
            Sleutelveld::Aanbieder,
            &mut per_aanbieder,
            &mut waarschuwingen,
            |deel, blok| {
                dossier.verwissel_regels(blok);
                self.koppeling.koppel(&mut dossier, afwijzingen.as_mut());
                let aanbieders = bakken[deel].concat();
                opdracht.toets_aanbieders(&dossier, &blok.nummers, &aanbieders, &mut samen);
                dossier.verwissel_regels(blok);
                per_toewijzing.voeg_toe(blok, 0..blok.regels.len(), |r| {
                    r.is_levend().then(|| bak_van_toewijzing(r))
                })
            },
        )?;
        dossier.antwoorden = afwijzingen.map(|a| a.telling());
        self.gang(Sleutelveld::Toewijzing, &mut per_toewijzing, &mut waarschuwingen, |_, blok| {
            dossier.verwissel_regels(blok);
            opdracht.toets_toewijzingen(&dossier, &blok.nummers, &mut samen);
            dossier.verwissel_regels(blok);
            let controle = opdracht.controle(&dossier, false);
            per_jeugdige.voeg_toe(blok, 0..blok.regels.len(), |r| {
                let nodig = controle.telt_mee_in_leverjaar(r) && r.bsn != Bsn::GEEN;
                nodig.then(|| bak_van_jeugdige(r.bsn))
            })
        })?;
        let mut met_levering = vec![Vec::new(); Opslag::BAKKEN];
        for nr in std::mem::take(&mut samen.met_levering) {
            met_levering[usize::from(bak_van_jeugdige(dossier.toewijzing(nr).bsn))].push(nr);
        }
        self.gang(Sleutelveld::Jeugdige, &mut per_jeugdige, &mut waarschuwingen, |deel, blok| {
            dossier.verwissel_regels(blok);
            let van_deze = met_levering[deel].concat();
            opdracht.toets_jeugdigen(&dossier, &blok.nummers, &van_deze, &mut samen);
            dossier.verwissel_regels(blok);
            Ok(())
        })?;
        let (uitkomsten, telling) = opdracht.besluit(&mut dossier, samen);
        Ok(Samengevoegd { dossier, uitkomsten, telling, waarschuwingen })
    }

    /// For each file the aanbieders whose lines are in it; those without lines are in the first.
    fn aanbieders_per_bak(&self, dossier: &Dossier) -> Vec<Vec<AanbiederNr>> {
        let mut bak = vec![0_u8; dossier.aanbieders.len()];
        for (gelezen, nr) in self.koppeling.aanbieders() {
            bak[nr.0 as usize] = bak_van_aanbieder(gelezen);
        }
        let mut bakken = vec![Vec::new(); Opslag::BAKKEN];
        for (i, bak) in bak.into_iter().enumerate() {
            bakken[usize::from(bak)].push(AanbiederNr(i as u16));
        }
        bakken
    }

    /// One pass: `werk` on every part.
    fn gang(
        &self,
        veld: Sleutelveld,
        opslag: &mut Opslag,
        waarschuwingen: &mut Vec<String>,
        mut werk: impl FnMut(Range<usize>, &mut Regelblok) -> io::Result<()>,
    ) -> io::Result<()> {
        let totaal: u64 = (0..Opslag::BAKKEN).map(|i| opslag.regels(i)).sum();
        let (mut begin, mut klaar, mut te_groot) = (0, 0, 0);
        (self.meld)(veld, 0, totaal);
        while begin < Opslag::BAKKEN {
            memory::geef_vrij();
            let ruimte = self.ruimte();
            let mut aantal = opslag.regels(begin);
            let mut eind = begin + 1;
            te_groot += u64::from(aantal > ruimte);
            while eind < Opslag::BAKKEN && aantal + opslag.regels(eind) <= ruimte {
                aantal += opslag.regels(eind);
                eind += 1;
            }
            let mut blok = opslag.neem(begin..eind)?;
            werk(begin..eind, &mut blok)?;
            klaar += aantal;
            (self.meld)(veld, klaar, totaal);
            tracing::debug!("{} {begin}..{eind}: {aantal} regels", veld.naam());
            begin = eind;
        }
        if te_groot > 0 {
            waarschuwingen.push(format!(
                "bij de controles per {} paste{} {te_groot} {} niet in het geheugen van --geheugen; daarvoor is meer gebruikt",
                veld.naam(),
                if te_groot == 1 { "" } else { "n" },
                if te_groot == 1 { "deel" } else { "delen" },
            ));
        }
        Ok(())
    }

    /// Lines that a part may have now.
    fn ruimte(&self) -> u64 {
        let vrij = self.geheugen.saturating_sub(memory::in_gebruik().unwrap_or(0));
        vrij.max(self.geheugen / MINSTENS_VRIJ) / PER_REGEL
    }
}
