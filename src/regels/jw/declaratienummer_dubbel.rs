//! JW13: a DeclaratieNummer used for two messages.
//!
//! Only on iJw messages. The first message is the original; each later one is reported. Source:
//! iJw TR333.

use crate::dossier::{Agb, Ernst};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AuditContext, Bevinding, Check, KeyedSums, Outcomes, Rule, Subject, SumsPer,
};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "JW13",
    title: "Declaratienummer dubbel",
    what: "Twee declaratieberichten van één aanbieder hebben hetzelfde DeclaratieNummer. Elk volgend bericht is een fout.",
    why: "Met een dubbel nummer is niet vast te stellen op welke declaratie is betaald.",
    needs: "iJw-berichten (JW323)",
    checks: &[Check::Dossier { per: SumsPer::Nothing, decision }],
    ..Rule::BASE
};

fn decision(c: &AuditContext<'_>, _: &KeyedSums, _: &RuleSettings, out: &mut Outcomes) {
    let berichten = match super::berichten_of_leverjaar(c) {
        Ok(berichten) => berichten,
        Err(reason) => return out.not_testable(reason),
    };
    let all = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
    let mut first: BTreeMap<(Agb, &str), usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&i| (all[i].periode, &all[i].identificatie, all[i].bestand));
    for i in order {
        let bericht = &all[i];
        let key = (bericht.afzender, bericht.declaratie_nummer.as_str());
        let earlier = *first.entry(key).or_insert(i);
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
