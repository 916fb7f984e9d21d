//! One pass over one part: rows in, the next pass's rows and the outcomes out.

use super::arrow::{ArrowField, RowWriter, StreamError, read};
use super::counts::write_tables;
use super::header::Fingerprint;
use super::intake::{LEVERING, Part, PartBuilder, without_state};
use super::outcomes::write_outcomes;
use super::reading::{DECLARATIE, TOEWIJZING};
use super::receipts::{PASS, PassReceipt, REGELTELLING};
use super::rows::{RowOrigin, bsn, write_line, write_startstop, write_versie};
use super::{Destination, StepError};
use crate::audit::passes::{Found, Keys, Parts, Run, Terms};
use crate::dossier::{Bsn, Declaratieregel, Dossier, LineId, RawDossier, ToewijzingId, WordId};
use crate::ground::memory::Budget;
use crate::toetsing::{Jeugdigen, LineCounter, LineStatistics, PassKey, Subject};
use hashbrown::HashMap;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::{self, Read, Write};

/// Takes in the part for a pass. Nothing is written before all of it is in.
pub(crate) fn take_in_part(
    field: PassKey,
    fingerprint: &Fingerprint,
    of: impl Read,
    budget: Budget,
) -> Result<PartBuilder, StreamError> {
    let mut builder: Option<PartBuilder> = None;
    read(of, "stdin", budget, |row| {
        let Some(builder) = &mut builder else {
            builder = Some(PartBuilder::begin(&row, fingerprint)?);
            return Ok(());
        };
        Destination::Pass(field).eis(&row)?;
        match builder.push(&row)? {
            true => Ok(()),
            false => Err(row.unreadable(ArrowField::Soort)),
        }
    })?;
    builder.ok_or_else(without_state)
}

/// Runs a pass over a part, has `counter` see its lines, and writes what came of both.
pub(crate) fn run_pass(
    field: PassKey,
    terms: &Terms<'_>,
    builder: PartBuilder,
    stamgegevens: RawDossier,
    counter: Option<&mut dyn LineCounter>,
    out: impl Write,
) -> Result<(), StepError> {
    let catalogus =
        |categorie: &str, code: &str| terms.regelset.catalogusrij(categorie, code).cloned();
    let part = builder.join(stamgegevens, catalogus)?;
    let mut out = RowWriter::new(out)?;
    let mut run = Run::new(terms);
    run.found.knows_functions = part.state.kent_functies;
    let receipt = PassReceipt { erin: part.counts, ..PassReceipt::default() };
    let mut stream = Stream { pass: field, part, receipt, counter, out: &mut out };
    stream.bring(&mut run)?;
    if run.room_for_all().is_err() {
        let origin = "wat de controles van dit deel vinden,".to_owned();
        return Err(StreamError::NoRoom { origin }.into());
    }
    stream.finish(run.found)?;
    Ok(out.close()?)
}

/// One part of one pass, that came in as rows and whose lines go on as rows.
struct Stream<'c, 'w, W: Write> {
    pass: PassKey,
    part: Part,
    receipt: PassReceipt,
    /// What counts lines beside the rules.
    counter: Option<&'c mut dyn LineCounter>,
    out: &'w mut RowWriter<W>,
}

impl<W: Write> Parts for Stream<'_, '_, W> {
    type Error = io::Error;

    /// Other passes are other processes'.
    fn bring(&mut self, run: &mut Run<'_>) -> io::Result<()> {
        match self.pass {
            PassKey::Aanbieder => self.aanbieders(run),
            PassKey::Toewijzing => self.toewijzingen(run),
            PassKey::Jeugdige => {
                self.jeugdigen(run);
                Ok(())
            }
        }
    }
}

impl<W: Write> Stream<'_, '_, W> {
    /// The numbers that lines have in this part.
    fn numbers(&self) -> Vec<u32> {
        (0..self.part.dossier.lines.len() as u32).collect()
    }

    fn aanbieders(&mut self, run: &mut Run<'_>) -> io::Result<()> {
        let numbers = self.numbers();
        let Part { dossier, linker, aanbieders, places, .. } = &mut self.part;
        linker.link_whole(dossier);
        self.receipt.antwoorden = dossier.answers.take();
        run.passing_part(dossier, &numbers, Keys::Aanbieders(aanbieders));
        write_content(Destination::Merge, REGELTELLING, "", &run.found.counts, self.out)?;
        if let Some(counter) = &mut self.counter {
            let context = run.terms.context(dossier, run.found.knows_functions);
            self.receipt.monitor = Some(counter.until(&context));
            counter.credited(&context).map_err(io::Error::other)?;
            let counts = &run.found.counts;
            write_content(Destination::Monitor, REGELTELLING, "", counts, self.out)?;
        }
        for (r, (_, volgnummer)) in dossier.lines.iter().zip(places) {
            if r.is_live() {
                let key = toewijzing_key(dossier, r, *volgnummer);
                write_pass_line(Destination::TOEWIJZING, &key, dossier, r, *volgnummer, self.out)?;
                self.receipt.eruit.regels += 1;
            }
        }
        Ok(())
    }

