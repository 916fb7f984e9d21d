//! Totals without double counting: a line that several rules hit counts once.

use super::bevindingen::{self, Genummerd};
use crate::dossier::{Agb, Cent, Declaratieregel, Ernst, Gemeente, ProductNr, RegelNr};
use crate::toetsing::{Afname, Regeltelling};
use crate::toetsing::{Controle, Onderwerp};
use hashbrown::HashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::hash::Hash;
use std::ops::AddAssign;

/// Amounts at stake: of lines that count, each at most its own amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InGeding {
    pub fout: Cent,
    pub onzekerheid: Cent,
}

impl AddAssign for InGeding {
    fn add_assign(&mut self, erbij: InGeding) {
        self.fout += erbij.fout;
        self.onzekerheid += erbij.onzekerheid;
    }
}

/// Findings that no line's total holds: about no single line, or on a line that isn't live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Apart {
    pub aantal: u64,
    pub bedrag: Cent,
}

/// Totals of a party (an aanbieder or a gemeente).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partijtotaal {
    pub code: String,
    pub regels: u64,
    pub bedrag: Cent,
    pub bevindingen: u64,
    pub in_geding: InGeding,
    /// What of those two no verdict has settled.
    pub open_bevindingen: u64,
    pub open: InGeding,
}

/// What no person has judged yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// Findings per ernst.
    pub aantallen: [u64; 3],
    pub in_geding: InGeding,
    /// As in [`Totalen::apart`].
    pub apart: [Apart; 3],
}

/// All totals of a run.
#[derive(Clone, Debug)]
pub struct Totalen {
    pub in_geding: InGeding,
    /// Per ernst, in the order of [`Ernst::ALLE`].
    pub apart: [Apart; 3],
    pub open: Open,
    pub per_aanbieder: Vec<Partijtotaal>,
    pub per_gemeente: Vec<Partijtotaal>,
    /// Per month of the year in which the line's Einddatum lies.
    pub per_maand: [InGeding; 12],
    /// Live lines of the year that aren't reversed.
    pub regels: u64,
    pub bedrag: Cent,
    /// What to charge on to each gemeente; only under a ruleset that does so.
    pub doorbelasting: Option<Vec<Doorbelasting>>,
}

/// What a gemeente is charged for one product of one aanbieder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doorbelasting {
    pub gemeente: Gemeente,
    pub aanbieder: Agb,
    pub product: ProductNr,
    pub regels: u64,
    pub gedeclareerd: Cent,
    /// What of it is `fout` and what a person must judge, each line counted once.
    pub in_geding: InGeding,
}

impl Doorbelasting {
    pub fn door_te_belasten(&self) -> Cent {
        self.gedeclareerd - self.in_geding.fout
    }
}

/// What the findings on one line come to.
#[derive(Clone, Copy, Default)]
struct Lijntotaal {
    fout: Cent,
    onzekerheid: Cent,
}

impl Totalen {
    pub(super) fn tel(
        controle: &Controle<'_>,
        alle: &[Genummerd],
        telling: &Regeltelling,
    ) -> Totalen {
        let d = controle.dossier;
        // The lines and sums of what is still open; all of them where nothing is judged.
        let iets_beoordeeld = alle.par_iter().any(|b| !b.is_open());
        let op_lijnen = || {
            let (lijnen, apart) = per_lijn(controle, alle, |_| true);
            let (open_lijnen, open_apart) = match iets_beoordeeld {
                true => per_lijn(controle, alle, Genummerd::is_open),
                false => (HashMap::new(), apart),
            };
            let open_lijnen = if iets_beoordeeld { &open_lijnen } else { &lijnen };
            let sommen = Sommen::van(controle, &lijnen, open_lijnen);
            (lijnen, apart, open_apart, sommen)
        };
        let ((lijnen, apart, open_apart, sommen), aantallen) =
            rayon::join(op_lijnen, || Aantallen::van(controle, alle));
        let open =
            Open { aantallen: aantallen.open, in_geding: sommen.totaal.open, apart: open_apart };
        let regels = telling.per_aanbieder.values().map(|(n, _)| n).sum();
        let bedrag = telling.per_aanbieder.values().map(|(_, b)| *b).sum();
        // An aanbieder or gemeente without lines that count is shown if a finding is about it.
        let geen_regels = (0, Cent::NUL);
        let mut aanbieders: BTreeMap<Agb, _> =
            d.aanbieders.iter().map(|a| (a.agb, geen_regels)).collect();
        aanbieders.extend(telling.per_aanbieder.iter().map(|(agb, t)| (*agb, *t)));
        let mut gemeenten = telling.per_gemeente.clone();
        for gemeente in aantallen.per_gemeente.keys() {
            gemeenten.entry(*gemeente).or_insert(geen_regels);
        }
        let doorbelasting =
            controle.regelset.doorbelasting.then(|| doorbelasting(controle, telling, &lijnen));
        Totalen {
            doorbelasting,
            in_geding: sommen.totaal.in_geding,
            apart,
            open,
            per_aanbieder: partijen(aanbieders, &sommen.per_aanbieder, &aantallen.per_aanbieder),
            per_gemeente: partijen(gemeenten, &sommen.per_gemeente, &aantallen.per_gemeente),
            per_maand: sommen.per_maand,
            regels,
            bedrag,
        }
    }
}

