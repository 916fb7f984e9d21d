//! CSV in blocks: one pass finds where records end, many threads read the blocks.
//!
//! A block always starts at the first byte of a record and ends after the last byte of one, so
//! that a quoted line end never splits a record. Line numbers are physical and 1-based.

use super::fout::BronFout;
use super::record::{Bereik, Record};
use memchr::{memchr, memchr_iter, memchr2, memrchr};
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

/// Reads all blocks: `verwerk` in parallel, a group of blocks at a time; `tussen` on what a group
/// gave, while no block is being read; `neem_op` one by one in the order of the file.
///
/// At any time a few blocks are in memory.
pub fn lees_blokken<R, D>(
    lezer: &mut Bloklezer<R>,
    hash: &mut Sha256,
    verwerk: impl Fn(&Blok) -> D + Sync,
    mut tussen: impl FnMut(&mut [D]),
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
        let ((opgenomen, volgende), uitkomst) = rayon::join(
            || {
                rayon::join(
                    || vorige.into_iter().try_for_each(&mut neem_op),
                    || {
                        groep.iter().for_each(|b| hash.update(&b.bytes));
                        lees_groep()
                    },
                )
            },
            || groep.par_iter().map(&verwerk).collect::<Vec<D>>(),
        );
        opgenomen?;
        klaar = uitkomst;
        tussen(&mut klaar);
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
    /// The same, where it is known to be text.
    tekst: Option<&'b str>,
    plaats: usize,
    regel: u64,
    grenzen: Celgrenzen,
    /// Unquotes cells; a block without quotes, the usual case, is only cut.
    ontquoter: Option<Ontquoter>,
    velden: Vec<Bereik>,
}

/// Places of delimiters and line ends, 64 bytes at a time: cells are so short that a search for each
/// next one costs more than looking at everything once.
struct Celgrenzen {
    scheiding: u8,
    /// First byte of the 64 that the masks are about.
    begin: usize,
    /// A bit for each byte that ends a cell and wasn't handed out yet.
    open: u64,
    /// A bit for each of these bytes that ends a line.
    regeleinden: u64,
    /// First byte that wasn't looked at.
    bekeken: usize,
}

impl Celgrenzen {
    /// The next place, and whether a line ends there; `None` when there are no more.
    #[inline(always)]
    fn volgende(&mut self, bytes: &[u8]) -> Option<(usize, bool)> {
        while self.open == 0 {
            self.kijk_verder(bytes)?;
        }
        let laagste = self.open & self.open.wrapping_neg();
        self.open ^= laagste;
        let plaats = self.begin + laagste.trailing_zeros() as usize;
        Some((plaats, self.regeleinden & laagste != 0))
    }

    #[inline]
    fn kijk_verder(&mut self, bytes: &[u8]) -> Option<()> {
        let rest = bytes.get(self.bekeken..).filter(|rest| !rest.is_empty())?;
        self.begin = self.bekeken;
        (self.open, self.regeleinden) = match rest.first_chunk::<64>() {
            Some(deel) => maskers(deel, self.scheiding),
            None => {
                let mut deel = [0; 64];
                deel[..rest.len()].copy_from_slice(rest);
                // What fills it up ends no cell, even if the delimiter were that byte.
                let (open, regeleinden) = maskers(&deel, self.scheiding);
                (open & ((1 << rest.len()) - 1), regeleinden)
            }
        };
        self.bekeken += 64;
        Some(())
    }
}

/// A bit for every delimiter and line end in 64 bytes, and for every line end.
#[cfg(target_arch = "x86_64")]
#[inline]
fn maskers(bytes: &[u8; 64], scheiding: u8) -> (u64, u64) {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8};

    #[inline]
    #[target_feature(enable = "sse2")]
    fn zestien_tegelijk(bytes: &[u8; 64], scheiding: u8) -> (u64, u64) {
        let gezocht = [scheiding, b'\n'].map(u8::cast_signed);
        let gezocht = [_mm_set1_epi8(gezocht[0]), _mm_set1_epi8(gezocht[1])];
        let mut gevonden = [0_u64; 2];
        let (stukken, _) = bytes.as_chunks::<16>();
        for (i, stuk) in stukken.iter().enumerate() {
            let stuk = u128::from_le_bytes(*stuk);
            let stuk = _mm_set_epi64x((stuk >> 64) as i64, stuk as i64);
            for (gevonden, gezocht) in gevonden.iter_mut().zip(gezocht) {
                let bits = _mm_movemask_epi8(_mm_cmpeq_epi8(stuk, gezocht));
                *gevonden |= u64::from(bits.cast_unsigned()) << (16 * i);
            }
        }
        let [scheidingen, regeleinden] = gevonden;
        (scheidingen | regeleinden, regeleinden)
    }

    // SAFETY: every processor of this kind has SSE2.
    unsafe { zestien_tegelijk(bytes, scheiding) }
}

