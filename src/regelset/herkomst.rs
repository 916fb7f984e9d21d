//! Where the files of rulesets are.

use super::tekst::Parsed;
use crate::ground::config::ConfigError;
use crate::ground::{io_cause, shown_path};
use std::path::PathBuf;

/// The rulesets that come with the program.
const BUILT_IN: [(&str, &str); 13] = [
    ("landelijk.toml", include_str!("../../rules/landelijk.toml")),
    ("ijsselland.toml", include_str!("../../rules/ijsselland.toml")),
    ("ijsselland/tarieven.csv", include_str!("../../rules/ijsselland/tarieven.csv")),
    ("ijsselland/producten.csv", include_str!("../../rules/ijsselland/producten.csv")),
    ("ijsselland/functies.csv", include_str!("../../rules/ijsselland/functies.csv")),
    (
        "ijsselland/functies_synoniemen.csv",
        include_str!("../../rules/ijsselland/functies_synoniemen.csv"),
    ),
    ("ijsselland/afbakening.csv", include_str!("../../rules/ijsselland/afbakening.csv")),
    ("ijsselland/gemeenten.csv", include_str!("../../rules/ijsselland/gemeenten.csv")),
    ("ijsselland/percelen.csv", include_str!("../../rules/ijsselland/percelen.csv")),
    ("cbs/gemeenten.csv", include_str!("../../rules/cbs/gemeenten.csv")),
    ("zeeland.toml", include_str!("../../rules/zeeland.toml")),
    ("zeeland/producten.csv", include_str!("../../rules/zeeland/producten.csv")),
    ("zeeland/gemeenten.csv", include_str!("../../rules/zeeland/gemeenten.csv")),
];

/// Where rulesets come from: the program itself, or a folder of the user's before that.
#[derive(Clone, Debug)]
pub enum RulesetSource {
    BuiltIn,
    Dir(PathBuf),
}

impl RulesetSource {
    /// The text of a file; `None` where there is none of this name.
    pub(super) fn content(&self, name: &str) -> Parsed<Option<String>> {
        if let RulesetSource::Dir(dir) = self {
            let path = dir.join(name);
            match crate::ground::read_short_text(&path) {
                Ok(text) => return Ok(Some(text)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => {
                    return Err(ConfigError::loose(
                        format!("{} kan niet gelezen worden: {}", shown_path(&path), io_cause(&e)),
                        "controleer of het een tekstbestand in UTF-8 is en of u het mag lezen",
                    ));
                }
            }
        }
        Ok(BUILT_IN.iter().find(|(n, _)| *n == name).map(|(_, text)| (*text).to_owned()))
    }

    /// Names of the rulesets that can be chosen.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut namen: Vec<String> = BUILT_IN
            .iter()
            .filter_map(|(n, _)| n.strip_suffix(".toml"))
            .map(str::to_owned)
            .collect();
        if let RulesetSource::Dir(dir) = self
            && let Ok(things) = std::fs::read_dir(dir)
        {
            namen.extend(
                things.flatten().filter_map(|d| {
                    d.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned)
                }),
            );
        }
        namen.sort();
        namen.dedup();
        namen
    }
}
