//! One file of one kind: found, opened, decoded, and handed out row by row.

use super::csv::{Bloklezer, Recordlezer, lees_blokken};
use super::fout::BronFout;
use super::gz::{Meter, uitgepakt};
use super::kop::{Kolomnamen, Kop};
use super::parquet;
use super::plek::Plek;
use super::record::Recordblok;
use super::rij::{Leesverslag, Rij};
use super::velden::Bedragen;
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

/// What is done with the rows of a table. Many parts are read side by side, and taken over in the
/// file's order.
pub struct Werk<Begin, Rij, Tussen, NeemOp> {
    /// Makes an empty part, for a block of so many bytes.
    pub begin: Begin,
    /// Reads a row into a part.
    pub rij: Rij,
    /// What some parts need of each other, before any is taken over; no row is being read then.
    pub tussen: Tussen,
    /// Takes over a part, with the number of bytes that it was read from.
    pub neem_op: NeemOp,
}

impl Tabel<'_> {
    /// Reads all rows.
    ///
    /// A file that turns out not to be UTF-8 is read again as Windows-1252, after `opnieuw`.
    pub fn lees<D, B, R, T, N>(
        &self,
        invoer: &Invoer<'_>,
        wijze: &Leeswijze,
        werk: &mut Werk<B, R, T, N>,
        mut opnieuw: impl FnMut(),
        voortgang: &(dyn Fn(u64) + Sync),
    ) -> Result<Gelezen, BronFout>
    where
        D: Send,
        B: Fn(usize) -> D + Sync,
        R: Fn(Rij<'_>, &mut D) + Sync,
        T: FnMut(Vec<&mut D>),
        N: FnMut(D, usize) + Send,
    {
        let kenmerk = invoer.kenmerk();
        let vorm = Vorm::van_naam(self.naam).unwrap_or(Vorm::Csv);
        let gelezen = if matches!(vorm, Vorm::Xlsx | Vorm::Parquet) {
            self.lees_binair(invoer, vorm, wijze, werk, voortgang)?
        } else {
            match self.probeer(invoer, wijze, Tekenset::Utf8, werk, voortgang)? {
                Some(gelezen) => gelezen,
                None => {
                    opnieuw();
                    self.probeer(invoer, wijze, Tekenset::Windows1252, werk, voortgang)?
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
    fn lees_binair<D, B, R, T, N>(
        &self,
        invoer: &Invoer<'_>,
        vorm: Vorm,
        wijze: &Leeswijze,
        werk: &mut Werk<B, R, T, N>,
        voortgang: &(dyn Fn(u64) + Sync),
    ) -> Result<Gelezen, BronFout>
    where
        D: Send,
        B: Fn(usize) -> D + Sync,
        R: Fn(Rij<'_>, &mut D) + Sync,
        T: FnMut(Vec<&mut D>),
        N: FnMut(D, usize) + Send,
    {
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
                let deel = self.lees_records(kop, blokken, wijze.bedragen, werk);
                verslag.neem_over(deel);
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

    /// The same for records that don't come from text. What can't be read is noted in the report
    /// that it returns.
    pub fn lees_records<D, B, R, T, N>(
        &self,
        kop: &Kop,
        blokken: &[Recordblok],
        bedragen: Bedragen,
        werk: &mut Werk<B, R, T, N>,
    ) -> Leesverslag
    where
        D: Send,
        B: Fn(usize) -> D + Sync,
        R: Fn(Rij<'_>, &mut D) + Sync,
        T: FnMut(Vec<&mut D>),
        N: FnMut(D, usize),
    {
        let Werk { begin, rij, tussen, neem_op } = werk;
        let (begin, rij) = (&*begin, &*rij);
        let mut delen: Vec<(D, Leesverslag, usize)> = blokken
            .par_iter()
            .map(|blok| {
                let (mut deel, mut verslag) = (begin(blok.omvang()), Leesverslag::default());
                for record in blok.records() {
                    rij(Rij::nieuw(record, kop, self.nr, bedragen, &mut verslag), &mut deel);
                }
                (deel, verslag, blok.omvang())
            })
            .collect();
        tussen(delen.iter_mut().map(|(deel, ..)| deel).collect());
        let mut verslag = Leesverslag::default();
        for (deel, deelverslag, bytes) in delen {
            neem_op(deel, bytes);
            verslag.neem_over(deelverslag);
        }
        verslag
    }

    /// `None` when the file isn't in this character set.
    fn probeer<D, B, R, T, N>(
        &self,
        invoer: &Invoer<'_>,
        wijze: &Leeswijze,
        tekenset: Tekenset,
        werk: &mut Werk<B, R, T, N>,
        voortgang: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<Gelezen>, BronFout>
    where
        D: Send,
        B: Fn(usize) -> D + Sync,
        R: Fn(Rij<'_>, &mut D) + Sync,
        T: FnMut(Vec<&mut D>),
        N: FnMut(D, usize) + Send,
    {
        let Werk { begin: nieuw_deel, rij, tussen, neem_op } = werk;
        let (nieuw_deel, rij) = (&*nieuw_deel, &*rij);
        let meter = (Vorm::van_naam(self.naam) == Some(Vorm::CsvGz)).then(Meter::default);
        let mut bron = invoer.open(self.naam, meter.as_ref(), voortgang)?;
        let mut begin = Vec::new();
        (&mut bron)
            .take(BEGIN)
            .read_to_end(&mut begin)
            .map_err(|e| BronFout::van_io(self.naam, &e))?;
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
        let mut hash = Sha256::new();
        hash.update(&begin[..bom + kop.lengte]);
        let eerste_bytes = begin.len() as u64;
        let rest = begin.split_off(bom + kop.lengte);
        let mut lezer = Bloklezer::nieuw(bron, self.naam, kop.scheiding, rest, kop.volgende_regel);
        let mut verslag = Leesverslag::default();
        let mut past = true;
        lees_blokken(
            &mut lezer,
            &mut hash,
            |blok| {
                let tekst = tekenset.ontcijfer(&blok.bytes)?;
                let mut records =
                    Recordlezer::nieuw(tekst.as_bytes(), blok.eerste_regel, kop.scheiding);
                let (mut deel, mut verslag) =
                    (nieuw_deel(blok.bytes.len()), Leesverslag::default());
                while let Some(record) = records.volgende() {
                    rij(Rij::nieuw(record, &kop, self.nr, wijze.bedragen, &mut verslag), &mut deel);
                }
                if meter.is_none() {
                    voortgang(blok.bytes.len() as u64);
                }
                Some((deel, verslag, blok.bytes.len()))
            },
            |groep| tussen(groep.iter_mut().flatten().map(|(deel, ..)| deel).collect()),
            |uitkomst| {
                match uitkomst {
                    Some((deel, deelverslag, bytes)) if past => {
                        neem_op(deel, bytes);
                        verslag.neem_over(deelverslag);
                    }
                    _ => past = false,
                }
                Ok(())
            },
        )?;
        let (bytes, hash) = match meter {
            None => (eerste_bytes + lezer.bytes(), hash),
            Some(meter) => meter.uitslag(),
        };
        Ok(past.then(|| Gelezen { kop, verslag, bytes, sha256: hex(&hash.finalize()) }))
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
