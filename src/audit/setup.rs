//! A dossier with its settings and the ruleset under which it is read, and the joined dossier.

use super::choice::ruleset_source;
use super::{AuditError, Progress, Step};
use crate::bron::{
    DossierSettings, GemeenteNames, Grootboek, InMemory, InputError, Knowledge, Ondertekening,
    PlausibleDates, ReadDossier, ReadMode, ReadOptions, ReadProgress, SourceError, Stamgegevens,
    is_dir, read_dossier,
};
use crate::dossier::{Beoordeling, Dossier, FileKind, Linker, Niveau, Reactie, SourceFile};
use crate::ground::config::ConfigError;
use crate::ground::memory::Budget;
use crate::regels::fingerprints;
use crate::regelset::Regelset;
use crate::toetsing::AuditContext;
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
    pub max_rejected: Decimal,
    /// Is a dossier without any toewijzing of use?
    pub without_toewijzingen: bool,
    /// Bytes of memory that the program may use; without it half of what the machine has.
    pub memory: Option<u64>,
}

impl Spec {
    /// Share of refused rows, in percents, above which a file is more likely misread than bad.
    pub(crate) const MAX_REJECTED: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

    /// The audit of this dossier as its own settings have it.
    pub fn new(dossier: impl Into<PathBuf>) -> Spec {
        Spec {
            dossier: dossier.into(),
            jaar: None,
            regio: None,
            rulesets: None,
            only: Vec::new(),
            without: Vec::new(),
            max_rejected: Spec::MAX_REJECTED,
            without_toewijzingen: false,
            memory: None,
        }
    }
}

/// A dossier with its settings and the ruleset under which it is read.
pub struct Setup {
    pub dossier: PathBuf,
    pub settings: DossierSettings,
    /// Name of the ruleset as it was chosen.
    pub regio: String,
    pub regelset: Regelset,
    pub(crate) options: ReadOptions,
}

impl Setup {
    /// Reads the settings of the dossier and the ruleset that it names; no row is read yet.
    ///
    /// # Errors
    /// No such dossier, or settings or a ruleset that can't be read.
    pub(crate) fn open(spec: &Spec) -> Result<Setup, AuditError> {
        Setup::of(spec, settings(&spec.dossier)?)
    }

    fn of(spec: &Spec, instelling: DossierSettings) -> Result<Setup, AuditError> {
        let regio = spec.regio.clone().or_else(|| instelling.regio.clone());
        let regio = regio.unwrap_or_else(|| REGIO.to_owned());
        let source = ruleset_source(spec.rulesets.as_deref())?;
        let regelset = Regelset::read(&regio, &source, &fingerprints())?;
        Ok(Setup::new(spec, instelling, regio, regelset))
    }

    /// The same with these settings in the place of those of the dossier.
    ///
    /// # Errors
    /// The same.
    pub(crate) fn with_settings(spec: &Spec, settings: &str) -> Result<Setup, AuditError> {
        is_dir(&spec.dossier)?;
        Setup::of(spec, DossierSettings::from_text(settings)?)
    }

    /// The same under a ruleset that is at hand.
    ///
    /// # Errors
    /// No such dossier, or settings that can't be read.
    pub fn under(spec: &Spec, regelset: Regelset) -> Result<Setup, AuditError> {
        let instelling = settings(&spec.dossier)?;
        Ok(Setup::new(spec, instelling, regelset.name.clone(), regelset))
    }

    fn new(spec: &Spec, settings: DossierSettings, regio: String, regelset: Regelset) -> Setup {
        let options = ReadOptions {
            mode: ReadMode {
                mapping: settings.mapping.clone(),
                known: knowledge(spec.jaar.or(settings.jaar), &regelset),
                without_bsn: regelset.beschikkingsvrij.clone(),
                budget: Budget::new(spec.memory),
            },
            toewijzingen_needed: !spec.without_toewijzingen && regelset.beschikkingsvrij.is_empty(),
            max_rejected: spec.max_rejected,
        };
        Setup { dossier: spec.dossier.clone(), settings, regio, regelset, options }
    }

    /// Memory that reading may take, of files and of streams.
    pub(super) fn budget(&self) -> Budget {
        self.options.mode.budget
    }

    /// The leverjaar to audit: `asked`, or what the settings say.
    ///
    /// # Errors
    /// There is none, or the ruleset has no rules for it.
    pub(crate) fn leverjaar(&self, asked: Option<i32>) -> Result<i32, Box<ConfigError>> {
        leverjaar(asked.or(self.settings.jaar), &self.regelset)
    }

    /// Reads all rows into memory.
    ///
    /// # Errors
    /// A dossier that can't be audited.
    pub fn read(&self, tell: &(dyn Fn(Progress) + Sync)) -> Result<ReadDossier, AuditError> {
        tell(Progress::Step(Step::Reading));
        let done = |state: ReadProgress| {
            tell(Progress::Done { done: state.bytes, total: state.total, lines: 0 });
        };
        Ok(read_dossier(&self.dossier, &self.options, &mut InMemory::default(), &done)?)
    }

