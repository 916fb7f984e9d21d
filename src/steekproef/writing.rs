//! The sample as files: a workbook to fill in, the same as CSV, and its set-up for programs.

use super::design::{Method, SampleDesign, StratifyBy};
use super::drawing::{SampledLine, Selection, Steekproef};
use crate::bron::Oordeel;
use crate::dossier::{Declaratieregel, Thousands, counted, declaratieregels};
use crate::ground::Shown;
use crate::herkomst::ReportOrigin;
use crate::rapport::Pseudonyms;
use crate::toetsing::AuditContext;
use crate::writing::sheet::{Cell, Formats, Sheet, keep, new_book};
use crate::writing::{WriteError, csv_bedrag, csv_datum, csv_for_excel, write_json};
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationRule, Format, Workbook,
    Worksheet, XlsxError,
};
use serde_json::json;
use std::path::Path;

/// Columns of the sample; those from [`OORDEEL`] up to and including [`TOELICHTING`] are filled in
/// by whoever checks.
const HEADERS: [&str; 24] = [
    "Nummer",
    "Laag",
    "Aanbieder",
    "Naam",
    "Gemeente",
    "Jeugdige",
    "ToewijzingNummer",
    "ReferentieNummer",
    "ProductCode",
    "Begindatum",
    "Einddatum",
    "Volume",
    "Trekkingen",
    "IngediendBedrag",
    "Oordeel",
    "VastgesteldBedrag",
    "Bevinding",
    "Toelichting",
    "DeclaratieNummer",
    "ProductCategorie",
    "Bestand",
    "Regelnummer",
    "Id",
    "Steekproef",
];
const WIDTHS: [f64; 24] = [
    9.0, 20.0, 11.0, 26.0, 10.0, 19.0, 18.0, 18.0, 12.0, 12.0, 12.0, 16.0, 11.0, 17.0, 12.0, 18.0,
    24.0, 40.0, 18.0, 10.0, 26.0, 13.0, 19.0, 40.0,
];
const OORDEEL: u16 = 14;
const VASTGESTELD: u16 = 15;
const TOELICHTING: u16 = 17;

/// Name of the sheet to fill in.
const SHEET: &str = "Steekproef";
/// Rows above the first line of the sample: title, explanation, empty, header.
const FIRST_ROW: u32 = 4;

/// Writes everything into this folder.
pub(crate) fn write_sample(
    s: &Steekproef<'_>,
    origin: &ReportOrigin,
    pseudonyms: &Pseudonyms,
    dir: &Path,
) -> Result<(), WriteError> {
    let rows = || {
        s.posten.iter().enumerate().map(|(i, post)| SampleRow { s, pseudonyms, id: i + 1, post })
    };
    csv_for_excel(&dir.join("steekproef.csv"), &HEADERS, rows().map(|r| r.csv()))?;
    keep(&dir.join("steekproef.xlsx"), |temporary| workbook(s, origin, rows(), temporary))?;
    if !s.zero_lines.is_empty() {
        zero_lines(s, pseudonyms, &dir.join("nulregels.csv"))?;
    }
    data(s, origin, &dir.join("steekproef.json"))
}

/// One line of the sample with its columns.
struct SampleRow<'r> {
    s: &'r Steekproef<'r>,
    pseudonyms: &'r Pseudonyms,
    id: usize,
    post: &'r SampledLine,
}

/// A line as people look it up.
pub(super) struct LineDetails {
    pub(super) aanbieder: Shown<'static>,
    pub(super) name: Shown<'static>,
    pub(super) gemeente: Shown<'static>,
    pub(super) jeugdige: Shown<'static>,
    pub(super) toewijzing_nummer: Shown<'static>,
    declaratie_nummer: Shown<'static>,
    pub(super) referentie_nummer: Shown<'static>,
    product_categorie: Shown<'static>,
    pub(super) product_code: Shown<'static>,
    volume: Shown<'static>,
    pub(super) file: Shown<'static>,
}

pub(super) fn line_data(
    context: &AuditContext<'_>,
    r: &Declaratieregel,
    pseudonyms: &Pseudonyms,
) -> LineDetails {
    let d = context.dossier;
    let nummer = |text| pseudonyms.replace_in(text).into_owned();
    let product = d.product(r.product);
    let data = d.aanbieder(r.aanbieder).data.as_ref();
    LineDetails {
        aanbieder: context.agb(r.aanbieder).to_string().into(),
        name: data.map_or_else(Shown::default, |g| nummer(&g.naam)),
        gemeente: r.gemeente.to_string().into(),
        jeugdige: pseudonyms.jeugdige(r.bsn).unwrap_or_default(),
        toewijzing_nummer: nummer(d.toewijzingnummer(r.toewijzing_nummer)),
        declaratie_nummer: nummer(d.declaratienummer(r)),
        referentie_nummer: nummer(d.referentie(r)),
        product_categorie: nummer(&product.categorie),
        product_code: nummer(&product.code),
        volume: format!("{} {}", r.geleverd_volume, r.eenheid.name()).into(),
        file: d.file(r.file).pad.clone().into(),
    }
}

