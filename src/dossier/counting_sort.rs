//! A counting sort, for keys that are small numbers.

/// Values in the order of their keys, which are numbers below `count`, and those of
/// one key in the order in which they come; before them where each key begins, and where the last one
/// ends.
pub(super) fn by_key<T: Copy>(
    count: usize,
    pairs: impl Iterator<Item = (usize, T)> + Clone,
) -> (Vec<u32>, Vec<T>) {
    // First each count stands two places after its key, so that filling in makes a begin of it.
    let mut begin = vec![0_u32; count + 2];
    let mut total = 0;
    for (key, _) in pairs.clone() {
        begin[key + 2] += 1;
        total += 1;
    }
    for i in 2..begin.len() {
        begin[i] += begin[i - 1];
    }
    let mut out = match pairs.clone().next() {
        Some((_, value)) => vec![value; total],
        None => Vec::new(),
    };
    for (key, value) in pairs {
        let slot = &mut begin[key + 1];
        out[*slot as usize] = value;
        *slot += 1;
    }
    begin.truncate(count + 1);
    (begin, out)
}
