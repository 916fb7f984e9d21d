//! Which files a dossier has, by the start of their names; messages by their content.

use super::fout::BronFout;
use super::ijw::{self, Bericht, Berichtfout};
use super::instelling;
use super::plek::{self, Plek, Zipfout};
use super::vorm::Vorm;
use crate::dossier::{Bestand, Cent, Kolommen, Soort};
use crate::ground::io_oorzaak;
use std::path::{Path, PathBuf};

/// A file of a kind that we read.
#[derive(Debug)]
pub struct Vondst {
    pub plek: Plek,
    /// Path relative to the dossier, with `/` between the parts and nothing in it that could be a
    /// BSN.
    pub naam: String,
    pub soort: Soort,
    pub bytes: u64,
    /// The kind of iJw message that it holds, if it is one.
    pub bericht: Option<Bericht>,
}

impl Vondst {
    pub fn leeg_bestand(&self) -> Bestand {
        Bestand {
            pad: self.naam.clone(),
            soort: self.soort,
            kolommen: Kolommen::default(),
            gelezen: 0,
            aanvaard: 0,
            afgekeurd: 0,
            genegeerd: 0,
            bytes: 0,
            sha256: String::new(),
            debet: Cent::NUL,
            credit: Cent::NUL,
        }
    }
}

/// The files of a dossier, in the order of their relative paths, by bytes.
#[derive(Debug, Default)]
pub struct Gevonden {
    pub bestanden: Vec<Vondst>,
    pub waarschuwingen: Vec<String>,
    /// XML files that hold no message that is read.
    pub geweigerd: Vec<(String, Berichtfout)>,
    /// Are XML files passed over, without a look at what they hold?
    zonder_berichten: bool,
}

impl Gevonden {
    /// An XML file is known by its content, whatever its name.
    fn neem_bericht_op(&mut self, plek: Plek, naam: String) {
        match ijw::herken(&plek) {
            Ok(bericht) => {
                let (bytes, soort, bericht) = (plek.bytes(), bericht.soort(), Some(bericht));
                self.bestanden.push(Vondst { plek, naam, soort, bytes, bericht });
            }
            Err(fout) => self.geweigerd.push((naam, fout)),
        }
    }

    /// Takes up one file, by its path relative to the dossier.
    fn neem_op(&mut self, plek: Plek, naam: String) -> Result<(), BronFout> {
        let laatste = Path::new(&naam);
        match soort_van(laatste) {
            _ if is_ons_eigen(laatste) => {}
            _ if ijw::is_xml(laatste) && self.zonder_berichten => {}
            _ if ijw::is_xml(laatste) => self.neem_bericht_op(plek, naam),
            Some((soort, _)) if Vorm::van_naam(&naam).is_some_and(|v| v.past_bij(soort)) => {
                let bytes = plek.bytes();
                self.bestanden.push(Vondst { plek, naam, soort, bytes, bericht: None });
            }
            Some((_, vorm))
                if matches!(
                    vorm.as_str(),
                    "xlsx" | "xls" | "ods" | "parquet" | "gz" | "xml" | "zip"
                ) =>
            {
                return Err(BronFout::VormOnbekend { bestand: naam, vorm });
            }
            _ => self.waarschuwingen.push(format!("onbekend bestand met rust gelaten: {naam}")),
        }
        Ok(())
    }

    /// Takes up the files in a zip, in it or in a folder of it.
    fn neem_zip_op(&mut self, pad: &Path, naam: &str) -> Result<(), BronFout> {
        let delen = plek::inhoud(pad).map_err(|fout| {
            let bestand = naam.to_owned();
            match fout {
                Zipfout::TeGroot => BronFout::TeGrootUitgepakt { bestand },
                Zipfout::Kapot => BronFout::Zip { bestand, oorzaak: "de zip is beschadigd" },
                Zipfout::Wachtwoord => {
                    BronFout::Zip { bestand, oorzaak: "de zip heeft een wachtwoord" }
                }
                Zipfout::Inpakmethode => BronFout::Zip {
                    bestand,
                    oorzaak: "de zip is ingepakt op een manier die niet gelezen wordt",
                },
            }
        })?;
        for deel in delen {
            let stukken: Vec<&str> = deel.naam.split('/').filter(|s| !s.is_empty()).collect();
            if stukken.iter().any(|s| *s == "." || *s == "..") {
                let waar =
                    crate::ground::gemaskeerd(&format!("{naam}: {}", deel.naam)).into_owned();
                self.waarschuwingen
                    .push(format!("pad dat uit de zip wijst, met rust gelaten: {waar}"));
                continue;
            }
            if stukken.iter().any(|s| s.starts_with('.') || *s == "__MACOSX") {
                continue;
            }
            let heel =
                crate::ground::gemaskeerd(&format!("{naam}/{}", stukken.join("/"))).into_owned();
            if stukken.len() > 2 {
                self.waarschuwingen.push(format!("map te diep, met rust gelaten: {heel}"));
            } else {
                self.neem_op(Plek::Zip(deel), heel)?;
            }
        }
        Ok(())
    }
}

