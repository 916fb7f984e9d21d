//! The productieverantwoording: what an aanbieder delivered to a gemeente in a year, by product, as
//! the live lines say, beside what the aanbieder itself accounted for.
//!
//! Counted are the lines that the rules count: live, of the delivery year, with a period that isn't
//! reversed. A jeugdige is counted once in every row, and once in every total.

mod schrijven;

pub use schrijven::schrijf;

use crate::dossier::{
    AanbiederNr, Bsn, Cent, Declaratieregel, Eenheid, Gemeente, ProductNr, Volume,
};
use crate::toetsing::Controle;
use rayon::prelude::*;

/// What one aanbieder delivered to one gemeente.
#[derive(Clone, Debug)]
pub struct Partij {
    pub aanbieder: AanbiederNr,
    pub gemeente: Gemeente,
    /// By product, and by unit where one product was declared in several.
    pub producten: Vec<Productrij>,
    /// All products together.
    pub totaal: Telling,
    /// What the aanbieder accounted for, of the rows that count; `None` without any such row.
    pub verantwoord: Option<Cent>,
}

impl Partij {
    /// Declared less accounted for.
    pub fn verschil(&self) -> Option<Cent> {
        self.verantwoord.map(|v| self.totaal.bedrag - v)
    }
}

/// One product in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Productrij {
    pub product: ProductNr,
    pub eenheid: Eenheid,
    pub volume: Volume,
    pub telling: Telling,
}

/// What lines come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// Different jeugdigen; lines without a Bsn count none.
    pub jeugdigen: u64,
    pub regels: u64,
    pub bedrag: Cent,
}

/// All that is accounted for in a year.
pub struct Productieverantwoording<'a> {
    pub controle: &'a Controle<'a>,
    /// By aanbieder and gemeente.
    pub partijen: Vec<Partij>,
    pub totaal: Telling,
}

/// Line numbers of one aanbieder, gemeente, product and unit follow each other.
type Sleutel = (AanbiederNr, Gemeente, ProductNr, Eenheid);

fn sleutel(r: &Declaratieregel) -> Sleutel {
    (r.aanbieder, r.gemeente, r.product, r.eenheid)
}

fn tel<'r>(regels: impl Iterator<Item = &'r Declaratieregel>) -> Telling {
    let mut telling = Telling::default();
    let mut jeugdigen = Vec::new();
    for r in regels {
        telling.regels += 1;
        telling.bedrag += r.ingediend_bedrag;
        if r.bsn != Bsn::GEEN {
            jeugdigen.push(r.bsn);
        }
    }
    jeugdigen.sort_unstable();
    jeugdigen.dedup();
    telling.jeugdigen = jeugdigen.len() as u64;
    telling
}

impl<'a> Productieverantwoording<'a> {
    pub fn maak(controle: &'a Controle<'a>) -> Productieverantwoording<'a> {
        let d = controle.dossier;
        let mut regels: Vec<&Declaratieregel> =
            d.regels.par_iter().filter(|r| controle.telt_mee_in_leverjaar(r)).collect();
        regels.par_sort_by_key(|r| sleutel(r));
        let totaal = tel(regels.iter().copied());
        let mut partijen: Vec<Partij> = regels
            .chunk_by(|a, b| (a.aanbieder, a.gemeente) == (b.aanbieder, b.gemeente))
            .map(|van_partij| Partij {
                aanbieder: van_partij[0].aanbieder,
                gemeente: van_partij[0].gemeente,
                producten: van_partij
                    .chunk_by(|a, b| sleutel(a) == sleutel(b))
                    .map(|van_product| Productrij {
                        product: van_product[0].product,
                        eenheid: van_product[0].eenheid,
                        volume: Volume(van_product.iter().map(|r| r.geleverd_volume.0).sum()),
                        telling: tel(van_product.iter().copied()),
                    })
                    .collect(),
                totaal: tel(van_partij.iter().copied()),
                verantwoord: None,
            })
            .collect();
        voeg_verantwoord_toe(controle, &mut partijen);
        Productieverantwoording { controle, partijen, totaal }
    }

    /// The parties of each aanbieder, in order.
    pub fn per_aanbieder(&self) -> impl Iterator<Item = &[Partij]> {
        self.partijen.chunk_by(|a, b| a.aanbieder == b.aanbieder)
    }

    /// What one aanbieder delivered to all gemeenten: a jeugdige counts once.
    pub fn totaal_van(&self, aanbieder: AanbiederNr) -> Telling {
        let c = self.controle;
        tel(c
            .dossier
            .regels
            .iter()
            .filter(|r| r.aanbieder == aanbieder && c.telt_mee_in_leverjaar(r)))
    }
}

/// Adds what aanbieders accounted for; where they accounted and nothing was declared, a party of
/// its own.
fn voeg_verantwoord_toe(controle: &Controle<'_>, partijen: &mut Vec<Partij>) {
    let d = controle.dossier;
    if d.productieverantwoording.is_none() {
        return;
    }
    for (i, aanbieder) in d.aanbieders.iter().enumerate() {
        let nr = AanbiederNr(i as u16);
        for v in d.verantwoording_per_gemeente(aanbieder.agb, controle.jaar) {
            let (gemeente, bedrag) = (v.gemeente, v.bedrag());
            match partijen.iter_mut().find(|p| (p.aanbieder, p.gemeente) == (nr, gemeente)) {
                Some(partij) => partij.verantwoord = Some(bedrag),
                None => partijen.push(Partij {
                    aanbieder: nr,
                    gemeente,
                    producten: Vec::new(),
                    totaal: Telling::default(),
                    verantwoord: Some(bedrag),
                }),
            }
        }
    }
    partijen.sort_by_key(|p| (p.aanbieder, p.gemeente));
}
