//! What one aanbieder or one gemeente gets to see: a workbook with its own findings and nothing of
//! anybody else, and for an aanbieder a covering letter.

use super::familie::{Familieblad, Lezer, bladnaam, families};
use super::opmaak::voet;
use crate::dossier::Ernst;
use crate::dossier::{Agb, Cent, Duizendtallen, Eindoordeel, Gemeente};
use crate::rapport::totalen::{self, InGeding};
use crate::rapport::{Genummerd, Rapport, Rij};
use crate::writing::WriteError;
use crate::writing::sheet::{Blad, Cel, Opmaak, SAMENVATTING, bewaar, nieuw_boek};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};
use rayon::prelude::*;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Fewer jeugdigen than this are not counted outside the organisation.
const KLEINSTE_GROEP: usize = 5;

/// Whom the workbooks are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partij {
    Aanbieder,
    Gemeente,
}

impl Partij {
    /// The folder in the rapport.
    pub fn map(self) -> &'static str {
        match self {
            Partij::Aanbieder => "per-aanbieder",
            Partij::Gemeente => "per-gemeente",
        }
    }
}

/// One party with its findings, in the order of every output.
struct Deel<'r> {
    rapport: &'r Rapport<'r>,
    voor: Voor,
    bevindingen: Vec<Genummerd>,
    in_geding: InGeding,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Voor {
    Aanbieder(Agb),
    Gemeente(Gemeente),
}

impl Voor {
    fn van(partij: Partij, rij: &Rij<'_>) -> Option<Voor> {
        match partij {
            Partij::Aanbieder => rij.aanbieder().map(Voor::Aanbieder),
            Partij::Gemeente => rij.gemeente().map(Voor::Gemeente),
        }
    }

    fn code(self) -> String {
        match self {
            Voor::Aanbieder(agb) => agb.to_string(),
            Voor::Gemeente(gemeente) => gemeente.to_string(),
        }
    }
}

/// Writes a folder with a workbook for each party that has findings.
pub fn schrijf(rapport: &Rapport<'_>, partij: Partij, map: &Path) -> Result<(), WriteError> {
    std::fs::create_dir(map).map_err(|e| WriteError::schrijven(map, &e))?;
    let mut per_partij: BTreeMap<Voor, Vec<&Genummerd>> = BTreeMap::new();
    for g in &rapport.bevindingen {
        if let Some(voor) = Voor::van(partij, &rapport.rij(g))
            && is_voor(voor, g)
        {
            per_partij.entry(voor).or_default().push(g);
        }
    }
    per_partij.into_par_iter().try_for_each(|(voor, bevindingen)| {
        let bevindingen: Vec<Genummerd> = bevindingen.into_iter().cloned().collect();
        let in_geding = totalen::in_geding_van(rapport.controle, &bevindingen);
        let deel = Deel { rapport, voor, bevindingen, in_geding };
        let code = voor.code();
        let naam = format!("{code}.xlsx");
        bewaar(&map.join(&naam), |tijdelijk| deel.boek(tijdelijk))?;
        if let Voor::Aanbieder(agb) = voor {
            let pad = map.join(format!("{code}-brief.txt"));
            let brief = deel.brief(agb, &naam).map_err(|e| WriteError::Samenstellen {
                wat: "de brief kan niet worden gemaakt",
                oorzaak: e.to_string(),
            })?;
            std::fs::write(&pad, brief).map_err(|e| WriteError::schrijven(&pad, &e))?;
        }
        Ok(())
    })
}

/// An aanbieder is asked about no signal, which compares it with others, and about nothing that
/// was settled in its favour.
fn is_voor(voor: Voor, g: &Genummerd) -> bool {
    let afgedaan = matches!(g.oordeel, Some(Eindoordeel::Akkoord | Eindoordeel::NietVerwijtbaar));
    match voor {
        Voor::Gemeente(_) => true,
        Voor::Aanbieder(_) => g.bevinding.ernst != Ernst::Signaal && !afgedaan,
    }
}

