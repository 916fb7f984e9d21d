//! CSV in blocks: one pass finds where records end, many threads read the blocks.
//!
//! A block always starts at the first byte of a record and ends after the last byte of one, so
//! that a quoted line end never splits a record. Line numbers are physical and 1-based.

use super::fout::BronFout;
use super::record::{Bereik, Record};
use memchr::{memchr, memchr_iter, memrchr};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::io::Read;

/// Bytes read at a time; a block is about this large.
const BLOKGROOTTE: usize = 1 << 18;

/// The longest record that is taken for one.
const LANGSTE_RECORD: usize = 1 << 20;

/// Whole records in a row.
#[derive(Debug)]
pub struct Blok {
    pub bytes: Vec<u8>,
    /// Physical line of the first byte.
    pub eerste_regel: u64,
}

/// Cuts a stream of bytes into blocks of whole records, and hashes what it reads.
pub struct Bloklezer<R> {
    bron: R,
    bestand: String,
    scheiding: u8,
    rest: Vec<u8>,
    regel: u64,
    ten_einde: bool,
    bytes: u64,
}

impl<R: Read> Bloklezer<R> {
    /// `begin`: bytes that were read from `bron` already (after a BOM), from `regel` on.
    pub fn nieuw(bron: R, bestand: &str, scheiding: u8, begin: Vec<u8>, regel: u64) -> Self {
        Bloklezer {
            bron,
            bestand: bestand.to_owned(),
            scheiding,
            rest: begin,
            regel,
            ten_einde: false,
            bytes: 0,
        }
    }

    /// Bytes read from the source so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn lees(&mut self, buffer: &mut Vec<u8>) -> Result<(), BronFout> {
        let oud = buffer.len();
        (&mut self.bron)
            .take(BLOKGROOTTE as u64)
            .read_to_end(buffer)
            .map_err(|e| BronFout::van_io(&self.bestand, &e))?;
        self.ten_einde = buffer.len() == oud;
        self.bytes += (buffer.len() - oud) as u64;
        Ok(())
    }

    /// The next block, or `None` at the end.
    pub fn volgende(&mut self) -> Result<Option<Blok>, BronFout> {
        let mut buffer = Vec::with_capacity(BLOKGROOTTE + self.rest.len() + (BLOKGROOTTE >> 3));
        buffer.append(&mut self.rest);
        loop {
            if !self.ten_einde {
                self.lees(&mut buffer)?;
            }
            if buffer.is_empty() {
                return Ok(None);
            }
            let grens = laatste_recordeinde(&buffer, self.scheiding);
            let einde = match grens {
                Grens { open_vanaf: Some(plaats), .. }
                    if self.ten_einde || buffer.len() - plaats > LANGSTE_RECORD =>
                {
                    return Err(BronFout::AanhalingOpen {
                        bestand: self.bestand.clone(),
                        regel: self.regel + regels(&buffer[..plaats]),
                    });
                }
                _ if self.ten_einde => buffer.len(),
                Grens { einde: 0, .. } if buffer.len() > LANGSTE_RECORD => {
                    return Err(BronFout::RegelTeLang {
                        bestand: self.bestand.clone(),
                        regel: self.regel,
                        grens: LANGSTE_RECORD,
                    });
                }
                Grens { einde: 0, .. } => continue,
                Grens { einde, .. } => einde,
            };
            if let Some(plaats) = memchr(0, &buffer[..einde]) {
                return Err(BronFout::Nul {
                    bestand: self.bestand.clone(),
                    regel: self.regel + regels(&buffer[..plaats]),
                });
            }
            self.rest = buffer.split_off(einde);
            let blok = Blok { eerste_regel: self.regel, bytes: buffer };
            self.regel += regels(&blok.bytes);
            return Ok(Some(blok));
        }
    }
}

/// Reads all blocks: `verwerk` in parallel, `neem_op` one by one in the order of the file.
///
/// Returns the number of bytes and their SHA-256. At any time a few blocks are in memory.
pub fn lees_blokken<R, D>(
    lezer: &mut Bloklezer<R>,
    hash: &mut Sha256,
    verwerk: impl Fn(&Blok) -> D + Sync,
    mut neem_op: impl FnMut(D) -> Result<(), BronFout> + Send,
) -> Result<(), BronFout>
where
    R: Read + Send,
    D: Send,
{
    let breedte = rayon::current_num_threads() * 8;
    let mut lees_groep = || -> Result<Vec<Blok>, BronFout> {
        let mut groep = Vec::with_capacity(breedte);
        while groep.len() < breedte {
            match lezer.volgende()? {
                Some(blok) => groep.push(blok),
                None => break,
            }
        }
        Ok(groep)
    };
    let mut groep = lees_groep()?;
    let mut klaar: Vec<D> = Vec::new();
    while !groep.is_empty() {
        let vorige = std::mem::take(&mut klaar);
        let ((volgende, opgenomen), uitkomst) = rayon::join(
            || {
                let opgenomen = vorige.into_iter().try_for_each(&mut neem_op);
                groep.iter().for_each(|b| hash.update(&b.bytes));
                (lees_groep(), opgenomen)
            },
            || groep.par_iter().map(&verwerk).collect::<Vec<D>>(),
        );
        opgenomen?;
        klaar = uitkomst;
        groep = volgende?;
    }
    klaar.into_iter().try_for_each(neem_op)
}

