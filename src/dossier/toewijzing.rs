//! A toewijzing with all its versions.
//!
//! How a rule asks: what holds now is in the version in force, to which a [`Toewijzing`] derefs
//! (`t.budget()?`); what the aanbieder could know when it delivered is in
//! [`Toewijzing::at_delivery`]; what the gemeente said first in [`Toewijzing::first`]. A cell of an
//! optional column is had by a method only, and gives [`Onleesbaar`] where it couldn't be read: with
//! `?` that is the reason why the rule can't be tested.

use super::codes::{
    Agb, Bijzonderheden, Bijzonderheid, Bsn, Budgetsoort, Eenheid, Frequentie, Gemeente,
    RedenWijziging, Uitvoering, Verwijzer,
};
use super::datum::Dag;
use super::declaratieregel::{AanbiederId, FileId};
use super::geld::{Cent, Volume};
use super::kolom::{Columns, Kolom, Onleesbaar};
use super::periode::Termijn;
use super::text_arena::WordId;
use super::tijd::Tijd;

/// One row of `toewijzingen`: one version.
#[derive(Clone, Debug)]
pub struct Versie {
    /// Word of [`super::Dossier::toewijzingnummers`].
    pub nummer: WordId,
    pub gemeente: Gemeente,
    pub aanbieder: AanbiederId,
    pub bsn: Bsn,
    pub toewijzingsdatum: Dag,
    pub ingangsdatum: Dag,
    cells: OptionalCells,
    unreadable: Unreadable,
    pub file: FileId,
    pub line_number: u32,
}

/// The cells of the columns that a row may lack: `None` (or the empty word) where the cell is empty
/// or the file lacks the column.
#[derive(Clone, Debug, Default)]
pub(crate) struct OptionalCells {
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
    pub budgetsoort: Option<Budgetsoort>,
    pub uitvoering: Option<Uitvoering>,
    pub dispuut: Option<bool>,
    pub bijzonderheden: Bijzonderheden,
    /// The same as it stood in the file, as a word of [`super::Dossier::words`].
    pub bijzonderheid: WordId,
    pub toewijzingstijd: Option<Tijd>,
    pub verzonden: Option<Dag>,
}

/// Which cells of a row couldn't be read: a bit a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Unreadable(u32);

impl Unreadable {
    /// The columns that a row may lack.
    const OPTIONAL: [Kolom; 16] = [
        Kolom::Einddatum,
        Kolom::ProductCategorie,
        Kolom::ProductCode,
        Kolom::RedenWijziging,
        Kolom::Volume,
        Kolom::Eenheid,
        Kolom::Frequentie,
        Kolom::Budget,
        Kolom::Geboortedatum,
        Kolom::Verwijzer,
        Kolom::Budgetsoort,
        Kolom::Uitvoering,
        Kolom::Dispuut,
        Kolom::Bijzonderheid,
        Kolom::Toewijzingstijd,
        Kolom::Verzonden,
    ];

    /// Set where it can't be told which version came last.
    const ORDER: u32 = 1 << 31;

    fn bit(kolom: Kolom) -> u32 {
        Self::OPTIONAL.iter().position(|k| *k == kolom).map_or(0, |place| 1 << place)
    }

    fn of(columns: Columns) -> Unreadable {
        if columns.is_empty() {
            return Unreadable::default();
        }
        let bits = Self::OPTIONAL.into_iter().filter(|k| columns.contains(*k)).map(Self::bit);
        Unreadable(bits.sum())
    }

    #[inline]
    fn check(self, kolom: Kolom) -> Result<(), Onleesbaar> {
        if self.0 == 0 { Ok(()) } else { self.check_bits(kolom) }
    }

    #[cold]
    fn check_bits(self, kolom: Kolom) -> Result<(), Onleesbaar> {
        if self.0 & Self::ORDER != 0 {
            return Err(Onleesbaar(Kolom::Toewijzingstijd));
        }
        if self.0 & Self::bit(kolom) == 0 { Ok(()) } else { Err(Onleesbaar(kolom)) }
    }
}

/// The columns of a row that every row has.
pub(crate) struct NeededCells {
    pub gemeente: Gemeente,
    pub bsn: Bsn,
    pub toewijzingsdatum: Dag,
    pub ingangsdatum: Dag,
}