/// In the place of a text that names another aanbieder.
const ANDERE_AANBIEDER: &str = "raakt ook een andere aanbieder; vraag de opdrachtgever ernaar";

impl Deel<'_> {
    fn rijen(&self) -> impl Iterator<Item = Rij<'_>> {
        self.bevindingen.iter().map(|g| self.rapport.rij(g))
    }

    fn naam(&self) -> &str {
        match self.voor {
            Voor::Aanbieder(agb) => self.rapport.naam_van_aanbieder(agb),
            Voor::Gemeente(gemeente) => self.rapport.naam_van_gemeente(gemeente),
        }
    }

    /// Live lines of the year, and what they amount to.
    fn omzet(&self) -> (u64, Cent) {
        let t = &self.rapport.totalen;
        let (partijen, code) = match self.voor {
            Voor::Aanbieder(_) => (&t.per_aanbieder, self.voor.code()),
            Voor::Gemeente(_) => (&t.per_gemeente, self.voor.code()),
        };
        partijen.iter().find(|p| p.code == code).map_or((0, Cent::NUL), |p| (p.regels, p.bedrag))
    }

    /// A text of a finding without what it says of another party, if it says such a thing.
    fn zonder_anderen(&self, tekst: &str) -> Option<String> {
        let d = self.rapport.dossier();
        let (mut uit, mut gewijzigd) = (String::new(), false);
        let mut rest = tekst;
        while let Some(begin) = rest.find(|c: char| c.is_ascii_digit()) {
            let einde = rest[begin..]
                .find(|c: char| !c.is_ascii_digit())
                .map_or(rest.len(), |lengte| begin + lengte);
            let cijfers = &rest[begin..einde];
            match self.voor {
                Voor::Aanbieder(eigen) if cijfers.len() == 8 => {
                    let ander = cijfers.parse().ok().map(Agb).filter(|agb| *agb != eigen);
                    if ander.is_some_and(|agb| d.aanbieder_nr(agb).is_some()) {
                        return Some(ANDERE_AANBIEDER.to_owned());
                    }
                }
                Voor::Gemeente(eigen) if cijfers.len() == 4 => {
                    let code = cijfers.parse().ok().map(Gemeente).filter(|g| *g != eigen);
                    let is_gemeente = |g: Gemeente| !self.rapport.naam_van_gemeente(g).is_empty();
                    if rest[..begin].ends_with("gemeente ") && code.is_some_and(is_gemeente) {
                        uit.push_str(&rest[..begin]);
                        uit.push_str("(een andere)");
                        rest = &rest[einde..];
                        gewijzigd = true;
                        continue;
                    }
                }
                _ => {}
            }
            uit.push_str(&rest[..einde]);
            rest = &rest[einde..];
        }
        uit.push_str(rest);
        gewijzigd.then_some(uit)
    }

    fn boek(&self, map: &Path) -> Result<Workbook, XlsxError> {
        let rapport = self.rapport;
        let jaar = rapport.controle.jaar;
        let titel = format!("Bevindingen jeugdhulp {jaar}: {} {}", self.voor.code(), self.naam());
        let mut boek = nieuw_boek(map, &titel, &rapport.regelset().titel, jaar)?;
        let o = Opmaak::nieuw().met_voet(&voet(rapport));
        self.overzicht(&mut boek, &o, &titel)?;
        let lezer = match self.voor {
            Voor::Aanbieder(_) => Lezer::Aanbieder,
            Voor::Gemeente(_) => Lezer::Gemeente,
        };
        let anders = |tekst: &str| self.zonder_anderen(tekst);
        let familieblad = Familieblad { rapport, lezer, anders: &anders };
        for (code, naam) in families(rapport) {
            let rijen: Vec<Rij<'_>> = self.rijen().filter(|r| is_van(r, code)).collect();
            if !rijen.is_empty() {
                let blad = boek.add_worksheet_with_constant_memory()?;
                familieblad.schrijf(blad, &o, (code, naam), rijen)?;
            }
        }
        Ok(boek)
    }

    fn overzicht(&self, boek: &mut Workbook, o: &Opmaak, titel: &str) -> Result<(), XlsxError> {
        let rapport = self.rapport;
        let breedten = [11.0, 62.0, 14.0, 14.0, 16.0, 16.0, 34.0];
        let mut b = Blad::nieuw(boek, o, SAMENVATTING, &breedten)?;
        b.titel(titel)?;
        b.regel(&voet(rapport))?;
        if rapport.pseudoniemen.bsn_tonen {
            b.regel("Let op: dit bestand bevat burgerservicenummers.")?;
        }
        b.witregel();
        let (regels, bedrag) = self.omzet();
        for (naam, waarde) in [
            ("Declaratieregels van het leverjaar", Cel::Getal(regels)),
            ("Gedeclareerd", Cel::Geld(bedrag)),
            ("Fout, elke regel één keer geteld", Cel::Geld(self.in_geding.fout)),
            ("Onzekerheid, elke regel één keer geteld", Cel::Geld(self.in_geding.onzekerheid)),
        ] {
            b.rij(&[Cel::Leeg, Cel::Tekst(naam), waarde], true)?;
        }
        b.witregel();
        b.regel(match self.voor {
            Voor::Aanbieder(_) => "Een fout is op grond van de bestanden in strijd met het contract; een onzekerheid is een vraag aan u. Schrijf uw antwoord in de kolom Reactie.",
            Voor::Gemeente(_) => "Een fout is op grond van de bestanden in strijd met het contract; een onzekerheid moet iemand beoordelen; een signaal is het bekijken waard. Kies in de kolom Oordeel.",
        })?;
        b.witregel();
        b.kop(
            &["Controle", "Wat", "Ernst", "Bevindingen", "Jeugdigen", "In geding", "Bron"],
            0,
            false,
        )?;
        for regel in self.per_regel() {
            let blad = families(rapport)
                .find(|(code, _)| regel.familie == *code)
                .map(|(code, naam)| bladnaam(code, naam))
                .unwrap_or_default();
            b.rij(
                &[
                    Cel::NaarBlad(regel.code, &blad),
                    Cel::Lang(regel.titel),
                    Cel::Ernst(regel.ernst),
                    Cel::Getal(regel.bevindingen.len() as u64),
                    match regel.jeugdigen {
                        0 => Cel::Leeg,
                        n if n < KLEINSTE_GROEP => Cel::Tekst("minder dan 5"),
                        n => Cel::Getal(n as u64),
                    },
                    regel.bedrag.map_or(Cel::Leeg, Cel::Geld),
                    Cel::Lang(regel.bron),
                ],
                false,
            )?;
        }
        b.regel("In deze tabel telt een declaratieregel bij elke bevinding mee.")?;
        b.op_een_pagina();
        Ok(())
    }

    /// The findings by rule and ernst.
    fn per_regel(&self) -> Vec<VanRegel<'_>> {
        let rapport = self.rapport;
        let mut uit = Vec::new();
        // Findings of one rule stand together.
        for groep in self.bevindingen.chunk_by(|a, b| a.regel == b.regel) {
            let Some(u) = rapport.uitkomsten.iter().find(|u| u.regel.code == groep[0].regel) else {
                continue;
            };
            for ernst in Ernst::ALLE {
                let bevindingen: Vec<Rij<'_>> = groep
                    .iter()
                    .filter(|g| g.bevinding.ernst == ernst)
                    .map(|g| rapport.rij(g))
                    .collect();
                let Some(eerste) = bevindingen.first() else { continue };
                let bron = eerste.bron();
                let jeugdigen: BTreeSet<String> =
                    bevindingen.iter().filter_map(Rij::jeugdige).collect();
                uit.push(VanRegel {
                    code: u.regel.code,
                    familie: u.regel.familie(),
                    titel: &u.regel.titel,
                    wat: &u.regel.wat,
                    ernst,
                    jeugdigen: jeugdigen.len(),
                    bedrag: bevindingen
                        .iter()
                        .filter_map(Rij::bedrag_in_geding)
                        .reduce(|a, b| a + b),
                    bron,
                    bevindingen,
                });
            }
        }
        uit
    }

    fn brief(&self, agb: Agb, bijlage: &str) -> Result<String, minijinja::Error> {
        let rapport = self.rapport;
        let (regels, bedrag) = self.omzet();
        let punten = |ernst: Ernst| {
            let van_ernst = self.per_regel().into_iter().filter(move |r| r.ernst == ernst);
            van_ernst.map(|r| r.punt()).collect::<Vec<_>>()
        };
        let brief = Brief {
            agb: agb.to_string(),
            naam: self.naam(),
            jaar: rapport.controle.jaar,
            regio: &rapport.regelset().titel,
            regels: Duizendtallen(regels).to_string(),
            bedrag: bedrag.to_string(),
            bevindingen: Duizendtallen(self.bevindingen.len() as u64).to_string(),
            een: self.bevindingen.len() == 1,
            fout: self.in_geding.fout.to_string(),
            onzekerheid: self.in_geding.onzekerheid.to_string(),
            fouten: punten(Ernst::Fout),
            vragen: punten(Ernst::Onzekerheid),
            bijlage,
            bsn_getoond: rapport.pseudoniemen.bsn_tonen,
        };
        let mut sjablonen = Environment::new();
        sjablonen.set_undefined_behavior(UndefinedBehavior::Strict);
        sjablonen
            .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        sjablonen.add_template("brief.txt", include_str!("brief.txt"))?;
        let tekst = sjablonen.get_template("brief.txt")?.render(minijinja::value::Serde(&brief))?;
        // Notepad and a mail program both read it.
        Ok(tekst.replace("\r\n", "\n").replace('\n', "\r\n"))
    }
}

