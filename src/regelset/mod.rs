//! What the contract says, as data: which rules hold, their numbers by date, tariffs and catalogue,
//! each with its source.

mod basis;
mod bestand;
mod eigen;
mod herkomst;
mod lezen;
mod regeltabel;
mod tabellen;
mod tekst;
mod waarde;

pub use eigen::{Cel, Eigencontrole, Operator, Voorwaarde};
pub use herkomst::Regelsetbron;
pub use tabellen::{
    Beroep, BeroepNr, Beroepentabel, Deelname, Deelnames, Functielijst, Gemeentecodes, Perceeltabel,
};
pub use waarde::{
    Choice, DayOfYear, Geldig, Parameter, ParameterSpec, ParameterValue, Parametersoort, Waarde,
    Year,
};

use crate::dossier::{Agb, Catalogusrij, Cent, Dag, Eenheid, ProductKey, Tariefrij};
use hashbrown::HashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a ruleset must know of a rule to check its table.
#[derive(Clone, Copy, Debug)]
pub struct Regelkenmerk {
    pub code: &'static str,
    pub parameters: &'static [ParameterSpec],
}

/// A document that rules cite.
#[derive(Clone, Debug)]
pub struct Document {
    pub afkorting: String,
    pub titel: String,
    pub versie: String,
    pub datum: Option<Dag>,
}

impl Document {
    /// As findings cite it: `ID 1.8 van 19-12-2024`.
    pub fn aanhaling(&self) -> String {
        let datum = self.datum.map(|d| format!(" van {d}")).unwrap_or_default();
        format!("{} {}{datum}", self.afkorting, self.versie)
    }
}

/// A requirement that no export can show.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NietTeToetsen {
    pub eis: String,
    pub waarom: String,
    pub bron: String,
}

/// Budgetsoort by duration: duurzaam from so many years on, with the article that says so.
#[derive(Clone, Debug)]
pub struct Afleiding {
    pub duurzaam_vanaf_jaren: i32,
    pub bron: String,
}

/// A file that the ruleset was read from.
#[derive(Clone, Debug)]
pub struct Regelsetbestand {
    pub naam: String,
    pub sha256: String,
}

/// A region's rules.
#[derive(Clone, Debug)]
pub struct Regelset {
    pub naam: String,
    pub titel: String,
    pub versie: String,
    pub vanaf: Dag,
    pub tot: Option<Dag>,
    pub documenten: Vec<Document>,
    pub bestanden: Vec<Regelsetbestand>,
    pub niet_te_toetsen: Vec<NietTeToetsen>,
    /// Product codes that need no toewijzing.
    pub beschikkingsvrij: Vec<String>,
    /// Is what was declared charged on to the gemeenten?
    pub doorbelasting: bool,
    /// How a toewijzing whose own column doesn't say it is herstel or duurzaam.
    pub afleiding: Option<Afleiding>,
    /// Function titles and their tariff groups.
    pub beroepentabel: Beroepentabel,
    /// Functions that are vaktherapie.
    pub vaktherapie: Functielijst,
    /// Gemeenten of the region.
    pub deelnames: Deelnames,
    /// All gemeente codes of the country.
    pub gemeentecodes: Gemeentecodes,
    /// In which percelen each part of the contract is bought.
    pub percelen: Perceeltabel,
    /// Checks that the ruleset adds to the program's rules; their tables are among `regels`.
    eigen: Vec<Arc<Eigencontrole>>,
    regels: BTreeMap<&'static str, Regelinstelling>,
    catalogus: HashMap<(String, String), Catalogusrij>,
    tarieven: Vec<Tariefrij>,
}

/// One rule's table: its source and its parameters.
#[derive(Clone, Debug)]
pub struct Regelinstelling {
    pub bron: Arc<str>,
    parameters: Vec<(&'static str, Vec<Geldig>)>,
}

impl Regelinstelling {
    /// The value of a parameter on this day; `None` where it has none for the day.
    ///
    /// # Panics
    /// When the rule asks for a parameter that it doesn't declare: reading the ruleset made sure of
    /// the others, and of their kind. The engine reports the rule as failed.
    #[inline]
    pub fn get<T: ParameterValue + ?Sized>(
        &self,
        parameter: &Parameter<T>,
        dag: Dag,
    ) -> Option<Valid<'_, T::Of<'_>>> {
        let valid = |g: &&Geldig| g.vanaf <= dag && g.tot.is_none_or(|tot| dag <= tot);
        self.declared(parameter).iter().find(valid).map(|g| Valid::of(parameter, g))
    }

