//! `bevindingen.parquet`: typed columns for other programs.
//!
//! A column is made, encoded and compressed on its own: the table is never in memory as a whole, and
//! each core has columns to work on.

use super::bevindingen::{Genummerd, Rij};
use super::{Rapport, RapportFout};
use crate::dossier::Dag;
use hashbrown::HashMap;
use polars_arrow::array::{
    Array, DictionaryArray, MutablePlString, MutablePrimitiveArray, PrimitiveArray, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field, IntegerType};
use polars_core::prelude::{PolarsError, PolarsResult};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, FileWriter, ParquetType,
    StatisticsOptions, Version, WriteOptions, array_to_columns, compress,
    fallible_streaming_iterator, get_dtype_encoding,
};
use rayon::prelude::*;
use std::borrow::Cow;
use std::hash::Hash;
use std::ops::Range;
use std::path::Path;

pub fn schrijf(rapport: &Rapport<'_>, pad: &Path) -> Result<(), RapportFout> {
    // Into memory first: what goes wrong on the disk is then said as for every other file.
    let bytes = tabel(rapport).map_err(|e| RapportFout::Samenstellen {
        wat: "de tabel van bevindingen kan niet worden gemaakt",
        oorzaak: e.to_string(),
    })?;
    std::fs::write(pad, bytes).map_err(|e| RapportFout::schrijven(pad, &e))
}

const OPTIES: WriteOptions = WriteOptions {
    statistics: StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: None,
    },
    version: Version::V1,
    compression: CompressionOptions::Snappy,
    data_page_size: None,
};

/// Rows of a row group, at least; the last one may have up to twice as many.
const PER_GROEP: usize = 512 * 512;

/// One column.
struct Kolom<'r> {
    naam: &'static str,
    soort: ArrowDataType,
    /// Makes it of some findings.
    maak: Box<dyn Fn(&'r [Genummerd]) -> PolarsResult<Box<dyn Array>> + Send + Sync + 'r>,
}

impl<'r> Kolom<'r> {
    /// The column of these findings as it comes in the file.
    fn bladen(&self, rijen: &'r [Genummerd], in_bestand: &ParquetType) -> Bladen {
        let codering = get_dtype_encoding(&self.soort);
        let kolom = (self.maak)(rijen)?;
        let bladen = array_to_columns(kolom, in_bestand.clone(), OPTIES, &codering)?;
        let bladen = bladen.into_iter().flatten();
        bladen.map(|blad| Ok(compress(blad?, Vec::new(), OPTIES.compression)?)).collect()
    }
}

/// Pages of a column, ready to be written.
type Bladen = PolarsResult<Vec<CompressedPage>>;

