//! A made-up dossier of any size, to try and to measure with: lawful, but for what is planted.
//!
//! A [`Plan`](plan::Plan) holds what is true of the whole: the contract, the aanbieders, the
//! jeugdigen. From it come blocks of 20,000 lines, each from a stream of chance of its own, so that
//! they can be made in parallel and in pieces: the same options give the same bytes, whatever the
//! number of threads, and memory holds a few blocks at a time. Writers put a block into CSV, or all
//! of a smaller dossier into iJw messages.
//!
//! **Bsns.** Only test numbers are used, those from 999900006 up to 999999990 that pass the elfproef:
//! about 9,000. Past some 90,000 lines jeugdigen share one. A child that has its Bsn for itself may
//! have no-shows, stays and a second toewijzing. Of those that share, only the first may: the others
//! have ambulant help, groups, trajectories and dyslexia care, each with an aanbieder, a budget and the
//! gemeente's permission of their own, so that what the rules count for one Bsn (no-shows, etmalen,
//! budgets, minutes of dyslexia care) stays lawful. What a large dossier says of a single Bsn is
//! therefore no picture of a child: it has toewijzingen at many aanbieders in many gemeenten, and stays
//! and no-shows are rarer than in a small one.

mod afwijking;
mod antwoorden;
mod block;
mod contact;
mod contract;
mod csv;
mod dress;
mod ijw;
mod jeugdige;
mod plan;
mod text;
mod traject;
mod vast;

use crate::dossier::{Ernst, Niveau};
use crate::regelset::Regelset;
use crate::writing::{OutputDir, WriteError};
use block::BatchOfChildren;
use contract::Contract;
use csv::BlockTexts;
pub use dress::{Charset, Dress, LineEnd, Quoting};
use plan::Plan;
use rayon::prelude::*;
use rust_decimal::Decimal;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::str::FromStr;
use text::DayTexts;
use thiserror::Error;
pub(crate) use vast::write_fixed;

/// The file that says what was planted. Its name is one that `controleer` leaves alone.
pub(crate) const PLANTED: &str = "leesmij_geplant.csv";
/// Most lines of a dossier, and of one in messages: those are all in memory at once.
pub(crate) const MOST_LINES: u64 = 50_000_000;
pub(crate) const MOST_LINES_IJW: u64 = 500_000;
/// Largest share of planted exceptions, in percent: past it too few lines have room for one.
pub(crate) const MOST_ERRORS: i64 = 50;
/// Largest share of one aanbieder, in percent: past it nothing else is left to tell of.
pub(crate) const MOST_OF_LARGEST: i64 = 90;

/// The form of a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DossierForm {
    Csv,
    Ijw,
}

impl FromStr for DossierForm {
    type Err = String;
    fn from_str(text: &str) -> Result<DossierForm, String> {
        match text {
            "csv" => Ok(DossierForm::Csv),
            "ijw" => Ok(DossierForm::Ijw),
            _ => Err("kies csv of ijw".to_owned()),
        }
    }
}

/// What dossier to make.
#[derive(Clone, Debug)]
pub struct ExampleSpec {
    pub lines: u64,
    pub seed: u64,
    /// Percentage of the lines with a planted exception.
    pub fouten: Decimal,
    /// Percentage of the lines that one aanbieder has; by lot without it.
    pub largest: Option<Decimal>,
    pub form: DossierForm,
    /// Do gemeenten answer the declarations? Only in messages.
    pub answers: bool,
    /// Monthly sums, or a line a contact; in messages the first alone.
    pub niveau: Niveau,
    /// Of its tables of lines and toewijzingen, in CSV.
    pub dress: Dress,
    pub jaar: i32,
}

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    pub lines: u64,
    pub toewijzingen: u64,
    pub planted: u64,
    pub berichten: u64,
}

