//! `bevindingen.parquet`: typed columns for other programs.

use super::bevindingen::Rij;
use super::{Rapport, RapportFout};
use crate::dossier::Dag;
use polars_core::prelude::*;
use polars_io::prelude::*;
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

/// The findings as a table: amounts in whole cents, days as dates, absent values as nulls.
pub fn tabel(rapport: &Rapport<'_>) -> PolarsResult<DataFrame> {
    let d = rapport.dossier();
    let rijen = &rapport.rijen;
    let bestand = |r: &Rij<'_>| r.bestand.map(|nr| d.bestand(nr).pad.as_str());
    DataFrame::new(
        rijen.len(),
        vec![
            teksten("Id", rijen, |r| Some(r.id.as_str())),
            teksten("Regel", rijen, |r| Some(r.regel)),
            teksten("Ernst", rijen, |r| Some(r.ernst.naam())),
            codes("Aanbieder", rijen, |r| r.aanbieder.map(|a| a.to_string())),
            codes("Gemeente", rijen, |r| r.gemeente.map(|g| g.to_string())),
            teksten("Jeugdige", rijen, |r| r.jeugdige.as_deref()),
            teksten("ToewijzingNummer", rijen, |r| r.toewijzing_nummer.as_deref()),
            teksten("DeclaratieNummer", rijen, |r| r.declaratie_nummer.as_deref()),
            teksten("ReferentieNummer", rijen, |r| r.referentie_nummer.as_deref()),
            teksten("Bestand", rijen, bestand),
            getallen("Regelnummer", rijen, |r| r.regelnummer.map(i64::from)),
            dagen("Begindatum", rijen, |r| r.begindatum)?,
            dagen("Einddatum", rijen, |r| r.einddatum)?,
            teksten("ProductCode", rijen, |r| r.product_code.as_deref()),
            getallen("IngediendBedrag", rijen, |r| r.ingediend_bedrag.map(|c| c.0)),
            getallen("BedragInGeding", rijen, |r| r.bedrag_in_geding.map(|c| c.0)),
            teksten("Gevonden", rijen, |r| niet_leeg(&r.gevonden)),
            teksten("Verwacht", rijen, |r| niet_leeg(&r.verwacht)),
            teksten("Toelichting", rijen, |r| niet_leeg(&r.toelichting)),
            teksten("Bron", rijen, |r| Some(&*r.bron)),
            teksten("Oordeel", rijen, |r| r.oordeel.as_deref()),
        ],
    )
}

fn niet_leeg(tekst: &str) -> Option<&str> {
    (!tekst.is_empty()).then_some(tekst)
}

fn teksten<'r>(
    naam: &str,
    rijen: &'r [Rij<'r>],
    f: impl Fn(&'r Rij<'r>) -> Option<&'r str>,
) -> Column {
    StringChunked::from_iter_options(naam.into(), rijen.iter().map(f)).into_column()
}

fn codes(naam: &str, rijen: &[Rij<'_>], f: impl Fn(&Rij<'_>) -> Option<String>) -> Column {
    StringChunked::from_iter_options(naam.into(), rijen.iter().map(f)).into_column()
}

fn getallen(naam: &str, rijen: &[Rij<'_>], f: impl Fn(&Rij<'_>) -> Option<i64>) -> Column {
    Int64Chunked::from_iter_options(naam.into(), rijen.iter().map(f)).into_column()
}

fn dagen(
    naam: &str,
    rijen: &[Rij<'_>],
    f: impl Fn(&Rij<'_>) -> Option<Dag>,
) -> PolarsResult<Column> {
    Int32Chunked::from_iter_options(
        naam.into(),
        rijen.iter().map(|r| f(r).map(Dag::dagen_sinds_1970)),
    )
    .into_column()
    .cast(&DataType::Date)
}
