//! How a case file is read: one rule, its gevallen, and what each should give.

use super::case::{Case, CaseFile, CaseSettings, Expectation, Found, OutcomeKind};
use super::markdown::{Document, HeaderLine, Table, TableError, error};
use super::tables::{BERICHTEN, BERICHTKOLOMMEN, InputRow, TABLES, TableKind, kind};
use crate::dossier::Cent;
use std::collections::BTreeMap;

const HEADER_LINES: &[&str] = &["Bron", "Regelset", "Leverjaar", "Niveau", "Altijd te toetsen"];
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
    /// Reads the file of a rule, `<CODE>.md`, whose cases are of one of these rulesets.
    ///
    /// # Errors
    /// Anything in it that isn't known, with its line.
    pub fn read(code: &str, text: &str, regelsets: &[&str]) -> Result<CaseFile, TableError> {
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
            settings.configure(regelsets, name, &header.value, header.line)?;
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
                    None if section.name == INSTELLING => file.read_settings(regelsets, table)?,
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
                return error(row.line, "een rij met andere cellen dan kolommen");
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

    fn read_settings(&mut self, regelsets: &[&str], table: &Table) -> Result<(), TableError> {
        if table.kolommen[0] != "geval" {
            return error(table.line, "de eerste kolom is niet 'geval'");
        }
        for row in &table.rows {
            let mut succeeded = Ok(());
            self.for_each(&row.cells[0], row.line, |case| {
                for (name, value) in table.kolommen.iter().zip(&row.cells).skip(1) {
                    if let Err(problem) = case.settings.configure(regelsets, name, value, row.line)
                    {
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
                return error(row.line, "een rij met andere cellen dan kolommen");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Niveau;

    /// A case file with nothing wrong, to change one thing in.
    const GOOD: &str = "\
# XX01 · Voorbeeld

Bron: ID eis 1
Regelset: ijsselland
Leverjaar: 2023
Niveau: maand

Een zin.

## declaraties

| geval | Begindatum | Jeugdige |
|---|---|---|
| goed | 01-05-2023 | 2 |
| goed; ook goed | 01-06-2023 | |

## Zonder kolom

| geval | tabel | kolom |
|---|---|---|
| ook goed | toewijzingen | Budget |

## Instelling

| geval | Leverjaar | Niveau |
|---|---|---|
| ook goed | 2025 | contact |

## Verwacht

| geval | soort | over | ernst | bedrag | omdat |
|---|---|---|---|---|---|
| goed | overtreding | regel R1 | fout | 1000,00 | a \\| b |
| ook goed | in orde | | | | niets |
";

    #[test]
    fn a_case_file_becomes_dossiers() {
        let file = CaseFile::read("XX01", GOOD, &["ijsselland"]).expect("nothing is wrong");
        let [good, also_good] = file.cases.as_slice() else { panic!("two gevallen") };
        let zo = |g: &Case| (g.settings.leverjaar, g.settings.niveau);
        assert_eq!((zo(good), zo(also_good)), ((2023, Niveau::Maand), (2025, Niveau::Contact)));
        assert_eq!(good.expected[0].omdat, "a | b");
        let csv = |case: &Case, name: &str| {
            let mut files = case.files().expect("nothing is wrong");
            let (_, bytes) = files.remove(files.iter().position(|b| b.0 == name).unwrap());
            String::from_utf8(bytes).unwrap()
        };
        let declaraties = csv(good, "declaraties");
        let rows: Vec<&str> = declaraties.lines().collect();
        assert_eq!(rows.len(), 3);
        assert_eq!(
            rows[1],
            "D1;R1;;12-06-2023;12-06-2023;0193;99000001;999900018;1;45;45T01;01-05-2023;31-05-2023;100;01;;100,00;D;;;;;;;;"
        );
        assert!(
            rows[2].starts_with("D1;R2;;12-07-2023;12-07-2023;0193;99000001;;1;"),
            "{}",
            rows[2]
        );
        assert!(csv(good, "toewijzingen").lines().next().unwrap().contains(";Budget;"));
        assert!(!csv(also_good, "toewijzingen").contains("Budget;"));
        assert!(csv(also_good, "aanbieders").contains("\n99000001;De Linde;1;6|7|8|9;"));
    }

    #[test]
    fn a_repeated_row_is_written_with_numbers_and_children_of_its_own() {
        let text = GOOD.replace(
        "| geval | Begindatum | Jeugdige |\n|---|---|---|\n",
        "| geval | keer | Jeugdige | IngediendBedrag |\n|---|---|---|---|\n| goed | 3 | 1-2 | benford |\n\n| geval | Begindatum | Jeugdige |\n|---|---|---|\n",
    );
        let file = CaseFile::read("XX01", &text, &["ijsselland"]).expect("nothing is wrong");
        let files = file.cases[0].files().expect("nothing is wrong");
        let csv = String::from_utf8(files[0].1.clone()).unwrap();
        let fields: Vec<Vec<&str>> = csv.lines().skip(1).map(|r| r.split(';').collect()).collect();
        let kolom = |i: usize| fields.iter().map(|v| v[i]).collect::<Vec<_>>();
        assert_eq!(kolom(1), ["R1-1", "R1-2", "R1-3", "R2", "R3"]);
        assert_eq!(kolom(7)[..3], ["999900006", "999900018", "999900006"]);
        assert_eq!(kolom(16)[..3], ["14,67", "31,62", "68,12"]);
    }

    #[test]
    fn a_case_file_with_anything_unknown_is_refused_with_its_line() {
        for (was, becomes, line, what) in [
            ("# XX01", "# XX02", 1, "titel"),
            ("Bron: ID eis 1", "Bronn: ID eis 1", 3, "onbekende kopregel"),
            ("Niveau: maand\n", "", 1, "Niveau ontbreekt"),
            ("Regelset: ijsselland", "Regelset: twente", 4, "onbekende regelset"),
            ("## declaraties", "## declaratie", 10, "onbekende tabel"),
            ("| geval | Begindatum |", "| geval | Begin |", 12, "onbekende kolom Begin"),
            ("| goed | 01-05-2023 | 2 |", "| goed | 01-05-2023 |", 14, "2 cellen, 3 kolommen"),
            ("| goed | 01-05-2023 |", "| gaed | 01-05-2023 |", 14, "staat niet onder Verwacht"),
            (
                "| toewijzingen | Budget |",
                "| toewijzingen | Budged |",
                21,
                "onbekende kolom Budged",
            ),
            ("| 2025 | contact |", "| 2025 | dag |", 27, "onbekend niveau"),
            ("| overtreding |", "| overtredign |", 33, "onbekende soort"),
            ("| regel R1 |", "| lijn R1 |", 33, "onbekend onderwerp"),
            ("| fout |", "| fuot |", 33, "onbekende ernst"),
            ("1000,00", "1000", 33, "geen bedrag"),
            ("| in orde | |", "| in orde | regel R1 |", 34, "geen bevinding"),
            ("| niets |", "| |", 34, "omdat is leeg"),
        ] {
            assert!(GOOD.contains(was), "{was}");
            let error =
                CaseFile::read("XX01", &GOOD.replace(was, becomes), &["ijsselland"]).unwrap_err();
            assert!(error.line == line && error.what.contains(what), "{becomes}: {error:?}");
        }
    }
}
