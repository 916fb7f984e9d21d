//! The lines under findings, as every format shows them: one row a line of a finding that isn't about
//! one line.

use super::Rapport;
use super::bevindingen::{Numbered, finding_id};
use super::meegenomen::Meegenomen;
use super::pseudonym::Pseudonyms;
use crate::dossier::{Agb, Cent, Declaratieregel, Dossier, LineId};
use crate::ground::Shown;
use crate::toetsing::{AuditContext, Subject, Underlying, shares};

/// The columns of `onderliggend`, in every format.
pub(crate) const KOLOMMEN: [&str; 13] = [
    "Id",
    "Bestand",
    "Regelnummer",
    "Aanbieder",
    "Gemeente",
    "ReferentieNummer",
    "ToewijzingNummer",
    "Begindatum",
    "Einddatum",
    "ProductCode",
    "GeleverdVolume",
    "IngediendBedrag",
    "Aandeel",
];

/// A line under a finding.
#[derive(Clone, Copy)]
pub(crate) struct UnderlyingRow<'r> {
    context: &'r AuditContext<'r>,
    pseudonyms: &'r Pseudonyms,
    numbered: &'r Numbered,
    pub line: &'r Declaratieregel,
    /// What it carries of the finding's amount, where lines carry it.
    pub share: Option<Cent>,
    /// Lines under the finding, those that aren't named too.
    pub of: u64,
}

impl<'r> UnderlyingRow<'r> {
    fn dossier(&self) -> &'r Dossier {
        self.context.dossier
    }

    fn shown(&self, text: &'r str) -> Option<Shown<'r>> {
        (!text.is_empty()).then(|| self.pseudonyms.replace_in(text))
    }

    /// Of the finding.
    pub(crate) fn id(&self) -> String {
        finding_id(self.numbered)
    }

    pub(crate) fn file(&self) -> &'r str {
        &self.dossier().file(self.line.file).pad
    }

    pub(crate) fn aanbieder(&self) -> Agb {
        self.context.agb(self.line.aanbieder)
    }

    pub(crate) fn referentie_nummer(&self) -> Option<Shown<'r>> {
        self.shown(self.dossier().referentie(self.line))
    }

    pub(crate) fn toewijzing_nummer(&self) -> Option<Shown<'r>> {
        self.shown(self.dossier().toewijzingnummer(self.line.toewijzing_nummer))
    }

    /// What rides along in the column at this place.
    pub(crate) fn meegenomen(&self, place: usize) -> Option<Shown<'r>> {
        self.shown(self.dossier().meegenomen(self.line, place))
    }

    /// What rides along in each of these columns.
    pub(crate) fn riding(&self, of: &Meegenomen) -> Vec<Option<Shown<'r>>> {
        of.places().map(|place| self.meegenomen(place)).collect()
    }

    pub(crate) fn product_code(&self) -> Option<Shown<'r>> {
        self.shown(&self.dossier().product(self.line.product).code)
    }
}

impl Rapport<'_> {
    /// The lines under a finding, in order; none of one that is about a line.
    pub(crate) fn under<'r>(&'r self, numbered: &'r Numbered) -> Vec<UnderlyingRow<'r>> {
        self.under_with(self.pseudonyms, numbered)
    }

    /// The same with the pseudonyms of a package.
    pub(crate) fn under_with<'r>(
        &'r self,
        pseudonyms: &'r Pseudonyms,
        numbered: &'r Numbered,
    ) -> Vec<UnderlyingRow<'r>> {
        let Some(under) = numbered.bevinding.underlying() else { return Vec::new() };
        let shares = shares(self.context, &numbered.bevinding);
        let row = |(i, id): (usize, &LineId)| UnderlyingRow {
            context: self.context,
            pseudonyms,
            numbered,
            line: self.dossier().line(*id),
            share: shares.as_ref().map(|shares| shares[i]),
            of: under.count,
        };
        under.lines.iter().enumerate().map(row).collect()
    }

    /// How many lines are named under all findings.
    pub(crate) fn under_count(&self) -> usize {
        let under = self.bevindingen.iter().filter_map(|g| g.bevinding.underlying());
        under.map(|under| under.lines.len()).sum()
    }

    /// The lines under all findings, in the order of every output.
    pub(crate) fn all_under(&self) -> impl Iterator<Item = UnderlyingRow<'_>> {
        self.bevindingen.iter().flat_map(|numbered| self.under(numbered))
    }
}

/// The finding with only those lines under it that `is_own`, and whether there were others. Of a
/// finding on a jeugdige the amount is what these carry.
pub(crate) fn own_part(
    c: &AuditContext<'_>,
    numbered: &Numbered,
    is_own: impl Fn(&Declaratieregel) -> bool,
) -> (Numbered, bool) {
    let mut own = numbered.clone();
    let Some(under) = numbered.bevinding.underlying() else { return (own, false) };
    let is_own = |id: &LineId| is_own(c.dossier.line(*id));
    if under.lines.iter().all(is_own) {
        return (own, false);
    }
    let shares = shares(c, &numbered.bevinding);
    let places: Vec<usize> = (0..under.lines.len()).filter(|i| is_own(&under.lines[*i])).collect();
    let carried = |i: &usize| shares.as_ref().map(|shares| shares[*i]);
    let lines: Vec<LineId> = places.iter().map(|i| under.lines[*i]).collect();
    let part = Underlying {
        count: lines.len() as u64,
        sum: lines.iter().map(|id| c.dossier.line(*id).ingediend_bedrag).sum(),
        shares: places.iter().filter_map(carried).collect(),
        lines,
    };
    if matches!(own.bevinding.subject, Subject::Jeugdige(_)) {
        own.bevinding.bedrag = shares.is_some().then(|| part.shares.iter().copied().sum());
    }
    own.bevinding = own.bevinding.with_lines(part);
    (own, true)
}
