//! SG02: costs per jeugdige far above those of peers.
//!
//! Per Onderdeel, among aanbieders of the same Perceel. Source: own signal.

use super::{AANBIEDERS, ROBUUSTE_Z, Vergelijking, getal};
use crate::dossier::{Bsn, Cent, Onderdeel};
use crate::regelset::Regelinstelling;
use crate::toetsing::{
    Aanbiedergroep, Bevinding, Dossiergroep, Ernst, Onderwerp, Regel, Toets, Uitkomsten,
};

pub static REGEL: Regel = Regel {
    code: "SG02",
    titel: "Kosten per jeugdige ver boven vergelijkbare aanbieders",
    wat: "Per aanbieder en onderdeel wordt het gemiddelde bedrag per jeugdige vergeleken met dat van de aanbieders van hetzelfde perceel. Een robuuste z-score boven de grens is een signaal.",
    waarom: "Een groot verschil met vergelijkbare aanbieders vraagt uitleg.",
    nodig: "Perceel van de aanbieder; Onderdeel van het product",
    parameters: &[ROBUUSTE_Z, AANBIEDERS],
    toets: Toets::Dossier(toets),
};

/// Of one aanbieder and Onderdeel the amount, and the number of jeugdigen.
type Gemiddelde = Option<(Cent, usize)>;

fn toets(groep: &Dossiergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let dag = c.laatste_dag();
    let vergelijking = Vergelijking::van(instelling, dag);
    let per_aanbieder = groep.per_aanbieder(|a| (a.nr, gemiddelden(a)));
    for (plaats, onderdeel) in Onderdeel::ALLE.into_iter().enumerate() {
        let waarden = per_aanbieder.iter().filter_map(|(nr, gemiddelden)| {
            let (som, jeugdigen) = gemiddelden[plaats]?;
            Some((*nr, som.0 as f64 / jeugdigen as f64))
        });
        for v in vergelijking.opvallend(c, waarden, uit) {
            uit.bevinding(
                Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(v.nr), &instelling.bron)
                    .gevonden(format!(
                        "{}: gemiddeld {} per jeugdige, robuuste z {}",
                        onderdeel.naam(),
                        Cent(v.waarde.round() as i64),
                        getal(v.z, 1)
                    ))
                    .verwacht(format!(
                        "in de buurt van {}, de mediaan van het perceel (z hoogstens {})",
                        Cent(v.mediaan.round() as i64),
                        getal(vergelijking.z, 1)
                    )),
            );
        }
    }
}

/// For each Onderdeel the sum and the number of jeugdigen. A line without a Bsn can't be counted to
/// a jeugdige and is left out.
fn gemiddelden(groep: &Aanbiedergroep<'_>) -> [Gemiddelde; Onderdeel::ALLE.len()] {
    let mut sommen = [Cent::NUL; Onderdeel::ALLE.len()];
    let mut jeugdigen: Vec<(u8, Bsn)> = Vec::new();
    for lijn in groep.tellende_lijnen().filter(|l| l.regel.bsn != Bsn::GEEN) {
        if let Some(onderdeel) = lijn.product.onderdeel() {
            sommen[onderdeel as usize] += lijn.regel.ingediend_bedrag;
            let paar = (onderdeel as u8, lijn.regel.bsn);
            if jeugdigen.last() != Some(&paar) {
                jeugdigen.push(paar);
            }
        }
    }
    jeugdigen.sort_unstable();
    jeugdigen.dedup();
    let mut uit = [None; Onderdeel::ALLE.len()];
    for van_onderdeel in jeugdigen.chunk_by(|a, b| a.0 == b.0) {
        let plaats = usize::from(van_onderdeel[0].0);
        uit[plaats] = Some((sommen[plaats], van_onderdeel.len()));
    }
    uit
}
