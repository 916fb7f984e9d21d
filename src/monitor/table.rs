//! A finished table: typed columns in the order of its spec, or what it lacks.

use super::sources::Sources;
use super::spec::{Kind, Reach, TableSpec};
use crate::dossier::{Cent, Dag, Volume};
use crate::frame::{Frame, Made};
use crate::ground::Shown;
use polars_core::prelude::*;

/// One of the tables, at its peildatum.
pub(crate) struct Table {
    pub spec: &'static TableSpec,
    pub peildatum: Dag,
    /// Number of lines that it rests on.
    pub lines: i64,
    /// What its reader must know beside the definition, in Dutch sentences.
    pub remarks: Vec<String>,
    pub content: Content,
}

/// What a table came to.
pub(crate) enum Content {
    Rows(DataFrame),
    /// What the dossier or the ruleset would have to hold, in Dutch.
    Needs(String),
    /// It stays inside, and others look at this.
    Inside,
}

/// One cell of a table, for whoever writes it; a text is the table's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'t> {
    Absent,
    Text(Shown<'t>),
    Aantal(i64),
    Bedrag(Cent),
    /// In hundredths of a percent.
    Procent(i64),
    Volume(Volume),
    Datum(Dag),
    JaNee(bool),
}

/// The rows of a table, each made when it is asked for: all of a large one together take more than
/// the table itself.
pub(crate) struct TableRows<'t> {
    columns: Vec<ColumnValues<'t>>,
    count: usize,
}

/// A column, for its values.
enum ColumnValues<'t> {
    Text(&'t StringChunked),
    Numbers(&'t Int64Chunked, fn(i64) -> Value<'t>),
    Days(Int32Chunked),
    YesNo(&'t BooleanChunked),
}

impl Table {
    pub(crate) fn rows(&self) -> Made<TableRows<'_>> {
        let Content::Rows(frame) = &self.content else {
            return Ok(TableRows { columns: Vec::new(), count: 0 });
        };
        let columns = self.spec.columns.iter();
        let columns = columns.map(|c| ColumnValues::of(frame.column(c.name)?, c.kind));
        Ok(TableRows { columns: columns.collect::<Made<_>>()?, count: frame.height() })
    }
}

impl<'t> TableRows<'t> {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The row at this place.
    pub(crate) fn row(&self, place: usize) -> Vec<Value<'t>> {
        self.columns.iter().map(|column| column.value(place)).collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Vec<Value<'t>>> {
        (0..self.count).map(|place| self.row(place))
    }
}

impl<'t> ColumnValues<'t> {
    fn of(column: &'t Column, kind: Kind) -> Made<ColumnValues<'t>> {
        Ok(match kind {
            Kind::Text => ColumnValues::Text(column.str()?),
            Kind::Aantal => ColumnValues::Numbers(column.i64()?, Value::Aantal),
            Kind::Bedrag => ColumnValues::Numbers(column.i64()?, |n| Value::Bedrag(Cent(n))),
            Kind::Procent => ColumnValues::Numbers(column.i64()?, Value::Procent),
            Kind::Volume => ColumnValues::Numbers(column.i64()?, |n| Value::Volume(Volume(n))),
            Kind::Datum => ColumnValues::Days(column.cast(&DataType::Int32)?.i32()?.clone()),
            Kind::JaNee => ColumnValues::YesNo(column.bool()?),
        })
    }

    fn value(&self, place: usize) -> Value<'t> {
        let value = match self {
            // It was masked where it came into the table.
            ColumnValues::Text(all) => all.get(place).map(|t| Value::Text(Shown::unmasked(t))),
            ColumnValues::Numbers(all, make) => all.get(place).map(make),
            ColumnValues::Days(all) => {
                all.get(place).and_then(Dag::from_dagen_since_1970).map(Value::Datum)
            }
            ColumnValues::YesNo(all) => all.get(place).map(Value::JaNee),
        };
        value.unwrap_or(Value::Absent)
    }
}

impl Table {
    /// The table as others may see it: none that speaks of single jeugdigen, and no rows of a gemeente
    /// with fewer jeugdigen than `least`.
    pub(super) fn for_others(mut self, least: i64) -> Made<Table> {
        match self.spec.reach {
            Reach::Anyone => {}
            Reach::Inside => (self.content, self.lines) = (Content::Inside, 0),
            Reach::WithoutSmallGroups => {
                let Content::Rows(frame) = &self.content else { return Ok(self) };
                let jeugdigen = frame.column("Jeugdigen")?.i64()?;
                let large = |n: Option<i64>| n.is_none_or(|n| n == 0 || n >= least);
                let mask: BooleanChunked = jeugdigen.iter().map(large).collect();
                let shown = frame.filter(&mask)?;
                let left_out = frame.height() - shown.height();
                if left_out > 0 {
                    let rows = if left_out == 1 { "rij" } else { "rijen" };
                    self.remarks.push(format!(
                        "{left_out} {rows} met minder dan {least} jeugdigen weggelaten."
                    ));
                }
                self.lines = shown.column("Regels")?.i64()?.sum().unwrap_or_default();
                self.content = Content::Rows(shown);
            }
        }
        Ok(self)
    }
}

