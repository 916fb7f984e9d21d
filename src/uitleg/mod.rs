//! What every rule checks, and with which values, in words. The command `rechtmatig regels` and the
//! pages under `docs/regels` say the same, because both are made here.

mod json;
mod markdown;
mod terminal;

pub use json::{lijst as json_lijst, regel as json_regel};
pub use markdown::paginas;
pub use terminal::{lijst, regel};

use crate::dossier::{Cent, Dag, Duizendtallen, maandnaam};
use crate::ground::config::ConfigFout;
use crate::regels::{FAMILIES, REGISTER, kenmerken};
use crate::regelset::{
    Geldig, ParameterSpec, Parametersoort, Regelinstelling, Regelset, Regelsetbron, Waarde,
};
use crate::toetsing::{AuditRule, Bereik};
use std::sync::Arc;

/// The ruleset that others build on: the last to be asked for a rule's values.
const GRONDSLAG: &str = "landelijk";

/// The rules and the rulesets that have them.
pub struct Boek {
    /// In the order in which a rule's values are looked for.
    pub regelsets: Vec<Regelset>,
}

impl Boek {
    /// Reads every ruleset that can be chosen.
    pub fn lees(bron: &Regelsetbron) -> Result<Boek, Box<ConfigFout>> {
        let mut namen = bron.namen();
        namen.sort_by_key(|naam| naam == GRONDSLAG);
        let kenmerken = kenmerken();
        let mut regelsets = Vec::new();
        for naam in namen {
            let mut set = Regelset::lees(&naam, bron, &kenmerken)?;
            // People choose it by the name of its file.
            set.naam = naam;
            regelsets.push(set);
        }
        Ok(Boek { regelsets })
    }

    /// Every rule of the program, and the own checks of one ruleset or of all.
    pub fn regels(&self, regio: Option<&str>) -> Vec<AuditRule> {
        let mut uit: Vec<AuditRule> = REGISTER.iter().map(|r| AuditRule::from(*r)).collect();
        for set in self.regelsets.iter().filter(|set| regio.is_none_or(|r| set.naam == r)) {
            for eigen in set.eigen() {
                if !uit.iter().any(|r| r.own() == Some(eigen)) {
                    uit.push(eigen.clone().into());
                }
            }
        }
        uit
    }

    /// A rule with the rulesets that have it.
    pub fn uitleg(&self, regel: AuditRule) -> Uitleg<'_> {
        let heeft = |set: &&Regelset| match regel.own() {
            None => true,
            Some(eigen) => set.eigen().iter().any(|e| **e == *eigen),
        };
        let standen = self
            .regelsets
            .iter()
            .filter(heeft)
            .filter_map(|set| set.regel(regel.code).map(|instelling| Stand { set, instelling }))
            .collect();
        Uitleg { regel, standen }
    }

    /// Code and name of the families that have rules, with those rules.
    fn families(&self) -> Vec<(&'static str, &'static str, Vec<Uitleg<'_>>)> {
        let regels = self.regels(None);
        FAMILIES
            .iter()
            .map(|&(code, naam)| {
                let van_familie = regels.iter().filter(|r| r.familie() == code);
                (code, naam, van_familie.map(|r| self.uitleg(r.clone())).collect::<Vec<_>>())
            })
            .filter(|(_, _, regels)| !regels.is_empty())
            .collect()
    }
}

/// A rule as a ruleset has it.
#[derive(Clone, Copy)]
pub struct Stand<'a> {
    pub set: &'a Regelset,
    pub instelling: &'a Regelinstelling,
}

/// A rule, and how the rulesets have it.
pub struct Uitleg<'a> {
    pub regel: AuditRule,
    pub standen: Vec<Stand<'a>>,
}

impl<'a> Uitleg<'a> {
    /// The rule in this ruleset, or in the first that has it.
    pub fn stand(&self, regio: Option<&str>) -> Option<Stand<'a>> {
        self.standen.iter().find(|s| regio.is_none_or(|naam| s.set.naam == naam)).copied()
    }

    pub fn regelsets(&self) -> Vec<&'a str> {
        self.standen.iter().map(|s| s.set.naam.as_str()).collect()
    }

    fn familienaam(&self) -> &'static str {
        FAMILIES.iter().find(|(f, _)| *f == self.regel.familie()).map_or("", |(_, naam)| naam)
    }

    /// What the rule is run on at a time.
    fn per(&self) -> &'static str {
        match self.regel.bereiken()[..] {
            [Bereik::Regel, ..] => "per declaratieregel",
            [Bereik::Toewijzing] => "per toewijzing",
            [Bereik::Jeugdige] => "per jeugdige",
            [Bereik::Aanbieder] => "per aanbieder",
            [Bereik::Jeugdige, Bereik::Aanbieder] => "per jeugdige en per aanbieder",
            _ => "over het hele dossier",
        }
    }

    /// Rulesets that have the rule with the same source and values, together.
    fn gelijke_standen(&self) -> Vec<Vec<Stand<'a>>> {
        let gelijk = |a: &Stand<'_>, b: &Stand<'_>| {
            a.instelling.bron == b.instelling.bron
                && self
                    .regel
                    .parameters
                    .iter()
                    .all(|p| a.instelling.tijdreeks(p) == b.instelling.tijdreeks(p))
        };
        let mut groepen: Vec<Vec<Stand<'a>>> = Vec::new();
        for stand in &self.standen {
            match groepen.iter_mut().find(|g| gelijk(&g[0], stand)) {
                Some(groep) => groep.push(*stand),
                None => groepen.push(vec![*stand]),
            }
        }
        groepen
    }
}

