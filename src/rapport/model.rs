//! The one model that every format is written from.

use super::aansluiting::Aansluiting;
use super::bevindingen::{FindingRow, Numbered};
use super::meegenomen::Meegenomen;
use super::numbering;
use super::oordelen::Oordelen;
use super::pseudonym::{KeyOrigin, Pseudonyms};
use super::reacties::Reacties;
use super::tolerantie::Tolerantie;
use super::totals::Totals;
use crate::bron::{Grootboek, InputError, Ondertekening};
use crate::dossier::{Agb, Beoordeling, BevindingId, Dossier, Gemeente, Reactie, SourceFile};
use crate::ground::Shown;
use crate::poort::{Level, Melding, ProductProposal};
use crate::regelset::Regelset;
use crate::terugvordering::Terugvordering;
use crate::toetsing::{AuditContext, LineStatistics, RuleOutcome};
use crate::vergelijking::Since;
use hashbrown::HashMap;
use std::ops::Range;

/// Files that the page and the workbook name at most: of a year of messages there are many.
const MOST_FILES: usize = 1_000;

/// Everything that a rapport shows.
pub struct Rapport<'a> {
    pub context: &'a AuditContext<'a>,
    /// Counts of every rule; the findings themselves are in `bevindingen`.
    pub outcomes: Vec<RuleOutcome>,
    /// All findings, those of one rule after each other.
    pub(crate) bevindingen: Vec<Numbered>,
    /// Where those of each rule are.
    per_line: HashMap<&'static str, Range<usize>>,
    pub(crate) totals: Totals,
    pub(crate) aansluiting: Aansluiting,
    pub(crate) invoerfouten: &'a [InputError],
    pub warnings: Vec<String>,
    /// Verdicts of an earlier run.
    pub(crate) oordelen: Oordelen<'a>,
    /// What the user says may be fout or uncertain.
    pub(crate) tolerantie: Tolerantie,
    /// Who answers for the rapport, as the dossier has it.
    pub(crate) ondertekening: Ondertekening,
    /// What the ledger has, where the dossier states it.
    pub(crate) grootboek: Option<Grootboek>,
    /// Columns of the export that ride along.
    pub(crate) meegenomen: Meegenomen,
    /// SHA-256 of `controle.toml`, where there is one.
    pub(crate) settings_sha256: Option<String>,
    pub pseudonyms: &'a Pseudonyms,
    /// What the input says against itself; a rapport is made of input that stops only where the user
    /// said so.
    pub(crate) meldingen: &'a [Melding],
    /// Products that the catalogue lacks; empty where they are few.
    pub(crate) proposals: Vec<ProductProposal>,
    /// What aanbieders said of findings.
    pub(crate) reacties: Reacties,
    /// What is to come back; where the dossier holds verdicts, or what an earlier run asked
    /// back.
    pub(crate) terugvordering: Option<Terugvordering>,
    /// What changed since an earlier rapport, where the user named one.
    pub(crate) since: Option<Since>,
}

