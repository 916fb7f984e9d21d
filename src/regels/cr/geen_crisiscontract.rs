//! CR02: crisis care by an aanbieder without a contract for it.
//!
//! Needs CrisisContract of the aanbieder; one in no list is reported too. Source: ID eis 32.

use crate::dossier::{Ernst, Kolom, Onderdeel};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "CR02",
    title: "Crisis zonder crisiscontract",
    what: "Een declaratieregel voor crisis van een aanbieder waarvan CrisisContract geen J is, of die in geen lijst staat, is een onzekerheid.",
    why: "Crisiszorg mag alleen wie daarvoor is gecontracteerd.",
    for_aanbieder: "De crisishulp is gedeclareerd zonder contract voor crisishulp.",
    needs: needs!("{} van de aanbieder", Aanbieders(CrisisContract)),
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Crisis)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let found = match line.context.data_with(line.data.aanbieder, Kolom::CrisisContract) {
        Ok(g) if g.crisis_contract == Some(true) => return Ok(Ruling::InOrder),
        Ok(_) => "crisis van een aanbieder zonder crisiscontract",
        Err(Reason::AanbiederInGeenLijst) => "crisis van een aanbieder in geen lijst",
        Err(reason) => return Err(reason),
    };
    line.bevinding(Ernst::Onzekerheid)
        .found(found)
        .expected("een aanbieder met een crisiscontract")
        .toelichting("Beoordeel of deze aanbieder op verzoek van de gemeente crisishulp gaf.")
        .into()
}
