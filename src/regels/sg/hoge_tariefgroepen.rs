//! SG03: a mix that drifts to the high tariff groups.
//!
//! Among aanbieders of the same Perceel, and against the aanbieder's own year before where its lines
//! are in the dossier. Source: own signal.

use super::{AANBIEDERS, PeerComparison, ROBUUSTE_Z, number, procent};
use crate::dossier::{Agb, Ernst};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AanbiederGroup, AuditContext, Bevinding, Check, Kept, KeyedSums, Line, Outcomes, Rule, Subject,
    SumsPer, needs,
};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "SG03",
    title: "Verschuiving naar hoge tariefgroepen",
    what: "Het deel van de minuten in de hoogste tariefgroepen wordt vergeleken met dat van de aanbieders van hetzelfde perceel en, waar de declaratieregels van vorig jaar er zijn, met dat van de aanbieder zelf. Ver erboven, of sterk gestegen, is een signaal.",
    why: "Dezelfde hulp in een duurdere groep kost meer zonder dat er meer is geleverd.",
    for_aanbieder: "U declareert vaker dan vergelijkbare aanbieders in hoge tariefgroepen.",
    needs: needs!(
        "{} van het product; {} van de aanbieder; volume in minuten of uren",
        Producten(Tariefsleutel),
        Aanbieders(Perceel)
    )
    .and_volume(),
    parameters: &[HIGH.spec(), STIJGING.spec(), ROBUUSTE_Z.spec(), AANBIEDERS.spec()],
    checks: &[Check::Dossier { per: SumsPer::Aanbieder(collect), decision }],
    ..Rule::BASE
};

const HIGH: Parameter<[String]> =
    Parameter::new("hoge_groepen", "tariefgroepen die als hoog tellen");

const STIJGING: Parameter<i64> = Parameter::new(
    "stijging",
    "procentpunten stijging ten opzichte van vorig jaar vanaf waar dat opvalt",
);

/// Hundredths of minutes in the high groups, and in all.
#[derive(Clone, Copy, Default)]
struct MinutesPerGroup {
    high: i64,
    all: i64,
}

impl MinutesPerGroup {
    fn part(self) -> Option<f64> {
        (self.all > 0).then(|| self.high as f64 / self.all as f64)
    }
}

fn decision(c: &AuditContext<'_>, sums: &KeyedSums, settings: &RuleSettings, out: &mut Outcomes) {
    let dag = c.last_dag();
    let high = settings.at(&HIGH, dag);
    let stijging = settings.at(&STIJGING, dag);
    let comparison = PeerComparison::of(settings, dag);
    let of_aanbieder =
        |((agb, _), [high_now, all_now, high_earlier, all_earlier]): (_, [i64; 4])| {
            let now = MinutesPerGroup { high: high_now, all: all_now };
            let earlier = MinutesPerGroup { high: high_earlier, all: all_earlier };
            Some((c.dossier.aanbieder_nr(Agb(agb))?, now, earlier))
        };
    let per_aanbieder: Vec<_> = sums.all().filter_map(of_aanbieder).collect();
    let mut defects: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (id, now, earlier) in &per_aanbieder {
        let (Some(part_now), Some(part_earlier)) = (now.part(), earlier.part()) else { continue };
        let punten = (i128::from(now.high) * i128::from(earlier.all)
            - i128::from(earlier.high) * i128::from(now.all))
            * 100;
        let from = i128::from(stijging) * i128::from(now.all) * i128::from(earlier.all);
        out.tested();
        if punten >= from {
            defects.entry(*id).or_default().push(format!(
                "{} in {} tegen {} in {}, {stijging} procentpunt of meer erbij",
                procent(part_now),
                c.jaar,
                procent(part_earlier),
                c.jaar - 1
            ));
        }
    }
    let values = per_aanbieder.iter().filter_map(|(id, now, _)| Some((*id, now.part()?)));
    for v in comparison.outliers(c, values, out) {
        defects.entry(v.id).or_default().push(format!(
            "{} tegen een mediaan van {} in het perceel, robuuste z {}",
            procent(v.value),
            procent(v.median),
            number(v.z, 1)
        ));
    }
    for (id, defects) in defects {
        out.bevinding(
            Bevinding::new(Ernst::Signaal, Subject::Aanbieder(id))
                .found(format!("minuten in {}: {}", high.join(", "), defects.join("; ")))
                .expected(format!(
                    "een robuuste z van hoogstens {} en minder dan {stijging} procentpunt stijging",
                    number(comparison.z, 1)
                )),
        );
    }
}

/// By AGB code the minutes in the high groups and in all, of the audited year and of the year
/// before, in hundredths.
fn collect(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let high = settings.at(&HIGH, c.last_dag());
    let kinds: Vec<Option<bool>> = c
        .dossier
        .producten
        .iter()
        .map(|p| p.tariefsleutel().filter(|s| s.starts_with("TG")))
        .map(|key| key.map(|s| high.iter().any(|h| h == s)))
        .collect();
    let [mut now, mut earlier] = [MinutesPerGroup::default(); 2];
    for (_, r) in group.declaratieregels() {
        let Some(is_high) = kinds[r.product.0 as usize].filter(|_| r.counts()) else {
            continue;
        };
        let slot = match c.jaar - r.einddatum.jaar() {
            0 => &mut now,
            1 => &mut earlier,
            _ => continue,
        };
        let Some(minuten) = r.hundredth_minuten() else { continue };
        slot.all += minuten;
        slot.high += if is_high { minuten } else { 0 };
    }
    let sums = [now.high, now.all, earlier.high, earlier.all];
    if sums != [0; 4] {
        let key = (group.aanbieder.agb.0, 0);
        out.sums.count(key, sums);
        let counted = |l: &Line<'_>| {
            kinds[l.data.product.0 as usize].is_some() && l.data.hundredth_minuten().is_some()
        };
        out.lines.at(key, Kept::Largest).extend(group.counting_lines().filter(counted));
    }
}
