//! Zeeland's maatwerkovereenkomsten: which run, when they end, what was declared on them.

use super::super::agreements;
use super::super::sources::Sources;
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table, needs};
use super::super::values::day;
use crate::dossier::MaatwerkRow;
use crate::frame::{Frame, Made};
use crate::ground::masked;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "maatwerk",
    title: "Maatwerkovereenkomsten",
    per: "overeenkomst",
    question: "Welke maatwerkovereenkomsten lopen, wanneer eindigen zij, en wat kosten zij?",
    definition: "Elke overeenkomst, met de levende declaratieregels van haar aanbieder, gemeente en toewijzingsnummer waarvan een dag in haar looptijd valt, tot de peildatum; een declaratieregel die bij meer overeenkomsten past, telt bij de eerste. Zij loopt als de peildatum in haar looptijd valt.",
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
        column("Gedeclareerd", Kind::Bedrag, "levende declaratieregels van het leverjaar"),
        column("GedeclareerdTotaal", Kind::Bedrag, "levende declaratieregels van alle jaren"),
        column("Regels", Kind::Aantal, "levende declaratieregels van alle jaren"),
    ],
    reach: Reach::Inside,
};

const KEY: [&str; 1] = ["Afspraak"];

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    let Some(rows) = &s.dossier().maatwerk else {
        return Ok(needs(&SPEC, s.peildatum.dag, "een tabel maatwerk"));
    };
    let agreements = agreements::maatwerk(s.context, rows)?;
    let own = &s.on_maatwerk;
    let year = [s.context.first_dag(), s.context.last_dag()].map(|d| i64::from(d.maand()));
    let of_year = own.between("Maand", year[0], year[1])?.sums(&KEY, &["Bedrag"])?;
    let of_year = of_year.called("Bedrag", "DitJaar")?;
    let all = agreements.left(&own.sums(&KEY, &["Bedrag", "Regels"])?, &KEY)?;
    finish(s, &all.left(&of_year, &KEY)?.sorted(&KEY)?, rows)
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
    let number = |r: &MaatwerkRow| Some(s.pseudonyms.replace_in(&r.toewijzing_nummer).into_owned());
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
