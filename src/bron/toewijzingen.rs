//! `toewijzingen`: one row a version.

use super::collect::{Collect, ReadRows, estimate};
use super::fields::{self, ParseError};
use super::part::InPart;
use super::row::Row;
use crate::dossier::{
    Agb, Budgetsoort, Columns, FileId, Frequentie, Kolom, NeededCells, OptionalCells, RawDossier,
    RawToewijzing, RedenWijziging, StringInterner, TextArena, TextId, Uitvoering, Versie,
    Verwijzer, WordId, is_equal,
};

/// Rows of one block, with words of their own.
#[derive(Default)]
pub(crate) struct RowChunk {
    /// Their number is a place in `nummers`.
    versies: Vec<InPart<RawToewijzing>>,
    /// Each number once where its rows follow each other.
    ids: Vec<TextId>,
    texts: TextArena,
    words: StringInterner,
    /// Bytes of the block that it is read from.
    bytes: usize,
}

pub(crate) struct Reader;

impl ReadRows for Reader {
    type Chunk = RowChunk;

    fn chunk(&self, bytes: usize) -> RowChunk {
        RowChunk { bytes, ..RowChunk::default() }
    }

    fn row(&self, rij: Row<'_>, part: &mut RowChunk) {
        part.read(rij);
    }
}

/// The versions of one file, as they come to those of the files before it.
pub(crate) struct OfFile<'a> {
    whole: &'a mut RawDossier,
    /// Versions that were there before this file.
    checkpoint: usize,
    /// Bytes of all files, and of the parts that were taken over, which in an archive may be many more.
    bytes: usize,
    taken: usize,
}

impl<'a> OfFile<'a> {
    pub(crate) fn new(whole: &'a mut RawDossier, bytes: usize) -> Self {
        OfFile { checkpoint: whole.versies.len(), whole, bytes, taken: 0 }
    }
}

impl Collect<RowChunk> for OfFile<'_> {
    /// Makes room for all files once the first part shows how many rows go into its bytes: growing by
    /// doubling would move them every time.
    fn take(&mut self, part: RowChunk) {
        if self.whole.versies.is_empty() && part.bytes > 0 {
            let estimated = |in_part| estimate(in_part, part.bytes, self.bytes);
            self.whole.versies.reserve_exact(estimated(part.versies.len()));
            self.whole.toewijzingnummers.reserve(estimated(part.ids.len()));
        }
        self.taken += part.bytes;
        part.push(self.whole);
    }

    /// A list that is nearly full is copied into one of twice its size; it had room for all files, if
    /// they hold no more than their bytes.
    fn next_growth(&self) -> u64 {
        /// Rows that a few chunks may have.
        const NEARLY: usize = 1 << 16;
        let versies = &self.whole.versies;
        let nearly_full = versies.capacity() - versies.len() < NEARLY;
        match self.taken > self.bytes && nearly_full {
            true => 2 * size_of_val(versies.as_slice()) as u64,
            false => 0,
        }
    }

    fn rollback(&mut self) {
        self.whole.versies.truncate(self.checkpoint);
    }
}

impl RowChunk {
    /// Reads one row into this part, with everything that is wrong with it noted.
    fn read(&mut self, mut row: Row<'_>) {
        if row.is_rejected() {
            row.close(None::<()>);
            return;
        }
        let nummer = row.toewijzingnummer();
        let gemeente = row.gemeente();
        let agb = row.agb();
        let bsn = row.bsn();
        let toewijzingsdatum = row.datum(Kolom::Toewijzingsdatum);
        let ingangsdatum = row.datum(Kolom::Ingangsdatum);
        let categorie = row.key_or_empty(Kolom::ProductCategorie);
        let code = row.key_or_empty(Kolom::ProductCode);
        let special = row.text_or_empty(Kolom::Bijzonderheid);
        let optional = optional_cells(&mut row, special);
        let (place, unreadable) = ((row.file, row.line_number()), row.unreadable());
        let cells = (|| {
            let needed = NeededCells {
                gemeente: gemeente?,
                bsn: bsn?,
                toewijzingsdatum: toewijzingsdatum?,
                ingangsdatum: ingangsdatum?,
            };
            let (nummer, agb) = (nummer?, agb?);
            Some(Cells { nummer, categorie, code, special, agb, needed, optional })
        })();
        if let Some(cells) = row.close(cells) {
            self.add(cells, unreadable, place);
        }
    }

