//! The case files of `tests/regels`: each rule by itself on small dossiers, whose outcome a person
//! works out by hand.

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use rechtmatig::beproeving::{Case, CaseFile, run};
use rechtmatig::dossier::{Cent, LineId};
use rechtmatig::regels::{REGISTER, fingerprints};
use rechtmatig::regelset::{Regelset, RuleValue, RulesetSource};
use rechtmatig::toetsing::{AuditContext, Bevinding, Rule, RuleOutcome, Subject, shares};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regels");
const LEESMIJ: &str = "README";
const REGELSETS: [&str; 3] = ["ijsselland", "zeeland", "landelijk"];

/// The case files by code; those that can't be read with what is wrong.
fn files() -> BTreeMap<String, Result<CaseFile, String>> {
    let mut out = BTreeMap::new();
    for thing in fs::read_dir(DIR).expect("the folder of case files is there") {
        let path = thing.expect("readable").path();
        let code = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if code == LEESMIJ {
            continue;
        }
        assert!(path.extension().is_some_and(|e| e == "md"), "no case file: {}", path.display());
        let text = fs::read_to_string(&path).expect("a text file");
        let read = CaseFile::read(&code, &text, &REGELSETS)
            .map_err(|f| format!("{}: {}", place(&code, f.line), f.what));
        out.insert(code, read);
    }
    out
}

fn place(code: &str, line: usize) -> String {
    format!("tests/regels/{code}.md:{line}")
}

#[test]
fn every_case_of_every_rule_gives_what_its_file_says() {
    let mut bestanden = files();
    // For the loop of whoever works on one rule.
    if let Ok(code) = std::env::var("RECHTMATIG_REGEL") {
        bestanden.retain(|c, _| *c == code);
        assert!(!bestanden.is_empty(), "no case file {code}");
    }
    let mut errors: Vec<String> =
        bestanden.values().filter_map(|b| b.as_ref().err().cloned()).collect();
    let cases: Vec<(&CaseFile, &Case)> =
        bestanden.values().flatten().flat_map(|b| b.cases.iter().map(move |g| (b, g))).collect();
    let mut regelsets: BTreeMap<&str, Regelset> = BTreeMap::new();
    for (_, case) in &cases {
        let name = case.settings.regelset.as_str();
        regelsets.entry(name).or_insert_with(|| {
            Regelset::read(name, &RulesetSource::BuiltIn, &fingerprints())
                .unwrap_or_else(|e| panic!("{name}: {}", e.bericht))
        });
    }
    errors.par_extend(cases.par_iter().filter_map(|(file, case)| {
        let rule = REGISTER.iter().find(|r| r.code == file.code)?;
        let difference = check_case(case, rule, &regelsets[case.settings.regelset.as_str()]);
        let header = || format!("{} · geval '{}'", place(&file.code, case.line), case.name);
        difference.err().map(|v| format!("{}\n{v}", header()))
    }));
    let count = cases.len();
    assert!(errors.is_empty(), "{} van {count} gevallen:\n\n{}", errors.len(), errors.join("\n"));
}

#[test]
fn every_rule_has_a_case_file_and_every_case_file_a_rule() {
    let bestanden = files();
    let codes: Vec<&str> = REGISTER.iter().map(|r| r.code).collect();
    let without: Vec<&&str> = codes.iter().filter(|c| !bestanden.contains_key(**c)).collect();
    assert!(without.is_empty(), "regels zonder tests/regels/<CODE>.md: {without:?}");
    let over: Vec<&String> = bestanden.keys().filter(|b| !codes.contains(&b.as_str())).collect();
    assert!(over.is_empty(), "gevallen van een regel die er niet is: {over:?}");
}

#[test]
fn every_case_file_has_every_kind_of_case() {
    for (code, file) in files() {
        let gone = file.map(|b| b.missing_kinds()).unwrap_or_default();
        assert!(gone.is_empty(), "tests/regels/{code}.md mist: {}", gone.join(", "));
    }
}

/// A number of the contract in a ruleset's file: its rule, its line, the line one more or less.
struct LimitChange {
    code: String,
    name: String,
    line: usize,
    becomes: String,
}

