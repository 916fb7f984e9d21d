//! A filled-in sample against the draw that it says it is: no line missing, added or altered, and a
//! verdict on each.

use super::SteekproefFout;
use super::gecontroleerd::{Afwijking, Gecontroleerd};
use super::opzet::Opzet;
use super::trekking::Steekproef;
use crate::bron::{Controlelijst, Controleregel, Leesprobleem, Oordeel};
use crate::dossier::{Cent, Duizendtallen};
use crate::ground::gemaskeerd;
use std::collections::BTreeMap;

/// The sample that all rows of a list say they are of.
pub fn opzet_van(lijst: &Controlelijst) -> Result<Opzet, SteekproefFout> {
    let Controlelijst { regels, problemen, .. } = lijst;
    let fout = |wat, raad| SteekproefFout::Lijst { bestand: lijst.naam.clone(), wat, raad };
    if !problemen.is_empty() {
        let zinnen: Vec<String> = problemen.iter().take(5).map(probleem).collect();
        let rest = problemen.len() - zinnen.len();
        let rest = if rest > 0 {
            format!("; en nog {}", Duizendtallen(rest as u64))
        } else {
            String::new()
        };
        return Err(fout(
            format!("niet alles is te lezen: {}{rest}", zinnen.join("; ")),
            "verbeter deze cellen in het bestand en evalueer opnieuw",
        ));
    }
    let Some(eerste) = regels.first() else {
        return Err(fout("er staan geen regels in".to_owned(), GEEF_BESTAND));
    };
    if let Some(ander) = regels.iter().find(|r| r.steekproef != eerste.steekproef) {
        return Err(fout(
            format!(
                "regel {} is van een andere steekproef dan regel {}",
                ander.regelnummer, eerste.regelnummer
            ),
            "evalueer elke steekproef apart, met alle regels ervan in één bestand",
        ));
    }
    eerste.steekproef.parse().map_err(|()| {
        fout(
            format!(
                "'{}' in de kolom Steekproef is geen opzet van een steekproef",
                gemaskeerd(&eerste.steekproef)
            ),
            GEEF_BESTAND,
        )
    })
}

const GEEF_BESTAND: &str = "geef het ingevulde bestand steekproef.xlsx of steekproef.csv dat rechtmatig steekproef schreef";

fn probleem(p: &Leesprobleem) -> String {
    let kolom = p.kolom.map(|k| format!(", {k}")).unwrap_or_default();
    let waarde = if p.waarde.is_empty() { String::new() } else { format!(" '{}'", p.waarde) };
    format!("regel {}{kolom}{waarde}: {}", p.regelnummer, p.reden)
}

/// What was found on each line of the sample, in the sample's order.
pub fn controleer_lijst(
    lijst: &Controlelijst,
    steekproef: &Steekproef<'_>,
) -> Result<Vec<Gecontroleerd>, SteekproefFout> {
    let fout = |wat, raad| SteekproefFout::Lijst { bestand: lijst.naam.clone(), wat, raad };
    let mut per_id = per_id(lijst)?;
    let mut gevonden = Vec::with_capacity(steekproef.posten.len());
    let mut weg = Vec::new();
    let mut open = Vec::new();
    for (nr, post) in steekproef.posten.iter().enumerate() {
        let Some(regel) = per_id.remove(post.id.as_str()) else {
            weg.push(nr + 1);
            continue;
        };
        if regel.ingediend_bedrag != post.bedrag {
            return Err(fout(
                format!(
                    "op regel {} staat een ingediend bedrag van {}; getrokken is {}",
                    regel.regelnummer, regel.ingediend_bedrag, post.bedrag
                ),
                "herstel IngediendBedrag; wat het had moeten zijn, hoort in VastgesteldBedrag",
            ));
        }
        match regel.oordeel {
            None => open.push(nr + 1),
            Some(oordeel) => gevonden.push(Gecontroleerd {
                oordeel,
                afwijking: afwijking(oordeel, post.bedrag, regel.vastgesteld_bedrag).map_err(
                    |wat| {
                        fout(
                            format!("regel {}: {wat}", regel.regelnummer),
                            "maak Oordeel en VastgesteldBedrag met elkaar in overeenstemming",
                        )
                    },
                )?,
                bevinding: gemaskeerd(&regel.bevinding).into_owned(),
                toelichting: gemaskeerd(&regel.toelichting).into_owned(),
            }),
        }
    }
    if let Some(vreemd) = per_id.into_values().min_by_key(|r| r.regelnummer) {
        return Err(fout(
            format!(
                "regel {} ({}) zit niet in deze steekproef",
                vreemd.regelnummer,
                gemaskeerd(&vreemd.id)
            ),
            "verwijder wat aan de lijst is toegevoegd, of geef het rapport waaruit de steekproef is getrokken",
        ));
    }
    let van_de = |nrs: &[usize]| format!("{} van de {} regels", nrs.len(), steekproef.posten.len());
    if !weg.is_empty() {
        return Err(fout(
            format!("{} ontbreken: nummer {}", van_de(&weg), nummers(&weg)),
            "zet deze regels terug uit het oorspronkelijke bestand; een steekproef telt alleen als geheel",
        ));
    }
    if !open.is_empty() {
        return Err(fout(
            format!("{} hebben nog geen oordeel: nummer {}", van_de(&open), nummers(&open)),
            "vul bij elke regel goed, fout of onzeker in; wat niet te controleren is, is onzeker",
        ));
    }
    Ok(gevonden)
}

