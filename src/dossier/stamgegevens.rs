//! The small tables: aanbieders, products, tariffs, last year's turnover.

use super::berichtfouten::FaultSet;
use super::codes::{Afspraaksoort, Agb, Eenheid, Gemeente, Onderdeel, Status, Uitvoering, Vorm};
use super::datum::Dag;
use super::declaratieregel::FileId;
use super::geld::{Cent, Volume};
use super::kolom::{Columns, Kolom, Onleesbaar};
use super::periode::Termijn;
use super::text_arena::is_equal;
use hashbrown::Equivalent;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;

/// An aanbieder that some file names.
#[derive(Clone, Debug)]
pub struct Aanbieder {
    pub agb: Agb,
    /// Its row in `aanbieders`; `None` for an aanbieder in no list.
    pub(crate) data: Option<AanbiederRow>,
}

/// One row of `aanbieders`: the columns of these names, `None` where the cell is empty.
#[derive(Clone, Debug)]
pub(crate) struct AanbiederRow {
    pub naam: String,
    pub perceel: Option<u8>,
    pub percelen: Vec<u8>,
    pub voorzieningen: Vec<String>,
    pub kdc_odc: Option<bool>,
    pub crisis_contract: Option<bool>,
    pub landelijke_omzet: Option<Cent>,
    pub contract_begin: Option<Dag>,
    pub contract_einde: Option<Dag>,
    pub finale_kwijting: Option<Dag>,
    /// First and last day on which the aanbieder takes no new jeugdigen; open where empty.
    pub clientenstop_van: Option<Dag>,
    pub clientenstop_tot: Option<Dag>,
    /// Who declares for the combination that the aanbieder belongs to.
    pub penvoerder: Option<Agb>,
    /// Columns with a value that can't be read, and that is absent above.
    pub unreadable: Columns,
    pub file: FileId,
    pub line_number: u32,
}

/// A row of a small table, of which some columns may be absent or hold what can't be read.
pub(crate) trait SmallRow {
    fn file(&self) -> FileId;

    /// Columns with a value that can't be read: in the row it is as if they were empty.
    fn unreadable(&self) -> Columns;

    /// Can what the row says in this column be taken, as a value or as empty?
    ///
    /// # Errors
    /// Where it can't be read.
    fn readable(&self, kolom: Kolom) -> Result<(), Onleesbaar> {
        if self.unreadable().contains(kolom) { Err(Onleesbaar(kolom)) } else { Ok(()) }
    }
}

macro_rules! small_row {
    ($($row:ty),*) => {$(
        impl SmallRow for $row {
            fn file(&self) -> FileId {
                self.file
            }

            fn unreadable(&self) -> Columns {
                self.unreadable
            }
        }
    )*};
}

small_row!(AanbiederRow, VerantwoordingRow, Afspraak, MaatwerkRow, OmzetRow);

/// One row of the catalogue, from the ruleset or from `producten`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CatalogusRow {
    pub product_categorie: String,
    pub product_code: String,
    pub omschrijving: String,
    pub perceel: Option<u8>,
    pub onderdeel: Onderdeel,
    pub tariefsleutel: Option<String>,
    pub vorm: Option<Vorm>,
    pub uitvoering: Option<Uitvoering>,
    /// Columns with a value that can't be read, and that is absent above.
    pub unreadable: Columns,
    pub line_number: u32,
}

impl CatalogusRow {
    /// How the products of the program's own examples end: their codes are made up.
    const EXAMPLE: &str = "(voorbeeldcode)";

    /// How the description begins of a row that the program proposed, and that nobody confirmed yet.
    pub(crate) const PROPOSAL: &str = "VOORSTEL";

    /// The columns that rules rest on.
    const OF_RULES: [Kolom; 3] = [Kolom::Perceel, Kolom::Tariefsleutel, Kolom::Vorm];

    /// The row, where all of it that rules rest on could be read.
    pub(crate) fn known(&self) -> Result<&CatalogusRow, NoCatalogus> {
        let unknown = Self::OF_RULES.into_iter().find(|kolom| self.unreadable.contains(*kolom));
        match unknown {
            None => Ok(self),
            Some(kolom) => Err(NoCatalogus::Onleesbaar(Onleesbaar(kolom))),
        }
    }

    /// Is it a proposal that nobody confirmed yet?
    pub(crate) fn is_proposal(&self) -> bool {
        self.omschrijving.starts_with(Self::PROPOSAL)
    }

    /// Does it have this Tariefsleutel?
    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.tariefsleutel.as_deref() == Some(key)
    }

    /// Is it one of the program's examples, and no product of anybody's?
    pub(crate) fn is_example(&self) -> bool {
        self.omschrijving.ends_with(Self::EXAMPLE)
    }
}

