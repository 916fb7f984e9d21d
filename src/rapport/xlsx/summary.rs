//! The first sheet: the totals, and where the findings are; and the sheet of all rules.

use super::charts::GRAFIEKEN;
use super::family::{families, sheet_name};
use super::list::LIJST;
use super::matrix::MATRIX;
use super::onderliggend::ONDERLIGGEND;
use crate::dossier::{Cent, Ernst};
use crate::rapport::{Numbered, Rapport, RunInfo};
use crate::writing::sheet::{Cell, Formats, SAMENVATTING, Sheet};
use rust_xlsxwriter::{Workbook, XlsxError};

/// Findings and amounts per ernst, each finding for itself, and how many are open.
#[derive(Clone, Copy, Default)]
struct RuleCounts {
    counts: [u64; 3],
    bedragen: [Cent; 3],
    open: u64,
}

impl RuleCounts {
    fn of<'g>(bevindingen: impl IntoIterator<Item = &'g Numbered>) -> RuleCounts {
        let mut t = RuleCounts::default();
        for g in bevindingen {
            let e = g.bevinding.ernst as usize;
            t.counts[e] += 1;
            t.bedragen[e] += g.bevinding.bedrag.unwrap_or_default();
            t.open += u64::from(g.is_open());
        }
        t
    }

    fn cells<'c>(&self) -> [Cell<'c>; 6] {
        let n = |e: Ernst| Cell::Number(self.counts[e as usize]);
        let sum = |e: Ernst| Cell::Money(self.bedragen[e as usize]);
        [
            n(Ernst::Fout),
            sum(Ernst::Fout),
            n(Ernst::Onzekerheid),
            sum(Ernst::Onzekerheid),
            n(Ernst::Signaal),
            Cell::Number(self.open),
        ]
    }
}

const TELKOPPEN: [&str; 6] =
    ["Fouten", "Bedrag fouten", "Onzekerheden", "Bedrag onzekerheden", "Signalen", "Open"];

pub(super) fn write(
    rapport: &Rapport<'_>,
    book: &mut Workbook,
    o: &Formats,
    run: &RunInfo,
) -> Result<(), XlsxError> {
    let widths = [34.0, 18.0, 18.0, 18.0, 18.0, 18.0, 12.0, 12.0];
    let mut b = Sheet::new(book, o, SAMENVATTING, &widths)?;
    b.set_formats()?;
    let set = rapport.regelset();
    b.title(&format!("Rechtmatigheid jeugdhulp {}", rapport.context.jaar))?;
    b.sentence(&format!(
        "{}, regelset {} versie {}. Declaratieregels op niveau {}.",
        set.title,
        set.name,
        set.versie,
        rapport.context.niveau.name()
    ))?;
    b.sentence(&rapport.made(run))?;
    if rapport.pseudonyms.bsn_showing {
        b.sentence("Let op: dit rapport bevat burgerservicenummers.")?;
    }
    input(rapport, &mut b)?;
    totals(rapport, &mut b)?;
    outside_totals(rapport, &mut b)?;
    per_familie(rapport, &mut b)?;
    further(rapport, &mut b)?;
    b.on_one_page();
    Ok(())
}

/// What the input says against itself, before anything else.
fn input(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    if rapport.meldingen.is_empty() {
        return Ok(());
    }
    b.blank_line();
    if let Some(sentence) = rapport.despite() {
        b.sentence(&sentence)?;
    }
    b.header(&["De invoer"], 0, false)?;
    for m in rapport.meldingen {
        b.sentence(&format!("{}: {}", m.level.title(), m.sentence()))?;
    }
    Ok(())
}

fn totals(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let t = &rapport.totals;
    b.blank_line();
    b.header(
        &["Totalen, elke declaratieregel één keer geteld", "Declaratieregels", "Bedrag", "Deel"],
        0,
        false,
    )?;
    let row = |name, regels, bedrag: Cent| {
        [Cell::text(name), regels, Cell::Money(bedrag), Cell::Share(bedrag.0, t.bedrag.0)]
    };
    b.row(&row("Getoetste declaratieregels", Cell::Number(t.lines), t.bedrag), true)?;
    b.row(&row("Fout", Cell::Empty, t.in_geding.fout), true)?;
    b.row(&row("   waarvan nog zonder oordeel", Cell::Empty, t.open.in_geding.fout), false)?;
    b.row(&row("Onzekerheid", Cell::Empty, t.in_geding.onzekerheid), true)?;
    b.row(&row("   waarvan nog zonder oordeel", Cell::Empty, t.open.in_geding.onzekerheid), false)?;
    b.sentence(
        "Nooit meer dan het ingediende bedrag van een declaratieregel, ook als meer controles haar raken.",
    )
}