impl SampleRow<'_> {
    fn line(&self) -> &Declaratieregel {
        self.s.population.line(self.post.place)
    }

    fn data(&self) -> LineDetails {
        line_data(self.s.population.context, self.line(), self.pseudonyms)
    }

    fn stratum(&self) -> &str {
        &self.s.strata[self.post.stratum].name
    }

    fn drawings(&self) -> u32 {
        match self.post.how {
            Selection::Whole => 1,
            Selection::Drawn { times } => times,
        }
    }

    fn csv(&self) -> [Shown<'static>; 24] {
        let (r, g) = (self.line(), self.data());
        let empty = Shown::default;
        [
            self.id.to_string().into(),
            self.stratum().to_owned().into(),
            g.aanbieder,
            g.name,
            g.gemeente,
            g.jeugdige,
            g.toewijzing_nummer,
            g.referentie_nummer,
            g.product_code,
            csv_datum(Some(r.begindatum)),
            csv_datum(Some(r.einddatum)),
            g.volume,
            self.drawings().to_string().into(),
            csv_bedrag(Some(self.post.bedrag)),
            empty(),
            empty(),
            empty(),
            empty(),
            g.declaratie_nummer,
            g.product_categorie,
            g.file,
            r.line_number.to_string().into(),
            Shown::unmasked(self.post.id.clone()),
            self.s.design.to_string().into(),
        ]
    }

    fn write_sample(&self, b: &mut Sheet<'_>) -> Result<(), XlsxError> {
        let (r, g) = (self.line(), self.data());
        let design = self.s.design.to_string();
        b.row(
            &[
                Cell::Number(self.id as u64),
                Cell::text(self.stratum()),
                Cell::text(&g.aanbieder),
                Cell::text(&g.name),
                Cell::text(&g.gemeente),
                Cell::text(&g.jeugdige),
                Cell::text(&g.toewijzing_nummer),
                Cell::text(&g.referentie_nummer),
                Cell::text(&g.product_code),
                Cell::Datum(r.begindatum),
                Cell::Datum(r.einddatum),
                Cell::text(&g.volume),
                Cell::Number(u64::from(self.drawings())),
                Cell::Money(self.post.bedrag),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::text(&g.declaratie_nummer),
                Cell::text(&g.product_categorie),
                Cell::text(&g.file),
                Cell::Number(u64::from(r.line_number)),
                Cell::text(Shown::unmasked(&self.post.id)),
                Cell::text(&design),
            ],
            false,
        )
    }
}

fn workbook<'r>(
    s: &Steekproef<'_>,
    origin: &ReportOrigin,
    rows: impl Iterator<Item = SampleRow<'r>>,
    dir: &Path,
) -> Result<Workbook, XlsxError> {
    let (context, o) = (s.population.context, Formats::new());
    let title = format!("Steekproef jeugdhulp {}", context.jaar);
    let mut book = new_book(dir, &title, &context.regelset.title, context.jaar)?;
    let mut b = Sheet::new(&mut book, &o, SHEET, &WIDTHS)?;
    b.title(&title)?;
    b.sentence("Vul bij elke declaratieregel een oordeel in, en bij fout het bedrag dat het had moeten zijn. Zie het blad Opzet.")?;
    b.blank_line();
    b.header(&HEADERS, s.posten.len(), true)?;
    for row in rows {
        row.write_sample(&mut b)?;
    }
    fill_in_fields(book.worksheet_from_name(SHEET)?, s.posten.len() as u32)?;
    design_sheet(s, origin, &mut book, &o)?;
    Ok(book)
}

