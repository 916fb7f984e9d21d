//! `controle.toml`: what a dossier says of itself.

use super::kop::Kolomnamen;
use super::velden::{Bedragen, Decimaalteken, Geldeenheid};
use crate::dossier::{Kolom, Niveau};
use crate::ground::config::{ConfigFout, gelijkende};
use crate::ground::io_oorzaak;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;

/// Name of the file in the dossier.
pub const BESTANDSNAAM: &str = "controle.toml";

/// The settings of one dossier; each may be absent.
#[derive(Clone, Debug, Default)]
pub struct Instelling {
    pub jaar: Option<i32>,
    pub regio: Option<String>,
    pub niveau: Niveau,
    pub kolomnamen: Kolomnamen,
    pub bedragen: Bedragen,
    /// Percentages of the declared amount that may be fout and uncertain.
    pub tolerantie: [Option<Decimal>; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bestand {
    jaar: Option<i32>,
    regio: Option<String>,
    #[serde(default)]
    niveau: Niveau,
    #[serde(default)]
    kolommen: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    bedragen: BedragenTabel,
    #[serde(default)]
    tolerantie: TolerantieTabel,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TolerantieTabel {
    fouten: Option<Spanned<String>>,
    onzekerheden: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BedragenTabel {
    decimaal: Option<Decimaalteken>,
    #[serde(default)]
    eenheid: Geldeenheid,
}

impl Instelling {
    /// Reads `controle.toml` of this folder; all defaults where there is none.
    pub fn lees(map: &Path) -> Result<Instelling, Box<ConfigFout>> {
        let pad = map.join(BESTANDSNAAM);
        match std::fs::read_to_string(&pad) {
            Ok(inhoud) => Instelling::uit_tekst(&inhoud),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Instelling::default()),
            Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => Ok(Instelling::default()),
            Err(e) => Err(ConfigFout::los(
                format!("{BESTANDSNAAM} kan niet gelezen worden: {}", io_oorzaak(&e)),
                "controleer of het een tekstbestand in UTF-8 is en of u het mag lezen",
            )),
        }
    }

    pub fn uit_tekst(inhoud: &str) -> Result<Instelling, Box<ConfigFout>> {
        let b: Bestand =
            toml::from_str(inhoud).map_err(|e| ConfigFout::van_toml(BESTANDSNAAM, inhoud, &e))?;
        let mut paren = Vec::new();
        for (eigen, onze) in b.kolommen {
            let naam = onze.get_ref();
            let kolom = Kolom::ALLE.iter().find(|k| k.naam() == naam).ok_or_else(|| {
                let namen = Kolom::ALLE.iter().map(|k| k.naam());
                let raad = match gelijkende(naam, namen) {
                    Some(k) => format!("bedoelt u \"{k}\"?"),
                    None => "gebruik rechts van het is-teken een kolomnaam van rechtmatig; links staat de kop van uw export".into(),
                };
                ConfigFout::in_bestand(
                    BESTANDSNAAM,
                    inhoud,
                    onze.span(),
                    format!("'{naam}' is geen kolom van rechtmatig"),
                    raad,
                )
            })?;
            paren.push((eigen, *kolom));
        }
        Ok(Instelling {
            jaar: b.jaar,
            regio: b.regio,
            niveau: b.niveau,
            kolomnamen: Kolomnamen::nieuw(paren),
            tolerantie: [
                procent(inhoud, b.tolerantie.fouten)?,
                procent(inhoud, b.tolerantie.onzekerheden)?,
            ],
            bedragen: Bedragen { decimaal: b.bedragen.decimaal, eenheid: b.bedragen.eenheid },
        })
    }
}

/// A percentage such as `"1%"` or `"0,5%"`.
fn procent(
    inhoud: &str,
    tekst: Option<Spanned<String>>,
) -> Result<Option<Decimal>, Box<ConfigFout>> {
    let Some(tekst) = tekst else { return Ok(None) };
    let getal = tekst.get_ref().strip_suffix('%').map(|t| t.trim().replace(',', "."));
    let waarde = getal.and_then(|t| Decimal::from_str_exact(&t).ok());
    let in_bereik = |p: &Decimal| *p >= Decimal::ZERO && *p <= Decimal::ONE_HUNDRED;
    waarde.filter(in_bereik).map(Some).ok_or_else(|| {
        ConfigFout::in_bestand(
            BESTANDSNAAM,
            inhoud,
            tekst.span(),
            format!("'{}' is geen percentage", tekst.get_ref()),
            "schrijf een percentage van 0 tot en met 100 tussen aanhalingstekens, zoals \"1%\" of \"0,5%\"",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_key_or_column_names_its_line_and_the_likeliest_right_one() {
        let fout = Instelling::uit_tekst("jaar = 2023\nregoi = \"x\"\n").unwrap_err();
        assert!(fout.bericht.contains("regel 2"), "{}", fout.bericht);
        assert!(fout.bericht.contains("onbekende sleutel `regoi`"), "{}", fout.bericht);
        let fout = Instelling::uit_tekst("[kolommen]\n\"Toew\" = \"ToewijzingNumer\"").unwrap_err();
        assert!(fout.bericht.contains("regel 2"), "{}", fout.bericht);
        let fout = Instelling::uit_tekst("[tolerantie]\nfouten = \"een\"\n").unwrap_err();
        assert!(fout.bericht.contains("regel 2: 'een' is geen percentage"), "{}", fout.bericht);
        let goed = Instelling::uit_tekst("[tolerantie]\nfouten = \"0,5%\"\n").unwrap();
        assert_eq!(goed.tolerantie, [Some(Decimal::new(5, 1)), None]);
        let fout = Instelling::uit_tekst("[kolommen]\n\"Toew\" = \"ToewijzingNumer\"").unwrap_err();
        assert_eq!(fout.raad, "bedoelt u \"ToewijzingNummer\"?");
    }
}
