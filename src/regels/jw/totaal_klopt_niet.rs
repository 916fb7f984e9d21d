//! JW14: a message whose total isn't the sum of its lines.
//!
//! Only on iJw messages. Source: iJw TR358.

use crate::dossier::{Cent, DebetCredit, Ernst, FileId};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AanbiederGroup, AuditContext, Bevinding, Check, KeyedSums, Outcomes, Reason, Rule, Subject,
    SumsPer, needs,
};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "JW14",
    title: "Totaal van het bericht klopt niet",
    what: "TotaalIngediendBedrag van een declaratiebericht is niet de som van zijn declaratieregels (debet min credit). Dat is een fout voor het verschil.",
    why: "Het totaal is wat de gemeente betaalt; de declaratieregels zijn wat zij toetst.",
    for_aanbieder: "Het totaal van het bericht is niet de som van zijn declaratieregels.",
    needs: needs!("iJw-berichten (JW323)"),
    checks: &[Check::Dossier { per: SumsPer::Aanbieder(collect), decision }],
    ..Rule::BASE
};

/// By the number of the file, debit less credit of the lines that came in a message.
fn collect(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    if c.dossier.declaratieberichten.is_none() {
        return;
    }
    let mut per_file: BTreeMap<FileId, i64> = BTreeMap::new();
    for r in group.lines().map(|l| l.data) {
        let bedrag = match r.debet_credit {
            DebetCredit::Debet => r.ingediend_bedrag.0,
            DebetCredit::Credit => -r.ingediend_bedrag.0,
        };
        *per_file.entry(r.file).or_default() += bedrag;
    }
    for (file, sum) in &per_file {
        out.sums.count((file.0, 0), [*sum, 0, 0, 0]);
    }
    // A message comes from one aanbieder: all its lines are here.
    let is_off = |file: FileId| {
        c.dossier.bericht_in(file).is_some_and(|b| per_file.get(&file) != Some(&b.totaal.0))
    };
    super::keep_lines(group, is_off, out);
}

fn decision(c: &AuditContext<'_>, sums: &KeyedSums, _: &RuleSettings, out: &mut Outcomes) {
    let Some(berichten) = out.known(super::berichten_of_leverjaar(c)) else { return };
    for id in berichten {
        let Some(bericht) = c.dossier.declaratieberichten.iter().flatten().nth(id as usize) else {
            continue;
        };
        if c.dossier.file(bericht.bestand).afgekeurd > 0 {
            out.not_testable(Reason::RegelsAfgekeurd);
            continue;
        }
        out.tested();
        let sum = Cent(sums.of((bericht.bestand.0, 0)).unwrap_or_default()[0]);
        if sum != bericht.totaal {
            let difference = Cent((bericht.totaal - sum).0.abs());
            out.bevinding(
                Bevinding::new(Ernst::Fout, Subject::Declaratiebericht(id))
                    .bedrag(difference)
                    .found(format!("totaal {}", bericht.totaal))
                    .expected(format!("{sum}, de som van de declaratieregels")),
            );
        }
    }
}
