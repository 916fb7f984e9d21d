//! Lines of a dossier that doesn't fit in memory, kept in files of a temporary folder.
//!
//! Lines are spread over [`Opslag::BAKKEN`] files by a key, so that all lines of one key can be had
//! back together with those of some other keys. Every block has its length and a checksum in front.
//! The numbers in a line are those of the dossier that it was taken from: the files mean something
//! to one run only.

use super::Dossier;
use super::codes::{Bsn, DebetCredit, Eenheid, Gemeente};
use super::datum::Dag;
use super::declaratieregel::*;
use super::geld::{Cent, Volume};
use super::tekst::{Teksten, WoordNr};
use rayon::prelude::*;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Lines with the texts that they name, as a part of a dossier holds them.
#[derive(Clone, Debug, Default)]
pub struct Regelblok {
    pub regels: Vec<Declaratieregel>,
    /// For each line its number in the whole dossier.
    pub nummers: Vec<u32>,
    pub teksten: Teksten,
}

impl Regelblok {
    /// Takes over one line of a dossier, with what it names; `nummer` is its number in the whole.
    pub fn neem_op(&mut self, van: &Dossier, nr: RegelNr, nummer: u32) {
        let r = van.regel(nr);
        let nummers = self.teksten.voeg_samen_toe(van.teksten.samen(r.nummers));
        self.regels.push(Declaratieregel { nummers, ..r.clone() });
        self.nummers.push(nummer);
    }

    /// Puts the lines in the order of the dossier: by file and line, and lines of a message that
    /// stand on one line as they were read.
    fn orden(&mut self) {
        let genummerd = self.regels.iter().zip(&self.nummers).zip(0_u32..);
        let mut volgorde: Vec<(BestandNr, u32, u32, u32)> =
            genummerd.map(|((r, nummer), i)| (r.bestand, r.regelnummer, *nummer, i)).collect();
        if volgorde.is_sorted() {
            return;
        }
        volgorde.sort_unstable();
        self.regels = volgorde.iter().map(|(.., i)| self.regels[*i as usize].clone()).collect();
        self.nummers = volgorde.into_iter().map(|(_, _, nummer, _)| nummer).collect();
    }

    /// Adds the lines of a part.
    fn voeg_achteraan(&mut self, deel: Regelblok) {
        let om = self.teksten.neem_over(&deel.teksten);
        let regels = deel.regels.into_iter();
        self.regels.extend(regels.map(|r| Declaratieregel { nummers: om(r.nummers), ..r }));
        self.nummers.extend(deel.nummers);
    }

    /// All lines of these in that order.
    pub fn samen(delen: Vec<Regelblok>) -> Regelblok {
        let mut uit = Regelblok::default();
        uit.regels.reserve_exact(delen.iter().map(|d| d.regels.len()).sum());
        uit.nummers.reserve_exact(delen.iter().map(|d| d.nummers.len()).sum());
        uit.teksten.reserveer(delen.iter().map(|d| d.teksten.omvang()).sum());
        delen.into_iter().for_each(|deel| uit.voeg_achteraan(deel));
        uit.orden();
        uit
    }
}

/// Files of lines, spread by a key.
#[derive(Debug)]
pub struct Opslag {
    map: PathBuf,
    naam: &'static str,
    bakken: Vec<Bak>,
}

/// One file of lines, and what is still to be written to it.
#[derive(Clone, Debug, Default)]
struct Bak {
    wacht: Vec<u8>,
    geschreven: u64,
    regels: u64,
}

/// How far every file had come.
#[derive(Clone, Debug)]
pub struct Merkteken(Vec<(u64, u64)>);

/// Some lines: for each file how many go there, coded.
type Stuk = Vec<(u64, Vec<u8>)>;

/// Bytes that wait before they are written as one block.
const BLOK: usize = 1 << 16;

/// A key spread evenly over the files.
fn strooi(sleutel: u32) -> u8 {
    (sleutel.wrapping_mul(0x9E37_79B1) >> 24) as u8
}

