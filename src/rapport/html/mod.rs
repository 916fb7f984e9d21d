//! `rapport.html`: the page that a person reads. One file: its style, script, charts and data are in
//! it, and its Content-Security-Policy lets it ask for nothing else.

mod gegevens;
mod grafiek;
mod verdeling;

use super::pseudoniem::Sleutelherkomst;
use super::totalen::Doorbelasting;
use super::{Formaat, Rapport, RapportFout, Uitvoering};
use crate::dossier::{Cent, Duizendtallen, half_omhoog};
use crate::toetsing::{Ernst, Regeluitkomst};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gegevens::Gegevens;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::path::Path;
use verdeling::Verdeling;

const SJABLOON: &str = include_str!("template.html");
const STIJL: &str = include_str!("stijl.css");
const SCRIPT: &str = include_str!("pagina.js");

/// Options that leave the outcome as it is, or hold a path of this machine; the manifest has all.
const NIET_GETOOND: [&str; 3] = ["dossier", "draden", "overschrijf"];

/// Writes the page.
pub fn schrijf(
    rapport: &Rapport<'_>,
    pad: &Path,
    uitvoering: &Uitvoering,
    formaten: &[Formaat],
) -> Result<(), RapportFout> {
    let fout = |oorzaak: String| RapportFout::Samenstellen {
        wat: "de pagina kan niet worden gemaakt",
        oorzaak,
    };
    let gegevens = Gegevens::maak(rapport);
    let json = gegevens.json().map_err(|e| fout(e.to_string()))?;
    let pagina = Pagina::maak(rapport, &gegevens, uitvoering, formaten, json);
    drop(gegevens);
    let html = vul_in(&pagina).map_err(|e| fout(e.to_string()))?;
    std::fs::write(pad, html).map_err(|e| RapportFout::schrijven(pad, &e))
}

fn vul_in(pagina: &Pagina<'_>) -> Result<String, minijinja::Error> {
    let mut sjablonen = Environment::new();
    sjablonen.set_auto_escape_callback(|_| AutoEscape::Html);
    sjablonen.set_undefined_behavior(UndefinedBehavior::Strict);
    sjablonen.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    sjablonen.add_template("template.html", SJABLOON)?;
    sjablonen.get_template("template.html")?.render(Serde(pagina))
}

/// What the template fills in.
#[derive(Serialize)]
struct Pagina<'a> {
    beleid: String,
    stijl: Value,
    script: Value,
    gegevens: Value,
    jaar: i32,
    titel: &'a str,
    regelset: &'a str,
    versie: &'a str,
    niveau: &'a str,
    bsn_getoond: bool,
    mislukt: Vec<&'a str>,
    waarschuwingen: &'a [String],
    /// Names of the files that were written beside the page.
    bestanden: Vec<&'static str>,
    totaal: Totaal,
    apart: Vec<Apart>,
    /// Findings on the page, where that isn't all of them.
    getoond: Option<Getal>,
    rest_in: Option<&'static str>,
    verdelingen: Vec<Verdeling<'a>>,
    controles: Vec<Controlerij<'a>>,
    redenen: Vec<Redenrij<'a>>,
    eisen: Vec<[&'a str; 3]>,
    doorbelasting: Option<Vec<Doorbelastingsrij<'a>>>,
    stappen: Vec<Staprij<'a>>,
    invoer: Vec<Invoerrij<'a>>,
    invoerfouten: Getal,
    verantwoording: Vec<[String; 2]>,
}

/// A number, and as people read it.
#[derive(Serialize)]
struct Getal {
    n: u64,
    tekst: String,
}

impl From<u64> for Getal {
    fn from(n: u64) -> Getal {
        Getal { n, tekst: Duizendtallen(n).to_string() }
    }
}

/// An amount in eurocents, and as people read it.
#[derive(Serialize)]
struct Bedrag {
    n: i64,
    tekst: String,
}

impl From<Cent> for Bedrag {
    fn from(c: Cent) -> Bedrag {
        // The sign of the euro stays with its number.
        Bedrag { n: c.0, tekst: c.to_string().replace(' ', "\u{a0}") }
    }
}

#[derive(Serialize)]
struct Totaal {
    regels: Getal,
    bedrag: Bedrag,
    fout: Bedrag,
    onzekerheid: Bedrag,
    deel_fout: String,
    deel_onzekerheid: String,
    bevindingen: Getal,
    /// Per ernst.
    aantallen: Vec<Getal>,
}

