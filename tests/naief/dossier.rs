//! Small dossiers: plain rows, how they look as CSV, and how random ones are made.

use chrono::{Datelike, Days, NaiveDate};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt;
use std::path::Path;

/// One row of `declaraties`. Volumes in hundredths, amounts in cents.
#[derive(Clone, Debug, PartialEq)]
pub struct Regel {
    pub bestand: &'static str,
    pub regelnummer: usize,
    pub declaratie: String,
    pub referentie: String,
    pub vorige: String,
    pub ontvangstdatum: Option<NaiveDate>,
    pub gemeente: String,
    pub aanbieder: String,
    pub bsn: String,
    pub toewijzing: String,
    pub categorie: String,
    pub code: String,
    pub begindatum: NaiveDate,
    pub einddatum: NaiveDate,
    pub volume: i128,
    pub eenheid: String,
    pub tarief: Option<i128>,
    pub bedrag: i128,
    pub credit: bool,
    pub no_show: i128,
    pub no_show_minuten: Option<i128>,
    pub functie: String,
    pub hulpverlener: String,
}

/// One row of `toewijzingen`.
#[derive(Clone, Debug)]
pub struct Versie {
    pub nummer: String,
    pub gemeente: String,
    pub aanbieder: String,
    pub bsn: String,
    pub toewijzingsdatum: NaiveDate,
    pub ingangsdatum: NaiveDate,
    pub einddatum: Option<NaiveDate>,
    pub categorie: String,
    pub code: String,
    pub reden: String,
    pub volume: Option<i128>,
    pub eenheid: String,
    pub frequentie: String,
    pub budget: Option<i128>,
    pub budgetsoort: String,
    pub uitvoering: String,
}

impl Versie {
    /// The columns that decide last which version is in force, as they stand in the file.
    pub fn overige_cellen(&self) -> Vec<String> {
        vec![
            self.aanbieder.clone(),
            self.bsn.clone(),
            self.ingangsdatum.to_string(),
            self.categorie.clone(),
            self.code.clone(),
            self.reden.clone(),
            self.volume.map(volume).unwrap_or_default(),
            self.eenheid.clone(),
            self.frequentie.clone(),
            self.budgetsoort.clone(),
            self.uitvoering.clone(),
        ]
    }
}

/// One row of a tariff table.
#[derive(Clone, Debug)]
pub struct Tarief {
    pub jaar: i32,
    pub sleutel: String,
    pub perceel: String,
    pub aanbieder: String,
    pub eenheid: String,
    pub bedrag: i128,
}

/// One row of `omzet`.
#[derive(Clone, Debug)]
pub struct Omzet {
    pub aanbieder: String,
    pub jaar: i32,
    pub bedrag: i128,
    pub code: String,
}

/// What the catalogue says of a product.
pub struct Product {
    pub onderdeel: String,
    pub tariefsleutel: String,
}

/// The columns that a file of declaraties has beside the needed ones.
#[derive(Clone, Copy, Debug)]
pub struct Kolommen {
    pub ontvangstdatum: bool,
    pub vorige: bool,
    pub tarief: bool,
    pub no_show: bool,
    pub no_show_minuten: bool,
    pub functie: bool,
    pub hulpverlener: bool,
}

impl Kolommen {
    pub const ALLE: Kolommen = Kolommen {
        ontvangstdatum: true,
        vorige: true,
        tarief: true,
        no_show: true,
        no_show_minuten: true,
        functie: true,
        hulpverlener: true,
    };
}

#[derive(Clone)]
pub struct Dossier {
    pub leverjaar: i32,
    pub contact: bool,
    pub regels: Vec<Regel>,
    pub kolommen: [Kolommen; 2],
    pub versies: Vec<Versie>,
    pub aanbieders: Vec<(String, String)>,
    pub tarieven: Vec<Tarief>,
    pub omzet: Option<Vec<Omzet>>,
}

