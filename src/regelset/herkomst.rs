//! Where the files of rulesets are.

use super::tekst::Uitkomst;
use crate::ground::config::ConfigFout;
use std::path::PathBuf;

/// The rulesets that come with the program.
const INGEBOUWD: [(&str, &str); 12] = [
    ("landelijk.toml", include_str!("../../rules/landelijk.toml")),
    ("ijsselland.toml", include_str!("../../rules/ijsselland.toml")),
    ("ijsselland/tarieven.csv", include_str!("../../rules/ijsselland/tarieven.csv")),
    ("ijsselland/producten.csv", include_str!("../../rules/ijsselland/producten.csv")),
    ("ijsselland/functies.csv", include_str!("../../rules/ijsselland/functies.csv")),
    (
        "ijsselland/functies_synoniemen.csv",
        include_str!("../../rules/ijsselland/functies_synoniemen.csv"),
    ),
    ("ijsselland/vaktherapie.csv", include_str!("../../rules/ijsselland/vaktherapie.csv")),
    ("ijsselland/gemeenten.csv", include_str!("../../rules/ijsselland/gemeenten.csv")),
    ("ijsselland/percelen.csv", include_str!("../../rules/ijsselland/percelen.csv")),
    ("cbs/gemeenten.csv", include_str!("../../rules/cbs/gemeenten.csv")),
    ("zeeland.toml", include_str!("../../rules/zeeland.toml")),
    ("zeeland/producten.csv", include_str!("../../rules/zeeland/producten.csv")),
];

/// Where rulesets come from: the program itself, or a folder of the user's before that.
#[derive(Clone, Debug)]
pub enum Regelsetbron {
    Ingebouwd,
    Map(PathBuf),
}

impl Regelsetbron {
    /// The text of a file; `None` where there is none of this name.
    pub(super) fn inhoud(&self, naam: &str) -> Uitkomst<Option<String>> {
        if let Regelsetbron::Map(map) = self {
            let pad = map.join(naam);
            match std::fs::read_to_string(&pad) {
                Ok(tekst) => return Ok(Some(tekst)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => {
                    return Err(ConfigFout::los(
                        format!("{} kan niet gelezen worden: {e}", pad.display()),
                        "controleer of het een tekstbestand in UTF-8 is en of u het mag lezen",
                    ));
                }
            }
        }
        Ok(INGEBOUWD.iter().find(|(n, _)| *n == naam).map(|(_, tekst)| (*tekst).to_owned()))
    }

    /// Names of the rulesets that can be chosen.
    pub fn namen(&self) -> Vec<String> {
        let mut namen: Vec<String> = INGEBOUWD
            .iter()
            .filter_map(|(n, _)| n.strip_suffix(".toml"))
            .map(str::to_owned)
            .collect();
        if let Regelsetbron::Map(map) = self
            && let Ok(dingen) = std::fs::read_dir(map)
        {
            namen.extend(
                dingen.flatten().filter_map(|d| {
                    d.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned)
                }),
            );
        }
        namen.sort();
        namen.dedup();
        namen
    }
}
