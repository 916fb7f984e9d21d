//! TL03: declared later than agreed, but within the term in which the claim holds.
//!
//! One finding an aanbieder: how many lines and how much. Needs Ontvangstdatum. Source: ID eis 43a.

use super::later_than;
use super::te_laat_met_grond::DAGEN;
use crate::dossier::{Cent, Ernst, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AanbiederGroup, Bevinding, Check, Line, Outcomes, RestsOn, Rule, Subject, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "TL03",
    title: "Later gedeclareerd dan afgesproken",
    what: "Per aanbieder worden de declaratieregels geteld die na de afgesproken termijn, maar nog binnen de termijn van eis 35 zijn ontvangen.",
    why: "Aanbieders horen elke maand te declareren, kort na afloop van de maand.",
    for_aanbieder: "De declaratieregel is later ingediend dan is afgesproken.",
    needs: needs!("{}", Declaraties(Ontvangstdatum)),
    parameters: &[WITHIN.spec(), DAGEN.spec()],
    checks: &[Check::Aanbieder(check)],
    rests_on: RestsOn::Where(is_late),
    ..Rule::BASE
};

const WITHIN: Parameter<i64> = Parameter::new(
    "binnen",
    "dagen na de maand van levering waarbinnen maandelijks gedeclareerd wordt",
);

/// Did the line come after the agreed term, but within that of TL02?
fn is_late(line: &Line<'_>, settings: &RuleSettings) -> bool {
    let dag = line.context.last_dag();
    let (within, limit) = (settings.at(&WITHIN, dag), settings.at(&DAGEN, dag));
    let dagen = line.kolom(Kolom::Ontvangstdatum).ok().and(line.data.dagen_until_ontvangst());
    dagen.is_some_and(|dagen| within < dagen && dagen <= limit)
}

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let dag = group.context.last_dag();
    let (within, limit) = (settings.at(&WITHIN, dag), settings.at(&DAGEN, dag));
    let (mut count, mut sum) = (0_u64, Cent::ZERO);
    for (line, _) in later_than(group, within, out).filter(|(_, dagen)| *dagen <= limit) {
        count += 1;
        sum += line.data.ingediend_bedrag;
    }
    if count == 0 {
        return;
    }
    let regels = if count == 1 {
        "1 declaratieregel".to_owned()
    } else {
        format!("{count} declaratieregels")
    };
    out.bevinding(
        Bevinding::new(Ernst::Signaal, Subject::Aanbieder(group.id))
            .bedrag(sum)
            .found(format!("{regels}, samen {sum}, na {within} tot en met {limit} dagen"))
            .expected(format!("binnen {within} dagen na de maand van levering"))
            .toelichting("Bespreek met de aanbieder hoe het maandelijks declareren verloopt."),
    );
}
