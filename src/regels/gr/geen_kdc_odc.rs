//! GR01: groepsaanbod extra zwaar or intensief outside a KDC or ODC.
//!
//! Stands in ID 1.8 only. Needs KdcOdc of the aanbieder, or `kdc` in Bijzonderheid. Source: ID 8.5.3.

use super::is_all_inclusive;
use crate::dossier::{Bijzonderheid, Ernst, Kolom};
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "GR01",
    title: "Extra zwaar of intensief buiten KDC of ODC",
    what: "Groepsaanbod extra zwaar of intensief van een aanbieder die geen KDC of ODC is, zonder dat de toewijzing kdc noemt, is een fout; voor levering van voor de versie die dit vraagt of bij een onbekende aanbieder een onzekerheid.",
    why: "Deze intensiteiten zijn alleen voor een kinderdagcentrum of orthopedagogisch dagcentrum.",
    for_aanbieder: "Groepsaanbod extra zwaar of intensief is alleen toegestaan in een KDC of ODC.",
    needs: needs!(
        "{} van de aanbieder; {} van de toewijzing",
        Aanbieders(KdcOdc),
        Toewijzingen(Bijzonderheid)
    ),
    parameters: &[AT_MOST.spec()],
    about: Some(is_all_inclusive),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let c = line.context;
    let (mut twijfels, mut unknown) = (Vec::new(), None);
    match c.data_with(line.data.aanbieder, Kolom::KdcOdc) {
        Ok(g) if g.kdc_odc == Some(true) => return Ok(Ruling::InOrder),
        Ok(_) => {}
        Err(reason @ Reason::Onleesbaar(_)) => unknown = Some(reason),
        Err(Reason::KolomOntbreekt(_)) => {
            twijfels.push("De kolom KdcOdc van de aanbieders ontbreekt.");
        }
        Err(_) => {
            twijfels.push("De aanbieder staat in geen lijst; of hij KDC of ODC is, is onbekend.")
        }
    }
    match line.toewijzing() {
        Ok(t) if t.names(Bijzonderheid::Kdc)? => return Ok(Ruling::InOrder),
        Ok(t) if !c.knows_bijzonderheid(t) => {
            twijfels.push("De kolom Bijzonderheid, waarin kdc kan staan, ontbreekt.");
        }
        Ok(_) | Err(Reason::GeenToewijzing) => {}
        Err(_) => {
            twijfels.push("Zonder ToewijzingNummer is niet te zien of de toewijzing kdc noemt.")
        }
    }
    if let Some(reason) = unknown {
        return Err(reason);
    }
    let ernst = if twijfels.is_empty() { Ernst::Fout } else { Ernst::Onzekerheid };
    let b = line
        .bevinding(ernst)
        .found(format!(
            "{} buiten een KDC of ODC",
            line.product.tariefsleutel().unwrap_or_default()
        ))
        .expected("alleen bij een KDC of ODC")
        .toelichting(twijfels.join(" "));
    VersionAt::on(settings, line.data.begindatum).clamp(b).into()
}