    /// Reads the small tables, which no part of the rows holds.
    pub(super) fn read_tables(
        &mut self,
        files: &[SourceFile],
    ) -> Result<Stamgegevens, SourceError> {
        let mut tables = Stamgegevens::read(&self.dossier, &self.options, files)?;
        self.regelset.complete_catalogus(std::mem::take(&mut tables.producten));
        self.regelset.complete_tarieven(std::mem::take(&mut tables.tarieven));
        Ok(tables)
    }

    /// Joins what was read, lines and all. The dossier's own products and tariffs are in the
    /// ruleset from then on.
    pub fn join(self, read: ReadDossier) -> Joined {
        let (mut joined, linker) = self.join_tables(read);
        linker.link_whole(&mut joined.dossier);
        joined
    }

    /// The same but for the lines, which are left as they were read.
    pub(super) fn join_tables(mut self, read: ReadDossier) -> (Joined, Linker) {
        self.regelset.complete_catalogus(read.producten);
        self.regelset.complete_tarieven(read.tarieven);
        let (dossier, linker) =
            read.rows.join(|categorie, code| self.regelset.catalogusrij(categorie, code).cloned());
        let said = Said {
            beoordelingen: read.beoordelingen,
            reacties: read.reacties,
            errors: read.errors,
            warnings: read.warnings,
        };
        (self.joined(dossier, said), linker)
    }

    /// A joined dossier with the settings that go along with it.
    pub(super) fn joined(self, dossier: Dossier, said: Said) -> Joined {
        Joined {
            dossier,
            niveau: self.settings.niveau,
            tolerantie: self.settings.tolerantie,
            ondertekening: self.settings.ondertekening,
            grootboek: self.settings.grootboek,
            meegenomen: riding(&self.options),
            settings_sha256: self.settings.sha256,
            regelset: self.regelset,
            beoordelingen: said.beoordelingen,
            reacties: said.reacties,
            errors: said.errors,
            warnings: said.warnings,
        }
    }
}

/// What goes with a dossier beside its rows: what people said of it, and what its reading did.
pub(super) struct Said {
    pub(super) beoordelingen: Vec<Beoordeling>,
    pub(super) reacties: Vec<Reactie>,
    pub(super) errors: Vec<InputError>,
    pub(super) warnings: Vec<String>,
}

/// The columns of declaraties that ride along.
pub(super) fn riding(options: &ReadOptions) -> Vec<String> {
    options.mode.mapping.columns.meegenomen(FileKind::Declaraties).to_vec()
}

/// What is known of a dossier about this year before any file is read.
fn knowledge(jaar: Option<i32>, regelset: &Regelset) -> Knowledge {
    let Some(jaar) = jaar else { return Knowledge::default() };
    Knowledge {
        gemeenten: GemeenteNames::new(regelset.gemeentecodes.names_in(jaar)),
        plausible: PlausibleDates::of(jaar),
    }
}

/// The leverjaar that is asked, if the ruleset has rules for it.
///
/// # Errors
/// None is asked, or the ruleset has no rules for it.
pub(crate) fn leverjaar(asked: Option<i32>, regelset: &Regelset) -> Result<i32, Box<ConfigError>> {
    let jaar = asked.ok_or_else(|| {
        ConfigError::loose(
            "het leverjaar ontbreekt",
            "geef --jaar 2023, of zet jaar = 2023 in controle.toml",
        )
    })?;
    if regelset.applies_to(jaar) {
        return Ok(jaar);
    }
    let until = regelset.until.map_or("heden".to_owned(), |t| t.jaar().to_string());
    Err(ConfigError::loose(
        format!("regelset {} heeft geen regels voor {jaar}", regelset.name),
        format!(
            "kies een jaar van {} tot en met {until}, of een andere regelset met --regio",
            regelset.from.jaar()
        ),
    ))
}

fn settings(dossier: &Path) -> Result<DossierSettings, AuditError> {
    is_dir(dossier)?;
    Ok(DossierSettings::read(dossier)?)
}

/// A joined dossier with the ruleset under which it was read, and what reading it told.
pub struct Joined {
    pub dossier: Dossier,
    pub regelset: Regelset,
    pub niveau: Niveau,
    /// Percentages of the declared amount that may be fout, uncertain, and those two together.
    pub tolerantie: [Option<Decimal>; 3],
    /// Who answers for the rapport.
    pub(crate) ondertekening: Ondertekening,
    /// What the ledger has, where that is stated.
    pub(crate) grootboek: Option<Grootboek>,
    /// Columns of the export that ride along.
    pub(crate) meegenomen: Vec<String>,
    /// SHA-256 of `controle.toml`, where there is one.
    pub(crate) settings_sha256: Option<String>,
    /// Verdicts on findings of an earlier run.
    pub beoordelingen: Vec<Beoordeling>,
    /// What aanbieders said of these.
    pub reacties: Vec<Reactie>,
    pub errors: Vec<InputError>,
    /// What the user should know of the input, in Dutch sentences.
    pub warnings: Vec<String>,
}

impl Joined {
    /// This dossier as the rules see it in the audit of a year.
    pub fn context(&self, jaar: i32) -> AuditContext<'_> {
        AuditContext::new(&self.dossier, &self.regelset, jaar, self.niveau)
    }
}
