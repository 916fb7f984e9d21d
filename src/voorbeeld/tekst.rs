//! Values as texts, straight into bytes: ten million lines go through here.

use super::plan::Plan;
use super::traject::{Regel, Traject};
use crate::dossier::{Dag, Gemeente};
use std::io::Write;

/// Columns of `declaraties` that are dates are from these years around the year.
const JAREN: (i32, i32) = (-20, 8);

/// The days that a dossier can name, each as `2023-01-31`.
pub struct Dagen {
    eerste: Dag,
    tekst: Vec<[u8; 10]>,
}

impl Dagen {
    pub fn rond(jaar: i32) -> Dagen {
        let dag = |n| Dag::van_jmd(jaar + n, 1, 1).expect("a day of the years around");
        let (eerste, laatste) = (dag(JAREN.0), dag(JAREN.1));
        let tekst = (0..laatste.dagen_na(eerste))
            .map(|n| {
                let tekst = eerste.plus_dagen(n).datum().format("%Y-%m-%d").to_string();
                tekst.into_bytes().try_into().expect("ten bytes")
            })
            .collect();
        Dagen { eerste, tekst }
    }

    pub fn schrijf(&self, uit: &mut Vec<u8>, dag: Dag) {
        uit.extend_from_slice(&self.tekst[dag.dagen_na(self.eerste) as usize]);
    }

    pub fn tekst(&self, dag: Dag) -> &str {
        let bytes = &self.tekst[dag.dagen_na(self.eerste) as usize];
        std::str::from_utf8(bytes).expect("digits and dashes")
    }
}

/// A whole number, with zeros in front up to this many digits.
pub fn getal(uit: &mut Vec<u8>, n: u64, cijfers: usize) {
    let mut buf = [b'0'; 20];
    let mut plaats = buf.len();
    let mut rest = n;
    while rest > 0 || plaats == buf.len() {
        plaats -= 1;
        buf[plaats] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let plaats = plaats.min(buf.len() - cijfers.min(buf.len()));
    uit.extend_from_slice(&buf[plaats..]);
}

/// Cents as euros: `1234,56`.
pub fn euro(uit: &mut Vec<u8>, cent: i64) {
    getal(uit, cent.unsigned_abs() / 100, 1);
    uit.push(b',');
    getal(uit, cent.unsigned_abs() % 100, 2);
}

pub fn gemeente(uit: &mut Vec<u8>, g: Gemeente) {
    getal(uit, u64::from(g.0), 4);
}

/// The ReferentieNummer of a line: its toewijzing's number and its own.
pub fn referentie(uit: &mut Vec<u8>, traject: u64, volgnummer: u16) {
    getal(uit, traject, 1);
    uit.push(b'-');
    getal(uit, u64::from(volgnummer), 3);
}

/// The DeclaratieNummer: twelve letters that say aanbieder, gemeente, month and day of receipt. What
/// an aanbieder sent a gemeente on one day about one month is one declaration.
pub fn declaratienummer(uit: &mut Vec<u8>, plan: &Plan, r: &Regel) {
    let maanden = (r.eind.jaar() - 2000) * 12 + (r.eind.maand() % 12);
    let dagen = r.ontvangen.dagen_na(plan.eerste_dag.plus_jaren(-3));
    let delen = [r.aanbieder, u32::from(r.gemeente.0), maanden as u32, dagen as u32];
    for deel in delen {
        uit.extend([deel / 676 % 26, deel / 26 % 26, deel % 26].map(|n| b'A' + n as u8));
    }
}

/// Last day before it was received, for the date of the declaration.
pub fn dagtekening(r: &Regel) -> Dag {
    r.ontvangen.plus_dagen(-1)
}

/// One version of a toewijzing.
pub struct Versie {
    pub toewijzingsdatum: Dag,
    pub einddatum: Option<Dag>,
    pub budget: Option<i64>,
    pub reden_wijziging: Option<u8>,
}

/// RedenWijziging: verlenging, verwijderd.
const VERLENGD: u8 = 4;
const VERWIJDERD: u8 = 13;

/// The versions, the one in force last: each extended the one before it.
pub fn versies(t: &Traject) -> impl Iterator<Item = Versie> + '_ {
    let laatste = i32::from(t.versies) - 1;
    (0..=laatste).map(move |n| {
        let eerder = laatste - n;
        let verkort = |e: Dag| e.plus_maanden(-eerder).max(t.ingang.plus_dagen(1).min(e));
        Versie {
            toewijzingsdatum: t.toewijzingsdatum.plus_dagen(i64::from(n) * 28),
            einddatum: if eerder == 0 { t.einde } else { t.einde.map(verkort) },
            budget: t.budget.map(|b| b / i64::from(eerder + 1)),
            reden_wijziging: match (n, t.verwijderd && eerder == 0) {
                (_, true) => Some(VERWIJDERD),
                (0, _) => None,
                _ => Some(VERLENGD),
            },
        }
    })
}

/// A row of the list of what was planted.
pub fn geplant(uit: &mut Vec<u8>, plan: &Plan, g: &super::afwijking::Geplant, ernst: &str) {
    let _ = write!(uit, "{};{ernst};{};", g.afwijking.code(), g.gemeente);
    getal(uit, u64::from(plan.agb(g.aanbieder)), 8);
    let _ = write!(uit, ";{};", g.toewijzing);
    referentie(uit, g.traject, g.volgnummer);
    let _ = writeln!(uit, ";{}", g.afwijking.uitleg());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_amounts_read_as_they_should() {
        let tekst = |f: &dyn Fn(&mut Vec<u8>)| {
            let mut uit = Vec::new();
            f(&mut uit);
            String::from_utf8(uit).unwrap()
        };
        assert_eq!(tekst(&|u| getal(u, 0, 1)), "0");
        assert_eq!(tekst(&|u| getal(u, 150, 4)), "0150");
        assert_eq!(tekst(&|u| getal(u, 12_345, 4)), "12345");
        assert_eq!(tekst(&|u| euro(u, 5)), "0,05");
        assert_eq!(tekst(&|u| euro(u, 123_456)), "1234,56");
    }
}
