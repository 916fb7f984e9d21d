//! What every workbook is built of: sheets that are written from top to bottom, without being held
//! in memory, and that print on A4.

use super::formula::lijkt_formule;
use crate::dossier::Ernst;
use crate::dossier::{Cent, Dag, Eindoordeel};
use crate::writing::WriteError;
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar,
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    FormatUnderline, Url, Workbook, Worksheet, XlsxError,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Name of the first sheet of a rapport, to which the others lead back.
pub(crate) const SAMENVATTING: &str = "Samenvatting";

/// Builds a workbook and writes it; `bouw` is given the folder for what is temporary.
pub(crate) fn bewaar(
    pad: &Path,
    bouw: impl FnOnce(&Path) -> Result<Workbook, XlsxError>,
) -> Result<(), WriteError> {
    let map = pad.parent().unwrap_or(Path::new("."));
    // Sheets go through temporary files; the library panics where one can't be written.
    let uitkomst = catch_unwind(AssertUnwindSafe(|| bouw(map).and_then(|mut boek| boek.save(pad))));
    let oorzaak = match uitkomst {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(XlsxError::IoError(e))) => return Err(WriteError::schrijven(pad, &e)),
        // The library hides why an archive could not be finished, and panics over a sheet.
        Ok(Err(XlsxError::ZipError(_))) | Err(_) => {
            "de schijf is vol of een bestand zou te groot worden".to_owned()
        }
        Ok(Err(ander)) => ander.to_string(),
    };
    Err(WriteError::Schrijven { pad: pad.to_owned(), oorzaak })
}

