//! A case file: one rule, its gevallen, and what each should give.

use super::markdown::{Document, HeaderLine, Table, TableError, error};
use super::tabellen::{BERICHTEN, BERICHTKOLOMMEN, InputRow, TABLES, TableKind, kind};
use rechtmatig::dossier::Cent;
use rechtmatig::dossier::Niveau;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug)]
pub struct CaseFile {
    pub code: String,
    /// For the gevallen that have none of their own.
    settings: CaseSettings,
    pub always_testable: bool,
    pub cases: Vec<Case>,
}

/// How a geval is run.
#[derive(Clone, Debug, Default)]
pub struct CaseSettings {
    pub regelset: String,
    pub leverjaar: i32,
    pub niveau: Niveau,
}

impl CaseSettings {
    fn configure(&mut self, name: &str, value: &str, line: usize) -> Result<(), TableError> {
        match name {
            "Regelset" if REGELSETS.contains(&value) => self.regelset = value.to_owned(),
            "Regelset" => return error(line, format!("onbekende regelset '{value}'")),
            "Leverjaar" => match value.parse() {
                Ok(jaar) => self.leverjaar = jaar,
                Err(_) => return error(line, format!("'{value}' is geen jaar")),
            },
            "Niveau" => match NIVEAUS.into_iter().find(|n| n.name() == value) {
                Some(niveau) => self.niveau = niveau,
                None => return error(line, format!("onbekend niveau '{value}'")),
            },
            _ => return error(line, format!("onbekende instelling {name}")),
        }
        Ok(())
    }
}

/// A dossier of its own.
#[derive(Debug)]
pub struct Case {
    pub name: String,
    /// Line of its first expectation.
    pub line: usize,
    pub settings: CaseSettings,
    pub rows: BTreeMap<String, Vec<InputRow>>,
    /// Tables and columns that are left out.
    pub without: Vec<(String, Option<String>)>,
    pub expected: Vec<Expectation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutcomeKind {
    Breach,
    InOrder,
    LimitInOrder,
    LimitBreach,
    NotApplicable,
    NotTestable,
}

impl OutcomeKind {
    const ALL: [OutcomeKind; 6] = [
        OutcomeKind::Breach,
        OutcomeKind::InOrder,
        OutcomeKind::LimitInOrder,
        OutcomeKind::LimitBreach,
        OutcomeKind::NotApplicable,
        OutcomeKind::NotTestable,
    ];

    pub fn name(self) -> &'static str {
        match self {
            OutcomeKind::Breach => "overtreding",
            OutcomeKind::InOrder => "in orde",
            OutcomeKind::LimitInOrder => "grens: in orde",
            OutcomeKind::LimitBreach => "grens: overtreding",
            OutcomeKind::NotApplicable => "niet van toepassing",
            OutcomeKind::NotTestable => "niet te toetsen",
        }
    }

    pub fn is_overtreding(self) -> bool {
        matches!(self, OutcomeKind::Breach | OutcomeKind::LimitBreach)
    }
}

/// One row of `Verwacht`.
#[derive(Debug)]
pub struct Expectation {
    pub line: usize,
    pub kind: OutcomeKind,
    /// For an overtreding.
    pub bevinding: Option<Found>,
    pub omdat: String,
}

/// What a person can check of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub over: String,
    pub ernst: String,
    pub bedrag: Option<Cent>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bedrag = self.bedrag.map_or("geen bedrag".to_owned(), |b| b.to_string());
        write!(f, "{} | {} | {bedrag}", self.over, self.ernst)
    }
}

