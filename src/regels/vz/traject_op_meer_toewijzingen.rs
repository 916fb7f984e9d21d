//! VZ03: MST or ZIT for one child on several toewijzingen.
//!
//! Over all aanbieders and years. Source: ID 8.3.3, 8.5.4.

use super::trajecten;
use crate::dossier::{Cent, Ernst, LineId, Onleesbaar, Termijn, Termijnen, ToewijzingId};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    Bevinding, Check, JeugdigeGroup, Line, Outcomes, Reason, Rule, Subject, needs,
};
use hashbrown::HashMap;

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
        let mut of_year: HashMap<ToewijzingId, Vec<LineId>> = HashMap::new();
        for line in group.lines().filter(is_of_key) {
            match (line.toewijzing(), line.data.toewijzing) {
                (Ok(_), Some(id)) => {
                    out.tested();
                    of_year.entry(id).or_default().push(line.id());
                }
                (Ok(_), None) => out.not_testable(Reason::GeenToewijzing),
                (Err(reason), _) => out.not_testable(reason),
            }
        }
        let other = group.other_years.iter().map(|id| c.line(*id)).filter(is_of_key);
        let mut toewijzingen: Vec<ToewijzingId> = of_year.keys().copied().collect();
        toewijzingen.extend(other.filter_map(|l| l.data.toewijzing));
        toewijzingen.sort_by_cached_key(|id| (c.dossier.toewijzing_order(*id), *id));
        toewijzingen.dedup();
        let mut earlier = Ok(Termijnen::default());
        for (i, id) in toewijzingen.iter().enumerate() {
            let overlaps = overlap(c.dossier.toewijzing(*id).termijn(), &mut earlier);
            let Some(own) = of_year.get(id).filter(|_| i > 0) else { continue };
            let own: Vec<Line<'_>> = own.iter().map(|line| c.line(*line)).collect();
            let Some(overlaps) = out.known(overlaps) else { continue };
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

/// Does a term share a day with an earlier one? It is one of those afterwards. From the first that
/// can't be read on nobody knows.
fn overlap(
    term: Result<Termijn, Onleesbaar>,
    earlier: &mut Result<Termijnen<()>, Onleesbaar>,
) -> Result<bool, Onleesbaar> {
    if let (Ok(_), Err(why)) = (&*earlier, term) {
        *earlier = Err(why);
    }
    let terms = earlier.as_mut().map_err(|why| *why)?;
    let term = term?;
    let overlaps = terms.first_overlapping(term).is_some();
    terms.push(term, ());
    Ok(overlaps)
}