/// How many findings there are, and of each party how many, and how many of those are open.
#[derive(Default)]
struct Aantallen {
    /// Per ernst.
    open: [u64; 3],
    per_aanbieder: HashMap<Agb, (u64, u64)>,
    per_gemeente: HashMap<Gemeente, (u64, u64)>,
}

impl Aantallen {
    fn van(controle: &Controle<'_>, alle: &[Genummerd]) -> Aantallen {
        let mut aantallen = Aantallen::default();
        // Findings of one rule are in the order of their parties: they are counted together.
        let (mut partijen, mut samen) = ((None, None), (0, 0));
        for g in alle {
            let is_open = u64::from(g.is_open());
            aantallen.open[g.bevinding.ernst as usize] += is_open;
            let van_deze = bevindingen::partijen(controle, g.bevinding.onderwerp);
            if van_deze != partijen {
                aantallen.tel(partijen, samen);
                (partijen, samen) = (van_deze, (0, 0));
            }
            samen = (samen.0 + 1, samen.1 + is_open);
        }
        aantallen.tel(partijen, samen);
        aantallen
    }

    fn tel(&mut self, (agb, gemeente): (Option<Agb>, Option<Gemeente>), erbij: (u64, u64)) {
        let plekken = [
            agb.map(|agb| self.per_aanbieder.entry(agb).or_default()),
            gemeente.map(|gemeente| self.per_gemeente.entry(gemeente).or_default()),
        ];
        for plek in plekken.into_iter().flatten() {
            *plek = (plek.0 + erbij.0, plek.1 + erbij.1);
        }
    }
}

/// What these findings put at stake on lines that count, each line once.
pub fn in_geding_van(controle: &Controle<'_>, bevindingen: &[Genummerd]) -> InGeding {
    let (lijnen, _) = per_lijn(controle, bevindingen, |_| true);
    let mut som = InGeding::default();
    for (nr, lijn) in &lijnen {
        som += lijn.in_geding(controle.dossier.regel(*nr));
    }
    som
}

/// What the findings that `kies` keeps come to: on each line that counts, and apart.
fn per_lijn(
    controle: &Controle<'_>,
    alle: &[Genummerd],
    kies: fn(&Genummerd) -> bool,
) -> (HashMap<RegelNr, Lijntotaal>, [Apart; 3]) {
    let d = controle.dossier;
    let mut apart = [Apart::default(); 3];
    let mut lijnen: HashMap<RegelNr, Lijntotaal> =
        HashMap::with_capacity(alle.len().min(d.regels.len()));
    let zelfde = |a: &Genummerd, b: &Genummerd| {
        a.regel == b.regel && a.bevinding.onderwerp == b.bevinding.onderwerp
    };
    for groep in alle.chunk_by(zelfde) {
        let telt = match groep[0].bevinding.onderwerp {
            Onderwerp::Regel(nr) => {
                Some(nr).filter(|nr| controle.telt_mee_in_leverjaar(d.regel(*nr)))
            }
            _ => None,
        };
        match telt {
            Some(nr) if groep.iter().any(kies) => {
                lijnen.entry(nr).or_default().neem_op(groep.iter().filter(|g| kies(g)));
            }
            Some(_) => {}
            None => {
                for Genummerd { bevinding, .. } in groep.iter().filter(|g| kies(g)) {
                    let a = &mut apart[bevinding.ernst as usize];
                    a.aantal += 1;
                    a.bedrag += bevinding.bedrag.unwrap_or_default();
                }
            }
        }
    }
    (lijnen, apart)
}