const HEADER_LINES: &[&str] = &["Bron", "Regelset", "Leverjaar", "Niveau", "Altijd te toetsen"];
const REGELSETS: &[&str] = &["ijsselland", "zeeland", "landelijk"];
const NIVEAUS: [Niveau; 2] = [Niveau::Maand, Niveau::Contact];
/// Header lines that a geval may have otherwise, under a heading of this name.
const SETTINGS: [&str; 3] = ["Regelset", "Leverjaar", "Niveau"];
const INSTELLING: &str = "Instelling";
const WITHOUT: &str = "Zonder kolom";
const WHOLE_TABLE: &str = "(tabel)";
const EXPECTED: &str = "Verwacht";
const VERWACHTKOLOMMEN: &[&str] = &["geval", "soort", "over", "ernst", "bedrag", "omdat"];
const OVER: &[&str] =
    &["regel ", "toewijzing ", "jeugdige ", "aanbieder ", "gemeente ", "bericht ", "het dossier"];
const ERNST: &[&str] = &["fout", "onzekerheid", "signaal"];

impl CaseFile {
    /// Reads `tests/regels/<CODE>.md`.
    pub fn read(code: &str, text: &str) -> Result<CaseFile, TableError> {
        let document = Document::read(text, HEADER_LINES)?;
        match document.title.split_once(" · ") {
            Some((c, name)) if c == code && !name.is_empty() => {}
            _ => return error(1, format!("de titel is niet '# {code} · naam'")),
        }
        let header_lines = &document.header_lines;
        needs(header_lines, "Bron")?;
        let mut settings = CaseSettings::default();
        for name in SETTINGS {
            let header = needs(header_lines, name)?;
            settings.configure(name, &header.value, header.line)?;
        }
        let mut file = CaseFile {
            code: code.to_owned(),
            settings,
            always_testable: header_line(header_lines, "Altijd te toetsen")?.is_some(),
            cases: Vec::new(),
        };
        // What a geval is, the expectations say: they come first, wherever they stand.
        let (expected, rest): (Vec<_>, Vec<_>) =
            document.sections.iter().partition(|s| s.name == EXPECTED);
        for table in expected.iter().flat_map(|s| &s.tables) {
            file.read_expected(table)?;
        }
        for section in rest {
            for table in &section.tables {
                match kind(&section.name) {
                    Some(soort) => {
                        file.read_rows(soort.name, table, &|k| soort.knows(k))?;
                    }
                    None if section.name == BERICHTEN => {
                        file.read_rows(BERICHTEN, table, &|k| BERICHTKOLOMMEN.contains(&k))?;
                    }
                    None if section.name == WITHOUT => file.read_without(table)?,
                    None if section.name == INSTELLING => file.read_settings(table)?,
                    None => {
                        return error(section.line, format!("onbekende tabel {}", section.name));
                    }
                }
            }
            if section.tables.is_empty() {
                return error(section.line, format!("geen tabel onder {}", section.name));
            }
        }
        match file.cases.iter().find(|g| !g.rows.contains_key("declaraties")) {
            Some(g) => error(g.line, format!("geval '{}' heeft geen declaraties", g.name)),
            None if file.cases.is_empty() => error(1, "het bestand heeft geen gevallen"),
            None => Ok(file),
        }
    }

