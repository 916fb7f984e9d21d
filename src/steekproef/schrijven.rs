//! The sample as files: a workbook to fill in, the same as CSV, and its set-up for programs.

use super::herkomst::Herkomst;
use super::opzet::{Methode, Opzet, Per};
use super::trekking::{Hoe, Post, Steekproef};
use crate::bron::Oordeel;
use crate::dossier::{Declaratieregel, Duizendtallen};
use crate::rapport::Pseudoniemen;
use crate::toetsing::Controle;
use crate::writing::sheet::{Blad, Cel, Opmaak, bewaar, nieuw_boek};
use crate::writing::{WriteError, csv_bedrag, csv_datum, csv_voor_excel, schrijf_json};
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationRule, Format, Workbook,
    Worksheet, XlsxError,
};
use serde_json::json;
use std::path::Path;

/// Columns of the sample; those from [`OORDEEL`] up to and including [`TOELICHTING`] are filled in
/// by whoever checks.
const KOPPEN: [&str; 24] = [
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
const BREEDTEN: [f64; 24] = [
    9.0, 20.0, 11.0, 26.0, 10.0, 19.0, 18.0, 18.0, 12.0, 12.0, 12.0, 16.0, 11.0, 17.0, 12.0, 18.0,
    24.0, 40.0, 18.0, 10.0, 26.0, 13.0, 19.0, 40.0,
];
const OORDEEL: u16 = 14;
const VASTGESTELD: u16 = 15;
const TOELICHTING: u16 = 17;

/// Name of the sheet to fill in.
const BLAD: &str = "Steekproef";
/// Rows above the first line of the sample: title, explanation, empty, header.
const EERSTE_RIJ: u32 = 4;

/// Writes everything into this folder.
pub fn schrijf(
    s: &Steekproef<'_>,
    herkomst: &Herkomst,
    pseudoniemen: &Pseudoniemen,
    map: &Path,
) -> Result<(), WriteError> {
    let rijen =
        || s.posten.iter().enumerate().map(|(i, post)| Rij { s, pseudoniemen, nr: i + 1, post });
    csv_voor_excel(&map.join("steekproef.csv"), &KOPPEN, rijen().map(|r| r.csv()))?;
    bewaar(&map.join("steekproef.xlsx"), |tijdelijk| werkmap(s, herkomst, rijen(), tijdelijk))?;
    if !s.nulregels.is_empty() {
        nulregels(s, pseudoniemen, &map.join("nulregels.csv"))?;
    }
    gegevens(s, herkomst, &map.join("steekproef.json"))
}

/// One line of the sample with its columns.
struct Rij<'r> {
    s: &'r Steekproef<'r>,
    pseudoniemen: &'r Pseudoniemen,
    nr: usize,
    post: &'r Post,
}

/// A line as people look it up.
struct Regelgegevens {
    aanbieder: String,
    naam: String,
    gemeente: String,
    jeugdige: String,
    toewijzing_nummer: String,
    declaratie_nummer: String,
    referentie_nummer: String,
    product_categorie: String,
    product_code: String,
    volume: String,
    bestand: String,
}

fn regelgegevens(
    controle: &Controle<'_>,
    r: &Declaratieregel,
    pseudoniemen: &Pseudoniemen,
) -> Regelgegevens {
    let d = controle.dossier;
    let nummer = |tekst| pseudoniemen.nummer(tekst).into_owned();
    let product = d.product(r.product);
    let gegevens = d.aanbieder(r.aanbieder).gegevens.as_ref();
    Regelgegevens {
        aanbieder: controle.agb(r.aanbieder).to_string(),
        naam: gegevens.map_or(String::new(), |g| nummer(&g.naam)),
        gemeente: r.gemeente.to_string(),
        jeugdige: pseudoniemen.jeugdige(r.bsn).unwrap_or_default(),
        toewijzing_nummer: nummer(d.toewijzingnummer(r.toewijzing_nummer)),
        declaratie_nummer: nummer(d.declaratienummer(r)),
        referentie_nummer: nummer(d.referentie(r)),
        product_categorie: nummer(&product.categorie),
        product_code: nummer(&product.code),
        volume: format!("{} {}", r.geleverd_volume, r.eenheid.naam()),
        bestand: d.bestand(r.bestand).pad.clone(),
    }
}