/// Why there is no dossier; then nothing of it is left.
#[derive(Debug, Error)]
pub enum VoorbeeldError {
    #[error("regelset {name} mist wat een voorbeeld nodig heeft: {what}")]
    Regelset { name: String, what: &'static str },
    #[error("een bericht zou groter worden dan 25.000.000 bytes")]
    BerichtTooLarge,
    #[error(transparent)]
    Writing(#[from] WriteError),
}

impl VoorbeeldError {
    /// What the reader of the message can do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            VoorbeeldError::Regelset { .. } => "kies een andere regelset, zoals --regio ijsselland",
            VoorbeeldError::BerichtTooLarge => {
                "vraag minder declaratieregels met --regels, of kies --vorm csv"
            }
            VoorbeeldError::Writing(e) => e.advice(),
        }
    }

    /// Is it the options that are wrong, rather than the place?
    pub(crate) fn is_usage(&self) -> bool {
        matches!(self, VoorbeeldError::Regelset { .. } | VoorbeeldError::BerichtTooLarge)
    }
}

impl From<ijw::TooLarge> for VoorbeeldError {
    fn from(ijw::TooLarge: ijw::TooLarge) -> VoorbeeldError {
        VoorbeeldError::BerichtTooLarge
    }
}

/// Writes the dossier to its place: whole, or not at all. `report` hears how many lines are made, of how
/// many.
pub fn make(
    place: OutputDir,
    set: &Regelset,
    spec: &ExampleSpec,
    report: &dyn Fn(u64, u64),
) -> Result<Generated, VoorbeeldError> {
    let contract = Contract::of(set, spec.jaar)
        .map_err(|what| VoorbeeldError::Regelset { name: set.name.clone(), what })?;
    let plan = Plan::new(contract, spec);
    let writer = DossierWriter { dir: place.dir(), plan: &plan };
    let made = match spec.form {
        DossierForm::Csv => writer.as_csv(spec.dress, report)?,
        DossierForm::Ijw => writer.as_ijw(spec.answers, report)?,
    };
    writer.small_tables(set)?;
    place.put_down()?;
    Ok(made)
}

struct DossierWriter<'p> {
    dir: PathBuf,
    plan: &'p Plan,
}

/// A file of the dossier that is being written.
struct OutputFile {
    path: PathBuf,
    out: BufWriter<File>,
}

impl OutputFile {
    fn push(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.out.write_all(bytes).map_err(|e| WriteError::writing(&self.path, &e))
    }

    fn close(mut self) -> Result<(), WriteError> {
        self.out.flush().map_err(|e| WriteError::writing(&self.path, &e))
    }
}