/// An empty workbook about a year.
pub(crate) fn nieuw_boek(
    map: &Path,
    titel: &str,
    regelset: &str,
    jaar: i32,
) -> Result<Workbook, XlsxError> {
    let mut boek = Workbook::new();
    // What is about children stays in the folder of the rapport, temporary files too.
    boek.set_tempdir(map)?;
    // A sheet of findings repeats itself: the fastest levels already make it small.
    boek.set_zip_compression_level(2);
    boek.set_properties(
        &DocProperties::new()
            .set_title(titel)
            .set_subject(format!("{regelset}, leverjaar {jaar}"))
            .set_author(format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")))
            .set_category("Rechtmatigheid jeugdhulp")
            // No time of the run: the same input gives the same workbook.
            .set_creation_datetime(&ExcelDateTime::from_ymd(
                jaar.clamp(1900, 9999) as u16,
                12,
                31,
            )?),
    );
    Ok(boek)
}

/// How a cell with a text looks.
struct Tekstvorm {
    gewoon: Format,
    /// The same for a text that stays one, also when somebody edits its cell or saves the sheet as
    /// another kind of file: see [`lijkt_formule`].
    letterlijk: Format,
}

impl Tekstvorm {
    fn voor(&self, tekst: &str) -> &Format {
        if lijkt_formule(tekst) { &self.letterlijk } else { &self.gewoon }
    }
}

impl From<Format> for Tekstvorm {
    fn from(gewoon: Format) -> Tekstvorm {
        Tekstvorm { letterlijk: gewoon.clone().set_quote_prefix(), gewoon }
    }
}

/// How cells look, and what stands at the foot of each printed page.
pub(crate) struct Opmaak {
    titel: Format,
    zin: Format,
    kop: Format,
    tekst: Tekstvorm,
    lang: Tekstvorm,
    koppeling: Format,
    geld: Format,
    datum: Format,
    getal: Format,
    deel: Format,
    vet: Tekstvorm,
    vet_geld: Format,
    vet_getal: Format,
    ernst: [Format; 3],
    oordeel: [Format; Eindoordeel::ALLE.len()],
    in_te_vullen: Tekstvorm,
    voet: String,
}

impl Opmaak {
    pub(crate) fn nieuw() -> Opmaak {
        let geld = "[$€-413] #,##0.00;[$€-413] -#,##0.00";
        let vul = |kleur| {
            Format::new().set_background_color(Color::RGB(kleur)).set_align(FormatAlign::Top)
        };
        let gekleurd = |kleur| Format::new().set_background_color(Color::RGB(kleur));
        let tekst = Format::new().set_align(FormatAlign::Top);
        Opmaak {
            titel: Format::new().set_bold().set_font_size(16),
            kop: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x1F_3A5F))
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_indent(1)
                .set_border_bottom(FormatBorder::Thin),
            zin: Format::new().set_align(FormatAlign::Left),
            lang: tekst.clone().set_text_wrap().set_align(FormatAlign::Left).set_indent(1).into(),
            koppeling: tekst
                .clone()
                .set_font_color(Color::RGB(0x0B_5394))
                .set_underline(FormatUnderline::Single),
            geld: tekst.clone().set_num_format(geld),
            datum: tekst.clone().set_num_format("dd-mm-yyyy").set_align(FormatAlign::Left),
            getal: tekst.clone().set_num_format("#,##0"),
            deel: tekst.clone().set_num_format("0.0%"),
            vet: Format::new().set_bold().into(),
            vet_geld: Format::new().set_bold().set_num_format(geld),
            vet_getal: Format::new().set_bold().set_num_format("#,##0"),
            ernst: [vul(0xF8_D7DA), vul(0xFF_F0C2), vul(0xDC_E9F5)],
            oordeel: [
                gekleurd(0xD5_EFD8),
                gekleurd(0xF8_D7DA),
                gekleurd(0xE4_E4E4),
                gekleurd(0xFF_F0C2),
            ],
            in_te_vullen: tekst
                .clone()
                .set_indent(1)
                .set_background_color(Color::RGB(0xFF_FBE8))
                .set_align(FormatAlign::Left)
                .into(),
            tekst: tekst.set_align(FormatAlign::Left).set_indent(1).into(),
            voet: String::new(),
        }
    }

    /// The same, with this at the left of every page's foot.
    pub(crate) fn met_voet(self, voet: &str) -> Opmaak {
        Opmaak { voet: voet.replace('&', "&&"), ..self }
    }

    fn van(&self, vorm: Vorm) -> &Format {
        match vorm {
            Vorm::Tekst => &self.tekst.gewoon,
            Vorm::Lang => &self.lang.gewoon,
            Vorm::Getal => &self.getal,
            Vorm::Geld => &self.geld,
            Vorm::Datum => &self.datum,
            Vorm::Deel => &self.deel,
        }
    }

    /// All of them, in one order.
    fn alle(&self) -> impl Iterator<Item = &Format> {
        let teksten = [&self.tekst, &self.lang, &self.vet, &self.in_te_vullen];
        let overige = [
            &self.titel,
            &self.zin,
            &self.kop,
            &self.koppeling,
            &self.geld,
            &self.datum,
            &self.getal,
            &self.deel,
            &self.vet_geld,
            &self.vet_getal,
        ];
        let teksten = teksten.into_iter().flat_map(|t| [&t.gewoon, &t.letterlijk]);
        teksten.chain(overige).chain(&self.ernst)
    }
}

/// A look that a column can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vorm {
    Tekst,
    Lang,
    Getal,
    Geld,
    Datum,
    Deel,
}

