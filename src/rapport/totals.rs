//! Totals without double counting: a line that several rules hit counts once.
//!
//! They are added up by hand and not by polars. Findings of one rule on one line come after each other,
//! so that one pass has them together, and most of what a total asks of a finding is looked up by the
//! number of its line; a DataFrame would be a copy of all that beside the findings, for these sums alone.
//! What each rule adds ([`added_per_rule`]) depends on the rules before it, which no group knows.

use super::bevindingen::{self, Numbered};
use crate::dossier::{Agb, Cent, Declaratieregel, Eindoordeel, Ernst, Gemeente, LineId};
use crate::toetsing::{AuditContext, Subject};
use crate::toetsing::{Delivery, LineStatistics};
use hashbrown::HashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::hash::Hash;
use std::ops::AddAssign;

/// Amounts at stake: of lines that count, each at most its own amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InDispute {
    pub fout: Cent,
    pub onzekerheid: Cent,
}

impl AddAssign for InDispute {
    fn add_assign(&mut self, added: InDispute) {
        self.fout += added.fout;
        self.onzekerheid += added.onzekerheid;
    }
}

/// Findings that no line's total holds: about no single line, or on a line that isn't live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExtraTotals {
    pub count: u64,
    pub bedrag: Cent,
}

/// Totals of a party (an aanbieder or a gemeente).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartyTotal {
    pub code: String,
    pub lines: u64,
    pub bedrag: Cent,
    pub bevindingen: u64,
    pub in_geding: InDispute,
    /// What of those two no verdict has settled.
    pub open_bevindingen: u64,
    pub open: InDispute,
}

/// What no person has judged yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OpenAmounts {
    /// Findings per ernst.
    pub counts: [u64; 3],
    pub in_geding: InDispute,
    /// As in [`Totals::separate`].
    pub separate: [ExtraTotals; 3],
}

/// All totals of a run.
#[derive(Clone, Debug)]
pub(crate) struct Totals {
    pub in_geding: InDispute,
    /// The same without what people judged `akkoord` or `niet-verwijtbaar`.
    pub standing: InDispute,
    /// Per ernst, in the order of [`Ernst::ALL`].
    pub separate: [ExtraTotals; 3],
    pub open: OpenAmounts,
    pub per_aanbieder: Vec<PartyTotal>,
    pub per_gemeente: Vec<PartyTotal>,
    /// Per month of the year in which the line's Einddatum lies.
    pub per_maand: [InDispute; 12],
    /// Live lines of the year that aren't reversed.
    pub lines: u64,
    pub bedrag: Cent,
    /// What to charge on to each gemeente; only under a ruleset that does so.
    pub doorbelasting: Option<Vec<Doorbelasting>>,
}

/// What a gemeente is charged for one product of one aanbieder in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doorbelasting {
    pub of: Delivery,
    /// The region's own number of the product's perceel.
    pub perceel: Option<u8>,
    pub lines: u64,
    pub gedeclareerd: Cent,
    /// What of it is `fout` and what a person must judge, each line counted once.
    pub in_geding: InDispute,
    pub judged: Judged,
}

impl Doorbelasting {
    /// What was declared less what is `fout`, after what people judged.
    pub(crate) fn door_te_belasten(&self) -> Cent {
        self.gedeclareerd - self.in_geding.fout + self.judged.dropped - self.judged.reclaimed
    }
}

/// What verdicts change in what is charged on, each line counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    /// Of what is `fout`: judged `akkoord` or `niet-verwijtbaar`.
    pub dropped: Cent,
    /// Of what is `onzekerheid`: judged `terugvorderen`.
    pub reclaimed: Cent,
}

/// A finding that a person lets go.
fn is_let_go(b: &Numbered) -> bool {
    matches!(b.oordeel, Some(Eindoordeel::Akkoord | Eindoordeel::NietVerwijtbaar))
}

/// A `fout` that no verdict lets go.
fn stands(b: &Numbered) -> bool {
    b.bevinding.ernst == Ernst::Fout && !is_let_go(b)
}

/// The same, or an `onzekerheid` that a person wants back.
fn is_deducted(b: &Numbered) -> bool {
    let reclaimed =
        b.bevinding.ernst == Ernst::Onzekerheid && b.oordeel == Some(Eindoordeel::Terugvorderen);
    stands(b) || reclaimed
}

