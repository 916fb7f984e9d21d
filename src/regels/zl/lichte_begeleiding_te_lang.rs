//! ZL07: light support for longer than half a year.
//!
//! Not where the toewijzing is explicitly duurzaam. Source: C13 perceel 6, a consultation.

use super::CONSULTATION;
use super::joined::joined_terms;
use crate::dossier::{Budgetsoort, Ernst, Kolom};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    Check, JeugdigeToewijzingen, Outcomes, Reason, Rule, ToewijzingGroup, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "ZL07",
    title: "Lichte begeleiding te lang",
    what: "Een toewijzing voor een product van perceel 6 die langer loopt dan de termijn en niet uitdrukkelijk duurzaam is, is een signaal. Aansluitende toewijzingen van één jeugdige, aanbieder en product gelden als één termijn: één signaal, op de laatste.",
    why: "Lichte begeleiding gericht op uitstroom duurt kort, zegt de consultatie over de percelen. Dat is geen contracteis.",
    for_aanbieder: "De lichte begeleiding duurt langer dan is toegestaan.",
    needs: needs!(
        "{} van het product; {} en {} van de toewijzing",
        Producten(Perceel),
        Toewijzingen(Einddatum, Budgetsoort)
    ),
    parameters: &[PERCEEL.spec(), MAANDEN.spec(), DAGEN.spec()],
    checks: &[Check::Toewijzingen(check)],
    ..Rule::BASE
};

const PERCEEL: Parameter<i64> = Parameter::new("perceel", "perceel van de lichte begeleiding");

const MAANDEN: Parameter<i64> = Parameter::new("maanden", "maanden die lichte begeleiding duurt");

const DAGEN: Parameter<i64> = Parameter::new(
    "aansluitend_dagen",
    "dagen na het einde van de vorige waarop een toewijzing er nog op aansluit",
);

fn check(group: &JeugdigeToewijzingen<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let is_about = |g: &ToewijzingGroup<'_>| -> Result<bool, Reason> {
        let Some((_, t)) = g.toewijzing else { return Ok(false) };
        let perceel = g.product().and_then(|p| p.perceel)?.map(i64::from);
        let about = perceel == Some(settings.at(&PERCEEL, t.ingangsdatum))
            && t.budgetsoort()? != Some(Budgetsoort::Duurzaam);
        if about {
            g.context.kolom(t.file, Kolom::Einddatum)?;
        }
        Ok(about)
    };
    let Some(context) = group.toewijzingen.first().map(|g| g.context) else { return };
    let dagen = settings.at(&DAGEN, context.last_dag());
    for term in joined_terms(group, dagen, is_about, out) {
        let maanden = settings.at(&MAANDEN, term.termijn.ingang);
        let Some((last, (id, t))) = term.toewijzingen.last().and_then(|g| Some((g, g.toewijzing?)))
        else {
            continue;
        };
        if !term.termijn.longer_than_maanden(maanden as i32) {
            continue;
        }
        let mut b = last
            .bevinding(id, Ernst::Signaal)
            .on_lines(term.toewijzingen.iter().flat_map(|g| g.lines()))
            .found(format!("lichte begeleiding {}", term.words()))
            .expected(format!("hoogstens {maanden} maanden, of uitdrukkelijk duurzaam"))
            .toelichting(CONSULTATION);
        if context.kolom(t.file, Kolom::Budgetsoort).is_err() {
            b = b.also("De kolom Budgetsoort, waarin duurzaam kan staan, ontbreekt.");
        }
        out.bevinding(b);
    }
}
