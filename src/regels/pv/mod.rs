//! The productieverantwoording, set against what was declared.

pub(crate) mod aantal_jeugdigen_wijkt_af;
pub(crate) mod controleverklaring_nodig;
pub(crate) mod gewaarmerkt_wijkt_af;
pub(crate) mod meer_gedeclareerd;
pub(crate) mod meer_verantwoord;
pub(crate) mod niets_verantwoord;
pub(crate) mod sroi_inspanning;
pub(crate) mod te_laat_verantwoord;

use crate::dossier::{
    AanbiederId, Cent, Ernst, FileKind, Gemeente, Kolom, Product, ProductId, Status,
    Verantwoording, VerantwoordingRow,
};
use crate::toetsing::{AanbiederGroup, Bevinding, Line, Outcomes, Reason, Selection, Subject};
use std::collections::BTreeMap;

/// The amount, if every row that makes it up is definitive.
fn definitief_bedrag(v: &Verantwoording<'_>, group: &AanbiederGroup<'_>) -> Result<Cent, Reason> {
    v.readable()?;
    v.rows_of_bedrag().iter().try_for_each(|row| is_definitief(group, row))?;
    Ok(v.bedrag())
}

/// Is the row definitive or certified? Not testable where it is neither.
fn is_definitief(group: &AanbiederGroup<'_>, row: &VerantwoordingRow) -> Result<(), Reason> {
    group.context.cell(row, Kolom::Status)?;
    match row.status {
        Some(Status::Definitief | Status::Gewaarmerkt) => Ok(()),
        Some(Status::Voorlopig) | None => Err(Reason::VerantwoordingVoorlopig),
    }
}

/// Of the audited year, by gemeente.
fn verantwoording<'a>(group: &AanbiederGroup<'a>) -> Result<Vec<Verantwoording<'a>>, Reason> {
    let c = group.context;
    if c.dossier.productieverantwoording.is_none() {
        return Err(Reason::TabelOntbreekt(FileKind::Productieverantwoording));
    }
    Ok(c.dossier.verantwoording_per_gemeente(group.aanbieder.agb, c.jaar))
}

/// The same; counts an aanbieder with lines as not testable where there is no such table.
fn verantwoording_or_reason<'a>(
    group: &AanbiederGroup<'a>,
    out: &mut Outcomes,
) -> Option<Vec<Verantwoording<'a>>> {
    match verantwoording(group) {
        Ok(v) => Some(v),
        Err(reason) => {
            if group.jaarsom(group.context.jaar).is_some() {
                out.not_testable(reason);
            }
            None
        }
    }
}

/// Sums of the live lines of the audited year, by gemeente.
fn gedeclareerd(group: &AanbiederGroup<'_>) -> BTreeMap<Gemeente, Cent> {
    let mut sums = BTreeMap::new();
    for l in group.counting_lines() {
        *sums.entry(l.data.gemeente).or_default() += l.data.ingediend_bedrag;
    }
    sums
}

/// Is the line of this gemeente and of the row's product, if it names one?
fn belongs_to(line: &Line<'_>, row: &VerantwoordingRow) -> bool {
    let product = line.product;
    line.data.gemeente == row.gemeente
        && (row.is_without_product()
            || (product.categorie == row.product_categorie && product.code == row.product_code))
}

/// The lines that a row is about.
fn bevinding_over(group: &AanbiederGroup<'_>, row: &VerantwoordingRow, ernst: Ernst) -> Bevinding {
    let b = bevinding(group.id, row.gemeente, ernst);
    if row.is_without_product() {
        return b;
    }
    let is_product =
        |p: &Product| p.categorie == row.product_categorie && p.code == row.product_code;
    b.on(match group.context.dossier.producten.iter().position(is_product) {
        Some(place) => Selection::Product(ProductId(place as u16)),
        None => Selection::Lines(Vec::new()),
    })
}

/// Words for the product of a row.
fn product(row: &VerantwoordingRow) -> String {
    format!("product {} {}", row.product_categorie, row.product_code)
}

fn bevinding(id: AanbiederId, gemeente: Gemeente, ernst: Ernst) -> Bevinding {
    Bevinding::new(ernst, Subject::AanbiederInGemeente(id, gemeente))
}
