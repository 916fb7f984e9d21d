//! How far fouten and onzekerheden may go, as the user states it.

use crate::dossier::Cent;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// How much of the declared amount may be fout or uncertain, in percents; `None` where the user
/// states none. No percentage is ours to assume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerantie {
    pub fouten: Option<Decimal>,
    pub onzekerheden: Option<Decimal>,
}

impl Tolerantie {
    /// What a percentage of an amount comes to, rounded down.
    pub(super) fn grens(procent: Decimal, van: Cent) -> Cent {
        let cent = Decimal::from(van.0) * procent / Decimal::ONE_HUNDRED;
        Cent(cent.floor().to_i64().unwrap_or(i64::MAX))
    }
}

/// One amount against its tolerance.
#[derive(Clone, Debug)]
pub struct Tolerantietoets {
    pub wat: &'static str,
    pub bedrag: Cent,
    /// The tolerance in percents, and what it amounts to, rounded down.
    pub grens: Option<(Decimal, Cent)>,
}

impl Tolerantietoets {
    /// What it comes to, in a few words.
    pub fn uitkomst(&self) -> &'static str {
        match self.grens {
            None => "er is geen tolerantie opgegeven",
            Some((_, grens)) if self.bedrag <= grens => "binnen de tolerantie",
            Some(_) => "boven de tolerantie",
        }
    }

    pub fn grens_in_woorden(&self) -> String {
        self.grens
            .map(|(procent, _)| format!("{}%", procent.normalize().to_string().replace('.', ",")))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_equal_to_its_tolerance_is_within_it() {
        let grens = Some((Decimal::ONE, Cent(100)));
        let uitkomst =
            |bedrag| Tolerantietoets { wat: "Fouten", bedrag: Cent(bedrag), grens }.uitkomst();
        assert_eq!(uitkomst(100), "binnen de tolerantie");
        assert_eq!(uitkomst(101), "boven de tolerantie");
        let zonder = Tolerantietoets { wat: "Fouten", bedrag: Cent(1), grens: None };
        assert_eq!(zonder.uitkomst(), "er is geen tolerantie opgegeven");
    }
}