/// What the findings on one line come to.
#[derive(Clone, Copy, Default)]
struct LineTotal {
    fout: Cent,
    onzekerheid: Cent,
}

impl Totals {
    pub(super) fn count(
        context: &AuditContext<'_>,
        all: &[Numbered],
        counts: &LineStatistics,
    ) -> Totals {
        let d = context.dossier;
        // The lines and sums of what is still open; all of them where nothing is judged.
        let something_beoordeeld = all.par_iter().any(|b| !b.is_open());
        let on_lines = || {
            let (lines, separate) = per_line(context, all, |_| true);
            let (open_lines, open_separate) = match something_beoordeeld {
                true => per_line(context, all, Numbered::is_open),
                false => (HashMap::new(), separate),
            };
            let open_lines = if something_beoordeeld { &open_lines } else { &lines };
            let sums = SumsByGroup::of(context, &lines, open_lines);
            (lines, separate, open_separate, sums)
        };
        let ((lines, separate, open_separate, sums), aantallen) =
            rayon::join(on_lines, || Counts::of(context, all));
        let open = OpenAmounts {
            counts: aantallen.open,
            in_geding: sums.total.open,
            separate: open_separate,
        };
        let regels = counts.per_aanbieder.values().map(|(n, _)| n).sum();
        let bedrag = counts.per_aanbieder.values().map(|(_, b)| *b).sum();
        // An aanbieder or gemeente without lines that count is shown if a finding is about it.
        let no_lines = (0, Cent::ZERO);
        let mut aanbieders: BTreeMap<Agb, _> =
            d.aanbieders.iter().map(|a| (a.agb, no_lines)).collect();
        aanbieders.extend(counts.per_aanbieder.iter().map(|(agb, t)| (*agb, *t)));
        let mut gemeenten = counts.per_gemeente.clone();
        for gemeente in aantallen.per_gemeente.keys() {
            gemeenten.entry(*gemeente).or_insert(no_lines);
        }
        let doorbelasting =
            context.regelset.doorbelasting.then(|| doorbelasting(context, all, counts, &lines));
        let standing = match all.par_iter().any(is_let_go) {
            true => in_geding_of(context, all, |b| !is_let_go(b)),
            false => sums.total.in_geding,
        };
        Totals {
            doorbelasting,
            in_geding: sums.total.in_geding,
            standing,
            separate,
            open,
            per_aanbieder: parties(aanbieders, &sums.per_aanbieder, &aantallen.per_aanbieder),
            per_gemeente: parties(gemeenten, &sums.per_gemeente, &aantallen.per_gemeente),
            per_maand: sums.per_maand,
            lines: regels,
            bedrag,
        }
    }
}

/// How many findings there are, and of each party how many, and how many of those are open.
#[derive(Default)]
struct Counts {
    /// Per ernst.
    open: [u64; 3],
    per_aanbieder: HashMap<Agb, (u64, u64)>,
    per_gemeente: HashMap<Gemeente, (u64, u64)>,
}

impl Counts {
    fn of(context: &AuditContext<'_>, all: &[Numbered]) -> Counts {
        let mut counts = Counts::default();
        // Findings of one rule are in the order of their parties: they are counted together.
        let (mut parties, mut together) = ((None, None), (0, 0));
        for g in all {
            let is_open = u64::from(g.is_open());
            counts.open[g.bevinding.ernst as usize] += is_open;
            let of_these = bevindingen::parties(context, g.bevinding.subject);
            if of_these != parties {
                counts.count(parties, together);
                (parties, together) = (of_these, (0, 0));
            }
            together = (together.0 + 1, together.1 + is_open);
        }
        counts.count(parties, together);
        counts
    }

    fn count(&mut self, (agb, gemeente): (Option<Agb>, Option<Gemeente>), added: (u64, u64)) {
        let locations = [
            agb.map(|agb| self.per_aanbieder.entry(agb).or_default()),
            gemeente.map(|gemeente| self.per_gemeente.entry(gemeente).or_default()),
        ];
        for slot in locations.into_iter().flatten() {
            *slot = (slot.0 + added.0, slot.1 + added.1);
        }
    }
}

