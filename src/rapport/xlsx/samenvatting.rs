//! The first sheet: the totals, and where the findings are; and the sheet of all rules.

use super::familie::{bladnaam, families};
use crate::dossier::{Cent, Ernst};
use crate::rapport::{Genummerd, Rapport};
use crate::writing::sheet::{Blad, Cel, Opmaak, SAMENVATTING};
use rust_xlsxwriter::{Workbook, XlsxError};

/// Findings and amounts per ernst, each finding for itself, and how many are open.
#[derive(Clone, Copy, Default)]
struct Telling {
    aantallen: [u64; 3],
    bedragen: [Cent; 3],
    open: u64,
}

impl Telling {
    fn van<'g>(bevindingen: impl IntoIterator<Item = &'g Genummerd>) -> Telling {
        let mut t = Telling::default();
        for g in bevindingen {
            let e = g.bevinding.ernst as usize;
            t.aantallen[e] += 1;
            t.bedragen[e] += g.bevinding.bedrag.unwrap_or_default();
            t.open += u64::from(g.is_open());
        }
        t
    }

    fn cellen<'c>(&self) -> [Cel<'c>; 6] {
        let n = |e: Ernst| Cel::Getal(self.aantallen[e as usize]);
        let som = |e: Ernst| Cel::Geld(self.bedragen[e as usize]);
        [
            n(Ernst::Fout),
            som(Ernst::Fout),
            n(Ernst::Onzekerheid),
            som(Ernst::Onzekerheid),
            n(Ernst::Signaal),
            Cel::Getal(self.open),
        ]
    }
}

const TELKOPPEN: [&str; 6] =
    ["Fouten", "Bedrag fouten", "Onzekerheden", "Bedrag onzekerheden", "Signalen", "Open"];

pub(super) fn schrijf(
    rapport: &Rapport<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let breedten = [34.0, 16.0, 18.0, 18.0, 18.0, 18.0, 12.0, 12.0];
    let mut b = Blad::nieuw(boek, o, SAMENVATTING, &breedten)?;
    b.leg_opmaak_vast()?;
    let set = rapport.regelset();
    b.titel(&format!("Rechtmatigheid jeugdhulp {}", rapport.controle.jaar))?;
    b.regel(&format!(
        "{}, regelset {} versie {}. Regels op niveau {}.",
        set.titel,
        set.naam,
        set.versie,
        rapport.controle.niveau.naam()
    ))?;
    if rapport.pseudoniemen.bsn_tonen {
        b.regel("Let op: dit rapport bevat burgerservicenummers.")?;
    }
    totalen(rapport, &mut b)?;
    buiten_totalen(rapport, &mut b)?;
    per_familie(rapport, &mut b)?;
    verder(rapport, &mut b)?;
    b.op_een_pagina();
    Ok(())
}

fn totalen(rapport: &Rapport<'_>, b: &mut Blad<'_>) -> Result<(), XlsxError> {
    let t = &rapport.totalen;
    b.witregel();
    b.kop(
        &["Totalen, elke declaratieregel één keer geteld", "Regels", "Bedrag", "Deel"],
        0,
        false,
    )?;
    let rij = |naam, regels, bedrag: Cent| {
        [Cel::Tekst(naam), regels, Cel::Geld(bedrag), Cel::Deel(bedrag.0, t.bedrag.0)]
    };
    b.rij(&rij("Getoetste declaratieregels", Cel::Getal(t.regels), t.bedrag), true)?;
    b.rij(&rij("Fout", Cel::Leeg, t.in_geding.fout), true)?;
    b.rij(&rij("   waarvan nog zonder oordeel", Cel::Leeg, t.open.in_geding.fout), false)?;
    b.rij(&rij("Onzekerheid", Cel::Leeg, t.in_geding.onzekerheid), true)?;
    b.rij(&rij("   waarvan nog zonder oordeel", Cel::Leeg, t.open.in_geding.onzekerheid), false)?;
    b.regel(
        "Nooit meer dan het ingediende bedrag van een regel, ook als meer controles haar raken.",
    )
}

