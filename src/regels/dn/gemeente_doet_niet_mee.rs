//! DN01: a gemeente that doesn't take part in this part of the contract.
//!
//! By the line's own Gemeente. Source: ID 1.1, 2; RTP Vooraf.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "DN01",
    titel: "Gemeente doet niet mee aan dit onderdeel",
    wat: "Een regel voor een gemeente van de regio die aan dit onderdeel van het contract niet meedoet, is een fout; waar de documenten het niet zeker zeggen, een onzekerheid.",
    waarom: "Een gemeente betaalt via dit contract alleen waaraan zij meedoet.",
    nodig: "Gemeente; Onderdeel van het product",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let deelnames = &soort.controle.regelset.deelnames;
    if deelnames.is_leeg() {
        return Err(Reden::GeenLijst("gemeenten"));
    }
    let Some(deelname) = soort.deelname() else {
        return Ok(Uitslag::NietVanToepassing);
    };
    let Some(onderdelen) = &deelname.onderdelen else { return Ok(Uitslag::InOrde) };
    let onderdeel = soort.onderdeel()?;
    if onderdelen.contains(&onderdeel) {
        return Ok(Uitslag::InOrde);
    }
    let twijfel = deelname.twijfel.contains(&onderdeel);
    let namen: Vec<&str> = onderdelen.iter().map(|o| o.naam()).collect();
    let b = soort
        .bevinding(if twijfel { Ernst::Onzekerheid } else { Ernst::Fout })
        .gevonden(format!("{} voor {}", onderdeel.naam(), deelname.naam))
        .verwacht(format!("alleen {}", namen.join(", ")));
    match twijfel {
        true => b.toelichting(format!(
            "Beoordeel of {} hieraan meedoet: de documenten zeggen het niet uitdrukkelijk.",
            deelname.naam
        )),
        false => b,
    }
    .into()
}
