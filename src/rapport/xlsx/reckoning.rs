//! What verdicts on the listed findings come to, as formulas: each line once, as a rapport of the next
//! run counts it (see [`crate::rapport::terugvordering`]).
//!
//! A finding whose lines no other finding rests on is reckoned where it stands. The others are reckoned
//! line by line on a sheet of their own: a row for each line of each, which takes what rows above it
//! leave of that line.

use crate::dossier::{Cent, Eindoordeel, LineId};
use crate::rapport::{Numbered, Rapport};
use crate::toetsing::{Subject, shares};
use hashbrown::HashMap;
use std::ops::Range;

/// Name of the sheet.
pub(super) const REKENBLAD: &str = "Rekenblad";
/// The row under its header, as a spreadsheet counts.
pub(super) const FIRST_ROW: usize = 5;
/// Its rows at most.
const MOST_ROWS: usize = 1_000_000;

/// How a finding's claim is reckoned.
pub(super) enum Reckoned {
    /// It lies on no line: nothing can be asked back of one.
    None,
    /// Where it stands: the finding's own amount, and what its lines declare.
    Whole { own: Cent, declared: Cent },
    /// By these rows of the sheet.
    Rows(Range<usize>),
}

/// A line of a finding that shares lines with another.
pub(super) struct LineRow {
    /// Place of the finding in the list.
    pub finding: usize,
    pub line: LineId,
    /// What the line carries of the finding's amount, what the lines after it carry, and all.
    pub share: Cent,
    pub shares_after: Cent,
    pub whole: Cent,
    pub declared: Cent,
    /// What the lines after it declare beside their shares.
    pub room_after: Cent,
    /// The row above it of the same line.
    pub previous: Option<usize>,
    /// The row above it of the same line and rule, both findings on the line itself: such add up.
    pub same_rule: Option<usize>,
}

/// All that is reckoned.
#[derive(Default)]
pub(super) struct Reckoning {
    pub claims: Vec<Reckoned>,
    pub rows: Vec<LineRow>,
}

/// A line under a finding as far as claims look at it.
struct Part {
    line: LineId,
    share: Cent,
    declared: Cent,
    counts: bool,
}

impl Part {
    /// What the line declares beside its share.
    fn room(&self) -> Cent {
        (self.declared - self.share).at_least_zero()
    }
}

impl Reckoning {
    /// Of these findings; `None` where the sheet can't hold it.
    pub(super) fn of(rapport: &Rapport<'_>, findings: &[&Numbered]) -> Option<Reckoning> {
        let parts: Vec<Vec<Part>> = findings.iter().map(|g| parts(rapport, g)).collect();
        let mut uses: HashMap<LineId, u32> = HashMap::new();
        for part in parts.iter().flatten() {
            *uses.entry(part.line).or_default() += 1;
        }
        let mut out = Reckoning::default();
        let mut last: HashMap<LineId, usize> = HashMap::new();
        let mut last_of_rule: HashMap<(LineId, &str), usize> = HashMap::new();
        for (finding, (g, parts)) in findings.iter().zip(&parts).enumerate() {
            let alone = parts.iter().all(|p| p.counts && uses[&p.line] == 1);
            let claim = match parts.as_slice() {
                [] => Reckoned::None,
                _ if alone => Reckoned::Whole {
                    own: parts.iter().map(|p| p.share).sum(),
                    declared: parts.iter().map(|p| p.declared).sum(),
                },
                parts => {
                    let from = out.rows.len();
                    out.add(finding, g, parts, &mut last, &mut last_of_rule);
                    Reckoned::Rows(from..out.rows.len())
                }
            };
            out.claims.push(claim);
        }
        (out.rows.len() <= MOST_ROWS).then_some(out)
    }

