//! SG09: help that is ended early far more often than with peers.
//!
//! Of the final stops with a reason and a Datum in the audited year the share of those that weren't
//! according to plan, by the message's own aanbieder. Needs startstop. Source: own signal.

use super::{AANBIEDERS, PeerComparison, ROBUUSTE_Z, number, procent};
use crate::dossier::{Agb, Ernst, FileKind, Kolom, RedenBeeindiging};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AanbiederGroup, AuditContext, Bevinding, Check, KeyedSums, Outcomes, Reason, RestsOn, Rule,
    Subject, SumsPer, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "SG09",
    title: "Hulp vaak voortijdig beëindigd",
    what: "Per aanbieder het deel van de definitieve stopberichten van het leverjaar dat de hulp voortijdig beëindigt, vergeleken met dat van de aanbieders van hetzelfde perceel. Een robuuste z-score boven de grens is een signaal.",
    why: "Veel voortijdig beëindigde hulp kan wijzen op verkeerde plaatsing, of op budgetten die eerder op zijn dan de hulp klaar is.",
    for_aanbieder: "De hulp wordt bij u opvallend vaak voortijdig beëindigd.",
    needs: needs!(
        "startstop met {}; {} van de aanbieder",
        Startstop(RedenBeeindiging),
        Aanbieders(Perceel)
    ),
    parameters: &[EARLY.spec(), STOPS.spec(), ROBUUSTE_Z.spec(), AANBIEDERS.spec()],
    checks: &[Check::Dossier { per: SumsPer::Aanbieder(collect), decision }],
    rests_on: RestsOn::Nothing,
    ..Rule::BASE
};

const EARLY: Parameter<[u8]> =
    Parameter::new("redenen", "redenen van beëindiging die voortijdig zijn (JZ588)");

const STOPS: Parameter<i64> =
    Parameter::new("stopberichten", "stopberichten die voor een uitspraak nodig zijn");

/// By AGB code the final stops with a reason, and those that were early.
fn collect(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let agb = group.aanbieder.agb;
    let Ok(table) = c.startstop() else { return };
    let (mut all, mut early) = (0, 0);
    let of_jaar = table.of_aanbieder(agb).filter(|b| b.datum.jaar() == c.jaar);
    for stop in of_jaar.filter(|b| !b.is_start()) {
        let Some(()) = out.known(c.kolom(stop.file, Kolom::RedenBeeindiging)) else { continue };
        let Some(reden) = out.known(stop.reden_beeindiging()) else { continue };
        let Some(reden) = reden.filter(|r| *r != RedenBeeindiging::TEMPORARY) else { continue };
        all += 1;
        early += i64::from(settings.at(&EARLY, stop.datum).contains(&reden.0));
    }
    if all > 0 {
        out.sums.count((agb.0, 0), [all, early, 0, 0]);
    }
}

fn decision(c: &AuditContext<'_>, sums: &KeyedSums, settings: &RuleSettings, out: &mut Outcomes) {
    if c.startstop().is_err() {
        return out.not_testable(Reason::TabelOntbreekt(FileKind::Startstop));
    }
    let dag = c.last_dag();
    let needed = settings.at(&STOPS, dag);
    let comparison = PeerComparison::of(settings, dag);
    let mut shares = Vec::new();
    for ((agb, _), [all, early, ..]) in sums.all() {
        if all < needed {
            out.not_testable(Reason::TeWeinigRegels);
        } else if let Some(id) = c.dossier.aanbieder_nr(Agb(agb)) {
            shares.push((id, early as f64 / all as f64));
        }
    }
    for v in comparison.outliers(c, shares, out) {
        out.bevinding(
            Bevinding::new(Ernst::Signaal, Subject::Aanbieder(v.id))
                .found(format!(
                    "{} van de hulp voortijdig beëindigd, robuuste z {}",
                    procent(v.value),
                    number(v.z, 1)
                ))
                .expected(format!(
                    "in de buurt van {}, de mediaan van het perceel (z hoogstens {})",
                    procent(v.median),
                    number(comparison.z, 1)
                )),
        );
    }
}
