//! What tells whether the lines are what they seem to be. Counts of parts add up to those of the
//! whole, and the median is exact all the same.

use super::context::AuditContext;
use crate::dossier::{Agb, CatalogusRow, Cent, Declaratieregel, Dossier, Eenheid, ProductId};
use crate::regelset::{Drempels, Factor, Fraction};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Counts of lines that tell whether the input is what it seems.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InputCounts {
    /// All lines, and those whose Einddatum lies outside the audited year.
    pub lines: u64,
    pub outside_leverjaar: u64,
    /// Declared amounts against the contract's, of the lines that have a tariff.
    pub factors: Factors,
    /// Lines that count in the audited year, by the month of their Einddatum.
    pub per_maand: BTreeMap<Agb, [u64; 12]>,
    /// Those of them of products that the catalogue lacks.
    pub unknown: Vec<UnknownProduct>,
    /// Those of them of products that the catalogue has as an example.
    pub of_examples: u64,
}

/// Lines of a product that the catalogue lacks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct UnknownProduct {
    pub categorie: String,
    pub code: String,
    pub eenheid: Eenheid,
    /// As the line has it.
    pub tarief: Option<Cent>,
    pub lines: u64,
    pub bedrag: Cent,
}

impl UnknownProduct {
    fn same(&self, other: &UnknownProduct) -> bool {
        let key = |p: &UnknownProduct| (p.eenheid, p.tarief);
        key(self) == key(other) && self.code == other.code && self.categorie == other.categorie
    }
}

impl InputCounts {
    /// Adds those of another part.
    pub(super) fn merge(&mut self, other: InputCounts) {
        self.lines += other.lines;
        self.outside_leverjaar += other.outside_leverjaar;
        self.of_examples += other.of_examples;
        self.factors.merge(&other.factors);
        for (agb, months) in other.per_maand {
            let own = self.per_maand.entry(agb).or_default();
            own.iter_mut().zip(months).for_each(|(n, added)| *n += added);
        }
        self.unknown.extend(other.unknown);
        self.unknown.sort();
        self.unknown.dedup_by(|next, first| {
            let same = first.same(next);
            if same {
                first.lines += next.lines;
                first.bedrag += next.bedrag;
            }
            same
        });
    }
}

/// How many lines have a factor in some range, and the smallest and the largest of those.
type Spread = Option<(u64, Fraction, Fraction)>;

/// Declared amounts divided by volume × tariff, in five ranges: below, in and above the factor of
/// euros read as cents, and in and above that of cents read as euros. So much is enough to tell
/// whether the median lies in one of the two, without keeping every line's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Factors([Spread; 5]);

impl Factors {
    const KLEIN: usize = 1;
    const GROOT: usize = 3;

    fn count(&mut self, f: Fraction, drempels: &Drempels) {
        let place = match drempels.klein.place(f) {
            Ordering::Less => 0,
            Ordering::Equal => Self::KLEIN,
            Ordering::Greater => match drempels.groot.place(f) {
                Ordering::Less => 2,
                Ordering::Equal => Self::GROOT,
                Ordering::Greater => 4,
            },
        };
        add(&mut self.0[place], (1, f, f));
    }

    fn merge(&mut self, other: &Factors) {
        for (spread, added) in self.0.iter_mut().zip(other.0) {
            added.into_iter().for_each(|added| add(spread, added));
        }
    }

    /// Lines that have a factor.
    pub(crate) fn lines(&self) -> u64 {
        self.0.iter().flatten().map(|(n, ..)| n).sum()
    }

    /// Does the median lie in the range of euros read as cents?
    pub(crate) fn is_small(&self, drempels: &Drempels) -> bool {
        self.has_median_in(Self::KLEIN, &drempels.klein)
    }

    /// Does the median lie in the range of cents read as euros?
    pub(crate) fn is_large(&self, drempels: &Drempels) -> bool {
        self.has_median_in(Self::GROOT, &drempels.groot)
    }

