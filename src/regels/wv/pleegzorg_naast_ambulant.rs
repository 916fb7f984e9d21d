//! WV10: ambulant help beside pleegzorg of the same aanbieder.
//!
//! The tariff of pleegzorg holds hours of support already. Source: ID 9.7.1, XIV pleegzorg 1, 3.

use crate::dossier::{Ernst, Onderdeel, Product, Vorm};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Jeugdigegroep, Regel, Uitkomsten};
use std::collections::BTreeSet;

pub static REGEL: Regel = Regel {
    code: "WV10",
    titel: "Ambulant naast pleegzorg bij dezelfde aanbieder",
    wat: "Een jeugdige heeft in een maand zowel pleegzorg als ambulante hulp van dezelfde aanbieder. Eén signaal per jeugdige, aanbieder en maand.",
    waarom: "In het tarief van pleegzorg zit al begeleiding; alleen wat daar bovenop komt is apart declarabel.",
    nodig: "Vorm en Onderdeel van de producten",
    parameters: &[UREN.spec()],
    about: Some(is_pleegzorg),
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

const UREN: Parameter<i64> =
    Parameter::new("uren", "uren begeleiding per jaar die in het tarief van pleegzorg zitten");

fn is_pleegzorg(product: &Product) -> bool {
    product.vorm() == Some(Vorm::Pleegzorg)
}

fn is_ambulant(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Ambulant)
}

fn toets(groep: &Jeugdigegroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    for (maand, lijnen) in groep.per_maand(|l| is_pleegzorg(l.product) || is_ambulant(l.product)) {
        let aanbieders: BTreeSet<_> =
            lijnen.iter().filter(|l| is_pleegzorg(l.product)).map(|l| l.regel.aanbieder).collect();
        for aanbieder in aanbieders {
            uit.getoetst();
            let aantal = lijnen
                .iter()
                .filter(|l| is_ambulant(l.product) && l.regel.aanbieder == aanbieder)
                .count();
            if aantal == 0 {
                continue;
            }
            let uren = instelling.at(&UREN, maand.eind());
            uit.bevinding(
                groep
                    .bevinding(Ernst::Signaal)
                    .on_lines(lijnen.iter().copied().filter(|l| l.regel.aanbieder == aanbieder))
                    .gevonden(format!(
                        "pleegzorg en {aantal} {} ambulante hulp van aanbieder {} in {maand}",
                        if aantal == 1 { "regel" } else { "regels" },
                        groep.controle.agb(aanbieder)
                    ))
                    .verwacht(format!(
                        "eerst de {uren} uur per jaar die in het tarief van pleegzorg zitten"
                    )),
            );
        }
    }
}
