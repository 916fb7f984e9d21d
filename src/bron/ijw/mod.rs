//! iJw messages: which kind a file holds, what is wrong with it, and its records.
//!
//! A message is matched on namespace and local name, never on prefix. It may come from anywhere:
//! no DOCTYPE, no entities but the predefined five, limits on size and depth, and nothing kept of
//! the elements that the audit has no use for.

mod fout;
mod header;
mod parsing;
mod reading;
mod schema;
mod text;

use super::location::Location;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
pub(crate) use fout::{BerichtError, warnings};
use fout::{LIMIT_DEPTH, LIMIT_VALUE, LIMIT_VALUES};
pub(crate) use header::HeaderFacts;
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
pub(crate) use reading::{
    BerichtOutcome, BerichtReading, RowsOfBerichten, header_of, read_bericht, rows_of,
};
use std::io::Read;
use std::path::Path;

/// A message may not be larger.
const LIMIT_BYTES: u64 = 25_000_000;
/// Bytes in which the root element of any sane message begins.
const BEGIN: u64 = 1 << 16;

/// A kind of message that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Bericht {
    Jw301,
    Jw305,
    Jw307,
    Jw323,
    Jw325,
}

impl Bericht {
    const ALL: [Bericht; 5] =
        [Bericht::Jw301, Bericht::Jw305, Bericht::Jw307, Bericht::Jw323, Bericht::Jw325];

    fn name(self) -> &'static str {
        match self {
            Bericht::Jw301 => "jw301",
            Bericht::Jw305 => "jw305",
            Bericht::Jw307 => "jw307",
            Bericht::Jw323 => "jw323",
            Bericht::Jw325 => "jw325",
        }
    }

    /// The kind of table that its records are rows of.
    pub(crate) fn kind(self) -> crate::dossier::FileKind {
        match self {
            Bericht::Jw301 => crate::dossier::FileKind::Toewijzingen,
            Bericht::Jw305 | Bericht::Jw307 => crate::dossier::FileKind::Startstop,
            Bericht::Jw323 => crate::dossier::FileKind::Declaraties,
            Bericht::Jw325 => crate::dossier::FileKind::Antwoorden,
        }
    }

    /// The 2 of version 3.2, in the namespace of a message that is read.
    fn subversion(uri: &str) -> u8 {
        let versie = uri.split('/').find_map(|part| part.strip_prefix("3_"));
        versie.and_then(|s| s.parse().ok()).unwrap_or_default()
    }

    /// The message of this namespace: version 3.0, 3.1 or 3.2.
    fn from_namespace(uri: &str) -> Result<Bericht, BerichtError> {
        let rest =
            uri.strip_prefix("http://www.istandaarden.nl/").ok_or(BerichtError::NoBericht)?;
        let parts: Vec<&str> = rest.split('/').collect();
        let [standaard, versie, name, "schema"] = parts[..] else {
            return Err(BerichtError::NoBericht);
        };
        let bericht = Bericht::ALL.into_iter().find(|b| b.name() == name);
        let show = |word: &str| crate::ground::masked(word).chars().take(20).collect::<String>();
        match (standaard, versie, bericht) {
            ("ijw", "3_0" | "3_1" | "3_2", Some(bericht)) => Ok(bericht),
            ("ijw", "3_0" | "3_1" | "3_2", None) => Err(BerichtError::OtherBericht(show(name))),
            ("ijw", ..) => Err(BerichtError::OtherVersion(show(&versie.replace('_', ".")))),
            _ => Err(BerichtError::OtherStandard(show(standaard))),
        }
    }
}

/// Is this a file that may hold a message?
pub(crate) fn is_xml(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xml"))
}

/// The kind of message that a file of so many bytes holds, by the namespace of its root element.
pub(crate) fn recognise(location: &Location, bytes: u64) -> Result<Bericht, BerichtError> {
    // With room to spare the end is seen at once.
    let mut begin = Vec::with_capacity(bytes.min(BEGIN) as usize + 1);
    location
        .open()
        .and_then(|f| f.take(BEGIN).read_to_end(&mut begin))
        .map_err(|e| BerichtError::from_io(&e))?;
    recognise_begin(&begin)
}

