//! JW11: a gemeente code that isn't in use.
//!
//! By the codes of CBS that were in use in the audited year. Source: iJw TR378.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijnsoort, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "JW11",
    titel: "Onbekende gemeentecode",
    wat: "De gemeentecode van de regel was in het leverjaar niet in gebruik bij het CBS. Dat is een fout.",
    waarom: "Zonder bestaande gemeente is er niemand die de regel kan betalen.",
    nodig: "Gemeente",
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

fn toets(soort: &Lijnsoort<'_>, _: &Regelinstelling) -> Oordeel {
    let c = soort.controle;
    let codes = &c.regelset.gemeentecodes;
    if codes.is_leeg() {
        return Err(Reden::GeenLijst("gemeentecodes"));
    }
    if codes.geldt(soort.gemeente(), c.eerste_dag(), c.laatste_dag()) {
        return Ok(Uitslag::InOrde);
    }
    soort
        .bevinding(Ernst::Fout)
        .gevonden(format!("gemeentecode {}", soort.gemeente()))
        .verwacht(format!("een gemeentecode die in {} in gebruik was", c.jaar))
        .into()
}
