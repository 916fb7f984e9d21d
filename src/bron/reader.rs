//! All files of a dossier into its tables, one kind after the other.

use super::discovery::{FoundFile, Holds};
use super::earlier::EarlierBerichten;
use super::error::{InputError, SourceError};
use super::header::Header;
use super::ijw::BerichtError;
use super::koppen::candidates;
use super::line_sink::LineSink;
use super::order::{NumberedFile, Stap};
use super::report::{Mended, Repair};
use super::row::Row;
use super::table_spec::{Input, TableReading, TableSpec};
use super::{
    ReadDossier, ReadOptions, declaraties, ijw, meegenomen, side_by_side, small, stamgegevens,
    startstop, toewijzingen,
};
use crate::dossier::{
    CatalogusRow, Cent, FileId, FileKind, Kolom, OpenstaandRow, RawDossier, SourceFile, Startstop,
};
use crate::ground::masked;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;

pub(crate) struct DossierReader<'a> {
    pub options: &'a ReadOptions,
    pub out: ReadDossier,
    /// What was mended in values, and how often.
    pub mended: BTreeMap<(Repair, Kolom), u64>,
    /// Messages that were refused, and why.
    pub refused: Vec<(String, BerichtError)>,
    pub earlier: EarlierBerichten,
    /// Starts and stops that take one back.
    pub withdrawn: Vec<Startstop>,
    pub report: &'a (dyn Fn(u64) + Sync),
    /// Declaratieregels taken over so far.
    lines: &'a AtomicU64,
}

