//! A dossier with its settings and the ruleset under which it is read, and the joined dossier.

use super::choice::ruleset_source;
use super::{AuditError, Progress, Step};
use crate::bron::{
    InMemory, Ingelezen, Instelling, Invoerfout, Leesopties, Leesstand, Leeswijze, is_map,
    lees_dossier,
};
use crate::dossier::{Beoordeling, Dossier, Koppeling, Niveau};
use crate::ground::config::ConfigFout;
use crate::regels::kenmerken;
use crate::regelset::Regelset;
use crate::toetsing::Controle;
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};

/// The ruleset where neither the user nor the dossier names one.
const REGIO: &str = "ijsselland";

/// What is asked of an audit: the dossier, and what the user says of it beside `controle.toml`.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Folder of the dossier.
    pub dossier: PathBuf,
    /// Leverjaar; without one that of `controle.toml`.
    pub jaar: Option<i32>,
    /// Ruleset; without one that of `controle.toml`, else IJsselland's.
    pub regio: Option<String>,
    /// Folder with rulesets of the user's own.
    pub rulesets: Option<PathBuf>,
    /// Codes or families of the rules to run; none means all.
    pub only: Vec<String>,
    /// Codes or families of rules not to run.
    pub without: Vec<String>,
    /// More refused rows than this percentage of a file stop the run.
    pub max_afgekeurd: Decimal,
    /// Is a dossier without any toewijzing of use?
    pub without_toewijzingen: bool,
}

impl Spec {
    /// Share of refused rows, in percents, above which a file is more likely misread than bad.
    pub const MAX_AFGEKEURD: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

    /// The audit of this dossier as its own settings have it.
    pub fn new(dossier: impl Into<PathBuf>) -> Spec {
        Spec {
            dossier: dossier.into(),
            jaar: None,
            regio: None,
            rulesets: None,
            only: Vec::new(),
            without: Vec::new(),
            max_afgekeurd: Spec::MAX_AFGEKEURD,
            without_toewijzingen: false,
        }
    }
}

/// A dossier with its settings and the ruleset under which it is read.
pub struct Setup {
    pub dossier: PathBuf,
    pub instelling: Instelling,
    /// Name of the ruleset as it was chosen.
    pub regio: String,
    pub regelset: Regelset,
    pub opties: Leesopties,
}

impl Setup {
    /// Reads the settings of the dossier and the ruleset that it names; no row is read yet.
    ///
    /// # Errors
    /// No such dossier, or settings or a ruleset that can't be read.
    pub fn open(spec: &Spec) -> Result<Setup, AuditError> {
        let instelling = settings(&spec.dossier)?;
        let regio = spec.regio.clone().or_else(|| instelling.regio.clone());
        let regio = regio.unwrap_or_else(|| REGIO.to_owned());
        let source = ruleset_source(spec.rulesets.as_deref())?;
        let regelset = Regelset::lees(&regio, &source, &kenmerken())?;
        Ok(Setup::new(spec, instelling, regio, regelset))
    }

    /// The same under a ruleset that is at hand.
    ///
    /// # Errors
    /// No such dossier, or settings that can't be read.
    pub fn under(spec: &Spec, regelset: Regelset) -> Result<Setup, AuditError> {
        let instelling = settings(&spec.dossier)?;
        Ok(Setup::new(spec, instelling, regelset.naam.clone(), regelset))
    }

    fn new(spec: &Spec, instelling: Instelling, regio: String, regelset: Regelset) -> Setup {
        let opties = Leesopties {
            wijze: Leeswijze {
                kolomnamen: instelling.kolomnamen.clone(),
                bedragen: instelling.bedragen,
                zonder_bsn: regelset.beschikkingsvrij.clone(),
            },
            toewijzingen_nodig: !spec.without_toewijzingen && regelset.beschikkingsvrij.is_empty(),
            max_afgekeurd: spec.max_afgekeurd,
        };
        Setup { dossier: spec.dossier.clone(), instelling, regio, regelset, opties }
    }

