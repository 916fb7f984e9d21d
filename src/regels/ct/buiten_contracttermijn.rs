//! CT01: delivery outside the aanbieder's contract.
//!
//! An empty begin or end is open; a line partly outside counts whole. Needs ContractBegin and
//! ContractEinde. Source: ID 4.3.1.1–2; RTP bijlage 5.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "CT01",
    title: "Buiten de contracttermijn",
    what: "Een regel die begint voor ContractBegin of eindigt na ContractEinde van de aanbieder is een onzekerheid. Binnen de uitlooptermijn noemt de toelichting dat.",
    why: "Buiten de looptijd is er geen contract waarop te declareren valt, behalve voor lopende hulp in de uitloop.",
    needs: "ContractBegin en ContractEinde van de aanbieder",
    parameters: &[UITLOOP.spec()],
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const UITLOOP: Parameter<i64> = Parameter::new(
    "uitloop_maanden",
    "maanden na het einde van het contract waarin lopende hulp kan uitlopen",
);

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let c = line.context;
    let r = line.data;
    let g = c.data_with(r.aanbieder, Kolom::ContractBegin)?;
    c.kolom(g.file, Kolom::ContractEinde)?;
    let too_early = g.contract_begin.filter(|begin| r.begindatum < *begin);
    let too_late = g.contract_einde.filter(|end| r.einddatum > *end);
    let (expected, toelichting) = match (too_early, too_late) {
        (None, None) => return Ok(Ruling::InOrder),
        (Some(begin), _) => (
            format!("levering op of na {begin}, het begin van het contract"),
            "Beoordeel of de hulp onder een ander contract viel.".to_owned(),
        ),
        (None, Some(end)) => {
            let maanden = settings.at(&UITLOOP, end);
            let uitloop = end.plus_maanden(maanden as i32);
            (
                format!("levering tot en met {end}, het einde van het contract"),
                if r.einddatum <= uitloop {
                    format!(
                        "Dit ligt binnen de {maanden} maanden uitloop na het contract: beoordeel of het om lopende hulp gaat."
                    )
                } else {
                    format!("Dit ligt ook na de {maanden} maanden uitloop.")
                },
            )
        }
    };
    line.bevinding(Ernst::Onzekerheid)
        .found(format!("levering van {} t/m {}", r.begindatum, r.einddatum))
        .expected(expected)
        .toelichting(toelichting)
        .into()
}
