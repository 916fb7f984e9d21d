//! What an accountant needs to know of a run, for the page and the workbook: under which rules and
//! options, whether the totals fit each other, and how far fouten and onzekerheden are from a
//! tolerance that the user states.

use super::pseudonym::KeyOrigin;
use super::tolerantie::{Tolerantie, TolerantieCheck};
use super::totals::{InDispute, PartyTotal};
use super::{Rapport, RunInfo};
use crate::dossier::{Cent, FileKind};

/// Options that leave the outcome as it is, or hold a path of this machine; the manifest has all.
const NOT_SHOWN: [&str; 3] = ["dossier", "draden", "overschrijf"];

/// Two totals that must be equal.
#[derive(Clone, Debug)]
pub(crate) struct Controletotaal {
    pub what: String,
    pub left: CheckFigure,
    pub right: CheckFigure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckFigure {
    Count(u64),
    Bedrag(Cent),
}

impl Controletotaal {
    pub(crate) fn close(&self) -> bool {
        self.left == self.right
    }
}

impl Rapport<'_> {
    /// Fouten, onzekerheden and those together against the stated tolerance. A verdict takes an amount
    /// out only by letting it go (`akkoord`, `niet-verwijtbaar`): what is to be reclaimed counts until
    /// its credit line is there.
    pub(crate) fn toleranties(&self) -> [TolerantieCheck; 3] {
        let (t, tolerated) = (&self.totals, &self.tolerantie);
        let InDispute { fout, onzekerheid } = t.standing;
        let rows = [
            ("Fouten", "fouten", fout, tolerated.errors),
            ("Onzekerheden", "onzekerheden", onzekerheid, tolerated.onzekerheden),
            ("Fouten en onzekerheden samen", "samen", fout + onzekerheid, tolerated.together),
        ];
        rows.map(|(what, short, bedrag, procent)| {
            let limit = procent.map(|p| (p, Tolerantie::limit(p, t.bedrag)));
            TolerantieCheck { what, short, bedrag, limit }
        })
    }

    /// Totals of the run that were made along different ways and must be equal.
    pub(crate) fn controletotalen(&self) -> Vec<Controletotaal> {
        let (a, t) = (&self.aansluiting, &self.totals);
        let files = || self.dossier().files.iter();
        let declaraties = || files().filter(|b| b.soort == FileKind::Declaraties);
        let step = |key: &str| a.step(key).map_or((0, Cent::ZERO), |s| (s.lines, s.bedrag));
        let aanvaard: u64 = declaraties().map(|b| b.aanvaard).sum();
        let debet: Cent = declaraties().map(|b| b.debet).sum();
        let count = |what: &str, left, right| Controletotaal {
            what: what.to_owned(),
            left: CheckFigure::Count(left),
            right: CheckFigure::Count(right),
        };
        let bedrag = |what: String, left, right| Controletotaal {
            what,
            left: CheckFigure::Bedrag(left),
            right: CheckFigure::Bedrag(right),
        };
        let mut out = vec![
            count("Gelezen declaratieregels = aanvaard + afgekeurd", a.read, aanvaard + a.rejected),
            count(
                "Aanvaarde declaratieregels = debet + credit",
                aanvaard,
                step("aanvaard_debet").0 + step("aanvaard_credit").0,
            ),
            bedrag(
                "Debet volgens de bestanden = aanvaarde debetregels".to_owned(),
                debet,
                step("aanvaard_debet").1,
            ),
            count(
                "Levende declaratieregels van het leverjaar = getoetste declaratieregels",
                step("getoetst").0,
                t.lines,
            ),
            bedrag(
                "Levend bedrag van het leverjaar = gedeclareerd bedrag".to_owned(),
                step("getoetst").1,
                t.bedrag,
            ),
        ];
        type Amount = fn(&PartyTotal) -> Cent;
        let kolommen: [(&str, Amount, Cent); 3] = [
            ("Gedeclareerd", |p| p.bedrag, t.bedrag),
            ("Fout", |p| p.in_geding.fout, t.in_geding.fout),
            ("Onzekerheid", |p| p.in_geding.onzekerheid, t.in_geding.onzekerheid),
        ];
        for (who, parties) in [("aanbieders", &t.per_aanbieder), ("gemeenten", &t.per_gemeente)] {
            for (what, kolom, total) in kolommen {
                let sum = parties.iter().map(kolom).sum();
                out.push(bedrag(format!("{what} van alle {who} = totaal"), sum, total));
            }
        }
        out
    }

