//! `manifest.json`: what was audited, under which rules, by which program, with which options.

use super::pseudoniem::Sleutelherkomst;
use super::{Formaat, Rapport};
use crate::writing::{WriteError, schrijf_json};
use serde_json::{Value, json};
use std::path::Path;

/// What only the caller knows of a run.
#[derive(Clone, Debug, Default)]
pub struct Uitvoering {
    /// Start of the run, as local time in RFC 3339.
    pub begin: String,
    pub seconden: f64,
    /// Options as given, by name; never a path of a key's content or a Bsn.
    pub opties: Vec<(String, String)>,
    /// Who ran it, as the system names them.
    pub door: String,
}

pub fn schrijf(
    rapport: &Rapport<'_>,
    pad: &Path,
    uitvoering: &Uitvoering,
    formaten: &[Formaat],
) -> Result<(), WriteError> {
    let set = rapport.regelset();
    let opties: serde_json::Map<String, Value> =
        uitvoering.opties.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
    let waarde = json!({
        "programma": { "naam": env!("CARGO_PKG_NAME"), "versie": env!("CARGO_PKG_VERSION") },
        "uitgevoerd": {
            "begin": uitvoering.begin,
            "seconden": uitvoering.seconden,
            "door": uitvoering.door,
        },
        "leverjaar": rapport.controle.jaar,
        "niveau": rapport.controle.niveau.naam(),
        "regelset": {
            "naam": set.naam,
            "versie": set.versie,
            "documenten": set.documenten.iter().map(|d| json!({
                "afkorting": d.afkorting,
                "titel": d.titel,
                "versie": d.versie,
                "datum": d.datum.map(|d| d.datum().to_string()),
            })).collect::<Vec<_>>(),
            "bestanden": set.bestanden.iter().map(|b| json!({
                "bestand": b.naam, "sha256": b.sha256,
            })).collect::<Vec<_>>(),
            "eigen_controles": set.eigen().iter().map(|r| json!({
                "code": r.code, "titel": r.titel, "wat": r.wat(),
                "bron": set.regel(r.code).map(|i| i.bron.to_string()),
            })).collect::<Vec<_>>(),
        },
        "opties": opties,
        "formaten": formaten.iter().map(|f| f.naam()).collect::<Vec<_>>(),
        "pseudoniemen": {
            "sleutel": match rapport.pseudoniemen.herkomst {
                Sleutelherkomst::Bestand => "uit bestand",
                Sleutelherkomst::EenmaligeRun => "alleen voor deze controle",
            },
            "vingerafdruk": rapport.pseudoniemen.vingerafdruk(),
            "bsn_getoond": rapport.pseudoniemen.bsn_tonen,
        },
        "invoer": rapport.dossier().bestanden.iter().map(|b| json!({
            "bestand": b.pad,
            "soort": b.soort.naam(),
            "bytes": b.bytes,
            "sha256": b.sha256,
            "gelezen": b.gelezen,
            "aanvaard": b.aanvaard,
            "afgekeurd": b.afgekeurd,
            "waarden_genegeerd": b.genegeerd,
        })).collect::<Vec<_>>(),
        "getoetst": {
            "regels": rapport.totalen.regels,
            "bedrag": rapport.totalen.bedrag.0,
        },
        "waarschuwingen": rapport.waarschuwingen,
        "bevindingen": rapport.bevindingen.len(),
        "mislukte_regels": rapport.uitkomsten.iter().filter(|u| u.mislukt.is_some())
            .map(|u| u.regel.code).collect::<Vec<_>>(),
    });
    schrijf_json(&waarde, pad)
}
