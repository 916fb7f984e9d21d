//! JSON for people and programs: indented, one line end at the end.

use super::WriteError;
use crate::ground::Shown;
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter, Serializer};
use std::io::{self, Write};
use std::path::Path;

pub(crate) fn write_value(value: &impl Serialize, path: &Path) -> Result<(), WriteError> {
    let mut text = masked(value).map_err(|e| WriteError::Assembling {
        what: "de samenvatting kan niet worden geschreven",
        cause: e.to_string(),
    })?;
    text.push(b'\n');
    std::fs::write(path, text).map_err(|e| WriteError::writing(path, &e))
}

/// The bytes of a value, in every text of which what could be a Bsn is masked.
fn masked(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let pretty = Masking { pretty: PrettyFormatter::new(), text: String::new() };
    value.serialize(&mut Serializer::with_formatter(&mut bytes, pretty))?;
    Ok(bytes)
}

/// Indented JSON. A text comes in pieces between the characters that JSON writes otherwise: it is put
/// together before it is looked at.
struct Masking<'p> {
    pretty: PrettyFormatter<'p>,
    text: String,
}

impl Formatter for Masking<'_> {
    fn begin_string<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.text.clear();
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        _: &mut W,
        part: &str,
    ) -> io::Result<()> {
        self.text.push_str(part);
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        _: &mut W,
        character: CharEscape,
    ) -> io::Result<()> {
        self.text.push(match character {
            CharEscape::Quote => '"',
            CharEscape::ReverseSolidus => '\\',
            CharEscape::Solidus => '/',
            CharEscape::Backspace => '\u{8}',
            CharEscape::FormFeed => '\u{c}',
            CharEscape::LineFeed => '\n',
            CharEscape::CarriageReturn => '\r',
            CharEscape::Tab => '\t',
            CharEscape::AsciiControl(byte) => byte.into(),
        });
        Ok(())
    }

    fn end_string<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let text = match is_fingerprint(&self.text) {
            true => Shown::unmasked(&*self.text),
            false => Shown::from(&self.text),
        };
        Ok(serde_json::to_writer(out, &text)?)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(out)
    }
}

/// Is the whole text the fingerprint of a key?
fn is_fingerprint(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn what_is_written_reads_back_without_a_bsn() {
        let said = json!({ "a\n999900006": ["é\"\\\u{1}\t999.900.006", 999, null, [], {}] });
        let text = String::from_utf8(masked(&said).unwrap()).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, json!({ "a\n•••••••••": ["é\"\\\u{1}\t•••••••••", 999, null, [], {}] }));
        let plain = json!({ "a": [1, { "b": "é\u{7f}\u{2028}" }], "c": "999900006abcdef0" });
        let text = String::from_utf8(masked(&plain).unwrap()).unwrap();
        assert_eq!(text, serde_json::to_string_pretty(&plain).unwrap());
    }
}
