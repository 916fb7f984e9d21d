//! A case file: one rule, its gevallen, and what each should give.

use super::markdown::{Document, Fout, Kopregel, Tabel, fout};
use super::tabellen::{BERICHTEN, BERICHTKOLOMMEN, Invoerrij, TABELLEN, Tabelsoort, soort};
use rechtmatig::dossier::Cent;
use rechtmatig::dossier::Niveau;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug)]
pub struct Gevallenbestand {
    pub code: String,
    /// For the gevallen that have none of their own.
    instelling: Instelling,
    pub altijd_te_toetsen: bool,
    pub gevallen: Vec<Geval>,
}

/// How a geval is run.
#[derive(Clone, Debug, Default)]
pub struct Instelling {
    pub regelset: String,
    pub leverjaar: i32,
    pub niveau: Niveau,
}

impl Instelling {
    fn stel_in(&mut self, naam: &str, waarde: &str, regel: usize) -> Result<(), Fout> {
        match naam {
            "Regelset" if REGELSETS.contains(&waarde) => self.regelset = waarde.to_owned(),
            "Regelset" => return fout(regel, format!("onbekende regelset '{waarde}'")),
            "Leverjaar" => match waarde.parse() {
                Ok(jaar) => self.leverjaar = jaar,
                Err(_) => return fout(regel, format!("'{waarde}' is geen jaar")),
            },
            "Niveau" => match NIVEAUS.into_iter().find(|n| n.naam() == waarde) {
                Some(niveau) => self.niveau = niveau,
                None => return fout(regel, format!("onbekend niveau '{waarde}'")),
            },
            _ => return fout(regel, format!("onbekende instelling {naam}")),
        }
        Ok(())
    }
}

/// A dossier of its own.
#[derive(Debug)]
pub struct Geval {
    pub naam: String,
    /// Line of its first expectation.
    pub regel: usize,
    pub instelling: Instelling,
    pub rijen: BTreeMap<String, Vec<Invoerrij>>,
    /// Tables and columns that are left out.
    pub zonder: Vec<(String, Option<String>)>,
    pub verwacht: Vec<Verwachting>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Uitkomstsoort {
    Overtreding,
    InOrde,
    GrensInOrde,
    GrensOvertreding,
    NietVanToepassing,
    NietTeToetsen,
}

impl Uitkomstsoort {
    const ALLE: [Uitkomstsoort; 6] = [
        Uitkomstsoort::Overtreding,
        Uitkomstsoort::InOrde,
        Uitkomstsoort::GrensInOrde,
        Uitkomstsoort::GrensOvertreding,
        Uitkomstsoort::NietVanToepassing,
        Uitkomstsoort::NietTeToetsen,
    ];

    pub fn naam(self) -> &'static str {
        match self {
            Uitkomstsoort::Overtreding => "overtreding",
            Uitkomstsoort::InOrde => "in orde",
            Uitkomstsoort::GrensInOrde => "grens: in orde",
            Uitkomstsoort::GrensOvertreding => "grens: overtreding",
            Uitkomstsoort::NietVanToepassing => "niet van toepassing",
            Uitkomstsoort::NietTeToetsen => "niet te toetsen",
        }
    }

    pub fn is_overtreding(self) -> bool {
        matches!(self, Uitkomstsoort::Overtreding | Uitkomstsoort::GrensOvertreding)
    }
}

/// One row of `Verwacht`.
#[derive(Debug)]
pub struct Verwachting {
    pub regel: usize,
    pub soort: Uitkomstsoort,
    /// For an overtreding.
    pub bevinding: Option<Bevonden>,
    pub omdat: String,
}

/// What a person can check of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bevonden {
    pub over: String,
    pub ernst: String,
    pub bedrag: Option<Cent>,
}

impl fmt::Display for Bevonden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bedrag = self.bedrag.map_or("geen bedrag".to_owned(), |b| b.to_string());
        write!(f, "{} | {} | {bedrag}", self.over, self.ernst)
    }
}

