//! TL02: received too long after the month of delivery, with a ground for exception.
//!
//! The grounds of the contract are a dispute and a toewijzing that the gemeente sent late. A
//! correction of a line that was in time is this program's own reading, not the contract's.
//! Needs Ontvangstdatum. Source: ID eis 35.

use super::{Grenzen, Grond, TeLaat, te_late_regels};
use crate::dossier::{Dag, Ernst};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "TL02",
    titel: "Te laat ingediend, met een grond voor uitzondering",
    wat: "Van regels die te laat zijn ontvangen, wordt gekeken of er een grond voor uitzondering is: een dispuut over de toewijzing, een toewijzing die de gemeente te laat verstuurde, of een correctie van een regel die wel op tijd was. De mildste grond telt.",
    waarom: "Bij een dispuut of een late toewijzing vervalt de aanspraak niet. De correctie is een eigen lezing van dit programma en staat niet in het contract.",
    nodig: "Ontvangstdatum; Dispuut en Toewijzingsdatum van de toewijzing",
    parameters: &[DAGEN.spec(), TOEWIJZING_LAAT_NA.spec()],
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

pub(super) const DAGEN: Parameter<i64> = Parameter::new(
    "dagen",
    "dagen na de maand van levering waarbinnen een declaratie binnen moet zijn",
);

pub(super) const TOEWIJZING_LAAT_NA: Parameter<i64> = Parameter::new(
    "toewijzing_laat_na",
    "dagen na de ingangsdatum waarna een toewijzing te laat is verstuurd",
);

pub(super) fn grenzen(instelling: &Regelinstelling, dag: Dag) -> Grenzen {
    Grenzen {
        dagen: instelling.at(&DAGEN, dag),
        toewijzing_laat_na: instelling.at(&TOEWIJZING_LAAT_NA, dag),
    }
}

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let grenzen = grenzen(instelling, groep.controle.laatste_dag());
    let (grens, laat_na) = (grenzen.dagen, grenzen.toewijzing_laat_na);
    for TeLaat { lijn, dagen, grond } in te_late_regels(groep, &grenzen, uit) {
        let Some(grond) = grond else { continue };
        let ernst = match grond {
            Grond::Dispuut | Grond::ToewijzingLaat => Ernst::Signaal,
            Grond::ToewijzingLaatRegelLater | Grond::Correctie => Ernst::Onzekerheid,
        };
        let toelichting = match (grond, lijn.toewijzing()) {
            (Grond::Dispuut, _) => "Grond: er is een dispuut over de toewijzing.".to_owned(),
            (Grond::Correctie, _) => "Grond (eigen lezing, niet in eis 35): een eerdere regel voor dezelfde levering was op tijd en is teruggenomen.".to_owned(),
            (_, Ok(t)) => format!(
                "Grond: de toewijzing is pas op {} verstuurd, meer dan {laat_na} dagen na de ingangsdatum {}{}",
                t.eerste_toewijzingsdatum,
                t.ingangsdatum,
                if grond == Grond::ToewijzingLaat {
                    format!("; de regel kwam binnen {grens} dagen daarna.")
                } else {
                    format!("; de regel kwam meer dan {grens} dagen daarna.")
                }
            ),
            (_, Err(_)) => String::new(),
        };
        uit.bevinding(
            lijn.bevinding(ernst)
                .geteld(dagen, grens)
                .gevonden(format!("ontvangen {dagen} dagen na de maand van levering"))
                .verwacht(format!("binnen {grens} dagen, tenzij er een grond is"))
                .toelichting(toelichting),
        );
    }
}
