//! Rules by code, by family or by kind of control, and rulesets, as people choose them.

use crate::ground::config::{ConfigError, like};
use crate::ground::shown_path;
use crate::regelset::{ControlKind, RulesetSource};
use crate::toetsing::AuditRule;
use std::path::Path;

/// Does `NS01`, `NS` or `formeel`, in any case, name this rule?
pub(crate) fn matches_choice(rule: &AuditRule, choice: &str) -> bool {
    let names = [rule.code, rule.familie(), rule.control().name()];
    names.iter().any(|name| choice.eq_ignore_ascii_case(name))
}

/// Refuses what names no rule and no family, with the likeliest match.
pub(crate) fn must_exist(choice: &str, rules: &[AuditRule]) -> Result<(), Box<ConfigError>> {
    if rules.iter().any(|r| matches_choice(r, choice)) {
        return Ok(());
    }
    let kinds = ControlKind::ALL.into_iter().map(ControlKind::name);
    let known = rules.iter().flat_map(|r| [r.code, r.familie()]).chain(kinds);
    let advice = match like(choice, known) {
        Some(does) => format!("bedoelt u {does}?"),
        None => {
            "gebruik een code als NS01, een familie als TL, of formeel, materieel of risico; rechtmatig regels toont ze".into()
        }
    };
    Err(ConfigError::loose(format!("er is geen regel of familie '{choice}'"), advice))
}

/// The rules that `--alleen` and `--zonder` leave, in their own order.
pub(crate) fn choose_rules(
    all: &[AuditRule],
    only: &[String],
    without: &[String],
) -> Result<Vec<AuditRule>, Box<ConfigError>> {
    for choice in only.iter().chain(without) {
        must_exist(choice, all)?;
    }
    let fits = |r: &AuditRule, choices: &[String]| choices.iter().any(|k| matches_choice(r, k));
    Ok(all
        .iter()
        .filter(|r| (only.is_empty() || fits(r, only)) && !fits(r, without))
        .cloned()
        .collect())
}

/// The rulesets of the user's folder before those of the program.
pub(crate) fn ruleset_source(dir: Option<&Path>) -> Result<RulesetSource, Box<ConfigError>> {
    match dir {
        None => Ok(RulesetSource::BuiltIn),
        Some(dir) if dir.is_dir() => Ok(RulesetSource::Dir(dir.to_owned())),
        Some(dir) => Err(ConfigError::loose(
            format!("{} is geen map met regelsets", shown_path(dir)),
            "geef met --regels een map waarin bestanden staan zoals ijsselland.toml",
        )),
    }
}
