//! Keyed pseudonyms: no Bsn leaves the program unless the user asks for it.

use crate::dossier::{Agb, Bsn};
use crate::ground::system::{for_owner_only, is_open_to_all, open_for_owner};
use crate::ground::{Shown, hex, io_cause, open_file, passes_elfproef};
use hashbrown::HashMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::path::Path;

/// Where the key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyOrigin {
    /// A file of the user's: pseudonyms stay the same from run to run.
    File,
    /// Made for this run only.
    OneRun,
}

/// Bytes of a file that holds a key; of one that is longer no more is read.
const LONGEST_KEY: u64 = 1 << 12;

/// Turns a Bsn into a pseudonym that only the holder of the key can make again.
pub struct Pseudonyms {
    key: [u8; 32],
    /// Keyed, before the first byte of a message.
    mac: Hmac<Sha256>,
    pub(crate) origin: KeyOrigin,
    /// The user asked for the Bsn itself.
    pub bsn_showing: bool,
    /// The user asked for one pseudonym of a child, whoever gets it.
    one_for_all: bool,
    /// What stands for these children in a rapport that is at hand: that goes before the key.
    known: HashMap<Bsn, String>,
}

impl Pseudonyms {
    /// A key for this run alone.
    pub fn eenmalig(bsn_showing: bool) -> Pseudonyms {
        Pseudonyms::with(rand::random(), KeyOrigin::OneRun, bsn_showing)
    }

    fn with(key: [u8; 32], origin: KeyOrigin, bsn_showing: bool) -> Pseudonyms {
        let mac = Hmac::new_from_slice(&key).expect("any key length will do");
        Pseudonyms { key, mac, origin, bsn_showing, one_for_all: false, known: HashMap::new() }
    }

    /// The same, with one pseudonym of a child for every aanbieder if that is asked.
    pub(crate) fn for_all_alike(self, one_for_all: bool) -> Pseudonyms {
        Pseudonyms { one_for_all, ..self }
    }

    /// Those of what this aanbieder gets: two of them can't lay their packages side by side and see
    /// which children they share.
    pub(crate) fn of_package(&self, agb: Agb) -> Pseudonyms {
        if self.one_for_all {
            return Pseudonyms { mac: self.mac.clone(), known: self.known.clone(), ..*self };
        }
        let of = self.mac.clone().chain_update(format!("aanbieder {agb}")).finalize();
        Pseudonyms::with(of.into_bytes().into(), self.origin, self.bsn_showing)
    }

    /// The key in this file; it is made, readable by its owner only, where there is none.
    pub(crate) fn from_file(path: &Path, bsn_showing: bool) -> Result<Pseudonyms, String> {
        let key = match open_file(path) {
            Ok(file) => {
                if file.metadata().is_ok_and(|data| data.is_dir()) {
                    return Err("het is een map".to_owned());
                }
                if is_open_to_all(&file) {
                    return Err("iedereen op deze computer kan hem lezen".to_owned());
                }
                let mut text = String::new();
                file.take(LONGEST_KEY).read_to_string(&mut text).map_err(|e| io_cause(&e))?;
                let key = read_key(text.trim()).ok_or("er staan geen 64 hexadecimale tekens in")?;
                match key.iter().all(|byte| *byte == key[0]) {
                    true => {
                        return Err("het is steeds hetzelfde teken: dat raadt iedereen".to_owned());
                    }
                    false => key,
                }
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => make_key(path)?,
            Err(e) => return Err(io_cause(&e)),
        };
        Ok(Pseudonyms::with(key, KeyOrigin::File, bsn_showing))
    }

    /// Tells two keys apart without giving either away.
    pub(crate) fn fingerprint(&self) -> String {
        hex(&Sha256::digest(self.key)[..8])
    }

    /// What stands for this child in every output.
    pub(crate) fn jeugdige(&self, bsn: Bsn) -> Option<Shown<'static>> {
        if bsn == Bsn::NONE {
            return None;
        }
        let digits = bsn.digits();
        Some(Shown::unmasked(if self.bsn_showing { digits } else { self.pseudonym(&digits) }))
    }

    /// Takes over what stands for children in a rapport whose key isn't at hand.
    pub(crate) fn adopt(&mut self, known: HashMap<Bsn, String>) {
        self.known = known;
    }

