//! The outcome of a sample as files: a workbook to read and file, and JSON.

use super::evaluatie::{Evaluatie, Schatting};
use super::gecontroleerd::{Afwijking, Gecontroleerd};
use super::herkomst::Herkomst;
use super::opzet::Methode;
use super::schrijven::{feiten, in_woorden};
use super::trekking::{Hoe, Steekproef};
use crate::dossier::Cent;
use crate::writing::sheet::{Blad, Cel, Opmaak, bewaar, nieuw_boek};
use crate::writing::{WriteError, schrijf_json};
use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::json;
use std::path::Path;

/// What was evaluated.
struct Uitslag<'r> {
    s: &'r Steekproef<'r>,
    herkomst: &'r Herkomst,
    gecontroleerd: &'r [Gecontroleerd],
    e: &'r Evaluatie,
    /// SHA-256 of the filled-in list.
    lijst_sha256: &'r str,
}

/// Writes `evaluatie.xlsx` and `evaluatie.json` into this folder.
pub fn schrijf_evaluatie(
    s: &Steekproef<'_>,
    herkomst: &Herkomst,
    gecontroleerd: &[Gecontroleerd],
    e: &Evaluatie,
    lijst_sha256: &str,
    map: &Path,
) -> Result<(), WriteError> {
    let u = Uitslag { s, herkomst, gecontroleerd, e, lijst_sha256 };
    bewaar(&map.join("evaluatie.xlsx"), |tijdelijk| u.werkmap(tijdelijk))?;
    schrijf_json(&u.json(), &map.join("evaluatie.json"))
}

