//! A letter of decision to each aanbieder of which something is to come back, with its own lines beside it.

use super::sheets::workbook;
use super::{Terugvordering, Vordering};
use crate::dossier::{Cent, Thousands};
use crate::writing::letter::Letter;
use crate::writing::sheet::keep;
use crate::writing::{WriteError, render};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// Lines that a letter lists; of more it gives the sums by gemeente, and the workbook beside it the
/// lines.
const MOST_LINES: usize = 200;

/// Writes into this folder, for each aanbieder with something open, a letter and a workbook.
pub(super) fn write_letters(t: &Terugvordering, dir: &Path) -> Result<(), WriteError> {
    std::fs::create_dir(dir).map_err(|e| WriteError::writing(dir, &e))?;
    let of_aanbieder: Vec<&[Vordering]> =
        t.vorderingen.chunk_by(|a, b| a.line.aanbieder == b.line.aanbieder).collect();
    of_aanbieder.into_par_iter().try_for_each(|of| {
        let mut own = t.only(of);
        if own.total().open == Cent::ZERO {
            return Ok(());
        }
        let agb = &of[0].line.aanbieder;
        let name = format!("{agb}-besluit");
        let text = render("besluit.txt", include_str!("besluit.txt"), &Besluit::of(&own, &name))?;
        Letter::of(&text).write(&dir.join(&name))?;
        // What we have yet to see to is ours.
        own.apart.retain(|a| a.telt_niet);
        keep(&dir.join(format!("{name}.xlsx")), |temporary| workbook(&own, temporary))
    })
}

impl Terugvordering {
    /// What concerns the aanbieder of these lines alone; they are all that it has.
    fn only(&self, of: &[Vordering]) -> Terugvordering {
        let agb = &of[0].line.aanbieder;
        Terugvordering {
            leverjaar: self.leverjaar,
            regio: self.regio.clone(),
            regelset: self.regelset.clone(),
            bsn_getoond: self.bsn_getoond,
            vorderingen: of.to_vec(),
            apart: self.apart.iter().filter(|a| a.aanbieder == *agb).cloned().collect(),
        }
    }
}

/// What the letter fills in.
#[derive(Serialize)]
struct Besluit {
    agb: String,
    naam: String,
    jaar: i32,
    regio: String,
    bijlage: String,
    open: String,
    aantal: String,
    een: bool,
    /// None where they are too many.
    regels: Vec<LineRow>,
    regels_samen: String,
    gemeenten: Vec<GemeenteRow>,
    redenen: Vec<Reden>,
    /// How many lines have an amount that was agreed.
    overeengekomen: Option<String>,
    reacties: Vec<ReactieRow>,
    teruggenomen: Vec<LineRow>,
    /// References of lines that don't count.
    dood: String,
    /// For who sends it: what was judged so and is asked of no line.
    niet_gevraagd: Option<String>,
    bsn_getoond: bool,
}

#[derive(Serialize)]
struct LineRow {
    referentie: String,
    gemeente: String,
    toewijzing: String,
    periode: String,
    gedeclareerd: String,
    bedrag: String,
    teruggenomen: String,
    open: String,
    /// Numbers of the reasons.
    redenen: String,
}

#[derive(Serialize)]
struct ReactieRow {
    referentie: String,
    redenen: String,
    reactie: String,
}

#[derive(Serialize)]
struct GemeenteRow {
    gemeente: String,
    regels: String,
    open: String,
}

#[derive(Serialize)]
struct Reden {
    nummer: usize,
    regel: String,
    titel: String,
    zin: String,
}

fn lines(n: usize) -> String {
    match n {
        1 => "1 declaratieregel".to_owned(),
        n => format!("{} declaratieregels", Thousands(n as u64)),
    }
}

