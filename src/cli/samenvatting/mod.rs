//! What `controleer` ends with on the terminal: what matters most on one screen, or all of it.

mod screen;
mod whole;

pub(crate) use screen::text as screen;
pub(crate) use whole::text as whole;

use super::message::printable;
use crate::dossier::{Cent, Thousands, counted};
use crate::ground::shown_path;
use crate::rapport::{Doorbelasting, Rapport};
use crate::toetsing::RuleOutcome;
use std::path::Path;

/// What the input says against itself, then what the run has to tell, each with the word before it.
fn messages(rapport: &Rapport<'_>) -> Vec<String> {
    let despite = rapport.despite().into_iter();
    let gate = rapport.meldingen.iter().map(|m| {
        let text = printable(&m.short_sentence());
        format!("{}: {text}", m.level.title())
    });
    let warnings = rapport.warnings.iter().map(|w| format!("Let op: {}", printable(w)));
    let bsn = rapport
        .pseudonyms
        .bsn_showing
        .then(|| "Let op: het rapport bevat burgerservicenummers (--bsn-tonen).".to_owned());
    despite.chain(bsn).chain(gate).chain(warnings).collect()
}

/// Of what, and what was read and tested.
fn control_totals(rapport: &Rapport<'_>) -> Vec<String> {
    let (t, a, set) = (&rapport.totals, &rapport.aansluiting, rapport.regelset());
    let n = |n: u64| Thousands(n).to_string();
    vec![
        format!(
            "Leverjaar {} · {} (regelset {} {})",
            rapport.context.jaar, set.title, set.name, set.versie
        ),
        format!(
            "Declaraties: {} gelezen = {} aanvaard + {} afgekeurd",
            n(a.read),
            n(a.read - a.rejected),
            n(a.rejected)
        ),
        format!(
            "Getoetst: {}, {}",
            counted(t.lines, "levende declaratieregel", "levende declaratieregels"),
            t.bedrag
        ),
    ]
}

/// What it comes to, and what of it people have judged.
fn outcome(rapport: &Rapport<'_>) -> Vec<String> {
    let t = &rapport.totals;
    let mut out = vec![format!(
        "Fout {} en onzekerheid {}, elke declaratieregel één keer.",
        t.in_geding.fout, t.in_geding.onzekerheid
    )];
    let all = rapport.bevindingen.len() as u64;
    let judged = all - t.open.counts.iter().sum::<u64>();
    if judged > 0 {
        out.push(format!(
            "Beoordeeld: {} van {}. Nog open: fout {}, onzekerheid {}.",
            Thousands(judged),
            Thousands(all),
            t.open.in_geding.fout,
            t.open.in_geding.onzekerheid
        ));
    }
    if let Some(row) = rapport.ledger().first().filter(|row| row.gemeente.is_none()) {
        let (ledger, difference, outcome) = (row.ledger, row.difference(), row.outcome());
        out.push(format!("Grootboek {ledger}, verschil {difference}: {outcome}."));
    }
    for u in rapport.outcomes.iter().filter(|u| u.failed.is_some()) {
        let code = u.rule.code;
        out.push(format!(
            "Mislukt: regel {code} gaf geen uitkomst; de andere regels zijn volledig."
        ));
    }
    if let Some(rows) = &t.doorbelasting {
        let sum: Cent = rows.iter().map(Doorbelasting::door_te_belasten).sum();
        out.push(format!("Door te belasten aan de gemeenten: {sum}."));
    }
    out
}

/// Where the rapport stands: its page, where it has one.
fn place(dir: &Path) -> String {
    let page = dir.join("rapport.html");
    format!("Rapport: {}", shown_path(if page.is_file() { &page } else { dir }))
}

/// What a rule found of one ernst.
struct Found {
    count: u64,
    /// None where no finding has an amount.
    bedrag: Option<Cent>,
}

/// What a rule found, in the order of the ernsten.
fn found(rapport: &Rapport<'_>, u: &RuleOutcome) -> [Found; 3] {
    let mut out = [const { Found { count: 0, bedrag: None } }; 3];
    for g in rapport.of_regel(u.rule.code) {
        let of = &mut out[g.bevinding.ernst as usize];
        of.count += 1;
        if let Some(bedrag) = g.bevinding.bedrag {
            of.bedrag = Some(of.bedrag.unwrap_or_default() + bedrag);
        }
    }
    out
}
