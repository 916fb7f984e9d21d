//! JW13: a DeclaratieNummer used for two messages.
//!
//! Only on iJw messages. The first message is the original; each later one is reported. Source:
//! iJw TR333.

use crate::dossier::{Agb, Ernst};
use crate::regelset::Regelinstelling;
use crate::toetsing::{
    Bevinding, Check, Controle, Onderwerp, Regel, Sommen, Uitkomsten, Verzameling,
};
use std::collections::BTreeMap;

pub static REGEL: Regel = Regel {
    code: "JW13",
    titel: "Declaratienummer dubbel",
    wat: "Twee declaratieberichten van één aanbieder hebben hetzelfde DeclaratieNummer. Elk volgend bericht is een fout.",
    waarom: "Met een dubbel nummer is niet vast te stellen op welke declaratie is betaald.",
    nodig: "iJw-berichten (JW323)",
    checks: &[Check::Dossier { per: Verzameling::Niets, besluit }],
    ..Regel::BASE
};

fn besluit(c: &Controle<'_>, _: &Sommen, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let berichten = match super::berichten_van_leverjaar(c) {
        Ok(berichten) => berichten,
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    let alle = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
    let mut eerste: BTreeMap<(Agb, &str), usize> = BTreeMap::new();
    let mut volgorde: Vec<usize> = (0..alle.len()).collect();
    volgorde.sort_by_key(|&i| (alle[i].periode, &alle[i].identificatie, alle[i].bestand));
    for i in volgorde {
        let bericht = &alle[i];
        let sleutel = (bericht.afzender, bericht.declaratie_nummer.as_str());
        let eerder = *eerste.entry(sleutel).or_insert(i);
        if !berichten.contains(&(i as u32)) {
            continue;
        }
        uit.getoetst();
        if eerder != i {
            uit.bevinding(
                Bevinding::nieuw(Ernst::Fout, Onderwerp::Declaratiebericht(i as u32))
                    .gevonden(format!(
                        "bericht {} gebruikt het nummer van bericht {}",
                        super::gemaskeerd(&bericht.identificatie),
                        super::gemaskeerd(&alle[eerder].identificatie)
                    ))
                    .verwacht("een eigen DeclaratieNummer per bericht"),
            );
        }
    }
}
