//! TL01: received too long after the month of delivery, without a known ground for exception.
//!
//! The claim lapses when the aanbieder is to blame, which the opdrachtgever judges. Needs
//! Ontvangstdatum. Source: ID eis 35.

use super::te_laat_met_grond::{DAGEN, TOEWIJZING_LAAT_NA, grenzen};
use super::{TeLaat, te_late_regels};
use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "TL01",
    titel: "Te laat ingediend",
    wat: "De dagen tussen het einde van de maand van levering en de ontvangst worden geteld. Zijn het er meer dan toegestaan en is er geen grond voor een uitzondering (zie TL02), dan is dat een onzekerheid.",
    waarom: "De aanspraak op betaling vervalt als de aanbieder verwijtbaar te laat declareert; de opdrachtgever beoordeelt de verwijtbaarheid.",
    nodig: "Ontvangstdatum; voor de gronden ook Dispuut en Toewijzingsdatum van de toewijzing",
    parameters: &[DAGEN.spec(), TOEWIJZING_LAAT_NA.spec()],
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let grenzen = grenzen(instelling, groep.controle.laatste_dag());
    for TeLaat { lijn, dagen, grond } in te_late_regels(groep, &grenzen, uit) {
        if grond.is_some() {
            continue;
        }
        let mut b = lijn
            .bevinding(Ernst::Onzekerheid)
            .geteld(dagen, grenzen.dagen)
            .gevonden(format!("ontvangen {dagen} dagen na de maand van levering"))
            .verwacht(format!("binnen {} dagen", grenzen.dagen))
            .toelichting("De opdrachtgever beoordeelt of de aanbieder dit te verwijten is; dan vervalt de aanspraak.");
        let kent_dispuut = lijn
            .toewijzing()
            .is_ok_and(|t| groep.controle.dossier.heeft_kolom(t.bestand, Kolom::Dispuut));
        if !kent_dispuut {
            b = b.ook("Of er een dispuut over de toewijzing liep, staat niet in de bestanden.");
        }
        uit.bevinding(b);
    }
}
