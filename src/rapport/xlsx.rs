//! `rapport.xlsx`: the workbook that a contract manager works in.

use super::bevindingen::Rij;
use super::totalen::{Doorbelasting, Partijtotaal};
use super::{Rapport, RapportFout};
use crate::dossier::{Agb, Cent, Dag, Duizendtallen, Gemeente};
use crate::regels::FAMILIES;
use crate::toetsing::{Ernst, Regeluitkomst};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Rows of findings that one sheet holds at most; the rest is counted and stands in the parquet.
const MEESTE_RIJEN: usize = 200_000;

pub fn schrijf(rapport: &Rapport<'_>, pad: &Path) -> Result<(), RapportFout> {
    bewaar(pad, |map| bouw(rapport, map))
}

/// Builds a workbook and writes it; `bouw` is given the folder for what is temporary.
pub(crate) fn bewaar(
    pad: &Path,
    bouw: impl FnOnce(&Path) -> Result<Workbook, XlsxError>,
) -> Result<(), RapportFout> {
    let map = pad.parent().unwrap_or(Path::new("."));
    // Sheets go through temporary files; the library panics where one can't be written.
    let uitkomst = catch_unwind(AssertUnwindSafe(|| bouw(map).and_then(|mut boek| boek.save(pad))));
    let oorzaak = match uitkomst {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(XlsxError::IoError(e))) => return Err(RapportFout::schrijven(pad, &e)),
        // The library hides why an archive could not be finished, and panics over a sheet.
        Ok(Err(XlsxError::ZipError(_))) | Err(_) => {
            "de schijf is vol of een bestand zou te groot worden".to_owned()
        }
        Ok(Err(ander)) => ander.to_string(),
    };
    Err(RapportFout::Schrijven { pad: pad.to_owned(), oorzaak })
}

/// How cells look.
pub(crate) struct Opmaak {
    titel: Format,
    kop: Format,
    tekst: Format,
    lang: Format,
    geld: Format,
    datum: Format,
    getal: Format,
    vet: Format,
    vet_geld: Format,
    vet_getal: Format,
    ernst: [Format; 3],
}

impl Opmaak {
    pub(crate) fn nieuw() -> Opmaak {
        let geld = "[$€-413] #,##0.00;[$€-413] -#,##0.00";
        let vul = |kleur| {
            Format::new().set_background_color(Color::RGB(kleur)).set_align(FormatAlign::Top)
        };
        let tekst = Format::new().set_align(FormatAlign::Top);
        Opmaak {
            titel: Format::new().set_bold().set_font_size(16),
            kop: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x1F_3A5F))
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_border_bottom(FormatBorder::Thin),
            lang: tekst.clone().set_text_wrap(),
            geld: tekst.clone().set_num_format(geld),
            datum: tekst.clone().set_num_format("dd-mm-yyyy").set_align(FormatAlign::Left),
            getal: tekst.clone().set_num_format("#,##0"),
            vet: Format::new().set_bold(),
            vet_geld: Format::new().set_bold().set_num_format(geld),
            vet_getal: Format::new().set_bold().set_num_format("#,##0"),
            ernst: [vul(0xF8_D7DA), vul(0xFF_F0C2), vul(0xDC_E9F5)],
            tekst,
        }
    }
}