fn is_van(rij: &Rij<'_>, familie: &str) -> bool {
    let cijfers = |c: char| c.is_ascii_digit();
    rij.regel().trim_end_matches(cijfers) == familie
}

/// The findings of one rule that are equally hard.
struct VanRegel<'r> {
    code: &'static str,
    familie: &'static str,
    titel: &'r str,
    wat: &'r str,
    ernst: Ernst,
    jeugdigen: usize,
    bedrag: Option<Cent>,
    bron: &'r str,
    bevindingen: Vec<Rij<'r>>,
}

/// Numbers that a letter names of one point; the rest stands in the workbook.
const MEESTE_NUMMERS: usize = 10;

impl<'r> VanRegel<'r> {
    fn punt(&self) -> Punt<'r> {
        let nummers: BTreeSet<String> = self
            .bevindingen
            .iter()
            .filter_map(|r| r.referentie_nummer().or_else(|| r.toewijzing_nummer()))
            .map(Cow::into_owned)
            .collect();
        Punt {
            code: self.code,
            titel: self.titel,
            wat: self.wat,
            aantal: match self.bevindingen.len() as u64 {
                1 => "1 bevinding".to_owned(),
                n => format!("{} bevindingen", Duizendtallen(n)),
            },
            bedrag: self.bedrag.filter(|b| *b > Cent::NUL).map(|b| b.to_string()),
            bron: self.bron.to_owned(),
            meer: nummers.len().saturating_sub(MEESTE_NUMMERS),
            nummers: nummers.into_iter().take(MEESTE_NUMMERS).collect(),
        }
    }
}

/// What the letter fills in.
#[derive(Serialize)]
struct Brief<'a> {
    agb: String,
    naam: &'a str,
    jaar: i32,
    regio: &'a str,
    regels: String,
    bedrag: String,
    bevindingen: String,
    een: bool,
    fout: String,
    onzekerheid: String,
    fouten: Vec<Punt<'a>>,
    vragen: Vec<Punt<'a>>,
    bijlage: &'a str,
    bsn_getoond: bool,
}

#[derive(Serialize)]
struct Punt<'r> {
    code: &'static str,
    titel: &'r str,
    wat: &'r str,
    aantal: String,
    bedrag: Option<String>,
    bron: String,
    nummers: Vec<String>,
    meer: usize,
}
