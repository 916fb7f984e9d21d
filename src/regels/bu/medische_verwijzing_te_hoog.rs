//! BU04: a first referral by a doctor above the amount that needs the Toegang's consent.
//!
//! Looks at the first version of the toewijzing. Needs Verwijzer and Budget; `toestemming` in
//! Bijzonderheid lifts it. Source: RTP 2.4.2; ID eis 72.

use super::met_kolom;
use crate::dossier::{Bijzonderheid, Cent, Ernst, Kolom, Toewijzing, ToewijzingNr};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Oordeel, Reden, Regel, Toewijzingsgroep, Uitkomsten, Uitslag};

pub static REGEL: Regel = Regel {
    code: "BU04",
    titel: "Eerste medische verwijzing boven de grens",
    wat: "Een toewijzing na verwijzing door huisarts, jeugdarts of medisch specialist waarvan het eerste budget boven de grens ligt, zonder toestemming, is een onzekerheid.",
    waarom: "Boven die grens neemt de aanbieder eerst contact op met de Toegang.",
    nodig: "Verwijzer en Budget van de toewijzing",
    parameters: &[GRENS.spec(), VERWIJZERS.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const GRENS: Parameter<Cent> =
    Parameter::new("grens", "hoogste budget na een eerste medische verwijzing zonder toestemming");

const VERWIJZERS: Parameter<[u8]> =
    Parameter::new("verwijzers", "codes van de medische verwijzers (COD327)");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = met_kolom(groep, Kolom::Verwijzer, uit) else { return };
    if let Err(reden) = groep.controle.kolom(t.eerste_bestand, Kolom::Budget) {
        return uit.niet_toetsbaar(reden);
    }
    if t.eerste_budget.is_some() {
        uit.oordeel(beoordeel(groep, nr, t, instelling));
    }
}

fn beoordeel(
    groep: &Toewijzingsgroep<'_>,
    nr: ToewijzingNr,
    t: &Toewijzing,
    instelling: &Regelinstelling,
) -> Oordeel {
    let dag = groep.controle.laatste_dag();
    let grens = instelling.at(&GRENS, dag);
    let verwijzer = t.verwijzer.ok_or(Reden::GeenVerwijzer)?;
    let Some(budget) = t.eerste_budget.filter(|b| *b > grens) else { return Ok(Uitslag::InOrde) };
    if !instelling.at(&VERWIJZERS, dag).contains(&verwijzer.0)
        || t.bijzonderheden.bevat(Bijzonderheid::Toestemming)
    {
        return Ok(Uitslag::InOrde);
    }
    let b = groep
        .bevinding(nr, Ernst::Onzekerheid)
        .gemeten(budget, grens)
        .gevonden(format!("eerste budget {budget} na verwijzer {verwijzer}"))
        .verwacht(format!("hoogstens {grens} zonder toestemming van de Toegang"))
        .toelichting("Beoordeel of de Toegang heeft ingestemd.");
    if groep.controle.kent_bijzonderheid(t) {
        b
    } else {
        b.ook("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.")
    }
    .into()
}
