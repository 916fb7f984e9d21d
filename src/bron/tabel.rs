//! One file of one kind: found, opened, decoded, and handed out row by row.

use super::collect::{Collect, ReadRows};
use super::csv::{Blok, Blokgroepen, Bloklezer, Recordlezer};
use super::fout::BronFout;
use super::gz::{Meter, uitgepakt};
use super::kop::{Kolomnamen, Kop};
use super::parquet;
use super::plek::Plek;
use super::record::Recordblok;
use super::rij::Rij;
use super::velden::Bedragen;
use super::verslag::Leesverslag;
use super::vorm::Vorm;
use super::xlsx::{self, Vraag};
use crate::dossier::{BestandNr, Kolom, Kolommen, Soort};
use crate::ground::hex;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Bytes that hold the header of any sane file.
const BEGIN: u64 = 1 << 20;

/// How all files of a dossier are to be read.
#[derive(Clone, Debug, Default)]
pub struct Leeswijze {
    pub kolomnamen: Kolomnamen,
    pub bedragen: Bedragen,
    /// Codes of products that may be declared without a Bsn.
    pub zonder_bsn: Vec<String>,
}

impl Leeswijze {
    /// Needed columns of this kind that may be missing all the same.
    fn mag_ontbreken(&self, soort: Soort) -> Kolommen {
        if soort == Soort::Declaraties && !self.zonder_bsn.is_empty() {
            Kolommen::default().met(Kolom::Bsn)
        } else {
            Kolommen::default()
        }
    }
}

/// What was read of a file besides its rows.
#[derive(Debug)]
pub struct Gelezen {
    pub kop: Kop,
    pub verslag: Leesverslag,
    pub bytes: u64,
    pub sha256: String,
}

/// Where a table's bytes come from.
pub enum Invoer<'a> {
    Bestand(&'a Plek),
    Bytes(&'a [u8]),
}

impl Invoer<'_> {
    /// The bytes, unpacked if `gz` is given: then it and `voortgang` see them as they were packed.
    fn open<'s>(
        &'s self,
        naam: &str,
        gz: Option<&Meter>,
        voortgang: &'s (dyn Fn(u64) + Sync),
    ) -> Result<Box<dyn Read + Send + 's>, BronFout> {
        match self {
            Invoer::Bytes(bytes) => Ok(Box::new(*bytes)),
            Invoer::Bestand(plek) => {
                if plek.pad().is_dir() {
                    return Err(BronFout::IsMap { bestand: naam.to_owned() });
                }
                let bestand = plek.open().map_err(|e| BronFout::van_io(naam, &e))?;
                match gz {
                    None => Ok(bestand),
                    Some(_) if plek.bytes() == 0 => {
                        Err(BronFout::Leeg { bestand: naam.to_owned() })
                    }
                    Some(meter) => Ok(Box::new(uitgepakt(bestand, meter.clone(), voortgang))),
                }
            }
        }
    }

    /// Size and time of change, to see whether a file was written to while it was read.
    fn kenmerk(&self) -> Option<(u64, Option<std::time::SystemTime>)> {
        match self {
            Invoer::Bytes(_) => None,
            Invoer::Bestand(plek) => plek.kenmerk(),
        }
    }
}

/// A kind of file, its name for messages, and its number in the dossier.
#[derive(Clone, Copy, Debug)]
pub struct Tabel<'a> {
    pub naam: &'a str,
    pub soort: Soort,
    pub nr: BestandNr,
}

/// The rows of one block, and what was noted of them.
pub struct Blokrijen<Chunk> {
    pub chunk: Chunk,
    pub verslag: Leesverslag,
}

/// The first bytes of a file of text.
struct Begin {
    /// The byte order mark and the header.
    voor_rijen: Vec<u8>,
    rest: Vec<u8>,
}

fn settle<'d, R: ReadRows>(rows: &mut R, delen: impl Iterator<Item = &'d mut Blokrijen<R::Chunk>>)
where
    R::Chunk: 'd,
{
    rows.settle(&mut delen.map(|deel| &mut deel.chunk).collect::<Vec<_>>());
}

