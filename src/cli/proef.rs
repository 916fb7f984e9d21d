//! `controleer --proef`: what would be read, and how, without a rapport.

use super::ExitStatus;
use super::message::{folded, printable, show as print};
use super::progress::ProgressDisplay;
use super::stop::CommandError;
use crate::audit::{Audit, UnderstoodRow, Workspace};
use crate::dossier::{SourceFile, Thousands};
use crate::poort::{Level, Melding};
use crate::rapport::{CheckFigure, Pseudonyms, Rapport};
use std::fmt::Write;

/// Rows of each file that are shown as they were understood.
const ROWS_TO_SHOW: usize = 5;

/// Runs the audit and shows the gate, the control totals, the mapping and the first rows.
pub(super) fn show(mut audit: Audit, quiet: bool) -> Result<ExitStatus, CommandError> {
    let pseudonyms = &Pseudonyms::eenmalig(false);
    let progress = ProgressDisplay::new(quiet);
    // Everything stays in memory: nothing is written, not even for a while.
    let workspace = Workspace { folder: None };
    audit.rows_to_show = ROWS_TO_SHOW;
    let mut audited =
        audit.run(workspace, false, &progress.listen()).inspect_err(|_| progress.done())?;
    progress.done();
    let outcomes = std::mem::take(&mut audited.outcomes);
    let warnings = std::mem::take(&mut audited.joined.warnings);
    let joined = &audited.joined;
    let context = joined.context(audited.jaar);
    let rapport = Rapport::make(
        &context,
        outcomes,
        &audited.counts,
        &joined.errors,
        warnings,
        &joined.beoordelingen,
        pseudonyms,
    );
    let mut out = meldingen(&audited.meldingen);
    for warning in &rapport.warnings {
        out += &folded(warning, "Let op: ", 2);
    }
    let _ = writeln!(
        out,
        "\nProef van {} onder regelset {}: er is niets geschreven.",
        audited.jaar,
        rapport.regelset().name
    );
    out += &files(&joined.dossier.files);
    out += "\nControletotalen\n";
    for total in rapport.controletotalen() {
        let text = |f: CheckFigure| match f {
            CheckFigure::Count(n) => Thousands(n).to_string(),
            CheckFigure::Bedrag(bedrag) => bedrag.to_string(),
        };
        let close = if total.close() { "sluit aan" } else { "SLUIT NIET AAN" };
        let figure = text(total.right);
        out += &folded(&format!("{}: {figure} ({close})", total.what), "  ", 4);
    }
    out += &rows(&audited.first_rows, &joined.dossier.files, pseudonyms);
    let stands = "een proef schrijft niets".to_owned();
    print(&printable(&out)).map_err(|e| CommandError::Screen(e, stands))?;
    let stops = audited.meldingen.iter().any(|m| m.level == Level::Stop);
    Ok(if stops { ExitStatus::Input } else { ExitStatus::Done })
}

/// What the gate says, a line each.
pub(super) fn meldingen(meldingen: &[Melding]) -> String {
    let line = |m: &Melding| folded(&m.short_sentence(), &format!("{}: ", m.level.title()), 2);
    let lines = meldingen.iter().map(line);
    lines.collect()
}

/// Each file with its control totals.
pub(super) fn files(files: &[SourceFile]) -> String {
    let mut out = "\nBestanden\n".to_owned();
    for f in files {
        let n = |n: u64| Thousands(n).to_string();
        let mut text = format!(
            "{} ({}): {} gelezen = {} aanvaard + {} afgekeurd",
            f.pad,
            f.soort,
            n(f.gelezen),
            n(f.aanvaard),
            n(f.afgekeurd)
        );
        if f.debet.0 != 0 || f.credit.0 != 0 {
            text += &format!("; debet {}, credit {}", f.debet, f.credit);
        }
        out += &folded(&text, "  ", 4);
        for (header, kolom) in &f.mapping {
            out += &folded(&format!("kolom {header} gelezen als {kolom}"), "    ", 6);
        }
    }
    out
}

/// The first rows as they were understood; a child by its pseudonym.
pub(super) fn rows(
    rows: &[UnderstoodRow],
    files: &[SourceFile],
    pseudonyms: &Pseudonyms,
) -> String {
    let mut out = String::new();
    for of_file in rows.chunk_by(|a, b| a.file == b.file) {
        let file = files.get(of_file[0].file.place()).map_or("", |f| &f.pad);
        let _ = writeln!(out, "\nZo zijn de eerste rijen van {file} begrepen");
        for row in of_file {
            let jeugdige = pseudonyms.jeugdige(row.bsn).unwrap_or_default();
            let cells = row.cells.iter().filter(|(_, value)| !value.is_empty());
            let cells =
                cells.map(|(name, value)| format!("{name} {}", pseudonyms.replace_in(value)));
            let cells: Vec<String> = cells.collect();
            let begin = format!("  regel {}: ", row.line_number);
            out += &folded(&format!("jeugdige {jeugdige}; {}", cells.join("; ")), &begin, 4);
        }
    }
    out
}
