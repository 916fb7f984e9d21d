//! A filled-in sample against the draw that it says it is: no line missing, added or altered, and a
//! verdict on each.

use super::SteekproefError;
use super::checked::{CheckedLines, Deviation};
use super::design::SampleDesign;
use super::drawing::Steekproef;
use crate::bron::{Checklist, ChecklistRow, Oordeel, ReadProblem};
use crate::dossier::{Cent, Thousands, declaratieregels};
use crate::ground::masked;
use std::collections::BTreeMap;

/// The sample that all rows of a list say they are of.
pub(crate) fn design_of(list: &Checklist) -> Result<SampleDesign, SteekproefError> {
    let Checklist { lines, problems, .. } = list;
    let fout = |what, advice| SteekproefError::List { file: list.name.clone(), what, advice };
    if !problems.is_empty() {
        let sentences: Vec<String> = problems.iter().take(5).map(problem).collect();
        let rest = problems.len() - sentences.len();
        let rest =
            if rest > 0 { format!("; en nog {}", Thousands(rest as u64)) } else { String::new() };
        return Err(fout(
            format!("niet alles is te lezen: {}{rest}", sentences.join("; ")),
            "verbeter deze cellen in het bestand en evalueer opnieuw",
        ));
    }
    let Some(first) = lines.first() else {
        return Err(fout("er staan geen rijen in".to_owned(), GIVE_FILE));
    };
    if let Some(other) = lines.iter().find(|r| r.steekproef != first.steekproef) {
        return Err(fout(
            format!(
                "regel {} is van een andere steekproef dan regel {}",
                other.line_number, first.line_number
            ),
            "evalueer elke steekproef apart, met alle declaratieregels ervan in één bestand",
        ));
    }
    first.steekproef.parse().map_err(|()| {
        fout(
            format!(
                "'{}' in de kolom Steekproef is geen opzet van een steekproef",
                masked(&first.steekproef)
            ),
            GIVE_FILE,
        )
    })
}

const GIVE_FILE: &str = "geef het ingevulde bestand steekproef.xlsx of steekproef.csv dat rechtmatig steekproef schreef";

fn problem(p: &ReadProblem) -> String {
    let kolom = p.kolom.map(|k| format!(", {k}")).unwrap_or_default();
    let value = if p.value.is_empty() { String::new() } else { format!(" '{}'", p.value) };
    format!("regel {}{kolom}{value}: {}", p.line_number, p.reason)
}

/// What was found on each line of the sample, in the sample's order.
pub(crate) fn check_list(
    list: &Checklist,
    steekproef: &Steekproef<'_>,
) -> Result<Vec<CheckedLines>, SteekproefError> {
    let fout = |what, advice| SteekproefError::List { file: list.name.clone(), what, advice };
    let mut per_id = per_id(list)?;
    let mut found = Vec::with_capacity(steekproef.posten.len());
    let mut gone = Vec::new();
    let mut open = Vec::new();
    for (id, post) in steekproef.posten.iter().enumerate() {
        let Some(line) = per_id.remove(post.id.as_str()) else {
            gone.push(id + 1);
            continue;
        };
        if line.ingediend_bedrag != post.bedrag {
            return Err(fout(
                format!(
                    "op regel {} staat een ingediend bedrag van {}; getrokken is {}",
                    line.line_number, line.ingediend_bedrag, post.bedrag
                ),
                "herstel IngediendBedrag; wat het had moeten zijn, hoort in VastgesteldBedrag",
            ));
        }
        match line.oordeel {
            None => open.push(id + 1),
            Some(oordeel) => found.push(CheckedLines {
                oordeel,
                jeugdige: line.jeugdige.clone(),
                afwijking: afwijking(oordeel, post.bedrag, line.vastgesteld_bedrag).map_err(
                    |what| {
                        fout(
                            format!("regel {}: {what}", line.line_number),
                            "maak Oordeel en VastgesteldBedrag met elkaar in overeenstemming",
                        )
                    },
                )?,
                bevinding: masked(&line.bevinding).into_owned(),
                toelichting: masked(&line.toelichting).into_owned(),
            }),
        }
    }
    if let Some(strange) = per_id.into_values().min_by_key(|r| r.line_number) {
        return Err(fout(
            format!(
                "regel {} ({}) zit niet in deze steekproef",
                strange.line_number,
                masked(&strange.id)
            ),
            "verwijder wat aan de lijst is toegevoegd, of geef het rapport waaruit de steekproef is getrokken",
        ));
    }
    let of_the = |nrs: &[usize]| {
        format!("{} van de {}", nrs.len(), declaratieregels(steekproef.posten.len() as u64))
    };
    if !gone.is_empty() {
        return Err(fout(
            format!(
                "{} {}: nummer {}",
                of_the(&gone),
                if gone.len() == 1 { "ontbreekt" } else { "ontbreken" },
                ids(&gone)
            ),
            "zet deze declaratieregels terug uit het oorspronkelijke bestand; een steekproef telt alleen als geheel",
        ));
    }
    if !open.is_empty() {
        return Err(fout(
            format!(
                "{} {} nog geen oordeel: nummer {}",
                of_the(&open),
                if open.len() == 1 { "heeft" } else { "hebben" },
                ids(&open)
            ),
            "vul bij elke declaratieregel goed, fout of onzeker in; wat niet te controleren is, is onzeker",
        ));
    }
    Ok(found)
}