const KOPREGELS: &[&str] = &["Bron", "Regelset", "Leverjaar", "Niveau", "Altijd te toetsen"];
const REGELSETS: &[&str] = &["ijsselland", "zeeland", "landelijk"];
const NIVEAUS: [Niveau; 2] = [Niveau::Maand, Niveau::Contact];
/// Header lines that a geval may have otherwise, under a heading of this name.
const INSTELLINGEN: [&str; 3] = ["Regelset", "Leverjaar", "Niveau"];
const INSTELLING: &str = "Instelling";
const ZONDER: &str = "Zonder kolom";
const HELE_TABEL: &str = "(tabel)";
const VERWACHT: &str = "Verwacht";
const VERWACHTKOLOMMEN: &[&str] = &["geval", "soort", "over", "ernst", "bedrag", "omdat"];
const OVER: &[&str] =
    &["regel ", "toewijzing ", "jeugdige ", "aanbieder ", "gemeente ", "bericht "];
const ERNST: &[&str] = &["fout", "onzekerheid", "signaal"];

impl Gevallenbestand {
    /// Reads `tests/regels/<CODE>.md`.
    pub fn lees(code: &str, tekst: &str) -> Result<Gevallenbestand, Fout> {
        let document = Document::lees(tekst, KOPREGELS)?;
        match document.titel.split_once(" · ") {
            Some((c, naam)) if c == code && !naam.is_empty() => {}
            _ => return fout(1, format!("de titel is niet '# {code} · naam'")),
        }
        let kopregels = &document.kopregels;
        nodig(kopregels, "Bron")?;
        let mut instelling = Instelling::default();
        for naam in INSTELLINGEN {
            let kop = nodig(kopregels, naam)?;
            instelling.stel_in(naam, &kop.waarde, kop.regel)?;
        }
        let mut bestand = Gevallenbestand {
            code: code.to_owned(),
            instelling,
            altijd_te_toetsen: kopregel(kopregels, "Altijd te toetsen")?.is_some(),
            gevallen: Vec::new(),
        };
        // What a geval is, the expectations say: they come first, wherever they stand.
        let (verwacht, rest): (Vec<_>, Vec<_>) =
            document.secties.iter().partition(|s| s.naam == VERWACHT);
        for tabel in verwacht.iter().flat_map(|s| &s.tabellen) {
            bestand.lees_verwacht(tabel)?;
        }
        for sectie in rest {
            for tabel in &sectie.tabellen {
                match soort(&sectie.naam) {
                    Some(soort) => {
                        bestand.lees_rijen(soort.naam, tabel, &|k| soort.kent(k))?;
                    }
                    None if sectie.naam == BERICHTEN => {
                        bestand.lees_rijen(BERICHTEN, tabel, &|k| BERICHTKOLOMMEN.contains(&k))?;
                    }
                    None if sectie.naam == ZONDER => bestand.lees_zonder(tabel)?,
                    None if sectie.naam == INSTELLING => bestand.lees_instelling(tabel)?,
                    None => return fout(sectie.regel, format!("onbekende tabel {}", sectie.naam)),
                }
            }
            if sectie.tabellen.is_empty() {
                return fout(sectie.regel, format!("geen tabel onder {}", sectie.naam));
            }
        }
        match bestand.gevallen.iter().find(|g| !g.rijen.contains_key("declaraties")) {
            Some(g) => fout(g.regel, format!("geval '{}' heeft geen declaraties", g.naam)),
            None if bestand.gevallen.is_empty() => fout(1, "het bestand heeft geen gevallen"),
            None => Ok(bestand),
        }
    }

