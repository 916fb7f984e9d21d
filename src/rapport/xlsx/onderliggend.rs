//! The sheet of the lines under findings.

use super::family::{Audience, MOST_ROWS, RIDING_WIDTH};
use super::formats::{DATUM, GELD, NUMBER, SheetColumn, TEXT};
use crate::dossier::Thousands;
use crate::ground::Shown;
use crate::rapport::Meegenomen;
use crate::rapport::onderliggend::UnderlyingRow;
use crate::writing::sheet::{Cell, ColumnFormat, Formats, Sheet};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Its name.
pub(super) const ONDERLIGGEND: &str = "Onderliggend";

/// Where the line stands in our own files.
const FOUND_AT: [SheetColumn<'_>; 2] = [("Bestand", 30.0, TEXT), ("Regelnummer", 15.0, NUMBER)];

const ABOUT: [SheetColumn<'_>; 11] = [
    ("Aanbieder", 11.0, TEXT),
    ("Gemeente", 11.0, TEXT),
    ("ReferentieNummer", 20.0, TEXT),
    ("ToewijzingNummer", 19.0, TEXT),
    ("Begindatum", 13.0, DATUM),
    ("Einddatum", 12.0, DATUM),
    ("ProductCode", 14.0, TEXT),
    ("GeleverdVolume", 17.0, Some(ColumnFormat::Volume)),
    ("IngediendBedrag", 18.0, GELD),
    ("Aandeel", 13.0, GELD),
    ("Declaratieregels van de bevinding", 17.0, NUMBER),
];

/// The columns of this reader, and how each looks.
fn kolommen(reader: Audience, riding: &Meegenomen) -> Vec<SheetColumn<'_>> {
    let found_at = if reader == Audience::Us { &FOUND_AT[..] } else { &[] };
    let own = [("Id", 24.0, TEXT)].into_iter().chain(found_at.iter().copied()).chain(ABOUT);
    own.chain(riding.headers().map(|header| (header, RIDING_WIDTH, TEXT))).collect()
}

/// Writes the first of these rows, as many as a sheet holds; there are `total`.
pub(super) fn write<'r>(
    sheet: &mut Worksheet,
    o: &Formats,
    (reader, riding): (Audience, &Meegenomen),
    total: usize,
    rows: impl Iterator<Item = UnderlyingRow<'r>>,
) -> Result<(), XlsxError> {
    let kolommen = kolommen(reader, riding);
    let headers: Vec<&str> = kolommen.iter().map(|(header, ..)| *header).collect();
    let forms: Vec<Option<ColumnFormat>> = kolommen.iter().map(|(.., form)| *form).collect();
    let widths: Vec<f64> = kolommen.iter().map(|(_, width, _)| *width).collect();
    let mut b = Sheet::on(sheet, o, ONDERLIGGEND, &widths)?;
    b.forms(&forms)?;
    b.title("Onderliggende declaratieregels")?;
    b.link_back()?;
    let shown = total.min(MOST_ROWS);
    let rest = match total > shown {
        true => format!(
            " Dit blad toont de eerste {} van {}; alle staan in onderliggend.csv.",
            Thousands(shown as u64),
            Thousands(total as u64)
        ),
        false => String::new(),
    };
    b.sentence(&format!(
        "De declaratieregels onder elke bevinding die niet over één declaratieregel gaat; het Id is dat van de bevinding. Onder een aanbieder of gemeente als geheel staan de 1.000 grootste; de laatste kolom telt ze alle.{rest}"
    ))?;
    b.header(&headers, shown, true)?;
    for r in rows.take(MOST_ROWS) {
        row(&mut b, reader, riding, &r)?;
    }
    Ok(())
}

fn row(
    b: &mut Sheet<'_>,
    reader: Audience,
    riding: &Meegenomen,
    r: &UnderlyingRow<'_>,
) -> Result<(), XlsxError> {
    let (id, aanbieder, gemeente) =
        (r.id(), r.aanbieder().to_string(), r.line.gemeente.to_string());
    let (referentie, toewijzing) = (r.referentie_nummer(), r.toewijzing_nummer());
    let product = r.product_code();
    let mut cells = vec![Cell::text(Shown::unmasked(id))];
    if reader == Audience::Us {
        cells.extend([Cell::text(r.file()), Cell::Number(r.line.line_number.into())]);
    }
    cells.extend([
        Cell::text(&aanbieder),
        Cell::text(&gemeente),
        Cell::of(referentie),
        Cell::of(toewijzing),
        Cell::Datum(r.line.begindatum),
        Cell::Datum(r.line.einddatum),
        Cell::of(product),
        Cell::Volume(r.line.geleverd_volume),
        Cell::Money(r.line.ingediend_bedrag),
        r.share.map_or(Cell::Empty, Cell::Money),
        Cell::Number(r.of),
    ]);
    cells.extend(r.riding(riding).into_iter().map(Cell::of));
    b.row(&cells, false)
}
