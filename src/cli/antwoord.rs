//! `rechtmatig antwoord DOSSIER`: draft answers (JW325) to the dossier's declaration messages.

use super::progress::ProgressDisplay;
use super::stop::CommandError;
use super::{ExitStatus, interrupt, message, options};
use crate::antwoord::{
    Answer, Codes, Decision, Drafts, Retourcodes, Skipped, answered, jaren, past_termijn,
    write_bericht,
};
use crate::audit::{Setup, Spec, choose_rules, run_whole};
use crate::dossier::{Agb, AnswerCounts, Cent, Dag, Declaratiebericht, Dossier, Thousands};
use crate::ground::config::ConfigError;
use crate::ground::masked;
use crate::ground::shown_path;
use crate::regels::REGISTER;
use crate::toetsing::AuditRule;
use crate::writing::{Inputs, OutputDir, WriteError, csv_for_excel};
use chrono::NaiveDate;
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig antwoord berichten-2023 --uit antwoorden";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Map met iJw-berichten (JW323, JW301, …)
    #[arg(value_name = "DOSSIER")]
    dossier: PathBuf,
    /// Regelset (of in controle.toml) [standaard: ijsselland]
    #[arg(long, value_name = "NAAM")]
    regio: Option<String>,
    /// Map waarin de map antwoorden komt
    #[arg(long, value_name = "MAP", default_value = "reports", hide_default_value = true)]
    uit: PathBuf,
    /// Vervang bestaande antwoorden
    #[arg(long)]
    overschrijf: bool,
    /// Dagtekening van de antwoorden [standaard: vandaag]
    #[arg(long, value_name = "DATUM", value_parser = dagtekening)]
    dagtekening: Option<NaiveDate>,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Alleen afwijzen op deze regels of families, zoals TW,JW01
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    alleen: Vec<String>,
    /// Niet afwijzen op deze regels of families
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    zonder: Vec<String>,
    #[command(flatten)]
    memory: options::MemoryOption,
    /// Geen voortgang en geen samenvatting
    #[arg(long)]
    stil: bool,
}

