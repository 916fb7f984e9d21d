//! What one aanbieder or one gemeente gets to see: a workbook with its own findings and nothing of
//! anybody else, and for an aanbieder a covering letter.

use super::family::{Audience, FamilySheet, SMALLEST_GROUP, families, sheet_name};
use super::formats::foot;
use super::onderliggend;
use crate::dossier::Ernst;
use crate::dossier::{Agb, Cent, Declaratieregel, Eindoordeel, Gemeente, Thousands};
use crate::ground::Shown;
use crate::rapport::concerned::aanbieders_concerned;
use crate::rapport::onderliggend::{UnderlyingRow, own_part};
use crate::rapport::pseudonym::Pseudonyms;
use crate::rapport::totals::{self, InDispute};
use crate::rapport::{FindingRow, Numbered, Rapport};
use crate::toetsing::Subject;
use crate::writing::letter::Letter;
use crate::writing::sheet::{Cell, Formats, SAMENVATTING, Sheet, keep, new_book};
use crate::writing::{WriteError, render};
use rayon::prelude::*;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Whom the workbooks are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    Aanbieder,
    Gemeente,
}

impl Party {
    /// The folder in the rapport.
    pub(crate) fn dir(self) -> &'static str {
        match self {
            Party::Aanbieder => "per-aanbieder",
            Party::Gemeente => "per-gemeente",
        }
    }
}

/// One party with its findings, in the order of every output.
struct Section<'r> {
    rapport: &'r Rapport<'r>,
    before: Recipient,
    bevindingen: Vec<Numbered>,
    in_geding: InDispute,
    /// The aanbieder's own, where it is one.
    pseudonyms: &'r Pseudonyms,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Recipient {
    Aanbieder(Agb),
    Gemeente(Gemeente),
}

impl Recipient {
    /// Those who get a finding: of one on a jeugdige all aanbieders concerned.
    fn of(party: Party, rapport: &Rapport<'_>, g: &Numbered) -> Vec<Recipient> {
        let row = rapport.row(g);
        let of: Vec<Recipient> = match party {
            Party::Aanbieder => row.aanbieder().into_iter().map(Recipient::Aanbieder).collect(),
            Party::Gemeente => row.gemeente().into_iter().map(Recipient::Gemeente).collect(),
        };
        if party == Party::Gemeente || !of.is_empty() {
            return of;
        }
        let concerned = aanbieders_concerned(rapport.context, &g.bevinding);
        concerned.into_iter().map(Recipient::Aanbieder).collect()
    }

    /// Is the line its own?
    fn has(self, rapport: &Rapport<'_>, line: &Declaratieregel) -> bool {
        match self {
            Recipient::Aanbieder(agb) => rapport.context.agb(line.aanbieder) == agb,
            Recipient::Gemeente(gemeente) => line.gemeente == gemeente,
        }
    }

    fn code(self) -> String {
        match self {
            Recipient::Aanbieder(agb) => agb.to_string(),
            Recipient::Gemeente(gemeente) => gemeente.to_string(),
        }
    }
}

/// Writes a folder with a workbook for each party that has findings.
pub(crate) fn write(rapport: &Rapport<'_>, party: Party, dir: &Path) -> Result<(), WriteError> {
    std::fs::create_dir(dir).map_err(|e| WriteError::writing(dir, &e))?;
    let mut per_party: BTreeMap<Recipient, Vec<&Numbered>> = BTreeMap::new();
    for g in &rapport.bevindingen {
        for before in Recipient::of(party, rapport, g) {
            if is_for(before, g) {
                per_party.entry(before).or_default().push(g);
            }
        }
    }
    per_party.into_par_iter().try_for_each(|(before, bevindingen)| {
        let own = |g| {
            let (mut own, shared) = own_part(rapport.context, g, |line| before.has(rapport, line));
            if shared && matches!(own.bevinding.subject, Subject::Jeugdige(_)) {
                own.bevinding = own.bevinding.also(SHARED);
            }
            own
        };
        let bevindingen: Vec<Numbered> = bevindingen.into_iter().map(own).collect();
        let in_geding = totals::in_geding_of(rapport.context, &bevindingen, |_| true);
        let own = match before {
            Recipient::Aanbieder(agb) => Some(rapport.pseudonyms.of_package(agb)),
            Recipient::Gemeente(_) => None,
        };
        let pseudonyms = own.as_ref().unwrap_or(rapport.pseudonyms);
        let part = Section { rapport, before, bevindingen, in_geding, pseudonyms };
        let code = before.code();
        let name = format!("{code}.xlsx");
        keep(&dir.join(&name), |temporary| part.book(temporary))?;
        if let Recipient::Aanbieder(agb) = before {
            part.brief(agb, &name)?.write(&dir.join(format!("{code}-brief")))?;
        }
        Ok(())
    })
}