/// One row of the tariffs, from the ruleset or from `tarieven`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TariefRow {
    pub jaar: i32,
    pub tariefsleutel: String,
    pub perceel: Option<u8>,
    pub aanbieder: Option<Agb>,
    pub eenheid: Eenheid,
    pub tarief: Cent,
    pub bron: String,
    /// Columns with a value that can't be read, and that is absent above.
    pub unreadable: Columns,
    pub line_number: u32,
}

impl TariefRow {
    /// Of the tariffs for one key the one for this aanbieder: its own row, then its perceel's, then
    /// the general one.
    ///
    /// # Errors
    /// Where another might be for it, of which it can't be read for whom it is; or where the perceel of
    /// the aanbieder can't be read, and it would matter.
    pub(crate) fn most_specific<'t>(
        rows: impl IntoIterator<Item = &'t TariefRow>,
        aanbieder: Agb,
        perceel: Result<Option<u8>, Onleesbaar>,
    ) -> Result<Option<&'t TariefRow>, Onleesbaar> {
        let (mut best, mut doubt): (Option<&TariefRow>, Option<(bool, Onleesbaar)>) = (None, None);
        for row in rows {
            let rank = |t: &TariefRow| (t.aanbieder.is_some(), t.perceel.is_some());
            let in_doubt = |kolom| row.unreadable.contains(kolom).then_some(Onleesbaar(kolom));
            let of_another = row.aanbieder.is_some_and(|a| a != aanbieder)
                || matches!((row.perceel, perceel), (Some(p), Ok(own)) if own != Some(p));
            if of_another {
                continue;
            }
            let own_perceel = perceel.err().filter(|_| row.perceel.is_some());
            let why = in_doubt(Kolom::Aanbieder).or(in_doubt(Kolom::Perceel)).or(own_perceel);
            if let Some(why) = why {
                // A row for one aanbieder goes before all that are for none.
                let may_be_own = row.aanbieder.is_some() || in_doubt(Kolom::Aanbieder).is_some();
                doubt = doubt.filter(|(own, _)| *own >= may_be_own).or(Some((may_be_own, why)));
            } else if best.is_none_or(|b| rank(row) > rank(b)) {
                best = Some(row);
            }
        }
        match (best, doubt) {
            (Some(row), Some((false, _))) if row.aanbieder.is_some() => Ok(Some(row)),
            (_, Some((_, why))) => Err(why),
            (best, None) => Ok(best),
        }
    }
}

/// One row of `omzet`: what an aanbieder turned over in a year; ProductCode may be empty.
#[derive(Clone, Debug)]
pub(crate) struct OmzetRow {
    pub aanbieder: Agb,
    pub jaar: i32,
    pub omzet: Cent,
    pub product_code: String,
    pub volume: Option<Volume>,
    /// Columns with a value that can't be read, and that is absent above.
    pub unreadable: Columns,
    pub file: FileId,
}

/// One row of `productieverantwoording`: the columns of these names, `None` where the cell is empty.
/// Amounts are cents, volumes hundredths of their unit.
#[derive(Clone, Debug)]
pub(crate) struct VerantwoordingRow {
    pub aanbieder: Agb,
    pub gemeente: Gemeente,
    pub jaar: i32,
    /// Both empty on a row for all products together.
    pub product_categorie: String,
    pub product_code: String,
    pub aantal_jeugdigen: Option<u32>,
    pub bedrag: Cent,
    pub status: Option<Status>,
    pub ontvangen: Option<Dag>,
    /// Columns with a value that can't be read, and that is absent above.
    pub unreadable: Columns,
    pub file: FileId,
    pub line_number: u32,
}

impl VerantwoordingRow {
    /// Does the row account for all products together?
    pub(crate) fn is_without_product(&self) -> bool {
        self.product_categorie.is_empty() && self.product_code.is_empty()
    }
}

/// One row of `afspraken`: what a gemeente bought of an aanbieder in perceel 5 of Zeeland.
#[derive(Clone, Debug)]
pub(crate) struct Afspraak {
    pub aanbieder: Agb,
    pub gemeente: Gemeente,
    pub product_code: String,
    /// What the offer is called.
    pub naam: String,
    /// Whom it is for.
    pub doelgroep: String,
    pub termijn: Termijn,
    pub aantal: Volume,
    pub soort: Afspraaksoort,
    pub max_groepsgrootte: Option<u32>,
    /// Columns with a value that can't be read, and that is absent above.
    pub unreadable: Columns,
    pub file: FileId,
    pub line_number: u32,
}