fn outside_totals(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    b.blank_line();
    b.header(&["Buiten die totalen", "Bevindingen", "Bedrag in geding"], 0, false)?;
    for (ernst, name) in [
        (Ernst::Fout, "Fouten"),
        (Ernst::Onzekerheid, "Onzekerheden"),
        (Ernst::Signaal, "Signalen"),
    ] {
        let separate = rapport.totals.separate[ernst as usize];
        b.row(
            &[Cell::text(name), Cell::Number(separate.count), Cell::Money(separate.bedrag)],
            false,
        )?;
    }
    b.sentence("Over een toewijzing, jeugdige, aanbieder of gemeente, of op een teruggenomen, credit- of omgekeerde declaratieregel.")
}

fn per_familie(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    b.blank_line();
    let mut headers = vec!["Onderwerp", "Controles"];
    headers.extend(TELKOPPEN);
    b.header(&headers, 0, false)?;
    for (code, name) in families(rapport) {
        let of_familie = || rapport.outcomes.iter().filter(|u| u.rule.familie() == code);
        let counts = RuleCounts::of(of_familie().flat_map(|u| rapport.of_regel(u.rule.code)));
        let sheet = sheet_name(code, name);
        let mut cells =
            vec![Cell::ToSheet(&sheet, &sheet), Cell::Number(of_familie().count() as u64)];
        cells.extend(counts.cells());
        b.row(&cells, false)?;
    }
    let all = RuleCounts::of(&rapport.bevindingen);
    let mut cells =
        vec![Cell::text("Alle bevindingen"), Cell::Number(rapport.outcomes.len() as u64)];
    cells.extend(all.cells());
    b.row(&cells, true)?;
    b.sentence("In deze tabel telt een declaratieregel bij elke bevinding mee: de bedragen kunnen samen hoger zijn dan de totalen.")
}

/// Where the other sheets are.
fn further(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    b.blank_line();
    let mut sheets = vec!["Controles"];
    if !rapport.bevindingen.is_empty() {
        sheets.extend([LIJST, MATRIX, GRAFIEKEN]);
    }
    if rapport.under_count() > 0 {
        sheets.push(ONDERLIGGEND);
    }
    sheets.extend(["Aanbieders", "Gemeenten"]);
    if rapport.totals.doorbelasting.is_some() {
        sheets.push("Doorbelasting");
    }
    if !rapport.oordelen.loten.is_empty() {
        sheets.push("Oordelen");
    }
    sheets.extend(["Aansluiting", "Niet getoetst", "Invoerfouten", "Verantwoording"]);
    for row in sheets.chunks(8) {
        let cells: Vec<Cell<'_>> = row.iter().map(|sheet| Cell::ToSheet(sheet, sheet)).collect();
        b.row(&cells, false)?;
    }
    Ok(())
}

/// What every rule tested and found.
pub(super) fn checks(
    rapport: &Rapport<'_>,
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let widths = [11.0, 60.0, 12.0, 13.0, 10.0, 17.0, 14.0, 17.0, 10.0, 10.0, 12.0];
    let mut b = Sheet::new(book, o, "Controles", &widths)?;
    b.title("Controles")?;
    b.link_back()?;
    b.sentence("Een declaratieregel telt bij elke bevinding mee: de bedragen kunnen samen hoger zijn dan de totalen.")?;
    let mut headers = vec!["Controle", "Wat", "Getoetst", "Niet te toetsen"];
    headers.extend(TELKOPPEN);
    headers.push("Opmerking");
    b.header(&headers, rapport.outcomes.len(), true)?;
    for u in &rapport.outcomes {
        let counts = RuleCounts::of(rapport.of_regel(u.rule.code));
        let sheet = families(rapport)
            .find(|(code, _)| *code == u.rule.familie())
            .map(|(code, name)| sheet_name(code, name))
            .unwrap_or_default();
        let mut cells = vec![
            Cell::ToSheet(u.rule.code, &sheet),
            Cell::long(&u.rule.title),
            Cell::Number(u.outcomes.tested),
            Cell::Number(u.outcomes.not_testable_count()),
        ];
        cells.extend(counts.cells());
        cells.push(match (u.failed.is_some(), rapport.melding_of_regel(u.rule.code)) {
            (true, _) => Cell::text("mislukt"),
            (false, Some(melding)) => Cell::long(&melding.text),
            (false, None) => Cell::Empty,
        });
        b.row(&cells, false)?;
    }
    Ok(())
}
