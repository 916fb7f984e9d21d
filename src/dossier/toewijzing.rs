//! A toewijzing: its version in force, with what the rules need of its first version.

use super::codes::{
    Bijzonderheden, Bsn, Budgetsoort, Eenheid, Frequentie, Gemeente, RedenWijziging, Uitvoering,
    Verwijzer,
};
use super::datum::{Dag, Termijn};
use super::declaratieregel::{AanbiederId, FileId};
use super::geld::{Cent, Volume};
use super::text_arena::WordId;

/// One row of `toewijzingen`: one version. Its fields are the columns of these names, `None` where the
/// cell is empty or the file lacks the column.
#[derive(Clone, Debug)]
pub struct Versie {
    /// Word of [`super::Dossier::toewijzingnummers`].
    pub nummer: WordId,
    pub gemeente: Gemeente,
    pub aanbieder: AanbiederId,
    pub bsn: Bsn,
    pub toewijzingsdatum: Dag,
    pub ingangsdatum: Dag,
    pub einddatum: Option<Dag>,
    /// Words of [`super::Dossier::words`]; empty where the toewijzing names none.
    pub product_categorie: WordId,
    pub product_code: WordId,
    pub reden_wijziging: Option<RedenWijziging>,
    /// In hundredths of [`Self::eenheid`], for each [`Self::frequentie`].
    pub volume: Option<Volume>,
    pub eenheid: Option<Eenheid>,
    pub frequentie: Option<Frequentie>,
    pub budget: Option<Cent>,
    pub geboortedatum: Option<Dag>,
    pub verwijzer: Option<Verwijzer>,
    pub(crate) budgetsoort: Option<Budgetsoort>,
    pub(crate) uitvoering: Option<Uitvoering>,
    /// Is the toewijzing disputed? An empty cell says no.
    pub dispuut: bool,
    pub(crate) bijzonderheden: Bijzonderheden,
    pub file: FileId,
    pub line_number: u32,
}

/// A toewijzing as the rules see it.
#[derive(Clone, Debug)]
pub struct Toewijzing {
    /// The row with the latest Toewijzingsdatum.
    pub(crate) versie: Versie,
    /// The earliest Toewijzingsdatum of all versions.
    pub first_toewijzingsdatum: Dag,
    /// Budget of the earliest version, and the file that it stood in.
    pub first_budget: Option<Cent>,
    pub first_file: FileId,
    /// Rows with its Gemeente and ToewijzingNummer: at least 1.
    pub versie_count: u32,
}

impl Toewijzing {
    /// From Ingangsdatum up to and including Einddatum.
    pub(crate) fn termijn(&self) -> Termijn {
        Termijn { ingang: self.versie.ingangsdatum, end: self.versie.einddatum }
    }
}

impl std::ops::Deref for Toewijzing {
    type Target = Versie;
    fn deref(&self) -> &Versie {
        &self.versie
    }
}
