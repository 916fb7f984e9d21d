//! The passes: units of each scope, every rule of it over them, and the decision on all of them.

use super::context::AuditContext;
use super::group::{AanbiederGroup, JeugdigeGroup, JeugdigeToewijzingen, ToewijzingGroup};
use super::grouping::{ByAanbieder, ByJeugdige, ByToewijzing, ToewijzingenByJeugdige, WorkItem};
use super::like_lines::Lines;
use super::outcome::{Bevinding, Outcomes, Selection, Subject};
use super::product_masks::products_of;
use super::rule::{AuditRule, Check, Scope, SumsPer};
use super::running::{RunningRule, running};
use super::tally::{Chunking, RuleOutcome, Tally, UnitRange, run};
use super::top_lines::KeyedLines;
use crate::dossier::{AanbiederId, Bsn, LineId, ProductId, ToewijzingId};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Lines that a piece of parallel work takes at a time, about: groups aren't cut. All rules look at
/// them one after the other: with what belongs to them they stay in a core's own cache.
const LINES_PER_PART: usize = 1024;

/// Groups of lines that a piece takes at a time, for the same reason: each has some ten lines, which
/// stand anywhere.
const GROUPS_PER_PART: usize = 64;

/// By what the lines of a dossier are brought together for a pass of rules. Each pass can be run on
/// a part: on all lines of some of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PassKey {
    /// Crediting, and the rules over all lines of one aanbieder.
    Aanbieder,
    /// The rules over one line and over all lines on one toewijzing.
    Toewijzing,
    /// The rules over all that one jeugdige got.
    Jeugdige,
}

impl PassKey {
    /// In the order in which they are run: a pass needs what the one before it gave.
    pub(crate) const ALL: [PassKey; 3] =
        [PassKey::Aanbieder, PassKey::Toewijzing, PassKey::Jeugdige];

    pub(crate) fn name(self) -> &'static str {
        match self {
            PassKey::Aanbieder => "aanbieder",
            PassKey::Toewijzing => "toewijzing",
            PassKey::Jeugdige => "jeugdige",
        }
    }
}

/// The pass by aanbieder: of these aanbieders all lines must be there.
pub(crate) fn check_aanbieders(
    context: &AuditContext<'_>,
    rules: &[AuditRule],
    aanbieders: &[AanbiederId],
) -> Vec<RuleOutcome> {
    let groups = ByAanbieder::new(context.dossier);
    tracing::debug!("gegroepeerd per aanbieder");
    let active = running(context, rules, |rule| {
        rule.own_of(Scope::Aanbieder).is_some()
            || rule.checks().iter().any(|check| match check {
                Check::Aanbieder(_) => true,
                Check::Dossier { per, .. } => matches!(per, SumsPer::Aanbieder(_)),
                _ => false,
            })
    });
    if active.is_empty() {
        return Vec::new();
    }
    let aanbieders = groups.largest_first(aanbieders);
    let make = |range: UnitRange| {
        let id = aanbieders[range.start];
        AanbiederGroup::new(context, id, groups.of(id))
    };
    let work = |rule: &RunningRule<'_>, group: &AanbiederGroup<'_>, out: &mut Outcomes| {
        for check in rule.checks() {
            if let Check::Aanbieder(test) | Check::Dossier { per: SumsPer::Aanbieder(test), .. } =
                check
            {
                test(group, rule.values, out);
            }
        }
        if let Some(own) = rule.own_of(Scope::Aanbieder) {
            own.check_aanbieder(group, out);
        }
    };
    let out = run(Chunking::UNEQUAL, &context.allowance, &active, aanbieders.len(), make, work);
    tracing::debug!("aanbieders getoetst");
    out
}

