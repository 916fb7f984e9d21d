//! The outcome of a sample as files: a workbook to read and file, and JSON.

use super::checked::{CheckedLines, Deviation};
use super::conclusion::Conclusion;
use super::design::Method;
use super::drawing::{SampledLine, Selection, Steekproef};
use super::evaluation::{Estimate, Evaluation};
use super::writing::{LineDetails, facts, in_words, line_data};
use crate::dossier::{Cent, Declaratieregel};
use crate::ground::Shown;
use crate::herkomst::{ReportOrigin, is_pseudonym};
use crate::rapport::Pseudonyms;
use crate::writing::sheet::{Cell, Formats, Sheet, keep, new_book};
use crate::writing::{WriteError, write_json};
use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::{Value, json};
use std::path::Path;

/// What was evaluated.
pub(crate) struct SampleResult<'r> {
    pub s: &'r Steekproef<'r>,
    pub origin: &'r ReportOrigin,
    pub pseudonyms: &'r Pseudonyms,
    pub checked: &'r [CheckedLines],
    pub e: &'r Evaluation,
    /// Against the tolerance, where one is stated.
    pub conclusions: &'r [Conclusion],
    /// SHA-256 of the filled-in list.
    pub list_sha256: &'r str,
}

/// A wrong or uncertain line of the sample.
struct DeviatingLine<'r> {
    /// Its number in the sample.
    number: usize,
    post: &'r SampledLine,
    line: &'r Declaratieregel,
    details: LineDetails,
    found: &'r CheckedLines,
    kind: Deviation,
    bedrag: Cent,
}

impl DeviatingLine<'_> {
    fn times(&self) -> u32 {
        match self.post.how {
            Selection::Whole => 1,
            Selection::Drawn { times } => times,
        }
    }

    /// What the line should have been, or what of it is sure.
    fn vastgesteld(&self) -> Cent {
        match self.kind {
            Deviation::TooLow => self.post.bedrag + self.bedrag,
            Deviation::TooHigh | Deviation::Uncertain => self.post.bedrag - self.bedrag,
        }
    }
}

/// What is said where no tolerance is stated.
pub(crate) const WITHOUT_TOLERANCE: &str = "Er is geen tolerantie opgegeven ([tolerantie] in controle.toml): er is geen conclusie te trekken.";

