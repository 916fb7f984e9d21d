//! A start for an export as people have it: what each file is, which column is which, and what only
//! a person can know, as a proposal for `controle.toml`.

mod draft;
mod recognise;
mod values;

pub(crate) use draft::Draft;

use crate::audit::{AuditError, Joined, Setup, Spec, UnderstoodRow, first_rows};
use crate::bron::{RawContent, RawFile, sample};
use crate::dossier::{FileKind, Kolom, SourceFile, Thousands};
use crate::poort::{self, Melding, ProductProposal};
use crate::toetsing::LineStatistics;
use draft::FileDraft;
use recognise::{Recognised, recognise};
use std::collections::BTreeSet;
use std::path::Path;
use values::{has_whole_amounts, likeliest_jaar};

/// What was found in one file.
#[derive(Debug, Default)]
pub(crate) struct FoundFile {
    pub name: String,
    /// What it is, in words.
    pub what: String,
    /// Header and column, where they aren't the same; columns told by their cells alone are marked.
    pub columns: Vec<(String, Kolom, bool)>,
    pub unknown: Vec<String>,
}

/// A start: what was found, and what is proposed.
#[derive(Debug)]
pub(crate) struct Start {
    pub draft: Draft,
    pub files: Vec<FoundFile>,
    /// What only a person can know, in Dutch sentences.
    pub questions: Vec<String>,
    tables: Vec<Recognised>,
}

/// What reading under the proposal came to.
pub(crate) struct Reading {
    pub files: Vec<SourceFile>,
    pub rows: Vec<UnderstoodRow>,
    pub warnings: Vec<String>,
    pub meldingen: Vec<Melding>,
    pub proposals: Vec<ProductProposal>,
}

/// Looks into all files of a folder and proposes what they are.
///
/// # Errors
/// A folder that can't be read.
pub(crate) fn look(
    dir: &Path,
    jaar: Option<i32>,
    regio: Option<&str>,
) -> Result<Start, AuditError> {
    let mut start = Start {
        draft: Draft { regio: regio.map(str::to_owned), ..Draft::default() },
        files: Vec::new(),
        questions: Vec::new(),
        tables: Vec::new(),
    };
    for file in sample(dir)?.into_iter().filter(|f| !is_our_own(&f.path)) {
        start.add(&file);
    }
    let declaraties = || start.tables.iter().filter(|t| t.kind == FileKind::Declaraties);
    start.draft.jaar = jaar.or_else(|| likeliest_jaar(declaraties()));
    start.ask_for_kinds();
    Ok(start)
}

/// The text of the `controle.toml` that is proposed for the folder of `spec`, whether or not the folder can
/// be read under it yet.
///
/// # Errors
/// A folder that can't be looked into, or what else keeps a dossier from being read than its own files and
/// settings.
pub fn proposal(spec: &Spec) -> Result<String, AuditError> {
    let mut start = look(&spec.dossier, spec.jaar, spec.regio.as_deref())?;
    match start.read(spec) {
        Ok(_) | Err(AuditError::Source(_) | AuditError::Config(_)) => Ok(start.draft.to_toml()),
        Err(e) => Err(e),
    }
}

/// The settings and the texts for people, and what a run or a start wrote.
fn is_our_own(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    ["controle.", "readme", "leesmij", "voorstel-", "producten-aanvullen"]
        .iter()
        .any(|begin| name.starts_with(begin))
}

/// The kind that the name of a file promises.
fn kind_of_name(path: &str) -> Option<FileKind> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    FileKind::ALL.into_iter().find(|kind| name.starts_with(kind.name()))
}

impl Start {
    fn add(&mut self, file: &RawFile) {
        let promised = kind_of_name(&file.path);
        let mut found = FoundFile { name: file.name(), ..FoundFile::default() };
        let tables = match &file.holds {
            RawContent::Unknown(why) => {
                found.what = format!("niet herkend: {why}");
                Vec::new()
            }
            RawContent::Bericht => {
                found.what = "een iJw-bericht".to_owned();
                Vec::new()
            }
            RawContent::Text(sheets) => {
                let read = sheets.iter().map(|sheet| recognise(sheet, promised));
                let best = |all: &Vec<Recognised>| all.first().map(|r| r.columns.len());
                read.max_by_key(best).map(of_sheet).unwrap_or_default()
            }
            RawContent::Workbook(sheets) => {
                let visible = sheets.iter().filter(|s| !s.hidden);
                let read = visible.map(|s| (s, of_sheet(recognise(s, promised))));
                let tables: Vec<Recognised> = read.flat_map(|(_, tables)| tables).collect();
                let hidden = sheets.iter().filter(|s| s.hidden);
                for sheet in
                    hidden.filter(|s| recognise(s, promised).iter().any(Recognised::is_whole))
                {
                    self.questions.push(format!(
                        "{}: het verborgen blad '{}' lijkt ook gegevens te hebben en wordt niet gelezen; maak het zichtbaar als dat wel moet",
                        found.name,
                        sheet.name.as_deref().unwrap_or_default()
                    ));
                }
                tables
            }
        };
        self.add_tables(file, promised, found, tables);
    }

