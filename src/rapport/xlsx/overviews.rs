//! The sheets beside the findings: parties, verdicts, what to charge on, the reconciliation, what was
//! not tested, what could not be read.

use super::family::MOST_ROWS;
use crate::dossier::{Cent, Eindoordeel, Thousands};
use crate::rapport::totals::{Doorbelasting, PartyTotal};
use crate::rapport::{Rapport, per_verdict};
use crate::toetsing::RuleOutcome;
use crate::writing::sheet::{Cell, Formats, Sheet};
use rust_xlsxwriter::{Workbook, XlsxError};

/// What each party declared, and what is at stake there.
pub(super) fn parties<'r>(
    book: &mut Workbook,
    o: &Formats,
    (sheet, header): (&str, &str),
    partijen: &[PartyTotal],
    name: impl Fn(&str) -> &'r str,
) -> Result<(), XlsxError> {
    let widths = [14.0, 34.0, 18.0, 18.0, 13.0, 16.0, 9.0, 16.0, 13.0, 16.0, 16.0];
    let mut b = Sheet::new(book, o, sheet, &widths)?;
    b.title(sheet)?;
    b.link_back()?;
    let headers = [
        header,
        "Naam",
        "Declaratieregels",
        "Gedeclareerd",
        "Bevindingen",
        "Fout",
        "Deel fout",
        "Onzekerheid",
        "Open bevindingen",
        "Open fout",
        "Open onzekerheid",
    ];
    b.header(&headers, partijen.len(), true)?;
    b.bars(5, partijen.len())?;
    for p in partijen {
        let name = name(&p.code);
        b.row(
            &[
                Cell::text(&p.code),
                Cell::text(name),
                Cell::Number(p.lines),
                Cell::Money(p.bedrag),
                Cell::Number(p.bevindingen),
                Cell::Money(p.in_geding.fout),
                Cell::Share(p.in_geding.fout.0, p.bedrag.0),
                Cell::Money(p.in_geding.onzekerheid),
                Cell::Number(p.open_bevindingen),
                Cell::Money(p.open.fout),
                Cell::Money(p.open.onzekerheid),
            ],
            false,
        )?;
    }
    let sum = |bedrag: fn(&PartyTotal) -> Cent| Cell::Money(partijen.iter().map(bedrag).sum());
    let total = [
        Cell::text("Totaal"),
        Cell::Empty,
        Cell::Number(partijen.iter().map(|p| p.lines).sum()),
        sum(|p| p.bedrag),
        Cell::Number(partijen.iter().map(|p| p.bevindingen).sum()),
        sum(|p| p.in_geding.fout),
        Cell::Empty,
        sum(|p| p.in_geding.onzekerheid),
        Cell::Number(partijen.iter().map(|p| p.open_bevindingen).sum()),
        sum(|p| p.open.fout),
        sum(|p| p.open.onzekerheid),
    ];
    b.row(&total, true)
}

/// Findings per verdict, and the verdicts that stand on no finding.
pub(super) fn oordelen(
    rapport: &Rapport<'_>,
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let mut b = Sheet::new(book, o, "Oordelen", &[24.0, 18.0, 18.0, 60.0, 16.0, 12.0])?;
    b.title("Oordelen")?;
    b.link_back()?;
    b.sentence("Wat mensen over bevindingen van een eerdere controle hebben beslist.")?;
    b.blank_line();
    b.header(&["Oordeel", "Bevindingen", "Bedrag in geding"], 0, false)?;
    for (oordeel, (count, bedrag)) in Eindoordeel::ALL.iter().zip(per_verdict(&rapport.bevindingen))
    {
        b.row(&[Cell::text(oordeel.name()), Cell::Number(count), Cell::Money(bedrag)], false)?;
    }
    b.blank_line();
    let not_taken_over: Vec<_> = rapport.oordelen.not_taken_over().take(MOST_ROWS).collect();
    b.sentence("Oordelen die niet zijn overgenomen:")?;
    let headers = ["Id", "Oordeel", "", "Wat ermee is", "Door", "Datum"];
    b.header(&headers, not_taken_over.len(), false)?;
    for (beoordeling, fate) in not_taken_over {
        let (id, what) = (beoordeling.id.to_string(), fate.text());
        let by = rapport.pseudonyms.replace_in(&beoordeling.door);
        b.row(
            &[
                Cell::text(&id),
                Cell::text(beoordeling.oordeel.name()),
                Cell::Empty,
                Cell::long(&what),
                Cell::text(&by),
                beoordeling.datum.map_or(Cell::Empty, Cell::Datum),
            ],
            false,
        )?;
    }
    Ok(())
}

/// What the ledger has beside what was declared, where that is stated.
fn ledger(rapport: &Rapport<'_>, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let Some(stated) = &rapport.grootboek else { return Ok(()) };
    b.blank_line();
    let headers = ["Grootboek", "Grootboek", "", "", "", "Levend", "Verschil", "Waardoor"];
    b.header(&headers, 0, false)?;
    for row in rapport.ledger() {
        let who = rapport.ledger_name(&row);
        let outcome = row.outcome();
        b.row(
            &[
                Cell::text(&who),
                Cell::Money(row.ledger),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Money(row.live),
                Cell::Money(row.difference()),
                Cell::long(&outcome),
            ],
            false,
        )?;
    }
    b.sentence(&format!("Bron: {}", rapport.pseudonyms.replace_in(&stated.source)))
}