macro_rules! cells {
    ($($(#[$doc:meta])* $naam:ident: $soort:ty, $kolom:ident;)+) => {
        impl Versie {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// What stands in the cell can't be read.
                #[inline]
                pub(crate) fn $naam(&self) -> Result<$soort, Onleesbaar> {
                    self.unreadable.check(Kolom::$kolom)?;
                    Ok(self.cells.$naam)
                }
            )+
        }
    };
}

cells!(
    /// Last day of the term; `None` for a term without an end.
    einddatum: Option<Dag>, Einddatum;
    /// Word of [`super::Dossier::words`]; empty where the toewijzing names none.
    product_categorie: WordId, ProductCategorie;
    /// Word of [`super::Dossier::words`]; empty where the toewijzing names none.
    product_code: WordId, ProductCode;
    reden_wijziging: Option<RedenWijziging>, RedenWijziging;
    /// In hundredths of its Eenheid, for each Frequentie.
    volume: Option<Volume>, Volume;
    eenheid: Option<Eenheid>, Eenheid;
    frequentie: Option<Frequentie>, Frequentie;
    budget: Option<Cent>, Budget;
    geboortedatum: Option<Dag>, Geboortedatum;
    verwijzer: Option<Verwijzer>, Verwijzer;
    /// What the column itself says.
    budgetsoort: Option<Budgetsoort>, Budgetsoort;
    uitvoering: Option<Uitvoering>, Uitvoering;
    /// Time of day of the Toewijzingsdatum.
    toewijzingstijd: Option<Tijd>, Toewijzingstijd;
    /// Day on which the gemeente sent the version.
    verzonden: Option<Dag>, Verzonden;
);

impl Versie {
    /// A version whose ToewijzingNummer and aanbieder are filled in later. `unreadable` are the
    /// columns in which something stands that can't be read.
    pub(crate) fn new(
        needed: NeededCells,
        cells: OptionalCells,
        unreadable: Columns,
        (file, line_number): (FileId, u32),
    ) -> Versie {
        let NeededCells { gemeente, bsn, toewijzingsdatum, ingangsdatum } = needed;
        Versie {
            nummer: WordId::EMPTY,
            gemeente,
            aanbieder: AanbiederId(0),
            bsn,
            toewijzingsdatum,
            ingangsdatum,
            cells,
            unreadable: Unreadable::of(unreadable),
            file,
            line_number,
        }
    }

    /// Is the toewijzing disputed? An empty cell says no.
    ///
    /// # Errors
    /// What stands in the cell can't be read.
    pub(crate) fn dispuut(&self) -> Result<bool, Onleesbaar> {
        Ok(self.dispuut_cell()? == Some(true))
    }

    /// The cell Dispuut itself.
    pub(crate) fn dispuut_cell(&self) -> Result<Option<bool>, Onleesbaar> {
        self.unreadable.check(Kolom::Dispuut)?;
        Ok(self.cells.dispuut)
    }

    /// Does Bijzonderheid have this word?
    ///
    /// # Errors
    /// What stands in the cell can't be read.
    #[inline]
    pub(crate) fn names(&self, word: Bijzonderheid) -> Result<bool, Onleesbaar> {
        self.unreadable.check(Kolom::Bijzonderheid)?;
        Ok(self.cells.bijzonderheden.contains(word))
    }

    /// Bijzonderheid as it stood in the file, as a word of [`super::Dossier::words`].
    pub(crate) fn bijzonderheid(&self) -> Result<WordId, Onleesbaar> {
        self.unreadable.check(Kolom::Bijzonderheid)?;
        Ok(self.cells.bijzonderheid)
    }

    /// The day on which the version was sent or, lacking that, its Toewijzingsdatum.
    ///
    /// # Errors
    /// What stands in Verzonden can't be read.
    pub(crate) fn sent_or_decided(&self) -> Result<Dag, Onleesbaar> {
        Ok(self.verzonden()?.unwrap_or(self.toewijzingsdatum))
    }

    /// From Ingangsdatum up to and including Einddatum.
    ///
    /// # Errors
    /// The Einddatum can't be read.
    pub(crate) fn termijn(&self) -> Result<Termijn, Onleesbaar> {
        Ok(Termijn { ingang: self.ingangsdatum, end: self.einddatum()? })
    }

    /// Was the toewijzing removed by this version?
    ///
    /// # Errors
    /// The RedenWijziging can't be read.
    pub(crate) fn is_removed(&self) -> Result<bool, Onleesbaar> {
        Ok(self.reden_wijziging()? == Some(RedenWijziging::REMOVED))
    }

    /// The columns in which something stands that can't be read.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = Kolom> + use<> {
        let bits = self.unreadable.0;
        Unreadable::OPTIONAL.into_iter().filter(move |k| bits & Unreadable::bit(*k) != 0)
    }

    /// Says that it can't be told which version came last: then no cell is known.
    pub(super) fn set_order_unknown(&mut self) {
        self.unreadable.0 |= Unreadable::ORDER;
    }

    /// Gives its words the numbers that they have elsewhere.
    pub(crate) fn renumber_words(&mut self, word: impl Fn(WordId) -> WordId) {
        let c = &mut self.cells;
        for id in [&mut c.product_categorie, &mut c.product_code, &mut c.bijzonderheid] {
            *id = word(*id);
        }
    }
}

/// A version whose aanbieder is still an AGB code.
#[derive(Clone, Debug)]
pub(crate) struct RawToewijzing {
    pub agb: Agb,
    /// Its `aanbieder` is filled in when the dossier is put together.
    pub versie: Versie,
}

/// A toewijzing as the rules see it: it derefs to its version in force.
#[derive(Clone, Debug)]
pub struct Toewijzing {
    /// The version in force: the last in the order of versions.
    pub(super) versie: Versie,
    /// Those before it, in that order. Most toewijzingen have none.
    pub(super) earlier: Box<[Versie]>,
}

impl Toewijzing {
    /// All versions, the first one first and the one in force last.
    pub(crate) fn versies(&self) -> impl DoubleEndedIterator<Item = &Versie> {
        self.earlier.iter().chain(std::iter::once(&self.versie))
    }

    /// The first version.
    pub(crate) fn first(&self) -> &Versie {
        self.earlier.first().unwrap_or(&self.versie)
    }

    /// The version in force.
    pub(crate) fn in_force(&self) -> &Versie {
        &self.versie
    }

    /// Was it ever changed?
    #[inline]
    pub(crate) fn has_changed(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// What the aanbieder could know of it when it delivered up to `einddatum`: the last version
    /// whose Toewijzingsdatum is on or before that day, or else the first.
    #[inline]
    pub(crate) fn at_delivery(&self, einddatum: Dag) -> &Versie {
        if self.earlier.is_empty() || self.versie.toewijzingsdatum <= einddatum {
            return &self.versie;
        }
        let known = self.earlier.iter().rfind(|v| v.toewijzingsdatum <= einddatum);
        known.unwrap_or_else(|| self.first())
    }
}

impl std::ops::Deref for Toewijzing {
    type Target = Versie;
    fn deref(&self) -> &Versie {
        &self.versie
    }
}
