//! TW09: a unit that doesn't fit the toewijzing's.
//!
//! Hours may be declared in minutes. Needs Eenheid of the toewijzing. Source: iJw TR341.

use crate::dossier::{Kolom, Versie};
use crate::regels::changed::by_versions;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, LineKind, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW09",
    title: "Andere eenheid",
    what: "De toewijzing noemt een eenheid en die van de declaratieregel past er niet bij. Uren mogen in minuten worden gedeclareerd. Past zij alleen niet door een wijziging van na de levering, dan is dat een onzekerheid.",
    why: "Zonder passende eenheid is het volume niet te vergelijken met wat is toegewezen.",
    for_aanbieder: "De eenheid past niet bij die van de toewijzing.",
    needs: needs!("{}; {} van de toewijzing", Declaraties(ToewijzingNummer), Toewijzingen(Eenheid)),
    checks: &[Check::LineKind(check)],
    ..Rule::BASE
};

fn check(kind: &LineKind<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing_with(kind, Kolom::Eenheid)? else {
        return Ok(Ruling::NotApplicable);
    };
    let Some(toegewezen) = t.eenheid()? else { return Ok(Ruling::NotApplicable) };
    let own = kind.eenheid();
    let is_other =
        |v: &Versie| Ok(v.eenheid()?.is_some_and(|e| !super::eenheid_fits(e, kind.eenheid())));
    by_versions(kind, t, &[Kolom::Eenheid], is_other, |ernst| {
        kind.bevinding(ernst)
            .found(format!("eenheid {own} ({})", own.name()))
            .expected(format!("eenheid {toegewezen} ({})", toegewezen.name()))
    })
}
