//! PV04: an aanbieder large enough for an auditor's statement, without a certified row for a
//! gemeente.
//!
//! By LandelijkeOmzet or, lacking it, this region's sum. The contract's threshold is the default;
//! a ruleset may choose the national one. Source: ID eis 53, 54.

use super::{bevinding, gedeclareerd};
use crate::dossier::{Cent, Ernst, FileKind, Kolom, SmallRow, Status};
use crate::regelset::{Choice, Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "PV04",
    title: "Controleverklaring nodig",
    what: "De landelijke omzet van de aanbieder (of, als die niet bekend is, zijn som in deze regio) is hoger dan de drempel, en voor een gemeente waarvoor hij declareerde is geen rij van zijn productieverantwoording gewaarmerkt. Dat is een signaal per aanbieder en gemeente.",
    why: "Boven de drempel hoort bij de verantwoording een controleverklaring van een accountant.",
    for_aanbieder: "Bij uw productieverantwoording hoort een controleverklaring.",
    needs: needs!(
        "productieverantwoording met {}; {} van de aanbieder",
        Productieverantwoording(Status),
        Aanbieders(LandelijkeOmzet)
    ),
    parameters: &[THRESHOLD.spec(), LANDELIJK.spec(), CHOICE.spec()],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

const THRESHOLD: Parameter<Cent> =
    Parameter::new("drempel", "omzet waarboven het contract een controleverklaring vraagt");

const LANDELIJK: Parameter<Cent> = Parameter::optional(
    "drempel_landelijk",
    "omzet waarboven het landelijke controleprotocol een controleverklaring vraagt",
);

const CHOICE: Parameter<Drempelkeus> = Parameter::new("keus", "welke van beide drempels geldt");

#[derive(Clone, Copy)]
enum Drempelkeus {
    Contract,
    Landelijk,
}

impl Choice for Drempelkeus {
    const WORDS: &'static [&'static str] = &["contract", "landelijk"];
    const CHOICES: &'static [Drempelkeus] = &[Drempelkeus::Contract, Drempelkeus::Landelijk];
}

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let Some(regio) = group.jaarsom(c.jaar) else { return };
    if c.dossier.productieverantwoording.is_none() {
        return out.not_testable(Reason::TabelOntbreekt(FileKind::Productieverantwoording));
    }
    let dag = c.last_dag();
    let landelijke_threshold = settings.get(&LANDELIJK, dag).map(|v| v.value);
    let threshold = match (settings.at(&CHOICE, dag), landelijke_threshold) {
        (Drempelkeus::Landelijk, Some(threshold)) => threshold,
        _ => settings.at(&THRESHOLD, dag),
    };
    if let Some(g) = &group.aanbieder.data
        && let Err(unreadable) = g.readable(Kolom::LandelijkeOmzet)
    {
        return out.not_testable(unreadable.into());
    }
    let landelijk = group.aanbieder.data.as_ref().and_then(|g| g.landelijke_omzet);
    let (omzet, waarvan) = match landelijk {
        Some(omzet) => (omzet, "landelijke omzet"),
        None => (regio, "omzet in deze regio"),
    };
    let rows = c.dossier.verantwoording_of(group.aanbieder.agb, c.jaar);
    for gemeente in gedeclareerd(group).into_keys() {
        let mut own = rows.iter().filter(|r| r.gemeente == gemeente);
        let has_certified = own.clone().any(|r| r.status == Some(Status::Gewaarmerkt));
        if omzet <= threshold || has_certified {
            out.tested();
            continue;
        }
        if let Some(reason) = own.find_map(|r| c.cell(r, Kolom::Status).err()) {
            out.not_testable(reason);
            continue;
        }
        out.tested();
        out.bevinding(
            bevinding(group.id, gemeente, Ernst::Signaal)
                .found(format!("{waarvan} {omzet}, geen gewaarmerkte productieverantwoording"))
                .expected(format!("een controleverklaring boven {threshold}")),
        );
    }
}
