//! Words on a screen as narrow as people may have.

/// Columns of a screen.
pub(crate) const COLUMNS: usize = 80;

/// Words in lines of a screen: `begin` before the first, `inspringing` spaces before the others. A
/// word that is longer gets a line of its own; an amount stays with its sign.
pub(crate) fn fold(text: &str, begin: &str, inspringing: usize) -> String {
    fold_to(COLUMNS, text, begin, inspringing)
}

/// The same for a screen of so many columns.
pub(crate) fn fold_to(columns: usize, text: &str, begin: &str, inspringing: usize) -> String {
    let mut out = begin.to_owned();
    let mut kolom = begin.trim_start_matches('\n').chars().count();
    let mut empty = true;
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        let amount =
            if word == "€" { words.next().map(|amount| format!("€ {amount}")) } else { None };
        let word = amount.as_deref().unwrap_or(word);
        let length = word.chars().count();
        if !empty && kolom + 1 + length > columns {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', inspringing));
            kolom = inspringing;
            empty = true;
        }
        if !empty {
            out.push(' ');
            kolom += 1;
        }
        out += word;
        kolom += length;
        empty = false;
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_under_each_other() {
        let text = fold(&"abcd ".repeat(20), "  X  ", 5);
        let regels: Vec<&str> = text.lines().collect();
        assert_eq!(regels.len(), 2);
        assert_eq!(regels[0].len(), 79);
        assert!(regels[1].starts_with("     abcd"));
        let text = fold(&format!("{} € 63.924,55.", "x".repeat(76)), "", 2);
        assert!(text.ends_with("\n  € 63.924,55.\n"), "{text}");
    }
}
