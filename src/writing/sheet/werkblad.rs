//! A sheet, row after row.

use super::cel::{Cel, Vorm};
use super::opmaak::Opmaak;
use crate::dossier::Eindoordeel;
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar,
    DataValidation, Url, Workbook, Worksheet, XlsxError,
};

/// Name of the first sheet of a rapport, to which the others lead back.
pub(crate) const SAMENVATTING: &str = "Samenvatting";

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

    /// Where somebody signs: a line to fill in for each of these questions.
    pub(crate) fn ondertekening(&mut self, vragen: &[&str]) -> Result<(), XlsxError> {
        for vraag in vragen {
            self.witregel();
            self.rij(&[Cel::Tekst(vraag), Cel::Tekst("………………………………………")], false)?;
        }
        Ok(())
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
