//! WV17: a short stay for every night of a month.
//!
//! Source: ID 9.1, 9.4; RTP 3.5.

use super::{etmalen, with_etmalen};
use crate::dossier::{Ernst, Product, Volume, Vorm};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV17",
    title: "Kortdurend verblijf elke nacht",
    what: "De etmalen kortdurend verblijf van een jeugdige in een maand zijn er minstens zoveel als de maand dagen heeft. Dat is een signaal.",
    why: "Kortdurend verblijf is er om thuis te ontlasten, in weekenden of juist door de week; wie er elke nacht is, woont er.",
    for_aanbieder: "Er is kortdurend verblijf gedeclareerd voor elke nacht van de maand.",
    needs: needs!("{} van het product; volume in etmalen", Producten(Vorm)).and_volume(),
    about: Some(is_kdv),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn is_kdv(product: &Product) -> bool {
    product.form() == Some(Vorm::Kdv)
}

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    for (maand, lines) in group.per_maand(|l| is_kdv(l.product)) {
        let counted: Vec<(Line<'_>, i64)> = with_etmalen(&lines, is_kdv).collect();
        if counted.is_empty() {
            out.not_testable(Reason::GeenEtmalen);
            continue;
        }
        out.tested();
        let sum = Volume(counted.iter().map(|(_, volume)| volume).sum());
        if sum >= Volume::whole(maand.dagen()) {
            out.bevinding(
                group
                    .bevinding(Ernst::Signaal)
                    .on_lines(counted.iter().map(|(l, _)| *l))
                    .found(format!("{} kortdurend verblijf in {maand}", etmalen(sum)))
                    .expected(format!("minder dan de {} dagen van de maand", maand.dagen())),
            );
        }
    }
}
