//! BU03: a herstel toewijzing longer than herstel may last.
//!
//! Only where the column Budgetsoort says herstel; the duration alone would make it duurzaam.
//! Needs Budgetsoort and Einddatum. Source: RTP 2.4.1.

use super::with_kolom;
use crate::dossier::{Budgetsoort, Ernst, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "BU03",
    title: "Hersteltoewijzing te lang",
    what: "Een toewijzing met budgetsoort herstel die langer loopt dan de maximale duur, of geen einddatum heeft, is een onzekerheid.",
    why: "Een hersteltraject is eindig; een langere duur kan alleen in overleg.",
    for_aanbieder: "De toewijzing voor herstelgerichte hulp loopt langer dan is toegestaan.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Budgetsoort, Einddatum)),
    parameters: &[JAREN.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const JAREN: Parameter<i64> =
    Parameter::new("jaren", "jaren dat een hersteltraject hoogstens duurt");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = with_kolom(group, Kolom::Budgetsoort, out) else { return };
    let Some(own) = out.known(t.budgetsoort()) else { return };
    if own != Some(Budgetsoort::Herstel) {
        return;
    }
    let Some(()) = out.known(group.context.kolom(t.file, Kolom::Einddatum)) else { return };
    let Some(term) = out.known(t.termijn()) else { return };
    out.tested();
    let jaren = settings.at(&JAREN, group.context.last_dag());
    if !term.at_least_jaren(jaren as i32) {
        return;
    }
    out.bevinding(
        group
            .bevinding(id, Ernst::Onzekerheid)
            .found(format!("herstel, {term}"))
            .expected(format!("korter dan {jaren} jaar"))
            .toelichting("Beoordeel of een langere duur is afgesproken."),
    );
}
