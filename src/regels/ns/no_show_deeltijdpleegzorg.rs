//! NS04: no-show declared where only a real stay counts.
//!
//! Absence may be declared for stays, but not for deeltijdpleegzorg. Needs NoShow.
//! Source: ID 9.7.

use crate::dossier::{Ernst, Kolom, Volume};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "NS04",
    title: "No-show op deeltijdpleegzorg",
    what: "Een declaratieregel van deeltijdpleegzorg met een of meer no-shows is een fout voor die etmalen.",
    why: "Bij deeltijdpleegzorg is alleen het werkelijke verblijf declarabel.",
    for_aanbieder: "Bij deeltijdpleegzorg mag alleen werkelijk verblijf worden gedeclareerd, geen no-show.",
    needs: needs!("{}", Declaraties(NoShow)),
    parameters: &[KEYS.spec()],
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const KEYS: Parameter<[String]> = Parameter::new(
    "tariefsleutels",
    "tariefsleutels waarop alleen werkelijk verblijf declarabel is",
);

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    line.kolom(Kolom::NoShow)?;
    line.onderdeel()?;
    let keys = settings.at(&KEYS, line.data.einddatum);
    if !line.product.tariefsleutel().is_some_and(|s| keys.iter().any(|w| w == s)) {
        return Ok(Ruling::NotApplicable);
    }
    let no_show = Volume::whole(i64::from(line.no_show()));
    if no_show == Volume::ZERO {
        return Ok(Ruling::InOrder);
    }
    let volume = line.data.geleverd_volume;
    if volume == Volume::ZERO {
        return Err(Reason::VolumeNul);
    }
    let bedrag = line.data.ingediend_bedrag.pro_rata(no_show.min(volume).0, volume.0);
    line.bevinding(Ernst::Fout)
        .bedrag(bedrag)
        .found(format!(
            "{no_show} {} no-show van {volume}",
            if no_show == Volume::whole(1) { "etmaal" } else { "etmalen" }
        ))
        .expected("alleen werkelijk verblijf")
        .toelichting("Afwezigheid is bij deeltijdpleegzorg niet declarabel.")
        .into()
}
