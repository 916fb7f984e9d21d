//! The productieverantwoording as files: a workbook for all, one for each aanbieder to sign, and a
//! CSV that a dossier can hold again.

use super::{DeliveryCounts, Party, ProductRow, Productieverantwoording};
use crate::dossier::{AanbiederId, Cent, Gemeente, ProductId, Volume};
use crate::rapport::Aansluiting;
use crate::toetsing::LineStatistics;
use crate::writing::sheet::{Cell, Formats, Sheet, keep, new_book};
use crate::writing::{WriteError, csv_for_excel};
use rayon::prelude::*;
use rust_xlsxwriter::{Workbook, XlsxError};
use std::path::Path;

/// Writes everything into this folder.
pub(crate) fn write_report(p: &Productieverantwoording<'_>, dir: &Path) -> Result<(), WriteError> {
    csv(p, &dir.join("productieverantwoording.csv"))?;
    keep(&dir.join("productieverantwoording.xlsx"), |temporary| overzicht(p, temporary))?;
    let of_aanbieders = dir.join("per-aanbieder");
    std::fs::create_dir(&of_aanbieders).map_err(|e| WriteError::writing(&of_aanbieders, &e))?;
    let parties: Vec<&[Party]> = p.per_aanbieder().collect();
    parties.into_par_iter().try_for_each(|of_aanbieder| {
        let agb = p.context.agb(of_aanbieder[0].aanbieder);
        keep(&of_aanbieders.join(format!("{agb}.xlsx")), |temporary| {
            of_one(p, of_aanbieder, temporary)
        })
    })
}

/// The columns of the kind `productieverantwoording`, and names for people. A product that was
/// declared in several units has no Volume: those don't add up.
fn csv(p: &Productieverantwoording<'_>, path: &Path) -> Result<(), WriteError> {
    let d = p.context.dossier;
    let rows = p.parties.iter().flat_map(|party| {
        let equal = |a: &super::ProductRow, b: &super::ProductRow| a.product == b.product;
        party.producten.chunk_by(equal).map(move |rows| {
            let product = d.product(rows[0].product);
            let (volume, eenheid) = match rows {
                [one] => (bare(one.volume), one.eenheid.to_string()),
                _ => (String::new(), String::new()),
            };
            [
                p.context.agb(party.aanbieder).to_string(),
                party.gemeente.to_string(),
                p.context.jaar.to_string(),
                product.categorie.clone(),
                product.code.clone(),
                rows[0].jeugdigen_of_product.to_string(),
                volume,
                bedrag(rows.iter().map(|r| r.counts.bedrag).sum()),
                "voorlopig".to_owned(),
                eenheid,
                p.name_of_aanbieder(party.aanbieder).to_owned(),
                p.name_of_gemeente(party.gemeente).to_owned(),
            ]
        })
    });
    csv_for_excel(
        path,
        &[
            "Aanbieder",
            "Gemeente",
            "Jaar",
            "ProductCategorie",
            "ProductCode",
            "AantalJeugdigen",
            "Volume",
            "Bedrag",
            "Status",
            "Eenheid",
            "AanbiederNaam",
            "GemeenteNaam",
        ],
        rows,
    )
}

fn bare(v: Volume) -> String {
    match v.0 % 100 {
        0 => (v.0 / 100).to_string(),
        rest => format!("{},{rest:02}", v.0 / 100),
    }
}

fn bedrag(c: Cent) -> String {
    format!("{},{:02}", c.0 / 100, c.0 % 100)
}

impl Productieverantwoording<'_> {
    fn name_of_aanbieder(&self, id: AanbiederId) -> &str {
        let data = self.context.dossier.aanbieder(id).data.as_ref();
        data.map_or("", |g| &g.naam)
    }

    fn name_of_gemeente(&self, gemeente: Gemeente) -> &str {
        self.context.regelset.gemeentecodes.name(gemeente)
    }

    fn description(&self, product: ProductId) -> &str {
        let catalogus = self.context.dossier.product(product).row.as_ref();
        catalogus.map_or("", |c| &c.omschrijving)
    }
}

const PARTIJKOPPEN: [&str; 9] = [
    "Aanbieder",
    "Naam",
    "Gemeente",
    "Naam gemeente",
    "Jeugdigen",
    "Regels",
    "Gedeclareerd",
    "Verantwoord door de aanbieder",
    "Verschil",
];

fn geld(c: Option<Cent>) -> Cell<'static> {
    c.map_or(Cell::Empty, Cell::Money)
}

