//! One prestatie, in 80 bytes: a year of a region fits in memory many times over.

use super::codes::{Bsn, DebetCredit, Eenheid, Gemeente};
use super::datum::{Dag, ShortDag};
use super::geld::{Cent, Volume};
use super::kolom::Columns;
use super::periode::Periode;
use super::text_arena::{TextId, WordId};
use crate::ground::words;
use std::num::NonZeroU32;

/// Number of a line in its dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(pub u32);

/// Number of a toewijzing (its version in force) in its dossier; kept one higher, so that an absent
/// one costs no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToewijzingId(NonZeroU32);

impl ToewijzingId {
    /// The toewijzing at this place in the dossier.
    ///
    /// # Panics
    /// Past four billion toewijzingen.
    pub(crate) fn new(place: usize) -> ToewijzingId {
        let id = u32::try_from(place + 1).ok().and_then(NonZeroU32::new);
        ToewijzingId(id.expect("fewer than four billion toewijzingen"))
    }

    /// Its place in [`super::Dossier::toewijzingen`].
    pub(crate) fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Number of an aanbieder in its dossier, in the order of the AGB codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AanbiederId(pub u16);

/// Number of a (ProductCategorie, ProductCode) in its dossier.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub(crate) struct ProductId(pub u16);

/// Number of an input file in its dossier, in the order of the relative paths.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct FileId(pub u32);

impl FileId {
    /// The file at this place in its dossier.
    ///
    /// # Panics
    /// Past four billion files.
    pub(crate) fn new(place: usize) -> FileId {
        FileId(u32::try_from(place).expect("fewer than four billion files"))
    }

    /// Its place in [`super::Dossier::files`].
    #[inline]
    pub(crate) fn place(self) -> usize {
        self.0 as usize
    }
}

words! {
    /// What crediting made of a line (specification §2.0).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum CreditState {
        /// A debit line that no credit line took back.
        Live = "levend",
        /// A line that the gemeente refused (JW325); a debit line that was then taken back is not it.
        Refused = "afgewezen",
        /// A debit line that a credit line took back.
        Withdrawn = "teruggenomen",
        /// A credit line that took back its debit.
        Credit = "credit",
        /// A credit line without VorigReferentieNummer that took back the first debit that equals it.
        CreditMatched = "credit gepaard",
        /// A credit line whose debit isn't there or differs in a key field.
        CreditWithoutDebet = "credit zonder debet",
        /// A credit line whose debit had been taken back already.
        CreditTwice = "credit dubbel",
    }
}

impl CreditState {
    /// Is it that of a credit line that took back a debit line?
    pub(crate) fn took_back(self) -> bool {
        matches!(self, CreditState::Credit | CreditState::CreditMatched)
    }
}

/// One row of `declaraties`: one prestatie. A date is `None` where the cell is empty or the file lacks
/// the column.
#[derive(Clone, Debug)]
pub struct Declaratieregel {
    /// Of the row itself: [`Self::debet_credit`] says which way it goes.
    pub ingediend_bedrag: Cent,
    /// In hundredths of [`Self::eenheid`].
    pub(crate) geleverd_volume: Volume,
    /// Whole cents; absent where the export has none.
    pub(crate) product_tarief: Option<Tarief>,
    /// [`Bsn::NONE`] where the line has none.
    pub bsn: Bsn,
    /// First day of delivery; after [`Self::einddatum`] on a line that is reversed.
    pub begindatum: Dag,
    /// Last day of delivery, which counts.
    pub einddatum: Dag,
    pub ontvangstdatum: Option<Dag>,
    /// See [`Self::declaratie_dagtekening`].
    pub(crate) dagtekening: Option<ShortDag>,
    /// ReferentieNummer, VorigReferentieNummer and DeclaratieNummer, which stand together in
    /// [`super::Dossier::texts`].
    pub ids: TextId,
    /// Word of [`super::Dossier::toewijzingnummers`].
    pub toewijzing_nummer: WordId,
    /// The toewijzing that the line names: by (Gemeente, ToewijzingNummer), else the one of the only
    /// other gemeente that has the number.
    pub toewijzing: Option<ToewijzingId>,
    /// Words of [`super::Dossier::words`].
    pub functie: WordId,
    pub hulpverlener: WordId,
    /// Place in [`super::Dossier::contact_columns`], for a line with any of those columns filled in.
    pub(crate) contact_columns: Option<ContactColumnsId>,
    /// 1-based physical line of the record's first line.
    pub line_number: u32,
    pub file: FileId,
    pub gemeente: Gemeente,
    pub aanbieder: AanbiederId,
    pub(crate) product: ProductId,
    pub eenheid: Eenheid,
    pub(crate) debet_credit: DebetCredit,
    pub(crate) state: CreditState,
    /// Number of conversations.
    pub(crate) gesprekken: Gesprekken,
}