    /// The median of an even number is the mean of the two in the middle.
    fn has_median_in(&self, place: usize, factor: &Factor) -> bool {
        let n = self.lines();
        let (Some((low, _, below)), Some((high, above, _))) =
            (self.range_of(n.saturating_sub(1) / 2), self.range_of(n / 2))
        else {
            return false;
        };
        if low == high {
            return low == place;
        }
        let median = below.mean(above);
        median.is_some_and(|median| factor.place(median) == Ordering::Equal)
    }

    /// In which range the line at this place is, in the order of factors; its ends.
    fn range_of(&self, place: u64) -> Option<(usize, Fraction, Fraction)> {
        let mut before = 0;
        self.0.iter().enumerate().find_map(|(i, spread)| {
            let (n, least, most) = (*spread)?;
            before += n;
            (place < before).then_some((i, least, most))
        })
    }
}

fn add(spread: &mut Spread, (n, least, most): (u64, Fraction, Fraction)) {
    *spread = Some(match *spread {
        None => (n, least, most),
        Some((count, a, b)) => (
            count + n,
            if least.compare(a) == Ordering::Less { least } else { a },
            if most.compare(b) == Ordering::Greater { most } else { b },
        ),
    });
}

/// The same while lines are counted, by numbers of the dossier.
pub(super) struct RunningCounts {
    counts: InputCounts,
    drempels: Option<Drempels>,
    /// For each day of the audited year its month.
    months: Vec<u8>,
    per_maand: Vec<[u64; 12]>,
    unknown: HashMap<(ProductId, Eenheid, Option<Cent>), (u64, Cent)>,
    /// For each product: is it in the catalogue as an example?
    examples: Vec<bool>,
}

impl RunningCounts {
    pub(super) fn empty(context: &AuditContext<'_>) -> RunningCounts {
        let d = context.dossier;
        let first = context.first_dag();
        let days = context.last_dag().dagen_after(first);
        let month = |day: i64| (first.plus_dagen(day).maand() - first.maand()) as u8;
        RunningCounts {
            counts: InputCounts::default(),
            drempels: context.regelset.drempels(context.last_dag()),
            months: (0..=days).map(month).collect(),
            per_maand: vec![[0; 12]; d.aanbieders.len()],
            unknown: HashMap::new(),
            examples: d
                .producten
                .iter()
                .map(|p| p.row.as_ref().is_some_and(CatalogusRow::is_example))
                .collect(),
        }
    }

    /// Counts a line; `counts`: is it one that counts in the audited year?
    pub(super) fn push(&mut self, context: &AuditContext<'_>, r: &Declaratieregel, counts: bool) {
        self.counts.lines += 1;
        self.counts.outside_leverjaar += u64::from(!context.in_leverjaar(r));
        if let Some(drempels) = &self.drempels
            && let Some(factor) = factor(context, r)
        {
            self.counts.factors.count(factor, drempels);
        }
        if !counts {
            return;
        }
        let day = r.einddatum.dagen_after(context.first_dag());
        let month = self.months[day as usize];
        self.per_maand[r.aanbieder.0 as usize][usize::from(month)] += 1;
        let product = r.product.0 as usize;
        self.counts.of_examples += u64::from(self.examples[product]);
        if context.dossier.producten[product].row.is_none() {
            let tarief = r.product_tarief.map(|t| t.bedrag());
            let sum = self.unknown.entry((r.product, r.eenheid, tarief)).or_default();
            *sum = (sum.0 + 1, sum.1 + r.ingediend_bedrag);
        }
    }

    pub(super) fn merge(&mut self, other: RunningCounts) {
        for (own, added) in self.per_maand.iter_mut().zip(other.per_maand) {
            own.iter_mut().zip(added).for_each(|(n, added)| *n += added);
        }
        for (key, (lines, bedrag)) in other.unknown {
            let sum = self.unknown.entry(key).or_default();
            *sum = (sum.0 + lines, sum.1 + bedrag);
        }
        self.counts.merge(other.counts);
    }

