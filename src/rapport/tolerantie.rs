//! How far fouten and onzekerheden may go, as the user states it.

use crate::dossier::Cent;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// How much of the declared amount may be fout, uncertain, or those together, in percents; `None`
/// where the user states none. No percentage is ours to assume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tolerantie {
    pub errors: Option<Decimal>,
    pub onzekerheden: Option<Decimal>,
    pub together: Option<Decimal>,
}

impl Tolerantie {
    /// As the settings of a dossier have it.
    pub(crate) fn of([errors, onzekerheden, together]: [Option<Decimal>; 3]) -> Tolerantie {
        Tolerantie { errors, onzekerheden, together }
    }

    /// What a percentage of an amount comes to, rounded down.
    pub(crate) fn limit(procent: Decimal, of: Cent) -> Cent {
        let cent = Decimal::from(of.0) * procent / Decimal::ONE_HUNDRED;
        Cent(cent.floor().to_i64().unwrap_or(i64::MAX))
    }

    /// A percentage as people write it.
    pub(crate) fn in_words(procent: Decimal) -> String {
        format!("{}%", procent.normalize().to_string().replace('.', ","))
    }
}

/// One amount against its tolerance.
#[derive(Clone, Debug)]
pub(crate) struct TolerantieCheck {
    pub what: &'static str,
    /// The same among others, on a terminal.
    pub short: &'static str,
    /// What counts against it: without what people judged `akkoord` or `niet-verwijtbaar`.
    pub bedrag: Cent,
    /// The tolerance in percents, and what it amounts to, rounded down.
    pub limit: Option<(Decimal, Cent)>,
}

impl TolerantieCheck {
    /// What it comes to, in a few words.
    pub(crate) fn outcome(&self) -> &'static str {
        match self.is_within() {
            None => "er is geen tolerantie opgegeven",
            Some(true) => "binnen de tolerantie",
            Some(false) => "boven de tolerantie",
        }
    }

    /// Whether it stays within what is tolerated; none where the user states no tolerance.
    pub(crate) fn is_within(&self) -> Option<bool> {
        self.limit.map(|(_, limit)| self.bedrag <= limit)
    }

    pub(crate) fn limit_in_words(&self) -> String {
        self.limit.map_or_else(String::new, |(procent, _)| Tolerantie::in_words(procent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_equal_to_its_tolerance_is_within_it() {
        let limit = Some((Decimal::ONE, Cent(100)));
        let outcome = |bedrag, limit| {
            let check = TolerantieCheck { what: "Fouten", short: "fouten", bedrag, limit };
            check.outcome()
        };
        assert_eq!(outcome(Cent(100), limit), "binnen de tolerantie");
        assert_eq!(outcome(Cent(101), limit), "boven de tolerantie");
        assert_eq!(outcome(Cent(1), None), "er is geen tolerantie opgegeven");
    }
}
