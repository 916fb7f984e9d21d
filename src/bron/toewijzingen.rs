//! `toewijzingen`: one row a version.

use super::collect::{Collect, ReadRows, estimate};
use super::fields::{self, ParseError};
use super::part::InPart;
use super::row::Row;
use crate::dossier::{
    AanbiederId, Budgetsoort, Frequentie, Kolom, RawDossier, RawToewijzing, RedenWijziging,
    StringInterner, TextArena, TextId, Uitvoering, Versie, Verwijzer, WordId, is_equal,
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
    /// Bytes of all files.
    bytes: usize,
}

impl<'a> OfFile<'a> {
    pub(crate) fn new(whole: &'a mut RawDossier, bytes: usize) -> Self {
        OfFile { checkpoint: whole.versies.len(), whole, bytes }
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
        part.push(self.whole);
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
        let nummer = row.bytes(Kolom::ToewijzingNummer);
        let gemeente = row.gemeente();
        let agb = row.agb();
        let bsn = row.bsn();
        let toewijzingsdatum = row.datum(Kolom::Toewijzingsdatum);
        let ingangsdatum = row.datum(Kolom::Ingangsdatum);
        let einddatum = row.datum_or_empty(Kolom::Einddatum);
        let categorie = row.bytes_or_empty(Kolom::ProductCategorie);
        let code = row.bytes_or_empty(Kolom::ProductCode);
        let reason_wijziging =
            row.code_or_empty(Kolom::RedenWijziging, 2).map(|n| RedenWijziging(n as u8));
        let volume = row.volume_or_empty(Kolom::Volume);
        let eenheid = row.eenheid_or_empty();
        let frequentie = row
            .optional(Kolom::Frequentie, |c| fields::code(c, 1).or_else(|_| fields::code(c, 2)))
            .map(|(n, _)| Frequentie(n as u8));
        let budget = row.bedrag_or_empty(Kolom::Budget);
        let geboortedatum = row.datum_or_empty(Kolom::Geboortedatum);
        let verwijzer = row.code_or_empty(Kolom::Verwijzer, 2).map(|n| Verwijzer(n as u8));
        let budgetsoort =
            row.choice_or_empty(Kolom::Budgetsoort, &Budgetsoort::choices(), "herstel of duurzaam");
        let uitvoering =
            row.choice_or_empty(Kolom::Uitvoering, &Uitvoering::choices(), UITVOERING_TOEGESTAAN);
        let dispuut = row.yes_no_or_empty(Kolom::Dispuut).unwrap_or(false);
        let special = row.text_or_empty(Kolom::Bijzonderheid);
        let (bijzonderheden, unknown) = fields::bijzonderheden(special);
        if unknown {
            let allowed = "medicatiecontrole, kdc, crisis, toestemming of verlengd";
            row.ignore(Kolom::Bijzonderheid, special, ParseError::UnknownValue { allowed });
        }
        let (file, line_number) = (row.file, row.line_number());
        let cells = (|| {
            let (nummer, agb) = (nummer?, agb?);
            let versie = Versie {
                nummer: WordId::EMPTY,
                gemeente: gemeente?,
                aanbieder: AanbiederId(0),
                bsn: bsn?,
                toewijzingsdatum: toewijzingsdatum?,
                ingangsdatum: ingangsdatum?,
                einddatum,
                product_categorie: WordId::EMPTY,
                product_code: WordId::EMPTY,
                reden_wijziging: reason_wijziging,
                volume,
                eenheid,
                frequentie,
                budget,
                geboortedatum,
                verwijzer,
                budgetsoort,
                uitvoering,
                dispuut,
                bijzonderheden,
                file,
                line_number,
            };
            let row = RawToewijzing { agb, versie };
            Some(Cells { nummer, categorie, code, row })
        })();
        if let Some(cells) = row.close(cells) {
            self.add(cells);
        }
    }

    fn add(&mut self, c: Cells<'_>) {
        /// A block of a file has about this many rows: a part of more than a few is one.
        const PER_BLOCK: usize = 2_500;
        if self.versies.len() == 64 {
            self.versies.reserve(PER_BLOCK);
        }
        let mut row = c.row;
        row.versie.nummer = self.nummer(c.nummer);
        row.versie.product_categorie = self.words.intern(c.categorie);
        row.versie.product_code = self.words.intern(c.code);
        self.versies.push(InPart::new(row));
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
                v.versie.product_categorie = word[v.versie.product_categorie.index()];
                v.versie.product_code = word[v.versie.product_code.index()];
            })
        }));
    }
}

/// The cells of a row that can be kept.
struct Cells<'r> {
    nummer: &'r [u8],
    categorie: &'r [u8],
    code: &'r [u8],
    /// All others.
    row: RawToewijzing,
}

pub(crate) const UITVOERING_TOEGESTAAN: &str = "inspanning of output";
