//! `declaraties`: rows of a year, read in parallel.

mod cells;
mod collecting;

pub(crate) use collecting::Collector;

use super::collect::ReadRows;
use super::part::{InPart, own, own_place, shared_word};
use super::row::Row;
use crate::dossier::{
    AanbiederId, Agb, Columns, Contact, ContactColumns, ContactColumnsId, CreditState, DebetCredit,
    Declaratieregel, FileId, Interner, ProductId, ProductKey, StringInterner, TextArena, WordId,
};
use cells::{Cells, ContactCells};
use std::sync::Arc;

/// Words and side data that earlier rows had. Parts only look them up, so that they can be read side
/// by side; what they have besides is added between two groups of parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedInterners {
    pub words: StringInterner,
    pub contact_columns: Interner<ContactColumns>,
}

/// Rows of one block, with numbers of their own for what wasn't known yet.
#[derive(Default)]
pub(crate) struct RowChunk {
    lines: Vec<InPart<Declaratieregel>>,
    texts: TextArena,
    known: Arc<SharedInterners>,
    new_words: StringInterner,
    new_contact_columns: Interner<ContactColumns>,
    /// For the numbers in these two lists those that all parts share, once they are settled.
    words_renumbered: Vec<WordId>,
    contact_columns_renumbered: Vec<ContactColumnsId>,
    unknown_ids: StringInterner,
    producten: Interner<ProductCodes>,
    agbs: Interner<Agb>,
    /// Those of the row before: rows of one toewijzing follow each other.
    last_nummer: WordId,
    last_contact_columns: Option<(ContactColumns, ContactColumnsId)>,
    /// Of each file its debit and its credit.
    sums: Vec<(FileId, i128, i128)>,
    /// Bytes of the block that it is read from.
    bytes: usize,
}

/// What rows are read with.
pub(crate) struct Reader<'a> {
    /// The numbers that toewijzingen have.
    ids: &'a StringInterner,
    /// The products whose lines may lack a Bsn.
    without_bsn: &'a [String],
    known: Arc<SharedInterners>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        ids: &'a StringInterner,
        without_bsn: &'a [String],
        words: StringInterner,
    ) -> Self {
        let known = Arc::new(SharedInterners { words, ..SharedInterners::default() });
        Reader { ids, without_bsn, known }
    }

    /// All words and side data, once every row was read.
    pub(crate) fn into_known(self) -> SharedInterners {
        Arc::unwrap_or_clone(self.known)
    }
}

impl ReadRows for Reader<'_> {
    type Chunk = RowChunk;

    fn chunk(&self, bytes: usize) -> RowChunk {
        /// A row takes about this many bytes in a file.
        const PER_ROW: usize = 128;
        let lines = Vec::with_capacity(bytes / PER_ROW);
        RowChunk { known: Arc::clone(&self.known), lines, bytes, ..RowChunk::default() }
    }

    fn row(&self, rij: Row<'_>, part: &mut RowChunk) {
        part.read(rij, self.ids, self.without_bsn);
    }

    /// Adds what parts have besides, in their order. In place unless another part still looks things
    /// up.
    fn settle(&mut self, parts: &mut [&mut RowChunk]) {
        for part in parts.iter_mut() {
            part.known = Arc::default();
        }
        let known = Arc::make_mut(&mut self.known);
        for part in parts {
            part.words_renumbered = known.words.merge(&part.new_words);
            let new = part.new_contact_columns.values().iter();
            part.contact_columns_renumbered = new
                .map(|n| {
                    let (groep, meegenomen) =
                        (part.shared_word(n.groep), part.shared_word(n.meegenomen));
                    let n = ContactColumns { groep, meegenomen, ..*n };
                    ContactColumnsId::new(known.contact_columns.intern(&n, || n))
                })
                .collect();
        }
    }
}

/// ProductCategorie and ProductCode, as their cells had them.
type ProductCodes = (Box<[u8]>, Box<[u8]>);

impl RowChunk {
    /// Reads one row into this part, with everything that is wrong with it noted. `ids` are the
    /// numbers that toewijzingen have, `without_bsn` the products whose lines may lack a Bsn.
    fn read(&mut self, mut row: Row<'_>, ids: &StringInterner, without_bsn: &[String]) {
        if row.is_rejected() {
            row.close(None::<()>);
            return;
        }
        let (bedrag, cells) = Cells::read(&mut row, without_bsn);
        if row.is_rejected() {
            row.report.rejected_bedrag += bedrag.unwrap_or_default();
        }
        if let Some(cells) = row.close(cells) {
            self.add(&cells, ids);
        }
    }

