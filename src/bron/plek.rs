//! Where the bytes of a file are: on the disk, or packed in a zip on the disk.

use super::gz::Gebroken;
use flate2::CrcReader;
use flate2::read::DeflateDecoder;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use zip::{CompressionMethod, ZipArchive};

/// Unpacked, a part of a zip above this size that was packed better than `GRENS_VERHOUDING` is no
/// table and no message.
const GRENS_DEEL: u64 = 50_000_000;
const GRENS_VERHOUDING: u64 = 200;

/// Where a file can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plek {
    Schijf(PathBuf),
    Zip(Zipdeel),
}

/// One file in a zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zipdeel {
    archief: PathBuf,
    /// Path inside the zip, with `/` between the parts.
    pub naam: String,
    /// Where its packed bytes begin in the zip, and how many there are.
    begin: u64,
    ingepakt: u64,
    uitgepakt: u64,
    crc: u32,
    methode: CompressionMethod,
}

/// Why a zip isn't read as a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zipfout {
    Kapot,
    Wachtwoord,
    Inpakmethode,
    TeGroot,
}

impl Plek {
    /// The file on the disk that holds the bytes.
    pub fn pad(&self) -> &Path {
        match self {
            Plek::Schijf(pad) => pad,
            Plek::Zip(deel) => &deel.archief,
        }
    }

    /// Number of bytes, unpacked.
    pub fn bytes(&self) -> u64 {
        match self {
            Plek::Schijf(pad) => std::fs::metadata(pad).map_or(0, |m| m.len()),
            Plek::Zip(deel) => deel.uitgepakt,
        }
    }

    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Plek::Schijf(pad) => Ok(Box::new(File::open(pad)?)),
            Plek::Zip(deel) => deel.open(),
        }
    }

    /// Size and time of change of the file on the disk, to see whether it was written to.
    pub fn kenmerk(&self) -> Option<(u64, Option<SystemTime>)> {
        std::fs::metadata(self.pad()).ok().map(|m| (m.len(), m.modified().ok()))
    }
}

impl Zipdeel {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let mut archief = File::open(&self.archief)?;
        archief.seek(SeekFrom::Start(self.begin))?;
        let ingepakt = archief.take(self.ingepakt);
        // One byte more than was promised is enough to see that the promise was false.
        let grens = self.uitgepakt + 1;
        let bytes: Box<dyn Read + Send> = match self.methode {
            CompressionMethod::Stored => Box::new(ingepakt),
            _ => Box::new(DeflateDecoder::new(ingepakt)),
        };
        Ok(Box::new(Gecontroleerd {
            bytes: CrcReader::new(bytes.take(grens)),
            gelezen: 0,
            uitgepakt: self.uitgepakt,
            crc: self.crc,
        }))
    }
}

/// Unpacked bytes that must be as many, and have the checksum, that the zip says.
struct Gecontroleerd<R> {
    bytes: CrcReader<R>,
    gelezen: u64,
    uitgepakt: u64,
    crc: u32,
}

impl<R: Read> Read for Gecontroleerd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let fout = |wat| io::Error::other(Gebroken::nieuw(wat));
        let n = self.bytes.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData => fout("de inhoud van de zip is beschadigd"),
            _ => e,
        })?;
        self.gelezen += n as u64;
        let klaar = n == 0 && !buffer.is_empty();
        if self.gelezen > self.uitgepakt || (klaar && self.gelezen < self.uitgepakt) {
            return Err(fout("de inhoud is niet zo groot als de zip zegt"));
        }
        if klaar && self.bytes.crc().sum() != self.crc {
            return Err(fout("de controlesom van de zip klopt niet"));
        }
        Ok(n)
    }
}