/// The rows of a list by the Id of their line, which none has twice.
fn per_id(lijst: &Controlelijst) -> Result<BTreeMap<&str, &Controleregel>, SteekproefFout> {
    let mut per_id: BTreeMap<&str, &Controleregel> = BTreeMap::new();
    for regel in &lijst.regels {
        if let Some(eerder) = per_id.insert(&regel.id, regel) {
            return Err(SteekproefFout::Lijst {
                bestand: lijst.naam.clone(),
                wat: format!(
                    "{} staat op regel {} en op regel {}",
                    regel.id, eerder.regelnummer, regel.regelnummer
                ),
                raad: "laat één van de twee regels staan",
            });
        }
    }
    Ok(per_id)
}

fn nummers(nummers: &[usize]) -> String {
    let mut tekst = nummers.iter().take(10).map(usize::to_string).collect::<Vec<_>>().join(", ");
    if nummers.len() > 10 {
        tekst += ", …";
    }
    tekst
}

/// The error that a verdict and an amount say together.
fn afwijking(
    oordeel: Oordeel,
    ingediend: Cent,
    vastgesteld: Option<Cent>,
) -> Result<Option<(Afwijking, Cent)>, String> {
    match (oordeel, vastgesteld) {
        (Oordeel::Goed, None) => Ok(None),
        (Oordeel::Goed, Some(v)) if v == ingediend => Ok(None),
        (Oordeel::Goed, Some(v)) => {
            Err(format!("het oordeel is goed, maar het vastgestelde bedrag is {v} en ingediend is {ingediend}"))
        }
        (Oordeel::Fout, None) => {
            Err("het oordeel is fout, maar het vastgestelde bedrag ontbreekt (vul 0 in als niets rechtmatig is)".to_owned())
        }
        (Oordeel::Fout, Some(v)) if v < ingediend => Ok(Some((Afwijking::TeHoog, ingediend - v))),
        (Oordeel::Fout, Some(v)) if v > ingediend => Ok(Some((Afwijking::TeLaag, v - ingediend))),
        (Oordeel::Fout, Some(_)) => {
            Err("het oordeel is fout, maar het vastgestelde bedrag is gelijk aan het ingediende".to_owned())
        }
        // Without an amount nothing of the line is sure.
        (Oordeel::Onzeker, None) if ingediend == Cent::NUL => Ok(None),
        (Oordeel::Onzeker, None) => Ok(Some((Afwijking::Onzeker, ingediend))),
        (Oordeel::Onzeker, Some(v)) if v < ingediend => Ok(Some((Afwijking::Onzeker, ingediend - v))),
        (Oordeel::Onzeker, Some(_)) => {
            Err("het oordeel is onzeker, maar het vastgestelde bedrag (wat wel zeker is) is niet lager dan het ingediende".to_owned())
        }
    }
}