/// One cell.
pub(crate) enum Cel<'a> {
    Leeg,
    Tekst(&'a str),
    Lang(&'a str),
    Getal(u64),
    Geld(Cent),
    Datum(Dag),
    Ernst(Ernst),
}

impl<'a> Cel<'a> {
    fn van(tekst: Option<&'a str>) -> Cel<'a> {
        tekst.map_or(Cel::Leeg, Cel::Tekst)
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
}

/// Height of a line of text, in points.
const REGELHOOGTE: f64 = 15.0;

/// A row is at most this many lines high: longer texts are read in the cell.
const MEESTE_REGELS: usize = 8;

impl<'w> Blad<'w> {
    pub(crate) fn nieuw(
        boek: &'w mut Workbook,
        o: &'w Opmaak,
        naam: &str,
        breedten: &[f64],
    ) -> Result<Blad<'w>, XlsxError> {
        let blad = boek.add_worksheet_with_constant_memory()?;
        blad.set_name(naam)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        for (i, breedte) in breedten.iter().enumerate() {
            blad.set_column_width(i as u16, *breedte)?;
        }
        Ok(Blad { blad, o, rij: 0, breedten: breedten.to_vec() })
    }

    pub(crate) fn titel(&mut self, tekst: &str) -> Result<(), XlsxError> {
        self.blad.set_row_height(self.rij, 24)?;
        self.blad.write_string_with_format(self.rij, 0, tekst, &self.o.titel)?;
        self.rij += 1;
        Ok(())
    }

    pub(crate) fn regel(&mut self, tekst: &str) -> Result<(), XlsxError> {
        self.blad.write_string(self.rij, 0, tekst)?;
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

    pub(crate) fn rij(&mut self, cellen: &[Cel<'_>], vet: bool) -> Result<(), XlsxError> {
        let o = self.o;
        // Not every program makes a row as high as its wrapped texts: say it.
        let regels = cellen.iter().zip(&self.breedten).map(|(cel, breedte)| cel.regels(*breedte));
        let regels = regels.max().unwrap_or(1).min(MEESTE_REGELS);
        if regels > 1 {
            self.blad.set_row_height(self.rij, REGELHOOGTE * regels as f64)?;
        }
        for (i, cel) in cellen.iter().enumerate() {
            let (r, k) = (self.rij, i as u16);
            match cel {
                Cel::Leeg => {}
                Cel::Tekst(t) => {
                    let f = if vet { &o.vet } else { &o.tekst };
                    self.blad.write_string_with_format(r, k, *t, f)?;
                }
                Cel::Lang(t) => {
                    self.blad.write_string_with_format(r, k, *t, &o.lang)?;
                }
                Cel::Getal(n) => {
                    let f = if vet { &o.vet_getal } else { &o.getal };
                    self.blad.write_number_with_format(r, k, *n as f64, f)?;
                }
                Cel::Geld(c) => {
                    let f = if vet { &o.vet_geld } else { &o.geld };
                    self.blad.write_number_with_format(r, k, euro(*c), f)?;
                }
                Cel::Datum(d) => {
                    self.blad.write_number_with_format(r, k, f64::from(excel_dag(*d)), &o.datum)?;
                }
                Cel::Ernst(e) => {
                    let f = &o.ernst[*e as usize];
                    self.blad.write_string_with_format(r, k, e.naam(), f)?;
                }
            }
        }
        self.rij += 1;
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
            // No time of the run: the same input gives the same workbook.
            .set_creation_datetime(&ExcelDateTime::from_ymd(
                jaar.clamp(1900, 9999) as u16,
                12,
                31,
            )?),
    );
    Ok(boek)
}

fn bouw(rapport: &Rapport<'_>, map: &Path) -> Result<Workbook, XlsxError> {
    let jaar = rapport.controle.jaar;
    let titel = format!("Rechtmatigheid jeugdhulp {jaar}");
    let mut boek = nieuw_boek(map, &titel, &rapport.regelset().titel, jaar)?;
    let o = Opmaak::nieuw();
    samenvatting(rapport, &mut boek, &o)?;
    for &(code, naam) in FAMILIES {
        if rapport.uitkomsten.iter().any(|u| u.regel.familie() == code) {
            familie(rapport, &mut boek, &o, code, naam)?;
        }
    }
    partijen(&mut boek, &o, "Aanbieders", "Aanbieder", &rapport.totalen.per_aanbieder, |code| {
        code.parse().map_or("", |agb| rapport.naam_van_aanbieder(Agb(agb)))
    })?;
    partijen(&mut boek, &o, "Gemeenten", "Gemeente", &rapport.totalen.per_gemeente, |code| {
        code.parse().map_or("", |code| rapport.naam_van_gemeente(Gemeente(code)))
    })?;
    if let Some(rijen) = &rapport.totalen.doorbelasting {
        doorbelasting(rapport, rijen, &mut boek, &o)?;
    }
    aansluiting(rapport, &mut boek, &o)?;
    niet_getoetst(rapport, &mut boek, &o)?;
    invoerfouten(rapport, &mut boek, &o)?;
    verantwoording(rapport, &mut boek, &o)?;
    Ok(boek)
}

fn samenvatting(rapport: &Rapport<'_>, boek: &mut Workbook, o: &Opmaak) -> Result<(), XlsxError> {
    let breedten = [9.0, 60.0, 12.0, 10.0, 17.0, 14.0, 17.0, 10.0, 12.0, 13.0];
    let mut b = Blad::nieuw(boek, o, "Samenvatting", &breedten)?;
    let t = &rapport.totalen;
    let jaar = rapport.controle.jaar;
    b.titel(&format!("Rechtmatigheid jeugdhulp {jaar}"))?;
    b.regel(&format!(
        "{}, regelset {} versie {}. Regels op niveau {}.",
        rapport.regelset().titel,
        rapport.regelset().naam,
        rapport.regelset().versie,
        rapport.controle.niveau.naam()
    ))?;
    if rapport.pseudoniemen.bsn_tonen {
        b.regel("Let op: dit rapport bevat burgerservicenummers.")?;
    }
    b.witregel();
    let kengetallen = [
        ("Getoetste declaratieregels", Cel::Getal(t.regels)),
        ("Gedeclareerd bedrag", Cel::Geld(t.bedrag)),
        ("Fout", Cel::Geld(t.in_geding.fout)),
        ("Onzekerheid", Cel::Geld(t.in_geding.onzekerheid)),
        ("Bevindingen", Cel::Getal(rapport.bevindingen.len() as u64)),
    ];
    for (naam, waarde) in kengetallen {
        b.rij(&[Cel::Leeg, Cel::Tekst(naam), waarde], true)?;
    }
    b.regel("Fout en onzekerheid tellen elke declaratieregel één keer mee, ook als meer controles haar raken, en nooit voor meer dan het ingediende bedrag.")?;
    b.regel("Bevindingen over een toewijzing, jeugdige of aanbieder, en over teruggenomen, credit- of omgekeerde regels, staan daar niet in.")?;
    b.witregel();
    b.kop(
        &[
            "Controle",
            "Wat",
            "Getoetst",
            "Fouten",
            "Bedrag fouten",
            "Onzekerheden",
            "Bedrag onzekerheden",
            "Signalen",
            "Niet te toetsen",
            "Opmerking",
        ],
        rapport.uitkomsten.len(),
        false,
    )?;
    for u in &rapport.uitkomsten {
        let rijen = rapport.van_regel(u.regel.code);
        let van_ernst = |e: Ernst| rijen.iter().map(|g| &g.bevinding).filter(move |b| b.ernst == e);
        let aantal = |e: Ernst| van_ernst(e).count() as u64;
        let som = |e: Ernst| -> Cent { van_ernst(e).map(|b| b.bedrag.unwrap_or_default()).sum() };
        b.rij(
            &[
                Cel::Tekst(u.regel.code),
                Cel::Tekst(u.regel.titel),
                Cel::Getal(u.uitkomsten.getoetst),
                Cel::Getal(aantal(Ernst::Fout)),
                Cel::Geld(som(Ernst::Fout)),
                Cel::Getal(aantal(Ernst::Onzekerheid)),
                Cel::Geld(som(Ernst::Onzekerheid)),
                Cel::Getal(aantal(Ernst::Signaal)),
                Cel::Getal(u.uitkomsten.aantal_niet_toetsbaar()),
                if u.mislukt.is_some() { Cel::Tekst("mislukt") } else { Cel::Leeg },
            ],
            false,
        )?;
    }
    b.witregel();
    b.regel("De bedragen in deze tabel tellen een declaratieregel bij elke bevinding mee en kunnen daarom samen hoger zijn dan de totalen hierboven.")?;
    Ok(())
}

/// Findings that a sheet shows: all, or the largest by amount when there are too many.
fn zichtbaar<'r>(rijen: impl Iterator<Item = Rij<'r>>) -> (Vec<Rij<'r>>, usize) {
    let mut rijen: Vec<(usize, Rij<'_>)> = rijen.enumerate().collect();
    let totaal = rijen.len();
    if totaal > MEESTE_RIJEN {
        rijen.sort_by_key(|(i, r)| {
            (std::cmp::Reverse(r.bedrag_in_geding().unwrap_or_default()), *i)
        });
        rijen.truncate(MEESTE_RIJEN);
        rijen.sort_by_key(|(i, _)| *i);
    }
    (rijen.into_iter().map(|(_, r)| r).collect(), totaal)
}

fn familie(
    rapport: &Rapport<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
    code: &str,
    naam: &str,
) -> Result<(), XlsxError> {
    let breedten = [
        7.0, 12.0, 11.0, 10.0, 18.0, 14.0, 16.0, 9.0, 11.0, 11.0, 13.0, 13.0, 36.0, 32.0, 48.0,
        24.0, 22.0, 9.0, 22.0,
    ];
    let (rijen, totaal) = zichtbaar(rapport.rijen().filter(|r| r.regel().starts_with(code)));
    let mut b = Blad::nieuw(boek, o, &format!("{code} {naam}"), &breedten)?;
    b.titel(naam)?;
    b.regel(&match totaal {
        0 => "Geen bevindingen.".to_owned(),
        1 => "1 bevinding.".to_owned(),
        n if n > rijen.len() => format!(
            "{} bevindingen. Dit blad toont de {} met het hoogste bedrag; alle staan in bevindingen.parquet en bevindingen.csv.",
            Duizendtallen(n as u64),
            Duizendtallen(rijen.len() as u64)
        ),
        n => format!("{} bevindingen.", Duizendtallen(n as u64)),
    })?;
    b.kop(
        &[
            "Regel",
            "Ernst",
            "Aanbieder",
            "Gemeente",
            "Jeugdige",
            "Toewijzing",
            "Referentie",
            "Product",
            "Begin",
            "Einde",
            "Ingediend",
            "In geding",
            "Gevonden",
            "Verwacht",
            "Toelichting",
            "Bron",
            "Bestand",
            "Regel in bestand",
            "Id",
        ],
        rijen.len(),
        true,
    )?;
    for r in rijen {
        let aanbieder = r.aanbieder().map(|a| a.to_string());
        let gemeente = r.gemeente().map(|g| g.to_string());
        let (id, jeugdige) = (r.id(), r.jeugdige());
        let (toewijzing, referentie) = (r.toewijzing_nummer(), r.referentie_nummer());
        let product = r.product_code();
        b.rij(
            &[
                Cel::Tekst(r.regel()),
                Cel::Ernst(r.ernst()),
                Cel::van(aanbieder.as_deref()),
                Cel::van(gemeente.as_deref()),
                Cel::van(jeugdige.as_deref()),
                Cel::van(toewijzing.as_deref()),
                Cel::van(referentie.as_deref()),
                Cel::van(product.as_deref()),
                r.begindatum().map_or(Cel::Leeg, Cel::Datum),
                r.einddatum().map_or(Cel::Leeg, Cel::Datum),
                r.ingediend_bedrag().map_or(Cel::Leeg, Cel::Geld),
                r.bedrag_in_geding().map_or(Cel::Leeg, Cel::Geld),
                Cel::Lang(r.gevonden()),
                Cel::Lang(r.verwacht()),
                Cel::Lang(r.toelichting()),
                Cel::Lang(r.bron()),
                Cel::van(r.bestand()),
                r.regelnummer().map_or(Cel::Leeg, |n| Cel::Getal(n.into())),
                Cel::Tekst(&id),
            ],
            false,
        )?;
    }
    Ok(())
}

fn partijen<'r>(
    boek: &mut Workbook,
    o: &Opmaak,
    blad: &str,
    kop: &str,
    partijen: &[Partijtotaal],
    naam: impl Fn(&str) -> &'r str,
) -> Result<(), XlsxError> {
    let mut b = Blad::nieuw(boek, o, blad, &[12.0, 34.0, 11.0, 18.0, 13.0, 16.0, 16.0])?;
    b.titel(blad)?;
    b.kop(
        &[kop, "Naam", "Regels", "Gedeclareerd", "Bevindingen", "Fout", "Onzekerheid"],
        partijen.len(),
        true,
    )?;
    for p in partijen {
        let naam = naam(&p.code);
        b.rij(
            &[
                Cel::Tekst(&p.code),
                Cel::Tekst(naam),
                Cel::Getal(p.regels),
                Cel::Geld(p.bedrag),
                Cel::Getal(p.bevindingen),
                Cel::Geld(p.in_geding.fout),
                Cel::Geld(p.in_geding.onzekerheid),
            ],
            false,
        )?;
    }
    Ok(())
}

fn aansluiting(rapport: &Rapport<'_>, boek: &mut Workbook, o: &Opmaak) -> Result<(), XlsxError> {
    let breedten = [58.0, 18.0, 11.0, 11.0, 11.0, 18.0, 18.0, 68.0];
    let mut b = Blad::nieuw(boek, o, "Aansluiting", &breedten)?;
    b.titel("Aansluiting")?;
    b.regel("Van wat is gelezen naar wat is getoetst: elke regel is verantwoord.")?;
    b.witregel();
    b.kop(&["Stap", "Bedrag", "Regels"], 0, false)?;
    let a = &rapport.aansluiting;
    b.rij(&[Cel::Tekst("Gelezen regels in declaraties"), Cel::Leeg, Cel::Getal(a.gelezen)], false)?;
    b.rij(
        &[Cel::Tekst("af: afgekeurd bij het inlezen"), Cel::Leeg, Cel::Getal(a.afgekeurd)],
        false,
    )?;
    for s in &a.stappen {
        let vet = matches!(s.sleutel, "levend" | "getoetst");
        b.rij(&[Cel::Tekst(&s.naam), Cel::Geld(s.bedrag), Cel::Getal(s.regels)], vet)?;
    }
    b.witregel();
    let koppen =
        ["Bestand", "Soort", "Gelezen", "Aanvaard", "Afgekeurd", "Debet", "Credit", "SHA-256"];
    b.kop(&koppen, 0, false)?;
    for bestand in &rapport.dossier().bestanden {
        b.rij(
            &[
                Cel::Tekst(&bestand.pad),
                Cel::Tekst(bestand.soort.naam()),
                Cel::Getal(bestand.gelezen),
                Cel::Getal(bestand.aanvaard),
                Cel::Getal(bestand.afgekeurd),
                Cel::Geld(bestand.debet),
                Cel::Geld(bestand.credit),
                Cel::Tekst(&bestand.sha256),
            ],
            false,
        )?;
    }
    Ok(())
}

/// Reasons of a rule, the most frequent first.
fn redenen(u: &Regeluitkomst) -> Vec<(String, u64)> {
    let mut redenen = u.uitkomsten.niet_toetsbaar.clone();
    redenen.sort_by_key(|(reden, n)| (std::cmp::Reverse(*n), *reden));
    redenen.into_iter().map(|(r, n)| (r.to_string(), n)).collect()
}

fn niet_getoetst(rapport: &Rapport<'_>, boek: &mut Workbook, o: &Opmaak) -> Result<(), XlsxError> {
    let mut b = Blad::nieuw(boek, o, "Niet getoetst", &[9.0, 54.0, 12.0, 12.0, 70.0])?;
    b.titel("Niet getoetst")?;
    b.regel("Wat niet te toetsen was, is niet in orde bevonden: het is niet bekend.")?;
    b.witregel();
    b.kop(&["Regel", "Wat", "Getoetst", "Niet te toetsen", "Waarom"], 0, false)?;
    for u in &rapport.uitkomsten {
        let redenen = redenen(u);
        if redenen.is_empty() {
            b.rij(
                &[
                    Cel::Tekst(u.regel.code),
                    Cel::Tekst(u.regel.titel),
                    Cel::Getal(u.uitkomsten.getoetst),
                    Cel::Getal(0),
                    u.mislukt.as_deref().map_or(Cel::Leeg, |_| Cel::Tekst("de regel is mislukt")),
                ],
                false,
            )?;
        }
        for (reden, aantal) in redenen {
            b.rij(
                &[
                    Cel::Tekst(u.regel.code),
                    Cel::Tekst(u.regel.titel),
                    Cel::Getal(u.uitkomsten.getoetst),
                    Cel::Getal(aantal),
                    Cel::Lang(&reden),
                ],
                false,
            )?;
        }
    }
    b.witregel();
    b.rij(&[Cel::Tekst("Wat geen export kan laten zien")], true)?;
    b.kop(&["", "Eis", "", "", "Waarom niet, en waar de eis staat"], 0, false)?;
    for n in &rapport.regelset().niet_te_toetsen {
        let waarom = format!("{} ({})", n.waarom, n.bron);
        b.rij(&[Cel::Leeg, Cel::Lang(&n.eis), Cel::Leeg, Cel::Leeg, Cel::Lang(&waarom)], false)?;
    }
    Ok(())
}

/// What to charge on to each gemeente.
fn doorbelasting(
    rapport: &Rapport<'_>,
    rijen: &[Doorbelasting],
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let breedten = [11.0, 20.0, 12.0, 30.0, 11.0, 14.0, 10.0, 18.0, 16.0, 16.0, 18.0];
    let mut b = Blad::nieuw(boek, o, "Doorbelasting", &breedten)?;
    b.titel("Doorbelasting")?;
    b.regel("Wat is gedeclareerd, min wat een fout is. Een onzekerheid is nog niet afgetrokken.")?;
    b.witregel();
    let koppen = [
        "Gemeente",
        "Naam",
        "Aanbieder",
        "Naam",
        "Categorie",
        "ProductCode",
        "Regels",
        "Gedeclareerd",
        "Fout",
        "Onzekerheid",
        "Door te belasten",
    ];
    let gemeenten = rijen.chunk_by(|a, b| a.gemeente == b.gemeente);
    b.kop(&koppen, rijen.len() + gemeenten.clone().count() + 1, true)?;
    for van_gemeente in gemeenten {
        let gemeente = van_gemeente[0].gemeente.to_string();
        let gemeentenaam = rapport.naam_van_gemeente(van_gemeente[0].gemeente);
        for r in van_gemeente {
            let product = rapport.dossier().product(r.product);
            let aanbieder = r.aanbieder.to_string();
            let (categorie, code) = (
                rapport.pseudoniemen.nummer(&product.categorie),
                rapport.pseudoniemen.nummer(&product.code),
            );
            let wie = [
                Cel::Tekst(&gemeente),
                Cel::Tekst(gemeentenaam),
                Cel::Tekst(&aanbieder),
                Cel::Tekst(rapport.naam_van_aanbieder(r.aanbieder)),
                Cel::Tekst(&categorie),
                Cel::Tekst(&code),
            ];
            b.rij(&doorbelastingsrij(wie, std::slice::from_ref(r)), false)?;
        }
        let wie = [
            Cel::Tekst(&gemeente),
            Cel::Tekst(gemeentenaam),
            Cel::Leeg,
            Cel::Tekst("Totaal van de gemeente"),
            Cel::Leeg,
            Cel::Leeg,
        ];
        b.rij(&doorbelastingsrij(wie, van_gemeente), true)?;
    }
    let wie = [Cel::Tekst("Totaal"), Cel::Leeg, Cel::Leeg, Cel::Leeg, Cel::Leeg, Cel::Leeg];
    b.rij(&doorbelastingsrij(wie, rijen), true)
}

/// Who, and the sums of these rows.
fn doorbelastingsrij<'c>(wie: [Cel<'c>; 6], rijen: &[Doorbelasting]) -> Vec<Cel<'c>> {
    let som = |bedrag: fn(&Doorbelasting) -> Cent| Cel::Geld(rijen.iter().map(bedrag).sum());
    let mut cellen = Vec::from(wie);
    cellen.extend([
        Cel::Getal(rijen.iter().map(|r| r.regels).sum()),
        som(|r| r.gedeclareerd),
        som(|r| r.in_geding.fout),
        som(|r| r.in_geding.onzekerheid),
        som(Doorbelasting::door_te_belasten),
    ]);
    cellen
}

