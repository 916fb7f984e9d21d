//! DZ01: duurzaam help in a tariff group that is for herstel only.
//!
//! Needs the toewijzing's Budgetsoort or its term; `medicatiecontrole` makes it a person's
//! judgement. Source: RTP bijlage 4; ID 8.5.1(1).

use super::{Doubts, duurzaam};
use crate::dossier::{Bijzonderheid, Onderdeel};
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "DZ01",
    title: "Duurzaam buiten de toegestane tariefgroepen",
    what: "Ambulante hulp op een duurzaam budget in een tariefgroep die daarvoor niet is toegestaan, is een fout als de budgetsoort in de bestanden staat en het niet om medicatiecontrole gaat; anders een onzekerheid.",
    why: "Op een duurzaam budget mogen alleen de laagste tariefgroepen worden ingezet. Dat er een beperking is, staat ook in versie 1.8 van het inkoopdocument (8.5.1 en eis 69); alleen het overzicht ervan staat niet meer in bijlage XII. Daarom is het sindsdien hoogstens een onzekerheid.",
    for_aanbieder: "De tariefgroep is niet toegestaan op een budget voor duurzame hulp.",
    needs: needs!(
        "{} of {} van de toewijzing; {} van het product",
        Toewijzingen(Budgetsoort, Einddatum),
        Producten(Tariefsleutel)
    ),
    parameters: &[KEYS.spec(), AT_MOST.spec()],
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

const KEYS: Parameter<[String]> =
    Parameter::new("niet_toegestaan", "tariefgroepen die niet op een duurzaam budget mogen");

fn check(kind: &LineKind<'_>, settings: &RuleSettings) -> Verdict {
    if kind.onderdeel()? != Onderdeel::Ambulant {
        return Ok(Ruling::NotApplicable);
    }
    let key = kind.product.tariefsleutel().unwrap_or_default();
    let forbidden = kind.valid(settings, &KEYS).value;
    let Some((t, origin)) = duurzaam(kind)? else { return Ok(Ruling::NotApplicable) };
    if !forbidden.iter().any(|v| v == key) {
        return Ok(Ruling::InOrder);
    }
    let mut twijfels = Doubts::of(kind, t, origin);
    if t.names(Bijzonderheid::Medicatiecontrole)? {
        twijfels.0.push("De toewijzing is voor medicatiecontrole.");
    }
    let b = kind
        .bevinding(twijfels.ernst())
        .found(format!("duurzaam budget, tariefgroep {key}"))
        .expected(format!("een andere tariefgroep dan {}", forbidden.join(", ")))
        .toelichting(twijfels.0.join(" "));
    VersionAt::of(kind.valid(settings, &AT_MOST)).clamp(b).into()
}
