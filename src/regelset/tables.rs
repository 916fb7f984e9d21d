//! The tables that a ruleset brings as CSV: gemeenten, percelen, and what all tables share. Every row is dated where
//! the contract's versions differ, and names its source.

use crate::dossier::{Dag, Gemeente, Onderdeel};
use hashbrown::HashMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// What is wrong in a table of a ruleset; each names the file.
#[derive(Debug, Error)]
pub(super) enum TabelFout {
    #[error("{name}, regel {line}: {cause}")]
    Rij { name: String, line: u64, cause: csv::Error },
    /// `soort` is what the column holds, with an example.
    #[error("{name}: '{value}' is geen {kind}")]
    Value { name: String, value: String, kind: &'static str },
    #[error("{name}: bij '{at}' ontbreekt {what}")]
    Ontbreekt { name: String, at: String, what: &'static str },
    #[error("{name}: '{functie}' staat niet in de Beroepentabel")]
    FunctieOnbekend { name: String, functie: String },
}

impl TabelFout {
    pub(super) fn value(name: &str, waarde: &str, kind: &'static str) -> TabelFout {
        TabelFout::Value { name: name.to_owned(), value: waarde.to_owned(), kind }
    }

    pub(super) fn missing(name: &str, at: &str, what: &'static str) -> TabelFout {
        TabelFout::Ontbreekt { name: name.to_owned(), at: at.to_owned(), what }
    }
}

/// Rows of a table; the error names file, line and column.
pub(super) fn read<T: DeserializeOwned>(name: &str, content: &str) -> Result<Vec<T>, TabelFout> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .trim(csv::Trim::All)
        .from_reader(content.trim_start_matches('\u{feff}').as_bytes());
    reader
        .deserialize()
        .map(|row| {
            row.map_err(|cause: csv::Error| {
                let line = cause.position().map_or(1, csv::Position::line);
                TabelFout::Rij { name: name.to_owned(), line, cause }
            })
        })
        .collect()
}

/// A cell that holds a date as `2023-01-31`, or nothing.
pub(super) fn dag(name: &str, cell: &str) -> Result<Option<Dag>, TabelFout> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse()
        .ok()
        .and_then(Dag::from_datum)
        .map(Some)
        .ok_or_else(|| TabelFout::value(name, cell, "datum als 2023-01-31"))
}

/// The non-empty parts of `a|b|c`.
pub(super) fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|d| !d.is_empty())
}