#[derive(Serialize)]
struct Apart {
    ernst: &'static str,
    aantal: Getal,
    bedrag: Bedrag,
}

#[derive(Serialize)]
struct Controlerij<'a> {
    code: &'a str,
    titel: &'a str,
    getoetst: Getal,
    /// Per ernst.
    aantallen: Vec<Getal>,
    bedragen: Vec<Bedrag>,
    niet_toetsbaar: Getal,
    mislukt: bool,
}

#[derive(Serialize)]
struct Redenrij<'a> {
    code: &'a str,
    titel: &'a str,
    getoetst: Getal,
    aantal: Getal,
    reden: String,
}

#[derive(Serialize)]
struct Doorbelastingsrij<'a> {
    gemeente: String,
    naam: &'a str,
    regels: Getal,
    gedeclareerd: Bedrag,
    fout: Bedrag,
    onzekerheid: Bedrag,
    door: Bedrag,
}

#[derive(Serialize)]
struct Staprij<'a> {
    sleutel: &'a str,
    naam: &'a str,
    regels: Getal,
    bedrag: Option<Bedrag>,
    som: bool,
}

#[derive(Serialize)]
struct Invoerrij<'a> {
    pad: &'a str,
    soort: &'a str,
    gelezen: Getal,
    aanvaard: Getal,
    afgekeurd: Getal,
    debet: Bedrag,
    credit: Bedrag,
    sha256: &'a str,
}

impl<'a> Pagina<'a> {
    fn maak(
        rapport: &'a Rapport<'a>,
        gegevens: &Gegevens<'_>,
        uitvoering: &Uitvoering,
        formaten: &[Formaat],
        json: String,
    ) -> Pagina<'a> {
        // A page is read with \n for every end of a line; its hashes must fit what is read.
        let (stijl, script) = (STIJL.replace('\r', ""), SCRIPT.replace('\r', ""));
        let set = rapport.regelset();
        let t = &rapport.totalen;
        let heeft = |f| formaten.contains(&f);
        let bestanden = [
            (Formaat::Xlsx, "rapport.xlsx"),
            (Formaat::Csv, "bevindingen.csv"),
            (Formaat::Parquet, "bevindingen.parquet"),
            (Formaat::Json, "samenvatting.json"),
        ];
        let controles: Vec<Controlerij<'_>> =
            rapport.uitkomsten.iter().map(|u| controlerij(rapport, u)).collect();
        let aantallen = Ernst::ALLE
            .map(|e| controles.iter().map(|c| c.aantallen[e as usize].n).sum::<u64>().into());
        Pagina {
            beleid: beleid(&stijl, &script),
            stijl: Value::from_safe_string(stijl),
            script: Value::from_safe_string(script),
            gegevens: Value::from_safe_string(json),
            jaar: rapport.controle.jaar,
            titel: &set.titel,
            regelset: &set.naam,
            versie: &set.versie,
            niveau: rapport.controle.niveau.naam(),
            bsn_getoond: rapport.pseudoniemen.bsn_tonen,
            mislukt: rapport
                .uitkomsten
                .iter()
                .filter(|u| u.mislukt.is_some())
                .map(|u| u.regel.code)
                .collect(),
            waarschuwingen: rapport.waarschuwingen,
            bestanden: bestanden.iter().filter(|(f, _)| heeft(*f)).map(|(_, naam)| *naam).collect(),
            totaal: Totaal {
                regels: t.regels.into(),
                bedrag: t.bedrag.into(),
                fout: t.in_geding.fout.into(),
                onzekerheid: t.in_geding.onzekerheid.into(),
                deel_fout: procent(t.in_geding.fout, t.bedrag),
                deel_onzekerheid: procent(t.in_geding.onzekerheid, t.bedrag),
                bevindingen: (rapport.bevindingen.len() as u64).into(),
                aantallen: aantallen.into(),
            },
            apart: [Ernst::Fout, Ernst::Onzekerheid]
                .iter()
                .map(|e| (e, t.apart[*e as usize]))
                .filter(|(_, a)| a.aantal > 0)
                .map(|(e, a)| Apart {
                    ernst: e.naam(),
                    aantal: a.aantal.into(),
                    bedrag: a.bedrag.into(),
                })
                .collect(),
            getoond: (gegevens.aantal() < rapport.bevindingen.len())
                .then(|| (gegevens.aantal() as u64).into()),
            rest_in: [Formaat::Parquet, Formaat::Csv]
                .into_iter()
                .find(|f| heeft(*f))
                .and_then(|f| bestanden.iter().find(|(g, _)| *g == f))
                .map(|(_, naam)| *naam),
            verdelingen: verdeling::alle(rapport),
            controles,
            redenen: redenen(rapport),
            eisen: set.niet_te_toetsen.iter().map(|n| [&*n.eis, &*n.waarom, &*n.bron]).collect(),
            doorbelasting: t.doorbelasting.as_deref().map(|rijen| doorbelasting(rapport, rijen)),
            stappen: stappen(rapport),
            invoer: invoer(rapport),
            invoerfouten: (rapport.invoerfouten.len() as u64).into(),
            verantwoording: verantwoording(rapport, uitvoering),
        }
    }
}