/// The file for lines of an aanbieder.
pub fn bak_van_aanbieder(nr: AanbiederNr) -> u8 {
    strooi(nr.0.into())
}

/// The file for lines on the same toewijzing. Lines of a number that no toewijzing has are kept
/// together by number; those without a number need no company, and are kept by Bsn.
pub fn bak_van_toewijzing(r: &Declaratieregel) -> u8 {
    match r.toewijzing {
        Some(nr) => strooi(nr.plaats() as u32),
        None if r.toewijzing_nummer.is_leeg() => strooi(r.bsn.0),
        None => strooi(r.toewijzing_nummer.0),
    }
}

/// The file for lines of a jeugdige.
pub fn bak_van_jeugdige(bsn: Bsn) -> u8 {
    strooi(bsn.0)
}

impl Opslag {
    pub const BAKKEN: usize = 256;

    /// Files in this folder, whose names begin with `naam`.
    pub fn nieuw(map: &Path, naam: &'static str) -> Opslag {
        Opslag { map: map.to_owned(), naam, bakken: vec![Bak::default(); Self::BAKKEN] }
    }

    fn pad(&self, bak: usize) -> PathBuf {
        self.map.join(format!("{}-{bak:03}", self.naam))
    }

    /// Lines in one of the files.
    pub fn regels(&self, bak: usize) -> u64 {
        self.bakken[bak].regels
    }

    /// Adds some of a block's lines; `bak` gives the file for a line, `None` for one that isn't needed any more.
    pub fn voeg_toe(
        &mut self,
        blok: &Regelblok,
        welke: std::ops::Range<usize>,
        bak: impl Fn(&Declaratieregel) -> Option<u8> + Sync,
    ) -> io::Result<()> {
        // Pieces are coded side by side, some of them at a time, and added in their order while the
        // next ones are coded.
        const PER_STUK: usize = 1 << 14;
        const TEGELIJK: usize = 16 * PER_STUK;
        let codeer_stuk = |(regels, nummers): (&[Declaratieregel], &[u32])| {
            let mut stuk = vec![(0, Vec::new()); Self::BAKKEN];
            for (r, nummer) in regels.iter().zip(nummers) {
                if let Some(bak) = bak(r) {
                    let (aantal, bytes) = &mut stuk[usize::from(bak)];
                    *aantal += 1;
                    codeer(r, *nummer, blok, bytes);
                }
            }
            stuk
        };
        let (regels, nummers) = (&blok.regels[welke.clone()], &blok.nummers[welke]);
        let mut gecodeerd: Vec<Stuk> = Vec::new();
        for (regels, nummers) in regels.chunks(TEGELIJK).zip(nummers.chunks(TEGELIJK)) {
            let vorige = std::mem::take(&mut gecodeerd);
            let (erbij, stukken) = rayon::join(
                || self.neem_over(vorige),
                || {
                    let stukken = regels.par_chunks(PER_STUK).zip(nummers.par_chunks(PER_STUK));
                    stukken.map(codeer_stuk).collect()
                },
            );
            erbij?;
            gecodeerd = stukken;
        }
        self.neem_over(gecodeerd)
    }

    /// Adds coded lines, and writes what is enough for a block.
    fn neem_over(&mut self, stukken: Vec<Stuk>) -> io::Result<()> {
        for (nr, (aantal, bytes)) in stukken.into_iter().flat_map(|s| s.into_iter().enumerate()) {
            let bak = &mut self.bakken[nr];
            bak.regels += aantal;
            bak.wacht.extend_from_slice(&bytes);
            if bak.wacht.len() >= BLOK {
                self.schrijf(nr)?;
            }
        }
        Ok(())
    }

