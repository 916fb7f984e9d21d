//! CT01: delivery outside the aanbieder's contract.
//!
//! An empty begin or end is open; a line partly outside counts whole. Needs ContractBegin and
//! ContractEinde. Source: ID 4.3.1.1–2; RTP bijlage 5.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijn, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "CT01",
    titel: "Buiten de contracttermijn",
    wat: "Een regel die begint voor ContractBegin of eindigt na ContractEinde van de aanbieder is een onzekerheid. Binnen de uitlooptermijn noemt de toelichting dat.",
    waarom: "Buiten de looptijd is er geen contract waarop te declareren valt, behalve voor lopende hulp in de uitloop.",
    nodig: "ContractBegin en ContractEinde van de aanbieder",
    parameters: &[UITLOOP.spec()],
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

const UITLOOP: Parameter<i64> = Parameter::new(
    "uitloop_maanden",
    "maanden na het einde van het contract waarin lopende hulp kan uitlopen",
);

fn toets(lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
    let c = lijn.controle;
    let r = lijn.regel;
    let g = c.gegevens_met(r.aanbieder, Kolom::ContractBegin)?;
    c.kolom(g.bestand, Kolom::ContractEinde)?;
    let te_vroeg = g.contract_begin.filter(|begin| r.begindatum < *begin);
    let te_laat = g.contract_einde.filter(|einde| r.einddatum > *einde);
    let (verwacht, toelichting) = match (te_vroeg, te_laat) {
        (None, None) => return Ok(Uitslag::InOrde),
        (Some(begin), _) => (
            format!("levering op of na {begin}, het begin van het contract"),
            "Beoordeel of de hulp onder een ander contract viel.".to_owned(),
        ),
        (None, Some(einde)) => {
            let maanden = instelling.at(&UITLOOP, einde);
            let uitloop = einde.plus_maanden(maanden as i32);
            (
                format!("levering tot en met {einde}, het einde van het contract"),
                if r.einddatum <= uitloop {
                    format!(
                        "Dit ligt binnen de {maanden} maanden uitloop na het contract: beoordeel of het om lopende hulp gaat."
                    )
                } else {
                    format!("Dit ligt ook na de {maanden} maanden uitloop.")
                },
            )
        }
    };
    lijn.bevinding(Ernst::Onzekerheid)
        .gevonden(format!("levering van {} t/m {}", r.begindatum, r.einddatum))
        .verwacht(verwacht)
        .toelichting(toelichting)
        .into()
}