    /// The value of a parameter on this day, with its source. Outside the ruleset's term (an older
    /// line in a cumulative rule) it is the nearest in time.
    ///
    /// # Panics
    /// As [`Regelinstelling::get`], and for one of which there may be no value at all.
    #[inline]
    pub fn valid<T: ParameterValue + ?Sized>(
        &self,
        parameter: &Parameter<T>,
        dag: Dag,
    ) -> Valid<'_, T::Of<'_>> {
        let nearest = || {
            let reeks = self.declared(parameter);
            let g = reeks.iter().rev().find(|g| g.vanaf <= dag).or(reeks.first());
            Valid::of(parameter, g.expect("a parameter has a value, unless it is optional"))
        };
        self.get(parameter, dag).unwrap_or_else(nearest)
    }

    /// The same without its source.
    #[inline]
    pub fn at<T: ParameterValue + ?Sized>(&self, parameter: &Parameter<T>, dag: Dag) -> T::Of<'_> {
        self.valid(parameter, dag).value
    }

    #[inline]
    fn declared<T: ParameterValue + ?Sized>(&self, parameter: &Parameter<T>) -> &[Geldig] {
        let spec = parameter.spec();
        self.reeks(&spec).unwrap_or_else(|| panic!("parameter {} isn't declared", spec.naam))
    }

    /// Asked for every line: the names are the parameters' own, so that mostly two places in memory
    /// are compared and no letters.
    #[inline]
    fn reeks(&self, parameter: &ParameterSpec) -> Option<&[Geldig]> {
        let zelfde = |naam: &str| std::ptr::eq(naam, parameter.naam) || naam == parameter.naam;
        self.parameters.iter().find(|(naam, _)| zelfde(naam)).map(|(_, reeks)| reeks.as_slice())
    }

    /// All values of a parameter, in the order of time.
    pub fn tijdreeks(&self, parameter: &ParameterSpec) -> &[Geldig] {
        self.reeks(parameter).unwrap_or_default()
    }

    /// Has every parameter one value from the first of these days to the last?
    pub fn is_vast(&self, eerste: Dag, laatste: Dag) -> bool {
        let vast = |g: &Geldig| g.vanaf <= eerste && g.tot.is_none_or(|tot| laatste <= tot);
        self.parameters.iter().all(|(_, reeks)| reeks.iter().any(vast))
    }

    /// The value of the parameter of this name on this day; `None` where the rule has no such
    /// parameter or that no value for the day.
    pub fn waarde(&self, naam: &str, dag: Dag) -> Option<&Waarde> {
        let (_, reeks) = self.parameters.iter().find(|(n, _)| *n == naam)?;
        let geldt = |g: &&Geldig| g.vanaf <= dag && g.tot.is_none_or(|tot| dag <= tot);
        reeks.iter().find(geldt).map(|g| &g.waarde)
    }
}

/// A value of a parameter with its source.
#[derive(Clone, Copy, Debug)]
pub struct Valid<'p, V> {
    pub value: V,
    pub bron: &'p str,
}

impl<'p, V> Valid<'p, V> {
    fn of<T: ParameterValue<Of<'p> = V> + ?Sized>(_: &Parameter<T>, g: &'p Geldig) -> Self {
        let value = T::of(&g.waarde).expect("reading the ruleset made sure of its kind");
        Valid { value, bron: &g.bron }
    }
}

impl Regelset {
    /// The rule's table; `None` when this ruleset doesn't have the rule.
    pub fn regel(&self, code: &str) -> Option<&Regelinstelling> {
        self.regels.get(code)
    }

    pub fn codes(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.regels.keys().copied()
    }

    /// Does the ruleset hold for the whole of this delivery year?
    pub fn geldt_voor(&self, jaar: i32) -> bool {
        let (Some(begin), Some(eind)) = (Dag::van_jmd(jaar, 1, 1), Dag::van_jmd(jaar, 12, 31))
        else {
            return false;
        };
        self.vanaf <= begin && self.tot.is_none_or(|tot| eind <= tot)
    }

