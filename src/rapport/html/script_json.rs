//! JSON that can stand in a `<script>`, whatever its texts hold.

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};
use std::io::{self, Write};

/// Writes a value as JSON for within a `<script>`.
pub(super) fn to_string(value: &impl Serialize) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, ForScript))?;
    Ok(String::from_utf8(bytes).expect("JSON is UTF-8"))
}

/// JSON in which nothing can end a `<script>` or a line of JavaScript; control characters become
/// spaces.
struct ForScript;

impl Formatter for ForScript {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        part: &str,
    ) -> io::Result<()> {
        let mut from = 0;
        // Of the last two the first byte is told from most texts without reading a character.
        let verdacht = |b: &u8| matches!(b, b'<' | b'>' | b'&' | 0xE2);
        if !part.as_bytes().iter().any(verdacht) {
            return out.write_all(part.as_bytes());
        }
        for (i, character) in part.char_indices() {
            if matches!(character, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
                out.write_all(&part.as_bytes()[from..i])?;
                write!(out, "\\u{:04x}", u32::from(character))?;
                from = i + character.len_utf8();
            }
        }
        out.write_all(&part.as_bytes()[from..])
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        character: CharEscape,
    ) -> io::Result<()> {
        out.write_all(match character {
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
        let bad_faith = "</script><!-- <img onerror=x> --> & \u{2028}\u{2029} \" \\ é";
        let out = to_string(&bad_faith).unwrap();
        assert!(!out.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{out}");
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), bad_faith);
    }

    #[test]
    fn a_text_is_one_line() {
        let out: String =
            serde_json::from_str(&to_string(&"een\r\ntwee\tdrie\u{1}vier").unwrap()).unwrap();
        assert_eq!(out, "een  twee drie vier");
    }
}
