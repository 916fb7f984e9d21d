//! The bytes of a message as text: byte order mark, UTF-16, or the encoding that it declares.

use super::BerichtError;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The encoding, and the length of the byte order mark.
fn encoding(bytes: &[u8]) -> Result<(&'static Encoding, usize), BerichtError> {
    if let Some((tekenset, bom)) = Encoding::for_bom(bytes) {
        return Ok((tekenset, bom));
    }
    match bytes {
        [b'<', 0, ..] => return Ok((UTF_16LE, 0)),
        [0, b'<', ..] => return Ok((UTF_16BE, 0)),
        _ => {}
    }
    match named(bytes) {
        None => Ok((UTF_8, 0)),
        Some(name) => Encoding::for_label(name)
            .filter(|t| t.is_ascii_compatible())
            .map(|t| (t, 0))
            .ok_or(BerichtError::Encoding),
    }
}

/// What the XML declaration calls the encoding.
fn named(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(b"<?xml")?;
    let declaratie = &rest[..memchr::memmem::find(rest, b"?>")?];
    let after = &declaratie[memchr::memmem::find(declaratie, b"encoding")? + b"encoding".len()..];
    let after = after.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (&quote, value) = after.split_first()?;
    Some(&value[..memchr::memchr(quote, value)?])
}

/// The whole message as text.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, BerichtError> {
    let (tekenset, bom) = encoding(&bytes)?;
    if tekenset == UTF_8 && bom == 0 {
        return String::from_utf8(bytes).map_err(|_| BerichtError::Encoding);
    }
    tekenset
        .decode_without_bom_handling_and_without_replacement(&bytes[bom..])
        .map(Cow::into_owned)
        .ok_or(BerichtError::Encoding)
}

/// The first bytes of a message as text, of which the last character may be cut.
pub(crate) fn decode_start(bytes: &[u8]) -> Result<Cow<'_, str>, BerichtError> {
    let (tekenset, bom) = encoding(bytes)?;
    Ok(tekenset.decode_without_bom_handling(&bytes[bom..]).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_in_the_encoding_that_it_declares() {
        let header = |t: &str| format!("<?xml version='1.0' encoding='{t}'?><a>").into_bytes();
        let with = |t: &str, rest: &[u8]| decode([&header(t), rest].concat());
        assert!(with("utf-8", "é".as_bytes()).unwrap().ends_with("é"));
        assert_eq!(with("UTF-8", b"\xe9"), Err(BerichtError::Encoding));
        assert!(with("ISO-8859-1", b"\xe9").unwrap().ends_with("é"));
        assert!(with("windows-1252", b"\x80").unwrap().ends_with("€"));
        assert_eq!(with("UTF-16", b""), Err(BerichtError::Encoding));
        assert_eq!(with("geen", b""), Err(BerichtError::Encoding));
        let utf16: Vec<u8> = "<é".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(utf16).unwrap(), "<é");
        assert_eq!(decode("\u{feff}<é".into()).unwrap(), "<é");
    }
}