impl Uitslag<'_> {
    fn werkmap(&self, map: &Path) -> Result<Workbook, XlsxError> {
        let (controle, o) = (self.s.populatie.controle, Opmaak::nieuw());
        let titel = format!("Evaluatie van de steekproef jeugdhulp {}", controle.jaar);
        let mut boek = nieuw_boek(map, &titel, &controle.regelset.titel, controle.jaar)?;
        let breedten = [38.0, 16.0, 18.0, 18.0, 18.0, 18.0, 18.0, 18.0];
        let mut b = Blad::nieuw(&mut boek, &o, "Evaluatie", &breedten)?;
        b.titel(&titel)?;
        for zin in in_woorden(self.s.opzet) {
            b.regel(zin)?;
        }
        b.witregel();
        for (naam, waarde) in feiten(self.s, self.herkomst) {
            b.rij(&[Cel::Tekst(naam), Cel::Tekst(&waarde)], false)?;
        }
        b.rij(&[Cel::Tekst("Ingevulde lijst (SHA-256)"), Cel::Tekst(self.lijst_sha256)], false)?;
        let zekerheid = self.e.zekerheid.to_string();
        b.rij(&[Cel::Tekst("Zekerheid"), Cel::Tekst(&zekerheid)], false)?;
        b.witregel();
        let mus = self.s.opzet.methode == Methode::Mus;
        b.kop(if mus { &MUSKOPPEN } else { &LOTKOPPEN }, 0, false)?;
        for schatting in &self.e.schattingen {
            b.rij(&schattingsrij(schatting, mus), false)?;
        }
        b.witregel();
        for zin in &self.e.opmerkingen {
            b.regel(zin)?;
        }
        b.regel(if mus { MUSFORMULE } else { LOTFORMULE })?;
        b.regel("Schattingen zijn berekend met gebroken getallen en aan het eind afgerond op centen; gevonden bedragen zijn exact.")?;
        b.witregel();
        let mut koppen = vec!["Laag", "Regels", "Bedrag", "In steekproef"];
        koppen.extend(["Te hoog, geschat", "Te laag, geschat", "Onzeker, geschat"]);
        b.kop(&koppen, 0, false)?;
        for l in &self.e.lagen {
            let [hoog, laag, onzeker] = l.geprojecteerd.map(Cel::Geld);
            b.rij(
                &[
                    Cel::Tekst(&l.laag.naam),
                    Cel::Getal(l.laag.regels),
                    Cel::Geld(l.laag.bedrag),
                    Cel::Getal(l.laag.in_steekproef),
                    hoog,
                    laag,
                    onzeker,
                ],
                false,
            )?;
        }
        b.witregel();
        b.regel("Ondertekening")?;
        b.ondertekening(&["Geëvalueerd door:", "Plaats en datum:", "Handtekening:"])?;
        self.afwijkingen(&mut boek, &o)?;
        Ok(boek)
    }

    /// Each wrong or uncertain line of the sample.
    fn afwijkingen(&self, boek: &mut Workbook, o: &Opmaak) -> Result<(), XlsxError> {
        let breedten = [9.0, 20.0, 19.0, 18.0, 18.0, 18.0, 24.0, 11.0, 12.0, 30.0, 50.0];
        let mut b = Blad::nieuw(boek, o, "Afwijkingen", &breedten)?;
        let posten: Vec<_> = self.s.posten.iter().enumerate().zip(self.gecontroleerd).collect();
        let fout = || posten.iter().filter(|(_, g)| g.afwijking.is_some());
        b.kop(
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
            let Some((soort, bedrag)) = g.afwijking else { continue };
            let keer = match post.hoe {
                Hoe::Heel => 1,
                Hoe::Getrokken { keer } => keer,
            };
            let deel = deel(bedrag, post.bedrag);
            let vastgesteld = match soort {
                Afwijking::TeLaag => post.bedrag + bedrag,
                Afwijking::TeHoog | Afwijking::Onzeker => post.bedrag - bedrag,
            };
            b.rij(
                &[
                    Cel::Getal(*i as u64 + 1),
                    Cel::Tekst(&self.s.lagen[post.laag].naam),
                    Cel::Tekst(&post.id),
                    Cel::Geld(post.bedrag),
                    Cel::Geld(vastgesteld),
                    Cel::Geld(bedrag),
                    Cel::Tekst(soort.naam()),
                    Cel::Getal(u64::from(keer)),
                    Cel::Tekst(&deel),
                    Cel::Lang(&g.bevinding),
                    Cel::Lang(&g.toelichting),
                ],
                false,
            )?;
        }
        Ok(())
    }

    /// Amounts are whole eurocents.
    fn json(&self) -> serde_json::Value {
        let (s, p) = (self.s, self.s.populatie);
        json!({
            "programma": { "naam": env!("CARGO_PKG_NAME"), "versie": env!("CARGO_PKG_VERSION") },
            "leverjaar": p.controle.jaar,
            "manifest_sha256": self.herkomst.manifest_sha256,
            "lijst_sha256": self.lijst_sha256,
            "eenheid_bedragen": "eurocent",
            "steekproef": s.opzet.to_string(),
            "interval": s.interval.map(|c| c.0),
            "zekerheid": self.e.zekerheid.to_string(),
            "populatie": { "regels": p.aantal(), "bedrag": p.bedrag.0 },
            "gecontroleerd": { "regels": s.posten.len(), "bedrag": s.bedrag().0 },
            "schattingen": self.e.schattingen.iter().map(|x| json!({
                "soort": x.afwijking.sleutel(),
                "regels": x.regels,
                "gevonden": x.gevonden.0,
                "in_geheel_gecontroleerde_regels": x.in_heel.0,
                "geprojecteerd": x.geprojecteerd.0,
                "basisprecisie": x.basisprecisie.map(|c| c.0),
                "toeslag": x.toeslag.map(|c| c.0),
                "ondergrens": x.ondergrens.map(|c| c.0),
                "bovengrens": x.bovengrens.map(|c| c.0),
            })).collect::<Vec<_>>(),
            "lagen": self.e.lagen.iter().map(|l| json!({
                "laag": l.laag.naam,
                "regels": l.laag.regels,
                "bedrag": l.laag.bedrag.0,
                "in_steekproef": l.laag.in_steekproef,
                "te_hoog": { "gevonden": l.gevonden[0].0, "geprojecteerd": l.geprojecteerd[0].0 },
                "te_laag": { "gevonden": l.gevonden[1].0, "geprojecteerd": l.geprojecteerd[1].0 },
                "onzeker": { "gevonden": l.gevonden[2].0, "geprojecteerd": l.geprojecteerd[2].0 },
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

fn grens(c: Option<Cent>) -> Cel<'static> {
    c.map_or(Cel::Tekst("niet te geven"), Cel::Geld)
}

fn schattingsrij(s: &Schatting, mus: bool) -> Vec<Cel<'static>> {
    let mut rij = vec![Cel::Tekst(s.afwijking.naam()), Cel::Getal(s.regels), Cel::Geld(s.gevonden)];
    if mus {
        rij.push(Cel::Geld(s.in_heel));
        rij.push(Cel::Geld(s.geprojecteerd));
        rij.extend([s.basisprecisie, s.toeslag, s.bovengrens].map(grens));
    } else {
        rij.push(Cel::Geld(s.geprojecteerd));
        rij.extend([s.ondergrens, s.bovengrens].map(grens));
    }
    rij
}

/// The part of a line that is wrong: `50,0%`.
fn deel(fout: Cent, bedrag: Cent) -> String {
    if bedrag == Cent::NUL {
        return String::new();
    }
    format!("{:.1}%", fout.0 as f64 * 100.0 / bedrag.0 as f64).replace('.', ",")
}
