//! `startstop`: one row a start or a stop.

use super::collect::{Collect, ReadRows};
use super::part::{InPart, own, shared_word};
use super::row::{Row, choice};
use crate::dossier::{
    Agb, BerichtKind, Bsn, Dag, FileId, Gemeente, Kolom, RedenBeeindiging, Startstop,
    StringInterner, WordId,
};

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
        let nummer = row.bytes(Kolom::ToewijzingNummer);
        let (gemeente, agb, bsn) = (row.gemeente(), row.agb(), row.bsn());
        let kind = row.needs(Kolom::Soort, |c| choice(c, &BerichtKind::choices(), "start of stop"));
        let datum = row.datum(Kolom::Datum);
        let verzonden = row.datum_or_empty(Kolom::Verzonden);
        let reason_beeindiging =
            row.code_or_empty(Kolom::RedenBeeindiging, 2).map(|n| RedenBeeindiging(n as u8));
        let (file, line_number) = (row.file, row.line_number());
        let cells = (|| {
            Some(Cells {
                nummer: nummer?,
                gemeente: gemeente?,
                agb: agb?,
                bsn: bsn?,
                soort: kind?,
                datum: datum?,
                verzonden,
                reden_beeindiging: reason_beeindiging,
                file,
                line_number,
            })
        })();
        if let Some(cells) = row.close(cells) {
            self.add(&cells, ids);
        }
    }

    fn add(&mut self, c: &Cells<'_>, ids: &StringInterner) {
        /// A block of a file has about this many rows: a part of more than a few is one.
        const PER_BLOCK: usize = 5_000;
        if self.berichten.len() == 64 {
            self.berichten.reserve(PER_BLOCK);
        }
        let toewijzing_nummer = match ids.find_after(self.last_nummer, c.nummer) {
            Some(id) => {
                self.last_nummer = id;
                id
            }
            None => WordId(own(self.unknown_ids.intern(c.nummer).0)),
        };
        self.berichten.push(InPart::new(Startstop {
            toewijzing_nummer,
            gemeente: c.gemeente,
            aanbieder: c.agb,
            bsn: c.bsn,
            soort: c.soort,
            datum: c.datum,
            verzonden: c.verzonden,
            reden_beeindiging: c.reden_beeindiging,
            file: c.file,
            line_number: c.line_number,
        }));
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

/// The cells of a row that can be kept.
struct Cells<'r> {
    nummer: &'r [u8],
    gemeente: Gemeente,
    agb: Agb,
    bsn: Bsn,
    soort: BerichtKind,
    datum: Dag,
    verzonden: Option<Dag>,
    reden_beeindiging: Option<RedenBeeindiging>,
    file: FileId,
    line_number: u32,
}
