//! JW13: a DeclaratieNummer used for two messages.
//!
//! Only on iJw messages. The first message is the original; each later one is reported. Source:
//! iJw TR333.

use crate::dossier::{Agb, Ernst, FileId};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AanbiederGroup, AuditContext, Bevinding, Check, KeyedSums, Outcomes, Rule, Subject, SumsPer,
    needs,
};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static RULE: Rule = Rule {
    code: "JW13",
    title: "Declaratienummer dubbel",
    what: "Twee declaratieberichten van één aanbieder hebben hetzelfde DeclaratieNummer. Elk volgend bericht is een fout.",
    why: "Met een dubbel nummer is niet vast te stellen op welke declaratie is betaald.",
    for_aanbieder: "Dit declaratienummer hebt u vaker gebruikt.",
    needs: needs!("iJw-berichten (JW323)"),
    checks: &[Check::Dossier { per: SumsPer::Aanbieder(collect), decision }],
    ..Rule::BASE
};

/// Each message of this aanbieder, in order, with the first that has its number.
fn with_first<'a>(c: &AuditContext<'a>, agb: Agb) -> impl Iterator<Item = (usize, usize)> + 'a {
    let all = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    c.dossier.berichten_of(agb).iter().map(move |place| {
        let i = *place as usize;
        (i, *first.entry(all[i].declaratie_nummer.as_str()).or_insert(i))
    })
}

/// The lines of the messages that will be reported.
fn collect(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let all = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
    let doubles = with_first(c, group.aanbieder.agb).filter(|(i, first)| i != first);
    let files: BTreeSet<FileId> = doubles.map(|(i, _)| all[i].bestand).collect();
    if !files.is_empty() {
        super::keep_lines(group, |file| files.contains(&file), out);
    }
}

fn decision(c: &AuditContext<'_>, _: &KeyedSums, _: &RuleSettings, out: &mut Outcomes) {
    let Some(berichten) = out.known(super::berichten_of_leverjaar(c)) else { return };
    let all = c.dossier.declaratieberichten.as_deref().unwrap_or_default();
    let senders: BTreeSet<Agb> = all.iter().map(|bericht| bericht.afzender).collect();
    for (i, earlier) in senders.into_iter().flat_map(|agb| with_first(c, agb)) {
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