/// What those of these findings that `choose` keeps put at stake on lines that count, each line once.
pub(crate) fn in_geding_of(
    context: &AuditContext<'_>,
    bevindingen: &[Numbered],
    choose: fn(&Numbered) -> bool,
) -> InDispute {
    let (lines, _) = per_line(context, bevindingen, choose);
    let mut sum = InDispute::default();
    for (id, line) in &lines {
        sum += line.in_geding(context.dossier.line(*id));
    }
    sum
}

/// What each rule adds to what these findings put at stake on lines that count: of lines that more
/// than one hits, the first in order has the most. Together it is what [`in_geding_of`] gives.
pub(crate) fn added_per_rule(
    context: &AuditContext<'_>,
    bevindingen: &[Numbered],
) -> HashMap<&'static str, InDispute> {
    let mut added: HashMap<&'static str, InDispute> = HashMap::new();
    let mut lines: HashMap<LineId, LineTotal> = HashMap::new();
    // An onzekerheid is what a line has above its fouten: these come first.
    for with_onzekerheid in [false, true] {
        let same = |a: &Numbered, b: &Numbered| {
            a.rule == b.rule && a.bevinding.subject == b.bevinding.subject
        };
        for group in bevindingen.chunk_by(same) {
            let Subject::Line(id) = group[0].bevinding.subject else { continue };
            let data = context.dossier.line(id);
            if !context.counts_in_leverjaar(data) {
                continue;
            }
            let line = lines.entry(id).or_default();
            let before = line.in_geding(data);
            let counts = |g: &&Numbered| with_onzekerheid || g.bevinding.ernst == Ernst::Fout;
            line.push(group.iter().filter(counts));
            let now = line.in_geding(data);
            *added.entry(group[0].rule).or_default() += InDispute {
                fout: now.fout - before.fout,
                onzekerheid: now.onzekerheid - before.onzekerheid,
            };
        }
    }
    added
}

/// What the findings that `choose` keeps come to: on each line that counts, and apart.
fn per_line(
    context: &AuditContext<'_>,
    all: &[Numbered],
    choose: fn(&Numbered) -> bool,
) -> (HashMap<LineId, LineTotal>, [ExtraTotals; 3]) {
    let d = context.dossier;
    let mut separate = [ExtraTotals::default(); 3];
    let mut lines: HashMap<LineId, LineTotal> =
        HashMap::with_capacity(all.len().min(d.lines.len()));
    let same =
        |a: &Numbered, b: &Numbered| a.rule == b.rule && a.bevinding.subject == b.bevinding.subject;
    for group in all.chunk_by(same) {
        let counts = match group[0].bevinding.subject {
            Subject::Line(id) => Some(id).filter(|id| context.counts_in_leverjaar(d.line(*id))),
            _ => None,
        };
        match counts {
            Some(id) if group.iter().any(choose) => {
                lines.entry(id).or_default().push(group.iter().filter(|g| choose(g)));
            }
            Some(_) => {}
            None => {
                for Numbered { bevinding, .. } in group.iter().filter(|g| choose(g)) {
                    let a = &mut separate[bevinding.ernst as usize];
                    a.count += 1;
                    a.bedrag += bevinding.bedrag.unwrap_or_default();
                }
            }
        }
    }
    (lines, separate)
}

impl LineTotal {
    /// What is at stake on the line, never more than its own amount.
    fn in_geding(self, line: &Declaratieregel) -> InDispute {
        let fout = self.fout.min(line.ingediend_bedrag);
        let onzekerheid = self.onzekerheid.min(line.ingediend_bedrag) - fout;
        InDispute { fout, onzekerheid: onzekerheid.at_least_zero() }
    }

    /// The findings of one rule on this line. Where a rule gives both a `fout` and an
    /// `onzekerheid`, their sum counts as its `onzekerheid`.
    fn push<'g>(&mut self, group: impl Iterator<Item = &'g Numbered> + Clone) {
        let sum = |ernst| -> Cent {
            group
                .clone()
                .filter(|g| g.bevinding.ernst == ernst)
                .map(|g| g.bevinding.bedrag.unwrap_or_default())
                .sum()
        };
        let (fout, onzeker) = (sum(Ernst::Fout), sum(Ernst::Onzekerheid));
        self.fout = self.fout.max(fout);
        if group.clone().any(|g| g.bevinding.ernst == Ernst::Onzekerheid) {
            self.onzekerheid = self.onzekerheid.max(fout + onzeker);
        }
    }
}

