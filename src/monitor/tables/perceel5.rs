//! The collective offer of Zeeland's perceel 5: what was bought, what was used, and whether the
//! jeugdigen had individual help beside or after it.

use super::super::agreements;
use super::super::lines::NOBODY;
use super::super::sources::Sources;
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table, needs};
use super::super::values::day;
use crate::dossier::{Afspraak, Dag, Eenheid};
use crate::frame::{Frame, Made, large, large_or_none};
use crate::ground::masked;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "perceel5",
    title: "Gebruik van het collectieve aanbod (perceel 5)",
    per: "afspraak",
    question: "Wordt gebruikt wat is ingekocht, en voorkomt het individuele hulp?",
    definition: "Elke afspraak, met de levende declaratieregels van haar aanbieder, gemeente en product waarvan een dag in haar looptijd valt, van alle jaren tot de peildatum; een declaratieregel die bij meer afspraken past, telt bij de eerste. Gebruikt zijn bij trajecten de verschillende jeugdigen en de stuks, bij plaatsen het hoogste aantal jeugdigen in een maand. Gestart is een jeugdige in de maand van zijn eerste declaratieregel op de afspraak. Tegelijk heeft een jeugdige individuele hulp als een declaratieregel van een ander product een dag deelt met zijn tijd op de afspraak (van zijn eerste tot zijn laatste dag); nadien als zo'n declaratieregel begint in de 12 maanden na zijn laatste dag.",
    source: "P5 werkwijze 3 en 7",
    columns: &[
        column("Aanbieder", Kind::Text, "AGB-code"),
        column("NaamAanbieder", Kind::Text, "naam van de aanbieder"),
        column("Gemeente", Kind::Text, "CBS-code"),
        column("NaamGemeente", Kind::Text, "naam van de gemeente"),
        column("ProductCode", Kind::Text, "product van de afspraak"),
        column("Aanbod", Kind::Text, "naam van het aanbod"),
        column("Doelgroep", Kind::Text, "voor wie het is"),
        column("Startdatum", Kind::Datum, "eerste dag van de afspraak"),
        column("Einddatum", Kind::Datum, "laatste dag van de afspraak"),
        column("Soort", Kind::Text, "trajecten of plaatsen"),
        column("Ingekocht", Kind::Volume, "ingekocht aantal"),
        column("Gebruikt", Kind::Volume, "gebruikt aantal"),
        column("Over", Kind::Volume, "Ingekocht min Gebruikt"),
        column(
            "Gemeenten",
            Kind::Aantal,
            "gemeenten met een afspraak over hetzelfde aanbod (aanbieder, product en naam)",
        ),
        column("Bedrag", Kind::Bedrag, "levende declaratieregels"),
        column("Jeugdigen", Kind::Aantal, "verschillende jeugdigen"),
        column("Start01", Kind::Aantal, "gestart in januari van het leverjaar"),
        column("Start02", Kind::Aantal, "in februari"),
        column("Start03", Kind::Aantal, "in maart"),
        column("Start04", Kind::Aantal, "in april"),
        column("Start05", Kind::Aantal, "in mei"),
        column("Start06", Kind::Aantal, "in juni"),
        column("Start07", Kind::Aantal, "in juli"),
        column("Start08", Kind::Aantal, "in augustus"),
        column("Start09", Kind::Aantal, "in september"),
        column("Start10", Kind::Aantal, "in oktober"),
        column("Start11", Kind::Aantal, "in november"),
        column("Start12", Kind::Aantal, "in december"),
        column(
            "IndividueelTegelijk",
            Kind::Aantal,
            "jeugdigen met individuele hulp in dezelfde tijd",
        ),
        column(
            "IndividueelNadien",
            Kind::Aantal,
            "jeugdigen met individuele hulp in de 12 maanden erna",
        ),
        column("Regels", Kind::Aantal, "levende declaratieregels"),
    ],
    reach: Reach::WithoutSmallGroups,
};

const KEY: [&str; 1] = ["Afspraak"];

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    if s.context.regelset.beschikkingsvrij.is_empty() {
        let what = "een regelset met producten zonder beschikking, zoals zeeland";
        return Ok(needs(&SPEC, s.peildatum.dag, what));
    }
    let Some(afspraken) = &s.dossier().afspraken else {
        return Ok(needs(&SPEC, s.peildatum.dag, "een tabel afspraken"));
    };
    let rows = agreements::afspraken(s.context, afspraken)?;
    let lines = s.on_afspraken.left(&rows.only(&["Afspraak", "Plaatsen"])?, &KEY)?;
    let sums = lines.sums(&KEY, &["Bedrag", "Regels"])?;
    let named = lines.without("Jeugdige", NOBODY)?;
    let jeugdigen = named.count_different(&KEY, "Jeugdige", "Jeugdigen")?;
    let mut all = rows.left(&sums, &KEY)?.left(&jeugdigen, &KEY)?.left(&used(&lines)?, &KEY)?;
    let times = named.least(&["Afspraak", "Jeugdige"], &["Begin", "Maand"])?;
    let last = named.greatest(&["Afspraak", "Jeugdige"], &["Eind"])?;
    let times = times.left(&last, &["Afspraak", "Jeugdige"])?;
    let first = s.context.first_dag().maand();
    for month in 0..12 {
        let started = times.with("Maand", (first + month).into())?;
        all = all.left(&started.count_rows(&KEY, &start_of(month))?, &KEY)?;
    }
    let [beside, after] = individual(s, &times)?;
    let all = all.left(&beside, &KEY)?.left(&after, &KEY)?.sorted(&KEY)?;
    finish(s, &all, afspraken)
}