impl Besluit {
    /// Of what concerns one aanbieder.
    fn of(own: &Terugvordering, name: &str) -> Besluit {
        let is_open = |v: &&Vordering| v.open() > Cent::ZERO;
        let open: Vec<&Vordering> = own.vorderingen.iter().filter(is_open).collect();
        let rules: BTreeSet<&str> =
            open.iter().flat_map(|v| &v.gronden).map(|g| g.regel.as_str()).collect();
        let redenen: Vec<Reden> =
            (1..).zip(&rules).map(|(nr, rule)| reason(&open, nr, rule)).collect();
        let row = |v: &&Vordering| line_row(v, &rules);
        let agreed = open.iter().filter(|v| v.gronden.iter().any(|g| g.overeengekomen)).count();
        let (dead, other): (Vec<_>, Vec<_>) = own.apart.iter().partition(|a| a.telt_niet);
        let references: BTreeSet<String> = dead.iter().map(|a| a.nummer.clone()).collect();
        let line = &own.vorderingen[0].line;
        let mut gemeenten = own.per_party();
        gemeenten.retain(|p| p.open > Cent::ZERO);
        let gemeente_row = |p: &super::ClaimTotal<'_>| GemeenteRow {
            gemeente: format!("{} {}", p.gemeente[0], p.gemeente[1]),
            regels: Thousands(
                open.iter().filter(|v| v.line.gemeente == p.gemeente[0]).count() as u64
            )
            .to_string(),
            open: p.open.to_string(),
        };
        let said = |v: &&Vordering| {
            let said = v.gronden.iter().filter(|g| !g.reactie.is_empty());
            let row = |g: &super::Grond| ReactieRow {
                referentie: v.line.referentienummer.clone(),
                redenen: place(&rules, &g.regel),
                reactie: g.reactie.clone(),
            };
            said.map(row).collect::<Vec<_>>()
        };
        Besluit {
            reacties: open.iter().flat_map(said).take(MOST_LINES).collect(),
            agb: line.aanbieder.clone(),
            naam: line.naam.clone(),
            jaar: own.leverjaar,
            regio: own.regelset.clone(),
            bijlage: format!("{name}.xlsx"),
            open: own.total().open.to_string(),
            aantal: lines(open.len()),
            een: open.len() == 1,
            regels: match open.len() > MOST_LINES {
                true => Vec::new(),
                false => open.iter().map(row).collect(),
            },
            regels_samen: Thousands(open.len() as u64).to_string(),
            gemeenten: gemeenten.iter().map(gemeente_row).collect(),
            redenen,
            overeengekomen: (agreed > 0).then(|| lines(agreed)),
            teruggenomen: own
                .vorderingen
                .iter()
                .filter(|v| v.came_back() > Cent::ZERO)
                .take(MOST_LINES)
                .map(|v| row(&v))
                .collect(),
            dood: references.into_iter().collect::<Vec<_>>().join(", "),
            niet_gevraagd: not_asked(other.len()),
            bsn_getoond: own.bsn_getoond,
        }
    }
}

fn not_asked(n: usize) -> Option<String> {
    match n {
        0 => None,
        1 => Some(
            "1 oordeel over deze aanbieder staat niet in het bedrag; apart.csv zegt waarom"
                .to_owned(),
        ),
        n => Some(format!(
            "{n} oordelen over deze aanbieder staan niet in het bedrag; apart.csv zegt waarom"
        )),
    }
}

fn reason(open: &[&Vordering], nummer: usize, rule: &str) -> Reden {
    let grond = open.iter().flat_map(|v| &v.gronden).find(|g| g.regel == rule);
    let text = |of: fn(&super::Grond) -> &String| grond.map(|g| of(g).clone()).unwrap_or_default();
    Reden { nummer, regel: rule.to_owned(), titel: text(|g| &g.titel), zin: text(|g| &g.zin) }
}

fn line_row(v: &Vordering, rules: &BTreeSet<&str>) -> LineRow {
    let l = &v.line;
    let reasons: BTreeSet<String> =
        v.gronden.iter().map(|g| place(rules, &g.regel)).filter(|nr| !nr.is_empty()).collect();
    LineRow {
        referentie: l.referentienummer.clone(),
        gemeente: l.gemeente.clone(),
        toewijzing: l.toewijzingnummer.clone(),
        periode: format!("{} t/m {}", l.begindatum, l.einddatum),
        gedeclareerd: l.ingediend_bedrag.to_string(),
        bedrag: v.bedrag.to_string(),
        teruggenomen: v.came_back().to_string(),
        open: v.open().to_string(),
        redenen: reasons.into_iter().collect::<Vec<_>>().join(", "),
    }
}

/// The number of a reason in the letter.
fn place(rules: &BTreeSet<&str>, rule: &str) -> String {
    rules.iter().position(|r| *r == rule).map(|i| (i + 1).to_string()).unwrap_or_default()
}
