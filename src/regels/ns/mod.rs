//! No-show: how often, how long, and where none may be declared.

pub(crate) mod no_show_deeltijdpleegzorg;
pub(crate) mod no_show_volle_duur;
pub(crate) mod te_veel_no_shows;
pub(crate) mod te_veel_no_shows_samen;

use crate::dossier::{AanbiederId, Cent, Contact, Kolom, LineId, Niveau, Onderdeel};
use crate::toetsing::{JeugdigeGroup, Line, Reason};

/// Is the line of a part in which no-shows are limited? Not testable without product or column.
fn below_limit(line: &Line<'_>) -> Result<bool, Reason> {
    line.kolom(Kolom::NoShow)?;
    Ok(matches!(line.onderdeel()?, Onderdeel::Ambulant | Onderdeel::Ed))
}

/// A line with a NoShow that can't be read may hold any number of them.
const UNREADABLE: Reason = Reason::Onleesbaar(Kolom::NoShow);

/// Lines with a no-show among those that the limit is about, and how many lines it is about.
struct NoShows {
    lines: Vec<LineId>,
    tested: u64,
    not_testable: Vec<(Reason, u64)>,
    /// Aanbieders of lines whose NoShow can't be read: their sums are at least what they are.
    unknown: Vec<AanbiederId>,
}

impl NoShows {
    fn of(group: &JeugdigeGroup<'_>) -> NoShows {
        let mut out =
            NoShows { lines: Vec::new(), tested: 0, not_testable: Vec::new(), unknown: Vec::new() };
        for &id in group.lines {
            let line = group.context.line(id);
            match below_limit(&line) {
                Ok(false) => {}
                Ok(true) if line.no_show() == 0 => out.tested += 1,
                Ok(true) => out.lines.push(id),
                Err(reason) => {
                    if reason == UNREADABLE {
                        out.unknown.push(line.data.aanbieder);
                    }
                    match out.not_testable.last_mut() {
                        Some((previous, n)) if *previous == reason => *n += 1,
                        _ => out.not_testable.push((reason, 1)),
                    }
                }
            }
        }
        out
    }
}

/// What `excess` of the line's no-shows cost: `None` where a month's sum can't tell.
///
/// A contact is one appointment: its amount by the share of its no-shows. A month's line also
/// holds other time: its amount by the share of its no-show minutes, and of those by no-shows.
fn bedrag_of(line: &Line<'_>, contact: &Contact, excess: u32) -> Result<Option<Cent>, Reason> {
    let (part, whole) = (i64::from(excess), i64::from(contact.no_show));
    let bedrag = line.data.ingediend_bedrag;
    if line.context.niveau == Niveau::Contact {
        return Ok(Some(bedrag.pro_rata(part, whole)));
    }
    line.readable(Kolom::NoShowMinuten)?;
    let Some(minuten) = contact.no_show_minuten else { return Ok(None) };
    let volume = line.data.hundredth_minuten().ok_or(Reason::GeenTijdseenheid)?;
    if volume == 0 {
        return Err(Reason::VolumeNul);
    }
    // What is more than the whole line counts as the line.
    let whole = i128::from(whole) * i128::from(volume);
    let part = (i128::from(minuten.0) * i128::from(part)).min(whole);
    Ok(Some(bedrag.pro_rata(part, whole)))
}

/// Why a finding has no amount.
const NO_BEDRAG: &str = "Het bedrag is uit een maandregel zonder NoShowMinuten niet af te leiden.";

/// Words for a number of no-shows.
fn count(n: u32) -> String {
    if n == 1 { "1 no-show".into() } else { format!("{n} no-shows") }
}
