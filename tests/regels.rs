//! `rechtmatig regels`, the pages made from the same text, and rulesets of the user's own.

use crate::hulp::{Dossier, HEADER, ProgramOutput, ROWS, path_of_program, program};
use rechtmatig::regelset::RulesetSource;
use rechtmatig::toetsing::AuditRule;
use rechtmatig::uitleg::{Handbook, pages};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

const PAGINAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/regels");

fn regels(arguments: &[&str]) -> ProgramOutput {
    ProgramOutput::of(program().arg("regels").args(arguments))
}

/// `RECHTMATIG_VERNIEUW=1 cargo test` writes the pages anew.
#[test]
fn the_pages_say_what_the_rules_are_today() {
    let book = Handbook::read(&RulesetSource::BuiltIn).unwrap();
    let vernieuw = std::env::var_os("RECHTMATIG_VERNIEUW").is_some();
    let dir = Path::new(PAGINAS);
    let advice = "look at the difference, then run RECHTMATIG_VERNIEUW=1 cargo test";
    fs::create_dir_all(dir).unwrap();
    let mut names = BTreeSet::new();
    for (name, now) in pages(&book) {
        let path = dir.join(&name);
        if vernieuw {
            fs::write(&path, &now).unwrap();
        }
        let earlier = fs::read_to_string(&path).unwrap_or_default();
        assert!(now == earlier, "{} is stale: {advice}", path.display());
        names.insert(name);
    }
    for thing in fs::read_dir(dir).unwrap() {
        let path = thing.unwrap().path();
        if names.contains(path.file_name().unwrap().to_str().unwrap()) {
            continue;
        }
        if vernieuw {
            fs::remove_file(&path).unwrap();
        } else {
            panic!("{} is of a rule that doesn't exist: {advice}", path.display());
        }
    }
}

#[test]
fn the_page_of_the_columns_says_which_rules_need_them_today() {
    let path = Path::new(PAGINAS).with_file_name("kolommen.md");
    let now = rechtmatig::uitleg::columns_page();
    if std::env::var_os("RECHTMATIG_VERNIEUW").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let earlier = fs::read_to_string(&path).unwrap_or_default();
    assert!(now == earlier, "docs/kolommen.md is stale: RECHTMATIG_VERNIEUW=1 cargo test regels");
}

#[test]
fn the_list_names_every_rule_under_its_family() {
    let outcome = regels(&[]);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    for r in rechtmatig::regels::REGISTER {
        assert!(outcome.stdout.contains(&format!("\n  {}  ", r.code)), "no {}", r.code);
    }
    for (code, name) in rechtmatig::regels::FAMILIES {
        if rechtmatig::regels::REGISTER.iter().any(|r| AuditRule::from(*r).familie() == *code) {
            assert!(outcome.stdout.contains(&format!("{code}  {name}\n")), "no {code}");
        }
    }
    let landelijk = regels(&["--regio", "landelijk"]).stdout;
    assert!(landelijk.contains("  TW01  ") && !landelijk.contains("  NS01  "));
}

#[test]
fn one_rule_is_explained_with_its_values_and_their_sources() {
    let outcome = regels(&["om01"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for words in [
        "Familie OM (Omzet), getoetst per aanbieder; algemene risicoanalyse",
        "\nBron\n  ID eis 38 [ID 1.8 van 19-12-2024]\n",
        "Waarden in regelset ijsselland",
        "    vanaf 01-01-2023 t/m 31-12-2023: 2,63%\n",
        "      bron: ID eis 38 noemt alleen 2023\n",
    ] {
        assert!(outcome.stdout.contains(words), "no '{words}' in:\n{}", outcome.stdout);
    }
    assert!(regels(&["BU02"]).stdout.contains("€ 1.000, € 2.000"));
    assert!(regels(&["TL03", "--regio", "landelijk"]).stdout.contains("heeft deze regel niet"));
}

#[test]
fn a_family_is_all_its_rules() {
    let text = regels(&["TL"]).stdout;
    for code in ["TL01", "TL02", "TL03"] {
        assert!(text.contains(&format!("{code}  ")), "{code}");
    }
}

#[test]
fn other_programs_get_json() {
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&regels(arguments).stdout).expect("JSON")
    };
    assert_eq!(json(&["--json"]).as_array().unwrap().len(), rechtmatig::regels::REGISTER.len());
    let bu02 = json(&["BU02", "--json"]);
    assert_eq!(bu02["parameters"][0]["waarden"][0]["waarde"][0], 100_000);
    assert_eq!(bu02["parameters"][0]["waarden"][0]["vanaf"], "2023-01-01");
    assert_eq!(bu02["regelset"]["naam"], "ijsselland");
    assert_eq!(json(&["tl", "--json"])[0]["code"], "TL01");
}