/// Every whole or decimal number and every date under `[[regels.CODE.naam]]`, moved by its last digit
/// or by a day both ways.
fn grenswijzigingen(toml: &str) -> Vec<LimitChange> {
    let mut parameter = None;
    let mut out = Vec::new();
    for (i, regel) in toml.lines().enumerate() {
        if let Some(header) = regel.strip_prefix("[[regels.") {
            parameter = header.trim_end_matches(']').split_once('.');
        } else if regel.starts_with('[') {
            parameter = None;
        }
        let (Some((code, name)), Some(value)) = (parameter, regel.strip_prefix("waarde = ")) else {
            continue;
        };
        if WITHOUT_CASE.contains(&(code, name)) {
            continue;
        }
        let mut change = |becomes: String| {
            let (code, name) = (code.to_owned(), name.to_owned());
            out.push(LimitChange { code, name, line: i, becomes: format!("waarde = {becomes}") });
        };
        if let Ok(dag) = value.parse::<NaiveDate>() {
            change((dag - Days::new(1)).to_string());
            change((dag + Days::new(1)).to_string());
            continue;
        }
        let digits = value.trim_matches('"');
        let Ok(number) = digits.replace(',', "").parse::<i64>() else { continue };
        let decimals = digits.split_once(',').map_or(0, |(_, d)| d.len());
        for other in [number - 1, number + 1] {
            let mut text = format!("{other:0>width$}", width = decimals + 1);
            if decimals > 0 {
                text.insert(text.len() - decimals, ',');
            }
            change(value.replace(digits, &text));
        }
    }
    out
}

/// Numbers that a finding only speaks of, one that a ruleset of one's own may choose, and the last day
/// of a ruleset, after which it holds for no year that could be audited.
const WITHOUT_CASE: [(&str, &str); 4] = [
    ("CT01", "uitloop_maanden"),
    ("WV10", "uren"),
    ("PV04", "drempel_landelijk"),
    ("CT03", "laatste_dag"),
];

/// A case on either side of every limit: one more or one less, and a case no longer holds. A rule
/// whose cases are all of another ruleset must have the values of that one.
#[test]
fn no_number_of_a_ruleset_can_move_without_a_case_noticing() {
    let bestanden = files();
    let mut ongemerkt: Vec<String> = ["landelijk", "ijsselland", "zeeland"]
        .into_par_iter()
        .flat_map_iter(|name| {
            let path = format!("{}/rules/{name}.toml", env!("CARGO_MANIFEST_DIR"));
            let toml = fs::read_to_string(path).expect("a ruleset of the program");
            grenswijzigingen(&toml).into_iter().map(move |w| (name, toml.clone(), w))
        })
        .filter_map(|(name, toml, wijziging)| {
            let mut regels: Vec<&str> = toml.lines().collect();
            regels[wijziging.line] = &wijziging.becomes;
            let dir = tempfile::tempdir().expect("a temporary folder");
            fs::write(dir.path().join(format!("{name}.toml")), regels.join("\n")).expect("room");
            let source = RulesetSource::Dir(dir.path().to_owned());
            let rule = REGISTER.iter().find(|r| r.code == wijziging.code)?;
            let file = bestanden.get(rule.code)?.as_ref().ok()?;
            let otherwise =
                file.cases.iter().map(|g| g.settings.regelset.as_str()).find(|r| *r != name);
            let own_cases =
                file.cases.iter().any(|g| g.settings.regelset == name) || name == "landelijk";
            if let (false, Some(other)) = (own_cases, otherwise) {
                let equal =
                    values(name, rule, &wijziging.name) == values(other, rule, &wijziging.name);
                return (!equal).then(|| format!("{name} en {other}: {} verschilt", rule.code));
            }
            let mut read: BTreeMap<&str, Regelset> = BTreeMap::new();
            let gemerkt = file.cases.iter().any(|case| {
                let set = read.entry(case.settings.regelset.as_str()).or_insert_with_key(|name| {
                    Regelset::read(name, &source, &fingerprints()).expect("still a ruleset")
                });
                set.rule(rule.code).is_some() && check_case(case, rule, set).is_err()
            });
            (!gemerkt).then(|| {
                format!("{name}.toml:{}: {} {}", wijziging.line + 1, rule.code, wijziging.becomes)
            })
        })
        .collect();
    ongemerkt.sort();
    assert!(ongemerkt.is_empty(), "geen geval merkt:\n{}", ongemerkt.join("\n"));
}

/// The values of a parameter in one of the program's rulesets, whatever their dates.
fn values(name: &str, rule: &Rule, parameter: &str) -> Vec<RuleValue> {
    let set = Regelset::read(name, &RulesetSource::BuiltIn, &fingerprints()).expect("a ruleset");
    let parameter = rule.parameters.iter().find(|p| p.name == parameter).expect("a parameter");
    let run = set.rule(rule.code).expect("the ruleset has the rule").tijdreeks(parameter);
    run.iter().map(|g| g.value.clone()).collect()
}

