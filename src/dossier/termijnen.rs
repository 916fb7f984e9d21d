//! Terms in the order of their first days: which of them share a day is asked without a look at each
//! pair.

use super::datum::Dag;
use super::periode::Termijn;

/// Terms of which none begins before the one that came in before it, each with what it is of.
pub(crate) struct Termijnen<T> {
    of: Vec<T>,
    /// For each term how far it and those before it reach.
    reach: Vec<Reach>,
}

/// How far terms reach: not being without an end, and the last day.
type Reach = (bool, Option<Dag>);

fn reach(term: Termijn) -> Reach {
    (term.end.is_none(), term.end)
}

fn is_reversed(term: Termijn) -> bool {
    term.end.is_some_and(|end| end < term.ingang)
}

impl<T> Default for Termijnen<T> {
    fn default() -> Termijnen<T> {
        Termijnen { of: Vec::new(), reach: Vec::new() }
    }
}

impl<T> Termijnen<T> {
    /// Adds a term, which begins no earlier than those that are there.
    pub(crate) fn push(&mut self, term: Termijn, of: T) {
        let before = self.reach.last().copied();
        self.reach.push(before.map_or(reach(term), |before| before.max(reach(term))));
        self.of.push(of);
    }

    /// What the first of them is of that shares a day with `later`, which begins no earlier than any.
    pub(crate) fn first_overlapping(&self, later: Termijn) -> Option<&T> {
        // They all begin by then: those that reach that day hold it.
        let first = self.reach.partition_point(|reach| *reach < (false, Some(later.ingang)));
        self.of.get(first).filter(|_| !is_reversed(later))
    }
}

/// For each of these terms, which are in the order of their first days: does it share a day with
/// another?
pub(crate) fn overlapping(terms: &[Termijn]) -> Vec<bool> {
    let mut earlier = Termijnen::default();
    let mut out: Vec<bool> = Vec::with_capacity(terms.len());
    for term in terms {
        out.push(earlier.first_overlapping(*term).is_some());
        earlier.push(*term, ());
    }
    // The first day of the next term that has one.
    let mut next: Option<Dag> = None;
    for (term, overlaps) in terms.iter().zip(&mut out).rev() {
        *overlaps |= next.is_some_and(|next| term.end.is_none_or(|end| next <= end));
        next = if is_reversed(*term) { next } else { Some(term.ingang) };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn in_order() -> impl Strategy<Value = Vec<Termijn>> {
        let term = (0..30_i32, prop::option::of(-5..12_i32)).prop_map(|(begin, days)| {
            let ingang = Dag::from_jmd(2023, 1, 1).unwrap().plus_dagen(begin.into());
            Termijn { ingang, end: days.map(|days| ingang.plus_dagen(days.into())) }
        });
        prop::collection::vec(term, 0..12).prop_map(|mut terms| {
            terms.sort_by_key(|t| t.ingang);
            terms
        })
    }

    proptest! {
        #[test]
        fn they_share_a_day_with_whom_each_pair_says(terms in in_order()) {
            let mut earlier = Termijnen::default();
            for (i, term) in terms.iter().enumerate() {
                let pairs = terms[..i].iter().position(|t| t.overlaps(*term));
                prop_assert_eq!(earlier.first_overlapping(*term).copied(), pairs);
                earlier.push(*term, i);
            }
            let others = |i: usize| (0..terms.len()).filter(move |j| *j != i);
            let pairs = (0..terms.len()).map(|i| others(i).any(|j| terms[i].overlaps(terms[j])));
            prop_assert_eq!(overlapping(&terms), pairs.collect::<Vec<_>>());
        }
    }
}