/// An aanbieder is asked about no signal, which compares it with others, and about nothing that
/// was settled in its favour.
fn is_for(before: Recipient, g: &Numbered) -> bool {
    let afgedaan = matches!(g.oordeel, Some(Eindoordeel::Akkoord | Eindoordeel::NietVerwijtbaar));
    match before {
        Recipient::Gemeente(_) => true,
        Recipient::Aanbieder(_) => g.bevinding.ernst != Ernst::Signaal && !afgedaan,
    }
}

/// In the place of a text that names another aanbieder.
const OTHER_AANBIEDER: &str = "raakt ook een andere aanbieder; vraag de opdrachtgever ernaar";

/// Said of a finding on a jeugdige of which others have lines too.
const SHARED: &str = "Het raakt ook een andere aanbieder; hier staan alleen uw eigen declaratieregels, en het bedrag dat die dragen.";

impl Section<'_> {
    /// The lines under these findings, of this party only.
    fn under(&self) -> impl Iterator<Item = UnderlyingRow<'_>> {
        self.bevindingen.iter().flat_map(|g| self.rapport.under_with(self.pseudonyms, g))
    }

    fn row<'s>(&'s self, g: &'s Numbered) -> FindingRow<'s> {
        FindingRow::new(self.rapport.context, self.pseudonyms, g)
    }

    fn rows(&self) -> impl Iterator<Item = FindingRow<'_>> {
        self.bevindingen.iter().map(|g| self.row(g))
    }

    fn name(&self) -> &str {
        match self.before {
            Recipient::Aanbieder(agb) => self.rapport.name_of_aanbieder(agb),
            Recipient::Gemeente(gemeente) => self.rapport.name_of_gemeente(gemeente),
        }
    }

    /// Live lines of the year, and what they amount to.
    fn omzet(&self) -> (u64, Cent) {
        let t = &self.rapport.totals;
        let (parties, code) = match self.before {
            Recipient::Aanbieder(_) => (&t.per_aanbieder, self.before.code()),
            Recipient::Gemeente(_) => (&t.per_gemeente, self.before.code()),
        };
        parties.iter().find(|p| p.code == code).map_or((0, Cent::ZERO), |p| (p.lines, p.bedrag))
    }

    /// A text of a finding without what it says of another party, if it says such a thing.
    fn without_others(&self, text: &str) -> Option<String> {
        let d = self.rapport.dossier();
        let (mut out, mut gewijzigd) = (String::new(), false);
        let mut rest = text;
        while let Some(begin) = rest.find(|c: char| c.is_ascii_digit()) {
            let end = rest[begin..]
                .find(|c: char| !c.is_ascii_digit())
                .map_or(rest.len(), |length| begin + length);
            let digits = &rest[begin..end];
            match self.before {
                Recipient::Aanbieder(own) if digits.len() == 8 => {
                    let other = digits.parse().ok().map(Agb).filter(|agb| *agb != own);
                    if other.is_some_and(|agb| d.aanbieder_nr(agb).is_some()) {
                        return Some(OTHER_AANBIEDER.to_owned());
                    }
                }
                Recipient::Gemeente(own) if digits.len() == 4 => {
                    let code = digits.parse().ok().map(Gemeente).filter(|g| *g != own);
                    let is_gemeente = |g: Gemeente| !self.rapport.name_of_gemeente(g).is_empty();
                    if rest[..begin].ends_with("gemeente ") && code.is_some_and(is_gemeente) {
                        out.push_str(&rest[..begin]);
                        out.push_str("(een andere)");
                        rest = &rest[end..];
                        gewijzigd = true;
                        continue;
                    }
                }
                _ => {}
            }
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        out.push_str(rest);
        gewijzigd.then_some(out)
    }

    fn book(&self, dir: &Path) -> Result<Workbook, XlsxError> {
        let rapport = self.rapport;
        let jaar = rapport.context.jaar;
        let title = format!("Bevindingen jeugdhulp {jaar}: {} {}", self.before.code(), self.name());
        let mut boek = new_book(dir, &title, &rapport.regelset().title, jaar)?;
        let o = Formats::new().with_foot(&foot(rapport));
        self.overzicht(&mut boek, &o, &title)?;
        let reader = match self.before {
            Recipient::Aanbieder(_) => Audience::Aanbieder,
            Recipient::Gemeente(_) => Audience::Gemeente,
        };
        let otherwise = |text: &str| self.without_others(text);
        let familieblad = FamilySheet {
            shows_bsn: rapport.pseudonyms.bsn_showing,
            reader,
            otherwise: &otherwise,
            riding: &rapport.meegenomen,
        };
        for (code, name) in families(rapport) {
            let rows: Vec<FindingRow<'_>> = self.rows().filter(|r| is_of(r, code)).collect();
            if !rows.is_empty() {
                let sheet = boek.add_worksheet_with_constant_memory()?;
                familieblad.write(sheet, &o, (code, name), rows)?;
            }
        }
        let total = self.under().count();
        if total > 0 {
            let sheet = boek.add_worksheet_with_constant_memory()?;
            let reader = (reader, &rapport.meegenomen);
            onderliggend::write(sheet, &o, reader, total, self.under())?;
        }
        Ok(boek)
    }

    fn overzicht(&self, book: &mut Workbook, o: &Formats, title: &str) -> Result<(), XlsxError> {
        let rapport = self.rapport;
        let widths = [11.0, 62.0, 14.0, 14.0, 16.0, 16.0, 34.0];
        let mut b = Sheet::new(book, o, SAMENVATTING, &widths)?;
        b.title(title)?;
        b.sentence(&foot(rapport))?;
        if let Some(sentence) = rapport.despite() {
            b.sentence(&sentence)?;
        }
        if rapport.pseudonyms.bsn_showing {
            b.sentence("Let op: dit bestand bevat burgerservicenummers.")?;
        }
        b.blank_line();
        let (lines, bedrag) = self.omzet();
        for (name, value) in [
            ("Declaratieregels van het leverjaar", Cell::Number(lines)),
            ("Gedeclareerd", Cell::Money(bedrag)),
            ("Fout, elke declaratieregel één keer geteld", Cell::Money(self.in_geding.fout)),
            (
                "Onzekerheid, elke declaratieregel één keer geteld",
                Cell::Money(self.in_geding.onzekerheid),
            ),
        ] {
            b.row(&[Cell::Empty, Cell::text(name), value], true)?;
        }
        b.blank_line();
        b.sentence(match self.before {
            Recipient::Aanbieder(_) => "Een fout is op grond van de bestanden in strijd met het contract; een onzekerheid is een vraag aan u. Schrijf uw antwoord in de kolom Reactie.",
            Recipient::Gemeente(_) => "Een fout is op grond van de bestanden in strijd met het contract; een onzekerheid moet iemand beoordelen; een signaal is het bekijken waard. Kies in de kolom Oordeel.",
        })?;
        b.blank_line();
        b.header(
            &["Controle", "Wat", "Ernst", "Bevindingen", "Jeugdigen", "In geding", "Bron"],
            0,
            false,
        )?;
        for rule in self.per_rule() {
            let sheet = families(rapport)
                .find(|(code, _)| rule.familie == *code)
                .map(|(code, name)| sheet_name(code, name))
                .unwrap_or_default();
            b.row(
                &[
                    Cell::ToSheet(rule.code, &sheet),
                    Cell::long(rule.title),
                    Cell::Ernst(rule.ernst),
                    Cell::Number(rule.bevindingen.len() as u64),
                    match rule.jeugdigen {
                        0 => Cell::Empty,
                        n if n < SMALLEST_GROUP => Cell::text("minder dan 5"),
                        n => Cell::Number(n as u64),
                    },
                    rule.bedrag.map_or(Cell::Empty, Cell::Money),
                    Cell::long(rule.source),
                ],
                false,
            )?;
        }
        b.sentence("In deze tabel telt een declaratieregel bij elke bevinding mee.")?;
        b.on_one_page();
        Ok(())
    }

    /// The findings by rule and ernst.
    fn per_rule(&self) -> Vec<OfRule<'_>> {
        let rapport = self.rapport;
        let mut out = Vec::new();
        // Findings of one rule stand together.
        for group in self.bevindingen.chunk_by(|a, b| a.rule == b.rule) {
            let Some(u) = rapport.outcomes.iter().find(|u| u.rule.code == group[0].rule) else {
                continue;
            };
            for ernst in Ernst::ALL {
                let bevindingen: Vec<FindingRow<'_>> = group
                    .iter()
                    .filter(|g| g.bevinding.ernst == ernst)
                    .map(|g| self.row(g))
                    .collect();
                let Some(first) = bevindingen.first() else { continue };
                let source = first.source();
                let jeugdigen: BTreeSet<Shown<'_>> =
                    bevindingen.iter().filter_map(FindingRow::jeugdige).collect();
                out.push(OfRule {
                    code: u.rule.code,
                    familie: u.rule.familie(),
                    title: &u.rule.title,
                    sentence: &u.rule.for_aanbieder,
                    ernst,
                    jeugdigen: jeugdigen.len(),
                    bedrag: bevindingen
                        .iter()
                        .filter_map(FindingRow::bedrag_in_geding)
                        .reduce(|a, b| a + b),
                    source,
                    bevindingen,
                });
            }
        }
        out
    }

    fn brief(&self, agb: Agb, bijlage: &str) -> Result<Letter, WriteError> {
        let rapport = self.rapport;
        let (lines, bedrag) = self.omzet();
        let added = totals::added_per_rule(rapport.context, &self.bevindingen);
        let punten = |ernst: Ernst| {
            let counted = |r: &OfRule<'_>| {
                let added = added.get(r.code).copied().unwrap_or_default();
                if ernst == Ernst::Fout { added.fout } else { added.onzekerheid }
            };
            let of_ernst = self.per_rule().into_iter().filter(|r| r.ernst == ernst);
            of_ernst.map(|r| r.point(counted(&r))).collect::<Vec<_>>()
        };
        let brief = Brief {
            agb: agb.to_string(),
            naam: self.name().to_owned(),
            jaar: rapport.context.jaar,
            regio: &rapport.regelset().title,
            regels: Thousands(lines).to_string(),
            bedrag: bedrag.to_string(),
            bevindingen: Thousands(self.bevindingen.len() as u64).to_string(),
            een: self.bevindingen.len() == 1,
            fout: self.in_geding.fout.to_string(),
            onzekerheid: self.in_geding.onzekerheid.to_string(),
            fouten: punten(Ernst::Fout),
            vragen: punten(Ernst::Onzekerheid),
            bijlage,
            bsn_getoond: rapport.pseudonyms.bsn_showing,
            ondanks: rapport.despite(),
        };
        render("brief.txt", include_str!("brief.txt"), &brief).map(|text| Letter::of(&text))
    }
}

