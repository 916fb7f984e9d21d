//! What a rule says of a unit: in order, a finding, or not testable with a reason.

use super::reason::Reason;
use super::top_lines::{KeyedLines, Underlying};
use crate::dossier::{
    AanbiederId, Bsn, Cent, Ernst, Gemeente, LineId, Onderdeel, ProductId, ToewijzingId,
};
use crate::ground::memory::Allowance;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Line(LineId),
    Toewijzing(ToewijzingId),
    Jeugdige(Bsn),
    Aanbieder(AanbiederId),
    Gemeente(Gemeente),
    /// What one aanbieder declared to one gemeente.
    AanbiederInGemeente(AanbiederId, Gemeente),
    /// One message, by its place in [`crate::dossier::Dossier::declaratieberichten`].
    Declaratiebericht(u32),
    /// All that was declared, or the tables beside it.
    Dossier,
}

/// A quantity that a rule held against a limit, for tables that put the two side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Money {
        measured: Cent,
        limit: Cent,
    },
    /// Times or days.
    Count {
        measured: i64,
        limit: i64,
    },
}

/// Which lines of what it is about one finding rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// These, by their numbers among all lines of the dossier.
    Lines(Vec<LineId>),
    /// These, each with what it carries of the finding's amount.
    Carrying(Vec<(LineId, Cent)>),
    Product(ProductId),
    Onderdeel(Onderdeel),
    /// The lines, once the engine has looked them up.
    Found(Underlying),
}

/// One finding of one rule.
#[derive(Clone, Debug)]
pub struct Bevinding {
    pub ernst: Ernst,
    pub subject: Subject,
    /// BedragInGeding; for a line never more than its IngediendBedrag.
    pub bedrag: Option<Cent>,
    /// What the rule measured, where its outcome is one number against another.
    pub(crate) measure: Option<Measure>,
    pub found: Text,
    pub expected: Text,
    pub toelichting: Text,
    /// Where it rests on some lines of its subject that only it can tell.
    pub(crate) selection: Option<Box<Selection>>,
    /// The rule's source in the ruleset: the engine fills it in.
    pub source: Arc<str>,
}

impl Bevinding {
    pub(crate) fn new(ernst: Ernst, subject: Subject) -> Bevinding {
        Bevinding {
            ernst,
            subject,
            bedrag: None,
            measure: None,
            found: "".into(),
            expected: "".into(),
            toelichting: "".into(),
            selection: None,
            source: Arc::default(),
        }
    }

    pub(crate) fn bedrag(mut self, bedrag: impl Into<Option<Cent>>) -> Self {
        self.bedrag = bedrag.into();
        self
    }

    /// So much money was found, and so much was allowed.
    pub(crate) fn measured(mut self, gemeten: Cent, limit: Cent) -> Self {
        self.measure = Some(Measure::Money { measured: gemeten, limit });
        self
    }

    /// So many times or days were found, and so many were allowed.
    pub(crate) fn counted(mut self, measured: i64, limit: i64) -> Self {
        self.measure = Some(Measure::Count { measured, limit });
        self
    }

    /// It rests on some lines of its subject, not on all that count.
    pub(crate) fn on(mut self, selection: Selection) -> Self {
        self.selection = Some(Box::new(selection));
        self
    }

    /// The lines under it; `None` until the engine has looked them up, and of a finding on a line.
    pub fn underlying(&self) -> Option<&Underlying> {
        match self.selection.as_deref() {
            Some(Selection::Found(lines)) => Some(lines),
            _ => None,
        }
    }

    /// Bytes that it takes while an audit runs, about.
    fn byte_len(&self) -> u64 {
        let texts = [&self.found, &self.expected, &self.toelichting];
        let composed = |text: &&Text| if let Cow::Owned(text) = text { text.capacity() } else { 0 };
        let lines = match self.selection.as_deref() {
            Some(Selection::Lines(lines)) => size_of_val(&**lines),
            Some(Selection::Carrying(lines)) => size_of_val(&**lines),
            _ => 0,
        };
        (size_of::<Bevinding>() + texts.iter().map(composed).sum::<usize>() + lines) as u64
    }

    /// The same with these lines under it.
    pub(crate) fn with_lines(self, lines: Underlying) -> Self {
        self.on(Selection::Found(lines))
    }

    pub(crate) fn underlying_mut(&mut self) -> Option<&mut Underlying> {
        match self.selection.as_deref_mut() {
            Some(Selection::Found(lines)) => Some(lines),
            _ => None,
        }
    }

    pub(crate) fn found(mut self, text: impl Into<Text>) -> Self {
        self.found = text.into();
        self
    }

    pub(crate) fn expected(mut self, text: impl Into<Text>) -> Self {
        self.expected = text.into();
        self
    }

    pub(crate) fn toelichting(mut self, text: impl Into<Text>) -> Self {
        self.toelichting = text.into();
        self
    }

    /// Adds a sentence to the Toelichting.
    pub(crate) fn also(mut self, sentence: &str) -> Self {
        let old = self.toelichting.into_owned();
        self.toelichting =
            if old.is_empty() { sentence.to_owned() } else { format!("{old} {sentence}") }.into();
        self
    }
}

/// What a rule says of one line that it could be tested on.
pub(crate) enum Ruling {
    /// The rule isn't about this line: it isn't counted.
    NotApplicable,
    InOrder,
    Bevinding(Box<Bevinding>),
    /// Two findings on one line: what is certain, and what a person must judge besides.
    Both(Box<[Bevinding; 2]>),
}

/// What a rule says of one line.
pub(crate) type Verdict = Result<Ruling, Reason>;

