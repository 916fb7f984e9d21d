//! Rules by code or by family, and rulesets, as people choose them.

use crate::ground::config::{ConfigFout, gelijkende};
use crate::regelset::Regelsetbron;
use crate::toetsing::AuditRule;
use std::path::Path;

/// Does `NS01` or `NS`, in any case, name this rule?
pub fn matches_choice(regel: &AuditRule, keus: &str) -> bool {
    keus.eq_ignore_ascii_case(regel.code) || keus.eq_ignore_ascii_case(regel.familie())
}

/// Refuses what names no rule and no family, with the likeliest match.
pub fn must_exist(keus: &str, regels: &[AuditRule]) -> Result<(), Box<ConfigFout>> {
    if regels.iter().any(|r| matches_choice(r, keus)) {
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
pub fn choose_rules(
    alle: &[AuditRule],
    alleen: &[String],
    zonder: &[String],
) -> Result<Vec<AuditRule>, Box<ConfigFout>> {
    for keus in alleen.iter().chain(zonder) {
        must_exist(keus, alle)?;
    }
    let past = |r: &AuditRule, keuzes: &[String]| keuzes.iter().any(|k| matches_choice(r, k));
    Ok(alle
        .iter()
        .filter(|r| (alleen.is_empty() || past(r, alleen)) && !past(r, zonder))
        .cloned()
        .collect())
}

/// The rulesets of the user's folder before those of the program.
pub fn ruleset_source(map: Option<&Path>) -> Result<Regelsetbron, Box<ConfigFout>> {
    match map {
        None => Ok(Regelsetbron::Ingebouwd),
        Some(map) if map.is_dir() => Ok(Regelsetbron::Map(map.to_owned())),
        Some(map) => Err(ConfigFout::los(
            format!("{} is geen map met regelsets", map.display()),
            "geef met --regels een map waarin bestanden staan zoals ijsselland.toml",
        )),
    }
}
