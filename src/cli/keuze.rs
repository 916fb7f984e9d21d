//! Rules by code or by family, and rulesets, as people choose them.

use crate::bron::{Instelling, Leeswijze};
use crate::ground::config::{ConfigFout, gelijkende};
use crate::regelset::{Regelset, Regelsetbron};
use crate::toetsing::AuditRule;
use std::path::Path;

/// How the dossier with these settings is read under this ruleset.
pub fn leeswijze(instelling: &Instelling, regelset: &Regelset) -> Leeswijze {
    Leeswijze {
        kolomnamen: instelling.kolomnamen.clone(),
        bedragen: instelling.bedragen,
        zonder_bsn: regelset.beschikkingsvrij.clone(),
    }
}

/// Does `NS01` or `NS`, in any case, name this rule?
pub fn past(regel: &AuditRule, keus: &str) -> bool {
    keus.eq_ignore_ascii_case(regel.code) || keus.eq_ignore_ascii_case(regel.familie())
}

/// Refuses what names no rule and no family, with the likeliest match.
pub fn moet_bestaan(keus: &str, regels: &[AuditRule]) -> Result<(), Box<ConfigFout>> {
    if regels.iter().any(|r| past(r, keus)) {
        return Ok(());
    }
    let bekend = regels.iter().map(|r| r.code).chain(regels.iter().map(|r| r.familie()));
    let raad = match gelijkende(keus, bekend) {
        Some(wel) => format!("bedoelt u {wel}?"),
        None => {
            "gebruik een code als NS01 of een familie als TL; rechtmatig regels toont ze".into()
        }
    };
    Err(ConfigFout::los(format!("er is geen regel of familie '{keus}'"), raad))
}

/// The rules that `--alleen` and `--zonder` leave, in their own order.
pub fn kies_regels(
    alle: &[AuditRule],
    alleen: &[String],
    zonder: &[String],
) -> Result<Vec<AuditRule>, Box<ConfigFout>> {
    for keus in alleen.iter().chain(zonder) {
        moet_bestaan(keus, alle)?;
    }
    let past = |r: &AuditRule, keuzes: &[String]| keuzes.iter().any(|k| past(r, k));
    Ok(alle
        .iter()
        .filter(|r| (alleen.is_empty() || past(r, alleen)) && !past(r, zonder))
        .cloned()
        .collect())
}

/// The rulesets of the user's folder before those of the program.
pub fn regelsetbron(map: Option<&Path>) -> Result<Regelsetbron, Box<ConfigFout>> {
    match map {
        None => Ok(Regelsetbron::Ingebouwd),
        Some(map) if map.is_dir() => Ok(Regelsetbron::Map(map.to_owned())),
        Some(map) => Err(ConfigFout::los(
            format!("{} is geen map met regelsets", map.display()),
            "geef met --regels een map waarin bestanden staan zoals ijsselland.toml",
        )),
    }
}
