//! JSON that can stand in a `<script>`, whatever its texts hold.

use crate::ground::sign;
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};
use std::io::{self, Write};

/// Writes a value as JSON for within a `<script>`.
pub(super) fn to_string(value: &impl Serialize) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, ForScript))?;
    Ok(String::from_utf8(bytes).expect("JSON is UTF-8"))
}

/// JSON in which nothing can end a `<script>` or a line of JavaScript; what steers a reader, a line end
/// among them, is a sign.
struct ForScript;

impl Formatter for ForScript {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        part: &str,
    ) -> io::Result<()> {
        let mut from = 0;
        // Of what steers the first byte is told from most texts without reading a character.
        let verdacht = |b: &u8| matches!(b, b'<' | b'>' | b'&' | 0x7F | 0xC2 | 0xD8 | 0xE2);
        if !part.as_bytes().iter().any(verdacht) {
            return out.write_all(part.as_bytes());
        }
        for (i, character) in part.char_indices() {
            let sign = sign(character);
            if sign.is_some() || matches!(character, '<' | '>' | '&') {
                out.write_all(&part.as_bytes()[from..i])?;
                match sign {
                    Some(sign) => write!(out, "{sign}")?,
                    None => write!(out, "\\u{:04x}", u32::from(character))?,
                }
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
        let control = match character {
            CharEscape::Quote => return out.write_all(b"\\\""),
            CharEscape::ReverseSolidus => return out.write_all(b"\\\\"),
            CharEscape::Solidus => return out.write_all(b"/"),
            CharEscape::Backspace => 8,
            CharEscape::Tab => b'\t',
            CharEscape::LineFeed => b'\n',
            CharEscape::FormFeed => 12,
            CharEscape::CarriageReturn => b'\r',
            CharEscape::AsciiControl(byte) => byte,
        };
        write!(out, "{}", sign(control.into()).unwrap_or(' '))
    }
}

#[cfg(test)]
mod tests {
    use super::to_string;

    #[test]
    fn no_text_can_leave_the_script() {
        let bad_faith = "</script><!-- <img onerror=x> --> & \" \\ é";
        let out = to_string(&bad_faith).unwrap();
        assert!(!out.contains(['<', '>', '&']), "{out}");
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), bad_faith);
    }

    #[test]
    fn a_text_is_one_line_and_steers_nothing() {
        let text =
            "een\r\ntwee\tdrie\u{1}vier\u{7f}\u{9b}\u{61c}\u{2028}\u{2029}\u{202e}\u{2066}\u{a0}€";
        let out: String = serde_json::from_str(&to_string(&text).unwrap()).unwrap();
        let other = "\u{fffd}".repeat(6);
        assert_eq!(out, format!("een␍␊twee␉drie␁vier␡{other}\u{a0}€"));
    }
}