fn recognise_begin(begin: &[u8]) -> Result<Bericht, BerichtError> {
    let text = text::decode_start(begin)?;
    if text.trim().is_empty() {
        return Err(BerichtError::Empty);
    }
    root_of(&text).map_err(|error| match error {
        BerichtError::NoBericht if holds_encoded_xml(&text) => BerichtError::Envelope,
        error => error,
    })
}

/// Does XML stand in this in base64, as a value or as all there is?
fn holds_encoded_xml(text: &str) -> bool {
    /// Characters that are enough to see it by; a multiple of four.
    const ENOUGH: usize = 400;
    text.split(['<', '>']).any(|piece| {
        let mut code: Vec<u8> =
            piece.bytes().filter(|b| !b.is_ascii_whitespace()).take(ENOUGH).collect();
        code.truncate(code.len() / 4 * 4);
        let begin = STANDARD.decode(code).unwrap_or_default();
        begin.windows(5).any(|w| w == b"<?xml" || w == b"/ijw/")
    })
}

/// The kind of message that the root element of this text says.
fn root_of(text: &str) -> Result<Bericht, BerichtError> {
    let mut reader = NsReader::from_str(text);
    loop {
        match reader.read_resolved_event() {
            Ok((room, Event::Start(e) | Event::Empty(e))) => {
                return match room {
                    ResolveResult::Bound(room) => {
                        let bericht = Bericht::from_namespace(room.0)?;
                        (e.local_name().as_ref() == "Bericht")
                            .then_some(bericht)
                            .ok_or(BerichtError::NoBericht)
                    }
                    _ => Err(BerichtError::NoBericht),
                };
            }
            Ok((_, Event::DocType(_))) => return Err(BerichtError::Doctype),
            Ok((_, Event::Eof)) => return Err(BerichtError::NoBericht),
            Ok(_) => {}
            Err(e) => return Err(parsing::error(&e, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(room: &str) -> Result<Bericht, BerichtError> {
        recognise_begin(format!("<x:Bericht xmlns:x=\"{room}\"><x:Header/>").as_bytes())
    }

    #[test]
    fn a_message_is_known_by_the_namespace_of_its_root() {
        for versie in ["3_0", "3_1", "3_2"] {
            let room = format!("http://www.istandaarden.nl/ijw/{versie}/jw323/schema");
            assert_eq!(root(&room), Ok(Bericht::Jw323));
        }
        for (room, error) in [
            (
                "http://www.istandaarden.nl/iwmo/3_2/wmo323/schema",
                BerichtError::OtherStandard("iwmo".into()),
            ),
            (
                "http://www.istandaarden.nl/ijw/2_4/jw303/schema",
                BerichtError::OtherVersion("2.4".into()),
            ),
            (
                "http://www.istandaarden.nl/ijw/3_2/jw315/schema",
                BerichtError::OtherBericht("jw315".into()),
            ),
            ("http://www.w3.org/2000/svg", BerichtError::NoBericht),
        ] {
            assert_eq!(root(room), Err(error));
        }
        assert_eq!(recognise_begin(b""), Err(BerichtError::Empty));
        let code =
            STANDARD.encode(format!("<?xml version=\"1.0\"?>\n<Bericht/>{}", " ".repeat(600)));
        for envelope in [format!("<ggk:x xmlns:ggk=\"u\"><inhoud>\n{code}</inhoud></ggk:x>"), code]
        {
            assert_eq!(recognise_begin(envelope.as_bytes()), Err(BerichtError::Envelope));
        }
        assert_eq!(recognise_begin(b"<!DOCTYPE x><Bericht/>"), Err(BerichtError::Doctype));
        assert_eq!(recognise_begin(b"<Bericht/>"), Err(BerichtError::NoBericht));
    }
}