/// The pass by toewijzing: all live lines on some toewijzingen, each by itself and together. Gives
/// the toewijzingen with a line that counts in the audited year as well.
pub(crate) fn check_toewijzingen(
    context: &AuditContext<'_>,
    rules: &[AuditRule],
) -> (Vec<RuleOutcome>, Vec<ToewijzingId>) {
    let per_toewijzing = ByToewijzing::new(context.dossier);
    tracing::debug!("gegroepeerd per toewijzing");
    let c = context;
    let active = running(c, rules, |rule| {
        [Scope::Line, Scope::Toewijzing].iter().any(|scope| rule.own_of(*scope).is_some())
            || rule.checks().iter().any(|check| match check {
                Check::Line(_) | Check::LineKind(_) | Check::Toewijzing(_) => true,
                Check::Dossier { per, .. } => matches!(per, SumsPer::Toewijzing(_)),
                Check::Toewijzingen(_) | Check::Jeugdige(_) | Check::Aanbieder(_) => false,
            })
    });
    let pieces = per_toewijzing.pieces(LINES_PER_PART);
    let delivers: Vec<AtomicBool> =
        (0..per_toewijzing.count()).map(|_| AtomicBool::new(false)).collect();
    let make = |range: UnitRange| {
        let WorkItem { groups, lines } = &pieces[range.start];
        let group = |g| {
            let (id, lines) = per_toewijzing.group(g, c.dossier);
            let toewijzing = id.map(|id| (id, c.dossier.toewijzing(id)));
            let group = ToewijzingGroup::new(c, toewijzing, lines);
            delivers[g].store(group.in_leverjaar().is_some(), Relaxed);
            (group, products_of(c.dossier, lines))
        };
        let groups: Vec<_> = groups.clone().map(group).collect();
        (groups, Lines::new(c, &per_toewijzing.lines()[lines.clone()]))
    };
    type Units<'a> = (Vec<(ToewijzingGroup<'a>, Vec<ProductId>)>, Lines<'a>);
    let work = |rule: &RunningRule<'_>, (groups, lines): &Units<'_>, out: &mut Outcomes| {
        for check in rule.checks() {
            if let Check::Toewijzing(test) | Check::Dossier { per: SumsPer::Toewijzing(test), .. } =
                check
            {
                for (group, producten) in groups {
                    let in_leverjaar = |id: &LineId| c.in_leverjaar(c.dossier.line(*id));
                    let of_year = group.lines.iter().copied().filter(in_leverjaar);
                    if rule.concerns(c.dossier, producten, of_year, out) {
                        test(group, rule.values, out);
                    }
                }
            }
        }
        if let Some(own) = rule.own_of(Scope::Toewijzing) {
            groups.iter().for_each(|(group, _)| own.check_toewijzing(group, out));
        }
        lines.check(rule, out);
    };
    let out = run(Chunking::per(1), &c.allowance, &active, pieces.len(), make, work);
    tracing::debug!("toewijzingen getoetst");
    let delivering =
        delivers.into_iter().enumerate().filter(|(_, delivers)| delivers.load(Relaxed));
    let with_levering =
        delivering.filter_map(|(g, _)| per_toewijzing.group(g, c.dossier).0).collect();
    (out, with_levering)
}

/// The jeugdigen of whom the pass by Bsn has everything: the lines that name them, and those on
/// toewijzingen that do.
#[derive(Clone, Copy)]
pub(crate) struct Jeugdigen<'a> {
    /// Is this one of them? Of others there may be some lines, on toewijzingen of theirs.
    pub holds: &'a (dyn Fn(Bsn) -> bool + Sync),
    /// The toewijzingen that name them.
    pub toewijzingen: &'a [ToewijzingId],
    /// Those of them on which a line of whomever counts in the audited year.
    pub delivering: &'a [ToewijzingId],
}

/// The pass by Bsn: all that was granted to some jeugdigen, and that they got.
pub(crate) fn check_jeugdigen(
    context: &AuditContext<'_>,
    rules: &[AuditRule],
    jeugdigen: Jeugdigen<'_>,
) -> Vec<RuleOutcome> {
    let mut out = check_granted(context, rules, jeugdigen.toewijzingen);
    out.extend(check_received(context, rules, jeugdigen));
    tracing::debug!("jeugdigen getoetst");
    out
}

