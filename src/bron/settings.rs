//! `controle.toml`: what a dossier says of itself.

use super::fields::{AmountFormat, DecimalMark, MoneyUnit};
use super::header::ColumnNames;
use crate::dossier::{Kolom, Niveau};
use crate::ground::config::{ConfigError, like};
use crate::ground::io_cause;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;

/// Name of the file in the dossier.
pub(crate) const FILE_NAME: &str = "controle.toml";

/// The settings of one dossier; each may be absent.
#[derive(Clone, Debug, Default)]
pub struct DossierSettings {
    pub jaar: Option<i32>,
    pub regio: Option<String>,
    pub niveau: Niveau,
    pub(crate) column_names: ColumnNames,
    pub(crate) bedragen: AmountFormat,
    /// Percentages of the declared amount that may be fout and uncertain.
    pub tolerantie: [Option<Decimal>; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    jaar: Option<i32>,
    regio: Option<String>,
    #[serde(default)]
    niveau: Niveau,
    #[serde(default)]
    kolommen: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    bedragen: AmountsTable,
    #[serde(default)]
    tolerantie: TolerantieToml,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TolerantieToml {
    fouten: Option<Spanned<String>>,
    onzekerheden: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AmountsTable {
    decimaal: Option<DecimalMark>,
    #[serde(default)]
    eenheid: MoneyUnit,
}

impl DossierSettings {
    /// Reads `controle.toml` of this folder; all defaults where there is none.
    pub fn read(dir: &Path) -> Result<DossierSettings, Box<ConfigError>> {
        let path = dir.join(FILE_NAME);
        match std::fs::read_to_string(&path) {
            Ok(content) => DossierSettings::from_text(&content),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(DossierSettings::default()),
            Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => {
                Ok(DossierSettings::default())
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
        let mut pairs = Vec::new();
        for (own, onze) in b.kolommen {
            let name = onze.get_ref();
            let kolom = Kolom::ALL.iter().find(|k| k.name() == name).ok_or_else(|| {
                let names = Kolom::ALL.iter().map(|k| k.name());
                let advice = match like(name, names) {
                    Some(k) => format!("bedoelt u \"{k}\"?"),
                    None => "gebruik rechts van het is-teken een kolomnaam van rechtmatig; links staat de kop van uw export".into(),
                };
                ConfigError::in_file(
                    FILE_NAME,
                    content,
                    onze.span(),
                    format!("'{name}' is geen kolom van rechtmatig"),
                    advice,
                )
            })?;
            pairs.push((own, *kolom));
        }
        Ok(DossierSettings {
            jaar: b.jaar,
            regio: b.regio,
            niveau: b.niveau,
            column_names: ColumnNames::new(pairs),
            tolerantie: [
                procent(content, b.tolerantie.fouten)?,
                procent(content, b.tolerantie.onzekerheden)?,
            ],
            bedragen: AmountFormat {
                decimal_mark: b.bedragen.decimaal,
                eenheid: b.bedragen.eenheid,
            },
        })
    }
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
        assert_eq!(good.tolerantie, [Some(Decimal::new(5, 1)), None]);
        let error =
            DossierSettings::from_text("[kolommen]\n\"Toew\" = \"ToewijzingNumer\"").unwrap_err();
        assert_eq!(error.advice, "bedoelt u \"ToewijzingNummer\"?");
    }
}
