//! AF01: vaktherapie by itself.
//!
//! Needs Functie on every line of the jeugdige. Source: ID XIII 29.

use crate::dossier::{Cent, Ernst};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, JeugdigeGroup, Outcomes, Reason, Rule};

pub(crate) static RULE: Rule = Rule {
    code: "AF01",
    title: "Alleen vaktherapie",
    what: "Alle regels van een jeugdige in het leverjaar hebben een functie die vaktherapie is. Dat is één onzekerheid per jeugdige, voor de som.",
    why: "Vaktherapie is alleen jeugdhulp als onderdeel van een behandeling.",
    needs: "Functie",
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    if group.lines.is_empty() {
        return;
    }
    if group.context.regelset.vaktherapie.is_empty() {
        return out.not_testable(Reason::GeenLijst("vaktherapie"));
    }
    let mut sum = Cent::ZERO;
    let mut unknown = None;
    if !group.context.knows_functies() {
        let reason = group.lines().find_map(|l| l.functie().err());
        return out.not_testable(reason.unwrap_or(Reason::GeenFunctie));
    }
    for line in group.lines() {
        match line.functie() {
            Ok(f) if !f.is_vaktherapie => return out.tested(),
            Ok(_) => sum += line.data.ingediend_bedrag,
            Err(reason) => unknown = Some(reason),
        }
    }
    if let Some(reason) = unknown {
        return out.not_testable(reason);
    }
    out.tested();
    let count = group.lines.len();
    out.bevinding(
        group
            .bevinding(Ernst::Onzekerheid)
            .bedrag(sum)
            .found(match count {
                1 => format!("de enige regel van {} is vaktherapie", group.context.jaar),
                n => format!("alle {n} regels van {} zijn vaktherapie", group.context.jaar),
            })
            .expected("vaktherapie als deel van een behandeling")
            .toelichting("Beoordeel of de behandeling waar dit bij hoort elders is gedeclareerd."),
    );
}
