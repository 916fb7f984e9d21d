//! The lines of all files, taken over chunk by chunk: from numbers of a chunk to those of the whole.

use super::{ProductCodes, RowChunk, SharedInterners, in_16_bits};
use crate::bron::collect::{Collect, estimate};
use crate::bron::error::SourceError;
use crate::bron::line_sink::LineSink;
use crate::bron::part::own_place;
use crate::dossier::{
    AanbiederId, Agb, Cent, FileId, Interner, ProductId, ProductKey, RawDossier, StringInterner,
    WordId,
};
use std::sync::atomic::{AtomicU64, Ordering};

/// All declaraties of a dossier, while its files are read.
pub(crate) struct Collector<'s> {
    sink: &'s mut dyn LineSink,
    producten: Interner<ProductCodes>,
    agbs: Interner<Agb>,
    /// Numbers that no toewijzing has, kept apart while others look up the known ones.
    unknown_ids: StringInterner,
    /// How many known ones there are: the others come after them.
    known_ids: u32,
}

/// The lines of one file, as they come to those of the files before it.
pub(crate) struct OfFile<'a, 's> {
    whole: &'a mut RawDossier,
    collection: &'a mut Collector<'s>,
    file: FileId,
    /// Bytes of all files.
    bytes: usize,
    /// Lines taken over so far.
    lines: &'a AtomicU64,
}

impl Collect<RowChunk> for OfFile<'_, '_> {
    /// Makes room for all files once the first part shows how many rows and texts go into its bytes:
    /// growing by doubling would need twice the memory for a moment.
    fn take(&mut self, part: RowChunk) {
        let sink = &mut self.collection.sink;
        if sink.len(self.whole) == 0 && part.bytes > 0 {
            let estimated = |in_part| estimate(in_part, part.bytes, self.bytes);
            let (lines, text_bytes) = (part.lines.len(), part.texts.byte_len());
            sink.expect(self.whole, estimated(lines), estimated(text_bytes));
        }
        self.collection.push(self.whole, part);
        self.lines.store(self.collection.sink.len(self.whole) as u64, Ordering::Relaxed);
    }

    fn rollback(&mut self) {
        self.collection.sink.rollback(self.whole);
        let file = &mut self.whole.files[self.file.place()];
        (file.debet, file.credit) = (Cent::ZERO, Cent::ZERO);
    }
}

impl<'s> Collector<'s> {
    /// `ids` are the numbers that toewijzingen have.
    pub(crate) fn new(ids: &StringInterner, sink: &'s mut dyn LineSink) -> Collector<'s> {
        Collector {
            sink,
            producten: Interner::default(),
            agbs: Interner::default(),
            unknown_ids: StringInterner::default(),
            known_ids: u32::try_from(ids.word_count()).expect("fewer than four billion words"),
        }
    }

    /// Takes over the lines of one file; all files that come so have `bytes`.
    pub(crate) fn of_file<'a>(
        &'a mut self,
        whole: &'a mut RawDossier,
        file: FileId,
        bytes: usize,
        lines: &'a AtomicU64,
    ) -> OfFile<'a, 's> {
        self.sink.begin_file(whole);
        OfFile { whole, collection: self, file, bytes, lines }
    }

    /// Takes over a part: its numbers become those of the whole, and its sums those of its files.
    pub(crate) fn push(&mut self, whole: &mut RawDossier, mut part: RowChunk) {
        let text = whole.texts.merge(&part.texts);
        let nummer = self.unknown_ids.merge(&part.unknown_ids);
        let aanbieder: Vec<AanbiederId> = part
            .agbs
            .values()
            .iter()
            .map(|a| AanbiederId(in_16_bits(self.agbs.intern(a, || *a))))
            .collect();
        let product: Vec<ProductId> = part
            .producten
            .values()
            .iter()
            .map(|p| self.producten.intern(&ProductKey(&p.0, &p.1), || p.clone()))
            .map(|id| ProductId(in_16_bits(id)))
            .collect();
        let lines = std::mem::take(&mut part.lines);
        whole.lines.extend(lines.into_iter().map(|line| {
            line.renumbered(|r| {
                r.ids = text(r.ids);
                if let Some(place) = own_place(r.toewijzing_nummer.0) {
                    r.toewijzing_nummer = WordId(self.known_ids + nummer[place].0 - 1);
                }
                r.aanbieder = aanbieder[r.aanbieder.0 as usize];
                r.product = product[r.product.0 as usize];
                r.functie = part.shared_word(r.functie);
                r.hulpverlener = part.shared_word(r.hulpverlener);
                r.contact_columns = r.contact_columns.map(|id| part.shared_contact_columns(id));
            })
        }));
        self.sink.added(whole);
        let cent = |n: i128| Cent(i64::try_from(n).expect("a file's total fits in 64 bits"));
        for (file, debet, credit) in part.sums {
            let file = &mut whole.files[file.place()];
            file.debet += cent(debet);
            file.credit += cent(credit);
        }
    }

    /// After the last file: puts the numbers that no toewijzing has behind the others.
    pub(crate) fn finish(
        self,
        whole: &mut RawDossier,
        ids: StringInterner,
        known: SharedInterners,
    ) -> Result<(), SourceError> {
        let SharedInterners { words, contact_columns } = known;
        (whole.words, whole.contact_columns) = (words, contact_columns);
        whole.toewijzingnummers = ids;
        whole.toewijzingnummers.merge(&self.unknown_ids);
        let limit = usize::from(u16::MAX);
        if self.producten.values().len() > limit {
            return Err(SourceError::TooMany { limit, what: "verschillende producten" });
        }
        if self.agbs.values().len() > limit {
            return Err(SourceError::TooMany { limit, what: "verschillende aanbieders" });
        }
        let text = |bytes: Box<[u8]>| {
            String::from_utf8(bytes.into()).expect("a cell is text before it is read")
        };
        let producten = self.producten.into_values().into_iter();
        whole.producten =
            producten.map(|(categorie, code)| (text(categorie), text(code))).collect();
        whole.agbs = self.agbs.into_values();
        Ok(())
    }
}
