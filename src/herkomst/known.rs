//! The pseudonyms of a rapport, read back from its findings: each stands for the child on a line.

use crate::dossier::{Bsn, Dossier};
use hashbrown::HashMap;
use std::path::Path;

/// The pseudonym that a rapport gives each child, as far as a finding of it names a line or a
/// toewijzing of the child's, or lines of the child's alone stand under it. None where the rapport
/// has no CSV of its findings, or shows the Bsn.
pub(crate) fn known_pseudonyms(rapport: &Path, dossier: &Dossier) -> HashMap<Bsn, String> {
    let places = children(dossier);
    let mut known = HashMap::new();
    let mut without_line: HashMap<String, String> = HashMap::new();
    for row in rows(&rapport.join("bevindingen.csv")) {
        let [jeugdige, id] = ["Jeugdige", "Id"].map(|kolom| text(&row, kolom));
        if !is_pseudonym(jeugdige) {
            continue;
        }
        match place(&row).and_then(|place| places.get(&place)) {
            Some(bsn) => {
                known.insert(*bsn, jeugdige.to_owned());
            }
            None => {
                without_line.insert(id.to_owned(), jeugdige.to_owned());
            }
        }
    }
    let mut under: HashMap<String, Vec<Bsn>> = HashMap::new();
    for row in rows(&rapport.join("onderliggend.csv")) {
        let id = text(&row, "Id");
        if without_line.contains_key(id)
            && let Some(bsn) = place(&row).and_then(|place| places.get(&place))
        {
            under.entry(id.to_owned()).or_default().push(*bsn);
        }
    }
    for (id, children) in under {
        if children.iter().all(|bsn| *bsn == children[0]) {
            known.entry(children[0]).or_insert_with(|| without_line[&id].clone());
        }
    }
    known
}

/// A file and a line of it.
type Place = (String, u32);

/// The child that is named at each place of the files.
fn children(dossier: &Dossier) -> HashMap<Place, Bsn> {
    let file = |id| dossier.file(id).pad.clone();
    let lines = dossier.lines.iter().map(|r| ((file(r.file), r.line_number), r.bsn));
    let toewijzingen = dossier.toewijzingen.iter().map(|t| ((file(t.file), t.line_number), t.bsn));
    lines.chain(toewijzingen).filter(|(_, bsn)| *bsn != Bsn::NONE).collect()
}

type Row = HashMap<String, String>;

/// The rows of one of our own CSV files, by column; none where it can't be read.
fn rows(path: &Path) -> impl Iterator<Item = Row> {
    let reader = crate::ground::open_file(path).ok();
    let rows = reader.map(|file| {
        let reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(file);
        reader.into_deserialize::<Row>().map_while(Result::ok)
    });
    rows.into_iter().flatten()
}

/// A cell; the first column has the mark with which the file begins before its name.
fn text<'r>(row: &'r Row, kolom: &str) -> &'r str {
    let cell = row.get(kolom).or_else(|| row.get(&format!("\u{feff}{kolom}")));
    cell.map_or("", String::as_str)
}

fn place(row: &Row) -> Option<Place> {
    let line = text(row, "Regelnummer").parse().ok()?;
    Some((text(row, "Bestand").to_owned(), line))
}

/// Is this what the program writes for a child, and no Bsn?
pub(crate) fn is_pseudonym(text: &str) -> bool {
    text.strip_prefix('J').is_some_and(|hex| {
        hex.len() == 16 && hex.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
    })
}