fn is_of(row: &FindingRow<'_>, familie: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit();
    row.rule().trim_end_matches(digits) == familie
}

/// The findings of one rule that are equally hard.
struct OfRule<'r> {
    code: &'static str,
    familie: &'static str,
    title: &'r str,
    sentence: &'r str,
    ernst: Ernst,
    jeugdigen: usize,
    bedrag: Option<Cent>,
    source: &'r str,
    bevindingen: Vec<FindingRow<'r>>,
}

/// Numbers that a letter names of one point; the rest stands in the workbook.
const MOST_IDS: usize = 10;

impl<'r> OfRule<'r> {
    /// `counted`: what it adds to the total of the letter.
    fn point(&self, counted: Cent) -> Point<'r> {
        let ids: BTreeSet<String> = self
            .bevindingen
            .iter()
            .filter_map(|r| r.referentie_nummer().or_else(|| r.toewijzing_nummer()))
            .map(|nummer| nummer.to_string())
            .collect();
        Point {
            code: self.code,
            titel: self.title,
            zin: self.sentence,
            aantal: match self.bevindingen.len() as u64 {
                1 => "1 bevinding".to_owned(),
                n => format!("{} bevindingen", Thousands(n)),
            },
            een: self.bevindingen.len() == 1,
            bedrag: self.bedrag.filter(|b| *b > Cent::ZERO).map(|b| b.to_string()),
            telt: (self.bedrag.unwrap_or_default() != counted).then(|| counted.to_string()),
            bron: self.source.to_owned(),
            meer: ids.len().saturating_sub(MOST_IDS),
            nummers: ids.into_iter().take(MOST_IDS).collect(),
        }
    }
}

/// What the letter fills in.
#[derive(Serialize)]
struct Brief<'a> {
    agb: String,
    naam: String,
    jaar: i32,
    regio: &'a str,
    regels: String,
    bedrag: String,
    bevindingen: String,
    een: bool,
    fout: String,
    onzekerheid: String,
    fouten: Vec<Point<'a>>,
    vragen: Vec<Point<'a>>,
    bijlage: &'a str,
    bsn_getoond: bool,
    /// For who sends it: that the input should have stopped the run.
    ondanks: Option<String>,
}

#[derive(Serialize)]
struct Point<'r> {
    code: &'static str,
    titel: &'r str,
    zin: &'r str,
    aantal: String,
    een: bool,
    bedrag: Option<String>,
    /// What of it is in the total, where that isn't all.
    telt: Option<String>,
    bron: String,
    nummers: Vec<String>,
    meer: usize,
}