/// The findings as the bytes of a file: amounts in whole cents, days as dates, absent values as
/// nulls.
fn tabel(rapport: &Rapport<'_>) -> PolarsResult<Vec<u8>> {
    let r = rapport;
    let kolommen = [
        teksten("Id", r, |rij| Some(rij.id().into())),
        woorden("Regel", r, Rij::regel, |rij| Some(rij.regel().into())),
        woorden("Ernst", r, Rij::ernst, |rij| Some(rij.ernst().naam().into())),
        woorden("Aanbieder", r, Rij::aanbieder, |rij| {
            rij.aanbieder().map(|a| a.to_string().into())
        }),
        woorden("Gemeente", r, Rij::gemeente, |rij| rij.gemeente().map(|g| g.to_string().into())),
        woorden("Jeugdige", r, Rij::bsn, |rij| rij.jeugdige().map(Cow::Owned)),
        woorden("ToewijzingNummer", r, Rij::toewijzing_woord, |rij| rij.toewijzing_nummer()),
        woorden("DeclaratieNummer", r, Rij::declaratie_tekst, |rij| rij.declaratie_nummer()),
        teksten("ReferentieNummer", r, |rij| rij.referentie_nummer()),
        woorden("Bestand", r, Rij::bestand_nr, |rij| rij.bestand().map(Cow::Borrowed)),
        getallen("Regelnummer", r, |rij| rij.regelnummer().map(i64::from)),
        dagen("Begindatum", r, |rij| rij.begindatum()),
        dagen("Einddatum", r, |rij| rij.einddatum()),
        woorden("ProductCode", r, Rij::product_tekst, |rij| rij.product_code()),
        getallen("IngediendBedrag", r, |rij| rij.ingediend_bedrag().map(|c| c.0)),
        getallen("BedragInGeding", r, |rij| rij.bedrag_in_geding().map(|c| c.0)),
        woorden("Gevonden", r, Rij::gevonden, |rij| niet_leeg(rij.gevonden())),
        woorden("Verwacht", r, Rij::verwacht, |rij| niet_leeg(rij.verwacht())),
        woorden("Toelichting", r, Rij::toelichting, |rij| niet_leeg(rij.toelichting())),
        woorden("Bron", r, Rij::bron, |rij| Some(rij.bron().into())),
        woorden("Oordeel", r, Rij::oordeel, |rij| rij.oordeel().map(Cow::Borrowed)),
    ];
    let velden = kolommen.iter().map(|k| {
        let veld = Field::new(k.naam.into(), k.soort.clone(), true);
        (veld.name.clone(), veld)
    });
    let mut bestand = FileWriter::try_new(Vec::new(), velden.collect::<ArrowSchema>(), OPTIES)?;
    for groep in groepen(r.bevindingen.len()) {
        let rijen = &r.bevindingen[groep];
        let in_bestand = bestand.parquet_schema().fields();
        let bladen = kolommen
            .par_iter()
            .zip(in_bestand)
            .with_max_len(1)
            .map(|(kolom, in_bestand)| kolom.bladen(rijen, in_bestand))
            .collect::<PolarsResult<Vec<_>>>()?;
        let bladen = bladen.iter().map(|van_kolom| {
            let van_kolom = van_kolom.iter().map(PolarsResult::Ok);
            Ok(DynStreamingIterator::<_, PolarsError>::new(fallible_streaming_iterator::convert(
                van_kolom,
            )))
        });
        bestand.write(rijen.len() as u64, DynIter::new(bladen))?;
    }
    bestand.end(None)?;
    Ok(bestand.into_inner())
}

/// The rows of each row group.
fn groepen(rijen: usize) -> impl Iterator<Item = Range<usize>> {
    let aantal = (rijen / PER_GROEP).max(1);
    let per_groep = rijen / aantal;
    let einde = move |i| if i + 1 == aantal { rijen } else { (i + 1) * per_groep };
    (0..aantal).map(move |i| i * per_groep..einde(i)).filter(|groep| !groep.is_empty())
}

fn niet_leeg(tekst: &str) -> Option<Cow<'_, str>> {
    (!tekst.is_empty()).then_some(Cow::Borrowed(tekst))
}

/// A column of texts that seldom come back.
fn teksten<'r>(
    naam: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(Rij<'r>) -> Option<Cow<'r, str>> + Send + Sync + 'r,
) -> Kolom<'r> {
    let maak = move |rijen: &'r [Genummerd]| {
        let mut kolom = MutablePlString::with_capacity(rijen.len());
        rijen.iter().for_each(|g| kolom.push(f(rapport.rij(g))));
        Ok(Utf8ViewArray::from(kolom).boxed())
    };
    Kolom { naam, soort: ArrowDataType::Utf8View, maak: Box::new(maak) }
}

/// Up to this many rows, and up to this share of them with a text of their own, a column is sure to
/// be written as numbers in a list of its texts; past it the writer decides.
const ALTIJD_WOORDEN: usize = 128;
const HOOGSTENS_WOORDEN: f64 = 0.6;

