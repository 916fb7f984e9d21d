//! `manifest.json`: what was audited, under which rules, by which program, with which options.

use super::json::ondertekening;
use super::pseudonym::KeyOrigin;
use super::{Format, Rapport};
use crate::dossier::SourceFile;
use crate::ground::DossierPlace;
use crate::regelset::ControlKind;
use crate::writing::{WriteError, write_json};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;

/// What only the caller knows of a run.
#[derive(Clone, Debug, Default)]
pub struct RunInfo {
    /// Start of the run, as local time in RFC 3339.
    pub begin: String,
    pub seconds: f64,
    /// Options as given, by name; never a path of a key's content or a Bsn.
    pub options: Vec<(String, String)>,
    /// Who ran it, as the system names them.
    pub by: String,
    /// Day of the run, as people write it.
    pub dag: String,
    /// Where the dossier stands.
    pub place: DossierPlace,
}

/// The files one by one: of a year of messages they are too many to be made into values first.
#[derive(Serialize)]
struct Manifest<'a> {
    #[serde(flatten)]
    run: Value,
    invoer: Vec<InputFile<'a>>,
}

#[derive(Serialize)]
struct InputFile<'a> {
    bestand: &'a str,
    soort: &'static str,
    bytes: u64,
    sha256: &'a str,
    gelezen: u64,
    aanvaard: u64,
    afgekeurd: u64,
    waarden_genegeerd: u64,
}

impl InputFile<'_> {
    fn of(b: &SourceFile) -> InputFile<'_> {
        InputFile {
            bestand: &b.pad,
            soort: b.soort.name(),
            bytes: b.bytes,
            sha256: &b.sha256,
            gelezen: b.gelezen,
            aanvaard: b.aanvaard,
            afgekeurd: b.afgekeurd,
            waarden_genegeerd: b.genegeerd,
        }
    }
}

pub(crate) fn write(
    rapport: &Rapport<'_>,
    path: &Path,
    run: &RunInfo,
    formats: &[Format],
) -> Result<(), WriteError> {
    let set = rapport.regelset();
    let options: serde_json::Map<String, Value> =
        run.options.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
    let run = json!({
        "programma": { "naam": env!("CARGO_PKG_NAME"), "versie": env!("CARGO_PKG_VERSION") },
        "uitgevoerd": {
            "begin": run.begin,
            "seconden": run.seconds,
            "door": run.by,
        },
        "ondertekening": ondertekening(rapport),
        "leverjaar": rapport.context.jaar,
        "niveau": rapport.context.niveau.name(),
        "regelset": {
            "naam": set.name,
            "versie": set.versie,
            "documenten": set.documents.iter().map(|d| json!({
                "afkorting": d.abbreviation,
                "titel": d.title,
                "versie": d.versie,
                "datum": d.datum.map(|d| d.datum().to_string()),
            })).collect::<Vec<_>>(),
            "bestanden": set.files.iter().map(|b| json!({
                "bestand": b.name, "sha256": b.sha256,
            })).collect::<Vec<_>>(),
            "eigen_controles": set.own().iter().map(|r| json!({
                "code": r.code, "titel": r.title, "wat": r.what(),
                "bron": set.rule(r.code).map(|i| i.source.to_string()),
            })).collect::<Vec<_>>(),
        },
        "opties": options,
        "plaats": run.place,
        "instellingen_sha256": rapport.settings_sha256,
        "formaten": formats.iter().map(|f| f.name()).collect::<Vec<_>>(),
        "pseudoniemen": {
            "sleutel": match rapport.pseudonyms.origin {
                KeyOrigin::File => "uit bestand",
                KeyOrigin::OneRun => "alleen voor deze controle",
            },
            "vingerafdruk": rapport.pseudonyms.fingerprint(),
            "bsn_getoond": rapport.pseudonyms.bsn_showing,
        },
        "getoetst": {
            "regels": rapport.totals.lines,
            "bedrag": rapport.totals.bedrag.0,
        },
        "invoermeldingen": rapport.meldingen.iter().map(|m| json!({
            "niveau": m.level.name(), "controle": m.check, "tekst": m.text,
        })).collect::<Vec<_>>(),
        "soorten_controle": ControlKind::ALL.iter().map(|kind| {
            let of_kind = rapport.outcomes.iter().map(|u| &u.rule);
            let codes: Vec<&str> =
                of_kind.filter(|r| r.control() == *kind).map(|r| r.code).collect();
            (kind.name().to_owned(), json!(codes))
        }).collect::<serde_json::Map<String, Value>>(),
        "waarschuwingen": rapport.warnings,
        "bevindingen": rapport.bevindingen.len(),
        "mislukte_regels": rapport.outcomes.iter().filter(|u| u.failed.is_some())
            .map(|u| u.rule.code).collect::<Vec<_>>(),
    });
    let invoer = rapport.dossier().files.iter().map(InputFile::of).collect();
    write_json(&Manifest { invoer, run }, path)
}
