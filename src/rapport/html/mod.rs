//! `rapport.html`: the page that a person reads. One file: its style, script, charts and data are in
//! it, and its Content-Security-Policy lets it ask for nothing else.

mod gegevens;
mod grafiek;
mod verdeling;

use super::totalen::Doorbelasting;
use super::{
    Controlegetal, Controletotaal, Formaat, Rapport, Tolerantietoets, Uitvoering, per_oordeel,
};
use crate::dossier::Ernst;
use crate::dossier::{Cent, Duizendtallen, Eindoordeel, half_omhoog};
use crate::toetsing::Regeluitkomst;
use crate::writing::RapportFout;
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
    /// Where the dossier holds verdicts.
    beoordeeld: Option<Beoordeeld>,
    controles: Vec<Controlerij<'a>>,
    redenen: Vec<Redenrij<'a>>,
    eisen: Vec<[&'a str; 3]>,
    doorbelasting: Option<Vec<Doorbelastingsrij<'a>>>,
    stappen: Vec<Staprij<'a>>,
    invoer: Vec<Invoerrij<'a>>,
    invoerfouten: Getal,
    verantwoording: Vec<[String; 2]>,
    toleranties: Vec<Tolerantierij>,
    /// Two totals, whether they are equal, and what they are.
    controletotalen: Vec<[String; 4]>,
    /// The source of each of the `controles`.
    dekking: Vec<String>,
}

#[derive(Serialize)]
struct Tolerantierij {
    wat: &'static str,
    bedrag: Bedrag,
    procent: String,
    grens: Option<Bedrag>,
    uitkomst: &'static str,
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

/// What people judged, and what they left open.
#[derive(Serialize)]
struct Beoordeeld {
    aantal: Getal,
    open: Getal,
    open_fout: Bedrag,
    open_onzekerheid: Bedrag,
    per_oordeel: Vec<Oordeelrij>,
    /// Id, verdict and why it isn't on a finding.
    niet_overgenomen: Vec<[String; 3]>,
    meer_niet_overgenomen: Option<Getal>,
}

#[derive(Serialize)]
struct Oordeelrij {
    naam: &'static str,
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
    bevindingen: Getal,
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
            waarschuwingen: &rapport.waarschuwingen,
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
            beoordeeld: beoordeeld(rapport),
            controles,
            redenen: redenen(rapport),
            eisen: set.niet_te_toetsen.iter().map(|n| [&*n.eis, &*n.waarom, &*n.bron]).collect(),
            doorbelasting: t.doorbelasting.as_deref().map(|rijen| doorbelasting(rapport, rijen)),
            stappen: stappen(rapport),
            invoer: invoer(rapport),
            invoerfouten: (rapport.invoerfouten.len() as u64).into(),
            verantwoording: rapport.omstandigheden(uitvoering),
            toleranties: toleranties(rapport),
            controletotalen: controletotalen(rapport),
            dekking: rapport
                .uitkomsten
                .iter()
                .map(|u| set.regel(u.regel.code).map_or_else(String::new, |i| i.bron.to_string()))
                .collect(),
        }
    }
}

/// Verdicts without a finding that the page lists.
const MEESTE_NIET_OVERGENOMEN: usize = 1_000;

fn beoordeeld(rapport: &Rapport<'_>) -> Option<Beoordeeld> {
    if rapport.oordelen.loten.is_empty() {
        return None;
    }
    let open = &rapport.totalen.open;
    let aantal_open: u64 = open.aantallen.iter().sum();
    let niet_overgenomen = || rapport.oordelen.niet_overgenomen();
    let meer = niet_overgenomen().count().saturating_sub(MEESTE_NIET_OVERGENOMEN);
    let per_oordeel = Eindoordeel::ALLE.iter().zip(per_oordeel(&rapport.bevindingen));
    Some(Beoordeeld {
        aantal: (rapport.bevindingen.len() as u64 - aantal_open).into(),
        open: aantal_open.into(),
        open_fout: open.in_geding.fout.into(),
        open_onzekerheid: open.in_geding.onzekerheid.into(),
        per_oordeel: per_oordeel
            .map(|(oordeel, (aantal, bedrag))| Oordeelrij {
                naam: oordeel.naam(),
                aantal: aantal.into(),
                bedrag: bedrag.into(),
            })
            .collect(),
        niet_overgenomen: niet_overgenomen()
            .take(MEESTE_NIET_OVERGENOMEN)
            .map(|(b, lot)| [b.id.to_string(), b.oordeel.naam().to_owned(), lot.tekst()])
            .collect(),
        meer_niet_overgenomen: (meer > 0).then(|| (meer as u64).into()),
    })
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
        titel: &u.regel.titel,
        getoetst: u.uitkomsten.getoetst.into(),
        aantallen: tellingen.iter().map(|(n, _)| (*n).into()).collect(),
        bedragen: tellingen.iter().map(|(_, som)| (*som).into()).collect(),
        bevindingen: tellingen.iter().map(|(n, _)| n).sum::<u64>().into(),
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
            titel: &u.regel.titel,
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

/// Fouten and onzekerheden against what the user says is tolerated.
fn toleranties(rapport: &Rapport<'_>) -> Vec<Tolerantierij> {
    let van = |t: Tolerantietoets| Tolerantierij {
        wat: t.wat,
        bedrag: t.bedrag.into(),
        procent: t.grens_in_woorden(),
        grens: t.grens.map(|(_, grens)| grens.into()),
        uitkomst: t.uitkomst(),
    };
    rapport.toleranties().into_iter().map(van).collect()
}

fn controletotalen(rapport: &Rapport<'_>) -> Vec<[String; 4]> {
    let tekst = |t: Controlegetal| match t {
        Controlegetal::Aantal(n) => Getal::from(n).tekst,
        Controlegetal::Bedrag(c) => Bedrag::from(c).tekst,
    };
    let van = |a: Controletotaal| {
        let sluit = if a.sluit() { "sluit aan" } else { "sluit niet aan" };
        [tekst(a.links), tekst(a.rechts), sluit.to_owned(), a.wat]
    };
    rapport.controletotalen().into_iter().map(van).collect()
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
