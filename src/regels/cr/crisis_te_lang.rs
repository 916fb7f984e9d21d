//! CR01: crisis care for longer than allowed.
//!
//! The toewijzing's term, and the etmalen on it over all years. The limits came with RTP 2.0, and the
//! agreement on crisis ended with 2025. Source: RTP 6; ID eis 32.

use crate::dossier::{Ernst, Kolom, Termijn, Volume};
use crate::regels::maximum::above;
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "CR01",
    title: "Crisis langer dan toegestaan",
    what: "Een toewijzing voor een crisisplek of crisispleegzorg die langer loopt dan de termijn is een fout (zonder bedrag). De etmalen die erop in volgorde boven dat aantal dagen komen, zijn een fout voor het deel erboven; een onzekerheid als de declaratieregel binnen de te lange termijn ligt die de gemeente zelf toekende. Van voor de versie die deze grens noemt, en na het einde van de crisisovereenkomst, is het hoogstens een onzekerheid.",
    why: "Crisiszorg is kort; wie langer hulp nodig heeft, krijgt een gewone plaats.",
    for_aanbieder: "De crisishulp duurde langer dan is toegestaan.",
    needs: needs!(
        "{} en {} van de toewijzing; volume in etmalen",
        Toewijzingen(Ingangsdatum, Einddatum)
    )
    .and_volume(),
    parameters: &[DAGEN_BED.spec(), DAGEN_PLEEGZORG.spec(), AT_MOST.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

pub(super) const DAGEN_BED: Parameter<i64> =
    Parameter::new("dagen_crisisplek", "dagen die een crisisplek hoogstens duurt");

pub(super) const DAGEN_PLEEGZORG: Parameter<i64> =
    Parameter::new("dagen_crisispleegzorg", "dagen die crisispleegzorg hoogstens duurt");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    let parameter = match group.product().and_then(|p| p.tariefsleutel) {
        Ok(Some("CRISIS_BED")) => &DAGEN_BED,
        Ok(Some("CRISIS_PLEEGZORG")) => &DAGEN_PLEEGZORG,
        Ok(_) => return,
        Err(reason) => return out.not_testable(reason),
    };
    let dagen = settings.at(parameter, t.ingangsdatum);
    let column = group.context.kolom(t.file, Kolom::Einddatum);
    let Some(term) = out.known(column.and_then(|()| Ok(t.termijn()?))) else { return };
    out.tested();
    let too_long = term.longer_than_dagen(dagen);
    if too_long {
        let b = group
            .bevinding(id, Ernst::Fout)
            .found(format!("crisis {term}"))
            .expected(format!("hoogstens {dagen} dagen"));
        out.bevinding(VersionAt::on(settings, t.ingangsdatum).clamp(b));
    }
    let lines = group.lines().filter_map(|l| Some((l, l.etmalen().ok()?.0)));
    for b in above(lines, Volume::whole(dagen).0) {
        if !group.context.in_leverjaar(b.line.data) {
            continue;
        }
        // Days that the gemeente granted itself aren't the aanbieder's fault.
        let granted = too_long && lies_within(term, &b.line);
        let mut bevinding = b
            .line
            .bevinding(if granted { Ernst::Onzekerheid } else { Ernst::Fout })
            .bedrag(b.bedrag)
            .found(format!("{} etmalen crisis tot en met deze declaratieregel", Volume(b.sum)))
            .expected(format!("hoogstens {dagen} etmalen op deze toewijzing"));
        if granted {
            bevinding = bevinding.toelichting(
                "De declaratieregel ligt binnen de termijn die de gemeente zelf toekende: beoordeel of die bedoeld was.",
            );
        }
        out.bevinding(VersionAt::on(settings, b.line.data.begindatum).clamp(bevinding));
    }
}

/// Lies the whole line in the toewijzing's own term?
fn lies_within(term: Termijn, line: &Line<'_>) -> bool {
    line.data.periode().is_some_and(|periode| term.covers(periode))
}
