//! CSV in blocks: one pass finds where records end, many threads read the blocks.
//!
//! A block always starts at the first byte of a record and ends after the last byte of one, so
//! that a quoted line end never splits a record. Line numbers are physical and 1-based.

use super::fout::BronFout;
use super::record::Record;
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
    grenzen: Celgrenzen,
    /// Unquotes cells; a block without quotes, the usual case, is only cut.
    ontquoter: Option<Ontquoter>,
    /// Cells of the record before: most have as many.
    vorige_cellen: usize,
}

/// Places of delimiters and line ends, looked for some thousands of bytes ahead: what one record
/// takes of them is then known without a look at each.
struct Celgrenzen {
    scheiding: u8,
    /// First byte that wasn't looked at.
    bekeken: usize,
    /// Where the last cell that was handed out ends, and then where each next one does.
    einden: Wachtrij,
    /// Those of them that end a line.
    regeleinden: Wachtrij,
}

/// Places that were found and not handed out yet.
struct Wachtrij {
    /// Longer than what it holds: places are written some at a time, whether they are there or not.
    plaatsen: Vec<u32>,
    vanaf: usize,
    tot: usize,
}

impl Wachtrij {
    /// Places written at a time.
    const TEGELIJK: usize = 16;
    /// What 64 bytes can add, with what is written beyond.
    const MEESTE: usize = 64 + Self::TEGELIJK;

    fn nieuw(ruimte: usize) -> Wachtrij {
        Wachtrij { plaatsen: vec![0; ruimte], vanaf: 0, tot: 0 }
    }

    fn is_leeg(&self) -> bool {
        self.vanaf == self.tot
    }

    fn is_vol(&self) -> bool {
        self.plaatsen.len() - self.tot < Self::MEESTE
    }

    /// Adds one place.
    fn zet(&mut self, plaats: u32) {
        self.plaatsen[self.tot] = plaats;
        self.tot += 1;
    }

    /// Adds the place of each of these bits, counted from `begin`.
    #[inline(always)]
    fn zet_bits(&mut self, begin: u32, mut bits: u64) {
        let mut plek = self.tot;
        self.tot += bits.count_ones() as usize;
        loop {
            // Without a question for each: the processor has nothing to guess.
            let deze = self.plaatsen[plek..].first_chunk_mut::<{ Self::TEGELIJK }>();
            for plaats in deze.expect("there is room while it isn't full") {
                *plaats = begin.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
            }
            if bits == 0 {
                break;
            }
            plek += Self::TEGELIJK;
        }
    }

    /// The same where there seldom is more than one.
    #[inline(always)]
    fn zet_bit(&mut self, begin: u32, mut bits: u64) {
        loop {
            self.plaatsen[self.tot] = begin.wrapping_add(bits.trailing_zeros());
            self.tot += usize::from(bits != 0);
            bits &= bits.wrapping_sub(1);
            if bits == 0 {
                break;
            }
        }
    }

    /// Makes room by letting go what was handed out, but for the last `houd` places.
    fn schuif_op(&mut self, houd: usize) {
        let vanaf = self.vanaf - houd;
        self.plaatsen.copy_within(vanaf..self.tot, 0);
        (self.vanaf, self.tot) = (houd, self.tot - vanaf);
        while self.is_vol() {
            self.plaatsen.resize(self.plaatsen.len() * 2, 0);
        }
    }
}

impl Celgrenzen {
    fn nieuw(scheiding: u8) -> Celgrenzen {
        /// Cells of a hundred records, about: what is known of them stays in a core's nearest cache.
        const CELLEN: usize = 1 << 11;
        let mut einden = Wachtrij::nieuw(CELLEN);
        // The first cell begins one byte after the one before all bytes.
        einden.zet(u32::MAX);
        einden.vanaf = 1;
        let regeleinden = Wachtrij::nieuw(CELLEN / 8);
        Celgrenzen { scheiding, bekeken: 0, einden, regeleinden }
    }

    /// Looks further, for one line end at least; `false` where there is none.
    fn kijk_verder(&mut self, bytes: &[u8]) -> bool {
        while self.regeleinden.is_leeg() && self.bekeken < bytes.len() {
            self.einden.schuif_op(1);
            self.regeleinden.schuif_op(0);
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("popcnt")
            {
                // SAFETY: this processor has all three.
                unsafe { self.vul_met_avx2(bytes) };
                continue;
            }
            self.vul(bytes, maskers);
        }
        !self.regeleinden.is_leeg()
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,popcnt")]
    fn vul_met_avx2(&mut self, bytes: &[u8]) {
        self.vul(bytes, |deel, scheiding| maskers_met_avx2(deel, scheiding));
    }

    /// Adds all places until there is no more room or no more bytes.
    #[inline(always)]
    fn vul(&mut self, bytes: &[u8], maskers: impl Fn(&[u8; 64], u8) -> (u64, u64)) {
        while !self.einden.is_vol() && !self.regeleinden.is_vol() {
            let rest = &bytes[self.bekeken..];
            let mut laatste = [0; 64];
            let (deel, echt) = match rest.first_chunk::<64>() {
                Some(deel) => (deel, u64::MAX),
                None if rest.is_empty() => break,
                None => {
                    laatste[..rest.len()].copy_from_slice(rest);
                    // What fills it up ends no cell, even if the delimiter were that byte.
                    (&laatste, (1 << rest.len()) - 1)
                }
            };
            let (open, regeleinden) = maskers(deel, self.scheiding);
            // A block is far smaller than 4 GB.
            let begin = self.bekeken as u32;
            self.einden.zet_bits(begin, open & echt);
            self.regeleinden.zet_bit(begin, regeleinden);
            self.bekeken += rest.len().min(64);
        }
    }
}

/// A bit for every delimiter and line end in 64 bytes, and for every line end.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn maskers_met_avx2(bytes: &[u8; 64], scheiding: u8) -> (u64, u64) {
    use std::arch::x86_64::{
        _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8,
    };