pub(super) fn aansluiting(
    rapport: &Rapport<'_>,
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let widths = [58.0, 18.0, 18.0, 11.0, 11.0, 18.0, 18.0, 68.0];
    let mut b = Sheet::new(book, o, "Aansluiting", &widths)?;
    b.title("Aansluiting")?;
    b.link_back()?;
    b.sentence("Van wat is gelezen naar wat is getoetst: elke declaratieregel is verantwoord.")?;
    b.blank_line();
    b.header(&["Stap", "Bedrag", "Declaratieregels"], 0, false)?;
    let a = &rapport.aansluiting;
    b.row(&[Cell::text("Gelezen declaratieregels"), Cell::Empty, Cell::Number(a.read)], false)?;
    b.row(
        &[Cell::text("af: afgekeurd bij het inlezen"), Cell::Empty, Cell::Number(a.rejected)],
        false,
    )?;
    for s in &a.steps {
        let bold = matches!(s.key, "levend" | "getoetst");
        b.row(&[Cell::text(&s.name), Cell::Money(s.bedrag), Cell::Number(s.lines)], bold)?;
    }
    ledger(rapport, &mut b)?;
    if a.faults.rows().next().is_some() {
        b.blank_line();
        b.header(&["Berichten die niet kloppen", "Aanbieder", "Aantal"], 0, false)?;
        for (agb, fault, count) in a.faults.rows() {
            let agb = agb.to_string();
            b.row(&[Cell::text(fault.name()), Cell::text(&agb), Cell::Number(count)], false)?;
        }
    }
    b.blank_line();
    let headers =
        ["Bestand", "Soort", "Gelezen", "Aanvaard", "Afgekeurd", "Debet", "Credit", "SHA-256"];
    b.header(&headers, 0, false)?;
    let (files, more) = rapport.named_files();
    for file in files {
        b.row(
            &[
                Cell::text(&file.pad),
                Cell::text(file.soort.name()),
                Cell::Number(file.gelezen),
                Cell::Number(file.aanvaard),
                Cell::Number(file.afgekeurd),
                Cell::Money(file.debet),
                Cell::Money(file.credit),
                Cell::text(&file.sha256),
            ],
            false,
        )?;
    }
    if more > 0 {
        b.row(&[Cell::long(more_files(more))], false)?;
    }
    Ok(())
}

/// What stands under a list of files that doesn't name all.
pub(super) fn more_files(count: usize) -> String {
    format!("en nog {} bestanden: manifest.json noemt ze alle", Thousands(count as u64))
}

/// Reasons of a rule, the most frequent first.
fn reasons(u: &RuleOutcome) -> Vec<(String, u64)> {
    let mut redenen = u.outcomes.not_testable.clone();
    redenen.sort_by_key(|(reason, n)| (std::cmp::Reverse(*n), *reason));
    redenen.into_iter().map(|(r, n)| (r.to_string(), n)).collect()
}

pub(super) fn not_tested(
    rapport: &Rapport<'_>,
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let mut b = Sheet::new(book, o, "Niet getoetst", &[9.0, 54.0, 12.0, 12.0, 70.0])?;
    b.title("Niet getoetst")?;
    b.link_back()?;
    b.sentence("Wat niet te toetsen was, is niet in orde bevonden: het is niet bekend.")?;
    b.blank_line();
    b.header(&["Regel", "Wat", "Getoetst", "Niet te toetsen", "Waarom"], 0, false)?;
    for u in &rapport.outcomes {
        let redenen = reasons(u);
        if redenen.is_empty() {
            b.row(
                &[
                    Cell::text(u.rule.code),
                    Cell::text(&u.rule.title),
                    Cell::Number(u.outcomes.tested),
                    Cell::Number(0),
                    u.failed.as_deref().map_or(Cell::Empty, |_| Cell::text("de regel is mislukt")),
                ],
                false,
            )?;
        }
        for (reason, count) in redenen {
            b.row(
                &[
                    Cell::text(u.rule.code),
                    Cell::text(&u.rule.title),
                    Cell::Number(u.outcomes.tested),
                    Cell::Number(count),
                    Cell::long(&reason),
                ],
                false,
            )?;
        }
    }
    b.blank_line();
    b.row(&[Cell::text("Wat geen export kan laten zien")], true)?;
    b.header(&["", "Eis", "", "", "Waarom niet, en waar de eis staat"], 0, false)?;
    for n in &rapport.regelset().not_testable {
        let why = format!("{} ({})", n.waarom, n.bron);
        b.row(
            &[Cell::Empty, Cell::long(&n.eis), Cell::Empty, Cell::Empty, Cell::long(&why)],
            false,
        )?;
    }
    Ok(())
}

