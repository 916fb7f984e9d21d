//! `[poort]`: from where on the input of an audit is not what it seems.

use super::bestand::Regeltabel;
use super::tekst::{Parsed, SpannedText};
use super::{Parameter, ParameterSpec, Regelset, RuleDigest};
use crate::dossier::Dag;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use toml::Spanned;

const FACTOR_GROOT: Parameter<Decimal> = Parameter::new(
    "factor_groot",
    "bedrag gedeeld door volume × tarief als centen voor euro's zijn gelezen",
);
const FACTOR_KLEIN: Parameter<Decimal> = Parameter::new(
    "factor_klein",
    "bedrag gedeeld door volume × tarief als euro's voor centen zijn gelezen",
);
const FACTOR_MARGE: Parameter<Decimal> =
    Parameter::new("factor_marge", "zoveel procent mag de mediaan van een factor af liggen");
const FACTOR_REGELS: Parameter<i64> = Parameter::new(
    "factor_regels",
    "minder declaratieregels met een tarief zeggen niets over de factor",
);
const ONLEESBAAR_GEVULD: Parameter<i64> =
    Parameter::new("onleesbaar_gevuld", "in minder gevulde declaratieregels zegt een kolom niets");
const ONLEESBAAR_STOP: Parameter<Decimal> = Parameter::new(
    "onleesbaar_stop",
    "meer onleesbare waarden dan dit percentage van een kolom: stop",
);
const ONLEESBAAR_LET_OP: Parameter<Decimal> = Parameter::new(
    "onleesbaar_let_op",
    "meer onleesbare waarden dan dit percentage van een kolom: let op",
);
const CREDIT_REGELS: Parameter<i64> =
    Parameter::new("credit_regels", "minder creditregels zeggen niets over hun debetregels");
const CREDIT_ZONDER_DEBET: Parameter<Decimal> =
    Parameter::new("credit_zonder_debet", "percentage creditregels zonder debetregel");
const ONBEKEND_PRODUCT: Parameter<Decimal> = Parameter::new(
    "onbekend_product",
    "percentage declaratieregels van een product buiten de catalogus",
);
const ZONDER_TOEWIJZING: Parameter<Decimal> =
    Parameter::new("zonder_toewijzing", "percentage declaratieregels zonder toewijzing");
const REGEL_GETOETST: Parameter<i64> =
    Parameter::new("regel_getoetst", "zo vaak moet een regel getoetst zijn");
const REGEL_TREFFERS: Parameter<Decimal> =
    Parameter::new("regel_treffers", "percentage fouten en onzekerheden van wat een regel toetste");
const BUITEN_LEVERJAAR: Parameter<Decimal> =
    Parameter::new("buiten_leverjaar", "percentage declaratieregels buiten het leverjaar");
const STILLE_MAAND: Parameter<Decimal> =
    Parameter::new("stille_maand", "percentage van de mediaan van de maanden");
const AANBIEDER_MAANDEN: Parameter<i64> = Parameter::new(
    "aanbieder_maanden",
    "in zoveel maanden moet een aanbieder declaratieregels hebben",
);

/// Name of the table.
pub(super) const TABLE: &str = "poort";

/// All that a table `[poort]` gives.
const PARAMETERS: &[ParameterSpec] = &[
    FACTOR_GROOT.spec(),
    FACTOR_KLEIN.spec(),
    FACTOR_MARGE.spec(),
    FACTOR_REGELS.spec(),
    ONLEESBAAR_GEVULD.spec(),
    ONLEESBAAR_STOP.spec(),
    ONLEESBAAR_LET_OP.spec(),
    CREDIT_REGELS.spec(),
    CREDIT_ZONDER_DEBET.spec(),
    ONBEKEND_PRODUCT.spec(),
    ZONDER_TOEWIJZING.spec(),
    REGEL_GETOETST.spec(),
    REGEL_TREFFERS.spec(),
    BUITEN_LEVERJAAR.spec(),
    STILLE_MAAND.spec(),
    AANBIEDER_MAANDEN.spec(),
];

/// A non-negative fraction, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fraction {
    pub numerator: i128,
    /// More than zero.
    pub denominator: i128,
}

