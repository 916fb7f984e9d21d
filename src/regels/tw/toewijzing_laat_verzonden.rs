//! TW19: toewijzingen that a gemeente sent late.
//!
//! By the toewijzing's own Gemeente and its version in force, over toewijzingen with a live line in
//! the audited year. Source: ID eis 35, 43c.

use crate::dossier::{Cent, Ernst, Gemeente, Onleesbaar, Thousands, Toewijzing};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AuditContext, Bevinding, Check, Kept, KeyedSums, Outcomes, Rule, Subject, SumsPer,
    ToewijzingGroup, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "TW19",
    title: "Toewijzingen laat verzonden",
    what: "Toewijzingen waarvan de eerste versie meer dan het toegestane aantal dagen na de Ingangsdatum is verzonden (zonder Verzonden telt haar Toewijzingsdatum). Per gemeente één signaal met het aantal en de som die in het leverjaar op die toewijzingen is gedeclareerd.",
    why: "Een late toewijzing maakt late declaraties onvermijdelijk; dat ligt niet aan de aanbieder.",
    for_aanbieder: "De toewijzing is laat verzonden.",
    needs: needs!("{} of {}, en {}", Toewijzingen(Verzonden, Toewijzingsdatum, Ingangsdatum)),
    parameters: &[DAGEN.spec()],
    checks: &[Check::Dossier { per: SumsPer::Toewijzing(collect), decision }],
    ..Rule::BASE
};

const DAGEN: Parameter<i64> =
    Parameter::new("dagen", "dagen na de Ingangsdatum waarna een toewijzing te laat is verzonden");

fn is_late_verzonden(t: &Toewijzing, settings: &RuleSettings) -> Result<bool, Onleesbaar> {
    let dagen = settings.at(&DAGEN, t.ingangsdatum);
    Ok(t.first().sent_or_decided()?.dagen_after(t.ingangsdatum) > dagen)
}

/// By gemeente code the number of toewijzingen that were sent late, and what was declared on them
/// in the audited year.
fn collect(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((_, t)) = group.in_leverjaar() else { return };
    let Some(late) = out.known(is_late_verzonden(t, settings)) else { return };
    out.tested();
    if late {
        let sum = group.declared_in_leverjaar();
        // Of how many it isn't known when they were sent.
        let decided = i64::from(t.first().verzonden() == Ok(None));
        let key = (t.gemeente.0.into(), 0);
        out.sums.count(key, [1, sum.0, decided, 0]);
        out.lines.at(key, Kept::Largest).extend(group.leverjaar_lines());
    }
}

fn decision(c: &AuditContext<'_>, sums: &KeyedSums, settings: &RuleSettings, out: &mut Outcomes) {
    let dagen = settings.at(&DAGEN, c.last_dag());
    for ((code, _), [count, sum, decided, _]) in sums.all() {
        let (gemeente, sum) = (Gemeente(code as u16), Cent(sum));
        out.bevinding(
            Bevinding::new(Ernst::Signaal, Subject::Gemeente(gemeente))
                .bedrag(sum)
                .found(format!(
                    "{} meer dan {dagen} dagen na de Ingangsdatum verzonden",
                    match count {
                        1 => "1 toewijzing".to_owned(),
                        n => format!("{} toewijzingen", Thousands(n.unsigned_abs())),
                    }
                ))
                .expected(format!("verzending binnen {dagen} dagen na de Ingangsdatum"))
                .toelichting(format!(
                    "Op deze toewijzingen is in {} {sum} gedeclareerd.{}",
                    c.jaar,
                    if decided > 0 {
                        " Waar Verzonden niet in de bestanden staat, is de Toewijzingsdatum genomen."
                    } else {
                        ""
                    }
                )),
        );
    }
}