    fn add<'g>(
        &mut self,
        finding: usize,
        g: &'g Numbered,
        parts: &[Part],
        last: &mut HashMap<LineId, usize>,
        last_of_rule: &mut HashMap<(LineId, &'g str), usize>,
    ) {
        let on_line = matches!(g.bevinding.subject, Subject::Line(_));
        let whole: Cent = parts.iter().map(|p| p.share).sum();
        let (mut shares_after, mut room_after) = (whole, parts.iter().map(Part::room).sum());
        for part in parts {
            shares_after = shares_after - part.share;
            room_after = room_after - part.room();
            if !part.counts {
                continue;
            }
            let place = self.rows.len();
            self.rows.push(LineRow {
                finding,
                line: part.line,
                share: part.share,
                shares_after,
                whole,
                declared: part.declared,
                room_after,
                previous: last.insert(part.line, place),
                same_rule: match on_line {
                    true => last_of_rule.insert((part.line, g.rule), place),
                    false => None,
                },
            });
        }
    }
}

/// The lines of which a verdict on this finding may ask something back.
fn parts(rapport: &Rapport<'_>, g: &Numbered) -> Vec<Part> {
    let (c, b) = (rapport.context, &g.bevinding);
    let part = |line: LineId, share: Cent| {
        let data = c.dossier.line(line);
        let counts = c.counts_in_leverjaar(data);
        let declared = if counts { data.ingediend_bedrag } else { Cent::ZERO };
        Part { line, share, declared, counts }
    };
    if let Subject::Line(line) = b.subject {
        let one = part(line, b.bedrag.unwrap_or_default());
        return if one.counts { vec![one] } else { Vec::new() };
    }
    let Some(under) = b.underlying() else { return Vec::new() };
    let divisible = matches!(b.subject, Subject::Toewijzing(_) | Subject::Jeugdige(_));
    match shares(c, b) {
        Some(shares) => under.lines.iter().zip(shares).map(|(id, s)| part(*id, s)).collect(),
        None if divisible => under.lines.iter().map(|id| part(*id, Cent::ZERO)).collect(),
        None => Vec::new(),
    }
}

/// A verdict as the list has it now: what a person agreed on, if it asks something back.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    Nothing,
    Own,
    Agreed(Cent),
}

impl Asked {
    pub(super) fn of(rapport: &Rapport<'_>, g: &Numbered) -> Asked {
        if g.oordeel != Some(Eindoordeel::Terugvorderen) {
            return Asked::Nothing;
        }
        let agreed = rapport.oordelen.of(g.nummer()).and_then(|b| b.bedrag);
        agreed.map_or(Asked::Own, Asked::Agreed)
    }

    /// What is asked of a finding that is reckoned where it stands.
    pub(super) fn whole(self, own: Cent, declared: Cent) -> Cent {
        match self {
            Asked::Nothing => Cent::ZERO,
            Asked::Own => own,
            Asked::Agreed(bedrag) => bedrag.min(declared),
        }
    }
}

/// What the formulas of a row give while nobody changes anything.
#[derive(Clone, Copy, Default)]
pub(super) struct RowValues {
    pub claim: Cent,
    pub of_rule: Cent,
    pub until_here: Cent,
    pub more: Cent,
}

impl Reckoning {
    /// The values of all rows; `asked` is by place in the list.
    pub(super) fn values(&self, asked: &[Asked]) -> Vec<RowValues> {
        let mut out: Vec<RowValues> = Vec::with_capacity(self.rows.len());
        for r in &self.rows {
            let claim = match asked[r.finding] {
                Asked::Nothing => Cent::ZERO,
                Asked::Own => r.share,
                Asked::Agreed(bedrag) => {
                    let from_share = (bedrag - r.shares_after).at_least_zero().min(r.share);
                    let room = (r.declared - r.share).at_least_zero();
                    let rest = (bedrag - r.whole - r.room_after).at_least_zero();
                    from_share + rest.min(room)
                }
            };
            let of_rule = claim + r.same_rule.map_or(Cent::ZERO, |i| out[i].of_rule);
            let before = r.previous.map_or(Cent::ZERO, |i| out[i].until_here);
            let until_here = of_rule.max(before).min(r.declared);
            out.push(RowValues { claim, of_rule, until_here, more: until_here - before });
        }
        out
    }
}
