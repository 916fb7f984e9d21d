//! A stream of bytes in blocks of whole records, for many threads.

use super::regels;
use crate::bron::fout::BronFout;
use memchr::{memchr, memchr_iter, memchr2, memrchr};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::sync::{Mutex, PoisonError};

/// Bytes read at a time; a block is about this large.
const BLOKGROOTTE: usize = 1 << 18;

/// Blocks that a thread takes before what they gave is taken over.
const BLOKKEN_PER_DRAAD: usize = 16;

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
            // Most blocks have neither a quote nor what no text has: one look settles both.
            let is_gewoon = memchr2(0, b'"', &buffer).is_none();
            let grens = if is_gewoon {
                Grens { einde: memrchr(b'\n', &buffer).map_or(0, |nl| nl + 1), open_vanaf: None }
            } else {
                laatste_recordeinde(&buffer, self.scheiding)
            };
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
            if !is_gewoon && let Some(plaats) = memchr(0, &buffer[..einde]) {
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

/// Where many threads take blocks from, one at a time.
struct Bron<'a, R> {
    lezer: &'a mut Bloklezer<R>,
    hash: &'a mut Sha256,
    /// Blocks taken so far.
    gelezen: u64,
    ten_einde: bool,
}

impl<R: Read> Bron<'_, R> {
    /// The next block, hashed, and its place in the file. After an error there are no more: which
    /// thread comes next mustn't make a difference.
    fn volgende(&mut self) -> Result<Option<(u64, Blok)>, BronFout> {
        if self.ten_einde {
            return Ok(None);
        }
        let blok = self.lezer.volgende();
        self.ten_einde = !matches!(blok, Ok(Some(_)));
        let Some(blok) = blok? else { return Ok(None) };
        self.hash.update(&blok.bytes);
        self.gelezen += 1;
        Ok(Some((self.gelezen, blok)))
    }
}

/// The blocks of a file for many threads, a group of them at a time.
///
/// A thread that takes a block reads, hashes and processes it in one go: it stays in that core's own
/// cache. At any time each thread has one block in memory.
pub struct Blokgroepen<'a, R>(Mutex<Bron<'a, R>>);

impl<'a, R: Read + Send> Blokgroepen<'a, R> {
    pub fn nieuw(lezer: &'a mut Bloklezer<R>, hash: &'a mut Sha256) -> Self {
        Blokgroepen(Mutex::new(Bron { lezer, hash, gelezen: 0, ten_einde: false }))
    }

    /// What `verwerk` makes of each block of the next group, in the order of the file; nothing at its
    /// end. Meanwhile `ernaast` runs.
    pub fn volgende<D: Send>(
        &self,
        verwerk: impl Fn(&Blok) -> D + Sync,
        ernaast: impl FnOnce() + Send,
    ) -> Result<Vec<D>, BronFout> {
        let breedte = rayon::current_num_threads() * BLOKKEN_PER_DRAAD;
        let lees = |_| -> Result<Option<(u64, D)>, BronFout> {
            // A panic while it was locked ends the run once all threads have seen it.
            let volgende = self.0.lock().unwrap_or_else(PoisonError::into_inner).volgende()?;
            Ok(volgende.map(|(plaats, blok)| (plaats, verwerk(&blok))))
        };
        let ((), gelezen) = rayon::join(ernaast, || -> Result<Vec<Option<(u64, D)>>, BronFout> {
            (0..breedte).into_par_iter().with_max_len(1).map(lees).collect()
        });
        let mut gelezen: Vec<(u64, D)> = gelezen?.into_iter().flatten().collect();
        gelezen.sort_unstable_by_key(|(plaats, _)| *plaats);
        Ok(gelezen.into_iter().map(|(_, deel)| deel).collect())
    }
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

#[cfg(test)]
mod tests {
    use super::super::Recordlezer;
    use super::{Blok, Blokgroepen, Bloklezer, BronFout, laatste_recordeinde};
    use sha2::{Digest, Sha256};

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
    fn of_what_is_wrong_in_many_blocks_the_first_is_named() {
        let mut tekst = "een;twee\n".repeat(400_000).into_bytes();
        for plaats in [1_500_000, 1_900_000, 3_400_000] {
            tekst[plaats] = 0;
        }
        for _ in 0..20 {
            let mut lezer = Bloklezer::nieuw(tekst.as_slice(), "t.csv", b';', Vec::new(), 1);
            let mut hash = Sha256::new();
            let groepen = Blokgroepen::nieuw(&mut lezer, &mut hash);
            let uitkomst = loop {
                match groepen.volgende(|blok| blok.bytes.len(), || ()) {
                    Ok(groep) if !groep.is_empty() => {}
                    uitkomst => break uitkomst,
                }
            };
            let Err(BronFout::Nul { regel, .. }) = uitkomst else { panic!("{uitkomst:?}") };
            assert_eq!(regel, 1_500_000 / 9 + 1);
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
        let groepen = Blokgroepen::nieuw(&mut lezer, &mut hash);
        let lees = |b: &Blok| {
            let mut r = Recordlezer::nieuw(&b.bytes, b.eerste_regel, b';');
            let mut regels = Vec::new();
            while let Some(rec) = r.volgende() {
                regels.push(rec.regel);
            }
            regels
        };
        loop {
            let groep = groepen.volgende(lees, || ()).unwrap();
            if groep.is_empty() {
                break;
            }
            for regel in groep.into_iter().flatten() {
                assert_eq!(regel, volgende);
                volgende += 2;
                aantal += 1;
            }
        }
        assert_eq!(aantal, 200_000);
        assert_eq!(hash.finalize(), Sha256::digest(tekst.as_bytes()));
    }
}