/// The pick list, the amounts, and colours that show what is still to be filled in.
fn fill_in_fields(sheet: &mut Worksheet, count: u32) -> Result<(), XlsxError> {
    let (first, last) = (FIRST_ROW, FIRST_ROW + count - 1);
    let choices = Oordeel::ALL.map(Oordeel::name);
    let list = DataValidation::new()
        .allow_list_strings(&choices)?
        .set_input_title("Oordeel")?
        .set_input_message("goed, fout of onzeker. Wat niet te controleren is, is onzeker.")?
        .set_error_title("Geen oordeel")?
        .set_error_message("Kies goed, fout of onzeker.")?;
    sheet.add_data_validation(first, OORDEEL, last, OORDEEL, &list)?;
    let bedrag = DataValidation::new()
        .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
        .set_input_title("Vastgesteld bedrag")?
        .set_input_message("Bij fout: wat de declaratieregel had moeten zijn (0 als niets rechtmatig is). Bij onzeker: wat wel zeker is, leeg als niets zeker is.")?
        .set_error_title("Geen bedrag")?
        .set_error_message("Vul een bedrag van nul of meer in.")?;
    sheet.add_data_validation(first, VASTGESTELD, last, VASTGESTELD, &bedrag)?;
    let geld = Format::new().set_num_format("[$€-413] #,##0.00");
    sheet.set_column_format(VASTGESTELD, &geld)?;
    let row = first + 1;
    let fill = |colour| Format::new().set_background_color(Color::RGB(colour));
    let missing = ConditionalFormatFormula::new()
        .set_rule(format!("=AND($O{row}=\"fout\",ISBLANK($P{row}))").as_str())
        .set_format(fill(0xF8_D7DA))
        .set_stop_if_true(true);
    sheet.add_conditional_format(first, VASTGESTELD, last, VASTGESTELD, &missing)?;
    let filling_in = ConditionalFormatFormula::new().set_rule("=TRUE").set_format(fill(0xFF_F9E3));
    sheet.add_conditional_format(first, OORDEEL, last, TOELICHTING, &filling_in)?;
    sheet.set_print_area(0, 0, last, TOELICHTING)?;
    Ok(())
}

/// The method in two sentences.
pub(super) fn in_words(design: SampleDesign) -> [&'static str; 2] {
    const STRATA: &str = "Binnen een laag heeft elke declaratieregel dezelfde kans. Elke laag krijgt twee declaratieregels; de rest is verdeeld naar bedrag.";
    match design.methode {
        Method::Mus => [
            "Geldsteekproef (mus): elke cent heeft dezelfde kans; in elk interval is één cent geloot.",
            "Declaratieregels van het interval of meer zijn er alle in; zij worden geheel gecontroleerd en niet doorgerekend.",
        ],
        Method::Aselect => [
            "Aselecte steekproef van declaratieregels.",
            "Elke declaratieregel heeft dezelfde kans, zonder teruglegging.",
        ],
        Method::Gestratificeerd(StratifyBy::Onderdeel) => [
            "Gestratificeerde steekproef van declaratieregels, per onderdeel van het contract.",
            STRATA,
        ],
        Method::Gestratificeerd(StratifyBy::Aanbieder) => {
            ["Gestratificeerde steekproef van declaratieregels, per aanbieder.", STRATA]
        }
    }
}

/// Where the sample comes from, as rows of a name and a value.
pub(super) fn facts(s: &Steekproef<'_>, origin: &ReportOrigin) -> Vec<(&'static str, String)> {
    let p = s.population;
    let mut feiten = vec![
        ("Leverjaar", p.context.jaar.to_string()),
        ("Regelset", format!("{} {}", p.context.regelset.name, p.context.regelset.versie)),
        ("Rapport (SHA-256 van manifest.json)", origin.manifest_sha256.clone()),
        (
            "Populatie",
            format!(
                "{} van samen {}",
                counted(p.count() as u64, "levende declaratieregel", "levende declaratieregels"),
                p.bedrag
            ),
        ),
        ("Aanbieder", s.design.aanbieder.map_or("alle".to_owned(), |agb| agb.to_string())),
        ("Methode", s.design.methode.name().to_owned()),
        ("Gevraagde omvang", Thousands(u64::from(s.design.size)).to_string()),
        ("Zaad", s.design.seed.to_string()),
    ];
    if let Some(interval) = s.interval {
        feiten.push(("Interval", interval.to_string()));
    }
    feiten.push((
        "In de steekproef",
        format!("{} van samen {}", declaratieregels(s.posten.len() as u64), s.bedrag()),
    ));
    if !s.zero_lines.is_empty() {
        feiten.push((
            "Niet te trekken",
            format!(
                "{} van € 0,00; zie nulregels.csv",
                declaratieregels(s.zero_lines.len() as u64)
            ),
        ));
    }
    feiten.push(("Programma", format!("rechtmatig {}", env!("CARGO_PKG_VERSION"))));
    feiten
}

