//! Findings as every format shows them: one row, its columns, its lasting Id, one order.

use super::concerned::concerned;
use super::meegenomen::Meegenomen;
use super::pseudonym::{Pseudonyms, write_hex};
use crate::dossier::{
    Agb, Bsn, Cent, Dag, Declaratiebericht, Declaratieregel, Dossier, Eindoordeel, Ernst, FileId,
    Gemeente, Toewijzing, WordId,
};
use crate::ground::Shown;
use crate::toetsing::{AuditContext, Bevinding, Measure, RuleOutcome, Subject, Text, Underlying};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write;
use std::ops::Range;

/// A finding in the order of every output. What its columns hold follows from it: see [`FindingRow`].
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    /// Code of the rule.
    pub rule: &'static str,
    pub bevinding: Bevinding,
    /// The same finding has the same number in every run.
    nummer: u64,
    /// A person's verdict on it in an earlier run.
    pub oordeel: Option<Eindoordeel>,
}

impl Numbered {
    /// What its Id holds after the rule.
    pub(crate) fn nummer(&self) -> u64 {
        self.nummer
    }

    /// Is no verdict known?
    pub(crate) fn is_open(&self) -> bool {
        self.oordeel.is_none()
    }
}

/// The Id of a finding: the same finding has the same one in every run.
pub(super) fn finding_id(numbered: &Numbered) -> String {
    let mut id = String::with_capacity(numbered.rule.len() + 17);
    id.push_str(numbered.rule);
    id.push('-');
    write_hex(numbered.nummer, &mut id);
    id
}

/// A finding as a row of `bevindingen`: each column is looked up when it is asked for. What doesn't
/// apply is `None`.
#[derive(Clone, Copy)]
pub(crate) struct FindingRow<'r> {
    context: &'r AuditContext<'r>,
    pseudonyms: &'r Pseudonyms,
    numbered: &'r Numbered,
}