    /// When and by whom the rapport was made, in one sentence.
    pub(crate) fn made(&self, run: &RunInfo) -> String {
        let mut out = "Gemaakt".to_owned();
        for (word, what) in [(" op ", &run.dag), (" door ", &run.by)] {
            if !what.is_empty() {
                out += &format!("{word}{}", self.pseudonyms.replace_in(what));
            }
        }
        for (role, name) in self.signatories() {
            if let Some(name) = name {
                out += &format!("; {} {name}", role.to_lowercase());
            }
        }
        out + "."
    }

    /// Who prepared the rapport and who looks at that work, as far as the dossier names them.
    pub(crate) fn signatories(&self) -> [(&'static str, Option<String>); 2] {
        let named = |name: &str| {
            let name = name.trim();
            (!name.is_empty()).then(|| self.pseudonyms.replace_in(name).to_string())
        };
        let by = &self.ondertekening;
        [("Opsteller", named(&by.opsteller)), ("Reviewer", named(&by.reviewer))]
    }

    /// Under which program, rules, options and key, by whom and on which day. Times stand in the
    /// manifest.
    pub(crate) fn omstandigheden(&self, run: &RunInfo) -> Vec<[String; 2]> {
        let (set, p) = (self.regelset(), self.pseudonyms);
        let mut out = Vec::new();
        let mut row = |name: &str, value: String| out.push([name.to_owned(), value]);
        row("Programma", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")));
        row("Regelset", format!("{} ({}), versie {}", set.title, set.name, set.versie));
        row("Leverjaar", self.context.jaar.to_string());
        row("Niveau van de declaratieregels", self.context.niveau.name().to_owned());
        if !run.dag.is_empty() {
            row("Gemaakt op", run.dag.clone());
        }
        if !run.by.is_empty() {
            row("Uitgevoerd door", self.pseudonyms.replace_in(&run.by).to_string());
        }
        let unnamed = || "niet genoemd ([ondertekening] in controle.toml)".to_owned();
        for (role, name) in self.signatories() {
            row(role, name.unwrap_or_else(unnamed));
        }
        row("Begin en duur", "staan in manifest.json, met alle opties.".to_owned());
        for (name, value) in &run.options {
            if !NOT_SHOWN.contains(&name.as_str()) {
                row(&format!("Optie --{}", name.replace('_', "-")), value.clone());
            }
        }
        row(
            "Jeugdigen",
            match (p.bsn_showing, p.origin) {
                (true, _) => "met hun burgerservicenummer (--bsn-tonen)".to_owned(),
                (false, KeyOrigin::File) => {
                    format!("met een pseudoniem; vingerafdruk van de sleutel {}", p.fingerprint())
                }
                (false, KeyOrigin::OneRun) => {
                    "met een pseudoniem dat alleen in dit rapport geldt".to_owned()
                }
            },
        );
        for d in &set.documents {
            let datum = d.datum.map(|d| format!(" van {d}")).unwrap_or_default();
            let text = format!("{}, versie {}{datum}", d.title, d.versie);
            row(&format!("Document {}", d.abbreviation), text);
        }
        for r in set.own() {
            row(&format!("Eigen controle {}", r.code), r.title.to_owned());
        }
        for file in &set.files {
            row(&format!("SHA-256 van {}", file.name), file.sha256.clone());
        }
        out
    }
}
