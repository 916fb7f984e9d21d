//! TW12: more than the toewijzing allows in all.
//!
//! All lines of all years whose unit fits count, in order; each line that goes above the maximum
//! is over for that part. Needs Volume, Eenheid and Frequentie of the toewijzing.
//! Source: iJw TR322, IV076–IV079.

use super::omvang::{Extent, fits};
use crate::dossier::{Ernst, Volume};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Outcomes, Reason, Rule, Ruling, ToewijzingGroup};

pub(crate) static RULE: Rule = Rule {
    code: "TW12",
    title: "Meer dan toegewezen in totaal",
    what: "Het volume van alle regels op de toewijzing, van alle jaren, wordt in volgorde opgeteld. Elke regel waarmee de som boven het maximum over de hele looptijd komt, is een fout voor het deel erboven.",
    why: "Er mag niet meer worden gedeclareerd dan is toegewezen.",
    needs: "ToewijzingNummer; Volume, Eenheid, Frequentie en Einddatum van de toewijzing",
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let bound = limit(group);
    let mut sum = Volume::ZERO;
    group.each_line(out, |line| {
        let Some(t) = super::toewijzing(line)? else { return Ok(Ruling::NotApplicable) };
        let Some((size, maximum)) = bound? else { return Ok(Ruling::NotApplicable) };
        if !fits(t, line.data)? {
            return Err(Reason::EenheidPastNiet);
        }
        let volume = size.volume_of(line.data);
        if volume == Volume::ZERO {
            return Err(Reason::VolumeNul);
        }
        sum = Volume(sum.0 + volume.0);
        let over = (sum.0 - maximum.0).min(volume.0);
        if over <= 0 {
            return Ok(Ruling::InOrder);
        }
        let words = |v| size.in_words(v, t, line.data);
        line.bevinding(Ernst::Fout)
            .bedrag(line.data.ingediend_bedrag.pro_rata(over, volume.0))
            .found(format!("{} tot en met deze regel", words(sum)))
            .expected(format!("hoogstens {} over de hele looptijd", words(maximum)))
            .toelichting(format!("Toegewezen: {}.", size.description(t)))
            .into()
    });
}

/// What is granted and its maximum over the term; `None` where no volume is granted.
fn limit(group: &ToewijzingGroup<'_>) -> Result<Option<(Extent, Volume)>, Reason> {
    let Some((_, t)) = group.toewijzing else { return Ok(None) };
    let Some(size) = Extent::of(group.context, t)? else { return Ok(None) };
    Ok(Some((size, size.maximum_in_total()?)))
}
