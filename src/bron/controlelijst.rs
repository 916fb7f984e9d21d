//! A filled-in audit sample: what a person found on each line.

use super::fout::BronFout;
use super::plek::Plek;
use super::rij::{Rij, keus};
use super::small::lees_klein;
use super::tabel::{Invoer, Leeswijze, Tabel};
use super::velden::{self, Leesreden};
use super::vorm::Vorm;
use crate::dossier::{BestandNr, Cent, Kolom, Soort};
use crate::ground::gemaskeerd;
use std::path::Path;

/// What a person judges of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oordeel {
    Goed,
    Fout,
    Onzeker,
}

impl Oordeel {
    pub const ALLE: [Oordeel; 3] = [Oordeel::Goed, Oordeel::Fout, Oordeel::Onzeker];

    pub fn naam(self) -> &'static str {
        match self {
            Oordeel::Goed => "goed",
            Oordeel::Fout => "fout",
            Oordeel::Onzeker => "onzeker",
        }
    }
}

/// One row of a filled-in sample.
#[derive(Clone, Debug)]
pub struct Controleregel {
    pub id: String,
    /// How the sample was drawn, as the program wrote it.
    pub steekproef: String,
    pub ingediend_bedrag: Cent,
    /// `None` where nobody has judged the line yet.
    pub oordeel: Option<Oordeel>,
    /// What the line should have been, where that was filled in.
    pub vastgesteld_bedrag: Option<Cent>,
    pub bevinding: String,
    pub toelichting: String,
    /// 1-based row of the sheet or line of the file.
    pub regelnummer: u32,
}

/// A cell of a filled-in sample that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leesprobleem {
    pub regelnummer: u32,
    pub kolom: Option<Kolom>,
    pub waarde: String,
    pub reden: String,
}

/// A filled-in sample as it was read.
#[derive(Clone, Debug)]
pub struct Controlelijst {
    /// Name of the file, for messages.
    pub naam: String,
    pub sha256: String,
    pub regels: Vec<Controleregel>,
    pub problemen: Vec<Leesprobleem>,
}

/// Reads a filled-in sample, a workbook or a CSV.
pub fn lees_controlelijst(pad: &Path) -> Result<Controlelijst, BronFout> {
    let naam = pad.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let naam = gemaskeerd(&naam).into_owned();
    match Vorm::van_naam(&naam) {
        Some(vorm) if vorm.past_bij(Soort::Steekproef) => {}
        _ => {
            let vorm = pad.extension().map(|v| v.to_string_lossy().into_owned());
            return Err(BronFout::VormOnbekend {
                bestand: naam,
                vorm: vorm.unwrap_or_else(|| "zonder achtervoegsel".to_owned()),
            });
        }
    }
    let tabel = Tabel { naam: &naam, soort: Soort::Steekproef, nr: BestandNr(0) };
    let plek = Plek::Schijf(pad.to_owned());
    let (regels, gelezen) =
        lees_klein(&tabel, &Invoer::Bestand(&plek), &Leeswijze::default(), controleregel, &|_| {})?;
    let problemen = gelezen.verslag.fouten.into_iter().map(|f| Leesprobleem {
        regelnummer: f.regelnummer,
        kolom: f.kolom,
        waarde: f.waarde.into(),
        reden: match f.reden {
            Leesreden::BedragDubbelzinnig => {
                "dubbelzinnig bedrag; schrijf het met twee decimalen, zoals 1234,00".to_owned()
            }
            Leesreden::BedragNegatief => "een bedrag is hier nul of meer".to_owned(),
            reden => reden.to_string(),
        },
    });
    let problemen = problemen.collect();
    Ok(Controlelijst { naam: naam.clone(), sha256: gelezen.sha256, regels, problemen })
}

fn controleregel(mut rij: Rij<'_>, uit: &mut Vec<Controleregel>) {
    let id = rij.tekst(Kolom::Id);
    let steekproef = rij.tekst(Kolom::Steekproef);
    let ingediend = rij.bedrag(Kolom::IngediendBedrag);
    let oordeel = rij.optioneel(Kolom::Oordeel, |c| {
        keus(c, &Oordeel::ALLE.map(|o| (o.naam(), o)), "goed, fout of onzeker")
    });
    let hoe = rij.bedragen;
    let vastgesteld = rij.optioneel(Kolom::VastgesteldBedrag, |c| velden::bedrag(c, hoe));
    let bevinding = rij.tekst_of_leeg(Kolom::Bevinding).to_owned();
    let toelichting = rij.tekst_of_leeg(Kolom::Toelichting).to_owned();
    let regelnummer = rij.regelnummer();
    let gelezen = (|| {
        Some(Controleregel {
            id: id?.to_owned(),
            steekproef: steekproef?.to_owned(),
            ingediend_bedrag: ingediend?,
            oordeel,
            vastgesteld_bedrag: vastgesteld,
            bevinding,
            toelichting,
            regelnummer,
        })
    })();
    uit.extend(rij.sluit(gelezen));
}
