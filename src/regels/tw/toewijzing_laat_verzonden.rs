//! TW19: toewijzingen that a gemeente sent late.
//!
//! By the toewijzing's own Gemeente and its version in force, over toewijzingen with a live line in
//! the audited year. Source: ID eis 35, 43c.

use crate::dossier::{Cent, Duizendtallen, Gemeente, ToewijzingNr};
use crate::regelset::{Parameter, Parametersoort, Regelinstelling};
use crate::toetsing::{Bevinding, Dossiergroep, Ernst, Onderwerp, Regel, Toets, Uitkomsten};
use std::collections::BTreeMap;

pub static REGEL: Regel = Regel {
    code: "TW19",
    titel: "Toewijzingen laat verzonden",
    wat: "Toewijzingen waarvan de eerste Toewijzingsdatum meer dan het toegestane aantal dagen na de Ingangsdatum ligt. Per gemeente één signaal met het aantal en de som die in het leverjaar op die toewijzingen is gedeclareerd.",
    waarom: "Een late toewijzing maakt late declaraties onvermijdelijk; dat ligt niet aan de aanbieder.",
    nodig: "Toewijzingsdatum en Ingangsdatum",
    parameters: &[DAGEN],
    toets: Toets::Dossier(toets),
};

const DAGEN: Parameter = Parameter::nieuw(
    "dagen",
    Parametersoort::Getal,
    "dagen na de Ingangsdatum waarna een toewijzing te laat is verzonden",
);

fn toets(groep: &Dossiergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let mut gedeclareerd: Vec<Option<Cent>> = vec![None; c.dossier.toewijzingen.len()];
    for r in c.dossier.regels.iter().filter(|r| c.telt_mee_in_leverjaar(r)) {
        if let Some(nr) = r.toewijzing {
            *gedeclareerd[nr.plaats()].get_or_insert_default() += r.ingediend_bedrag;
        }
    }
    let mut per_gemeente: BTreeMap<Gemeente, (u64, Cent)> = BTreeMap::new();
    for (plaats, som) in gedeclareerd.into_iter().enumerate().filter_map(|(i, s)| Some((i, s?))) {
        uit.getoetst();
        let t = c.dossier.toewijzing(ToewijzingNr::nieuw(plaats));
        let dagen = instelling.getal(&DAGEN, t.ingangsdatum);
        if t.eerste_toewijzingsdatum.dagen_na(t.ingangsdatum) > dagen {
            let plek = per_gemeente.entry(t.gemeente).or_default();
            *plek = (plek.0 + 1, plek.1 + som);
        }
    }
    let dagen = instelling.getal(&DAGEN, c.laatste_dag());
    for (gemeente, (aantal, som)) in per_gemeente {
        uit.bevinding(
            Bevinding::nieuw(Ernst::Signaal, Onderwerp::Gemeente(gemeente), &instelling.bron)
                .bedrag(som)
                .gevonden(format!(
                    "{} meer dan {dagen} dagen na de Ingangsdatum verzonden",
                    match aantal {
                        1 => "1 toewijzing".to_owned(),
                        n => format!("{} toewijzingen", Duizendtallen(n)),
                    }
                ))
                .verwacht(format!("verzending binnen {dagen} dagen na de Ingangsdatum"))
                .toelichting(format!("Op deze toewijzingen is in {} {som} gedeclareerd.", c.jaar)),
        );
    }
}