/// A column of texts that come back: rows with the same `sleutel` have the same text, which is made
/// and looked up once.
fn woorden<'r, S: Copy + Eq + Hash>(
    naam: &'static str,
    rapport: &'r Rapport<'_>,
    sleutel: impl Fn(&Rij<'r>) -> S + Send + Sync + 'r,
    f: impl Fn(Rij<'r>) -> Option<Cow<'r, str>> + Send + Sync + 'r,
) -> Kolom<'r> {
    let maak = move |rijen: &'r [Genummerd]| {
        let mut per_sleutel: HashMap<S, Option<u32>> = HashMap::new();
        let mut per_tekst: HashMap<Cow<'r, str>, u32> = HashMap::new();
        let mut teksten = MutablePlString::new();
        let mut nummers = MutablePrimitiveArray::<u32>::with_capacity(rijen.len());
        let mut vorige = None;
        for rij in rijen.iter().map(|g| rapport.rij(g)) {
            let s = sleutel(&rij);
            let nummer = match vorige {
                Some((vorige, nummer)) if vorige == s => nummer,
                _ => *per_sleutel.entry(s).or_insert_with(|| {
                    let tekst = f(rij)?;
                    let nieuw = per_tekst.len() as u32;
                    Some(*per_tekst.entry(tekst).or_insert_with_key(|tekst| {
                        teksten.push_value(tekst);
                        nieuw
                    }))
                }),
            };
            vorige = Some((s, nummer));
            nummers.push(nummer);
        }
        let nummers = PrimitiveArray::from(nummers);
        let teksten = Utf8ViewArray::from(teksten);
        // An absent value may count as a text.
        let verschillend = (teksten.len() + 1) as f64;
        if rijen.len() <= ALTIJD_WOORDEN || verschillend <= rijen.len() as f64 * HOOGSTENS_WOORDEN {
            let soort = ArrowDataType::Utf8View;
            let soort = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(soort), false);
            return Ok(DictionaryArray::try_new(soort, nummers, teksten.boxed())?.boxed());
        }
        let mut kolom = MutablePlString::with_capacity(rijen.len());
        nummers.iter().for_each(|nr| kolom.push(nr.map(|nr| teksten.value(*nr as usize))));
        Ok(Utf8ViewArray::from(kolom).boxed())
    };
    Kolom { naam, soort: ArrowDataType::Utf8View, maak: Box::new(maak) }
}

fn getallen<'r>(
    naam: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(Rij<'r>) -> Option<i64> + Send + Sync + 'r,
) -> Kolom<'r> {
    let maak = move |rijen: &'r [Genummerd]| {
        let mut kolom = MutablePrimitiveArray::<i64>::with_capacity(rijen.len());
        rijen.iter().for_each(|g| kolom.push(f(rapport.rij(g))));
        Ok(PrimitiveArray::from(kolom).boxed())
    };
    Kolom { naam, soort: ArrowDataType::Int64, maak: Box::new(maak) }
}

fn dagen<'r>(
    naam: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(Rij<'r>) -> Option<Dag> + Send + Sync + 'r,
) -> Kolom<'r> {
    let maak = move |rijen: &'r [Genummerd]| {
        let mut kolom = MutablePrimitiveArray::<i32>::with_capacity(rijen.len());
        rijen.iter().for_each(|g| kolom.push(f(rapport.rij(g)).map(Dag::dagen_sinds_1970)));
        Ok(PrimitiveArray::from(kolom).to(ArrowDataType::Date32).boxed())
    };
    Kolom { naam, soort: ArrowDataType::Date32, maak: Box::new(maak) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_groups_hold_every_row_once() {
        for (rijen, aantal) in [(0, 0), (1, 1), (PER_GROEP, 1), (2 * PER_GROEP - 1, 1)] {
            assert_eq!(groepen(rijen).count(), aantal);
        }
        let rijen = 3 * PER_GROEP + 5;
        let groepen: Vec<_> = groepen(rijen).collect();
        assert_eq!(groepen.len(), 3);
        assert_eq!(groepen.iter().map(Range::len).sum::<usize>(), rijen);
        assert!(groepen.windows(2).all(|paar| paar[0].end == paar[1].start));
    }
}
