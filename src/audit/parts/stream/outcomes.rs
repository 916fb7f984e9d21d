//! What rules came to, as rows of a stream: findings, counts and sums.

use super::Destination;
use super::arrow::{ArrowField, ArrowRow, NewRow, RowWriter, StreamError};
use super::intake::{PartBuilder, ToewijzingKey};
use super::rows::{LinePosition, bsn, read_bsn, word};
use crate::dossier::Ernst;
use crate::dossier::{Bsn, Cent, Dossier, FileId, Gemeente, LineId, ToewijzingId};
use crate::toetsing::{
    AuditRule, Bevinding, Kept, KeyedLines, Measure, Outcomes, RankedLine, Reason, RuleOutcome,
    Selection, Subject, TopLines, Underlying,
};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::io::{self, Write};
use std::sync::Arc;

/// Kinds of rows.
pub(crate) const BEVINDING: &str = "bevinding";
pub(crate) const OUTCOME: &str = "uitkomst";

/// Kinds of subject of a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AboutRow {
    Line,
    Toewijzing,
    Jeugdige,
    Aanbieder,
    Gemeente,
    AanbiederInGemeente,
    Bericht,
    Dossier,
}

const SUBJECTS: [(&str, AboutRow); 8] = [
    ("regel", AboutRow::Line),
    ("toewijzing", AboutRow::Toewijzing),
    ("jeugdige", AboutRow::Jeugdige),
    ("aanbieder", AboutRow::Aanbieder),
    ("gemeente", AboutRow::Gemeente),
    ("aanbieder in gemeente", AboutRow::AanbiederInGemeente),
    ("bericht", AboutRow::Bericht),
    ("dossier", AboutRow::Dossier),
];

/// Kinds of measure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MeasureKind {
    Money,
    Count,
}

const MEASURES: [(&str, MeasureKind); 2] =
    [("geld", MeasureKind::Money), ("aantal", MeasureKind::Count)];

/// What one rule came to on one part, but for its findings.
#[derive(Serialize, Deserialize)]
struct OutcomeCounts {
    getoetst: u64,
    niet_toetsbaar: Vec<(Reason, u64)>,
    sommen: Vec<((u32, u32), [i64; 4])>,
    /// The lines under what it may come to, by the keys of the sums.
    regels: Vec<((u32, u32), LinesRow)>,
    mislukt: Option<String>,
}

/// Lines under what a rule over all lines may come to: each by its file, its place there, its amount
/// and what orders equal amounts.
#[derive(Serialize, Deserialize)]
struct LinesRow {
    alle: bool,
    aantal: u64,
    som: i64,
    regels: Vec<(u32, u32, i64, u64)>,
}

/// Lines under a finding: each by its file and its place there.
#[derive(Serialize, Deserialize)]
struct UnderlyingRow {
    aantal: u64,
    som: i64,
    regels: Vec<(u32, u32)>,
    /// What each carries, where the rule says so itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aandelen: Vec<i64>,
}

impl UnderlyingRow {
    fn of(under: &Underlying, places: &[LinePosition]) -> UnderlyingRow {
        let place = |id: &LineId| {
            let (file, volgnummer) = places[id.0 as usize];
            (file.0, volgnummer)
        };
        UnderlyingRow {
            aantal: under.count,
            som: under.sum.0,
            regels: under.lines.iter().map(place).collect(),
            aandelen: under.shares.iter().map(|c| c.0).collect(),
        }
    }

    /// With the numbers that `line` gives; `None` where a line isn't there.
    fn read(self, line: &impl Fn(LinePosition) -> Option<LineId>) -> Option<Underlying> {
        let place = |(file, volgnummer)| line((FileId(file), volgnummer));
        Some(Underlying {
            count: self.aantal,
            sum: Cent(self.som),
            lines: self.regels.into_iter().map(place).collect::<Option<_>>()?,
            shares: self.aandelen.into_iter().map(Cent).collect(),
        })
    }
}

