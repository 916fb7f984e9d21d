//! The tables of the page: their rows, from the rapport.

use super::getallen::{Bedrag, Getal};
use crate::dossier::{Cent, Eindoordeel};
use crate::rapport::totalen::Doorbelasting;
use crate::rapport::{Controlegetal, Controletotaal, Rapport, Tolerantietoets, per_oordeel};
use crate::toetsing::Regeluitkomst;
use serde::Serialize;
use std::cmp::Reverse;

#[derive(Serialize)]
pub(super) struct Tolerantierij {
    wat: &'static str,
    bedrag: Bedrag,
    procent: String,
    grens: Option<Bedrag>,
    uitkomst: &'static str,
}

/// What people judged, and what they left open.
#[derive(Serialize)]
pub(super) struct Beoordeeld {
    aantal: Getal,
    open: Getal,
    open_fout: Bedrag,
    open_onzekerheid: Bedrag,
    per_oordeel: Vec<Oordeelrij>,
    /// Id, verdict and why it isn't on a finding.
    niet_overgenomen: Vec<[String; 3]>,
    meer_niet_overgenomen: Option<Getal>,
}

#[derive(Serialize)]
pub(super) struct Oordeelrij {
    naam: &'static str,
    aantal: Getal,
    bedrag: Bedrag,
}

#[derive(Serialize)]
pub(super) struct Controlerij<'a> {
    code: &'a str,
    titel: &'a str,
    getoetst: Getal,
    /// Per ernst.
    pub(super) aantallen: Vec<Getal>,
    bedragen: Vec<Bedrag>,
    bevindingen: Getal,
    niet_toetsbaar: Getal,
    mislukt: bool,
}

#[derive(Serialize)]
pub(super) struct Redenrij<'a> {
    code: &'a str,
    titel: &'a str,
    getoetst: Getal,
    aantal: Getal,
    reden: String,
}

#[derive(Serialize)]
pub(super) struct Doorbelastingsrij<'a> {
    gemeente: String,
    naam: &'a str,
    regels: Getal,
    gedeclareerd: Bedrag,
    fout: Bedrag,
    onzekerheid: Bedrag,
    door: Bedrag,
}

#[derive(Serialize)]
pub(super) struct Staprij<'a> {
    sleutel: &'a str,
    naam: &'a str,
    regels: Getal,
    bedrag: Option<Bedrag>,
    som: bool,
}

#[derive(Serialize)]
pub(super) struct Invoerrij<'a> {
    pad: &'a str,
    soort: &'a str,
    gelezen: Getal,
    aanvaard: Getal,
    afgekeurd: Getal,
    debet: Bedrag,
    credit: Bedrag,
    sha256: &'a str,
}

/// Verdicts without a finding that the page lists.
const MEESTE_NIET_OVERGENOMEN: usize = 1_000;

pub(super) fn beoordeeld(rapport: &Rapport<'_>) -> Option<Beoordeeld> {
    if rapport.oordelen.loten.is_empty() {
        return None;
    }
    let open = &rapport.totalen.open;
    let aantal_open: u64 = open.aantallen.iter().sum();
    let niet_overgenomen = || rapport.oordelen.niet_overgenomen();
    let meer = niet_overgenomen().count().saturating_sub(MEESTE_NIET_OVERGENOMEN);
    let per_oordeel = Eindoordeel::ALLE.iter().zip(per_oordeel(&rapport.bevindingen));
    Some(Beoordeeld {
        aantal: (rapport.bevindingen.len() as u64 - aantal_open).into(),
        open: aantal_open.into(),
        open_fout: open.in_geding.fout.into(),
        open_onzekerheid: open.in_geding.onzekerheid.into(),
        per_oordeel: per_oordeel
            .map(|(oordeel, (aantal, bedrag))| Oordeelrij {
                naam: oordeel.naam(),
                aantal: aantal.into(),
                bedrag: bedrag.into(),
            })
            .collect(),
        niet_overgenomen: niet_overgenomen()
            .take(MEESTE_NIET_OVERGENOMEN)
            .map(|(b, lot)| [b.id.to_string(), b.oordeel.naam().to_owned(), lot.tekst()])
            .collect(),
        meer_niet_overgenomen: (meer > 0).then(|| (meer as u64).into()),
    })
}

pub(super) fn controlerij<'a>(rapport: &Rapport<'_>, u: &'a Regeluitkomst) -> Controlerij<'a> {
    let mut tellingen = [(0_u64, Cent::NUL); 3];
    for r in rapport.van_regel(u.regel.code) {
        let telling = &mut tellingen[r.bevinding.ernst as usize];
        telling.0 += 1;
        telling.1 += r.bevinding.bedrag.unwrap_or_default();
    }
    Controlerij {
        code: u.regel.code,
        titel: &u.regel.titel,
        getoetst: u.uitkomsten.getoetst.into(),
        aantallen: tellingen.iter().map(|(n, _)| (*n).into()).collect(),
        bedragen: tellingen.iter().map(|(_, som)| (*som).into()).collect(),
        bevindingen: tellingen.iter().map(|(n, _)| n).sum::<u64>().into(),
        niet_toetsbaar: u.uitkomsten.aantal_niet_toetsbaar().into(),
        mislukt: u.mislukt.is_some(),
    }
}