    /// Writes what waits for one of the files.
    fn schrijf(&mut self, nr: usize) -> io::Result<()> {
        let pad = self.pad(nr);
        let bak = &mut self.bakken[nr];
        if bak.wacht.is_empty() {
            return Ok(());
        }
        let mut opties = OpenOptions::new();
        opties.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut opties, 0o600);
        let mut bestand = opties.open(pad)?;
        let lengte = u32::try_from(bak.wacht.len()).map_err(io::Error::other)?;
        let mut kop = [0; 8];
        kop[..4].copy_from_slice(&lengte.to_le_bytes());
        kop[4..].copy_from_slice(&crc32fast::hash(&bak.wacht).to_le_bytes());
        bestand.write_all(&kop)?;
        bestand.write_all(&bak.wacht)?;
        bak.geschreven += (kop.len() + bak.wacht.len()) as u64;
        bak.wacht.clear();
        Ok(())
    }

    /// Where all files stand now.
    pub fn merk(&mut self) -> io::Result<Merkteken> {
        (0..Self::BAKKEN).try_for_each(|nr| self.schrijf(nr))?;
        Ok(Merkteken(self.bakken.iter().map(|b| (b.geschreven, b.regels)).collect()))
    }

    /// Takes back all that was added since.
    pub fn terug(&mut self, merk: &Merkteken) -> io::Result<()> {
        for (nr, (geschreven, regels)) in merk.0.iter().enumerate() {
            if self.bakken[nr].geschreven > *geschreven {
                OpenOptions::new().write(true).open(self.pad(nr))?.set_len(*geschreven)?;
            }
            self.bakken[nr] = Bak { wacht: Vec::new(), geschreven: *geschreven, regels: *regels };
        }
        Ok(())
    }

    /// Takes back everything.
    pub fn leeg(&mut self) -> io::Result<()> {
        self.terug(&Merkteken(vec![(0, 0); Self::BAKKEN]))
    }

    /// The lines of these files, a file after the other and each in the order of the dossier; the
    /// files are gone then.
    ///
    /// # Errors
    /// What can't be read back, or isn't what was written.
    pub fn neem(&mut self, bakken: std::ops::Range<usize>) -> io::Result<Regelblok> {
        let mut genomen: Vec<(Bak, PathBuf)> =
            bakken.map(|nr| (std::mem::take(&mut self.bakken[nr]), self.pad(nr))).collect();
        let aantal = genomen.iter().map(|(bak, _)| bak.regels as usize).sum();
        let mut uit = Regelblok::default();
        uit.regels.reserve_exact(aantal);
        uit.nummers.reserve_exact(aantal);
        uit.teksten.reserveer(genomen.iter().map(|(bak, _)| bak.tekstbytes()).sum());
        // A few at a time, so that their lines aren't there twice; what was read is added while the
        // next ones are.
        let tegelijk = 2 * rayon::current_num_threads();
        let mut gelezen: Vec<Regelblok> = Vec::new();
        while !genomen.is_empty() {
            let deze: Vec<_> = genomen.drain(..tegelijk.min(genomen.len())).collect();
            let vorige = std::mem::take(&mut gelezen);
            let ((), volgende) = rayon::join(
                || vorige.into_iter().for_each(|deel| uit.voeg_achteraan(deel)),
                || -> io::Result<Vec<Regelblok>> {
                    deze.into_par_iter().map(|(bak, pad)| bak.neem(&pad)).collect()
                },
            );
            gelezen = volgende?;
        }
        gelezen.into_iter().for_each(|deel| uit.voeg_achteraan(deel));
        Ok(uit)
    }
}

impl Bak {
    /// The lines of this file, as they were written; the file is gone then.
    fn neem(self, pad: &Path) -> io::Result<Regelblok> {
        let mut blok = Regelblok::default();
        blok.regels.reserve_exact(self.regels as usize);
        blok.nummers.reserve_exact(self.regels as usize);
        if self.geschreven > 0 {
            lees(&mut File::open(pad)?, &mut blok)?;
            std::fs::remove_file(pad)?;
        }
        ontcijfer(&self.wacht, &mut blok)?;
        if blok.regels.len() as u64 == self.regels {
            blok.orden();
            Ok(blok)
        } else {
            Err(beschadigd())
        }
    }

