//! How far fouten and onzekerheden may go, as the user states it.

use crate::dossier::Cent;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// How much of the declared amount may be fout or uncertain, in percents; `None` where the user
/// states none. No percentage is ours to assume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tolerantie {
    pub errors: Option<Decimal>,
    pub onzekerheden: Option<Decimal>,
}

impl Tolerantie {
    /// What a percentage of an amount comes to, rounded down.
    pub(super) fn limit(procent: Decimal, of: Cent) -> Cent {
        let cent = Decimal::from(of.0) * procent / Decimal::ONE_HUNDRED;
        Cent(cent.floor().to_i64().unwrap_or(i64::MAX))
    }
}

/// One amount against its tolerance.
#[derive(Clone, Debug)]
pub(crate) struct TolerantieCheck {
    pub what: &'static str,
    pub bedrag: Cent,
    /// The tolerance in percents, and what it amounts to, rounded down.
    pub limit: Option<(Decimal, Cent)>,
}

impl TolerantieCheck {
    /// What it comes to, in a few words.
    pub(crate) fn outcome(&self) -> &'static str {
        match self.limit {
            None => "er is geen tolerantie opgegeven",
            Some((_, limit)) if self.bedrag <= limit => "binnen de tolerantie",
            Some(_) => "boven de tolerantie",
        }
    }

    pub(crate) fn limit_in_words(&self) -> String {
        self.limit
            .map(|(procent, _)| format!("{}%", procent.normalize().to_string().replace('.', ",")))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_equal_to_its_tolerance_is_within_it() {
        let limit = Some((Decimal::ONE, Cent(100)));
        let outcome =
            |bedrag| TolerantieCheck { what: "Fouten", bedrag: Cent(bedrag), limit }.outcome();
        assert_eq!(outcome(100), "binnen de tolerantie");
        assert_eq!(outcome(101), "boven de tolerantie");
        let without = TolerantieCheck { what: "Fouten", bedrag: Cent(1), limit: None };
        assert_eq!(without.outcome(), "er is geen tolerantie opgegeven");
    }
}
