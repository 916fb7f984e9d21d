//! The case files of `tests/regels`: each rule by itself on small dossiers, whose outcome a person
//! works out by hand.

mod gevallen;
mod markdown;
mod tabellen;

use crate::hulp::Dossier;
use chrono::{Days, NaiveDate};
use gevallen::{Case, CaseFile, Found, OutcomeKind};
use rayon::prelude::*;
use rechtmatig::audit::{AuditError, Setup, Spec, run_whole};
use rechtmatig::bron::ReadDossier;
use rechtmatig::dossier::Niveau;
use rechtmatig::dossier::{Agb, Cent, Dag, Declaratiebericht, FaultSet, FileId, LineId};
use rechtmatig::regels::{REGISTER, fingerprints};
use rechtmatig::regelset::{Regelset, RuleValue, RulesetSource};
use rechtmatig::toetsing::{AuditContext, Bevinding, Rule, RuleOutcome, Subject, shares};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use tabellen::{BERICHTEN, InputRow, jeugdige_of};

const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regels");
const LEESMIJ: &str = "README";

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
        let read = CaseFile::read(&code, &text)
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
    let dir = Dossier::empty();
    let on_regel = |f: markdown::TableError| format!("  regel {}: {}", f.line, f.what);
    for (name, csv) in case.files().map_err(on_regel)? {
        dir.write_bytes(&format!("{name}.csv"), &csv);
    }
    let spec = Spec {
        max_rejected: Decimal::ONE_HUNDRED,
        without_toewijzingen: true,
        ..Spec::new(dir.dir())
    };
    let setup = Setup::under(&spec, regelset.clone()).expect("a geval has no settings");
    let mut ingelezen = setup.read(&|_| {}).map_err(|e| match e {
        AuditError::Source(e) => format!("  {e}"),
        e => format!("  {e:?}"),
    })?;
    // Only a case that says so is about a value that can't be read.
    let is_about_it = case.name.contains("onleesbaar");
    if let Some(f) = ingelezen.errors.first().filter(|_| !is_about_it) {
        return Err(format!(
            "  onleesbare waarde '{}' in kolom {:?}: {}",
            f.value, f.kolom, f.reason
        ));
    }
    if let Some(w) = ingelezen.warnings.first().filter(|_| !is_about_it) {
        return Err(format!("  waarschuwing bij het lezen: {w}"));
    }
    if let Some(rows) = case.rows.get(BERICHTEN) {
        add_berichten(&mut ingelezen, rows)?;
    }
    let (jaar, niveau) = (case.settings.leverjaar, case.settings.niveau);
    if !regelset.applies_to(jaar) {
        return Err(format!("  regelset {} geldt niet voor dit leverjaar", regelset.name));
    }
    if regelset.rule(rule.code).is_none() {
        return Err(format!("  regelset {} heeft deze regel niet", regelset.name));
    }
    let joined = setup.join(ingelezen);
    let context = AuditContext::new(&joined.dossier, &joined.regelset, jaar, niveau);
    let outcome = run_whole(&context, &[rule.into()], &|_, _| {}).outcomes.remove(0);
    match outcome.failed {
        Some(cause) => Err(format!("  de regel is mislukt: {cause}")),
        None => {
            compare(&context, case, &outcome.outcomes)?;
            lines_under(&context, &outcome)
        }
    }
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

/// Puts iJw messages beside the lines, as their reader does: each a file of its own, which holds the
/// lines with its DeclaratieNummer.
fn add_berichten(ingelezen: &mut ReadDossier, rows: &[InputRow]) -> Result<(), String> {
    let whole = &mut ingelezen.rows;
    let mal = whole.files[0].clone();
    let mut berichten = Vec::new();
    for row in rows {
        let cell = |kolom: &str| row.cells.get(kolom).map_or("", String::as_str);
        let dag = |kolom: &str| {
            let datum = tabellen::datum(cell(kolom), row.line).map_err(|f| f.what)?;
            Dag::from_datum(datum).ok_or_else(|| "een datum voor onze jaartelling".to_owned())
        };
        let nummer = cell("DeclaratieNummer");
        let bedrag: i64 =
            cell("TotaalBedrag").replace(',', "").parse().expect("an amount in cents");
        let file = FileId(whole.files.len() as u32);
        whole.files.push(mal.clone());
        let first = berichten.iter().all(|b: &Declaratiebericht| b.declaratie_nummer != nummer);
        for line in whole.lines.iter_mut().filter(|_| first) {
            let [.., declaratie] = whole.texts.get_together(line.ids);
            if declaratie == nummer.as_bytes() {
                line.file = file;
            }
        }
        berichten.push(Declaratiebericht {
            faults: FaultSet::default(),
            afzender: Agb(cell("Afzender").parse().expect("an AGB code")),
            ontvanger: rechtmatig::dossier::Gemeente(150),
            identificatie: cell("Identificatie").to_owned(),
            dagtekening: dag("Einddatum")?,
            subversie: 2,
            xsd_versies: Default::default(),
            declaratie_nummer: nummer.to_owned(),
            periode: (dag("Begindatum")?, dag("Einddatum")?),
            totaal: if cell("DebetCredit") == "C" { Cent(-bedrag) } else { Cent(bedrag) },
            bestand: file,
        });
    }
    whole.declaratieberichten = Some(berichten);
    Ok(())
}