fn dagtekening(text: &str) -> Result<NaiveDate, String> {
    ["%Y-%m-%d", "%d-%m-%Y"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .ok_or_else(|| "verwacht een datum als 31-03-2023".to_owned())
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    match answer(a) {
        Ok(true) => ExitStatus::Done,
        Ok(false) => {
            message::error(
                "het dossier heeft geen declaratieberichten (JW323)",
                "antwoord beantwoordt alleen berichten; toets andere declaraties met rechtmatig controleer",
            );
            ExitStatus::Input
        }
        Err(stop) => stop.report(),
    }
}

/// Writes the drafts; `false` where the dossier holds no declaration messages.
fn answer(a: &Arguments) -> Result<bool, CommandError> {
    let setup = Setup::open(&Spec {
        regio: a.regio.clone(),
        rulesets: a.regels.clone(),
        memory: a.memory.geheugen,
        ..Spec::new(&a.dossier)
    })?;
    let codes = Retourcodes::landelijk();
    // No return code stands for a check of one's own.
    let all: Vec<AuditRule> = REGISTER.iter().map(|r| AuditRule::from(*r)).collect();
    let rules = choose_rules(&all, &a.alleen, &a.zonder)?;
    let rules: Vec<_> = rules.into_iter().filter(|r| codes.of(r.code).is_some()).collect();
    let today = || chrono::Local::now().date_naive();
    let dag = Dag::from_datum(a.dagtekening.unwrap_or_else(today)).ok_or_else(|| {
        ConfigError::loose(
            "de dagtekening is geen bruikbare datum",
            "geef een datum als 31-03-2023",
        )
    })?;
    let inputs = Inputs::of_dossier(&a.dossier).and(a.regels.as_deref());
    let make = || OutputDir::make(&a.uit, "antwoorden", a.overschrijf, inputs);
    let place = interrupt::clean_up(make, |place| [place.unfinished()])?;
    message::say_who_can_read(&place);

    let progress = ProgressDisplay::new(a.stil);
    let read = setup.read(&progress.listen()).inspect_err(|_| progress.done())?;
    let joined = setup.join(read);
    let (dossier, regelset) = (&joined.dossier, &joined.regelset);
    if dossier.declaratieberichten.is_none() {
        progress.done();
        return Ok(false);
    }
    progress.step("Toetsen");
    let tested: BTreeSet<i32> =
        jaren(dossier).into_iter().filter(|jaar| regelset.applies_to(*jaar)).collect();
    let mut bevindingen = Vec::new();
    for &jaar in &tested {
        let done = |n, of| progress.state(n as u64, of as u64);
        for outcome in run_whole(&joined.context(jaar), &rules, &done).outcomes {
            if outcome.failed.is_some() {
                progress.done();
                return Err(CommandError::Rapport(WriteError::Assembling {
                    what: "een regel is mislukt, dus er zijn geen antwoorden",
                    cause: outcome.rule.code.to_owned(),
                }));
            }
            let code = outcome.rule.code;
            bevindingen.extend(outcome.outcomes.bevindingen.into_iter().map(|b| (code, b)));
        }
    }
    let drafts = answered(dossier, &codes, bevindingen, |jaar| tested.contains(&jaar));
    progress.step("Antwoorden schrijven");
    let dir = write_answers(dossier, &drafts, dag, place).inspect_err(|_| progress.done())?;
    progress.done();
    if !a.stil {
        let of_answers = dossier.answers.iter().flat_map(AnswerCounts::warnings);
        for sentence in joined.warnings.iter().cloned().chain(of_answers) {
            message::tell(&format!("Let op: {}", message::printable(&sentence)));
        }
        let stands = || format!("de antwoorden staan in {}", shown_path(&dir));
        message::show(&text(dossier, &drafts, dag, &dir))
            .map_err(|e| CommandError::Screen(e, stands()))?;
    }
    Ok(true)
}

/// How a message is called in the overviews and in the name of its answer's file.
fn nummer(place: usize) -> String {
    format!("{:05}", place + 1)
}

fn of(dossier: &Dossier, place: usize) -> &Declaratiebericht {
    &dossier.declaratieberichten.as_deref().unwrap_or_default()[place]
}

fn codes(codes: &Codes) -> String {
    codes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn write_answers(
    dossier: &Dossier,
    drafts: &Drafts,
    dag: Dag,
    place: OutputDir,
) -> Result<PathBuf, WriteError> {
    let dir = place.dir();
    for answer in &drafts.answers {
        let path = dir.join(format!("JW325-{}.xml", nummer(answer.bericht)));
        std::fs::write(&path, write_bericht(dossier, answer, dag))
            .map_err(|e| WriteError::writing(&path, &e))?;
    }
    overzicht(dossier, drafts, dag, &dir)?;
    refused(dossier, drafts, &dir)?;
    not_refused(dossier, drafts, &dir)?;
    place.put_down()
}

/// One row a message.
fn overzicht(dossier: &Dossier, drafts: &Drafts, dag: Dag, dir: &Path) -> Result<(), WriteError> {
    let row = |place: usize, outcome: String, late: Option<u64>, answer: Option<&Answer>| {
        let b = of(dossier, place);
        let file = answer.map(|_| format!("JW325-{}.xml", nummer(place)));
        let refused = match answer.map(|a| &a.decision) {
            Some(Decision::Partly(lines)) => lines.len().to_string(),
            Some(Decision::Granted) => "0".to_owned(),
            _ => String::new(),
        };
        [
            file.unwrap_or_default(),
            dossier.file(b.bestand).pad.clone(),
            b.ontvanger.to_string(),
            b.afzender.to_string(),
            masked(&b.declaratie_nummer).into_owned(),
            outcome,
            refused,
            cent(b.totaal),
            answer.map(|a| cent(a.granted)).unwrap_or_default(),
            b.dagtekening.to_string(),
            late.map(|days| format!("te laat: {days} werkdagen na ontvangst")).unwrap_or_default(),
        ]
    };
    let late = |place: usize| past_termijn(of(dossier, place), dag);
    let mut rows: Vec<(usize, [String; 11])> = Vec::new();
    for answer in &drafts.answers {
        let outcome = match &answer.decision {
            Decision::Granted => "volledig toegekend (8001)".to_owned(),
            Decision::Partly(_) => "deels toegekend".to_owned(),
            Decision::Declaratie(c) => format!("declaratie afgewezen ({})", codes(c)),
            Decision::Bericht(c) => format!("bericht afgewezen ({})", codes(c)),
        };
        let late = late(answer.bericht);
        rows.push((answer.bericht, row(answer.bericht, outcome, late, Some(answer))));
    }
    for (place, why) in &drafts.skipped {
        let late = Some(*place).filter(|_| *why != Skipped::AlreadyAnswered).and_then(late);
        rows.push((*place, row(*place, format!("geen antwoord: {why}"), late, None)));
    }
    rows.sort();
    csv_for_excel(
        &dir.join("overzicht.csv"),
        &[
            "Antwoord",
            "Bestand",
            "Gemeente",
            "Aanbieder",
            "DeclaratieNummer",
            "Uitkomst",
            "AfgewezenPrestaties",
            "TotaalIngediendBedrag",
            "TotaalToegekendBedrag",
            "Ontvangen",
            "Termijn",
        ],
        rows.into_iter().map(|(_, row)| row),
    )
}

/// One row a refused prestatie.
fn refused(dossier: &Dossier, drafts: &Drafts, dir: &Path) -> Result<(), WriteError> {
    let rows = drafts.answers.iter().flat_map(|a| {
        let lines = match &a.decision {
            Decision::Partly(lines) => lines.as_slice(),
            _ => &[],
        };
        lines.iter().map(|afgewezen| {
            let r = dossier.line(afgewezen.line);
            [
                format!("JW325-{}.xml", nummer(a.bericht)),
                dossier.file(r.file).pad.clone(),
                r.line_number.to_string(),
                masked(dossier.referentie(r)).into_owned(),
                masked(dossier.toewijzingnummer(r.toewijzing_nummer)).into_owned(),
                codes(&afgewezen.codes),
                cent(r.ingediend_bedrag),
            ]
        })
    });
    csv_for_excel(
        &dir.join("afgewezen.csv"),
        &[
            "Antwoord",
            "Bestand",
            "Regelnummer",
            "ReferentieNummer",
            "ToewijzingNummer",
            "Retourcodes",
            "IngediendBedrag",
        ],
        rows,
    )
}

/// Findings with a return code that a person must judge.
fn not_refused(dossier: &Dossier, drafts: &Drafts, dir: &Path) -> Result<(), WriteError> {
    let rows = drafts.not_refused.iter().map(|n| {
        let line = n.line.map(|id| dossier.line(id));
        [
            format!("JW325-{}.xml", nummer(n.bericht)),
            dossier.file(of(dossier, n.bericht).bestand).pad.clone(),
            line.map(|r| r.line_number.to_string()).unwrap_or_default(),
            line.map(|r| masked(dossier.referentie(r)).into_owned()).unwrap_or_default(),
            n.rule.to_owned(),
            n.retourcode.clone(),
            n.why.sentence().to_owned(),
            masked(&n.found).into_owned(),
            masked(&n.expected).into_owned(),
        ]
    });
    csv_for_excel(
        &dir.join("niet-afgewezen.csv"),
        &[
            "Antwoord",
            "Bestand",
            "Regelnummer",
            "ReferentieNummer",
            "Regel",
            "Retourcode",
            "Waarom",
            "Gevonden",
            "Verwacht",
        ],
        rows,
    )
}

/// `-1234,56`: as a spreadsheet reads a number.
fn cent(bedrag: Cent) -> String {
    let (character, n) = (if bedrag < Cent::ZERO { "-" } else { "" }, bedrag.0.unsigned_abs());
    format!("{character}{},{:02}", n / 100, n % 100)
}

fn text(dossier: &Dossier, drafts: &Drafts, dag: Dag, dir: &Path) -> String {
    let count = |fits: fn(&Decision) -> bool| {
        Thousands(drafts.answers.iter().filter(|a| fits(&a.decision)).count() as u64)
    };
    let sum = |bedrag: &dyn Fn(&Answer) -> Cent| {
        drafts.answers.iter().map(bedrag).fold(Cent::ZERO, |sum, b| sum + b)
    };
    let aanbieders: BTreeSet<Agb> =
        drafts.answers.iter().map(|a| of(dossier, a.bericht).afzender).collect();
    let open = drafts.skipped.iter().filter(|(_, why)| *why != Skipped::AlreadyAnswered);
    let open = open.map(|(place, _)| *place).chain(drafts.answers.iter().map(|a| a.bericht));
    let late = open.filter(|place| past_termijn(of(dossier, *place), dag).is_some()).count();
    format!(
        "\
{} concept-antwoorden (JW325) aan {} aanbieders
  volledig toegekend    {}
  deels toegekend       {}
  declaratie afgewezen  {}
  bericht afgewezen     {}
  geen antwoord         {}
  over de termijn       {}
  ingediend             {}
  toegekend             {}

Antwoorden: {}
Dit zijn concepten: lees overzicht.csv, afgewezen.csv en niet-afgewezen.csv voordat u iets verstuurt.
De berichten zelf bevatten burgerservicenummers, zoals de standaard vraagt.
",
        Thousands(drafts.answers.len() as u64),
        Thousands(aanbieders.len() as u64),
        count(|b| matches!(b, Decision::Granted)),
        count(|b| matches!(b, Decision::Partly(_))),
        count(|b| matches!(b, Decision::Declaratie(_))),
        count(|b| matches!(b, Decision::Bericht(_))),
        Thousands(drafts.skipped.len() as u64),
        Thousands(late as u64),
        sum(&|a| of(dossier, a.bericht).totaal),
        sum(&|a| a.granted),
        shown_path(dir)
    )
}
