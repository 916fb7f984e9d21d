//! WV01: more etmalen on a line than its period has days.
//!
//! A toewijzing may allow more than seven a week. Source: ID 9.7; RTP 3.9.1.

use super::{etmalen, is_verblijf};
use crate::dossier::{Ernst, Frequentie, Kolom, Volume};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Reason, Rule, Ruling, Verdict};

pub(crate) static RULE: Rule = Rule {
    code: "WV01",
    title: "Meer etmalen dan dagen",
    what: "Een regel voor verblijf met meer etmalen dan er dagen in de periode zijn, is een fout voor het deel erboven, tenzij de toewijzing uitdrukkelijk meer etmalen per week toestaat dan een week dagen heeft.",
    why: "Een jeugdige verblijft hoogstens elk etmaal op één plaats.",
    needs: "Volume in etmalen; Volume en Frequentie van de toewijzing",
    parameters: &[PER_WEEK.spec()],
    about: Some(is_verblijf),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const PER_WEEK: Parameter<i64> = Parameter::new(
    "per_week",
    "etmalen per week waarboven een toewijzing uitdrukkelijk meer dan dagen toestaat",
);

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let Ok(volume) = line.etmalen() else { return Ok(Ruling::NotApplicable) };
    let Some(periode) = line.data.periode() else { return Ok(Ruling::NotApplicable) };
    let dagen = Volume::whole(periode.dagen());
    if volume <= dagen {
        return Ok(Ruling::InOrder);
    }
    let allowed = Volume::whole(settings.at(&PER_WEEK, line.data.begindatum));
    match line.toewijzing() {
        Ok(t) => {
            line.context.kolom(t.file, Kolom::Volume)?;
            line.context.kolom(t.file, Kolom::Frequentie)?;
            let per_week = t.frequentie == Some(Frequentie::PER_WEEK);
            if per_week && t.volume.is_some_and(|v| v > allowed) {
                return Ok(Ruling::InOrder);
            }
        }
        // A line that names no toewijzing has none that could allow more.
        Err(Reason::GeenToewijzing) => {}
        Err(reason) => return Err(reason),
    }
    line.bevinding(Ernst::Fout)
        .bedrag(line.share_of_bedrag(volume.0 - dagen.0, volume.0))
        .found(format!("{} in {periode}", etmalen(volume)))
        .expected(format!("hoogstens {}", etmalen(dagen)))
        .into()
}
