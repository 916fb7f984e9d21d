//! Totals without double counting: a line that several rules hit counts once.

use super::bevindingen::Rij;
use super::telling::{Afname, Regeltelling};
use crate::dossier::*;
use crate::toetsing::{Controle, Ernst, Onderwerp};
use hashbrown::HashMap;
use polars_core::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Amounts at stake: of lines that count, each at most its own amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InGeding {
    pub fout: Cent,
    pub onzekerheid: Cent,
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
}

/// All totals of a run.
#[derive(Clone, Debug)]
pub struct Totalen {
    pub in_geding: InGeding,
    /// Per ernst, in the order of [`Ernst::ALLE`].
    pub apart: [Apart; 3],
    pub per_aanbieder: Vec<Partijtotaal>,
    pub per_gemeente: Vec<Partijtotaal>,
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

/// A line with findings, and what they come to.
struct Lijntotaal {
    aanbieder: Option<Agb>,
    gemeente: Option<Gemeente>,
    product: ProductNr,
    ingediend: Cent,
    fout: Cent,
    onzekerheid: Cent,
}

impl Totalen {
    pub(super) fn tel(
        controle: &Controle<'_>,
        rijen: &[Rij<'_>],
        telling: &Regeltelling,
    ) -> PolarsResult<Totalen> {
        let mut apart = [Apart::default(); 3];
        let mut lijnen: HashMap<RegelNr, Lijntotaal> = HashMap::new();
        for groep in rijen.chunk_by(|a, b| a.regel == b.regel && a.onderwerp == b.onderwerp) {
            match (groep[0].onderwerp, &groep[0].van_lijn) {
                (Onderwerp::Regel(nr), Some(van_lijn)) if van_lijn.telt_mee => {
                    let leeg = || Lijntotaal {
                        aanbieder: groep[0].aanbieder,
                        gemeente: groep[0].gemeente,
                        product: van_lijn.product,
                        ingediend: groep[0].ingediend_bedrag.unwrap_or_default(),
                        fout: Cent::NUL,
                        onzekerheid: Cent::NUL,
                    };
                    lijnen.entry(nr).or_insert_with(leeg).neem_op(groep);
                }
                _ => {
                    for r in groep {
                        let a = &mut apart[r.ernst as usize];
                        a.aantal += 1;
                        a.bedrag += r.bedrag_in_geding.unwrap_or_default();
                    }
                }
            }
        }
        let lijntabel = lijntabel(&lijnen)?;
        let som = |kolom: &str| -> PolarsResult<Cent> {
            Ok(Cent(lijntabel.column(kolom)?.i64()?.sum().unwrap_or(0)))
        };
        let in_geding = InGeding { fout: som("fout")?, onzekerheid: som("onzekerheid")? };
        let regels = telling.per_aanbieder.values().map(|(n, _)| n).sum();
        let bedrag = telling.per_aanbieder.values().map(|(_, b)| *b).sum();
        let bevindingen = |sleutel: fn(&Rij<'_>) -> Option<u32>| {
            let mut uit: BTreeMap<u32, u64> = BTreeMap::new();
            for code in rijen.iter().filter_map(sleutel) {
                *uit.entry(code).or_default() += 1;
            }
            uit
        };
        let aanbieders = telling.per_aanbieder.iter().map(|(agb, t)| (agb.0, *t)).collect();
        let gemeenten = telling.per_gemeente.iter().map(|(g, t)| (u32::from(g.0), *t)).collect();
        Ok(Totalen {
            doorbelasting: controle.regelset.doorbelasting.then(|| doorbelasting(telling, &lijnen)),
            in_geding,
            apart,
            per_aanbieder: partijen(
                aanbieders,
                &som_per(&lijntabel, "aanbieder")?,
                &bevindingen(|r| r.aanbieder.map(|a| a.0)),
                |code| Agb(code).to_string(),
            ),
            per_gemeente: partijen(
                gemeenten,
                &som_per(&lijntabel, "gemeente")?,
                &bevindingen(|r| r.gemeente.map(|g| g.0.into())),
                |code| Gemeente(code as u16).to_string(),
            ),
            regels,
            bedrag,
        })
    }
}

impl Lijntotaal {
    /// What is at stake on the line, never more than its own amount.
    fn in_geding(&self) -> InGeding {
        let fout = self.fout.min(self.ingediend);
        let onzekerheid = self.onzekerheid.min(self.ingediend) - fout;
        InGeding { fout, onzekerheid: onzekerheid.minstens_nul() }
    }

