//! JW09: a period that ends before it begins, or after it was received.
//!
//! A reversed period takes part in no other rule or sum. Source: iJw TR018, TR134.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Lijn, Oordeel, Reden, Regel, Uitkomsten, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW09",
    titel: "Onmogelijke periode",
    wat: "De Einddatum ligt voor de Begindatum, of na de Ontvangstdatum.",
    waarom: "Wat nog niet geleverd is, kan niet worden gedeclareerd; een omgekeerde periode is geen levering.",
    nodig: "Begindatum en Einddatum; Ontvangstdatum voor de toekomst",
    checks: &[Check::Line(ontvangst), Check::Aanbieder(omgekeerd)],
    ..Regel::BASE
};

/// Lines that the other checks leave out.
fn omgekeerd(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    for lijn in groep.omgekeerde_lijnen() {
        let r = lijn.regel;
        uit.oordeel(
            lijn.bevinding(Ernst::Fout)
                .gevonden(format!("begint op {} en eindigt op {}", r.begindatum, r.einddatum))
                .verwacht("een einde dat niet voor het begin ligt")
                .toelichting("De regel doet in geen andere regel of telling mee.")
                .into(),
        );
    }
}

fn ontvangst(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let r = lijn.regel;
    lijn.kolom(Kolom::Ontvangstdatum)?;
    let ontvangst = r.ontvangstdatum.ok_or(Reden::GeenOntvangstdatum)?;
    if r.einddatum <= ontvangst {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Fout)
        .gevonden(format!("eindigt op {}, ontvangen op {ontvangst}", r.einddatum))
        .verwacht("een levering die bij ontvangst voorbij is")
        .into()
}
