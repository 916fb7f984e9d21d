//! Planting: an exception goes into a toewijzing that has room for it, or leaves it as it was.

use super::kind::Afwijking;
use super::on_line;
use super::on_toewijzing::{
    all_to, duurzaam_group_zwaar, duurzaam_high_group, gemeente_doet_niet_mee, invalid_bsn,
    niet_gecontracteerd, no_shows, over_budget, over_total, removed, too_old, without_perceel,
};
use super::planted::Planted;
use crate::ground::random::SeededRng;
use crate::voorbeeld::jeugdige::Jeugdige;
use crate::voorbeeld::plan::Plan;
use crate::voorbeeld::traject::Traject;

impl Afwijking {
    /// Plants this exception in a lawful toewijzing, if it has room for it: then the toewijzing is
    /// lawful but for what is returned and what was in it, `there`. `no_shows_for` is how many no-shows
    /// the child had over before it.
    pub(crate) fn plant(
        self,
        plan: &Plan,
        rng: &mut SeededRng,
        t: &mut Traject,
        jeugdige: &mut Jeugdige,
        no_shows_for: u32,
        there: &[Planted],
    ) -> Vec<Planted> {
        let before = t.clone();
        let succeeded = match self {
            Afwijking::NS01 => no_shows(plan, rng, t, jeugdige, no_shows_for),
            Afwijking::DZ01 => duurzaam_high_group(plan, t),
            Afwijking::DZ02 => duurzaam_group_zwaar(plan, t),
            Afwijking::TW10 => removed(plan, t),
            Afwijking::TF03 => without_perceel(plan, rng, t),
            Afwijking::TF06 => niet_gecontracteerd(plan, rng, t),
            Afwijking::DN01 => gemeente_doet_niet_mee(plan, t),
            Afwijking::DN02 => all_to(plan, t, plan.contract.outside_regio),
            Afwijking::JW11 => all_to(plan, t, plan.contract.unknown_gemeente),
            Afwijking::ED01 => too_old(plan, t, jeugdige),
            Afwijking::JW10 => invalid_bsn(plan, t),
            Afwijking::BU01 => over_budget(plan, rng, t),
            Afwijking::TW12 => over_total(plan, t),
            _ => on_line::plant(self, plan, rng, t, there).map(|nummer| vec![nummer]),
        };
        let Some(volgnummers) = succeeded else {
            *t = before;
            return Vec::new();
        };
        if !self.is_of_granted() {
            t.grant(plan);
        }
        let mut out = Vec::new();
        for nummer in volgnummers {
            // Of two lines with one number it is the last.
            let Some(line) = t.lines.iter().rev().find(|r| r.volgnummer == nummer) else {
                continue;
            };
            out.push(Planted::on(self, t, line));
            if self == Afwijking::JW11 {
                out.push(Planted::on(Afwijking::DN02, t, line));
            }
        }
        out
    }
}
