//! TL03: declared later than agreed, but within the term in which the claim holds.
//!
//! One finding an aanbieder: how many lines and how much. Needs Ontvangstdatum. Source: ID eis 43a.

use super::later_dan;
use super::te_laat_met_grond::DAGEN;
use crate::dossier::{Cent, Ernst, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{
    Aanbiedergroep, Bevinding, Check, Lijn, Onderwerp, Regel, RestsOn, Uitkomsten,
};

pub static REGEL: Regel = Regel {
    code: "TL03",
    titel: "Later gedeclareerd dan afgesproken",
    wat: "Per aanbieder worden de regels geteld die na de afgesproken termijn, maar nog binnen de termijn van eis 35 zijn ontvangen.",
    waarom: "Aanbieders horen elke maand te declareren, kort na afloop van de maand.",
    nodig: "Ontvangstdatum",
    parameters: &[BINNEN.spec(), DAGEN.spec()],
    checks: &[Check::Aanbieder(toets)],
    rests_on: RestsOn::Where(is_laat),
    ..Regel::BASE
};

const BINNEN: Parameter<i64> = Parameter::new(
    "binnen",
    "dagen na de maand van levering waarbinnen maandelijks gedeclareerd wordt",
);

/// Did the line come after the agreed term, but within that of TL02?
fn is_laat(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> bool {
    let dag = lijn.controle.laatste_dag();
    let (binnen, grens) = (instelling.at(&BINNEN, dag), instelling.at(&DAGEN, dag));
    let dagen = lijn.kolom(Kolom::Ontvangstdatum).ok().and(lijn.regel.dagen_tot_ontvangst());
    dagen.is_some_and(|dagen| binnen < dagen && dagen <= grens)
}

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let dag = groep.controle.laatste_dag();
    let (binnen, grens) = (instelling.at(&BINNEN, dag), instelling.at(&DAGEN, dag));
    let (mut aantal, mut som) = (0_u64, Cent::NUL);
    for (lijn, _) in later_dan(groep, binnen, uit).filter(|(_, dagen)| *dagen <= grens) {
        aantal += 1;
        som += lijn.regel.ingediend_bedrag;
    }
    if aantal == 0 {
        return;
    }
    let regels = if aantal == 1 { "1 regel".to_owned() } else { format!("{aantal} regels") };
    uit.bevinding(
        Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(groep.nr))
            .bedrag(som)
            .gevonden(format!("{regels}, samen {som}, na {binnen} tot en met {grens} dagen"))
            .verwacht(format!("binnen {binnen} dagen na de maand van levering"))
            .toelichting("Bespreek met de aanbieder hoe het maandelijks declareren verloopt."),
    );
}
