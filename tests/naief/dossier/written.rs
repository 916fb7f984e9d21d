//! A dossier as the files that the program reads.

use super::{AANBIEDERS, BSNS, Bericht, Columns, Dossier, FILES, Product, Regel, Tarief};
use chrono::NaiveDate;
use std::fmt;
use std::path::Path;

pub(super) fn bedrag(cent: i128) -> String {
    format!("{},{:02}", cent / 100, cent % 100)
}

pub(super) fn volume(hundredths: i128) -> String {
    if hundredths % 100 == 0 { (hundredths / 100).to_string() } else { bedrag(hundredths) }
}

pub(super) fn datum(dag: Option<NaiveDate>) -> String {
    dag.map(|d| d.to_string()).unwrap_or_default()
}

impl Dossier {
    pub fn kolommen_of(&self, line: &Regel) -> Columns {
        self.kolommen[FILES.iter().position(|b| *b == line.file).unwrap()]
    }

    /// The lines with nothing in the columns that their file lacks.
    pub fn readable_lines(&self) -> Vec<Regel> {
        let mut lines = self.lines.clone();
        for r in &mut lines {
            let k = self.kolommen_of(r);
            r.ontvangstdatum = r.ontvangstdatum.filter(|_| k.ontvangstdatum);
            r.tarief = r.tarief.filter(|_| k.tarief);
            r.no_show_minuten = r.no_show_minuten.filter(|_| k.no_show_minuten);
            if !k.no_show {
                r.no_show = 0;
            }
            for (er, text) in [
                (k.previous, &mut r.previous),
                (k.functie, &mut r.functie),
                (k.hulpverlener, &mut r.hulpverlener),
            ] {
                if !er {
                    text.clear();
                }
            }
        }
        lines
    }

    /// Gives every line its file's line number: the header is line 1.
    pub fn nummer(&mut self) {
        for file in FILES {
            let from_file = self.lines.iter_mut().filter(|r| r.file == file);
            from_file.zip(2..).for_each(|(r, id)| r.line_number = id);
        }
    }

    pub fn product(&self, line: &Regel) -> Option<Product> {
        self.product_of(&line.categorie, &line.code)
    }

    pub fn product_of(&self, categorie: &str, code: &str) -> Option<Product> {
        let catalogus = include_str!("../../../rules/ijsselland/producten.csv");
        catalogus.lines().skip(1).map(|l| l.split(';').collect::<Vec<_>>()).find_map(|cells| {
            (cells[0] == categorie && cells[1] == code).then(|| Product {
                onderdeel: cells[4].to_owned(),
                tariefsleutel: cells[5].to_owned(),
            })
        })
    }

    pub fn contracttarieven(&self) -> Vec<Tarief> {
        let table = include_str!("../../../rules/ijsselland/tarieven.csv");
        table
            .lines()
            .skip(1)
            .map(|l| {
                let cells: Vec<&str> = l.split(';').collect();
                Tarief {
                    jaar: cells[0].parse().unwrap(),
                    key: cells[1].to_owned(),
                    perceel: cells[2].to_owned(),
                    aanbieder: cells[3].to_owned(),
                    eenheid: cells[4].to_owned(),
                    bedrag: cells[5].replace(',', "").parse().unwrap(),
                }
            })
            .collect()
    }

    pub fn perceel(&self, aanbieder: &str) -> String {
        let row = self.aanbieders.iter().find(|(agb, _)| agb == aanbieder);
        row.map(|(_, perceel)| perceel.clone()).unwrap_or_default()
    }

