//! JSON that can stand in a `<script>`, whatever its texts hold.

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};
use std::io::{self, Write};

/// Writes a value as JSON for within a `<script>`.
pub(super) fn to_string(value: &impl Serialize) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, VoorScript))?;
    Ok(String::from_utf8(bytes).expect("JSON is UTF-8"))
}

/// JSON in which nothing can end a `<script>` or a line of JavaScript; control characters become
/// spaces.
struct VoorScript;

impl Formatter for VoorScript {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        uit: &mut W,
        deel: &str,
    ) -> io::Result<()> {
        let mut vanaf = 0;
        // Of the last two the first byte is told from most texts without reading a character.
        let verdacht = |b: &u8| matches!(b, b'<' | b'>' | b'&' | 0xE2);
        if !deel.as_bytes().iter().any(verdacht) {
            return uit.write_all(deel.as_bytes());
        }
        for (i, teken) in deel.char_indices() {
            if matches!(teken, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
                uit.write_all(&deel.as_bytes()[vanaf..i])?;
                write!(uit, "\\u{:04x}", u32::from(teken))?;
                vanaf = i + teken.len_utf8();
            }
        }
        uit.write_all(&deel.as_bytes()[vanaf..])
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        uit: &mut W,
        teken: CharEscape,
    ) -> io::Result<()> {
        uit.write_all(match teken {
            CharEscape::Quote => b"\\\"",
            CharEscape::ReverseSolidus => b"\\\\",
            CharEscape::Solidus => b"/",
            _ => b" ",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::to_string;

    #[test]
    fn no_text_can_leave_the_script() {
        let boos = "</script><!-- <img onerror=x> --> & \u{2028}\u{2029} \" \\ é";
        let uit = to_string(&boos).unwrap();
        assert!(!uit.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{uit}");
        assert_eq!(serde_json::from_str::<String>(&uit).unwrap(), boos);
    }

    #[test]
    fn a_text_is_one_line() {
        let uit: String =
            serde_json::from_str(&to_string(&"een\r\ntwee\tdrie\u{1}vier").unwrap()).unwrap();
        assert_eq!(uit, "een  twee drie vier");
    }
}