    /// The counts, by what the numbers stand for.
    pub(super) fn finish(self, d: &Dossier) -> InputCounts {
        let months = d.aanbieders.iter().map(|a| a.agb).zip(self.per_maand);
        let unknown = self.unknown.into_iter().map(|((id, eenheid, tarief), (lines, bedrag))| {
            let product = d.product(id);
            let (categorie, code) = (product.categorie.clone(), product.code.clone());
            UnknownProduct { categorie, code, eenheid, tarief, lines, bedrag }
        });
        let mut unknown: Vec<UnknownProduct> = unknown.collect();
        unknown.sort();
        let per_maand = months.filter(|(_, months)| months.iter().any(|n| *n > 0)).collect();
        InputCounts { per_maand, unknown, ..self.counts }
    }
}

/// The declared amount divided by volume × contract tariff; `None` without a tariff or a volume.
fn factor(context: &AuditContext<'_>, r: &Declaratieregel) -> Option<Fraction> {
    let aanbieders = context.dossier.aanbieders.len();
    let place = r.product.0 as usize * aanbieders + r.aanbieder.0 as usize;
    let tarief = context.tarieven[place].ok()?;
    let expected = tarief.expected(r.geleverd_volume, r.eenheid)?;
    (expected.numerator > 0).then(|| Fraction {
        numerator: i128::from(r.ingediend_bedrag.0) * expected.denominator,
        denominator: expected.numerator,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Dag;
    use crate::regels::fingerprints;
    use crate::regelset::{Regelset, RulesetSource};

    fn drempels() -> Drempels {
        let set = Regelset::read("landelijk", &RulesetSource::BuiltIn, &fingerprints()).unwrap();
        set.drempels(Dag::from_jmd(2023, 12, 31).unwrap()).unwrap()
    }

    fn factors(ten_thousandths: &[i128]) -> Factors {
        let mut out = Factors::default();
        for n in ten_thousandths {
            let f = Fraction { numerator: *n, denominator: 10_000 };
            out.count(f, &drempels());
        }
        out
    }

    #[test]
    fn a_median_within_five_percent_of_a_hundred_is_seen_on_both_bounds() {
        let d = drempels();
        for (ten_thousandths, is) in [
            (949_999, false),
            (950_000, true),
            (1_000_000, true),
            (1_050_000, true),
            (1_050_001, false),
        ] {
            assert_eq!(factors(&[1, ten_thousandths, 9_999_999]).is_large(&d), is);
        }
        for (ten_thousandths, is) in [(94, false), (95, true), (105, true), (106, false)] {
            assert_eq!(factors(&[ten_thousandths]).is_small(&d), is);
        }
        assert!(!factors(&[10_000, 10_000, 1_000_000]).is_large(&d));
    }

    #[test]
    fn of_an_even_number_the_mean_of_the_two_in_the_middle_counts() {
        let d = drempels();
        assert!(factors(&[900_000, 1_000_000]).is_large(&d), "95 exactly");
        assert!(!factors(&[899_999, 1_000_000]).is_large(&d));
        assert!(factors(&[10_000, 1_990_000]).is_large(&d), "100 between two far ends");
        assert!(!factors(&[]).is_large(&d));
    }

    #[test]
    fn counts_of_parts_are_those_of_the_whole() {
        let all = [94, 95, 10_000, 10_500, 949_999, 1_000_000, 1_050_001, 3];
        let whole = factors(&all);
        let mut parts = factors(&all[..3]);
        parts.merge(&factors(&all[3..]));
        assert_eq!(parts, whole);
        let read: Factors = serde_json::from_str(&serde_json::to_string(&whole).unwrap()).unwrap();
        assert_eq!(read, whole);
    }
}
