//! Lines that are alike, put together: a verdict on one of them is that of all.

use super::context::AuditContext;
use super::line::Line;
use super::outcome::{Outcomes, Verdict};
use super::rule::{Check, Scope};
use super::running::RunningRule;
use crate::dossier::{LineId, ProductId};

/// Lines that count in the audited year, with what is looked at once for all rules; like ones stand
/// together.
pub(super) struct Lines<'a> {
    lines: Vec<Line<'a>>,
    /// Of each of these its product: many rules ask for it first.
    producten: Vec<ProductId>,
    /// Where each run of like lines ends.
    alike_until: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// The lines stand by toewijzing: among so many are like ones looked for.
    const KINDS: usize = 8;

    pub(super) fn new(c: &'a AuditContext<'a>, ids: &[LineId]) -> Lines<'a> {
        let mut out = Lines {
            lines: Vec::with_capacity(ids.len()),
            producten: Vec::with_capacity(ids.len()),
            alike_until: Vec::new(),
        };
        // The first kind of a toewijzing goes straight to its place, the others after it.
        let mut other: Vec<Vec<Line<'a>>> = vec![Vec::new(); Self::KINDS];
        let (mut first, mut in_use) = (None::<Line<'a>>, 0);
        let all = ids.iter().map(|id| c.line(*id));
        for line in all.filter(|l| c.in_leverjaar(l.data)) {
            let Some(of_first) = &first else {
                first = Some(line);
                out.lines.push(line);
                continue;
            };
            if of_first.is_like(&line) {
                out.lines.push(line);
                continue;
            }
            let is_kind = |kind: &Vec<Line<'_>>| kind[0].is_like(&line);
            match other[..in_use].iter().position(is_kind) {
                Some(slot) => other[slot].push(line),
                None if of_first.data.toewijzing == line.data.toewijzing
                    && in_use < Self::KINDS =>
                {
                    other[in_use].push(line);
                    in_use += 1;
                }
                None => {
                    out.close(&mut other[..in_use]);
                    (first, in_use) = (Some(line), 0);
                    out.lines.push(line);
                }
            }
        }
        out.close(&mut other[..in_use]);
        out.producten.extend(out.lines.iter().map(|l| l.data.product));
        out
    }

    /// Ends the run of like lines, and adds each of these.
    fn close(&mut self, other: &mut [Vec<Line<'a>>]) {
        self.alike_until.push(self.lines.len());
        for kind in other {
            self.lines.append(kind);
            self.alike_until.push(self.lines.len());
        }
    }

    /// The runs of like lines.
    fn kinds(&self) -> impl Iterator<Item = &[Line<'a>]> {
        let begin = std::iter::once(&0).chain(&self.alike_until);
        begin.zip(&self.alike_until).map(|(&of, &until)| &self.lines[of..until])
    }

    /// A rule about single lines over all of these.
    pub(super) fn check(&self, rule: &RunningRule<'_>, out: &mut Outcomes) {
        let Some(first) = self.lines.first() else { return };
        for check in rule.checks() {
            match check {
                Check::Line(toets) => self.check_each(rule, out, |l| toets(l, rule.values)),
                Check::LineKind(toets) if first.context.is_constant(rule.values) => {
                    for kind in self.kinds() {
                        let count = kind.len() as u64;
                        if rule.is_about(kind[0].data.product, count, out) {
                            out.verdict_over(kind, |l| toets(l, rule.values));
                        }
                    }
                }
                Check::LineKind(toets) => self.check_each(rule, out, |l| toets(l, rule.values)),
                _ => {}
            }
        }
        if let Some(own) = rule.own_of(Scope::Line) {
            self.check_each(rule, out, |l| own.check_line(l));
        }
    }

    fn check_each(
        &self,
        rule: &RunningRule<'_>,
        out: &mut Outcomes,
        check: impl Fn(&Line<'a>) -> Verdict,
    ) {
        let Some(mask) = &rule.mask else {
            return self.lines.iter().for_each(|l| out.verdict(check(l)));
        };
        for (line, product) in self.lines.iter().zip(&self.producten) {
            if mask.is_about(*product, 1, out) {
                out.verdict(check(line));
            }
        }
    }
}
