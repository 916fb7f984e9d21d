//! WV11: deeltijdpleegzorg declared for days on which the child wasn't there.
//!
//! Needs stop and start messages with RedenBeeindiging. Source: ID 9.7.

use super::{etmalen, is_verblijf};
use crate::dossier::{Ernst, Pause, Periode, Volume};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV11",
    title: "Deeltijdpleegzorg tijdens een pauze",
    what: "Een declaratieregel voor deeltijdpleegzorg met een dag in een pauze, en met meer etmalen dan zijn periode dagen buiten de pauzes heeft. Het deel erboven is een fout; is er geen latere start gemeld, dan een onzekerheid.",
    why: "Bij deeltijdpleegzorg is alleen het werkelijke verblijf declarabel.",
    for_aanbieder: "Er is deeltijdpleegzorg gedeclareerd tijdens een pauze.",
    needs: needs!("startstop met {}; volume in etmalen", Startstop(RedenBeeindiging)).and_volume(),
    parameters: &[KEYS.spec()],
    about: Some(is_verblijf),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const KEYS: Parameter<[String]> =
    Parameter::new("tariefsleutels", "tariefsleutels van deeltijdpleegzorg");

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let keys = settings.at(&KEYS, line.data.begindatum);
    if !line.product.tariefsleutel().is_some_and(|own| keys.iter().any(|key| key == own)) {
        return Ok(Ruling::NotApplicable);
    }
    let course = line.course()?;
    let Some(periode) = line.data.periode() else { return Ok(Ruling::NotApplicable) };
    let volume = line.etmalen()?;
    let touched: Vec<(Pause, Periode)> =
        course.pauses().filter_map(|p| Some((p, p.part_of(periode, 1)?))).collect();
    let parts: Vec<Periode> = touched.iter().map(|(_, part)| *part).collect();
    let present = Volume::whole(periode.dagen() - super::dagen_in(periode, &parts));
    if parts.is_empty() || volume <= present {
        return Ok(Ruling::InOrder);
    }
    let ended = touched.iter().all(|(pause, _)| pause.start.is_some());
    let b = line
        .bevinding(if ended { Ernst::Fout } else { Ernst::Onzekerheid })
        .bedrag(line.share_of_bedrag(volume.0 - present.0, volume.0))
        .found(format!("{} in {periode}", etmalen(volume)))
        .expected(format!("hoogstens {}: de dagen buiten de pauze", etmalen(present)));
    if ended {
        return b.into();
    }
    b.toelichting("Er is geen latere start gemeld: beoordeel of de hulp in de periode is hervat.")
        .into()
}