impl Tabel<'_> {
    /// Reads all rows.
    ///
    /// A file that turns out not to be UTF-8 is read again as Windows-1252.
    pub fn lees<R: ReadRows>(
        &self,
        invoer: &Invoer<'_>,
        wijze: &Leeswijze,
        rows: &mut R,
        whole: &mut impl Collect<R::Chunk>,
        voortgang: &(dyn Fn(u64) + Sync),
    ) -> Result<Gelezen, BronFout> {
        let kenmerk = invoer.kenmerk();
        let vorm = Vorm::van_naam(self.naam).unwrap_or(Vorm::Csv);
        let gelezen = if matches!(vorm, Vorm::Xlsx | Vorm::Parquet) {
            self.lees_binair(invoer, vorm, wijze, rows, whole, voortgang)?
        } else {
            match self.probeer(invoer, wijze, Tekenset::Utf8, rows, whole, voortgang)? {
                Some(gelezen) => gelezen,
                None => {
                    whole.rollback();
                    self.probeer(invoer, wijze, Tekenset::Windows1252, rows, whole, voortgang)?
                        .expect("every byte means something in Windows-1252")
                }
            }
        };
        if kenmerk != invoer.kenmerk() {
            return Err(BronFout::Veranderd { bestand: self.naam.to_owned() });
        }
        Ok(gelezen)
    }

    /// Reads a workbook or a Parquet file, of which all bytes are in memory at once. A library that
    /// panics on its bytes makes it a broken file.
    fn lees_binair<R: ReadRows>(
        &self,
        invoer: &Invoer<'_>,
        vorm: Vorm,
        wijze: &Leeswijze,
        rows: &mut R,
        whole: &mut impl Collect<R::Chunk>,
        voortgang: &(dyn Fn(u64) + Sync),
    ) -> Result<Gelezen, BronFout> {
        let mut inhoud = Vec::new();
        let mut bron = invoer.open(self.naam, None, voortgang)?;
        bron.read_to_end(&mut inhoud).map_err(|e| BronFout::van_io(self.naam, &e))?;
        if inhoud.is_empty() {
            return Err(BronFout::Leeg { bestand: self.naam.to_owned() });
        }
        let bytes = inhoud.len() as u64;
        let sha256 = hex(&Sha256::digest(&inhoud));
        let vraag = Vraag {
            bestand: self.naam,
            soort: self.soort,
            namen: &wijze.kolomnamen,
            mag_ontbreken: wijze.mag_ontbreken(self.soort),
        };
        let mut verslag = Leesverslag::default();
        let mut eigen_werk = false;
        let uitkomst = catch_unwind(AssertUnwindSafe(|| {
            let mut stuur = |kop: &Kop, blokken: &[Recordblok]| {
                eigen_werk = true;
                let read = &*rows;
                let mut delen: Vec<Blokrijen<R::Chunk>> = blokken
                    .par_iter()
                    .map(|blok| self.lees_records(kop, blok, wijze.bedragen, read))
                    .collect();
                settle(rows, delen.iter_mut());
                for deel in delen {
                    whole.take(deel.chunk);
                    verslag.neem_over(deel.verslag);
                }
                eigen_werk = false;
            };
            match vorm {
                Vorm::Parquet => {
                    parquet::lees(inhoud, &vraag, &mut stuur).map(|kop| (kop, Vec::new()))
                }
                _ => xlsx::lees(&inhoud, &vraag, &mut stuur),
            }
        }));
        let (kop, totalen) = match uitkomst {
            Ok(uitkomst) => uitkomst?,
            Err(paniek) if eigen_werk => resume_unwind(paniek),
            Err(_) => return Err(vraag.beschadigd("de inhoud spreekt zichzelf tegen")),
        };
        for totaal in totalen {
            verslag.noteer_totaal(self.nr, totaal.regel, totaal.kolom, &totaal.waarde);
        }
        voortgang(bytes);
        Ok(Gelezen { kop, verslag, bytes, sha256 })
    }

    /// Reads records that don't come from text.
    pub fn lees_records<R: ReadRows>(
        &self,
        kop: &Kop,
        blok: &Recordblok,
        bedragen: Bedragen,
        rows: &R,
    ) -> Blokrijen<R::Chunk> {
        let (mut chunk, mut verslag) = (rows.chunk(blok.omvang()), Leesverslag::default());
        for record in blok.records() {
            rows.row(Rij::nieuw(record, kop, self.nr, bedragen, &mut verslag), &mut chunk);
        }
        Blokrijen { chunk, verslag }
    }

    /// The same for a block of text; `None` when it isn't in this character set.
    fn lees_blok<R: ReadRows>(
        &self,
        kop: &Kop,
        blok: &Blok,
        tekenset: Tekenset,
        bedragen: Bedragen,
        rows: &R,
    ) -> Option<Blokrijen<R::Chunk>> {
        let tekst = tekenset.ontcijfer(&blok.bytes)?;
        let mut records = Recordlezer::nieuw(tekst.as_bytes(), blok.eerste_regel, kop.scheiding);
        let (mut chunk, mut verslag) = (rows.chunk(blok.bytes.len()), Leesverslag::default());
        while let Some(record) = records.volgende() {
            rows.row(Rij::nieuw(record, kop, self.nr, bedragen, &mut verslag), &mut chunk);
        }
        Some(Blokrijen { chunk, verslag })
    }

    /// `None` when the file isn't in this character set.
    fn probeer<R: ReadRows>(
        &self,
        invoer: &Invoer<'_>,
        wijze: &Leeswijze,
        tekenset: Tekenset,
        rows: &mut R,
        whole: &mut impl Collect<R::Chunk>,
        voortgang: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<Gelezen>, BronFout> {
        let meter = (Vorm::van_naam(self.naam) == Some(Vorm::CsvGz)).then(Meter::default);
        let mut bron = invoer.open(self.naam, meter.as_ref(), voortgang)?;
        let (kop, begin) = self.lees_kop(&mut bron, wijze)?;
        let mut hash = Sha256::new();
        hash.update(&begin.voor_rijen);
        let eerste_bytes = (begin.voor_rijen.len() + begin.rest.len()) as u64;
        let mut lezer =
            Bloklezer::nieuw(bron, self.naam, kop.scheiding, begin.rest, kop.volgende_regel);
        let blokken = Blokgroepen::nieuw(&mut lezer, &mut hash);
        let (mut verslag, mut past) = (Leesverslag::default(), true);
        let mut klaar: Vec<Option<Blokrijen<R::Chunk>>> = Vec::new();
        loop {
            let (vorige, read) = (std::mem::take(&mut klaar), &*rows);
            let neem_op = || {
                for deel in vorige {
                    past &= deel.is_some();
                    if let Some(deel) = deel.filter(|_| past) {
                        whole.take(deel.chunk);
                        verslag.neem_over(deel.verslag);
                    }
                }
            };
            let lees = |blok: &Blok| {
                let deel = self.lees_blok(&kop, blok, tekenset, wijze.bedragen, read);
                if meter.is_none() && deel.is_some() {
                    voortgang(blok.bytes.len() as u64);
                }
                deel
            };
            klaar = blokken.volgende(lees, neem_op)?;
            if klaar.is_empty() {
                break;
            }
            settle(rows, klaar.iter_mut().flatten());
        }
        let (bytes, hash) = match meter {
            None => (eerste_bytes + lezer.bytes(), hash),
            Some(meter) => meter.uitslag(),
        };
        Ok(past.then(|| Gelezen { kop, verslag, bytes, sha256: hex(&hash.finalize()) }))
    }

    /// The header, and the bytes that were read for it.
    fn lees_kop(&self, bron: &mut dyn Read, wijze: &Leeswijze) -> Result<(Kop, Begin), BronFout> {
        let mut begin = Vec::new();
        bron.take(BEGIN).read_to_end(&mut begin).map_err(|e| BronFout::van_io(self.naam, &e))?;
        let bom = self.controleer_begin(&begin)?;
        if begin.len() as u64 == BEGIN && memchr::memchr(b'\n', &begin).is_none() {
            return Err(BronFout::RegelTeLang {
                bestand: self.naam.to_owned(),
                regel: 1,
                grens: BEGIN as usize,
            });
        }
        let kop = Kop::lees(
            &begin[bom..],
            self.naam,
            self.soort,
            &wijze.kolomnamen,
            wijze.mag_ontbreken(self.soort),
        )?;
        kop.vergelijk_eerste_rij(&begin[bom + kop.lengte..], self.naam)?;
        let rest = begin.split_off(bom + kop.lengte);
        Ok((kop, Begin { voor_rijen: begin, rest }))
    }

    /// Length of the byte order mark; refuses what is no text of one byte a character.
    fn controleer_begin(&self, begin: &[u8]) -> Result<usize, BronFout> {
        let bestand = || self.naam.to_owned();
        if begin.is_empty() {
            return Err(BronFout::Leeg { bestand: bestand() });
        }
        if begin.starts_with(&[0xff, 0xfe]) || begin.starts_with(&[0xfe, 0xff]) {
            return Err(BronFout::Utf16 { bestand: bestand() });
        }
        if begin.starts_with(b"PK\x03\x04") {
            return Err(BronFout::VormOnbekend { bestand: bestand(), vorm: "xlsx of zip".into() });
        }
        if let Some(plaats) = memchr::memchr(0, begin) {
            let regel = memchr::memchr_iter(b'\n', &begin[..plaats]).count() as u64 + 1;
            return Err(BronFout::Nul { bestand: bestand(), regel });
        }
        Ok(if begin.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 })
    }
}

#[derive(Clone, Copy)]
enum Tekenset {
    Utf8,
    Windows1252,
}

impl Tekenset {
    /// The bytes as text; `None` when they aren't in this character set.
    fn ontcijfer(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Tekenset::Utf8 => simdutf8::basic::from_utf8(bytes).ok().map(Cow::Borrowed),
            Tekenset::Windows1252 => {
                Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0)
            }
        }
    }
}