impl Rij<'_> {
    fn regel(&self) -> &Declaratieregel {
        self.s.populatie.regel(self.post.plaats)
    }

    fn gegevens(&self) -> Regelgegevens {
        regelgegevens(self.s.populatie.controle, self.regel(), self.pseudoniemen)
    }

    fn laag(&self) -> &str {
        &self.s.lagen[self.post.laag].naam
    }

    fn trekkingen(&self) -> u32 {
        match self.post.hoe {
            Hoe::Heel => 1,
            Hoe::Getrokken { keer } => keer,
        }
    }

    fn csv(&self) -> [String; 24] {
        let (r, g) = (self.regel(), self.gegevens());
        let leeg = String::new;
        [
            self.nr.to_string(),
            self.laag().to_owned(),
            g.aanbieder,
            g.naam,
            g.gemeente,
            g.jeugdige,
            g.toewijzing_nummer,
            g.referentie_nummer,
            g.product_code,
            csv_datum(Some(r.begindatum)),
            csv_datum(Some(r.einddatum)),
            g.volume,
            self.trekkingen().to_string(),
            csv_bedrag(Some(self.post.bedrag)),
            leeg(),
            leeg(),
            leeg(),
            leeg(),
            g.declaratie_nummer,
            g.product_categorie,
            g.bestand,
            r.regelnummer.to_string(),
            self.post.id.clone(),
            self.s.opzet.to_string(),
        ]
    }

    fn schrijf(&self, b: &mut Blad<'_>) -> Result<(), XlsxError> {
        let (r, g) = (self.regel(), self.gegevens());
        let opzet = self.s.opzet.to_string();
        b.rij(
            &[
                Cel::Getal(self.nr as u64),
                Cel::Tekst(self.laag()),
                Cel::Tekst(&g.aanbieder),
                Cel::Tekst(&g.naam),
                Cel::Tekst(&g.gemeente),
                Cel::Tekst(&g.jeugdige),
                Cel::Tekst(&g.toewijzing_nummer),
                Cel::Tekst(&g.referentie_nummer),
                Cel::Tekst(&g.product_code),
                Cel::Datum(r.begindatum),
                Cel::Datum(r.einddatum),
                Cel::Tekst(&g.volume),
                Cel::Getal(u64::from(self.trekkingen())),
                Cel::Geld(self.post.bedrag),
                Cel::Leeg,
                Cel::Leeg,
                Cel::Leeg,
                Cel::Leeg,
                Cel::Tekst(&g.declaratie_nummer),
                Cel::Tekst(&g.product_categorie),
                Cel::Tekst(&g.bestand),
                Cel::Getal(u64::from(r.regelnummer)),
                Cel::Tekst(&self.post.id),
                Cel::Tekst(&opzet),
            ],
            false,
        )
    }
}

fn werkmap<'r>(
    s: &Steekproef<'_>,
    herkomst: &Herkomst,
    rijen: impl Iterator<Item = Rij<'r>>,
    map: &Path,
) -> Result<Workbook, XlsxError> {
    let (controle, o) = (s.populatie.controle, Opmaak::nieuw());
    let titel = format!("Steekproef jeugdhulp {}", controle.jaar);
    let mut boek = nieuw_boek(map, &titel, &controle.regelset.titel, controle.jaar)?;
    let mut b = Blad::nieuw(&mut boek, &o, BLAD, &BREEDTEN)?;
    b.titel(&titel)?;
    b.regel("Vul bij elke regel een oordeel in, en bij fout het bedrag dat het had moeten zijn. Zie het blad Opzet.")?;
    b.witregel();
    b.kop(&KOPPEN, s.posten.len(), true)?;
    for rij in rijen {
        rij.schrijf(&mut b)?;
    }
    invulvelden(boek.worksheet_from_name(BLAD)?, s.posten.len() as u32)?;
    opzetblad(s, herkomst, &mut boek, &o)?;
    Ok(boek)
}

