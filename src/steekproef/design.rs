//! How a sample is drawn, in words that a row of it carries along.

use crate::dossier::Agb;
use std::fmt;
use std::str::FromStr;

/// By what the lines are divided into strata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StratifyBy {
    Onderdeel,
    Aanbieder,
}

impl StratifyBy {
    pub(crate) fn name(self) -> &'static str {
        match self {
            StratifyBy::Onderdeel => "onderdeel",
            StratifyBy::Aanbieder => "aanbieder",
        }
    }
}

impl FromStr for StratifyBy {
    type Err = String;
    fn from_str(text: &str) -> Result<StratifyBy, String> {
        [StratifyBy::Onderdeel, StratifyBy::Aanbieder]
            .into_iter()
            .find(|p| p.name() == text)
            .ok_or_else(|| "kies uit onderdeel en aanbieder".to_owned())
    }
}

/// How lines are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Monetary unit sampling: every cent has the same chance.
    Mus,
    /// Every line has the same chance.
    Aselect,
    /// Every line of a stratum has the same chance.
    Gestratificeerd(StratifyBy),
}

impl Method {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Method::Mus => "mus",
            Method::Aselect => "aselect",
            Method::Gestratificeerd(_) => "gestratificeerd",
        }
    }
}

/// All that decides which lines are drawn from a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SampleDesign {
    pub methode: Method,
    /// Lines asked for, from 1 up to and including [`SampleDesign::LARGEST`].
    pub size: u32,
    pub seed: u64,
    /// Drawn from the lines of this aanbieder alone.
    pub aanbieder: Option<Agb>,
}

impl SampleDesign {
    /// More lines than this nobody checks by hand.
    pub(crate) const LARGEST: u32 = 100_000;
}

/// `mus omvang=60 zaad=7`: [`FromStr`] reads it back.
impl fmt::Display for SampleDesign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.methode.name())?;
        if let Method::Gestratificeerd(per) = self.methode {
            write!(f, " per={}", per.name())?;
        }
        write!(f, " omvang={} zaad={}", self.size, self.seed)?;
        match self.aanbieder {
            Some(agb) => write!(f, " aanbieder={agb}"),
            None => Ok(()),
        }
    }
}

impl FromStr for SampleDesign {
    type Err = ();
    fn from_str(text: &str) -> Result<SampleDesign, ()> {
        let value = |key: &str| {
            let mut words = text.split(' ');
            words.find_map(|w| w.strip_prefix(key)?.strip_prefix('=')).ok_or(())
        };
        let methode = match text.split(' ').next() {
            Some("mus") => Method::Mus,
            Some("aselect") => Method::Aselect,
            Some("gestratificeerd") => {
                Method::Gestratificeerd(value("per")?.parse().map_err(|_| ())?)
            }
            _ => return Err(()),
        };
        let size = value("omvang")?.parse().map_err(|_| ())?;
        let seed = value("zaad")?.parse().map_err(|_| ())?;
        let agb = |text: &str| text.parse().map(Agb).map_err(|_| ());
        let aanbieder = value("aanbieder").ok().map(agb).transpose()?;
        let design = SampleDesign { methode, size, seed, aanbieder };
        // Only what we wrote ourselves: nothing left over, no other spelling.
        let of_ons = (1..=SampleDesign::LARGEST).contains(&size) && design.to_string() == text;
        of_ons.then_some(design).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_says_reads_back_and_nothing_else_does() {
        for methode in [
            Method::Mus,
            Method::Aselect,
            Method::Gestratificeerd(StratifyBy::Onderdeel),
            Method::Gestratificeerd(StratifyBy::Aanbieder),
        ] {
            for aanbieder in [None, Some(Agb(1_000_007))] {
                let design = SampleDesign { methode, size: 60, seed: u64::MAX, aanbieder };
                assert_eq!(design.to_string().parse(), Ok(design));
            }
        }
        for fout in [
            "",
            "mus",
            "mus omvang=60",
            "mus omvang=0 zaad=1",
            "mus omvang=60 zaad=1 x",
            "mus omvang=60 zaad=1 aanbieder=1000007",
            "mus omvang=060 zaad=1",
            "mus zaad=1 omvang=60",
            "gestratificeerd omvang=60 zaad=1",
            "gestratificeerd per=gemeente omvang=60 zaad=1",
        ] {
            assert_eq!(fout.parse::<SampleDesign>(), Err(()), "{fout}");
        }
    }
}
