//! JW01: a ReferentieNummer used twice by one aanbieder.
//!
//! All lines count, debit and credit, live or not, of every year; the first in order is the
//! original. Source: iJw TR314.

use crate::dossier::Ernst;
use crate::dossier::{Nummerhash, RegelNr, Zeef};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "JW01",
    titel: "Referentienummer dubbel",
    wat: "Een ReferentieNummer dat dezelfde aanbieder vaker gebruikt. In volgorde is de eerste regel de oorspronkelijke; elke volgende is een fout.",
    waarom: "Met een dubbel nummer is niet vast te stellen welke regel wordt gecrediteerd.",
    nodig: "ReferentieNummer",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    uit.getoetst += groep.aantal_in_leverjaar();
    for (nr, eerder) in herhalingen(groep) {
        let lijn = c.lijn(nr);
        if c.in_leverjaar(lijn.regel) {
            let origineel = c.dossier.regel(eerder);
            uit.bevinding(
                lijn.bevinding(Ernst::Fout)
                    .gevonden(format!(
                        "nummer al gebruikt voor een regel van {} t/m {}",
                        origineel.begindatum, origineel.einddatum
                    ))
                    .verwacht("een eigen ReferentieNummer per regel"),
            );
        }
    }
}

/// Lines of which another has the number and comes first in order, each with that one.
fn herhalingen(groep: &Aanbiedergroep<'_>) -> Vec<(RegelNr, RegelNr)> {
    let d = groep.controle.dossier;
    // Nearly all numbers are used once: only those of which the hash may come back are compared.
    let hashes: Vec<Nummerhash> = groep.nummers().iter().map(|nr| d.referentiehash(*nr)).collect();
    let (mut gezien, mut komt_terug) = (Zeef::voor(hashes.len()), Zeef::voor(hashes.len()));
    for hash in &hashes {
        if gezien.zet(*hash) {
            komt_terug.zet(*hash);
        }
    }
    let genummerd = hashes.iter().copied().zip(groep.nummers().iter().copied());
    let mut paren: Vec<(Nummerhash, RegelNr)> =
        genummerd.filter(|(hash, _)| komt_terug.laat_door(*hash)).collect();
    paren.sort_unstable();
    let referentie = |nr: RegelNr| d.referentie_bytes(d.regel(nr));
    let mut uit = Vec::new();
    for gelijk in paren.chunk_by_mut(|a, b| a.0 == b.0).filter(|gelijk| gelijk.len() > 1) {
        gelijk.sort_unstable_by(|(_, a), (_, b)| {
            referentie(*a).cmp(referentie(*b)).then_with(|| d.vergelijk(*a, *b))
        });
        for van_nummer in gelijk.chunk_by(|a, b| referentie(a.1) == referentie(b.1)) {
            let (_, eerste) = van_nummer[0];
            uit.extend(van_nummer[1..].iter().map(|(_, nr)| (*nr, eerste)));
        }
    }
    uit.sort_unstable();
    uit
}
