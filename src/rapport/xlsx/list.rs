//! The sheet of all findings, in which people decide: an Excel table whose formulas follow the verdicts.

use super::family::RIDING_WIDTH;
use super::formats::{DATUM, GELD, LONG, NUMBER, SheetColumn, TEXT};
use super::reckoning::{
    Asked, FIRST_ROW as FIRST_RECKONED, REKENBLAD, Reckoned, Reckoning, RowValues,
};
use crate::dossier::{Cent, Thousands};
use crate::ground::Shown;
use crate::rapport::{Numbered, Rapport};
use crate::regels::FAMILIES;
use crate::toetsing::Subject;
use crate::writing::sheet::{Cell, ColumnFormat, Formats, Sheet};
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::cmp::Reverse;

/// Name of the sheet, and of the table on it.
pub(super) const LIJST: &str = "Lijst";

/// Findings on it at most.
const MOST_ROWS: usize = 200_000;

/// The row under the header, as a spreadsheet counts.
pub(super) const FIRST_ROW: usize = 6;

/// What is printed comes first: up to and including the verdict.
const KOLOMMEN: [SheetColumn<'_>; 33] = [
    ("Regel", 8.0, TEXT),
    ("Ernst", 12.0, TEXT),
    ("Naam aanbieder", 19.0, LONG),
    ("Naam gemeente", 14.0, LONG),
    ("Toewijzing", 11.5, TEXT),
    ("Referentie", 12.5, TEXT),
    ("Begin", 11.0, DATUM),
    ("Einde", 11.0, DATUM),
    ("Bedrag in geding", 12.5, GELD),
    ("Gevonden", 27.0, LONG),
    ("Verwacht", 23.0, LONG),
    ("Toelichting", 42.0, LONG),
    ("Reactie", 24.0, LONG),
    ("Oordeel", 17.0, None),
    ("Bedrag", 12.5, GELD),
    ("Opmerking", 30.0, LONG),
    ("Door", 14.0, TEXT),
    ("Datum", 11.0, DATUM),
    ("Open", 12.5, GELD),
    ("Terug te vorderen", 13.0, GELD),
    ("Onderwerp", 9.0, TEXT),
    ("Controle", 40.0, TEXT),
    ("Aanbieder", 11.0, TEXT),
    ("Gemeente", 10.0, TEXT),
    ("Jeugdige", 18.0, TEXT),
    ("Product", 10.0, TEXT),
    ("Volume", 11.0, Some(ColumnFormat::Volume)),
    ("Eenheid", 9.0, TEXT),
    ("Ingediend", 13.0, GELD),
    ("Bron", 24.0, TEXT),
    ("Bestand", 22.0, TEXT),
    ("Regel in bestand", 10.0, NUMBER),
    ("Id", 23.0, TEXT),
];

/// The place of a column.
fn place_of(header: &str) -> u16 {
    KOLOMMEN.iter().position(|(name, ..)| *name == header).unwrap_or_default() as u16
}

/// The headers of its columns.
pub(in crate::rapport) fn headers() -> impl Iterator<Item = &'static str> {
    KOLOMMEN.into_iter().map(|(header, ..)| header)
}

/// The letter of a column.
pub(super) fn letter(header: &str) -> String {
    rust_xlsxwriter::utility::column_number_to_name(place_of(header))
}

/// The findings of the list, and what their verdicts come to.
pub(super) struct List<'r> {
    rapport: &'r Rapport<'r>,
    pub(super) findings: Vec<&'r Numbered>,
    /// `None` where there are more lines under these findings than a sheet holds.
    pub(super) reckoning: Option<Reckoning>,
    pub(super) values: Vec<RowValues>,
    asked: Vec<Asked>,
}

impl<'r> List<'r> {
    pub(super) fn of(rapport: &'r Rapport<'r>) -> List<'r> {
        let mut findings: Vec<&Numbered> = rapport.bevindingen.iter().collect();
        if findings.len() > MOST_ROWS {
            let bedrag = |g: &&Numbered| Reverse(g.bevinding.bedrag.unwrap_or_default());
            let mut places: Vec<usize> = (0..findings.len()).collect();
            places.sort_by_key(|i| (bedrag(&findings[*i]), *i));
            places.truncate(MOST_ROWS);
            places.sort_unstable();
            findings = places.into_iter().map(|i| findings[i]).collect();
        }
        let asked: Vec<Asked> = findings.iter().map(|g| Asked::of(rapport, g)).collect();
        let reckoning = Reckoning::of(rapport, &findings);
        let values = reckoning.as_ref().map(|r| r.values(&asked)).unwrap_or_default();
        List { rapport, findings, reckoning, values, asked }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The cells of a column, as a range.
    pub(super) fn range(&self, header: &str) -> String {
        let (kolom, last) = (letter(header), FIRST_ROW + self.findings.len() - 1);
        format!("{LIJST}!${kolom}${FIRST_ROW}:${kolom}${last}")
    }

