//! From what all parts came to, to the rapport.

use super::Destination;
use super::arrow::{ArrowField, StreamError, read};
use super::header::{DossierHeader, Fingerprint};
use super::intake::{PartBuilder, missing_toewijzing, toewijzing_nr, without_state};
use super::outcomes::OutcomeReader;
use super::reading::{INPUT_ERROR, read_error};
use super::receipts::{PASS, PassReceipt, REGELTELLING, added, complete};
use super::rows::LinePosition;
use crate::audit::passes::{Outcome, Terms};
use crate::audit::reported::leave_shown;
use crate::bron::{InputError, removals};
use crate::dossier::{AnswerCounts, Dossier, LineId, RawDossier};
use crate::ground::memory::Budget;
use crate::toetsing::LineStatistics;
use crate::toetsing::{AuditRule, PassKey, decision};
use hashbrown::HashMap;
use std::io::Read;

/// All that the parts wrote for the rapport.
pub(crate) struct Gathered<'r> {
    builder: PartBuilder,
    outcomes: OutcomeReader<'r>,
    counts: LineStatistics,
    receipts: HashMap<&'static str, PassReceipt>,
    answers: Vec<AnswerCounts>,
    errors: Vec<(i64, InputError)>,
}

impl<'r> Gathered<'r> {
    /// Reads streams one after the other, each with its name for messages. The first row of the
    /// first must be the stand.
    pub(crate) fn read(
        streams: impl IntoIterator<Item = (String, Box<dyn Read>)>,
        fingerprint: &Fingerprint,
        rules: &'r [AuditRule],
        budget: Budget,
    ) -> Result<Gathered<'r>, StreamError> {
        let mut together: Option<Gathered<'r>> = None;
        for (name, stream) in streams {
            read(stream, &name, budget, |row| {
                let Some(together) = &mut together else {
                    together = Some(Gathered {
                        builder: PartBuilder::begin(&row, fingerprint)?,
                        outcomes: OutcomeReader::new(rules),
                        counts: LineStatistics::default(),
                        receipts: HashMap::new(),
                        answers: Vec::new(),
                        errors: Vec::new(),
                    });
                    return Ok(());
                };
                Destination::Merge.eis(&row)?;
                together.push(&row)
            })?;
        }
        together.ok_or_else(without_state)
    }

    fn push(&mut self, row: &super::arrow::ArrowRow<'_>) -> Result<(), StreamError> {
        match row.text(ArrowField::Soort) {
            REGELTELLING => self.counts.merge(row.content()?),
            INPUT_ERROR => {
                let file = self.builder.file(row)?;
                self.errors.push(read_error(row, file)?);
            }
            PASS => {
                let fields = PassKey::ALL.map(|v| (v.name(), v));
                let field = row.choice(ArrowField::Sleutel, &fields)?;
                let field = row.needs(ArrowField::Sleutel, field)?;
                let receipt: PassReceipt = row.content()?;
                added(self.receipts.entry(field.name()).or_default(), &receipt);
                self.answers.extend(receipt.antwoorden);
            }
            _ if self.outcomes.push(row, &mut self.builder)? => {}
            _ if self.builder.push(row)? => {}
            _ => return Err(row.unreadable(ArrowField::Soort)),
        }
        Ok(())
    }

    pub(crate) fn state(&self) -> &DossierHeader {
        &self.builder.state
    }

    /// The unreadable values of the dossier, in order.
    pub(crate) fn invoerfouten(&mut self) -> Vec<InputError> {
        let mut errors = std::mem::take(&mut self.errors);
        errors.sort_by_key(|(volgnummer, _)| *volgnummer);
        errors.into_iter().map(|(_, error)| error).collect()
    }

    /// Puts the whole together with the small tables: the dossier with the lines that the rapport
    /// shows, the outcome, and what the user should know, in Dutch sentences.
    pub(crate) fn merge(
        mut self,
        terms: &Terms<'_>,
        stamgegevens: RawDossier,
    ) -> Result<(Dossier, Outcome, Vec<String>), StreamError> {
        complete(&self.builder.state, &self.receipts, &PassKey::ALL)?;
        self.builder.drop_duplicate_lines();
        let catalogus =
            |categorie: &str, code: &str| terms.regelset.catalogusrij(categorie, code).cloned();
        let mut part = self.builder.join(stamgegevens, catalogus)?;
        let lines: HashMap<LinePosition, LineId> =
            part.places.iter().copied().zip((0..).map(LineId)).collect();
        let outcomes = self
            .outcomes
            .done(|place| lines.get(&place).copied(), |key| toewijzing_nr(&part.dossier, key))
            .ok_or_else(missing_toewijzing)?;
        // What rules over the whole dossier decide on isn't in these lines.
        let shown = std::mem::take(&mut part.dossier.lines);
        let refusals = part.linker.refusals(&mut part.dossier);
        let answers = refusals.map(|a| a.counts());
        let mut outcomes = {
            let context = terms.context(&part.dossier, part.state.kent_functies);
            decision(&context, terms.rules, outcomes)
        };
        part.dossier.lines = shown;
        part.linker.refer(&mut part.dossier);
        leave_shown(&mut part.dossier, &mut outcomes, terms.with_history);
        part.dossier.answers = answers.map(|whole| count_answers(whole, &self.answers));
        let back = part.state.withdrawn(&mut part.dossier.toewijzingnummers);
        self.counts.startstop_faults.merge(&removals(&back));
        let outcome = Outcome { outcomes, counts: self.counts };
        Ok((part.dossier, outcome, part.state.waarschuwingen))
    }
}

/// What came of all answers: of what `whole` doesn't find without any line, each part found some.
fn count_answers(whole: AnswerCounts, parts: &[AnswerCounts]) -> AnswerCounts {
    let found = |count: fn(&AnswerCounts) -> u64| -> u64 {
        parts.iter().map(|part| count(&whole) - count(part)).sum()
    };
    AnswerCounts {
        zonder_declaratie: whole.zonder_declaratie - found(|a| a.zonder_declaratie),
        zonder_regel: whole.zonder_regel - found(|a| a.zonder_regel),
        ..whole
    }
}
