//! CR03: crisis that is granted again and again, together for longer than allowed.
//!
//! Toewijzingen that are too long by themselves are CR01's. The etmalen of a chain count together,
//! over all years. Source: RTP 6.

use super::crisis_te_lang::{DAGEN_BED, DAGEN_PLEEGZORG};
use crate::dossier::{Dag, Ernst, Kolom, Volume};
use crate::regels::chain::{Chain, chains, stands};
use crate::regels::maximum::above;
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeToewijzingen, Line, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "CR03",
    title: "Crisis in een keten te lang",
    what: "Toewijzingen van één jeugdige voor een crisisplek, of voor crisispleegzorg, die elk uiterlijk de dag na het einde van de vorige beginnen, gelden als één termijn. Is die langer dan de termijn van zo'n toewijzing, dan zijn de etmalen die er in volgorde en over alle jaren boven uitkomen een onzekerheid; zijn die er niet, dan de laatste toewijzing zelf, zonder bedrag. Toewijzingen die op zichzelf al te lang zijn, horen bij CR01.",
    why: "Crisiszorg is kort. Opvolgende toewijzingen kunnen die grens omzeilen, of een nieuwe crisis zijn.",
    for_aanbieder: "Toewijzingen voor crisishulp die op elkaar aansluiten, duren samen langer dan is toegestaan.",
    needs: needs!(
        "{} en {} van de toewijzingen; volume in etmalen",
        Toewijzingen(Ingangsdatum, Einddatum)
    )
    .and_volume(),
    parameters: &[DAGEN_BED.spec(), DAGEN_PLEEGZORG.spec(), TUSSEN.spec()],
    checks: &[Check::Toewijzingen(check)],
    ..Rule::BASE
};

const TUSSEN: Parameter<i64> = Parameter::new(
    "tussen_dagen",
    "dagen na het einde van de vorige waarop een toewijzing uiterlijk daarop volgt",
);

fn check(group: &JeugdigeToewijzingen<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    for (key, parameter) in [("CRISIS_BED", &DAGEN_BED), ("CRISIS_PLEEGZORG", &DAGEN_PLEEGZORG)] {
        let dagen = |t: Dag| settings.at(parameter, t);
        let short: Vec<&ToewijzingGroup<'_>> =
            group.toewijzingen.iter().filter(|g| is_short(g, key, dagen, out)).collect();
        let joins = |latest: Dag, begin| begin <= latest.plus_dagen(settings.at(&TUSSEN, latest));
        for chain in chains(short, joins).iter().filter(|chain| chain.is_in_leverjaar()) {
            out.tested();
            let most = dagen(chain.termijn.ingang);
            if chain.termijn.longer_than_dagen(most) {
                too_long(chain, most, out);
            }
        }
    }
}

fn too_long(chain: &Chain<'_, '_>, most: i64, out: &mut Outcomes) {
    let Some(last) = chain.toewijzingen.last() else { return };
    let c = last.context;
    let mut lines: Vec<Line<'_>> = chain.toewijzingen.iter().flat_map(|g| g.lines()).collect();
    lines.sort_by(|a, b| c.dossier.compare(a.id(), b.id()));
    let etmalen = lines.into_iter().filter_map(|l| Some((l, l.etmalen().ok()?.0)));
    let found = format!("crisis {}", chain.words());
    let expected = format!("hoogstens {most} dagen en etmalen");
    const QUESTION: &str =
        "Beoordeel of er een nieuwe crisis was, of dat de toewijzingen samen de grens omzeilen.";
    let above = above(etmalen, Volume::whole(most).0);
    if above.is_empty() {
        if let Some((id, _)) = last.toewijzing {
            out.bevinding(
                last.bevinding(id, Ernst::Onzekerheid)
                    .on_lines(chain.toewijzingen.iter().flat_map(|g| g.leverjaar_lines()))
                    .found(found)
                    .expected(expected)
                    .toelichting(QUESTION),
            );
        }
        return;
    }
    for b in above.iter().filter(|b| c.in_leverjaar(b.line.data)) {
        out.bevinding(
            b.line
                .bevinding(Ernst::Onzekerheid)
                .bedrag(b.bedrag)
                .found(format!(
                    "{found}: {} etmalen tot en met deze declaratieregel",
                    Volume(b.sum)
                ))
                .expected(expected.clone())
                .toelichting(QUESTION),
        );
    }
}

/// Is it for this kind of crisis, and not too long by itself? Counts one of which that can't be told.
fn is_short(
    group: &ToewijzingGroup<'_>,
    key: &str,
    dagen: impl Fn(Dag) -> i64,
    out: &mut Outcomes,
) -> bool {
    let Some((_, t)) = group.toewijzing else { return false };
    let outcome = (|| {
        if group.product()?.tariefsleutel? != Some(key) || !stands(t)? {
            return Ok(false);
        }
        group.context.kolom(t.file, Kolom::Einddatum)?;
        Ok(!t.termijn()?.longer_than_dagen(dagen(t.ingangsdatum)))
    })();
    match outcome {
        Ok(short) => short,
        // Both kinds ask the same: the first of them counts it.
        Err(reason) => {
            if key == "CRISIS_BED" && group.in_leverjaar().is_some() {
                out.not_testable(reason);
            }
            false
        }
    }
}
