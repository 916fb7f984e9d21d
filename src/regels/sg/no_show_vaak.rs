//! SG06: no-shows far more often than with peers.
//!
//! Per jeugdige, among aanbieders of the same Perceel. Needs NoShow. Source: own signal.

use super::{AANBIEDERS, ROBUUSTE_Z, Vergelijking, getal};
use crate::dossier::{AanbiederNr, Bsn, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{
    Aanbiedergroep, Bevinding, Dossiergroep, Ernst, Onderwerp, Reden, Regel, Toets, Uitkomsten,
};

pub static REGEL: Regel = Regel {
    code: "SG06",
    titel: "No-show vaker dan bij vergelijkbare aanbieders",
    wat: "Per aanbieder wordt het aantal no-shows per jeugdige vergeleken met dat van de aanbieders van hetzelfde perceel. Een robuuste z-score boven de grens is een signaal.",
    waarom: "Veel no-shows kunnen op een andere manier van registreren wijzen.",
    nodig: "NoShow; Perceel van de aanbieder",
    parameters: &[ROBUUSTE_Z, AANBIEDERS],
    toets: Toets::Dossier(toets),
};

fn toets(groep: &Dossiergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let dag = c.laatste_dag();
    let vergelijking = Vergelijking::van(instelling, dag);
    let mut waarden: Vec<(AanbiederNr, f64)> = Vec::new();
    for (nr, per_jeugdige) in groep.per_aanbieder(|a| (a.nr, per_jeugdige(a))) {
        match per_jeugdige {
            Ok(None) => {}
            Ok(Some(waarde)) => waarden.push((nr, waarde)),
            Err(reden) => uit.niet_toetsbaar(reden),
        }
    }
    for v in vergelijking.opvallend(c, waarden, uit) {
        uit.bevinding(
            Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(v.nr), &instelling.bron)
                .gevonden(format!(
                    "{} no-shows per jeugdige, robuuste z {}",
                    getal(v.waarde, 2),
                    getal(v.z, 1)
                ))
                .verwacht(format!(
                    "in de buurt van {}, de mediaan van het perceel (z hoogstens {})",
                    getal(v.mediaan, 2),
                    getal(vergelijking.z, 1)
                )),
        );
    }
}

/// No-shows per jeugdige; `None` for an aanbieder without lines of a known jeugdige.
fn per_jeugdige(groep: &Aanbiedergroep<'_>) -> Result<Option<f64>, Reden> {
    let mut no_shows = 0_u64;
    let mut jeugdigen: Vec<Bsn> = Vec::new();
    for lijn in groep.tellende_lijnen().filter(|l| l.regel.bsn != Bsn::GEEN) {
        lijn.kolom(Kolom::NoShow)?;
        no_shows += u64::from(lijn.contact().no_show);
        if jeugdigen.last() != Some(&lijn.regel.bsn) {
            jeugdigen.push(lijn.regel.bsn);
        }
    }
    jeugdigen.sort_unstable();
    jeugdigen.dedup();
    Ok((!jeugdigen.is_empty()).then(|| no_shows as f64 / jeugdigen.len() as f64))
}
