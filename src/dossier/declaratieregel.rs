//! One prestatie, in 88 bytes: a year of a region fits in memory many times over.

use super::codes::{Bsn, DebetCredit, Eenheid, Gemeente};
use super::datum::{Dag, Periode};
use super::geld::{Cent, Volume};
use super::tekst::{TekstId, WoordNr};

/// Number of a line in its dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegelNr(pub u32);

/// Number of a toewijzing (its version in force) in its dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToewijzingNr(pub u32);

/// Number of an aanbieder in its dossier, in the order of the AGB codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AanbiederNr(pub u16);

/// Number of a (ProductCategorie, ProductCode) in its dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductNr(pub u16);

/// Number of an input file in its dossier, in the order of the relative paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BestandNr(pub u16);

/// What crediting made of a line (specification §2.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// A debit line that no credit line took back.
    Levend,
    /// A debit line that a credit line took back.
    Teruggenomen,
    /// A credit line that took back its debit.
    Credit,
    /// A credit line whose debit isn't there or differs in a key field.
    CreditZonderDebet,
    /// A credit line whose debit had been taken back already.
    CreditDubbel,
}

/// The toewijzing that a line names (specification §2.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verband {
    /// By (Gemeente, ToewijzingNummer).
    Eigen(ToewijzingNr),
    /// The number exists in exactly one other gemeente.
    AndereGemeente(ToewijzingNr),
    /// No toewijzing has this number, or several other gemeenten do, or the cell is empty.
    Geen,
    /// The line's file has no column ToewijzingNummer.
    Onbekend,
}

impl Verband {
    pub fn toewijzing(self) -> Option<ToewijzingNr> {
        match self {
            Verband::Eigen(nr) | Verband::AndereGemeente(nr) => Some(nr),
            Verband::Geen | Verband::Onbekend => None,
        }
    }
}

/// One row of `declaraties`: one prestatie.
#[derive(Clone, Debug)]
pub struct Declaratieregel {
    pub ingediend_bedrag: Cent,
    pub geleverd_volume: Volume,
    /// Whole cents; absent where the export has none.
    pub product_tarief: Option<Tarief>,
    pub bsn: Bsn,
    pub begindatum: Dag,
    pub einddatum: Dag,
    pub ontvangstdatum: Option<Dag>,
    pub declaratie_dagtekening: Option<Dag>,
    pub referentie_nummer: TekstId,
    pub vorig_referentie_nummer: TekstId,
    pub declaratie_nummer: TekstId,
    /// Word of [`super::Dossier::toewijzingnummers`].
    pub toewijzing_nummer: WoordNr,
    pub verband: Verband,
    /// Place in [`super::Dossier::contacten`], for a line with any of those columns filled in.
    pub contact: Option<ContactNr>,
    /// 1-based physical line of the record's first line.
    pub regelnummer: u32,
    pub bestand: BestandNr,
    pub gemeente: Gemeente,
    pub aanbieder: AanbiederNr,
    pub product: ProductNr,
    pub eenheid: Eenheid,
    pub debet_credit: DebetCredit,
    pub stand: Stand,
}

const _: () = assert!(size_of::<Declaratieregel>() <= 96, "a line stays small");

/// A tariff in cents per unit; never zero cents away from its meaning: absent is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tarief(u32);

impl Tarief {
    /// Largest tariff that can be kept: ten million euros per unit.
    pub const HOOGSTE: Cent = Cent(1_000_000_000);

    pub fn nieuw(bedrag: Cent) -> Option<Tarief> {
        (bedrag >= Cent::NUL && bedrag <= Self::HOOGSTE).then_some(Tarief(bedrag.0 as u32))
    }

    pub fn bedrag(self) -> Cent {
        Cent(i64::from(self.0))
    }
}

/// Place of a line's contact columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactNr(pub std::num::NonZeroU32);

/// Columns that most exports lack; all empty unless a line has them. Minutes are volumes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Number of no-shows inside the line.
    pub no_show: u32,
    pub no_show_minuten: Option<Volume>,
    pub afspraak_minuten: Option<Volume>,
    pub reistijd_minuten: Option<Volume>,
    /// Number of conversations; empty means 1.
    pub gesprekken: Option<u32>,
    /// Words of [`super::Dossier::woorden`].
    pub functie: WoordNr,
    pub hulpverlener: WoordNr,
    pub groep: WoordNr,
}

impl Declaratieregel {
    /// The delivery period; `None` when it is reversed (JW09).
    pub fn periode(&self) -> Option<Periode> {
        Periode::nieuw(self.begindatum, self.einddatum)
    }

    pub fn is_omgekeerd(&self) -> bool {
        self.einddatum < self.begindatum
    }

    pub fn is_levend(&self) -> bool {
        self.stand == Stand::Levend
    }

    /// Live and not reversed: takes part in rules and sums.
    pub fn telt_mee(&self) -> bool {
        self.is_levend() && !self.is_omgekeerd()
    }

    /// Volume in hundredths of a minute, where the unit is one of time.
    pub fn honderdste_minuten(&self) -> Option<i64> {
        self.eenheid.minuten().map(|m| self.geleverd_volume.0 * m)
    }
}