pub const BESTANDEN: [&str; 2] = ["declaraties_a.csv", "declaraties_b.csv"];

fn bedrag(cent: i128) -> String {
    format!("{},{:02}", cent / 100, cent % 100)
}

fn volume(honderdsten: i128) -> String {
    if honderdsten % 100 == 0 { (honderdsten / 100).to_string() } else { bedrag(honderdsten) }
}

fn datum(dag: Option<NaiveDate>) -> String {
    dag.map(|d| d.to_string()).unwrap_or_default()
}

impl Dossier {
    pub fn kolommen_van(&self, regel: &Regel) -> Kolommen {
        self.kolommen[BESTANDEN.iter().position(|b| *b == regel.bestand).unwrap()]
    }

    /// The lines with nothing in the columns that their file lacks.
    pub fn leesbare_regels(&self) -> Vec<Regel> {
        let mut regels = self.regels.clone();
        for r in &mut regels {
            let k = self.kolommen_van(r);
            r.ontvangstdatum = r.ontvangstdatum.filter(|_| k.ontvangstdatum);
            r.tarief = r.tarief.filter(|_| k.tarief);
            r.no_show_minuten = r.no_show_minuten.filter(|_| k.no_show_minuten);
            if !k.no_show {
                r.no_show = 0;
            }
            for (er, tekst) in [
                (k.vorige, &mut r.vorige),
                (k.functie, &mut r.functie),
                (k.hulpverlener, &mut r.hulpverlener),
            ] {
                if !er {
                    tekst.clear();
                }
            }
        }
        regels
    }

    /// Gives every line its file's line number: the header is line 1.
    pub fn nummer(&mut self) {
        for bestand in BESTANDEN {
            let van_bestand = self.regels.iter_mut().filter(|r| r.bestand == bestand);
            van_bestand.zip(2..).for_each(|(r, nr)| r.regelnummer = nr);
        }
    }

    pub fn product(&self, regel: &Regel) -> Option<Product> {
        let catalogus = include_str!("../../rules/ijsselland/producten.csv");
        catalogus.lines().skip(1).map(|l| l.split(';').collect::<Vec<_>>()).find_map(|cellen| {
            (cellen[0] == regel.categorie && cellen[1] == regel.code).then(|| Product {
                onderdeel: cellen[4].to_owned(),
                tariefsleutel: cellen[5].to_owned(),
            })
        })
    }

    pub fn contracttarieven(&self) -> Vec<Tarief> {
        let tabel = include_str!("../../rules/ijsselland/tarieven.csv");
        tabel
            .lines()
            .skip(1)
            .map(|l| {
                let cellen: Vec<&str> = l.split(';').collect();
                Tarief {
                    jaar: cellen[0].parse().unwrap(),
                    sleutel: cellen[1].to_owned(),
                    perceel: cellen[2].to_owned(),
                    aanbieder: cellen[3].to_owned(),
                    eenheid: cellen[4].to_owned(),
                    bedrag: cellen[5].replace(',', "").parse().unwrap(),
                }
            })
            .collect()
    }

    pub fn perceel(&self, aanbieder: &str) -> String {
        let rij = self.aanbieders.iter().find(|(agb, _)| agb == aanbieder);
        rij.map(|(_, perceel)| perceel.clone()).unwrap_or_default()
    }