    /// The dossier's own catalogue goes before the ruleset's, row by row.
    pub fn vul_catalogus_aan(&mut self, rijen: Vec<Catalogusrij>) {
        for rij in rijen {
            self.catalogus.insert((rij.product_categorie.clone(), rij.product_code.clone()), rij);
        }
    }

    /// The dossier's tariffs for a (Jaar, Tariefsleutel) replace all of the ruleset's for it.
    pub fn vul_tarieven_aan(&mut self, rijen: Vec<Tariefrij>) {
        let vervangen: std::collections::HashSet<(i32, String)> =
            rijen.iter().map(|t| (t.jaar, t.tariefsleutel.clone())).collect();
        self.tarieven.retain(|t| !vervangen.contains(&(t.jaar, t.tariefsleutel.clone())));
        self.tarieven.extend(rijen);
    }

    /// The products of the catalogue, by category and code.
    pub fn producten(&self) -> Vec<&Catalogusrij> {
        let mut rijen: Vec<_> = self.catalogus.values().collect();
        rijen.sort_by_key(|p| (&p.product_categorie, &p.product_code));
        rijen
    }

    /// All tariffs, in the order of their table.
    pub fn tarieven(&self) -> &[Tariefrij] {
        &self.tarieven
    }

    pub fn is_zonder_catalogus(&self) -> bool {
        self.catalogus.is_empty()
    }

    pub fn catalogusrij(&self, categorie: &str, code: &str) -> Option<&Catalogusrij> {
        self.catalogus.get(&ProductKey(categorie, code))
    }

    /// The tariff of a year: the aanbieder's own row, then the perceel's, then the general one.
    pub fn tarief(
        &self,
        jaar: i32,
        sleutel: &str,
        aanbieder: Agb,
        perceel: Option<u8>,
    ) -> Option<&Tariefrij> {
        Tariefrij::voor(self.tarieven_van(jaar, sleutel), aanbieder, perceel)
    }

    /// All tariffs for this key in this year.
    pub fn tarieven_van(&self, jaar: i32, sleutel: &str) -> impl Iterator<Item = &Tariefrij> {
        self.tarieven.iter().filter(move |t| t.jaar == jaar && t.tariefsleutel == sleutel)
    }

    /// Is there any tariff for this key in this year?
    pub fn kent_tarief(&self, jaar: i32, sleutel: &str) -> bool {
        self.tarieven_van(jaar, sleutel).next().is_some()
    }
}

/// A tariff as a line meets it: in the contract's own unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contracttarief {
    pub bedrag: Cent,
    pub eenheid: Eenheid,
}

impl Contracttarief {
    /// The tariff in a line's unit: hours and minutes convert, nothing else does.
    pub fn in_eenheid(self, eenheid: Eenheid) -> Option<Cent> {
        match (self.eenheid, eenheid) {
            (a, b) if a == b => Some(self.bedrag),
            (Eenheid::UUR, Eenheid::MINUUT) => Some(self.bedrag.naar_rato(1, 60)),
            (Eenheid::MINUUT, Eenheid::UUR) => Some(Cent(self.bedrag.0 * 60)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_change_within_the_year_are_not_fixed() {
        let dag = |j, m, d| Dag::van_jmd(j, m, d).unwrap();
        let waarde = |vanaf, tot| Geldig { vanaf, tot, waarde: Waarde::Getal(1), bron: "".into() };
        let instelling = |reeks| Regelinstelling {
            bron: "".into(),
            parameters: vec![("vast", vec![waarde(dag(2020, 1, 1), None)]), ("reeks", reeks)],
        };
        let (eerste, laatste) = (dag(2023, 1, 1), dag(2023, 12, 31));
        let half = dag(2023, 6, 30);
        let heel = instelling(vec![waarde(eerste, Some(laatste))]);
        assert!(heel.is_vast(eerste, laatste));
        let wisselt = instelling(vec![waarde(eerste, Some(half)), waarde(dag(2023, 7, 1), None)]);
        assert!(!wisselt.is_vast(eerste, laatste));
        assert!(wisselt.is_vast(eerste, half));
        assert!(!instelling(Vec::new()).is_vast(eerste, laatste));
    }
}
