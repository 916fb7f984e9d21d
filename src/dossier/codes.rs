//! Codes of the national standard iJw 3.2, kept as small numbers.

use crate::ground::{passes_elfproef, words};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! code {
    ($(#[$doc:meta])* $visible:vis $name:ident, $number:ty, $form:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        $visible struct $name($visible $number);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, $form, self.0)
            }
        }
    };
}

code!(
    /// CBS gemeentecode, four digits.
    pub Gemeente, u16, "{:04}"
);
code!(
    /// AGB code of an aanbieder, eight digits.
    pub Agb, u32, "{:08}"
);
code!(
    /// Eenheid (WJ756), two digits.
    pub Eenheid, u8, "{:02}"
);
code!(
    /// Frequentie (WMO757), one digit.
    pub(crate) Frequentie, u8, "{}"
);
code!(
    /// Verwijzer (COD327), two digits.
    pub(crate) Verwijzer, u8, "{:02}"
);
code!(
    /// RedenWijziging (JZ002), two digits.
    pub(crate) RedenWijziging, u8, "{:02}"
);

code!(
    /// RedenBeeindiging (JZ588), two digits.
    pub(crate) RedenBeeindiging, u8, "{:02}"
);

impl RedenBeeindiging {
    /// The help was stopped for a while: it may start again.
    pub(crate) const TEMPORARY: RedenBeeindiging = RedenBeeindiging(20);
}

/// ProductCategorie (JZ020) of crisis.
pub(crate) const CRISIS_CATEGORIE: &str = "46";

impl Eenheid {
    /// Code 01.
    pub(crate) const MINUUT: Eenheid = Eenheid(1);
    /// Code 04.
    pub(crate) const HOUR: Eenheid = Eenheid(4);
    /// Code 14, a stay of a day and a night.
    pub(crate) const ETMAAL: Eenheid = Eenheid(14);
    /// Code 16, four hours.
    pub(crate) const DAGDEEL: Eenheid = Eenheid(16);
    /// Code 82, pieces in products of output.
    pub(crate) const STUKS_OUTPUT: Eenheid = Eenheid(82);
    /// Code 83; what is counted in it are cents.
    pub(crate) const EURO: Eenheid = Eenheid(83);
    /// Code 84, pieces in products of effort.
    pub(crate) const STUKS_INSPANNING: Eenheid = Eenheid(84);

    /// Minutes in one unit, for units of time that a line can be counted in.
    pub(crate) fn minuten(self) -> Option<i64> {
        match self {
            Eenheid::MINUUT => Some(1),
            Eenheid::HOUR => Some(60),
            Eenheid::DAGDEEL => Some(240),
            _ => None,
        }
    }

    /// How people name the unit, in the plural.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Eenheid::MINUUT => "minuten",
            Eenheid::HOUR => "uren",
            Eenheid::ETMAAL => "etmalen",
            Eenheid::DAGDEEL => "dagdelen",
            Eenheid::STUKS_OUTPUT => "stuks (output)",
            Eenheid::EURO => "eurocenten",
            Eenheid::STUKS_INSPANNING => "stuks (inspanning)",
            _ => "eenheden",
        }
    }
}

impl Frequentie {
    /// Code 1.
    pub(crate) const PER_DAG: Frequentie = Frequentie(1);
    /// Code 2, Monday to Sunday.
    pub(crate) const PER_WEEK: Frequentie = Frequentie(2);
    /// Code 4, a calendar month.
    pub(crate) const PER_MAAND: Frequentie = Frequentie(4);
    /// Code 6, over the whole term of the toewijzing.
    pub(crate) const TOTAL: Frequentie = Frequentie(6);

    /// How people say it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Frequentie::PER_DAG => "per dag",
            Frequentie::PER_WEEK => "per week",
            Frequentie::PER_MAAND => "per maand",
            Frequentie::TOTAL => "in totaal binnen de geldigheidsduur",
            _ => "in een onbekende frequentie",
        }
    }
}

impl Verwijzer {
    /// How people say it (COD327); empty for another code.
    pub(crate) fn name(self) -> &'static str {
        match self.0 {
            1 => "gemeente",
            2 => "huisarts",
            3 => "jeugdarts",
            4 => "gecertificeerde instelling",
            5 => "medisch specialist",
            6 => "zelfverwijzer",
            8 => "rechter en anderen",
            _ => "",
        }
    }
}

