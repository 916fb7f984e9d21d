//! iJw messages: which kind a file holds, what is wrong with it, and its records.
//!
//! A message is matched on namespace and local name, never on prefix. It may come from anywhere:
//! no DOCTYPE, no entities but the predefined five, limits on size and depth, and nothing kept of
//! the elements that the audit has no use for.

mod fout;
mod kop;
mod lezen;
mod ontleden;
mod schema;
mod tekst;

use super::plek::Plek;
use super::velden::{Bedragen, Geldeenheid};
use fout::GRENS_DIEPTE;
pub use fout::{Berichtfout, waarschuwingen};
pub use kop::{antwoord, declaratiebericht};
pub use lezen::{Gelezen, Uitkomst, kop_van, lees_bericht};
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use std::io::Read;
use std::path::Path;

/// Amounts of money in messages are whole cents.
const BEDRAGEN: Bedragen = Bedragen { decimaal: None, eenheid: Geldeenheid::Eurocent };
/// A message may not be larger.
const GRENS_BYTES: u64 = 25_000_000;
/// Bytes in which the root element of any sane message begins.
const BEGIN: u64 = 1 << 16;

/// A kind of message that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bericht {
    Jw301,
    Jw305,
    Jw307,
    Jw323,
    Jw325,
}

impl Bericht {
    const ALLE: [Bericht; 5] =
        [Bericht::Jw301, Bericht::Jw305, Bericht::Jw307, Bericht::Jw323, Bericht::Jw325];

    fn naam(self) -> &'static str {
        match self {
            Bericht::Jw301 => "jw301",
            Bericht::Jw305 => "jw305",
            Bericht::Jw307 => "jw307",
            Bericht::Jw323 => "jw323",
            Bericht::Jw325 => "jw325",
        }
    }

    /// The kind of table that its records are rows of.
    pub fn soort(self) -> crate::dossier::Soort {
        match self {
            Bericht::Jw301 => crate::dossier::Soort::Toewijzingen,
            Bericht::Jw305 | Bericht::Jw307 => crate::dossier::Soort::Startstop,
            Bericht::Jw323 => crate::dossier::Soort::Declaraties,
            Bericht::Jw325 => crate::dossier::Soort::Antwoorden,
        }
    }

    /// The 2 of version 3.2, in the namespace of a message that is read.
    fn subversie(uri: &str) -> u8 {
        let versie = uri.split('/').find_map(|deel| deel.strip_prefix("3_"));
        versie.and_then(|s| s.parse().ok()).unwrap_or_default()
    }

    /// The message of this namespace: version 3.0, 3.1 or 3.2.
    fn van_namespace(uri: &str) -> Result<Bericht, Berichtfout> {
        let rest =
            uri.strip_prefix("http://www.istandaarden.nl/").ok_or(Berichtfout::GeenBericht)?;
        let delen: Vec<&str> = rest.split('/').collect();
        let [standaard, versie, naam, "schema"] = delen[..] else {
            return Err(Berichtfout::GeenBericht);
        };
        let bericht = Bericht::ALLE.into_iter().find(|b| b.naam() == naam);
        let toon =
            |woord: &str| crate::ground::gemaskeerd(woord).chars().take(20).collect::<String>();
        match (standaard, versie, bericht) {
            ("ijw", "3_0" | "3_1" | "3_2", Some(bericht)) => Ok(bericht),
            ("ijw", "3_0" | "3_1" | "3_2", None) => Err(Berichtfout::AnderBericht(toon(naam))),
            ("ijw", ..) => Err(Berichtfout::AndereVersie(toon(&versie.replace('_', ".")))),
            _ => Err(Berichtfout::AndereStandaard(toon(standaard))),
        }
    }
}

/// Is this a file that may hold a message?
pub fn is_xml(pad: &Path) -> bool {
    pad.extension().is_some_and(|e| e.eq_ignore_ascii_case("xml"))
}

/// The kind of message that a file holds, by the namespace of its root element.
pub fn herken(plek: &Plek) -> Result<Bericht, Berichtfout> {
    let mut begin = Vec::new();
    plek.open()
        .and_then(|f| f.take(BEGIN).read_to_end(&mut begin))
        .map_err(|e| Berichtfout::van_io(&e))?;
    herken_begin(&begin)
}

fn herken_begin(begin: &[u8]) -> Result<Bericht, Berichtfout> {
    let tekst = tekst::ontcijfer_begin(begin)?;
    if tekst.trim().is_empty() {
        return Err(Berichtfout::Leeg);
    }
    let mut lezer = NsReader::from_str(&tekst);
    loop {
        match lezer.read_resolved_event() {
            Ok((ruimte, Event::Start(e) | Event::Empty(e))) => {
                return match ruimte {
                    ResolveResult::Bound(ruimte) => {
                        let bericht = Bericht::van_namespace(ruimte.0)?;
                        (e.local_name().as_ref() == "Bericht")
                            .then_some(bericht)
                            .ok_or(Berichtfout::GeenBericht)
                    }
                    _ => Err(Berichtfout::GeenBericht),
                };
            }
            Ok((_, Event::DocType(_))) => return Err(Berichtfout::Doctype),
            Ok((_, Event::Eof)) => return Err(Berichtfout::GeenBericht),
            Ok(_) => {}
            Err(e) => return Err(ontleden::fout(&e, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wortel(ruimte: &str) -> Result<Bericht, Berichtfout> {
        herken_begin(format!("<x:Bericht xmlns:x=\"{ruimte}\"><x:Header/>").as_bytes())
    }

    #[test]
    fn a_message_is_known_by_the_namespace_of_its_root() {
        for versie in ["3_0", "3_1", "3_2"] {
            let ruimte = format!("http://www.istandaarden.nl/ijw/{versie}/jw323/schema");
            assert_eq!(wortel(&ruimte), Ok(Bericht::Jw323));
        }
        for (ruimte, fout) in [
            (
                "http://www.istandaarden.nl/iwmo/3_2/wmo323/schema",
                Berichtfout::AndereStandaard("iwmo".into()),
            ),
            (
                "http://www.istandaarden.nl/ijw/2_4/jw303/schema",
                Berichtfout::AndereVersie("2.4".into()),
            ),
            (
                "http://www.istandaarden.nl/ijw/3_2/jw315/schema",
                Berichtfout::AnderBericht("jw315".into()),
            ),
            ("http://www.w3.org/2000/svg", Berichtfout::GeenBericht),
        ] {
            assert_eq!(wortel(ruimte), Err(fout));
        }
        assert_eq!(herken_begin(b""), Err(Berichtfout::Leeg));
        assert_eq!(herken_begin(b"<!DOCTYPE x><Bericht/>"), Err(Berichtfout::Doctype));
        assert_eq!(herken_begin(b"<Bericht/>"), Err(Berichtfout::GeenBericht));
    }
}