/// Nothing may be loaded, and no script or style but ours is run.
fn beleid(stijl: &str, script: &str) -> String {
    let hash = |tekst: &str| STANDARD.encode(Sha256::digest(tekst.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        hash(script),
        hash(stijl)
    )
}

/// A share in percents with one decimal; empty of nothing.
fn procent(deel: Cent, geheel: Cent) -> String {
    if geheel <= Cent::NUL {
        return String::new();
    }
    let tienden = half_omhoog(i128::from(deel.0) * 1000, i128::from(geheel.0));
    match tienden {
        0 if deel > Cent::NUL => "minder dan 0,1%".to_owned(),
        _ => format!("{},{}%", Duizendtallen((tienden / 10).unsigned_abs()), tienden % 10),
    }
}

fn controlerij<'a>(rapport: &Rapport<'_>, u: &'a Regeluitkomst) -> Controlerij<'a> {
    let mut tellingen = [(0_u64, Cent::NUL); 3];
    for r in rapport.van_regel(u.regel.code) {
        let telling = &mut tellingen[r.bevinding.ernst as usize];
        telling.0 += 1;
        telling.1 += r.bevinding.bedrag.unwrap_or_default();
    }
    Controlerij {
        code: u.regel.code,
        titel: u.regel.titel,
        getoetst: u.uitkomsten.getoetst.into(),
        aantallen: tellingen.iter().map(|(n, _)| (*n).into()).collect(),
        bedragen: tellingen.iter().map(|(_, som)| (*som).into()).collect(),
        niet_toetsbaar: u.uitkomsten.aantal_niet_toetsbaar().into(),
        mislukt: u.mislukt.is_some(),
    }
}

/// Why rules could not be tested, the most frequent reason of a rule first.
fn redenen<'a>(rapport: &'a Rapport<'a>) -> Vec<Redenrij<'a>> {
    let mut uit = Vec::new();
    for u in &rapport.uitkomsten {
        let mut redenen = u.uitkomsten.niet_toetsbaar.clone();
        redenen.sort_by_key(|(reden, n)| (Reverse(*n), *reden));
        uit.extend(redenen.into_iter().map(|(reden, aantal)| Redenrij {
            code: u.regel.code,
            titel: u.regel.titel,
            getoetst: u.uitkomsten.getoetst.into(),
            aantal: aantal.into(),
            reden: reden.to_string(),
        }));
    }
    uit
}

/// What to charge on, a row a gemeente and one for all.
fn doorbelasting<'a>(
    rapport: &'a Rapport<'a>,
    rijen: &[Doorbelasting],
) -> Vec<Doorbelastingsrij<'a>> {
    let rij = |gemeente: String, naam, van: &[Doorbelasting]| {
        let som = |bedrag: fn(&Doorbelasting) -> Cent| van.iter().map(bedrag).sum::<Cent>().into();
        Doorbelastingsrij {
            gemeente,
            naam,
            regels: van.iter().map(|r| r.regels).sum::<u64>().into(),
            gedeclareerd: som(|r| r.gedeclareerd),
            fout: som(|r| r.in_geding.fout),
            onzekerheid: som(|r| r.in_geding.onzekerheid),
            door: som(Doorbelasting::door_te_belasten),
        }
    };
    let mut uit: Vec<_> = rijen
        .chunk_by(|a, b| a.gemeente == b.gemeente)
        .map(|van| {
            let gemeente = van[0].gemeente;
            rij(gemeente.to_string(), rapport.naam_van_gemeente(gemeente), van)
        })
        .collect();
    uit.push(rij(String::new(), "Alle gemeenten", rijen));
    uit
}