impl RedenWijziging {
    /// The toewijzing was removed: nothing may be declared on it.
    pub(crate) const REMOVED: RedenWijziging = RedenWijziging(13);
}

/// A burgerservicenummer as it stood in the file: nine digits, perhaps no valid number.
///
/// It has no `Display`: what a person or a file gets to see is a pseudonym.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bsn(pub u32);

impl Bsn {
    /// An empty cell, which only products without a toewijzing may have.
    pub(crate) const NONE: Bsn = Bsn(u32::MAX);

    /// Elfproef: nine digits, not all zero, whose weighted sum is a multiple of eleven.
    pub fn is_valid(self) -> bool {
        self.0 != 0 && passes_elfproef(self.0)
    }

    /// The nine digits, for the keyed pseudonym only.
    pub(crate) fn digits(self) -> String {
        format!("{:09}", self.0)
    }
}

impl fmt::Debug for Bsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bsn(…)")
    }
}

words! {
    /// Was this line declared or taken back?
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub(crate) enum DebetCredit {
        Debet = "D",
        Credit = "C",
    }
}

words! {
    /// Kind of budget of a toewijzing (RTP 2.4.1).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) enum Budgetsoort {
        Herstel = "herstel",
        Duurzaam = "duurzaam",
    }
}

words! {
    /// How a product is delivered: by effort or by result.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) enum Uitvoering {
        Inspanning = "inspanning",
        Output = "output",
    }
}

words! {
    /// Part of the contract that a product belongs to.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub(crate) enum Onderdeel {
        Ambulant = "ambulant",
        Groepsaanbod = "groepsaanbod",
        Voorziening = "voorziening",
        Verblijf = "verblijf",
        Ed = "ed",
        Crisis = "crisis",
        EenOpEen = "een-op-een",
        Preventie = "preventie",
        Maatwerk = "maatwerk",
        Overig = "overig",
    }
}

words! {
    /// Form of a stay; INT_A and INT_B imply the first two.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) enum Vorm {
        Pleegzorg = "pleegzorg",
        Deeltijdpleegzorg = "deeltijdpleegzorg",
        Kdv = "kdv",
        Gezinshuis = "gezinshuis",
        Wonen = "wonen",
        Verblijf = "verblijf",
    }
}

words! {
    /// A message that help began or ended (JW305, JW307).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    pub(crate) enum BerichtKind {
        Start = "start",
        Stop = "stop",
    }
}

words! {
    /// How final a row of `productieverantwoording` is; the highest counts.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) enum Status {
        Voorlopig = "voorlopig",
        Definitief = "definitief",
        Gewaarmerkt = "gewaarmerkt",
    }
}

words! {
    /// What an agreement of perceel 5 buys.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) enum Afspraaksoort {
        Trajecten = "trajecten",
        Plaatsen = "plaatsen",
    }
}

/// Words of the column Bijzonderheid, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bijzonderheden(u8);

words! {
    /// A word of the column Bijzonderheid.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum Bijzonderheid {
        Medicatiecontrole = "medicatiecontrole",
        Kdc = "kdc",
        Crisis = "crisis",
        Toestemming = "toestemming",
        Verlengd = "verlengd",
    }
}

impl Bijzonderheden {
    /// This set and `word`.
    pub(crate) fn with(self, word: Bijzonderheid) -> Bijzonderheden {
        Bijzonderheden(self.0 | 1 << word as u8)
    }

    /// Is `word` in the set?
    pub(crate) fn contains(self, word: Bijzonderheid) -> bool {
        self.0 & (1 << word as u8) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elfproef_knows_the_test_range_and_refuses_its_neighbours() {
        assert!(Bsn(999_900_006).is_valid());
        assert!(Bsn(999_999_990).is_valid());
        assert!(!Bsn(999_900_007).is_valid());
        assert!(!Bsn(0).is_valid());
    }

    #[test]
    fn a_bsn_never_prints_itself() {
        assert!(!format!("{:?}", Bsn(999_900_006)).contains("9999"));
    }
}