    /// The kinds of expectation of which this file has none, though it should.
    pub fn missing_kinds(&self) -> Vec<&'static str> {
        use OutcomeKind::*;
        let has = |kind| {
            self.cases.iter().flat_map(|g| &g.expected).any(|v: &Expectation| v.kind == kind)
        };
        let mut gone: Vec<&str> = [Breach, InOrder, LimitInOrder, LimitBreach]
            .into_iter()
            .filter(|s| !has(*s))
            .map(OutcomeKind::name)
            .collect();
        match (self.always_testable, has(NotTestable)) {
            (false, false) => gone.push("niet te toetsen (of de kopregel Altijd te toetsen)"),
            (true, true) => {
                gone.push("'Altijd te toetsen' en 'niet te toetsen' spreken elkaar tegen")
            }
            _ => {}
        }
        gone
    }

    fn read_expected(&mut self, table: &Table) -> Result<(), TableError> {
        if table.kolommen != VERWACHTKOLOMMEN {
            return error(table.line, format!("verwacht zijn {}", VERWACHTKOLOMMEN.join(", ")));
        }
        for row in &table.rows {
            let [name, kind, over, ernst, bedrag, omdat] = row.cells.as_slice() else {
                unreachable!("as many cells as columns");
            };
            let Some(kind) = OutcomeKind::ALL.into_iter().find(|s| s.name() == kind) else {
                return error(row.line, format!("onbekende soort '{kind}'"));
            };
            if name.is_empty() || name == "*" || name.contains(';') {
                return error(row.line, format!("'{name}' is geen naam van een geval"));
            }
            if omdat.is_empty() {
                return error(row.line, "de kolom omdat is leeg");
            }
            let bevinding = if kind.is_overtreding() {
                if !OVER.iter().any(|o| over.starts_with(o)) {
                    return error(row.line, format!("onbekend onderwerp '{over}'"));
                }
                if !ERNST.contains(&ernst.as_str()) {
                    return error(row.line, format!("onbekende ernst '{ernst}'"));
                }
                let bedrag = match bedrag.as_str() {
                    "" => None,
                    text => match cent(text) {
                        Some(cent) => Some(cent),
                        None => return error(row.line, format!("'{text}' is geen bedrag")),
                    },
                };
                Some(Found { over: over.clone(), ernst: ernst.clone(), bedrag })
            } else if [over, ernst, bedrag].iter().all(|c| c.is_empty()) {
                None
            } else {
                return error(row.line, format!("{} heeft geen bevinding", kind.name()));
            };
            let expectation = Expectation { line: row.line, kind, bevinding, omdat: omdat.clone() };
            match self.cases.iter_mut().find(|g| g.name == *name) {
                Some(case) if !go_together(&case.expected, kind) => {
                    return error(
                        row.line,
                        format!("'{name}' kan niet ook '{}' zijn", kind.name()),
                    );
                }
                Some(case) => case.expected.push(expectation),
                None => self.cases.push(Case {
                    name: name.clone(),
                    line: row.line,
                    settings: self.settings.clone(),
                    rows: BTreeMap::new(),
                    without: Vec::new(),
                    expected: vec![expectation],
                }),
            }
        }
        Ok(())
    }

    fn read_rows(
        &mut self,
        name: &str,
        table: &Table,
        knows: &dyn Fn(&str) -> bool,
    ) -> Result<(), TableError> {
        let Some(("geval", kolommen)) = table.kolommen.split_first().map(|(a, b)| (a.as_str(), b))
        else {
            return error(table.line, "de eerste kolom is niet 'geval'");
        };
        for (i, kolom) in kolommen.iter().enumerate() {
            if !knows(kolom) {
                return error(table.line, format!("onbekende kolom {kolom} in {name}"));
            }
            if kolommen[..i].contains(kolom) {
                return error(table.line, format!("kolom {kolom} staat er twee keer"));
            }
        }
        for row in &table.rows {
            let cells = kolommen.iter().cloned().zip(row.cells[1..].iter().cloned()).collect();
            let input = InputRow { line: row.line, cells };
            self.for_each(&row.cells[0], row.line, |case| {
                case.rows.entry(name.to_owned()).or_default().push(input.clone());
            })?;
        }
        Ok(())
    }

    fn read_settings(&mut self, table: &Table) -> Result<(), TableError> {
        if table.kolommen[0] != "geval" {
            return error(table.line, "de eerste kolom is niet 'geval'");
        }
        for row in &table.rows {
            let mut succeeded = Ok(());
            self.for_each(&row.cells[0], row.line, |case| {
                for (name, value) in table.kolommen.iter().zip(&row.cells).skip(1) {
                    if let Err(problem) = case.settings.configure(name, value, row.line) {
                        succeeded = Err(problem);
                    }
                }
            })?;
            succeeded?;
        }
        Ok(())
    }

    fn read_without(&mut self, table: &Table) -> Result<(), TableError> {
        if table.kolommen != ["geval", "tabel", "kolom"] {
            return error(table.line, "verwacht zijn geval, tabel, kolom");
        }
        for row in &table.rows {
            let [cases, name, kolom] = row.cells.as_slice() else {
                unreachable!("as many cells as columns");
            };
            let Some(soort) = kind(name) else {
                return error(row.line, format!("onbekende tabel {name}"));
            };
            let kolom = match kolom.as_str() {
                WHOLE_TABLE => None,
                k if soort.has(k) => Some(k.to_owned()),
                k => return error(row.line, format!("onbekende kolom {k} in {name}")),
            };
            self.for_each(cases, row.line, |case| {
                case.without.push((name.clone(), kolom.clone()));
            })?;
        }
        Ok(())
    }

    /// The gevallen that a first cell names: `*`, one, or several with `;` between them.
    fn for_each(
        &mut self,
        cell: &str,
        line: usize,
        mut doe: impl FnMut(&mut Case),
    ) -> Result<(), TableError> {
        if cell == "*" {
            self.cases.iter_mut().for_each(doe);
            return Ok(());
        }
        for name in cell.split(';').map(str::trim) {
            match self.cases.iter_mut().find(|g| g.name == name) {
                Some(case) => doe(case),
                None => return error(line, format!("geval '{name}' staat niet onder Verwacht")),
            }
        }
        Ok(())
    }
}

