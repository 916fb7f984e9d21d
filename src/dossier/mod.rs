//! The model: what one dossier holds, joined and ordered, before any rule looks at it.

mod answer;
mod beoordeling;
mod berichtfouten;
mod bloom_filter;
mod codes;
mod counting_sort;
mod crediteren;
mod datum;
mod declaratieregel;
mod ernst;
mod feestdagen;
mod geld;
mod interner;
mod joining;
mod kolom;
mod line_block;
mod meegenomen;
mod niveau;
mod nummer_order;
mod order;
mod periode;
mod stamgegevens;
mod startstop;
mod termijnen;
mod text_arena;
mod tijd;
mod toewijzing;
mod verantwoording;
mod versie_order;

pub(crate) use answer::{Afgewezen, AnswerCounts, DeclaratieAnswer, Refusals, rejects};
pub use beoordeling::Reactie;
pub(crate) use beoordeling::{Beoordeling, BevindingId, EarlierFinding, Eindoordeel};
pub use berichtfouten::FaultSet;
pub(crate) use berichtfouten::{BerichtFault, FaultCounts};
pub(crate) use bloom_filter::{BloomFilter, ReferenceHash};
pub(crate) use codes::{
    Afspraaksoort, BerichtKind, Bijzonderheden, Bijzonderheid, Budgetsoort, CRISIS_CATEGORIE,
    DebetCredit, Eenheid, Frequentie, Onderdeel, RedenBeeindiging, RedenWijziging, Status,
    Uitvoering, Verwijzer, Vorm,
};
pub use codes::{Agb, Bsn, Gemeente};
pub use datum::Dag;
pub(crate) use datum::{ShortDag, maandnaam};
pub(crate) use declaratieregel::{
    AanbiederId, Contact, ContactColumns, ContactColumnsId, CreditState, Declaratieregel,
    Gesprekken, ProductId, Tarief, ToewijzingId,
};
pub use declaratieregel::{FileId, LineId};
pub(crate) use ernst::Ernst;
pub(crate) use feestdagen::werkdagen_after;
pub use geld::Cent;
pub(crate) use geld::{Thousands, Volume, counted, declaratieregels, exact_half_up, half_up};
pub(crate) use interner::Interner;
pub(crate) use joining::{Linker, RawDossier};
pub use kolom::FileKind;
pub(crate) use kolom::{Columns, Kolom, Onleesbaar};
pub(crate) use line_block::LineBlock;
pub(crate) use meegenomen::{MOST_COLUMNS, cell_of, join_cells};
pub use niveau::Niveau;
pub(crate) use periode::{Periode, Termijn};
pub use stamgegevens::Declaratiebericht;
pub(crate) use stamgegevens::{
    Aanbieder, AanbiederRow, Afspraak, CatalogusRow, MaatwerkRow, NoCatalogus, OmzetRow,
    OpenstaandRow, Product, ProductKey, SmallRow, TariefRow, VerantwoordingRow,
};
pub(crate) use startstop::{Course, Pause, Startstop, StartstopTable};
pub(crate) use termijnen::{Termijnen, overlapping};
use text_arena::whole;
pub(crate) use text_arena::{StringInterner, TextArena, TextId, WordId, is_equal};
pub(crate) use tijd::Tijd;
pub(crate) use toewijzing::{NeededCells, OptionalCells, RawToewijzing, Toewijzing, Versie};
pub(crate) use verantwoording::Verantwoording;

use nummer_order::NummerOrder;
use serde::{Deserialize, Serialize};

/// An input file: what it held, and what was read of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceFile {
    /// Path relative to the dossier, with `/` between the parts.
    pub pad: String,
    pub soort: FileKind,
    /// Those that its header names.
    pub(crate) kolommen: Columns,
    /// What it lacks of the columns that are to ride along.
    pub(crate) lacks: Option<Box<Lacking>>,
    /// Rows: those accepted and those refused.
    pub gelezen: u64,
    pub aanvaard: u64,
    pub afgekeurd: u64,
    /// Unreadable values in columns that aren't needed.
    pub genegeerd: u64,
    /// Headers of its own, with the columns that they were read as.
    pub(crate) mapping: Vec<(String, Kolom)>,
    /// What the refused rows declare, as far as that could be read, but for rows of totals; only for
    /// declaraties.
    pub(crate) afgekeurd_bedrag: Cent,
    /// Rows of totals among the refused ones.
    pub(crate) totaalregels: u64,
    /// Of each column that isn't needed and has unreadable values: those, and all that are filled in.
    pub(crate) onleesbaar: Vec<UnreadableColumn>,
    /// Size of the file.
    pub bytes: u64,
    /// Of the bytes of the file, 64 hexadecimal digits.
    pub sha256: String,
    /// The same of what it holds once unpacked; empty for a message.
    pub(crate) sha256_unpacked: String,
    /// Sums of IngediendBedrag of the accepted rows; only for declaraties.
    pub debet: Cent,
    pub credit: Cent,
}