/// What to charge on to each gemeente.
pub(super) fn doorbelasting(
    rapport: &Rapport<'_>,
    rows: &[Doorbelasting],
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let widths =
        [11.0, 20.0, 12.0, 30.0, 9.0, 11.0, 14.0, 10.0, 18.0, 18.0, 16.0, 16.0, 16.0, 16.0, 18.0];
    let mut b = Sheet::new(book, o, "Doorbelasting", &widths)?;
    b.title("Doorbelasting")?;
    b.link_back()?;
    b.sentence("Wat is gedeclareerd, min wat een fout is. Een fout die is beoordeeld als akkoord of niet-verwijtbaar is vervallen en telt weer mee; een onzekerheid is alleen afgetrokken als zij is beoordeeld als terugvorderen.")?;
    b.blank_line();
    let headers = [
        "Gemeente",
        "Naam",
        "Aanbieder",
        "Naam",
        "Perceel",
        "Categorie",
        "ProductCode",
        "Maand",
        "Declaratieregels",
        "Gedeclareerd",
        "Fout",
        "Onzekerheid",
        "Fout vervallen",
        "Teruggevorderd",
        "Door te belasten",
    ];
    let gemeenten = rows.chunk_by(|a, b| a.of.gemeente == b.of.gemeente);
    b.header(&headers, rows.len() + gemeenten.clone().count() + 1, true)?;
    for of_gemeente in gemeenten {
        let gemeente = of_gemeente[0].of.gemeente.to_string();
        let gemeentenaam = rapport.name_of_gemeente(of_gemeente[0].of.gemeente);
        for r in of_gemeente {
            let product = rapport.dossier().product(r.of.product);
            let aanbieder = r.of.aanbieder.to_string();
            let (perceel, maand) =
                (r.perceel.map(|p| p.to_string()).unwrap_or_default(), r.of.maand.in_maand());
            let (categorie, code) = (
                rapport.pseudonyms.replace_in(&product.categorie),
                rapport.pseudonyms.replace_in(&product.code),
            );
            let who = [
                Cell::text(&gemeente),
                Cell::text(gemeentenaam),
                Cell::text(&aanbieder),
                Cell::text(rapport.name_of_aanbieder(r.of.aanbieder)),
                Cell::text(&perceel),
                Cell::text(&categorie),
                Cell::text(&code),
                Cell::text(&maand),
            ];
            b.row(&doorbelastingsrij(who, std::slice::from_ref(r)), false)?;
        }
        let who = [
            Cell::text(&gemeente),
            Cell::text(gemeentenaam),
            Cell::Empty,
            Cell::text("Totaal van de gemeente"),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
        ];
        b.row(&doorbelastingsrij(who, of_gemeente), true)?;
    }
    let mut who = [const { Cell::Empty }; 8];
    who[0] = Cell::text("Totaal");
    b.row(&doorbelastingsrij(who, rows), true)
}

/// Who, and the sums of these rows.
fn doorbelastingsrij<'c>(who: [Cell<'c>; 8], rows: &[Doorbelasting]) -> Vec<Cell<'c>> {
    let sum = |bedrag: fn(&Doorbelasting) -> Cent| Cell::Money(rows.iter().map(bedrag).sum());
    let mut cells = Vec::from(who);
    cells.extend([
        Cell::Number(rows.iter().map(|r| r.lines).sum()),
        sum(|r| r.gedeclareerd),
        sum(|r| r.in_geding.fout),
        sum(|r| r.in_geding.onzekerheid),
        sum(|r| r.judged.dropped),
        sum(|r| r.judged.reclaimed),
        sum(Doorbelasting::door_te_belasten),
    ]);
    cells
}

pub(super) fn invoerfouten(
    rapport: &Rapport<'_>,
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let mut b = Sheet::new(book, o, "Invoerfouten", &[26.0, 10.0, 24.0, 30.0, 70.0, 18.0])?;
    let fouten = rapport.invoerfouten;
    b.title("Invoerfouten")?;
    b.link_back()?;
    let shown = fouten.len().min(MOST_ROWS);
    b.sentence(&if shown < fouten.len() {
        format!(
            "{} invoerfouten; dit blad toont de eerste {}. Alle staan in invoerfouten.csv.",
            Thousands(fouten.len() as u64),
            Thousands(shown as u64)
        )
    } else {
        format!("{} invoerfouten.", Thousands(fouten.len() as u64))
    })?;
    b.header(&["Bestand", "Regel", "Kolom", "Waarde", "Reden", "Gevolg"], shown, true)?;
    for f in &fouten[..shown] {
        let reason = f.reason.to_string();
        b.row(
            &[
                Cell::text(&rapport.dossier().file(f.file).pad),
                Cell::Number(f.line_number.into()),
                Cell::of(f.kolom.map(|k| k.name())),
                Cell::long(&f.value),
                Cell::long(&reason),
                Cell::text(f.consequence.name()),
            ],
            false,
        )?;
    }
    Ok(())
}
