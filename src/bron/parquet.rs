//! Parquet: typed columns or all text, a slice of a row group at a time, as records.
//!
//! Read below polars' own types, because those panic on a type that they were not built with.

use super::fout::BronFout;
use super::getal::{schrijf_decimaal, schrijf_getal, schrijf_kort_getal};
use super::kop::{Kop, Koptekst};
use super::record::Recordblok;
use super::xlsx::Vraag;
use crate::dossier::Kolom;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta};
use polars_arrow::array::{
    Array, BinaryViewArray, BooleanArray, PrimitiveArray, StaticArray, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit};
use polars_arrow::types::NativeType;
use polars_buffer::Buffer;
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{
    BasicDecompressor, FileMetadata, Filter, PageReader, RowGroupMetadata, column_iter_to_arrays,
    read_metadata,
};
use rayon::prelude::*;
use rust_decimal::Decimal;
use std::fmt::{Display, Write};
use std::io::Cursor;

/// Rows that are in memory at a time.
const SCHIJF: usize = 1 << 18;
/// Rows in one block.
const BLOKRIJEN: usize = 1 << 13;
/// No sane writer makes a page larger than this.
const GRENS_PAGINA: usize = 1 << 30;

/// Reads the file; `stuur` gets the rows slice by slice.
pub fn lees(
    bytes: Vec<u8>,
    vraag: &Vraag<'_>,
    stuur: &mut dyn FnMut(&Kop, &[Recordblok]),
) -> Result<Kop, BronFout> {
    let kapot = |e: &dyn Display| {
        tracing::debug!("{}: {e}", vraag.bestand);
        vraag.beschadigd("het is geen leesbaar parquet-bestand")
    };
    let bytes = Buffer::from(bytes);
    let kenmerken = read_metadata(&mut Cursor::new(bytes.as_slice())).map_err(|e| kapot(&e))?;
    let kop = lees_kop(&kenmerken, vraag)?;
    let velden = gevraagde_velden(&kenmerken, &kop, vraag)?;
    let mut rij = 0;
    for groep in &kenmerken.row_groups {
        let mut begin = 0;
        while begin < groep.num_rows() {
            let einde = groep.num_rows().min(begin + SCHIJF);
            let kolommen: Vec<Option<Waarden>> = velden
                .par_iter()
                .map(|veld| match veld {
                    None => Ok(None),
                    Some((kolom, veld)) => lees_kolom(groep, &bytes, veld, begin..einde)
                        .and_then(|delen| Waarden::nieuw(*kolom, veld, &delen, einde - begin))
                        .map(Some),
                })
                .collect::<Result<_, String>>()
                .map_err(|e| kapot(&e))?;
            let blokken: Vec<Recordblok> = (0..(einde - begin).div_ceil(BLOKRIJEN))
                .into_par_iter()
                .map(|i| {
                    let van = i * BLOKRIJEN;
                    let tot = (einde - begin).min(van + BLOKRIJEN);
                    maak_blok(&kolommen, van..tot, rij)
                })
                .collect();
            stuur(&kop, &blokken);
            rij += (einde - begin) as u64;
            begin = einde;
        }
    }
    Ok(kop)
}

fn lees_kop(kenmerken: &FileMetadata, vraag: &Vraag<'_>) -> Result<Kop, BronFout> {
    let velden = kenmerken.schema().fields();
    let koppen = velden.iter().map(|veld| veld.name().to_owned()).collect();
    let tekst = Koptekst { koppen, regel: 1, ..Koptekst::default() };
    Kop::van_koppen(tekst, vraag.bestand, vraag.soort, vraag.namen, vraag.mag_ontbreken)
}

/// For each place in a record the field to read, if the column means anything to us.
fn gevraagde_velden(
    kenmerken: &FileMetadata,
    kop: &Kop,
    vraag: &Vraag<'_>,
) -> Result<Vec<Option<(Kolom, Field)>>, BronFout> {
    let velden = kenmerken.schema().fields();
    let schema = parquet_to_arrow_schema(velden);
    kop.kolommen_op_plaats()
        .into_iter()
        .zip(velden)
        .map(|(kolom, veld)| {
            let Some(kolom) = kolom else { return Ok(None) };
            match schema.get(veld.name()) {
                Some(veld) if is_leesbaar(&veld.dtype) => Ok(Some((kolom, veld.clone()))),
                _ => Err(BronFout::KolomVorm { bestand: vraag.bestand.to_owned(), kolom }),
            }
        })
        .collect()
}

fn is_leesbaar(vorm: &ArrowDataType) -> bool {
    use ArrowDataType as A;
    match vorm {
        A::Utf8View | A::BinaryView | A::Boolean | A::Date32 | A::Timestamp(..) => true,
        A::Int8 | A::Int16 | A::Int32 | A::Int64 | A::Float32 | A::Float64 => true,
        A::UInt8 | A::UInt16 | A::UInt32 | A::UInt64 => true,
        A::Decimal(cijfers, _) => *cijfers <= 38,
        _ => false,
    }
}