const _: () = assert!(size_of::<Declaratieregel>() <= 80, "a line stays small");

/// A tariff in cents per unit, kept one higher, so that an absent one costs no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tarief(NonZeroU32);

impl Tarief {
    /// Largest tariff that can be kept: ten million euros per unit.
    pub(crate) const HIGHEST: Cent = Cent(1_000_000_000);

    /// `None` below zero or above [`Tarief::HIGHEST`].
    pub(crate) fn new(bedrag: Cent) -> Option<Tarief> {
        if bedrag < Cent::ZERO || bedrag > Self::HIGHEST {
            return None;
        }
        NonZeroU32::new(bedrag.0 as u32 + 1).map(Tarief)
    }

    /// Whole cents per unit.
    pub(crate) fn bedrag(self) -> Cent {
        Cent(i64::from(self.0.get()) - 1)
    }
}

/// A number of conversations in one byte; the few larger numbers stand among the
/// [`ContactColumns`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gesprekken(u8);

impl Gesprekken {
    const ELSEWHERE: u8 = u8::MAX;

    /// The number in one byte, and what must stand elsewhere.
    fn new(count: Option<u32>) -> (Gesprekken, Option<u32>) {
        match count {
            None => (Gesprekken(0), None),
            Some(n) if n < u32::from(Self::ELSEWHERE) - 1 => (Gesprekken(n as u8 + 1), None),
            Some(n) => (Gesprekken(Self::ELSEWHERE), Some(n)),
        }
    }

    /// As a file of ours has it.
    pub(crate) fn in_byte(self) -> u8 {
        self.0
    }

    /// What [`Gesprekken::in_byte`] gave.
    pub(crate) fn from_byte(byte: u8) -> Gesprekken {
        Gesprekken(byte)
    }

    fn count(self, elsewhere: Option<u32>) -> Option<u32> {
        match self.0 {
            0 => None,
            Self::ELSEWHERE => elsewhere,
            n => Some(u32::from(n) - 1),
        }
    }
}

/// Place of a line's [`ContactColumns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContactColumnsId(NonZeroU32);

impl ContactColumnsId {
    /// Those with this number in a [`super::Interner`]; kept one higher, so that an absent one costs
    /// no room.
    pub(crate) fn new(id: u32) -> ContactColumnsId {
        ContactColumnsId(NonZeroU32::MIN.saturating_add(id))
    }

    /// Its number in [`super::Dossier::contact_columns`].
    pub(crate) fn nummer(self) -> u32 {
        self.0.get() - 1
    }
}

/// Columns in which most lines have nothing or what many others have; lines share them. Minutes are
/// volumes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ContactColumns {
    /// Number of no-shows inside a line.
    pub no_show: u32,
    pub no_show_minuten: Option<Volume>,
    pub afspraak_minuten: Option<Volume>,
    pub reistijd_minuten: Option<Volume>,
    /// Only a number that the line itself has no room for.
    pub gesprekken: Option<u32>,
    /// Word of [`super::Dossier::words`].
    pub groep: WordId,
    /// What rides along to the rapport: a word that [`super::meegenomen`] made.
    pub meegenomen: WordId,
    /// Optional columns of the line with a value that can't be read: it is unknown, which is not
    /// empty. They stand here because nearly all lines have none.
    pub unreadable: Columns,
}

