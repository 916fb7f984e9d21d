//! DZ02: duurzaam help in groepsaanbod zwaar, other than at a KDC or ODC.
//!
//! Needs the toewijzing's Budgetsoort or its term, and the aanbieder's KdcOdc.
//! Source: RTP bijlage 4.

use super::{Doubts, duurzaam};
use crate::dossier::{Bijzonderheid, Kolom, SmallRow};
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "DZ02",
    title: "Duurzaam in groepsaanbod zwaar",
    what: "Groepsaanbod zwaar op een duurzaam budget bij een aanbieder die geen KDC of ODC is, is een fout als de budgetsoort in de bestanden staat; anders een onzekerheid.",
    why: "Groepsaanbod zwaar mag op een duurzaam budget alleen bij een KDC of ODC.",
    for_aanbieder: "Groepsaanbod zwaar op een budget voor duurzame hulp is alleen toegestaan in een KDC of ODC.",
    needs: needs!(
        "{} of {} van de toewijzing; {} van de aanbieder",
        Toewijzingen(Budgetsoort, Einddatum),
        Aanbieders(KdcOdc)
    ),
    parameters: &[KEYS.spec(), AT_MOST.spec()],
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

const KEYS: Parameter<[String]> = Parameter::new(
    "niet_toegestaan",
    "intensiteiten van groepsaanbod die niet op een duurzaam budget mogen",
);

fn check(kind: &LineKind<'_>, settings: &RuleSettings) -> Verdict {
    kind.onderdeel()?;
    let forbidden = kind.valid(settings, &KEYS).value;
    let key = kind.product.tariefsleutel().unwrap_or_default();
    if !forbidden.iter().any(|v| v == key) {
        return Ok(Ruling::NotApplicable);
    }
    let Some((t, origin)) = duurzaam(kind)? else { return Ok(Ruling::NotApplicable) };
    let mut twijfels = Doubts::of(kind, t, origin);
    let aanbieder = kind.context.dossier.aanbieder(kind.aanbieder());
    match &aanbieder.data {
        None => twijfels
            .0
            .push("De aanbieder staat niet in de lijst; of hij KDC of ODC is, is onbekend."),
        Some(g) if !kind.context.dossier.has_kolom(g.file, Kolom::KdcOdc) => {
            twijfels.0.push("De kolom KdcOdc van de aanbieders ontbreekt.");
        }
        Some(g) if g.kdc_odc == Some(true) => return Ok(Ruling::InOrder),
        Some(_) => {}
    }
    if t.names(Bijzonderheid::Kdc)? {
        return Ok(Ruling::InOrder);
    }
    if let Some(g) = &aanbieder.data {
        g.readable(Kolom::KdcOdc)?;
    }
    let b = kind
        .bevinding(twijfels.ernst())
        .found(format!("duurzaam budget, groepsaanbod {key}"))
        .expected("alleen bij een KDC of ODC")
        .toelichting(twijfels.0.join(" "));
    VersionAt::of(kind.valid(settings, &AT_MOST)).clamp(b).into()
}
