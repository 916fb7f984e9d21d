//! JW04: the same delivery declared twice.
//!
//! Live lines with equal gemeente, toewijzing, product and period; the first in order is the
//! original. At level `contact` also equal volume, amount, Functie and Hulpverlener. Needs
//! ToewijzingNummer. Source: iJw TR389.

use crate::dossier::{Cent, Dag, Ernst, Gemeente, Kolom, Niveau, ProductNr, Volume, WoordNr};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Reden, Regel, Toewijzingsgroep, Uitkomsten, Uitslag};

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

fn toets(groep: &Toewijzingsgroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    for (lijn, first) in groep.with_first(sleutel) {
        let oordeel = first.and_then(|first| {
            if first.nr() == lijn.nr() {
                return Ok(Uitslag::InOrde);
            }
            let origineel = super::gemaskeerd(groep.controle.dossier.referentie(first.regel));
            lijn.bevinding(Ernst::Fout)
                .gevonden(format!("zelfde toewijzing, product en periode als regel {origineel}"))
                .verwacht("elke levering één keer")
                .into()
        });
        uit.oordeel(oordeel);
    }
}
