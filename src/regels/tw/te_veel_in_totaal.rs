//! TW12: more than the toewijzing allows in all.
//!
//! All lines of all years whose unit fits count, in order; each line that goes above the maximum
//! is over for that part. Needs Volume, Eenheid and Frequentie of the toewijzing.
//! Source: iJw TR322, IV076–IV079.

use super::omvang::{COLUMNS, Extent, fits};
use crate::dossier::{Cent, Ernst, Versie, Volume};
use crate::regels::changed::{amounts_by_versions, or_nothing, words};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Outcomes, Reason, Rule, Ruling, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW12",
    title: "Meer dan toegewezen in totaal",
    what: "Het volume van alle declaratieregels op de toewijzing, van alle jaren, wordt in volgorde opgeteld. Elke declaratieregel waarmee de som boven het maximum over de hele looptijd komt, is een fout voor het deel erboven; voor zover dat alleen door een wijziging van na de levering zo is, een onzekerheid.",
    why: "Er mag niet meer worden gedeclareerd dan is toegewezen.",
    for_aanbieder: "Er is in totaal meer gedeclareerd dan de toewijzing toestaat.",
    needs: needs!(
        "{}; {}, {}, {} en {} van de toewijzing",
        Declaraties(ToewijzingNummer),
        Toewijzingen(Volume, Eenheid, Frequentie, Einddatum)
    ),
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let current = group.toewijzing.map_or(Ok(None), |(_, t)| Running::of(group, t.in_force()));
    // What each line came to by the version that the aanbieder could know, where that is another.
    let mut others: Vec<(&Versie, Result<Option<Running>, Reason>)> = Vec::new();
    let mut place = 0..;
    group.each_line(out, |line| {
        let place = place.next().expect("places go on for ever");
        let Some(t) = super::toewijzing(line)? else { return Ok(Ruling::NotApplicable) };
        let Some(current) = current.as_ref().map_err(|reason| *reason)? else {
            return Ok(Ruling::NotApplicable);
        };
        let balance = current.lines[place]?;
        if balance.over <= 0 {
            return Ok(Ruling::InOrder);
        }
        let size = current.size;
        let bevinding = |ernst, bedrag: Cent| {
            let words = |v| size.in_words(v, line.data);
            line.bevinding(ernst)
                .bedrag(bedrag)
                .found(format!("{} tot en met deze declaratieregel", words(balance.sum)))
                .expected(format!("hoogstens {} over de hele looptijd", words(current.maximum)))
                .toelichting(format!("Toegewezen: {}.", size.description()))
        };
        let known = t.at_delivery(line.data.einddatum);
        if std::ptr::eq(known, t.in_force()) {
            return bevinding(Ernst::Fout, balance.above(line)).into();
        }
        if !others.iter().any(|(versie, _)| std::ptr::eq(*versie, known)) {
            others.push((known, or_nothing(Running::of(group, known))));
        }
        let of_known = others.iter().find(|(versie, _)| std::ptr::eq(*versie, known));
        let at_delivery = match of_known {
            Some((_, Ok(Some(running)))) => or_nothing(running.lines[place].map(Some))?,
            Some((_, Err(reason))) => return Err(*reason),
            _ => None,
        };
        let at_delivery = at_delivery.filter(|b| b.over > 0).map(|b| b.above(line));
        Ok(amounts_by_versions(balance.above(line), at_delivery, bevinding, || {
            words(line.context.dossier, t, known, &COLUMNS)
        }))
    });
}

/// All lines of a toewijzing against what one version allows over its whole term.
struct Running {
    size: Extent,
    maximum: Volume,
    /// One for each line of the group.
    lines: Vec<Result<Balance, Reason>>,
}

/// A line, and the running volume with it.
#[derive(Clone, Copy)]
struct Balance {
    volume: Volume,
    sum: Volume,
    /// What of the line lies above the maximum; not above 0 where nothing does.
    over: i64,
}

impl Balance {
    /// The line's amount for the part of its volume above the maximum.
    fn above(self, line: &Line<'_>) -> Cent {
        line.data.ingediend_bedrag.pro_rata(self.over, self.volume.0)
    }
}

impl Running {
    /// `None` where the version grants no volume. The sum takes all lines that fit the version.
    fn of(group: &ToewijzingGroup<'_>, v: &Versie) -> Result<Option<Running>, Reason> {
        let Some(size) = Extent::of(group.context, v)? else { return Ok(None) };
        let maximum = size.maximum_in_total()?;
        let mut sum = Volume::ZERO;
        let mut balance = |line: Line<'_>| {
            if super::toewijzing(&line)?.is_none() || !fits(v, line.data)? {
                return Err(Reason::EenheidPastNiet);
            }
            let volume = size.volume_of(line.data);
            if volume == Volume::ZERO {
                return Err(Reason::VolumeNul);
            }
            sum = Volume(sum.0 + volume.0);
            Ok(Balance { volume, sum, over: (sum.0 - maximum.0).min(volume.0) })
        };
        let lines = group.lines().map(&mut balance).collect();
        Ok(Some(Running { size, maximum, lines }))
    }
}
