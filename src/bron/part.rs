//! Numbers as one part of a file gives them, until they are those of the whole.

use crate::dossier::WordId;

/// Marks a number in the part's own list; any other is one that all parts share.
const OWN: u32 = 1 << 31;

/// The number of what stands at this place in the part's own list.
pub(crate) fn own(place: u32) -> u32 {
    place | OWN
}

/// The place in the part's own list, if the number is one of those.
pub(crate) fn own_place(id: u32) -> Option<usize> {
    (id & OWN != 0).then_some((id & !OWN) as usize)
}

/// The word's number for all parts; `own` has those of the part's own list.
pub(crate) fn shared_word(id: WordId, own: &[WordId]) -> WordId {
    own_place(id.0).map_or(id, |place| own[place])
}

/// A row with the numbers of its part: of no use to anyone before they are those of the whole.
#[derive(Debug)]
pub(crate) struct InPart<T>(T);

impl<T> InPart<T> {
    pub(crate) fn new(row: T) -> InPart<T> {
        InPart(row)
    }

    /// The row, once `renumber` has given it the numbers of the whole.
    #[inline]
    pub(crate) fn renumbered(mut self, renumber: impl FnOnce(&mut T)) -> T {
        renumber(&mut self.0);
        self.0
    }
}