/// The files in a zip, in the order of their paths, by bytes.
pub fn inhoud(pad: &Path) -> Result<Vec<Zipdeel>, Zipfout> {
    let archief = File::open(pad).map_err(|_| Zipfout::Kapot)?;
    let mut archief = ZipArchive::new(io::BufReader::new(archief)).map_err(|_| Zipfout::Kapot)?;
    let mut delen = Vec::with_capacity(archief.len());
    for i in 0..archief.len() {
        let deel = archief.by_index_raw(i).map_err(|_| Zipfout::Kapot)?;
        if deel.is_dir() {
            continue;
        }
        if deel.encrypted() {
            return Err(Zipfout::Wachtwoord);
        }
        let methode = deel.compression();
        if !matches!(methode, CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(Zipfout::Inpakmethode);
        }
        let (ingepakt, uitgepakt) = (deel.compressed_size(), deel.size());
        if uitgepakt > GRENS_DEEL && uitgepakt / GRENS_VERHOUDING > ingepakt {
            return Err(Zipfout::TeGroot);
        }
        delen.push(Zipdeel {
            archief: pad.to_owned(),
            naam: deel.name().map_err(|_| Zipfout::Kapot)?.replace('\\', "/"),
            begin: deel.data_start().ok_or(Zipfout::Kapot)?,
            ingepakt,
            uitgepakt,
            crc: deel.crc32(),
            methode,
        });
    }
    delen.sort_by(|a, b| a.naam.as_bytes().cmp(b.naam.as_bytes()));
    Ok(delen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn maak(map: &Path, delen: &[(&str, &[u8], CompressionMethod)]) -> PathBuf {
        let pad = map.join("a.zip");
        let mut zip = ZipWriter::new(File::create(&pad).unwrap());
        for (naam, bytes, methode) in delen {
            zip.start_file(*naam, SimpleFileOptions::default().compression_method(*methode))
                .unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        pad
    }

    fn lees(deel: &Zipdeel) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        deel.open()?.read_to_end(&mut bytes).map(|_| bytes)
    }

    #[test]
    fn every_file_of_a_zip_can_be_read_by_itself() {
        let map = tempfile::tempdir().unwrap();
        let pad = maak(
            map.path(),
            &[
                ("b/x.xml", b"twee", CompressionMethod::Deflated),
                ("a.xml", b"een", CompressionMethod::Stored),
                ("leeg.xml", b"", CompressionMethod::Deflated),
            ],
        );
        let delen = inhoud(&pad).unwrap();
        let gelezen: Vec<_> = delen.iter().map(|d| (&*d.naam, lees(d).unwrap())).collect();
        let verwacht: [(&str, Vec<u8>); 3] =
            [("a.xml", b"een".to_vec()), ("b/x.xml", b"twee".to_vec()), ("leeg.xml", vec![])];
        assert_eq!(gelezen, verwacht);
    }

    #[test]
    fn bytes_that_differ_from_what_the_zip_promises_are_an_error() {
        let map = tempfile::tempdir().unwrap();
        let pad = maak(map.path(), &[("a.xml", b"een twee", CompressionMethod::Stored)]);
        let deel = inhoud(&pad).unwrap().remove(0);
        assert!(lees(&deel).is_ok());
        assert!(lees(&Zipdeel { crc: deel.crc ^ 1, ..deel.clone() }).is_err());
        assert!(lees(&Zipdeel { uitgepakt: 7, ..deel.clone() }).is_err());
        assert!(lees(&Zipdeel { uitgepakt: 9, ..deel }).is_err());
    }

    #[test]
    fn what_is_packed_too_well_or_is_no_zip_is_refused() {
        let map = tempfile::tempdir().unwrap();
        let nullen = vec![b' '; GRENS_DEEL as usize + 1];
        let pad = maak(map.path(), &[("bom.csv", &nullen, CompressionMethod::Deflated)]);
        assert_eq!(inhoud(&pad), Err(Zipfout::TeGroot));
        std::fs::write(&pad, b"PK\x03\x04 en verder niets").unwrap();
        assert_eq!(inhoud(&pad), Err(Zipfout::Kapot));
    }
}
