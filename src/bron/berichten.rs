//! The messages of a dossier, many at a time, into its tables.

use super::collect::ReadRows;
use super::error::{Consequence, InputError, SourceError};
use super::fields::ParseError;
use super::header::Header;
use super::ijw::{
    Bericht, BerichtError, BerichtOutcome, BerichtReading, answer, declaratiebericht, header_of,
    read_bericht,
};
use super::order::BerichtFile;
use super::reader::DossierReader;
use super::report::ReadReport;
use super::row::Row;
use super::{declaraties, small, startstop, toewijzingen};
use crate::dossier::{Dag, FileId, Kolom, RawDossier, Startstop, rejects};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Messages that are in memory at a time: about this many bytes, and never more than this many.
const BYTES_AT_ONCE: u64 = 64 << 20;
const BERICHTEN_AT_ONCE: usize = 512;

/// How many of these are read together.
fn group(rest: &[BerichtFile<'_>]) -> usize {
    let mut bytes = 0;
    let fits = |(_, v, _): &&BerichtFile<'_>| {
        bytes += v.bytes;
        bytes <= BYTES_AT_ONCE
    };
    rest.iter().take(BERICHTEN_AT_ONCE).take_while(fits).count().max(1)
}

/// Notes the ReferentieNummer of a prestatie that an answer refuses.
fn refused_prestatie(mut row: Row<'_>, out: &mut Vec<String>) {
    let referentie = row.text(Kolom::ReferentieNummer).map(str::to_owned);
    let codes = row.text_or_empty(Kolom::RetourCodes);
    // An answer lists what it refuses; only a code that says otherwise is stronger than that.
    let refused = codes.is_empty() || rejects(codes.split_whitespace());
    out.extend(row.close(referentie).filter(|_| refused));
}

