//! A rapport as a folder of files: all of them, or none.

use super::xlsx::partij::{self, Partij};
use super::{Formaat, Rapport, Uitvoering, csv, html, json, manifest, parquet, xlsx};
use crate::writing::{Plaats, WriteError};
use std::path::PathBuf;

impl Rapport<'_> {
    /// Writes all files of these formats, and the workbooks for these parties, into a folder of their own and puts it in its place.
    pub fn schrijf(
        &self,
        plaats: Plaats,
        formaten: &[Formaat],
        partijen: &[Partij],
        uitvoering: &Uitvoering,
    ) -> Result<PathBuf, WriteError> {
        // A message names the place that the user knows, not the hidden one beside it.
        let doel = plaats.doel().to_owned();
        self.schrijf_in(&plaats, formaten, partijen, uitvoering).map_err(|e| match e {
            WriteError::Schrijven { pad, oorzaak } => WriteError::Schrijven {
                pad: doel.join(pad.file_name().unwrap_or_default()),
                oorzaak,
            },
            ander => ander,
        })?;
        plaats.zet_neer()
    }

    fn schrijf_in(
        &self,
        plaats: &Plaats,
        formaten: &[Formaat],
        partijen: &[Partij],
        uitvoering: &Uitvoering,
    ) -> Result<(), WriteError> {
        let map = plaats.map();
        let bij = |naam: &str| map.join(naam);
        let wil = |f| formaten.contains(&f);
        // The table is made on all cores: it is gone before the others begin.
        let parquet = || match wil(Formaat::Parquet) {
            true => parquet::schrijf(self, &bij("bevindingen.parquet")),
            false => Ok(()),
        };
        let json = || match wil(Formaat::Json) {
            true => json::schrijf(self, &bij("samenvatting.json")),
            false => Ok(()),
        };
        let (a, b) = rayon::join(parquet, json);
        a.and(b)?;
        // The slow writer beside the others; each file is whole before the folder is moved.
        let xlsx = || {
            if wil(Formaat::Xlsx) {
                xlsx::schrijf(self, &bij("rapport.xlsx"), uitvoering)?;
            }
            for partij in partijen {
                partij::schrijf(self, *partij, &bij(partij.map()))?;
            }
            Ok(())
        };
        let andere = || {
            if wil(Formaat::Html) {
                html::schrijf(self, &bij("rapport.html"), uitvoering, formaten)?;
            }
            if wil(Formaat::Csv) {
                csv::bevindingen(self, &bij("bevindingen.csv"))?;
                if let Some(rijen) = &self.totalen.doorbelasting {
                    csv::doorbelasting(self, rijen, &bij("doorbelasting.csv"))?;
                }
            }
            csv::invoerfouten(self, &bij("invoerfouten.csv"))
        };
        let (a, b) = rayon::join(xlsx, andere);
        a.and(b)?;
        manifest::schrijf(self, &bij("manifest.json"), uitvoering, formaten)
    }
}
