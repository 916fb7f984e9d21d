//! The order of findings in every output, and the number of each, which lasts.

use super::bevindingen::{Numbered, SubjectRow, aanbieder, gemeente, subject_row};
use super::pseudonym::Pseudonyms;
use crate::dossier::{Agb, Dossier, Gemeente};
use crate::ground::Shown;
use crate::toetsing::{AuditContext, Bevinding, RuleOutcome, Subject, Text};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write;
use std::ops::Range;

/// The findings of each rule are these.
pub(crate) type PerRule = Vec<(&'static str, Range<usize>)>;

/// All findings of a run, in the order of every output, and where those of each rule are; they are
/// taken out of `outcomes`.
pub(crate) fn numbered(
    context: &AuditContext<'_>,
    outcomes: &mut [RuleOutcome],
    pseudonyms: &Pseudonyms,
) -> (Vec<Numbered>, PerRule) {
    /// A rule's findings, and in their order the place and the number of each.
    type OfRule = (&'static str, Vec<Bevinding>, Vec<(usize, u64)>);
    let per_line: Vec<OfRule> = outcomes
        .par_iter_mut()
        .with_max_len(1)
        .map(|u| {
            let mut bevindingen = std::mem::take(&mut u.outcomes.bevindingen);
            bevindingen.par_iter_mut().for_each(|b| {
                for text in [&mut b.found, &mut b.expected, &mut b.toelichting] {
                    without_bsn(pseudonyms, text);
                }
            });
            let order = ordered(context, u.rule.code, &bevindingen, pseudonyms);
            (u.rule.code, bevindingen, order)
        })
        .collect();
    // They are moved once, to where they stay.
    let mut all = Vec::with_capacity(per_line.iter().map(|(_, b, _)| b.len()).sum());
    let mut places = Vec::with_capacity(per_line.len());
    for (rule, bevindingen, order) in per_line {
        let begin = all.len();
        let mut bevindingen: Vec<Option<Bevinding>> = bevindingen.into_iter().map(Some).collect();
        all.extend(order.into_iter().filter_map(|(i, nummer)| {
            let bevinding = bevindingen[i].take()?;
            Some(Numbered { rule, bevinding, nummer, oordeel: None })
        }));
        places.push((rule, begin..all.len()));
    }
    (all, places)
}

/// A rule's own words hold no Bsn; a code or number from the files that it names may.
fn without_bsn(p: &Pseudonyms, text: &mut Text) {
    let Cow::Owned(composed) = &*text else { return };
    let clean = p.replace_in(composed);
    if *clean != **composed {
        *text = Cow::Owned(clean.into_owned().to_string());
    }
}

/// What an Id is made of besides the ordinal, in the order in which findings are sorted first:
/// never by file before that.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SortKey<'a> {
    gemeente: Option<Gemeente>,
    aanbieder: Option<Agb>,
    /// ReferentieNummer, else ToewijzingNummer.
    nummer: Option<Cow<'a, str>>,
    /// Only of a finding that is about the jeugdige.
    jeugdige: Option<Shown<'static>>,
}

impl<'a> SortKey<'a> {
    fn of(c: &'a AuditContext<'a>, p: &Pseudonyms, subject: Subject) -> SortKey<'a> {
        let d = c.dossier;
        let nummer = match subject_row(d, subject) {
            SubjectRow::Line(r) if !d.referentie(r).is_empty() => d.referentie(r),
            SubjectRow::Line(r) => d.toewijzingnummer(r.toewijzing_nummer),
            SubjectRow::Toewijzing(t) => d.toewijzingnummer(t.nummer),
            SubjectRow::Bericht(_) | SubjectRow::None => "",
        };
        SortKey {
            gemeente: gemeente(d, subject),
            aanbieder: aanbieder(c, subject),
            nummer: (!nummer.is_empty()).then(|| p.for_id(nummer)),
            jeugdige: match subject {
                Subject::Jeugdige(bsn) => p.jeugdige(bsn),
                _ => None,
            },
        }
    }
}

/// What decides most of the order without a look at the key itself: its parties, and the first bytes
/// of its number.
type KeyPrefix = (Option<Gemeente>, Option<Agb>, [u8; 8]);

