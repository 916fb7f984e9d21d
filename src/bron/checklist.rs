//! A filled-in audit sample: what a person found on each line.

use super::error::SourceError;
use super::fields::{self, ParseError};
use super::form::{FileForm, TablePlace};
use super::location::Location;
use super::row::{Row, choice};
use super::small::read_small;
use super::table_spec::{Input, ReadMode, TableSpec};
use crate::dossier::{Cent, FileId, FileKind, Kolom};
use crate::ground::masked;
use std::path::Path;

/// What a person judges of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oordeel {
    Goed,
    Fout,
    Onzeker,
}

impl Oordeel {
    pub(crate) const ALL: [Oordeel; 3] = [Oordeel::Goed, Oordeel::Fout, Oordeel::Onzeker];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Oordeel::Goed => "goed",
            Oordeel::Fout => "fout",
            Oordeel::Onzeker => "onzeker",
        }
    }
}

/// One row of a filled-in sample.
#[derive(Clone, Debug)]
pub(crate) struct ChecklistRow {
    pub id: String,
    /// How the sample was drawn, as the program wrote it.
    pub steekproef: String,
    /// What stands for the child, as the program wrote it.
    pub jeugdige: String,
    pub ingediend_bedrag: Cent,
    /// `None` where nobody has judged the line yet.
    pub oordeel: Option<Oordeel>,
    /// What the line should have been, where that was filled in.
    pub vastgesteld_bedrag: Option<Cent>,
    pub bevinding: String,
    pub toelichting: String,
    /// 1-based row of the sheet or line of the file.
    pub line_number: u32,
}

/// A cell of a filled-in sample that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReadProblem {
    pub line_number: u32,
    pub kolom: Option<Kolom>,
    pub value: String,
    pub reason: String,
}

/// A filled-in sample as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Checklist {
    /// Name of the file, for messages.
    pub name: String,
    pub sha256: String,
    pub lines: Vec<ChecklistRow>,
    pub problems: Vec<ReadProblem>,
}

/// Reads a filled-in sample, a workbook or a CSV.
pub(crate) fn read_controlelijst(path: &Path) -> Result<Checklist, SourceError> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = masked(&name).into_owned();
    let form = match FileForm::from_name(&name) {
        Some(form) if form.fits(FileKind::Steekproef) => form,
        _ => {
            let form = path.extension().map(|v| v.to_string_lossy().into_owned());
            return Err(SourceError::FormUnknown {
                file: name,
                form: form.unwrap_or_else(|| "zonder achtervoegsel".to_owned()),
            });
        }
    };
    let (kind, place) = (FileKind::Steekproef, TablePlace::default());
    let table = TableSpec { name: &name, kind, id: FileId(0), form, place: &place };
    let location = Location::Disk(path.to_owned());
    let (lines, read) =
        read_small(&table, &Input::File(&location), &ReadMode::default(), controleregel, &|_| {})?;
    let problems = read.report.errors.into_iter().map(|f| ReadProblem {
        line_number: f.line_number,
        kolom: f.kolom,
        value: f.value.into(),
        reason: match f.reason {
            ParseError::BedragAmbiguous => {
                "dubbelzinnig bedrag; schrijf het met twee decimalen, zoals 1234,00".to_owned()
            }
            ParseError::BedragNegative => "een bedrag is hier nul of meer".to_owned(),
            reason => reason.to_string(),
        },
    });
    let problems = problems.collect();
    Ok(Checklist { name: name.clone(), sha256: read.sha256, lines, problems })
}

fn controleregel(mut row: Row<'_>, out: &mut Vec<ChecklistRow>) {
    let id = row.text(Kolom::Id);
    let steekproef = row.text(Kolom::Steekproef);
    let jeugdige = row.text_or_empty(Kolom::Jeugdige).to_owned();
    let ingediend = row.bedrag(Kolom::IngediendBedrag);
    let oordeel = row.optional(Kolom::Oordeel, |c| {
        choice(c, &Oordeel::ALL.map(|o| (o.name(), o)), "goed, fout of onzeker")
    });
    let how = row.forms.amounts;
    let vastgesteld = row.optional(Kolom::VastgesteldBedrag, |c| fields::bedrag(c, how));
    let bevinding = row.text_or_empty(Kolom::Bevinding).to_owned();
    let toelichting = row.text_or_empty(Kolom::Toelichting).to_owned();
    let line_number = row.line_number();
    let read = (|| {
        Some(ChecklistRow {
            id: id?.to_owned(),
            steekproef: steekproef?.to_owned(),
            jeugdige,
            ingediend_bedrag: ingediend?,
            oordeel,
            vastgesteld_bedrag: vastgesteld,
            bevinding,
            toelichting,
            line_number,
        })
    })();
    out.extend(row.close(read));
}