impl SampleResult<'_> {
    /// Writes `evaluatie.xlsx` and `evaluatie.json` into this folder.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), WriteError> {
        keep(&dir.join("evaluatie.xlsx"), |temporary| self.workbook(temporary))?;
        write_json(&self.json(), &dir.join("evaluatie.json"))
    }

    /// What it comes to against the tolerance, in Dutch sentences.
    pub(crate) fn in_words(&self) -> Vec<String> {
        let confidence = self.e.confidence.to_string();
        match self.conclusions {
            [] => vec![WITHOUT_TOLERANCE.to_owned()],
            all => all.iter().map(|c| c.sentence(&confidence)).collect(),
        }
    }

    fn deviating(&self) -> Vec<DeviatingLine<'_>> {
        let p = self.s.population;
        let mut out = Vec::new();
        for ((i, post), found) in self.s.posten.iter().enumerate().zip(self.checked) {
            let Some((kind, bedrag)) = found.afwijking else { continue };
            let line = p.line(post.place);
            let mut details = line_data(p.context, line, self.pseudonyms);
            // Who checked the line knows the child by what stands on the list.
            if is_pseudonym(&found.jeugdige) {
                details.jeugdige = Shown::unmasked(found.jeugdige.clone());
            }
            out.push(DeviatingLine { number: i + 1, post, line, details, found, kind, bedrag });
        }
        out
    }

    fn workbook(&self, dir: &Path) -> Result<Workbook, XlsxError> {
        let (context, o) = (self.s.population.context, Formats::new());
        let title = format!("Evaluatie van de steekproef jeugdhulp {}", context.jaar);
        let mut book = new_book(dir, &title, &context.regelset.title, context.jaar)?;
        let widths = [38.0, 16.0, 18.0, 18.0, 18.0, 18.0, 18.0, 18.0];
        let mut b = Sheet::new(&mut book, &o, "Evaluatie", &widths)?;
        b.title(&title)?;
        for sentence in in_words(self.s.design) {
            b.sentence(sentence)?;
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
            b.row(&estimate_row(estimate, mus), false)?;
        }
        b.blank_line();
        b.row(&[Cell::text("Conclusie")], true)?;
        for sentence in self.in_words() {
            b.sentence(&sentence)?;
        }
        b.blank_line();
        for sentence in &self.e.opmerkingen {
            b.sentence(sentence)?;
        }
        b.sentence(if mus { MUSFORMULE } else { LOTFORMULE })?;
        b.sentence("Schattingen zijn berekend met gebroken getallen en aan het eind afgerond op centen; gevonden bedragen zijn exact.")?;
        b.blank_line();
        let mut headers = vec!["Laag", "Aantal", "Bedrag", "In steekproef"];
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
        b.sentence("Ondertekening")?;
        b.ondertekening(&["Geëvalueerd door:", "Plaats en datum:", "Handtekening:"])?;
        self.afwijkingen(&mut book, &o)?;
        Ok(book)
    }

    /// Each wrong or uncertain line of the sample, as people look it up.
    fn afwijkingen(&self, book: &mut Workbook, o: &Formats) -> Result<(), XlsxError> {
        let widths = [
            9.0, 20.0, 11.0, 26.0, 10.0, 19.0, 18.0, 18.0, 12.0, 12.0, 12.0, 18.0, 18.0, 18.0,
            24.0, 11.0, 12.0, 30.0, 50.0, 26.0, 13.0, 19.0,
        ];
        let mut b = Sheet::new(book, o, "Afwijkingen", &widths)?;
        let deviating = self.deviating();
        b.header(&DEVIATION_HEADERS, deviating.len(), true)?;
        for d in deviating {
            let (g, part) = (&d.details, part(d.bedrag, d.post.bedrag));
            b.row(
                &[
                    Cell::Number(d.number as u64),
                    Cell::text(&self.s.strata[d.post.stratum].name),
                    Cell::text(&g.aanbieder),
                    Cell::text(&g.name),
                    Cell::text(&g.gemeente),
                    Cell::text(&g.jeugdige),
                    Cell::text(&g.toewijzing_nummer),
                    Cell::text(&g.referentie_nummer),
                    Cell::text(&g.product_code),
                    Cell::Datum(d.line.begindatum),
                    Cell::Datum(d.line.einddatum),
                    Cell::Money(d.post.bedrag),
                    Cell::Money(d.vastgesteld()),
                    Cell::Money(d.bedrag),
                    Cell::text(d.kind.name()),
                    Cell::Number(u64::from(d.times())),
                    Cell::text(&part),
                    Cell::long(&d.found.bevinding),
                    Cell::long(&d.found.toelichting),
                    Cell::text(&g.file),
                    Cell::Number(u64::from(d.line.line_number)),
                    Cell::text(Shown::unmasked(&d.post.id)),
                ],
                false,
            )?;
        }
        Ok(())
    }

    /// The same for programs.
    fn deviations_json(&self) -> Vec<Value> {
        let row = |d: &DeviatingLine<'_>| {
            json!({
                "nummer": d.number,
                "id": d.post.id,
                "aanbieder": d.details.aanbieder,
                "gemeente": d.details.gemeente,
                "jeugdige": d.details.jeugdige,
                "toewijzingnummer": d.details.toewijzing_nummer,
                "referentienummer": d.details.referentie_nummer,
                "bestand": d.details.file,
                "regelnummer": d.line.line_number,
                "soort": d.kind.key(),
                "ingediend": d.post.bedrag.0,
                "vastgesteld": d.vastgesteld().0,
                "afwijking": d.bedrag.0,
            })
        };
        self.deviating().iter().map(row).collect()
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
            "conclusies": self.conclusions.iter().map(|c| json!({
                "wat": c.what,
                "tolerantie": c.procent,
                "grens": c.limit.0,
                "geprojecteerd": c.estimate.0,
                "bovengrens": c.upper_bound.map(|upper| upper.0),
                "uitkomst": c.against().key(),
            })).collect::<Vec<_>>(),
            "afwijkingen": self.deviations_json(),
            "opmerkingen": self.e.opmerkingen,
        })
    }
}

const DEVIATION_HEADERS: [&str; 22] = [
    "Nummer",
    "Laag",
    "Aanbieder",
    "Naam",
    "Gemeente",
    "Jeugdige",
    "ToewijzingNummer",
    "ReferentieNummer",
    "ProductCode",
    "Begindatum",
    "Einddatum",
    "Ingediend",
    "Vastgesteld",
    "Afwijking",
    "Soort",
    "Trekkingen",
    "Deel",
    "Bevinding",
    "Toelichting",
    "Bestand",
    "Regelnummer",
    "Id",
];

const MUSKOPPEN: [&str; 8] = [
    "Soort",
    "Aantal",
    "Gevonden",
    "Waarvan geheel gecontroleerd",
    "Geschat in de populatie",
    "Basisprecisie",
    "Toeslag",
    "Bovengrens",
];

const LOTKOPPEN: [&str; 6] =
    ["Soort", "Aantal", "Gevonden", "Geschat in de populatie", "Ondergrens", "Bovengrens"];

const MUSFORMULE: &str = "Geschat = fout in geheel gecontroleerde declaratieregels + interval × Σ (deel van de declaratieregel dat fout is). Bovengrens (Stringer) = geschat + basisprecisie + toeslag.";
const LOTFORMULE: &str = "Geschat = per laag de gemiddelde fout per declaratieregel × het aantal declaratieregels. Onder- en bovengrens: tweezijdig, met Students t.";

fn limit(c: Option<Cent>) -> Cell<'static> {
    c.map_or(Cell::text("niet te geven"), Cell::Money)
}

fn estimate_row(s: &Estimate, mus: bool) -> Vec<Cell<'static>> {
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
