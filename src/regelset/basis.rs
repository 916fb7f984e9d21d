//! Inheritance: a ruleset is the one that it builds on, with what its own file says.

use super::bestand::Bestand;
use super::tekst::{Tekst, Uitkomst};
use super::{
    Beroepentabel, Deelnames, Functielijst, Gemeentecodes, Perceeltabel, Regelkenmerk, Regelset,
    Regelsetbron,
};
use crate::dossier::Dag;
use crate::ground::config::{ConfigFout, gelijkende};
use hashbrown::HashMap;
use std::collections::BTreeMap;

impl Regelset {
    /// Reads a region's ruleset and those that it builds on.
    pub fn lees(naam: &str, bron: &Regelsetbron, bekend: &[Regelkenmerk]) -> Uitkomst<Regelset> {
        let bestandsnaam = format!("{naam}.toml");
        let inhoud = bron.inhoud(&bestandsnaam)?.ok_or_else(|| geen_regelset(naam, bron))?;
        let tekst = Tekst { naam: &bestandsnaam, inhoud: &inhoud };
        let bestand: Bestand = toml::from_str(&inhoud)
            .map_err(|e| ConfigFout::van_toml(&bestandsnaam, &inhoud, &e))?;
        let mut set = match &bestand.regelset.basis {
            None => Regelset::leeg(tekst.dag(&bestand.regelset.vanaf)?),
            Some(basis) if basis.get_ref() == naam => {
                return Err(tekst.fout(
                    basis.span(),
                    "een regelset bouwt niet op zichzelf",
                    "kies een andere basis",
                ));
            }
            Some(basis) => Regelset::lees(basis.get_ref(), bron, bekend)?,
        };
        set.neem_bestand_op(&tekst, bestand, bron, bekend)?;
        Ok(set)
    }

    fn leeg(vanaf: Dag) -> Regelset {
        Regelset {
            naam: String::new(),
            titel: String::new(),
            versie: String::new(),
            vanaf,
            tot: None,
            documenten: Vec::new(),
            bestanden: Vec::new(),
            niet_te_toetsen: Vec::new(),
            beschikkingsvrij: Vec::new(),
            doorbelasting: false,
            afleiding: None,
            beroepentabel: Beroepentabel::default(),
            vaktherapie: Functielijst::default(),
            deelnames: Deelnames::default(),
            gemeentecodes: Gemeentecodes::default(),
            percelen: Perceeltabel::default(),
            eigen: Vec::new(),
            regels: BTreeMap::new(),
            catalogus: HashMap::new(),
            tarieven: Vec::new(),
        }
    }
}

fn geen_regelset(naam: &str, bron: &Regelsetbron) -> Box<ConfigFout> {
    let namen = bron.namen();
    let raad = match gelijkende(naam, namen.iter().map(String::as_str)) {
        Some(wel) => {
            format!("bedoelt u {wel}? Geef --regio {wel}, of regio = \"{wel}\" in controle.toml")
        }
        None => format!("kies uit: {}", namen.join(", ")),
    };
    ConfigFout::los(format!("er is geen regelset '{naam}'"), raad)
}
