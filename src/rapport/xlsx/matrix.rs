//! The sheet of aanbieders against subjects: what is open, and what comes back, as the list has it.

use super::formats::{GELD, NUMBER, TEXT};
use super::list::{self, LIJST, List, families_of, family_of};
use super::reckoning::{FIRST_ROW, REKENBLAD, Reckoning};
use crate::dossier::{Agb, Cent};
use crate::rapport::Rapport;
use crate::writing::sheet::{Cell, Formats, Sheet};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;

/// Name of the sheet.
pub(super) const MATRIX: &str = "Matrix";

/// So many cells times rows a spreadsheet reckons in about a second; above it the sums stand as they
/// were.
const MOST_WORK: usize = 60_000_000;

/// A row: an aanbieder, or the findings that name none.
type Who = Option<Agb>;

struct Matrix<'l> {
    list: &'l List<'l>,
    families: Vec<(&'static str, &'static str)>,
    who: Vec<Who>,
    /// Open and asked back, by row and family.
    sums: BTreeMap<(Who, &'l str), [Cent; 2]>,
    live: bool,
}

/// Which of the two sums, with the column of the list and what the table is called.
const TABLES: [(usize, &str, &str); 2] =
    [(0, "Open", "Nog zonder oordeel"), (1, "Terug te vorderen", "Terug te vorderen")];

pub(super) fn write(
    rapport: &Rapport<'_>,
    list: &List<'_>,
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let mut sums: BTreeMap<(Who, &str), [Cent; 2]> = BTreeMap::new();
    for (place, g) in list.findings.iter().enumerate() {
        let key = (rapport.row(g).aanbieder(), family_of(g.rule));
        let sum = sums.entry(key).or_default();
        sum[0] += list.open(place);
        sum[1] += list.asked_back(place);
    }
    let mut who: Vec<Who> = sums.keys().map(|(who, _)| *who).filter(Option::is_some).collect();
    who.dedup();
    let families = families_of(list);
    let live = who.len() * families.len() * 2 * list.findings.len() <= MOST_WORK;
    let matrix = Matrix { list, families, who, sums, live };
    let mut widths = vec![12.0, 30.0];
    widths.extend(matrix.families.iter().map(|_| 9.5));
    widths.push(11.0);
    let mut b = Sheet::new(book, o, MATRIX, &widths)?;
    b.title("Aanbieders en onderwerpen")?;
    b.link_back()?;
    b.sentence(match matrix.live && list.reckoning.is_some() {
        true => "In hele euro's. De sommen volgen het blad Lijst: kies daar een Oordeel, en ze rekenen mee.",
        false => "In hele euro's. De sommen zijn die van dit rapport: voor een blad dat meerekent zijn er te veel bevindingen.",
    })?;
    let mut row = 4;
    for table in TABLES {
        row = matrix.table(rapport, &mut b, table, row)?;
    }
    b.blank_line();
    b.header(&["Onderwerp", "Dat is"], 0, false)?;
    for (code, name) in &matrix.families {
        b.row(&[Cell::text(code), Cell::text(name)], false)?;
    }
    Ok(())
}

impl Matrix<'_> {
    /// Writes one table from this row on, as a spreadsheet counts; gives the row below it.
    fn table(
        &self,
        rapport: &Rapport<'_>,
        b: &mut Sheet<'_>,
        (which, kolom, title): (usize, &str, &str),
        row: usize,
    ) -> Result<usize, XlsxError> {
        b.blank_line();
        let mut headers = vec![title, "Naam"];
        headers.extend(self.families.iter().map(|(code, _)| *code));
        headers.push("Samen");
        b.header(&headers, 0, false)?;
        let first = row + 2;
        let last = first + self.who.len();
        for (i, who) in self.who.iter().copied().chain([None]).enumerate() {
            self.row(rapport, b, (which, kolom), who, (first, first + i))?;
        }
        let sums: Vec<(String, Cent)> = (0..=self.families.len())
            .map(|k| {
                let c = letter(2 + k);
                let of = |f: &str| self.total(which, |family| family == f);
                let sum = match self.families.get(k) {
                    Some((code, _)) => of(code),
                    None => self.total(which, |_| true),
                };
                (format!("=SUM({c}{first}:{c}{last})"), sum)
            })
            .collect();
        let mut cells = vec![Cell::text("Samen"), Cell::Empty];
        cells.extend(sums.iter().map(|(formula, sum)| Cell::SumInEuros(formula, *sum)));
        b.row(&cells, true)?;
        Ok(last + 2)
    }

    fn total(&self, which: usize, fits: impl Fn(&str) -> bool) -> Cent {
        self.sums.iter().filter(|((_, family), _)| fits(family)).map(|(_, s)| s[which]).sum()
    }

    fn row(
        &self,
        rapport: &Rapport<'_>,
        b: &mut Sheet<'_>,
        (which, kolom): (usize, &str),
        who: Who,
        (first, row): (usize, usize),
    ) -> Result<(), XlsxError> {
        let code = who.map(|agb| agb.to_string()).unwrap_or_default();
        let naam = match who {
            Some(agb) => rapport.pseudonyms.replace_in(rapport.name_of_aanbieder(agb)).to_string(),
            None => "zonder één aanbieder".to_owned(),
        };
        let sum = |family: &'static str| {
            self.sums.get(&(who, family)).map_or(Cent::ZERO, |sums| sums[which])
        };
        let formula = |k: usize, family: &str| {
            let of_family = format!(
                "SUMIFS({},{},\"{family}\"",
                self.list.range(kolom),
                self.list.range("Onderwerp")
            );
            match who {
                Some(_) => format!("={of_family},{},$A{row})", self.list.range("Aanbieder")),
                // What the rows above don't have.
                None if row > first => {
                    let c = letter(2 + k);
                    format!("={of_family})-SUM({c}{first}:{c}{})", row - 1)
                }
                None => format!("={of_family})"),
            }
        };
        let live = self.live && (which == 0 || self.list.reckoning.is_some());
        let cells: Vec<(String, Cent)> = self
            .families
            .iter()
            .enumerate()
            .map(|(k, (family, _))| (formula(k, family), sum(family)))
            .collect();
        let whole: Cent = cells.iter().map(|(_, sum)| *sum).sum();
        let of_row = format!("=SUM(C{row}:{}{row})", letter(1 + self.families.len()));
        let mut out = vec![Cell::of(Some(&*code).filter(|c| !c.is_empty())), Cell::text(&naam)];
        out.extend(cells.iter().map(|(formula, sum)| match live {
            true => Cell::SumInEuros(formula, *sum),
            false => Cell::Euros(*sum),
        }));
        out.push(Cell::SumInEuros(&of_row, whole));
        b.row(&out, false)
    }
}