impl<'a> Rapport<'a> {
    /// The rapport of what all rules came to. Of its lines the dossier may have only those that
    /// findings are about; `counts` is of all.
    pub fn make(
        context: &'a AuditContext<'a>,
        mut outcomes: Vec<RuleOutcome>,
        counts: &LineStatistics,
        invoerfouten: &'a [InputError],
        warnings: Vec<String>,
        beoordelingen: &'a [Beoordeling],
        pseudonyms: &'a Pseudonyms,
    ) -> Rapport<'a> {
        let (mut bevindingen, per_line) = numbering::numbered(context, &mut outcomes, pseudonyms);
        let blijvend = pseudonyms.bsn_showing || pseudonyms.origin == KeyOrigin::File;
        let oordelen =
            Oordelen::apply(context, beoordelingen, &mut bevindingen, &outcomes, blijvend);
        let totals = Totals::count(context, &bevindingen, counts);
        let mut rapport = Rapport {
            context,
            outcomes,
            bevindingen,
            per_line: per_line.into_iter().collect(),
            totals,
            aansluiting: Aansluiting::make(context, counts),
            invoerfouten,
            warnings,
            oordelen,
            tolerantie: Tolerantie::default(),
            ondertekening: Ondertekening::default(),
            grootboek: None,
            meegenomen: Meegenomen::default(),
            settings_sha256: None,
            pseudonyms,
            meldingen: &[],
            proposals: Vec::new(),
            reacties: Reacties::default(),
            terugvordering: None,
            since: None,
        };
        if !beoordelingen.is_empty() || context.dossier.openstaand.is_some() {
            let claims = rapport.make_terugvordering(&counts.credits);
            rapport.oordelen.settle(&claims);
            rapport.terugvordering = Some(claims);
        }
        rapport.warnings.extend(rapport.oordelen.warnings());
        rapport
    }

    /// Puts what aanbieders said beside the findings.
    pub fn hear(&mut self, reacties: &[Reactie]) {
        self.reacties = Reacties::of(reacties, &self.bevindingen, self.pseudonyms);
        self.warnings.extend(self.reacties.warning());
        let Some(claims) = &mut self.terugvordering else { return };
        for grond in claims.vorderingen.iter_mut().flat_map(|v| &mut v.gronden) {
            let id = BevindingId::read(&grond.id);
            // A finding on a jeugdige may have been reacted to by another aanbieder.
            let own = id.filter(|_| !grond.gedeeld);
            grond.reactie = own.map_or("", |id| self.reacties.on(id.nummer)).to_owned();
        }
    }

    /// In one sentence that the user went on where the input should have stopped the run.
    pub(crate) fn despite(&self) -> Option<String> {
        let stops = self.meldingen.iter().filter(|m| m.level == Level::Stop).count();
        (stops > 0).then(|| {
            let what = if stops == 1 { "een reden was" } else { "redenen waren" };
            format!("Deze controle ging door (--toch) terwijl er {what} om te stoppen.")
        })
    }

    /// Do the findings of this rule have one cause, that is mended in one place?
    pub(crate) fn is_group(&self, code: &str) -> bool {
        self.melding_of_regel(code).is_some_and(Melding::is_of_unknown_products)
    }

    /// What the input says against this rule.
    pub(crate) fn melding_of_regel(&self, code: &str) -> Option<&'a Melding> {
        self.meldingen.iter().find(|m| m.rule == Some(code))
    }

    pub(crate) fn dossier(&self) -> &'a Dossier {
        self.context.dossier
    }

    /// The files that the page and the workbook name, tables first, and how many there are besides;
    /// the manifest names all.
    pub(crate) fn named_files(&self) -> (Vec<&'a SourceFile>, usize) {
        let files = &self.dossier().files;
        let mut named: Vec<&SourceFile> = files.iter().collect();
        let rest = named.len().saturating_sub(MOST_FILES);
        if rest > 0 {
            named.sort_by_key(|file| file.pad.to_lowercase().ends_with(".xml"));
            named.truncate(MOST_FILES);
        }
        (named, rest)
    }

    pub(crate) fn regelset(&self) -> &'a Regelset {
        self.context.regelset
    }

    /// The aanbieder's name, empty where no list has it.
    pub(crate) fn name_of_aanbieder(&self, agb: Agb) -> &'a str {
        let d = self.dossier();
        let data = d.aanbieder_nr(agb).and_then(|id| d.aanbieder(id).data.as_ref());
        data.map_or("", |g| &g.naam)
    }

    /// The gemeente's name, empty for a code that CBS never gave.
    pub(crate) fn name_of_gemeente(&self, gemeente: Gemeente) -> &'a str {
        self.regelset().gemeentecodes.name(gemeente)
    }

    /// What a rule of this run finds, in a few words.
    pub(crate) fn title_of(&self, code: &str) -> &str {
        self.outcomes.iter().find(|u| u.rule.code == code).map_or("", |u| &u.rule.title)
    }

    /// Findings of one rule, in order.
    pub(crate) fn of_regel(&self, code: &str) -> &[Numbered] {
        self.per_line.get(code).map_or(&[], |places| &self.bevindingen[places.clone()])
    }

    /// A finding with its columns.
    pub(crate) fn row<'r>(&'r self, numbered: &'r Numbered) -> FindingRow<'r> {
        FindingRow::new(self.context, self.pseudonyms, numbered)
    }

    /// All findings with their columns, in the order of every output.
    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = FindingRow<'_>> {
        self.bevindingen.iter().map(|g| self.row(g))
    }

    /// Who judged a finding, when, and what they noted; empty where it isn't judged.
    pub(crate) fn beoordeling_in_words(&self, row: &FindingRow<'_>) -> Shown<'static> {
        let Some(b) = self.oordelen.of(row.nummer()) else { return Shown::default() };
        let filled = |parts: [String; 2], between: &str| {
            let parts: Vec<String> = parts.into_iter().filter(|t| !t.is_empty()).collect();
            parts.join(between)
        };
        let [door, opmerking] =
            [&b.door, &b.opmerking].map(|text| self.pseudonyms.replace_in(text).to_string());
        let who = filled([door, b.datum.map(|d| d.to_string()).unwrap_or_default()], ", ");
        // Made of what is fit to be shown.
        Shown::unmasked(filled([who, opmerking], ": "))
    }
}
