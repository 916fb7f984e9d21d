//! The sheets of findings: one a family of rules, with what that family measures.

use super::formats::{DATUM, GELD, LONG, NUMBER, SheetColumn, TEXT};
use crate::dossier::{Cent, Ernst, Thousands};
use crate::ground::Shown;
use crate::rapport::bevindingen::FindingRow;
use crate::rapport::{Meegenomen, Rapport};
use crate::regels::FAMILIES;
use crate::toetsing::Measure;
use crate::writing::sheet::{Cell, ColumnFormat, Formats, Sheet};
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer jeugdigen than this are not counted outside the organisation.
pub(super) const SMALLEST_GROUP: usize = 5;

/// Rows of findings that one sheet holds at most; the rest is counted and stands in the parquet.
pub(super) const MOST_ROWS: usize = 200_000;

/// What a family measures: what was found, what was allowed, what lies between, and whether that
/// is worth showing as a share.
struct OwnColumns {
    familie: &'static str,
    headers: [&'static str; 3],
    part: Option<&'static str>,
}

const OWN: &[OwnColumns] = &[
    OwnColumns { familie: "NS", headers: ["No-shows", "Toegestaan", "Erboven"], part: None },
    OwnColumns {
        familie: "TL",
        headers: ["Dagen na de maand", "Toegestaan", "Dagen te laat"],
        part: None,
    },
    OwnColumns {
        familie: "BU",
        headers: ["Gebruikt", "Budget", "Erboven"],
        part: Some("Deel van het budget"),
    },
    OwnColumns {
        familie: "OM",
        headers: ["Omzet", "Vergeleken met", "Verschil"],
        part: Some("Deel"),
    },
    OwnColumns {
        familie: "TF",
        headers: ["Gedeclareerd", "Volgens contract", "Verschil"],
        part: Some("Deel van contract"),
    },
    OwnColumns { familie: "PV", headers: ["Gedeclareerd", "Verantwoord", "Verschil"], part: None },
];

impl OwnColumns {
    /// Its columns; `rows` tell whether it measures money.
    fn kolommen(
        &self,
        rows: &[FindingRow<'_>],
    ) -> impl Iterator<Item = SheetColumn<'static>> + use<> {
        let form = match rows.iter().find_map(FindingRow::measure) {
            Some(Measure::Count { .. }) => NUMBER,
            Some(Measure::Money { .. }) | None => GELD,
        };
        let part = self.part.map(|header| (header, 13.0, Some(ColumnFormat::Share)));
        self.headers.into_iter().map(move |header| (header, 14.5, form)).chain(part)
    }

    fn cells<'c>(&self, measure: Option<Measure>) -> Vec<Cell<'c>> {
        let mut cellen = match measure {
            None => vec![Cell::Empty; 3],
            Some(Measure::Money { measured, limit }) => {
                vec![Cell::Money(measured), Cell::Money(limit), Cell::Money(measured - limit)]
            }
            Some(Measure::Count { measured, limit }) => {
                vec![Cell::Integer(measured), Cell::Integer(limit), Cell::Integer(measured - limit)]
            }
        };
        if self.part.is_some() {
            cellen.push(match measure {
                Some(Measure::Money { measured: Cent(a), limit: Cent(b) }) => Cell::Share(a, b),
                Some(Measure::Count { measured, limit }) => Cell::Share(measured, limit),
                None => Cell::Empty,
            });
        }
        cellen
    }
}

/// The families that were run, by code and name.
pub(super) fn families(
    rapport: &Rapport<'_>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    FAMILIES
        .iter()
        .copied()
        .filter(|(code, _)| rapport.outcomes.iter().any(|u| u.rule.familie() == *code))
}

/// Name of a family's sheet.
pub(super) fn sheet_name(code: &str, name: &str) -> String {
    format!("{code} {name}")
}

/// Findings that a sheet shows: all, or the largest by amount when there are too many.
fn visible(mut rows: Vec<FindingRow<'_>>) -> Vec<FindingRow<'_>> {
    if rows.len() > MOST_ROWS {
        let mut places: Vec<usize> = (0..rows.len()).collect();
        let bedrag = |i: &usize| rows[*i].bedrag_in_geding().unwrap_or_default();
        places.sort_by_key(|i| (std::cmp::Reverse(bedrag(i)), *i));
        places.truncate(MOST_ROWS);
        places.sort_unstable();
        rows = places.into_iter().map(|i| rows[i]).collect();
    }
    rows
}

/// Who reads a workbook: what isn't theirs to see or to fill in stays out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    Us,
    Gemeente,
    Aanbieder,
}

impl Audience {
    /// The columns that a person fills in.
    fn to_fill_in(self) -> &'static [SheetColumn<'static>] {
        match self {
            Audience::Aanbieder => &[("Reactie", 36.0, None)],
            // They decide in the list.
            Audience::Us => &[],
            Audience::Gemeente => &[
                ("Oordeel", 17.0, None),
                ("Bedrag", 13.0, GELD),
                ("Opmerking", 30.0, LONG),
                ("Door", 14.0, TEXT),
                ("Datum", 11.0, DATUM),
            ],
        }
    }

