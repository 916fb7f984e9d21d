//! CR01: crisis care for longer than allowed.
//!
//! The toewijzing's term, and the etmalen on it over all years. The limits came with RTP 2.0.
//! Source: RTP 6.

use crate::dossier::{Ernst, Kolom, Volume};
use crate::regels::maximum::above;
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup};

pub(crate) static RULE: Rule = Rule {
    code: "CR01",
    title: "Crisis langer dan toegestaan",
    what: "Een toewijzing voor een crisisplek of crisispleegzorg die langer loopt dan de termijn is een fout (zonder bedrag). De etmalen die erop in volgorde boven dat aantal dagen komen, zijn een fout voor het deel erboven. Van voor de versie die deze grens noemt is het een onzekerheid.",
    why: "Crisiszorg is kort; wie langer hulp nodig heeft, krijgt een gewone plaats.",
    needs: "Ingangsdatum en Einddatum van de toewijzing; volume in etmalen",
    parameters: &[DAGEN_BED.spec(), DAGEN_PLEEGZORG.spec(), AT_MOST.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const DAGEN_BED: Parameter<i64> =
    Parameter::new("dagen_crisisplek", "dagen die een crisisplek hoogstens duurt");

const DAGEN_PLEEGZORG: Parameter<i64> =
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
    match group.context.kolom(t.file, Kolom::Einddatum) {
        Err(reason) => out.not_testable(reason),
        Ok(()) => {
            out.tested();
            if t.termijn().longer_than_dagen(dagen) {
                let versie = VersionAt::on(settings, t.ingangsdatum);
                out.bevinding(
                    versie.clamp(
                        group
                            .bevinding(id, Ernst::Fout)
                            .found(format!("crisis {}", t.termijn()))
                            .expected(format!("hoogstens {dagen} dagen")),
                    ),
                );
            }
        }
    }
    let lines = group.lines().filter_map(|l| Some((l, l.etmalen().ok()?.0)));
    for b in above(lines, Volume::whole(dagen).0) {
        if !group.context.in_leverjaar(b.line.data) {
            continue;
        }
        let versie = VersionAt::on(settings, b.line.data.begindatum);
        out.bevinding(
            versie.clamp(
                b.line
                    .bevinding(Ernst::Fout)
                    .bedrag(b.bedrag)
                    .found(format!("{} etmalen crisis tot en met deze regel", Volume(b.sum)))
                    .expected(format!("hoogstens {dagen} etmalen op deze toewijzing")),
            ),
        );
    }
}
