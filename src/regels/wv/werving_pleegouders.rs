//! WV16: finding foster parents declared beside pleegzorg, whose tariff holds it.
//!
//! Needs Functie. Source: ID 9.7.1, XIV pleegzorg 2.

use crate::dossier::{Ernst, Onderdeel, Product, Vorm};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV16",
    title: "Werving van pleegouders gedeclareerd",
    what: "Een ambulante declaratieregel met de functie van werving, selectie en bemiddeling pleegzorg, in een maand waarin dezelfde aanbieder voor die jeugdige pleegzorg of deeltijdpleegzorg declareert, is een onzekerheid.",
    why: "In het tarief van pleegzorg zitten werving, selectie, screening, matching en opleiding van pleegouders.",
    for_aanbieder: "De werving van pleegouders is apart gedeclareerd; zij hoort bij het tarief van de pleegzorg.",
    needs: needs!("{}; {} van het product", Declaraties(Functie), Producten(Vorm)),
    parameters: &[FUNCTIES.spec()],
    about: Some(|p| p.onderdeel() == Some(Onderdeel::Ambulant)),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const FUNCTIES: Parameter<[String]> = Parameter::new(
    "functies",
    "functies waarvan het werk in het tarief van pleegzorg zit, zoals de Beroepentabel ze noemt",
);

fn is_pleegzorg(product: &Product) -> bool {
    matches!(product.form(), Some(Vorm::Pleegzorg | Vorm::Deeltijdpleegzorg))
}

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let is_ambulant = |l: &Line<'_>| l.product.onderdeel() == Some(Onderdeel::Ambulant);
    if !group.lines().any(|l| is_pleegzorg(l.product)) {
        out.tested += group.lines().filter(is_ambulant).count() as u64;
        return;
    }
    for (maand, lines) in group.per_maand(|l| is_ambulant(l) || is_pleegzorg(l.product)) {
        for line in lines.iter().filter(|l| is_ambulant(l)) {
            let beside = lines
                .iter()
                .any(|l| is_pleegzorg(l.product) && l.data.aanbieder == line.data.aanbieder);
            match beside.then(|| is_recruiter(line, settings)) {
                None | Some(Ok(false)) => out.tested(),
                Some(Err(reason)) => out.not_testable(reason),
                Some(Ok(true)) => {
                    out.tested();
                    out.bevinding(
                        line.bevinding(Ernst::Onzekerheid)
                            .found(format!(
                                "{} naast pleegzorg van dezelfde aanbieder in {maand}",
                                line.functietitel()
                            ))
                            .expected("werving, selectie en bemiddeling binnen het tarief van pleegzorg")
                            .toelichting("Beoordeel of deze tijd iets anders was dan het vinden van pleegouders."),
                    );
                }
            }
        }
    }
}

/// Does the line's Functie name that work? Names are compared as in the Beroepentabel.
fn is_recruiter(line: &Line<'_>, settings: &RuleSettings) -> Result<bool, Reason> {
    let table = &line.context.regelset.beroepentabel;
    if table.is_empty() {
        return Err(Reason::GeenLijst("functies"));
    }
    let own = line.functie()?.in_beroepentabel;
    let asked = settings.at(&FUNCTIES, line.data.begindatum);
    Ok(own.is_some() && asked.iter().any(|functie| table.find(functie) == own))
}