/// One workbook with all: parties, products, and the way from rows to what is accounted for.
fn overzicht(p: &Productieverantwoording<'_>, dir: &Path) -> Result<Workbook, XlsxError> {
    let (c, o) = (p.context, Formats::new());
    let title = format!("Productieverantwoording jeugdhulp {}", c.jaar);
    let mut book = new_book(dir, &title, &c.regelset.title, c.jaar)?;
    let widths = [11.0, 34.0, 10.0, 22.0, 11.0, 11.0, 18.0, 18.0, 18.0];
    let mut b = Sheet::new(&mut book, &o, "Overzicht", &widths)?;
    b.title(&title)?;
    b.sentence("Geteld zijn de levende declaratieregels van het leverjaar. Een jeugdige telt in elke rij één keer; bij meer aanbieders of gemeenten telt hij in het totaal één keer.")?;
    b.blank_line();
    b.header(&PARTIJKOPPEN, p.parties.len(), true)?;
    for party in &p.parties {
        let agb = c.agb(party.aanbieder).to_string();
        let gemeente = party.gemeente.to_string();
        b.row(
            &[
                Cell::text(&agb),
                Cell::text(p.name_of_aanbieder(party.aanbieder)),
                Cell::text(&gemeente),
                Cell::text(p.name_of_gemeente(party.gemeente)),
                Cell::Number(party.total.jeugdigen),
                Cell::Number(party.total.lines),
                Cell::Money(party.total.bedrag),
                geld(party.verantwoord),
                geld(party.difference()),
            ],
            false,
        )?;
    }
    let verantwoord: Option<Cent> =
        p.parties.iter().filter_map(|x| x.verantwoord).reduce(|a, b| a + b);
    b.row(
        &[
            Cell::text("Totaal"),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Number(p.total.jeugdigen),
            Cell::Number(p.total.lines),
            Cell::Money(p.total.bedrag),
            geld(verantwoord),
            geld(verantwoord.map(|v| p.total.bedrag - v)),
        ],
        true,
    )?;
    producten(p, &mut book, &o)?;
    aansluiting(p, &mut book, &o, verantwoord)?;
    Ok(book)
}

fn producten(
    p: &Productieverantwoording<'_>,
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let count = p.parties.iter().map(|x| x.producten.len()).sum();
    let widths = [11.0, 34.0, 10.0, 10.0, 10.0, 34.0, 12.0, 18.0, 11.0, 11.0, 18.0];
    let mut b = Sheet::new(book, o, "Producten", &widths)?;
    b.header(
        &[
            "Aanbieder",
            "Naam",
            "Gemeente",
            "Categorie",
            "Product",
            "Omschrijving",
            "Volume",
            "Eenheid",
            "Jeugdigen",
            "Regels",
            "Gedeclareerd",
        ],
        count,
        true,
    )?;
    for party in &p.parties {
        for row in &party.producten {
            let agb = p.context.agb(party.aanbieder).to_string();
            let gemeente = party.gemeente.to_string();
            let name = p.name_of_aanbieder(party.aanbieder);
            let mut cells = vec![Cell::text(&agb), Cell::text(name), Cell::text(&gemeente)];
            let volume = row.volume.to_string();
            cells.extend(product_cells(p, row, &volume));
            cells.extend([Cell::Number(row.counts.lines), Cell::Money(row.counts.bedrag)]);
            b.row(&cells, false)?;
        }
    }
    Ok(())
}

/// A product and what was delivered of it; where euros are declared the volume is an amount.
fn product_cells<'c>(
    p: &'c Productieverantwoording<'_>,
    row: &ProductRow,
    volume: &'c str,
) -> [Cell<'c>; 6] {
    let product = p.context.dossier.product(row.product);
    [
        Cell::text(&product.categorie),
        Cell::text(&product.code),
        Cell::text(p.description(row.product)),
        Cell::text(volume),
        Cell::text(row.eenheid.name()),
        Cell::Number(row.counts.jeugdigen),
    ]
}