#[test]
fn what_does_not_exist_is_refused_with_the_likeliest_match() {
    regels(&["NS1"]).refuses(2, &["NS1", "bedoelt u NS"]);
    regels(&["Q"]).refuses(2, &["geen regel of familie 'Q'"]);
    regels(&["NS01", "--regio", "ijselland"]).refuses(2, &["bedoelt u ijsselland"]);
    regels(&["--jsno"]).refuses(2, &["--jsno", "rechtmatig regels --help"]);
    regels(&["NS01", "TL01"]).refuses(2, &["TL01"]);
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let mut kind = Command::new(path_of_program())
        .args(["regels", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(kind.stdout.take());
    let mut errors = String::new();
    kind.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!((kind.wait().unwrap().code(), errors.as_str()), (Some(0), ""));
}

/// A folder with rulesets of the user's own beside a dossier of three lines.
fn own_regelsets(files: &[(&str, &str)]) -> (Dossier, String) {
    let dossier = Dossier::minimaal();
    for (name, content) in files {
        dossier.write(&format!("regels/{name}"), content);
    }
    let dir = dossier.dir().join("regels").display().to_string();
    (dossier, dir)
}

const IJSSELLAND: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/ijsselland.toml"));

const LIMIT: &str =
    "[[regels.NS01.maximum]]\nvanaf = 2023-01-01\nwaarde = 2\nbron = \"ID 8.5.1 (4)\"\n";

const X01: &str = "
[eigen.X01]
titel = \"Hoog bedrag op één regel\"
kolom = \"IngediendBedrag\"
als = \"groter dan\"
waarde = \"53,99\"
ernst = \"signaal\"
bron = \"eigen afspraak 12-03-2024\"
en = [{ kolom = \"ProductCode\", als = \"begint met\", waarde = \"45T\" }]
";

/// The contract of IJsselland with one text replaced, and own checks behind it.
fn ijsselland(old: &str, new: &str, added: &str) -> String {
    assert!(IJSSELLAND.contains(old), "{old}");
    format!("{}{added}", IJSSELLAND.replacen(old, new, 1))
}

#[test]
fn a_changed_limit_is_the_one_that_holds() {
    let header = HEADER.replace("IngediendBedrag", "IngediendBedrag;NoShow");
    let rows: String = ROWS.lines().map(|r| format!("{r};J\n")).collect();
    let own = ijsselland(
        LIMIT,
        &LIMIT.replace(
            "waarde = 2\nbron = \"ID 8.5.1 (4)\"",
            "waarde = 0\nbron = \"eigen afspraak\"",
        ),
        "",
    );
    let (dossier, dir) = own_regelsets(&[("ijsselland.toml", &own)]);
    dossier.write("declaraties.csv", &format!("{header}{rows}"));
    let count = |options: &[&str]| {
        let options = [options, &["--alleen", "NS01", "--overschrijf"]].concat();
        let outcome = dossier.controleer(&options);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        dossier.bevindingen("2023-ijsselland").len()
    };
    assert_eq!((count(&[]), count(&["--regels", &dir])), (0, 3));
    let text = regels(&["NS01", "--regels", &dir]).stdout;
    assert!(text.contains("vanaf 01-01-2023: 0\n      bron: eigen afspraak\n"), "{text}");
}

#[test]
fn an_own_check_takes_part_in_everything() {
    let (dossier, dir) = own_regelsets(&[("ijsselland.toml", &ijsselland(LIMIT, LIMIT, X01))]);
    let own = ["--regels", &dir, "--overschrijf"];
    let outcome = dossier.controleer_with_samenvatting(&own);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("Hoog bedrag op één regel"), "{}", outcome.stdout);
    let bevindingen = dossier.bevindingen("2023-ijsselland");
    let of_x01: Vec<_> = bevindingen.iter().filter(|b| b["Regel"] == "X01").collect();
    let short = |kolom: &str| of_x01.iter().map(|b| b[kolom].clone()).collect::<Vec<_>>();
    assert_eq!(short("ReferentieNummer"), ["R1", "R2"]);
    assert_eq!(short("BedragInGeding"), ["108,00", "54,00"]);
    assert_eq!(short("Bron")[0], "eigen afspraak 12-03-2024");
    assert_eq!(short("Gevonden")[1], "IngediendBedrag € 54,00; ProductCode '45T01'");
    assert_eq!(
        short("Verwacht")[0],
        "IngediendBedrag is hoogstens € 53,99 of ProductCode begint niet met '45T'"
    );
    let json = dossier.samenvatting("2023-ijsselland");
    let regel = json["regels"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((regel["regel"].as_str(), regel["getoetst"].as_u64()), (Some("X01"), Some(3)));
    assert_eq!(regel["bevindingen"]["signaal"]["aantal"], 2);
    let manifest = dossier.out().join("2023-ijsselland/manifest.json");
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(manifest).unwrap()).unwrap();
    assert_eq!(manifest["regelset"]["eigen_controles"][0]["code"], "X01");

    for (option, choice, stays) in
        [("--alleen", "x01", 2), ("--alleen", "X", 2), ("--zonder", "X", 0), ("--zonder", "X01", 0)]
    {
        dossier.controleer(&[&own[..], &[option, choice]].concat());
        assert_eq!(dossier.bevindingen("2023-ijsselland").len(), stays, "{option} {choice}");
    }
    dossier.controleer(&["--alleen", "X01"]).refuses(2, &["geen regel of familie 'X01'"]);

    let list = regels(&["--regels", &dir]).stdout;
    assert!(list.contains("X  Eigen controles\n  X01  Hoog bedrag op één regel (ijsselland)\n"));
    let text = regels(&["x01", "--regels", &dir]).stdout;
    assert!(text.contains("\nBron\n  eigen afspraak 12-03-2024\n"), "{text}");
    assert!(!regels(&[]).stdout.contains("Eigen controles"));
}

#[test]
fn what_an_own_check_cannot_see_is_not_testable() {
    let x = |code: &str, kolom: &str, operator: &str, value: &str| {
        format!(
            "[eigen.{code}]\ntitel = \"t\"\nkolom = \"{kolom}\"\nals = \"{operator}\"\n{value}\nernst = \"fout\"\nbron = \"b\"\n"
        )
    };
    let header = "[regelset]\nnaam = \"mijn\"\ntitel = \"Mijn\"\nversie = \"1\"\nbasis = \"ijsselland\"\nvanaf = 2023-01-01\n";
    let set = [
        header.to_owned(),
        x("X01", "NoShow", "is", "waarde = 1"),
        x("X02", "Ontvangstdatum", "groter dan", "waarde = 2023-02-28"),
        x("X03", "Ontvangstdatum", "is leeg", ""),
        x("X04", "Gemeente", "in", "waarde = [\"0193\", \"0200\"]\nvanaf = 2023-02-01"),
    ];
    let (dossier, dir) = own_regelsets(&[("mijn.toml", &set.concat())]);
    let rows = ROWS.replace("R1;2023-02-10", "R1;");
    dossier.write("declaraties.csv", &format!("{HEADER}{rows}"));
    let options = ["--regels", &dir, "--regio", "mijn", "--alleen", "X"];
    let outcome = dossier.controleer(&options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let json = dossier.samenvatting("2023-mijn");
    let counts = |i: usize| {
        let r = &json["regels"][i];
        let reason = r["niet_getoetst"][0]["reden"].as_str().unwrap_or("").to_owned();
        let count = &r["bevindingen"]["fout"]["aantal"];
        (r["getoetst"].as_u64().unwrap(), count.as_u64().unwrap(), reason)
    };
    assert_eq!(counts(0), (0, 0, "kolom NoShow ontbreekt".to_owned()));
    assert_eq!(counts(1), (2, 1, "kolom Ontvangstdatum is leeg".to_owned()));
    assert_eq!(counts(2), (3, 1, String::new()));
    assert_eq!(counts(3), (1, 0, String::new()));
}

/// A ruleset with a check of every form, and cases that say what each must find.
const OWN_CHECKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/eigen-controles");

fn beproef(dir: &str, more: &[&str]) -> ProgramOutput {
    regels(&[&["--regels", dir, "--beproef", dir], more].concat())
}

#[test]
fn a_region_tries_its_own_checks_on_its_own_cases() {
    let outcome = beproef(OWN_CHECKS, &[]);
    assert_eq!(outcome.status, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.ends_with("gevallen in 11 bestanden: alle kloppen\n"));
    let one = beproef(OWN_CHECKS, &["X01"]);
    assert_eq!(one.stdout, "4 gevallen in 1 bestand: alle kloppen\n");
}

/// Every number, word and column of a check of its own, changed: a case notices.
#[test]
fn a_case_that_does_not_come_out_is_told_with_its_place_and_both_outcomes() {
    for (was, becomes, file) in [
        ("waarde = 10000\n", "waarde = \"10000,01\"\n", "X01.md"),
        ("waarde = \"41\" }", "waarde = \"42\" }", "X01.md"),
        ("plus = 60", "plus = 61", "X02.md"),
        ("plus = 60", "plus = 59", "X02.md"),
        ("waarde_uit = \"toewijzing.Budget\"", "waarde = 500", "X03.md"),
        ("waarde = 5000 }", "waarde = \"4999,99\" }", "X04.md"),
        (
            "per = \"toewijzing\", tijdvak = \"jaar\"",
            "per = \"toewijzing\", tijdvak = \"maand\"",
            "X05.md",
        ),
        ("per = \"toewijzing\"", "per = \"aanbieder\"", "X05.md"),
        ("jeugdige en aanbieder", "jeugdige", "X06.md"),
        ("waarde = 8 }", "waarde = \"8,01\" }", "X07.md"),
        ("aantal = \"Aanbieder\"", "aantal = \"declaratieregels\"", "X08.md"),
        ("aantal = \"jeugdigen\"", "aantal = \"declaratieregels\"", "X09.md"),
        ("als = \"minstens\", waarde = 24", "als = \"groter dan\", waarde = 24", "X10.md"),
        ("als = \"minstens\", waarde = 24", "als = \"minstens\", waarde = \"23,99\"", "X10.md"),
        ("aantal = \"DeclaratieNummer\"", "aantal = \"declaratieregels\"", "X11.md"),
    ] {
        let own = fs::read_to_string(format!("{OWN_CHECKS}/voorbeeld.toml")).unwrap();
        assert!(own.contains(was), "{was}");
        let (dossier, dir) = own_regelsets(&[("voorbeeld.toml", &own.replacen(was, becomes, 1))]);
        for thing in fs::read_dir(OWN_CHECKS).unwrap() {
            let path = thing.unwrap().path();
            if path.extension().is_some_and(|e| e == "md") {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                dossier.write(&format!("regels/{name}"), &fs::read_to_string(&path).unwrap());
            }
        }
        let outcome = beproef(&dir, &[file.trim_end_matches(".md")]);
        assert_eq!(outcome.status, 1, "{becomes}: {}{}", outcome.stdout, outcome.stderr);
        let place = format!("{file}, regel ");
        let told = outcome.stdout.split("\n\n").filter(|part| part.contains("  verwacht (regel "));
        assert!(told.clone().count() > 0, "{}", outcome.stdout);
        for part in told {
            assert!(part.starts_with(&place) && part.contains("  gekregen: "), "{part}");
        }
        assert!(outcome.stdout.contains("niet\n"), "{}", outcome.stdout);
    }
}

#[test]
fn cases_of_the_rules_of_the_contract_can_be_tried_too() {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regels");
    let outcome = regels(&["GR03", "--beproef", own]);
    assert_eq!(
        (outcome.status, outcome.stdout.as_str()),
        (0, "11 gevallen in 1 bestand: alle kloppen\n")
    );
    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path().to_str().unwrap();
    regels(&["--beproef", empty]).refuses(2, &["heeft geen gevallen", "X01.md"]);
    regels(&["--beproef", "er-is-niets"]).refuses(2, &["er-is-niets is niet te lezen"]);
    let x99 = format!("{empty}/X99.md");
    fs::write(x99, "# X99 · niets\n").unwrap();
    let outcome = regels(&["--beproef", empty]);
    assert_eq!(outcome.status, 1);
    assert!(outcome.stdout.starts_with("X99.md: er is geen regel X99\n"), "{}", outcome.stdout);
}

/// What a check comes to may not hang on how the lines were cut.
#[test]
fn own_checks_say_the_same_whatever_memory_there_is() {
    let dossier = Dossier::empty();
    let make = ["--regels", "20000", "--fouten", "5%", "--stil"];
    assert_eq!(
        ProgramOutput::of(program().arg("voorbeeld").arg(dossier.dir()).args(make)).status,
        0
    );
    let key = dossier.key();
    let fixed = [
        "--regels",
        OWN_CHECKS,
        "--regio",
        "voorbeeld",
        "--alleen",
        "X",
        "--sleutel",
        &key,
        "--overschrijf",
        "--formaten",
        "csv,json",
    ];
    let rapport = |more: &[&str]| {
        let outcome = dossier.controleer(&[&fixed[..], more].concat());
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        ["bevindingen.csv", "onderliggend.csv", "samenvatting.json"]
            .map(|name| fs::read(dossier.out().join("2023-voorbeeld").join(name)).unwrap())
    };
    let whole = rapport(&[]);
    let found = String::from_utf8(whole[0].clone()).unwrap();
    for code in ["X02", "X04", "X05", "X08"] {
        assert!(found.contains(&format!(";{code};")), "{code} finds nothing");
    }
    assert_eq!(whole, rapport(&["--geheugen", "1MB"]));
    assert_eq!(whole, rapport(&["--draden", "1"]));
}

#[test]
fn mistakes_in_an_own_ruleset_name_their_line() {
    let gewijzigd = |old: &str, new: &str| {
        let x01 = X01.replacen(old, new, 1);
        assert_ne!(x01, X01, "{old}");
        ijsselland(LIMIT, LIMIT, &x01)
    };
    let maximum = |new: &str| ijsselland(LIMIT, &format!("[[regels.NS01.maximum]]\n{new}"), "");
    for (content, words) in [
        (maximum("vanaf = 2023-01-01\nwaard = 2\nbron = \"b\"\n"), "kent geen sleutel 'waard'"),
        (maximum("vanaf = 2024-01-01\nwaarde = 2\nbron = \"b\"\n"), "dekt niet de hele looptijd"),
        (
            maximum(&format!("vanaf = 2023-01-01\nwaarde = 2\nbron = \"b\"\n{LIMIT}")),
            "twee waarden",
        ),
        (maximum("vanaf = 2023-01-01\nwaarde = 2\n"), "ontbreekt de bron"),
        (gewijzigd("ernst =", "ernts ="), "onbekende sleutel `ernts`"),
        (gewijzigd("groter dan", "groter als"), "'groter als' is geen vergelijking"),
        (gewijzigd("\"53,99\"", "53.99"), "een bedrag in euro's"),
        (gewijzigd("bron = \"eigen afspraak 12-03-2024\"\n", ""), "`bron` ontbreekt"),
        (gewijzigd("IngediendBedrag", "Bsn"), "kolom Bsn mag niet"),
        (gewijzigd("Hoog bedrag", "Kind 999900006"), "een Bsn kan zijn"),
    ] {
        let (dossier, dir) = own_regelsets(&[("ijsselland.toml", &content)]);
        for outcome in
            [dossier.controleer(&["--regels", &dir]), regels(&["NS01", "--regels", &dir])]
        {
            outcome.refuses(2, &["ijsselland.toml, regel ", words, "│"]);
            assert!(!outcome.stderr.contains("999900006"), "{}", outcome.stderr);
        }
        dossier.wrote_nothing();
    }
    let dossier = Dossier::minimaal();
    dossier.controleer(&["--regels", "/bestaat/niet"]).refuses(2, &["geen map met regelsets"]);
}