fn invoerfouten(rapport: &Rapport<'_>, boek: &mut Workbook, o: &Opmaak) -> Result<(), XlsxError> {
    let mut b = Blad::nieuw(boek, o, "Invoerfouten", &[26.0, 10.0, 24.0, 30.0, 70.0, 18.0])?;
    let fouten = rapport.invoerfouten;
    b.titel("Invoerfouten")?;
    let getoond = fouten.len().min(MEESTE_RIJEN);
    b.regel(&if getoond < fouten.len() {
        format!(
            "{} invoerfouten; dit blad toont de eerste {}. Alle staan in invoerfouten.csv.",
            Duizendtallen(fouten.len() as u64),
            Duizendtallen(getoond as u64)
        )
    } else {
        format!("{} invoerfouten.", Duizendtallen(fouten.len() as u64))
    })?;
    b.kop(&["Bestand", "Regel", "Kolom", "Waarde", "Reden", "Gevolg"], getoond, true)?;
    for f in &fouten[..getoond] {
        let reden = f.reden.to_string();
        b.rij(
            &[
                Cel::Tekst(&rapport.dossier().bestand(f.bestand).pad),
                Cel::Getal(f.regelnummer.into()),
                Cel::van(f.kolom.map(|k| k.naam())),
                Cel::Lang(&f.waarde),
                Cel::Lang(&reden),
                Cel::Tekst(f.gevolg.naam()),
            ],
            false,
        )?;
    }
    Ok(())
}