pub fn io_oorzaak(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "het bestaat niet".into(),
        std::io::ErrorKind::PermissionDenied => "geen toestemming".into(),
        std::io::ErrorKind::StorageFull => "de schijf is vol".into(),
        std::io::ErrorKind::FileTooLarge => "het bestand zou te groot worden".into(),
        std::io::ErrorKind::ReadOnlyFilesystem => "de schijf is alleen-lezen".into(),
        std::io::ErrorKind::IsADirectory => "het is een map".into(),
        std::io::ErrorKind::AlreadyExists | std::io::ErrorKind::NotADirectory => {
            "op dit pad staat een bestand, geen map".into()
        }
        std::io::ErrorKind::InvalidData => "het is geen UTF-8".into(),
        _ => e.to_string(),
    }
}

fn regels(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

struct Grens {
    /// Just after the last line end outside quotes; 0 without one.
    einde: usize,
    /// Where a quoted field began that is still open at the end.
    open_vanaf: Option<usize>,
}

/// Follows the quotes as a CSV reader does: one opens a field only at the field's first byte.
fn laatste_recordeinde(bytes: &[u8], scheiding: u8) -> Grens {
    let (mut buiten, mut einde) = (0, 0);
    loop {
        let open = opening(bytes, buiten, scheiding);
        let vrij = &bytes[buiten..open.unwrap_or(bytes.len())];
        if let Some(nl) = memrchr(b'\n', vrij) {
            einde = buiten + nl + 1;
        }
        let Some(open) = open else {
            return Grens { einde, open_vanaf: None };
        };
        match na_sluiting(bytes, open) {
            Some(na) => buiten = na,
            None => return Grens { einde, open_vanaf: Some(open) },
        }
    }
}

/// The next quote that opens a field.
fn opening(bytes: &[u8], vanaf: usize, scheiding: u8) -> Option<usize> {
    let is_begin =
        |i: usize| i == 0 || matches!(bytes[i - 1], b'\n' | b'\r') || bytes[i - 1] == scheiding;
    memchr_iter(b'"', &bytes[vanaf..]).map(|i| vanaf + i).find(|&i| is_begin(i))
}

/// Just after the quote that closes the field opened at `open`; a doubled quote is a character.
fn na_sluiting(bytes: &[u8], open: usize) -> Option<usize> {
    let mut zoek = open + 1;
    loop {
        let quote = zoek + memchr(b'"', &bytes[zoek..])?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote + 1);
        }
        zoek = quote + 2;
    }
}

/// Records of a block, one after the other.
pub struct Recordlezer<'b> {
    bytes: &'b [u8],
    plaats: usize,
    regel: u64,
    scheiding: u8,
    /// Unquotes cells; a block without quotes, the usual case, is only cut.
    ontquoter: Option<Ontquoter>,
    velden: Vec<Bereik>,
}

struct Ontquoter {
    lezer: csv_core::Reader,
    uit: Vec<u8>,
    einden: Vec<usize>,
}

