//! Where the bytes of a file are: on the disk, or packed in a zip on the disk.

use super::gz::Broken;
use crate::ground::is_bomb;
use crate::ground::system::read_at;
use flate2::CrcReader;
use flate2::read::DeflateDecoder;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use zip::CompressionMethod;
use zip::read::Config;
use zip::unstable::read::ZipIterable;

/// Where a file can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Disk(PathBuf),
    Zip(ZipMember),
}

/// One file in a zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ZipMember {
    archive: Arc<Path>,
    /// Path inside the zip, with `/` between the parts.
    pub name: String,
    /// Where its packed bytes begin in the zip, and how many there are.
    begin: u64,
    packed: u64,
    unpacked: u64,
    crc: u32,
    methode: CompressionMethod,
}

/// Why a zip isn't read as a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZipError {
    Broken,
    Password,
    PackingMethod,
    TooLarge,
    TooMany,
}

/// Files that a zip may hold: more than a region has messages in a year.
const MOST_FILES: usize = 500_000;

impl Location {
    /// The file on the disk that holds the bytes.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Location::Disk(pad) => pad,
            Location::Zip(part) => &part.archive,
        }
    }

    /// Number of bytes, unpacked.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Location::Disk(path) => std::fs::metadata(path).map_or(0, |m| m.len()),
            Location::Zip(part) => part.unpacked,
        }
    }

    /// Number of bytes that it takes on the disk.
    pub(crate) fn packed(&self) -> u64 {
        match self {
            Location::Disk(_) => self.bytes(),
            Location::Zip(part) => part.packed,
        }
    }

    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Location::Disk(path) => Ok(Box::new(File::open(path)?)),
            Location::Zip(part) => part.open(),
        }
    }

    /// Size and time of change of the file on the disk, to see whether it was written to.
    pub(crate) fn fingerprint(&self) -> Option<(u64, Option<SystemTime>)> {
        std::fs::metadata(self.path()).ok().map(|m| (m.len(), m.modified().ok()))
    }
}

impl ZipMember {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let packed = Packed { archive: opened(&self.archive)?, at: self.begin, rest: self.packed };
        // One byte more than was promised is enough to see that the promise was false.
        let limit = self.unpacked + 1;
        let bytes: Box<dyn Read + Send> = match self.methode {
            CompressionMethod::Stored => Box::new(packed),
            // Most messages are small, and there may be very many.
            _ => {
                let buffer = self.packed.clamp(1, 1 << 15) as usize;
                Box::new(DeflateDecoder::new_with_buf(packed, vec![0; buffer]))
            }
        };
        Ok(Box::new(ChecksumReader {
            bytes: CrcReader::new(bytes.take(limit)),
            read: 0,
            unpacked: self.unpacked,
            crc: self.crc,
        }))
    }
}

thread_local! {
    /// The zip that this thread read from last: its next file is mostly in the same one.
    static LAST: RefCell<Option<(Arc<Path>, Arc<File>)>> = const { RefCell::new(None) };
}

/// The file of a zip; each thread opens it once.
fn opened(archive: &Arc<Path>) -> io::Result<Arc<File>> {
    LAST.with_borrow_mut(|last| match last {
        Some((path, file)) if Arc::ptr_eq(path, archive) => Ok(Arc::clone(file)),
        _ => {
            let file = Arc::new(File::open(archive)?);
            *last = Some((Arc::clone(archive), Arc::clone(&file)));
            Ok(file)
        }
    })
}

/// The packed bytes of one file in a zip that others read from too.
struct Packed {
    archive: Arc<File>,
    at: u64,
    rest: u64,
}

impl Read for Packed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.rest).unwrap_or(usize::MAX));
        let n = read_at(&self.archive, &mut buffer[..most], self.at)?;
        self.at += n as u64;
        self.rest -= n as u64;
        Ok(n)
    }
}

/// Unpacked bytes that must be as many, and have the checksum, that the zip says.
struct ChecksumReader<R> {
    bytes: CrcReader<R>,
    read: u64,
    unpacked: u64,
    crc: u32,
}

impl<R: Read> Read for ChecksumReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let error = |what| io::Error::other(Broken::Damaged(what));
        let n = self.bytes.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData => error("de inhoud van de zip is beschadigd"),
            _ => e,
        })?;
        self.read += n as u64;
        let ready = n == 0 && !buffer.is_empty();
        if self.read > self.unpacked || (ready && self.read < self.unpacked) {
            return Err(error("de inhoud is niet zo groot als de zip zegt"));
        }
        if ready && self.bytes.crc().sum() != self.crc {
            return Err(error("de controlesom van de zip klopt niet"));
        }
        Ok(n)
    }
}

/// Where the packed bytes of a file begin, by the header that stands before them.
fn begin_of(archive: &mut File, header: u64) -> Option<u64> {
    /// Of the header up to the lengths of the name and of what stands behind that, and these.
    const LENGTHS: (u64, u64) = (26, 4);
    archive.seek(SeekFrom::Start(header.checked_add(LENGTHS.0)?)).ok()?;
    let mut lengths = [0; LENGTHS.1 as usize];
    archive.read_exact(&mut lengths).ok()?;
    let [name, rest] = [[lengths[0], lengths[1]], [lengths[2], lengths[3]]];
    let behind = u64::from(u16::from_le_bytes(name)) + u64::from(u16::from_le_bytes(rest));
    header.checked_add(LENGTHS.0 + LENGTHS.1 + behind)
}

