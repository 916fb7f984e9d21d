//! TL01: received too long after the month of delivery, without a known ground for exception.
//!
//! The claim lapses when the aanbieder is to blame, which the opdrachtgever judges. Needs
//! Ontvangstdatum. Source: ID eis 35.

use super::te_laat_met_grond::{DAGEN, TOEWIJZING_LAAT_NA, limits};
use super::{TooLate, too_late_lines};
use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TL01",
    title: "Te laat ingediend",
    what: "De dagen tussen het einde van de maand van levering en de ontvangst worden geteld. Zijn het er meer dan toegestaan en is er geen grond voor een uitzondering (zie TL02), dan is dat een onzekerheid.",
    why: "De aanspraak op betaling vervalt als de aanbieder verwijtbaar te laat declareert; de opdrachtgever beoordeelt de verwijtbaarheid.",
    for_aanbieder: "De declaratieregel is later ingediend dan is toegestaan.",
    needs: needs!(
        "{}; voor de gronden ook {} en {} van de toewijzing",
        Declaraties(Ontvangstdatum),
        Toewijzingen(Dispuut, Toewijzingsdatum)
    ),
    parameters: &[DAGEN.spec(), TOEWIJZING_LAAT_NA.spec()],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let grenzen = limits(settings, group.context.last_dag());
    for TooLate { line, dagen, grond } in too_late_lines(group, &grenzen, out) {
        if grond.is_some() {
            continue;
        }
        let mut b = line
            .bevinding(Ernst::Onzekerheid)
            .counted(dagen, grenzen.dagen)
            .found(format!("ontvangen {dagen} dagen na de maand van levering"))
            .expected(format!("binnen {} dagen", grenzen.dagen))
            .toelichting("De opdrachtgever beoordeelt of de aanbieder dit te verwijten is; dan vervalt de aanspraak.");
        let knows_dispuut = line
            .toewijzing()
            .is_ok_and(|t| group.context.dossier.has_kolom(t.file, Kolom::Dispuut));
        if !knows_dispuut {
            b = b.also("Of er een dispuut over de toewijzing liep, staat niet in de bestanden.");
        }
        out.bevinding(b);
    }
}