/// What the subject of a finding is, looked up.
enum SubjectRow<'r> {
    Line(&'r Declaratieregel),
    Toewijzing(&'r Toewijzing),
    Bericht(&'r Declaratiebericht),
    /// No row of any file.
    None,
}

impl<'r> FindingRow<'r> {
    pub(crate) fn new(
        context: &'r AuditContext<'r>,
        pseudonyms: &'r Pseudonyms,
        numbered: &'r Numbered,
    ) -> FindingRow<'r> {
        FindingRow { context, pseudonyms, numbered }
    }

    fn dossier(&self) -> &'r Dossier {
        self.context.dossier
    }

    pub(crate) fn numbered(&self) -> &'r Numbered {
        self.numbered
    }

    fn bevinding(&self) -> &'r Bevinding {
        &self.numbered.bevinding
    }

    fn subject_row(&self) -> SubjectRow<'r> {
        subject_row(self.dossier(), self.subject())
    }

    fn shown(&self, text: &'r str) -> Option<Shown<'r>> {
        (!text.is_empty()).then(|| self.pseudonyms.nummer(text))
    }

    /// The same finding has the same Id in every run.
    pub(crate) fn id(&self) -> String {
        finding_id(self.numbered)
    }

    /// The Id without the rule.
    pub(crate) fn fingerprint(&self) -> String {
        let mut kenmerk = String::with_capacity(16);
        write_hex(self.numbered.nummer, &mut kenmerk);
        kenmerk
    }

    pub(crate) fn rule(&self) -> &'static str {
        self.numbered.rule
    }

    pub(crate) fn subject(&self) -> Subject {
        self.bevinding().subject
    }

    pub(crate) fn ernst(&self) -> Ernst {
        self.bevinding().ernst
    }

    pub(crate) fn aanbieder(&self) -> Option<Agb> {
        aanbieder(self.context, self.subject())
    }

    pub(crate) fn gemeente(&self) -> Option<Gemeente> {
        gemeente(self.dossier(), self.subject())
    }

    pub(crate) fn jeugdige(&self) -> Option<Shown<'static>> {
        self.bsn().and_then(|bsn| self.pseudonyms.jeugdige(bsn))
    }

    /// What the column Jeugdige stands for: never to be shown.
    pub(super) fn bsn(&self) -> Option<Bsn> {
        match (self.subject_row(), self.subject()) {
            (SubjectRow::Line(r), _) => Some(r.bsn),
            (SubjectRow::Toewijzing(t), _) => Some(t.bsn),
            (_, Subject::Jeugdige(bsn)) => Some(bsn),
            _ => None,
        }
    }

    pub(crate) fn toewijzing_nummer(&self) -> Option<Shown<'r>> {
        self.shown(self.dossier().toewijzingnummer(self.toewijzing_word()?))
    }

    /// The word of the column ToewijzingNummer.
    pub(super) fn toewijzing_word(&self) -> Option<WordId> {
        match self.subject_row() {
            SubjectRow::Line(r) => Some(r.toewijzing_nummer),
            SubjectRow::Toewijzing(t) => Some(t.nummer),
            _ => None,
        }
    }

    pub(crate) fn declaratie_nummer(&self) -> Option<Shown<'r>> {
        self.shown(match self.subject_row() {
            SubjectRow::Line(r) => self.dossier().declaratienummer(r),
            SubjectRow::Bericht(b) => &b.declaratie_nummer,
            _ => return None,
        })
    }

    pub(crate) fn referentie_nummer(&self) -> Option<Shown<'r>> {
        match self.subject_row() {
            SubjectRow::Line(r) => self.shown(self.dossier().referentie(r)),
            _ => None,
        }
    }

    pub(crate) fn file_id(&self) -> Option<FileId> {
        match self.subject_row() {
            SubjectRow::Line(r) => Some(r.file),
            SubjectRow::Toewijzing(t) => Some(t.file),
            SubjectRow::Bericht(b) => Some(b.bestand),
            SubjectRow::None => None,
        }
    }

    /// Path of the input file, relative to the dossier.
    pub(crate) fn file(&self) -> Option<&'r str> {
        self.file_id().map(|id| self.dossier().file(id).pad.as_str())
    }

    pub(crate) fn line_number(&self) -> Option<u32> {
        match self.subject_row() {
            SubjectRow::Line(r) => Some(r.line_number),
            SubjectRow::Toewijzing(t) => Some(t.line_number),
            _ => None,
        }
    }

    pub(crate) fn begindatum(&self) -> Option<Dag> {
        match self.subject_row() {
            SubjectRow::Line(r) => Some(r.begindatum),
            SubjectRow::Toewijzing(t) => Some(t.ingangsdatum),
            SubjectRow::Bericht(b) => Some(b.periode.0),
            SubjectRow::None => None,
        }
    }

    pub(crate) fn einddatum(&self) -> Option<Dag> {
        match self.subject_row() {
            SubjectRow::Line(r) => Some(r.einddatum),
            SubjectRow::Toewijzing(t) => t.einddatum().ok().flatten(),
            SubjectRow::Bericht(b) => Some(b.periode.1),
            SubjectRow::None => None,
        }
    }

    pub(crate) fn product_code(&self) -> Option<Shown<'r>> {
        self.product_text().map(|code| self.pseudonyms.nummer(code))
    }

    /// The column ProductCode as it stood in the file. A line has one, if only an empty one.
    pub(super) fn product_text(&self) -> Option<&'r str> {
        let d = self.dossier();
        match self.subject_row() {
            SubjectRow::Line(r) => Some(&d.product(r.product).code),
            SubjectRow::Toewijzing(t) => {
                t.product_code().ok().map(|id| d.words.get(id)).filter(|c| !c.is_empty())
            }
            _ => None,
        }
    }

    pub(crate) fn ingediend_bedrag(&self) -> Option<Cent> {
        match self.subject_row() {
            SubjectRow::Line(r) => Some(r.ingediend_bedrag),
            _ => None,
        }
    }

    pub(crate) fn bedrag_in_geding(&self) -> Option<Cent> {
        self.bevinding().bedrag
    }

    /// What rides along in the column at this place, of a finding about one line.
    pub(crate) fn meegenomen(&self, place: usize) -> Option<Shown<'r>> {
        match self.subject_row() {
            SubjectRow::Line(r) => self.shown(self.dossier().meegenomen(r, place)),
            _ => None,
        }
    }

    /// What rides along in each of these columns.
    pub(crate) fn riding(&self, of: &Meegenomen) -> Vec<Option<Shown<'r>>> {
        of.places().map(|place| self.meegenomen(place)).collect()
    }

    pub(crate) fn found(&self) -> Shown<'r> {
        without_bsn_by_now(&self.bevinding().found)
    }

    pub(crate) fn expected(&self) -> Shown<'r> {
        without_bsn_by_now(&self.bevinding().expected)
    }

    /// A finding on a jeugdige names the aanbieders concerned.
    pub(crate) fn toelichting(&self) -> Shown<'r> {
        let text = without_bsn_by_now(&self.bevinding().toelichting);
        match concerned(self.context, self.pseudonyms, self.bevinding()) {
            None => text,
            Some(sentence) if text.is_empty() => sentence,
            Some(sentence) => Shown::unmasked(format!("{text} {sentence}")),
        }
    }

    pub(crate) fn source(&self) -> &'r str {
        &self.bevinding().source
    }

    /// A person's verdict on this finding in an earlier run.
    pub(crate) fn oordeel(&self) -> Option<&'r str> {
        self.numbered.oordeel.map(Eindoordeel::name)
    }

    /// The lines under it; `None` of a finding on a line.
    pub(crate) fn underlying(&self) -> Option<&'r Underlying> {
        self.bevinding().underlying()
    }

    /// What the rule measured, where it measured something.
    pub(crate) fn measure(&self) -> Option<Measure> {
        self.bevinding().measure
    }

    /// The number of the finding; see [`Numbered::nummer`].
    pub(crate) fn nummer(&self) -> u64 {
        self.numbered.nummer
    }
}

