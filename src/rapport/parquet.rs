//! `bevindingen.parquet`: typed columns for other programs.

use super::bevindingen::Rij;
use super::{Rapport, RapportFout};
use crate::dossier::Dag;
use polars_core::prelude::*;
use polars_io::prelude::*;
use rayon::prelude::*;
use std::borrow::Cow;
use std::path::Path;

pub fn schrijf(rapport: &Rapport<'_>, pad: &Path) -> Result<(), RapportFout> {
    let fout = |e: PolarsError| RapportFout::Samenstellen {
        wat: "de tabel van bevindingen kan niet worden gemaakt",
        oorzaak: e.to_string(),
    };
    let mut tabel = tabel(rapport).map_err(fout)?;
    // Into memory first: what goes wrong on the disk is then said as for every other file.
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Snappy)
        .finish(&mut tabel)
        .map_err(fout)?;
    std::fs::write(pad, bytes).map_err(|e| RapportFout::schrijven(pad, &e))
}

/// Makes one column of all rows.
type Kolommaker<'r> = Box<dyn Fn() -> PolarsResult<Column> + Send + Sync + 'r>;

/// The findings as a table: amounts in whole cents, days as dates, absent values as nulls.
pub fn tabel(rapport: &Rapport<'_>) -> PolarsResult<DataFrame> {
    let r = rapport;
    let makers: Vec<Kolommaker<'_>> = vec![
        teksten("Id", r, |rij| Some(rij.id().into())),
        teksten("Regel", r, |rij| Some(rij.regel().into())),
        teksten("Ernst", r, |rij| Some(rij.ernst().naam().into())),
        teksten("Aanbieder", r, |rij| rij.aanbieder().map(|a| a.to_string().into())),
        teksten("Gemeente", r, |rij| rij.gemeente().map(|g| g.to_string().into())),
        teksten("Jeugdige", r, |rij| rij.jeugdige().map(Cow::Owned)),
        teksten("ToewijzingNummer", r, |rij| rij.toewijzing_nummer()),
        teksten("DeclaratieNummer", r, |rij| rij.declaratie_nummer()),
        teksten("ReferentieNummer", r, |rij| rij.referentie_nummer()),
        teksten("Bestand", r, |rij| rij.bestand().map(Cow::Borrowed)),
        getallen("Regelnummer", r, |rij| rij.regelnummer().map(i64::from)),
        dagen("Begindatum", r, |rij| rij.begindatum()),
        dagen("Einddatum", r, |rij| rij.einddatum()),
        teksten("ProductCode", r, |rij| rij.product_code()),
        getallen("IngediendBedrag", r, |rij| rij.ingediend_bedrag().map(|c| c.0)),
        getallen("BedragInGeding", r, |rij| rij.bedrag_in_geding().map(|c| c.0)),
        teksten("Gevonden", r, |rij| niet_leeg(rij.gevonden())),
        teksten("Verwacht", r, |rij| niet_leeg(rij.verwacht())),
        teksten("Toelichting", r, |rij| niet_leeg(rij.toelichting())),
        teksten("Bron", r, |rij| Some(rij.bron().into())),
        teksten("Oordeel", r, |rij| rij.oordeel().map(Cow::Borrowed)),
    ];
    let kolommen = makers.par_iter().map(|maak| maak()).collect::<PolarsResult<Vec<_>>>()?;
    DataFrame::new(rapport.bevindingen.len(), kolommen)
}

fn niet_leeg(tekst: &str) -> Option<Cow<'_, str>> {
    (!tekst.is_empty()).then_some(Cow::Borrowed(tekst))
}

fn teksten<'r>(
    naam: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(Rij<'r>) -> Option<Cow<'r, str>> + Send + Sync + 'r,
) -> Kolommaker<'r> {
    Box::new(move || {
        let waarden = rapport.rijen().map(&f);
        Ok(StringChunked::from_iter_options(naam.into(), waarden).into_column())
    })
}

fn getallen<'r>(
    naam: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(Rij<'r>) -> Option<i64> + Send + Sync + 'r,
) -> Kolommaker<'r> {
    Box::new(move || {
        let waarden = rapport.rijen().map(&f);
        Ok(Int64Chunked::from_iter_options(naam.into(), waarden).into_column())
    })
}

fn dagen<'r>(
    naam: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(Rij<'r>) -> Option<Dag> + Send + Sync + 'r,
) -> Kolommaker<'r> {
    Box::new(move || {
        let waarden = rapport.rijen().map(|rij| f(rij).map(Dag::dagen_sinds_1970));
        let getallen = Int32Chunked::from_iter_options(naam.into(), waarden);
        getallen.into_column().cast(&DataType::Date)
    })
}
