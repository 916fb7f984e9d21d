//! WV15: the day on which a child left, declared by the place that it left.
//!
//! Needs stop and start messages with RedenBeeindiging. Source: RTP 3.9.1.

use super::{etmalen, is_verblijf};
use crate::dossier::{Dag, Ernst, Volume};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV15",
    title: "Dag van vertrek dubbel gedeclareerd",
    what: "De laatste definitieve stop op de toewijzing ligt in de periode van een declaratieregel voor verblijf in etmalen, zonder latere start, en een andere aanbieder declareert verblijf voor die jeugdige over een periode met die dag erin. Wat er meer aan etmalen is dan de dagen tot en met de dag voor de stop, is een onzekerheid.",
    why: "De dag van vertrek telt niet mee in de financiering, om dubbele declaratie te voorkomen.",
    for_aanbieder: "De dag van vertrek is gedeclareerd, en door een andere aanbieder ook.",
    needs: needs!("startstop met {}; volume in etmalen", Startstop(RedenBeeindiging)).and_volume(),
    about: Some(is_verblijf),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let other_years = group.other_years.iter().map(|id| c.line(*id));
    let stays: Vec<Line<'_>> =
        group.lines().chain(other_years).filter(|l| is_verblijf(l.product)).collect();
    for line in stays.iter().filter(|l| c.in_leverjaar(l.data)) {
        let Ok(volume) = line.etmalen() else { continue };
        match left_on(line) {
            Ok(stop) => {
                out.tested();
                let Some(stop) = stop else { continue };
                let elsewhere = stays.iter().any(|other| {
                    other.data.aanbieder != line.data.aanbieder
                        && other.data.periode().is_some_and(|p| p.contains(stop))
                });
                let present = Volume::whole(stop.dagen_after(line.data.begindatum));
                if !elsewhere || volume <= present {
                    continue;
                }
                out.bevinding(
                    line.bevinding(Ernst::Onzekerheid)
                        .bedrag(line.share_of_bedrag(volume.0 - present.0, volume.0))
                        .found(format!("{} tot en met de stop op {stop}", etmalen(volume)))
                        .expected(format!("hoogstens {}: de dag van vertrek telt niet mee", etmalen(present)))
                        .toelichting("Beoordeel welke aanbieder de dag van vertrek declareert, en of de stop op die dag klopt."),
                );
            }
            Err(reason) => out.not_testable(reason),
        }
    }
}

/// The day of the last final stop of the line's toewijzing, where it lies in the line's period and no
/// start came after it.
fn left_on(line: &Line<'_>) -> Result<Option<Dag>, Reason> {
    let stop = line.course()?.ended();
    Ok(stop.filter(|stop| line.data.periode().is_some_and(|p| p.contains(*stop))))
}
