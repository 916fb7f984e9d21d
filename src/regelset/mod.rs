//! What the contract says, as data: which rules hold, their numbers by date, tariffs and catalogue,
//! each with its source.

mod basis;
mod beroepen;
mod bestand;
mod control;
mod custom_checks;
mod herkomst;
mod monitor;
mod poort;
mod reading;
mod regeltabel;
mod tables;
mod tekst;
mod value;

pub(crate) use beroepen::{Beroep, BeroepId, BeroepTable, FunctieList};
pub(crate) use control::ControlKind;
pub(crate) use custom_checks::{
    Against, Alternatives, Beside, BesidePer, CellPlace, CellValue, Condition, Conditions,
    CustomCheck, CustomTest, Operator, Tijdvak, Total, TotalMeasure, TotalPer,
};
pub use herkomst::RulesetSource;
pub(crate) use monitor::MonitorSettings;
pub(crate) use poort::{Drempels, Factor, Fraction, MostPercent};
pub(crate) use tables::{Deelname, Deelnames, Gemeentecodes, PerceelTable};
pub use value::RuleValue;
pub(crate) use value::{
    Choice, Dated, DayOfYear, Parameter, ParameterSpec, ParameterType, ParameterValue, Year,
};

use crate::dossier::{CatalogusRow, Cent, Dag, Eenheid, ProductKey, TariefRow, Volume};
use hashbrown::HashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a ruleset must know of a rule to check its table.
#[derive(Clone, Copy, Debug)]
pub struct RuleDigest {
    pub code: &'static str,
    pub(crate) parameters: &'static [ParameterSpec],
}

impl RuleDigest {
    /// Where a ruleset writes its parameters.
    fn table(&self) -> String {
        match self.code {
            poort::TABLE | monitor::TABLE => self.code.to_owned(),
            code => format!("regels.{code}"),
        }
    }
}

/// A document that rules cite.
#[derive(Clone, Debug)]
pub struct Document {
    pub abbreviation: String,
    pub title: String,
    pub versie: String,
    pub datum: Option<Dag>,
}

impl Document {
    /// As findings cite it: `ID 1.8 van 19-12-2024`.
    pub(crate) fn quote(&self) -> String {
        let datum = self.datum.map(|d| format!(" van {d}")).unwrap_or_default();
        format!("{} {}{datum}", self.abbreviation, self.versie)
    }
}

/// A requirement that no export can show.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotTestable {
    pub eis: String,
    pub waarom: String,
    pub bron: String,
}

/// Budgetsoort by duration: duurzaam from so many years on, with the article that says so.
#[derive(Clone, Debug)]
pub struct Derivation {
    pub duurzaam_vanaf_jaren: i32,
    pub source: String,
}

/// A file that the ruleset was read from.
#[derive(Clone, Debug)]
pub struct RulesetFile {
    pub name: String,
    pub sha256: String,
}

/// A region's rules.
#[derive(Clone, Debug)]
pub struct Regelset {
    pub name: String,
    pub title: String,
    pub versie: String,
    pub from: Dag,
    pub until: Option<Dag>,
    pub(crate) documents: Vec<Document>,
    pub(crate) files: Vec<RulesetFile>,
    pub(crate) not_testable: Vec<NotTestable>,
    /// Product codes that need no toewijzing.
    pub beschikkingsvrij: Vec<String>,
    /// Is what was declared charged on to the gemeenten?
    pub doorbelasting: bool,
    /// How a toewijzing whose own column doesn't say it is herstel or duurzaam.
    pub(crate) afleiding: Option<Derivation>,
    /// Function titles and their tariff groups.
    pub(crate) beroepentabel: BeroepTable,
    /// Functions whose help falls under the contract only beside other help.
    pub(crate) afbakening: FunctieList,
    /// Gemeenten of the region.
    pub(crate) deelnames: Deelnames,
    /// All gemeente codes of the country.
    pub(crate) gemeentecodes: Gemeentecodes,
    /// In which percelen each part of the contract is bought.
    pub(crate) percelen: PerceelTable,
    /// Checks that the ruleset adds to the program's rules; their tables are among `regels`.
    own: Vec<Arc<CustomCheck>>,
    rules: BTreeMap<&'static str, RuleSettings>,
    /// From where on input is not what it seems; `None` where no table says so.
    poort: Option<RuleSettings>,
    /// How the tables of the monitor are set up; `None` where no table says so.
    monitor: Option<RuleSettings>,
    catalogus: HashMap<(String, String), CatalogusRow>,
    tarieven: Vec<TariefRow>,
}

