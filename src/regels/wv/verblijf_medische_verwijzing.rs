//! WV06: a stay on a medical referral.
//!
//! Needs Verwijzer and Bijzonderheid of the toewijzing. Source: ID 9.6, eis 88.3.

use crate::dossier::{Bijzonderheid, Ernst, Kolom, Onderdeel};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Reden, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "WV06",
    titel: "Verblijf op medische verwijzing",
    wat: "Een toewijzing voor verblijf met een medische verwijzer en zonder toestemming van de gemeente is een signaal.",
    waarom: "Over verblijf beslist de Toegang, ook na een medische verwijzing.",
    nodig: "Verwijzer en Bijzonderheid van de toewijzing",
    parameters: &[VERWIJZERS.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const VERWIJZERS: Parameter<[u8]> = Parameter::new("verwijzers", "medische verwijzers (COD327)");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = groep.van_onderdeel(Onderdeel::Verblijf, Kolom::Verwijzer, uit) else {
        return;
    };
    let Some(verwijzer) = t.verwijzer else { return uit.niet_toetsbaar(Reden::GeenVerwijzer) };
    uit.getoetst();
    let medisch = instelling.at(&VERWIJZERS, t.ingangsdatum).contains(&verwijzer.0);
    if !medisch || t.bijzonderheden.bevat(Bijzonderheid::Toestemming) {
        return;
    }
    let mut b = groep
        .bevinding(nr, Ernst::Signaal)
        .gevonden(format!("verblijf met verwijzer {verwijzer}"))
        .verwacht("een besluit van de Toegang, of toestemming");
    if !groep.controle.kent_bijzonderheid(t) {
        b = b.ook("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
    }
    uit.bevinding(b);
}
