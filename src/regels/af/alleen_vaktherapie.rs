//! AF01: vaktherapie or the like by itself.
//!
//! Help of another kind beside it is a broader traject, whatever its Functie. Needs Functie on every
//! other line of the jeugdige. Source: ID XIII 27–29.

use crate::dossier::{Cent, Ernst, Onderdeel};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Reason, Rule, needs};
use std::collections::BTreeSet;

pub(crate) static RULE: Rule = Rule {
    code: "AF01",
    title: "Alleen vaktherapie of iets dat daarop lijkt",
    what: "Alle declaratieregels van een jeugdige in het leverjaar hebben een functie van vaktherapie, kindercoach, kindbehartiger of dier-geleide interventies. Groepsaanbod, verblijf, een voorziening of een-op-een ernaast is een breder traject, wat de Functie ook is. Dat is één onzekerheid per jeugdige, voor de som.",
    why: "Deze hulp valt alleen onder de overeenkomst als ondersteuning van een (breder) jeugdhulpverleningstraject.",
    for_aanbieder: "Voor deze jeugdige is alleen vaktherapie, of iets dat daarop lijkt, gedeclareerd; dat valt buiten de jeugdhulp die wij hebben ingekocht.",
    needs: needs!("{}; {} van het product", Declaraties(Functie), Producten(Onderdeel)),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    if group.lines.is_empty() {
        return;
    }
    if group.context.regelset.afbakening.is_empty() {
        return out.not_testable(Reason::GeenLijst("afbakening"));
    }
    if group.lines().any(|l| is_broader(&l)) {
        return out.tested();
    }
    let mut sum = Cent::ZERO;
    let mut unknown = None;
    if !group.context.knows_functies() {
        let reason = group.lines().find_map(|l| l.functie().err());
        return out.not_testable(reason.unwrap_or(Reason::GeenFunctie));
    }
    for line in group.lines() {
        match line.functie() {
            Ok(f) if !f.is_afgebakend => return out.tested(),
            Ok(_) => sum += line.data.ingediend_bedrag,
            Err(reason) => unknown = Some(reason),
        }
    }
    if let Some(reason) = unknown {
        return out.not_testable(reason);
    }
    out.tested();
    let titles: BTreeSet<&str> = group.lines().map(|l| l.functietitel()).collect();
    let titles: Vec<&str> = titles.into_iter().collect();
    let count = group.lines.len();
    out.bevinding(
        group
            .bevinding(Ernst::Onzekerheid)
            .bedrag(sum)
            .found(match count {
                1 => format!(
                    "de enige declaratieregel van {} is {}",
                    group.context.jaar,
                    titles.join(", ")
                ),
                n => {
                    format!(
                        "alle {n} declaratieregels van {} zijn {}",
                        group.context.jaar,
                        titles.join(", ")
                    )
                }
            })
            .expected("ondersteuning van een breder jeugdhulpverleningstraject")
            .toelichting("Beoordeel of het traject waar dit bij hoort elders is gedeclareerd."),
    );
}

/// Is it help that vaktherapie can support?
fn is_broader(line: &Line<'_>) -> bool {
    use Onderdeel::{EenOpEen, Groepsaanbod, Verblijf, Voorziening};
    matches!(line.product.onderdeel(), Some(Groepsaanbod | Verblijf | Voorziening | EenOpEen))
}