    /// The kinds of expectation of which this file has none, though it should.
    pub fn ontbrekende_soorten(&self) -> Vec<&'static str> {
        use Uitkomstsoort::*;
        let heeft = |soort| {
            self.gevallen.iter().flat_map(|g| &g.verwacht).any(|v: &Verwachting| v.soort == soort)
        };
        let mut weg: Vec<&str> = [Overtreding, InOrde, GrensInOrde, GrensOvertreding]
            .into_iter()
            .filter(|s| !heeft(*s))
            .map(Uitkomstsoort::naam)
            .collect();
        match (self.altijd_te_toetsen, heeft(NietTeToetsen)) {
            (false, false) => weg.push("niet te toetsen (of de kopregel Altijd te toetsen)"),
            (true, true) => {
                weg.push("'Altijd te toetsen' en 'niet te toetsen' spreken elkaar tegen")
            }
            _ => {}
        }
        weg
    }

    fn lees_verwacht(&mut self, tabel: &Tabel) -> Result<(), Fout> {
        if tabel.kolommen != VERWACHTKOLOMMEN {
            return fout(tabel.regel, format!("verwacht zijn {}", VERWACHTKOLOMMEN.join(", ")));
        }
        for rij in &tabel.rijen {
            let [naam, soort, over, ernst, bedrag, omdat] = rij.cellen.as_slice() else {
                unreachable!("as many cells as columns");
            };
            let Some(soort) = Uitkomstsoort::ALLE.into_iter().find(|s| s.naam() == soort) else {
                return fout(rij.regel, format!("onbekende soort '{soort}'"));
            };
            if naam.is_empty() || naam == "*" || naam.contains(';') {
                return fout(rij.regel, format!("'{naam}' is geen naam van een geval"));
            }
            if omdat.is_empty() {
                return fout(rij.regel, "de kolom omdat is leeg");
            }
            let bevinding = if soort.is_overtreding() {
                if !OVER.iter().any(|o| over.starts_with(o)) {
                    return fout(rij.regel, format!("onbekend onderwerp '{over}'"));
                }
                if !ERNST.contains(&ernst.as_str()) {
                    return fout(rij.regel, format!("onbekende ernst '{ernst}'"));
                }
                let bedrag = match bedrag.as_str() {
                    "" => None,
                    tekst => match cent(tekst) {
                        Some(cent) => Some(cent),
                        None => return fout(rij.regel, format!("'{tekst}' is geen bedrag")),
                    },
                };
                Some(Bevonden { over: over.clone(), ernst: ernst.clone(), bedrag })
            } else if [over, ernst, bedrag].iter().all(|c| c.is_empty()) {
                None
            } else {
                return fout(rij.regel, format!("{} heeft geen bevinding", soort.naam()));
            };
            let verwachting =
                Verwachting { regel: rij.regel, soort, bevinding, omdat: omdat.clone() };
            match self.gevallen.iter_mut().find(|g| g.naam == *naam) {
                Some(geval) if !gaan_samen(&geval.verwacht, soort) => {
                    return fout(
                        rij.regel,
                        format!("'{naam}' kan niet ook '{}' zijn", soort.naam()),
                    );
                }
                Some(geval) => geval.verwacht.push(verwachting),
                None => self.gevallen.push(Geval {
                    naam: naam.clone(),
                    regel: rij.regel,
                    instelling: self.instelling.clone(),
                    rijen: BTreeMap::new(),
                    zonder: Vec::new(),
                    verwacht: vec![verwachting],
                }),
            }
        }
        Ok(())
    }

    fn lees_rijen(
        &mut self,
        naam: &str,
        tabel: &Tabel,
        kent: &dyn Fn(&str) -> bool,
    ) -> Result<(), Fout> {
        let Some(("geval", kolommen)) = tabel.kolommen.split_first().map(|(a, b)| (a.as_str(), b))
        else {
            return fout(tabel.regel, "de eerste kolom is niet 'geval'");
        };
        for (i, kolom) in kolommen.iter().enumerate() {
            if !kent(kolom) {
                return fout(tabel.regel, format!("onbekende kolom {kolom} in {naam}"));
            }
            if kolommen[..i].contains(kolom) {
                return fout(tabel.regel, format!("kolom {kolom} staat er twee keer"));
            }
        }
        for rij in &tabel.rijen {
            let cellen = kolommen.iter().cloned().zip(rij.cellen[1..].iter().cloned()).collect();
            let invoer = Invoerrij { regel: rij.regel, cellen };
            self.voor_elk(&rij.cellen[0], rij.regel, |geval| {
                geval.rijen.entry(naam.to_owned()).or_default().push(invoer.clone());
            })?;
        }
        Ok(())
    }

    fn lees_instelling(&mut self, tabel: &Tabel) -> Result<(), Fout> {
        if tabel.kolommen[0] != "geval" {
            return fout(tabel.regel, "de eerste kolom is niet 'geval'");
        }
        for rij in &tabel.rijen {
            let mut gelukt = Ok(());
            self.voor_elk(&rij.cellen[0], rij.regel, |geval| {
                for (naam, waarde) in tabel.kolommen.iter().zip(&rij.cellen).skip(1) {
                    if let Err(fout) = geval.instelling.stel_in(naam, waarde, rij.regel) {
                        gelukt = Err(fout);
                    }
                }
            })?;
            gelukt?;
        }
        Ok(())
    }

    fn lees_zonder(&mut self, tabel: &Tabel) -> Result<(), Fout> {
        if tabel.kolommen != ["geval", "tabel", "kolom"] {
            return fout(tabel.regel, "verwacht zijn geval, tabel, kolom");
        }
        for rij in &tabel.rijen {
            let [gevallen, naam, kolom] = rij.cellen.as_slice() else {
                unreachable!("as many cells as columns");
            };
            let Some(soort) = soort(naam) else {
                return fout(rij.regel, format!("onbekende tabel {naam}"));
            };
            let kolom = match kolom.as_str() {
                HELE_TABEL => None,
                k if soort.heeft(k) => Some(k.to_owned()),
                k => return fout(rij.regel, format!("onbekende kolom {k} in {naam}")),
            };
            self.voor_elk(gevallen, rij.regel, |geval| {
                geval.zonder.push((naam.clone(), kolom.clone()));
            })?;
        }
        Ok(())
    }

    /// The gevallen that a first cell names: `*`, one, or several with `;` between them.
    fn voor_elk(
        &mut self,
        cel: &str,
        regel: usize,
        mut doe: impl FnMut(&mut Geval),
    ) -> Result<(), Fout> {
        if cel == "*" {
            self.gevallen.iter_mut().for_each(doe);
            return Ok(());
        }
        for naam in cel.split(';').map(str::trim) {
            match self.gevallen.iter_mut().find(|g| g.naam == naam) {
                Some(geval) => doe(geval),
                None => return fout(regel, format!("geval '{naam}' staat niet onder Verwacht")),
            }
        }
        Ok(())
    }
}

