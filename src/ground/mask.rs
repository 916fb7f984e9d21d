//! No BSN in free text: a run of nine digits that passes the elfproef is masked.

use std::borrow::Cow;

/// The text with every run of digits that could be a BSN replaced by `•••••••••`.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    let mut from = 0;
    let bytes = text.as_bytes();
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
        if i - begin == 9 && text[begin..i].parse().is_ok_and(passes_elfproef) {
            let out = out.get_or_insert_default();
            out.push_str(&text[from..begin]);
            out.push_str("•••••••••");
            from = i;
        }
    }
    match out {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.push_str(&text[from..]);
            Cow::Owned(out)
        }
    }
}

/// (9·d1 + 8·d2 + … + 2·d8 − d9) mod 11 = 0 over nine digits.
pub fn passes_elfproef(nine_digits: u32) -> bool {
    let mut rest = nine_digits;
    let mut sum = -i64::from(rest % 10);
    rest /= 10;
    for weight in 2..=9 {
        sum += weight * i64::from(rest % 10);
        rest /= 10;
    }
    rest == 0 && sum % 11 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_could_be_a_bsn_is_masked_and_others_stay() {
        assert_eq!(masked("kind 999900006!"), "kind •••••••••!");
        assert_eq!(masked("999900007"), "999900007");
        assert_eq!(masked("9999000061"), "9999000061");
        assert_eq!(masked("2023-03-31"), "2023-03-31");
    }
}