fn subject_row(d: &Dossier, subject: Subject) -> SubjectRow<'_> {
    match subject {
        Subject::Line(id) => SubjectRow::Line(d.line(id)),
        Subject::Toewijzing(id) => SubjectRow::Toewijzing(d.toewijzing(id)),
        Subject::Declaratiebericht(id) => d
            .declaratieberichten
            .as_deref()
            .and_then(|b| b.get(id as usize))
            .map_or(SubjectRow::None, SubjectRow::Bericht),
        Subject::Jeugdige(_)
        | Subject::Aanbieder(_)
        | Subject::Gemeente(_)
        | Subject::AanbiederInGemeente(..)
        | Subject::Dossier => SubjectRow::None,
    }
}

/// The aanbieder that a finding on this subject is about.
pub(crate) fn aanbieder(c: &AuditContext<'_>, subject: Subject) -> Option<Agb> {
    match (subject_row(c.dossier, subject), subject) {
        (SubjectRow::Line(r), _) => Some(c.agb(r.aanbieder)),
        (SubjectRow::Toewijzing(t), _) => Some(c.agb(t.aanbieder)),
        (SubjectRow::Bericht(b), _) => Some(b.afzender),
        (_, Subject::Aanbieder(id) | Subject::AanbiederInGemeente(id, _)) => Some(c.agb(id)),
        _ => None,
    }
}

/// The gemeente that a finding on this subject is about.
pub(crate) fn gemeente(d: &Dossier, subject: Subject) -> Option<Gemeente> {
    match (subject_row(d, subject), subject) {
        (SubjectRow::Line(r), _) => Some(r.gemeente),
        (SubjectRow::Toewijzing(t), _) => Some(t.gemeente),
        (_, Subject::Gemeente(g) | Subject::AanbiederInGemeente(_, g)) => Some(g),
        _ => None,
    }
}

/// The aanbieder and the gemeente that a finding on this subject is about.
pub(crate) fn parties(c: &AuditContext<'_>, subject: Subject) -> (Option<Agb>, Option<Gemeente>) {
    (aanbieder(c, subject), gemeente(c.dossier, subject))
}

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
            let order = nummer(context, u.rule.code, &bevindingen, pseudonyms);
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
    let clean = p.nummer(composed);
    if *clean != **composed {
        *text = Cow::Owned(clean.into_owned().to_string());
    }
}

/// A text of a finding that [`numbered`] gave its number, and took any Bsn from.
fn without_bsn_by_now(text: &str) -> Shown<'_> {
    Shown::unmasked(text)
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
fn nummer(
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
