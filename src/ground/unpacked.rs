//! What a packed file may become when it is unpacked.

/// Below this size anything may be unpacked.
const SMALL: u64 = 50_000_000;
/// Above it, what was packed better than this is no table and no message.
const RATIO: u64 = 200;

/// Is it a bomb: so many bytes, or bytes of cells, out of so few?
pub(crate) fn is_bomb(packed: u64, unpacked: u64) -> bool {
    unpacked > SMALL && unpacked / RATIO > packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_small_or_was_packed_as_people_pack_it_is_no_bomb() {
        assert!(!is_bomb(0, SMALL) && is_bomb(0, SMALL + RATIO));
        assert!(!is_bomb(1_000_000, 200_000_000) && is_bomb(1_000_000, 200_000_200));
    }
}
