//! SG02: costs per jeugdige far above those of peers.
//!
//! Per Onderdeel, among aanbieders of the same Perceel. Source: own signal.

use super::{AANBIEDERS, PeerComparison, ROBUUSTE_Z, number};
use crate::dossier::{Agb, Bsn, Cent, Ernst, Onderdeel};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AanbiederGroup, AuditContext, Bevinding, Check, Kept, KeyedSums, Outcomes, Rule, Selection,
    Subject, SumsPer, TopLines, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "SG02",
    title: "Kosten per jeugdige ver boven vergelijkbare aanbieders",
    what: "Per aanbieder en onderdeel wordt het gemiddelde bedrag per jeugdige vergeleken met dat van de aanbieders van hetzelfde perceel. Een robuuste z-score boven de grens is een signaal.",
    why: "Een groot verschil met vergelijkbare aanbieders vraagt uitleg.",
    for_aanbieder: "Uw kosten per jeugdige liggen ver boven die van vergelijkbare aanbieders.",
    needs: needs!(
        "{} van de aanbieder; {} van het product",
        Aanbieders(Perceel),
        Producten(Onderdeel)
    ),
    parameters: &[ROBUUSTE_Z.spec(), AANBIEDERS.spec()],
    checks: &[Check::Dossier { per: SumsPer::Aanbieder(collect), decision }],
    ..Rule::BASE
};

fn decision(c: &AuditContext<'_>, sums: &KeyedSums, settings: &RuleSettings, out: &mut Outcomes) {
    let comparison = PeerComparison::of(settings, c.last_dag());
    for onderdeel in Onderdeel::ALL {
        let of_onderdeel = sums.all().filter(|((_, o), _)| *o == onderdeel as u32);
        let values = of_onderdeel.filter_map(|((agb, _), [sum, jeugdigen, ..])| {
            Some((c.dossier.aanbieder_nr(Agb(agb))?, sum as f64 / jeugdigen as f64))
        });
        for v in comparison.outliers(c, values, out) {
            out.bevinding(
                Bevinding::new(Ernst::Signaal, Subject::Aanbieder(v.id))
                    .on(Selection::Onderdeel(onderdeel))
                    .found(format!(
                        "{}: gemiddeld {} per jeugdige, robuuste z {}",
                        onderdeel.name(),
                        Cent(v.value.round() as i64),
                        number(v.z, 1)
                    ))
                    .expected(format!(
                        "in de buurt van {}, de mediaan van het perceel (z hoogstens {})",
                        Cent(v.median.round() as i64),
                        number(comparison.z, 1)
                    )),
            );
        }
    }
}

/// By AGB code and Onderdeel the sum in cents and the number of jeugdigen. A line without a Bsn
/// can't be counted to a jeugdige and is left out.
fn collect(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let mut sums = [Cent::ZERO; Onderdeel::ALL.len()];
    let mut lines = Onderdeel::ALL.map(|_| TopLines::new(Kept::Largest));
    let mut jeugdigen: Vec<(u8, Bsn)> = Vec::new();
    for line in group.counting_lines().filter(|l| l.data.bsn != Bsn::NONE) {
        if let Some(onderdeel) = line.product.onderdeel() {
            sums[onderdeel as usize] += line.data.ingediend_bedrag;
            lines[onderdeel as usize].extend([line]);
            let pair = (onderdeel as u8, line.data.bsn);
            if jeugdigen.last() != Some(&pair) {
                jeugdigen.push(pair);
            }
        }
    }
    jeugdigen.sort_unstable();
    jeugdigen.dedup();
    for of_onderdeel in jeugdigen.chunk_by(|a, b| a.0 == b.0) {
        let onderdeel = of_onderdeel[0].0;
        let (sum, count) = (sums[usize::from(onderdeel)].0, of_onderdeel.len() as i64);
        let key = (group.aanbieder.agb.0, onderdeel.into());
        out.sums.count(key, [sum, count, 0, 0]);
        out.lines.add(key, std::mem::take(&mut lines[usize::from(onderdeel)]));
    }
}