    let (helften, _) = bytes.as_chunks::<32>();
    // SAFETY: each half has the 32 bytes that are loaded, which may lie anywhere.
    let [laag, hoog] = [0, 1].map(|i| unsafe { _mm256_loadu_si256(helften[i].as_ptr().cast()) });
    let zoek = |teken: u8| {
        let gezocht = _mm256_set1_epi8(teken.cast_signed());
        let bits = |waarin| _mm256_movemask_epi8(_mm256_cmpeq_epi8(waarin, gezocht));
        u64::from(bits(laag).cast_unsigned()) | u64::from(bits(hoog).cast_unsigned()) << 32
    };
    let (scheidingen, regeleinden) = (zoek(scheiding), zoek(b'\n'));
    (scheidingen | regeleinden, regeleinden)
}

/// The same on any machine.
#[inline]
fn maskers(bytes: &[u8; 64], scheiding: u8) -> (u64, u64) {
    const LAAG: u64 = u64::from_le_bytes([0x7f; 8]);
    let herhaald = |byte: u8| u64::from_le_bytes([byte; 8]);
    let (scheiding, regeleinde) = (herhaald(scheiding), herhaald(b'\n'));
    // The highest bit of each byte that is zero: no carry crosses a byte.
    let nullen = |x: u64| !((x & LAAG).wrapping_add(LAAG) | x | LAAG);
    // Brings those eight bits together in the highest byte.
    let samen = |bits: u64| (bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let (mut scheidingen, mut regeleinden) = (0, 0);
    let (woorden, _) = bytes.as_chunks::<8>();
    for (i, woord) in woorden.iter().enumerate() {
        let woord = u64::from_le_bytes(*woord);
        scheidingen |= samen(nullen(woord ^ scheiding)) << (8 * i);
        regeleinden |= samen(nullen(woord ^ regeleinde)) << (8 * i);
    }
    (scheidingen | regeleinden, regeleinden)
}

struct Ontquoter {
    lezer: csv_core::Reader,
    uit: Vec<u8>,
    einden: Vec<usize>,
    /// Where the first cell of the record begins, and where each cell ends.
    celeinden: Vec<u32>,
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
            vorige_cellen: 1,
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
        let (regel, cellen) = loop {
            if self.plaats >= bytes.len() {
                return None;
            }
            let met_einde = !self.grenzen.regeleinden.is_leeg() || self.grenzen.kijk_verder(bytes);
            let Celgrenzen { einden, regeleinden, .. } = &mut self.grenzen;
            let (van, regel) = (self.plaats, self.regel);
            let tot;
            if met_einde {
                tot = regeleinden.plaatsen[regeleinden.vanaf] as usize;
                regeleinden.vanaf += 1;
                self.plaats = tot + 1;
                self.regel += 1;
            } else {
                // The last line has no end: the bytes have.
                tot = bytes.len();
                einden.zet(tot as u32);
                self.plaats = tot;
            }
            let wachtend = &einden.plaatsen[einden.vanaf..einden.tot];
            let is_laatste = |plek: &usize| wachtend.get(*plek) == Some(&(tot as u32));
            let laatste = Some(self.vorige_cellen - 1).filter(is_laatste);
            let aantal = laatste
                .unwrap_or_else(|| wachtend.partition_point(|plaats| (*plaats as usize) < tot))
                + 1;
            let cellen = einden.vanaf - 1..einden.vanaf + aantal;
            einden.vanaf += aantal;
            // A line of nothing but its end is no record.
            if aantal > 1 || !is_regeleinde(&bytes[van..tot]) {
                self.vorige_cellen = aantal;
                break (regel, cellen);
            }
        };
        Some(Record::nieuw(regel, bytes, &self.grenzen.einden.plaatsen[cellen], 1))
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

impl Ontquoter {
    fn nieuw(scheiding: u8) -> Ontquoter {
        Ontquoter {
            lezer: csv_core::ReaderBuilder::new()
                .delimiter(scheiding)
                .terminator(csv_core::Terminator::Any(b'\n'))
                .build(),
            uit: vec![0; 1 << 10],
            einden: vec![0; 64],
            celeinden: Vec::new(),
        }
    }

    /// Reads the first record of `bytes`; returns how many it took.
    fn lees(&mut self, bytes: &[u8]) -> usize {
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
        self.celeinden.clear();
        self.celeinden.push(0);
        self.celeinden.extend(self.einden[..aantal].iter().map(|einde| *einde as u32));
        gelezen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_arch = "x86_64")]
    proptest::proptest! {
        #[test]
        fn both_ways_of_looking_see_the_same(
            tekens in proptest::collection::vec(proptest::sample::select(b";\n:a\xbb\x8a\0"), 64),
        ) {
            let deel: [u8; 64] = tekens.try_into().expect("as many as were asked for");
            if is_x86_feature_detected!("avx2") {
                // SAFETY: this processor has it.
                let met_avx2 = unsafe { maskers_met_avx2(&deel, b';') };
                proptest::prop_assert_eq!(met_avx2, maskers(&deel, b';'));
            }
        }
    }

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
