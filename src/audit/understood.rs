//! Rows as they were understood, for whoever wants to see whether that is right.

use crate::dossier::{Bsn, DebetCredit, Dossier, FileId, FileKind, LineId};
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

/// The first rows of the files of declaraties and toewijzingen of a dossier in one piece, so many a
/// file.
pub(crate) fn first_rows(d: &Dossier, per_file: usize) -> Vec<UnderstoodRow> {
    let mut out = Vec::new();
    for (id, file) in d.files.iter().enumerate() {
        let id = FileId(id as u32);
        match file.soort {
            FileKind::Declaraties => {
                let of_file = d.lines.iter().zip(0..).filter(|(r, _)| r.file == id);
                let mut lines: Vec<(u32, LineId)> =
                    of_file.map(|(r, place)| (r.line_number, LineId(place))).collect();
                lines.sort_unstable();
                out.extend(lines.into_iter().take(per_file).map(|(_, line)| declaratie(d, line)));
            }
            FileKind::Toewijzingen => {
                let of_file = d.toewijzingen.iter().zip(0..).filter(|(t, _)| t.file == id);
                let mut rows: Vec<(u32, usize)> =
                    of_file.map(|(t, place)| (t.line_number, place)).collect();
                rows.sort_unstable();
                out.extend(rows.into_iter().take(per_file).map(|(_, place)| toewijzing(d, place)));
            }
            _ => {}
        }
    }
    out
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
