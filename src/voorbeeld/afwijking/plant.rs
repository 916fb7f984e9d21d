//! Planting: an exception goes into a toewijzing that has room for it, or leaves it as it was.

use super::op_regel;
use super::op_toewijzing::{
    alle_naar, duurzaam_groep_zwaar, duurzaam_hoge_groep, gemeente_doet_niet_mee,
    niet_gecontracteerd, no_shows, ongeldig_bsn, over_budget, over_totaal, te_oud, verwijderd,
    zonder_perceel,
};
use super::soort::Afwijking;
use crate::dossier::Gemeente;
use crate::ground::random::Worp;
use crate::voorbeeld::jeugdige::Jeugdige;
use crate::voorbeeld::plan::Plan;
use crate::voorbeeld::traject::{Regel, Traject};

/// What was planted, on which line.
#[derive(Clone, Debug)]
pub struct Geplant {
    pub afwijking: Afwijking,
    pub gemeente: Gemeente,
    pub aanbieder: u32,
    pub toewijzing: u64,
    /// With [`Self::volgnummer`] the ReferentieNummer.
    pub traject: u64,
    pub volgnummer: u16,
}

impl Geplant {
    fn op(afwijking: Afwijking, t: &Traject, regel: &Regel) -> Geplant {
        Geplant {
            afwijking,
            gemeente: regel.gemeente,
            aanbieder: regel.aanbieder,
            toewijzing: regel.toewijzing,
            traject: t.nummer,
            volgnummer: regel.volgnummer,
        }
    }
}

impl Afwijking {
    /// Plants this exception in a lawful toewijzing, if it has room for it: then the toewijzing is
    /// lawful but for what is returned. `no_shows_voor` is how many no-shows the child had over before
    /// it.
    pub fn plant(
        self,
        plan: &Plan,
        worp: &mut Worp,
        t: &mut Traject,
        jeugdige: &mut Jeugdige,
        no_shows_voor: u32,
    ) -> Vec<Geplant> {
        let voor = t.clone();
        let gelukt = match self {
            Afwijking::NS01 => no_shows(plan, worp, t, jeugdige, no_shows_voor),
            Afwijking::DZ01 => duurzaam_hoge_groep(plan, t),
            Afwijking::DZ02 => duurzaam_groep_zwaar(plan, t),
            Afwijking::TW10 => verwijderd(plan, t),
            Afwijking::TF03 => zonder_perceel(plan, worp, t),
            Afwijking::TF06 => niet_gecontracteerd(plan, worp, t),
            Afwijking::DN01 => gemeente_doet_niet_mee(plan, t),
            Afwijking::DN02 => alle_naar(plan, t, plan.contract.buiten_regio),
            Afwijking::JW11 => alle_naar(plan, t, plan.contract.onbekende_gemeente),
            Afwijking::ED01 => te_oud(plan, t, jeugdige),
            Afwijking::JW10 => ongeldig_bsn(plan, t),
            Afwijking::BU01 => over_budget(plan, worp, t),
            Afwijking::TW12 => over_totaal(plan, t),
            _ => op_regel::plant(self, plan, worp, t).map(|nummer| vec![nummer]),
        };
        let Some(volgnummers) = gelukt else {
            *t = voor;
            return Vec::new();
        };
        if !matches!(self, Afwijking::BU01 | Afwijking::TW11 | Afwijking::TW12) {
            t.ken_toe(plan);
        }
        let mut uit = Vec::new();
        for nummer in volgnummers {
            // Of two lines with one number it is the last.
            let Some(regel) = t.regels.iter().rev().find(|r| r.volgnummer == nummer) else {
                continue;
            };
            uit.push(Geplant::op(self, t, regel));
            if self == Afwijking::JW11 {
                uit.push(Geplant::op(Afwijking::DN02, t, regel));
            }
        }
        uit
    }
}
