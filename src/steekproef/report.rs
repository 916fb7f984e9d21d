//! The outcome of a sample as files: a workbook to read and file, and JSON.

use super::checked::{CheckedLines, Deviation};
use super::design::Method;
use super::drawing::{Selection, Steekproef};
use super::evaluation::{Estimate, Evaluation};
use super::origin::ReportOrigin;
use super::writing::{facts, in_words};
use crate::dossier::Cent;
use crate::ground::Shown;
use crate::writing::sheet::{Cell, Formats, Sheet, keep, new_book};
use crate::writing::{WriteError, write_json};
use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::json;
use std::path::Path;

/// What was evaluated.
struct SampleResult<'r> {
    s: &'r Steekproef<'r>,
    origin: &'r ReportOrigin,
    checked: &'r [CheckedLines],
    e: &'r Evaluation,
    /// SHA-256 of the filled-in list.
    list_sha256: &'r str,
}

/// Writes `evaluatie.xlsx` and `evaluatie.json` into this folder.
pub(crate) fn write_evaluation(
    s: &Steekproef<'_>,
    origin: &ReportOrigin,
    checked: &[CheckedLines],
    e: &Evaluation,
    list_sha256: &str,
    dir: &Path,
) -> Result<(), WriteError> {
    let u = SampleResult { s, origin, checked, e, list_sha256 };
    keep(&dir.join("evaluatie.xlsx"), |temporary| u.workbook(temporary))?;
    write_json(&u.json(), &dir.join("evaluatie.json"))
}

impl SampleResult<'_> {
    fn workbook(&self, dir: &Path) -> Result<Workbook, XlsxError> {
        let (context, o) = (self.s.population.context, Formats::new());
        let title = format!("Evaluatie van de steekproef jeugdhulp {}", context.jaar);
        let mut book = new_book(dir, &title, &context.regelset.title, context.jaar)?;
        let widths = [38.0, 16.0, 18.0, 18.0, 18.0, 18.0, 18.0, 18.0];
        let mut b = Sheet::new(&mut book, &o, "Evaluatie", &widths)?;
        b.title(&title)?;
        for sentence in in_words(self.s.design) {
            b.regel(sentence)?;
        }
        b.blank_line();
        for (name, value) in facts(self.s, self.origin) {
            b.row(&[Cell::text(name), Cell::text(&value)], false)?;
        }
        b.row(&[Cell::text("Ingevulde lijst (SHA-256)"), Cell::text(self.list_sha256)], false)?;
        let confidence = self.e.confidence.to_string();
        b.row(&[Cell::text("Zekerheid"), Cell::text(&confidence)], false)?;
        b.blank_line();
        let mus = self.s.design.methode == Method::Mus;
        b.header(if mus { &MUSKOPPEN } else { &LOTKOPPEN }, 0, false)?;
        for estimate in &self.e.estimates {
            b.row(&schattingsrij(estimate, mus), false)?;
        }
        b.blank_line();
        for sentence in &self.e.opmerkingen {
            b.regel(sentence)?;
        }
        b.regel(if mus { MUSFORMULE } else { LOTFORMULE })?;
        b.regel("Schattingen zijn berekend met gebroken getallen en aan het eind afgerond op centen; gevonden bedragen zijn exact.")?;
        b.blank_line();
        let mut headers = vec!["Laag", "Regels", "Bedrag", "In steekproef"];
        headers.extend(["Te hoog, geschat", "Te laag, geschat", "Onzeker, geschat"]);
        b.header(&headers, 0, false)?;
        for l in &self.e.strata {
            let [high, stratum, onzeker] = l.geprojecteerd.map(Cell::Money);
            b.row(
                &[
                    Cell::text(&l.stratum.name),
                    Cell::Number(l.stratum.lines),
                    Cell::Money(l.stratum.bedrag),
                    Cell::Number(l.stratum.in_steekproef),
                    high,
                    stratum,
                    onzeker,
                ],
                false,
            )?;
        }
        b.blank_line();
        b.regel("Ondertekening")?;
        b.ondertekening(&["Geëvalueerd door:", "Plaats en datum:", "Handtekening:"])?;
        self.afwijkingen(&mut book, &o)?;
        Ok(book)
    }

    /// Each wrong or uncertain line of the sample.
    fn afwijkingen(&self, book: &mut Workbook, o: &Formats) -> Result<(), XlsxError> {
        let widths = [9.0, 20.0, 19.0, 18.0, 18.0, 18.0, 24.0, 11.0, 12.0, 30.0, 50.0];
        let mut b = Sheet::new(book, o, "Afwijkingen", &widths)?;
        let posten: Vec<_> = self.s.posten.iter().enumerate().zip(self.checked).collect();
        let fout = || posten.iter().filter(|(_, g)| g.afwijking.is_some());
        b.header(
            &[
                "Nummer",
                "Laag",
                "Id",
                "Ingediend",
                "Vastgesteld",
                "Afwijking",
                "Soort",
                "Trekkingen",
                "Deel",
                "Bevinding",
                "Toelichting",
            ],
            fout().count(),
            true,
        )?;
        for ((i, post), g) in fout() {
            let Some((kind, bedrag)) = g.afwijking else { continue };
            let times = match post.how {
                Selection::Whole => 1,
                Selection::Drawn { times } => times,
            };
            let deel = part(bedrag, post.bedrag);
            let vastgesteld = match kind {
                Deviation::TooLow => post.bedrag + bedrag,
                Deviation::TooHigh | Deviation::Uncertain => post.bedrag - bedrag,
            };
            b.row(
                &[
                    Cell::Number(*i as u64 + 1),
                    Cell::text(&self.s.strata[post.stratum].name),
                    Cell::text(Shown::unmasked(&post.id)),
                    Cell::Money(post.bedrag),
                    Cell::Money(vastgesteld),
                    Cell::Money(bedrag),
                    Cell::text(kind.name()),
                    Cell::Number(u64::from(times)),
                    Cell::text(&deel),
                    Cell::long(&g.bevinding),
                    Cell::long(&g.toelichting),
                ],
                false,
            )?;
        }
        Ok(())
    }

    /// Amounts are whole eurocents.
    fn json(&self) -> serde_json::Value {
        let (s, p) = (self.s, self.s.population);
        json!({
            "programma": { "naam": env!("CARGO_PKG_NAME"), "versie": env!("CARGO_PKG_VERSION") },
            "leverjaar": p.context.jaar,
            "manifest_sha256": self.origin.manifest_sha256,
            "lijst_sha256": self.list_sha256,
            "eenheid_bedragen": "eurocent",
            "steekproef": s.design.to_string(),
            "interval": s.interval.map(|c| c.0),
            "zekerheid": self.e.confidence.to_string(),
            "populatie": { "regels": p.count(), "bedrag": p.bedrag.0 },
            "gecontroleerd": { "regels": s.posten.len(), "bedrag": s.bedrag().0 },
            "schattingen": self.e.estimates.iter().map(|x| json!({
                "soort": x.afwijking.key(),
                "regels": x.lines,
                "gevonden": x.found.0,
                "in_geheel_gecontroleerde_regels": x.in_whole.0,
                "geprojecteerd": x.geprojecteerd.0,
                "basisprecisie": x.base_precision.map(|c| c.0),
                "toeslag": x.toeslag.map(|c| c.0),
                "ondergrens": x.lower_bound.map(|c| c.0),
                "bovengrens": x.upper_bound.map(|c| c.0),
            })).collect::<Vec<_>>(),
            "lagen": self.e.strata.iter().map(|l| json!({
                "laag": l.stratum.name,
                "regels": l.stratum.lines,
                "bedrag": l.stratum.bedrag.0,
                "in_steekproef": l.stratum.in_steekproef,
                "te_hoog": { "gevonden": l.found[0].0, "geprojecteerd": l.geprojecteerd[0].0 },
                "te_laag": { "gevonden": l.found[1].0, "geprojecteerd": l.geprojecteerd[1].0 },
                "onzeker": { "gevonden": l.found[2].0, "geprojecteerd": l.geprojecteerd[2].0 },
            })).collect::<Vec<_>>(),
            "opmerkingen": self.e.opmerkingen,
        })
    }
}