    /// What is open of a finding.
    pub(super) fn open(&self, place: usize) -> Cent {
        let g = self.findings[place];
        g.is_open().then_some(g.bevinding.bedrag).flatten().unwrap_or_default()
    }

    /// What a finding's verdict asks back now, each line once.
    pub(super) fn asked_back(&self, place: usize) -> Cent {
        match self.reckoning.as_ref().map(|r| &r.claims[place]) {
            Some(Reckoned::Whole { own, declared }) => self.asked[place].whole(*own, *declared),
            Some(Reckoned::Rows(rows)) => self.values[rows.clone()].iter().map(|v| v.more).sum(),
            Some(Reckoned::None) | None => Cent::ZERO,
        }
    }

    /// The same as a formula.
    fn asked_back_formula(&self, place: usize) -> Option<String> {
        let row = FIRST_ROW + place;
        let (oordeel, bedrag) = (letter("Oordeel"), letter("Bedrag"));
        match &self.reckoning.as_ref()?.claims[place] {
            Reckoned::None => None,
            Reckoned::Whole { own, declared } => Some(format!(
                "=IF({oordeel}{row}=\"terugvorderen\",IF({bedrag}{row}=\"\",{},MIN({bedrag}{row},{})),0)",
                euros(*own),
                euros(*declared)
            )),
            Reckoned::Rows(rows) => Some(format!(
                "=SUM({REKENBLAD}!L{}:L{})",
                FIRST_RECKONED + rows.start,
                FIRST_RECKONED + rows.end - 1
            )),
        }
    }

    pub(super) fn write(&self, sheet: &mut Worksheet, o: &Formats) -> Result<(), XlsxError> {
        let riding = &self.rapport.meegenomen;
        let own = KOLOMMEN.into_iter();
        let all: Vec<_> =
            own.chain(riding.headers().map(|header| (header, RIDING_WIDTH, TEXT))).collect();
        let widths: Vec<f64> = all.iter().map(|(_, width, _)| *width).collect();
        let headers: Vec<&str> = all.iter().map(|(header, ..)| *header).collect();
        let forms: Vec<Option<ColumnFormat>> = all.iter().map(|(.., form)| *form).collect();
        let mut b = Sheet::on(sheet, o, LIJST, &widths)?;
        b.forms(&forms)?;
        if !self.rapport.reacties.any {
            b.hide(place_of("Reactie"))?;
        }
        b.title("Alle bevindingen")?;
        b.link_back()?;
        b.sentence(&self.sentence())?;
        self.sums(&mut b)?;
        b.table(LIJST, &headers, self.findings.len())?;
        b.ernst(place_of("Ernst"), self.findings.len())?;
        b.bars(place_of("Bedrag in geding"), self.findings.len())?;
        b.oordelen(place_of("Oordeel"), self.findings.len())?;
        for place in 0..self.findings.len() {
            self.row(&mut b, place)?;
        }
        b.print_until(place_of("Oordeel"))
    }

    fn sentence(&self) -> String {
        let (shown, all) = (self.findings.len(), self.rapport.bevindingen.len());
        let which = match all > shown {
            true => format!(
                "De {} bevindingen met het hoogste bedrag, van {}; alle staan in bevindingen.parquet en bevindingen.csv. ",
                Thousands(shown as u64),
                Thousands(all as u64)
            ),
            false => String::new(),
        };
        let live = match self.reckoning {
            Some(_) => {
                "Kies hier een Oordeel (en een Bedrag, als u iets anders afsprak): Open, Terug te vorderen en het blad Matrix rekenen mee. Elke declaratieregel telt één keer."
            }
            None => {
                "Kies hier een Oordeel. Er zijn te veel rijen om Terug te vorderen hier mee te laten rekenen: rechtmatig terugvordering doet dat."
            }
        };
        format!("{which}{live}")
    }

    /// The sums of what is shown: they follow the filters.
    fn sums(&self, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
        let places = 0..self.findings.len();
        let in_geding = self.findings.iter().filter_map(|g| g.bevinding.bedrag).sum();
        let open = places.clone().map(|i| self.open(i)).sum();
        let back = places.map(|i| self.asked_back(i)).sum();
        let mut cells = vec![Cell::Empty; KOLOMMEN.len()];
        let formula = |header: &str| format!("=SUBTOTAL(109,{})", self.range(header));
        let names = ["Bedrag in geding", "Open", "Terug te vorderen"];
        let formulas = names.map(formula);
        for ((name, formula), sum) in names.iter().zip(&formulas).zip([in_geding, open, back]) {
            cells[usize::from(place_of(name))] = Cell::Sum(formula, sum);
        }
        cells[0] = Cell::text("Samen");
        b.row(&cells, true)
    }