/// The rules over all toewijzingen of a jeugdige.
fn check_granted(
    c: &AuditContext<'_>,
    rules: &[AuditRule],
    toewijzingen: &[ToewijzingId],
) -> Vec<RuleOutcome> {
    let active = running(c, rules, |rule| {
        rule.checks().iter().any(|check| matches!(check, Check::Toewijzingen(_)))
    });
    if active.is_empty() {
        return Vec::new();
    }
    let lines = ByToewijzing::new(c.dossier);
    let toewijzingen = ToewijzingenByJeugdige::new(c, toewijzingen);
    let jeugdigen = toewijzingen.per_jeugdige();
    let make = |range: UnitRange| -> Vec<JeugdigeToewijzingen<'_>> {
        let group = |id: ToewijzingId| {
            ToewijzingGroup::new(c, Some((id, c.dossier.toewijzing(id))), lines.of(id))
        };
        let of_jeugdige = |of: &&[(Bsn, ToewijzingId)]| JeugdigeToewijzingen {
            toewijzingen: of.iter().map(|(_, id)| group(*id)).collect(),
        };
        jeugdigen[range].iter().map(of_jeugdige).collect()
    };
    let work =
        |rule: &RunningRule<'_>, groups: &Vec<JeugdigeToewijzingen<'_>>, out: &mut Outcomes| {
            for check in rule.checks() {
                let Check::Toewijzingen(test) = check else { continue };
                groups.iter().for_each(|group| test(group, rule.values, out));
            }
        };
    run(Chunking::per(GROUPS_PER_PART), &c.allowance, &active, jeugdigen.len(), make, work)
}

/// The rules over all that a jeugdige got.
fn check_received(
    context: &AuditContext<'_>,
    rules: &[AuditRule],
    jeugdigen: Jeugdigen<'_>,
) -> Vec<RuleOutcome> {
    let per_jeugdige = ByJeugdige::of_those(context, jeugdigen.holds);
    let other_years = ByJeugdige::in_other_years(context);
    tracing::debug!("gegroepeerd per jeugdige");
    let c = context;
    let active = running(c, rules, |rule| {
        rule.own_of(Scope::Jeugdige).is_some()
            || rule.checks().iter().any(|check| matches!(check, Check::Jeugdige(_)))
    });
    if active.is_empty() {
        return Vec::new();
    }
    let toewijzingen = ToewijzingenByJeugdige::new(c, jeugdigen.delivering);
    let jeugdigen = toewijzingen.together_with(&per_jeugdige);
    type Units<'a> = Vec<(JeugdigeGroup<'a>, Vec<ProductId>)>;
    let make = |range: UnitRange| -> Units<'_> {
        let jeugdigen = jeugdigen[range].iter();
        jeugdigen
            .map(|(bsn, lines, toewijzingen)| {
                let other_years = other_years.of(*bsn);
                let group =
                    JeugdigeGroup { context: c, bsn: *bsn, lines, other_years, toewijzingen };
                (group, products_of(c.dossier, lines))
            })
            .collect()
    };
    let work = |rule: &RunningRule<'_>, groups: &Units<'_>, out: &mut Outcomes| {
        for check in rule.checks() {
            let Check::Jeugdige(test) = check else { continue };
            for (group, producten) in groups {
                if rule.concerns(c.dossier, producten, group.lines.iter().copied(), out) {
                    test(group, rule.values, out);
                }
            }
        }
        if let Some(own) = rule.own_of(Scope::Jeugdige) {
            groups.iter().for_each(|(group, _)| own.check_jeugdige(group, out));
        }
    };
    run(Chunking::per(GROUPS_PER_PART), &c.allowance, &active, jeugdigen.len(), make, work)
}

/// From the outcomes of all passes over all parts to one a rule, in the order of `rules`: what
/// parts counted is added up, and rules over the whole dossier decide on the sums of all parts.
/// A rule that failed on any part has failed.
pub(crate) fn decision(
    context: &AuditContext<'_>,
    rules: &[AuditRule],
    parts: Vec<RuleOutcome>,
) -> Vec<RuleOutcome> {
    let mut out: Vec<RuleOutcome> = rules
        .iter()
        .filter(|r| context.regelset.rule(r.code).is_some())
        .map(|rule| Tally::default().of(rule))
        .collect();
    for part in parts {
        if let Some(whole) = out.iter_mut().find(|u| u.rule.code == part.rule.code) {
            whole.merge(part);
        }
    }
    out.into_par_iter()
        .map(|mut u| {
            let mut tally = Tally { outcomes: u.outcomes, failed: u.failed };
            if let Some(values) = context.regelset.rule(u.rule.code) {
                for check in u.rule.checks() {
                    if let Check::Dossier { decision: decide, .. } = check {
                        let sums = std::mem::take(&mut tally.outcomes.sums);
                        let lines = std::mem::take(&mut tally.outcomes.lines);
                        let earlier = tally.outcomes.bevindingen.len();
                        tally.attempt(values, |out| decide(context, &sums, values, out));
                        for bevinding in &mut tally.outcomes.bevindingen[earlier..] {
                            with_lines(context, &lines, bevinding);
                        }
                    }
                }
            }
            u = tally.of(&u.rule);
            u.outcomes.not_testable.sort_unstable();
            u
        })
        .collect()
}

