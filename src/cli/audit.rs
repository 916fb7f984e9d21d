//! What is audited and how, for the commands that do a part of an audit: the same options in each,
//! with the meaning that they have for `controleer`.

use super::controleer::{MAX_AFGEKEURD, Stop, draden, jaar, leverjaar, percentage};
use super::keuze;
use crate::bron::{Instelling, Leesopties, Stamgegevens, is_map};
use crate::delen::{Kenmerk, Opdracht};
use crate::dossier::{Beoordeling, Bestand, Onverbonden};
use crate::ground::gemaskeerd;
use crate::regels::{REGISTER, kenmerken};
use crate::regelset::Regelset;
use crate::toetsing::AuditRule;
use clap::Args;
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Keuzes {
    /// Map met het hele dossier, ook als dit maar een deel ervan is
    #[arg(value_name = "DOSSIER")]
    pub dossier: PathBuf,
    /// Leverjaar, bijvoorbeeld 2023 (of jaar in controle.toml)
    #[arg(long, value_name = "JAAR", value_parser = jaar)]
    pub jaar: Option<i32>,
    /// Regelset (of regio in controle.toml) [standaard: ijsselland]
    #[arg(long, value_name = "NAAM")]
    pub regio: Option<String>,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    pub regels: Option<PathBuf>,
    /// Alleen deze regels of families, zoals NS01,TL
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub alleen: Vec<String>,
    /// Zonder deze regels of families
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub zonder: Vec<String>,
    /// Aantal draden [standaard: alle processorkernen]
    #[arg(long, value_name = "N", value_parser = draden)]
    pub draden: Option<usize>,
    /// Hoogste deel afgekeurde regels per bestand [standaard: 5%]
    #[arg(long, value_name = "DEEL", value_parser = percentage)]
    pub max_afgekeurd: Option<Decimal>,
}

/// An audit as these options describe it.
pub struct Audit {
    dossier: PathBuf,
    pub instelling: Instelling,
    pub regio: String,
    regelset: Regelset,
    pub jaar: i32,
    pub regels: Vec<AuditRule>,
    pub opties: Leesopties,
}

/// The small tables' rows and the verdicts of an earlier run; the catalogue and the tariffs are in
/// the ruleset by then.
pub struct Kleinetabellen {
    pub rijen: Onverbonden,
    pub beoordelingen: Vec<Beoordeling>,
}

impl Keuzes {
    /// These options as given, for the manifest.
    pub fn gegeven(&self) -> Vec<(String, String)> {
        let pad = |p: &Path| gemaskeerd(&p.display().to_string()).into_owned();
        let codes = |codes: &[String]| (!codes.is_empty()).then(|| codes.join(","));
        let opties = [
            ("dossier", Some(pad(&self.dossier))),
            ("jaar", self.jaar.map(|j| j.to_string())),
            ("regio", self.regio.clone()),
            ("regels", self.regels.as_deref().map(pad)),
            ("alleen", codes(&self.alleen)),
            ("zonder", codes(&self.zonder)),
            ("draden", self.draden.map(|n| n.to_string())),
            ("max_afgekeurd", self.max_afgekeurd.map(|p| format!("{p}%"))),
        ];
        let gegeven = opties.into_iter().filter_map(|(naam, w)| Some((naam.to_owned(), w?)));
        gegeven.collect()
    }

    pub fn audit(&self) -> Result<Audit, Stop> {
        if let Some(n) = self.draden {
            // The global pool is still unused; a second call in one process keeps the first.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
        }
        is_map(&self.dossier)?;
        let instelling = Instelling::lees(&self.dossier)?;
        let regio = self.regio.clone().or(instelling.regio.clone());
        let regio = regio.unwrap_or_else(|| "ijsselland".to_owned());
        let bron = keuze::regelsetbron(self.regels.as_deref())?;
        let regelset = Regelset::lees(&regio, &bron, &kenmerken())?;
        let alle = AuditRule::all(REGISTER, &regelset);
        Ok(Audit {
            dossier: self.dossier.clone(),
            jaar: leverjaar(self.jaar.or(instelling.jaar), &regelset)?,
            regels: keuze::kies_regels(&alle, &self.alleen, &self.zonder)?,
            opties: Leesopties {
                wijze: keuze::leeswijze(&instelling, &regelset),
                toewijzingen_nodig: regelset.beschikkingsvrij.is_empty(),
                max_afgekeurd: self.max_afgekeurd.unwrap_or(MAX_AFGEKEURD),
            },
            instelling,
            regio,
            regelset,
        })
    }
}

impl Audit {
    pub fn dossier(&self) -> &Path {
        &self.dossier
    }

    pub fn kenmerk(&self) -> Kenmerk {
        Kenmerk::nieuw(&self.regelset, self.jaar, self.instelling.niveau, &self.regels)
    }

    /// Reads the small tables of a dossier with these files.
    pub fn lees_stamgegevens(&mut self, bestanden: &[Bestand]) -> Result<Kleinetabellen, Stop> {
        let klein = Stamgegevens::lees(&self.dossier, &self.opties, bestanden)?;
        self.regelset.vul_catalogus_aan(klein.producten);
        self.regelset.vul_tarieven_aan(klein.tarieven);
        Ok(Kleinetabellen { rijen: klein.rijen, beoordelingen: klein.beoordelingen })
    }

    /// What is asked of every part.
    pub fn opdracht(&self) -> Opdracht<'_> {
        Opdracht {
            regelset: &self.regelset,
            jaar: self.jaar,
            niveau: self.instelling.niveau,
            regels: &self.regels,
            // Which forms the rapport gets, is known only when it is made.
            met_verloop: true,
        }
    }
}
