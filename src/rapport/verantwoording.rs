//! What an accountant needs to know of a run, for the page and the workbook: under which rules and
//! options, whether the totals fit each other, and how far fouten and onzekerheden are from a
//! tolerance that the user states.

use super::pseudoniem::Sleutelherkomst;
use super::tolerantie::{Tolerantie, Tolerantietoets};
use super::totalen::Partijtotaal;
use super::{Rapport, Uitvoering};
use crate::dossier::{Cent, Soort};
use rust_decimal::Decimal;

/// Options that leave the outcome as it is, or hold a path of this machine; the manifest has all.
const NIET_GETOOND: [&str; 3] = ["dossier", "draden", "overschrijf"];

/// Two totals that must be equal.
#[derive(Clone, Debug)]
pub struct Controletotaal {
    pub wat: String,
    pub links: Controlegetal,
    pub rechts: Controlegetal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Controlegetal {
    Aantal(u64),
    Bedrag(Cent),
}

impl Controletotaal {
    pub fn sluit(&self) -> bool {
        self.links == self.rechts
    }
}

impl Rapport<'_> {
    /// Fouten and onzekerheden, all and those without a verdict, against the stated tolerance.
    pub fn toleranties(&self) -> Vec<Tolerantietoets> {
        let t = &self.totalen;
        let grens = |procent: Option<Decimal>| procent.map(|p| (p, Tolerantie::grens(p, t.bedrag)));
        let (fouten, onzekerheden) =
            (grens(self.tolerantie.fouten), grens(self.tolerantie.onzekerheden));
        let mut uit = vec![
            Tolerantietoets { wat: "Fouten", bedrag: t.in_geding.fout, grens: fouten },
            Tolerantietoets {
                wat: "Onzekerheden",
                bedrag: t.in_geding.onzekerheid,
                grens: onzekerheden,
            },
        ];
        if !self.oordelen.loten.is_empty() {
            let open = t.open.in_geding;
            uit.extend([
                Tolerantietoets { wat: "Fouten zonder oordeel", bedrag: open.fout, grens: fouten },
                Tolerantietoets {
                    wat: "Onzekerheden zonder oordeel",
                    bedrag: open.onzekerheid,
                    grens: onzekerheden,
                },
            ]);
        }
        uit
    }

    /// Totals of the run that were made along different ways and must be equal.
    pub fn controletotalen(&self) -> Vec<Controletotaal> {
        let (a, t) = (&self.aansluiting, &self.totalen);
        let bestanden = || self.dossier().bestanden.iter();
        let declaraties = || bestanden().filter(|b| b.soort == Soort::Declaraties);
        let stap = |sleutel: &str| a.stap(sleutel).map_or((0, Cent::NUL), |s| (s.regels, s.bedrag));
        let aanvaard: u64 = declaraties().map(|b| b.aanvaard).sum();
        let debet: Cent = declaraties().map(|b| b.debet).sum();
        let aantal = |wat: &str, links, rechts| Controletotaal {
            wat: wat.to_owned(),
            links: Controlegetal::Aantal(links),
            rechts: Controlegetal::Aantal(rechts),
        };
        let bedrag = |wat: String, links, rechts| Controletotaal {
            wat,
            links: Controlegetal::Bedrag(links),
            rechts: Controlegetal::Bedrag(rechts),
        };
        let mut uit = vec![
            aantal(
                "Gelezen declaratieregels = aanvaard + afgekeurd",
                a.gelezen,
                aanvaard + a.afgekeurd,
            ),
            aantal(
                "Aanvaarde regels = debet + credit",
                aanvaard,
                stap("aanvaard_debet").0 + stap("aanvaard_credit").0,
            ),
            bedrag(
                "Debet volgens de bestanden = aanvaarde debetregels".to_owned(),
                debet,
                stap("aanvaard_debet").1,
            ),
            aantal(
                "Levende regels van het leverjaar = getoetste regels",
                stap("getoetst").0,
                t.regels,
            ),
            bedrag(
                "Levend bedrag van het leverjaar = gedeclareerd bedrag".to_owned(),
                stap("getoetst").1,
                t.bedrag,
            ),
        ];
        type Kolom = fn(&Partijtotaal) -> Cent;
        let kolommen: [(&str, Kolom, Cent); 3] = [
            ("Gedeclareerd", |p| p.bedrag, t.bedrag),
            ("Fout", |p| p.in_geding.fout, t.in_geding.fout),
            ("Onzekerheid", |p| p.in_geding.onzekerheid, t.in_geding.onzekerheid),
        ];
        for (wie, partijen) in [("aanbieders", &t.per_aanbieder), ("gemeenten", &t.per_gemeente)] {
            for (wat, kolom, totaal) in kolommen {
                let som = partijen.iter().map(kolom).sum();
                uit.push(bedrag(format!("{wat} van alle {wie} = totaal"), som, totaal));
            }
        }
        uit
    }

    /// Under which program, rules, options and key, and by whom. Times stand in the manifest, so
    /// that the same input gives the same file.
    pub fn omstandigheden(&self, uitvoering: &Uitvoering) -> Vec<[String; 2]> {
        let (set, p) = (self.regelset(), self.pseudoniemen);
        let mut uit = Vec::new();
        let mut rij = |naam: &str, waarde: String| uit.push([naam.to_owned(), waarde]);
        rij("Programma", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")));
        rij("Regelset", format!("{} ({}), versie {}", set.titel, set.naam, set.versie));
        rij("Leverjaar", self.controle.jaar.to_string());
        rij("Niveau van de regels", self.controle.niveau.naam().to_owned());
        if !uitvoering.door.is_empty() {
            rij("Uitgevoerd door", uitvoering.door.clone());
        }
        rij("Begin en duur", "staan in manifest.json, met alle opties.".to_owned());
        for (naam, waarde) in &uitvoering.opties {
            if !NIET_GETOOND.contains(&naam.as_str()) {
                rij(&format!("Optie --{}", naam.replace('_', "-")), waarde.clone());
            }
        }
        rij(
            "Jeugdigen",
            match (p.bsn_tonen, p.herkomst) {
                (true, _) => "met hun burgerservicenummer (--bsn-tonen)".to_owned(),
                (false, Sleutelherkomst::Bestand) => {
                    format!("met een pseudoniem; vingerafdruk van de sleutel {}", p.vingerafdruk())
                }
                (false, Sleutelherkomst::EenmaligeRun) => {
                    "met een pseudoniem dat alleen in dit rapport geldt".to_owned()
                }
            },
        );
        for d in &set.documenten {
            let datum = d.datum.map(|d| format!(" van {d}")).unwrap_or_default();
            let tekst = format!("{}, versie {}{datum}", d.titel, d.versie);
            rij(&format!("Document {}", d.afkorting), tekst);
        }
        for r in set.eigen() {
            rij(&format!("Eigen controle {}", r.code), r.titel.to_owned());
        }
        for bestand in &set.bestanden {
            rij(&format!("SHA-256 van {}", bestand.naam), bestand.sha256.clone());
        }
        uit
    }
}
