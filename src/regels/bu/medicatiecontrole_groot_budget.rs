//! BU07: medicatiecontrole with a large budget.
//!
//! For medicatiecontrole alone one of the two lowest standaardbudgetten is granted. Needs
//! Bijzonderheid and Budget. Source: RTP 5.3.

use super::met_budget;
use crate::dossier::{Bijzonderheid, Cent, Ernst, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "BU07",
    titel: "Medicatiecontrole met een groot budget",
    wat: "Een toewijzing voor medicatiecontrole met een budget boven de grens is een signaal.",
    waarom: "Voor alleen medicatiecontrole worden de laagste standaardbudgetten meegegeven.",
    nodig: "Bijzonderheid en Budget van de toewijzing",
    parameters: &[GRENS.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const GRENS: Parameter<Cent> =
    Parameter::new("grens", "hoogste budget voor alleen medicatiecontrole");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t, budget)) = met_budget(groep, uit) else { return };
    if let Err(reden) = groep.controle.kolom(t.bestand, Kolom::Bijzonderheid) {
        return uit.niet_toetsbaar(reden);
    }
    if !t.bijzonderheden.bevat(Bijzonderheid::Medicatiecontrole) {
        return;
    }
    uit.getoetst();
    let grens = instelling.at(&GRENS, groep.controle.laatste_dag());
    if budget > grens {
        uit.bevinding(
            groep
                .bevinding(nr, Ernst::Signaal)
                .gevonden(format!("budget {budget} voor medicatiecontrole"))
                .verwacht(format!("hoogstens {grens}"))
                .toelichting("Ga na of de toewijzing ook andere hulp omvat."),
        );
    }
}