impl SortKey<'_> {
    fn key_prefix(&self) -> KeyPrefix {
        let mut begin = [0; 8];
        let bytes = self.nummer.as_deref().unwrap_or_default().as_bytes();
        let count = bytes.len().min(begin.len());
        begin[..count].copy_from_slice(&bytes[..count]);
        (self.gemeente, self.aanbieder, begin)
    }
}

/// The places of the findings of one rule in their order, with their numbers.
fn ordered(
    c: &AuditContext<'_>,
    rule: &'static str,
    bevindingen: &[Bevinding],
    p: &Pseudonyms,
) -> Vec<(usize, u64)> {
    let keys: Vec<SortKey<'_>> =
        bevindingen.par_iter().map(|b| SortKey::of(c, p, b.subject)).collect();
    let mut order: Vec<(KeyPrefix, usize)> =
        keys.iter().map(SortKey::key_prefix).zip(0..).collect();
    order.par_sort_by(|(a, i), (b, j)| {
        a.cmp(b)
            .then_with(|| keys[*i].cmp(&keys[*j]))
            .then_with(|| compare(c.dossier, &bevindingen[*i], &bevindingen[*j]))
    });
    // Equal keys are told apart by an ordinal.
    let mut ordinals = vec![0_u32; order.len()];
    for (place, pair) in order.windows(2).enumerate() {
        let [(a, i), (b, j)] = [pair[0], pair[1]];
        if a == b && keys[i] == keys[j] {
            ordinals[place + 1] = ordinals[place] + 1;
        }
    }
    order
        .par_iter()
        .zip(ordinals)
        .map_init(HashText::default, |text, (&(_, i), ordinal)| {
            (i, text.hash(rule, &keys[i], ordinal))
        })
        .collect()
}

/// Findings with the same key: by the lines' own order, then by what they say.
fn compare(d: &Dossier, a: &Bevinding, b: &Bevinding) -> Ordering {
    match (a.subject, b.subject) {
        (Subject::Line(x), Subject::Line(y)) => d.compare(x, y),
        _ => Ordering::Equal,
    }
    .then_with(|| a.ernst.cmp(&b.ernst))
    .then_with(|| a.bedrag.cmp(&b.bedrag))
    .then_with(|| a.found.cmp(&b.found))
    .then_with(|| (&a.expected, &a.toelichting).cmp(&(&b.expected, &b.toelichting)))
    .then_with(|| a.subject.cmp(&b.subject))
}

/// What the number of a finding is a hash of, and how much of it findings on the same parties share.
#[derive(Default)]
struct HashText {
    text: String,
    parties: Option<(&'static str, Option<Gemeente>, Option<Agb>)>,
    shared: usize,
}

impl HashText {
    /// The first eight bytes of the SHA-256 of rule, key and ordinal.
    fn hash(&mut self, rule: &'static str, key: &SortKey<'_>, ordinal: u32) -> u64 {
        let text = &mut self.text;
        let parties = (rule, key.gemeente, key.aanbieder);
        if self.parties == Some(parties) {
            text.truncate(self.shared);
        } else {
            text.clear();
            let succeeded = write!(text, "{rule}|")
                .and_then(|()| key.gemeente.map_or(Ok(()), |g| write!(text, "{g}")))
                .and_then(|()| write!(text, "|"))
                .and_then(|()| key.aanbieder.map_or(Ok(()), |a| write!(text, "{a}")))
                .and_then(|()| write!(text, "|"));
            succeeded.expect("writing to a String can't fail");
            (self.parties, self.shared) = (Some(parties), text.len());
        }
        text.push_str(key.nummer.as_deref().unwrap_or_default());
        text.push('|');
        text.push_str(key.jeugdige.as_deref().unwrap_or_default());
        text.push('|');
        write!(text, "{ordinal}").expect("writing to a String can't fail");
        let digest = Sha256::digest(text.as_bytes());
        let (first, _) = digest.as_slice().split_first_chunk().expect("a digest has 32 bytes");
        u64::from_be_bytes(*first)
    }
}
