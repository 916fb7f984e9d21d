//! JW01: a ReferentieNummer used twice by one aanbieder.
//!
//! All lines count, debit and credit, live or not, of every year; the first in order is the
//! original. Source: iJw TR314.

use crate::dossier::{Dossier, Nummerhash, RegelNr};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Ernst, Lijn, Regel, Toets, Uitkomsten};
use hashbrown::HashMap;

pub static REGEL: Regel = Regel {
    code: "JW01",
    titel: "Referentienummer dubbel",
    wat: "Een ReferentieNummer dat dezelfde aanbieder vaker gebruikt. In volgorde is de eerste regel de oorspronkelijke; elke volgende is een fout.",
    waarom: "Met een dubbel nummer is niet vast te stellen welke regel wordt gecrediteerd.",
    nodig: "ReferentieNummer",
    parameters: &[],
    toets: Toets::Aanbieder(toets),
};

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let d = c.dossier;
    uit.getoetst += groep.aantal_in_leverjaar();
    let dubbele = Dubbele::van(groep);
    if dubbele.hashes.is_empty() {
        return;
    }
    for lijn in groep.lijnen().filter(|l| c.in_leverjaar(l.regel)) {
        let Some(eerder) = dubbele.eerste_van(d, &lijn) else { continue };
        if eerder != lijn.nr {
            let origineel = d.regel(eerder);
            uit.bevinding(
                lijn.bevinding(Ernst::Fout, instelling)
                    .gevonden(format!(
                        "nummer al gebruikt voor een regel van {} t/m {}",
                        origineel.begindatum, origineel.einddatum
                    ))
                    .verwacht("een eigen ReferentieNummer per regel"),
            );
        }
    }
}

/// The numbers that more lines have.
struct Dubbele<'a> {
    /// Their hashes, in order.
    hashes: Vec<Nummerhash>,
    /// Each with the first of its lines in order.
    eerste: HashMap<&'a str, RegelNr>,
}

impl<'a> Dubbele<'a> {
    fn van(groep: &Aanbiedergroep<'a>) -> Dubbele<'a> {
        let d = groep.controle.dossier;
        let eerste = eerste_van_dubbele(groep);
        let mut hashes: Vec<Nummerhash> = eerste.values().map(|nr| d.referentiehash(*nr)).collect();
        hashes.sort_unstable();
        Dubbele { hashes, eerste }
    }

    /// The first line with the number of this one, if more have it. The number itself is only looked
    /// at where its hash may be one of them.
    fn eerste_van(&self, d: &Dossier, lijn: &Lijn<'_>) -> Option<RegelNr> {
        self.hashes.binary_search(&d.referentiehash(lijn.nr)).ok()?;
        self.eerste.get(d.referentie(lijn.regel)).copied()
    }
}

fn eerste_van_dubbele<'a>(groep: &Aanbiedergroep<'a>) -> HashMap<&'a str, RegelNr> {
    let d = groep.controle.dossier;
    // Nearly all numbers are used once: only those of which the hash may come back are compared.
    let hashes: Vec<Nummerhash> = groep.nummers().iter().map(|nr| d.referentiehash(*nr)).collect();
    let komt_terug = komen_terug(&hashes);
    let genummerd = hashes.iter().copied().zip(groep.nummers().iter().copied());
    let mut paren: Vec<(Nummerhash, RegelNr)> =
        genummerd.filter(|(hash, _)| komt_terug.binary_search(hash).is_ok()).collect();
    paren.sort_unstable();
    let mut gezien: HashMap<&str, (RegelNr, bool)> = HashMap::new();
    for gelijk in paren.chunk_by(|a, b| a.0 == b.0).filter(|gelijk| gelijk.len() > 1) {
        for &(_, nr) in gelijk {
            gezien
                .entry(d.referentie(d.regel(nr)))
                .and_modify(|(eerste, is_dubbel)| {
                    *is_dubbel = true;
                    if d.vergelijk(nr, *eerste).is_lt() {
                        *eerste = nr;
                    }
                })
                .or_insert((nr, false));
        }
    }
    let dubbele = gezien.into_iter().filter(|(_, (_, is_dubbel))| *is_dubbel);
    dubbele.map(|(referentie, (eerste, _))| (referentie, eerste)).collect()
}

/// All hashes that come more than once, and a few others, in order.
fn komen_terug(hashes: &[Nummerhash]) -> Vec<Nummerhash> {
    /// Bits for each hash, so that few share one.
    const RUIMTE: usize = 16;
    let mut gezien = vec![0_u64; (hashes.len() * RUIMTE / 64 + 1).next_power_of_two()];
    let woorden = gezien.len() - 1;
    let mut terug: Vec<Nummerhash> = hashes
        .iter()
        .copied()
        .filter(|Nummerhash(hash)| {
            let (woord, bit) = ((hash >> 6) as usize & woorden, 1 << (hash & 63));
            let eerder = gezien[woord] & bit != 0;
            gezien[woord] |= bit;
            eerder
        })
        .collect();
    terug.sort_unstable();
    terug.dedup();
    terug
}