/// Is there such a folder at all?
pub fn is_map(map: &Path) -> Result<(), BronFout> {
    let kenmerk = std::fs::metadata(map)
        .map_err(|e| BronFout::GeenMap { map: map.to_owned(), oorzaak: io_oorzaak(&e) })?;
    if !kenmerk.is_dir() {
        return Err(BronFout::GeenMapMaarBestand { pad: map.to_owned() });
    }
    Ok(())
}

/// Looks in the folder and one level below it for files, but not in a folder with a `controle.toml`
/// of its own: that is another dossier. Finds files, of which those of the kinds `nodig` may
/// not be missing.
pub fn vind(map: &Path, nodig: &[Soort]) -> Result<Gevonden, BronFout> {
    zoek(map, nodig, Gevonden::default())
}

/// The tables alone, without a look into XML files.
pub fn vind_tabellen(map: &Path) -> Result<Gevonden, BronFout> {
    zoek(map, &[], Gevonden { zonder_berichten: true, ..Gevonden::default() })
}

fn zoek(map: &Path, nodig: &[Soort], mut gevonden: Gevonden) -> Result<Gevonden, BronFout> {
    is_map(map)?;
    let mut paden = Vec::new();
    let mut dossiers = Vec::new();
    for (pad, is_map) in inhoud(map)? {
        if is_map && pad.join(instelling::BESTANDSNAAM).is_file() {
            dossiers.push(relatief(map, &pad));
        } else if is_map && soort_van(&pad).is_none_or(|(_, vorm)| vorm.is_empty()) {
            paden.extend(inhoud(&pad)?);
        } else {
            paden.push((pad, is_map));
        }
    }
    gevonden.waarschuwingen.extend(dossiers.into_iter().map(|naam| {
        format!("{naam} is een dossier op zich (eigen controle.toml) en is niet meegelezen")
    }));
    for (pad, is_map) in paden {
        let naam = relatief(map, &pad);
        if !is_map && heeft_einde(&pad, "zip") {
            gevonden.neem_zip_op(&pad, &naam)?;
        } else if !is_map {
            gevonden.neem_op(Plek::Schijf(pad), naam)?;
        } else if soort_van(&pad).is_none_or(|(_, vorm)| vorm.is_empty()) {
            gevonden.waarschuwingen.push(format!("map te diep, met rust gelaten: {naam}"));
        } else {
            return Err(BronFout::IsMap { bestand: naam });
        }
    }
    gevonden.bestanden.sort_by(|a, b| a.naam.as_bytes().cmp(b.naam.as_bytes()));
    gevonden.waarschuwingen.sort();
    gevonden.geweigerd.sort();
    for &soort in nodig {
        if soort == Soort::Declaraties
            && !gevonden.bestanden.iter().any(|v| v.soort == soort)
            && let Some((bestand, fout)) = gevonden.geweigerd.first().cloned()
        {
            let aantal = gevonden.geweigerd.len();
            return Err(BronFout::AlleenGeweigerd { aantal, bestand, fout });
        }
        if !gevonden.bestanden.iter().any(|v| v.soort == soort) {
            return Err(BronFout::SoortOntbreekt { map: map.to_owned(), soort });
        }
    }
    Ok(gevonden)
}

/// What a folder holds, hidden files left out.
fn inhoud(map: &Path) -> Result<Vec<(PathBuf, bool)>, BronFout> {
    let fout =
        |e: std::io::Error| BronFout::GeenMap { map: map.to_owned(), oorzaak: io_oorzaak(&e) };
    let mut paden = Vec::new();
    for ding in std::fs::read_dir(map).map_err(fout)? {
        let pad = ding.map_err(fout)?.path();
        if !naam_van(&pad).starts_with('.') {
            let is_map = pad.is_dir();
            paden.push((pad, is_map));
        }
    }
    paden.sort();
    Ok(paden)
}

fn heeft_einde(pad: &Path, einde: &str) -> bool {
    pad.extension().is_some_and(|e| e.eq_ignore_ascii_case(einde))
}

fn naam_van(pad: &Path) -> String {
    pad.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Kind by the start of the name, and the form by its end.
fn soort_van(pad: &Path) -> Option<(Soort, String)> {
    let naam = naam_van(pad).to_lowercase();
    let soort = Soort::ALLE.into_iter().find(|s| naam.starts_with(s.naam()))?;
    let vorm = naam.rsplit_once('.').map(|(_, vorm)| vorm.to_owned()).unwrap_or_default();
    Some((soort, vorm))
}

/// The settings, and texts for people.
fn is_ons_eigen(pad: &Path) -> bool {
    let naam = naam_van(pad).to_lowercase();
    naam == instelling::BESTANDSNAAM || naam.starts_with("readme") || naam.starts_with("leesmij")
}

fn relatief(map: &Path, pad: &Path) -> String {
    let delen: Vec<String> = pad
        .strip_prefix(map)
        .unwrap_or(pad)
        .components()
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    crate::ground::gemaskeerd(&delen.join("/")).into_owned()
}
