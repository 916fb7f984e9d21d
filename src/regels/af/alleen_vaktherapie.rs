//! AF01: vaktherapie by itself.
//!
//! Needs Functie on every line of the jeugdige. Source: ID XIII 29.

use crate::dossier::{Cent, Ernst};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Jeugdigegroep, Reden, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "AF01",
    titel: "Alleen vaktherapie",
    wat: "Alle regels van een jeugdige in het leverjaar hebben een functie die vaktherapie is. Dat is één onzekerheid per jeugdige, voor de som.",
    waarom: "Vaktherapie is alleen jeugdhulp als onderdeel van een behandeling.",
    nodig: "Functie",
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

fn toets(groep: &Jeugdigegroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    if groep.regels.is_empty() {
        return;
    }
    if groep.controle.regelset.vaktherapie.is_leeg() {
        return uit.niet_toetsbaar(Reden::GeenLijst("vaktherapie"));
    }
    let mut som = Cent::NUL;
    let mut onbekend = None;
    if !groep.controle.kent_functies() {
        let reden = groep.lijnen().find_map(|l| l.functie().err());
        return uit.niet_toetsbaar(reden.unwrap_or(Reden::GeenFunctie));
    }
    for lijn in groep.lijnen() {
        match lijn.functie() {
            Ok(f) if !f.is_vaktherapie => return uit.getoetst(),
            Ok(_) => som += lijn.regel.ingediend_bedrag,
            Err(reden) => onbekend = Some(reden),
        }
    }
    if let Some(reden) = onbekend {
        return uit.niet_toetsbaar(reden);
    }
    uit.getoetst();
    let aantal = groep.regels.len();
    uit.bevinding(
        groep
            .bevinding(Ernst::Onzekerheid)
            .bedrag(som)
            .gevonden(match aantal {
                1 => format!("de enige regel van {} is vaktherapie", groep.controle.jaar),
                n => format!("alle {n} regels van {} zijn vaktherapie", groep.controle.jaar),
            })
            .verwacht("vaktherapie als deel van een behandeling")
            .toelichting("Beoordeel of de behandeling waar dit bij hoort elders is gedeclareerd."),
    );
}