/// From the rows that were read to what is accounted for.
fn aansluiting(
    p: &Productieverantwoording<'_>,
    book: &mut Workbook,
    o: &Formats,
    verantwoord: Option<Cent>,
) -> Result<(), XlsxError> {
    let a = Aansluiting::make(p.context, &LineStatistics::of(p.context));
    let mut b = Sheet::new(book, o, "Aansluiting", &[60.0, 14.0, 20.0])?;
    b.title("Van declaratieregels naar verantwoording")?;
    b.blank_line();
    b.header(&["Stap", "Regels", "Bedrag"], 0, false)?;
    b.row(&[Cell::text("Gelezen declaratieregels"), Cell::Number(a.read), Cell::Empty], false)?;
    b.row(
        &[Cell::text("af: afgekeurd (niet te lezen)"), Cell::Number(a.rejected), Cell::Empty],
        false,
    )?;
    for step in &a.steps {
        b.row(
            &[Cell::text(&step.name), Cell::Number(step.lines), Cell::Money(step.bedrag)],
            false,
        )?;
    }
    b.row(
        &[
            Cell::text("In deze productieverantwoording"),
            Cell::Number(p.total.lines),
            Cell::Money(p.total.bedrag),
        ],
        true,
    )?;
    if let Some(verantwoord) = verantwoord {
        b.row(
            &[
                Cell::text("Verantwoord door de aanbieders (tabel productieverantwoording)"),
                Cell::Empty,
                Cell::Money(verantwoord),
            ],
            false,
        )?;
        b.row(
            &[Cell::text("Verschil"), Cell::Empty, Cell::Money(p.total.bedrag - verantwoord)],
            true,
        )?;
    }
    Ok(())
}

/// What one aanbieder is asked to sign: each gemeente with its products, totals, and the block.
fn of_one(
    p: &Productieverantwoording<'_>,
    parties: &[Party],
    dir: &Path,
) -> Result<Workbook, XlsxError> {
    let (c, o) = (p.context, Formats::new());
    let aanbieder = parties[0].aanbieder;
    let name = p.name_of_aanbieder(aanbieder);
    let title = format!("Productieverantwoording jeugdhulp {}", c.jaar);
    let mut book = new_book(dir, &title, &c.regelset.title, c.jaar)?;
    let widths = [26.0, 11.0, 11.0, 36.0, 14.0, 18.0, 11.0, 18.0];
    let mut b = Sheet::new(&mut book, &o, "Productieverantwoording", &widths)?;
    b.title(&title)?;
    b.sentence(&format!("Aanbieder: {} {name}", c.agb(aanbieder)))?;
    b.sentence(&format!("Regio: {}", c.regelset.title))?;
    b.sentence("Opgave van de opdrachtgever uit de levende declaratieregels van het leverjaar.")?;
    b.blank_line();
    b.header(
        &[
            "Gemeente",
            "Categorie",
            "Product",
            "Omschrijving",
            "Volume",
            "Eenheid",
            "Jeugdigen",
            "Bedrag",
        ],
        0,
        false,
    )?;
    for party in parties {
        let gemeente = format!("{} {}", party.gemeente, p.name_of_gemeente(party.gemeente));
        for row in &party.producten {
            let mut cells = vec![Cell::text(&gemeente)];
            let volume = row.volume.to_string();
            cells.extend(product_cells(p, row, &volume));
            cells.push(Cell::Money(row.counts.bedrag));
            b.row(&cells, false)?;
        }
        totals_row(&mut b, &format!("Totaal {gemeente}"), &party.total)?;
        if let (Some(verantwoord), Some(difference)) = (party.verantwoord, party.difference()) {
            b.row(&loose_row("door u verantwoord", verantwoord), false)?;
            b.row(&loose_row("verschil", difference), false)?;
        }
    }
    b.blank_line();
    totals_row(&mut b, "Totaal van alle gemeenten", &p.total_of(aanbieder))?;
    b.blank_line();
    b.sentence("Verklaring van de aanbieder")?;
    b.sentence("Ondergetekende verklaart dat deze opgave overeenkomt met de geleverde jeugdhulp en met de eigen administratie.")?;
    b.ondertekening(&["Naam:", "Functie:", "Plaats en datum:", "Handtekening:"])?;
    b.blank_line();
    b.sentence("Afwijkingen of opmerkingen:")?;
    Ok(book)
}

fn totals_row(b: &mut Sheet<'_>, name: &str, counts: &DeliveryCounts) -> Result<(), XlsxError> {
    b.row(
        &[
            Cell::text(name),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Number(counts.jeugdigen),
            Cell::Money(counts.bedrag),
        ],
        true,
    )
}

fn loose_row(name: &str, bedrag: Cent) -> [Cell<'_>; 8] {
    let empty = || Cell::Empty;
    [empty(), empty(), empty(), Cell::text(name), empty(), empty(), empty(), Cell::Money(bedrag)]
}
