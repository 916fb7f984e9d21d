//! Inheritance: a ruleset is the one that it builds on, with what its own file says.

use super::bestand::RulesetToml;
use super::tekst::{Parsed, SpannedText};
use super::{
    BeroepTable, Deelnames, FunctieList, Gemeentecodes, PerceelTable, Regelset, RuleDigest,
    RulesetSource,
};
use crate::dossier::Dag;
use crate::ground::config::{ConfigError, like};
use hashbrown::HashMap;
use std::collections::BTreeMap;

impl Regelset {
    /// Reads a region's ruleset and those that it builds on.
    pub fn read(name: &str, source: &RulesetSource, known: &[RuleDigest]) -> Parsed<Regelset> {
        let file_name = format!("{name}.toml");
        let content = source.content(&file_name)?.ok_or_else(|| no_regelset(name, source))?;
        let text = SpannedText { name: &file_name, content: &content };
        let file: RulesetToml = toml::from_str(&content)
            .map_err(|e| ConfigError::from_toml(&file_name, &content, &e))?;
        let mut set = match &file.regelset.basis {
            None => Regelset::empty(text.dag(&file.regelset.vanaf)?),
            Some(basis) if basis.get_ref() == name => {
                return Err(text.error(
                    basis.span(),
                    "een regelset bouwt niet op zichzelf",
                    "kies een andere basis",
                ));
            }
            Some(basis) => Regelset::read(basis.get_ref(), source, known)?,
        };
        set.add_file(&text, file, source, known)?;
        Ok(set)
    }

    fn empty(from: Dag) -> Regelset {
        Regelset {
            name: String::new(),
            title: String::new(),
            versie: String::new(),
            from,
            until: None,
            documents: Vec::new(),
            files: Vec::new(),
            not_testable: Vec::new(),
            beschikkingsvrij: Vec::new(),
            doorbelasting: false,
            afleiding: None,
            beroepentabel: BeroepTable::default(),
            afbakening: FunctieList::default(),
            deelnames: Deelnames::default(),
            gemeentecodes: Gemeentecodes::default(),
            percelen: PerceelTable::default(),
            own: Vec::new(),
            rules: BTreeMap::new(),
            poort: None,
            monitor: None,
            catalogus: HashMap::new(),
            tarieven: Vec::new(),
        }
    }
}

fn no_regelset(name: &str, source: &RulesetSource) -> Box<ConfigError> {
    let names = source.names();
    let advice = match like(name, names.iter().map(String::as_str)) {
        Some(does) => {
            format!("bedoelt u {does}? Geef --regio {does}, of regio = \"{does}\" in controle.toml")
        }
        None => format!("kies uit: {}", names.join(", ")),
    };
    ConfigError::loose(format!("er is geen regelset '{name}'"), advice)
}