impl<'a> DossierReader<'a> {
    /// A reader of these files, of which nothing is read yet.
    pub(crate) fn new(
        options: &'a ReadOptions,
        files: Vec<SourceFile>,
        report: &'a (dyn Fn(u64) + Sync),
        lines: &'a AtomicU64,
    ) -> Result<DossierReader<'a>, SourceError> {
        Ok(DossierReader {
            options,
            out: ReadDossier {
                rows: RawDossier { files, ..RawDossier::default() },
                producten: Vec::new(),
                tarieven: Vec::new(),
                beoordelingen: Vec::new(),
                reacties: Vec::new(),
                errors: Vec::new(),
                warnings: Vec::new(),
            },
            mended: BTreeMap::new(),
            refused: Vec::new(),
            earlier: EarlierBerichten::default(),
            withdrawn: Vec::new(),
            report,
            lines,
        })
    }

    /// Reads all files of one step; lines go to `sink`.
    pub(crate) fn read(
        &mut self,
        step: &Stap<'_>,
        sink: &mut dyn LineSink,
    ) -> Result<(), SourceError> {
        let Stap { kind, tables, berichten } = step;
        match kind {
            FileKind::Toewijzingen => {
                self.toewijzingen(tables)?;
                self.toewijzingberichten(berichten)
            }
            FileKind::Startstop => {
                side_by_side::batches(tables).try_for_each(|batch| self.startstop(batch))?;
                self.startstopberichten(berichten)
            }
            FileKind::Antwoorden => self.answers(berichten),
            FileKind::Declaraties => self.declaraties(step, sink),
            _ => self.stamgegevens(*kind, tables),
        }
    }

    fn table<'v>(id: FileId, found: &'v FoundFile) -> (TableSpec<'v>, Input<'v>) {
        let Holds::Table(form, place) = &found.holds else {
            unreachable!("only tables are read as tables");
        };
        let table = TableSpec { name: &found.name, kind: found.kind, id, form: *form, place };
        (table, Input::File(&found.location))
    }

    fn sources<'v>(batch: &[NumberedFile<'v>]) -> Vec<side_by_side::Source<'v>> {
        batch.iter().map(|&(id, found)| Self::table(id, found)).collect()
    }

    fn toewijzingen(&mut self, files: &[NumberedFile<'_>]) -> Result<(), SourceError> {
        let bytes = files.iter().map(|(_, v)| v.bytes).sum::<u64>() as usize;
        let (mode, report, rows) = (&self.options.mode, self.report, &mut toewijzingen::Reader);
        for batch in side_by_side::batches(files) {
            for turn in side_by_side::read(Self::sources(batch), mode, rows, report) {
                let id = turn.id();
                let mut whole = toewijzingen::OfFile::new(&mut self.out.rows, bytes);
                let read = turn.finish(mode, rows, &mut whole, report)?;
                self.close(id, read)?;
            }
        }
        Ok(())
    }

    fn declaraties(&mut self, step: &Stap<'_>, sink: &mut dyn LineSink) -> Result<(), SourceError> {
        let Stap { tables, berichten, .. } = step;
        let mode = &self.options.mode;
        let ids = std::mem::take(&mut self.out.rows.toewijzingnummers);
        let words = std::mem::take(&mut self.out.rows.words);
        let mut rows = declaraties::Reader::new(&ids, &mode.without_bsn, words);
        let mut collection = declaraties::Collector::new(&ids, sink);
        let bytes = tables.iter().map(|(_, v)| v.bytes).sum::<u64>() as usize;
        let report = self.report;
        for batch in side_by_side::batches(tables) {
            for turn in side_by_side::read(Self::sources(batch), mode, &mut rows, report) {
                let id = turn.id();
                let mut whole = collection.of_file(&mut self.out.rows, id, bytes, self.lines);
                let read = turn.finish(mode, &mut rows, &mut whole, report)?;
                self.close(id, read)?;
            }
        }
        self.declaratieberichten(berichten, &mut rows, &mut collection)?;
        if !tables.is_empty() && !berichten.is_empty() {
            self.out.rows.lines.par_sort_by_key(|r| (r.file, r.line_number));
        }
        let known = rows.into_known();
        collection.finish(&mut self.out.rows, ids, known)
    }

    /// Start and stop messages: as many as there are toewijzingen, and more.
    fn startstop(&mut self, batch: &[NumberedFile<'_>]) -> Result<(), SourceError> {
        let (mode, report) = (&self.options.mode, self.report);
        let mut rows = startstop::Reader(&self.out.rows.toewijzingnummers);
        for turn in side_by_side::read(Self::sources(batch), mode, &mut rows, report) {
            let id = turn.id();
            let rows = &mut startstop::Reader(&self.out.rows.toewijzingnummers);
            let mut parts: Vec<startstop::RowChunk> = Vec::new();
            let read = turn.finish(mode, rows, &mut parts, report)?;
            self.close(id, read)?;
            let RawDossier { startstop, toewijzingnummers, .. } = &mut self.out.rows;
            let berichten = startstop.get_or_insert_default();
            berichten.reserve(parts.iter().map(startstop::RowChunk::count).sum());
            for part in parts {
                berichten.extend(part.into_whole(toewijzingnummers));
            }
        }
        Ok(())
    }

    /// Small tables of one kind.
    fn stamgegevens(
        &mut self,
        kind: FileKind,
        tables: &[NumberedFile<'_>],
    ) -> Result<(), SourceError> {
        match kind {
            FileKind::Aanbieders => {
                let all = self.all(tables, stamgegevens::aanbieder)?;
                let mut aanbieders = all.unwrap_or_default();
                small::check_duplicate_aanbieders(&mut aanbieders, &self.out.rows.files)?;
                self.out.rows.aanbieders = aanbieders;
            }
            FileKind::Producten => {
                for &(id, found) in tables {
                    let mut rows = self.small(id, found, stamgegevens::product)?;
                    let all = rows.len();
                    rows.retain(|row| !row.is_proposal());
                    if rows.len() < all {
                        self.out.warnings.push(unconfirmed(&found.name, all - rows.len()));
                    }
                    self.out.producten.extend(rows);
                    small::check_duplicate_producten(&mut self.out.producten, &found.name)?;
                }
            }
            FileKind::Tarieven => {
                for &(id, found) in tables {
                    let rows = self.small(id, found, stamgegevens::tarief)?;
                    self.out.tarieven.extend(rows);
                    small::check_duplicate_tarieven(&self.out.tarieven, &found.name)?;
                }
            }
            FileKind::Omzet => self.out.rows.omzet = self.all(tables, stamgegevens::omzet)?,
            FileKind::Productieverantwoording => {
                let rows = self.all(tables, stamgegevens::verantwoording)?;
                self.out.rows.productieverantwoording = rows;
            }
            FileKind::Afspraken => {
                self.out.rows.afspraken = self.all(tables, stamgegevens::afspraak)?;
            }
            FileKind::Maatwerk => {
                self.out.rows.maatwerk = self.all(tables, stamgegevens::maatwerk)?;
            }
            FileKind::Beoordelingen => {
                // A row without a verdict is a finding that nobody judged yet.
                let rows = self.all(tables, stamgegevens::beoordeling)?;
                self.out.beoordelingen = rows.into_iter().flatten().flatten().collect();
            }
            FileKind::Openstaand => {
                let rows = self.all(tables, stamgegevens::openstaand)?;
                let rows = rows.map(|rows| self.each_claim_once(rows));
                self.out.rows.openstaand = rows;
            }
            FileKind::Reacties => {
                // A finding to which nobody reacted stands on the sheet too.
                let rows = self.all(tables, stamgegevens::reactie)?;
                self.out.reacties = rows.into_iter().flatten().flatten().collect();
            }
            otherwise => unreachable!("{otherwise:?} is no small table"),
        }
        Ok(())
    }

    /// Two lists of one line's claim are of one claim, at two times: the one of which most came back
    /// is the later.
    fn each_claim_once(&mut self, mut rows: Vec<OpenstaandRow>) -> Vec<OpenstaandRow> {
        let all = rows.len();
        let line = |row: &OpenstaandRow| {
            let OpenstaandRow { bedrag, teruggenomen, teruggenomen_op, .. } = row;
            let now = (*bedrag, *teruggenomen, *teruggenomen_op);
            let bare = OpenstaandRow {
                bedrag: Cent::ZERO,
                teruggenomen: Cent::ZERO,
                teruggenomen_op: None,
                creditregels: Vec::new(),
                bevindingen: Vec::new(),
                ..row.clone()
            };
            (bare, Reverse(now.1), Reverse(now.2), now.0)
        };
        rows.sort_by_cached_key(line);
        rows.dedup_by_key(|row| line(row).0);
        let twice = match all - rows.len() {
            0 => return rows,
            1 => "1 vordering staat er twee keer in".to_owned(),
            n => format!("{n} vorderingen staan er meer dan eens in"),
        };
        self.out.warnings.push(format!(
            "openstaand: {twice}; daarvan telt de laatste stand. Laat alleen de nieuwste openstaand.csv in het dossier"
        ));
        rows
    }

    /// All rows of these tables, if there are any tables.
    fn all<T: Send>(
        &mut self,
        tables: &[NumberedFile<'_>],
        row: fn(Row<'_>, &mut Vec<T>),
    ) -> Result<Option<Vec<T>>, SourceError> {
        let mut alle = None;
        for &(id, found) in tables {
            alle.get_or_insert_with(Vec::new).extend(self.small(id, found, row)?);
        }
        Ok(alle)
    }

    /// A table of one record a row.
    fn small<T: Send>(
        &mut self,
        id: FileId,
        found: &FoundFile,
        row: fn(Row<'_>, &mut Vec<T>),
    ) -> Result<Vec<T>, SourceError> {
        let (table, input) = Self::table(id, found);
        let (rows, read) = small::read_small(&table, &input, &self.options.mode, row, self.report)?;
        self.close(id, read)?;
        Ok(rows)
    }

    /// Notes a file's control totals; refuses it when too many rows were refused.
    fn close(&mut self, id: FileId, read: TableReading) -> Result<(), SourceError> {
        let file = &mut self.out.rows.files[id.place()];
        let report = read.report;
        file.kolommen = read.header.kolommen;
        let names = &self.options.mode.mapping.columns;
        file.lacks = meegenomen::lacking(names, file.soort, &read.header);
        file.mapping.clone_from(&read.header.renamed);
        report.in_file(file);
        file.bytes = read.bytes;
        file.sha256 = read.sha256;
        file.sha256_unpacked = read.sha256_unpacked;
        self.out.warnings.extend(proposed(file, &read.header));
        self.out.warnings.extend(unknown_kolommen(file, &read.header));
        let notes = read.notes.iter().map(|note| format!("{}: {note}", file.pad));
        self.out.warnings.extend(notes);
        if read.header.titles > 0 {
            self.out.warnings.push(above_the_header(&file.pad, &read.header));
        }
        if report.repeated_headers > 0 {
            let count = report.repeated_headers;
            let times = if count == 1 { "1 keer".to_owned() } else { format!("{count} keer") };
            self.out
                .warnings
                .push(format!("{}: kopregel herhaald ({times}); dat zijn geen regels", file.pad));
        }
        if report.rows_of_others > 0 {
            let (count, kind) = (report.rows_of_others, file.soort);
            let rows = match count {
                1 => format!("1 regel heeft niets van {kind} en is daarvoor geen regel"),
                n => format!("{n} regels hebben niets van {kind} en zijn daarvoor geen regels"),
            };
            self.out.warnings.push(format!("{}: {rows}", file.pad));
        }
        self.out.warnings.extend(report.more_errors(&file.pad));
        let path = file.pad.clone();
        report.in_the_order_of_the_settings(&path)?;
        report.too_many_rejected(self.options.max_rejected, |_| path)?;
        self.count_mended(report.mended);
        self.out.errors.extend(report.errors);
        Ok(())
    }

    pub(crate) fn count_mended(&mut self, added: impl IntoIterator<Item = Mended>) {
        for (repair, kolom, count) in added {
            *self.mended.entry((repair, kolom)).or_default() += count;
        }
    }

    /// After all files: what only all of them together can tell, and whether there is anything to
    /// audit. So many aanbieders are named.
    pub(crate) fn finish(self, agbs: usize) -> Result<ReadDossier, SourceError> {
        let DossierReader { mut out, mended, refused, options, .. } = self;
        let names = &options.mode.mapping.columns;
        out.warnings.extend(meegenomen::check(names, &out.rows.files)?);
        out.warnings.extend(ijw::warnings(&refused));
        let most = usize::from(u16::MAX);
        if agbs > most {
            return Err(SourceError::TooMany { limit: most, what: "verschillende aanbieders" });
        }
        let mended = mended.into_iter();
        out.warnings.extend(mended.map(|((repair, kolom), count)| repair.sentence(kolom, count)));
        out.warnings.iter_mut().for_each(cut);
        out.errors.sort_by_key(|f| (f.file, f.line_number, f.kolom, f.consequence));
        let counts = |tel: fn(&SourceFile) -> u64| {
            out.rows.files.iter().filter(|b| b.soort == FileKind::Declaraties).map(tel).sum::<u64>()
        };
        if counts(|b| b.aanvaard) > 0 {
            return Ok(out);
        }
        if counts(|b| b.gelezen) == 0
            && let Some((file, error)) = refused.first().cloned()
        {
            return Err(SourceError::OnlyRefused { count: refused.len(), file, fout: error });
        }
        let of_declaraties =
            |f: &&InputError| out.rows.files[f.file.place()].soort == FileKind::Declaraties;
        let first = out.errors.iter().find(of_declaraties).map_or_else(
            || without_rows(&out.rows.files),
            |f| {
                let file = &out.rows.files[f.file.place()].pad;
                let kolom = f.kolom.map(|k| format!(", kolom {}", k.name())).unwrap_or_default();
                format!(". De eerste: {file}, regel {}{kolom}: {}", f.line_number, f.reason)
            },
        );
        Err(SourceError::NoDeclaraties {
            read: counts(|b| b.gelezen),
            rejected: counts(|b| b.afgekeurd),
            first,
        })
    }
}

/// The files of declaraties that have a header and nothing below it, as the end of a message.
fn without_rows(files: &[SourceFile]) -> String {
    let empty = |f: &&SourceFile| f.soort == FileKind::Declaraties && f.gelezen == 0;
    let names: Vec<&str> = files.iter().filter(empty).map(|f| f.pad.as_str()).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => format!(": {only} heeft geen regels onder de kop"),
        more => format!(": {} hebben geen regels onder de kop", more.join(", ")),
    }
}

/// Cuts a warning that no screen holds.
fn cut(warning: &mut String) {
    const LONGEST: usize = 300;
    if let Some((place, _)) = warning.char_indices().nth(LONGEST) {
        warning.truncate(place);
        warning.push('…');
    }
}

/// What stands above a header is named: it is no row.
fn above_the_header(file: &str, header: &Header) -> String {
    let lines = match header.titles {
        1 => "één regel erboven is geen regel".to_owned(),
        more => format!("{more} regels erboven zijn geen regels"),
    };
    format!("{file}: de kop staat op regel {}; {lines} van de tabel", header.line)
}

/// A warning where products are proposals still.
fn unconfirmed(file: &str, count: usize) -> String {
    format!(
        "{file}: {count} producten zijn nog een voorstel en zijn niet toegepast; haal {} weg uit Omschrijving waar het klopt",
        CatalogusRow::PROPOSAL
    )
}

/// A warning where headers are taken for columns that nobody said they are.
fn proposed(file: &SourceFile, header: &Header) -> Option<String> {
    let pairs: Vec<String> =
        header.proposed.iter().map(|(own, kolom)| format!("{own} gelezen als {kolom}")).collect();
    let what = if pairs.len() == 1 { "kolom" } else { "kolommen:" };
    (!pairs.is_empty()).then(|| format!("{}: {what} {}", file.pad, pairs.join(", ")))
}

/// The columns of its kind that a file lacks.
fn kind_columns(file: &SourceFile) -> impl Iterator<Item = Kolom> {
    let kind = file.soort.kolommen().iter().map(|(kolom, _)| *kolom);
    kind.filter(|kolom| !file.kolommen.contains(*kolom))
}

/// A warning where columns mean nothing to us.
fn unknown_kolommen(file: &SourceFile, header: &Header) -> Option<String> {
    // What we wrote ourselves has columns beside those that are read.
    if header.unknown.is_empty() || file.soort.is_ours() {
        return None;
    }
    let missing: Vec<&str> = kind_columns(file).map(Kolom::name).collect();
    let advice = match missing.is_empty() {
        true => String::new(),
        false => format!(
            "; er ontbreken: {}. Is een van de eerste hetzelfde als een van de laatste, wijs hem dan aan in controle.toml onder [kolommen]",
            missing.join(", ")
        ),
    };
    let likely: Vec<String> = kind_columns(file)
        .flat_map(|kolom| {
            let places = candidates(kolom, &header.unknown, file.soort).into_iter().take(1);
            places.map(move |place| format!("\"{}\" = \"{kolom}\"", header.unknown[place]))
        })
        .collect();
    let advice = match likely.is_empty() {
        true => advice,
        false => format!("{advice}. Misschien: {}", likely.join(", ")),
    };
    let unknown = header.unknown.join(", ");
    Some(format!("{}: onbekende kolommen genegeerd: {}{advice}", file.pad, masked(&unknown),))
}
