//! How a sample is drawn, in words that a row of it carries along.

use std::fmt;
use std::str::FromStr;

/// By what the lines are divided into strata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    Onderdeel,
    Aanbieder,
}

impl Per {
    pub fn naam(self) -> &'static str {
        match self {
            Per::Onderdeel => "onderdeel",
            Per::Aanbieder => "aanbieder",
        }
    }
}

impl FromStr for Per {
    type Err = String;
    fn from_str(tekst: &str) -> Result<Per, String> {
        [Per::Onderdeel, Per::Aanbieder]
            .into_iter()
            .find(|p| p.naam() == tekst)
            .ok_or_else(|| "kies uit onderdeel en aanbieder".to_owned())
    }
}

/// How lines are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Methode {
    /// Monetary unit sampling: every cent has the same chance.
    Mus,
    /// Every line has the same chance.
    Aselect,
    /// Every line of a stratum has the same chance.
    Gestratificeerd(Per),
}

impl Methode {
    pub fn naam(self) -> &'static str {
        match self {
            Methode::Mus => "mus",
            Methode::Aselect => "aselect",
            Methode::Gestratificeerd(_) => "gestratificeerd",
        }
    }
}

/// All that decides which lines are drawn from a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opzet {
    pub methode: Methode,
    /// Lines asked for, from 1 up to and including [`Opzet::GROOTSTE`].
    pub omvang: u32,
    pub zaad: u64,
}

impl Opzet {
    /// More lines than this nobody checks by hand.
    pub const GROOTSTE: u32 = 100_000;
}

/// `mus omvang=60 zaad=7`: [`FromStr`] reads it back.
impl fmt::Display for Opzet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.methode.naam())?;
        if let Methode::Gestratificeerd(per) = self.methode {
            write!(f, " per={}", per.naam())?;
        }
        write!(f, " omvang={} zaad={}", self.omvang, self.zaad)
    }
}

impl FromStr for Opzet {
    type Err = ();
    fn from_str(tekst: &str) -> Result<Opzet, ()> {
        let waarde = |sleutel: &str| {
            let mut woorden = tekst.split(' ');
            woorden.find_map(|w| w.strip_prefix(sleutel)?.strip_prefix('=')).ok_or(())
        };
        let methode = match tekst.split(' ').next() {
            Some("mus") => Methode::Mus,
            Some("aselect") => Methode::Aselect,
            Some("gestratificeerd") => {
                Methode::Gestratificeerd(waarde("per")?.parse().map_err(|_| ())?)
            }
            _ => return Err(()),
        };
        let omvang = waarde("omvang")?.parse().map_err(|_| ())?;
        let zaad = waarde("zaad")?.parse().map_err(|_| ())?;
        let opzet = Opzet { methode, omvang, zaad };
        // Only what we wrote ourselves: nothing left over, no other spelling.
        let van_ons = (1..=Opzet::GROOTSTE).contains(&omvang) && opzet.to_string() == tekst;
        van_ons.then_some(opzet).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_says_reads_back_and_nothing_else_does() {
        for methode in [
            Methode::Mus,
            Methode::Aselect,
            Methode::Gestratificeerd(Per::Onderdeel),
            Methode::Gestratificeerd(Per::Aanbieder),
        ] {
            let opzet = Opzet { methode, omvang: 60, zaad: u64::MAX };
            assert_eq!(opzet.to_string().parse(), Ok(opzet));
        }
        for fout in [
            "",
            "mus",
            "mus omvang=60",
            "mus omvang=0 zaad=1",
            "mus omvang=60 zaad=1 x",
            "mus omvang=060 zaad=1",
            "mus zaad=1 omvang=60",
            "gestratificeerd omvang=60 zaad=1",
            "gestratificeerd per=gemeente omvang=60 zaad=1",
        ] {
            assert_eq!(fout.parse::<Opzet>(), Err(()), "{fout}");
        }
    }
}