impl Fraction {
    /// Which is the larger? Exact, for fractions of amounts and volumes.
    pub(crate) fn compare(self, other: Fraction) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }

    /// Half of the sum; `None` where that takes more than 128 bits.
    pub(crate) fn mean(self, other: Fraction) -> Option<Fraction> {
        let (a, b) = (self.simplified(), other.simplified());
        let left = a.numerator.checked_mul(b.denominator)?;
        let right = b.numerator.checked_mul(a.denominator)?;
        let denominator = a.denominator.checked_mul(b.denominator)?.checked_mul(2)?;
        Some(Fraction { numerator: left.checked_add(right)?, denominator }.simplified())
    }

    fn simplified(self) -> Fraction {
        let (mut a, mut b) = (self.numerator, self.denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let by = a.max(1);
        Fraction { numerator: self.numerator / by, denominator: self.denominator / by }
    }

    fn of(d: Decimal) -> Fraction {
        let d = d.normalize();
        Fraction { numerator: d.mantissa(), denominator: 10_i128.pow(d.scale()) }
    }
}

/// A factor between declared and expected amounts that a wrong unit of money gives, with what is
/// taken for it; both ends included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Factor {
    pub from: Fraction,
    pub until: Fraction,
}

impl Factor {
    /// Below it, in it, or above it?
    pub(crate) fn place(&self, f: Fraction) -> Ordering {
        match (f.compare(self.from), f.compare(self.until)) {
            (Ordering::Less, _) => Ordering::Less,
            (_, Ordering::Greater) => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }

    fn around(factor: Decimal, margin: Decimal) -> Factor {
        let of = |percent: Decimal| Fraction::of(factor * percent / Decimal::ONE_HUNDRED);
        Factor { from: of(Decimal::ONE_HUNDRED - margin), until: of(Decimal::ONE_HUNDRED + margin) }
    }
}

/// What a share of something may be, in percents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MostPercent(pub Decimal);

impl MostPercent {
    /// Is `part` more than this share of `whole`?
    pub(crate) fn is_passed(self, part: u64, whole: u64) -> bool {
        Decimal::from(part) * Decimal::ONE_HUNDRED > Decimal::from(whole) * self.0
    }
}

/// The thresholds that hold in a year. Counts are the least that says anything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drempels {
    /// Euros read as cents; the smaller factor.
    pub klein: Factor,
    /// Cents read as euros; the larger factor.
    pub groot: Factor,
    pub factor_regels: u64,
    pub onleesbaar_gevuld: u64,
    pub onleesbaar_stop: MostPercent,
    pub onleesbaar_let_op: MostPercent,
    pub credit_regels: u64,
    pub credit_zonder_debet: MostPercent,
    pub onbekend_product: MostPercent,
    pub zonder_toewijzing: MostPercent,
    pub regel_getoetst: u64,
    pub regel_treffers: MostPercent,
    pub buiten_leverjaar: MostPercent,
    /// Less than this share of the median month.
    pub stille_maand: Decimal,
    pub aanbieder_maanden: usize,
}

impl Regelset {
    /// Takes up a table `[poort]`: instead of that of the ruleset below, or to end it.
    pub(super) fn set_poort(
        &mut self,
        text: &SpannedText<'_>,
        table: &Spanned<Regeltabel>,
    ) -> Parsed<()> {
        let digest = RuleDigest { code: TABLE, parameters: PARAMETERS };
        self.poort = self.settings_of(text, table.span(), table.get_ref(), &digest)?;
        Ok(())
    }

    /// The thresholds of the gate on this day; `None` under a ruleset without a table `[poort]`.
    pub(crate) fn drempels(&self, dag: Dag) -> Option<Drempels> {
        let p = self.poort.as_ref()?;
        let percent = |parameter: &Parameter<Decimal>| MostPercent(p.at(parameter, dag));
        let least = |parameter: &Parameter<i64>| p.at(parameter, dag).unsigned_abs();
        let margin = p.at(&FACTOR_MARGE, dag);
        Some(Drempels {
            klein: Factor::around(p.at(&FACTOR_KLEIN, dag), margin),
            groot: Factor::around(p.at(&FACTOR_GROOT, dag), margin),
            factor_regels: least(&FACTOR_REGELS),
            onleesbaar_gevuld: least(&ONLEESBAAR_GEVULD),
            onleesbaar_stop: percent(&ONLEESBAAR_STOP),
            onleesbaar_let_op: percent(&ONLEESBAAR_LET_OP),
            credit_regels: least(&CREDIT_REGELS),
            credit_zonder_debet: percent(&CREDIT_ZONDER_DEBET),
            onbekend_product: percent(&ONBEKEND_PRODUCT),
            zonder_toewijzing: percent(&ZONDER_TOEWIJZING),
            regel_getoetst: least(&REGEL_GETOETST),
            regel_treffers: percent(&REGEL_TREFFERS),
            buiten_leverjaar: percent(&BUITEN_LEVERJAAR),
            stille_maand: p.at(&STILLE_MAAND, dag),
            aanbieder_maanden: usize::try_from(least(&AANBIEDER_MAANDEN)).unwrap_or(usize::MAX),
        })
    }
}
