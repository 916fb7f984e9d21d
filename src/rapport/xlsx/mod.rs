//! `rapport.xlsx`: the workbook that a contract manager works in and an accountant relies on.

mod familie;
mod overzichten;
pub(super) mod partij;
mod samenvatting;

use familie::Lezer;

use super::{Rapport, Uitvoering};
use crate::dossier::{Agb, Gemeente};
use crate::regels::FAMILIES;
use crate::writing::WriteError;
use crate::writing::sheet::{Opmaak, bewaar, nieuw_boek};
use rayon::prelude::*;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use std::path::Path;

pub fn schrijf(
    rapport: &Rapport<'_>,
    pad: &Path,
    uitvoering: &Uitvoering,
) -> Result<(), WriteError> {
    bewaar(pad, |map| bouw(rapport, map, uitvoering))
}

/// What stands at the foot of each page.
fn voet(rapport: &Rapport<'_>) -> String {
    let set = rapport.regelset();
    format!(
        "{}, leverjaar {}, regelset {} versie {}",
        set.titel, rapport.controle.jaar, set.naam, set.versie
    )
}

/// The families that were run, by code and name.
fn families(rapport: &Rapport<'_>) -> impl Iterator<Item = (&'static str, &'static str)> {
    FAMILIES
        .iter()
        .copied()
        .filter(|(code, _)| rapport.uitkomsten.iter().any(|u| u.regel.familie() == *code))
}

fn bouw(rapport: &Rapport<'_>, map: &Path, uitvoering: &Uitvoering) -> Result<Workbook, XlsxError> {
    let jaar = rapport.controle.jaar;
    let titel = format!("Rechtmatigheid jeugdhulp {jaar}");
    let mut boek = nieuw_boek(map, &titel, &rapport.regelset().titel, jaar)?;
    let o = Opmaak::nieuw().met_voet(&voet(rapport));
    samenvatting::schrijf(rapport, &mut boek, &o)?;
    samenvatting::controles(rapport, &mut boek, &o)?;
    let families: Vec<_> = families(rapport).collect();
    let leeg = families.iter().map(|_| boek.new_worksheet_with_constant_memory());
    let mut bladen = leeg.collect::<Result<Vec<Worksheet>, _>>()?;
    bladen.par_iter_mut().zip(&families).with_max_len(1).try_for_each(|(blad, (code, naam))| {
        let rijen = rapport
            .uitkomsten
            .iter()
            .filter(|u| u.regel.familie() == *code)
            .flat_map(|u| rapport.van_regel(u.regel.code))
            .map(|g| rapport.rij(g))
            .collect();
        familie::blad(rapport, blad, &o, (code, naam), rijen, Lezer::Wij, &|_| None)
    })?;
    for blad in bladen {
        boek.push_worksheet(blad);
    }
    let van_aanbieder =
        |code: &str| code.parse().map_or("", |agb| rapport.naam_van_aanbieder(Agb(agb)));
    let van_gemeente =
        |code: &str| code.parse().map_or("", |code| rapport.naam_van_gemeente(Gemeente(code)));
    let t = &rapport.totalen;
    overzichten::partijen(
        &mut boek,
        &o,
        ("Aanbieders", "Aanbieder"),
        &t.per_aanbieder,
        van_aanbieder,
    )?;
    overzichten::partijen(&mut boek, &o, ("Gemeenten", "Gemeente"), &t.per_gemeente, van_gemeente)?;
    if let Some(rijen) = &rapport.totalen.doorbelasting {
        overzichten::doorbelasting(rapport, rijen, &mut boek, &o)?;
    }
    if !rapport.oordelen.loten.is_empty() {
        overzichten::oordelen(rapport, &mut boek, &o)?;
    }
    overzichten::aansluiting(rapport, &mut boek, &o)?;
    overzichten::niet_getoetst(rapport, &mut boek, &o)?;
    overzichten::invoerfouten(rapport, &mut boek, &o)?;
    overzichten::verantwoording(rapport, &mut boek, &o, uitvoering)?;
    Ok(boek)
}
