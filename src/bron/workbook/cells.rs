//! One cell of a sheet as the text that readers of cells take.

use crate::bron::number::write_number;
use crate::dossier::Kolom;
use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};
use std::fmt::Write;

/// The last day of Excel's calendar.
const LAST_DAG: f64 = 2_958_466.0;

/// Days that a number in a column of dates can be, in either date system: those of five digits. A
/// number of eight is a date written as JJJJMMDD.
const DAYS: std::ops::Range<f64> = 10_000.0..100_000.0;

/// The texts of a row up to its last one.
pub(super) fn heading(cells: &[(u32, DataRef<'_>)]) -> Vec<String> {
    let mut headers: Vec<String> = Vec::new();
    for (place, value) in cells {
        let place = *place as usize;
        let mut text = String::new();
        write_cell(value, None, false, &mut text);
        if !text.trim().is_empty() {
            headers.resize(headers.len().max(place + 1), String::new());
            text.trim().clone_into(&mut headers[place]);
        }
    }
    headers
}

/// Adds the text of a cell to `out`. The days of the workbook count from 1904 or from 1900.
pub(crate) fn write_cell(
    cell: &DataRef<'_>,
    kolom: Option<Kolom>,
    from_1904: bool,
    out: &mut String,
) {
    match cell {
        DataRef::Empty => {}
        DataRef::String(text) => out.push_str(text),
        DataRef::SharedString(text) => out.push_str(text),
        DataRef::Int(number) => write_unformatted(*number as f64, kolom, from_1904, out),
        DataRef::Float(number) => write_unformatted(*number, kolom, from_1904, out),
        DataRef::Bool(yes) => out.push(if *yes { 'J' } else { 'N' }),
        DataRef::DateTime(moment) => write_moment(moment, kolom, out),
        DataRef::DateTimeIso(text) => out.push_str(text.split('T').next().unwrap_or(text)),
        DataRef::DurationIso(text) => out.push_str(text),
        DataRef::Error(error) => write!(out, "{error}").expect("writing to a String can't fail"),
    }
}

/// A number; in a column of dates the day that it is the number of.
fn write_unformatted(number: f64, kolom: Option<Kolom>, from_1904: bool, out: &mut String) {
    if kolom.is_some_and(Kolom::is_datum) && DAYS.contains(&number) {
        write_moment(&ExcelDateTime::new(number, KIND, from_1904), kolom, out);
    } else {
        write_number(number, kolom, out);
    }
}

/// A day; a time without a day, or a duration, stays hours and minutes.
fn write_moment(moment: &ExcelDateTime, kolom: Option<Kolom>, out: &mut String) {
    let value = moment.as_f64();
    if !(0.0..LAST_DAG).contains(&value) {
        return write_number(value, kolom, out);
    }
    let written = if moment.is_duration() || value < 1.0 {
        let minuten = (value * 1440.0).round() as u64;
        write!(out, "{}:{:02}", minuten / 60, minuten % 60)
    } else {
        // Whole days only: a time just before midnight isn't rounded up to the next day.
        let dag = |from_1904| ExcelDateTime::new(value.floor(), KIND, from_1904);
        let (jaar, maand, dag, ..) = dag(since_1904(moment)).to_ymd_hms_milli();
        write!(out, "{jaar:04}-{maand:02}-{dag:02}")
    };
    written.expect("writing to a String can't fail");
}

/// Do the days of this workbook count from 1904? Only the day itself tells.
fn since_1904(moment: &ExcelDateTime) -> bool {
    let since_1900 = ExcelDateTime::new(moment.as_f64(), KIND, false);
    since_1900.to_ymd_hms_milli() != moment.to_ymd_hms_milli()
}

const KIND: ExcelDateTimeType = ExcelDateTimeType::DateTime;
