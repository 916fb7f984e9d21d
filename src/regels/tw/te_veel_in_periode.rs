//! TW11: more than the toewijzing allows in this period.
//!
//! Needs Volume, Eenheid and Frequentie of the toewijzing. Source: iJw TR321, IV076–IV079.

use super::omvang::{Extent, fits};
use crate::dossier::{Ernst, Volume};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "TW11",
    title: "Meer dan toegewezen in deze periode",
    what: "Het volume van de regel wordt vergeleken met wat de toewijzing, naar haar frequentie, in de productperiode toestaat. Wat erboven ligt, is een fout.",
    why: "Er mag niet meer worden gedeclareerd dan is toegewezen.",
    needs: "ToewijzingNummer; Volume, Eenheid, Frequentie en Einddatum van de toewijzing",
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing(line)? else { return Ok(Ruling::NotApplicable) };
    let Some(size) = Extent::of(line.context, t)? else {
        return Ok(Ruling::NotApplicable);
    };
    if !fits(t, line.data)? {
        return Err(Reason::EenheidPastNiet);
    }
    let Some(periode) = line.data.periode() else { return Ok(Ruling::NotApplicable) };
    let volume = size.volume_of(line.data);
    if volume == Volume::ZERO {
        return Err(Reason::VolumeNul);
    }
    let maximum = size.maximum_in(periode)?;
    if volume <= maximum {
        return Ok(Ruling::InOrder);
    }
    let words = |v| size.in_words(v, t, line.data);
    line.bevinding(Ernst::Fout)
        .bedrag(line.data.ingediend_bedrag.pro_rata(volume.0 - maximum.0, volume.0))
        .found(format!("{} in {periode}", words(volume)))
        .expected(format!("hoogstens {}", words(maximum)))
        .toelichting(format!("Toegewezen: {}.", size.description(t)))
        .into()
}
