//! ED03: dyslexia care that the Toegang didn't grant.
//!
//! Needs Verwijzer of the toewijzing. Source: ID 10.4.

use crate::dossier::{Cent, Ernst, Kolom, Onderdeel};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Reden, Regel, RestsOn, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "ED03",
    titel: "Dyslexiezorg niet door de Toegang",
    wat: "Een toewijzing voor dyslexiezorg met een andere verwijzer dan de gemeente is een onzekerheid voor alles wat er in het leverjaar op is gedeclareerd.",
    waarom: "Alleen de Toegang beslist over dyslexiezorg, na een advies van school.",
    nodig: "Verwijzer van de toewijzing",
    parameters: &[VERWIJZERS.spec()],
    checks: &[Check::Toewijzing(toets)],
    rests_on: RestsOn::Where(|l, _| l.controle.in_leverjaar(l.regel)),
    ..Regel::BASE
};

const VERWIJZERS: Parameter<[u8]> =
    Parameter::new("verwijzers", "verwijzers (COD327) die dyslexiezorg mogen toekennen");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = groep.van_onderdeel(Onderdeel::Ed, Kolom::Verwijzer, uit) else {
        return;
    };
    let Some(verwijzer) = t.verwijzer else { return uit.niet_toetsbaar(Reden::GeenVerwijzer) };
    uit.getoetst();
    if instelling.at(&VERWIJZERS, t.ingangsdatum).contains(&verwijzer.0) {
        return;
    }
    let c = groep.controle;
    let som: Cent =
        groep.lijnen().filter(|l| c.in_leverjaar(l.regel)).map(|l| l.regel.ingediend_bedrag).sum();
    uit.bevinding(
        groep
            .bevinding(nr, Ernst::Onzekerheid)
            .bedrag(som)
            .gevonden(format!("dyslexiezorg met verwijzer {verwijzer}"))
            .verwacht("een besluit van de Toegang")
            .toelichting("Beoordeel of de Toegang deze hulp alsnog heeft beoordeeld."),
    );
}