/// The pick list, the amounts, and colours that show what is still to be filled in.
fn invulvelden(blad: &mut Worksheet, aantal: u32) -> Result<(), XlsxError> {
    let (eerste, laatste) = (EERSTE_RIJ, EERSTE_RIJ + aantal - 1);
    let keuzes = Oordeel::ALLE.map(Oordeel::naam);
    let lijst = DataValidation::new()
        .allow_list_strings(&keuzes)?
        .set_input_title("Oordeel")?
        .set_input_message("goed, fout of onzeker. Wat niet te controleren is, is onzeker.")?
        .set_error_title("Geen oordeel")?
        .set_error_message("Kies goed, fout of onzeker.")?;
    blad.add_data_validation(eerste, OORDEEL, laatste, OORDEEL, &lijst)?;
    let bedrag = DataValidation::new()
        .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
        .set_input_title("Vastgesteld bedrag")?
        .set_input_message("Bij fout: wat de regel had moeten zijn (0 als niets rechtmatig is). Bij onzeker: wat wel zeker is, leeg als niets zeker is.")?
        .set_error_title("Geen bedrag")?
        .set_error_message("Vul een bedrag van nul of meer in.")?;
    blad.add_data_validation(eerste, VASTGESTELD, laatste, VASTGESTELD, &bedrag)?;
    let geld = Format::new().set_num_format("[$€-413] #,##0.00");
    blad.set_column_format(VASTGESTELD, &geld)?;
    let rij = eerste + 1;
    let vul = |kleur| Format::new().set_background_color(Color::RGB(kleur));
    let ontbreekt = ConditionalFormatFormula::new()
        .set_rule(format!("=AND($O{rij}=\"fout\",ISBLANK($P{rij}))").as_str())
        .set_format(vul(0xF8_D7DA))
        .set_stop_if_true(true);
    blad.add_conditional_format(eerste, VASTGESTELD, laatste, VASTGESTELD, &ontbreekt)?;
    let invullen = ConditionalFormatFormula::new().set_rule("=TRUE").set_format(vul(0xFF_F9E3));
    blad.add_conditional_format(eerste, OORDEEL, laatste, TOELICHTING, &invullen)?;
    blad.set_print_area(0, 0, laatste, TOELICHTING)?;
    Ok(())
}

/// The method in two sentences.
pub(super) fn in_woorden(opzet: Opzet) -> [&'static str; 2] {
    const LAGEN: &str = "Binnen een laag heeft elke regel dezelfde kans. Elke laag krijgt twee regels; de rest is verdeeld naar bedrag.";
    match opzet.methode {
        Methode::Mus => [
            "Geldsteekproef (mus): elke cent heeft dezelfde kans; in elk interval is één cent geloot.",
            "Regels van het interval of meer zijn er alle in; zij worden geheel gecontroleerd en niet doorgerekend.",
        ],
        Methode::Aselect => [
            "Aselecte steekproef van regels.",
            "Elke regel heeft dezelfde kans, zonder teruglegging.",
        ],
        Methode::Gestratificeerd(Per::Onderdeel) => {
            ["Gestratificeerde steekproef van regels, per onderdeel van het contract.", LAGEN]
        }
        Methode::Gestratificeerd(Per::Aanbieder) => {
            ["Gestratificeerde steekproef van regels, per aanbieder.", LAGEN]
        }
    }
}

/// Where the sample comes from, as rows of a name and a value.
pub(super) fn feiten(s: &Steekproef<'_>, herkomst: &Herkomst) -> Vec<(&'static str, String)> {
    let p = s.populatie;
    let mut feiten = vec![
        ("Leverjaar", p.controle.jaar.to_string()),
        ("Regelset", format!("{} {}", p.controle.regelset.naam, p.controle.regelset.versie)),
        ("Rapport (SHA-256 van manifest.json)", herkomst.manifest_sha256.clone()),
        (
            "Populatie",
            format!("{} levende regels van samen {}", Duizendtallen(p.aantal() as u64), p.bedrag),
        ),
        ("Methode", s.opzet.methode.naam().to_owned()),
        ("Gevraagde omvang", Duizendtallen(u64::from(s.opzet.omvang)).to_string()),
        ("Zaad", s.opzet.zaad.to_string()),
    ];
    if let Some(interval) = s.interval {
        feiten.push(("Interval", interval.to_string()));
    }
    feiten.push((
        "In de steekproef",
        format!("{} regels van samen {}", Duizendtallen(s.posten.len() as u64), s.bedrag()),
    ));
    if !s.nulregels.is_empty() {
        feiten.push((
            "Niet te trekken",
            format!(
                "{} regels van € 0,00; zie nulregels.csv",
                Duizendtallen(s.nulregels.len() as u64)
            ),
        ));
    }
    feiten.push(("Programma", format!("rechtmatig {}", env!("CARGO_PKG_VERSION"))));
    feiten
}

