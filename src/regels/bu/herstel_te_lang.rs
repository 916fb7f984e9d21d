//! BU03: a herstel toewijzing longer than herstel may last.
//!
//! Only where the column Budgetsoort says herstel; the duration alone would make it duurzaam.
//! Needs Budgetsoort and Einddatum. Source: RTP 2.4.1.

use super::met_kolom;
use crate::dossier::{Budgetsoort, Ernst, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "BU03",
    titel: "Hersteltoewijzing te lang",
    wat: "Een toewijzing met budgetsoort herstel die langer loopt dan de maximale duur, of geen einddatum heeft, is een onzekerheid.",
    waarom: "Een hersteltraject is eindig; een langere duur kan alleen in overleg.",
    nodig: "Budgetsoort en Einddatum van de toewijzing",
    parameters: &[JAREN.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const JAREN: Parameter<i64> =
    Parameter::new("jaren", "jaren dat een hersteltraject hoogstens duurt");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = met_kolom(groep, Kolom::Budgetsoort, uit) else { return };
    if t.budgetsoort != Some(Budgetsoort::Herstel) {
        return;
    }
    if let Err(reden) = groep.controle.kolom(t.bestand, Kolom::Einddatum) {
        return uit.niet_toetsbaar(reden);
    }
    uit.getoetst();
    let jaren = instelling.at(&JAREN, groep.controle.laatste_dag());
    if !t.termijn().minstens_jaren(jaren as i32) {
        return;
    }
    uit.bevinding(
        groep
            .bevinding(nr, Ernst::Onzekerheid)
            .gevonden(format!("herstel, {}", t.termijn()))
            .verwacht(format!("korter dan {jaren} jaar"))
            .toelichting("Beoordeel of een langere duur is afgesproken."),
    );
}