    /// Name and text of every file.
    pub fn bestanden(&self) -> Vec<(String, String)> {
        let niveau = if self.contact { "contact" } else { "maand" };
        let mut uit = vec![(
            "controle.toml".to_owned(),
            format!("jaar = {}\nniveau = \"{niveau}\"\n", self.leverjaar),
        )];
        for (bestand, k) in BESTANDEN.into_iter().zip(self.kolommen) {
            let rijen: Vec<&Regel> = self.regels.iter().filter(|r| r.bestand == bestand).collect();
            if !rijen.is_empty() {
                uit.push((bestand.to_owned(), declaraties(&rijen, k)));
            }
        }
        let mut tabel = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;\
             Einddatum;ProductCategorie;ProductCode;RedenWijziging;Volume;Eenheid;Frequentie;\
             Budget;Budgetsoort;Uitvoering\n"
            .to_owned();
        for v in &self.versies {
            let cellen = [
                v.nummer.clone(),
                v.gemeente.clone(),
                v.aanbieder.clone(),
                v.bsn.clone(),
                v.toewijzingsdatum.to_string(),
                v.ingangsdatum.to_string(),
                datum(v.einddatum),
                v.categorie.clone(),
                v.code.clone(),
                v.reden.clone(),
                v.volume.map(volume).unwrap_or_default(),
                v.eenheid.clone(),
                v.frequentie.clone(),
                v.budget.map(bedrag).unwrap_or_default(),
                v.budgetsoort.clone(),
                v.uitvoering.clone(),
            ];
            tabel += &(cellen.join(";") + "\n");
        }
        uit.push(("toewijzingen.csv".to_owned(), tabel));
        let mut tabel = "Aanbieder;Naam;Perceel\n".to_owned();
        for (agb, perceel) in &self.aanbieders {
            tabel += &format!("{agb};Aanbieder {agb};{perceel}\n");
        }
        uit.push(("aanbieders.csv".to_owned(), tabel));
        if !self.tarieven.is_empty() {
            let mut tabel = "Jaar;Tariefsleutel;Perceel;Aanbieder;Eenheid;Tarief\n".to_owned();
            for t in &self.tarieven {
                let Tarief { jaar, sleutel, perceel, aanbieder, eenheid, bedrag: b } = t;
                let b = bedrag(*b);
                tabel += &format!("{jaar};{sleutel};{perceel};{aanbieder};{eenheid};{b}\n");
            }
            uit.push(("tarieven.csv".to_owned(), tabel));
        }
        if let Some(rijen) = &self.omzet {
            let mut tabel = "Aanbieder;Jaar;Omzet;ProductCode;Volume\n".to_owned();
            for o in rijen {
                let aantal = if o.code.is_empty() { "" } else { "10" };
                let (b, code) = (bedrag(o.bedrag), &o.code);
                tabel += &format!("{};{};{b};{code};{aantal}\n", o.aanbieder, o.jaar);
            }
            uit.push(("omzet.csv".to_owned(), tabel));
        }
        uit
    }

    pub fn schrijf(&self, map: &Path) {
        for (naam, tekst) in self.bestanden() {
            std::fs::write(map.join(naam), tekst).expect("a file can be written");
        }
    }
}

