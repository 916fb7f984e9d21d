//! JW04: the same delivery declared twice.
//!
//! Live lines with equal gemeente, toewijzing, product and period; the first in order is the
//! original. At level `contact` also equal volume, amount, Functie and Hulpverlener. Needs
//! ToewijzingNummer. Source: iJw TR389.

use crate::dossier::Ernst;
use crate::dossier::Niveau;
use crate::dossier::*;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Reden, Regel, Toewijzingsgroep, Uitkomsten};
use hashbrown::HashMap;

pub static REGEL: Regel = Regel {
    code: "JW04",
    titel: "Dezelfde levering dubbel gedeclareerd",
    wat: "Levende regels met dezelfde gemeente, toewijzing, hetzelfde product en dezelfde periode. In volgorde is de eerste de oorspronkelijke; elke volgende is een fout. Bij contactregels moeten ook volume, bedrag, functie en hulpverlener gelijk zijn.",
    waarom: "Een levering mag maar één keer worden vergoed.",
    nodig: "ToewijzingNummer; bij contactregels ook Functie en Hulpverlener",
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

/// What makes two lines the same delivery; the last four only at level `contact`.
type Sleutel = (Gemeente, ProductNr, Dag, Dag, Option<(Volume, Cent, WoordNr, WoordNr)>);

fn sleutel(lijn: &Lijn<'_>) -> Result<Sleutel, Reden> {
    let r = lijn.regel;
    if r.toewijzing_nummer.is_leeg() {
        lijn.kolom(Kolom::ToewijzingNummer)?;
        let vrij = lijn.controle.is_beschikkingsvrij(lijn.regel.product);
        return Err(if vrij { Reden::Beschikkingsvrij } else { Reden::GeenToewijzingNummer });
    }
    let contact = match lijn.controle.niveau {
        Niveau::Maand => None,
        Niveau::Contact => {
            lijn.kolom(Kolom::Functie)?;
            lijn.kolom(Kolom::Hulpverlener)?;
            let c = lijn.contact();
            Some((r.geleverd_volume, r.ingediend_bedrag, c.functie, c.hulpverlener))
        }
    };
    Ok((r.gemeente, r.product, r.begindatum, r.einddatum, contact))
}

/// The first line of each delivery: a few are gone through, of many is kept where they are.
enum Eerste {
    Enkele(Vec<(Sleutel, RegelNr)>),
    Vele(HashMap<Sleutel, RegelNr>),
}

impl Eerste {
    fn nieuw(aantal: usize) -> Eerste {
        /// Most toewijzingen have no more lines in a year.
        const ENKELE: usize = 16;
        if aantal <= ENKELE {
            Eerste::Enkele(Vec::with_capacity(aantal))
        } else {
            Eerste::Vele(HashMap::with_capacity(aantal))
        }
    }

    /// The first line of this delivery, which may be this one.
    fn van(&mut self, sleutel: Sleutel, nr: RegelNr) -> RegelNr {
        match self {
            Eerste::Enkele(gezien) => match gezien.iter().find(|(s, _)| *s == sleutel) {
                Some((_, eerder)) => *eerder,
                None => {
                    gezien.push((sleutel, nr));
                    nr
                }
            },
            Eerste::Vele(gezien) => *gezien.entry(sleutel).or_insert(nr),
        }
    }
}

fn toets(groep: &Toewijzingsgroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let mut eerste = Eerste::nieuw(groep.regels.len());
    for lijn in groep.lijnen().filter(|l| groep.controle.in_leverjaar(l.regel)) {
        let sleutel = match sleutel(&lijn) {
            Ok(sleutel) => sleutel,
            Err(reden) => {
                uit.niet_toetsbaar(reden);
                continue;
            }
        };
        uit.getoetst();
        let eerder = eerste.van(sleutel, lijn.nr());
        if eerder != lijn.nr() {
            let d = groep.controle.dossier;
            let origineel = super::gemaskeerd(d.referentie(d.regel(eerder)));
            uit.bevinding(
                lijn.bevinding(Ernst::Fout)
                    .gevonden(format!(
                        "zelfde toewijzing, product en periode als regel {origineel}"
                    ))
                    .verwacht("elke levering één keer"),
            );
        }
    }
}
