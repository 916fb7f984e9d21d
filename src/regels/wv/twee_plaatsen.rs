//! WV03: two places on one day.
//!
//! Lines that WV02 counts in that month are left out. Source: RTP 3.9.1.

use super::{KEPT_PLACE, etmalen, is_around_pleegzorg, is_verblijf};
use crate::dossier::{Cent, Ernst, Volume, Vorm, exact_half_up};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV03",
    title: "Twee plaatsen op één dag",
    what: "Een jeugdige heeft in een maand twee of meer declaratieregels voor verblijf, samen met meer etmalen dan de maand dagen heeft. Eén onzekerheid per jeugdige en maand, tegen het laagste bedrag per etmaal.",
    why: "Een jeugdige verblijft hoogstens elk etmaal op één plaats; bij een overgang of tijdens afwezigheid kan een tweede plaats wel worden aangehouden.",
    for_aanbieder: "Voor deze jeugdige is verblijf op twee plaatsen op één dag gedeclareerd.",
    needs: needs!("Volume in etmalen").and_volume(),
    about: Some(is_verblijf),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let of_belang = |l: &Line<'_>| is_verblijf(l.product) || is_around_pleegzorg(l.product);
    for (maand, lines) in group.per_maand(of_belang) {
        let pleegzorg = lines.iter().any(|l| l.product.form() == Some(Vorm::Pleegzorg));
        let verblijf: Vec<Line<'_>> = lines
            .into_iter()
            .filter(|l| is_verblijf(l.product))
            .filter(|l| !(pleegzorg && is_around_pleegzorg(l.product)))
            .collect();
        if verblijf.is_empty() {
            continue;
        }
        let with_volume: Vec<(Line<'_>, Volume)> = verblijf
            .iter()
            .filter_map(|l| Some((*l, l.etmalen().ok()?)))
            .filter(|(_, v)| *v > Volume::ZERO)
            .collect();
        if verblijf.iter().all(|l| l.etmalen().is_err()) {
            out.not_testable(Reason::GeenEtmalen);
            continue;
        }
        let sum = Volume(with_volume.iter().map(|(_, v)| v.0).sum());
        let dagen = Volume::whole(maand.dagen());
        if with_volume.len() < 2 || sum <= dagen {
            out.tested();
            continue;
        }
        let cheapest = with_volume.iter().min_by(|(a, va), (b, vb)| {
            let left = i128::from(a.data.ingediend_bedrag.0) * i128::from(vb.0);
            left.cmp(&(i128::from(b.data.ingediend_bedrag.0) * i128::from(va.0)))
        });
        let Some((line, volume)) = cheapest else { continue };
        let above = sum.0 - dagen.0;
        let bedrag = i128::from(line.data.ingediend_bedrag.0) * i128::from(above);
        let Some(bedrag) = exact_half_up(bedrag, i128::from(volume.0)) else {
            out.not_testable(Reason::TeGroot);
            continue;
        };
        out.tested();
        let lines = with_volume.iter().map(|(l, _)| *l);
        let b = group.bevinding(Ernst::Onzekerheid);
        // The place that cost least carries it, where it declares so much.
        let b = match bedrag <= line.data.ingediend_bedrag {
            true => {
                let part = |l: Line<'_>| if l.id() == line.id() { bedrag } else { Cent::ZERO };
                b.carried_by(lines.map(|l| (l, part(l))))
            }
            false => b.on_lines(lines),
        };
        out.bevinding(
            b.bedrag(bedrag)
                .found(format!(
                    "{} verblijf op {} declaratieregels in {maand}",
                    etmalen(sum),
                    with_volume.len()
                ))
                .expected(format!("hoogstens {}", etmalen(dagen)))
                .toelichting("Beoordeel welke aanbieder de plaats op de dubbele dagen leverde; het bedrag is tegen het laagste bedrag per etmaal.")
                .also(KEPT_PLACE),
        );
    }
}
