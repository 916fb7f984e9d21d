//! DZ01: duurzaam help in a tariff group that is for herstel only.
//!
//! Needs the toewijzing's Budgetsoort or its term; `medicatiecontrole` makes it a person's
//! judgement. Source: RTP bijlage 4; ID 8.5.1(1).

use super::{Twijfels, duurzaam};
use crate::dossier::{Bijzonderheid, Onderdeel};
use crate::regels::versie::{HOOGSTENS, Versie};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Lijnsoort, Oordeel, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "DZ01",
    titel: "Duurzaam buiten de toegestane tariefgroepen",
    wat: "Ambulante hulp op een duurzaam budget in een tariefgroep die daarvoor niet is toegestaan, is een fout als de budgetsoort in de bestanden staat en het niet om medicatiecontrole gaat; anders een onzekerheid.",
    waarom: "Op een duurzaam budget mogen alleen de laagste tariefgroepen worden ingezet.",
    nodig: "Budgetsoort of Einddatum van de toewijzing; Tariefsleutel van het product",
    parameters: &[SLEUTELS.spec(), HOOGSTENS.spec()],
    checks: &[Check::LineKind(toets)],
    ..Regel::BASE
};

const SLEUTELS: Parameter<[String]> =
    Parameter::new("niet_toegestaan", "tariefgroepen die niet op een duurzaam budget mogen");

fn toets(soort: &Lijnsoort<'_>, instelling: &Regelinstelling) -> Oordeel {
    if soort.onderdeel()? != Onderdeel::Ambulant {
        return Ok(Uitslag::NietVanToepassing);
    }
    let sleutel = soort.product.tariefsleutel().unwrap_or_default();
    let verboden = soort.valid(instelling, &SLEUTELS).value;
    let Some((t, herkomst)) = duurzaam(soort)? else { return Ok(Uitslag::NietVanToepassing) };
    if !verboden.iter().any(|v| v == sleutel) {
        return Ok(Uitslag::InOrde);
    }
    let mut twijfels = Twijfels::van(soort, t, herkomst);
    if t.bijzonderheden.bevat(Bijzonderheid::Medicatiecontrole) {
        twijfels.0.push("De toewijzing is voor medicatiecontrole.");
    }
    let b = soort
        .bevinding(twijfels.ernst())
        .gevonden(format!("duurzaam budget, tariefgroep {sleutel}"))
        .verwacht(format!("een andere tariefgroep dan {}", verboden.join(", ")))
        .toelichting(twijfels.0.join(" "));
    Versie::of(soort.valid(instelling, &HOOGSTENS)).begrens(b).into()
}