/// The files in a zip, also those that bear one name, in the order of their paths, by bytes.
pub(crate) fn content(path: &Path) -> Result<Vec<ZipMember>, ZipError> {
    let open = || File::open(path).map_err(|_| ZipError::Broken);
    let mut headers = open()?;
    let mut archive = ZipIterable::try_new(io::BufReader::new(open()?), Config::default())
        .map_err(|_| ZipError::Broken)?;
    let shared: Arc<Path> = Arc::from(path);
    let size = std::fs::metadata(path).map_or(0, |data| data.len());
    let (mut parts, mut total) = (Vec::new(), 0);
    for part in archive.files().map_err(|_| ZipError::Broken)? {
        let part = part.map_err(|_| ZipError::Broken)?;
        if part.is_dir() {
            continue;
        }
        if parts.len() == MOST_FILES {
            return Err(ZipError::TooMany);
        }
        if part.encrypted() {
            return Err(ZipError::Password);
        }
        let methode = part.compression();
        if !matches!(methode, CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(ZipError::PackingMethod);
        }
        let (packed, unpacked) = (part.compressed_size(), part.size());
        total = u64::saturating_add(total, unpacked);
        // Files in it may share their packed bytes.
        if is_bomb(packed, unpacked) || is_bomb(size, total) {
            return Err(ZipError::TooLarge);
        }
        parts.push(ZipMember {
            archive: Arc::clone(&shared),
            name: part.name().map_err(|_| ZipError::Broken)?.replace('\\', "/"),
            begin: begin_of(&mut headers, part.header_start()).ok_or(ZipError::Broken)?,
            packed,
            unpacked,
            crc: part.crc32(),
            methode,
        });
    }
    parts.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn make(dir: &Path, parts: &[(&str, &[u8], CompressionMethod)]) -> PathBuf {
        let path = dir.join("a.zip");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        for (name, bytes, methode) in parts {
            zip.start_file(*name, SimpleFileOptions::default().compression_method(*methode))
                .unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        path
    }

    fn read(part: &ZipMember) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        part.open()?.read_to_end(&mut bytes).map(|_| bytes)
    }

    #[test]
    fn every_file_of_a_zip_can_be_read_by_itself() {
        let dir = tempfile::tempdir().unwrap();
        let path = make(
            dir.path(),
            &[
                ("b/x.xml", b"twee", CompressionMethod::Deflated),
                ("a.xml", b"een", CompressionMethod::Stored),
                ("leeg.xml", b"", CompressionMethod::Deflated),
            ],
        );
        let parts = content(&path).unwrap();
        let gelezen: Vec<_> = parts.iter().map(|d| (&*d.name, read(d).unwrap())).collect();
        let expected: [(&str, Vec<u8>); 3] =
            [("a.xml", b"een".to_vec()), ("b/x.xml", b"twee".to_vec()), ("leeg.xml", vec![])];
        assert_eq!(gelezen, expected);
    }

    #[test]
    fn files_that_bear_one_name_are_each_read() {
        let dir = tempfile::tempdir().unwrap();
        let stored = CompressionMethod::Stored;
        let path = make(dir.path(), &[("a.csv", b"een", stored), ("b.csv", b"twee", stored)]);
        let bytes = std::fs::read(&path).unwrap();
        // As a library writes it that only ever adds.
        let renamed: Vec<u8> = bytes
            .windows(5)
            .map(|five| if five == b"b.csv" { b'a' } else { five[0] })
            .chain(bytes[bytes.len() - 4..].iter().copied())
            .collect();
        std::fs::write(&path, renamed).unwrap();
        let parts = content(&path).unwrap();
        let gelezen: Vec<_> = parts.iter().map(|d| (&*d.name, read(d).unwrap())).collect();
        assert_eq!(gelezen, [("a.csv", b"een".to_vec()), ("a.csv", b"twee".to_vec())]);
    }

    #[test]
    fn bytes_that_differ_from_what_the_zip_promises_are_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = make(dir.path(), &[("a.xml", b"een twee", CompressionMethod::Stored)]);
        let part = content(&path).unwrap().remove(0);
        assert!(read(&part).is_ok());
        assert!(read(&ZipMember { crc: part.crc ^ 1, ..part.clone() }).is_err());
        assert!(read(&ZipMember { unpacked: 7, ..part.clone() }).is_err());
        assert!(read(&ZipMember { unpacked: 9, ..part }).is_err());
    }

    #[test]
    fn what_is_packed_too_well_or_is_no_zip_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let zeros = vec![b' '; 50_000_300];
        let path = make(dir.path(), &[("bom.csv", &zeros, CompressionMethod::Deflated)]);
        assert_eq!(content(&path), Err(ZipError::TooLarge));
        std::fs::write(&path, b"PK\x03\x04 en verder niets").unwrap();
        assert_eq!(content(&path), Err(ZipError::Broken));
    }
}
