//! ED02: more minutes of dyslexia care than the guideline.
//!
//! Per jeugdige and aanbieder over all years, diagnostiek and behandeling apart. The guideline came
//! with RTP 2.0. Source: RTP 4.5.

use crate::dossier::{Bsn, Ernst, LineId, Volume};
use crate::regels::maximum::above;
use crate::regels::version_at::{AT_MOST, VersionAt};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ED02",
    title: "Meer minuten dyslexiezorg dan de richtlijn",
    what: "Per jeugdige en aanbieder worden de minuten diagnostiek en de minuten behandeling over alle jaren in volgorde opgeteld. Wat boven de richtlijn komt, is een onzekerheid.",
    why: "De richtlijn is waar een gemiddeld traject mee uitkomt; meer vraagt uitleg.",
    for_aanbieder: "Er zijn meer minuten dyslexiezorg gedeclareerd dan de richtlijn toestaat.",
    needs: needs!(
        "Volume in minuten, uren of dagdelen; {} van het product",
        Producten(Tariefsleutel)
    )
    .and_volume(),
    parameters: &[DIAGNOSTIEK.spec(), BEHANDELING.spec(), AT_MOST.spec()],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

const DIAGNOSTIEK: Parameter<i64> =
    Parameter::new("minuten_diagnostiek", "minuten diagnostiek per jeugdige volgens de richtlijn");

const BEHANDELING: Parameter<i64> =
    Parameter::new("minuten_behandeling", "minuten behandeling per jeugdige volgens de richtlijn");

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    if c.dossier.producten.iter().any(|p| p.catalogus().is_none()) {
        for unknown in group.counting_lines().filter_map(|l| l.product.known().err()) {
            out.not_testable(unknown.into());
        }
    }
    for (key, what, parameter) in [
        ("ED_DIAGNOSTIEK", "diagnostiek", &DIAGNOSTIEK),
        ("ED_BEHANDELING", "behandeling", &BEHANDELING),
    ] {
        if !c.dossier.producten.iter().any(|p| p.tariefsleutel() == Some(key)) {
            continue;
        }
        let mut lines: Vec<(Bsn, LineId)> = Vec::new();
        for line in group.lines() {
            if line.product.tariefsleutel() != Some(key) || !line.data.counts() {
                continue;
            }
            let counts = c.in_leverjaar(line.data);
            match line.data.hundredth_minuten() {
                Some(_) if line.data.bsn == Bsn::NONE => out.not_testable(Reason::GeenBsn),
                Some(_) => {
                    lines.push((line.data.bsn, line.id()));
                    if counts {
                        out.tested();
                    }
                }
                None if counts => out.not_testable(Reason::GeenTijdseenheid),
                None => {}
            }
        }
        lines.sort_unstable_by(|(a, x), (b, y)| a.cmp(b).then_with(|| c.dossier.compare(*x, *y)));
        let minuten = settings.at(parameter, c.last_dag());
        for of_jeugdige in lines.chunk_by(|a, b| a.0 == b.0) {
            let lijnen = of_jeugdige.iter().map(|(_, id)| {
                let line = c.line(*id);
                (line, line.data.hundredth_minuten().unwrap_or(0))
            });
            for b in above(lijnen, Volume::whole(minuten).0) {
                if !c.in_leverjaar(b.line.data) {
                    continue;
                }
                let bevinding = b
                    .line
                    .bevinding(Ernst::Onzekerheid)
                    .bedrag(b.bedrag)
                    .found(format!(
                        "{} minuten {what} tot en met deze declaratieregel",
                        Volume(b.sum)
                    ))
                    .expected(format!(
                        "hoogstens {} minuten volgens de richtlijn",
                        Volume::whole(minuten)
                    ))
                    .toelichting("Beoordeel of de aanbieder de langere duur heeft onderbouwd.");
                let versie = VersionAt::on(settings, b.line.data.begindatum);
                out.bevinding(versie.clamp(bevinding));
            }
        }
    }
}