impl<'b> Recordlezer<'b> {
    pub fn nieuw(bytes: &'b [u8], eerste_regel: u64, scheiding: u8) -> Self {
        let ontquoter = memchr(b'"', bytes).map(|_| Ontquoter {
            lezer: csv_core::ReaderBuilder::new()
                .delimiter(scheiding)
                .terminator(csv_core::Terminator::Any(b'\n'))
                .build(),
            uit: vec![0; 1 << 10],
            einden: vec![0; 64],
        });
        Recordlezer {
            bytes,
            plaats: 0,
            regel: eerste_regel,
            scheiding,
            ontquoter,
            velden: Vec::with_capacity(64),
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
        while let Some(c @ (b'\n' | b'\r')) = self.bytes.get(self.plaats) {
            self.regel += u64::from(*c == b'\n');
            self.plaats += 1;
        }
        let rest = &self.bytes[self.plaats..];
        if rest.is_empty() {
            return None;
        }
        self.velden.clear();
        let regel = self.regel;
        let bytes = match &mut self.ontquoter {
            None => {
                let einde = memchr(b'\n', rest);
                let lijn = &rest[..einde.unwrap_or(rest.len())];
                let mut begin = 0;
                for tot in memchr_iter(self.scheiding, lijn) {
                    self.velden.push((begin, tot as u32));
                    begin = tot as u32 + 1;
                }
                self.velden.push((begin, lijn.len() as u32));
                self.plaats += lijn.len() + usize::from(einde.is_some());
                self.regel += u64::from(einde.is_some());
                lijn
            }
            Some(ontquoter) => {
                let gelezen = ontquoter.lees(rest, &mut self.velden);
                self.plaats += gelezen;
                self.regel += regels(&rest[..gelezen]);
                &ontquoter.uit[..]
            }
        };
        Some(Record::nieuw(regel, bytes, &self.velden))
    }
}

impl Ontquoter {
    /// Reads the first record of `bytes`; returns how many it took.
    fn lees(&mut self, bytes: &[u8], velden: &mut Vec<Bereik>) -> usize {
        let (mut gelezen, mut geschreven, mut aantal) = (0, 0, 0);
        loop {
            let (stand, erbij, uit, einden) = self.lezer.read_record(
                &bytes[gelezen..],
                &mut self.uit[geschreven..],
                &mut self.einden[aantal..],
            );
            gelezen += erbij;
            geschreven += uit;
            aantal += einden;
            match stand {
                csv_core::ReadRecordResult::OutputFull => self.uit.resize(self.uit.len() * 2, 0),
                csv_core::ReadRecordResult::OutputEndsFull => {
                    self.einden.resize(self.einden.len() * 2, 0);
                }
                // At the end of the bytes one more call, with none, closes the last record.
                csv_core::ReadRecordResult::InputEmpty => {}
                csv_core::ReadRecordResult::Record | csv_core::ReadRecordResult::End => break,
            }
        }
        let mut begin = 0;
        for &tot in &self.einden[..aantal] {
            velden.push((begin, tot as u32));
            begin = tot as u32;
        }
        gelezen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_reads_the_same_with_and_without_quotes() {
        let kaal = records("a;b;c\r\n 1 ;;3\n\n4;5;\n6");
        let gequoot = records("a;b;\"c\"\r\n 1 ;;\"3\"\n\n4;5;\n\"6\"");
        assert_eq!(kaal, gequoot);
        assert_eq!(kaal[3], (5, vec!["6".to_owned()]));
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
    fn a_record_knows_its_first_physical_line() {
        let gelezen = records("a;b\r\n\r\n\"x\ny\"; z \n\nlast;1");
        let regels: Vec<u64> = gelezen.iter().map(|r| r.0).collect();
        assert_eq!(regels, [1, 3, 6]);
        assert_eq!(gelezen[1].1, ["x\ny", "z"]);
    }

    #[test]
    fn blocks_never_split_a_quoted_line_end() {
        for (tekst, einde, open) in [
            ("a;b\nc;d", 4, None),
            ("a;\"b\nc\";d\ne", 10, None),
            ("a;\"b\nc", 0, Some(2)),
            ("x\na;\"b\nc", 2, Some(4)),
            ("a;5\" pijp\nc", 10, None),
            ("a;\"he \"\"x\"\"\ny\"\nb", 15, None),
            ("geen einde", 0, None),
        ] {
            let g = laatste_recordeinde(tekst.as_bytes(), b';');
            assert_eq!((g.einde, g.open_vanaf), (einde, open), "{tekst:?}");
        }
    }

    #[test]
    fn all_blocks_together_are_the_file_with_its_line_numbers() {
        let mut tekst = String::new();
        for i in 0..200_000 {
            tekst.push_str(&format!("{i};\"een\ntwee\";drie\n"));
        }
        let mut lezer = Bloklezer::nieuw(tekst.as_bytes(), "t.csv", b';', Vec::new(), 1);
        let mut hash = Sha256::new();
        let (mut aantal, mut volgende) = (0_u64, 1_u64);
        lees_blokken(
            &mut lezer,
            &mut hash,
            |b| {
                let mut r = Recordlezer::nieuw(&b.bytes, b.eerste_regel, b';');
                let mut regels = Vec::new();
                while let Some(rec) = r.volgende() {
                    regels.push(rec.regel);
                }
                regels
            },
            |regels| {
                for regel in regels {
                    assert_eq!(regel, volgende);
                    volgende += 2;
                    aantal += 1;
                }
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(aantal, 200_000);
        assert_eq!(hash.finalize(), Sha256::digest(tekst.as_bytes()));
    }
}