/// The lines under what a rule may come to, by the keys of its sums.
fn keyed_lines(lines: &mut KeyedLines, places: &[LinePosition]) -> Vec<((u32, u32), LinesRow)> {
    let row = |l: &RankedLine| {
        let (file, volgnummer) = places[l.id.0 as usize];
        (file.0, volgnummer, l.amount.0.0, l.tie)
    };
    let of_key = |(key, top): ((u32, u32), &mut TopLines)| {
        let regels = top.lines().iter().map(row).collect();
        let alle = top.kept == Kept::All;
        (key, LinesRow { alle, aantal: top.count, som: top.sum.0, regels })
    };
    lines.all().map(of_key).collect()
}

/// With the numbers that `line` gives; `None` where a line isn't there.
fn read_lines(row: LinesRow, line: &impl Fn(LinePosition) -> Option<LineId>) -> Option<TopLines> {
    let ranked = |(file, volgnummer, bedrag, tie)| {
        let id = line((FileId(file), volgnummer))?;
        Some(RankedLine { amount: Reverse(Cent(bedrag)), tie, number: id.0, id })
    };
    let lines = row.regels.into_iter().map(ranked).collect::<Option<Vec<_>>>()?;
    let kept = if row.alle { Kept::All } else { Kept::Largest };
    Some(TopLines::of(kept, row.aantal, Cent(row.som), lines))
}

/// Writes what rules came to on a part whose lines have these places.
pub(crate) fn write_outcomes(
    outcomes: &mut [RuleOutcome],
    dossier: &Dossier,
    places: &[LinePosition],
    out: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    for RuleOutcome { rule, outcomes, failed } in outcomes {
        let content = serde_json::to_string(&OutcomeCounts {
            getoetst: outcomes.tested,
            niet_toetsbaar: outcomes.not_testable.clone(),
            sommen: outcomes.sums.all().collect(),
            regels: keyed_lines(&mut outcomes.lines, places),
            mislukt: failed.clone(),
        })?;
        out.row(|row| {
            row.text(ArrowField::Doel, Destination::Merge.name())
                .text(ArrowField::Soort, OUTCOME)
                .text(ArrowField::Regel, rule.code)
                .text(ArrowField::Inhoud, &content);
        })?;
        for bevinding in &outcomes.bevindingen {
            let under = bevinding.underlying().map(|under| UnderlyingRow::of(under, places));
            let under = under.map(|under| serde_json::to_string(&under)).transpose()?;
            out.row(|row| {
                row.text(ArrowField::Doel, Destination::Merge.name())
                    .text(ArrowField::Soort, BEVINDING)
                    .text(ArrowField::Regel, rule.code)
                    .text(ArrowField::Inhoud, under.as_deref().unwrap_or_default());
                write_bevinding(row, bevinding, dossier, places);
            })?;
        }
    }
    Ok(())
}

fn write_bevinding(row: &mut NewRow<'_>, b: &Bevinding, d: &Dossier, places: &[LinePosition]) {
    let agb = |id| d.aanbieder(id).agb.to_string();
    let over = match b.subject {
        Subject::Line(id) => {
            let (file, volgnummer) = places[id.0 as usize];
            row.text(ArrowField::Bestand, &d.file(file).pad)
                .number(ArrowField::Volgnummer, i64::from(volgnummer));
            AboutRow::Line
        }
        Subject::Toewijzing(id) => {
            let t = d.toewijzing(id);
            row.text(ArrowField::Gemeente, &t.gemeente.to_string())
                .text(ArrowField::ToewijzingNummer, d.toewijzingnummer(t.nummer));
            AboutRow::Toewijzing
        }
        Subject::Jeugdige(kind) => {
            row.text(ArrowField::Bsn, &bsn(kind));
            AboutRow::Jeugdige
        }
        Subject::Aanbieder(id) => {
            row.text(ArrowField::Aanbieder, &agb(id));
            AboutRow::Aanbieder
        }
        Subject::Gemeente(gemeente) => {
            row.text(ArrowField::Gemeente, &gemeente.to_string());
            AboutRow::Gemeente
        }
        Subject::AanbiederInGemeente(id, gemeente) => {
            row.text(ArrowField::Aanbieder, &agb(id))
                .text(ArrowField::Gemeente, &gemeente.to_string());
            AboutRow::AanbiederInGemeente
        }
        // All parts have the same messages.
        Subject::Declaratiebericht(id) => {
            row.number(ArrowField::Volgnummer, i64::from(id));
            AboutRow::Bericht
        }
        Subject::Dossier => AboutRow::Dossier,
    };
    let measure = match b.measure {
        None => "",
        Some(Measure::Money { measured, limit }) => {
            row.number(ArrowField::Gemeten, measured.0).number(ArrowField::Grens, limit.0);
            word(&MEASURES, MeasureKind::Money)
        }
        Some(Measure::Count { measured, limit }) => {
            row.number(ArrowField::Gemeten, measured).number(ArrowField::Grens, limit);
            word(&MEASURES, MeasureKind::Count)
        }
    };
    row.text(ArrowField::Ernst, b.ernst.name())
        .text(ArrowField::Onderwerp, word(&SUBJECTS, over))
        .number(ArrowField::BedragInGeding, b.bedrag.map(|c| c.0))
        .text(ArrowField::Maat, measure)
        .text(ArrowField::Gevonden, &b.found)
        .text(ArrowField::Verwacht, &b.expected)
        .text(ArrowField::Toelichting, &b.toelichting)
        .text(ArrowField::Bron, &b.source);
}

