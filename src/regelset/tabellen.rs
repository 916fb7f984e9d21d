//! The tables that a ruleset brings as CSV: functions, gemeenten, percelen. Every row is dated where
//! the contract's versions differ, and names its source.

use crate::dossier::{Dag, Gemeente, Onderdeel};
use hashbrown::HashMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use thiserror::Error;

/// What is wrong in a table of a ruleset; each names the file.
#[derive(Debug, Error)]
pub(super) enum TabelFout {
    #[error("{naam}, regel {regel}: {oorzaak}")]
    Rij { naam: String, regel: u64, oorzaak: csv::Error },
    /// `soort` is what the column holds, with an example.
    #[error("{naam}: '{waarde}' is geen {soort}")]
    Waarde { naam: String, waarde: String, soort: &'static str },
    #[error("{naam}: bij '{bij}' ontbreekt {wat}")]
    Ontbreekt { naam: String, bij: String, wat: &'static str },
    #[error("{naam}: '{functie}' staat niet in de Beroepentabel")]
    FunctieOnbekend { naam: String, functie: String },
}

impl TabelFout {
    fn waarde(naam: &str, waarde: &str, soort: &'static str) -> TabelFout {
        TabelFout::Waarde { naam: naam.to_owned(), waarde: waarde.to_owned(), soort }
    }

    fn ontbreekt(naam: &str, bij: &str, wat: &'static str) -> TabelFout {
        TabelFout::Ontbreekt { naam: naam.to_owned(), bij: bij.to_owned(), wat }
    }
}

/// Rows of a table; the error names file, line and column.
pub(super) fn lees<T: DeserializeOwned>(naam: &str, inhoud: &str) -> Result<Vec<T>, TabelFout> {
    let mut lezer = csv::ReaderBuilder::new()
        .delimiter(b';')
        .trim(csv::Trim::All)
        .from_reader(inhoud.trim_start_matches('\u{feff}').as_bytes());
    lezer
        .deserialize()
        .map(|rij| {
            rij.map_err(|oorzaak: csv::Error| {
                let regel = oorzaak.position().map_or(1, csv::Position::line);
                TabelFout::Rij { naam: naam.to_owned(), regel, oorzaak }
            })
        })
        .collect()
}

/// A cell that holds a date as `2023-01-31`, or nothing.
pub(super) fn dag(naam: &str, cel: &str) -> Result<Option<Dag>, TabelFout> {
    if cel.is_empty() {
        return Ok(None);
    }
    cel.parse()
        .ok()
        .and_then(Dag::van_datum)
        .map(Some)
        .ok_or_else(|| TabelFout::waarde(naam, cel, "datum als 2023-01-31"))
}

/// The non-empty parts of `a|b|c`.
fn delen(cel: &str) -> impl Iterator<Item = &str> {
    cel.split('|').map(str::trim).filter(|d| !d.is_empty())
}

/// A title as titles are compared: without case, and only its letters and digits.
fn genormaliseerd(titel: &str) -> String {
    titel.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Functierij {
    functie: String,
    tariefsleutels: String,
    percelen: String,
    vanaf: String,
    tot: String,
    bron: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Synoniemrij {
    synoniem: String,
    functie: String,
    bron: String,
}

/// Function titles and the tariff groups in which each is listed (Beroepentabel).
#[derive(Clone, Debug, Default)]
pub struct Beroepentabel {
    /// Normalised title to the function.
    titels: HashMap<String, BeroepNr>,
    /// Each function's title as the table has it, and its rows.
    beroepen: Vec<(String, Vec<Beroep>)>,
    /// First day of the first version; `None` where a row has no begin.
    eerste: Option<Dag>,
}

/// A function of the Beroepentabel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeroepNr(usize);

/// Groups of one function, for some percelen and some time.
#[derive(Clone, Debug)]
pub struct Beroep {
    pub tariefsleutels: Vec<String>,
    /// Percelen for which this holds; empty for all that no other row names.
    pub percelen: Vec<u8>,
    pub vanaf: Option<Dag>,
    pub tot: Option<Dag>,
    pub bron: Arc<str>,
}

impl Beroepentabel {
    pub(super) fn lees(naam: &str, inhoud: &str) -> Result<Beroepentabel, TabelFout> {
        let mut tabel = Beroepentabel::default();
        for rij in lees::<Functierij>(naam, inhoud)? {
            let titel = rij.functie;
            if rij.bron.is_empty() || rij.tariefsleutels.is_empty() {
                return Err(TabelFout::ontbreekt(naam, &titel, "Bron of Tariefsleutels"));
            }
            let percelen = delen(&rij.percelen)
                .map(|p| p.parse().map_err(|_| TabelFout::waarde(naam, p, "perceel")))
                .collect::<Result<_, _>>()?;
            let beroep = Beroep {
                tariefsleutels: delen(&rij.tariefsleutels).map(str::to_owned).collect(),
                percelen,
                vanaf: dag(naam, &rij.vanaf)?,
                tot: dag(naam, &rij.tot)?,
                bron: rij.bron.as_str().into(),
            };
            let nieuw = BeroepNr(tabel.beroepen.len());
            let nr = *tabel.titels.entry(genormaliseerd(&titel)).or_insert(nieuw);
            if nr == nieuw {
                tabel.beroepen.push((titel, Vec::new()));
            }
            tabel.beroepen[nr.0].1.push(beroep);
        }
        let rijen = tabel.beroepen.iter().flat_map(|(_, rijen)| rijen);
        tabel.eerste = rijen.map(|b| b.vanaf).min().flatten();
        Ok(tabel)
    }

    pub(super) fn neem_synoniemen_op(&mut self, naam: &str, inhoud: &str) -> Result<(), TabelFout> {
        for rij in lees::<Synoniemrij>(naam, inhoud)? {
            let beroep = self.zoek(&rij.functie).ok_or_else(|| TabelFout::FunctieOnbekend {
                naam: naam.to_owned(),
                functie: rij.functie,
            })?;
            if rij.bron.is_empty() {
                return Err(TabelFout::ontbreekt(naam, &rij.synoniem, "Bron"));
            }
            self.titels.entry(genormaliseerd(&rij.synoniem)).or_insert(beroep);
        }
        Ok(())
    }

    pub fn is_leeg(&self) -> bool {
        self.beroepen.is_empty()
    }

    /// All titles as the table has them, by bytes.
    pub fn titels(&self) -> Vec<&str> {
        let mut titels: Vec<&str> = self.beroepen.iter().map(|(titel, _)| &**titel).collect();
        titels.sort_unstable();
        titels
    }

    /// The function of this title, case and punctuation aside, or of this synonym.
    pub fn zoek(&self, titel: &str) -> Option<BeroepNr> {
        self.titels.get(&genormaliseerd(titel)).copied()
    }

    /// The groups of a function on a day, for an aanbieder of which `heeft_perceel` tells its
    /// percelen: a row for one of those goes before the general one.
    pub fn groepen(
        &self,
        beroep: BeroepNr,
        heeft_perceel: impl Fn(u8) -> bool,
        dag: Dag,
    ) -> Option<&Beroep> {
        // Before the first version of the table that version holds.
        let dag = self.eerste.map_or(dag, |eerste| dag.max(eerste));
        let geldt = |b: &&Beroep| {
            b.vanaf.is_none_or(|v| v <= dag)
                && b.tot.is_none_or(|t| dag <= t)
                && (b.percelen.is_empty() || b.percelen.iter().any(|p| heeft_perceel(*p)))
        };
        let rijen = &self.beroepen[beroep.0].1;
        rijen.iter().filter(geldt).max_by_key(|b| !b.percelen.is_empty())
    }

    /// Is there a row of this function for some percelen only?
    pub fn verschilt_per_perceel(&self, beroep: BeroepNr) -> bool {
        self.beroepen[beroep.0].1.iter().any(|b| !b.percelen.is_empty())
    }
}

/// A list of function titles.
#[derive(Clone, Debug, Default)]
pub struct Functielijst(Vec<String>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Lijstrij {
    functie: String,
    bron: String,
}

impl Functielijst {
    pub(super) fn lees(naam: &str, inhoud: &str) -> Result<Functielijst, TabelFout> {
        lees::<Lijstrij>(naam, inhoud)?
            .into_iter()
            .map(|rij| match rij.bron.as_str() {
                "" => Err(TabelFout::ontbreekt(naam, &rij.functie, "Bron")),
                _ => Ok(genormaliseerd(&rij.functie)),
            })
            .collect::<Result<_, _>>()
            .map(Functielijst)
    }

    pub fn is_leeg(&self) -> bool {
        self.0.is_empty()
    }

    pub fn bevat(&self, titel: &str) -> bool {
        self.0.contains(&genormaliseerd(titel))
    }
}

/// A gemeente of the region, and what of the contract it takes part in.
#[derive(Clone, Debug)]
pub struct Deelname {
    pub gemeente: Gemeente,
    pub naam: String,
    /// Parts of the contract; `None` for all of them.
    pub onderdelen: Option<Vec<Onderdeel>>,
    /// Parts that a person must judge.
    pub twijfel: Vec<Onderdeel>,
    pub vanaf: Option<Dag>,
    pub tot: Option<Dag>,
    pub bron: Arc<str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Deelnamerij {
    gemeente: String,
    naam: String,
    onderdelen: String,
    twijfel: String,
    vanaf: String,
    tot: String,
    bron: String,
}

/// Gemeenten of the region.
#[derive(Clone, Debug, Default)]
pub struct Deelnames(Vec<Deelname>);

impl Deelnames {
    pub(super) fn lees(naam: &str, inhoud: &str) -> Result<Deelnames, TabelFout> {
        let onderdelen = |cel: &str| -> Result<Vec<Onderdeel>, TabelFout> {
            delen(cel).map(|d| onderdeel(naam, d)).collect()
        };
        lees::<Deelnamerij>(naam, inhoud)?
            .into_iter()
            .map(|rij| {
                Ok(Deelname {
                    gemeente: gemeente(naam, &rij.gemeente)?,
                    onderdelen: match rij.onderdelen.as_str() {
                        "alle" => None,
                        cel => Some(onderdelen(cel)?),
                    },
                    twijfel: onderdelen(&rij.twijfel)?,
                    vanaf: dag(naam, &rij.vanaf)?,
                    tot: dag(naam, &rij.tot)?,
                    bron: rij.bron.as_str().into(),
                    naam: rij.naam,
                })
            })
            .collect::<Result<_, _>>()
            .map(Deelnames)
    }

    pub fn is_leeg(&self) -> bool {
        self.0.is_empty()
    }

    /// Holds every row from the first of these days to the last, or on none of them?
    pub fn is_vast(&self, eerste: Dag, laatste: Dag) -> bool {
        self.0.iter().all(|d| {
            let begonnen = |dag| d.vanaf.is_none_or(|vanaf| vanaf <= dag);
            let geeindigd = |dag| d.tot.is_some_and(|tot| tot < dag);
            begonnen(eerste) == begonnen(laatste) && geeindigd(eerste) == geeindigd(laatste)
        })
    }

    pub fn alle(&self) -> &[Deelname] {
        &self.0
    }

    /// What this gemeente takes part in on a day; `None` for one outside the region.
    pub fn van(&self, gemeente: Gemeente, dag: Dag) -> Option<&Deelname> {
        self.0.iter().find(|d| {
            d.gemeente == gemeente
                && d.vanaf.is_none_or(|v| v <= dag)
                && d.tot.is_none_or(|t| dag <= t)
        })
    }
}

fn gemeente(naam: &str, cel: &str) -> Result<Gemeente, TabelFout> {
    match cel.parse() {
        Ok(code) if cel.len() == 4 => Ok(Gemeente(code)),
        _ => Err(TabelFout::waarde(naam, cel, "gemeentecode van vier cijfers")),
    }
}

fn onderdeel(naam: &str, cel: &str) -> Result<Onderdeel, TabelFout> {
    let onderdeel = Onderdeel::ALLE.into_iter().find(|o| o.naam() == cel);
    onderdeel.ok_or_else(|| TabelFout::waarde(naam, cel, "onderdeel"))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Gemeentecoderij {
    code: String,
    naam: String,
    vanaf: String,
    tot: String,
}

/// The gemeente codes of CBS and when each was in use.
#[derive(Clone, Debug, Default)]
pub struct Gemeentecodes(HashMap<Gemeente, (String, Vec<Gebruik>)>);

/// First and last day on which a code was in use, where it has one.
type Gebruik = (Option<Dag>, Option<Dag>);

impl Gemeentecodes {
    pub(super) fn lees(naam: &str, inhoud: &str) -> Result<Gemeentecodes, TabelFout> {
        let mut codes: HashMap<Gemeente, (String, Vec<Gebruik>)> = HashMap::new();
        for rij in lees::<Gemeentecoderij>(naam, inhoud)? {
            let geldig = (dag(naam, &rij.vanaf)?, dag(naam, &rij.tot)?);
            let plek = codes.entry(gemeente(naam, &rij.code)?).or_default();
            // The last name is the one that people know it by.
            plek.0 = rij.naam;
            plek.1.push(geldig);
        }
        Ok(Gemeentecodes(codes))
    }

    pub fn is_leeg(&self) -> bool {
        self.0.is_empty()
    }

    /// Was this code in use on any day from `begin` to `eind`?
    pub fn geldt(&self, gemeente: Gemeente, begin: Dag, eind: Dag) -> bool {
        self.0.get(&gemeente).is_some_and(|(_, termijnen)| {
            termijnen.iter().any(|(vanaf, tot)| {
                vanaf.is_none_or(|v| v <= eind) && tot.is_none_or(|t| begin <= t)
            })
        })
    }

    /// The gemeente's name; empty for a code that CBS never gave.
    pub fn naam(&self, gemeente: Gemeente) -> &str {
        self.0.get(&gemeente).map_or("", |(naam, _)| naam)
    }

    /// Number of codes in use on a day.
    pub fn aantal_op(&self, dag: Dag) -> usize {
        self.0.keys().filter(|g| self.geldt(**g, dag, dag)).count()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Perceelrij {
    perceel: u8,
    #[serde(rename = "Naam")]
    _naam: String,
    onderdeel: String,
    #[serde(rename = "Bron")]
    _bron: String,
}

/// Which percelen a part of the contract is bought in.
#[derive(Clone, Debug, Default)]
pub struct Perceeltabel(Vec<(Onderdeel, Vec<u8>)>);

impl Perceeltabel {
    pub(super) fn lees(naam: &str, inhoud: &str) -> Result<Perceeltabel, TabelFout> {
        let mut tabel: Vec<(Onderdeel, Vec<u8>)> = Vec::new();
        for rij in lees::<Perceelrij>(naam, inhoud)? {
            let onderdeel = onderdeel(naam, &rij.onderdeel)?;
            match tabel.iter_mut().find(|(o, _)| *o == onderdeel) {
                Some((_, percelen)) => percelen.push(rij.perceel),
                None => tabel.push((onderdeel, vec![rij.perceel])),
            }
        }
        Ok(Perceeltabel(tabel))
    }

    pub fn is_leeg(&self) -> bool {
        self.0.is_empty()
    }

    /// The percelen of this part; `None` for one that needs no perceel.
    pub fn van(&self, onderdeel: Onderdeel) -> Option<&[u8]> {
        self.0.iter().find(|(o, _)| *o == onderdeel).map(|(_, p)| p.as_slice())
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
        let mut tabel = Beroepentabel::lees("functies.csv", FUNCTIES).unwrap();
        tabel
            .neem_synoniemen_op(
                "synoniemen.csv",
                "Synoniem;Functie;Bron\nSPV;Sociaal psychiatrisch verpleegkundige;tabel\n",
            )
            .unwrap();
        let beroep = tabel.zoek("sociaal-psychiatrisch  Verpleegkundige").unwrap();
        assert_eq!(tabel.zoek("spv"), Some(beroep));
        assert_eq!(tabel.zoek("tuinman"), None);
        let dag = Dag::van_jmd(2023, 1, 1).unwrap();
        assert_eq!(tabel.groepen(beroep, |_| false, dag).unwrap().tariefsleutels, ["TG4", "TG5"]);
    }

    #[test]
    fn a_row_for_the_perceel_goes_before_the_general_one_and_each_version_has_its_time() {
        let tabel = Beroepentabel::lees("functies.csv", FUNCTIES).unwrap();
        let groep = |titel: &str, percelen: &[u8], jaar| {
            let dag = Dag::van_jmd(jaar, 6, 1).unwrap();
            let beroep = tabel.zoek(titel).unwrap();
            tabel.groepen(beroep, |p| percelen.contains(&p), dag).unwrap().tariefsleutels.join(" ")
        };
        assert_eq!(groep("Jeugdzorgwerker A", &[1], 2023), "TG3");
        assert_eq!(groep("Jeugdzorgwerker A", &[8, 2], 2023), "TG4");
        assert_eq!(groep("Psycholoog", &[], 2024), "TG5");
        assert_eq!(groep("Psycholoog", &[], 2025), "TG6");
    }

    #[test]
    fn a_wrong_row_is_named() {
        let fout = Beroepentabel::lees(
            "f.csv",
            "Functie;Tariefsleutels;Percelen;Vanaf;Tot;Bron\nA;TG1;x;;;b\n",
        );
        assert!(fout.unwrap_err().to_string().contains("'x' is geen perceel"));
        let fout = Deelnames::lees(
            "g.csv",
            "Gemeente;Naam;Onderdelen;Twijfel;Vanaf;Tot;Bron\n193;Zwolle;alle;;;;b\n",
        );
        assert!(fout.unwrap_err().to_string().contains("vier cijfers"));
    }
}