/// These rows of one column.
fn lees_kolom(
    groep: &RowGroupMetadata,
    bytes: &Buffer<u8>,
    veld: &Field,
    rijen: std::ops::Range<usize>,
) -> Result<Vec<Box<dyn Array>>, String> {
    let delen = groep.columns_under_root_iter(&veld.name).into_iter().flatten();
    let (mut lezers, mut vormen) = (Vec::new(), Vec::new());
    for deel in delen {
        let plaats = deel.byte_range();
        let (van, tot) = (plaats.start as usize, plaats.end as usize);
        if van > tot || tot > bytes.len() {
            return Err(format!("column {} lies outside the file", veld.name));
        }
        let blad = Cursor::new(bytes.clone().sliced(van..tot));
        let bladen = PageReader::new(blad, deel, Vec::new(), GRENS_PAGINA);
        lezers.push(BasicDecompressor::new(bladen, Vec::new()));
        vormen.push(&deel.descriptor().descriptor.primitive_type);
    }
    if lezers.is_empty() {
        return Err(format!("column {} is missing in a row group", veld.name));
    }
    let filter = Filter::new_ranged(rijen.start, rijen.end);
    column_iter_to_arrays(lezers, vormen, veld.clone(), Some(filter))
        .map(|(arrays, _)| arrays)
        .map_err(|e| e.to_string())
}

fn maak_blok(
    kolommen: &[Option<Waarden>],
    rijen: std::ops::Range<usize>,
    eerder: u64,
) -> Recordblok {
    let mut blok = Recordblok::default();
    let mut tekst = String::new();
    for rij in rijen {
        for kolom in kolommen {
            tekst.clear();
            if let Some(kolom) = kolom {
                kolom.schrijf(rij, &mut tekst);
            }
            blok.cel(&tekst);
        }
        blok.sluit(eerder + rij as u64 + 1);
    }
    blok
}

/// The values of one column, each in its own type.
struct Waarden {
    kolom: Kolom,
    soort: Type,
}

enum Type {
    Tekst(Utf8ViewArray),
    Bytes(BinaryViewArray),
    JaNee(BooleanArray),
    /// Whole numbers and days, widened.
    Heel(PrimitiveArray<i64>),
    HeelZonderTeken(PrimitiveArray<u64>),
    Kort(PrimitiveArray<f32>),
    Getal(PrimitiveArray<f64>),
    Dag(PrimitiveArray<i32>),
    Moment {
        waarden: PrimitiveArray<i64>,
        per_seconde: i64,
        wereldtijd: bool,
    },
    Decimaal {
        waarden: PrimitiveArray<i128>,
        decimalen: u32,
    },
}

impl Waarden {
    fn nieuw(
        kolom: Kolom,
        veld: &Field,
        delen: &[Box<dyn Array>],
        aantal: usize,
    ) -> Result<Waarden, String> {
        use ArrowDataType as A;
        let delen: Vec<&dyn Array> = delen.iter().map(|d| &**d).collect();
        let heel = polars_arrow::compute::concatenate::concatenate_unchecked(&delen)
            .map_err(|e| e.to_string())?;
        if heel.len() != aantal {
            return Err(format!("column {} has {} rows, not {aantal}", veld.name, heel.len()));
        }
        let soort = match &veld.dtype {
            A::Utf8View => Type::Tekst(als(&*heel)?),
            A::BinaryView => Type::Bytes(als(&*heel)?),
            A::Boolean => Type::JaNee(als(&*heel)?),
            A::Int8 => Type::Heel(verbreed::<i8, i64>(&*heel)?),
            A::Int16 => Type::Heel(verbreed::<i16, i64>(&*heel)?),
            A::Int32 => Type::Heel(verbreed::<i32, i64>(&*heel)?),
            A::Int64 => Type::Heel(als(&*heel)?),
            A::UInt8 => Type::HeelZonderTeken(verbreed::<u8, u64>(&*heel)?),
            A::UInt16 => Type::HeelZonderTeken(verbreed::<u16, u64>(&*heel)?),
            A::UInt32 => Type::HeelZonderTeken(verbreed::<u32, u64>(&*heel)?),
            A::UInt64 => Type::HeelZonderTeken(als(&*heel)?),
            A::Float32 => Type::Kort(als(&*heel)?),
            A::Float64 => Type::Getal(als(&*heel)?),
            A::Date32 => Type::Dag(als(&*heel)?),
            A::Timestamp(eenheid, zone) => Type::Moment {
                waarden: als(&*heel)?,
                per_seconde: match eenheid {
                    TimeUnit::Second => 1,
                    TimeUnit::Millisecond => 1_000,
                    TimeUnit::Microsecond => 1_000_000,
                    TimeUnit::Nanosecond => 1_000_000_000,
                },
                wereldtijd: zone.is_some(),
            },
            A::Decimal(_, decimalen) => {
                Type::Decimaal { waarden: als(&*heel)?, decimalen: *decimalen as u32 }
            }
            anders => return Err(format!("column {} is {anders:?}", veld.name)),
        };
        Ok(Waarden { kolom, soort })
    }