/// A value as a Dutch person writes it. A parameter that is a percentage says so in its first word.
fn waardetekst(parameter: &ParameterSpec, waarde: &Waarde) -> String {
    let procent = if parameter.uitleg.starts_with("percentage") { "%" } else { "" };
    match waarde {
        Waarde::Getal(n) if parameter.soort == Parametersoort::Jaar => n.to_string(),
        Waarde::Getal(n) => format!("{}{procent}", Duizendtallen(n.unsigned_abs())),
        Waarde::Decimaal(d) => format!("{}{procent}", d.to_string().replace('.', ",")),
        Waarde::Bedrag(b) => eurotekst(*b),
        Waarde::Bedragen(lijst) => {
            lijst.iter().map(|b| eurotekst(*b)).collect::<Vec<_>>().join(", ")
        }
        Waarde::Codes(lijst) => {
            lijst.iter().map(|c| format!("{c:02}")).collect::<Vec<_>>().join(", ")
        }
        Waarde::Woorden(lijst) => lijst.join(", "),
        Waarde::DagVanJaar(op) => format!("{} {}", op.dag, maandnaam(op.maand)),
        Waarde::Keus(woord) => (*woord).to_owned(),
    }
}

/// A value of a rule, in words.
pub struct Regelwaarde {
    pub uitleg: &'static str,
    pub waarde: String,
    pub geldig: String,
    pub bron: Arc<str>,
}

/// The values of a rule that hold on some day from `van` up to and including `tot`.
pub fn waarden(
    regel: &AuditRule,
    instelling: &Regelinstelling,
    van: Dag,
    tot: Dag,
) -> Vec<Regelwaarde> {
    regel
        .parameters
        .iter()
        .flat_map(|p| instelling.tijdreeks(p).iter().map(move |g| (p, g)))
        .filter(|(_, g)| g.vanaf <= tot && g.tot.is_none_or(|einde| einde >= van))
        .map(|(p, g)| Regelwaarde {
            uitleg: p.uitleg,
            waarde: waardetekst(p, &g.waarde),
            geldig: geldigheid(g),
            bron: g.bron.clone(),
        })
        .collect()
}

/// An amount without the cents that a whole one doesn't need.
fn eurotekst(bedrag: Cent) -> String {
    let tekst = bedrag.to_string();
    tekst.strip_suffix(",00").map_or(tekst.clone(), str::to_owned)
}

/// The days on which a value holds.
fn geldigheid(g: &Geldig) -> String {
    match g.tot {
        None => format!("vanaf {}", g.vanaf),
        Some(tot) => format!("vanaf {} t/m {tot}", g.vanaf),
    }
}

/// `a`, `a en b`, `a, b en c`.
fn opsomming(woorden: &[&str]) -> String {
    match woorden {
        [] => String::new(),
        [een] => (*een).to_owned(),
        [begin @ .., laatste] => format!("{} en {laatste}", begin.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regelset::Parameter;
    use rust_decimal::Decimal;

    #[test]
    fn every_rule_has_a_family_with_a_name() {
        let boek = Boek::lees(&Regelsetbron::Ingebouwd).unwrap();
        let in_families: usize = boek.families().iter().map(|(_, _, regels)| regels.len()).sum();
        assert_eq!(in_families, REGISTER.len());
    }

    #[test]
    fn a_rule_is_looked_for_in_the_regions_before_the_national_ruleset() {
        let boek = Boek::lees(&Regelsetbron::Ingebouwd).unwrap();
        assert_eq!(boek.regelsets.last().unwrap().naam, GRONDSLAG);
        let tw01 = boek.regels(None).into_iter().find(|r| r.code == "TW01").unwrap();
        assert_eq!(boek.uitleg(tw01.clone()).stand(None).unwrap().set.naam, "ijsselland");
        assert_eq!(boek.uitleg(tw01.clone()).stand(Some(GRONDSLAG)).unwrap().set.naam, GRONDSLAG);
    }

    #[test]
    fn values_read_as_a_dutch_person_writes_them() {
        let p = |uitleg| Parameter::<i64>::new("x", uitleg).spec();
        let tekst = |w: Waarde| waardetekst(&p("iets"), &w);
        assert_eq!(tekst(Waarde::Getal(12_000)), "12.000");
        assert_eq!(tekst(Waarde::Bedrag(Cent(100_000))), "€ 1.000");
        assert_eq!(tekst(Waarde::Bedragen(vec![Cent(100_050), Cent(5)])), "€ 1.000,50, € 0,05");
        assert_eq!(tekst(Waarde::Codes(vec![2, 3])), "02, 03");
        let procent = Waarde::Decimaal(Decimal::new(263, 2));
        assert_eq!(waardetekst(&p("percentage dat stijgt"), &procent), "2,63%");
        assert_eq!(tekst(procent), "2,63");
    }

    #[test]
    fn rulesets_with_the_same_values_are_told_of_together() {
        let boek = Boek::lees(&Regelsetbron::Ingebouwd).unwrap();
        for regel in boek.regels(None) {
            let uitleg = boek.uitleg(regel);
            let samen: usize = uitleg.gelijke_standen().iter().map(Vec::len).sum();
            assert_eq!(samen, uitleg.standen.len());
        }
        assert_eq!(opsomming(&["a", "b", "c"]), "a, b en c");
    }
}
