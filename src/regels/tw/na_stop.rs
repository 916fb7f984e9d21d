//! TW14: declared for a month after help had ended.
//!
//! Start and stop messages are no ground to refuse a line: a signal only. Needs stop messages with
//! RedenBeeindiging. Source: ID eis 47, 84; iJw OP364.

use crate::dossier::Dag;
use crate::dossier::Ernst;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Lijn, Oordeel, Regel, Toets, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TW14",
    titel: "Gedeclareerd na de stop",
    wat: "De maand van de regel (die van de Einddatum) ligt geheel na de laatste definitieve stop op de toewijzing, en daarna is geen start gemeld. Dat is een signaal.",
    waarom: "Na een definitieve stop is er geen levering; een vergeten start of een onjuiste stop kan de verklaring zijn.",
    nodig: "startstop met RedenBeeindiging",
    parameters: &[],
    toets: Toets::GelijkOfElk(samen, toets),
};

/// The final stop of the line's toewijzing after which nothing started again, or what the rule says
/// without one.
fn laatste_stop(lijn: &Lijn<'_>) -> Result<Dag, Oordeel> {
    if super::toewijzing(lijn).map_err(Err)?.is_none() {
        return Err(Ok(Uitslag::NietVanToepassing));
    }
    let berichten = lijn.berichten_met_reden().map_err(Err)?;
    let stop = berichten.iter().filter(|b| b.is_definitieve_stop()).map(|b| b.datum).max();
    let herstart = |stop| berichten.iter().any(|b| b.is_start() && b.datum > stop);
    stop.filter(|stop| !herstart(*stop)).ok_or(Ok(Uitslag::InOrde))
}

fn samen(lijn: &Lijn<'_>, _: &Regelinstelling) -> Option<Oordeel> {
    laatste_stop(lijn).err()
}

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let stop = match laatste_stop(lijn) {
        Ok(stop) => stop,
        Err(oordeel) => return oordeel,
    };
    if lijn.maand().begin() <= stop {
        return Ok(Uitslag::InOrde);
    }
    Ok(lijn
        .bevinding(Ernst::Signaal, instelling)
        .gevonden(format!("levering in een maand na de stop van {stop}"))
        .verwacht("geen levering na een definitieve stop, of een nieuwe start")
        .toelichting("Start- en stopberichten zijn op zich geen grond om een regel af te wijzen.")
        .into())
}