impl DossierWriter<'_> {
    fn file(&self, name: &str, header: &str) -> Result<OutputFile, WriteError> {
        let path = self.dir.join(name);
        let out = File::create(&path).map_err(|e| WriteError::writing(&path, &e))?;
        let mut bestand = OutputFile { path, out: BufWriter::with_capacity(1 << 20, out) };
        bestand.push(header.as_bytes())?;
        Ok(bestand)
    }

    fn dressed(&self, name: &str, header: &str, dress: Dress) -> Result<OutputFile, WriteError> {
        let mut file = self.file(name, "")?;
        file.push(&dress.put_on(header.as_bytes().to_vec()))?;
        Ok(file)
    }

    /// A few blocks at a time are made in parallel and written in their order.
    fn as_csv(&self, dress: Dress, report: &dyn Fn(u64, u64)) -> Result<Generated, VoorbeeldError> {
        let plan = self.plan;
        let dagen = DayTexts::around(plan.contract.jaar);
        let mut declaraties = self.dressed("declaraties.csv", csv::DECLARATIES, dress)?;
        let mut toewijzingen = self.dressed("toewijzingen.csv", csv::TOEWIJZINGEN, dress)?;
        let mut startstop = self.dressed("startstop.csv", csv::STARTSTOP, dress)?;
        let mut planted = self.file(PLANTED, PLANTED_HEADER)?;
        let mut counts = MadeCounts::new(plan);
        let at_once = rayon::current_num_threads() as u64 * 4;
        let mut of = 0;
        while of < plan.blocks() {
            let until = (of + at_once).min(plan.blocks());
            let group: Vec<(BlockTexts, MadeCounts)> = (of..until)
                .into_par_iter()
                .map(|id| {
                    let block = BatchOfChildren::make(plan, id);
                    let mut counts = MadeCounts::new(plan);
                    counts.push(plan, &block, DossierForm::Csv);
                    (BlockTexts::of(plan, &dagen, &block).dressed(dress), counts)
                })
                .collect();
            for (texts, part) in group {
                declaraties.push(&texts.declaraties)?;
                toewijzingen.push(&texts.toewijzingen)?;
                startstop.push(&texts.startstop)?;
                planted.push(&texts.planted)?;
                counts.add_to(&part);
            }
            of = until;
            report(counts.made.lines, plan.lines);
        }
        for file in [declaraties, toewijzingen, startstop, planted] {
            file.close()?;
        }
        self.omzet(&counts)?;
        Ok(counts.made)
    }

    /// A declaration holds lines of many blocks: they are all made first.
    fn as_ijw(
        &self,
        answers: bool,
        report: &dyn Fn(u64, u64),
    ) -> Result<Generated, VoorbeeldError> {
        let plan = self.plan;
        let dagen = DayTexts::around(plan.contract.jaar);
        let mut blocks: Vec<BatchOfChildren> =
            (0..plan.blocks()).into_par_iter().map(|id| BatchOfChildren::make(plan, id)).collect();
        let refused = answers
            .then(|| blocks.iter_mut().flat_map(|block| antwoorden::refuse(plan, block)).collect());
        let mut counts = MadeCounts::new(plan);
        let mut planted = self.file(PLANTED, PLANTED_HEADER)?;
        for block in &blocks {
            counts.push(plan, block, DossierForm::Ijw);
            let mut text = Vec::new();
            for g in block.planted.iter().filter(|g| g.afwijking.in_berichten()) {
                text::planted(&mut text, plan, g, in_berichten(g.afwijking).name());
            }
            planted.push(&text)?;
        }
        planted.close()?;
        let answers = if answers { &["jw325"][..] } else { &[] };
        for kind in ["jw301", "jw305", "jw307", "jw323"].iter().chain(answers) {
            let path = self.dir.join(kind);
            std::fs::create_dir(&path).map_err(|e| WriteError::writing(&path, &e))?;
        }
        let mut written = 0;
        let made = ijw::MadeMessages { plan, dagen: &dagen, refused: refused.as_ref() };
        let count = made.write::<VoorbeeldError>(&blocks, |bericht, of| {
            let path = self.dir.join(&bericht.path);
            std::fs::write(&path, bericht.content).map_err(|e| WriteError::writing(&path, &e))?;
            written += 1;
            report(written, of as u64);
            Ok(())
        })?;
        self.omzet(&counts)?;
        Ok(Generated { berichten: count as u64, ..counts.made })
    }

    /// Last year's turnover, so that none has moved.
    fn omzet(&self, counts: &MadeCounts) -> Result<(), WriteError> {
        let mut out = String::from("Aanbieder;Jaar;Omzet\n").into_bytes();
        for (id, &now) in counts.omzet.iter().enumerate() {
            text::number(&mut out, u64::from(self.plan.agb(id as u32)), 8);
            out.extend_from_slice(format!(";{};", self.plan.contract.jaar - 1).as_bytes());
            text::euro(&mut out, self.plan.omzet_vorig_jaar(id as u32, now));
            out.push(b'\n');
        }
        self.small("omzet.csv", &out)
    }

    fn small_tables(&self, set: &Regelset) -> Result<(), WriteError> {
        let plan = self.plan;
        let mut out = String::from(
            "Aanbieder;Naam;Perceel;Percelen;Voorzieningen;KdcOdc;CrisisContract;LandelijkeOmzet\n",
        );
        for (id, a) in plan.aanbieders.iter().enumerate() {
            let percelen: Vec<String> = a.percelen.iter().map(u8::to_string).collect();
            let mut keys: Vec<&str> =
                a.producten.iter().map(|&p| plan.contract.producten[p].key.as_str()).collect();
            keys.sort_unstable();
            keys.dedup();
            out += &format!(
                "{:08};Aanbieder {};{};{};{};{};N;{}\n",
                plan.agb(id as u32),
                id + 1,
                a.perceel,
                percelen.join("|"),
                if a.names { keys.join("|") } else { String::new() },
                if a.kdc { "J" } else { "N" },
                a.landelijke_omzet,
            );
        }
        self.small("aanbieders.csv", out.as_bytes())?;
        if !plan.contract.tarieven.is_empty() {
            let mut out = String::from("Jaar;Tariefsleutel;Perceel;Eenheid;Tarief\n").into_bytes();
            for t in &plan.contract.tarieven {
                let perceel = t.perceel.map(|p| p.to_string()).unwrap_or_default();
                let begin = format!("{};{};{perceel};{};", t.jaar, t.tariefsleutel, t.eenheid);
                out.extend_from_slice(begin.as_bytes());
                text::euro(&mut out, t.tarief.0);
                out.push(b'\n');
            }
            self.small("tarieven.csv", &out)?;
        }
        let mut settings = format!("jaar = {}\nregio = \"{}\"\n", plan.contract.jaar, set.name);
        if plan.niveau == Niveau::Contact {
            settings += &format!("niveau = \"{}\"\n", plan.niveau.name());
        }
        self.small("controle.toml", settings.as_bytes())
    }

    fn small(&self, name: &str, content: &[u8]) -> Result<(), WriteError> {
        let mut file = self.file(name, "")?;
        file.push(content)?;
        file.close()
    }
}

