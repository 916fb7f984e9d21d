//! A gzipped file: read unpacked, hashed and counted as it stands on the disk.

use crate::ground::is_bomb;
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};

/// What was read of the packed file so far.
#[derive(Default)]
struct PackedProgress {
    hash: Sha256,
    bytes: u64,
}

/// Shared between who reads and who wants to know.
#[derive(Clone, Default)]
pub(crate) struct Meter(Arc<Mutex<PackedProgress>>);

impl Meter {
    /// The number of bytes and their SHA-256, once all were read.
    pub(crate) fn outcome(&self) -> (u64, Sha256) {
        let state = self.0.lock().expect("no reader panicked");
        (state.bytes, state.hash.clone())
    }
}

struct Measured<'v, R> {
    file: R,
    meter: Meter,
    progress: &'v (dyn Fn(u64) + Sync),
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        let mut state = self.meter.0.lock().expect("no reader panicked");
        state.hash.update(&buffer[..n]);
        state.bytes += n as u64;
        (self.progress)(n as u64);
        Ok(n)
    }
}

/// What makes a packed file unreadable, whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// In Dutch, for a message.
    Damaged(&'static str),
    /// It grows beyond all measure.
    TooLarge,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Broken::Damaged(what) => what,
            Broken::TooLarge => "uitgepakt is het te groot om een tabel te zijn",
        })
    }
}

impl std::error::Error for Broken {}

struct Unpacked<'v, R> {
    bytes: MultiGzDecoder<Measured<'v, R>>,
    packed: u64,
    unpacked: u64,
}

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.bytes.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => {
                io::Error::other(Broken::Damaged("het einde ontbreekt"))
            }
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                io::Error::other(Broken::Damaged("de inhoud is geen geldig gzip"))
            }
            _ => e,
        })?;
        self.unpacked += n as u64;
        match is_bomb(self.packed, self.unpacked) {
            true => Err(io::Error::other(Broken::TooLarge)),
            false => Ok(n),
        }
    }
}

/// The unpacked bytes of a file that takes so many on the disk; `meter` and `progress` see those of the
/// file itself.
pub(crate) fn unpacked<'v>(
    file: impl Read + Send + 'v,
    packed: u64,
    meter: Meter,
    progress: &'v (dyn Fn(u64) + Sync),
) -> impl Read + Send + 'v {
    let bytes = MultiGzDecoder::new(Measured { file, meter, progress });
    Unpacked { bytes, packed, unpacked: 0 }
}
