//! TW13: help began before there was a toewijzing.
//!
//! Needs start messages, and Bijzonderheid of the toewijzing for `crisis`. Source: ID eis 45.

use crate::dossier::{Bijzonderheid, Ernst, Startstop};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Reden, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "TW13",
    titel: "Begonnen voor de toestemming",
    wat: "De eerste start van hulp op een toewijzing ligt voor haar eerste Toewijzingsdatum, zonder dat het om crisis gaat. Dat is een onzekerheid.",
    waarom: "Hulp begint pas als de gemeente haar heeft toegewezen; alleen bij crisis kan dat later volgen.",
    nodig: "startstop; Bijzonderheid van de toewijzing",
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

fn toets(groep: &Toewijzingsgroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = groep.in_leverjaar() else { return };
    let c = groep.controle;
    let berichten = match c.startstop() {
        Ok(tabel) => tabel.van(nr),
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    let starts = berichten.iter().filter(|b| b.is_start());
    let Some(start) = starts.map(|b: &Startstop| b.datum).min() else {
        return uit.niet_toetsbaar(Reden::GeenStartbericht);
    };
    uit.getoetst();
    if start >= t.eerste_toewijzingsdatum || t.bijzonderheden.bevat(Bijzonderheid::Crisis) {
        return;
    }
    let mut b = groep
        .bevinding(nr, Ernst::Onzekerheid)
        .gevonden(format!("hulp begon op {start}"))
        .verwacht(format!(
            "een start op of na {}, de eerste Toewijzingsdatum",
            t.eerste_toewijzingsdatum
        ))
        .toelichting("Beoordeel of de gemeente vooraf toestemming gaf.");
    if !c.kent_bijzonderheid(t) {
        b = b.ook("De kolom Bijzonderheid, waarin crisis kan staan, ontbreekt.");
    }
    uit.bevinding(b);
}
