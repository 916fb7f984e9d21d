//! Rows as they were understood, for whoever wants to see whether that is right.

use crate::dossier::{Bsn, DebetCredit, Dossier, FileId, LineId};
use std::collections::BTreeMap;
use std::fmt::Display;

/// A row with what was read of it.
#[derive(Clone, Debug)]
pub(crate) struct UnderstoodRow {
    pub file: FileId,
    pub line_number: u32,
    /// To be shown as a pseudonym.
    pub bsn: Bsn,
    /// The columns that say most, each with its value as people write it.
    pub cells: Vec<(&'static str, String)>,
}

/// Files of a kind of which rows are shown: a dossier of messages has hundreds of thousands, all alike.
const MOST_FILES: usize = 100;

/// The first rows of the files of declaraties and toewijzingen of a dossier in one piece, so many a
/// file.
pub(crate) fn first_rows(d: &Dossier, per_file: usize) -> Vec<UnderstoodRow> {
    let lines = d.lines.iter().zip(0..).map(|(r, place)| (r.file, r.line_number, LineId(place)));
    let toewijzingen = d.toewijzingen.iter().enumerate();
    let versies = toewijzingen.map(|(place, t)| (t.file, t.line_number, place));
    let mut lines = first_of_each(lines, per_file).into_iter().peekable();
    let mut versies = first_of_each(versies, per_file).into_iter().peekable();
    let mut out = Vec::new();
    // A file holds rows of one kind.
    while let Some(file) =
        lines.peek().into_iter().map(|l| l.0).chain(versies.peek().map(|v| v.0)).min()
    {
        while let Some((_, _, line)) = lines.next_if(|(of, ..)| *of == file) {
            out.push(declaratie(d, line));
        }
        while let Some((_, _, place)) = versies.next_if(|(of, ..)| *of == file) {
            out.push(toewijzing(d, place));
        }
    }
    out
}

/// Of rows with their file and line number, the first ones of each of the first files, in order.
fn first_of_each<T: Copy>(
    rows: impl Iterator<Item = (FileId, u32, T)>,
    per_file: usize,
) -> Vec<(FileId, u32, T)> {
    let mut files: BTreeMap<FileId, BTreeMap<u32, T>> = BTreeMap::new();
    for (file, line_number, row) in rows {
        let of_file = files.entry(file).or_default();
        of_file.insert(line_number, row);
        if of_file.len() > per_file {
            of_file.pop_last();
        }
        if files.len() > MOST_FILES {
            files.pop_last();
        }
    }
    let rows = files.into_iter();
    rows.flat_map(|(file, rows)| rows.into_iter().map(move |(n, row)| (file, n, row))).collect()
}

fn declaratie(d: &Dossier, id: LineId) -> UnderstoodRow {
    let r = d.line(id);
    let product = d.product(r.product);
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let credit = match r.debet_credit {
        DebetCredit::Debet => "debet",
        DebetCredit::Credit => "credit",
    };
    UnderstoodRow {
        file: r.file,
        line_number: r.line_number,
        bsn: r.bsn,
        cells: vec![
            ("ReferentieNummer", d.referentie(r).to_owned()),
            ("Gemeente", r.gemeente.to_string()),
            ("Aanbieder", d.aanbieder(r.aanbieder).agb.to_string()),
            ("ToewijzingNummer", d.toewijzingnummer(r.toewijzing_nummer).to_owned()),
            ("Product", format!("{} {}", product.categorie, product.code)),
            ("Periode", format!("{} t/m {}", r.begindatum, r.einddatum)),
            ("Geleverd", format!("{} {}", r.geleverd_volume, r.eenheid.name())),
            ("Tarief", or_none(r.product_tarief.map(|t| t.bedrag().to_string()))),
            ("IngediendBedrag", format!("{} ({credit})", r.ingediend_bedrag)),
            ("Ontvangen", or_none(r.ontvangstdatum.map(|dag| dag.to_string()))),
        ],
    }
}

fn toewijzing(d: &Dossier, place: usize) -> UnderstoodRow {
    let t = &d.toewijzingen[place];
    let end = match t.einddatum() {
        Ok(Some(dag)) => format!("t/m {dag}"),
        Ok(None) => "open einde".to_owned(),
        Err(_) => "(einde onleesbaar)".to_owned(),
    };
    UnderstoodRow {
        file: t.file,
        line_number: t.line_number,
        bsn: t.bsn,
        cells: vec![
            ("ToewijzingNummer", d.toewijzingnummer(t.nummer).to_owned()),
            ("Gemeente", t.gemeente.to_string()),
            ("Aanbieder", d.aanbieder(t.aanbieder).agb.to_string()),
            ("Toewijzingsdatum", t.toewijzingsdatum.to_string()),
            ("Termijn", format!("{} {end}", t.ingangsdatum)),
            ("Budget", in_words(t.budget())),
            ("Volume", in_words(t.volume())),
        ],
    }
}

/// A value that may be absent, or can't be read.
fn in_words<T: Display, E>(value: Result<Option<T>, E>) -> String {
    match value {
        Ok(Some(value)) => value.to_string(),
        Ok(None) => "–".to_owned(),
        Err(_) => "(onleesbaar)".to_owned(),
    }
}