/// Columns that are to ride along and that a file lacks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Lacking {
    pub columns: Vec<String>,
    /// What it has besides the columns that are read, as messages show it.
    pub own: Vec<String>,
}

/// Values of a column of a file that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnreadableColumn {
    pub kolom: Kolom,
    pub unreadable: u64,
    /// Those, and the values that could be read.
    pub filled: u64,
}

/// One year's dossier, read and joined.
#[derive(Debug)]
pub struct Dossier {
    /// In the order of their paths; [`FileId`] is the place.
    pub(crate) files: Vec<SourceFile>,
    /// In the order of the files and the rows in them; [`LineId`] is the place.
    pub lines: Vec<Declaratieregel>,
    /// The three numbers of each line: [`Declaratieregel::ids`].
    pub(crate) texts: TextArena,
    /// ToewijzingNummers of lines, toewijzingen, starts and stops.
    pub(crate) toewijzingnummers: StringInterner,
    /// Other words that come back: functions, carers, groups, product codes of toewijzingen.
    pub(crate) words: StringInterner,
    /// Columns that lines share; see [`Dossier::contact_columns_of`].
    pub(crate) contact_columns: Interner<ContactColumns>,
    /// In the order of (ProductCategorie, ProductCode), by bytes.
    pub(crate) producten: Vec<Product>,
    /// In the order of the AGB codes.
    pub(crate) aanbieders: Vec<Aanbieder>,
    /// By (Gemeente, ToewijzingNummer), with all versions; [`ToewijzingId`] is the place.
    pub(crate) toewijzingen: Vec<Toewijzing>,
    /// Rows of `omzet`; `None` where the dossier has no such table.
    pub(crate) omzet: Option<Vec<OmzetRow>>,
    /// Start and stop messages; `None` where the dossier has no such table.
    pub(crate) startstop: Option<StartstopTable>,
    /// Messages that take back what was never sent.
    pub(crate) removals: FaultCounts,
    /// Rows of `productieverantwoording`, by aanbieder, year and gemeente; `None` where the dossier has no such table.
    pub(crate) productieverantwoording: Option<Vec<VerantwoordingRow>>,
    /// Rows of `afspraken`; `None` where the dossier has no such table.
    pub(crate) afspraken: Option<Vec<Afspraak>>,
    /// Rows of `maatwerk`; `None` where the dossier has no such table.
    pub(crate) maatwerk: Option<Vec<MaatwerkRow>>,
    /// Rows of `openstaand`; `None` where the dossier has no such table.
    pub(crate) openstaand: Option<Vec<OpenstaandRow>>,
    /// iJw declaration messages, in the order of their files; `None` where the declaraties came in another form.
    pub declaratieberichten: Option<Vec<Declaratiebericht>>,
    /// Their places by aanbieder: see [`Dossier::berichten_of`].
    berichten_by_aanbieder: Vec<u32>,
    /// Files of the declaration messages that the dossier has an answer to, in order.
    pub answered: Vec<FileId>,
    /// What came of the answers of gemeenten; `None` where the dossier has none.
    pub(crate) answers: Option<AnswerCounts>,
    /// Of each credit line that took back a debit line: both, in the order of the credit lines.
    pub settled: Vec<(LineId, LineId)>,
    /// Of each line that of its ReferentieNummer, once lines are credited: see [`Dossier::referentiehash`].
    pub(crate) referentiehashes: Vec<ReferenceHash>,
}

impl Dossier {
    /// The line with this number.
    #[inline]
    pub fn line(&self, id: LineId) -> &Declaratieregel {
        &self.lines[id.0 as usize]
    }

    /// The toewijzing with this number.
    pub fn toewijzing(&self, id: ToewijzingId) -> &Toewijzing {
        &self.toewijzingen[id.place()]
    }

