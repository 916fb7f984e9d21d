//! Keyed pseudonyms: no Bsn leaves the program unless the user asks for it.

use crate::dossier::Bsn;
use crate::ground::hex;
use crate::ground::voldoet_aan_elfproef;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::path::Path;

/// Where the key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sleutelherkomst {
    /// A file of the user's: pseudonyms stay the same from run to run.
    Bestand,
    /// Made for this run only.
    EenmaligeRun,
}

/// Turns a Bsn into a pseudonym that only the holder of the key can make again.
pub struct Pseudoniemen {
    sleutel: [u8; 32],
    /// Keyed, before the first byte of a message.
    mac: Hmac<Sha256>,
    pub herkomst: Sleutelherkomst,
    /// The user asked for the Bsn itself.
    pub bsn_tonen: bool,
}

impl Pseudoniemen {
    /// A key for this run alone.
    pub fn eenmalig(bsn_tonen: bool) -> Pseudoniemen {
        Pseudoniemen::met(rand::random(), Sleutelherkomst::EenmaligeRun, bsn_tonen)
    }

    fn met(sleutel: [u8; 32], herkomst: Sleutelherkomst, bsn_tonen: bool) -> Pseudoniemen {
        let mac = Hmac::new_from_slice(&sleutel).expect("any key length will do");
        Pseudoniemen { sleutel, mac, herkomst, bsn_tonen }
    }

    /// The key in this file; it is made, readable by its owner only, where there is none.
    pub fn uit_bestand(pad: &Path, bsn_tonen: bool) -> Result<Pseudoniemen, String> {
        let sleutel = match std::fs::File::open(pad) {
            Ok(mut bestand) => {
                let mut tekst = String::new();
                bestand.read_to_string(&mut tekst).map_err(|e| e.to_string())?;
                lees_sleutel(tekst.trim()).ok_or("er staan geen 64 hexadecimale tekens in")?
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => maak_sleutel(pad)?,
            Err(e) => return Err(crate::ground::io_oorzaak(&e)),
        };
        Ok(Pseudoniemen::met(sleutel, Sleutelherkomst::Bestand, bsn_tonen))
    }

    /// Tells two keys apart without giving either away.
    pub fn vingerafdruk(&self) -> String {
        hex(&Sha256::digest(self.sleutel)[..8])
    }

    /// What stands for this child in every output.
    pub fn jeugdige(&self, bsn: Bsn) -> Option<String> {
        if bsn == Bsn::GEEN {
            return None;
        }
        Some(if self.bsn_tonen { bsn.cijfers() } else { self.pseudoniem(&bsn.cijfers()) })
    }

    fn pseudoniem(&self, cijfers: &str) -> String {
        let digest = self.mac.clone().chain_update(cijfers).finalize().into_bytes();
        let (eerste, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
        let mut uit = String::with_capacity(17);
        uit.push('J');
        schrijf_hex(u64::from_be_bytes(*eerste), &mut uit);
        uit
    }

    /// A number of the aanbieder's or the gemeente's, with any Bsn in it replaced by the
    /// pseudonym: two different numbers stay different.
    pub fn nummer<'t>(&self, tekst: &'t str) -> Cow<'t, str> {
        if self.bsn_tonen {
            return Cow::Borrowed(tekst);
        }
        let bytes = tekst.as_bytes();
        // Of nine digits in a row one is at such a place.
        if !bytes.iter().skip(8).step_by(9).any(u8::is_ascii_digit) {
            return Cow::Borrowed(tekst);
        }
        let mut uit = String::new();
        let (mut vanaf, mut i) = (0, 0);
        while i < bytes.len() {
            let begin = i;
            while i < bytes.len() && bytes[i].is_ascii_digit() {
                i += 1;
            }
            if i - begin == 9 && tekst[begin..i].parse().is_ok_and(voldoet_aan_elfproef) {
                uit.push_str(&tekst[vanaf..begin]);
                uit.push_str(&self.pseudoniem(&tekst[begin..i]));
                vanaf = i;
            }
            i = i.max(begin + 1);
        }
        if vanaf == 0 {
            return Cow::Borrowed(tekst);
        }
        uit.push_str(&tekst[vanaf..]);
        Cow::Owned(uit)
    }
}

/// Adds a number as sixteen hexadecimal digits.
pub(super) fn schrijf_hex(getal: u64, uit: &mut String) {
    const CIJFERS: &[u8; 16] = b"0123456789abcdef";
    for byte in getal.to_be_bytes() {
        for cijfer in [byte >> 4, byte & 15] {
            uit.push(CIJFERS[usize::from(cijfer)].into());
        }
    }
}

fn lees_sleutel(tekst: &str) -> Option<[u8; 32]> {
    let mut sleutel = [0; 32];
    if tekst.len() != 64 || !tekst.is_ascii() {
        return None;
    }
    for (i, byte) in sleutel.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&tekst[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(sleutel)
}

fn maak_sleutel(pad: &Path) -> Result<[u8; 32], String> {
    let sleutel: [u8; 32] = rand::random();
    let mut opties = OpenOptions::new();
    opties.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut opties, 0o600);
    let mut bestand = opties.open(pad).map_err(|e| crate::ground::io_oorzaak(&e))?;
    writeln!(bestand, "{}", hex(&sleutel)).map_err(|e| crate::ground::io_oorzaak(&e))?;
    Ok(sleutel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bsn_in_a_number_is_replaced_without_collisions() {
        let p = Pseudoniemen::eenmalig(false);
        let a = p.nummer("R-999900006-1").into_owned();
        let b = p.nummer("R-999900018-1").into_owned();
        assert!(!a.contains("999900006"));
        assert_ne!(a, b);
        assert!(a.starts_with("R-J") && a.ends_with("-1"));
        assert_eq!(p.nummer("R-123"), "R-123");
        for voor in 0..20 {
            let tekst = format!("{}999900006", "x".repeat(voor));
            assert!(p.nummer(&tekst)[voor..].starts_with('J'));
        }
        assert_eq!(p.nummer("9999000061"), "9999000061");
    }

    #[test]
    fn a_number_is_written_in_sixteen_digits() {
        let mut uit = String::new();
        schrijf_hex(0x0123_4567_89ab_cdef, &mut uit);
        assert_eq!(uit, format!("{:016x}", 0x0123_4567_89ab_cdef_u64));
    }

    #[test]
    fn the_same_key_gives_the_same_pseudonym() {
        let map = tempfile::tempdir().unwrap();
        let pad = map.path().join("sleutel");
        let een = Pseudoniemen::uit_bestand(&pad, false).unwrap();
        let twee = Pseudoniemen::uit_bestand(&pad, false).unwrap();
        assert_eq!(een.jeugdige(Bsn(999_900_006)), twee.jeugdige(Bsn(999_900_006)));
        let ander = Pseudoniemen::eenmalig(false);
        assert_ne!(een.jeugdige(Bsn(999_900_006)), ander.jeugdige(Bsn(999_900_006)));
        std::fs::write(&pad, "kort").unwrap();
        assert!(Pseudoniemen::uit_bestand(&pad, false).is_err());
    }
}
