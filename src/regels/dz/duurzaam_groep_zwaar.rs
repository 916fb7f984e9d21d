//! DZ02: duurzaam help in groepsaanbod zwaar, other than at a KDC or ODC.
//!
//! Needs the toewijzing's Budgetsoort or its term, and the aanbieder's KdcOdc.
//! Source: RTP bijlage 4.

use super::{Twijfels, duurzaam};
use crate::dossier::{Bijzonderheid, Kolom};
use crate::regels::versie::{HOOGSTENS, Versie};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "DZ02",
    titel: "Duurzaam in groepsaanbod zwaar",
    wat: "Groepsaanbod zwaar op een duurzaam budget bij een aanbieder die geen KDC of ODC is, is een fout als de budgetsoort in de bestanden staat; anders een onzekerheid.",
    waarom: "Groepsaanbod zwaar mag op een duurzaam budget alleen bij een KDC of ODC.",
    nodig: "Budgetsoort of Einddatum van de toewijzing; KdcOdc van de aanbieder",
    parameters: &[SLEUTELS.spec(), HOOGSTENS.spec()],
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

const SLEUTELS: Parameter<[String]> = Parameter::new(
    "niet_toegestaan",
    "intensiteiten van groepsaanbod die niet op een duurzaam budget mogen",
);

fn toets(soort: &Lijnsoort<'_>, instelling: &Regelinstelling) -> Oordeel {
    soort.onderdeel()?;
    let verboden = soort.valid(instelling, &SLEUTELS).value;
    let sleutel = soort.product.tariefsleutel().unwrap_or_default();
    if !verboden.iter().any(|v| v == sleutel) {
        return Ok(Uitslag::NietVanToepassing);
    }
    let Some((t, herkomst)) = duurzaam(soort)? else { return Ok(Uitslag::NietVanToepassing) };
    let mut twijfels = Twijfels::van(soort, t, herkomst);
    let aanbieder = soort.controle.dossier.aanbieder(soort.aanbieder());
    match &aanbieder.gegevens {
        None => twijfels
            .0
            .push("De aanbieder staat niet in de lijst; of hij KDC of ODC is, is onbekend."),
        Some(g) if !soort.controle.dossier.heeft_kolom(g.bestand, Kolom::KdcOdc) => {
            twijfels.0.push("De kolom KdcOdc van de aanbieders ontbreekt.");
        }
        Some(g) if g.kdc_odc == Some(true) => return Ok(Uitslag::InOrde),
        Some(_) => {}
    }
    if t.bijzonderheden.bevat(Bijzonderheid::Kdc) {
        return Ok(Uitslag::InOrde);
    }
    let b = soort
        .bevinding(twijfels.ernst())
        .gevonden(format!("duurzaam budget, groepsaanbod {sleutel}"))
        .verwacht("alleen bij een KDC of ODC")
        .toelichting(twijfels.0.join(" "));
    Versie::of(soort.valid(instelling, &HOOGSTENS)).begrens(b).into()
}
