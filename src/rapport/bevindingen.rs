//! Findings as every format shows them: one row, its columns, its lasting Id.

use super::concerned::concerned;
use super::meegenomen::Meegenomen;
use super::pseudonym::{Pseudonyms, write_hex};
use crate::dossier::{
    Agb, Bsn, Cent, Dag, Declaratiebericht, Declaratieregel, Dossier, Eindoordeel, Ernst, FileId,
    Gemeente, Toewijzing, WordId,
};
use crate::ground::Shown;
use crate::toetsing::{AuditContext, Bevinding, Measure, Subject, Underlying};

/// A finding in the order of every output. What its columns hold follows from it: see [`FindingRow`].
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    /// Code of the rule.
    pub rule: &'static str,
    pub bevinding: Bevinding,
    /// The same finding has the same number in every run.
    pub(super) nummer: u64,
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
pub(super) enum SubjectRow<'r> {
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
        (!text.is_empty()).then(|| self.pseudonyms.replace_in(text))
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
        self.product_text().map(|code| self.pseudonyms.replace_in(code))
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

pub(super) fn subject_row(d: &Dossier, subject: Subject) -> SubjectRow<'_> {
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

/// A text of a finding that [`super::numbering`] gave its number, and took any Bsn from.
fn without_bsn_by_now(text: &str) -> Shown<'_> {
    Shown::unmasked(text)
}
