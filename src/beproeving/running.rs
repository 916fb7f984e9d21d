//! Running a rule on one case.

use super::case::Case;
use super::outcome;
use super::tables;
use crate::audit::{AuditError, Setup, Spec, run_whole};
use crate::bron::ReadDossier;
use crate::dossier::{Agb, Cent, Dag, Declaratiebericht, FaultSet, FileId, Gemeente};
use crate::regelset::Regelset;
use crate::toetsing::{AuditContext, AuditRule, RuleOutcome};
use rust_decimal::Decimal;
use std::fs;
use tables::{BERICHTEN, InputRow};

/// Runs one rule on one case. `look` may look at more than the case says.
///
/// # Errors
/// How the outcome differs from what the case says, in lines for a person; or why the case can't be
/// run.
pub fn run(
    case: &Case,
    rule: &AuditRule,
    regelset: &Regelset,
    look: impl FnOnce(&AuditContext<'_>, &RuleOutcome) -> Result<(), String>,
) -> Result<(), String> {
    let (jaar, niveau) = (case.settings.leverjaar, case.settings.niveau);
    if !regelset.applies_to(jaar) {
        return Err(format!("  regelset {} geldt niet voor leverjaar {jaar}\n", regelset.name));
    }
    if regelset.rule(rule.code).is_none() {
        return Err(format!("  regelset {} heeft deze regel niet\n", regelset.name));
    }
    let dir = tempfile::tempdir().map_err(|e| format!("  geen plaats voor een dossier: {e}\n"))?;
    for (name, csv) in case.files().map_err(|f| format!("  regel {}: {}\n", f.line, f.what))? {
        fs::write(dir.path().join(format!("{name}.csv")), csv)
            .map_err(|e| format!("  {name}.csv kan niet geschreven worden: {e}\n"))?;
    }
    let spec = Spec {
        max_rejected: Decimal::ONE_HUNDRED,
        without_toewijzingen: true,
        ..Spec::new(dir.path())
    };
    let setup = Setup::under(&spec, regelset.clone()).map_err(told)?;
    let mut read = setup.read(&|_| {}).map_err(told)?;
    is_as_written(case, &read)?;
    if let Some(rows) = case.rows.get(BERICHTEN) {
        add_berichten(&mut read, rows)?;
    }
    let joined = setup.join(read);
    let context = AuditContext::new(&joined.dossier, &joined.regelset, jaar, niveau);
    let outcome = run_whole(&context, std::slice::from_ref(rule), &|_, _| {}).outcomes.remove(0);
    match &outcome.failed {
        Some(cause) => Err(format!("  de regel is mislukt: {cause}\n")),
        None => {
            outcome::compare(&context, case, &outcome.outcomes)?;
            look(&context, &outcome)
        }
    }
}

fn told(error: AuditError) -> String {
    match error {
        AuditError::Config(e) => format!("  {}\n", e.bericht),
        AuditError::Source(e) => format!("  {e}\n"),
        AuditError::Spill(e) => format!("  {e}\n"),
        AuditError::Stream(e) => format!("  {e}\n"),
        AuditError::Findings(e) => format!("  {e}\n"),
    }
}

/// Only a case that says so in its name is about a value that can't be read.
fn is_as_written(case: &Case, read: &ReadDossier) -> Result<(), String> {
    if case.name.contains("onleesbaar") {
        return Ok(());
    }
    if let Some(f) = read.errors.first() {
        return Err(format!(
            "  onleesbare waarde '{}' in kolom {:?}: {}\n",
            f.value, f.kolom, f.reason
        ));
    }
    match read.warnings.first() {
        Some(w) => Err(format!("  waarschuwing bij het lezen: {w}\n")),
        None => Ok(()),
    }
}

/// Puts iJw messages beside the lines, as their reader does: each a file of its own, which holds the
/// lines with its DeclaratieNummer.
fn add_berichten(ingelezen: &mut ReadDossier, rows: &[InputRow]) -> Result<(), String> {
    let whole = &mut ingelezen.rows;
    let mal = whole.files[0].clone();
    let mut berichten = Vec::new();
    for row in rows {
        let cell = |kolom: &str| row.cells.get(kolom).map_or("", String::as_str);
        let dag = |kolom: &str| {
            let datum = tables::datum(cell(kolom), row.line).map_err(|f| f.what)?;
            Dag::from_datum(datum).ok_or_else(|| "een datum voor onze jaartelling".to_owned())
        };
        let nummer = cell("DeclaratieNummer");
        let bedrag: i64 =
            cell("TotaalBedrag").replace(',', "").parse().expect("an amount in cents");
        let file = FileId(whole.files.len() as u32);
        whole.files.push(mal.clone());
        let first = berichten.iter().all(|b: &Declaratiebericht| b.declaratie_nummer != nummer);
        for line in whole.lines.iter_mut().filter(|_| first) {
            let [.., declaratie] = whole.texts.get_together(line.ids);
            if declaratie == nummer.as_bytes() {
                line.file = file;
            }
        }
        berichten.push(Declaratiebericht {
            faults: FaultSet::default(),
            afzender: Agb(cell("Afzender").parse().expect("an AGB code")),
            ontvanger: Gemeente(150),
            identificatie: cell("Identificatie").to_owned(),
            dagtekening: dag("Einddatum")?,
            subversie: 2,
            xsd_versies: Default::default(),
            declaratie_nummer: nummer.to_owned(),
            periode: (dag("Begindatum")?, dag("Einddatum")?),
            totaal: if cell("DebetCredit") == "C" { Cent(-bedrag) } else { Cent(bedrag) },
            bestand: file,
        });
    }
    whole.declaratieberichten = Some(berichten);
    Ok(())
}
