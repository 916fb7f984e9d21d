//! Values as texts, straight into bytes: ten million lines go through here.

use super::plan::Plan;
use super::traject::{Prestatie, Traject};
use crate::dossier::{Dag, Gemeente};
use std::io::Write;

/// Columns of `declaraties` that are dates are from these years around the year.
const JAREN: (i32, i32) = (-20, 8);

/// The days that a dossier can name, each as `2023-01-31`.
pub(crate) struct DayTexts {
    first: Dag,
    text: Vec<[u8; 10]>,
}

impl DayTexts {
    pub(crate) fn around(jaar: i32) -> DayTexts {
        let dag = |n| Dag::from_jmd(jaar + n, 1, 1).expect("a day of the years around");
        let (first, last) = (dag(JAREN.0), dag(JAREN.1));
        let text = (0..last.dagen_after(first))
            .map(|n| {
                let text = first.plus_dagen(n).datum().format("%Y-%m-%d").to_string();
                text.into_bytes().try_into().expect("ten bytes")
            })
            .collect();
        DayTexts { first, text }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>, dag: Dag) {
        out.extend_from_slice(&self.text[dag.dagen_after(self.first) as usize]);
    }

    pub(crate) fn text(&self, dag: Dag) -> &str {
        let bytes = &self.text[dag.dagen_after(self.first) as usize];
        std::str::from_utf8(bytes).expect("digits and dashes")
    }
}

/// A whole number, with zeros in front up to this many digits.
pub(crate) fn number(out: &mut Vec<u8>, n: u64, digits: usize) {
    let mut buf = [b'0'; 20];
    let mut place = buf.len();
    let mut rest = n;
    while rest > 0 || place == buf.len() {
        place -= 1;
        buf[place] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let place = place.min(buf.len() - digits.min(buf.len()));
    out.extend_from_slice(&buf[place..]);
}

/// Cents as euros: `1234,56`.
pub(crate) fn euro(out: &mut Vec<u8>, cent: i64) {
    number(out, cent.unsigned_abs() / 100, 1);
    out.push(b',');
    number(out, cent.unsigned_abs() % 100, 2);
}

pub(crate) fn gemeente(out: &mut Vec<u8>, g: Gemeente) {
    number(out, u64::from(g.0), 4);
}

/// The ReferentieNummer of a line: its toewijzing's number and its own.
pub(crate) fn referentie(out: &mut Vec<u8>, traject: u64, volgnummer: u16) {
    number(out, traject, 1);
    out.push(b'-');
    number(out, u64::from(volgnummer), 3);
}

/// The DeclaratieNummer: twelve letters that say aanbieder, gemeente, month and day of receipt. What
/// an aanbieder sent a gemeente on one day about one month is one declaration.
pub(crate) fn declaratienummer(out: &mut Vec<u8>, plan: &Plan, r: &Prestatie) {
    let maanden = (r.end.jaar() - 2000) * 12 + (r.end.maand() % 12);
    let dagen = r.ontvangen.dagen_after(plan.first_dag.plus_jaren(-3));
    let parts = [r.aanbieder, u32::from(r.gemeente.0), maanden as u32, dagen as u32];
    for part in parts {
        out.extend([part / 676 % 26, part / 26 % 26, part % 26].map(|n| b'A' + n as u8));
    }
}

/// Last day before it was received, for the date of the declaration.
pub(crate) fn dagtekening(r: &Prestatie) -> Dag {
    r.ontvangen.plus_dagen(-1)
}

/// One version of a toewijzing.
pub(crate) struct VersieText {
    pub toewijzingsdatum: Dag,
    pub einddatum: Option<Dag>,
    pub budget: Option<i64>,
    pub reden_wijziging: Option<u8>,
}

/// RedenWijziging: verlenging, verwijderd.
const EXTENDED: u8 = 4;
const REMOVED: u8 = 13;

/// The versions, the one in force last: each extended the one before it.
pub(crate) fn versies(t: &Traject) -> impl Iterator<Item = VersieText> + '_ {
    let last = i32::from(t.versies) - 1;
    (0..=last).map(move |n| {
        let earlier = last - n;
        let shortened = |e: Dag| e.plus_maanden(-earlier).max(t.ingang.plus_dagen(1).min(e));
        VersieText {
            toewijzingsdatum: t.version_dag(n),
            einddatum: if earlier == 0 { t.end } else { t.end.map(shortened) },
            budget: t.budget.map(|b| b / i64::from(earlier + 1)),
            reden_wijziging: match (n, t.removed && earlier == 0) {
                (_, true) => Some(REMOVED),
                (0, _) => None,
                _ => Some(EXTENDED),
            },
        }
    })
}

/// A row of the list of what was planted.
pub(crate) fn planted(out: &mut Vec<u8>, plan: &Plan, g: &super::afwijking::Planted, ernst: &str) {
    let _ = write!(out, "{};{ernst};{};", g.afwijking.code(), g.gemeente);
    number(out, u64::from(plan.agb(g.aanbieder)), 8);
    let _ = write!(out, ";{};", g.toewijzing);
    referentie(out, g.traject, g.volgnummer);
    let _ = writeln!(out, ";{}", g.afwijking.explanation());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_amounts_read_as_they_should() {
        let text = |f: &dyn Fn(&mut Vec<u8>)| {
            let mut out = Vec::new();
            f(&mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text(&|u| number(u, 0, 1)), "0");
        assert_eq!(text(&|u| number(u, 150, 4)), "0150");
        assert_eq!(text(&|u| number(u, 12_345, 4)), "12345");
        assert_eq!(text(&|u| euro(u, 5)), "0,05");
        assert_eq!(text(&|u| euro(u, 123_456)), "1234,56");
    }
}
