//! The steps before the passes: every file read by itself, and what all files together come to.

use super::arrow::{ArrowField, ArrowRow, RowWriter, StreamError, read};
use super::header::{DossierHeader, Fingerprint, Withdrawal};
use super::rows::{RowOrigin, write_line, write_startstop, write_versie};
use super::{Destination, StepError};
use crate::bron::{
    BerichtError, Consequence, FileReading, FileReport, InputError, Inventory, Mended, ParseError,
    ReadOptions, SourceError,
};
use crate::dossier::{
    Agb, DeclaratieAnswer, Declaratiebericht, FileId, FileKind, Kolom, RawDossier, SourceFile,
};
use crate::ground::masked;
use crate::ground::memory::Budget;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{self, Read, Write};

/// Kinds of rows of these steps.
const TO_READ: &str = "te lezen";
const FILE: &str = "bestand";
pub(crate) const INPUT_ERROR: &str = "invoerfout";
/// Kinds of rows that the passes take.
pub(crate) const DECLARATIE: &str = "declaratie";
pub(crate) const TOEWIJZING: &str = "toewijzing";
pub(crate) const AANBIEDER: &str = "aanbieder";

/// What one file came to besides its rows.
#[derive(Serialize, Deserialize)]
enum FileOutcome {
    Gelezen(Box<ReadingReport>),
    /// The file can't be audited: what is wrong, and what to do about it.
    Onbruikbaar {
        tekst: String,
        raad: String,
    },
}

#[derive(Serialize, Deserialize)]
struct ReadingReport {
    bestand: SourceFile,
    waarschuwingen: Vec<String>,
    hersteld: Vec<Mended>,
    agbs: Vec<Agb>,
    producten: Vec<(String, String)>,
    kent_functies: bool,
    /// Why the message is refused: whole, and short.
    geweigerd: Option<(String, String)>,
    bericht: Option<[String; 3]>,
    declaratiebericht: Option<Declaratiebericht>,
    antwoord: Option<DeclaratieAnswer>,
    teruggenomen: Vec<Withdrawal>,
}

/// An unreadable value, in the words of the process that read the file.
#[derive(Serialize, Deserialize)]
struct ReadError {
    kolom: Option<Kolom>,
    waarde: Box<str>,
    reden: Box<str>,
    gevolg: Consequence,
}

/// Writes which files are to be read.
pub(crate) fn write_inventory(inventory: &Inventory, out: impl Write) -> io::Result<()> {
    let mut out = RowWriter::new(out)?;
    for task in inventory.taken() {
        out.row(|row| {
            row.text(ArrowField::Doel, Destination::File.name())
                .text(ArrowField::Soort, TO_READ)
                .text(ArrowField::Sleutel, &task.file)
                .text(ArrowField::Bestand, &task.file)
                .number(ArrowField::Bytes, i64::try_from(task.bytes).ok());
        })?;
    }
    out.close()
}

/// Reads the files that the stream names, and writes their rows and what came of them.
pub(crate) fn read_files(
    inventory: &Inventory,
    options: &ReadOptions,
    of: impl Read,
    out: impl Write,
) -> Result<(), StepError> {
    let mut files = Vec::new();
    read(of, "stdin", options.mode.budget, |row| {
        Destination::File.eis(&row)?;
        match row.text(ArrowField::Soort) {
            TO_READ => files.push(row.text(ArrowField::Bestand).to_owned()),
            _ => return Err(row.unreadable(ArrowField::Soort)),
        }
        Ok(())
    })?;
    let mut out = RowWriter::new(out)?;
    for file in files {
        match inventory.read(&file, options) {
            Ok(reading) => write_reading(reading, &mut out)?,
            // Another attempt may find the file whole; what is in it stays wrong.
            Err(error @ (SourceError::Unreadable { .. } | SourceError::Changed { .. })) => {
                return Err(error.into());
            }
            Err(error) => {
                let [text, advice] =
                    [error.to_string(), error.advice()].map(|t| masked(&t).into_owned());
                write_outcome(
                    &file,
                    &FileOutcome::Onbruikbaar { tekst: text, raad: advice },
                    &mut out,
                )?;
            }
        }
    }
    Ok(out.close()?)
}

fn write_outcome(
    file: &str,
    outcome: &FileOutcome,
    out: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    let content = serde_json::to_string(outcome)?;
    out.row(|row| {
        row.text(ArrowField::Doel, Destination::Dossier.name())
            .text(ArrowField::Soort, FILE)
            .text(ArrowField::Bestand, file)
            .text(ArrowField::Inhoud, &content);
    })
}