    fn pseudonym(&self, digits: &str) -> String {
        if !self.known.is_empty()
            && let Some(known) = digits.parse().ok().and_then(|bsn| self.known.get(&Bsn(bsn)))
        {
            return known.clone();
        }
        let digest = self.mac.clone().chain_update(digits).finalize().into_bytes();
        let (first, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
        let mut out = String::with_capacity(17);
        out.push('J');
        write_hex(u64::from_be_bytes(*first), &mut out);
        out
    }

    /// What the Id of a finding is made of: as it always was, so that verdicts of earlier runs find
    /// theirs. Only nine digits by themselves become a pseudonym: an Id of which a part depends on the
    /// key holds for one run where there is no lasting key.
    pub(super) fn for_id<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let is_digit = |c: char| c.is_ascii_digit();
        let alone = |digits: &str| digits.len() == 9 && digits.parse().is_ok_and(passes_elfproef);
        if self.bsn_showing || !text.split(|c| !is_digit(c)).any(alone) {
            return Cow::Borrowed(text);
        }
        let (mut out, mut rest) = (String::new(), text);
        while let Some(begin) = rest.find(is_digit) {
            let length = rest[begin..].find(|c| !is_digit(c)).unwrap_or(rest.len() - begin);
            let digits = &rest[begin..begin + length];
            out.push_str(&rest[..begin]);
            match alone(digits) {
                true => out.push_str(&self.pseudonym(digits)),
                false => out.push_str(digits),
            }
            rest = &rest[begin + length..];
        }
        Cow::Owned(out + rest)
    }

    /// A number of the aanbieder's or the gemeente's, with any Bsn in it replaced by the
    /// pseudonym: two different numbers stay different.
    pub(crate) fn replace_in<'t>(&self, text: &'t str) -> Shown<'t> {
        match self.bsn_showing {
            true => Shown::unmasked(text),
            false => Shown::replacing(text, |bsn| self.pseudonym(&format!("{bsn:09}")).into()),
        }
    }
}

/// Adds a number as sixteen hexadecimal digits.
pub(super) fn write_hex(number: u64, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in number.to_be_bytes() {
        for digit in [byte >> 4, byte & 15] {
            out.push(DIGITS[usize::from(digit)].into());
        }
    }
}

fn read_key(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (i, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(key)
}

fn make_key(path: &Path) -> Result<[u8; 32], String> {
    let key: [u8; 32] = rand::random();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = open_for_owner(&mut options, path).map_err(|e| io_cause(&e))?;
    // Closed to others before anything is in it. Where the disk knows no owners, it stays as it is.
    let _ = for_owner_only(path);
    let written = writeln!(file, "{}", hex(&key)).and_then(|()| file.sync_all());
    written.map_err(|e| {
        // A key that isn't whole would only stand in the way of the next one.
        let _ = std::fs::remove_file(path);
        io_cause(&e)
    })?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bsn_in_a_number_is_replaced_without_collisions() {
        let p = Pseudonyms::eenmalig(false);
        let a = p.replace_in("R-999900006-1");
        let b = p.replace_in("R-999900018-1");
        assert!(!a.contains("999900006"));
        assert_ne!(a, b);
        assert!(a.starts_with("R-J") && a.ends_with("-1"));
        assert_eq!(&*p.replace_in("R-123"), "R-123");
        for before in 0..20 {
            let text = format!("{}999900006", "x".repeat(before));
            assert!(p.replace_in(&text)[before..].starts_with('J'));
        }
        assert!(p.replace_in("9999000061").ends_with('1'));
        assert_eq!(p.for_id("9999000061-a"), "9999000061-a");
        assert_eq!(p.for_id("R-999900006-1"), *p.replace_in("R-999900006-1"));
        assert_eq!(&*Pseudonyms::eenmalig(true).replace_in("R-999900006"), "R-999900006");
    }

    #[test]
    fn a_number_is_written_in_sixteen_digits() {
        let mut out = String::new();
        write_hex(0x0123_4567_89ab_cdef, &mut out);
        assert_eq!(out, format!("{:016x}", 0x0123_4567_89ab_cdef_u64));
    }

    #[test]
    fn the_same_key_gives_the_same_pseudonym() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sleutel");
        let one = Pseudonyms::from_file(&path, false).unwrap();
        let two = Pseudonyms::from_file(&path, false).unwrap();
        assert_eq!(one.jeugdige(Bsn(999_900_006)), two.jeugdige(Bsn(999_900_006)));
        let other = Pseudonyms::eenmalig(false);
        assert_ne!(one.jeugdige(Bsn(999_900_006)), other.jeugdige(Bsn(999_900_006)));
        let of = |p: &Pseudonyms, agb| p.of_package(Agb(agb)).jeugdige(Bsn(999_900_006));
        assert_ne!(of(&one, 1), of(&one, 2));
        assert_eq!(of(&one, 1), of(&two, 1));
        let alike = one.for_all_alike(true);
        assert_eq!(of(&alike, 1), alike.jeugdige(Bsn(999_900_006)));
        std::fs::write(&path, "kort").unwrap();
        assert!(Pseudonyms::from_file(&path, false).is_err());
    }
}
