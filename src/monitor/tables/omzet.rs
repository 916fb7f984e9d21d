//! Turnover against last year's, and how much of the change is price, volume and mix.

use super::super::sources::Sources;
use super::super::spec::{Kind, Reach, TableSpec, column};
use super::super::table::{Building, Table, needs};
use crate::dossier::{OmzetRow, Onderdeel, half_up};
use crate::frame::{Frame, Made, large, large_or_none, share, small};
use crate::regelset::RuleValue;

pub(super) const SPEC: TableSpec = TableSpec {
    name: "omzet",
    title: "Omzet tegen vorig jaar",
    per: "aanbieder",
    question: "Van wie verschoof de omzet, en komt dat door de prijs of door de productie?",
    definition: "Omzet is de som van de levende declaratieregels van het leverjaar tot en met de peildatum. Die van vorig jaar staat in de tabel omzet; heeft het dossier zo'n tabel niet, dan tellen de levende declaratieregels van dat jaar. Is het leverjaar niet om, dan telt van vorig jaar een twaalfde per volle maand. De verandering is die tegen vorig jaar naar rato en na indexatie. Prijs, volume en mix samen zijn het verschil met vorig jaar naar rato zonder indexatie: prijs is wat dezelfde volumes nu anders kosten dan tegen de gemiddelde prijs van vorig jaar per product (een product dat er toen niet was, telt hierin geheel), volume is wat de hoeveelheid alleen verklaart, mix de verschuiving tussen producten. Zijn er verschillende eenheden, dan is de mix niet te onderscheiden en zit hij in het volume.",
    source: "ID eis 38",
    columns: &[
        column("Aanbieder", Kind::Text, "AGB-code"),
        column("Naam", Kind::Text, "naam van de aanbieder"),
        column("VorigJaar", Kind::Bedrag, "omzet van vorig jaar"),
        column("NaarRato", Kind::Bedrag, "daarvan het deel van de volle maanden tot de peildatum"),
        column("Geindexeerd", Kind::Bedrag, "dat deel na indexatie"),
        column("DitJaar", Kind::Bedrag, "omzet van dit jaar tot de peildatum"),
        column("Verandering", Kind::Bedrag, "DitJaar min Geindexeerd"),
        column("VeranderingDeel", Kind::Procent, "de verandering als deel van Geindexeerd"),
        column("Prijs", Kind::Bedrag, "deel van het verschil dat de prijs verklaart"),
        column("Volume", Kind::Bedrag, "deel dat de hoeveelheid verklaart"),
        column("Mix", Kind::Bedrag, "deel dat de verschuiving tussen producten verklaart"),
        column(
            "BuitenReikwijdte",
            Kind::Bedrag,
            "van DitJaar: buiten deze overeenkomst (ID 1.2.1)",
        ),
        column("Stand", Kind::Text, "gestegen, gedaald, binnen de marge of geen vorig jaar"),
        column("Regels", Kind::Aantal, "levende declaratieregels van dit jaar"),
    ],
    reach: Reach::Anyone,
};

/// Numbers of the months in a year.
const MONTHS: i64 = 12;

pub(super) fn make(s: &Sources<'_>) -> Made<Table> {
    let key = ["Aanbieder"];
    let earlier = last_year(s)?;
    if earlier.rows() == 0 {
        return Ok(needs(
            &SPEC,
            s.peildatum.dag,
            "een tabel omzet met het jaar voor het leverjaar, of de declaraties van dat jaar",
        ));
    }
    let now = s.in_year.sums(&key, &["Bedrag", "Regels"])?;
    let outside = s.in_year.inner(&outside_scope(s)?, &["Product"])?;
    let outside = outside.sums(&key, &["Bedrag"])?.called("Bedrag", "Buiten")?;
    let all = now.only(&key)?.below(&earlier.only(&key)?)?.different(&key)?;
    let all = all.left(&now, &key)?.left(&outside, &key)?;
    let before = earlier.sums(&key, &["Omzet"])?;
    let all = all.left(&before, &key)?.left(&effects(s, &earlier)?, &key)?.sorted(&key)?;
    finish(s, &all)
}

