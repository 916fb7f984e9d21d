//! JW07: a period that spans months.
//!
//! Source: iJw OP367.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW07",
    titel: "Periode over meer dan één maand",
    wat: "De Begindatum en de Einddatum van een regel liggen in verschillende kalendermaanden.",
    waarom: "Een prestatie wordt per kalendermaand gedeclareerd.",
    nodig: "Begindatum en Einddatum",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let r = lijn.regel;
    if r.begindatum.maandeinde() >= r.einddatum {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Fout)
        .gevonden(format!("{} t/m {}", r.begindatum, r.einddatum))
        .verwacht("een periode binnen één kalendermaand")
        .into()
}