    fn add(&mut self, c: Cells<'_>, unreadable: Columns, place: (FileId, u32)) {
        /// A block of a file has about this many rows: a part of more than a few is one.
        const PER_BLOCK: usize = 2_500;
        if self.versies.len() == 64 {
            self.versies.reserve(PER_BLOCK);
        }
        let optional = OptionalCells {
            product_categorie: self.words.intern(c.categorie),
            product_code: self.words.intern(c.code),
            bijzonderheid: match unreadable.contains(Kolom::Bijzonderheid) {
                true => WordId::EMPTY,
                false => self.words.intern(c.special.as_bytes()),
            },
            ..c.optional
        };
        let mut versie = Versie::new(c.needed, optional, unreadable, place);
        versie.nummer = self.nummer(c.nummer);
        self.versies.push(InPart::new(RawToewijzing { agb: c.agb, versie }));
    }

    /// The place of a number in the part's list. Versions of one toewijzing often follow each other.
    fn nummer(&mut self, nummer: &[u8]) -> WordId {
        let last = self.ids.last().map(|id| self.texts.bytes(*id));
        if !last.is_some_and(|last| is_equal(last, nummer)) {
            self.ids.push(self.texts.push(nummer));
        }
        WordId((self.ids.len() - 1) as u32)
    }

    /// Adds this part to the whole.
    pub(crate) fn push(self, whole: &mut RawDossier) {
        let word = whole.words.merge(&self.words);
        let nummer: Vec<WordId> = self
            .ids
            .iter()
            .map(|id| whole.toewijzingnummers.intern(self.texts.bytes(*id)))
            .collect();
        whole.versies.extend(self.versies.into_iter().map(|versie| {
            versie.renumbered(|v| {
                v.versie.nummer = nummer[v.versie.nummer.index()];
                v.versie.renumber_words(|id| word[id.index()]);
            })
        }));
    }
}

/// The cells of a row that can be kept.
struct Cells<'r> {
    nummer: &'r [u8],
    categorie: &'r [u8],
    code: &'r [u8],
    /// Bijzonderheid.
    special: &'r str,
    agb: Agb,
    needed: NeededCells,
    /// All others.
    optional: OptionalCells,
}

/// The cells of the columns that a row may lack, without the words in them.
fn optional_cells(row: &mut Row<'_>, special: &str) -> OptionalCells {
    let (bijzonderheden, unknown) = fields::bijzonderheden(special);
    if unknown {
        let allowed = "medicatiecontrole, kdc, crisis, toestemming of verlengd";
        row.ignore(Kolom::Bijzonderheid, special, ParseError::UnknownValue { allowed });
    }
    let amounts = row.forms.amounts;
    OptionalCells {
        einddatum: row.end_datum_or_empty(Kolom::Einddatum),
        reden_wijziging: row
            .code_or_empty(Kolom::RedenWijziging, 2)
            .map(|n| RedenWijziging(n as u8)),
        volume: row.volume_or_empty(Kolom::Volume),
        eenheid: row.eenheid_or_empty(),
        frequentie: row
            .optional(Kolom::Frequentie, |c| fields::code(c, 1).or_else(|_| fields::code(c, 2)))
            .map(|code| Frequentie(code.number as u8)),
        budget: row.optional(Kolom::Budget, |c| fields::bedrag_of_care(c, amounts)),
        geboortedatum: row.datum_or_empty(Kolom::Geboortedatum),
        verwijzer: row.code_or_empty(Kolom::Verwijzer, 2).map(|n| Verwijzer(n as u8)),
        budgetsoort: row.choice_or_empty(
            Kolom::Budgetsoort,
            &Budgetsoort::choices(),
            "herstel of duurzaam",
        ),
        uitvoering: row.choice_or_empty(
            Kolom::Uitvoering,
            &Uitvoering::choices(),
            UITVOERING_TOEGESTAAN,
        ),
        dispuut: row.yes_no_or_empty(Kolom::Dispuut),
        bijzonderheden,
        toewijzingstijd: row.optional(Kolom::Toewijzingstijd, fields::tijd),
        verzonden: row.datum_or_empty(Kolom::Verzonden),
        ..OptionalCells::default()
    }
}

pub(crate) const UITVOERING_TOEGESTAAN: &str = "inspanning of output";