impl Case {
    /// The CSV files of this geval, by table.
    pub fn files(&self) -> Result<Vec<(&'static str, Vec<u8>)>, TableError> {
        let mut bestanden = Vec::new();
        for kind in TABLES {
            if self.without.iter().any(|(t, k)| t == kind.name && k.is_none()) {
                continue;
            }
            let rows = self.rows.get(kind.name).map_or(&[][..], Vec::as_slice);
            let csv = kind.csv(rows, &self.columns_without(kind), self.settings.leverjaar)?;
            bestanden.extend(csv.map(|csv| (kind.name, csv)));
        }
        Ok(bestanden)
    }

    fn columns_without(&self, kind: &TableKind) -> Vec<&str> {
        self.without
            .iter()
            .filter(|(t, _)| t == kind.name)
            .filter_map(|(_, k)| k.as_deref())
            .collect()
    }
}

/// May a geval that has these expectations also have this one?
fn go_together(earlier: &[Expectation], kind: OutcomeKind) -> bool {
    earlier.iter().all(|v| match (v.kind, kind) {
        (OutcomeKind::NotTestable, s) | (s, OutcomeKind::NotTestable) => {
            s != OutcomeKind::NotApplicable
        }
        (a, b) => a.is_overtreding() && b.is_overtreding(),
    })
}

fn needs<'d>(header_lines: &'d [HeaderLine], name: &str) -> Result<&'d HeaderLine, TableError> {
    match header_line(header_lines, name)? {
        Some(header) => Ok(header),
        None => error(1, format!("de kopregel {name} ontbreekt")),
    }
}

fn header_line<'d>(
    header_lines: &'d [HeaderLine],
    name: &str,
) -> Result<Option<&'d HeaderLine>, TableError> {
    let mut of_name = header_lines.iter().filter(|k| k.name == name);
    let first = of_name.next();
    match (first, of_name.next()) {
        (_, Some(second)) => error(second.line, format!("{name} staat er twee keer")),
        (Some(k), _) if k.value.is_empty() => error(k.line, format!("{name} is leeg")),
        _ => Ok(first),
    }
}

/// `1234,56` in cents.
fn cent(text: &str) -> Option<Cent> {
    let (euro, cent) = text.split_once(',')?;
    let number = |t: &str| t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<i64>().ok())?;
    (cent.len() == 2).then_some(Cent(number(euro)? * 100 + number(cent)?))
}