/// Why rules could not be tested, the most frequent reason of a rule first.
pub(super) fn redenen<'a>(rapport: &'a Rapport<'a>) -> Vec<Redenrij<'a>> {
    let mut uit = Vec::new();
    for u in &rapport.uitkomsten {
        let mut redenen = u.uitkomsten.niet_toetsbaar.clone();
        redenen.sort_by_key(|(reden, n)| (Reverse(*n), *reden));
        uit.extend(redenen.into_iter().map(|(reden, aantal)| Redenrij {
            code: u.regel.code,
            titel: &u.regel.titel,
            getoetst: u.uitkomsten.getoetst.into(),
            aantal: aantal.into(),
            reden: reden.to_string(),
        }));
    }
    uit
}

/// What to charge on, a row a gemeente and one for all.
pub(super) fn doorbelasting<'a>(
    rapport: &'a Rapport<'a>,
    rijen: &[Doorbelasting],
) -> Vec<Doorbelastingsrij<'a>> {
    let rij = |gemeente: String, naam, van: &[Doorbelasting]| {
        let som = |bedrag: fn(&Doorbelasting) -> Cent| van.iter().map(bedrag).sum::<Cent>().into();
        Doorbelastingsrij {
            gemeente,
            naam,
            regels: van.iter().map(|r| r.regels).sum::<u64>().into(),
            gedeclareerd: som(|r| r.gedeclareerd),
            fout: som(|r| r.in_geding.fout),
            onzekerheid: som(|r| r.in_geding.onzekerheid),
            door: som(Doorbelasting::door_te_belasten),
        }
    };
    let mut uit: Vec<_> = rijen
        .chunk_by(|a, b| a.gemeente == b.gemeente)
        .map(|van| {
            let gemeente = van[0].gemeente;
            rij(gemeente.to_string(), rapport.naam_van_gemeente(gemeente), van)
        })
        .collect();
    uit.push(rij(String::new(), "Alle gemeenten", rijen));
    uit
}

pub(super) fn stappen<'a>(rapport: &'a Rapport<'a>) -> Vec<Staprij<'a>> {
    let a = &rapport.aansluiting;
    let zonder_bedrag = |sleutel, naam, regels: u64| Staprij {
        sleutel,
        naam,
        regels: regels.into(),
        bedrag: None,
        som: false,
    };
    let mut uit = vec![
        zonder_bedrag("gelezen", "Gelezen regels in declaraties", a.gelezen),
        zonder_bedrag("afgekeurd", "af: afgekeurd bij het inlezen", a.afgekeurd),
    ];
    uit.extend(a.stappen.iter().map(|s| Staprij {
        sleutel: s.sleutel,
        naam: &s.naam,
        regels: s.regels.into(),
        bedrag: Some(s.bedrag.into()),
        som: matches!(s.sleutel, "levend" | "getoetst"),
    }));
    uit
}

pub(super) fn invoer<'a>(rapport: &Rapport<'a>) -> Vec<Invoerrij<'a>> {
    rapport
        .dossier()
        .bestanden
        .iter()
        .map(|b| Invoerrij {
            pad: &b.pad,
            soort: b.soort.naam(),
            gelezen: b.gelezen.into(),
            aanvaard: b.aanvaard.into(),
            afgekeurd: b.afgekeurd.into(),
            debet: b.debet.into(),
            credit: b.credit.into(),
            sha256: &b.sha256,
        })
        .collect()
}

/// Fouten and onzekerheden against what the user says is tolerated.
pub(super) fn toleranties(rapport: &Rapport<'_>) -> Vec<Tolerantierij> {
    let van = |t: Tolerantietoets| Tolerantierij {
        wat: t.wat,
        bedrag: t.bedrag.into(),
        procent: t.grens_in_woorden(),
        grens: t.grens.map(|(_, grens)| grens.into()),
        uitkomst: t.uitkomst(),
    };
    rapport.toleranties().into_iter().map(van).collect()
}

pub(super) fn controletotalen(rapport: &Rapport<'_>) -> Vec<[String; 4]> {
    let tekst = |t: Controlegetal| match t {
        Controlegetal::Aantal(n) => Getal::from(n).tekst,
        Controlegetal::Bedrag(c) => Bedrag::from(c).tekst,
    };
    let van = |a: Controletotaal| {
        let sluit = if a.sluit() { "sluit aan" } else { "sluit niet aan" };
        [tekst(a.links), tekst(a.rechts), sluit.to_owned(), a.wat]
    };
    rapport.controletotalen().into_iter().map(van).collect()
}