    fn schrijf(&self, rij: usize, uit: &mut String) {
        let kolom = Some(self.kolom);
        match &self.soort {
            Type::Tekst(a) => uit.push_str(a.get(rij).unwrap_or_default()),
            Type::Bytes(a) => {
                uit.push_str(&String::from_utf8_lossy(a.get(rij).unwrap_or_default()));
            }
            Type::JaNee(a) => match a.get(rij) {
                Some(true) => uit.push('J'),
                Some(false) => uit.push('N'),
                None => {}
            },
            Type::Heel(a) => schrijf(a.get(rij), uit),
            Type::HeelZonderTeken(a) => schrijf(a.get(rij), uit),
            Type::Kort(a) => {
                if let Some(getal) = a.get(rij) {
                    schrijf_kort_getal(getal, kolom, uit);
                }
            }
            Type::Getal(a) => {
                if let Some(getal) = a.get(rij) {
                    schrijf_getal(getal, kolom, uit);
                }
            }
            Type::Dag(a) => {
                schrijf(a.get(rij).map(|n| dag_van(i64::from(n) * 86_400, false)), uit);
            }
            Type::Moment { waarden, per_seconde, wereldtijd } => {
                let moment = waarden.get(rij);
                schrijf(moment.map(|n| dag_van(n.div_euclid(*per_seconde), *wereldtijd)), uit);
            }
            Type::Decimaal { waarden, decimalen } => {
                if let Some(n) = waarden.get(rij) {
                    match Decimal::try_from_i128_with_scale(n, *decimalen) {
                        Ok(getal) => schrijf_decimaal(getal, kolom, uit),
                        Err(_) => schrijf(Some(format!("{n}e-{decimalen}")), uit),
                    }
                }
            }
        }
    }
}

fn schrijf(waarde: Option<impl Display>, uit: &mut String) {
    if let Some(waarde) = waarde {
        write!(uit, "{waarde}").expect("writing to a String can't fail");
    }
}

fn als<A: Array + Clone>(array: &dyn Array) -> Result<A, String> {
    array
        .as_any()
        .downcast_ref::<A>()
        .cloned()
        .ok_or_else(|| format!("the values are {:?}", array.dtype()))
}

fn verbreed<T: NativeType, B: NativeType + From<T>>(
    array: &dyn Array,
) -> Result<PrimitiveArray<B>, String> {
    let smal: PrimitiveArray<T> = als(array)?;
    Ok(smal.iter().map(|n| n.map(|n| B::from(*n))).collect())
}

/// The day of a moment, in seconds since 1970. A moment that isn't midnight in world time is read on
/// Dutch clocks: exports write a Dutch midnight as the evening before.
fn dag_van(seconden: i64, wereldtijd: bool) -> String {
    let Some(moment) = DateTime::from_timestamp(seconden, 0) else {
        return seconden.to_string();
    };
    let mut moment = moment.naive_utc();
    if wereldtijd && seconden.rem_euclid(86_400) != 0 {
        let wissel = |maand| {
            let laatste = NaiveDate::from_ymd_opt(moment.year(), maand, 31)?;
            let zondag = laatste - TimeDelta::days(laatste.weekday().num_days_from_sunday().into());
            zondag.and_hms_opt(1, 0, 0)
        };
        let zomer =
            wissel(3).is_some_and(|w| moment >= w) && wissel(10).is_some_and(|w| moment < w);
        moment += TimeDelta::hours(if zomer { 2 } else { 1 });
    }
    moment.date().to_string()
}

#[cfg(test)]
mod tests {
    use super::dag_van;

    #[test]
    fn a_dutch_midnight_in_world_time_is_the_day_that_begins_then() {
        let seconden = |tekst: &str| {
            chrono::NaiveDateTime::parse_from_str(tekst, "%Y-%m-%d %H:%M")
                .unwrap()
                .and_utc()
                .timestamp()
        };
        for (moment, wereldtijd, dag) in [
            ("2023-03-31 00:00", true, "2023-03-31"),
            ("2023-03-30 22:00", true, "2023-03-31"),
            ("2023-01-30 23:00", true, "2023-01-31"),
            ("2023-01-30 22:00", true, "2023-01-30"),
            ("2023-03-30 22:00", false, "2023-03-30"),
            ("1969-12-31 10:00", false, "1969-12-31"),
        ] {
            assert_eq!(dag_van(seconden(moment), wereldtijd), dag, "{moment}");
        }
    }
}
