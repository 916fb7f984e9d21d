//! What the template of the page fills in.

use super::gegevens::Gegevens;
use super::getallen::{Bedrag, Getal, procent};
use super::onderdelen::{
    Beoordeeld, Controlerij, Doorbelastingsrij, Invoerrij, Redenrij, Staprij, Tolerantierij,
    beoordeeld, controlerij, controletotalen, doorbelasting, invoer, redenen, stappen, toleranties,
};
use super::verdeling::{self, Verdeling};
use crate::dossier::Ernst;
use crate::rapport::{Formaat, Rapport, Uitvoering};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::Value;
use serde::Serialize;
use sha2::{Digest, Sha256};

const STIJL: &str = include_str!("stijl.css");
const SCRIPT: &str = include_str!("pagina.js");

/// Files that may be written beside the page.
const BESTANDEN: [(Formaat, &str); 4] = [
    (Formaat::Xlsx, "rapport.xlsx"),
    (Formaat::Csv, "bevindingen.csv"),
    (Formaat::Parquet, "bevindingen.parquet"),
    (Formaat::Json, "samenvatting.json"),
];

/// What the template fills in.
#[derive(Serialize)]
pub(super) struct Pagina<'a> {
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

impl<'a> Pagina<'a> {
    /// The page of a rapport whose findings are `gegevens`, as `json`.
    pub(super) fn maak(
        rapport: &'a Rapport<'a>,
        gegevens: &Gegevens<'_>,
        uitvoering: &Uitvoering,
        formaten: &[Formaat],
        json: String,
    ) -> Pagina<'a> {
        // A page is read with \n for every end of a line; its hashes must fit what is read.
        let (stijl, script) = (STIJL.replace('\r', ""), SCRIPT.replace('\r', ""));
        let set = rapport.regelset();
        let doorbelast = rapport.totalen.doorbelasting.as_deref();
        let naam_van = |f| BESTANDEN.into_iter().find(|(g, _)| *g == f).map(|(_, naam)| naam);
        let geschreven = |(f, naam)| formaten.contains(&f).then_some(naam);
        let uitkomsten = || rapport.uitkomsten.iter();
        let controles: Vec<Controlerij<'_>> =
            uitkomsten().map(|u| controlerij(rapport, u)).collect();
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
            mislukt: uitkomsten().filter(|u| u.mislukt.is_some()).map(|u| u.regel.code).collect(),
            waarschuwingen: &rapport.waarschuwingen,
            bestanden: BESTANDEN.into_iter().filter_map(geschreven).collect(),
            totaal: totaal(rapport, &controles),
            apart: apart(rapport),
            getoond: (gegevens.aantal() < rapport.bevindingen.len())
                .then(|| (gegevens.aantal() as u64).into()),
            rest_in: [Formaat::Parquet, Formaat::Csv]
                .into_iter()
                .find(|f| formaten.contains(f))
                .and_then(naam_van),
            verdelingen: verdeling::alle(rapport),
            beoordeeld: beoordeeld(rapport),
            controles,
            redenen: redenen(rapport),
            eisen: set.niet_te_toetsen.iter().map(|n| [&*n.eis, &*n.waarom, &*n.bron]).collect(),
            doorbelasting: doorbelast.map(|rijen| doorbelasting(rapport, rijen)),
            stappen: stappen(rapport),
            invoer: invoer(rapport),
            invoerfouten: (rapport.invoerfouten.len() as u64).into(),
            verantwoording: rapport.omstandigheden(uitvoering),
            toleranties: toleranties(rapport),
            controletotalen: controletotalen(rapport),
            dekking: uitkomsten()
                .map(|u| set.regel(u.regel.code).map_or_else(String::new, |i| i.bron.to_string()))
                .collect(),
        }
    }
}

fn totaal(rapport: &Rapport<'_>, controles: &[Controlerij<'_>]) -> Totaal {
    let t = &rapport.totalen;
    let aantal = |e: Ernst| controles.iter().map(|c| c.aantallen[e as usize].n).sum::<u64>();
    Totaal {
        regels: t.regels.into(),
        bedrag: t.bedrag.into(),
        fout: t.in_geding.fout.into(),
        onzekerheid: t.in_geding.onzekerheid.into(),
        deel_fout: procent(t.in_geding.fout, t.bedrag),
        deel_onzekerheid: procent(t.in_geding.onzekerheid, t.bedrag),
        bevindingen: (rapport.bevindingen.len() as u64).into(),
        aantallen: Ernst::ALLE.map(|e| aantal(e).into()).into(),
    }
}

/// Findings whose amounts are in no total of lines.
fn apart(rapport: &Rapport<'_>) -> Vec<Apart> {
    [Ernst::Fout, Ernst::Onzekerheid]
        .into_iter()
        .map(|e| (e, rapport.totalen.apart[e as usize]))
        .filter(|(_, a)| a.aantal > 0)
        .map(|(e, a)| Apart { ernst: e.naam(), aantal: a.aantal.into(), bedrag: a.bedrag.into() })
        .collect()
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