    fn add(&mut self, c: &Cells<'_>, ids: &StringInterner) {
        let product = ProductKey(c.categorie, c.code);
        let contact = self.contact(&c.contact, c.unreadable);
        let (gesprekken, neven) = contact.split();
        let line = Declaratieregel {
            gemeente: c.gemeente,
            bsn: c.bsn,
            begindatum: c.begindatum,
            einddatum: c.einddatum,
            geleverd_volume: c.volume,
            eenheid: c.eenheid,
            ingediend_bedrag: c.bedrag,
            product_tarief: c.tarief,
            ontvangstdatum: c.ontvangst,
            dagtekening: c.dagtekening,
            debet_credit: c.debet_credit,
            file: c.file,
            line_number: c.line_number,
            aanbieder: AanbiederId(in_16_bits(self.agbs.intern(&c.agb, || c.agb))),
            product: ProductId(in_16_bits(
                self.producten.intern(&product, || (c.categorie.into(), c.code.into())),
            )),
            ids: self.texts.push_together([c.referentie, c.previous, c.declaratie]),
            toewijzing_nummer: self.toewijzingnummer(c.nummer, ids),
            toewijzing: None,
            functie: contact.functie,
            hulpverlener: contact.hulpverlener,
            contact_columns: (neven != ContactColumns::default())
                .then(|| self.contact_columns(&neven)),
            gesprekken,
            state: CreditState::Live,
        };
        if self.sums.last().is_none_or(|(file, ..)| *file != c.file) {
            self.sums.push((c.file, 0, 0));
        }
        if let Some((_, debet, credit)) = self.sums.last_mut() {
            let sum = match c.debet_credit {
                DebetCredit::Debet => debet,
                DebetCredit::Credit => credit,
            };
            *sum += i128::from(line.ingediend_bedrag.0);
        }
        self.lines.push(InPart::new(line));
    }

    /// The number among those that toewijzingen have, else among the part's own. Lines of one
    /// toewijzing often follow each other: the last one is tried first.
    fn toewijzingnummer(&mut self, nummer: &[u8], ids: &StringInterner) -> WordId {
        match ids.find_after(self.last_nummer, nummer) {
            Some(id) => {
                self.last_nummer = id;
                id
            }
            None => WordId(own(self.unknown_ids.intern(nummer).0)),
        }
    }

    fn contact(&mut self, c: &ContactCells<'_>, unreadable: Columns) -> Contact {
        Contact {
            no_show: c.no_show,
            no_show_minuten: c.no_show_minuten,
            afspraak_minuten: c.afspraak_minuten,
            reistijd_minuten: c.reistijd_minuten,
            gesprekken: c.gesprekken,
            functie: self.word(c.functie),
            hulpverlener: self.word(c.hulpverlener),
            groep: self.word(c.groep),
            meegenomen: self.word_if_any(c.meegenomen.as_bytes()),
            unreadable,
        }
    }

    fn word(&mut self, woord: &[u8]) -> WordId {
        match self.known.words.find(woord) {
            Some(id) => id,
            None => WordId(own(self.new_words.intern(woord).0)),
        }
    }

    /// The same of what nearly no dossier has.
    #[inline]
    fn word_if_any(&mut self, word: &[u8]) -> WordId {
        if word.is_empty() { WordId::EMPTY } else { self.word(word) }
    }

    fn contact_columns(&mut self, neven: &ContactColumns) -> ContactColumnsId {
        if let Some((last, id)) = &self.last_contact_columns
            && last == neven
        {
            return *id;
        }
        let id = ContactColumnsId::new(match self.known.contact_columns.find(neven) {
            Some(id) => id,
            None => own(self.new_contact_columns.intern(neven, || *neven)),
        });
        self.last_contact_columns = Some((*neven, id));
        id
    }

    /// The number that all parts share, for one that the part may have of its own.
    fn shared_word(&self, id: WordId) -> WordId {
        shared_word(id, &self.words_renumbered)
    }

    fn shared_contact_columns(&self, id: ContactColumnsId) -> ContactColumnsId {
        own_place(id.nummer()).map_or(id, |place| self.contact_columns_renumbered[place])
    }
}

/// A number of which there may be too many: that is an error once all is read.
fn in_16_bits(id: u32) -> u16 {
    u16::try_from(id).unwrap_or(u16::MAX)
}