fn write_error(
    target: Destination,
    file: &str,
    volgnummer: usize,
    error: &InputError,
    out: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    let content = serde_json::to_string(&ReadError {
        kolom: error.kolom,
        waarde: error.value.clone(),
        reden: error.reason.to_string().into(),
        gevolg: error.consequence,
    })?;
    out.row(|row| {
        row.text(ArrowField::Doel, target.name())
            .text(ArrowField::Soort, INPUT_ERROR)
            .text(ArrowField::Bestand, file)
            .number(ArrowField::Regelnummer, i64::from(error.line_number))
            .number(ArrowField::Volgnummer, volgnummer as i64)
            .text(ArrowField::Inhoud, &content);
    })
}

/// An unreadable value that [`write_error`] wrote, of a file with this number.
pub(crate) fn read_error(
    row: &ArrowRow<'_>,
    file: FileId,
) -> Result<(i64, InputError), StreamError> {
    let error: ReadError = row.content()?;
    let line_number = row.count(ArrowField::Regelnummer)?;
    let volgnummer = row.needs(ArrowField::Volgnummer, row.number(ArrowField::Volgnummer))?;
    let error = InputError {
        file,
        line_number: row.needs(ArrowField::Regelnummer, line_number)?,
        kolom: error.kolom,
        value: error.waarde,
        reason: ParseError::TakenOver(error.reden),
        consequence: error.gevolg,
    };
    Ok((volgnummer, error))
}

/// Writes the rows of one file for the passes, and what came of the file.
fn write_reading(reading: FileReading, out: &mut RowWriter<impl Write>) -> io::Result<()> {
    let FileReading { report, mut rows, withdrawn: back } = reading;
    let path = report.file.pad.clone();
    rows.files = vec![report.file.clone()];
    let origin = RowOrigin {
        files: &rows.files,
        toewijzingnummers: &rows.toewijzingnummers,
        words: &rows.words,
    };
    for (i, versie) in rows.versies.iter().enumerate() {
        out.row(|row| {
            row.text(ArrowField::Doel, Destination::TOEWIJZING.name())
                .text(ArrowField::Soort, TOEWIJZING)
                .text(ArrowField::Sleutel, rows.toewijzingnummers.get(versie.versie.nummer));
            write_versie(row, &origin, versie, i as u32);
        })?;
    }
    for (i, s) in rows.startstop.iter().flatten().enumerate() {
        let per_aanbieder = (Destination::AANBIEDER, s.aanbieder.to_string());
        let per_toewijzing =
            (Destination::TOEWIJZING, origin.toewijzingnummers.get(s.toewijzing_nummer).to_owned());
        for (target, key) in [per_aanbieder, per_toewijzing] {
            out.row(|row| {
                row.text(ArrowField::Doel, target.name()).text(ArrowField::Sleutel, &key);
                write_startstop(row, &origin, s, i as u32);
            })?;
        }
    }
    let producten = std::mem::take(&mut rows.producten);
    let knows_functies = rows.lines.iter().any(|r| !r.functie.is_empty());
    let declaratiebericht = rows.declaratieberichten.as_mut().and_then(Vec::pop);
    let answer = rows.answers.as_mut().and_then(Vec::pop);
    for (i, error) in report.errors.iter().enumerate() {
        write_error(Destination::Dossier, &path, i, error, out)?;
    }
    let outcome = FileOutcome::Gelezen(Box::new(ReadingReport {
        bestand: report.file,
        waarschuwingen: report.warnings,
        hersteld: report.mended,
        agbs: report.agbs,
        producten: producten.clone(),
        kent_functies: knows_functies,
        geweigerd: report.refused.map(|error| (error.to_string(), error.short())),
        bericht: report.bericht,
        declaratiebericht,
        antwoord: answer,
        teruggenomen: back.iter().map(|s| Withdrawal::of(s, &rows.toewijzingnummers)).collect(),
    }));
    write_outcome(&path, &outcome, out)?;
    let only_lines = RawDossier { versies: Vec::new(), startstop: None, producten, ..rows };
    let (mut dossier, linker) = only_lines.join(|_, _| None);
    linker.refer(&mut dossier);
    for (i, r) in dossier.lines.iter().enumerate() {
        out.row(|row| {
            row.text(ArrowField::Doel, Destination::AANBIEDER.name())
                .text(ArrowField::Soort, DECLARATIE)
                .text(ArrowField::Sleutel, &dossier.aanbieder(r.aanbieder).agb.to_string());
            write_line(row, &dossier, r, i as u32);
        })?;
    }
    Ok(())
}

/// Unreadable values of a file, each with its place among them.
type FileErrors = Vec<(i64, InputError)>;

