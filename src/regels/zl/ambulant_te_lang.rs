//! ZL08: ambulant support for longer than a year.
//!
//! Source: C13 perceel 3, a consultation.

use super::CONSULTATION;
use super::joined::joined_terms;
use crate::dossier::{Ernst, Kolom, Onderdeel};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    Check, JeugdigeToewijzingen, Outcomes, Reason, Rule, ToewijzingGroup, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "ZL08",
    title: "Ambulante ondersteuning te lang",
    what: "Een toewijzing voor een ambulant product van perceel 3 die langer loopt dan de termijn is een signaal. Aansluitende toewijzingen van één jeugdige, aanbieder en product gelden als één termijn: één signaal, op de laatste.",
    why: "Ambulante ondersteuning duurt in beginsel hoogstens een jaar, zegt de consultatie over de percelen. Dat is geen contracteis.",
    for_aanbieder: "De ambulante ondersteuning duurt langer dan is toegestaan.",
    needs: needs!(
        "{} en {} van het product; {} van de toewijzing",
        Producten(Perceel, Onderdeel),
        Toewijzingen(Einddatum)
    ),
    parameters: &[PERCEEL.spec(), MAANDEN.spec(), DAGEN.spec()],
    checks: &[Check::Toewijzingen(check)],
    ..Rule::BASE
};

const PERCEEL: Parameter<i64> = Parameter::new("perceel", "perceel van de ambulante ondersteuning");

const MAANDEN: Parameter<i64> =
    Parameter::new("maanden", "maanden die ambulante ondersteuning duurt");

const DAGEN: Parameter<i64> = Parameter::new(
    "aansluitend_dagen",
    "dagen na het einde van de vorige waarop een toewijzing er nog op aansluit",
);

fn check(group: &JeugdigeToewijzingen<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let is_about = |g: &ToewijzingGroup<'_>| -> Result<bool, Reason> {
        let Some((_, t)) = g.toewijzing else { return Ok(false) };
        let product = g.product()?;
        let (perceel, onderdeel) = (product.perceel?.map(i64::from), product.onderdeel?);
        let about = perceel == Some(settings.at(&PERCEEL, t.ingangsdatum))
            && onderdeel == Onderdeel::Ambulant;
        if about {
            g.context.kolom(t.file, Kolom::Einddatum)?;
        }
        Ok(about)
    };
    let Some(context) = group.toewijzingen.first().map(|g| g.context) else { return };
    let dagen = settings.at(&DAGEN, context.last_dag());
    for term in joined_terms(group, dagen, is_about, out) {
        let maanden = settings.at(&MAANDEN, term.termijn.ingang) as i32;
        // Whole years keep to their own rule for 29 February.
        let longer = match (maanden / 12, maanden % 12) {
            (jaren, 0) => term.termijn.at_least_jaren(jaren),
            _ => term.termijn.longer_than_maanden(maanden),
        };
        let Some((last, (id, _))) = term.toewijzingen.last().and_then(|g| Some((g, g.toewijzing?)))
        else {
            continue;
        };
        if longer {
            out.bevinding(
                last.bevinding(id, Ernst::Signaal)
                    .on_lines(term.toewijzingen.iter().flat_map(|g| g.lines()))
                    .found(format!("ambulante ondersteuning {}", term.words()))
                    .expected(format!("hoogstens {maanden} maanden"))
                    .toelichting(CONSULTATION),
            );
        }
    }
}
