//! ZL04: a group larger than its product or its agreement allows.
//!
//! Counts jeugdigen of one aanbieder, product, Groep and day in order; of lines over months those of a
//! month, which can't show that they were there together. Source: P5 producten, format 12.

use super::group_size::{LARGE, MIDDEL, SMALL, of_product};
use super::touches;
use crate::dossier::{Afspraak, Bsn, Dag, Ernst, Kolom, LineId, Niveau, SmallRow, WordId};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Line, Outcomes, Reason, Rule, needs};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "ZL04",
    title: "Groep te groot",
    what: "Per aanbieder, productcode, Groep en Begindatum worden de jeugdigen geteld; bij declaratieregels over maanden per maand. Het maximum is dat van het product of, als die lager is, de kleinste MaxGroepsgrootte van de afspraken van de gemeenten in de groep waarvan de looptijd een dag van een van hen bevat. De declaratieregels van de jeugdigen erboven, in volgorde, zijn een fout; gaan zij over maanden, dan een onzekerheid.",
    why: "Het tarief van een groepstraining hoort bij een groep van hoogstens die grootte. Het document telt personen, dus ook ouders; de bestanden tonen alleen jeugdigen.",
    for_aanbieder: "De groep was groter dan is toegestaan.",
    needs: needs!(
        "{} en {}; voor 45A52 de {} van de afspraak",
        Declaraties(Groep, Bsn),
        Afspraken(MaxGroepsgrootte)
    ),
    parameters: &[SMALL.spec(), MIDDEL.spec(), LARGE.spec()],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let mut groups: BTreeMap<(&str, WordId, Dag), Vec<LineId>> = BTreeMap::new();
    for line in group.counting_lines() {
        if !c.is_beschikkingsvrij(line.data.product) {
            continue;
        }
        match groepsnaam(&line) {
            Ok(groep) => {
                let dag = match c.niveau {
                    Niveau::Contact => line.data.begindatum,
                    Niveau::Maand => line.maand().begin(),
                };
                let key = (line.product.code.as_str(), groep, dag);
                groups.entry(key).or_default().push(line.id());
            }
            Err(reason) => out.not_testable(reason),
        }
    }
    for ((code, _, dag), mut ids) in groups {
        ids.sort_unstable_by(|a, b| c.dossier.compare(*a, *b));
        let lines: Vec<Line<'_>> = ids.iter().map(|id| c.line(*id)).collect();
        let agreed = match agreed(&lines) {
            Ok(agreed) => agreed,
            Err(reason) => {
                lines.iter().for_each(|_| out.not_testable(reason));
                continue;
            }
        };
        match of_product(settings, code, dag).into_iter().chain(agreed).min() {
            Some(maximum) => check_group(&lines, maximum, out),
            None => lines.iter().for_each(|_| out.not_testable(Reason::GeenGroepsgrootte)),
        }
    }
}

/// In which group the line was delivered, to a jeugdige who can be counted.
fn groepsnaam(line: &Line<'_>) -> Result<WordId, Reason> {
    line.kolom(Kolom::Groep)?;
    match line.contact().groep {
        groep if groep.is_empty() => Err(Reason::GeenGroep),
        _ if line.data.bsn == Bsn::NONE => Err(Reason::GeenBsn),
        groep => Ok(groep),
    }
}

/// The smallest size that an agreement names: those with the gemeenten of the group's lines, of which
/// the term holds a day of any of them.
fn agreed(lines: &[Line<'_>]) -> Result<Option<i64>, Reason> {
    let Some(first) = lines.first() else { return Ok(None) };
    let c = first.context;
    let agb = c.agb(first.data.aanbieder);
    let is_theirs = |a: &&Afspraak| {
        a.aanbieder == agb
            && a.product_code == first.product.code
            && lines.iter().any(|l| l.data.gemeente == a.gemeente)
            && c.kolom(a.file, Kolom::Einddatum).is_ok()
    };
    let mut smallest: Option<i64> = None;
    for a in c.dossier.afspraken.iter().flatten().filter(is_theirs) {
        a.readable(Kolom::Einddatum)?;
        if lines.iter().any(|l| touches(a, l)) {
            a.readable(Kolom::MaxGroepsgrootte)?;
            let size = a.max_groepsgrootte.map(i64::from);
            smallest = smallest.into_iter().chain(size).min();
        }
    }
    Ok(smallest)
}

/// Sets a group's lines, in order, against its maximum.
fn check_group(lines: &[Line<'_>], maximum: i64, out: &mut Outcomes) {
    let mut jeugdigen: Vec<Bsn> = Vec::new();
    for line in lines {
        if !jeugdigen.contains(&line.data.bsn) {
            jeugdigen.push(line.data.bsn);
        }
    }
    for line in lines {
        out.tested();
        let rank = jeugdigen.iter().position(|b| *b == line.data.bsn).unwrap_or(0) as i64 + 1;
        if rank <= maximum {
            continue;
        }
        let (ernst, when) = match line.context.niveau {
            Niveau::Contact => (Ernst::Fout, format!("op {}", line.data.begindatum)),
            Niveau::Maand => (Ernst::Onzekerheid, format!("in {}", line.maand())),
        };
        let b = line
            .bevinding(ernst)
            .found(format!("{} jeugdigen in deze groep {when}", jeugdigen.len()))
            .expected(format!("hoogstens {maximum} jeugdigen bij {}", line.product.code))
            .toelichting(format!("Dit is jeugdige {rank} van de groep, in volgorde."));
        out.bevinding(match ernst {
            Ernst::Fout => b,
            _ => b.also(
                "Een maand laat niet zien dat zij er tegelijk waren: beoordeel de bijeenkomsten.",
            ),
        });
    }
}