impl From<Bevinding> for Ruling {
    fn from(b: Bevinding) -> Ruling {
        Ruling::Bevinding(Box::new(b))
    }
}

impl From<Bevinding> for Verdict {
    fn from(b: Bevinding) -> Verdict {
        Ok(b.into())
    }
}

/// A Dutch text of a finding.
pub(crate) type Text = Cow<'static, str>;

/// The outcomes of one rule: counted, and the findings.
#[derive(Clone, Debug, Default)]
pub struct Outcomes {
    /// Units on which the rule came to a verdict.
    pub tested: u64,
    pub not_testable: Vec<(Reason, u64)>,
    pub bevindingen: Vec<Bevinding>,
    /// What a rule over the whole dossier will decide on.
    pub(crate) sums: KeyedSums,
    /// The lines under what it will come to.
    pub(crate) lines: KeyedLines,
    /// What the findings of all rules may take; those past it aren't kept.
    allowance: Arc<Allowance>,
}

/// Sums by a key of two numbers, such as an AGB code and the place of an Onderdeel. Those of parts
/// add up to those of the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyedSums(BTreeMap<(u32, u32), [i64; 4]>);

impl KeyedSums {
    pub(crate) fn count(&mut self, key: (u32, u32), added: [i64; 4]) {
        let sum = self.0.entry(key).or_default();
        for (sum, added) in sum.iter_mut().zip(added) {
            *sum += added;
        }
    }

    pub(crate) fn merge(&mut self, part: KeyedSums) {
        part.0.into_iter().for_each(|(key, added)| self.count(key, added));
    }

    /// In the order of the keys.
    pub(crate) fn all(&self) -> impl Iterator<Item = ((u32, u32), [i64; 4])> {
        self.0.iter().map(|(key, sum)| (*key, *sum))
    }

    pub(crate) fn of(&self, key: (u32, u32)) -> Option<[i64; 4]> {
        self.0.get(&key).copied()
    }
}

impl Outcomes {
    /// Those of a rule that is about to run.
    pub(crate) fn within(allowance: &Arc<Allowance>) -> Outcomes {
        Outcomes { allowance: Arc::clone(allowance), ..Outcomes::default() }
    }

    /// Was there no room for all that was found? Then it is not to be relied on.
    pub(crate) fn is_cut_short(&self) -> bool {
        self.allowance.is_spent()
    }

    /// The rule was tested on a unit; what it found, if anything, follows.
    pub(crate) fn tested(&mut self) {
        self.tested += 1;
    }

    /// Counts a verdict on one line. Called for every rule and line: the usual verdict costs nothing.
    #[inline(always)]
    pub(crate) fn verdict(&mut self, oordeel: Verdict) {
        match oordeel {
            Ok(Ruling::InOrder) => self.tested += 1,
            Ok(Ruling::NotApplicable) => {}
            Ok(Ruling::Bevinding(b)) => self.tested_with([*b]),
            Ok(Ruling::Both(both)) => self.tested_with(*both),
            Err(reason) => self.not_testable(reason),
        }
    }

    /// Counts the verdict on like lines, of which one tells that of all: what it finds may differ.
    #[inline]
    pub(crate) fn verdict_over<L>(&mut self, lines: &[L], check: impl Fn(&L) -> Verdict) {
        let Some((first, rest)) = lines.split_first() else { return };
        match check(first) {
            Ok(Ruling::InOrder) => self.tested += lines.len() as u64,
            Ok(Ruling::NotApplicable) => {}
            Err(reason) => self.not_testable_times(reason, lines.len() as u64),
            found @ Ok(Ruling::Bevinding(_) | Ruling::Both(_)) => {
                self.verdict(found);
                rest.iter().for_each(|l| self.verdict(check(l)));
            }
        }
    }

    #[cold]
    fn tested_with<const N: usize>(&mut self, bevindingen: [Bevinding; N]) {
        self.tested();
        bevindingen.into_iter().for_each(|b| self.bevinding(b));
    }

    /// The value; where it isn't known, the unit is counted as not testable.
    pub(crate) fn known<T>(&mut self, value: Result<T, impl Into<Reason>>) -> Option<T> {
        value.map_err(|reason| self.not_testable(reason.into())).ok()
    }

    #[inline]
    pub(crate) fn not_testable(&mut self, reason: Reason) {
        self.not_testable_times(reason, 1);
    }

    /// So many units are not testable for this reason.
    #[inline]
    pub(crate) fn not_testable_times(&mut self, reason: Reason, count: u64) {
        if count == 0 {
            return;
        }
        // Most rules have one reason for all their lines.
        match self.not_testable.first_mut() {
            Some((r, n)) if *r == reason => *n += count,
            _ => self.other_reason(reason, count),
        }
    }

    #[cold]
    fn other_reason(&mut self, reason: Reason, count: u64) {
        match self.not_testable.iter_mut().find(|(r, _)| *r == reason) {
            Some((_, n)) => *n += count,
            None => self.not_testable.push((reason, count)),
        }
    }

    pub(crate) fn bevinding(&mut self, bevinding: Bevinding) {
        if self.allowance.take(bevinding.byte_len()) {
            self.bevindingen.push(bevinding);
        }
    }

    pub(crate) fn merge(&mut self, part: Outcomes) {
        self.tested += part.tested;
        for (reason, n) in part.not_testable {
            self.not_testable_times(reason, n);
        }
        self.bevindingen.extend(part.bevindingen);
        self.sums.merge(part.sums);
        self.lines.merge(part.lines);
    }

    pub(crate) fn not_testable_count(&self) -> u64 {
        self.not_testable.iter().map(|(_, n)| n).sum()
    }
}
