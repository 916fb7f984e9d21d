//! SG02: costs per jeugdige far above those of peers.
//!
//! Per Onderdeel, among aanbieders of the same Perceel. Source: own signal.

use super::{AANBIEDERS, ROBUUSTE_Z, Vergelijking, getal};
use crate::dossier::{Agb, Bsn, Cent, Ernst, Onderdeel};
use crate::regelset::Regelinstelling;
use crate::toetsing::{
    Aanbiedergroep, Bevinding, Check, Controle, Onderwerp, Regel, Selection, Sommen, Uitkomsten,
    Verzameling,
};

pub static REGEL: Regel = Regel {
    code: "SG02",
    titel: "Kosten per jeugdige ver boven vergelijkbare aanbieders",
    wat: "Per aanbieder en onderdeel wordt het gemiddelde bedrag per jeugdige vergeleken met dat van de aanbieders van hetzelfde perceel. Een robuuste z-score boven de grens is een signaal.",
    waarom: "Een groot verschil met vergelijkbare aanbieders vraagt uitleg.",
    nodig: "Perceel van de aanbieder; Onderdeel van het product",
    parameters: &[ROBUUSTE_Z.spec(), AANBIEDERS.spec()],
    checks: &[Check::Dossier { per: Verzameling::Aanbieder(verzamel), besluit }],
    ..Regel::BASE
};

fn besluit(c: &Controle<'_>, sommen: &Sommen, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let vergelijking = Vergelijking::van(instelling, c.laatste_dag());
    for onderdeel in Onderdeel::ALLE {
        let van_onderdeel = sommen.alle().filter(|((_, o), _)| *o == onderdeel as u32);
        let waarden = van_onderdeel.filter_map(|((agb, _), [som, jeugdigen, ..])| {
            Some((c.dossier.aanbieder_nr(Agb(agb))?, som as f64 / jeugdigen as f64))
        });
        for v in vergelijking.opvallend(c, waarden, uit) {
            uit.bevinding(
                Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(v.nr))
                    .on(Selection::Onderdeel(onderdeel))
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

/// By AGB code and Onderdeel the sum in cents and the number of jeugdigen. A line without a Bsn
/// can't be counted to a jeugdige and is left out.
fn verzamel(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
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
    for van_onderdeel in jeugdigen.chunk_by(|a, b| a.0 == b.0) {
        let onderdeel = van_onderdeel[0].0;
        let (som, aantal) = (sommen[usize::from(onderdeel)].0, van_onderdeel.len() as i64);
        uit.sommen.tel((groep.aanbieder.agb.0, onderdeel.into()), [som, aantal, 0, 0]);
    }
}
