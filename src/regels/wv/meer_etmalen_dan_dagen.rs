//! WV01: more etmalen on a line than its period has days.
//!
//! A toewijzing may allow more than seven a week. Source: ID 9.7; RTP 3.9.1.

use super::{etmalen, is_verblijf};
use crate::dossier::{Ernst, Frequentie, Kolom, Volume};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "WV01",
    titel: "Meer etmalen dan dagen",
    wat: "Een regel voor verblijf met meer etmalen dan er dagen in de periode zijn, is een fout voor het deel erboven, tenzij de toewijzing uitdrukkelijk meer etmalen per week toestaat dan een week dagen heeft.",
    waarom: "Een jeugdige verblijft hoogstens elk etmaal op één plaats.",
    nodig: "Volume in etmalen; Volume en Frequentie van de toewijzing",
    parameters: &[PER_WEEK.spec()],
    about: Some(is_verblijf),
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const PER_WEEK: Parameter<i64> = Parameter::new(
    "per_week",
    "etmalen per week waarboven een toewijzing uitdrukkelijk meer dan dagen toestaat",
);

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let Ok(volume) = lijn.etmalen() else { return Ok(Uitslag::NietVanToepassing) };
    let Some(periode) = lijn.regel.periode() else { return Ok(Uitslag::NietVanToepassing) };
    let dagen = Volume::heel(periode.dagen());
    if volume <= dagen {
        return Ok(Uitslag::InOrde);
    }
    let toegestaan = Volume::heel(instelling.at(&PER_WEEK, lijn.regel.begindatum));
    match lijn.toewijzing() {
        Ok(t) => {
            lijn.controle.kolom(t.bestand, Kolom::Volume)?;
            lijn.controle.kolom(t.bestand, Kolom::Frequentie)?;
            let per_week = t.frequentie == Some(Frequentie::PER_WEEK);
            if per_week && t.volume.is_some_and(|v| v > toegestaan) {
                return Ok(Uitslag::InOrde);
            }
        }
        // A line that names no toewijzing has none that could allow more.
        Err(Reden::GeenToewijzing) => {}
        Err(reden) => return Err(reden),
    }
    lijn.bevinding(Ernst::Fout)
        .bedrag(lijn.deel_van_bedrag(volume.0 - dagen.0, volume.0))
        .gevonden(format!("{} in {periode}", etmalen(volume)))
        .verwacht(format!("hoogstens {}", etmalen(dagen)))
        .into()
}
