//! TW14: declared for a month after help had ended.
//!
//! Start and stop messages are no ground to refuse a line: a signal only. Needs stop messages with
//! RedenBeeindiging. Source: ID eis 47, 84; iJw OP364.

use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW14",
    titel: "Gedeclareerd na de stop",
    wat: "De maand van de regel (die van de Einddatum) ligt geheel na de laatste definitieve stop op de toewijzing, en daarna is geen start gemeld. Dat is een signaal.",
    waarom: "Na een definitieve stop is er geen levering; een vergeten start of een onjuiste stop kan de verklaring zijn.",
    nodig: "startstop met RedenBeeindiging",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    if super::toewijzing(lijn)?.is_none() {
        return Ok(Uitslag::NietVanToepassing);
    }
    let berichten = lijn.berichten_met_reden()?;
    let stop = berichten.iter().filter(|b| b.is_definitieve_stop()).map(|b| b.datum).max();
    let herstart = |stop| berichten.iter().any(|b| b.is_start() && b.datum > stop);
    let Some(stop) = stop.filter(|stop| !herstart(*stop)) else { return Ok(Uitslag::InOrde) };
    if lijn.maand().begin() <= stop {
        return Ok(Uitslag::InOrde);
    }
    lijn.bevinding(Ernst::Signaal)
        .gevonden(format!("levering in een maand na de stop van {stop}"))
        .verwacht("geen levering na een definitieve stop, of een nieuwe start")
        .toelichting("Start- en stopberichten zijn op zich geen grond om een regel af te wijzen.")
        .into()
}
