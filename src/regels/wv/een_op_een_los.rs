//! WV09: extra one-to-one support without the group or place that it comes on top of.
//!
//! Source: ID 8.5.3, 9.7.

use super::{EEN_OP_EEN, is_verblijf};
use crate::dossier::{Ernst, Onderdeel, Product};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Jeugdigegroep, Lijn, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "WV09",
    titel: "Extra 1-op-1 zonder groep of verblijf",
    wat: "Een regel voor extra 1-op-1 in een maand waarin de jeugdige geen regel voor verblijf of groepsaanbod heeft, is een onzekerheid.",
    waarom: "Extra 1-op-1 komt boven op een plaats in een groep of woonvoorziening.",
    nodig: "Tariefsleutel en Onderdeel van de producten",
    about: Some(is_een_op_een),
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

fn is_een_op_een(product: &Product) -> bool {
    product.tariefsleutel() == Some(EEN_OP_EEN)
}

fn toets(groep: &Jeugdigegroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let is_plaats = |p: &Product| is_verblijf(p) || p.onderdeel() == Some(Onderdeel::Groepsaanbod);
    let van_belang = |l: &Lijn<'_>| is_een_op_een(l.product) || is_plaats(l.product);
    for (maand, lijnen) in groep.per_maand(van_belang) {
        let heeft_plaats = lijnen.iter().any(|l| is_plaats(l.product));
        for lijn in lijnen.iter().filter(|l| is_een_op_een(l.product)) {
            uit.getoetst();
            if !heeft_plaats {
                uit.bevinding(
                    lijn.bevinding(Ernst::Onzekerheid)
                        .gevonden(format!(
                            "extra 1-op-1 zonder groepsaanbod of verblijf in {maand}"
                        ))
                        .verwacht("extra 1-op-1 boven op groepsaanbod of verblijf")
                        .toelichting("Beoordeel bij welke plaats deze inzet hoort."),
                );
            }
        }
    }
}