fn buiten_totalen(rapport: &Rapport<'_>, b: &mut Blad<'_>) -> Result<(), XlsxError> {
    b.witregel();
    b.kop(&["Buiten die totalen", "Bevindingen", "Bedrag in geding"], 0, false)?;
    for (ernst, naam) in [
        (Ernst::Fout, "Fouten"),
        (Ernst::Onzekerheid, "Onzekerheden"),
        (Ernst::Signaal, "Signalen"),
    ] {
        let apart = rapport.totalen.apart[ernst as usize];
        b.rij(&[Cel::Tekst(naam), Cel::Getal(apart.aantal), Cel::Geld(apart.bedrag)], false)?;
    }
    b.regel("Over een toewijzing, jeugdige, aanbieder of gemeente, of op een teruggenomen, credit- of omgekeerde regel.")
}

fn per_familie(rapport: &Rapport<'_>, b: &mut Blad<'_>) -> Result<(), XlsxError> {
    b.witregel();
    let mut koppen = vec!["Onderwerp", "Controles"];
    koppen.extend(TELKOPPEN);
    b.kop(&koppen, 0, false)?;
    for (code, naam) in families(rapport) {
        let van_familie = || rapport.uitkomsten.iter().filter(|u| u.regel.familie() == code);
        let telling = Telling::van(van_familie().flat_map(|u| rapport.van_regel(u.regel.code)));
        let blad = bladnaam(code, naam);
        let mut cellen =
            vec![Cel::NaarBlad(&blad, &blad), Cel::Getal(van_familie().count() as u64)];
        cellen.extend(telling.cellen());
        b.rij(&cellen, false)?;
    }
    let alle = Telling::van(&rapport.bevindingen);
    let mut cellen =
        vec![Cel::Tekst("Alle bevindingen"), Cel::Getal(rapport.uitkomsten.len() as u64)];
    cellen.extend(alle.cellen());
    b.rij(&cellen, true)?;
    b.regel("In deze tabel telt een declaratieregel bij elke bevinding mee: de bedragen kunnen samen hoger zijn dan de totalen.")
}

/// Where the other sheets are.
fn verder(rapport: &Rapport<'_>, b: &mut Blad<'_>) -> Result<(), XlsxError> {
    b.witregel();
    let mut verder = vec!["Controles", "Aanbieders", "Gemeenten"];
    if rapport.totalen.doorbelasting.is_some() {
        verder.push("Doorbelasting");
    }
    if !rapport.oordelen.loten.is_empty() {
        verder.push("Oordelen");
    }
    verder.extend(["Aansluiting", "Niet getoetst", "Invoerfouten", "Verantwoording"]);
    for rij in verder.chunks(8) {
        let cellen: Vec<Cel<'_>> = rij.iter().map(|blad| Cel::NaarBlad(blad, blad)).collect();
        b.rij(&cellen, false)?;
    }
    Ok(())
}

/// What every rule tested and found.
pub(super) fn controles(
    rapport: &Rapport<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let breedten = [11.0, 60.0, 12.0, 13.0, 10.0, 17.0, 14.0, 17.0, 10.0, 10.0, 12.0];
    let mut b = Blad::nieuw(boek, o, "Controles", &breedten)?;
    b.titel("Controles")?;
    b.terug()?;
    b.regel("Een declaratieregel telt bij elke bevinding mee: de bedragen kunnen samen hoger zijn dan de totalen.")?;
    let mut koppen = vec!["Controle", "Wat", "Getoetst", "Niet te toetsen"];
    koppen.extend(TELKOPPEN);
    koppen.push("Opmerking");
    b.kop(&koppen, rapport.uitkomsten.len(), true)?;
    for u in &rapport.uitkomsten {
        let telling = Telling::van(rapport.van_regel(u.regel.code));
        let blad = families(rapport)
            .find(|(code, _)| *code == u.regel.familie())
            .map(|(code, naam)| bladnaam(code, naam))
            .unwrap_or_default();
        let mut cellen = vec![
            Cel::NaarBlad(u.regel.code, &blad),
            Cel::Lang(&u.regel.titel),
            Cel::Getal(u.uitkomsten.getoetst),
            Cel::Getal(u.uitkomsten.aantal_niet_toetsbaar()),
        ];
        cellen.extend(telling.cellen());
        cellen.push(if u.mislukt.is_some() { Cel::Tekst("mislukt") } else { Cel::Leeg });
        b.rij(&cellen, false)?;
    }
    Ok(())
}