/// One rule's table: its source and its parameters.
#[derive(Clone, Debug)]
pub struct RuleSettings {
    pub source: Arc<str>,
    parameters: Vec<(&'static str, Vec<Dated>)>,
}

impl RuleSettings {
    /// The value of a parameter on this day; `None` where it has none for the day.
    ///
    /// # Panics
    /// When the rule asks for a parameter that it doesn't declare: reading the ruleset made sure of
    /// the others, and of their kind. The engine reports the rule as failed.
    #[inline]
    pub(crate) fn get<T: ParameterValue + ?Sized>(
        &self,
        parameter: &Parameter<T>,
        dag: Dag,
    ) -> Option<Valid<'_, T::Of<'_>>> {
        let valid = |g: &&Dated| g.from <= dag && g.until.is_none_or(|until| dag <= until);
        self.declared(parameter).iter().find(valid).map(|g| Valid::of(parameter, g))
    }

    /// The value of a parameter on this day, with its source. Outside the ruleset's term (an older
    /// line in a cumulative rule) it is the nearest in time.
    ///
    /// # Panics
    /// As [`RuleSettings::get`], and for one of which there may be no value at all.
    #[inline]
    pub(crate) fn valid<T: ParameterValue + ?Sized>(
        &self,
        parameter: &Parameter<T>,
        dag: Dag,
    ) -> Valid<'_, T::Of<'_>> {
        let nearest = || {
            let run = self.declared(parameter);
            let g = run.iter().rev().find(|g| g.from <= dag).or(run.first());
            Valid::of(parameter, g.expect("a parameter has a value, unless it is optional"))
        };
        self.get(parameter, dag).unwrap_or_else(nearest)
    }

    /// The same without its source.
    #[inline]
    pub(crate) fn at<T: ParameterValue + ?Sized>(
        &self,
        parameter: &Parameter<T>,
        dag: Dag,
    ) -> T::Of<'_> {
        self.valid(parameter, dag).value
    }

    #[inline]
    fn declared<T: ParameterValue + ?Sized>(&self, parameter: &Parameter<T>) -> &[Dated] {
        let spec = parameter.spec();
        self.run(&spec).unwrap_or_else(|| panic!("parameter {} isn't declared", spec.name))
    }

    /// Asked for every line: the names are the parameters' own, so that mostly two places in memory
    /// are compared and no letters.
    #[inline]
    fn run(&self, parameter: &ParameterSpec) -> Option<&[Dated]> {
        let same = |name: &str| std::ptr::eq(name, parameter.name) || name == parameter.name;
        self.parameters.iter().find(|(name, _)| same(name)).map(|(_, reeks)| reeks.as_slice())
    }

    /// All values of a parameter, in the order of time.
    pub fn tijdreeks(&self, parameter: &ParameterSpec) -> &[Dated] {
        self.run(parameter).unwrap_or_default()
    }

    /// Has every parameter one value from the first of these days to the last, or none ever?
    pub(crate) fn is_constant(&self, first: Dag, last: Dag) -> bool {
        let fixed = |g: &Dated| g.from <= first && g.until.is_none_or(|until| last <= until);
        self.parameters.iter().all(|(_, run)| run.is_empty() || run.iter().any(fixed))
    }

    /// The value of the parameter of this name on this day; `None` where the rule has no such
    /// parameter or that no value for the day.
    pub(crate) fn value(&self, name: &str, dag: Dag) -> Option<&RuleValue> {
        let (_, run) = self.parameters.iter().find(|(n, _)| *n == name)?;
        let holds = |g: &&Dated| g.from <= dag && g.until.is_none_or(|until| dag <= until);
        run.iter().find(holds).map(|g| &g.value)
    }
}

/// A value of a parameter with its source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Valid<'p, V> {
    pub value: V,
    pub source: &'p str,
}

impl<'p, V> Valid<'p, V> {
    fn of<T: ParameterValue<Of<'p> = V> + ?Sized>(_: &Parameter<T>, g: &'p Dated) -> Self {
        let value = T::of(&g.value).expect("reading the ruleset made sure of its kind");
        Valid { value, source: &g.source }
    }
}

impl Regelset {
    /// The rule's table; `None` when this ruleset doesn't have the rule.
    pub fn rule(&self, code: &str) -> Option<&RuleSettings> {
        self.rules.get(code)
    }

    /// Does the ruleset hold for the whole of this delivery year?
    pub fn applies_to(&self, jaar: i32) -> bool {
        let (Some(begin), Some(end)) = (Dag::from_jmd(jaar, 1, 1), Dag::from_jmd(jaar, 12, 31))
        else {
            return false;
        };
        self.from <= begin && self.until.is_none_or(|until| end <= until)
    }