    /// The columns that lead back to our own files.
    fn found_at(self) -> &'static [SheetColumn<'static>] {
        match self {
            Audience::Us => &[("Bestand", 22.0, TEXT), ("Regel in bestand", 9.0, NUMBER)],
            Audience::Gemeente | Audience::Aanbieder => &[],
        }
    }
}

/// The width of a column that rides along.
pub(super) const RIDING_WIDTH: f64 = 20.0;

/// Where every sheet says how serious a finding is.
const ERNST: u16 = 1;

/// The columns of a sheet, and where two of them are.
struct Kolommen<'h> {
    list: Vec<SheetColumn<'h>>,
    in_geding: u16,
    to_fill_in: u16,
}

impl<'h> Kolommen<'h> {
    fn of(
        own: Option<&OwnColumns>,
        rows: &[FindingRow<'_>],
        reader: Audience,
        riding: &'h Meegenomen,
    ) -> Kolommen<'h> {
        let mut list: Vec<SheetColumn<'h>> = vec![
            ("Regel", 7.0, TEXT),
            ("Ernst", 12.0, TEXT),
            ("Aanbieder", 11.0, TEXT),
            ("Gemeente", 12.0, TEXT),
            ("Toewijzing", 12.0, TEXT),
            ("Referentie", 13.0, TEXT),
            ("Begin", 11.0, DATUM),
            ("Einde", 11.0, DATUM),
        ];
        if let Some(own) = own {
            own.kolommen(rows).for_each(|column| list.push(column));
        }
        let in_geding = list.len() as u16;
        list.extend([
            ("Bedrag in geding", 13.0, GELD),
            ("Gevonden", 28.0, LONG),
            ("Verwacht", 24.0, LONG),
            ("Toelichting", 42.0, LONG),
        ]);
        let to_fill_in = list.len() as u16;
        list.extend(reader.to_fill_in());
        list.extend([
            ("Jeugdige", 18.0, TEXT),
            ("Product", 9.0, TEXT),
            ("Ingediend", 14.0, GELD),
            ("Bron", 24.0, TEXT),
        ]);
        list.extend(reader.found_at());
        list.push(("Id", 22.0, TEXT));
        list.extend(riding.headers().map(|header| (header, RIDING_WIDTH, TEXT)));
        Kolommen { list, in_geding, to_fill_in }
    }
}

/// Sheets of findings for one reader.
pub(super) struct FamilySheet<'r> {
    /// The user asked for the Bsn itself.
    pub(super) shows_bsn: bool,
    pub(super) reader: Audience,
    /// What a text of a finding must become before this reader may see it; `None` to leave it.
    pub(super) otherwise: &'r dyn Fn(&str) -> Option<String>,
    /// Columns of the export that ride along.
    pub(super) riding: &'r Meegenomen,
}

