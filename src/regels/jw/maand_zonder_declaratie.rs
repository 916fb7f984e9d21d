//! JW17: a month without a declaration between two others.
//!
//! Only on iJw messages. By the DeclaratiePerioden of all messages of an aanbieder to a gemeente; the
//! months of the audited year are named. Source: iJw TR318, OP284.

use crate::dossier::{Agb, Ernst, Gemeente, maandnaam};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AuditContext, Bevinding, Check, KeyedSums, Outcomes, Reason, RestsOn, Rule, Subject, SumsPer,
    needs,
};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static RULE: Rule = Rule {
    code: "JW17",
    title: "Maand zonder declaratie",
    what: "Per aanbieder en gemeente ontbreekt tussen de eerste en de laatste DeclaratiePeriode van hun berichten een maand. Eén signaal, dat de maanden van het leverjaar noemt.",
    why: "Elke maand wordt gedeclareerd; een overgeslagen maand komt nog, of is in een andere maand meegenomen.",
    for_aanbieder: "Tussen uw declaraties ontbreekt een maand.",
    needs: needs!("iJw-berichten (JW323)"),
    checks: &[Check::Dossier { per: SumsPer::Nothing, decision }],
    rests_on: RestsOn::Nothing,
    ..Rule::BASE
};

fn decision(c: &AuditContext<'_>, _: &KeyedSums, _: &RuleSettings, out: &mut Outcomes) {
    let Some(berichten) = c.dossier.declaratieberichten.as_deref() else {
        return out.not_testable(Reason::AlleenUitBerichten);
    };
    let mut per_pair: BTreeMap<(Agb, Gemeente), BTreeSet<i32>> = BTreeMap::new();
    for bericht in berichten {
        let (begin, end) = bericht.periode;
        let pair = per_pair.entry((bericht.afzender, bericht.ontvanger)).or_default();
        pair.extend(begin.maand()..=end.maand());
    }
    for ((agb, gemeente), months) in per_pair {
        let (Some(first), Some(last)) = (months.first(), months.last()) else { continue };
        let missing: Vec<&str> = (*first..=*last)
            .filter(|m| !months.contains(m) && m.div_euclid(12) == c.jaar)
            .map(|m| maandnaam(m.rem_euclid(12) as u32 + 1))
            .collect();
        out.tested();
        let Some(id) = c.dossier.aanbieder_nr(agb).filter(|_| !missing.is_empty()) else {
            continue;
        };
        out.bevinding(
            Bevinding::new(Ernst::Signaal, Subject::AanbiederInGemeente(id, gemeente))
                .found(format!("geen declaratie over {} {}", missing.join(", "), c.jaar))
                .expected("elke maand een declaratie"),
        );
    }
}
