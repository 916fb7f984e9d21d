//! What each aanbieder declared in each month, and the months without.

use super::super::sources::{Sources, month_text};
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table};
use crate::frame::{Frame, Made, small};

pub(super) const SPEC: TableSpec = TableSpec {
    name: "maand",
    title: "Maand voor maand",
    per: "aanbieder × maand",
    question: "Wie declareert elke maand, en waar ontbreekt er een?",
    definition: "Per aanbieder elke maand van het leverjaar vanaf zijn eerste maand met declaraties tot en met de laatste volle maand voor de peildatum. Geteld zijn de levende declaratieregels naar de maand van hun Einddatum. Een maand zonder declaratieregels tussen twee maanden met declaratieregels heet ontbreekt; een maand na de laatste met declaratieregels heet na de laatste.",
    source: "iJw TR318; ID eis 43a",
    columns: &[
        column("Aanbieder", Kind::Text, "AGB-code"),
        column("Naam", Kind::Text, "naam van de aanbieder"),
        column("Maand", Kind::Text, "jaar en maand van levering"),
        column("Regels", Kind::Aantal, "levende declaratieregels"),
        column("Bedrag", Kind::Bedrag, "som van de ingediende bedragen"),
        column(
            "Jeugdigen",
            Kind::Aantal,
            "verschillende jeugdigen; een declaratieregel zonder Bsn telt er geen",
        ),
        column("Stand", Kind::Text, "gedeclareerd, ontbreekt of na de laatste"),
    ],
    reach: Reach::Anyone,
};

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    let keys = ["Aanbieder", "Maand"];
    let sums = s.in_year.sums(&keys, &["Regels", "Bedrag"])?;
    let jeugdigen = s.people.count_different(&keys, "Jeugdige", "Jeugdigen")?;
    let months = sums.left(&jeugdigen, &keys)?;
    let last = months.greatest(&["Aanbieder"], &["Maand"])?.called("Maand", "Laatste")?;
    let all = every_month(s, &months)?.left(&months, &keys)?.left(&last, &["Aanbieder"])?;
    let all = all.sorted(&keys)?;
    let maanden = all.counts("Maand")?;
    let (regels, last) = (all.counts("Regels")?, all.counts("Laatste")?);
    let stand = regels.iter().zip(&last).zip(&maanden).map(|((n, last), maand)| match n {
        0 if maand > last => Some("na de laatste"),
        0 => Some("ontbreekt"),
        _ => Some("gedeclareerd"),
    });
    Building::of(&SPEC)
        .aanbieder(s, &all)?
        .text("Maand", maanden.iter().map(|m| Some(month_text(*m))))
        .counts("Regels", regels.clone())
        .counts("Bedrag", all.counts("Bedrag")?)
        .counts("Jeugdigen", all.counts("Jeugdigen")?)
        .text("Stand", stand)
        .finish(s.peildatum.dag, Vec::new())
}

/// Each aanbieder with each month from its first one up to the last whole one, or the last in which
/// it declared if that is later.
fn every_month(s: &Sources<'_>, months: &Frame) -> Made<Frame> {
    let first = s.context.first_dag().maand();
    let year: Vec<i32> = (first..first + 12).collect();
    let begin = months.least(&["Aanbieder"], &["Maand"])?.called("Maand", "Eerste")?;
    let last = months.greatest(&["Aanbieder"], &["Maand"])?.called("Maand", "Laatste")?;
    let aanbieders = begin.left(&last, &["Aanbieder"])?;
    let one = |frame: &Frame| Ok(small("Jaar", vec![0; frame.rows()]));
    let year = Frame::of(vec![small("Maand", year)])?.and(one)?;
    let all = aanbieders.and(one)?.inner(&year, &["Jaar"])?;
    let until = i64::from(s.peildatum.last_whole_month(s.context));
    let (maand, begin, last) =
        (all.counts("Maand")?, all.counts("Eerste")?, all.counts("Laatste")?);
    all.keep(|i| begin[i] <= maand[i] && maand[i] <= until.max(last[i]))?
        .only(&["Aanbieder", "Maand"])
}