/// One cell.
#[derive(Clone)]
pub(crate) enum Cel<'a> {
    Leeg,
    Tekst(&'a str),
    Lang(&'a str),
    Getal(u64),
    /// A number that may be below zero.
    Geheel(i64),
    Geld(Cent),
    Datum(Dag),
    Ernst(Ernst),
    /// A part of a whole, shown in percents; empty of nothing.
    Deel(i64, i64),
    /// A cell that a person fills in.
    Invul(&'a str),
    /// A text that leads to the first cell of a sheet.
    NaarBlad(&'a str, &'a str),
}

impl<'a> Cel<'a> {
    pub(crate) fn van(tekst: Option<&'a str>) -> Cel<'a> {
        tekst.map_or(Cel::Leeg, Cel::Tekst)
    }

    /// How it looks unless it is bold; `None` where that follows from what it says.
    fn vorm(&self) -> Option<Vorm> {
        match self {
            Cel::Tekst(tekst) if !lijkt_formule(tekst) => Some(Vorm::Tekst),
            Cel::Lang(tekst) if !lijkt_formule(tekst) => Some(Vorm::Lang),
            Cel::Getal(_) | Cel::Geheel(_) => Some(Vorm::Getal),
            Cel::Geld(_) => Some(Vorm::Geld),
            Cel::Datum(_) => Some(Vorm::Datum),
            Cel::Deel(..) => Some(Vorm::Deel),
            _ => None,
        }
    }

    /// The number in it, as spreadsheets count.
    fn getal(&self) -> Option<f64> {
        match self {
            Cel::Getal(n) => Some(*n as f64),
            Cel::Geheel(n) => Some(*n as f64),
            Cel::Geld(c) => Some(euro(*c)),
            Cel::Datum(d) => Some(f64::from(excel_dag(*d))),
            Cel::Deel(_, 0) => None,
            Cel::Deel(deel, geheel) => Some(*deel as f64 / *geheel as f64),
            _ => None,
        }
    }

    /// Lines that a wrapped text needs in a column of this many characters.
    fn regels(&self, breedte: f64) -> usize {
        match self {
            Cel::Lang(tekst) => {
                (tekst.chars().count() as f64 * 1.1 / breedte).ceil().max(1.0) as usize
            }
            _ => 1,
        }
    }
}

/// A sheet that is written from top to bottom.
pub(crate) struct Blad<'w> {
    blad: &'w mut Worksheet,
    o: &'w Opmaak,
    rij: u32,
    breedten: Vec<f64>,
    vormen: Vec<Option<Vorm>>,
}

/// Height of a line of text, in points.
const REGELHOOGTE: f64 = 15.0;

/// A row is at most this many lines high: longer texts are read in the cell.
const MEESTE_REGELS: usize = 8;

/// A4, as spreadsheets number paper.
const A4: u8 = 9;

impl<'w> Blad<'w> {
    pub(crate) fn nieuw(
        boek: &'w mut Workbook,
        o: &'w Opmaak,
        naam: &str,
        breedten: &[f64],
    ) -> Result<Blad<'w>, XlsxError> {
        Blad::op(boek.add_worksheet_with_constant_memory()?, o, naam, breedten)
    }

    /// On an empty sheet of a workbook that is built in constant memory.
    pub(crate) fn op(
        blad: &'w mut Worksheet,
        o: &'w Opmaak,
        naam: &str,
        breedten: &[f64],
    ) -> Result<Blad<'w>, XlsxError> {
        blad.set_name(naam)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        blad.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.35);
        blad.set_footer(format!("&L&8{}&C&8&A&R&8Pagina &P van &N", o.voet));
        for (i, breedte) in breedten.iter().enumerate() {
            blad.set_column_width(i as u16, *breedte)?;
        }
        Ok(Blad { blad, o, rij: 0, breedten: breedten.to_vec(), vormen: Vec::new() })
    }

    /// Gives every look its number in the workbook. A look gets it where it is first used: sheets that
    /// are then written beside each other hold the same numbers in every run. To be called before
    /// anything is written.
    pub(crate) fn leg_opmaak_vast(&mut self) -> Result<(), XlsxError> {
        for vorm in self.o.alle() {
            // One cell, until its row is written.
            self.blad.write_blank(self.rij, 0, vorm)?;
        }
        self.blad.clear_cell(self.rij, 0);
        Ok(())
    }

    /// What the cells of each column look like that don't say otherwise. Such a cell costs a third of
    /// one with a look of its own, which the library looks up by all that it consists of.
    pub(crate) fn vormen(&mut self, vormen: &[Option<Vorm>]) -> Result<(), XlsxError> {
        for (i, vorm) in vormen.iter().enumerate() {
            if let Some(vorm) = vorm {
                self.blad.set_column_format(i as u16, self.o.van(*vorm))?;
            }
        }
        self.vormen = vormen.to_vec();
        Ok(())
    }

    /// Prints the whole sheet on one page.
    pub(crate) fn op_een_pagina(&mut self) {
        self.blad.set_print_fit_to_pages(1, 1);
    }

    /// Prints only the first columns of what has been written so far.
    pub(crate) fn druk_af_tot(&mut self, kolom: u16) -> Result<(), XlsxError> {
        self.blad.set_print_area(0, 0, self.rij.max(1) - 1, kolom)?;
        Ok(())
    }

    pub(crate) fn titel(&mut self, tekst: &str) -> Result<(), XlsxError> {
        self.blad.set_row_height(self.rij, 24)?;
        self.blad.write_string_with_format(self.rij, 0, tekst, &self.o.titel)?;
        self.rij += 1;
        Ok(())
    }

    /// A row that leads back to the summary.
    pub(crate) fn terug(&mut self) -> Result<(), XlsxError> {
        self.rij(&[Cel::NaarBlad("← Samenvatting", SAMENVATTING)], false)
    }

    pub(crate) fn regel(&mut self, tekst: &str) -> Result<(), XlsxError> {
        match self.vormen.first() {
            Some(Some(_)) => self.blad.write_string_with_format(self.rij, 0, tekst, &self.o.zin)?,
            _ => self.blad.write_string(self.rij, 0, tekst)?,
        };
        self.rij += 1;
        Ok(())
    }

    pub(crate) fn witregel(&mut self) {
        self.rij += 1;
    }

    /// A header row; the rows above it and itself stay in view, and it gets filters.
    pub(crate) fn kop(
        &mut self,
        koppen: &[&str],
        rijen: usize,
        bevries: bool,
    ) -> Result<(), XlsxError> {
        self.blad.set_row_height(self.rij, 32)?;
        for (i, kop) in koppen.iter().enumerate() {
            self.blad.write_string_with_format(self.rij, i as u16, *kop, &self.o.kop)?;
        }
        if bevries {
            self.blad.set_freeze_panes(self.rij + 1, 0)?;
            let laatste = self.rij + rijen as u32;
            self.blad.autofilter(self.rij, 0, laatste, koppen.len() as u16 - 1)?;
            self.blad.set_repeat_rows(self.rij, self.rij)?;
        }
        self.rij += 1;
        Ok(())
    }

    /// The next `rijen` cells of this column are a verdict, chosen from a list and coloured.
    pub(crate) fn oordelen(&mut self, kolom: u16, rijen: usize) -> Result<(), XlsxError> {
        if rijen == 0 {
            return Ok(());
        }
        let (eerste, laatste) = (self.rij, self.rij + rijen as u32 - 1);
        let keuzes = Eindoordeel::ALLE.map(Eindoordeel::naam);
        let keuze = DataValidation::new()
            .allow_list_strings(&keuzes)?
            .set_input_title("Oordeel")?
            .set_input_message(format!("Kies {}.", keuzes.join(", ")))?
            .set_error_title("Onbekend oordeel")?
            .set_error_message(format!("Kies uit {}.", keuzes.join(", ")))?;
        self.blad.add_data_validation(eerste, kolom, laatste, kolom, &keuze)?;
        for (oordeel, vorm) in keuzes.into_iter().zip(&self.o.oordeel) {
            let kleur = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(oordeel))
                .set_format(vorm);
            self.blad.add_conditional_format(eerste, kolom, laatste, kolom, &kleur)?;
        }
        Ok(())
    }

    /// The next `rijen` amounts of this column get a bar as long as they are large.
    pub(crate) fn balken(&mut self, kolom: u16, rijen: usize) -> Result<(), XlsxError> {
        if rijen > 1 {
            let balk = ConditionalFormatDataBar::new()
                .set_fill_color(Color::RGB(0xF3_B0B6))
                .set_solid_fill(true);
            let laatste = self.rij + rijen as u32 - 1;
            self.blad.add_conditional_format(self.rij, kolom, laatste, kolom, &balk)?;
        }
        Ok(())
    }

    pub(crate) fn rij(&mut self, cellen: &[Cel<'_>], vet: bool) -> Result<(), XlsxError> {
        // Not every program makes a row as high as its wrapped texts: say it.
        let regels = cellen.iter().zip(&self.breedten).map(|(cel, breedte)| cel.regels(*breedte));
        let regels = regels.max().unwrap_or(1).min(MEESTE_REGELS);
        if regels > 1 {
            self.blad.set_row_height(self.rij, REGELHOOGTE * regels as f64)?;
        }
        for (i, cel) in cellen.iter().enumerate() {
            let vorm = cel.vorm().filter(|_| !vet);
            if vorm.is_some() && self.vormen.get(i) == Some(&vorm) {
                self.cel_van_kolom(i as u16, cel)?;
            } else {
                self.cel(i as u16, cel, vet)?;
            }
        }
        self.rij += 1;
        Ok(())
    }

    /// A cell that looks as its column does.
    fn cel_van_kolom(&mut self, k: u16, cel: &Cel<'_>) -> Result<(), XlsxError> {
        let r = self.rij;
        match cel {
            Cel::Tekst(t) | Cel::Lang(t) => self.blad.write_string(r, k, *t)?,
            _ => match cel.getal() {
                Some(n) => self.blad.write_number(r, k, n)?,
                None => return Ok(()),
            },
        };
        Ok(())
    }

    /// A cell with a look of its own.
    fn cel(&mut self, k: u16, cel: &Cel<'_>, vet: bool) -> Result<(), XlsxError> {
        let (o, r) = (self.o, self.rij);
        let vorm = match cel {
            Cel::Leeg => return Ok(()),
            Cel::Tekst(t) => if vet { &o.vet } else { &o.tekst }.voor(t),
            Cel::Lang(t) => o.lang.voor(t),
            Cel::Invul(t) => o.in_te_vullen.voor(t),
            Cel::Getal(_) | Cel::Geheel(_) if vet => &o.vet_getal,
            Cel::Getal(_) | Cel::Geheel(_) => &o.getal,
            Cel::Geld(_) if vet => &o.vet_geld,
            Cel::Geld(_) => &o.geld,
            Cel::Datum(_) => &o.datum,
            Cel::Ernst(e) => &o.ernst[*e as usize],
            Cel::Deel(..) => &o.deel,
            Cel::NaarBlad(..) => &o.koppeling,
        };
        match cel {
            Cel::Tekst(t) | Cel::Lang(t) | Cel::Invul(t) => {
                self.blad.write_string_with_format(r, k, *t, vorm)?;
            }
            Cel::Ernst(e) => {
                self.blad.write_string_with_format(r, k, e.naam(), vorm)?;
            }
            Cel::NaarBlad(tekst, blad) => {
                let plaats = format!("internal:'{}'!A1", blad.replace('\'', "''"));
                let koppeling = Url::new(plaats).set_text(*tekst);
                self.blad.write_url_with_format(r, k, koppeling, vorm)?;
            }
            _ => {
                if let Some(n) = cel.getal() {
                    self.blad.write_number_with_format(r, k, n, vorm)?;
                }
            }
        }
        Ok(())
    }
}

/// A spreadsheet knows no whole cents: the nearest number shows and adds up as the amount.
fn euro(c: Cent) -> f64 {
    c.0 as f64 / 100.0
}

/// Days as Excel counts them, from 30 December 1899.
fn excel_dag(dag: Dag) -> i32 {
    dag.dagen_sinds_1970() + 25_569
}