    /// What puts toewijzingen of one jeugdige in order: Ingangsdatum, ToewijzingNummer, Gemeente.
    pub(crate) fn toewijzing_order(&self, id: ToewijzingId) -> impl Ord + use<'_> {
        let t = self.toewijzing(id);
        (t.ingangsdatum, NummerOrder::of(self.toewijzingnummer(t.nummer)), t.gemeente)
    }

    /// The aanbieder with this number.
    pub fn aanbieder(&self, id: AanbiederId) -> &Aanbieder {
        &self.aanbieders[id.0 as usize]
    }

    /// The aanbieder with this AGB code, if any file names it.
    pub(crate) fn aanbieder_nr(&self, agb: Agb) -> Option<AanbiederId> {
        let place = self.aanbieders.binary_search_by_key(&agb, |a| a.agb).ok()?;
        Some(AanbiederId(place as u16))
    }

    /// The product with this number.
    pub(crate) fn product(&self, id: ProductId) -> &Product {
        &self.producten[id.0 as usize]
    }

    /// The input file with this number.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.place()]
    }

    /// The declaration message that this file holds.
    pub(crate) fn bericht_in(&self, file: FileId) -> Option<&Declaratiebericht> {
        let berichten = self.declaratieberichten.as_deref()?;
        let place = berichten.binary_search_by_key(&file, |b| b.bestand).ok()?;
        Some(&berichten[place])
    }

    /// The places of one aanbieder's declaration messages, by period, Identificatie and file.
    pub(crate) fn berichten_of(&self, agb: Agb) -> &[u32] {
        let all = self.declaratieberichten.as_deref().unwrap_or_default();
        let places = self.berichten_by_aanbieder.as_slice();
        let sender = |place: &u32| all[*place as usize].afzender;
        let of = places.partition_point(|place| sender(place) < agb);
        let until = places.partition_point(|place| sender(place) <= agb);
        &places[of..until]
    }

    /// Does the dossier have an answer to this message?
    pub(crate) fn is_answered(&self, bericht: &Declaratiebericht) -> bool {
        self.answered.binary_search(&bericht.bestand).is_ok()
    }

    /// The rows of `productieverantwoording` of one aanbieder and year, by gemeente.
    pub(crate) fn verantwoording_of(&self, agb: Agb, jaar: i32) -> &[VerantwoordingRow] {
        let rows = self.productieverantwoording.as_deref().unwrap_or_default();
        let of = rows.partition_point(|r| (r.aanbieder, r.jaar) < (agb, jaar));
        let until = rows.partition_point(|r| (r.aanbieder, r.jaar) <= (agb, jaar));
        &rows[of..until]
    }

    /// Is there a file of this kind?
    pub(crate) fn has_kind(&self, kind: FileKind) -> bool {
        self.files.iter().any(|b| b.soort == kind)
    }

    /// Does the file that this row came from have this column?
    #[inline]
    pub(crate) fn has_kolom(&self, file: FileId, kolom: Kolom) -> bool {
        self.file(file).kolommen.contains(kolom)
    }

    /// Puts these lines in the place of those of the dossier, which it gives.
    pub(crate) fn swap_lines(&mut self, block: &mut LineBlock) {
        std::mem::swap(&mut self.lines, &mut block.lines);
        std::mem::swap(&mut self.texts, &mut block.texts);
        self.settled.clear();
        self.referentiehashes = Vec::new();
    }

    /// The debit line that this credit line took back.
    pub(crate) fn withdrawn_by(&self, credit: LineId) -> Option<LineId> {
        if !self.line(credit).state.took_back() {
            return None;
        }
        let place = self.settled.binary_search_by_key(&credit, |(credit, _)| *credit).ok()?;
        Some(self.settled[place].1)
    }

    /// What a line shares with others, all empty where it has none of it.
    #[inline]
    pub(crate) fn contact_columns_of(&self, line: &Declaratieregel) -> ContactColumns {
        line.contact_columns
            .map_or_else(ContactColumns::default, |id| self.contact_columns.value(id.nummer()))
    }

    /// What rides along to the rapport of a line, in the column at this place.
    pub(crate) fn meegenomen(&self, line: &Declaratieregel, place: usize) -> &str {
        cell_of(self.words.get(self.contact_columns_of(line).meegenomen), place)
    }

    /// Number of no-shows inside a line.
    #[inline]
    pub(crate) fn no_show(&self, line: &Declaratieregel) -> u32 {
        line.contact_columns.map_or(0, |id| self.contact_columns.get_ref(id.nummer()).no_show)
    }

    /// Optional columns of a line with a value that can't be read: unknown, which is not empty.
    #[inline]
    pub(crate) fn unreadable(&self, line: &Declaratieregel) -> Columns {
        let shared = line.contact_columns.map(|id| self.contact_columns.get_ref(id.nummer()));
        shared.map_or_else(Columns::default, |shared| shared.unreadable)
    }

    /// The columns of a line about appointments, all empty where it has none.
    #[inline]
    pub(crate) fn contact(&self, line: &Declaratieregel) -> Contact {
        line.contact(&self.contact_columns_of(line))
    }

    /// ReferentieNummer of a line.
    pub fn referentie(&self, line: &Declaratieregel) -> &str {
        self.texts.get(line.ids)
    }

    /// The same as bytes, for comparing.
    #[inline]
    pub(crate) fn referentie_bytes(&self, line: &Declaratieregel) -> &[u8] {
        self.texts.bytes(line.ids)
    }

    /// VorigReferentieNummer of a line, empty where it has none.
    pub(crate) fn previous_referentie(&self, line: &Declaratieregel) -> &str {
        let [_, previous, _] = self.texts.get_together(line.ids);
        whole(previous)
    }

    /// DeclaratieNummer of a line, empty where it has none.
    pub(crate) fn declaratienummer(&self, line: &Declaratieregel) -> &str {
        let [.., declaratie] = self.texts.get_together(line.ids);
        whole(declaratie)
    }

    /// The ToewijzingNummer that has this number in [`Dossier::toewijzingnummers`].
    pub fn toewijzingnummer(&self, id: WordId) -> &str {
        self.toewijzingnummers.get(id)
    }

    /// All line numbers, in the order of the files.
    pub(crate) fn line_numbers(&self) -> impl Iterator<Item = LineId> + use<> {
        (0..self.lines.len() as u32).map(LineId)
    }
}
