//! Functions and the tariff groups in which they may work (Beroepentabel).

use super::tables::{TabelFout, dag, parts, read};
use crate::dossier::Dag;
use hashbrown::HashMap;
use serde::Deserialize;
use std::sync::Arc;

/// A title as titles are compared: without case, and only its letters and digits.
fn genormaliseerd(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A title without what stands in brackets in it.
fn without_brackets(title: &str) -> String {
    let mut depth = 0_u32;
    let outside = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    title.chars().filter(outside).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct FunctieRow {
    functie: String,
    tariefsleutels: String,
    percelen: String,
    vanaf: String,
    tot: String,
    #[serde(default)]
    twijfel: String,
    bron: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SynoniemRow {
    synoniem: String,
    functie: String,
    bron: String,
}

/// Function titles and the tariff groups in which each is listed (Beroepentabel).
#[derive(Clone, Debug, Default)]
pub(crate) struct BeroepTable {
    /// Normalised title to the function.
    titles: HashMap<String, BeroepId>,
    /// Each function's title as the table has it, and its rows.
    beroepen: Vec<(String, Vec<Beroep>)>,
    /// First day of the first version; `None` where a row has no begin.
    first: Option<Dag>,
}

/// A function of the Beroepentabel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BeroepId(usize);

/// Groups of one function, for some percelen and some time.
#[derive(Clone, Debug)]
pub(crate) struct Beroep {
    pub tariefsleutels: Vec<String>,
    /// Groups above these of which the documents contradict each other.
    pub twijfel: Vec<String>,
    /// Percelen for which this holds; empty for all that no other row names.
    pub percelen: Vec<u8>,
    pub from: Option<Dag>,
    pub until: Option<Dag>,
    pub source: Arc<str>,
}

impl BeroepTable {
    pub(super) fn read(name: &str, content: &str) -> Result<BeroepTable, TabelFout> {
        let mut table = BeroepTable::default();
        for row in read::<FunctieRow>(name, content)? {
            let title = row.functie;
            if row.bron.is_empty() || row.tariefsleutels.is_empty() {
                return Err(TabelFout::missing(name, &title, "Bron of Tariefsleutels"));
            }
            let percelen = parts(&row.percelen)
                .map(|p| p.parse().map_err(|_| TabelFout::value(name, p, "perceel")))
                .collect::<Result<_, _>>()?;
            let beroep = Beroep {
                tariefsleutels: parts(&row.tariefsleutels).map(str::to_owned).collect(),
                twijfel: parts(&row.twijfel).map(str::to_owned).collect(),
                percelen,
                from: dag(name, &row.vanaf)?,
                until: dag(name, &row.tot)?,
                source: row.bron.as_str().into(),
            };
            let new = BeroepId(table.beroepen.len());
            let id = *table.titles.entry(genormaliseerd(&title)).or_insert(new);
            if id == new {
                table.beroepen.push((title, Vec::new()));
            }
            table.beroepen[id.0].1.push(beroep);
        }
        table.name_without_brackets();
        let rows = table.beroepen.iter().flat_map(|(_, rows)| rows);
        table.first = rows.map(|b| b.from).min().flatten();
        Ok(table)
    }

    /// A title is also known without what it has in brackets, unless another title is just that.
    fn name_without_brackets(&mut self) {
        for (id, (title, _)) in self.beroepen.iter().enumerate() {
            let short = genormaliseerd(&without_brackets(title));
            if !short.is_empty() {
                self.titles.entry(short).or_insert(BeroepId(id));
            }
        }
    }

    pub(super) fn add_synoniemen(&mut self, name: &str, content: &str) -> Result<(), TabelFout> {
        for row in read::<SynoniemRow>(name, content)? {
            let beroep = self.find(&row.functie).ok_or_else(|| TabelFout::FunctieOnbekend {
                name: name.to_owned(),
                functie: row.functie,
            })?;
            if row.bron.is_empty() {
                return Err(TabelFout::missing(name, &row.synoniem, "Bron"));
            }
            self.titles.entry(genormaliseerd(&row.synoniem)).or_insert(beroep);
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.beroepen.is_empty()
    }

    /// All titles as the table has them, by bytes.
    pub(crate) fn titles(&self) -> Vec<&str> {
        let mut titels: Vec<&str> = self.beroepen.iter().map(|(title, _)| &**title).collect();
        titels.sort_unstable();
        titels
    }

    /// The function of this title, case and punctuation aside, or of this synonym.
    pub(crate) fn find(&self, title: &str) -> Option<BeroepId> {
        self.titles.get(&genormaliseerd(title)).copied()
    }

    /// The title of a function, as the table has it.
    pub(crate) fn title(&self, beroep: BeroepId) -> &str {
        &self.beroepen[beroep.0].0
    }

    /// The groups of a function on a day, for an aanbieder of which `has_perceel` tells its
    /// percelen: a row for one of those goes before the general one.
    pub(crate) fn groups(
        &self,
        beroep: BeroepId,
        has_perceel: impl Fn(u8) -> bool,
        dag: Dag,
    ) -> Option<&Beroep> {
        // Before the first version of the table that version holds.
        let dag = self.first.map_or(dag, |first| dag.max(first));
        let holds = |b: &&Beroep| {
            b.from.is_none_or(|v| v <= dag)
                && b.until.is_none_or(|t| dag <= t)
                && (b.percelen.is_empty() || b.percelen.iter().any(|p| has_perceel(*p)))
        };
        let rows = &self.beroepen[beroep.0].1;
        rows.iter().filter(holds).max_by_key(|b| !b.percelen.is_empty())
    }

    /// Is there a row of this function for some percelen only?
    pub(crate) fn differs_per_perceel(&self, beroep: BeroepId) -> bool {
        self.beroepen[beroep.0].1.iter().any(|b| !b.percelen.is_empty())
    }
}

/// A list of function titles.
#[derive(Clone, Debug, Default)]
pub(crate) struct FunctieList(Vec<String>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ListRow {
    functie: String,
    bron: String,
}

impl FunctieList {
    pub(super) fn read(name: &str, content: &str) -> Result<FunctieList, TabelFout> {
        read::<ListRow>(name, content)?
            .into_iter()
            .map(|row| match row.bron.as_str() {
                "" => Err(TabelFout::missing(name, &row.functie, "Bron")),
                _ => Ok(genormaliseerd(&row.functie)),
            })
            .collect::<Result<_, _>>()
            .map(FunctieList)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, title: &str) -> bool {
        self.0.contains(&genormaliseerd(title))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNCTIES: &str = "Functie;Tariefsleutels;Percelen;Vanaf;Tot;Bron
Sociaal psychiatrisch verpleegkundige;TG4|TG5;;;;tabel
Jeugdzorgwerker A;TG3;;;;tabel
Jeugdzorgwerker A;TG4;2;;;tabel
Psycholoog;TG5;;;2024-12-31;tabel
Psycholoog;TG6;;2025-01-01;;tabel
";

    #[test]
    fn a_title_is_found_case_and_punctuation_aside_and_by_its_synonyms() {
        let mut table = BeroepTable::read("functies.csv", FUNCTIES).unwrap();
        table
            .add_synoniemen(
                "synoniemen.csv",
                "Synoniem;Functie;Bron\nSPV;Sociaal psychiatrisch verpleegkundige;tabel\n",
            )
            .unwrap();
        let beroep = table.find("sociaal-psychiatrisch  Verpleegkundige").unwrap();
        assert_eq!(table.find("spv"), Some(beroep));
        assert_eq!(table.find("tuinman"), None);
        let dag = Dag::from_jmd(2023, 1, 1).unwrap();
        assert_eq!(table.groups(beroep, |_| false, dag).unwrap().tariefsleutels, ["TG4", "TG5"]);
    }

    #[test]
    fn a_row_for_the_perceel_goes_before_the_general_one_and_each_version_has_its_time() {
        let table = BeroepTable::read("functies.csv", FUNCTIES).unwrap();
        let group = |title: &str, percelen: &[u8], jaar| {
            let dag = Dag::from_jmd(jaar, 6, 1).unwrap();
            let beroep = table.find(title).unwrap();
            table.groups(beroep, |p| percelen.contains(&p), dag).unwrap().tariefsleutels.join(" ")
        };
        assert_eq!(group("Jeugdzorgwerker A", &[1], 2023), "TG3");
        assert_eq!(group("Jeugdzorgwerker A", &[8, 2], 2023), "TG4");
        assert_eq!(group("Psycholoog", &[], 2024), "TG5");
        assert_eq!(group("Psycholoog", &[], 2025), "TG6");
    }

    #[test]
    fn a_wrong_row_is_named() {
        let error = BeroepTable::read(
            "f.csv",
            "Functie;Tariefsleutels;Percelen;Vanaf;Tot;Bron\nA;TG1;x;;;b\n",
        );
        assert!(error.unwrap_err().to_string().contains("'x' is geen perceel"));
    }
}