const MUSKOPPEN: [&str; 8] = [
    "Soort",
    "Regels",
    "Gevonden",
    "Waarvan geheel gecontroleerd",
    "Geschat in de populatie",
    "Basisprecisie",
    "Toeslag",
    "Bovengrens",
];

const LOTKOPPEN: [&str; 6] =
    ["Soort", "Regels", "Gevonden", "Geschat in de populatie", "Ondergrens", "Bovengrens"];

const MUSFORMULE: &str = "Geschat = fout in geheel gecontroleerde regels + interval × Σ (deel van de regel dat fout is). Bovengrens (Stringer) = geschat + basisprecisie + toeslag.";
const LOTFORMULE: &str = "Geschat = per laag de gemiddelde fout per regel × het aantal regels. Onder- en bovengrens: tweezijdig, met Students t.";

fn limit(c: Option<Cent>) -> Cell<'static> {
    c.map_or(Cell::text("niet te geven"), Cell::Money)
}

fn schattingsrij(s: &Estimate, mus: bool) -> Vec<Cell<'static>> {
    let mut row = vec![Cell::text(s.afwijking.name()), Cell::Number(s.lines), Cell::Money(s.found)];
    if mus {
        row.push(Cell::Money(s.in_whole));
        row.push(Cell::Money(s.geprojecteerd));
        row.extend([s.base_precision, s.toeslag, s.upper_bound].map(limit));
    } else {
        row.push(Cell::Money(s.geprojecteerd));
        row.extend([s.lower_bound, s.upper_bound].map(limit));
    }
    row
}

/// The part of a line that is wrong: `50,0%`.
fn part(fout: Cent, bedrag: Cent) -> String {
    if bedrag == Cent::ZERO {
        return String::new();
    }
    format!("{:.1}%", fout.0 as f64 * 100.0 / bedrag.0 as f64).replace('.', ",")
}
