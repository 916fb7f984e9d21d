//! WV14: extra one-to-one support that is granted again and again, together for longer than allowed.
//!
//! Toewijzingen that are too long by themselves are WV04's. Source: ID 8.5.3, 9.7.

use super::ONE_TO_ONE;
use crate::dossier::{Dag, Ernst, Kolom, Termijn};
use crate::regels::chain::{chains, stands};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    Check, JeugdigeToewijzingen, Outcomes, Reason, Rule, ToewijzingGroup, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "WV14",
    title: "Extra 1-op-1 in een keten te lang",
    what: "Toewijzingen voor extra 1-op-1 van één jeugdige die elk minder dan een maand na het einde van de vorige beginnen, gelden als één termijn. Is die langer dan de termijn van de richtlijn, dan is elke declaratieregel die na die termijn begint een onzekerheid. Toewijzingen die op zichzelf al te lang zijn, horen bij WV04.",
    why: "Extra 1-op-1 is tijdelijk: de richtlijn is een toewijzing van hoogstens drie maanden. Opvolgende toewijzingen kunnen dat omzeilen, of een nieuwe afweging zijn.",
    for_aanbieder: "De extra 1-op-1-begeleiding duurt met de toewijzingen ervoor samen langer dan is toegestaan.",
    needs: needs!("{} en {} van de toewijzingen", Toewijzingen(Ingangsdatum, Einddatum)),
    parameters: &[MAANDEN.spec(), TUSSEN.spec()],
    checks: &[Check::Toewijzingen(check)],
    ..Rule::BASE
};

const MAANDEN: Parameter<i64> =
    Parameter::new("maanden", "maanden die opvolgende toewijzingen samen hoogstens lopen");

const TUSSEN: Parameter<i64> = Parameter::new(
    "tussen_maanden",
    "maanden na het einde van de vorige waarbinnen een toewijzing daarop volgt",
);

fn check(group: &JeugdigeToewijzingen<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let short: Vec<&ToewijzingGroup<'_>> =
        group.toewijzingen.iter().filter(|g| is_short(g, settings, out)).collect();
    let joins =
        |latest: Dag, begin| begin < latest.plus_maanden(settings.at(&TUSSEN, latest) as i32);
    for chain in chains(short, joins) {
        let first = chain.termijn.ingang;
        let maanden = settings.at(&MAANDEN, first) as i32;
        let too_long = chain.termijn.longer_than_maanden(maanden);
        let from = first.plus_maanden(maanden);
        for line in chain.toewijzingen.iter().flat_map(|g| g.leverjaar_lines()) {
            out.tested();
            if too_long && line.data.begindatum >= from {
                out.bevinding(
                    line.bevinding(Ernst::Onzekerheid)
                        .found(format!(
                            "extra 1-op-1 vanaf {}, op {} opvolgende toewijzingen {}",
                            line.data.begindatum,
                            chain.toewijzingen.len(),
                            chain.termijn
                        ))
                        .expected(format!("hoogstens {maanden} maanden, tot {from}"))
                        .toelichting("Beoordeel of de gemeente bij elke toewijzing een nieuwe afweging maakte."),
                );
            }
        }
    }
}

/// Is it for extra one-to-one support, and not too long by itself? Counts one of which that can't be
/// told.
fn is_short(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) -> bool {
    let Some((_, t)) = group.toewijzing else { return false };
    let term = || -> Result<Option<Termijn>, Reason> {
        group.context.kolom(t.file, Kolom::Einddatum)?;
        Ok(if stands(t)? { Some(t.termijn()?) } else { None })
    };
    let outcome = match group.product().and_then(|p| p.tariefsleutel) {
        Ok(key) if key != Some(ONE_TO_ONE) => return false,
        key => key.and_then(|_| term()),
    };
    match outcome {
        Ok(None) => false,
        Ok(Some(term)) => {
            let maanden = settings.at(&MAANDEN, t.ingangsdatum) as i32;
            !term.longer_than_maanden(maanden)
        }
        Err(reason) => {
            if group.in_leverjaar().is_some() {
                out.not_testable(reason);
            }
            false
        }
    }
}
