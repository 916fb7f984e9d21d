//! Volumes in order against a maximum: which part of which line lies above it.

use crate::dossier::Cent;
use crate::toetsing::Lijn;

/// A line that goes above the maximum.
pub(super) struct Boven<'a> {
    pub lijn: Lijn<'a>,
    /// Running volume up to and including the line, in the unit of the volumes.
    pub som: i64,
    /// Its amount × the part of its volume that lies above.
    pub bedrag: Cent,
}

/// Of lines in order, each with its volume, those that pass `maximum` with the running sum.
pub(super) fn boven<'a>(
    lijnen: impl IntoIterator<Item = (Lijn<'a>, i64)>,
    maximum: i64,
) -> Vec<Boven<'a>> {
    let mut som = 0;
    let mut uit = Vec::new();
    for (lijn, volume) in lijnen {
        som += volume;
        let deel = (som - maximum).min(volume);
        if deel > 0 {
            uit.push(Boven { lijn, som, bedrag: lijn.deel_van_bedrag(deel, volume) });
        }
    }
    uit
}
