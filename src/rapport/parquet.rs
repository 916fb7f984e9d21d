//! `bevindingen.parquet`: typed columns for other programs.
//!
//! A column is made, encoded and compressed on its own: the table is never in memory as a whole, and
//! each core has columns to work on.

use super::Rapport;
use super::bevindingen::{Genummerd, Rij};
use crate::dossier::Dag;
use crate::writing::WriteError;
use hashbrown::HashMap;
use polars_arrow::array::{
    Array, DictionaryArray, MutablePlString, MutablePrimitiveArray, PrimitiveArray, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field, IntegerType};
use polars_core::prelude::{PolarsError, PolarsResult};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter,
    ParquetType, StatisticsOptions, Version, WriteOptions, array_to_pages, compress,
    fallible_streaming_iterator, to_nested, to_parquet_leaves,
};
use rayon::prelude::*;
use std::borrow::Cow;
use std::hash::Hash;
use std::ops::Range;
use std::path::Path;

pub fn schrijf(rapport: &Rapport<'_>, pad: &Path) -> Result<(), WriteError> {
    // Into memory first: what goes wrong on the disk is then said as for every other file.
    let bytes = tabel(rapport).map_err(|e| WriteError::Samenstellen {
        wat: "de tabel van bevindingen kan niet worden gemaakt",
        oorzaak: e.to_string(),
    })?;
    std::fs::write(pad, bytes).map_err(|e| WriteError::schrijven(pad, &e))
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

/// Makes a column of some findings.
type Maker<'r> = dyn Fn(&'r [Genummerd]) -> PolarsResult<Box<dyn Array>> + Send + Sync + 'r;

/// One column.
struct Kolom<'r> {
    naam: &'static str,
    soort: ArrowDataType,
    maak: Box<Maker<'r>>,
}

impl<'r> Kolom<'r> {
    /// The column of these findings as it comes in the file.
    fn bladen(&self, rijen: &'r [Genummerd], in_bestand: &ParquetType) -> Bladen {
        let kolom = (self.maak)(rijen)?;
        let lagen = to_nested(kolom.as_ref(), in_bestand)?;
        let soorten = to_parquet_leaves(in_bestand.clone());
        let mut bladen = Vec::new();
        for (lagen, soort) in lagen.iter().zip(soorten) {
            let codering = Encoding::RleDictionary;
            for blad in array_to_pages(kolom.as_ref(), soort, lagen, OPTIES, codering)? {
                bladen.push(compress(blad?, Vec::new(), OPTIES.compression)?);
            }
        }
        Ok(bladen)
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
        herhaalde("Regel", r, |rij| Some(rij.regel().into())),
        woorden("Ernst", r, Rij::ernst, |rij| Some(rij.ernst().naam().into())),
        woorden("Aanbieder", r, Rij::aanbieder, |rij| {
            rij.aanbieder().map(|a| a.to_string().into())
        }),
        woorden("Gemeente", r, Rij::gemeente, |rij| rij.gemeente().map(|g| g.to_string().into())),
        woorden("Jeugdige", r, Rij::bsn, |rij| rij.jeugdige().map(Cow::Owned)),
        woorden("ToewijzingNummer", r, Rij::toewijzing_woord, |rij| rij.toewijzing_nummer()),
        herhaalde("DeclaratieNummer", r, |rij| rij.declaratie_nummer()),
        teksten("ReferentieNummer", r, |rij| rij.referentie_nummer()),
        woorden("Bestand", r, Rij::bestand_nr, |rij| rij.bestand().map(Cow::Borrowed)),
        getallen("Regelnummer", r, |rij| rij.regelnummer().map(i64::from)),
        dagen("Begindatum", r, |rij| rij.begindatum()),
        dagen("Einddatum", r, |rij| rij.einddatum()),
        woorden("ProductCode", r, Rij::product_tekst, |rij| rij.product_code()),
        getallen("IngediendBedrag", r, |rij| rij.ingediend_bedrag().map(|c| c.0)),
        getallen("BedragInGeding", r, |rij| rij.bedrag_in_geding().map(|c| c.0)),
        herhaalde("Gevonden", r, |rij| niet_leeg(rij.gevonden())),
        herhaalde("Verwacht", r, |rij| niet_leeg(rij.verwacht())),
        herhaalde("Toelichting", r, |rij| niet_leeg(rij.toelichting())),
        herhaalde("Bron", r, |rij| Some(rij.bron().into())),
        herhaalde("Oordeel", r, |rij| rij.oordeel().map(Cow::Borrowed)),
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

/// A column as numbers in a list of its texts, each of which is there once.
struct Woordenlijst<'r> {
    teksten: MutablePlString,
    per_tekst: HashMap<Cow<'r, str>, u32>,
    nummers: MutablePrimitiveArray<u32>,
}

impl<'r> Woordenlijst<'r> {
    fn voor(rijen: usize) -> Woordenlijst<'r> {
        Woordenlijst {
            teksten: MutablePlString::new(),
            per_tekst: HashMap::with_capacity(rijen / RIJEN_PER_WOORD),
            nummers: MutablePrimitiveArray::with_capacity(rijen),
        }
    }

