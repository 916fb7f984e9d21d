//! Texts from elsewhere on one line of a message: what would steer a terminal, or begin a line that
//! looks like the program's own, is shown as such.

use std::borrow::Cow;
use std::path::Path;

/// Does it do something where it is shown, and is it nothing to see?
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A sign for a letter that steers, `None` for all others: of those of ASCII each has its own.
pub(crate) fn sign(c: char) -> Option<char> {
    steers(c).then_some(match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => '\u{fffd}',
    })
}

/// The text on one line.
pub(crate) fn on_one_line(text: &str) -> Cow<'_, str> {
    match text.contains(steers) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(text.chars().map(|c| sign(c).unwrap_or(c)).collect()),
    }
}

/// The lines of a text, with signs for all else that does something.
pub(crate) fn on_its_lines(text: &str) -> String {
    text.chars().map(|c| sign(c).filter(|_| c != '\n').unwrap_or(c)).collect()
}

/// A path as messages show it.
pub(crate) fn shown_path(path: &Path) -> String {
    on_one_line(&path.to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_shown_as_such() {
        assert_eq!(
            on_one_line("a\r\nb\u{1b}[2J\u{7f}\u{202e}c\u{9b}\u{200f}"),
            "a␍␊b␛[2J␡\u{fffd}c\u{fffd}\u{fffd}"
        );
        assert_eq!(on_its_lines("a\nb\t"), "a\nb␉");
        assert!(matches!(on_one_line("é 🙂"), Cow::Borrowed(_)));
    }
}