fn stappen<'a>(rapport: &'a Rapport<'a>) -> Vec<Staprij<'a>> {
    let a = &rapport.aansluiting;
    let zonder_bedrag = |sleutel, naam, regels: u64| Staprij {
        sleutel,
        naam,
        regels: regels.into(),
        bedrag: None,
        som: false,
    };
    let mut uit = vec![
        zonder_bedrag("gelezen", "Gelezen regels in declaraties", a.gelezen),
        zonder_bedrag("afgekeurd", "af: afgekeurd bij het inlezen", a.afgekeurd),
    ];
    uit.extend(a.stappen.iter().map(|s| Staprij {
        sleutel: s.sleutel,
        naam: &s.naam,
        regels: s.regels.into(),
        bedrag: Some(s.bedrag.into()),
        som: matches!(s.sleutel, "levend" | "getoetst"),
    }));
    uit
}

fn invoer<'a>(rapport: &Rapport<'a>) -> Vec<Invoerrij<'a>> {
    rapport
        .dossier()
        .bestanden
        .iter()
        .map(|b| Invoerrij {
            pad: &b.pad,
            soort: b.soort.naam(),
            gelezen: b.gelezen.into(),
            aanvaard: b.aanvaard.into(),
            afgekeurd: b.afgekeurd.into(),
            debet: b.debet.into(),
            credit: b.credit.into(),
            sha256: &b.sha256,
        })
        .collect()
}

/// Under which rules, with which options and keys: as in the manifest, without times and places.
fn verantwoording(rapport: &Rapport<'_>, uitvoering: &Uitvoering) -> Vec<[String; 2]> {
    let set = rapport.regelset();
    let p = rapport.pseudoniemen;
    let mut uit = Vec::new();
    let mut rij = |naam: &str, waarde: String| uit.push([naam.to_owned(), waarde]);
    rij("Programma", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")));
    rij("Regelset", format!("{} ({}), versie {}", set.titel, set.naam, set.versie));
    rij("Leverjaar", rapport.controle.jaar.to_string());
    rij("Niveau van de regels", rapport.controle.niveau.naam().to_owned());
    for d in &set.documenten {
        let datum = d.datum.map(|d| format!(" van {d}")).unwrap_or_default();
        let tekst = format!("{}, versie {}{datum}", d.titel, d.versie);
        rij(&format!("Document {}", d.afkorting), tekst);
    }
    for r in set.eigen() {
        rij(&format!("Eigen controle {}", r.code), r.titel.to_owned());
    }
    for (naam, waarde) in &uitvoering.opties {
        if !NIET_GETOOND.contains(&naam.as_str()) {
            rij(&format!("Optie --{}", naam.replace('_', "-")), waarde.clone());
        }
    }
    rij(
        "Jeugdigen",
        match (p.bsn_tonen, p.herkomst) {
            (true, _) => "met hun burgerservicenummer (--bsn-tonen)".to_owned(),
            (false, Sleutelherkomst::Bestand) => {
                format!("met een pseudoniem; vingerafdruk van de sleutel {}", p.vingerafdruk())
            }
            (false, Sleutelherkomst::EenmaligeRun) => {
                "met een pseudoniem dat alleen in dit rapport geldt".to_owned()
            }
        },
    );
    for bestand in &set.bestanden {
        rij(&format!("SHA-256 van {}", bestand.naam), bestand.sha256.clone());
    }
    rij(
        "Wie, wanneer en met welke opties",
        "staat in manifest.json. De SHA-256 van elk invoerbestand staat bij de aansluiting."
            .to_owned(),
    );
    uit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_read_as_a_dutch_person_writes_them() {
        assert_eq!(procent(Cent(125), Cent(10_000)), "1,3%");
        assert_eq!(procent(Cent(10_000), Cent(10_000)), "100,0%");
        assert_eq!(procent(Cent(1), Cent(10_000_000)), "minder dan 0,1%");
        assert_eq!(procent(Cent(0), Cent(10_000)), "0,0%");
        assert_eq!(procent(Cent(0), Cent(0)), "");
    }
}
