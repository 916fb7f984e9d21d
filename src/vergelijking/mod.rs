//! Two rapporten side by side: which findings are new, gone or changed, and why a total moved.
//!
//! Findings are the same where their Id is, which no row number and no amount goes into: the tables of
//! both are joined on it.

mod findings;
mod reading;

pub(crate) use findings::{Bevinding, FindingTable};
pub(crate) use reading::{ReadReportError, ReportReading, StepTotals};

use crate::dossier::Cent;
use crate::frame::{Frame, Made, TextColumn, large, right, small};
use findings::{COLUMNS, ID, Side};
use std::collections::BTreeMap;

/// What became of a finding between two rapporten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    New,
    Lapsed,
    Changed,
}

impl Change {
    const ALL: [Change; 3] = [Change::New, Change::Lapsed, Change::Changed];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Change::New => "nieuw",
            Change::Lapsed => "vervallen",
            Change::Changed => "gewijzigd",
        }
    }
}

/// A finding that differs: in the older rapport, in the newer, or in both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Difference<'r> {
    pub change: Change,
    pub old: Option<Bevinding<'r>>,
    pub new: Option<Bevinding<'r>>,
}

impl<'r> Difference<'r> {
    /// `None` where it is in neither.
    fn between(old: Option<Bevinding<'r>>, new: Option<Bevinding<'r>>) -> Option<Difference<'r>> {
        let change = match (old, new) {
            (None, None) => return None,
            (None, _) => Change::New,
            (_, None) => Change::Lapsed,
            _ => Change::Changed,
        };
        Some(Difference { change, old, new })
    }

    /// The finding as it is now, or as it was.
    pub(crate) fn bevinding(&self) -> Bevinding<'r> {
        self.new.or(self.old).expect("a difference has a finding")
    }

    /// What the sums of this ernst gained; `None` where neither is of it.
    fn gained(&self, ernst: &str) -> Option<Cent> {
        let [old, new] = [self.old, self.new].map(|b| b.filter(|b| b.ernst == ernst));
        let bedrag = |b: Option<Bevinding<'_>>| b.and_then(|b| b.bedrag).unwrap_or_default();
        (old.is_some() || new.is_some()).then(|| bedrag(new) - bedrag(old))
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

/// Two rapporten whose findings were joined.
#[derive(Clone, Debug)]
pub(crate) struct Joined<'r> {
    old: &'r ReportReading,
    new: &'r ReportReading,
    equal: usize,
    /// Findings that differ, with the columns of both.
    unlike: Frame,
}

impl<'r> Joined<'r> {
    pub(crate) fn of(old: &'r ReportReading, new: &'r ReportReading) -> Joined<'r> {
        let join = || -> Made<Joined<'r>> {
            let [earlier, now] = [old, new].map(|r| r.bevindingen.frame().last_of_each(&[ID]));
            let both = earlier?.full(&now?, &[ID])?;
            let unlike = both.unlike(&COLUMNS)?;
            Ok(Joined { old, new, equal: both.rows() - unlike.rows(), unlike })
        };
        join().expect("both tables have the columns of a comparison")
    }

    fn differences(&self) -> Made<Vec<Difference<'_>>> {
        let ids = self.unlike.texts(ID)?;
        let old = Side::of(&self.unlike, str::to_owned)?;
        let new = Side::of(&self.unlike, right)?;
        let rows = ids.into_iter().enumerate().filter_map(|(row, id)| {
            let id = id.unwrap_or_default();
            Difference::between(old.at(row, id), new.at(row, id))
        });
        Ok(rows.collect())
    }
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
    pub(crate) fn of(joined: &'r Joined<'r>) -> Comparison<'r> {
        let mut differences = joined.differences().expect("a join has the columns of both");
        differences.sort_by_key(|d| (d.bevinding().rule, d.change, d.bevinding().id));
        let Joined { old, new, equal, .. } = *joined;
        Comparison { old, new, equal, differences }
    }

    pub(crate) fn count(&self, change: Change) -> usize {
        self.differences.iter().filter(|d| d.change == change).count()
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
        let per_rule = per_rule(&self.differences, ernst);
        Shift {
            old: total(self.old),
            new: total(self.new),
            per_rule: per_rule.expect("a table of our own has its columns"),
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

/// How many of the differences touch this ernst and what they gained, by rule and kind of change.
fn per_rule(differences: &[Difference<'_>], ernst: &str) -> Made<Vec<(String, Change, u64, Cent)>> {
    let (mut rules, mut changes, mut gained) = (TextColumn::new("Regel"), Vec::new(), Vec::new());
    for d in differences {
        let Some(bedrag) = d.gained(ernst) else { continue };
        rules.push(d.bevinding().rule);
        changes.push(d.change as i32);
        gained.push(bedrag.0);
    }
    let touched = Frame::of(vec![
        rules.column(),
        small("Verandering", changes),
        large("Aantal", vec![1; gained.len()]),
        large("Bedrag", gained),
    ])?;
    let keys = ["Regel", "Verandering"];
    let sums = touched.sums(&keys, &["Aantal", "Bedrag"])?.sorted(&keys)?;
    let names = sums.texts("Regel")?.into_iter().map(|rule| rule.unwrap_or_default().to_owned());
    let changes = sums.counts("Verandering")?.into_iter().map(|n| Change::ALL[n as usize]);
    let counts = sums.counts("Aantal")?.into_iter().zip(sums.counts("Bedrag")?);
    let rows = names.zip(changes).zip(counts);
    Ok(rows.map(|((rule, change), (n, bedrag))| (rule, change, n as u64, Cent(bedrag))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bevinding<'t>(id: &'t str, ernst: &'t str, cent: i64) -> Bevinding<'t> {
        Bevinding {
            id,
            rule: id.split('-').next().unwrap_or_default(),
            ernst,
            aanbieder: "99000001",
            gemeente: "0150",
            nummer: id,
            bedrag: Some(Cent(cent)),
            found: "",
            expected: "",
        }
    }

    fn rapport(fout: i64, onzekerheid: i64, bevindingen: Vec<Bevinding<'_>>) -> ReportReading {
        let mut table = FindingTable::default();
        bevindingen.into_iter().for_each(|b| table.push(b));
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
            bevindingen: table.whole(),
        }
    }

    #[test]
    fn of_findings_with_one_id_the_last_counts() {
        let twice = [bevinding("NS01-a", "fout", 1), bevinding("NS01-a", "fout", 2)];
        let (earlier, now) = (rapport(2, 0, twice.to_vec()), rapport(2, 0, twice[1..].to_vec()));
        let joined = Joined::of(&earlier, &now);
        let v = Comparison::of(&joined);
        assert_eq!((v.equal, v.differences.len()), (1, 0));
        let none = rapport(0, 0, Vec::new());
        let joined = Joined::of(&none, &earlier);
        assert_eq!(Comparison::of(&joined).count(Change::New), 1);
        let joined = Joined::of(&none, &none);
        assert_eq!(Comparison::of(&joined).equal, 0);
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
        let joined = Joined::of(&earlier, &now);
        let v = Comparison::of(&joined);
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