/// What came of each file, by path, and its unreadable values.
type FileOutcomes = (Vec<(String, FileOutcome)>, HashMap<String, FileErrors>);

fn read_outcomes(of: impl Read, budget: Budget) -> Result<FileOutcomes, StreamError> {
    let mut outcomes: Vec<(String, FileOutcome)> = Vec::new();
    let mut errors: HashMap<String, FileErrors> = HashMap::new();
    read(of, "stdin", budget, |row| {
        Destination::Dossier.eis(&row)?;
        let file = row.text(ArrowField::Bestand).to_owned();
        match row.text(ArrowField::Soort) {
            FILE => outcomes.push((file, row.content()?)),
            INPUT_ERROR => {
                errors.entry(file).or_default().push(read_error(&row, FileId(0))?);
            }
            _ => return Err(row.unreadable(ArrowField::Soort)),
        }
        Ok(())
    })?;
    Ok((outcomes, errors))
}

/// What a file came to, for all files together; what only the parts need stays.
fn file_report(v: &mut ReadingReport, mut errors: FileErrors) -> FileReport {
    errors.sort_by_key(|(volgnummer, _)| *volgnummer);
    FileReport {
        file: v.bestand.clone(),
        errors: errors.into_iter().map(|(_, error)| error).collect(),
        warnings: std::mem::take(&mut v.waarschuwingen),
        mended: std::mem::take(&mut v.hersteld),
        agbs: std::mem::take(&mut v.agbs),
        refused: v.geweigerd.take().map(|(text, short)| BerichtError::TakenOver { text, short }),
        bericht: v.bericht.take(),
    }
}

/// What all files together come to, from what came of each: writes what every part must know, the
/// aanbieders for the first pass, and the unreadable values for the rapport.
pub(crate) fn summarise(
    inventory: Inventory,
    options: &ReadOptions,
    fingerprint: Fingerprint,
    of: impl Read,
    out: impl Write,
) -> Result<(), StepError> {
    let (outcomes, mut errors) = read_outcomes(of, options.mode.budget)?;
    let mut reports = Vec::with_capacity(outcomes.len());
    let mut what_stays: HashMap<String, ReadingReport> = HashMap::new();
    for (path, outcome) in outcomes {
        let report = match outcome {
            FileOutcome::Onbruikbaar { tekst: text, raad: advice } => {
                Err(SourceError::TakenOver { text, advice })
            }
            FileOutcome::Gelezen(mut v) => {
                let report = file_report(&mut v, errors.remove(&path).unwrap_or_default());
                what_stays.insert(path.clone(), *v);
                Ok(report)
            }
        };
        reports.push((path, report));
    }
    let whole = inventory.whole(options, reports)?;
    let mut state = DossierHeader {
        kenmerk: fingerprint,
        bestanden: whole.files,
        geweigerd: whole.refused,
        agbs: whole.agbs,
        producten: Vec::new(),
        kent_functies: false,
        startstop: false,
        teruggenomen: Vec::new(),
        berichten: None,
        antwoorden: None,
        waarschuwingen: whole.warnings,
    };
    let mut producten = BTreeSet::new();
    for (i, (file, refused)) in state.bestanden.iter().zip(&state.geweigerd).enumerate() {
        let Some(v) = what_stays.remove(&file.pad).filter(|_| !refused) else { continue };
        producten.extend(v.producten);
        state.kent_functies |= v.kent_functies;
        state.startstop |= file.soort == FileKind::Startstop;
        state.teruggenomen.extend(v.teruggenomen);
        if let Some(bericht) = v.declaratiebericht {
            let file = FileId::new(i);
            let bericht = Declaratiebericht { bestand: file, ..bericht };
            state.berichten.get_or_insert_default().push(bericht);
        }
        if let Some(answer) = v.antwoord {
            state.antwoorden.get_or_insert_default().push(answer);
        }
    }
    let limit = usize::from(u16::MAX);
    if producten.len() > limit {
        return Err(SourceError::TooMany { limit, what: "verschillende producten" }.into());
    }
    state.producten = producten.into_iter().collect();
    let mut out = RowWriter::new(out)?;
    state.write(&mut out)?;
    for agb in state.agbs.iter().map(Agb::to_string) {
        out.row(|row| {
            row.text(ArrowField::Doel, Destination::AANBIEDER.name())
                .text(ArrowField::Soort, AANBIEDER)
                .text(ArrowField::Sleutel, &agb)
                .text(ArrowField::Aanbieder, &agb);
        })?;
    }
    for (i, error) in whole.errors.iter().enumerate() {
        let path = &state.bestanden[error.file.place()].pad;
        write_error(Destination::Merge, path, i, error, &mut out)?;
    }
    Ok(out.close()?)
}
