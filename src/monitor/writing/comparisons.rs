//! Which bars the page has of each table: the rows that answer its question, and what is said of them.

use super::super::table::Value;
use super::rows::{Rows, size};
use crate::dossier::Ernst;

/// Rows of a table as bars: which, by which number, and what stands beside it.
pub(super) struct Comparison {
    pub kop: &'static str,
    /// Columns that name a row.
    pub names: &'static [&'static str],
    /// Column of the number, and how it is called.
    pub number: (&'static str, &'static str),
    /// The number is a part of this column.
    pub of: Option<&'static str>,
    /// Columns beside it, and how they are called.
    pub beside: &'static [(&'static str, &'static str)],
    pub keep: for<'t> fn(&Rows<'t>, &[Value<'t>]) -> bool,
    pub ernst: for<'t> fn(&Rows<'t>, &[Value<'t>]) -> Ernst,
    pub smallest_first: bool,
}

fn all<'t>(_: &Rows<'t>, _: &[Value<'t>]) -> bool {
    true
}

fn plain<'t>(_: &Rows<'t>, _: &[Value<'t>]) -> Ernst {
    Ernst::Signaal
}

const BASE: Comparison = Comparison {
    kop: "",
    names: &[],
    number: ("", ""),
    of: None,
    beside: &[],
    keep: all,
    ernst: plain,
    smallest_first: false,
};

/// The whole, in hundredths of a percent.
pub(super) const WHOLE: i64 = 10_000;

fn below_whole<'t>(rows: &Rows<'t>, row: &[Value<'t>], name: &str) -> bool {
    size(rows.value(row, name)).is_some_and(|n| n < WHOLE)
}

fn moved<'t>(rows: &Rows<'t>, row: &[Value<'t>]) -> Ernst {
    match rows.text(row, "Stand") {
        "gestegen" | "gedaald" => Ernst::Onzekerheid,
        _ => Ernst::Signaal,
    }
}

fn is_late<'t>(rows: &Rows<'t>, row: &[Value<'t>]) -> bool {
    *rows.value(row, "OpTijd") == Value::JaNee(false)
}

fn late_or_different<'t>(rows: &Rows<'t>, row: &[Value<'t>]) -> bool {
    is_late(rows, row) || size(rows.value(row, "Verschil")).is_some_and(|n| n != 0)
}

fn late<'t>(rows: &Rows<'t>, row: &[Value<'t>]) -> Ernst {
    if is_late(rows, row) { Ernst::Fout } else { Ernst::Onzekerheid }
}

fn running_out<'t>(rows: &Rows<'t>, row: &[Value<'t>]) -> bool {
    matches!(rows.text(row, "Stand"), "op" | "raakt op")
}

fn run_out<'t>(rows: &Rows<'t>, row: &[Value<'t>]) -> Ernst {
    match rows.text(row, "Stand") {
        "op" => Ernst::Fout,
        _ => Ernst::Onzekerheid,
    }
}

fn is_aanbieder<'t>(rows: &Rows<'t>, row: &[Value<'t>]) -> bool {
    rows.text(row, "Soort") == "aanbieder"
}

/// The bars of the table with this name.
pub(super) fn of(table: &str) -> &'static [Comparison] {
    match table {
        "omzet" => OMZET,
        "verantwoording" => VERANTWOORDING,
        "budgetten" => BUDGETTEN,
        "naleving" => NALEVING,
        "verwijzers" => VERWIJZERS,
        "perceel5" => PERCEEL5,
        "maatwerk" => MAATWERK,
        _ => &[],
    }
}

const OMZET: &[Comparison] = &[Comparison {
    kop: "Grootste veranderingen",
    names: &["Aanbieder", "Naam", "Stand"],
    number: ("Verandering", "Verandering"),
    beside: &[("Prijs", "door prijs"), ("Volume", "door volume"), ("Mix", "door mix")],
    ernst: moved,
    ..BASE
}];

const VERANTWOORDING: &[Comparison] = &[Comparison {
    kop: "Niet op tijd, of met een verschil",
    names: &["Aanbieder", "Naam", "NaamGemeente"],
    number: ("Gedeclareerd", "Gedeclareerd"),
    beside: &[("Verschil", "Verschil"), ("Ontvangen", "Ontvangen"), ("Status", "Status")],
    keep: late_or_different,
    ernst: late,
    ..BASE
}];

const BUDGETTEN: &[Comparison] = &[Comparison {
    kop: "Op, of op voor het einde",
    names: &["ToewijzingNummer", "Naam", "Stand"],
    number: ("GebruiktDeel", "Gebruikt"),
    beside: &[("Over", "Over"), ("RaaktOpIn", "Raakt op in"), ("BudgetTot", "Budget tot")],
    keep: running_out,
    ernst: run_out,
    ..BASE
}];

const NALEVING: &[Comparison] = &[
    Comparison {
        kop: "Niet alles op tijd gedeclareerd",
        names: &["Code", "Naam"],
        number: ("OpTijd", "Deel op tijd"),
        beside: &[("Ontvangen", "Declaratieregels")],
        keep: |rows, row| is_aanbieder(rows, row) && below_whole(rows, row, "OpTijd"),
        smallest_first: true,
        ..BASE
    },
    Comparison {
        kop: "Niet alle startberichten op tijd verzonden",
        names: &["Code", "Naam"],
        number: ("StartsOpTijd", "Deel op tijd"),
        beside: &[("Starts", "Starts"), ("StopsOpTijd", "Stops op tijd"), ("Stops", "Stops")],
        keep: |rows, row| below_whole(rows, row, "StartsOpTijd"),
        smallest_first: true,
        ..BASE
    },
    Comparison {
        kop: "Toewijzingen later dan de termijn verzonden",
        names: &["Code", "Naam"],
        number: ("Later", "Deel later"),
        beside: &[("DagenTotVerzending", "Mediaan dagen"), ("Toewijzingen", "Toewijzingen")],
        keep: |rows, row| size(rows.value(row, "Later")).is_some_and(|n| n > 0),
        ernst: |_, _| Ernst::Onzekerheid,
        ..BASE
    },
];

const VERWIJZERS: &[Comparison] = &[Comparison {
    kop: "Meeste toewijzingen",
    names: &["NaamGemeente", "NaamVerwijzer"],
    number: ("Toewijzingen", "Toewijzingen"),
    beside: &[("Budget", "Budget"), ("Offerte", "Offerte"), ("Verhoogd", "Verhoogd")],
    ..BASE
}];

const PERCEEL5: &[Comparison] = &[Comparison {
    kop: "Minst gebruikt van wat is ingekocht",
    names: &["Aanbod", "NaamGemeente", "NaamAanbieder"],
    number: ("Gebruikt", "Gebruikt deel"),
    of: Some("Ingekocht"),
    beside: &[
        ("Gebruikt", "Gebruikt"),
        ("Ingekocht", "Ingekocht"),
        ("IndividueelTegelijk", "Ook individueel"),
        ("IndividueelNadien", "Nadien individueel"),
    ],
    smallest_first: true,
    ..BASE
}];

const MAATWERK: &[Comparison] = &[Comparison {
    kop: "Hoogste bedragen",
    names: &["Naam", "NaamGemeente"],
    number: ("Gedeclareerd", "Gedeclareerd"),
    beside: &[("Einddatum", "Einddatum"), ("DagenTotEinde", "Dagen tot einde")],
    ..BASE
}];