/// The same on other machines.
#[cfg(not(target_arch = "x86_64"))]
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
}

impl<'b> Recordlezer<'b> {
    pub fn nieuw(bytes: &'b [u8], eerste_regel: u64, scheiding: u8) -> Self {
        let ontquoter = memchr(b'"', bytes).map(|_| Ontquoter::nieuw(scheiding));
        Recordlezer {
            bytes,
            tekst: None,
            plaats: 0,
            regel: eerste_regel,
            grenzen: Celgrenzen { scheiding, begin: 0, open: 0, regeleinden: 0, bekeken: 0 },
            ontquoter,
            velden: Vec::with_capacity(64),
        }
    }

    /// The same of a block that is known to be text: then its cells needn't be looked at again.
    pub fn van_tekst(tekst: &'b str, eerste_regel: u64, scheiding: u8) -> Self {
        let lezer = Recordlezer::nieuw(tekst.as_bytes(), eerste_regel, scheiding);
        Recordlezer { tekst: Some(tekst), ..lezer }
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
        self.velden.clear();
        if self.ontquoter.is_none() { self.snijd() } else { self.ontquoot() }
    }

    fn snijd(&mut self) -> Option<Record<'_>> {
        let bytes = self.bytes;
        let mut van = self.plaats;
        let mut begin = 0;
        let einde = loop {
            let grens = self.grenzen.volgende(bytes);
            let (tot, is_einde) = grens.unwrap_or((bytes.len(), true));
            // A block is far smaller than 4 GB, and no place lies before the record's first byte.
            let tot_in_record = tot.wrapping_sub(van) as u32;
            self.velden.push((begin, tot_in_record));
            begin = tot_in_record.wrapping_add(1);
            if !is_einde {
                continue;
            }
            self.plaats = tot + usize::from(grens.is_some());
            self.regel += u64::from(grens.is_some());
            // A line of nothing but its end is no record.
            if self.velden.len() > 1 || !is_regeleinde(&bytes[van..tot]) {
                break tot;
            }
            grens?;
            self.velden.clear();
            (van, begin) = (self.plaats, 0);
        };
        let met_einde = self.plaats > einde;
        let regel = self.regel - u64::from(met_einde);
        let record = Record::nieuw(regel, &bytes[van..einde], &self.velden);
        Some(match self.tekst {
            Some(tekst) => record.met_tekst(&tekst[van..einde]),
            None => record,
        })
    }

    fn ontquoot(&mut self) -> Option<Record<'_>> {
        while let Some(c @ (b'\n' | b'\r')) = self.bytes.get(self.plaats) {
            self.regel += u64::from(*c == b'\n');
            self.plaats += 1;
        }
        let rest = &self.bytes[self.plaats..];
        let ontquoter = self.ontquoter.as_mut().filter(|_| !rest.is_empty())?;
        let regel = self.regel;
        let gelezen = ontquoter.lees(rest, &mut self.velden);
        self.plaats += gelezen;
        self.regel += regels(&rest[..gelezen]);
        Some(Record::nieuw(regel, &ontquoter.uit, &self.velden))
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
        }
    }

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

    proptest::proptest! {
        #[test]
        fn cutting_and_unquoting_agree_on_any_text_without_quotes(tekst in "[a-c;,é \\r\\n]{0,200}") {
            let mut met_quotes = Recordlezer::nieuw(tekst.as_bytes(), 1, b';');
            met_quotes.ontquoter = Some(Ontquoter::nieuw(b';'));
            let mut gesneden = Recordlezer::van_tekst(&tekst, 1, b';');
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
            |_| {},
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
