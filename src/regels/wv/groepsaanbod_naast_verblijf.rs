//! WV05: groepsaanbod beside a stay.
//!
//! Needs Bijzonderheid of the toewijzing for `toestemming`. Source: ID eis 92.

use super::is_verblijf;
use crate::dossier::{Bijzonderheid, Ernst, Onderdeel, Product};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Jeugdigegroep, Reden, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "WV05",
    titel: "Groepsaanbod naast verblijf",
    wat: "Een jeugdige heeft in een maand zowel verblijf als groepsaanbod, en de toewijzing voor het groepsaanbod noemt geen toestemming. Eén signaal per jeugdige en maand.",
    waarom: "Dagbesteding hoort bij verblijf, tenzij de gemeente groepsaanbod apart toestond.",
    nodig: "Bijzonderheid van de toewijzing",
    about: Some(is_groepsaanbod),
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

fn is_groepsaanbod(product: &Product) -> bool {
    product.onderdeel() == Some(Onderdeel::Groepsaanbod)
}

fn toets(groep: &Jeugdigegroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    for (maand, lijnen) in groep.per_maand(|l| is_verblijf(l.product) || is_groepsaanbod(l.product))
    {
        let op_groep: Vec<_> = lijnen.iter().filter(|l| is_groepsaanbod(l.product)).collect();
        if op_groep.is_empty() {
            continue;
        }
        if !lijnen.iter().any(|l| is_verblijf(l.product)) {
            uit.getoetst();
            continue;
        }
        let toewijzingen: Vec<_> = op_groep.iter().filter_map(|l| l.toewijzing().ok()).collect();
        if toewijzingen.is_empty() {
            uit.niet_toetsbaar(Reden::GeenToewijzing);
            continue;
        }
        uit.getoetst();
        let zonder =
            toewijzingen.iter().find(|t| !t.bijzonderheden.bevat(Bijzonderheid::Toestemming));
        let Some(t) = zonder else { continue };
        let mut b = groep
            .bevinding(Ernst::Signaal)
            .on_lines(lijnen.iter().copied())
            .gevonden(format!("verblijf en groepsaanbod in {maand}"))
            .verwacht("toestemming voor groepsaanbod naast verblijf");
        if !groep.controle.kent_bijzonderheid(t) {
            b = b.ook("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
        }
        uit.bevinding(b);
    }
}
