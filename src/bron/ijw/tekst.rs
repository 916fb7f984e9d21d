//! The bytes of a message as text: byte order mark, UTF-16, or the encoding that it declares.

use super::Berichtfout;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The encoding, and the length of the byte order mark.
fn tekenset(bytes: &[u8]) -> Result<(&'static Encoding, usize), Berichtfout> {
    if let Some((tekenset, bom)) = Encoding::for_bom(bytes) {
        return Ok((tekenset, bom));
    }
    match bytes {
        [b'<', 0, ..] => return Ok((UTF_16LE, 0)),
        [0, b'<', ..] => return Ok((UTF_16BE, 0)),
        _ => {}
    }
    match genoemd(bytes) {
        None => Ok((UTF_8, 0)),
        Some(naam) => Encoding::for_label(naam)
            .filter(|t| t.is_ascii_compatible())
            .map(|t| (t, 0))
            .ok_or(Berichtfout::Tekenset),
    }
}

/// What the XML declaration calls the encoding.
fn genoemd(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(b"<?xml")?;
    let declaratie = &rest[..memchr::memmem::find(rest, b"?>")?];
    let na = &declaratie[memchr::memmem::find(declaratie, b"encoding")? + b"encoding".len()..];
    let na = na.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (&aanhaling, waarde) = na.split_first()?;
    Some(&waarde[..memchr::memchr(aanhaling, waarde)?])
}

/// The whole message as text.
pub fn ontcijfer(bytes: Vec<u8>) -> Result<String, Berichtfout> {
    let (tekenset, bom) = tekenset(&bytes)?;
    if tekenset == UTF_8 && bom == 0 {
        return String::from_utf8(bytes).map_err(|_| Berichtfout::Tekenset);
    }
    tekenset
        .decode_without_bom_handling_and_without_replacement(&bytes[bom..])
        .map(Cow::into_owned)
        .ok_or(Berichtfout::Tekenset)
}

/// The first bytes of a message as text, of which the last character may be cut.
pub fn ontcijfer_begin(bytes: &[u8]) -> Result<Cow<'_, str>, Berichtfout> {
    let (tekenset, bom) = tekenset(bytes)?;
    Ok(tekenset.decode_without_bom_handling(&bytes[bom..]).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_in_the_encoding_that_it_declares() {
        let kop = |t: &str| format!("<?xml version='1.0' encoding='{t}'?><a>").into_bytes();
        let met = |t: &str, rest: &[u8]| ontcijfer([&kop(t), rest].concat());
        assert!(met("utf-8", "é".as_bytes()).unwrap().ends_with("é"));
        assert_eq!(met("UTF-8", b"\xe9"), Err(Berichtfout::Tekenset));
        assert!(met("ISO-8859-1", b"\xe9").unwrap().ends_with("é"));
        assert!(met("windows-1252", b"\x80").unwrap().ends_with("€"));
        assert_eq!(met("UTF-16", b""), Err(Berichtfout::Tekenset));
        assert_eq!(met("geen", b""), Err(Berichtfout::Tekenset));
        let utf16: Vec<u8> = "<é".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(ontcijfer(utf16).unwrap(), "<é");
        assert_eq!(ontcijfer("\u{feff}<é".into()).unwrap(), "<é");
    }
}