fn opzetblad(
    s: &Steekproef<'_>,
    herkomst: &Herkomst,
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let mut b = Blad::nieuw(boek, o, "Opzet", &[38.0, 30.0, 20.0, 16.0])?;
    b.titel("Opzet van de steekproef")?;
    for zin in in_woorden(s.opzet) {
        b.regel(zin)?;
    }
    b.witregel();
    for (naam, waarde) in feiten(s, herkomst) {
        b.rij(&[Cel::Tekst(naam), Cel::Tekst(&waarde)], false)?;
    }
    b.witregel();
    b.kop(&["Laag", "Regels", "Bedrag", "In steekproef"], 0, false)?;
    for laag in &s.lagen {
        b.rij(
            &[
                Cel::Tekst(&laag.naam),
                Cel::Getal(laag.regels),
                Cel::Geld(laag.bedrag),
                Cel::Getal(laag.in_steekproef),
            ],
            false,
        )?;
    }
    b.witregel();
    for zin in [
        "Oordeel: goed, fout of onzeker. Onzeker is wat niet is te controleren, bijvoorbeeld omdat een stuk ontbreekt.",
        "VastgesteldBedrag: bij fout wat de regel had moeten zijn, hoger of lager; 0 als niets rechtmatig is. Bij goed mag het leeg blijven.",
        "Bij onzeker: het deel dat wel zeker is; leeg als niets zeker is.",
        "Voeg geen regels toe en haal er geen weg: een steekproef telt alleen als geheel. Bewaren als xlsx of csv mag.",
        "Daarna: rechtmatig steekproef RAPPORT --evalueren steekproef.xlsx",
        "Dezelfde opdracht met hetzelfde zaad geeft dezelfde regels; evalueren trekt de steekproef opnieuw en vergelijkt.",
    ] {
        b.regel(zin)?;
    }
    b.witregel();
    b.regel("Ondertekening")?;
    b.ondertekening(&[
        "Gecontroleerd door:",
        "Functie:",
        "Plaats en datum:",
        "Handtekening:",
        "Beoordeeld door:",
    ])
}

/// The lines of € 0,00 that MUS can't draw.
fn nulregels(
    s: &Steekproef<'_>,
    pseudoniemen: &Pseudoniemen,
    pad: &Path,
) -> Result<(), WriteError> {
    let p = s.populatie;
    csv_voor_excel(
        pad,
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
        s.nulregels.iter().map(|&plaats| {
            let r = p.regel(plaats);
            let g = regelgegevens(p.controle, r, pseudoniemen);
            [
                p.id(plaats),
                g.aanbieder,
                g.naam,
                g.gemeente,
                g.jeugdige,
                g.toewijzing_nummer,
                g.referentie_nummer,
                g.product_code,
                csv_datum(Some(r.begindatum)),
                csv_datum(Some(r.einddatum)),
                g.volume,
                g.bestand,
                r.regelnummer.to_string(),
            ]
        }),
    )
}

/// The set-up and the lines for programs; amounts are whole eurocents.
fn gegevens(s: &Steekproef<'_>, herkomst: &Herkomst, pad: &Path) -> Result<(), WriteError> {
    let p = s.populatie;
    let waarde = json!({
        "programma": { "naam": env!("CARGO_PKG_NAME"), "versie": env!("CARGO_PKG_VERSION") },
        "leverjaar": p.controle.jaar,
        "manifest_sha256": herkomst.manifest_sha256,
        "eenheid_bedragen": "eurocent",
        "steekproef": s.opzet.to_string(),
        "methode": s.opzet.methode.naam(),
        "omvang": s.opzet.omvang,
        "zaad": s.opzet.zaad,
        "interval": s.interval.map(|c| c.0),
        "populatie": { "regels": p.aantal(), "bedrag": p.bedrag.0 },
        "nulregels": s.nulregels.len(),
        "lagen": s.lagen.iter().map(|l| json!({
            "laag": l.naam,
            "regels": l.regels,
            "bedrag": l.bedrag.0,
            "in_steekproef": l.in_steekproef,
        })).collect::<Vec<_>>(),
        "posten": s.posten.iter().enumerate().map(|(i, post)| json!({
            "nummer": i + 1,
            "id": post.id,
            "laag": s.lagen[post.laag].naam,
            "geheel": post.hoe == Hoe::Heel,
            "trekkingen": match post.hoe { Hoe::Heel => 1, Hoe::Getrokken { keer } => keer },
            "bedrag": post.bedrag.0,
        })).collect::<Vec<_>>(),
    });
    schrijf_json(&waarde, pad)
}
