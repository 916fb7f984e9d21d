//! No BSN in free text: a run of nine digits that passes the elfproef is masked.

use std::borrow::Cow;

/// The text with every run of digits that could be a BSN replaced by `•••••••••`.
pub fn gemaskeerd(tekst: &str) -> Cow<'_, str> {
    let mut uit: Option<String> = None;
    let mut vanaf = 0;
    let bytes = tekst.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if !bytes[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let begin = i;
        while i < bytes.len() && bytes[i].is_ascii_digit() {
            i += 1;
        }
        if i - begin == 9 && tekst[begin..i].parse().is_ok_and(voldoet_aan_elfproef) {
            let uit = uit.get_or_insert_default();
            uit.push_str(&tekst[vanaf..begin]);
            uit.push_str("•••••••••");
            vanaf = i;
        }
    }
    match uit {
        None => Cow::Borrowed(tekst),
        Some(mut uit) => {
            uit.push_str(&tekst[vanaf..]);
            Cow::Owned(uit)
        }
    }
}

/// (9·d1 + 8·d2 + … + 2·d8 − d9) mod 11 = 0 over nine digits.
pub fn voldoet_aan_elfproef(negen_cijfers: u32) -> bool {
    let mut rest = negen_cijfers;
    let mut som = -i64::from(rest % 10);
    rest /= 10;
    for gewicht in 2..=9 {
        som += gewicht * i64::from(rest % 10);
        rest /= 10;
    }
    rest == 0 && som % 11 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_could_be_a_bsn_is_masked_and_others_stay() {
        assert_eq!(gemaskeerd("kind 999900006!"), "kind •••••••••!");
        assert_eq!(gemaskeerd("999900007"), "999900007");
        assert_eq!(gemaskeerd("9999000061"), "9999000061");
        assert_eq!(gemaskeerd("2023-03-31"), "2023-03-31");
    }
}