    fn row(&self, b: &mut Sheet<'_>, place: usize) -> Result<(), XlsxError> {
        let (rapport, g) = (self.rapport, self.findings[place]);
        let r = rapport.row(g);
        let beoordeling = rapport.oordelen.of(g.nummer());
        let shown = |t| rapport.pseudonyms.replace_in(t);
        let naam = r.aanbieder().map(|a| shown(rapport.name_of_aanbieder(a)));
        let aanbieder = r.aanbieder().map(|a| a.to_string());
        let gemeente = r.gemeente().map(|g| (g.to_string(), rapport.name_of_gemeente(g)));
        let (toewijzing, referentie) = (r.toewijzing_nummer(), r.referentie_nummer());
        let (jeugdige, product, id) = (r.jeugdige(), r.product_code(), r.id());
        let opmerking = beoordeling.map(|b| shown(&b.opmerking)).unwrap_or_default();
        let door = beoordeling.map(|b| shown(&b.door)).unwrap_or_default();
        let line = match g.bevinding.subject {
            Subject::Line(id) => Some(rapport.dossier().line(id)),
            _ => None,
        };
        let eenheid = line.map(|l| l.eenheid.to_string());
        let (open, back) = (self.open_formula(place), self.asked_back_formula(place));
        let titel = rapport.title_of(g.rule);
        let mut cells = vec![
            Cell::text(g.rule),
            Cell::text(r.ernst().name()),
            naam.map_or(Cell::Empty, Cell::Long),
            gemeente.as_ref().map_or(Cell::Empty, |(_, name)| Cell::long(name)),
            Cell::of(toewijzing),
            Cell::of(referentie),
            r.begindatum().map_or(Cell::Empty, Cell::Datum),
            r.einddatum().map_or(Cell::Empty, Cell::Datum),
            r.bedrag_in_geding().map_or(Cell::Empty, Cell::Money),
            Cell::long(r.found()),
            Cell::long(r.expected()),
            Cell::long(r.toelichting()),
            Cell::long(rapport.reacties.on(g.nummer())),
            Cell::fill_in(r.oordeel().unwrap_or_default()),
            beoordeling.and_then(|b| b.bedrag).map_or(Cell::Empty, Cell::Money),
            Cell::long(opmerking),
            Cell::text(door),
            beoordeling.and_then(|b| b.datum).map_or(Cell::Empty, Cell::Datum),
            Cell::Sum(&open, self.open(place)),
            back.as_ref().map_or(Cell::Money(Cent::ZERO), |f| Cell::Sum(f, self.asked_back(place))),
            Cell::text(family_of(g.rule)),
            Cell::text(titel),
            Cell::of(aanbieder.as_deref()),
            Cell::of(gemeente.as_ref().map(|(code, _)| code.as_str())),
            Cell::of(jeugdige),
            Cell::of(product),
            line.map_or(Cell::Empty, |l| Cell::Volume(l.geleverd_volume)),
            Cell::of(eenheid.as_deref()),
            r.ingediend_bedrag().map_or(Cell::Empty, Cell::Money),
            Cell::text(r.source()),
            Cell::of(r.file()),
            r.line_number().map_or(Cell::Empty, |n| Cell::Number(n.into())),
            Cell::text(Shown::unmasked(id)),
        ];
        cells.extend(r.riding(&rapport.meegenomen).into_iter().map(Cell::of));
        b.row(&cells, false)
    }

    fn open_formula(&self, place: usize) -> String {
        let row = FIRST_ROW + place;
        format!("=IF({}{row}=\"\",{}{row}+0,0)", letter("Oordeel"), letter("Bedrag in geding"))
    }
}

/// The code of a rule's family.
pub(super) fn family_of(rule: &str) -> &str {
    rule.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// The families that the list has, by code and name, in their order.
pub(super) fn families_of(list: &List<'_>) -> Vec<(&'static str, &'static str)> {
    let has = |code: &str| list.findings.iter().any(|g| family_of(g.rule) == code);
    FAMILIES.iter().copied().filter(|(code, _)| has(code)).collect()
}

/// An amount in a formula.
pub(super) fn euros(bedrag: Cent) -> String {
    format!("{}.{:02}", bedrag.0 / 100, bedrag.0 % 100)
}