/// A gemeente of the region, and what of the contract it takes part in.
#[derive(Clone, Debug)]
pub(crate) struct Deelname {
    pub gemeente: Gemeente,
    pub name: String,
    /// Parts of the contract; `None` for all of them.
    pub onderdelen: Option<Vec<Onderdeel>>,
    /// Parts of which the documents contradict each other, and how.
    pub twijfel: Vec<Onderdeel>,
    pub toelichting: String,
    pub from: Option<Dag>,
    pub until: Option<Dag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DeelnameRow {
    gemeente: String,
    naam: String,
    onderdelen: String,
    twijfel: String,
    vanaf: String,
    tot: String,
    #[serde(default)]
    toelichting: String,
    /// For whoever reads the table.
    #[serde(rename = "Bron")]
    _source: String,
}

/// Gemeenten of the region.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deelnames(Vec<Deelname>);

impl Deelnames {
    pub(super) fn read(name: &str, content: &str) -> Result<Deelnames, TabelFout> {
        let onderdelen = |cell: &str| -> Result<Vec<Onderdeel>, TabelFout> {
            parts(cell).map(|d| onderdeel(name, d)).collect()
        };
        read::<DeelnameRow>(name, content)?
            .into_iter()
            .map(|row| {
                Ok(Deelname {
                    gemeente: gemeente(name, &row.gemeente)?,
                    onderdelen: match row.onderdelen.as_str() {
                        "alle" => None,
                        cell => Some(onderdelen(cell)?),
                    },
                    twijfel: onderdelen(&row.twijfel)?,
                    toelichting: row.toelichting,
                    from: dag(name, &row.vanaf)?,
                    until: dag(name, &row.tot)?,
                    name: row.naam,
                })
            })
            .collect::<Result<_, _>>()
            .map(Deelnames)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Holds every row from the first of these days to the last, or on none of them?
    pub(crate) fn is_constant(&self, first: Dag, last: Dag) -> bool {
        self.0.iter().all(|d| {
            let begun = |dag| d.from.is_none_or(|from| from <= dag);
            let ended = |dag| d.until.is_some_and(|until| until < dag);
            begun(first) == begun(last) && ended(first) == ended(last)
        })
    }

    pub(crate) fn all(&self) -> &[Deelname] {
        &self.0
    }

    /// What this gemeente takes part in on a day; `None` for one outside the region.
    pub(crate) fn of(&self, gemeente: Gemeente, dag: Dag) -> Option<&Deelname> {
        self.0.iter().find(|d| {
            d.gemeente == gemeente
                && d.from.is_none_or(|v| v <= dag)
                && d.until.is_none_or(|t| dag <= t)
        })
    }
}

fn gemeente(name: &str, cell: &str) -> Result<Gemeente, TabelFout> {
    match cell.parse() {
        Ok(code) if cell.len() == 4 => Ok(Gemeente(code)),
        _ => Err(TabelFout::value(name, cell, "gemeentecode van vier cijfers")),
    }
}

fn onderdeel(name: &str, cell: &str) -> Result<Onderdeel, TabelFout> {
    let onderdeel = Onderdeel::ALL.into_iter().find(|o| o.name() == cell);
    onderdeel.ok_or_else(|| TabelFout::value(name, cell, "onderdeel"))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GemeentecodeRow {
    code: String,
    naam: String,
    vanaf: String,
    tot: String,
}

/// The gemeente codes of CBS and when each was in use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gemeentecodes(HashMap<Gemeente, (String, Vec<Usage>)>);

/// First and last day on which a code was in use, where it has one.
type Usage = (Option<Dag>, Option<Dag>);

impl Gemeentecodes {
    pub(super) fn read(name: &str, content: &str) -> Result<Gemeentecodes, TabelFout> {
        let mut codes: HashMap<Gemeente, (String, Vec<Usage>)> = HashMap::new();
        for row in read::<GemeentecodeRow>(name, content)? {
            let valid = (dag(name, &row.vanaf)?, dag(name, &row.tot)?);
            let slot = codes.entry(gemeente(name, &row.code)?).or_default();
            // The last name is the one that people know it by.
            slot.0 = row.naam;
            slot.1.push(valid);
        }
        Ok(Gemeentecodes(codes))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Was this code in use on any day from `begin` to `end`?
    pub(crate) fn applies(&self, gemeente: Gemeente, begin: Dag, end: Dag) -> bool {
        self.0.get(&gemeente).is_some_and(|(_, termijnen)| {
            termijnen.iter().any(|(from, until)| {
                from.is_none_or(|v| v <= end) && until.is_none_or(|t| begin <= t)
            })
        })
    }

    /// The gemeente's name; empty for a code that CBS never gave.
    pub(crate) fn name(&self, gemeente: Gemeente) -> &str {
        self.0.get(&gemeente).map_or("", |(naam, _)| naam)
    }

    /// Those in use on any day of a year, with their names.
    pub(crate) fn names_in(&self, jaar: i32) -> impl Iterator<Item = (Gemeente, &str)> {
        let day = |maand, dag| Dag::from_jmd(jaar, maand, dag);
        let year = day(1, 1).zip(day(12, 31));
        let in_use =
            move |g: Gemeente| year.is_some_and(|(first, last)| self.applies(g, first, last));
        self.0.iter().filter(move |(g, _)| in_use(**g)).map(|(g, (name, _))| (*g, &**name))
    }

    /// Number of codes in use on a day.
    #[cfg(test)]
    pub(crate) fn count_up_to(&self, dag: Dag) -> usize {
        self.0.keys().filter(|g| self.applies(**g, dag, dag)).count()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PerceelRow {
    perceel: u8,
    #[serde(rename = "Naam")]
    _name: String,
    onderdeel: String,
    #[serde(rename = "Bron")]
    _source: String,
}

/// Which percelen a part of the contract is bought in.
#[derive(Clone, Debug, Default)]
pub(crate) struct PerceelTable(Vec<(Onderdeel, Vec<u8>)>);

impl PerceelTable {
    pub(super) fn read(name: &str, content: &str) -> Result<PerceelTable, TabelFout> {
        let mut table: Vec<(Onderdeel, Vec<u8>)> = Vec::new();
        for row in read::<PerceelRow>(name, content)? {
            let onderdeel = onderdeel(name, &row.onderdeel)?;
            match table.iter_mut().find(|(o, _)| *o == onderdeel) {
                Some((_, percelen)) => percelen.push(row.perceel),
                None => table.push((onderdeel, vec![row.perceel])),
            }
        }
        Ok(PerceelTable(table))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The percelen of this part; `None` for one that needs no perceel.
    pub(crate) fn of(&self, onderdeel: Onderdeel) -> Option<&[u8]> {
        self.0.iter().find(|(o, _)| *o == onderdeel).map(|(_, p)| p.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_row_is_named() {
        let error = Deelnames::read(
            "g.csv",
            "Gemeente;Naam;Onderdelen;Twijfel;Vanaf;Tot;Bron\n193;Zwolle;alle;;;;b\n",
        );
        assert!(error.unwrap_err().to_string().contains("vier cijfers"));
    }
}
