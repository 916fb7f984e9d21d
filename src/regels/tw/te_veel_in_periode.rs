//! TW11: more than the toewijzing allows in this period.
//!
//! Needs Volume, Eenheid and Frequentie of the toewijzing. Source: iJw TR321, IV076–IV079.

use super::omvang::{COLUMNS, Extent, fits};
use crate::dossier::{Cent, Ernst, Periode, Versie, Volume};
use crate::regels::changed::{amounts_by_versions, or_nothing, words};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW11",
    title: "Meer dan toegewezen in deze periode",
    what: "Het volume van de declaratieregel wordt vergeleken met wat de toewijzing, naar haar frequentie, in de productperiode toestaat. Wat erboven ligt, is een fout; voor zover het alleen door een wijziging van na de levering boven het maximum ligt, een onzekerheid.",
    why: "Er mag niet meer worden gedeclareerd dan is toegewezen.",
    for_aanbieder: "Er is meer gedeclareerd dan de toewijzing in deze periode toestaat.",
    needs: needs!(
        "{}; {}, {}, {} en {} van de toewijzing",
        Declaraties(ToewijzingNummer),
        Toewijzingen(Volume, Eenheid, Frequentie, Einddatum)
    ),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let Some(t) = super::toewijzing(line)? else { return Ok(Ruling::NotApplicable) };
    let Some(current) = Excess::of(line, t.in_force())? else { return Ok(Ruling::NotApplicable) };
    let Excess { size, volume, maximum, .. } = current;
    if volume == Volume::ZERO {
        return Err(Reason::VolumeNul);
    }
    if volume <= maximum {
        return Ok(Ruling::InOrder);
    }
    let known = t.at_delivery(line.data.einddatum);
    let bevinding = |ernst, bedrag: Cent| {
        let words = |v| size.in_words(v, line.data);
        line.bevinding(ernst)
            .bedrag(bedrag)
            .found(format!("{} in {}", words(volume), current.periode))
            .expected(format!("hoogstens {}", words(maximum)))
            .toelichting(format!("Toegewezen: {}.", size.description()))
    };
    if std::ptr::eq(known, t.in_force()) {
        return bevinding(Ernst::Fout, current.above(line)).into();
    }
    let at_delivery = or_nothing(Excess::of(line, known))?;
    let at_delivery = at_delivery.filter(|c| c.volume > c.maximum).map(|c| c.above(line));
    Ok(amounts_by_versions(current.above(line), at_delivery, bevinding, || {
        words(line.context.dossier, t, known, &COLUMNS)
    }))
}

/// A line against what one version allows in its period.
pub(super) struct Excess {
    pub size: Extent,
    pub periode: Periode,
    pub volume: Volume,
    pub maximum: Volume,
}

impl Excess {
    /// `None` where the version grants no volume, or the line has no period.
    pub(super) fn of(line: &Line<'_>, v: &Versie) -> Result<Option<Excess>, Reason> {
        let Some(size) = Extent::of(line.context, v)? else { return Ok(None) };
        if !fits(v, line.data)? {
            return Err(Reason::EenheidPastNiet);
        }
        let Some(periode) = line.data.periode() else { return Ok(None) };
        let volume = size.volume_of(line.data);
        let maximum = size.maximum_in(periode)?;
        Ok(Some(Excess { size, periode, volume, maximum }))
    }

    /// The line's amount for the part of its volume above the maximum.
    fn above(&self, line: &Line<'_>) -> Cent {
        let part = self.volume.0 - self.maximum.0;
        line.data.ingediend_bedrag.pro_rata(part, self.volume.0)
    }
}
