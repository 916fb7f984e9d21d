//! Start and stop messages as a frame.

use super::lines::Peildatum;
use crate::dossier::{Dag, RedenBeeindiging, Startstop, werkdagen_after};
use crate::frame::{Frame, Made, small};
use crate::toetsing::AuditContext;

/// A stop that gives no reason.
pub(super) const WITHOUT_REASON: i64 = 0;

/// The messages of the leverjaar up to the peildatum, by the day on which help began or ended and the
/// aanbieder that sent them: is it a start, was it sent within so many working days (`OpTijd`, of those
/// that say when, `Bekend`), and of a final stop its reason.
pub(super) fn startstop(
    context: &AuditContext<'_>,
    peildatum: Peildatum,
    within: Option<i64>,
) -> Made<Option<Frame>> {
    let Some(table) = &context.dossier.startstop else { return Ok(None) };
    let until = peildatum.dag.min(context.last_dag());
    let of_year = |b: &&Startstop| context.first_dag() <= b.datum && b.datum <= until;
    let all = table.per_toewijzing().flatten().chain(table.without_toewijzing());
    let all: Vec<&Startstop> = all.filter(of_year).collect();
    let sent = |b: &Startstop| b.verzonden().ok().flatten();
    let in_time = |b: &Startstop, on: Dag| {
        within.is_some_and(|n| werkdagen_after(b.datum, on) <= n.unsigned_abs())
    };
    let aanbieder =
        |b: &Startstop| context.dossier.aanbieder_nr(b.aanbieder).map_or(-1, |id| id.0.into());
    let reason = |b: &Startstop| {
        let reden = b.reden_beeindiging().ok().flatten();
        reden.map_or(WITHOUT_REASON as i32, |RedenBeeindiging(n)| n.into())
    };
    let is_final = |b: &Startstop| b.is_final_stop() == Ok(true);
    let numbers = |f: &dyn Fn(&Startstop) -> i32| all.iter().map(|b| f(b)).collect();
    Ok(Some(Frame::of(vec![
        small("Aanbieder", numbers(&aanbieder)),
        small("Maand", numbers(&|b| b.datum.maand())),
        small("Start", numbers(&|b| b.is_start().into())),
        small("Bericht", numbers(&|_| 1)),
        small("Bekend", numbers(&|b| (within.is_some() && sent(b).is_some()).into())),
        small("OpTijd", numbers(&|b| sent(b).is_some_and(|on| in_time(b, on)).into())),
        small("Einde", numbers(&|b| is_final(b).into())),
        small("Reden", numbers(&reason)),
    ])?))
}
