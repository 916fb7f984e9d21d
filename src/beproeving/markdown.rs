//! A case file as text: a title, header lines, and tables under headings. Nothing is skipped in
//! silence but sentences between the header lines and the first heading.

/// What is wrong, and on which line.
#[derive(Debug, PartialEq, Eq)]
pub struct TableError {
    pub line: usize,
    pub what: String,
}

pub(super) fn error<T>(line: usize, what: impl Into<String>) -> Result<T, TableError> {
    Err(TableError { line, what: what.into() })
}

#[derive(Debug, Default)]
pub(super) struct Document {
    pub title: String,
    pub header_lines: Vec<HeaderLine>,
    pub sections: Vec<TableSection>,
}

#[derive(Debug)]
pub(super) struct HeaderLine {
    pub line: usize,
    pub name: String,
    pub value: String,
}

#[derive(Debug)]
pub(super) struct TableSection {
    pub line: usize,
    pub name: String,
    pub tables: Vec<Table>,
}

#[derive(Debug)]
pub(super) struct Table {
    pub line: usize,
    pub kolommen: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Debug)]
pub(super) struct Row {
    pub line: usize,
    pub cells: Vec<String>,
}

/// Where in the file a line stands.
enum TablePosition {
    Title,
    HeaderLines,
    Sentences,
    /// Between tables of a section.
    Section,
    Table,
}

impl Document {
    /// Reads a file; `known` are the names of the header lines.
    pub(super) fn read(text: &str, known: &[&str]) -> Result<Document, TableError> {
        let mut document = Document::default();
        let mut place = TablePosition::Title;
        let mut lines = text.lines().enumerate().map(|(i, r)| (i + 1, r.trim())).peekable();
        while let Some((id, regel)) = lines.next() {
            if regel.is_empty() {
                place = match place {
                    TablePosition::HeaderLines if !document.header_lines.is_empty() => {
                        TablePosition::Sentences
                    }
                    TablePosition::Table => TablePosition::Section,
                    otherwise => otherwise,
                };
                continue;
            }
            if let Some(name) = regel.strip_prefix("## ") {
                if matches!(place, TablePosition::Title) {
                    return error(id, "een kop voor de titel");
                }
                let name = name.trim().to_owned();
                document.sections.push(TableSection { line: id, name, tables: Vec::new() });
                place = TablePosition::Section;
                continue;
            }
            match place {
                TablePosition::Title => {
                    let Some(title) = regel.strip_prefix("# ") else {
                        return error(id, "de eerste regel is geen titel ('# CODE · naam')");
                    };
                    document.title = title.trim().to_owned();
                    place = TablePosition::HeaderLines;
                }
                TablePosition::HeaderLines | TablePosition::Sentences => {
                    let part = regel.split_once(':').map(|(n, w)| (n.trim(), w.trim()));
                    match part.filter(|(name, _)| known.contains(name)) {
                        Some((name, value)) => document.header_lines.push(HeaderLine {
                            line: id,
                            name: name.to_owned(),
                            value: value.to_owned(),
                        }),
                        None if matches!(place, TablePosition::HeaderLines) => {
                            return error(id, format!("onbekende kopregel: {regel}"));
                        }
                        None if regel.starts_with(['|', '#']) => {
                            return error(id, "een tabel hoort onder een kop '## …'");
                        }
                        None => {}
                    }
                }
                TablePosition::Section => {
                    let section = document.sections.last_mut().expect("a heading came first");
                    let kolommen = cells(id, regel)?;
                    if !lines.next().is_some_and(|(_, r)| is_separator(r, kolommen.len())) {
                        return error(id, "na de kolomnamen hoort een regel '|---|---|'");
                    }
                    section.tables.push(Table { line: id, kolommen, rows: Vec::new() });
                    place = TablePosition::Table;
                }
                TablePosition::Table => {
                    let tables = &mut document.sections.last_mut().expect("a heading").tables;
                    let table = tables.last_mut().expect("column names came first");
                    let cellen = cells(id, regel)?;
                    if cellen.len() != table.kolommen.len() {
                        return error(
                            id,
                            format!("{} cellen, {} kolommen", cellen.len(), table.kolommen.len()),
                        );
                    }
                    table.rows.push(Row { line: id, cells: cellen });
                }
            }
        }
        Ok(document)
    }
}

/// The cells of `| a | b |`, with `\|` for a `|` inside one.
fn cells(id: usize, regel: &str) -> Result<Vec<String>, TableError> {
    let Some(within) = regel.strip_prefix('|') else {
        return error(id, format!("geen tabelregel: {regel}"));
    };
    let mut cellen = vec![String::new()];
    let mut characters = within.chars().peekable();
    while let Some(character) = characters.next() {
        let cell = cellen.last_mut().expect("never empty");
        match character {
            '\\' if characters.next_if_eq(&'|').is_some() => cell.push('|'),
            '|' => cellen.push(String::new()),
            character => cell.push(character),
        }
    }
    match cellen.pop() {
        Some(rest) if rest.is_empty() && !cellen.is_empty() => {}
        _ => return error(id, "een tabelregel eindigt met '|'"),
    }
    Ok(cellen.into_iter().map(|c| c.trim().to_owned()).collect())
}

fn is_separator(regel: &str, kolommen: usize) -> bool {
    cells(0, regel).is_ok_and(|cellen| {
        cellen.len() == kolommen
            && cellen.iter().all(|c| !c.is_empty() && c.chars().all(|t| matches!(t, '-' | ':')))
    })
}