/// Last year's turnover by aanbieder and product, with the volume where it is known. A row without a
/// product has product −1.
fn last_year(s: &Sources<'_>) -> Made<Frame> {
    let (d, jaar) = (s.dossier(), s.context.jaar - 1);
    let Some(rows) = &d.omzet else {
        let month = (s.context.first_dag().maand() - 12).into();
        let lines = s.sums.between("Maand", month, month + MONTHS - 1)?;
        return by_code(s, &lines)?.called("Bedrag", "Omzet");
    };
    let rows: Vec<_> = rows.iter().filter(|r| r.jaar == jaar).collect();
    let id = |agb| d.aanbieder_nr(agb).map_or(-1, |id| i32::from(id.0));
    let known = |r: &&OmzetRow| r.volume.map(|v| v.0).filter(|_| !r.product_code.is_empty());
    Frame::of(vec![
        small("Aanbieder", rows.iter().map(|r| id(r.aanbieder)).collect()),
        small("Code", rows.iter().map(|r| s.code(&r.product_code)).collect()),
        large("Omzet", rows.iter().map(|r| r.omzet.0).collect()),
        large_or_none("Volume", rows.iter().map(known).collect()),
    ])
}

/// Amounts and volumes of lines by aanbieder and product code.
fn by_code(s: &Sources<'_>, lines: &Frame) -> Made<Frame> {
    let products = lines.sums(&["Aanbieder", "Product"], &["Bedrag", "Volume"])?;
    let codes = s.producten.only(&["Product", "Code"])?;
    products.inner(&codes, &["Product"])?.sums(&["Aanbieder", "Code"], &["Bedrag", "Volume"])
}

/// Products outside the contract's scope.
fn outside_scope(s: &Sources<'_>) -> Made<Frame> {
    let categories = match s.value("OM01", "buiten_reikwijdte") {
        Some(RuleValue::Words(list)) => list.as_slice(),
        _ => &[],
    };
    let producten = &s.dossier().producten;
    // Without a list the documents draw no line.
    let outside = |i: usize| {
        let p = &producten[i];
        let crisis = p.onderdeel() == Some(Onderdeel::Crisis) && !categories.is_empty();
        crisis || categories.contains(&p.categorie)
    };
    s.producten.only(&["Product"])?.keep(outside)
}

/// By aanbieder of whom all volumes of last year are known: what this year's volumes would have cost
/// then (`Oud`), the quantities of both years, and the number of units of this year.
fn effects(s: &Sources<'_>, earlier: &Frame) -> Made<Frame> {
    let key = ["Aanbieder"];
    let volumes = earlier.values("Volume")?;
    let unknown = earlier.keep(|i| volumes[i].is_none_or(|v| v <= 0))?;
    let unknown = unknown.count_rows(&key, "Onbekend")?;
    let before = earlier.sums(&["Aanbieder", "Code"], &["Omzet", "Volume"])?;
    let before = before.called("Volume", "Toen")?.left(&unknown, &key)?;
    let missing = before.counts("Onbekend")?;
    let before = before.keep(|i| missing[i] == 0)?;
    let now = by_code(s, &s.in_year)?.called("Volume", "Nu")?;
    let both = now.inner(&before, &["Aanbieder", "Code"])?;
    let (nu, omzet, toen) = (both.counts("Nu")?, both.counts("Omzet")?, both.counts("Toen")?);
    let cost = nu.iter().zip(&omzet).zip(&toen).map(|((nu, omzet), toen)| {
        half_up(i128::from(*nu) * i128::from(*omzet), i128::from(*toen))
    });
    let cost = large("Oud", cost.collect());
    let cost = both.and(|_| Ok(cost))?.sums(&key, &["Oud"])?;
    let units = s.in_year.count_different(&key, "Eenheid", "Eenheden")?;
    let before = before.sums(&key, &["Toen"])?;
    before.left(&cost, &key)?.left(&now.sums(&key, &["Nu"])?, &key)?.left(&units, &key)
}