fn letter(kolom: usize) -> String {
    rust_xlsxwriter::utility::column_number_to_name(kolom as u16)
}

/// The sheet on which the claims of findings that share lines are reckoned.
pub(super) fn reckoning(
    rapport: &Rapport<'_>,
    list: &List<'_>,
    reckoning: &Reckoning,
    sheet: &mut Worksheet,
    o: &Formats,
) -> Result<(), XlsxError> {
    let kolommen = [
        ("Rij in Lijst", 10.0, NUMBER),
        ("Bestand", 26.0, TEXT),
        ("Regel in bestand", 11.0, NUMBER),
        ("Aandeel", 13.0, GELD),
        ("Aandeel erna", 13.0, GELD),
        ("Aandeel samen", 13.0, GELD),
        ("Ingediend", 13.0, GELD),
        ("Ruimte erna", 13.0, GELD),
        ("Vordering", 13.0, GELD),
        ("Met dezelfde controle", 13.0, GELD),
        ("Van deze declaratieregel tot hier", 13.0, GELD),
        ("Erbij", 13.0, GELD),
    ];
    let mut b = Sheet::on(sheet, o, REKENBLAD, &kolommen.map(|(_, width, _)| width))?;
    b.forms(&kolommen.map(|(.., form)| form))?;
    b.title("Rekenblad")?;
    b.link_back()?;
    b.sentence("Hierop rekent Terug te vorderen van het blad Lijst, voor bevindingen die een declaratieregel delen: elke declaratieregel telt één keer, met het hoogste bedrag, en nooit meer dan is ingediend. Vul hier niets in.")?;
    b.header(&kolommen.map(|(header, ..)| header), reckoning.rows.len(), true)?;
    let [oordelen, bedragen] = ["Oordeel", "Bedrag"].map(list::letter);
    for (i, (r, v)) in reckoning.rows.iter().zip(&list.values).enumerate() {
        let (row, listed) = (FIRST_ROW + i, list::FIRST_ROW + r.finding);
        let at = |place: Option<usize>, kolom: char| {
            place.map_or("0".to_owned(), |place| format!("{kolom}{}", FIRST_ROW + place))
        };
        let oordeel = format!("{LIJST}!${oordelen}${listed}");
        let bedrag = format!("{LIJST}!${bedragen}${listed}");
        let claim = format!(
            "=IF({oordeel}=\"terugvorderen\",IF({bedrag}=\"\",D{row},MIN(D{row},MAX(0,{bedrag}-E{row}))+MIN(MAX(0,G{row}-D{row}),MAX(0,{bedrag}-F{row}-H{row}))),0)"
        );
        let of_rule = format!("=I{row}+{}", at(r.same_rule, 'J'));
        let until_here = format!("=MIN(G{row},MAX(J{row},{}))", at(r.previous, 'K'));
        let more = format!("=K{row}-{}", at(r.previous, 'K'));
        let line = rapport.dossier().line(r.line);
        b.row(
            &[
                Cell::Number(listed as u64),
                Cell::text(&rapport.dossier().file(line.file).pad),
                Cell::Number(line.line_number.into()),
                Cell::Money(r.share),
                Cell::Money(r.shares_after),
                Cell::Money(r.whole),
                Cell::Money(r.declared),
                Cell::Money(r.room_after),
                Cell::Sum(&claim, v.claim),
                Cell::Sum(&of_rule, v.of_rule),
                Cell::Sum(&until_here, v.until_here),
                Cell::Sum(&more, v.more),
            ],
            false,
        )?;
    }
    Ok(())
}