impl DossierReader<'_> {
    pub(crate) fn toewijzingberichten(
        &mut self,
        berichten: &[BerichtFile<'_>],
    ) -> Result<(), SourceError> {
        self.berichten(berichten, &mut toewijzingen::Reader, |reader, _, read| {
            read.parts.into_iter().for_each(|part| part.push(&mut reader.out.rows));
        })
    }

    pub(crate) fn declaratieberichten(
        &mut self,
        berichten: &[BerichtFile<'_>],
        rows: &mut declaraties::Reader<'_>,
        collection: &mut declaraties::Collector<'_>,
    ) -> Result<(), SourceError> {
        self.berichten(berichten, rows, |reader, id, read| {
            let rijen = &mut reader.out.rows;
            for part in read.parts {
                collection.push(rijen, id, part);
            }
            let bericht = declaratiebericht(&read.content, id).expect("its header was checked");
            rijen.declaratieberichten.get_or_insert_default().push(bericht);
        })
    }

    pub(crate) fn answers(&mut self, berichten: &[BerichtFile<'_>]) -> Result<(), SourceError> {
        self.berichten(berichten, &mut small::Reader(refused_prestatie), |reader, _, read| {
            let prestaties = read.parts.into_iter().flatten().collect();
            let antwoord = answer(&read.content, prestaties).expect("its header was checked");
            reader.out.rows.answers.get_or_insert_default().push(antwoord);
        })
    }

    /// Reads starts and stops as they were sent, and puts those that take one back apart.
    pub(crate) fn startstopberichten(
        &mut self,
        berichten: &[BerichtFile<'_>],
    ) -> Result<(), SourceError> {
        let ids = std::mem::take(&mut self.out.rows.toewijzingnummers);
        let mut parts: Vec<[startstop::RowChunk; 2]> = Vec::new();
        let mut rows = startstop::Reader(&ids);
        let read = self.berichten(berichten, &mut rows, |_, _, read| {
            parts.push(read.parts);
        });
        self.out.rows.toewijzingnummers = ids;
        read?;
        let RawDossier { startstop, toewijzingnummers, .. } = &mut self.out.rows;
        for [stands, back] in parts {
            let all = startstop.get_or_insert_default();
            all.extend(stands.into_whole(toewijzingnummers));
            self.withdrawn.extend(back.into_whole(toewijzingnummers));
        }
        Ok(())
    }

    /// Reads messages of one kind of table: `rows` in parallel over the files, `take` one by one
    /// in their order.
    fn berichten<R: ReadRows>(
        &mut self,
        berichten: &[BerichtFile<'_>],
        rows: &mut R,
        mut take: impl FnMut(&mut Self, FileId, BerichtReading<R::Chunk>),
    ) -> Result<(), SourceError> {
        let headers: BTreeMap<Bericht, Header> =
            berichten.iter().map(|(_, _, b)| *b).map(|b| (b, header_of(b))).collect();
        let mut together = ReadReport::default();
        let mut rest = berichten;
        while !rest.is_empty() {
            let (now, soon) = rest.split_at(group(rest));
            rest = soon;
            let (report, read) = (self.report, &*rows);
            let outcomes: Vec<BerichtOutcome<R::Chunk>> = now
                .par_iter()
                .map(|&file| {
                    let outcome = read_bericht(file, &headers[&file.2], read);
                    report(file.1.bytes);
                    outcome
                })
                .collect();
            for (&(id, found, bericht), outcome) in now.iter().zip(outcomes) {
                let file = &mut self.out.rows.files[id.place()];
                (file.bytes, file.sha256) = (outcome.bytes, outcome.sha256);
                let gelezen = outcome.read.and_then(|gelezen| {
                    self.first_time(id, bericht, gelezen.key())?;
                    Ok(gelezen)
                });
                match gelezen {
                    Err(error) => self.refuse(id, &found.name, error),
                    Ok(mut gelezen) => {
                        let verslag = std::mem::take(&mut gelezen.report);
                        let file = &mut self.out.rows.files[id.place()];
                        file.kolommen = headers[&bericht].kolommen;
                        verslag.in_file(file);
                        together.merge(verslag);
                        rows.settle(&mut gelezen.parts.each_mut());
                        take(self, id, gelezen);
                    }
                }
            }
        }
        self.close_berichten(together, berichten.len())
    }

    /// Refuses a message that was read before under another name.
    pub(crate) fn first_time(
        &mut self,
        id: FileId,
        bericht: Bericht,
        key: [String; 3],
    ) -> Result<(), BerichtError> {
        let first = *self.earlier.entry((bericht, key)).or_insert(id);
        if first == id {
            return Ok(());
        }
        let earlier = self.out.rows.files[first.place()].pad.clone();
        Err(BerichtError::Duplicate { earlier })
    }

    /// Notes that a message is refused.
    pub(crate) fn refuse(&mut self, id: FileId, name: &str, error: BerichtError) {
        self.out.errors.push(InputError {
            file: id,
            line_number: 1,
            kolom: None,
            value: "".into(),
            reason: ParseError::Bericht(error.clone()),
            consequence: Consequence::BerichtRefused,
        });
        self.refused.push((name.to_owned(), error));
    }

    /// After so many messages of a kind: their refused rows count together.
    pub(crate) fn close_berichten(
        &mut self,
        together: ReadReport,
        count: usize,
    ) -> Result<(), SourceError> {
        let files = &self.out.rows.files;
        together.too_many_rejected(self.options.max_rejected, |error| {
            let path = &files[error.file.place()].pad;
            format!("{count} berichten samen, waaronder {path}")
        })?;
        self.count_completed(together.completed);
        self.out.errors.extend(together.errors);
        Ok(())
    }
}

/// Leaves out the starts and stops that a message of `back` takes back.
pub(crate) fn take_back(all: &mut Vec<Startstop>, back: &[Startstop]) {
    let key = |s: &Startstop| (s.gemeente, s.toewijzing_nummer, s.soort, s.datum);
    let mut last: BTreeMap<_, Option<Dag>> = BTreeMap::new();
    for s in back {
        let verzonden = last.entry(key(s)).or_default();
        *verzonden = (*verzonden).max(s.verzonden);
    }
    if !last.is_empty() {
        // What was sent again after it was taken back stands.
        all.retain(|s| last.get(&key(s)).is_none_or(|back| s.verzonden > *back));
    }
}
