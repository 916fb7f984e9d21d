//! JW13: a DeclaratieNummer used for two messages.
//!
//! Only on iJw messages. The first message is the original; each later one is reported. Source:
//! iJw TR333.

use crate::dossier::{Agb, Ernst, FileId};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AanbiederGroup, AuditContext, Bevinding, Check, KeyedSums, Outcomes, Rule, Subject, SumsPer,
};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static RULE: Rule = Rule {
    code: "JW13",
    title: "Declaratienummer dubbel",
    what: "Twee declaratieberichten van één aanbieder hebben hetzelfde DeclaratieNummer. Elk volgend bericht is een fout.",
    why: "Met een dubbel nummer is niet vast te stellen op welke declaratie is betaald.",
    needs: "iJw-berichten (JW323)",
    checks: &[Check::Dossier { per: SumsPer::Aanbieder(collect), decision }],
    ..Rule::BASE
};

/// Each message of these aanbieders, in order, with the first that has its number.
fn with_first(c: &AuditContext<'_>, of: impl Fn(Agb) -> bool) -> Vec<(usize, usize)> {
    let all = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
    let mut first: BTreeMap<(Agb, &str), usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..all.len()).filter(|&i| of(all[i].afzender)).collect();
    order.sort_by_key(|&i| (all[i].periode, &all[i].identificatie, all[i].bestand));
    let with_first = |i: usize| {
        let key = (all[i].afzender, all[i].declaratie_nummer.as_str());
        (i, *first.entry(key).or_insert(i))
    };
    order.into_iter().map(with_first).collect()
}

/// The lines of the messages that will be reported.
fn collect(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let (c, agb) = (group.context, group.aanbieder.agb);
    let all = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
    let doubles = with_first(c, |of| of == agb).into_iter().filter(|(i, first)| i != first);
    let files: BTreeSet<FileId> = doubles.map(|(i, _)| all[i].bestand).collect();
    if !files.is_empty() {
        super::keep_lines(group, |file| files.contains(&file), out);
    }
}

fn decision(c: &AuditContext<'_>, _: &KeyedSums, _: &RuleSettings, out: &mut Outcomes) {
    let berichten = match super::berichten_of_leverjaar(c) {
        Ok(berichten) => berichten,
        Err(reason) => return out.not_testable(reason),
    };
    let all = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
    for (i, earlier) in with_first(c, |_| true) {
        let bericht = &all[i];
        if berichten.binary_search(&(i as u32)).is_err() {
            continue;
        }
        out.tested();
        if earlier != i {
            out.bevinding(
                Bevinding::new(Ernst::Fout, Subject::Declaratiebericht(i as u32))
                    .found(format!(
                        "bericht {} gebruikt het nummer van bericht {}",
                        super::masked(&bericht.identificatie),
                        super::masked(&all[earlier].identificatie)
                    ))
                    .expected("een eigen DeclaratieNummer per bericht"),
            );
        }
    }
}