fn compare(
    context: &AuditContext<'_>,
    case: &Case,
    outcomes: &rechtmatig::toetsing::Outcomes,
) -> Result<(), String> {
    let mut expected: Vec<Found> =
        case.expected.iter().filter_map(|v| v.bevinding.clone()).collect();
    expected.sort();
    let mut found: Vec<(Found, &Bevinding)> =
        outcomes.bevindingen.iter().map(|b| (bevonden(context, b), b)).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let reasons: Vec<String> = outcomes.not_testable.iter().map(|(r, _)| r.to_string()).collect();
    let expected_reasons: Vec<&str> = case
        .expected
        .iter()
        .filter(|v| v.kind == OutcomeKind::NotTestable)
        .map(|v| v.omdat.as_str())
        .collect();
    let tested = case
        .expected
        .iter()
        .any(|v| !matches!(v.kind, OutcomeKind::NotTestable | OutcomeKind::NotApplicable));
    let matches = expected.iter().eq(found.iter().map(|(b, _)| b))
        && reasons.iter().all(|r| expected_reasons.iter().any(|v| r.starts_with(v)))
        && expected_reasons.iter().all(|v| reasons.iter().any(|r| r.starts_with(v)))
        && tested == (outcomes.tested > 0);
    if matches {
        return Ok(());
    }
    let mut text = String::new();
    for v in &case.expected {
        let bevinding = v.bevinding.as_ref().map(|b| format!(" | {b}")).unwrap_or_default();
        let _ = writeln!(
            text,
            "  verwacht (regel {}): {}{bevinding} | {}",
            v.line,
            v.kind.name(),
            v.omdat
        );
    }
    for (b, whole) in &found {
        let _ = writeln!(text, "  gekregen: {b}");
        for (what, sentence) in [
            ("Gevonden", &whole.found),
            ("Verwacht", &whole.expected),
            ("Toelichting", &whole.toelichting),
        ] {
            let _ = writeln!(text, "    {what}: {sentence}");
        }
    }
    let _ = writeln!(
        text,
        "  gekregen: {} getoetst, {} bevindingen{}",
        outcomes.tested,
        found.len(),
        reasons.iter().fold(String::new(), |t, r| t + "; niet te toetsen: " + r)
    );
    Err(text)
}

fn bevonden(context: &AuditContext<'_>, b: &Bevinding) -> Found {
    let d = context.dossier;
    let over = match b.subject {
        Subject::Line(id) => format!("regel {}", d.referentie(d.line(id))),
        Subject::Toewijzing(id) => {
            format!("toewijzing {}", d.toewijzingnummer(d.toewijzing(id).nummer))
        }
        Subject::Jeugdige(bsn) => match jeugdige_of(bsn.0) {
            Some(id) => format!("jeugdige {id}"),
            None => format!("jeugdige met Bsn {}", bsn.0),
        },
        Subject::Aanbieder(id) => format!("aanbieder {}", context.agb(id)),
        Subject::Gemeente(g) => format!("gemeente {g}"),
        Subject::AanbiederInGemeente(id, g) => {
            format!("aanbieder {} in gemeente {g}", context.agb(id))
        }
        Subject::Dossier => "het dossier".to_owned(),
        Subject::Declaratiebericht(i) => {
            let berichten = d.declaratieberichten.as_deref().expect("a message was found");
            format!("bericht {}", berichten[i as usize].identificatie)
        }
    };
    Found { over, ernst: b.ernst.name().to_owned(), bedrag: b.bedrag }
}

/// A case file with nothing wrong, to change one thing in.
const GOOD: &str = "\
# XX01 · Voorbeeld

Bron: ID eis 1
Regelset: ijsselland
Leverjaar: 2023
Niveau: maand

Een zin.

## declaraties

| geval | Begindatum | Jeugdige |
|---|---|---|
| goed | 01-05-2023 | 2 |
| goed; ook goed | 01-06-2023 | |

## Zonder kolom

| geval | tabel | kolom |
|---|---|---|
| ook goed | toewijzingen | Budget |

## Instelling

| geval | Leverjaar | Niveau |
|---|---|---|
| ook goed | 2025 | contact |

## Verwacht