    /// The dossier's own catalogue goes before the ruleset's, row by row.
    pub(crate) fn complete_catalogus(&mut self, rows: Vec<CatalogusRow>) {
        for row in rows {
            self.catalogus.insert((row.product_categorie.clone(), row.product_code.clone()), row);
        }
    }

    /// The dossier's tariffs for a (Jaar, Tariefsleutel) replace all of the ruleset's for it.
    pub(crate) fn complete_tarieven(&mut self, rows: Vec<TariefRow>) {
        let replaced: std::collections::HashSet<(i32, String)> =
            rows.iter().map(|t| (t.jaar, t.tariefsleutel.clone())).collect();
        self.tarieven.retain(|t| !replaced.contains(&(t.jaar, t.tariefsleutel.clone())));
        self.tarieven.extend(rows);
    }

    /// The products of the catalogue, by category and code.
    pub(crate) fn producten(&self) -> Vec<&CatalogusRow> {
        let mut rows: Vec<_> = self.catalogus.values().collect();
        rows.sort_by_key(|p| (&p.product_categorie, &p.product_code));
        rows
    }

    /// The products of the catalogue with this code, of whatever category.
    pub(crate) fn products_with<'a>(
        &'a self,
        code: &'a str,
    ) -> impl Iterator<Item = &'a CatalogusRow> {
        self.catalogus.values().filter(move |p| p.product_code == code)
    }

    /// All tariffs, in the order of their table.
    pub(crate) fn tarieven(&self) -> &[TariefRow] {
        &self.tarieven
    }

    pub(crate) fn is_without_catalogus(&self) -> bool {
        self.catalogus.is_empty()
    }

    pub(crate) fn catalogusrij(&self, categorie: &str, code: &str) -> Option<&CatalogusRow> {
        self.catalogus.get(&ProductKey(categorie, code))
    }

    /// All tariffs for this key in this year.
    pub(crate) fn tarieven_of(&self, jaar: i32, key: &str) -> impl Iterator<Item = &TariefRow> {
        self.tarieven.iter().filter(move |t| t.jaar == jaar && t.tariefsleutel == key)
    }

    /// Is there any tariff for this key in this year?
    pub(crate) fn knows_tarief(&self, jaar: i32, key: &str) -> bool {
        self.tarieven_of(jaar, key).next().is_some()
    }
}

/// A tariff as a line meets it: in the contract's own unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContractTarief {
    pub bedrag: Cent,
    pub eenheid: Eenheid,
}

impl ContractTarief {
    /// The tariff in a line's unit: hours and minutes convert, nothing else does.
    pub(crate) fn in_eenheid(self, eenheid: Eenheid) -> Option<Cent> {
        match (self.eenheid, eenheid) {
            (a, b) if a == b => Some(self.bedrag),
            (Eenheid::HOUR, Eenheid::MINUUT) => Some(self.bedrag.pro_rata(1, 60)),
            (Eenheid::MINUUT, Eenheid::HOUR) => Some(Cent(self.bedrag.0 * 60)),
            _ => None,
        }
    }
}

impl ContractTarief {
    /// What a volume in a line's unit comes to in cents, not rounded; `None` where the units don't
    /// convert.
    pub(crate) fn expected(self, volume: Volume, eenheid: Eenheid) -> Option<Fraction> {
        let (times, by) = match (self.eenheid, eenheid) {
            (a, b) if a == b => (1, 1),
            (Eenheid::HOUR, Eenheid::MINUUT) => (1, 60),
            (Eenheid::MINUUT, Eenheid::HOUR) => (60, 1),
            _ => return None,
        };
        let hundredths = i128::from(self.bedrag.0) * i128::from(volume.0);
        Some(Fraction { numerator: hundredths * times, denominator: 100 * by })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_change_within_the_year_are_not_fixed() {
        let dag = |j, m, d| Dag::from_jmd(j, m, d).unwrap();
        let value =
            |from, until| Dated { from, until, value: RuleValue::Number(1), source: "".into() };
        let settings = |run| RuleSettings {
            source: "".into(),
            parameters: vec![("vast", vec![value(dag(2020, 1, 1), None)]), ("reeks", run)],
        };
        let (first, last) = (dag(2023, 1, 1), dag(2023, 12, 31));
        let half = dag(2023, 6, 30);
        let whole = settings(vec![value(first, Some(last))]);
        assert!(whole.is_constant(first, last));
        let wisselt = settings(vec![value(first, Some(half)), value(dag(2023, 7, 1), None)]);
        assert!(!wisselt.is_constant(first, last));
        assert!(wisselt.is_constant(first, half));
        assert!(settings(Vec::new()).is_constant(first, last));
    }
}
