//! SG06: no-shows far more often than with peers.
//!
//! Per jeugdige, among aanbieders of the same Perceel. Needs NoShow. Source: own signal.

use super::{AANBIEDERS, ROBUUSTE_Z, Vergelijking, getal};
use crate::dossier::{Agb, Bsn, Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{
    Aanbiedergroep, Bevinding, Check, Controle, Onderwerp, Regel, RestsOn, Sommen, Uitkomsten,
    Verzameling,
};

pub static REGEL: Regel = Regel {
    code: "SG06",
    titel: "No-show vaker dan bij vergelijkbare aanbieders",
    wat: "Per aanbieder wordt het aantal no-shows per jeugdige vergeleken met dat van de aanbieders van hetzelfde perceel. Een robuuste z-score boven de grens is een signaal.",
    waarom: "Veel no-shows kunnen op een andere manier van registreren wijzen.",
    nodig: "NoShow; Perceel van de aanbieder",
    parameters: &[ROBUUSTE_Z.spec(), AANBIEDERS.spec()],
    checks: &[Check::Dossier { per: Verzameling::Aanbieder(verzamel), besluit }],
    rests_on: RestsOn::Where(|l, _| l.bsn() != Bsn::GEEN),
    ..Regel::BASE
};

fn besluit(c: &Controle<'_>, sommen: &Sommen, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let vergelijking = Vergelijking::van(instelling, c.laatste_dag());
    let waarden = sommen.alle().filter_map(|((agb, _), [no_shows, jeugdigen, ..])| {
        Some((c.dossier.aanbieder_nr(Agb(agb))?, no_shows as f64 / jeugdigen as f64))
    });
    for v in vergelijking.opvallend(c, waarden, uit) {
        uit.bevinding(
            Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(v.nr))
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

/// By AGB code the number of no-shows and of jeugdigen, for an aanbieder with lines of a known
/// jeugdige.
fn verzamel(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let mut no_shows = 0_i64;
    let mut jeugdigen: Vec<Bsn> = Vec::new();
    let c = groep.controle;
    for (_, regel) in groep.tellende_regels().filter(|(_, r)| r.bsn != Bsn::GEEN) {
        if let Err(reden) = c.kolom(regel.bestand, Kolom::NoShow) {
            return uit.niet_toetsbaar(reden);
        }
        no_shows += i64::from(c.dossier.no_show(regel));
        if jeugdigen.last() != Some(&regel.bsn) {
            jeugdigen.push(regel.bsn);
        }
    }
    jeugdigen.sort_unstable();
    jeugdigen.dedup();
    if !jeugdigen.is_empty() {
        uit.sommen.tel((groep.aanbieder.agb.0, 0), [no_shows, jeugdigen.len() as i64, 0, 0]);
    }
}
