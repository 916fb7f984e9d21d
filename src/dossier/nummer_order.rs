//! The order of ToewijzingNummers: those of digits alone as numbers.

/// A ToewijzingNummer, to compare: numbers of digits alone come first, by their value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NummerOrder<'a> {
    /// How many digits it has without its leading zeros, those digits, and the whole.
    Digits(usize, &'a str, &'a str),
    Text(&'a str),
}

impl NummerOrder<'_> {
    pub(super) fn of(nummer: &str) -> NummerOrder<'_> {
        if nummer.is_empty() || !nummer.bytes().all(|b| b.is_ascii_digit()) {
            return NummerOrder::Text(nummer);
        }
        let value = nummer.trim_start_matches('0');
        NummerOrder::Digits(value.len(), value, nummer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_digits_alone_are_ordered_as_numbers() {
        let mut nummers = ["T2", "10", "9", "1a", "010", "T10", ""];
        nummers.sort_by_key(|n| NummerOrder::of(n));
        assert_eq!(nummers, ["9", "010", "10", "", "1a", "T10", "T2"]);
    }
}
