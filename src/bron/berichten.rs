//! The messages of a dossier, many at a time, into its tables.

use super::collect::ReadRows;
use super::error::{Consequence, InputError, SourceError};
use super::fields::ParseError;
use super::forms::Forms;
use super::header::Header;
use super::ijw::{
    Bericht, BerichtError, BerichtOutcome, BerichtReading, HeaderFacts, RowsOfBerichten, header_of,
    read_bericht, rows_of,
};
use super::order::BerichtFile;
use super::reader::DossierReader;
use super::report::ReadReport;
use super::row::Row;
use super::{declaraties, small, startstop, toewijzingen};
use crate::dossier::{
    Afgewezen, BerichtFault, Dag, FaultCounts, FileId, Kolom, RawDossier, Startstop, rejects,
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Messages that are in memory at a time: about this many bytes, and never more than this many.
const BYTES_AT_ONCE: u64 = 64 << 20;
const BERICHTEN_AT_ONCE: usize = 4_096;
/// Messages that one thread reads at a stretch: of small ones the handing over would cost more.
const AT_A_STRETCH: usize = 16;
/// Messages whose rows come in one chunk.
const PER_CHUNK: usize = 128;

/// A message that was read and is no double.
type Accepted<'f> = (BerichtFile<'f>, BerichtReading);

/// How many of these are read together.
fn group(rest: &[BerichtFile<'_>]) -> usize {
    let mut bytes = 0;
    let fits = |(_, v, _): &&BerichtFile<'_>| {
        bytes += v.bytes;
        bytes <= BYTES_AT_ONCE
    };
    rest.iter().take(BERICHTEN_AT_ONCE).take_while(fits).count().max(1)
}

/// Notes the ReferentieNummer of a prestatie that an answer refuses, with the file of the answer.
fn refused_prestatie(mut row: Row<'_>, out: &mut Vec<(FileId, String)>) {
    let referentie = row.text(Kolom::ReferentieNummer).map(str::to_owned);
    let codes = row.text_or_empty(Kolom::RetourCodes);
    // An answer lists what it refuses; only a code that says otherwise is stronger than that.
    let refused = codes.is_empty() || rejects(codes.split_whitespace());
    let file = row.file;
    out.extend(row.close(referentie).filter(|_| refused).map(|referentie| (file, referentie)));
}