/// The rows of a list by the Id of their line, which none has twice.
fn per_id(list: &Checklist) -> Result<BTreeMap<&str, &ChecklistRow>, SteekproefError> {
    let mut per_id: BTreeMap<&str, &ChecklistRow> = BTreeMap::new();
    for line in &list.lines {
        if let Some(earlier) = per_id.insert(&line.id, line) {
            return Err(SteekproefError::List {
                file: list.name.clone(),
                what: format!(
                    "{} staat op regel {} en op regel {}",
                    line.id, earlier.line_number, line.line_number
                ),
                advice: "laat één van de twee rijen staan",
            });
        }
    }
    Ok(per_id)
}

fn ids(nummers: &[usize]) -> String {
    let mut text = nummers.iter().take(10).map(usize::to_string).collect::<Vec<_>>().join(", ");
    if nummers.len() > 10 {
        text += ", …";
    }
    text
}

/// The error that a verdict and an amount say together.
fn afwijking(
    oordeel: Oordeel,
    ingediend: Cent,
    vastgesteld: Option<Cent>,
) -> Result<Option<(Deviation, Cent)>, String> {
    match (oordeel, vastgesteld) {
        (Oordeel::Goed, None) => Ok(None),
        (Oordeel::Goed, Some(v)) if v == ingediend => Ok(None),
        (Oordeel::Goed, Some(v)) => {
            Err(format!("het oordeel is goed, maar het vastgestelde bedrag is {v} en ingediend is {ingediend}"))
        }
        (Oordeel::Fout, None) => {
            Err("het oordeel is fout, maar het vastgestelde bedrag ontbreekt (vul 0 in als niets rechtmatig is)".to_owned())
        }
        (Oordeel::Fout, Some(v)) if v < ingediend => Ok(Some((Deviation::TooHigh, ingediend - v))),
        (Oordeel::Fout, Some(v)) if v > ingediend => Ok(Some((Deviation::TooLow, v - ingediend))),
        (Oordeel::Fout, Some(_)) => {
            Err("het oordeel is fout, maar het vastgestelde bedrag is gelijk aan het ingediende".to_owned())
        }
        // Without an amount nothing of the line is sure.
        (Oordeel::Onzeker, None) if ingediend == Cent::ZERO => Ok(None),
        (Oordeel::Onzeker, None) => Ok(Some((Deviation::Uncertain, ingediend))),
        (Oordeel::Onzeker, Some(v)) if v < ingediend => Ok(Some((Deviation::Uncertain, ingediend - v))),
        (Oordeel::Onzeker, Some(_)) => {
            Err("het oordeel is onzeker, maar het vastgestelde bedrag (wat wel zeker is) is niet lager dan het ingediende".to_owned())
        }
    }
}
