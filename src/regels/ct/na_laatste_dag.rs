//! CT03: delivery that begins after the last day on which the contract can run.
//!
//! By the Onderdeel of the product: dyslexie has a term of its own. Source: ID 4.3.1.1, 4.3.1.2.

use crate::dossier::{Dag, Ernst, Onderdeel};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "CT03",
    title: "Na de laatste dag die het contract kan duren",
    what: "Een declaratieregel die begint na de laatste dag waarop de overeenkomst voor dat onderdeel kan lopen, alle verlengingen meegerekend, is een fout. Ernstige dyslexie (perceel 9) heeft een eigen, kortere termijn dan de percelen 1 tot en met 8.",
    why: "Na de maximale duur is er geen overeenkomst meer waarop te declareren valt, ook niet na verlenging.",
    for_aanbieder: "De hulp is geleverd na de laatste dag die het contract kan duren.",
    needs: needs!("{} van het product", Producten(Onderdeel)),
    parameters: &[ED.spec(), OTHER.spec()],
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const ED: Parameter<Dag> =
    Parameter::new("laatste_dag_ed", "laatste dag die het contract voor dyslexiezorg kan duren");

const OTHER: Parameter<Dag> = Parameter::new(
    "laatste_dag",
    "laatste dag die het contract voor de andere onderdelen kan duren",
);

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let onderdeel = line.onderdeel()?;
    let percelen = &line.context.regelset.percelen;
    if percelen.is_empty() {
        return Err(Reason::GeenLijst("percelen"));
    }
    if percelen.of(onderdeel).is_none() {
        return Ok(Ruling::NotApplicable);
    }
    let parameter = if onderdeel == Onderdeel::Ed { &ED } else { &OTHER };
    let begin = line.data.begindatum;
    let last = settings.at(parameter, begin);
    if begin <= last {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Fout)
        .found(format!("{} vanaf {begin}", onderdeel.name()))
        .expected(format!("levering die uiterlijk op {last} begint"))
        .into()
}
