//! Volumes in order against a maximum: which part of which line lies above it.

use crate::dossier::Cent;
use crate::toetsing::Line;

/// A line that goes above the maximum.
pub(super) struct Above<'a> {
    pub line: Line<'a>,
    /// Running volume up to and including the line, in the unit of the volumes.
    pub sum: i64,
    /// Its amount × the part of its volume that lies above.
    pub bedrag: Cent,
}

/// Of lines in order, each with its volume, those that pass `maximum` with the running sum.
pub(super) fn above<'a>(
    lines: impl IntoIterator<Item = (Line<'a>, i64)>,
    maximum: i64,
) -> Vec<Above<'a>> {
    let mut sum = 0;
    let mut out = Vec::new();
    for (line, volume) in lines {
        sum += volume;
        let part = (sum - maximum).min(volume);
        if part > 0 {
            out.push(Above { line, sum, bedrag: line.share_of_bedrag(part, volume) });
        }
    }
    out
}