    /// Bytes of the texts of its lines, or somewhat more.
    fn tekstbytes(&self) -> usize {
        let bytes = self.geschreven as usize + self.wacht.len();
        bytes.saturating_sub(self.regels as usize * VAST)
    }
}

fn beschadigd() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "een tijdelijk bestand is veranderd of beschadigd")
}

/// Reads all blocks of a file.
fn lees(bestand: &mut File, blok: &mut Regelblok) -> io::Result<()> {
    let mut kop = [0; 8];
    let mut bytes = Vec::new();
    loop {
        match bestand.read(&mut kop)? {
            0 => return Ok(()),
            n => bestand.read_exact(&mut kop[n..])?,
        }
        let [a, b, c, d, e, f, g, h] = kop;
        bytes.resize(u32::from_le_bytes([a, b, c, d]) as usize, 0);
        bestand.read_exact(&mut bytes)?;
        if crc32fast::hash(&bytes) != u32::from_le_bytes([e, f, g, h]) {
            return Err(beschadigd());
        }
        ontcijfer(&bytes, blok)?;
    }
}

const CREDIT: u8 = 1;
/// The bits above hold the [`Stand`].
const STAND: u8 = 1;

/// Adds one line to these bytes.
fn codeer(r: &Declaratieregel, nummer: u32, blok: &Regelblok, uit: &mut Vec<u8>) {
    let dag = |d: Option<Dag>| d.map_or(i32::MIN, Dag::dagen_sinds_1970);
    let mut vast = [0_u8; VAST];
    let mut plaats = 0;
    let mut zet = |bytes: &[u8]| {
        vast[plaats..plaats + bytes.len()].copy_from_slice(bytes);
        plaats += bytes.len();
    };
    zet(&r.ingediend_bedrag.0.to_le_bytes());
    zet(&r.geleverd_volume.0.to_le_bytes());
    zet(&r.product_tarief.map_or(-1, |t| t.bedrag().0 as i32).to_le_bytes());
    zet(&r.bsn.0.to_le_bytes());
    for d in [Some(r.begindatum), Some(r.einddatum), r.ontvangstdatum, r.declaratie_dagtekening] {
        zet(&dag(d).to_le_bytes());
    }
    zet(&nummer.to_le_bytes());
    zet(&r.toewijzing_nummer.0.to_le_bytes());
    zet(&r.toewijzing.map_or(0, |nr| nr.plaats() as u32 + 1).to_le_bytes());
    zet(&r.regelnummer.to_le_bytes());
    zet(&r.functie.0.to_le_bytes());
    zet(&r.hulpverlener.0.to_le_bytes());
    zet(&r.nevengegevens.map_or(0, |nr| nr.nummer() + 1).to_le_bytes());
    zet(&r.bestand.0.to_le_bytes());
    zet(&r.gemeente.0.to_le_bytes());
    zet(&r.aanbieder.0.to_le_bytes());
    zet(&r.product.0.to_le_bytes());
    let credit = if r.debet_credit == DebetCredit::Credit { CREDIT } else { 0 };
    zet(&[r.eenheid.0, (r.stand as u8) << STAND | credit, r.gesprekken.in_byte()]);
    uit.extend_from_slice(&vast);
    for tekst in blok.teksten.samen(r.nummers) {
        uit.extend_from_slice(&(tekst.len() as u16).to_le_bytes());
        uit.extend_from_slice(tekst);
    }
}

/// Bytes of a line's numbers.
const VAST: usize = 2 * 8 + 13 * 4 + 4 * 2 + 3;

/// The values of a line, one after the other.
struct Lezer<'a>(&'a [u8]);