    fn add_tables(
        &mut self,
        file: &RawFile,
        promised: Option<FileKind>,
        mut found: FoundFile,
        tables: Vec<Recognised>,
    ) {
        // Sheets with half of a table beside whole ones are something else.
        let any_whole = tables.iter().any(Recognised::is_whole);
        let tables: Vec<Recognised> =
            tables.into_iter().filter(|t| t.is_whole() || !any_whole).collect();
        let kinds: BTreeSet<FileKind> = tables.iter().map(|t| t.kind).collect();
        if kinds.is_empty() {
            if found.what.is_empty() {
                found.what = "niet herkend: geen kop met kolommen die rechtmatig kent".to_owned();
            }
            self.files.push(found);
            return;
        }
        let names: Vec<&str> = kinds.iter().map(|k| k.name()).collect();
        found.what = names.join(" en ");
        if Some(&kinds) != promised.map(|kind| BTreeSet::from([kind])).as_ref() {
            self.draft.files.insert(file.path.clone(), FileDraft { kinds, sheet: None });
        }
        for table in tables {
            self.add_table(&mut found, table);
        }
        // What one table of a wide export leaves, another may read.
        let read: BTreeSet<&String> = found.columns.iter().map(|(header, ..)| header).collect();
        found.unknown.retain(|header| !read.contains(header));
        self.files.push(found);
    }

    fn add_table(&mut self, found: &mut FoundFile, table: Recognised) {
        let own = self.draft.columns.entry(table.kind).or_default();
        for (place, kolom) in &table.columns {
            let header = &table.headers[*place];
            if crate::bron::column_of(header, table.kind) == Some(*kolom) {
                continue;
            }
            match own.insert(header.clone(), *kolom) {
                Some(other) if other != *kolom => self.questions.push(format!(
                    "{}: de kop '{header}' staat hier voor {kolom} en in een ander bestand voor {other}; hernoem hem in één van de twee",
                    found.name
                )),
                _ => {}
            }
            let entry = (header.clone(), *kolom, table.by_content.contains(kolom));
            if !found.columns.contains(&entry) {
                found.columns.push(entry);
            }
        }
        for kolom in &table.missing {
            let likely = table.candidates(*kolom);
            let which = match likely.is_empty() {
                true => "geen kop lijkt erop".to_owned(),
                false => format!("misschien '{}'", likely.join("' of '")),
            };
            self.questions.push(format!(
                "{}: welke kop is {kolom}? ({which}) Zet onder [kolommen.{}]: \"uw kop\" = \"{kolom}\"",
                found.name, table.kind
            ));
        }
        let unknown = table.unknown().map(|(_, h)| crate::ground::masked(h).into_owned());
        for header in unknown {
            if !found.unknown.contains(&header) {
                found.unknown.push(header);
            }
        }
        for (kolom, words) in self.draft.add_words(&table) {
            let words: Vec<String> = words.into_iter().take(20).collect();
            self.questions.push(format!(
                "{}: welke code van {kolom} hoort bij {}? Zet onder [waarden.{kolom}]: \"uw woord\" = \"code\"",
                found.name,
                words.iter().map(|w| format!("'{}'", crate::ground::masked(w))).collect::<Vec<_>>().join(", ")
            ));
        }
        if let Some(cell) = self.draft.add_forms(&table) {
            self.questions.push(format!(
                "{}: is '{cell}' duizenden of een bedrag met drie decimalen? Zulke rijen worden afgekeurd, tenzij u onder [bedragen.{}] zet: decimaal = \",\" (of \".\")",
                found.name, table.kind
            ));
        }
        if table.line > 1 {
            found.what += &format!(" (kop op regel {})", table.line);
        }
        self.tables.push(table);
    }

    /// The kinds without which there is nothing to audit.
    fn ask_for_kinds(&mut self) {
        for kind in [FileKind::Declaraties, FileKind::Toewijzingen] {
            if !self.tables.iter().any(|t| t.kind == kind)
                && !self.files.iter().any(|f| f.what == "een iJw-bericht")
            {
                self.questions.push(format!(
                    "geen bestand is herkend als {kind}; zet onder [bestanden]: \"uw bestand\" = \"{kind}\""
                ));
            }
        }
        if self.draft.jaar.is_none() {
            self.questions
                .push("over welk leverjaar gaat de controle? Zet bovenaan: jaar = 2023".into());
        }
    }