const PLANTED_HEADER: &str =
    "Regel;Ernst;Gemeente;Aanbieder;ToewijzingNummer;ReferentieNummer;Uitleg\n";

/// What a rule makes of an exception in messages: they carry no Bijzonderheid, so that what its word
/// `crisis` could lift isn't certain.
fn in_berichten(afwijking: afwijking::Afwijking) -> Ernst {
    match afwijking {
        afwijking::Afwijking::TW05 => Ernst::Onzekerheid,
        _ => afwijking.ernst(),
    }
}

/// What was made so far.
struct MadeCounts {
    made: Generated,
    /// For each aanbieder the sum of its live lines of the year, in cents.
    omzet: Vec<i64>,
}

impl MadeCounts {
    fn new(plan: &Plan) -> MadeCounts {
        MadeCounts { made: Generated::default(), omzet: vec![0; plan.aanbieders.len()] }
    }

    fn push(&mut self, plan: &Plan, block: &BatchOfChildren, form: DossierForm) {
        let visible =
            |g: &&afwijking::Planted| form == DossierForm::Csv || g.afwijking.in_berichten();
        self.made.planted += block.planted.iter().filter(visible).count() as u64;
        self.made.toewijzingen += block.trajecten.len() as u64;
        for t in &block.trajecten {
            self.made.lines += t.lines.len() as u64;
            for r in t.live_lines().filter(|r| r.end >= plan.first_dag) {
                self.omzet[r.aanbieder as usize] += r.bedrag;
            }
        }
    }

    fn add_to(&mut self, part: &MadeCounts) {
        self.made.lines += part.made.lines;
        self.made.toewijzingen += part.made.toewijzingen;
        self.made.planted += part.made.planted;
        for (sum, added) in self.omzet.iter_mut().zip(&part.omzet) {
            *sum += added;
        }
    }
}
