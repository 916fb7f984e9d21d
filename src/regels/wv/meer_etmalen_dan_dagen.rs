//! WV01: more etmalen on a line than its period has days.
//!
//! A toewijzing may allow more. Source: ID 9.7; RTP 3.9.1.

use super::{KEPT_PLACE, etmalen, is_verblijf};
use crate::dossier::{Ernst, Periode, Volume};
use crate::regels::tw::{Extent, fits};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV01",
    title: "Meer etmalen dan dagen",
    what: "Een declaratieregel voor verblijf met meer etmalen dan er dagen in de periode zijn, is een fout voor het deel erboven, tenzij de toewijzing in die periode meer etmalen toestaat dan er dagen zijn, met welke frequentie ook.",
    why: "Verblijf wordt per etmaal betaald. Er kan meer dan zeven etmalen per week worden toegewezen, om breuken en verplaatsing te voorkomen.",
    for_aanbieder: "Er zijn meer etmalen gedeclareerd dan de periode dagen heeft.",
    needs: needs!(
        "Volume in etmalen; {}, {}, {} en {} van de toewijzing",
        Toewijzingen(Volume, Eenheid, Frequentie, Einddatum)
    )
    .and_volume(),
    about: Some(is_verblijf),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let Ok(volume) = line.etmalen() else { return Ok(Ruling::NotApplicable) };
    let Some(periode) = line.data.periode() else { return Ok(Ruling::NotApplicable) };
    let dagen = Volume::whole(periode.dagen());
    if volume <= dagen || granted(line, periode)?.is_some_and(|maximum| maximum > dagen) {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Fout)
        .bedrag(line.share_of_bedrag(volume.0 - dagen.0, volume.0))
        .found(format!("{} in {periode}", etmalen(volume)))
        .expected(format!("hoogstens {}", etmalen(dagen)))
        .toelichting(KEPT_PLACE)
        .into()
}

/// What the line's toewijzing allows in its period; `None` where it grants no etmalen.
fn granted(line: &Line<'_>, periode: Periode) -> Result<Option<Volume>, Reason> {
    let t = match line.toewijzing() {
        // A line that names no toewijzing has none that could allow more.
        Err(Reason::GeenToewijzing) => return Ok(None),
        other => other?,
    };
    match Extent::of(line.context, t)? {
        Some(size) if fits(t, line.data)? => size.maximum_in(periode).map(Some),
        _ => Ok(None),
    }
}