/// One row of `maatwerk`: an agreement for one toewijzing.
#[derive(Clone, Debug)]
pub(crate) struct MaatwerkRow {
    pub aanbieder: Agb,
    pub gemeente: Gemeente,
    pub toewijzing_nummer: String,
    pub product_code: String,
    pub tarief: Cent,
    pub eenheid: Eenheid,
    pub termijn: Termijn,
    /// Columns with a value that can't be read, and that is absent above.
    pub unreadable: Columns,
    pub file: FileId,
}

/// One row of `openstaand`: what an earlier run asked back of a line. Texts are as that run showed them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OpenstaandRow {
    pub aanbieder: Agb,
    pub gemeente: Option<Gemeente>,
    pub referentie_nummer: String,
    pub toewijzing_nummer: String,
    pub product_code: String,
    pub begindatum: Option<Dag>,
    pub einddatum: Option<Dag>,
    pub ingediend_bedrag: Option<Cent>,
    /// What was asked back; nothing where that lapsed.
    pub bedrag: Cent,
    pub teruggenomen: Cent,
    /// The last day on which something was taken back.
    pub teruggenomen_op: Option<Dag>,
    /// ReferentieNummers of the credit lines on it that are counted, or that were there before it.
    pub creditregels: Vec<String>,
    /// Ids of the findings that it rests on.
    pub bevindingen: Vec<String>,
}

/// One iJw declaration message (JW323): what only the message as a whole says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Declaratiebericht {
    pub afzender: Agb,
    pub ontvanger: Gemeente,
    /// Identificatie of the message: two messages may carry one DeclaratieNummer.
    pub identificatie: String,
    pub dagtekening: Dag,
    pub declaratie_nummer: String,
    /// First and last day of the declaration period, as the message has them.
    pub periode: (Dag, Dag),
    /// TotaalIngediendBedrag: what is debited less what is credited; below zero for a net credit.
    pub totaal: Cent,
    /// The 2 of iJw 3.2.
    pub subversie: u8,
    /// XsdVersie of the message and of the basisschema; empty where the message doesn't say.
    pub xsd_versies: [String; 2],
    /// In which ways it is wrong beside the rules.
    pub faults: FaultSet,
    /// The file that the message stood in: its lines are those of that file.
    pub bestand: FileId,
}

/// A (ProductCategorie, ProductCode) that a line declares, with what the catalogue says of it.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub categorie: String,
    pub code: String,
    /// Its row of the catalogue, which may have what can't be read; `None` for a product that the
    /// catalogue lacks.
    pub row: Option<CatalogusRow>,
}

/// Why the catalogue says nothing of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoCatalogus {
    Absent,
    /// Its row has what can't be read.
    Onleesbaar(Onleesbaar),
}

impl Product {
    /// What the catalogue says of it, or why it says nothing.
    pub(crate) fn known(&self) -> Result<&CatalogusRow, NoCatalogus> {
        self.row.as_ref().ok_or(NoCatalogus::Absent)?.known()
    }

    /// The same; `None` where it says nothing.
    pub(crate) fn catalogus(&self) -> Option<&CatalogusRow> {
        self.known().ok()
    }

    /// Part of the contract; `None` for a product that the catalogue lacks.
    pub(crate) fn onderdeel(&self) -> Option<Onderdeel> {
        self.catalogus().map(|c| c.onderdeel)
    }

    /// Key of its tariffs; `None` where the catalogue has none.
    pub(crate) fn tariefsleutel(&self) -> Option<&str> {
        self.catalogus()?.tariefsleutel.as_deref()
    }

    /// The form: the catalogue's own before the one that INT_A and INT_B imply.
    pub(crate) fn form(&self) -> Option<Vorm> {
        let c = self.catalogus()?;
        c.vorm.or(match c.tariefsleutel.as_deref() {
            Some("INT_A") => Some(Vorm::Pleegzorg),
            Some("INT_B") => Some(Vorm::Deeltijdpleegzorg),
            _ => None,
        })
    }
}

/// A (ProductCategorie, ProductCode) that is looked up in a map whose keys own theirs.
#[derive(Hash)]
pub(crate) struct ProductKey<'a, T: ?Sized>(pub &'a T, pub &'a T);

impl<T: AsRef<[u8]> + ?Sized, O: Borrow<T>> Equivalent<(O, O)> for ProductKey<'_, T> {
    fn equivalent(&self, (categorie, code): &(O, O)) -> bool {
        is_equal(self.0.as_ref(), categorie.borrow().as_ref())
            && is_equal(self.1.as_ref(), code.borrow().as_ref())
    }
}
