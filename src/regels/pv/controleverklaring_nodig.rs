//! PV04: an aanbieder large enough for an auditor's statement, without a certified row.
//!
//! By LandelijkeOmzet or, lacking it, this region's sum. The contract's threshold is the default;
//! a ruleset may choose the national one. Source: ID eis 54.

use crate::dossier::{Cent, Ernst, Kolom, Soort, Status};
use crate::regelset::{Choice, Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "PV04",
    titel: "Controleverklaring nodig",
    wat: "De landelijke omzet van de aanbieder (of, als die niet bekend is, zijn som in deze regio) is hoger dan de drempel, en geen rij van zijn productieverantwoording is gewaarmerkt. Dat is een signaal.",
    waarom: "Boven de drempel hoort bij de verantwoording een controleverklaring van een accountant.",
    nodig: "productieverantwoording met Status; LandelijkeOmzet van de aanbieder",
    parameters: &[DREMPEL.spec(), LANDELIJK.spec(), KEUS.spec()],
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

const DREMPEL: Parameter<Cent> =
    Parameter::new("drempel", "omzet waarboven het contract een controleverklaring vraagt");

const LANDELIJK: Parameter<Cent> = Parameter::optional(
    "drempel_landelijk",
    "omzet waarboven het landelijke controleprotocol een controleverklaring vraagt",
);

const KEUS: Parameter<Drempelkeus> = Parameter::new("keus", "welke van beide drempels geldt");

#[derive(Clone, Copy)]
enum Drempelkeus {
    Contract,
    Landelijk,
}

impl Choice for Drempelkeus {
    const WORDS: &'static [&'static str] = &["contract", "landelijk"];
    const CHOICES: &'static [Drempelkeus] = &[Drempelkeus::Contract, Drempelkeus::Landelijk];
}

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let Some(regio) = groep.jaarsom(c.jaar) else { return };
    if c.dossier.productieverantwoording.is_none() {
        return uit.niet_toetsbaar(Reden::TabelOntbreekt(Soort::Productieverantwoording));
    }
    let dag = c.laatste_dag();
    let landelijke_drempel = instelling.get(&LANDELIJK, dag).map(|v| v.value);
    let drempel = match (instelling.at(&KEUS, dag), landelijke_drempel) {
        (Drempelkeus::Landelijk, Some(drempel)) => drempel,
        _ => instelling.at(&DREMPEL, dag),
    };
    let landelijk = groep.aanbieder.gegevens.as_ref().and_then(|g| g.landelijke_omzet);
    let (omzet, waarvan) = match landelijk {
        Some(omzet) => (omzet, "landelijke omzet"),
        None => (regio, "omzet in deze regio"),
    };
    if omzet <= drempel {
        return uit.getoetst();
    }
    let rijen = c.dossier.verantwoording_van(groep.aanbieder.agb, c.jaar);
    if rijen.iter().any(|r| r.status == Some(Status::Gewaarmerkt)) {
        return uit.getoetst();
    }
    if let Some(rij) = rijen.iter().find(|r| c.kolom(r.bestand, Kolom::Status).is_err()) {
        if let Err(reden) = c.kolom(rij.bestand, Kolom::Status) {
            uit.niet_toetsbaar(reden);
        }
        return;
    }
    uit.getoetst();
    uit.bevinding(
        groep
            .bevinding(Ernst::Signaal)
            .gevonden(format!("{waarvan} {omzet}, geen gewaarmerkte productieverantwoording"))
            .verwacht(format!("een controleverklaring boven {drempel}")),
    );
}