/// The live lines of the year by gemeente, aanbieder, perceel, product and month, less what is `fout`
/// after what people judged.
fn doorbelasting(
    context: &AuditContext<'_>,
    all: &[Numbered],
    counts: &LineStatistics,
    lines: &HashMap<LineId, LineTotal>,
) -> Vec<Doorbelasting> {
    let mut sums: HashMap<Delivery, (InDispute, Judged)> = HashMap::new();
    let (standing, _) = per_line(context, all, stands);
    let (deducted, _) = per_line(context, all, is_deducted);
    let total = |of: &HashMap<LineId, LineTotal>, id, r| {
        of.get(id).map_or(InDispute::default(), |line| line.in_geding(r))
    };
    for (id, line) in lines {
        let r = context.dossier.line(*id);
        let (in_geding, standing) = (line.in_geding(r), total(&standing, id, r));
        let deducted = total(&deducted, id, r);
        let (sum, judged) = sums.entry(Delivery::of(context, r)).or_default();
        *sum += in_geding;
        judged.dropped += in_geding.fout - standing.fout;
        judged.reclaimed += deducted.fout + deducted.onzekerheid - standing.fout;
    }
    let row = |(of, (regels, gedeclareerd)): (&Delivery, &(u64, Cent))| {
        let (in_geding, judged) = sums.get(of).copied().unwrap_or_default();
        let catalogus = context.dossier.product(of.product).row.as_ref();
        Doorbelasting {
            of: *of,
            perceel: catalogus.and_then(|row| row.perceel),
            lines: *regels,
            gedeclareerd: *gedeclareerd,
            in_geding,
            judged,
        }
    };
    let mut rows: Vec<Doorbelasting> = counts.per_afname.iter().map(row).collect();
    rows.sort_by_key(|r| (r.of.gemeente, r.of.aanbieder, r.perceel, r.of.product, r.of.maand));
    rows
}

/// What is at stake at one party, and what of it is open.
#[derive(Clone, Copy, Default)]
struct PartySum {
    in_geding: InDispute,
    open: InDispute,
}

/// What is at stake on all lines together, and on those of each party and month.
#[derive(Default)]
struct SumsByGroup {
    total: PartySum,
    per_aanbieder: HashMap<Agb, PartySum>,
    per_gemeente: HashMap<Gemeente, PartySum>,
    per_maand: [InDispute; 12],
}

impl SumsByGroup {
    /// `open` is of the findings without a verdict; every line in it is in `lines` too.
    fn of(
        context: &AuditContext<'_>,
        lines: &HashMap<LineId, LineTotal>,
        open: &HashMap<LineId, LineTotal>,
    ) -> SumsByGroup {
        let mut sums = SumsByGroup::default();
        for (id, line) in lines {
            let data = context.dossier.line(*id);
            let in_geding = line.in_geding(data);
            let open = open.get(id).map_or(InDispute::default(), |line| line.in_geding(data));
            for sum in [
                &mut sums.total,
                sums.per_aanbieder.entry(context.agb(data.aanbieder)).or_default(),
                sums.per_gemeente.entry(data.gemeente).or_default(),
            ] {
                sum.in_geding += in_geding;
                sum.open += open;
            }
            sums.per_maand[data.einddatum.maand().rem_euclid(12) as usize] += in_geding;
        }
        sums
    }
}

fn parties<K: Copy + Eq + Hash + Display>(
    omzet: BTreeMap<K, (u64, Cent)>,
    sums: &HashMap<K, PartySum>,
    bevindingen: &HashMap<K, (u64, u64)>,
) -> Vec<PartyTotal> {
    omzet
        .into_iter()
        .map(|(party, (lines, bedrag))| {
            let PartySum { in_geding, open } = sums.get(&party).copied().unwrap_or_default();
            let (bevindingen, open_bevindingen) =
                bevindingen.get(&party).copied().unwrap_or_default();
            PartyTotal {
                code: party.to_string(),
                lines,
                bedrag,
                bevindingen,
                in_geding,
                open_bevindingen,
                open,
            }
        })
        .filter(|p| p.lines > 0 || p.bevindingen > 0)
        .collect()
}
