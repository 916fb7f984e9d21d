//! A gzipped file: read unpacked, hashed and counted as it stands on the disk.

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};

/// What was read of the packed file so far.
#[derive(Default)]
struct Stand {
    hash: Sha256,
    bytes: u64,
}

/// Shared between who reads and who wants to know.
#[derive(Clone, Default)]
pub struct Meter(Arc<Mutex<Stand>>);

impl Meter {
    /// The number of bytes and their SHA-256, once all were read.
    pub fn uitslag(&self) -> (u64, Sha256) {
        let stand = self.0.lock().expect("no reader panicked");
        (stand.bytes, stand.hash.clone())
    }
}

struct Gemeten<'v, R> {
    bestand: R,
    meter: Meter,
    voortgang: &'v (dyn Fn(u64) + Sync),
}

impl<R: Read> Read for Gemeten<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.bestand.read(buffer)?;
        let mut stand = self.meter.0.lock().expect("no reader panicked");
        stand.hash.update(&buffer[..n]);
        stand.bytes += n as u64;
        (self.voortgang)(n as u64);
        Ok(n)
    }
}

/// What makes a packed file unreadable, whoever reads it.
#[derive(Debug)]
pub struct Gebroken(&'static str);

impl Gebroken {
    pub fn nieuw(wat: &'static str) -> Gebroken {
        Gebroken(wat)
    }
}

impl fmt::Display for Gebroken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Gebroken {}

struct Uitgepakt<'v, R>(MultiGzDecoder<Gemeten<'v, R>>);

impl<R: Read> Read for Uitgepakt<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::other(Gebroken("het einde ontbreekt")),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                io::Error::other(Gebroken("de inhoud is geen geldig gzip"))
            }
            _ => e,
        })
    }
}

/// The unpacked bytes of the file; `meter` and `voortgang` see the packed ones.
pub fn uitgepakt<'v>(
    bestand: impl Read + Send + 'v,
    meter: Meter,
    voortgang: &'v (dyn Fn(u64) + Sync),
) -> impl Read + Send + 'v {
    Uitgepakt(MultiGzDecoder::new(Gemeten { bestand, meter, voortgang }))
}