impl Geval {
    /// The CSV files of this geval, by table.
    pub fn bestanden(&self) -> Result<Vec<(&'static str, Vec<u8>)>, Fout> {
        let mut bestanden = Vec::new();
        for soort in TABELLEN {
            if self.zonder.iter().any(|(t, k)| t == soort.naam && k.is_none()) {
                continue;
            }
            let rijen = self.rijen.get(soort.naam).map_or(&[][..], Vec::as_slice);
            let csv = soort.csv(rijen, &self.zonder_van(soort), self.instelling.leverjaar)?;
            bestanden.extend(csv.map(|csv| (soort.naam, csv)));
        }
        Ok(bestanden)
    }

    fn zonder_van(&self, soort: &Tabelsoort) -> Vec<&str> {
        self.zonder
            .iter()
            .filter(|(t, _)| t == soort.naam)
            .filter_map(|(_, k)| k.as_deref())
            .collect()
    }
}

/// May a geval that has these expectations also have this one?
fn gaan_samen(eerder: &[Verwachting], soort: Uitkomstsoort) -> bool {
    eerder.iter().all(|v| match (v.soort, soort) {
        (Uitkomstsoort::NietTeToetsen, s) | (s, Uitkomstsoort::NietTeToetsen) => {
            s != Uitkomstsoort::NietVanToepassing
        }
        (a, b) => a.is_overtreding() && b.is_overtreding(),
    })
}

fn nodig<'d>(kopregels: &'d [Kopregel], naam: &str) -> Result<&'d Kopregel, Fout> {
    match kopregel(kopregels, naam)? {
        Some(kop) => Ok(kop),
        None => fout(1, format!("de kopregel {naam} ontbreekt")),
    }
}

fn kopregel<'d>(kopregels: &'d [Kopregel], naam: &str) -> Result<Option<&'d Kopregel>, Fout> {
    let mut van_naam = kopregels.iter().filter(|k| k.naam == naam);
    let eerste = van_naam.next();
    match (eerste, van_naam.next()) {
        (_, Some(tweede)) => fout(tweede.regel, format!("{naam} staat er twee keer")),
        (Some(k), _) if k.waarde.is_empty() => fout(k.regel, format!("{naam} is leeg")),
        _ => Ok(eerste),
    }
}

/// `1234,56` in cents.
fn cent(tekst: &str) -> Option<Cent> {
    let (euro, cent) = tekst.split_once(',')?;
    let getal = |t: &str| t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<i64>().ok())?;
    (cent.len() == 2).then_some(Cent(getal(euro)? * 100 + getal(cent)?))
}
