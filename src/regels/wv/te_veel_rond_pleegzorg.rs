//! WV02: more than nine etmalen a week around pleegzorg.
//!
//! Pleegzorg, deeltijdpleegzorg and kdv of one month together, in order. The limit came with RTP
//! 2.0. Source: RTP 3.9.1.

use super::{etmalen, is_around_pleegzorg, with_etmalen};
use crate::dossier::{Ernst, Volume, Vorm};
use crate::regels::maximum::above;
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeGroup, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV02",
    title: "Te veel etmalen rond pleegzorg",
    what: "Per jeugdige en maand met pleegzorg worden de etmalen pleegzorg, deeltijdpleegzorg en kdv in volgorde opgeteld. Wat boven de dagen van de maand plus de extra etmalen per week komt, is een fout op de laatste declaratieregels; voor levering van voor de versie die deze grens noemt een onzekerheid.",
    why: "Naast pleegzorg is per week maar een beperkt aantal extra etmalen mogelijk.",
    for_aanbieder: "Er zijn rond de pleegzorg meer etmalen gedeclareerd dan is toegestaan.",
    needs: needs!("{} van het product; volume in etmalen", Producten(Vorm)).and_volume(),
    parameters: &[EXTRA.spec(), AT_MOST.spec()],
    about: Some(|p| p.form() == Some(Vorm::Pleegzorg)),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const EXTRA: Parameter<i64> =
    Parameter::new("extra_per_week", "etmalen die per week boven de zeven dagen mogen");

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    for (maand, lines) in group.per_maand(|l| is_around_pleegzorg(l.product)) {
        if !lines.iter().any(|l| l.product.form() == Some(Vorm::Pleegzorg)) {
            continue;
        }
        for line in &lines {
            match line.etmalen() {
                Ok(_) => out.tested(),
                Err(reason) => out.not_testable(reason),
            }
        }
        let extra = settings.at(&EXTRA, maand.end()) * maand.iso_weken();
        let maximum = Volume::whole(maand.dagen() + extra);
        for b in above(with_etmalen(&lines, is_around_pleegzorg), maximum.0) {
            let versie = VersionAt::on(settings, b.line.data.begindatum);
            out.bevinding(
                versie.clamp(
                    b.line
                        .bevinding(Ernst::Fout)
                        .bedrag(b.bedrag)
                        .found(format!("{} rond pleegzorg in {maand}", etmalen(Volume(b.sum))))
                        .expected(format!(
                            "hoogstens {}: {} dagen en {extra} extra",
                            etmalen(maximum),
                            maand.dagen()
                        )),
                ),
            );
        }
    }
}
