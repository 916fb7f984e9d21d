//! PV04: an aanbieder large enough for an auditor's statement, without a certified row.
//!
//! By LandelijkeOmzet or, lacking it, this region's sum. The contract's threshold is the default;
//! a ruleset may choose the national one. Source: ID eis 54.

use crate::dossier::{Ernst, Kolom, Soort, Status};
use crate::regelset::{Parameter, Parametersoort, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "PV04",
    titel: "Controleverklaring nodig",
    wat: "De landelijke omzet van de aanbieder (of, als die niet bekend is, zijn som in deze regio) is hoger dan de drempel, en geen rij van zijn productieverantwoording is gewaarmerkt. Dat is een signaal.",
    waarom: "Boven de drempel hoort bij de verantwoording een controleverklaring van een accountant.",
    nodig: "productieverantwoording met Status; LandelijkeOmzet van de aanbieder",
    parameters: &[DREMPEL, LANDELIJK, KEUS],
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

const DREMPEL: Parameter = Parameter::nieuw(
    "drempel",
    Parametersoort::Bedrag,
    "omzet waarboven het contract een controleverklaring vraagt",
);

const LANDELIJK: Parameter = Parameter::soms(
    "drempel_landelijk",
    Parametersoort::Bedrag,
    "omzet waarboven het landelijke controleprotocol een controleverklaring vraagt",
);

const KEUS: Parameter = Parameter::nieuw(
    "keus",
    Parametersoort::Keus(&["contract", "landelijk"]),
    "welke van beide drempels geldt",
);

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let Some(regio) = groep.jaarsom(c.jaar) else { return };
    if c.dossier.productieverantwoording.is_none() {
        return uit.niet_toetsbaar(Reden::TabelOntbreekt(Soort::Productieverantwoording));
    }
    let dag = c.laatste_dag();
    let landelijke_drempel = instelling.geldig(&LANDELIJK, dag).map(|g| g.waarde.bedrag());
    let drempel = match (instelling.keus(&KEUS, dag), landelijke_drempel) {
        ("landelijk", Some(drempel)) => drempel,
        _ => instelling.bedrag(&DREMPEL, dag),
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
