//! ZL05: a toewijzing for a product that needs none.
//!
//! Source: P5 kenmerk 7.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Reden, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "ZL05",
    titel: "Toewijzing voor een beschikkingsvrij product",
    wat: "Een toewijzing voor een product van perceel 5 is een signaal.",
    waarom: "Perceel 5 is beschikkingsvrij; een toewijzing kan op een verkeerde productcode wijzen.",
    nodig: "ProductCode van de toewijzing",
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

fn toets(groep: &Toewijzingsgroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = groep.in_leverjaar() else { return };
    let c = groep.controle;
    if t.product_code.is_leeg() {
        let reden = c.kolom(t.bestand, Kolom::ProductCode).err();
        return uit.niet_toetsbaar(reden.unwrap_or(Reden::ToewijzingZonderProduct));
    }
    uit.getoetst();
    let eigen = c.dossier.woorden.tekst(t.product_code);
    if c.regelset.beschikkingsvrij.iter().any(|code| code == eigen) {
        uit.bevinding(
            groep
                .bevinding(nr, Ernst::Signaal)
                .gevonden("een toewijzing voor een beschikkingsvrij product")
                .verwacht("een afspraak in plaats van een toewijzing"),
        );
    }
}
