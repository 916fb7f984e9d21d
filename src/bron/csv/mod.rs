//! CSV in blocks: one pass finds where records end, many threads read the blocks.
//!
//! A block always starts at the first byte of a record and ends after the last byte of one, so
//! that a quoted line end never splits a record. Line numbers are physical and 1-based.

mod blocks;
mod cells;
mod unquote;

use super::record::Record;
pub use blocks::{Blok, Blokgroepen, Bloklezer};
use cells::Celgrenzen;
use memchr::{memchr, memchr_iter};
use unquote::Ontquoter;

fn regels(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

/// Records of a block, one after the other.
pub struct Recordlezer<'b> {
    bytes: &'b [u8],
    plaats: usize,
    regel: u64,
    grenzen: Celgrenzen,
    /// Unquotes cells; a block without quotes, the usual case, is only cut.
    ontquoter: Option<Ontquoter>,
}

impl<'b> Recordlezer<'b> {
    pub fn nieuw(bytes: &'b [u8], eerste_regel: u64, scheiding: u8) -> Self {
        let ontquoter = memchr(b'"', bytes).map(|_| Ontquoter::nieuw(scheiding));
        Recordlezer {
            bytes,
            plaats: 0,
            regel: eerste_regel,
            grenzen: Celgrenzen::nieuw(scheiding),
            ontquoter,
        }
    }

    /// Bytes used up so far.
    pub fn plaats(&self) -> usize {
        self.plaats
    }

    /// Physical line of the next byte.
    pub fn regel(&self) -> u64 {
        self.regel
    }

    /// The next record that isn't an empty line.
    pub fn volgende(&mut self) -> Option<Record<'_>> {
        if self.ontquoter.is_none() { self.snijd() } else { self.ontquoot() }
    }

    fn snijd(&mut self) -> Option<Record<'_>> {
        let bytes = self.bytes;
        loop {
            if self.plaats >= bytes.len() {
                return None;
            }
            let (van, regel) = (self.plaats, self.regel);
            let (tot, cellen) = self.grenzen.volgende_regel(bytes);
            self.plaats = bytes.len().min(tot + 1);
            self.regel += u64::from(tot < bytes.len());
            // A line of nothing but its end is no record.
            if cellen.len() > 2 || !is_regeleinde(&bytes[van..tot]) {
                return Some(Record::nieuw(regel, bytes, self.grenzen.einden(cellen), 1));
            }
        }
    }

    fn ontquoot(&mut self) -> Option<Record<'_>> {
        while let Some(c @ (b'\n' | b'\r')) = self.bytes.get(self.plaats) {
            self.regel += u64::from(*c == b'\n');
            self.plaats += 1;
        }
        let rest = &self.bytes[self.plaats..];
        let ontquoter = self.ontquoter.as_mut().filter(|_| !rest.is_empty())?;
        let regel = self.regel;
        let gelezen = ontquoter.lees(rest);
        self.plaats += gelezen;
        self.regel += regels(&rest[..gelezen]);
        Some(Record::nieuw(regel, &ontquoter.uit, &ontquoter.celeinden, 0))
    }
}

/// What an empty line has before its end.
fn is_regeleinde(bytes: &[u8]) -> bool {
    bytes.iter().all(|c| *c == b'\r')
}

#[cfg(test)]
mod tests {
    use super::{Ontquoter, Recordlezer};

    #[test]
    fn a_block_reads_the_same_with_and_without_quotes() {
        let kaal = records("a;b;c\r\n 1 ;;3\n\n4;5;\n6");
        let gequoot = records("a;b;\"c\"\r\n 1 ;;\"3\"\n\n4;5;\n\"6\"");
        assert_eq!(kaal, gequoot);
        assert_eq!(kaal[3], (5, vec!["6".to_owned()]));
    }

    proptest::proptest! {
        #[test]
        fn cutting_and_unquoting_agree_on_any_text_without_quotes(tekst in "[a-c;,é \\r\\n]{0,200}") {
            let mut met_quotes = Recordlezer::nieuw(tekst.as_bytes(), 1, b';');
            met_quotes.ontquoter = Some(Ontquoter::nieuw(b';'));
            let mut gesneden = Recordlezer::nieuw(tekst.as_bytes(), 1, b';');
            let alle = |lezer: &mut Recordlezer<'_>| {
                let mut uit: Vec<(u64, Vec<Vec<u8>>)> = Vec::new();
                while let Some(r) = lezer.volgende() {
                    uit.push((r.regel, r.cellen().map(<[u8]>::to_vec).collect()));
                }
                uit
            };
            proptest::prop_assert_eq!(alle(&mut gesneden), alle(&mut met_quotes));
        }
    }

    fn records(tekst: &str) -> Vec<(u64, Vec<String>)> {
        let mut lezer = Recordlezer::nieuw(tekst.as_bytes(), 1, b';');
        let mut uit = Vec::new();
        while let Some(r) = lezer.volgende() {
            uit.push((
                r.regel,
                r.cellen().map(|c| String::from_utf8(c.to_vec()).unwrap()).collect(),
            ));
        }
        uit
    }

    #[test]
    fn records_of_very_many_and_of_few_cells_are_cut_whole() {
        let met_cellen = |aantal: usize| vec!["1"; aantal].join(";");
        for groot in [2_000, 2_048, 50_000] {
            let aantallen = [2, groot, 2, 3, groot + 1, 1, 2];
            let tekst = aantallen.map(met_cellen).join("\n");
            let gelezen = records(&tekst);
            assert_eq!(gelezen.iter().map(|r| r.1.len()).collect::<Vec<_>>(), aantallen);
            assert!(gelezen.iter().flat_map(|r| &r.1).all(|cel| cel == "1"));
        }
        let veel = "\n1".repeat(100_000);
        assert_eq!(records(&veel).len(), 100_000);
    }

    #[test]
    fn a_record_knows_its_first_physical_line() {
        let gelezen = records("a;b\r\n\r\n\"x\ny\"; z \n\nlast;1");
        let regels: Vec<u64> = gelezen.iter().map(|r| r.0).collect();
        assert_eq!(regels, [1, 3, 6]);
        assert_eq!(gelezen[1].1, ["x\ny", "z"]);
    }
}
