//! `startstop`: one row a start or a stop.

use super::collect::{Collect, ReadRows};
use super::part::{InPart, own, shared_word};
use super::row::{Row, choice};
use crate::dossier::{BerichtKind, Kolom, RedenBeeindiging, Startstop, StringInterner, WordId};

/// Rows of one block.
#[derive(Default)]
pub(crate) struct RowChunk {
    berichten: Vec<InPart<Startstop>>,
    /// Numbers that no toewijzing has; the rows have them as the part's own.
    unknown_ids: StringInterner,
    last_nummer: WordId,
}

/// What rows are read with: the numbers that toewijzingen have.
pub(crate) struct Reader<'a>(pub &'a StringInterner);

impl ReadRows for Reader<'_> {
    type Chunk = RowChunk;

    fn chunk(&self, _bytes: usize) -> RowChunk {
        RowChunk::default()
    }

    fn row(&self, rij: Row<'_>, part: &mut RowChunk) {
        part.read(rij, self.0);
    }
}

impl Collect<RowChunk> for Vec<RowChunk> {
    fn take(&mut self, part: RowChunk) {
        self.push(part);
    }

    fn rollback(&mut self) {
        self.clear();
    }
}

impl RowChunk {
    /// Reads one row into this part, with everything that is wrong with it noted. `ids` are the
    /// numbers that toewijzingen have.
    fn read(&mut self, mut row: Row<'_>, ids: &StringInterner) {
        if row.is_rejected() {
            row.close(None::<()>);
            return;
        }
        let nummer = row.toewijzingnummer();
        let (gemeente, agb, bsn) = (row.gemeente(), row.agb(), row.bsn());
        let kind = row.needs(Kolom::Soort, |c| choice(c, &BerichtKind::choices(), "start of stop"));
        let datum = row.datum(Kolom::Datum);
        let verzonden = row.datum_or_empty(Kolom::Verzonden);
        let reason_beeindiging =
            row.code_or_empty(Kolom::RedenBeeindiging, 2).map(|n| RedenBeeindiging(n as u8));
        let place = (row.file, row.line_number());
        let cells = (|| {
            let whose = (gemeente?, agb?, bsn?);
            let bericht = Startstop::new(WordId::EMPTY, whose, kind?, datum?, place);
            Some((nummer?, bericht))
        })();
        let unreadable = row.unreadable();
        if let Some((nummer, bericht)) = row.close(cells) {
            self.add(nummer, bericht.with_cells(verzonden, reason_beeindiging, unreadable), ids);
        }
    }

    fn add(&mut self, nummer: &[u8], mut bericht: Startstop, ids: &StringInterner) {
        /// A block of a file has about this many rows: a part of more than a few is one.
        const PER_BLOCK: usize = 5_000;
        if self.berichten.len() == 64 {
            self.berichten.reserve(PER_BLOCK);
        }
        let toewijzing_nummer = match ids.find_after(self.last_nummer, nummer) {
            Some(id) => {
                self.last_nummer = id;
                id
            }
            None => WordId(own(self.unknown_ids.intern(nummer).0)),
        };
        bericht.toewijzing_nummer = toewijzing_nummer;
        self.berichten.push(InPart::new(bericht));
    }

    /// Rows that were kept.
    pub(crate) fn count(&self) -> usize {
        self.berichten.len()
    }

    /// The rows of this part, once their numbers are among those of the whole.
    pub(crate) fn into_whole(self, ids: &mut StringInterner) -> impl Iterator<Item = Startstop> {
        let renumber = ids.merge(&self.unknown_ids);
        self.berichten.into_iter().map(move |bericht| {
            bericht
                .renumbered(|b| b.toewijzing_nummer = shared_word(b.toewijzing_nummer, &renumber))
        })
    }
}
