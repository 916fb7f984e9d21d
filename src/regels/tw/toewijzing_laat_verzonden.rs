//! TW19: toewijzingen that a gemeente sent late.
//!
//! By the toewijzing's own Gemeente and its version in force, over toewijzingen with a live line in
//! the audited year. Source: ID eis 35, 43c.

use crate::dossier::{Cent, Duizendtallen, Ernst, Gemeente, Toewijzing};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{
    Bevinding, Check, Controle, Lijn, Onderwerp, Regel, RestsOn, Sommen, Toewijzingsgroep,
    Uitkomsten, Verzameling,
};

pub static REGEL: Regel = Regel {
    code: "TW19",
    titel: "Toewijzingen laat verzonden",
    wat: "Toewijzingen waarvan de eerste Toewijzingsdatum meer dan het toegestane aantal dagen na de Ingangsdatum ligt. Per gemeente één signaal met het aantal en de som die in het leverjaar op die toewijzingen is gedeclareerd.",
    waarom: "Een late toewijzing maakt late declaraties onvermijdelijk; dat ligt niet aan de aanbieder.",
    nodig: "Toewijzingsdatum en Ingangsdatum",
    parameters: &[DAGEN.spec()],
    checks: &[Check::Dossier { per: Verzameling::Toewijzing(verzamel), besluit }],
    rests_on: RestsOn::Where(is_laat),
    ..Regel::BASE
};

const DAGEN: Parameter<i64> =
    Parameter::new("dagen", "dagen na de Ingangsdatum waarna een toewijzing te laat is verzonden");

fn is_laat_verzonden(t: &Toewijzing, instelling: &Regelinstelling) -> bool {
    let dagen = instelling.at(&DAGEN, t.ingangsdatum);
    t.eerste_toewijzingsdatum.dagen_na(t.ingangsdatum) > dagen
}

fn is_laat(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> bool {
    lijn.toewijzing().is_ok_and(|t| is_laat_verzonden(t, instelling))
}

/// By gemeente code the number of toewijzingen that were sent late, and what was declared on them
/// in the audited year.
fn verzamel(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((_, t)) = groep.in_leverjaar() else { return };
    uit.getoetst();
    if is_laat_verzonden(t, instelling) {
        let van_jaar = groep.lijnen().filter(|l| groep.controle.in_leverjaar(l.regel));
        let som: Cent = van_jaar.map(|l| l.regel.ingediend_bedrag).sum();
        uit.sommen.tel((t.gemeente.0.into(), 0), [1, som.0, 0, 0]);
    }
}

fn besluit(c: &Controle<'_>, sommen: &Sommen, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let dagen = instelling.at(&DAGEN, c.laatste_dag());
    for ((code, _), [aantal, som, ..]) in sommen.alle() {
        let (gemeente, som) = (Gemeente(code as u16), Cent(som));
        uit.bevinding(
            Bevinding::nieuw(Ernst::Signaal, Onderwerp::Gemeente(gemeente))
                .bedrag(som)
                .gevonden(format!(
                    "{} meer dan {dagen} dagen na de Ingangsdatum verzonden",
                    match aantal {
                        1 => "1 toewijzing".to_owned(),
                        n => format!("{} toewijzingen", Duizendtallen(n.unsigned_abs())),
                    }
                ))
                .verwacht(format!("verzending binnen {dagen} dagen na de Ingangsdatum"))
                .toelichting(format!("Op deze toewijzingen is in {} {som} gedeclareerd.", c.jaar)),
        );
    }
}
