//! TF02: the amount isn't volume × tariff.
//!
//! With unit 83 the volume is the amount. A contract per hour declared in minutes is rounded once,
//! over the whole line. Otherwise the line's own tariff counts. Source: iJw TR346, IV081.

use crate::dossier::{Cent, Eenheid, Ernst, Kolom, half_omhoog};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Lijn, Oordeel, Reden, Regel, Uitslag};

pub static REGEL: Regel = Regel {
    code: "TF02",
    titel: "Bedrag is niet volume maal tarief",
    wat: "Het ingediende bedrag wordt vergeleken met volume maal tarief. Hoger is een fout voor het verschil, lager een signaal.",
    waarom: "Een bedrag dat niet uit volume en tarief volgt, is niet te onderbouwen.",
    nodig: "ProductTarief, behalve bij eenheid 83 en bij een uurtarief dat in minuten wordt gedeclareerd",
    checks: &[Check::Line(toets)],
    ..Regel::BASE
};

fn toets(lijn: &Lijn<'_>, _: &Regelinstelling) -> Oordeel {
    let (berekend, hoe) = berekend(lijn)?;
    let declared = lijn.regel.ingediend_bedrag;
    if declared == berekend {
        return Ok(Uitslag::InOrde);
    }
    let ernst = if declared > berekend { Ernst::Fout } else { Ernst::Signaal };
    lijn.bevinding(ernst)
        .bedrag((declared - berekend).minstens_nul())
        .gemeten(declared, berekend)
        .gevonden(format!("bedrag {declared}"))
        .verwacht(format!("{berekend}: {}", hoe.omschrijving(lijn)))
        .into()
}

/// How an amount follows from a line.
enum Berekening {
    /// The volume is the amount.
    Volume,
    /// A tariff per hour, over minutes.
    Uurtarief(Cent),
    /// The line's own tariff.
    Tarief(Cent),
}

impl Berekening {
    fn omschrijving(&self, lijn: &Lijn<'_>) -> String {
        let volume = lijn.regel.geleverd_volume;
        match self {
            Berekening::Volume => "het volume in eurocenten".to_owned(),
            Berekening::Uurtarief(tarief) => format!("{volume} minuten tegen {tarief} per uur"),
            Berekening::Tarief(tarief) => format!("{volume} × {tarief}"),
        }
    }
}

/// What the amount should be, and how that follows.
fn berekend(lijn: &Lijn<'_>) -> Result<(Cent, Berekening), Reden> {
    let volume = i128::from(lijn.regel.geleverd_volume.0);
    if lijn.regel.eenheid == Eenheid::EURO {
        return Ok((Cent(lijn.regel.geleverd_volume.0 / 100), Berekening::Volume));
    }
    if lijn.regel.eenheid == Eenheid::MINUUT
        && let Ok(contract) = lijn.contracttarief()
        && contract.eenheid == Eenheid::UUR
    {
        let bedrag = half_omhoog(i128::from(contract.bedrag.0) * volume, 60 * 100);
        return Ok((Cent(bedrag), Berekening::Uurtarief(contract.bedrag)));
    }
    lijn.kolom(Kolom::ProductTarief)?;
    let tarief = lijn.regel.product_tarief.ok_or(Reden::GeenProductTarief)?.bedrag();
    Ok((Cent(half_omhoog(i128::from(tarief.0) * volume, 100)), Berekening::Tarief(tarief)))
}
