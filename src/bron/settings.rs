//! `controle.toml`: what a dossier says of itself.

use super::grootboek::{Grootboek, GrootboekToml};
use super::mapping::{FILE_NAME, Mapping};
use super::mapping_toml::{self, MappingTables};
use crate::dossier::Niveau;
use crate::ground::config::ConfigError;
use crate::ground::{hex, io_cause};
use rust_decimal::Decimal;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The settings of one dossier; each may be absent.
#[derive(Clone, Debug, Default)]
pub struct DossierSettings {
    pub jaar: Option<i32>,
    pub regio: Option<String>,
    pub niveau: Niveau,
    /// How the exports are written.
    pub(crate) mapping: Mapping,
    /// Percentages of the declared amount that may be fout, uncertain, and those two together.
    pub tolerantie: [Option<Decimal>; 3],
    /// Who answers for the rapport.
    pub(crate) ondertekening: Ondertekening,
    /// What the ledger has, where that is stated.
    pub(crate) grootboek: Option<Grootboek>,
    /// SHA-256 of the file; none where there is none.
    pub(crate) sha256: Option<String>,
}

/// Who answers for a rapport; empty where nobody is named.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ondertekening {
    /// Who prepared it.
    #[serde(default)]
    pub opsteller: String,
    /// Who looks at that work.
    #[serde(default)]
    pub reviewer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    jaar: Option<i32>,
    regio: Option<String>,
    #[serde(default)]
    niveau: Niveau,
    #[serde(default)]
    kolommen: mapping_toml::Names,
    #[serde(default)]
    bestanden: mapping_toml::Files,
    #[serde(default)]
    waarden: mapping_toml::Values,
    #[serde(default)]
    bedragen: mapping_toml::Settings,
    #[serde(default)]
    datums: mapping_toml::Settings,
    #[serde(default)]
    meenemen: mapping_toml::Riding,
    #[serde(default)]
    tolerantie: TolerantieToml,
    #[serde(default)]
    ondertekening: Ondertekening,
    grootboek: Option<GrootboekToml>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TolerantieToml {
    fouten: Option<Spanned<String>>,
    onzekerheden: Option<Spanned<String>>,
    samen: Option<Spanned<String>>,
}

impl DossierSettings {
    /// Reads `controle.toml` of this folder, whatever the case of its name; all defaults where there
    /// is none.
    pub fn read(dir: &Path) -> Result<DossierSettings, Box<ConfigError>> {
        let Some(path) = settings_file(dir) else { return Ok(DossierSettings::default()) };
        match crate::ground::read_short_text(&path) {
            // Notepad writes a byte order mark.
            Ok(content) => {
                DossierSettings::from_text(content.strip_prefix('\u{feff}').unwrap_or(&content))
            }
            Err(e) => Err(ConfigError::loose(
                format!("{FILE_NAME} kan niet gelezen worden: {}", io_cause(&e)),
                "controleer of het een tekstbestand in UTF-8 is en of u het mag lezen",
            )),
        }
    }

    pub(crate) fn from_text(content: &str) -> Result<DossierSettings, Box<ConfigError>> {
        let b: SettingsFile =
            toml::from_str(content).map_err(|e| ConfigError::from_toml(FILE_NAME, content, &e))?;
        let tables = MappingTables {
            kolommen: b.kolommen,
            bestanden: b.bestanden,
            waarden: b.waarden,
            bedragen: b.bedragen,
            datums: b.datums,
            meenemen: b.meenemen,
        };
        Ok(DossierSettings {
            jaar: b.jaar,
            regio: b.regio,
            niveau: b.niveau,
            mapping: tables.mapping(content)?,
            tolerantie: [
                procent(content, b.tolerantie.fouten)?,
                procent(content, b.tolerantie.onzekerheden)?,
                procent(content, b.tolerantie.samen)?,
            ],
            ondertekening: b.ondertekening,
            grootboek: b.grootboek.map(|g| g.read(content)).transpose()?,
            sha256: Some(hex(&Sha256::digest(content))),
        })
    }
}

/// The file with the settings of this folder: `controle.toml`, else one that differs in case alone.
pub(crate) fn settings_file(dir: &Path) -> Option<PathBuf> {
    let usual = dir.join(FILE_NAME);
    if usual.symlink_metadata().is_ok() {
        return Some(usual);
    }
    let in_other_case = |entry: &std::fs::DirEntry| {
        entry.file_name().to_str().is_some_and(|name| name.eq_ignore_ascii_case(FILE_NAME))
    };
    let mut found: Vec<PathBuf> =
        dir.read_dir().ok()?.flatten().filter(in_other_case).map(|entry| entry.path()).collect();
    found.sort();
    found.into_iter().next()
}

/// Does this folder have settings?
pub(crate) fn has_settings(dir: &Path) -> bool {
    settings_file(dir).is_some()
}

/// A percentage such as `"1%"` or `"0,5%"`.
fn procent(
    content: &str,
    text: Option<Spanned<String>>,
) -> Result<Option<Decimal>, Box<ConfigError>> {
    let Some(text) = text else { return Ok(None) };
    let number = text.get_ref().strip_suffix('%').map(|t| t.trim().replace(',', "."));
    let value = number.and_then(|t| Decimal::from_str_exact(&t).ok());
    let in_range = |p: &Decimal| *p >= Decimal::ZERO && *p <= Decimal::ONE_HUNDRED;
    value.filter(in_range).map(Some).ok_or_else(|| {
        ConfigError::in_file(
            FILE_NAME,
            content,
            text.span(),
            format!("'{}' is geen percentage", text.get_ref()),
            "schrijf een percentage van 0 tot en met 100 tussen aanhalingstekens, zoals \"1%\" of \"0,5%\"",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_key_or_column_names_its_line_and_the_likeliest_right_one() {
        let error = DossierSettings::from_text("jaar = 2023\nregoi = \"x\"\n").unwrap_err();
        assert!(error.bericht.contains("regel 2"), "{}", error.bericht);
        assert!(error.bericht.contains("onbekende sleutel `regoi`"), "{}", error.bericht);
        let error =
            DossierSettings::from_text("[kolommen]\n\"Toew\" = \"ToewijzingNumer\"").unwrap_err();
        assert!(error.bericht.contains("regel 2"), "{}", error.bericht);
        let error = DossierSettings::from_text("[tolerantie]\nfouten = \"een\"\n").unwrap_err();
        assert!(error.bericht.contains("regel 2: 'een' is geen percentage"), "{}", error.bericht);
        let good = DossierSettings::from_text("[tolerantie]\nfouten = \"0,5%\"\n").unwrap();
        assert_eq!(good.tolerantie, [Some(Decimal::new(5, 1)), None, None]);
        let error =
            DossierSettings::from_text("[kolommen]\n\"Toew\" = \"ToewijzingNumer\"").unwrap_err();
        assert_eq!(error.advice, "bedoelt u \"ToewijzingNummer\"?");
    }
}
