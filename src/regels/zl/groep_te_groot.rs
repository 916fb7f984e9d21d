//! ZL04: a group larger than its product or its agreement allows.
//!
//! Counts jeugdigen of one aanbieder, product, Groep and Begindatum, in order. Source: P5 producten,
//! format 12.

use super::{afspraken_with_end, covers};
use crate::dossier::{Bsn, Dag, Ernst, Kolom, LineId, WordId};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, Rule};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "ZL04",
    title: "Groep te groot",
    what: "Per aanbieder, productcode, Groep en Begindatum worden de jeugdigen geteld. Het maximum is dat van het product of, als die lager is, de MaxGroepsgrootte van een afspraak. De regels van de jeugdigen erboven, in volgorde, zijn een fout.",
    why: "Het tarief van een groepstraining hoort bij een groep van hoogstens die grootte.",
    needs: "Groep en Bsn; voor 45A52 de MaxGroepsgrootte van de afspraak",
    parameters: &[SMALL.spec(), MIDDEL.spec(), LARGE.spec()],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

const SMALL: Parameter<i64> =
    Parameter::new("hoogstens_50z09", "jeugdigen in een groepstraining 50Z09");

const MIDDEL: Parameter<i64> =
    Parameter::new("hoogstens_50z10", "jeugdigen in een groepstraining 50Z10");

const LARGE: Parameter<i64> =
    Parameter::new("hoogstens_50z11", "jeugdigen in een groepstraining 50Z11");

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let mut groups: BTreeMap<(&str, WordId, Dag), Vec<LineId>> = BTreeMap::new();
    for line in group.counting_lines() {
        if !c.is_beschikkingsvrij(line.data.product) {
            continue;
        }
        let groepsnaam = line.contact().groep;
        if let Err(reason) = line.kolom(Kolom::Groep) {
            out.not_testable(reason);
        } else if groepsnaam.is_empty() {
            out.not_testable(Reason::GeenGroep);
        } else if line.data.bsn == Bsn::NONE {
            out.not_testable(Reason::GeenBsn);
        } else {
            let key = (line.product.code.as_str(), groepsnaam, line.data.begindatum);
            groups.entry(key).or_default().push(line.id());
        }
    }
    for ((code, _, dag), mut lines) in groups {
        let of_product = match code {
            "50Z09" => Some(settings.at(&SMALL, dag)),
            "50Z10" => Some(settings.at(&MIDDEL, dag)),
            "50Z11" => Some(settings.at(&LARGE, dag)),
            _ => None,
        };
        let afgesproken = lines
            .iter()
            .flat_map(|id| {
                let line = c.line(*id);
                let afspraken = afspraken_with_end(&line).ok().flatten().unwrap_or_default();
                afspraken.into_iter().filter(move |a| covers(a, &line)).collect::<Vec<_>>()
            })
            .filter_map(|a| a.max_groepsgrootte)
            .map(i64::from)
            .min();
        let Some(maximum) = of_product.into_iter().chain(afgesproken).min() else {
            for _ in &lines {
                out.not_testable(Reason::GeenGroepsgrootte);
            }
            continue;
        };
        lines.sort_unstable_by(|a, b| c.dossier.compare(*a, *b));
        let mut jeugdigen: Vec<Bsn> = Vec::new();
        for id in &lines {
            let bsn = c.dossier.line(*id).bsn;
            if !jeugdigen.contains(&bsn) {
                jeugdigen.push(bsn);
            }
        }
        for id in lines {
            out.tested();
            let line = c.line(id);
            let rank = jeugdigen.iter().position(|b| *b == line.data.bsn).unwrap_or(0) as i64 + 1;
            if rank > maximum {
                out.bevinding(
                    line.bevinding(Ernst::Fout)
                        .found(format!("{} jeugdigen in deze groep op {dag}", jeugdigen.len()))
                        .expected(format!("hoogstens {maximum} jeugdigen bij {code}"))
                        .toelichting(format!("Dit is jeugdige {rank} van de groep, in volgorde.")),
                );
            }
        }
    }
}
