//! TF04: a tariff group above the one of the hulpverlener's function.
//!
//! A function may be listed in several groups: the highest of them is allowed. Where the documents
//! contradict each other about a group, a person decides. Needs Functie.
//! Source: ID 8.5.1, XII; RTP bijlage 4.

use super::{is_tariefgroep, tariefgroep};
use crate::dossier::{Cent, Ernst, half_up};
use crate::regels::caveat::{CAVEATS, with_caveats};
use crate::regels::percelen::knows_percelen;
use crate::regelset::{Beroep, BeroepId, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TF04",
    title: "Tariefgroep hoger dan de functie",
    what: "De tariefgroep van de declaratieregel wordt vergeleken met de groep van de Functie in de Beroepentabel; staat een functie in meer groepen, dan is de hoogste toegestaan. Hoger is een fout voor het verschil tussen de contracttarieven, lager dan de laagste groep die de functie noemt een signaal. Een groep waarover de documenten elkaar tegenspreken, is een onzekerheid (Jeugdzorgwerker A voor 2025 in TG4 buiten perceel 2).",
    why: "Het tarief hoort bij de functie van wie de hulp gaf.",
    for_aanbieder: "De tariefgroep is hoger dan bij de functie van de hulpverlener hoort.",
    needs: needs!("{}; voor een bedrag de {} van beide groepen", Declaraties(Functie), Tarieven()),
    parameters: &[CAVEATS.spec()],
    about: Some(|p| p.tariefsleutel().is_some_and(is_tariefgroep)),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let Some(key) = line.tariefsleutel()? else { return Ok(Ruling::NotApplicable) };
    let Some(gedeclareerd) = tariefgroep(key) else { return Ok(Ruling::NotApplicable) };
    let c = line.context;
    if c.regelset.beroepentabel.is_empty() {
        return Err(Reason::GeenLijst("functies"));
    }
    let id = line.functie()?.in_beroepentabel.ok_or(Reason::OnbekendeFunctie)?;
    let beroep = beroep(line, id)?;
    let groups = || beroep.tariefsleutels.iter().filter_map(|s| Some((tariefgroep(s)?, s)));
    let (Some((highest, allowed)), Some((lowest, _))) = (groups().max(), groups().min()) else {
        return Err(Reason::OnbekendeFunctie);
    };
    if (lowest..=highest).contains(&gedeclareerd) {
        return Ok(Ruling::InOrder);
    }
    let too_high = gedeclareerd > highest;
    let contradicted = beroep.twijfel.iter().any(|t| t == key);
    let mut b = line
        .bevinding(match (too_high, contradicted) {
            (false, _) => Ernst::Signaal,
            (true, true) => Ernst::Onzekerheid,
            (true, false) => Ernst::Fout,
        })
        .found(format!("{key} voor de functie {}", line.functietitel()))
        .expected(match beroep.tariefsleutels.as_slice() {
            [one] => one.clone(),
            more => format!("een van {}", more.join(", ")),
        })
        .toelichting(format!("Beroepentabel: {}.", beroep.source));
    if contradicted {
        b = b.also("De documenten spreken elkaar hierover tegen.");
    }
    if too_high {
        let verschil = difference(line, key, allowed);
        b = b.bedrag(verschil);
        if verschil.is_none() {
            b = b.also("Het bedrag is niet te berekenen: de tarieven van beide groepen zijn voor dit jaar niet bekend.");
        }
    } else {
        b = b.bedrag(Cent::ZERO);
    }
    with_caveats(b, settings, line.data.einddatum).into()
}

/// The function's row of the Beroepentabel for this aanbieder. Where another row holds for some
/// percelen, the aanbieder's percelen must be known.
fn beroep<'a>(line: &Line<'a>, id: BeroepId) -> Result<&'a Beroep, Reason> {
    let c = line.context;
    let table = &c.regelset.beroepentabel;
    let data = c.data(line.data.aanbieder).ok();
    let has_perceel = |p| data.is_some_and(|g| g.perceel == Some(p) || g.percelen.contains(&p));
    let beroep =
        table.groups(id, has_perceel, line.data.einddatum).ok_or(Reason::OnbekendeFunctie)?;
    if let Some(g) = data
        && beroep.percelen.is_empty()
        && table.differs_per_perceel(id)
    {
        knows_percelen(c, g)?;
    }
    Ok(beroep)
}

/// The difference of the two groups' contract tariffs over the line's volume.
fn difference(line: &Line<'_>, gedeclareerd: &str, allowed: &str) -> Option<Cent> {
    let c = line.context;
    let per_minuut = |key| {
        let t = c.tarief(key, line.data.aanbieder).ok()?;
        Some((i128::from(t.bedrag.0), i128::from(t.eenheid.minuten()?)))
    };
    let (high, high_minuten) = per_minuut(gedeclareerd)?;
    let (low, low_minuten) = per_minuut(allowed)?;
    let minuten = i128::from(line.data.hundredth_minuten()?);
    let counter = (high * low_minuten - low * high_minuten) * minuten;
    let bedrag = Cent(half_up(counter, high_minuten * low_minuten * 100)).at_least_zero();
    Some(line.at_most_ingediend(bedrag))
}
