//! BU04: a first referral by a doctor above the amount that needs the Toegang's consent.
//!
//! Looks at the first version of the toewijzing. Needs Verwijzer and Budget; `toestemming` in
//! Bijzonderheid lifts it. Source: RTP 2.4.2; ID eis 72.

use super::with_kolom;
use crate::dossier::{Bijzonderheid, Cent, Ernst, Kolom, Toewijzing, ToewijzingId};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Reason, Rule, Ruling, ToewijzingGroup, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "BU04",
    title: "Eerste medische verwijzing boven de grens",
    what: "Een toewijzing na verwijzing door huisarts, jeugdarts of medisch specialist waarvan het eerste budget boven de grens ligt, zonder toestemming, is een onzekerheid.",
    why: "Boven die grens neemt de aanbieder eerst contact op met de Toegang.",
    for_aanbieder: "Het eerste budget na een medische verwijzing ligt boven de grens, zonder onze toestemming.",
    needs: needs!("{} en {} van de toewijzing", Toewijzingen(Verwijzer, Budget)),
    parameters: &[LIMIT.spec(), VERWIJZERS.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const LIMIT: Parameter<Cent> =
    Parameter::new("grens", "hoogste budget na een eerste medische verwijzing zonder toestemming");

const VERWIJZERS: Parameter<[u8]> =
    Parameter::new("verwijzers", "codes van de medische verwijzers (COD327)");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = with_kolom(group, Kolom::Verwijzer, out) else { return };
    let first = t.first();
    let Some(()) = out.known(group.context.kolom(first.file, Kolom::Budget)) else { return };
    if let Some(Some(budget)) = out.known(first.budget()) {
        out.verdict(judge(group, id, t, budget, settings));
    }
}

fn judge(
    group: &ToewijzingGroup<'_>,
    id: ToewijzingId,
    t: &Toewijzing,
    budget: Cent,
    settings: &RuleSettings,
) -> Verdict {
    let dag = group.context.last_dag();
    let limit = settings.at(&LIMIT, dag);
    let verwijzer = t.verwijzer()?.ok_or(Reason::GeenVerwijzer)?;
    if budget <= limit
        || !settings.at(&VERWIJZERS, dag).contains(&verwijzer.0)
        || t.names(Bijzonderheid::Toestemming)?
    {
        return Ok(Ruling::InOrder);
    }
    let b = group
        .bevinding(id, Ernst::Onzekerheid)
        .measured(budget, limit)
        .found(format!("eerste budget {budget} na verwijzer {verwijzer}"))
        .expected(format!("hoogstens {limit} zonder toestemming van de Toegang"))
        .toelichting("Beoordeel of de Toegang heeft ingestemd.");
    if group.context.knows_bijzonderheid(t) {
        b
    } else {
        b.also("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.")
    }
    .into()
}