fn verantwoording(rapport: &Rapport<'_>, boek: &mut Workbook, o: &Opmaak) -> Result<(), XlsxError> {
    let mut b = Blad::nieuw(boek, o, "Verantwoording", &[34.0, 90.0])?;
    let set = rapport.regelset();
    b.titel("Verantwoording")?;
    let programma = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    let regelset = format!("{} ({}), versie {}", set.titel, set.naam, set.versie);
    let jaar = rapport.controle.jaar.to_string();
    for (naam, waarde) in [
        ("Programma", programma.as_str()),
        ("Regelset", regelset.as_str()),
        ("Leverjaar", jaar.as_str()),
        ("Niveau van de regels", rapport.controle.niveau.naam()),
    ] {
        b.rij(&[Cel::Tekst(naam), Cel::Tekst(waarde)], false)?;
    }
    for d in &set.documenten {
        let datum = d.datum.map(|d| format!(" van {d}")).unwrap_or_default();
        let tekst = format!("{}, versie {}{datum}", d.titel, d.versie);
        b.rij(&[Cel::Tekst(&format!("Document {}", d.afkorting)), Cel::Tekst(&tekst)], false)?;
    }
    for bestand in &set.bestanden {
        let naam = format!("SHA-256 van {}", bestand.naam);
        b.rij(&[Cel::Tekst(&naam), Cel::Tekst(&bestand.sha256)], false)?;
    }
    for w in rapport.waarschuwingen {
        b.rij(&[Cel::Tekst("Waarschuwing"), Cel::Lang(w)], false)?;
    }
    b.rij(
        &[
            Cel::Tekst("Wie, wanneer en met welke opties"),
            Cel::Lang("staat in manifest.json, met de SHA-256 van elk invoerbestand."),
        ],
        false,
    )?;
    Ok(())
}