    /// The findings of one rule on this line. Where a rule gives both a `fout` and an
    /// `onzekerheid`, their sum counts as its `onzekerheid`.
    fn neem_op(&mut self, groep: &[Rij<'_>]) {
        let som = |ernst| -> Cent {
            groep
                .iter()
                .filter(|r| r.ernst == ernst)
                .map(|r| r.bedrag_in_geding.unwrap_or_default())
                .sum()
        };
        let (fout, onzeker) = (som(Ernst::Fout), som(Ernst::Onzekerheid));
        self.fout = self.fout.max(fout);
        if groep.iter().any(|r| r.ernst == Ernst::Onzekerheid) {
            self.onzekerheid = self.onzekerheid.max(fout + onzeker);
        }
    }
}

/// The live lines of the year by gemeente, aanbieder and product, less what is `fout`.
fn doorbelasting(
    telling: &Regeltelling,
    lijnen: &HashMap<RegelNr, Lijntotaal>,
) -> Vec<Doorbelasting> {
    let mut sommen: HashMap<Afname, InGeding> = HashMap::new();
    for lijn in lijnen.values() {
        if let (Some(gemeente), Some(aanbieder)) = (lijn.gemeente, lijn.aanbieder) {
            let som = sommen.entry((gemeente, aanbieder, lijn.product)).or_default();
            som.fout += lijn.in_geding().fout;
            som.onzekerheid += lijn.in_geding().onzekerheid;
        }
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

/// One row a line with findings: who, where, and what is at stake.
fn lijntabel(lijnen: &HashMap<RegelNr, Lijntotaal>) -> PolarsResult<DataFrame> {
    let kolom = |naam: &str, f: &dyn Fn(&Lijntotaal) -> i64| {
        Column::new(naam.into(), lijnen.values().map(f).collect::<Vec<i64>>())
    };
    DataFrame::new(
        lijnen.len(),
        vec![
            kolom("aanbieder", &|l| l.aanbieder.map_or(-1, |a| a.0.into())),
            kolom("gemeente", &|l| l.gemeente.map_or(-1, |g| g.0.into())),
            kolom("fout", &|l| l.in_geding().fout.0),
            kolom("onzekerheid", &|l| l.in_geding().onzekerheid.0),
        ],
    )
}

/// Sums of what is at stake by a key column.
#[expect(deprecated, reason = "the lazy engine that replaces it would triple the build")]
fn som_per(lijntabel: &DataFrame, sleutel: &str) -> PolarsResult<HashMap<i64, InGeding>> {
    let sommen = lijntabel.group_by([sleutel])?.select(["fout", "onzekerheid"]).sum()?;
    let kolom = |naam: &str| -> PolarsResult<Vec<i64>> {
        Ok(sommen.column(naam)?.i64()?.into_no_null_iter().collect())
    };
    let (sleutels, fout, onzeker) =
        (kolom(sleutel)?, kolom("fout_sum")?, kolom("onzekerheid_sum")?);
    Ok(sleutels
        .into_iter()
        .zip(fout.into_iter().zip(onzeker))
        .map(|(k, (f, o))| (k, InGeding { fout: Cent(f), onzekerheid: Cent(o) }))
        .collect())
}

/// All parties with lines or findings, in the order of their codes.
fn partijen(
    omzet: BTreeMap<u32, (u64, Cent)>,
    in_geding: &HashMap<i64, InGeding>,
    bevindingen: &BTreeMap<u32, u64>,
    code: fn(u32) -> String,
) -> Vec<Partijtotaal> {
    let codes: BTreeSet<u32> = omzet.keys().chain(bevindingen.keys()).copied().collect();
    codes
        .into_iter()
        .map(|nr| {
            let (regels, bedrag) = omzet.get(&nr).copied().unwrap_or_default();
            Partijtotaal {
                code: code(nr),
                regels,
                bedrag,
                bevindingen: bevindingen.get(&nr).copied().unwrap_or(0),
                in_geding: in_geding.get(&i64::from(nr)).copied().unwrap_or_default(),
            }
        })
        .collect()
}
