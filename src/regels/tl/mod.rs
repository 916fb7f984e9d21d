//! Claims that came in late.

pub(crate) mod laat_gedeclareerd;
pub(crate) mod te_laat;
pub(crate) mod te_laat_met_grond;

use crate::dossier::{CreditState, Dag, WordId};
use crate::toetsing::{AanbiederGroup, Line, Outcomes, Reason};
use hashbrown::HashSet;
use std::cell::LazyCell;

/// Why a late line may still be paid, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ground {
    /// A dispute about the toewijzing.
    Dispuut,
    /// The gemeente sent the toewijzing late.
    ToewijzingLaat,
    /// A line of the same delivery was in time and was taken back.
    Correction,
}

/// Deliveries that first came in on time and were taken back.
struct Corrections<'a>(HashSet<(WordId, &'a str, Dag, Dag)>);

impl<'a> Corrections<'a> {
    fn of(group: &'a AanbiederGroup<'_>, dagen: i64) -> Corrections<'a> {
        let on_time = |l: &Line<'_>| l.data.dagen_until_ontvangst().is_some_and(|d| d <= dagen);
        let withdrawn = group.other_lines().filter(|l| l.data.state == CreditState::Withdrawn);
        Corrections(withdrawn.filter(on_time).map(|l| Self::key(&l)).collect())
    }

    fn key(line: &Line<'a>) -> (WordId, &'a str, Dag, Dag) {
        let r = line.data;
        (r.toewijzing_nummer, &line.product.code, r.begindatum, r.einddatum)
    }

    fn contains(&self, line: &Line<'a>) -> bool {
        self.0.contains(&Self::key(line))
    }
}

/// A line that came in too late, by how many days, and the ground for exception, if any.
struct TooLate<'a> {
    line: Line<'a>,
    dagen: i64,
    grond: Option<Ground>,
}

/// The limits that lateness is measured by.
struct Limits {
    /// Days after the month of delivery within which a claim must be in.
    dagen: i64,
    /// Days after the Ingangsdatum after which a toewijzing was sent late.
    toewijzing_laat_na: i64,
}

/// The late lines of an aanbieder; counts those that were tested and those that could not be.
fn too_late_lines<'a>(
    group: &'a AanbiederGroup<'_>,
    limits: &Limits,
    out: &mut Outcomes,
) -> Vec<TooLate<'a>> {
    // Few aanbieders have a late line: only for those it matters what was taken back.
    let correcties = LazyCell::new(|| Corrections::of(group, limits.dagen));
    let late = later_than(group, limits.dagen, out);
    let late: Vec<_> = late.collect();
    let mut found = Vec::with_capacity(late.len());
    for (line, dagen) in late {
        match grond(&line, limits, || correcties.contains(&line)) {
            Ok(grond) => found.push(TooLate { line, dagen, grond }),
            Err(reason) => {
                out.tested -= 1;
                out.not_testable(reason);
            }
        }
    }
    found
}

/// The lines that came in more than so many days after the month of delivery, and how many; counts
/// those that were tested and those that could not be.
fn later_than<'a>(
    group: &'a AanbiederGroup<'_>,
    within: i64,
    out: &mut Outcomes,
) -> impl Iterator<Item = (Line<'a>, i64)> {
    let ontvangsten = group.ontvangsten();
    let mut tested = ontvangsten.dagen.len() as u64;
    for (reason, count) in &ontvangsten.unknown {
        out.not_testable_times(*reason, *count);
        tested -= count;
    }
    out.tested += tested;
    let dagen = ontvangsten.dagen.iter().zip(group.ids());
    dagen.filter_map(move |(dagen, id)| {
        let dagen = dagen.filter(|d| *d > within)?;
        Some((group.context.line(*id), dagen))
    })
}

/// The ground that applies to a late line, if any.
fn grond(
    line: &Line<'_>,
    limits: &Limits,
    is_correctie: impl Fn() -> bool,
) -> Result<Option<Ground>, Reason> {
    if let Ok(t) = line.toewijzing() {
        if t.dispuut()? {
            return Ok(Some(Ground::Dispuut));
        }
        let sent = t.first().sent_or_decided()?;
        if sent > t.ingangsdatum.plus_dagen(limits.toewijzing_laat_na) {
            return Ok(Some(Ground::ToewijzingLaat));
        }
    }
    Ok(is_correctie().then_some(Ground::Correction))
}