impl Lijntotaal {
    /// What is at stake on the line, never more than its own amount.
    fn in_geding(self, regel: &Declaratieregel) -> InGeding {
        let fout = self.fout.min(regel.ingediend_bedrag);
        let onzekerheid = self.onzekerheid.min(regel.ingediend_bedrag) - fout;
        InGeding { fout, onzekerheid: onzekerheid.minstens_nul() }
    }

    /// The findings of one rule on this line. Where a rule gives both a `fout` and an
    /// `onzekerheid`, their sum counts as its `onzekerheid`.
    fn neem_op<'g>(&mut self, groep: impl Iterator<Item = &'g Genummerd> + Clone) {
        let som = |ernst| -> Cent {
            groep
                .clone()
                .filter(|g| g.bevinding.ernst == ernst)
                .map(|g| g.bevinding.bedrag.unwrap_or_default())
                .sum()
        };
        let (fout, onzeker) = (som(Ernst::Fout), som(Ernst::Onzekerheid));
        self.fout = self.fout.max(fout);
        if groep.clone().any(|g| g.bevinding.ernst == Ernst::Onzekerheid) {
            self.onzekerheid = self.onzekerheid.max(fout + onzeker);
        }
    }
}

/// The live lines of the year by gemeente, aanbieder and product, less what is `fout`.
fn doorbelasting(
    controle: &Controle<'_>,
    telling: &Regeltelling,
    lijnen: &HashMap<RegelNr, Lijntotaal>,
) -> Vec<Doorbelasting> {
    let mut sommen: HashMap<Afname, InGeding> = HashMap::new();
    for (nr, lijn) in lijnen {
        let r = controle.dossier.regel(*nr);
        let afname = (r.gemeente, controle.agb(r.aanbieder), r.product);
        *sommen.entry(afname).or_default() += lijn.in_geding(r);
    }
    telling
        .per_afname
        .iter()
        .map(|(afname, (regels, gedeclareerd))| Doorbelasting {
            gemeente: afname.0,
            aanbieder: afname.1,
            product: afname.2,
            regels: *regels,
            gedeclareerd: *gedeclareerd,
            in_geding: sommen.get(afname).copied().unwrap_or_default(),
        })
        .collect()
}

/// What is at stake at one party, and what of it is open.
#[derive(Clone, Copy, Default)]
struct Partijsom {
    in_geding: InGeding,
    open: InGeding,
}

/// What is at stake on all lines together, and on those of each party and month.
#[derive(Default)]
struct Sommen {
    totaal: Partijsom,
    per_aanbieder: HashMap<Agb, Partijsom>,
    per_gemeente: HashMap<Gemeente, Partijsom>,
    per_maand: [InGeding; 12],
}

impl Sommen {
    /// `open` is of the findings without a verdict; every line in it is in `lijnen` too.
    fn van(
        controle: &Controle<'_>,
        lijnen: &HashMap<RegelNr, Lijntotaal>,
        open: &HashMap<RegelNr, Lijntotaal>,
    ) -> Sommen {
        let mut sommen = Sommen::default();
        for (nr, lijn) in lijnen {
            let regel = controle.dossier.regel(*nr);
            let in_geding = lijn.in_geding(regel);
            let open = open.get(nr).map_or(InGeding::default(), |lijn| lijn.in_geding(regel));
            for som in [
                &mut sommen.totaal,
                sommen.per_aanbieder.entry(controle.agb(regel.aanbieder)).or_default(),
                sommen.per_gemeente.entry(regel.gemeente).or_default(),
            ] {
                som.in_geding += in_geding;
                som.open += open;
            }
            sommen.per_maand[regel.einddatum.maand().rem_euclid(12) as usize] += in_geding;
        }
        sommen
    }
}

fn partijen<K: Copy + Eq + Hash + Display>(
    omzet: BTreeMap<K, (u64, Cent)>,
    sommen: &HashMap<K, Partijsom>,
    bevindingen: &HashMap<K, (u64, u64)>,
) -> Vec<Partijtotaal> {
    omzet
        .into_iter()
        .map(|(partij, (regels, bedrag))| {
            let Partijsom { in_geding, open } = sommen.get(&partij).copied().unwrap_or_default();
            let (bevindingen, open_bevindingen) =
                bevindingen.get(&partij).copied().unwrap_or_default();
            Partijtotaal {
                code: partij.to_string(),
                regels,
                bedrag,
                bevindingen,
                in_geding,
                open_bevindingen,
                open,
            }
        })
        .filter(|p| p.regels > 0 || p.bevindingen > 0)
        .collect()
}
