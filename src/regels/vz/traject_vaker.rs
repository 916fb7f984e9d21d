//! VZ01: MST or ZIT declared more than once.
//!
//! MST and ZIT lines of one toewijzing together, over all years. Source: ID 8.5.4.

use crate::dossier::{Eenheid, Ernst, Product, Volume};
use crate::regels::maximum::boven;
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Reden, Regel, Toewijzingsgroep, Uitkomsten, Uitslag};

pub static REGEL: Regel = Regel {
    code: "VZ01",
    titel: "MST of ZIT meer dan eens",
    wat: "De stuks MST en ZIT op één toewijzing worden in volgorde opgeteld, over alle jaren. Wat boven het maximum komt, is een onzekerheid.",
    waarom: "Het tarief is voor het hele traject.",
    nodig: "Volume in stuks; Tariefsleutel van het product",
    parameters: &[STUKS.spec()],
    about: Some(is_traject),
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const STUKS: Parameter<i64> = Parameter::new("stuks", "trajecten die op één toewijzing passen");

fn is_traject(product: &Product) -> bool {
    matches!(product.tariefsleutel(), Some("MST" | "ZIT"))
}

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let mut lijnen = Vec::new();
    groep.each_line(uit, |lijn| {
        if !is_traject(lijn.product) {
            return Ok(Uitslag::NietVanToepassing);
        }
        lijn.toewijzing()?;
        if !matches!(lijn.regel.eenheid, Eenheid::STUKS_OUTPUT | Eenheid::STUKS_INSPANNING) {
            return Err(Reden::GeenStuks);
        }
        lijnen.push((*lijn, lijn.regel.geleverd_volume.0));
        Ok(Uitslag::InOrde)
    });
    let stuks = instelling.at(&STUKS, c.laatste_dag());
    for b in boven(lijnen, Volume::heel(stuks).0) {
        if c.in_leverjaar(b.lijn.regel) {
            uit.bevinding(
                b.lijn
                    .bevinding(Ernst::Onzekerheid)
                    .bedrag(b.bedrag)
                    .gevonden(format!("{} trajecten tot en met deze regel", Volume(b.som)))
                    .verwacht(format!("hoogstens {stuks} op deze toewijzing"))
                    .toelichting("Beoordeel of de gemeente een tweede traject heeft afgesproken."),
            );
        }
    }
}