/// Columns about the appointments in a line, which many exports lack. Minutes are volumes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contact {
    /// Number of no-shows inside the line.
    pub no_show: u32,
    pub no_show_minuten: Option<Volume>,
    pub afspraak_minuten: Option<Volume>,
    pub reistijd_minuten: Option<Volume>,
    /// Number of conversations; empty means 1.
    pub gesprekken: Option<u32>,
    /// Words of [`super::Dossier::words`].
    pub functie: WordId,
    pub hulpverlener: WordId,
    pub groep: WordId,
    /// What rides along to the rapport.
    pub meegenomen: WordId,
    /// Optional columns of the whole line with a value that can't be read.
    pub unreadable: Columns,
}

impl Contact {
    /// As a line keeps it: a number of conversations of its own, and what lines share.
    pub(crate) fn split(&self) -> (Gesprekken, ContactColumns) {
        let (gesprekken, elsewhere) = Gesprekken::new(self.gesprekken);
        let contact_columns = ContactColumns {
            no_show: self.no_show,
            no_show_minuten: self.no_show_minuten,
            afspraak_minuten: self.afspraak_minuten,
            reistijd_minuten: self.reistijd_minuten,
            gesprekken: elsewhere,
            groep: self.groep,
            meegenomen: self.meegenomen,
            unreadable: self.unreadable,
        };
        (gesprekken, contact_columns)
    }
}

impl Declaratieregel {
    /// The delivery period; `None` when it is reversed (JW09).
    pub(crate) fn periode(&self) -> Option<Periode> {
        Periode::new(self.begindatum, self.einddatum)
    }

    /// Date of the declaration that the line came in.
    pub(crate) fn declaratie_dagtekening(&self) -> Option<Dag> {
        self.dagtekening.map(ShortDag::dag)
    }

    /// Does the line end before it begins? Then JW09 finds it, and no other rule looks at it.
    pub(crate) fn is_reversed(&self) -> bool {
        self.einddatum < self.begindatum
    }

    /// A debit line that nothing took back and no gemeente refused.
    pub(crate) fn is_live(&self) -> bool {
        self.state == CreditState::Live
    }

    /// Live and not reversed: takes part in rules and sums.
    pub(crate) fn counts(&self) -> bool {
        self.is_live() && !self.is_reversed()
    }

    /// Days between the end of the month of delivery and receipt, negative when received before it;
    /// `None` without a date of receipt.
    pub(crate) fn dagen_until_ontvangst(&self) -> Option<i64> {
        Some(self.ontvangstdatum?.dagen_after(self.einddatum.maandeinde()))
    }

    /// The columns about appointments; `neven` is what the line shares with others.
    #[inline]
    pub(crate) fn contact(&self, contact_columns: &ContactColumns) -> Contact {
        Contact {
            no_show: contact_columns.no_show,
            no_show_minuten: contact_columns.no_show_minuten,
            afspraak_minuten: contact_columns.afspraak_minuten,
            reistijd_minuten: contact_columns.reistijd_minuten,
            gesprekken: self.gesprekken.count(contact_columns.gesprekken),
            functie: self.functie,
            hulpverlener: self.hulpverlener,
            groep: contact_columns.groep,
            meegenomen: contact_columns.meegenomen,
            unreadable: contact_columns.unreadable,
        }
    }

    /// Volume in hundredths of a minute, where the unit is one of time.
    pub(crate) fn hundredth_minuten(&self) -> Option<i64> {
        self.eenheid.minuten().map(|m| self.geleverd_volume.0 * m)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_conversations_comes_back() {
        for count in [None, Some(0), Some(1), Some(253), Some(254), Some(999_999_999)] {
            let (gesprekken, elsewhere) = Gesprekken::new(count);
            assert_eq!(gesprekken.count(elsewhere), count);
            assert_eq!(elsewhere.is_some(), count.is_some_and(|n| n >= 254));
        }
    }
}