    /// The leverjaar to audit: `asked`, or what the settings say.
    ///
    /// # Errors
    /// There is none, or the ruleset has no rules for it.
    pub fn leverjaar(&self, asked: Option<i32>) -> Result<i32, Box<ConfigFout>> {
        leverjaar(asked.or(self.instelling.jaar), &self.regelset)
    }

    /// Reads all rows into memory.
    ///
    /// # Errors
    /// A dossier that can't be audited.
    pub fn read(&self, tell: &(dyn Fn(Progress) + Sync)) -> Result<Ingelezen, AuditError> {
        tell(Progress::Step(Step::Reading));
        let done = |stand: Leesstand| {
            tell(Progress::Done { done: stand.bytes, total: stand.totaal, lines: 0 });
        };
        Ok(lees_dossier(&self.dossier, &self.opties, &mut InMemory::default(), &done)?)
    }

    /// Joins what was read, lines and all. The dossier's own products and tariffs are in the
    /// ruleset from then on.
    pub fn join(self, read: Ingelezen) -> Joined {
        let (mut joined, linker) = self.join_tables(read);
        linker.link_whole(&mut joined.dossier);
        joined
    }

    /// The same but for the lines, which are left as they were read.
    pub(super) fn join_tables(mut self, read: Ingelezen) -> (Joined, Koppeling) {
        self.regelset.vul_catalogus_aan(read.producten);
        self.regelset.vul_tarieven_aan(read.tarieven);
        let (dossier, linker) =
            read.rijen.join(|categorie, code| self.regelset.catalogusrij(categorie, code).cloned());
        let joined = Joined {
            dossier,
            regelset: self.regelset,
            niveau: self.instelling.niveau,
            tolerantie: self.instelling.tolerantie,
            beoordelingen: read.beoordelingen,
            fouten: read.fouten,
            waarschuwingen: read.waarschuwingen,
        };
        (joined, linker)
    }
}

/// The leverjaar that is asked, if the ruleset has rules for it.
///
/// # Errors
/// None is asked, or the ruleset has no rules for it.
pub fn leverjaar(asked: Option<i32>, regelset: &Regelset) -> Result<i32, Box<ConfigFout>> {
    let jaar = asked.ok_or_else(|| {
        ConfigFout::los(
            "het leverjaar ontbreekt",
            "geef --jaar 2023, of zet jaar = 2023 in controle.toml",
        )
    })?;
    if regelset.geldt_voor(jaar) {
        return Ok(jaar);
    }
    let tot = regelset.tot.map_or("heden".to_owned(), |t| t.jaar().to_string());
    Err(ConfigFout::los(
        format!("regelset {} heeft geen regels voor {jaar}", regelset.naam),
        format!(
            "kies een jaar van {} tot en met {tot}, of een andere regelset met --regio",
            regelset.vanaf.jaar()
        ),
    ))
}

fn settings(dossier: &Path) -> Result<Instelling, AuditError> {
    is_map(dossier)?;
    Ok(Instelling::lees(dossier)?)
}

/// A joined dossier with the ruleset under which it was read, and what reading it told.
pub struct Joined {
    pub dossier: Dossier,
    pub regelset: Regelset,
    pub niveau: Niveau,
    /// Percentages of the declared amount that may be fout and uncertain.
    pub tolerantie: [Option<Decimal>; 2],
    /// Verdicts on findings of an earlier run.
    pub beoordelingen: Vec<Beoordeling>,
    pub fouten: Vec<Invoerfout>,
    /// What the user should know of the input, in Dutch sentences.
    pub waarschuwingen: Vec<String>,
}

impl Joined {
    /// This dossier as the rules see it in the audit of a year.
    pub fn controle(&self, jaar: i32) -> Controle<'_> {
        Controle::nieuw(&self.dossier, &self.regelset, jaar, self.niveau)
    }
}