fn design_sheet(
    s: &Steekproef<'_>,
    origin: &ReportOrigin,
    book: &mut Workbook,
    o: &Formats,
) -> Result<(), XlsxError> {
    let mut b = Sheet::new(book, o, "Opzet", &[38.0, 30.0, 20.0, 16.0])?;
    b.title("Opzet van de steekproef")?;
    for sentence in in_words(s.design) {
        b.sentence(sentence)?;
    }
    b.blank_line();
    for (name, value) in facts(s, origin) {
        b.row(&[Cell::text(name), Cell::text(&value)], false)?;
    }
    b.blank_line();
    b.header(&["Laag", "Aantal", "Bedrag", "In steekproef"], 0, false)?;
    for stratum in &s.strata {
        b.row(
            &[
                Cell::text(&stratum.name),
                Cell::Number(stratum.lines),
                Cell::Money(stratum.bedrag),
                Cell::Number(stratum.in_steekproef),
            ],
            false,
        )?;
    }
    b.blank_line();
    for sentence in [
        "Oordeel: goed, fout of onzeker. Onzeker is wat niet is te controleren, bijvoorbeeld omdat een stuk ontbreekt.",
        "VastgesteldBedrag: bij fout wat de declaratieregel had moeten zijn, hoger of lager; 0 als niets rechtmatig is. Bij goed mag het leeg blijven.",
        "Bij onzeker: het deel dat wel zeker is; leeg als niets zeker is.",
        "Voeg geen declaratieregels toe en haal er geen weg: een steekproef telt alleen als geheel. Bewaren als xlsx of csv mag.",
        "Daarna: rechtmatig steekproef RAPPORT --evalueren steekproef.xlsx",
        "Dezelfde opdracht met hetzelfde zaad geeft dezelfde declaratieregels; evalueren trekt de steekproef opnieuw en vergelijkt.",
    ] {
        b.sentence(sentence)?;
    }
    b.blank_line();
    b.sentence("Ondertekening")?;
    b.ondertekening(&[
        "Gecontroleerd door:",
        "Functie:",
        "Plaats en datum:",
        "Handtekening:",
        "Beoordeeld door:",
    ])
}

/// The lines of € 0,00 that MUS can't draw.
fn zero_lines(s: &Steekproef<'_>, pseudonyms: &Pseudonyms, path: &Path) -> Result<(), WriteError> {
    let p = s.population;
    csv_for_excel(
        path,
        &[
            "Id",
            "Aanbieder",
            "Naam",
            "Gemeente",
            "Jeugdige",
            "ToewijzingNummer",
            "ReferentieNummer",
            "ProductCode",
            "Begindatum",
            "Einddatum",
            "Volume",
            "Bestand",
            "Regelnummer",
        ],
        s.zero_lines.iter().map(|&place| {
            let r = p.line(place);
            let g = line_data(p.context, r, pseudonyms);
            [
                Shown::unmasked(p.id(place)),
                g.aanbieder,
                g.name,
                g.gemeente,
                g.jeugdige,
                g.toewijzing_nummer,
                g.referentie_nummer,
                g.product_code,
                csv_datum(Some(r.begindatum)),
                csv_datum(Some(r.einddatum)),
                g.volume,
                g.file,
                r.line_number.to_string().into(),
            ]
        }),
    )
}

/// The set-up and the lines for programs; amounts are whole eurocents.
fn data(s: &Steekproef<'_>, origin: &ReportOrigin, path: &Path) -> Result<(), WriteError> {
    let p = s.population;
    let value = json!({
        "programma": { "naam": env!("CARGO_PKG_NAME"), "versie": env!("CARGO_PKG_VERSION") },
        "leverjaar": p.context.jaar,
        "manifest_sha256": origin.manifest_sha256,
        "eenheid_bedragen": "eurocent",
        "steekproef": s.design.to_string(),
        "methode": s.design.methode.name(),
        "aanbieder": s.design.aanbieder.map(|agb| agb.to_string()),
        "omvang": s.design.size,
        "zaad": s.design.seed,
        "interval": s.interval.map(|c| c.0),
        "populatie": { "regels": p.count(), "bedrag": p.bedrag.0 },
        "nulregels": s.zero_lines.len(),
        "lagen": s.strata.iter().map(|l| json!({
            "laag": l.name,
            "regels": l.lines,
            "bedrag": l.bedrag.0,
            "in_steekproef": l.in_steekproef,
        })).collect::<Vec<_>>(),
        "posten": s.posten.iter().enumerate().map(|(i, post)| json!({
            "nummer": i + 1,
            "id": post.id,
            "laag": s.strata[post.stratum].name,
            "geheel": post.how == Selection::Whole,
            "trekkingen": match post.how { Selection::Whole => 1, Selection::Drawn { times } => times },
            "bedrag": post.bedrag.0,
        })).collect::<Vec<_>>(),
    });
    write_json(&value, path)
}