impl<'a> Lezer<'a> {
    fn bytes(&mut self, aantal: usize) -> io::Result<&'a [u8]> {
        let (deze, rest) = self.0.split_at_checked(aantal).ok_or_else(beschadigd)?;
        self.0 = rest;
        Ok(deze)
    }

    fn vast<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (deze, rest) = self.0.split_first_chunk().ok_or_else(beschadigd)?;
        self.0 = rest;
        Ok(*deze)
    }

    fn u16(&mut self) -> io::Result<u16> {
        self.vast().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> io::Result<u32> {
        self.vast().map(u32::from_le_bytes)
    }

    fn i64(&mut self) -> io::Result<i64> {
        self.vast().map(i64::from_le_bytes)
    }

    fn dag(&mut self) -> io::Result<Option<Dag>> {
        let dagen = i32::from_le_bytes(self.vast()?);
        Ok((dagen != i32::MIN).then(|| Dag::van_dagen_sinds_1970(dagen)).flatten())
    }

    fn tekst(&mut self) -> io::Result<&'a [u8]> {
        let lengte = self.u16()?;
        self.bytes(lengte.into())
    }
}

/// Adds the lines in these bytes to a block.
fn ontcijfer(bytes: &[u8], blok: &mut Regelblok) -> io::Result<()> {
    let mut van = Lezer(bytes);
    while !van.0.is_empty() {
        let (bedrag, volume) = (Cent(van.i64()?), Volume(van.i64()?));
        let tarief = Tarief::nieuw(Cent(i32::from_le_bytes(van.vast()?).into()));
        let bsn = Bsn(van.u32()?);
        let begindatum = van.dag()?.ok_or_else(beschadigd)?;
        let einddatum = van.dag()?.ok_or_else(beschadigd)?;
        let (ontvangstdatum, declaratie_dagtekening) = (van.dag()?, van.dag()?);
        let nummer = van.u32()?;
        let toewijzing_nummer = WoordNr(van.u32()?);
        let toewijzing = match van.u32()? {
            0 => None,
            nr => Some(ToewijzingNr::nieuw(nr as usize - 1)),
        };
        let regelnummer = van.u32()?;
        let (functie, hulpverlener) = (WoordNr(van.u32()?), WoordNr(van.u32()?));
        let nevengegevens = van.u32()?.checked_sub(1).map(NevengegevensNr::nieuw);
        let (bestand, gemeente) = (BestandNr(van.u16()?), Gemeente(van.u16()?));
        let (aanbieder, product) = (AanbiederNr(van.u16()?), ProductNr(van.u16()?));
        let [eenheid, merken, gesprekken] = van.vast()?;
        let nummers = blok.teksten.voeg_samen_toe([van.tekst()?, van.tekst()?, van.tekst()?]);
        let regel = Declaratieregel {
            ingediend_bedrag: bedrag,
            geleverd_volume: volume,
            product_tarief: tarief,
            bsn,
            begindatum,
            einddatum,
            ontvangstdatum,
            declaratie_dagtekening,
            nummers,
            toewijzing_nummer,
            toewijzing,
            functie,
            hulpverlener,
            nevengegevens,
            regelnummer,
            bestand,
            gemeente,
            aanbieder,
            product,
            eenheid: Eenheid(eenheid),
            debet_credit: if merken & CREDIT == 0 {
                DebetCredit::Debet
            } else {
                DebetCredit::Credit
            },
            stand: *Stand::ALLE.get(usize::from(merken >> STAND)).ok_or_else(beschadigd)?,
            gesprekken: Gesprekken::van_byte(gesprekken),
        };
        blok.regels.push(regel);
        blok.nummers.push(nummer);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tekst::TekstId;
    use super::*;

    fn regel(blok: &mut Regelblok, i: u32) -> Declaratieregel {
        let dag = |n| Dag::van_dagen_sinds_1970(19_000 + n).unwrap();
        Declaratieregel {
            ingediend_bedrag: Cent(i64::MAX - i64::from(i)),
            geleverd_volume: Volume(i.into()),
            product_tarief: (i > 2).then(|| Tarief::nieuw(Cent(i.into())).unwrap()),
            bsn: if i == 3 { Bsn::GEEN } else { Bsn(999_900_006) },
            begindatum: dag(i as i32),
            einddatum: dag(-(i as i32)),
            ontvangstdatum: (i != 1).then(|| dag(0)),
            declaratie_dagtekening: (i == 1).then(|| dag(1)),
            nummers: blok.teksten.voeg_samen_toe([
                format!("R-é{i}").as_bytes(),
                if i == 5 { b"R-1" } else { b"" },
                b"D7",
            ]),
            toewijzing_nummer: WoordNr(u32::MAX),
            toewijzing: (i > 3).then(|| ToewijzingNr::nieuw(i as usize)),
            functie: WoordNr(i),
            hulpverlener: WoordNr(9 - i),
            nevengegevens: (i % 3).checked_sub(1).map(NevengegevensNr::nieuw),
            gesprekken: Gesprekken::van_byte(250 + i as u8 % 6),
            regelnummer: 100 - i,
            bestand: BestandNr(1),
            gemeente: Gemeente(150),
            aanbieder: AanbiederNr(i as u16),
            product: ProductNr(65_535),
            eenheid: Eenheid::UUR,
            debet_credit: if i == 5 { DebetCredit::Credit } else { DebetCredit::Debet },
            stand: Stand::ALLE[i as usize % Stand::ALLE.len()],
        }
    }

    fn blok() -> Regelblok {
        let mut blok = Regelblok::default();
        for i in 0..9 {
            let r = regel(&mut blok, i);
            blok.regels.push(r);
            blok.nummers.push(i);
        }
        blok
    }

    /// Everything of a line in words, whatever its numbers of texts and contacts.
    fn in_woorden(blok: &Regelblok) -> Vec<String> {
        let van = blok.regels.iter().zip(&blok.nummers).map(|(r, nummer)| {
            let kaal = Declaratieregel { nummers: TekstId::LEEG, ..r.clone() };
            let nummers = blok.teksten.samen(r.nummers).map(String::from_utf8_lossy);
            format!("{nummer} {kaal:?} {nummers:?}")
        });
        let mut uit: Vec<String> = van.collect();
        uit.sort();
        uit
    }

    #[test]
    fn lines_come_back_as_they_were_and_in_the_order_of_the_dossier() {
        let map = tempfile::tempdir().unwrap();
        let mut opslag = Opslag::nieuw(map.path(), "proef");
        let blok = blok();
        opslag.voeg_toe(&blok, 0..9, |r| Some(r.aanbieder.0 as u8 % 3)).unwrap();
        let merk = opslag.merk().unwrap();
        opslag.voeg_toe(&blok, 0..9, |_| Some(1)).unwrap();
        opslag.merk().unwrap();
        opslag.terug(&merk).unwrap();
        let terug = opslag.neem(0..3).unwrap();
        assert_eq!(in_woorden(&terug), in_woorden(&blok));
        let per_bak = [6, 3, 0, 7, 4, 1, 8, 5, 2];
        assert_eq!(terug.nummers, per_bak, "a file after the other, each by line number");
        assert_eq!(std::fs::read_dir(map.path()).unwrap().count(), 0, "what was read is gone");
    }

    #[test]
    fn a_file_that_changed_is_refused() {
        let map = tempfile::tempdir().unwrap();
        let mut opslag = Opslag::nieuw(map.path(), "proef");
        opslag.voeg_toe(&blok(), 0..9, |_| Some(0)).unwrap();
        opslag.merk().unwrap();
        let pad = opslag.pad(0);
        let mut bytes = std::fs::read(&pad).unwrap();
        bytes[40] ^= 1;
        std::fs::write(&pad, bytes).unwrap();
        assert_eq!(opslag.neem(0..1).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
