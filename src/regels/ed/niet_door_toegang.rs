//! ED03: dyslexia care that the Toegang didn't grant.
//!
//! Needs Verwijzer of the toewijzing. Source: ID 10.4.

use crate::dossier::{Ernst, Kolom, Onderdeel};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Reason, RestsOn, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ED03",
    title: "Dyslexiezorg niet door de Toegang",
    what: "Een toewijzing voor dyslexiezorg met een andere verwijzer dan de gemeente is een onzekerheid voor alles wat er in het leverjaar op is gedeclareerd.",
    why: "Alleen de Toegang beslist over dyslexiezorg, na een advies van school.",
    for_aanbieder: "De dyslexiezorg is niet door de Toegang toegewezen.",
    needs: needs!("{} van de toewijzing", Toewijzingen(Verwijzer)),
    parameters: &[VERWIJZERS.spec()],
    checks: &[Check::Toewijzing(check)],
    rests_on: RestsOn::Where(|l, _| l.context.in_leverjaar(l.data)),
    ..Rule::BASE
};

const VERWIJZERS: Parameter<[u8]> =
    Parameter::new("verwijzers", "verwijzers (COD327) die dyslexiezorg mogen toekennen");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.of_onderdeel(Onderdeel::Ed, Kolom::Verwijzer, out) else {
        return;
    };
    let verwijzer = t.verwijzer().map_err(Reason::from);
    let verwijzer = verwijzer.and_then(|v| v.ok_or(Reason::GeenVerwijzer));
    let Some(verwijzer) = out.known(verwijzer) else { return };
    out.tested();
    if settings.at(&VERWIJZERS, t.ingangsdatum).contains(&verwijzer.0) {
        return;
    }
    out.bevinding(
        group
            .bevinding(id, Ernst::Onzekerheid)
            .bedrag(group.sum_of_leverjaar())
            .found(format!("dyslexiezorg met verwijzer {verwijzer}"))
            .expected("een besluit van de Toegang")
            .toelichting("Beoordeel of de Toegang deze hulp alsnog heeft beoordeeld."),
    );
}