/// The columns of the table, of one row an aanbieder.
fn finish(s: &Sources<'_>, all: &Frame) -> Made<Table> {
    let indexatie = s.percentage("OM01", "indexatie");
    let months = s.peildatum.whole_months(s.context);
    let before = all.values("Omzet")?;
    let rato: Vec<Option<i64>> = before.iter().map(|b| b.map(|b| of(b, months, MONTHS))).collect();
    let growth = WHOLE + indexatie.unwrap_or_default();
    let indexed: Vec<Option<i64>> = rato.iter().map(|r| r.map(|r| of(r, growth, WHOLE))).collect();
    let now = all.counts("Bedrag")?;
    let change: Vec<Option<i64>> =
        indexed.iter().zip(&now).map(|(i, now)| i.map(|i| now - i)).collect();
    let part = change.iter().zip(&indexed).map(|(c, i)| share((*c)?, (*i)?));
    let split = split(all, &rato, &now)?;
    let stand = now.iter().zip(&rato).map(|(now, rato)| stand(s, *now, *rato, growth));
    let remarks = match indexatie {
        Some(_) => Vec::new(),
        None => vec![format!(
            "Voor {} is geen indexatie bekend; er is met 0% gerekend.",
            s.context.jaar
        )],
    };
    Building::of(&SPEC)
        .aanbieder(s, all)?
        .numbers("VorigJaar", before)
        .numbers("NaarRato", rato.clone())
        .numbers("Geindexeerd", indexed.clone())
        .counts("DitJaar", now.clone())
        .numbers("Verandering", change.clone())
        .numbers("VeranderingDeel", part.collect())
        .numbers("Prijs", split.iter().map(|e| e.map(|e| e.price)).collect())
        .numbers("Volume", split.iter().map(|e| e.map(|e| e.volume)).collect())
        .numbers("Mix", split.iter().map(|e| e.and_then(|e| e.mix)).collect())
        .counts("BuitenReikwijdte", all.counts("Buiten")?)
        .text("Stand", stand)
        .counts("Regels", all.counts("Regels")?)
        .finish(s.peildatum.dag, remarks)
}

/// The whole, in hundredths of a percent.
const WHOLE: i64 = 10_000;

/// `amount × part / whole`, in whole cents.
fn of(amount: i64, part: i64, whole: i64) -> i64 {
    half_up(i128::from(amount) * i128::from(part), i128::from(whole))
}

/// What the difference between two years is made of.
#[derive(Clone, Copy)]
struct Effects {
    price: i64,
    volume: i64,
    /// `None` where quantities of different units don't add up: then it is in the volume.
    mix: Option<i64>,
}

fn split(all: &Frame, rato: &[Option<i64>], now: &[i64]) -> Made<Vec<Option<Effects>>> {
    let (old, before) = (all.counts("Oud")?, all.values("Toen")?);
    let (quantity, units) = (all.counts("Nu")?, all.counts("Eenheden")?);
    let omzet = all.counts("Omzet")?;
    let of_row = |i: usize| {
        let (rato, before) = (rato[i]?, before[i].filter(|v| *v > 0)?);
        let volume_and_mix = old[i] - rato;
        let price = now[i] - old[i];
        let volume = of(omzet[i], quantity[i], before) - rato;
        Some(match units[i] {
            1 => Effects { price, volume, mix: Some(volume_and_mix - volume) },
            _ => Effects { price, volume: volume_and_mix, mix: None },
        })
    };
    Ok((0..now.len()).map(of_row).collect())
}

/// Did it move more than the contract's margin?
fn stand(s: &Sources<'_>, now: i64, rato: Option<i64>, growth: i64) -> Option<&'static str> {
    let Some(rato) = rato else { return Some("geen vorig jaar") };
    let margin = s.percentage("OM01", "marge")?;
    let (now, rato, whole) = (i128::from(now), i128::from(rato), i128::from(WHOLE));
    let (margin, growth) = (i128::from(margin), i128::from(growth));
    Some(if now * whole * whole > rato * (whole + margin) * growth {
        "gestegen"
    } else if now * whole < rato * (whole - margin) {
        "gedaald"
    } else {
        "binnen de marge"
    })
}