impl FamilySheet<'_> {
    /// Writes the sheet of one family, by code and name.
    pub(super) fn write(
        &self,
        sheet: &mut Worksheet,
        o: &Formats,
        (code, name): (&str, &str),
        rows: Vec<FindingRow<'_>>,
    ) -> Result<(), XlsxError> {
        let total = rows.len();
        let rows = visible(rows);
        let own = OWN.iter().find(|e| e.familie == code);
        let kolommen = Kolommen::of(own, &rows, self.reader, self.riding);
        let widths: Vec<f64> = kolommen.list.iter().map(|(_, width, _)| *width).collect();
        let headers: Vec<&str> = kolommen.list.iter().map(|(header, ..)| *header).collect();
        let forms: Vec<Option<ColumnFormat>> =
            kolommen.list.iter().map(|(.., form)| *form).collect();
        let mut b = Sheet::on(sheet, o, &sheet_name(code, name), &widths)?;
        b.forms(&forms)?;
        b.title(name)?;
        b.link_back()?;
        b.sentence(&match total {
            0 => "Geen bevindingen.".to_owned(),
            1 => "1 bevinding.".to_owned(),
            n if n > rows.len() => format!(
                "{} bevindingen. Dit blad toont de {} met het hoogste bedrag; alle staan in bevindingen.parquet en bevindingen.csv.",
                Thousands(n as u64),
                Thousands(rows.len() as u64)
            ),
            n => format!("{} bevindingen.", Thousands(n as u64)),
        })?;
        b.header(&headers, rows.len(), true)?;
        b.ernst(ERNST, rows.len())?;
        b.bars(kolommen.in_geding, rows.len())?;
        if self.reader == Audience::Gemeente {
            b.oordelen(kolommen.to_fill_in, rows.len())?;
        }
        let few = self.too_few(&rows);
        for row in rows {
            self.row(&mut b, own, &row, few.contains(&(row.rule(), row.ernst())))?;
        }
        b.print_until(match self.reader {
            Audience::Us => kolommen.to_fill_in - 1,
            Audience::Gemeente | Audience::Aanbieder => kolommen.to_fill_in,
        })
    }

    /// The rules of which the overview doesn't say how many jeugdigen they are about: what stands for
    /// each of them would tell.
    fn too_few<'r>(&self, rows: &[FindingRow<'r>]) -> BTreeSet<(&'r str, Ernst)> {
        if self.reader == Audience::Us || self.shows_bsn {
            return BTreeSet::new();
        }
        let mut jeugdigen: BTreeMap<(&str, Ernst), BTreeSet<Shown<'_>>> = BTreeMap::new();
        for row in rows {
            let of_rule = jeugdigen.entry((row.rule(), row.ernst())).or_default();
            of_rule.extend(row.jeugdige());
        }
        let few = jeugdigen.into_iter().filter(|(_, all)| all.len() < SMALLEST_GROUP);
        few.map(|(rule, _)| rule).collect()
    }

    fn row<'r>(
        &self,
        b: &mut Sheet<'_>,
        own: Option<&OwnColumns>,
        r: &FindingRow<'r>,
        without_jeugdige: bool,
    ) -> Result<(), XlsxError> {
        let reader = self.reader;
        let (aanbieder, gemeente) = (r.aanbieder(), r.gemeente());
        let aanbieder = aanbieder.map(|a| a.to_string());
        let gemeente = gemeente.map(|g| g.to_string());
        let (id, product) = (r.id(), r.product_code());
        let jeugdige = r.jeugdige().filter(|_| !without_jeugdige);
        let (toewijzing, referentie) = (r.toewijzing_nummer(), r.referentie_nummer());
        // A part of a text without a Bsn has none either.
        let otherwise = |text: Shown<'r>| match (self.otherwise)(&text) {
            None => text,
            Some(other) => Shown::unmasked(other),
        };
        let [found, expected] = [r.found(), r.expected()].map(otherwise);
        let toelichting = otherwise(r.toelichting());
        let mut cells = vec![
            Cell::text(r.rule()),
            Cell::text(r.ernst().name()),
            Cell::of(aanbieder.as_deref()),
            Cell::of(gemeente.as_deref()),
            Cell::of(toewijzing),
            Cell::of(referentie),
            r.begindatum().map_or(Cell::Empty, Cell::Datum),
            r.einddatum().map_or(Cell::Empty, Cell::Datum),
        ];
        cells.extend(own.iter().flat_map(|e| e.cells(r.measure())));
        cells.extend([
            r.bedrag_in_geding().map_or(Cell::Empty, Cell::Money),
            Cell::long(found),
            Cell::long(expected),
            Cell::long(toelichting),
        ]);
        match reader {
            Audience::Aanbieder => cells.push(Cell::fill_in("")),
            // What we noted to a verdict is ours.
            Audience::Gemeente => {
                cells.push(Cell::fill_in(r.oordeel().unwrap_or_default()));
                cells.extend([const { Cell::Empty }; 4]);
            }
            Audience::Us => {}
        }
        cells.extend([
            Cell::of(jeugdige),
            Cell::of(product),
            r.ingediend_bedrag().map_or(Cell::Empty, Cell::Money),
            Cell::text(r.source()),
        ]);
        if reader == Audience::Us {
            cells.push(Cell::of(r.file()));
            cells.push(r.line_number().map_or(Cell::Empty, |n| Cell::Number(n.into())));
        }
        cells.push(Cell::text(Shown::unmasked(id)));
        let riding = r.riding(self.riding).into_iter();
        cells.extend(riding.map(|text| Cell::of(text.map(otherwise))));
        b.row(&cells, false)
    }
}