    /// Reads the folder as the draft has it. Where the amounts prove to be cents, the draft says so
    /// from then on.
    ///
    /// # Errors
    /// A dossier that can't be read yet: a person must know more.
    pub(crate) fn read(&mut self, spec: &Spec) -> Result<Reading, AuditError> {
        let (joined, meldingen) = self.read_once(spec)?;
        let wrong = |m: &Melding| m.check == poort::AMOUNTS;
        let whole = self.tables.iter().filter(|t| has_whole_amounts(t)).map(|t| t.kind);
        let whole: BTreeSet<FileKind> = whole.collect();
        if meldingen.iter().any(wrong) && whole.contains(&FileKind::Declaraties) {
            let more: Vec<&str> = whole.iter().map(|k| k.name()).collect();
            self.questions.push(format!(
                "de bedragen van {} zijn hele getallen, en in declaraties 100 keer volume × contracttarief: ze worden als eurocenten gelezen. Klopt dat?",
                more.join(", ")
            ));
            self.draft.in_cents = whole;
            let (joined, meldingen) = self.read_once(spec)?;
            return Ok(self.finish(joined, meldingen));
        }
        Ok(self.finish(joined, meldingen))
    }

    fn read_once(&self, spec: &Spec) -> Result<(Joined, Vec<Melding>), AuditError> {
        let setup = Setup::with_settings(spec, &self.draft.to_toml())?;
        let jaar = setup.leverjaar(spec.jaar)?;
        let read = setup.read(&|_| {})?;
        let joined = setup.join(read);
        let counts = LineStatistics::of(&joined.context(jaar));
        let input = poort::Input {
            dossier: &joined.dossier,
            counts: &counts,
            outcomes: &[],
            regelset: &joined.regelset,
            jaar,
        };
        let meldingen = poort::meldingen(&input);
        Ok((joined, meldingen))
    }

    fn finish(&mut self, joined: Joined, meldingen: Vec<Melding>) -> Reading {
        let jaar = self.draft.jaar.unwrap_or_default();
        let counts = LineStatistics::of(&joined.context(jaar));
        if self.draft.regio.is_none() {
            self.propose_regio(&joined);
        }
        let proposals = match joined.regelset.is_without_catalogus() {
            true => Vec::new(),
            false => poort::proposals(&counts.input.unknown, &joined.regelset, jaar),
        };
        if !proposals.is_empty() {
            let what = match proposals.len() {
                1 => "1 product staat niet in de catalogus: welk Onderdeel en welke Tariefsleutel heeft het?".to_owned(),
                n => format!(
                    "{} producten staan niet in de catalogus: welk Onderdeel en welke Tariefsleutel hebben zij?",
                    Thousands(n as u64)
                ),
            };
            self.questions.push(format!(
                "{what} Wat is voorgesteld, geldt pas in producten.csv, en zonder het woord VOORSTEL"
            ));
        }
        Reading {
            rows: first_rows(&joined.dossier, 5),
            files: joined.dossier.files,
            warnings: joined.warnings,
            meldingen,
            proposals,
        }
    }

    /// The regio whose gemeenten most lines are of; a person must say it where none is.
    fn propose_regio(&mut self, joined: &Joined) {
        let d = &joined.dossier;
        let of_regio = |r: &&crate::dossier::Declaratieregel| {
            joined.regelset.deelnames.of(r.gemeente, r.einddatum).is_some()
        };
        if d.lines.iter().filter(of_regio).count() * 2 > d.lines.len() {
            self.draft.regio = Some(joined.regelset.name.clone());
        } else {
            self.questions.push(
                "van welke regio is dit? De gemeenten zijn niet die van IJsselland. Zet bovenaan: regio = \"zeeland\"".into(),
            );
        }
    }
}

/// The tables of a sheet: the likeliest, and for a wide export that of toewijzingen beside the one of
/// declaraties.
fn of_sheet(mut found: Vec<Recognised>) -> Vec<Recognised> {
    let of = |kind: FileKind| {
        found.iter().position(|r| r.kind == kind && r.is_whole() && r.by_content.is_empty())
    };
    let (declaraties, toewijzingen) = (of(FileKind::Declaraties), of(FileKind::Toewijzingen));
    if let (Some(a), Some(b)) = (declaraties, toewijzingen) {
        let place = |r: &Recognised, kolom| {
            r.columns.iter().find(|(_, k)| **k == kolom).map(|(place, _)| *place)
        };
        let own = [Kolom::Toewijzingsdatum, Kolom::Ingangsdatum];
        let shared = own.iter().any(|k| {
            place(&found[b], *k).is_some_and(|place| found[a].columns.contains_key(&place))
        });
        if !shared {
            let lines = found[a].clone();
            let mut grants = found[b].clone();
            // What is a line's own says nothing of the toewijzing.
            let needed = |k: &Kolom| grants.kind.kolommen().contains(&(*k, true));
            let keys: BTreeSet<Kolom> =
                grants.columns.values().copied().filter(|k| needed(k)).collect();
            grants
                .columns
                .retain(|place, k| keys.contains(k) || !lines.columns.contains_key(place));
            return vec![lines, grants];
        }
    }
    found.truncate(1);
    found
}