fn declaraties(rijen: &[&Regel], k: Kolommen) -> String {
    let koppen: [(bool, &str); 20] = [
        (true, "DeclaratieNummer;ReferentieNummer"),
        (k.vorige, "VorigReferentieNummer"),
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
    let gekozen = |cellen: Vec<String>| {
        let er = koppen.iter().zip(cellen).filter(|((er, _), _)| *er).map(|(_, cel)| cel);
        er.collect::<Vec<_>>().join(";") + "\n"
    };
    let mut tabel = gekozen(koppen.iter().map(|(_, naam)| (*naam).to_owned()).collect());
    for r in rijen {
        // Yes and no in more than one of the ways that a column may have them.
        let no_show = match r.no_show {
            0 if r.regelnummer.is_multiple_of(2) => "N".to_owned(),
            0 => String::new(),
            1 if r.regelnummer.is_multiple_of(2) => "J".to_owned(),
            n => n.to_string(),
        };
        let debet = if r.regelnummer.is_multiple_of(3) { "" } else { "D" };
        tabel += &gekozen(vec![
            format!("{};{}", r.declaratie, r.referentie),
            r.vorige.clone(),
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
    tabel
}

/// The dossier as its files, to be copied from a failing test.
impl fmt::Debug for Dossier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bestanden().iter().try_for_each(|(naam, tekst)| write!(f, "\n--- {naam}\n{tekst}"))
    }
}

// --- Random dossiers ---------------------------------------------------------------------------

pub const AANBIEDERS: [&str; 3] = ["99000001", "99000002", "99000003"];
pub const BSNS: [&str; 3] = ["999900006", "999900018", "999900031"];
const GEMEENTEN: [&str; 3] = ["0150", "0193", "0160"];
const PRODUCTEN: [(&str, &str); 11] = [
    ("45", "45T01"),
    ("45", "45T01"),
    ("54", "54D02"),
    ("45", "45T03"),
    ("54", "54D02"),
    ("41", "41G05"),
    ("41", "41G01"),
    ("44", "44W03"),
    ("45", "45E01"),
    ("46", "46B01"),
    ("45", "45X99"),
];
const EENHEDEN: [&str; 7] = ["01", "04", "82", "14", "16", "83", "84"];

pub fn dag(tekst: &str) -> NaiveDate {
    tekst.parse().unwrap()
}

/// Days around the limits that the rules turn on.
fn dagen() -> Vec<NaiveDate> {
    "2024-01-01 2024-01-31 2024-02-01 2024-02-28 2024-02-29 2024-03-01 2024-06-15 2024-12-29 \
     2024-12-30 2024-12-31 2023-01-01 2023-01-02 2023-01-08 2023-02-28 2023-03-01 2023-06-30 \
     2023-12-28 2023-12-31 2024-01-04 2024-01-07 2025-01-01 2025-01-05 2022-12-28 2022-12-31 \
     2022-02-28 2022-03-01 2022-01-03 2021-02-28 2021-03-01"
        .split_whitespace()
        .map(dag)
        .collect()
}

fn einde_maand(dag: NaiveDate) -> NaiveDate {
    let mut eind = dag;
    while (eind + Days::new(1)).month() == dag.month() {
        eind = eind + Days::new(1);
    }
    eind
}

/// An end for what begins on this day: by a choice, often just on or beside a limit.
fn einde(begin: NaiveDate, keus: usize, anders: NaiveDate) -> NaiveDate {
    match keus {
        0 => einde_maand(begin),
        1 => begin,
        2 => begin + Days::new(6),
        3 => begin - Days::new(1),
        4 => begin + Days::new(3),
        5 => begin + Days::new(40),
        _ => anders,
    }
}

fn uit<T: Clone + fmt::Debug + 'static>(keuzes: &[T]) -> impl Strategy<Value = T> + use<T> {
    select(keuzes.to_vec())
}

fn tekst(keuzes: &[&str]) -> impl Strategy<Value = String> + use<> {
    select(keuzes.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>())
}

prop_compose! {
    fn versie()(
        nummer in tekst(&["T1", "T1", "T2", "T3"]),
        gemeente in tekst(&["0150", "0150", "0193"]),
        aanbieder in tekst(&AANBIEDERS),
        bsn in tekst(&BSNS),
        toewijzingsdatum in tekst(&["2022-12-01", "2022-12-01", "2023-05-01"]),
        ingangsdatum in select([dagen(), vec![dag("2020-02-29"), dag("2020-02-28")]].concat()),
        (eindkeus, anders) in (0_usize..12, select(dagen())),
        product in weighted(0.3, uit(&PRODUCTEN)),
        reden in tekst(&["", "", "03", "13"]),
        (volume, eenheid) in (
            weighted(0.8, uit(&[200, 100, 500, 0, 1000, 6000, 150])),
            tekst(&["", "01", "04", "04", "82", "82", "14", "16", "83", "84"]),
        ),
        frequentie in tekst(&["2", "2", "1", "4", "6", ""]),
        (budget, budgetsoort) in (
            weighted(0.7, uit(&[10_000, 5_000, 0, 100, 25_000, 200_000])),
            tekst(&["", "", "herstel", "duurzaam"]),
        ),
        uitvoering in tekst(&["", "", "inspanning", "output"]),
    ) -> Versie {
        let (categorie, code) = product.unwrap_or_default();
        let maand = chrono::Months::new;
        let einddatum = match eindkeus {
            7 => None,
            8 => Some(ingangsdatum + maand(24)),
            9 => Some(ingangsdatum + maand(24) - Days::new(1)),
            10 => Some(ingangsdatum + maand(12) - Days::new(1)),
            11 => Some(ingangsdatum + maand(24) + Days::new(1)),
            keus => Some(einde(ingangsdatum, keus, anders)),
        };
        Versie {
            nummer,
            gemeente,
            aanbieder,
            bsn,
            toewijzingsdatum: dag(&toewijzingsdatum),
            ingangsdatum,
            einddatum,
            categorie: categorie.to_owned(),
            code: code.to_owned(),
            reden,
            volume,
            eenheid,
            frequentie,
            budget,
            budgetsoort,
            uitvoering,
        }
    }
}

/// A version once more, with one cell as in another; from 11 on nothing is changed.
fn andere_versie(mut v: Versie, ander: Versie, m: usize) -> Versie {
    match m {
        0 => v.toewijzingsdatum = ander.toewijzingsdatum,
        1 => v.einddatum = ander.einddatum,
        2 => v.budget = ander.budget,
        3 => v.volume = ander.volume,
        4 => v.ingangsdatum = ander.ingangsdatum,
        5 => v.eenheid = ander.eenheid,
        6 => v.frequentie = ander.frequentie,
        7 => v.budgetsoort = ander.budgetsoort,
        8 => v.uitvoering = ander.uitvoering,
        9 => v.aanbieder = ander.aanbieder,
        10 => v.gemeente = ander.gemeente,
        _ => {}
    }
    v
}

/// How a line comes to be.
#[derive(Clone, Debug)]
enum Soort {
    Los,
    /// A credit of the line at this place, with one cell changed.
    Credit(usize, usize),
    /// The same line once more, with one cell changed.
    Kopie(usize, usize),
}

/// A line before it is put beside the others: the toewijzing that it is on, and what differs.
#[derive(Clone, Debug)]
struct Los {
    soort: Soort,
    regel: Regel,
    op: Option<usize>,
    eigen: (Option<String>, Option<String>, Option<String>, Option<String>),
    bedragkeus: usize,
}

prop_compose! {
    fn los()(
        soort in prop_oneof![
            6 => Just(Soort::Los),
            2 => (0_usize..25, 0_usize..16).prop_map(|(i, m)| Soort::Credit(i, m)),
            2 => (0_usize..25, 0_usize..16).prop_map(|(i, m)| Soort::Kopie(i, m)),
        ],
        (bestand, declaratie, referentie, ontvangen) in (
            uit(&[BESTANDEN[0], BESTANDEN[0], BESTANDEN[1]]),
            tekst(&["D1", "D1", "D2", ""]),
            0_u32..14,
            weighted(0.8, uit(&["2024-02-10", "2023-02-10", "2025-01-20"])),
        ),
        op in weighted(0.9, 0_usize..6),
        eigen in (
            weighted(0.1, tekst(&GEMEENTEN)),
            weighted(0.1, tekst(&AANBIEDERS)),
            weighted(0.1, tekst(&BSNS)),
            weighted(0.4, tekst(&EENHEDEN)),
        ),
        (categorie, code) in uit(&PRODUCTEN),
        begindatum in select(dagen()),
        (eindkeus, anders) in (0_usize..8, select(dagen())),
        volume in uit(&[
            500, 100, 0, 200, 250, 1, 700, 1_000, 6_000, 12_000, 1_050, 3_100, 12_345, 37_200,
        ]),
        tarief in weighted(0.8, uit(&[108, 146, 160, 4_680, 78, 11_612, 116, 64, 6_420, 107])),
        (bedragkeus, bedrag) in (
            0_usize..4,
            uit(&[10_000, 10_500, 9_500, 10_501, 9_499, 10_777, 10_776, 1, 0, 333, 5_000]),
        ),
        (no_show, no_show_minuten) in (uit(&[0, 1, 2, 3]), weighted(0.7, uit(&[30, 0, 7, 600]))),
        (functie, hulpverlener) in (tekst(&["", "", "F"]), tekst(&["", "", "H"])),
    ) -> Los {
        let einddatum = einde(begindatum, eindkeus, anders);
        Los {
            soort,
            op,
            eigen,
            bedragkeus,
            regel: Regel {
                bestand,
                regelnummer: 0,
                declaratie,
                referentie: format!("R{referentie}"),
                vorige: String::new(),
                ontvangstdatum: ontvangen.map(dag),
                gemeente: GEMEENTEN[0].to_owned(),
                aanbieder: AANBIEDERS[0].to_owned(),
                bsn: BSNS[0].to_owned(),
                toewijzing: String::new(),
                categorie: categorie.to_owned(),
                code: code.to_owned(),
                begindatum,
                einddatum,
                volume,
                eenheid: "01".to_owned(),
                tarief,
                bedrag,
                credit: false,
                no_show,
                no_show_minuten,
                functie,
                hulpverlener,
            },
        }
    }
}

impl Los {
    fn maak(self, versies: &[Versie], eerdere: &[Regel]) -> Regel {
        let mut r = self.regel;
        match self.soort {
            Soort::Credit(i, m) if !eerdere.is_empty() => {
                let debet = &eerdere[i % eerdere.len()];
                let nieuw = Regel {
                    bestand: r.bestand,
                    referentie: r.referentie.clone(),
                    vorige: debet.referentie.clone(),
                    credit: true,
                    ..debet.clone()
                };
                return gewijzigd(nieuw, &r, m);
            }
            Soort::Kopie(i, m) if !eerdere.is_empty() => {
                let nieuw = Regel { bestand: r.bestand, ..eerdere[i % eerdere.len()].clone() };
                return gewijzigd(nieuw, &r, m);
            }
            _ => {}
        }
        if let Some(op) = self.op {
            let v = &versies[op % versies.len()];
            r.gemeente.clone_from(&v.gemeente);
            r.aanbieder.clone_from(&v.aanbieder);
            r.bsn.clone_from(&v.bsn);
            r.toewijzing.clone_from(&v.nummer);
            if !v.eenheid.is_empty() {
                r.eenheid.clone_from(&v.eenheid);
            }
        }
        let (gemeente, aanbieder, bsn, eenheid) = self.eigen;
        r.gemeente = gemeente.unwrap_or(r.gemeente);
        r.aanbieder = aanbieder.unwrap_or(r.aanbieder);
        r.bsn = bsn.unwrap_or(r.bsn);
        r.eenheid = eenheid.unwrap_or(r.eenheid);
        if r.eenheid == "83" {
            r.volume -= r.volume % 100;
        }
        if let Some(tarief) = r.tarief {
            let som = tarief * r.volume / 100;
            r.bedrag = match self.bedragkeus {
                0 => som,
                1 => som + i128::from(tarief * r.volume % 100 >= 50),
                2 => tarief * 60 * r.volume / 6_000,
                _ => r.bedrag,
            };
        }
        r
    }
}

/// A copy with one cell as in another line; from 11 on nothing is changed.
fn gewijzigd(mut r: Regel, ander: &Regel, m: usize) -> Regel {
    match m {
        0 => r.bedrag += 1,
        1 => (r.begindatum, r.einddatum) = (ander.begindatum, ander.einddatum),
        2 if r.eenheid != "83" => r.volume = ander.volume,
        3 => r.bsn = BSNS[2].to_owned(),
        4 => r.code = "45T01".to_owned(),
        5 => r.toewijzing.clear(),
        6 => r.aanbieder = AANBIEDERS[1].to_owned(),
        7 => r.einddatum = r.begindatum - Days::new(1),
        8 => r.referentie.clone_from(&ander.referentie),
        9 => (r.functie, r.hulpverlener) = (ander.functie.clone(), ander.hulpverlener.clone()),
        10 => r.declaratie.clone_from(&ander.declaratie),
        _ => {}
    }
    r
}

prop_compose! {
    fn tarief()(
        jaar in uit(&[2024, 2023]),
        sleutel in tekst(&["TG1", "TG3", "GROEP_LICHT", "EEN_OP_EEN", "ED_BEHANDELING", "INT_C"]),
        (perceel, aanbieder) in uit(&[
            ("", ""),
            ("1", ""),
            ("2", ""),
            ("", AANBIEDERS[0]),
            ("", AANBIEDERS[2]),
        ]),
        eenheid in tekst(&["01", "04", "14"]),
        bedrag in uit(&[108, 4_680, 6_401, 30, 1, 6_420]),
    ) -> Tarief {
        let (perceel, aanbieder) = (perceel.to_owned(), aanbieder.to_owned());
        Tarief { jaar, sleutel, perceel, aanbieder, eenheid, bedrag }
    }
}

prop_compose! {
    fn omzet()(
        aanbieder in tekst(&AANBIEDERS),
        jaar in uit(&[2023, 2022, 2021]),
        bedrag in uit(&[10_000, 1_000_000, 100, 50_000, 0]),
        code in tekst(&["", "", "45T01"]),
    ) -> Omzet {
        Omzet { aanbieder, jaar, bedrag, code }
    }
}

fn kolommen() -> impl Strategy<Value = Kolommen> {
    let er = || prop_oneof![9 => Just(true), 1 => Just(false)];
    (er(), er(), er(), er(), er(), er(), er()).prop_map(|k| Kolommen {
        ontvangstdatum: k.0,
        vorige: k.1,
        tarief: k.2,
        no_show: k.3,
        no_show_minuten: k.4,
        functie: k.5,
        hulpverlener: k.6,
    })
}

prop_compose! {
    pub fn dossier()(
        leverjaar in uit(&[2024, 2023]),
        contact in any::<bool>(),
        losse in vec(los(), 2..=25),
        kolommen in [kolommen(), kolommen()],
        nieuwe in vec((versie(), weighted(0.3, (0_usize..6, 0_usize..12))), 1..=6),
        percelen in (tekst(&["1", "2", ""]), tekst(&["2", "1", ""]), any::<bool>()),
        mut tarieven in prop_oneof![Just(vec![]), vec(tarief(), 1..5)],
        omzet in weighted(0.5, vec(omzet(), 0..5)),
    ) -> Dossier {
        let mut versies: Vec<Versie> = Vec::new();
        for (versie, kopie) in nieuwe {
            let versie = match kopie {
                Some((i, m)) if !versies.is_empty() => {
                    andere_versie(versies[i % versies.len()].clone(), versie, m)
                }
                _ => versie,
            };
            versies.push(versie);
        }
        let mut regels: Vec<Regel> = Vec::new();
        for los in losse {
            regels.push(los.maak(&versies, &regels));
        }
        let mut aanbieders = vec![
            (AANBIEDERS[0].to_owned(), percelen.0),
            (AANBIEDERS[1].to_owned(), percelen.1),
        ];
        if percelen.2 {
            aanbieders.push((AANBIEDERS[2].to_owned(), "1".to_owned()));
        }
        // Two equally specific rows are an error.
        let sleutel = |t: &Tarief| {
            (t.jaar, t.sleutel.clone(), t.perceel.clone(), t.aanbieder.clone())
        };
        tarieven.sort_by_key(sleutel);
        tarieven.dedup_by_key(|t| sleutel(t));
        let mut dossier =
            Dossier { leverjaar, contact, regels, kolommen, versies, aanbieders, tarieven, omzet };
        dossier.nummer();
        dossier
    }
}