    fn toewijzingen(&mut self, run: &mut Run<'_>) -> io::Result<()> {
        let numbers = self.numbers();
        self.part.linker.refer(&mut self.part.dossier);
        let dossier = &self.part.dossier;
        run.passing_part(dossier, &numbers, Keys::Toewijzingen);
        if let Some(counter) = &mut self.counter {
            let context = run.terms.context(dossier, run.found.knows_functions);
            self.receipt.monitor = Some(counter.until(&context));
            counter.live(&context).map_err(io::Error::other)?;
            self.part.write_for_monitor(self.out)?;
        }
        // This part has all starts and stops of its toewijzingen, and no other part has them.
        let counts = LineStatistics::of_startstop(dossier);
        write_content(Destination::Merge, REGELTELLING, "", &counts, self.out)?;
        // The toewijzingen that the next pass needs for each jeugdige: those that name it, and those
        // that its lines name.
        let granted = dossier.toewijzingen.iter().map(|t| (t.bsn, t.nummer));
        let mut needed: BTreeSet<(Bsn, WordId)> = granted.collect();
        for (r, (_, volgnummer)) in dossier.lines.iter().zip(&self.part.places) {
            if !r.counts() {
                continue;
            }
            let granted_to = r.toewijzing.map(|id| dossier.toewijzing(id).bsn);
            let own = (r.bsn != Bsn::NONE).then_some(r.bsn);
            for of in own.into_iter().chain(granted_to.filter(|of| Some(*of) != own)) {
                let target = Destination::JEUGDIGE;
                write_pass_line(target, &bsn(of), dossier, r, *volgnummer, self.out)?;
                needed.insert((of, r.toewijzing_nummer));
                self.receipt.eruit.regels += 1;
            }
        }
        for id in &run.found.delivering {
            let t = dossier.toewijzing(*id);
            let kind = bsn(t.bsn);
            self.out.row(|row| {
                row.text(ArrowField::Doel, Destination::JEUGDIGE.name())
                    .text(ArrowField::Soort, LEVERING)
                    .text(ArrowField::Sleutel, &kind)
                    .text(ArrowField::Bsn, &kind)
                    .text(ArrowField::Gemeente, &t.gemeente.to_string())
                    .text(ArrowField::ToewijzingNummer, dossier.toewijzingnummer(t.nummer));
            })?;
            self.receipt.eruit.leveringen += 1;
        }
        let mut per_nummer: HashMap<WordId, Vec<usize>> = HashMap::new();
        for (i, (_, bericht)) in self.part.startstop.iter().enumerate() {
            per_nummer.entry(bericht.toewijzing_nummer).or_default().push(i);
        }
        for (kind, nummer) in needed {
            let versies =
                self.part.write_versies(Destination::JEUGDIGE, &bsn(kind), nummer, self.out)?;
            self.receipt.eruit.versies += versies;
            let berichten = per_nummer.get(&nummer).map_or(&[][..], Vec::as_slice);
            self.part.write_startstop(Destination::JEUGDIGE, &bsn(kind), berichten, self.out)?;
            self.receipt.eruit.startstop += berichten.len() as u64;
        }
        Ok(())
    }

    fn jeugdigen(&mut self, run: &mut Run<'_>) {
        let numbers = self.numbers();
        self.part.linker.refer(&mut self.part.dossier);
        let Part { dossier, with_levering, jeugdigen, .. } = &self.part;
        let all = (0..dossier.toewijzingen.len()).map(ToewijzingId::new);
        let theirs = |id: &ToewijzingId| jeugdigen.contains(&dossier.toewijzing(*id).bsn);
        let keys = Keys::Jeugdigen(Jeugdigen {
            holds: &|bsn| jeugdigen.contains(&bsn),
            toewijzingen: &all.filter(theirs).collect::<Vec<_>>(),
            delivering: with_levering,
        });
        run.passing_part(dossier, &numbers, keys);
    }

    /// Writes what the rules came to, what the rapport shows of this part, and what was done.
    fn finish(self, mut found: Found) -> io::Result<()> {
        let Stream { pass, part, receipt, counter, out } = self;
        if let Some(counter) = counter {
            write_tables(&counter.tables().map_err(io::Error::other)?, &part.dossier, out)?;
            if receipt.monitor.is_some() {
                write_content(Destination::Monitor, PASS, pass.name(), &receipt, out)?;
            }
        }
        write_outcomes(&mut found.outcomes, &part.dossier, &part.places, out)?;
        part.write_shown(&found, out)?;
        write_content(Destination::Merge, PASS, pass.name(), &receipt, out)
    }
}