| geval | soort | over | ernst | bedrag | omdat |
|---|---|---|---|---|---|
| goed | overtreding | regel R1 | fout | 1000,00 | a \\| b |
| ook goed | in orde | | | | niets |
";

#[test]
fn a_case_file_becomes_dossiers() {
    let file = CaseFile::read("XX01", GOOD).expect("nothing is wrong");
    let [good, also_good] = file.cases.as_slice() else { panic!("two gevallen") };
    let zo = |g: &Case| (g.settings.leverjaar, g.settings.niveau);
    assert_eq!((zo(good), zo(also_good)), ((2023, Niveau::Maand), (2025, Niveau::Contact)));
    assert_eq!(good.expected[0].omdat, "a | b");
    let csv = |case: &Case, name: &str| {
        let mut files = case.files().expect("nothing is wrong");
        let (_, bytes) = files.remove(files.iter().position(|b| b.0 == name).unwrap());
        String::from_utf8(bytes).unwrap()
    };
    let declaraties = csv(good, "declaraties");
    let rows: Vec<&str> = declaraties.lines().collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[1],
        "D1;R1;;12-06-2023;12-06-2023;0193;99000001;999900018;1;45;45T01;01-05-2023;31-05-2023;100;01;;100,00;D;;;;;;;;"
    );
    assert!(rows[2].starts_with("D1;R2;;12-07-2023;12-07-2023;0193;99000001;;1;"), "{}", rows[2]);
    assert!(csv(good, "toewijzingen").lines().next().unwrap().contains(";Budget;"));
    assert!(!csv(also_good, "toewijzingen").contains("Budget;"));
    assert!(csv(also_good, "aanbieders").contains("\n99000001;De Linde;1;6|7|8|9;"));
}

#[test]
fn a_repeated_row_is_written_with_numbers_and_children_of_its_own() {
    let text = GOOD.replace(
        "| geval | Begindatum | Jeugdige |\n|---|---|---|\n",
        "| geval | keer | Jeugdige | IngediendBedrag |\n|---|---|---|---|\n| goed | 3 | 1-2 | benford |\n\n| geval | Begindatum | Jeugdige |\n|---|---|---|\n",
    );
    let file = CaseFile::read("XX01", &text).expect("nothing is wrong");
    let files = file.cases[0].files().expect("nothing is wrong");
    let csv = String::from_utf8(files[0].1.clone()).unwrap();
    let fields: Vec<Vec<&str>> = csv.lines().skip(1).map(|r| r.split(';').collect()).collect();
    let kolom = |i: usize| fields.iter().map(|v| v[i]).collect::<Vec<_>>();
    assert_eq!(kolom(1), ["R1-1", "R1-2", "R1-3", "R2", "R3"]);
    assert_eq!(kolom(7)[..3], ["999900006", "999900018", "999900006"]);
    assert_eq!(kolom(16)[..3], ["14,67", "31,62", "68,12"]);
}

#[test]
fn a_case_file_with_anything_unknown_is_refused_with_its_line() {
    for (was, becomes, line, what) in [
        ("# XX01", "# XX02", 1, "titel"),
        ("Bron: ID eis 1", "Bronn: ID eis 1", 3, "onbekende kopregel"),
        ("Niveau: maand\n", "", 1, "Niveau ontbreekt"),
        ("Regelset: ijsselland", "Regelset: twente", 4, "onbekende regelset"),
        ("## declaraties", "## declaratie", 10, "onbekende tabel"),
        ("| geval | Begindatum |", "| geval | Begin |", 12, "onbekende kolom Begin"),
        ("| goed | 01-05-2023 | 2 |", "| goed | 01-05-2023 |", 14, "2 cellen, 3 kolommen"),
        ("| goed | 01-05-2023 |", "| gaed | 01-05-2023 |", 14, "staat niet onder Verwacht"),
        ("| toewijzingen | Budget |", "| toewijzingen | Budged |", 21, "onbekende kolom Budged"),
        ("| 2025 | contact |", "| 2025 | dag |", 27, "onbekend niveau"),
        ("| overtreding |", "| overtredign |", 33, "onbekende soort"),
        ("| regel R1 |", "| lijn R1 |", 33, "onbekend onderwerp"),
        ("| fout |", "| fuot |", 33, "onbekende ernst"),
        ("1000,00", "1000", 33, "geen bedrag"),
        ("| in orde | |", "| in orde | regel R1 |", 34, "geen bevinding"),
        ("| niets |", "| |", 34, "omdat is leeg"),
    ] {
        assert!(GOOD.contains(was), "{was}");
        let error = CaseFile::read("XX01", &GOOD.replace(was, becomes)).unwrap_err();
        assert!(error.line == line && error.what.contains(what), "{becomes}: {error:?}");
    }
}