impl DossierReader<'_> {
    pub(crate) fn toewijzingberichten(
        &mut self,
        berichten: &[BerichtFile<'_>],
    ) -> Result<(), SourceError> {
        self.berichten(berichten, &mut toewijzingen::Reader, |reader, _, parts| {
            parts.into_iter().for_each(|part| part.push(&mut reader.out.rows));
        })
    }

    pub(crate) fn declaratieberichten(
        &mut self,
        berichten: &[BerichtFile<'_>],
        rows: &mut declaraties::Reader<'_>,
        collection: &mut declaraties::Collector<'_>,
    ) -> Result<(), SourceError> {
        self.berichten(berichten, rows, |reader, accepted, parts| {
            let rijen = &mut reader.out.rows;
            for part in parts {
                collection.push(rijen, part);
            }
            let facts = accepted.drain(..).filter_map(|(_, read)| match read.facts {
                HeaderFacts::Declaratie(bericht) => Some(bericht),
                _ => None,
            });
            rijen.declaratieberichten.get_or_insert_default().extend(facts);
        })
    }

    pub(crate) fn answers(&mut self, berichten: &[BerichtFile<'_>]) -> Result<(), SourceError> {
        self.berichten(
            berichten,
            &mut small::Reader(refused_prestatie),
            |reader, accepted, parts| {
                let mut prestaties = parts.into_iter().flatten().peekable();
                for ((file, ..), read) in accepted.drain(..) {
                    let HeaderFacts::Answer(mut answer) = read.facts else { continue };
                    while let Some((_, referentie)) = prestaties.next_if(|(of, _)| *of == file) {
                        if let Afgewezen::Prestaties(refused) = &mut answer.afgewezen {
                            refused.push(referentie);
                        }
                    }
                    reader.out.rows.answers.get_or_insert_default().push(answer);
                }
            },
        )
    }

    /// Reads starts and stops as they were sent, and puts those that take one back apart.
    pub(crate) fn startstopberichten(
        &mut self,
        berichten: &[BerichtFile<'_>],
    ) -> Result<(), SourceError> {
        let ids = std::mem::take(&mut self.out.rows.toewijzingnummers);
        let mut parts: Vec<[startstop::RowChunk; 2]> = Vec::new();
        let mut rows = startstop::Reader(&ids);
        let read = self.berichten(berichten, &mut rows, |_, _, read| parts.push(read));
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

    /// Reads messages of one kind of table, many at a time: each by itself side by side, then doubles
    /// one by one in their order, then the `rows` of those that stand side by side again. `take` gets
    /// those in their order, some messages at a time.
    fn berichten<'f, R: ReadRows>(
        &mut self,
        berichten: &[BerichtFile<'f>],
        rows: &mut R,
        mut take: impl FnMut(&mut Self, &mut Vec<Accepted<'f>>, [R::Chunk; 2]),
    ) -> Result<(), SourceError> {
        let forms = Forms::of_message(&self.options.mode.known);
        let kinds: BTreeSet<Bericht> = berichten.iter().map(|(_, _, b)| *b).collect();
        let headers: BTreeMap<Bericht, Header> =
            kinds.into_iter().map(|b| (b, header_of(b))).collect();
        let mut together = ReadReport::default();
        let mut rest = berichten;
        while !rest.is_empty() {
            let (now, soon) = rest.split_at(group(rest));
            rest = soon;
            if self.options.mode.budget.is_spent() {
                return Err(SourceError::NoRoom { file: now[0].1.name.clone() });
            }
            let report = self.report;
            let files = now.par_iter().with_min_len(AT_A_STRETCH);
            let outcomes: Vec<BerichtOutcome> = files
                .map(|&file| {
                    let outcome = read_bericht(file);
                    report(file.1.bytes);
                    outcome
                })
                .collect();
            let mut groups = self.without_doubles(now, outcomes);
            let read = &*rows;
            let mut chunks: Vec<RowsOfBerichten<R::Chunk>> =
                groups.par_iter().map(|some| rows_of(some, &headers, &forms, read)).collect();
            rows.settle(&mut chunks.iter_mut().flat_map(|c| &mut c.parts).collect::<Vec<_>>());
            for (some, chunk) in groups.iter_mut().zip(chunks) {
                for (((id, _, bericht), _), report) in some.iter().zip(chunk.reports) {
                    let file = &mut self.out.rows.files[id.place()];
                    file.kolommen = headers[bericht].kolommen;
                    report.in_file(file);
                    self.out.warnings.extend(report.more_errors(&file.pad));
                    together.merge_file(report);
                }
                take(self, some, chunk.parts);
            }
        }
        self.close_berichten(together, berichten.len())
    }

    /// Those messages that are read and no double, in groups whose rows come in one chunk.
    fn without_doubles<'f>(
        &mut self,
        berichten: &[BerichtFile<'f>],
        outcomes: Vec<BerichtOutcome>,
    ) -> Vec<Vec<Accepted<'f>>> {
        let mut groups: Vec<Vec<Accepted<'f>>> = Vec::new();
        for (&file, outcome) in berichten.iter().zip(outcomes) {
            let (id, found, bericht) = file;
            let source = &mut self.out.rows.files[id.place()];
            (source.bytes, source.sha256) = (outcome.bytes, outcome.sha256);
            let read = outcome.read.and_then(|read| {
                self.first_time(id, bericht, &read.key())?;
                Ok(read)
            });
            match read {
                Err(error) => self.refuse(id, &found.name, error),
                Ok(read) => {
                    if groups.last().is_none_or(|some| some.len() == PER_CHUNK) {
                        groups.push(Vec::with_capacity(PER_CHUNK));
                    }
                    groups.last_mut().expect("just made").push((file, read));
                }
            }
        }
        groups
    }

    /// Refuses a message that was read before under another name. One that shares only its sender and
    /// Identificatie with another is read, and both are named (iJw TR056).
    pub(crate) fn first_time(
        &mut self,
        id: FileId,
        bericht: Bericht,
        key: &[String; 3],
    ) -> Result<(), BerichtError> {
        let Some(first) = self.earlier.first(bericht, key, id) else { return Ok(()) };
        let files = &self.out.rows.files;
        let (now, earlier) = (&files[id.place()], &files[first.file.place()]);
        let differs = match (first.same_day, now.sha256 == earlier.sha256) {
            (true, true) => None,
            (true, false) => Some("een andere inhoud: alleen de eerste telt mee"),
            (false, _) => Some("een andere Dagtekening: beide tellen mee"),
        };
        if let Some(differs) = differs {
            self.out.warnings.push(format!(
                "{} en {} hebben dezelfde Afzender en Identificatie, maar {differs} (iJw TR056)",
                earlier.pad, now.pad
            ));
        }
        match first.same_day {
            true => Err(BerichtError::Duplicate { earlier: earlier.pad.clone() }),
            false => Ok(()),
        }
    }

    /// Notes the files that are refused for what their root says.
    pub(crate) fn refuse_found(&mut self, refused: Vec<(String, BerichtError)>) {
        for (name, error) in refused {
            let files = &self.out.rows.files;
            let place = files.binary_search_by(|file| file.pad.as_bytes().cmp(name.as_bytes()));
            self.refuse(FileId::new(place.expect("it is one of the files")), &name, error);
        }
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
        self.count_mended(together.mended);
        self.out.errors.extend(together.errors);
        Ok(())
    }
}

/// Leaves out the starts and stops that a message of `back` takes back; how many of `back`, of each
/// aanbieder, take back what is there.
pub(crate) fn take_back(all: &mut Vec<Startstop>, back: &[Startstop]) -> FaultCounts {
    let mut found = FaultCounts::default();
    let key = |s: &Startstop| (s.gemeente, s.toewijzing_nummer, s.soort, s.datum);
    // Of what can't be read when it was sent nothing says that it was sent again.
    let sent = |s: &Startstop| s.verzonden().ok().flatten();
    let mut last: BTreeMap<_, Option<Dag>> = BTreeMap::new();
    for s in back {
        let verzonden = last.entry(key(s)).or_default();
        *verzonden = (*verzonden).max(sent(s));
    }
    if !last.is_empty() {
        let mut first: BTreeMap<_, Option<Dag>> = BTreeMap::new();
        for s in all.iter().filter(|s| last.contains_key(&key(s))) {
            let verzonden = first.entry(key(s)).or_insert(sent(s));
            *verzonden = (*verzonden).min(sent(s));
        }
        // What was sent only after it was taken back had not been sent.
        let sent_before =
            |s: &&Startstop| first.get(&key(s)).is_some_and(|first| *first <= sent(s));
        for s in back.iter().filter(sent_before) {
            found.add(s.aanbieder, BerichtFault::NeverSent, -1);
        }
        // What was sent again after it was taken back stands.
        all.retain(|s| last.get(&key(s)).is_none_or(|back| sent(s) > *back));
    }
    found
}

/// Takes each of these for one of what was never sent, until [`take_back`] finds it.
pub(crate) fn removals(back: &[Startstop]) -> FaultCounts {
    let mut counts = FaultCounts::default();
    back.iter().for_each(|s| counts.add(s.aanbieder, BerichtFault::NeverSent, 1));
    counts
}