impl Part {
    /// Writes what the rapport shows of this part: lines, and the toewijzingen that they or findings
    /// name.
    fn write_shown(&self, found: &Found, out: &mut RowWriter<impl Write>) -> io::Result<()> {
        let dossier = &self.dossier;
        let mut toewijzingen: BTreeSet<WordId> = BTreeSet::new();
        for nummer in found.reported.numbers().collect::<BTreeSet<u32>>() {
            let r = dossier.line(LineId(nummer));
            let (_, volgnummer) = self.places[nummer as usize];
            write_pass_line(Destination::Merge, "", dossier, r, volgnummer, out)?;
            toewijzingen.insert(r.toewijzing_nummer);
        }
        let bevindingen = found.outcomes.iter().flat_map(|u| &u.outcomes.bevindingen);
        for bevinding in bevindingen {
            if let Subject::Toewijzing(id) = bevinding.subject {
                toewijzingen.insert(dossier.toewijzing(id).nummer);
            }
        }
        for nummer in toewijzingen {
            self.write_versies(Destination::Merge, "", nummer, out)?;
        }
        Ok(())
    }

    /// Writes all versions with this number, of whatever gemeente: only together they tell which
    /// toewijzing a line is on. Gives how many there are.
    fn write_versies(
        &self,
        target: Destination,
        key: &str,
        nummer: WordId,
        out: &mut RowWriter<impl Write>,
    ) -> io::Result<u64> {
        let Part { dossier, versies, per_nummer, .. } = self;
        let origin = RowOrigin {
            files: &dossier.files,
            toewijzingnummers: &dossier.toewijzingnummers,
            words: &dossier.words,
        };
        let which = per_nummer.get(&nummer).map_or(&[][..], Vec::as_slice);
        for i in which {
            let ((_, volgnummer), versie) = &versies[*i];
            out.row(|row| {
                row.text(ArrowField::Doel, target.name())
                    .text(ArrowField::Soort, TOEWIJZING)
                    .text(ArrowField::Sleutel, key);
                write_versie(row, &origin, versie, *volgnummer);
            })?;
        }
        Ok(which.len() as u64)
    }

    /// Writes all toewijzingen, starts and stops of this part for the monitor: no other part has
    /// them.
    fn write_for_monitor(&self, out: &mut RowWriter<impl Write>) -> io::Result<()> {
        let numbers: BTreeSet<WordId> = self.per_nummer.keys().copied().collect();
        for nummer in numbers {
            self.write_versies(Destination::Monitor, "", nummer, out)?;
        }
        let all: Vec<usize> = (0..self.startstop.len()).collect();
        self.write_startstop(Destination::Monitor, "", &all, out)
    }

    /// Writes these starts and stops.
    fn write_startstop(
        &self,
        target: Destination,
        key: &str,
        berichten: &[usize],
        out: &mut RowWriter<impl Write>,
    ) -> io::Result<()> {
        let Part { dossier, startstop, .. } = self;
        let origin = RowOrigin {
            files: &dossier.files,
            toewijzingnummers: &dossier.toewijzingnummers,
            words: &dossier.words,
        };
        for i in berichten {
            let ((_, volgnummer), bericht) = &startstop[*i];
            out.row(|row| {
                row.text(ArrowField::Doel, target.name()).text(ArrowField::Sleutel, key);
                write_startstop(row, &origin, bericht, *volgnummer);
            })?;
        }
        Ok(())
    }
}

/// By what a line comes together with others on its toewijzing: its number, whatever the gemeente.
/// Lines without a number need no company.
fn toewijzing_key(dossier: &Dossier, r: &Declaratieregel, volgnummer: u32) -> String {
    match dossier.toewijzingnummer(r.toewijzing_nummer) {
        "" if r.bsn == Bsn::NONE => volgnummer.to_string(),
        "" => bsn(r.bsn),
        nummer => nummer.to_owned(),
    }
}

fn write_pass_line(
    target: Destination,
    key: &str,
    dossier: &Dossier,
    r: &Declaratieregel,
    volgnummer: u32,
    out: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    out.row(|row| {
        row.text(ArrowField::Doel, target.name())
            .text(ArrowField::Soort, DECLARATIE)
            .text(ArrowField::Sleutel, key);
        write_line(row, dossier, r, volgnummer);
    })
}

/// Writes a row that only this program reads.
fn write_content(
    target: Destination,
    kind: &str,
    key: &str,
    content: &impl Serialize,
    out: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    let content = serde_json::to_string(content)?;
    out.row(|row| {
        row.text(ArrowField::Doel, target.name())
            .text(ArrowField::Soort, kind)
            .text(ArrowField::Sleutel, key)
            .text(ArrowField::Inhoud, &content);
    })
}