/// Name of the column of those who started in a month, from 0.
fn start_of(month: i32) -> String {
    format!("Start{:02}", month + 1)
}

/// What was used of each agreement, in hundredths.
fn used(lines: &Frame) -> Made<Frame> {
    let units = lines.counts("Eenheid")?;
    let places = lines.counts("Plaatsen")?;
    let pieces = [Eenheid::STUKS_OUTPUT, Eenheid::STUKS_INSPANNING].map(|e| i64::from(e.0));
    let in_pieces = |i: usize| places[i] == 0 && pieces.contains(&units[i]);
    let stuks = lines.keep(in_pieces)?.sums(&KEY, &["Volume"])?.called("Volume", "Stuks")?;
    let others = lines.keep(|i| !in_pieces(i))?.without("Jeugdige", NOBODY)?;
    let trajects = others.with("Plaatsen", 0)?.count_different(&KEY, "Jeugdige", "Wie")?;
    let months = others.with("Plaatsen", 1)?;
    let months = months.count_different(&["Afspraak", "Maand"], "Jeugdige", "Plaats")?;
    let places = months.greatest(&KEY, &["Plaats"])?;
    let all = lines.different(&KEY)?.left(&stuks, &KEY)?.left(&trajects, &KEY)?;
    let all = all.left(&places, &KEY)?;
    let (stuks, wie, plaats) = (all.counts("Stuks")?, all.counts("Wie")?, all.counts("Plaats")?);
    let used = (0..all.rows()).map(|i| stuks[i] + 100 * (wie[i] + plaats[i])).collect();
    all.only(&KEY)?.and(|_| Ok(large("Gebruikt", used)))
}

/// How many of the jeugdigen of each agreement had individual help beside it, and after it.
fn individual(s: &Sources<'_>, times: &Frame) -> Made<[Frame; 2]> {
    let after = times.counts("Eind")?.into_iter().map(|end| {
        let end = Dag::from_dagen_since_1970(end as i32)?;
        Some(day(end.plus_maanden(s.settings.nadien_maanden)))
    });
    let after = large_or_none("Nadien", after.collect());
    let times = times.clone().called("Begin", "Eerste")?.called("Eind", "Laatste")?;
    let times =
        times.and(|_| Ok(after))?.only(&["Afspraak", "Jeugdige", "Eerste", "Laatste", "Nadien"])?;
    let lines = s.other_help.only(&["Jeugdige", "Begin", "Eind"])?.inner(&times, &["Jeugdige"])?;
    let (begin, end) = (lines.counts("Begin")?, lines.counts("Eind")?);
    let (first, last) = (lines.counts("Eerste")?, lines.counts("Laatste")?);
    let until = lines.values("Nadien")?;
    let beside = lines.keep(|i| begin[i] <= last[i] && end[i] >= first[i])?;
    let later = |i: usize| last[i] < begin[i] && until[i].is_some_and(|until| begin[i] <= until);
    Ok([
        beside.count_different(&KEY, "Jeugdige", "Tegelijk")?,
        lines.keep(later)?.count_different(&KEY, "Jeugdige", "Erna")?,
    ])
}

fn finish(s: &Sources<'_>, all: &Frame, afspraken: &[Afspraak]) -> Made<Table> {
    let (ids, bought) = (all.counts("Aanbieder")?, all.counts("Aantal")?);
    let used = all.counts("Gebruikt")?;
    let left = bought.iter().zip(&used).map(|(b, u)| b - u).collect();
    let text = |f: fn(&Afspraak) -> &str| {
        afspraken.iter().map(move |a| Some(masked(f(a)).into_owned())).collect::<Vec<_>>()
    };
    let gemeenten = |a: &Afspraak| {
        let offer = |o: &&Afspraak| {
            (o.aanbieder, &o.product_code, &o.naam) == (a.aanbieder, &a.product_code, &a.naam)
        };
        let mut all: Vec<_> = afspraken.iter().filter(offer).map(|o| o.gemeente).collect();
        all.sort_unstable();
        all.dedup();
        all.len() as i64
    };
    let days = |f: fn(&Afspraak) -> Option<Dag>| afspraken.iter().map(|a| f(a).map(day)).collect();
    let mut table = Building::of(&SPEC)
        .text("Aanbieder", ids.iter().map(|id| Some(s.agb(*id).to_string())))
        .text("NaamAanbieder", ids.iter().map(|id| Some(s.naam(*id))))
        .gemeente(s, all)?
        .text("ProductCode", text(|a| &a.product_code).into_iter())
        .text("Aanbod", text(|a| &a.naam).into_iter())
        .text("Doelgroep", text(|a| &a.doelgroep).into_iter())
        .days("Startdatum", days(|a| Some(a.termijn.ingang)))?
        .days("Einddatum", days(|a| a.termijn.end))?
        .text("Soort", afspraken.iter().map(|a| Some(a.soort.name())))
        .counts("Ingekocht", bought.clone())
        .counts("Gebruikt", used.clone())
        .counts("Over", left)
        .counts("Gemeenten", afspraken.iter().map(gemeenten).collect())
        .counts("Bedrag", all.counts("Bedrag")?)
        .counts("Jeugdigen", all.counts("Jeugdigen")?);
    for month in 0..12 {
        let name = start_of(month);
        table = table.counts(&name, all.counts(&name)?);
    }
    table
        .counts("IndividueelTegelijk", all.counts("Tegelijk")?)
        .counts("IndividueelNadien", all.counts("Erna")?)
        .counts("Regels", all.counts("Regels")?)
        .finish(s.peildatum.dag, Vec::new())
}
