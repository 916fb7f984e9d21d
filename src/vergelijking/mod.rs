//! Two rapporten side by side: which findings are new, gone or changed, and why a total moved.
//!
//! Findings are the same where their Id is, which no row number and no amount goes into.

mod reading;

pub(crate) use reading::{Bevinding, ReadReportError, ReportReading, StepTotals};

use crate::dossier::Cent;
use std::collections::BTreeMap;

/// What became of a finding between two rapporten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    New,
    Lapsed,
    Changed,
}

impl Change {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Change::New => "nieuw",
            Change::Lapsed => "vervallen",
            Change::Changed => "gewijzigd",
        }
    }
}

/// A finding that differs: in the older rapport, in the newer, or in both.
#[derive(Clone, Debug)]
pub(crate) struct Difference<'r> {
    pub old: Option<&'r Bevinding>,
    pub new: Option<&'r Bevinding>,
}

impl<'r> Difference<'r> {
    pub(crate) fn change(&self) -> Change {
        match (self.old, self.new) {
            (None, _) => Change::New,
            (_, None) => Change::Lapsed,
            _ => Change::Changed,
        }
    }

    /// The finding as it is now, or as it was.
    pub(crate) fn bevinding(&self) -> &'r Bevinding {
        self.new.or(self.old).expect("a difference has a finding")
    }

    /// What the sums of this ernst gained.
    fn bedrag(&self, ernst: &str) -> Cent {
        let of = |b: Option<&Bevinding>| {
            b.filter(|b| b.ernst == ernst).and_then(|b| b.bedrag).unwrap_or_default()
        };
        of(self.new) - of(self.old)
    }
}

/// How one total moved: by findings, and by what they don't explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    pub old: Cent,
    pub new: Cent,
    /// Of each rule and kind of change: what its findings gained.
    pub per_rule: Vec<(String, Change, u64, Cent)>,
}

impl Shift {
    pub(crate) fn difference(&self) -> Cent {
        self.new - self.old
    }

    /// What the findings gained more than the total: amounts that another finding on the same line
    /// counted already, or that stand apart from the totals.
    pub(crate) fn already_counted(&self) -> Cent {
        self.per_rule.iter().map(|(.., bedrag)| *bedrag).sum::<Cent>() - self.difference()
    }
}

/// Findings that are new, gone or changed, and how the totals moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Since {
    /// The earlier rapport, as the user named it.
    pub map: String,
    pub new: u64,
    pub lapsed: u64,
    pub changed: u64,
    /// Before and now, each line once.
    pub fout: [Cent; 2],
    pub onzekerheid: [Cent; 2],
    /// Had the earlier one another key? Then a finding on a jeugdige is new by its pseudonym.
    pub other_key: bool,
}

/// Two rapporten compared.
#[derive(Clone, Debug)]
pub(crate) struct Comparison<'r> {
    pub old: &'r ReportReading,
    pub new: &'r ReportReading,
    pub equal: usize,
    /// By rule, kind of change and Id.
    pub differences: Vec<Difference<'r>>,
}

