//! TF02: the amount isn't volume × tariff.
//!
//! With unit 83 the volume is the amount. A contract per hour declared in minutes is rounded once,
//! over the whole line. Otherwise the line's own tariff counts. Source: iJw TR346, IV081.

use crate::dossier::{Cent, Eenheid, Ernst, Kolom, exact_half_up};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TF02",
    title: "Bedrag is niet volume maal tarief",
    what: "Het ingediende bedrag wordt vergeleken met volume maal tarief. Hoger is een fout voor het verschil, lager een signaal.",
    why: "Een bedrag dat niet uit volume en tarief volgt, is niet te onderbouwen.",
    for_aanbieder: "Het bedrag is niet het volume maal het tarief.",
    needs: needs!(
        "{}, behalve bij eenheid 83 en bij een uurtarief dat in minuten wordt gedeclareerd",
        Declaraties(ProductTarief)
    ),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let (berekend, how) = computed(line)?;
    let declared = line.data.ingediend_bedrag;
    if declared == berekend {
        return Ok(Ruling::InOrder);
    }
    let ernst = if declared > berekend { Ernst::Fout } else { Ernst::Signaal };
    line.bevinding(ernst)
        .bedrag((declared - berekend).at_least_zero())
        .measured(declared, berekend)
        .found(format!("bedrag {declared}"))
        .expected(format!("{berekend}: {}", how.description(line)))
        .into()
}

/// How an amount follows from a line.
enum Computation {
    /// The volume is the amount.
    Volume,
    /// A tariff per hour, over minutes.
    Uurtarief(Cent),
    /// The line's own tariff.
    Tarief(Cent),
}

impl Computation {
    fn description(&self, line: &Line<'_>) -> String {
        let volume = line.data.geleverd_volume;
        match self {
            Computation::Volume => "het volume in eurocenten".to_owned(),
            Computation::Uurtarief(tarief) => format!("{volume} minuten tegen {tarief} per uur"),
            Computation::Tarief(tarief) => format!("{volume} × {tarief}"),
        }
    }
}

/// What the amount should be, and how that follows.
fn computed(line: &Line<'_>) -> Result<(Cent, Computation), Reason> {
    let volume = i128::from(line.data.geleverd_volume.0);
    if line.data.eenheid == Eenheid::EURO {
        return Ok((Cent(line.data.geleverd_volume.0 / 100), Computation::Volume));
    }
    if line.data.eenheid == Eenheid::MINUUT
        && let Ok(contract) = line.contract_tarief()
        && contract.eenheid == Eenheid::HOUR
    {
        let bedrag = exact_half_up(i128::from(contract.bedrag.0) * volume, 60 * 100);
        let bedrag = bedrag.ok_or(Reason::TeGroot)?;
        return Ok((bedrag, Computation::Uurtarief(contract.bedrag)));
    }
    line.kolom(Kolom::ProductTarief)?;
    let tarief = line.data.product_tarief.ok_or(Reason::GeenProductTarief)?.bedrag();
    let bedrag = exact_half_up(i128::from(tarief.0) * volume, 100).ok_or(Reason::TeGroot)?;
    Ok((bedrag, Computation::Tarief(tarief)))
}
