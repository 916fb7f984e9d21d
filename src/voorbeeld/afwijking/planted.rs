//! What the list of planted exceptions says of one.

use super::kind::Afwijking;
use crate::dossier::Gemeente;
use crate::voorbeeld::traject::{Prestatie, Traject};

/// What was planted, on which line.
#[derive(Clone, Debug)]
pub(crate) struct Planted {
    pub afwijking: Afwijking,
    pub gemeente: Gemeente,
    pub aanbieder: u32,
    pub toewijzing: u64,
    /// With [`Self::volgnummer`] the ReferentieNummer.
    pub traject: u64,
    pub volgnummer: u16,
}

impl Planted {
    pub(super) fn on(afwijking: Afwijking, t: &Traject, line: &Prestatie) -> Planted {
        Planted {
            afwijking,
            gemeente: line.gemeente,
            aanbieder: line.aanbieder,
            toewijzing: line.toewijzing,
            traject: t.nummer,
            volgnummer: line.volgnummer,
        }
    }
}
