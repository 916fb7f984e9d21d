//! VZ03: MST or ZIT for one child on several toewijzingen.
//!
//! Over all aanbieders and years. Source: ID 8.3.3, 8.5.4.

use super::trajecten;
use crate::dossier::{Cent, Ernst, LineId, Termijn, ToewijzingId};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    Bevinding, Check, JeugdigeGroup, Line, Outcomes, Reason, Rule, Subject, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "VZ03",
    title: "MST of ZIT op meer toewijzingen",
    what: "Een jeugdige heeft declaratieregels voor MST, of voor ZIT, op twee of meer toewijzingen, over alle jaren. Elke toewijzing na de eerste met een declaratieregel in het leverjaar is een signaal, zonder bedrag. Overlapt zij een eerdere, dan is zij een onzekerheid voor de declaratieregels die zij in het leverjaar heeft.",
    why: "Een traject is één voorziening met één tarief. Een tweede traject kan: de gemeente bepaalt dat.",
    for_aanbieder: "MST of ZIT is op meer dan één toewijzing gedeclareerd.",
    needs: needs!(
        "{}; {} van het product",
        Declaraties(ToewijzingNummer),
        Producten(Tariefsleutel)
    ),
    about: Some(super::is_traject),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

fn check(group: &JeugdigeGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    for (key, name) in trajecten() {
        let is_of_key = |l: &Line<'_>| l.product.tariefsleutel() == Some(key);
        let mut of_year: Vec<(ToewijzingId, LineId)> = Vec::new();
        for line in group.lines().filter(is_of_key) {
            match (line.toewijzing(), line.data.toewijzing) {
                (Ok(_), Some(id)) => {
                    out.tested();
                    of_year.push((id, line.id()));
                }
                (Ok(_), None) => out.not_testable(Reason::GeenToewijzing),
                (Err(reason), _) => out.not_testable(reason),
            }
        }
        let other = group.other_years.iter().map(|id| c.line(*id)).filter(is_of_key);
        let mut toewijzingen: Vec<ToewijzingId> = of_year.iter().map(|(id, _)| *id).collect();
        toewijzingen.extend(other.filter_map(|l| l.data.toewijzing));
        toewijzingen.sort_by_cached_key(|id| c.dossier.toewijzing_order(*id));
        toewijzingen.dedup();
        for (i, id) in toewijzingen.iter().enumerate().skip(1) {
            let own = of_year.iter().filter(|(of, _)| of == id).map(|(_, line)| c.line(*line));
            let own: Vec<Line<'_>> = own.collect();
            if own.is_empty() {
                continue;
            }
            let termijn = |id: &ToewijzingId| c.dossier.toewijzing(*id).termijn();
            let terms: Result<Vec<Termijn>, _> = toewijzingen[..=i].iter().map(termijn).collect();
            let Some(terms) = out.known(terms) else { continue };
            let overlaps = terms[..i].iter().any(|earlier| earlier.overlaps(terms[i]));
            let b = Bevinding::new(
                if overlaps { Ernst::Onzekerheid } else { Ernst::Signaal },
                Subject::Toewijzing(*id),
            )
            .on_lines(own.iter().copied())
            .found(format!("{name} op {} toewijzingen van deze jeugdige", toewijzingen.len()))
            .expected(format!("één traject {name}"));
            out.bevinding(if overlaps {
                let sum: Cent = own.iter().map(|l| l.data.ingediend_bedrag).sum();
                b.bedrag(sum).toelichting("De toewijzingen lopen gelijktijdig: beoordeel of de gemeente twee trajecten naast elkaar bedoelde.")
            } else {
                b.toelichting("De toewijzingen lopen na elkaar: beoordeel of het een nieuw traject is.")
            });
        }
    }
}