/// Runs one rule on one geval; the error says how the outcome differs.
fn check_case(case: &Case, rule: &'static Rule, regelset: &Regelset) -> Result<(), String> {
    run(case, &rule.into(), regelset, lines_under)
}

/// Rules of which a finding is for all that was declared on its lines.
const FOR_ALL_OF_ITS_LINES: [&str; 6] = ["AF01", "ED03", "PV06", "TL03", "TW19", "ZM04"];

/// Rules of which a finding on a toewijzing is about others with it.
const TOGETHER: [&str; 6] = ["BU05", "BU09", "CR03", "TW24", "ZL07", "ZL08"];

/// Rules of which a finding is about messages or papers.
const WITHOUT_LINES: [&str; 4] = ["JW17", "PV07", "SG09", "TW16"];

/// Every finding names the lines that it rests on, each of them once and each of what it is about; what
/// they carry of its amount adds up to it.
fn lines_under(context: &AuditContext<'_>, outcome: &RuleOutcome) -> Result<(), String> {
    let code = outcome.rule.code;
    for b in &outcome.outcomes.bevindingen {
        let Some(under) = b.underlying() else {
            match b.subject {
                Subject::Line(_) => continue,
                _ => return Err(format!("  {code}, {}: its lines were not looked up", b.found)),
            }
        };
        let lines = &under.lines;
        let error = |what: &str| Err(format!("  {code}, {}: {what}: {under:?}", b.found));
        let nrs: BTreeSet<LineId> = lines.iter().copied().collect();
        if nrs.len() != lines.len() {
            return error("a line twice");
        }
        // ZL05 is about a toewijzing that isn't needed, declared on or not.
        let may_be_empty = rests_on_absence(b) || code == "ZL05";
        if lines.is_empty() != WITHOUT_LINES.contains(&code) && !may_be_empty {
            return error("lines");
        }
        let bedrag = |id: &LineId| context.dossier.line(*id).ingediend_bedrag;
        let shares = shares(context, b);
        let of_its_own = matches!(b.subject, Subject::Toewijzing(_) | Subject::Jeugdige(_));
        let must = of_its_own || FOR_ALL_OF_ITS_LINES.contains(&code);
        if must && shares.is_some() != b.bedrag.is_some() {
            return error("no shares of the amount");
        }
        if let Some(shares) = shares {
            let fits = |(id, part): (&LineId, &Cent)| Cent(0) <= *part && *part <= bedrag(id);
            let sum: Cent = shares.iter().copied().sum();
            let all = shares.len() == lines.len() && lines.iter().zip(&shares).all(fits);
            if Some(sum) != b.bedrag || !all {
                return error(&format!("the shares aren't the amount: {shares:?}"));
            }
        }
        let is_of_subject = |id: &LineId| {
            let r = context.dossier.line(*id);
            match b.subject {
                Subject::Line(of) => *id == of,
                Subject::Jeugdige(bsn) => r.bsn == bsn,
                // These count toewijzingen by their own aanbieder, whoever declared on them.
                Subject::Aanbieder(of) if ["SG04", "TW21"].contains(&code) => {
                    r.toewijzing.is_some_and(|id| context.dossier.toewijzing(id).aanbieder == of)
                }
                Subject::Aanbieder(of) => r.aanbieder == of,
                Subject::AanbiederInGemeente(of, gemeente) => {
                    (r.aanbieder, r.gemeente) == (of, gemeente)
                }
                // A finding on toewijzingen together rests on the lines of all of them.
                Subject::Toewijzing(of) => TOGETHER.contains(&code) || r.toewijzing == Some(of),
                Subject::Gemeente(_) | Subject::Declaratiebericht(_) | Subject::Dossier => true,
            }
        };
        if !nrs.iter().all(is_of_subject) {
            return error("a line of another");
        }
    }
    Ok(())
}

/// Is the finding that there are no lines: accounted for and not declared, no longer declared, a message
/// without any?
fn rests_on_absence(b: &Bevinding) -> bool {
    matches!(
        b.subject,
        Subject::AanbiederInGemeente(..)
            | Subject::Aanbieder(_)
            | Subject::Declaratiebericht(_)
            | Subject::Dossier
    )
}