    fn nummer(&mut self, tekst: Cow<'r, str>) -> u32 {
        let nieuw = self.per_tekst.len() as u32;
        *self.per_tekst.entry(tekst).or_insert_with_key(|tekst| {
            self.teksten.push_value(tekst);
            nieuw
        })
    }

    fn kolom(self) -> PolarsResult<Box<dyn Array>> {
        let nummers = PrimitiveArray::from(self.nummers);
        let teksten = Utf8ViewArray::from(self.teksten);
        let rijen = nummers.len();
        // An absent value may count as a text.
        let verschillend = (teksten.len() + 1) as f64;
        if rijen <= ALTIJD_WOORDEN || verschillend <= rijen as f64 * HOOGSTENS_WOORDEN {
            let tekst = Box::new(ArrowDataType::Utf8View);
            let soort = ArrowDataType::Dictionary(IntegerType::UInt32, tekst, false);
            return Ok(DictionaryArray::try_new(soort, nummers, teksten.boxed())?.boxed());
        }
        let mut kolom = MutablePlString::with_capacity(rijen);
        nummers.iter().for_each(|nr| kolom.push(nr.map(|nr| teksten.value(*nr as usize))));
        Ok(Utf8ViewArray::from(kolom).boxed())
    }
}

/// As many rows as a word is expected to have: room is made for so many words at once.
const RIJEN_PER_WOORD: usize = 4;

/// A column of which rows with the same `sleutel` have the same text: each is made once.
fn woorden<'r, S: Copy + Eq + Hash>(
    naam: &'static str,
    rapport: &'r Rapport<'_>,
    sleutel: impl Fn(&Rij<'r>) -> S + Send + Sync + 'r,
    f: impl Fn(Rij<'r>) -> Option<Cow<'r, str>> + Send + Sync + 'r,
) -> Kolom<'r> {
    let maak = move |rijen: &'r [Genummerd]| {
        let mut lijst = Woordenlijst::voor(rijen.len());
        let mut per_sleutel: HashMap<S, Option<u32>> =
            HashMap::with_capacity(rijen.len() / RIJEN_PER_WOORD);
        let mut vorige = None;
        for rij in rijen.iter().map(|g| rapport.rij(g)) {
            let s = sleutel(&rij);
            let nummer = match vorige {
                Some((vorige, nummer)) if vorige == s => nummer,
                _ => {
                    *per_sleutel.entry(s).or_insert_with(|| f(rij).map(|tekst| lijst.nummer(tekst)))
                }
            };
            vorige = Some((s, nummer));
            lijst.nummers.push(nummer);
        }
        lijst.kolom()
    };
    Kolom { naam, soort: ArrowDataType::Utf8View, maak: Box::new(maak) }
}

/// A column of texts of which many come back.
fn herhaalde<'r>(
    naam: &'static str,
    rapport: &'r Rapport<'_>,
    f: impl Fn(Rij<'r>) -> Option<Cow<'r, str>> + Send + Sync + 'r,
) -> Kolom<'r> {
    let maak = move |rijen: &'r [Genummerd]| {
        let mut lijst = Woordenlijst::voor(rijen.len());
        let mut vorige: Option<(&str, u32)> = None;
        for rij in rijen.iter().map(|g| rapport.rij(g)) {
            let nummer = match (f(rij), vorige) {
                (None, _) => None,
                // Findings of one rule often share the text itself.
                (Some(Cow::Borrowed(t)), Some((vorige, nr))) if std::ptr::eq(t, vorige) => Some(nr),
                (Some(Cow::Borrowed(t)), _) => {
                    let nr = lijst.nummer(t.into());
                    vorige = Some((t, nr));
                    Some(nr)
                }
                (Some(tekst), _) => Some(lijst.nummer(tekst)),
            };
            lijst.nummers.push(nummer);
        }
        lijst.kolom()
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