/// Builds a table column by column, in the order of its spec.
pub(super) struct Building {
    spec: &'static TableSpec,
    columns: Vec<Column>,
}

impl Building {
    pub(super) fn of(spec: &'static TableSpec) -> Building {
        Building { spec, columns: Vec::new() }
    }

    /// # Panics
    /// When this isn't the next column of the spec, or of another kind: a mistake in the program.
    fn next(&self, name: &str, kinds: &[Kind]) {
        let spec = self.spec.columns.get(self.columns.len());
        let spec = spec.unwrap_or_else(|| panic!("{} has no column {name}", self.spec.name));
        assert_eq!(spec.name, name, "columns of {} in their order", self.spec.name);
        assert!(kinds.contains(&spec.kind), "{name} of {} is no {:?}", self.spec.name, spec.kind);
    }

    /// The columns Aanbieder and Naam, by the aanbieders' numbers.
    pub(super) fn aanbieder(self, s: &Sources<'_>, rows: &Frame) -> Made<Building> {
        let ids = rows.counts("Aanbieder")?;
        let codes = ids.iter().map(|id| Some(s.agb(*id).to_string()));
        let names = ids.iter().map(|id| Some(s.naam(*id)));
        Ok(self.text("Aanbieder", codes).text("Naam", names))
    }

    /// The columns Gemeente and NaamGemeente.
    pub(super) fn gemeente(self, s: &Sources<'_>, rows: &Frame) -> Made<Building> {
        let codes = rows.counts("Gemeente")?;
        let names = codes.iter().map(|g| Some(s.gemeente_naam(*g)));
        Ok(self.text("Gemeente", s.gemeente_codes(rows)?.into_iter()).text("NaamGemeente", names))
    }

    /// Texts, in which any Bsn is masked from here on.
    pub(super) fn text<'t, T: Into<Shown<'t>>>(
        mut self,
        name: &str,
        values: impl Iterator<Item = Option<T>>,
    ) -> Building {
        self.next(name, &[Kind::Text]);
        let shown = |text: T| -> String { text.into().to_string() };
        let values: StringChunked = values.map(|text| text.map(shown)).collect();
        self.columns.push(values.with_name(name.into()).into_column());
        self
    }

    pub(super) fn numbers(mut self, name: &str, values: Vec<Option<i64>>) -> Building {
        self.next(name, &[Kind::Aantal, Kind::Bedrag, Kind::Procent, Kind::Volume]);
        self.columns.push(Column::new(name.into(), values));
        self
    }

    pub(super) fn counts(self, name: &str, values: Vec<i64>) -> Building {
        self.numbers(name, values.into_iter().map(Some).collect())
    }

    /// Days since 1970-01-01.
    pub(super) fn days(mut self, name: &str, values: Vec<Option<i64>>) -> Made<Building> {
        self.next(name, &[Kind::Datum]);
        let days: Int32Chunked = values.into_iter().map(|n| n.map(|n| n as i32)).collect();
        let days = days.with_name(name.into()).into_column().cast(&DataType::Date)?;
        self.columns.push(days);
        Ok(self)
    }

    pub(super) fn yes_no(mut self, name: &str, values: Vec<Option<bool>>) -> Building {
        self.next(name, &[Kind::JaNee]);
        self.columns.push(Column::new(name.into(), values));
        self
    }

    /// The table, whose lines are counted in a column `Regels`.
    pub(super) fn finish(self, peildatum: Dag, remarks: Vec<String>) -> Made<Table> {
        assert_eq!(
            self.columns.len(),
            self.spec.columns.len(),
            "all columns of {}",
            self.spec.name
        );
        let frame = DataFrame::new_infer_height(self.columns)?;
        let lines = frame.column("Regels")?.i64()?.sum().unwrap_or_default();
        Ok(Table { spec: self.spec, peildatum, lines, remarks, content: Content::Rows(frame) })
    }
}

/// A table that lacks its source.
pub(super) fn needs(spec: &'static TableSpec, peildatum: Dag, what: &str) -> Table {
    let content = Content::Needs(what.to_owned());
    Table { spec, peildatum, lines: 0, remarks: Vec::new(), content }
}
