//! Zeeland's maatwerkovereenkomsten: which run, when they end, what was declared on them.

use super::super::frame::{Frame, Made, small, small_or_none};
use super::super::lines;
use super::super::sources::{Sources, day};
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table, needs};
use crate::dossier::{Dag, MaatwerkRow};
use crate::ground::masked;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "maatwerk",
    title: "Maatwerkovereenkomsten",
    per: "overeenkomst",
    question: "Welke maatwerkovereenkomsten lopen, wanneer eindigen zij, en wat kosten zij?",
    definition: "Elke overeenkomst, met de levende regels van haar aanbieder, gemeente en toewijzingsnummer waarvan een dag in haar looptijd valt, tot de peildatum; een regel die bij meer overeenkomsten past, telt bij de eerste. Zij loopt als de peildatum in haar looptijd valt.",
    source: "MW",
    columns: &[
        column("Aanbieder", Kind::Text, "AGB-code"),
        column("Naam", Kind::Text, "naam van de aanbieder"),
        column("Gemeente", Kind::Text, "CBS-code"),
        column("NaamGemeente", Kind::Text, "naam van de gemeente"),
        column("ToewijzingNummer", Kind::Text, "nummer van de toewijzing"),
        column("ProductCode", Kind::Text, "product van de overeenkomst"),
        column("Startdatum", Kind::Datum, "eerste dag"),
        column("Einddatum", Kind::Datum, "laatste dag; leeg als er geen is"),
        column("Loopt", Kind::JaNee, "loopt op de peildatum"),
        column(
            "DagenTotEinde",
            Kind::Aantal,
            "dagen van de peildatum tot de laatste dag, voor wat loopt en een einde heeft",
        ),
        column("Gedeclareerd", Kind::Bedrag, "levende regels van het leverjaar"),
        column("GedeclareerdTotaal", Kind::Bedrag, "levende regels van alle jaren"),
        column("Regels", Kind::Aantal, "levende regels van alle jaren"),
    ],
    reach: Reach::Inside,
};

const KEY: [&str; 1] = ["Overeenkomst"];

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    let Some(rows) = &s.dossier().maatwerk else {
        return Ok(needs(&SPEC, s.peildatum.dag, "een tabel maatwerk"));
    };
    let agreements = frame(s, rows)?;
    let lines = lines::with_number(s.context, s.peildatum, &agreements.values("Nummer")?)?;
    let numbers = (0..lines.rows() as i32).collect();
    let lines = lines.and(|_| Ok(small("Regel", numbers)))?;
    let fitting = lines.inner(&agreements, &["Aanbieder", "Gemeente", "Nummer"])?;
    let (begin, end) = (fitting.counts("Begin")?, fitting.counts("Eind")?);
    let (van, tot) = (fitting.counts("Van")?, fitting.values("Tot")?);
    let fitting = fitting.keep(|i| van[i] <= end[i] && tot[i].is_none_or(|tot| begin[i] <= tot))?;
    let first = fitting.least(&["Regel"], &KEY)?;
    let own = fitting.inner(&first, &["Regel", "Overeenkomst"])?;
    let year = [s.context.first_dag(), s.context.last_dag()].map(|d| i64::from(d.maand()));
    let of_year = own.between("Maand", year[0], year[1])?.sums(&KEY, &["Bedrag"])?;
    let of_year = of_year.called("Bedrag", "DitJaar")?;
    let all = agreements.left(&own.sums(&KEY, &["Bedrag", "Regels"])?, &KEY)?;
    finish(s, &all.left(&of_year, &KEY)?.sorted(&KEY)?, rows)
}

/// The agreements, by their place in the file.
fn frame(s: &Sources<'_>, rows: &[MaatwerkRow]) -> Made<Frame> {
    let d = s.dossier();
    let id = |r: &MaatwerkRow| d.aanbieder_nr(r.aanbieder).map_or(-1, |id| id.0.into());
    let number = |r: &MaatwerkRow| {
        let word = d.toewijzingnummers.find(&r.toewijzing_nummer);
        word.map_or(-1, |word| word.index() as i32)
    };
    let numbers = |f: &dyn Fn(&MaatwerkRow) -> i32| rows.iter().map(f).collect();
    Frame::of(vec![
        small("Overeenkomst", (0..rows.len() as i32).collect()),
        small("Aanbieder", numbers(&id)),
        small("Gemeente", numbers(&|r| r.gemeente.0.into())),
        small("Nummer", numbers(&number)),
        small("Van", numbers(&|r| r.termijn.ingang.dagen_since_1970())),
        small_or_none(
            "Tot",
            rows.iter().map(|r| r.termijn.end.map(Dag::dagen_since_1970)).collect(),
        ),
    ])
}

fn finish(s: &Sources<'_>, all: &Frame, rows: &[MaatwerkRow]) -> Made<Table> {
    let today = s.peildatum.dag;
    let agbs = rows.iter().map(|r| Some(r.aanbieder.to_string()));
    let naam = |r: &MaatwerkRow| {
        Some(
            s.dossier()
                .aanbieder_nr(r.aanbieder)
                .map_or_else(String::new, |id| s.naam(id.0.into())),
        )
    };
    let number = |r: &MaatwerkRow| Some(s.pseudonyms.nummer(&r.toewijzing_nummer).into_owned());
    let runs =
        |r: &MaatwerkRow| r.termijn.ingang <= today && r.termijn.end.is_none_or(|end| today <= end);
    let left =
        |r: &MaatwerkRow| r.termijn.end.filter(|_| runs(r)).map(|end| end.dagen_after(today));
    Building::of(&SPEC)
        .text("Aanbieder", agbs)
        .text("Naam", rows.iter().map(naam))
        .gemeente(s, all)?
        .text("ToewijzingNummer", rows.iter().map(number))
        .text("ProductCode", rows.iter().map(|r| Some(masked(&r.product_code).into_owned())))
        .days("Startdatum", rows.iter().map(|r| Some(day(r.termijn.ingang))).collect())?
        .days("Einddatum", rows.iter().map(|r| r.termijn.end.map(day)).collect())?
        .yes_no("Loopt", rows.iter().map(|r| Some(runs(r))).collect())
        .numbers("DagenTotEinde", rows.iter().map(left).collect())
        .counts("Gedeclareerd", all.counts("DitJaar")?)
        .counts("GedeclareerdTotaal", all.counts("Bedrag")?)
        .counts("Regels", all.counts("Regels")?)
        .finish(today, Vec::new())
}
