//! `rapport.xlsx`: the workbook that a contract manager works in and an accountant relies on.

mod familie;
mod opmaak;
mod overzichten;
pub(super) mod partij;
mod samenvatting;

use super::{Rapport, Uitvoering};
use crate::dossier::{Agb, Gemeente};
use crate::writing::WriteError;
use crate::writing::sheet::{Opmaak, bewaar, nieuw_boek};
use familie::{Familieblad, Lezer, families};
use opmaak::voet;
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
        let familieblad = Familieblad { rapport, lezer: Lezer::Wij, anders: &|_| None };
        familieblad.schrijf(blad, &o, (code, naam), rijen)
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