impl<'r> Comparison<'r> {
    pub(crate) fn make(old: &'r ReportReading, new: &'r ReportReading) -> Comparison<'r> {
        let mut per_id: BTreeMap<&str, Difference<'r>> = BTreeMap::new();
        for b in &old.bevindingen {
            per_id.insert(&b.id, Difference { old: Some(b), new: None });
        }
        for b in &new.bevindingen {
            per_id.entry(&b.id).or_insert(Difference { old: None, new: None }).new = Some(b);
        }
        let all = per_id.len();
        let mut differences: Vec<Difference<'r>> =
            per_id.into_values().filter(|v| v.old != v.new).collect();
        differences.sort_by(|a, b| {
            let key = |v: &Difference<'r>| {
                let b = v.bevinding();
                (b.rule.clone(), v.change(), b.id.clone())
            };
            key(a).cmp(&key(b))
        });
        Comparison { old, new, equal: all - differences.len(), differences }
    }

    pub(crate) fn count(&self, change: Change) -> usize {
        self.differences.iter().filter(|v| v.change() == change).count()
    }

    /// The same in a few numbers; `map` is how the user named the older rapport.
    pub(crate) fn since(&self, map: &str) -> Since {
        let count = |change| self.count(change) as u64;
        Since {
            map: map.to_owned(),
            new: count(Change::New),
            lapsed: count(Change::Lapsed),
            changed: count(Change::Changed),
            fout: [self.old.fout, self.new.fout],
            onzekerheid: [self.old.onzekerheid, self.new.onzekerheid],
            other_key: self.old.fingerprint != self.new.fingerprint,
        }
    }

    /// How the total of an ernst (`fout` or `onzekerheid`) moved.
    pub(crate) fn shift(&self, ernst: &str) -> Shift {
        let total = |r: &ReportReading| if ernst == "fout" { r.fout } else { r.onzekerheid };
        let mut per_rule: BTreeMap<(String, Change), (u64, Cent)> = BTreeMap::new();
        for v in &self.differences {
            let raakt = [v.old, v.new].iter().flatten().any(|b| b.ernst == ernst);
            if raakt {
                let key = (v.bevinding().rule.clone(), v.change());
                let slot = per_rule.entry(key).or_default();
                *slot = (slot.0 + 1, slot.1 + v.bedrag(ernst));
            }
        }
        Shift {
            old: total(self.old),
            new: total(self.new),
            per_rule: per_rule
                .into_iter()
                .map(|((rule, change), (count, bedrag))| (rule, change, count, bedrag))
                .collect(),
        }
    }

    /// What differs between the two runs besides their findings, in Dutch sentences.
    pub(crate) fn omstandigheden(&self) -> Vec<String> {
        let (old, new) = (self.old, self.new);
        let mut sentences = Vec::new();
        let mut if_other = |what: &str, earlier: &str, now: &str| {
            if earlier != now {
                sentences.push(format!("{what}: {earlier} → {now}"));
            }
        };
        if_other("leverjaar", &old.leverjaar.to_string(), &new.leverjaar.to_string());
        if_other("regelset", &old.regelset, &new.regelset);
        if_other("niveau", &old.niveau, &new.niveau);
        if_other("programmaversie", &old.program, &new.program);
        if old.fingerprint != new.fingerprint {
            sentences.push(
                "de rapporten hebben verschillende sleutels: bevindingen over een jeugdige (zonder declaratieregel of toewijzing) lijken daardoor vervallen en nieuw; geef beide keren dezelfde --sleutel"
                    .to_owned(),
            );
        }
        let earlier: BTreeMap<_, _> = old.input.iter().cloned().collect();
        let now: BTreeMap<_, _> = new.input.iter().cloned().collect();
        let added = now.keys().filter(|b| !earlier.contains_key(*b)).count();
        let gone = earlier.keys().filter(|b| !now.contains_key(*b)).count();
        let otherwise =
            now.iter().filter(|(b, s)| earlier.get(*b).is_some_and(|t| t != *s)).count();
        if added + gone + otherwise > 0 {
            sentences.push(format!(
                "invoerbestanden: {added} erbij, {gone} weg, {otherwise} met een andere inhoud"
            ));
        }
        sentences
    }

    /// Steps of the Aansluiting that moved: key, then lines and amount of both.
    pub(crate) fn steps(&self) -> Vec<(&'r StepTotals, &'r StepTotals)> {
        self.old
            .steps
            .iter()
            .filter_map(|s| {
                let now = self.new.steps.iter().find(|n| n.key == s.key)?;
                (now != s).then_some((s, now))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bevinding(id: &str, ernst: &str, cent: i64) -> Bevinding {
        Bevinding {
            id: id.to_owned(),
            rule: id.split('-').next().unwrap_or_default().to_owned(),
            ernst: ernst.to_owned(),
            aanbieder: "99000001".to_owned(),
            gemeente: "0150".to_owned(),
            nummer: id.to_owned(),
            bedrag: Some(Cent(cent)),
            found: String::new(),
            expected: String::new(),
        }
    }

    fn rapport(fout: i64, onzekerheid: i64, bevindingen: Vec<Bevinding>) -> ReportReading {
        ReportReading {
            leverjaar: 2023,
            regelset: "ijsselland 1".to_owned(),
            program: "0.1.0".to_owned(),
            niveau: "maand".to_owned(),
            fingerprint: "x".to_owned(),
            fout: Cent(fout),
            onzekerheid: Cent(onzekerheid),
            steps: Vec::new(),
            input: Vec::new(),
            bevindingen,
        }
    }

    #[test]
    fn what_moved_a_total_adds_up_to_how_far_it_moved() {
        // TW01-c lies on the line of BU01-b: of its 40 cents 10 were counted already.
        let earlier = rapport(
            130,
            0,
            vec![bevinding("NS01-a", "fout", 100), bevinding("BU01-b", "fout", 30)],
        );
        let now = rapport(
            60,
            25,
            vec![
                bevinding("NS01-a", "onzekerheid", 25),
                bevinding("BU01-b", "fout", 30),
                bevinding("TW01-c", "fout", 40),
            ],
        );
        let v = Comparison::make(&earlier, &now);
        assert_eq!(v.equal, 1);
        assert_eq!((v.count(Change::New), v.count(Change::Changed)), (1, 1));
        let fout = v.shift("fout");
        assert_eq!(fout.difference(), Cent(-70));
        assert_eq!(
            fout.per_rule,
            [
                ("NS01".to_owned(), Change::Changed, 1, Cent(-100)),
                ("TW01".to_owned(), Change::New, 1, Cent(40)),
            ]
        );
        assert_eq!(fout.already_counted(), Cent(10));
        assert_eq!(v.shift("onzekerheid").difference(), Cent(25));
    }
}