/// What a finding is about, before the lines and toewijzingen have their numbers.
enum Unresolved {
    Line(LinePosition),
    Toewijzing(ToewijzingKey),
    Resolved(Subject),
}

/// The outcomes of all parts, as they come in.
pub(crate) struct OutcomeReader<'r> {
    rules: HashMap<&'static str, &'r AuditRule>,
    outcomes: HashMap<&'static str, RuleOutcome>,
    bevindingen: Vec<(&'static str, Unresolved, Option<UnderlyingRow>, Bevinding)>,
    lines: Vec<(&'static str, (u32, u32), LinesRow)>,
    /// Sources come back with every finding of a rule: each is kept once.
    sources: HashMap<String, Arc<str>>,
}

impl<'r> OutcomeReader<'r> {
    pub(crate) fn new(rules: &'r [AuditRule]) -> OutcomeReader<'r> {
        OutcomeReader {
            rules: rules.iter().map(|r| (r.code, r)).collect(),
            outcomes: HashMap::new(),
            bevindingen: Vec::new(),
            lines: Vec::new(),
            sources: HashMap::new(),
        }
    }

    /// Takes up a row of a kind that holds an outcome; `false` for another kind.
    pub(crate) fn push(
        &mut self,
        row: &ArrowRow<'_>,
        builder: &mut PartBuilder,
    ) -> Result<bool, StreamError> {
        let kind = row.text(ArrowField::Soort);
        if ![OUTCOME, BEVINDING].contains(&kind) {
            return Ok(false);
        }
        let rule =
            row.needs(ArrowField::Regel, self.rules.get(row.text(ArrowField::Regel)).copied())?;
        if kind == BEVINDING {
            let (subject, bevinding) = self.read_bevinding(row, builder)?;
            let has_lines = !row.text(ArrowField::Inhoud).is_empty();
            let under = has_lines.then(|| row.content()).transpose()?;
            self.bevindingen.push((rule.code, subject, under, bevinding));
            return Ok(true);
        }
        let counts: OutcomeCounts = row.content()?;
        let whole = self.outcomes.entry(rule.code).or_insert_with(|| RuleOutcome {
            rule: rule.clone(),
            outcomes: Outcomes::default(),
            failed: None,
        });
        whole.failed = whole.failed.take().or(counts.mislukt);
        let outcomes = &mut whole.outcomes;
        outcomes.tested += counts.getoetst;
        for (reason, count) in counts.niet_toetsbaar {
            outcomes.not_testable_times(reason, count);
        }
        for (key, sum) in counts.sommen {
            outcomes.sums.count(key, sum);
        }
        self.lines.extend(counts.regels.into_iter().map(|(key, lines)| (rule.code, key, lines)));
        Ok(true)
    }

    fn read_bevinding(
        &mut self,
        row: &ArrowRow<'_>,
        builder: &mut PartBuilder,
    ) -> Result<(Unresolved, Bevinding), StreamError> {
        let over = row.choice(ArrowField::Onderwerp, &SUBJECTS)?;
        let gemeente = |row: &ArrowRow<'_>| {
            let gemeente = row.code(ArrowField::Gemeente)?.map(Gemeente);
            row.needs(ArrowField::Gemeente, gemeente)
        };
        let volgnummer = |row: &ArrowRow<'_>| {
            let volgnummer = row.count(ArrowField::Volgnummer)?;
            row.needs(ArrowField::Volgnummer, volgnummer)
        };
        let subject = match row.needs(ArrowField::Onderwerp, over)? {
            AboutRow::Line => Unresolved::Line((builder.file(row)?, volgnummer(row)?)),
            AboutRow::Toewijzing => Unresolved::Toewijzing(builder.toewijzing(row)?),
            AboutRow::Jeugdige => Unresolved::Resolved(Subject::Jeugdige(read_bsn(row)?)),
            AboutRow::Aanbieder => {
                Unresolved::Resolved(Subject::Aanbieder(builder.aanbieder(row)?))
            }
            AboutRow::Gemeente => Unresolved::Resolved(Subject::Gemeente(gemeente(row)?)),
            AboutRow::AanbiederInGemeente => Unresolved::Resolved(Subject::AanbiederInGemeente(
                builder.aanbieder(row)?,
                gemeente(row)?,
            )),
            AboutRow::Bericht => Unresolved::Resolved(Subject::Declaratiebericht(volgnummer(row)?)),
            AboutRow::Dossier => Unresolved::Resolved(Subject::Dossier),
        };
        let (measured, limit) = (row.number(ArrowField::Gemeten), row.number(ArrowField::Grens));
        let measure = row.choice(ArrowField::Maat, &MEASURES)?.map(|kind| {
            let (measured, limit) =
                (row.needs(ArrowField::Gemeten, measured)?, row.needs(ArrowField::Grens, limit)?);
            Ok(match kind {
                MeasureKind::Money => {
                    Measure::Money { measured: Cent(measured), limit: Cent(limit) }
                }
                MeasureKind::Count => Measure::Count { measured, limit },
            })
        });
        let ernst = row.choice(ArrowField::Ernst, &Ernst::choices())?;
        let source = self.sources.entry_ref(row.text(ArrowField::Bron));
        let source = Arc::clone(source.or_insert_with(|| row.text(ArrowField::Bron).into()));
        let text = |field| row.text(field).to_owned().into();
        let bevinding = Bevinding {
            ernst: row.needs(ArrowField::Ernst, ernst)?,
            // Filled in once the lines and toewijzingen have their numbers.
            subject: Subject::Jeugdige(Bsn::NONE),
            bedrag: row.number(ArrowField::BedragInGeding).map(Cent),
            measure: measure.transpose()?,
            found: text(ArrowField::Gevonden),
            expected: text(ArrowField::Verwacht),
            toelichting: text(ArrowField::Toelichting),
            selection: None,
            source,
        };
        Ok((subject, bevinding))
    }

    /// The outcomes, with findings that name what `line` and `toewijzing` give; `None` where one is
    /// about a line or toewijzing that isn't there.
    pub(crate) fn done(
        mut self,
        line: impl Fn(LinePosition) -> Option<LineId>,
        toewijzing: impl Fn(ToewijzingKey) -> Option<ToewijzingId>,
    ) -> Option<Vec<RuleOutcome>> {
        for (code, key, lines) in self.lines {
            let lines = read_lines(lines, &line)?;
            self.outcomes.get_mut(code)?.outcomes.lines.add(key, lines);
        }
        for (code, onbepaald, under, mut bevinding) in self.bevindingen {
            bevinding.subject = match onbepaald {
                Unresolved::Line(place) => Subject::Line(line(place)?),
                Unresolved::Toewijzing(key) => Subject::Toewijzing(toewijzing(key)?),
                Unresolved::Resolved(subject) => subject,
            };
            if let Some(under) = under {
                bevinding = bevinding.on(Selection::Found(under.read(&line)?));
            }
            self.outcomes.get_mut(code)?.outcomes.bevinding(bevinding);
        }
        Some(self.outcomes.into_values().collect())
    }
}