/// Gives a finding on the whole dossier the lines under it, among those that its rule collected.
fn with_lines(context: &AuditContext<'_>, all: &KeyedLines, bevinding: &mut Bevinding) {
    let agb = |id| context.dossier.aanbieder(id).agb.0;
    let berichten = context.dossier.declaratieberichten.as_deref().unwrap_or_default();
    let key = match (bevinding.subject, bevinding.selection.as_deref()) {
        (Subject::Aanbieder(id), Some(Selection::Onderdeel(part))) => Some((agb(id), *part as u32)),
        (Subject::Aanbieder(id), _) => Some((agb(id), 0)),
        (Subject::Gemeente(gemeente), _) => Some((gemeente.0.into(), 0)),
        (Subject::Declaratiebericht(id), _) => {
            berichten.get(id as usize).map(|bericht| (bericht.bestand.0, 0))
        }
        _ => None,
    };
    let found = key.map(|key| all.underlying(key)).unwrap_or_default();
    bevinding.selection = Some(Box::new(Selection::Found(found)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::{
        Agb, Bsn, Cent, CreditState, Dag, DebetCredit, Declaratieregel, Dossier, Eenheid, FileId,
        Gemeente, Gesprekken, Niveau, ProductId, RawDossier, TextId, Volume, WordId,
    };
    use crate::regelset::{Regelset, RulesetSource};
    use crate::toetsing::{Rule, Ruling};

    static PANICS: Rule = Rule {
        code: "TW01",
        checks: &[Check::Line(|_, _| panic!("kind 999900006 past niet"))],
        ..Rule::BASE
    };

    static GOOD: Rule =
        Rule { code: "TW02", checks: &[Check::Line(|_, _| Ok(Ruling::InOrder))], ..Rule::BASE };

    fn dossier() -> Dossier {
        let dag = Dag::from_jmd(2023, 1, 31).unwrap();
        let line = Declaratieregel {
            ingediend_bedrag: Cent(100),
            geleverd_volume: Volume::whole(1),
            product_tarief: None,
            bsn: Bsn(999_900_006),
            begindatum: dag,
            einddatum: dag,
            ontvangstdatum: None,
            dagtekening: None,
            ids: TextId::EMPTY,
            toewijzing_nummer: WordId::EMPTY,
            toewijzing: None,
            functie: WordId::EMPTY,
            hulpverlener: WordId::EMPTY,
            contact_columns: None,
            gesprekken: Gesprekken::default(),
            line_number: 2,
            file: FileId(0),
            gemeente: Gemeente(150),
            aanbieder: AanbiederId(0),
            product: ProductId(0),
            eenheid: Eenheid::MINUUT,
            debet_credit: DebetCredit::Debet,
            state: CreditState::Live,
        };
        let rows = RawDossier {
            lines: vec![line; 10_000],
            producten: vec![("45".into(), "45T01".into())],
            agbs: vec![Agb(99_000_001)],
            ..RawDossier::default()
        };
        let (mut dossier, linker) = rows.join(|_, _| None);
        linker.link_whole(&mut dossier);
        dossier
    }

    #[test]
    fn a_rule_that_panics_is_reported_and_the_others_go_on() {
        let dossier = dossier();
        let fingerprints = crate::regels::fingerprints();
        let regelset = Regelset::read("landelijk", &RulesetSource::BuiltIn, &fingerprints).unwrap();
        let context = AuditContext::new(&dossier, &regelset, 2023, Niveau::Maand);
        let rules = [(&PANICS).into(), (&GOOD).into()];
        let (outcomes, _) = check_toewijzingen(&context, &rules);
        let out = decision(&context, &rules, outcomes);
        assert_eq!(out.len(), 2);
        let error = out[0].failed.as_deref().expect("the first rule failed");
        assert!(!error.contains("999900006"), "no Bsn in a panic: {error}");
        assert_eq!(out[0].outcomes.tested, 0);
        assert_eq!((out[1].failed.as_deref(), out[1].outcomes.tested), (None, 10_000));
    }
}
