//! SG06: no-shows far more often than with peers.
//!
//! Per jeugdige, among aanbieders of the same Perceel. Needs NoShow. Source: own signal.

use super::{AANBIEDERS, PeerComparison, ROBUUSTE_Z, number};
use crate::dossier::{Agb, Bsn, Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AanbiederGroup, AuditContext, Bevinding, Check, Kept, KeyedSums, Outcomes, Rule, Subject,
    SumsPer, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "SG06",
    title: "No-show vaker dan bij vergelijkbare aanbieders",
    what: "Per aanbieder wordt het aantal no-shows per jeugdige vergeleken met dat van de aanbieders van hetzelfde perceel. Een robuuste z-score boven de grens is een signaal.",
    why: "Veel no-shows kunnen op een andere manier van registreren wijzen.",
    for_aanbieder: "U declareert opvallend veel no-shows.",
    needs: needs!("{}; {} van de aanbieder", Declaraties(NoShow), Aanbieders(Perceel)),
    parameters: &[ROBUUSTE_Z.spec(), AANBIEDERS.spec()],
    checks: &[Check::Dossier { per: SumsPer::Aanbieder(collect), decision }],
    ..Rule::BASE
};

fn decision(c: &AuditContext<'_>, sums: &KeyedSums, settings: &RuleSettings, out: &mut Outcomes) {
    let comparison = PeerComparison::of(settings, c.last_dag());
    let values = sums.all().filter_map(|((agb, _), [no_shows, jeugdigen, ..])| {
        Some((c.dossier.aanbieder_nr(Agb(agb))?, no_shows as f64 / jeugdigen as f64))
    });
    for v in comparison.outliers(c, values, out) {
        out.bevinding(
            Bevinding::new(Ernst::Signaal, Subject::Aanbieder(v.id))
                .found(format!(
                    "{} no-shows per jeugdige, robuuste z {}",
                    number(v.value, 2),
                    number(v.z, 1)
                ))
                .expected(format!(
                    "in de buurt van {}, de mediaan van het perceel (z hoogstens {})",
                    number(v.median, 2),
                    number(comparison.z, 1)
                )),
        );
    }
}

/// By AGB code the number of no-shows and of jeugdigen, for an aanbieder with lines of a known
/// jeugdige.
fn collect(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let mut no_shows = 0_i64;
    let mut jeugdigen: Vec<Bsn> = Vec::new();
    let c = group.context;
    for (_, line) in group.counting_declaratieregels().filter(|(_, r)| r.bsn != Bsn::NONE) {
        let Some(()) = out.known(c.cell_of_line(line, Kolom::NoShow)) else { return };
        no_shows += i64::from(c.dossier.no_show(line));
        if jeugdigen.last() != Some(&line.bsn) {
            jeugdigen.push(line.bsn);
        }
    }
    jeugdigen.sort_unstable();
    jeugdigen.dedup();
    if !jeugdigen.is_empty() {
        let key = (group.aanbieder.agb.0, 0);
        out.sums.count(key, [no_shows, jeugdigen.len() as i64, 0, 0]);
        let known = group.counting_lines().filter(|l| l.bsn() != Bsn::NONE);
        out.lines.at(key, Kept::Largest).extend(known);
    }
}