    /// Name and text of every file.
    pub fn files(&self) -> Vec<(String, String)> {
        let niveau = if self.contact { "contact" } else { "maand" };
        let mut out = vec![(
            "controle.toml".to_owned(),
            format!("jaar = {}\nniveau = \"{niveau}\"\n", self.leverjaar),
        )];
        for (file, k) in FILES.into_iter().zip(self.kolommen) {
            let rows: Vec<&Regel> = self.lines.iter().filter(|r| r.file == file).collect();
            if !rows.is_empty() {
                out.push((file.to_owned(), declaraties(&rows, k)));
            }
        }
        let mut table = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;\
             Einddatum;ProductCategorie;ProductCode;RedenWijziging;Volume;Eenheid;Frequentie;\
             Budget;Budgetsoort;Uitvoering\n"
            .to_owned();
        for v in &self.versies {
            let cells = [
                v.nummer.clone(),
                v.gemeente.clone(),
                v.aanbieder.clone(),
                v.bsn.clone(),
                v.toewijzingsdatum.to_string(),
                v.ingangsdatum.to_string(),
                datum(v.einddatum),
                v.categorie.clone(),
                v.code.clone(),
                v.reason.clone(),
                v.volume.map(volume).unwrap_or_default(),
                v.eenheid.clone(),
                v.frequentie.clone(),
                v.budget.map(bedrag).unwrap_or_default(),
                v.budgetsoort.clone(),
                v.uitvoering.clone(),
            ];
            table += &(cells.join(";") + "\n");
        }
        out.push(("toewijzingen.csv".to_owned(), table));
        let mut table = "Aanbieder;Naam;Perceel\n".to_owned();
        for (agb, perceel) in &self.aanbieders {
            table += &format!("{agb};Aanbieder {agb};{perceel}\n");
        }
        out.push(("aanbieders.csv".to_owned(), table));
        if !self.tarieven.is_empty() {
            let mut table = "Jaar;Tariefsleutel;Perceel;Aanbieder;Eenheid;Tarief\n".to_owned();
            for t in &self.tarieven {
                let Tarief { jaar, key, perceel, aanbieder, eenheid, bedrag: b } = t;
                let b = bedrag(*b);
                table += &format!("{jaar};{key};{perceel};{aanbieder};{eenheid};{b}\n");
            }
            out.push(("tarieven.csv".to_owned(), table));
        }
        if let Some(rows) = &self.omzet {
            let mut table = "Aanbieder;Jaar;Omzet;ProductCode;Volume\n".to_owned();
            for o in rows {
                let count = if o.code.is_empty() { "" } else { "10" };
                let (b, code) = (bedrag(o.bedrag), &o.code);
                table += &format!("{};{};{b};{code};{count}\n", o.aanbieder, o.jaar);
            }
            out.push(("omzet.csv".to_owned(), table));
        }
        if let Some(rows) = &self.berichten {
            let mut table =
                "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Soort;Datum;RedenBeeindiging\n".to_owned();
            for b in rows {
                let Bericht { nummer, gemeente, datum, reden, start } = b;
                let soort = if *start { "start" } else { "stop" };
                let (agb, bsn) = (AANBIEDERS[0], BSNS[0]);
                table += &format!("{nummer};{gemeente};{agb};{bsn};{soort};{datum};{reden}\n");
            }
            out.push(("startstop.csv".to_owned(), table));
        }
        out
    }

    pub fn write(&self, dir: &Path) {
        for (name, text) in self.files() {
            std::fs::write(dir.join(name), text).expect("a file can be written");
        }
    }
}

fn declaraties(rows: &[&Regel], k: Columns) -> String {
    let headers: [(bool, &str); 20] = [
        (true, "DeclaratieNummer;ReferentieNummer"),
        (k.previous, "VorigReferentieNummer"),
        (k.ontvangstdatum, "Ontvangstdatum"),
        (true, "Gemeente"),
        (true, "Aanbieder"),
        (true, "Bsn"),
        (true, "ToewijzingNummer"),
        (true, "ProductCategorie"),
        (true, "ProductCode"),
        (true, "Begindatum"),
        (true, "Einddatum"),
        (true, "GeleverdVolume"),
        (true, "Eenheid"),
        (k.tarief, "ProductTarief"),
        (true, "IngediendBedrag"),
        (true, "DebetCredit"),
        (k.no_show, "NoShow"),
        (k.no_show_minuten, "NoShowMinuten"),
        (k.functie, "Functie"),
        (k.hulpverlener, "Hulpverlener"),
    ];
    let chosen = |cells: Vec<String>| {
        let er = headers.iter().zip(cells).filter(|((er, _), _)| *er).map(|(_, cell)| cell);
        er.collect::<Vec<_>>().join(";") + "\n"
    };
    let mut table = chosen(headers.iter().map(|(_, name)| (*name).to_owned()).collect());
    for r in rows {
        // Yes and no in more than one of the ways that a column may have them.
        let no_show = match r.no_show {
            0 if r.line_number.is_multiple_of(2) => "N".to_owned(),
            0 => String::new(),
            1 if r.line_number.is_multiple_of(2) => "J".to_owned(),
            n => n.to_string(),
        };
        let debet = if r.line_number.is_multiple_of(3) { "" } else { "D" };
        table += &chosen(vec![
            format!("{};{}", r.declaratie, r.referentie),
            r.previous.clone(),
            datum(r.ontvangstdatum),
            r.gemeente.clone(),
            r.aanbieder.clone(),
            r.bsn.clone(),
            r.toewijzing.clone(),
            r.categorie.clone(),
            r.code.clone(),
            r.begindatum.to_string(),
            r.einddatum.to_string(),
            volume(r.volume),
            r.eenheid.clone(),
            r.tarief.map(bedrag).unwrap_or_default(),
            bedrag(r.bedrag),
            if r.credit { "C" } else { debet }.to_owned(),
            no_show,
            r.no_show_minuten.map(|m| m.to_string()).unwrap_or_default(),
            r.functie.clone(),
            r.hulpverlener.clone(),
        ]);
    }
    table
}

/// The dossier as its files, to be copied from a failing test.
impl fmt::Debug for Dossier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.files().iter().try_for_each(|(name, text)| write!(f, "\n--- {name}\n{text}"))
    }
}
