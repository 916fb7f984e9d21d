//! A rapport as a folder of files: all of them, or none.

use super::xlsx::party::{self, Party};
use super::{Format, Rapport, RunInfo, csv, html, json, manifest, parquet, xlsx};
use crate::terugvordering;
use crate::writing::{OutputDir, WriteError, write_json};
use std::path::{Path, PathBuf};

impl Rapport<'_> {
    /// Writes all files of these formats, and the workbooks for these parties, into a folder of their own and puts it in its place.
    pub fn write(
        &self,
        place: OutputDir,
        formats: &[Format],
        parties: &[Party],
        run: &RunInfo,
    ) -> Result<PathBuf, WriteError> {
        // A message names the place that the user knows, not the hidden one beside it.
        let target = place.target().to_owned();
        self.write_files(&place.dir(), formats, parties, run).map_err(|e| match e {
            WriteError::Writing { path, cause } => WriteError::Writing {
                path: target.join(path.file_name().unwrap_or_default()),
                cause,
            },
            other => other,
        })?;
        place.put_down()
    }

    /// Writes all of that into this folder.
    pub(crate) fn write_files(
        &self,
        dir: &Path,
        formats: &[Format],
        parties: &[Party],
        run: &RunInfo,
    ) -> Result<(), WriteError> {
        let at = |name: &str| dir.join(name);
        let write = |format: Format| match formats.contains(&format) {
            true => self.write_format(format, dir, run, formats),
            false => Ok(()),
        };
        // The table is made on all cores: it is gone before the others begin.
        let (a, b) = rayon::join(|| write(Format::Parquet), || write(Format::Json));
        a.and(b)?;
        // The slow writer beside the others; each file is whole before the folder is moved.
        let xlsx = || {
            write(Format::Xlsx)?;
            for party in parties {
                party::write(self, *party, &at(party.dir()))?;
            }
            Ok(())
        };
        let other = || {
            let elsewhere = [Format::Parquet, Format::Json, Format::Xlsx];
            Format::ALL.into_iter().filter(|f| !elsewhere.contains(f)).try_for_each(write)?;
            if !self.proposals.is_empty() {
                csv::proposals(self, &at("producten-aanvullen.csv"))?;
            }
            if let Some(claims) = &self.terugvordering {
                write_json(claims, &at(terugvordering::FILE))?;
            }
            csv::invoerfouten(self, &at("invoerfouten.csv"))
        };
        let (a, b) = rayon::join(xlsx, other);
        a.and(b)?;
        manifest::write(self, &at("manifest.json"), run, formats)
    }

    /// Writes the files of one of the formats.
    fn write_format(
        &self,
        format: Format,
        dir: &Path,
        run: &RunInfo,
        formats: &[Format],
    ) -> Result<(), WriteError> {
        let at = |name: &str| dir.join(name);
        match format {
            Format::Html => html::write(self, &at("rapport.html"), run, formats),
            Format::Xlsx => xlsx::write(self, &at("rapport.xlsx"), run),
            Format::Csv => {
                csv::bevindingen(self, &at("bevindingen.csv"))?;
                csv::onderliggend(self, &at("onderliggend.csv"))?;
                match &self.totals.doorbelasting {
                    Some(rows) => csv::doorbelasting(self, rows, &at("doorbelasting.csv")),
                    None => Ok(()),
                }
            }
            Format::Parquet => {
                parquet::bevindingen(self, &at("bevindingen.parquet"))?;
                parquet::onderliggend(self, &at("onderliggend.parquet"))
            }
            Format::Json => json::write(self, &at("samenvatting.json")),
        }
    }
}
