//! `rechtmatig regels`, the pages made from the same text, and rulesets of the user's own.

use crate::hulp::{Dossier, KOP, RIJEN, Uitkomst, programma};
use rechtmatig::regelset::Regelsetbron;
use rechtmatig::toetsing::AuditRule;
use rechtmatig::uitleg::{Boek, paginas};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

const PAGINAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/regels");

fn regels(argumenten: &[&str]) -> Uitkomst {
    Uitkomst::van(programma().arg("regels").args(argumenten))
}

/// `RECHTMATIG_VERNIEUW=1 cargo test --release` writes the pages anew.
#[test]
fn the_pages_say_what_the_rules_are_today() {
    let boek = Boek::lees(&Regelsetbron::Ingebouwd).unwrap();
    let vernieuw = std::env::var_os("RECHTMATIG_VERNIEUW").is_some();
    let map = Path::new(PAGINAS);
    let raad = "look at the difference, then run RECHTMATIG_VERNIEUW=1 cargo test --release";
    fs::create_dir_all(map).unwrap();
    let mut namen = BTreeSet::new();
    for (naam, nu) in paginas(&boek) {
        let pad = map.join(&naam);
        if vernieuw {
            fs::write(&pad, &nu).unwrap();
        }
        let toen = fs::read_to_string(&pad).unwrap_or_default();
        assert!(nu == toen, "{} is stale: {raad}", pad.display());
        namen.insert(naam);
    }
    for ding in fs::read_dir(map).unwrap() {
        let pad = ding.unwrap().path();
        if namen.contains(pad.file_name().unwrap().to_str().unwrap()) {
            continue;
        }
        if vernieuw {
            fs::remove_file(&pad).unwrap();
        } else {
            panic!("{} is of a rule that doesn't exist: {raad}", pad.display());
        }
    }
}

#[test]
fn the_list_names_every_rule_under_its_family() {
    let uitkomst = regels(&[]);
    assert_eq!((uitkomst.status, uitkomst.stderr.as_str()), (0, ""));
    for r in rechtmatig::regels::REGISTER {
        assert!(uitkomst.stdout.contains(&format!("\n  {}  ", r.code)), "no {}", r.code);
    }
    for (code, naam) in rechtmatig::regels::FAMILIES {
        if rechtmatig::regels::REGISTER.iter().any(|r| AuditRule::from(*r).familie() == *code) {
            assert!(uitkomst.stdout.contains(&format!("{code}  {naam}\n")), "no {code}");
        }
    }
    let landelijk = regels(&["--regio", "landelijk"]).stdout;
    assert!(landelijk.contains("  TW01  ") && !landelijk.contains("  NS01  "));
}

#[test]
fn one_rule_is_explained_with_its_values_and_their_sources() {
    let uitkomst = regels(&["om01"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    for woorden in [
        "Familie OM (Omzet), getoetst per aanbieder.",
        "\nBron\n  ID eis 38 [ID 1.8 van 19-12-2024]\n",
        "Waarden in regelset ijsselland",
        "    vanaf 01-01-2023 t/m 31-12-2023: 2,63%\n",
        "      bron: ID eis 38 noemt alleen 2023\n",
    ] {
        assert!(uitkomst.stdout.contains(woorden), "no '{woorden}' in:\n{}", uitkomst.stdout);
    }
    assert!(regels(&["BU02"]).stdout.contains("€ 1.000, € 2.000"));
    assert!(regels(&["TL03", "--regio", "landelijk"]).stdout.contains("heeft deze regel niet"));
}

#[test]
fn a_family_is_all_its_rules() {
    let tekst = regels(&["TL"]).stdout;
    for code in ["TL01", "TL02", "TL03"] {
        assert!(tekst.contains(&format!("{code}  ")), "{code}");
    }
}

#[test]
fn other_programs_get_json() {
    let json = |argumenten: &[&str]| -> serde_json::Value {
        serde_json::from_str(&regels(argumenten).stdout).expect("JSON")
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
    regels(&["NS1"]).weigert(2, &["NS1", "bedoelt u NS"]);
    regels(&["Q"]).weigert(2, &["geen regel of familie 'Q'"]);
    regels(&["NS01", "--regio", "ijselland"]).weigert(2, &["bedoelt u ijsselland"]);
    regels(&["--jsno"]).weigert(2, &["--jsno", "rechtmatig regels --help"]);
    regels(&["NS01", "TL01"]).weigert(2, &["TL01"]);
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let mut kind = Command::new(assert_cmd::cargo::cargo_bin!("rechtmatig"))
        .args(["regels", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(kind.stdout.take());
    let mut fouten = String::new();
    kind.stderr.take().unwrap().read_to_string(&mut fouten).unwrap();
    assert_eq!((kind.wait().unwrap().code(), fouten.as_str()), (Some(0), ""));
}

/// A folder with rulesets of the user's own beside a dossier of three lines.
fn eigen_regelsets(bestanden: &[(&str, &str)]) -> (Dossier, String) {
    let dossier = Dossier::minimaal();
    for (naam, inhoud) in bestanden {
        dossier.schrijf(&format!("regels/{naam}"), inhoud);
    }
    let map = dossier.map().join("regels").display().to_string();
    (dossier, map)
}

const IJSSELLAND: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/ijsselland.toml"));

const GRENS: &str =
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
fn ijsselland(oud: &str, nieuw: &str, erbij: &str) -> String {
    assert!(IJSSELLAND.contains(oud), "{oud}");
    format!("{}{erbij}", IJSSELLAND.replacen(oud, nieuw, 1))
}

#[test]
fn a_changed_limit_is_the_one_that_holds() {
    let kop = KOP.replace("IngediendBedrag", "IngediendBedrag;NoShow");
    let rijen: String = RIJEN.lines().map(|r| format!("{r};J\n")).collect();
    let eigen = ijsselland(
        GRENS,
        &GRENS.replace(
            "waarde = 2\nbron = \"ID 8.5.1 (4)\"",
            "waarde = 0\nbron = \"eigen afspraak\"",
        ),
        "",
    );
    let (dossier, map) = eigen_regelsets(&[("ijsselland.toml", &eigen)]);
    dossier.schrijf("declaraties.csv", &format!("{kop}{rijen}"));
    let aantal = |opties: &[&str]| {
        let opties = [opties, &["--alleen", "NS01", "--overschrijf"]].concat();
        let uitkomst = dossier.controleer(&opties);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        dossier.bevindingen("2023-ijsselland").len()
    };
    assert_eq!((aantal(&[]), aantal(&["--regels", &map])), (0, 3));
    let tekst = regels(&["NS01", "--regels", &map]).stdout;
    assert!(tekst.contains("vanaf 01-01-2023: 0\n      bron: eigen afspraak\n"), "{tekst}");
}

#[test]
fn an_own_check_takes_part_in_everything() {
    let (dossier, map) = eigen_regelsets(&[("ijsselland.toml", &ijsselland(GRENS, GRENS, X01))]);
    let eigen = ["--regels", &map, "--overschrijf"];
    let uitkomst = dossier.controleer_met_samenvatting(&eigen);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    assert!(uitkomst.stdout.contains("Hoog bedrag op één regel"), "{}", uitkomst.stdout);
    let bevindingen = dossier.bevindingen("2023-ijsselland");
    let van_x01: Vec<_> = bevindingen.iter().filter(|b| b["Regel"] == "X01").collect();
    let kort = |kolom: &str| van_x01.iter().map(|b| b[kolom].clone()).collect::<Vec<_>>();
    assert_eq!(kort("ReferentieNummer"), ["R1", "R2"]);
    assert_eq!(kort("BedragInGeding"), ["108,00", "54,00"]);
    assert_eq!(kort("Bron")[0], "eigen afspraak 12-03-2024");
    assert_eq!(kort("Gevonden")[1], "IngediendBedrag € 54,00; ProductCode '45T01'");
    assert_eq!(
        kort("Verwacht")[0],
        "IngediendBedrag is hoogstens € 53,99 of ProductCode begint niet met '45T'"
    );
    let json = dossier.samenvatting("2023-ijsselland");
    let regel = json["regels"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((regel["regel"].as_str(), regel["getoetst"].as_u64()), (Some("X01"), Some(3)));
    assert_eq!(regel["bevindingen"]["signaal"]["aantal"], 2);
    let manifest = dossier.uit().join("2023-ijsselland/manifest.json");
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(manifest).unwrap()).unwrap();
    assert_eq!(manifest["regelset"]["eigen_controles"][0]["code"], "X01");

    for (optie, keus, blijft) in
        [("--alleen", "x01", 2), ("--alleen", "X", 2), ("--zonder", "X", 0), ("--zonder", "X01", 0)]
    {
        dossier.controleer(&[&eigen[..], &[optie, keus]].concat());
        assert_eq!(dossier.bevindingen("2023-ijsselland").len(), blijft, "{optie} {keus}");
    }
    dossier.controleer(&["--alleen", "X01"]).weigert(2, &["geen regel of familie 'X01'"]);

    let lijst = regels(&["--regels", &map]).stdout;
    assert!(lijst.contains("X  Eigen controles\n  X01  Hoog bedrag op één regel (ijsselland)\n"));
    let tekst = regels(&["x01", "--regels", &map]).stdout;
    assert!(tekst.contains("\nBron\n  eigen afspraak 12-03-2024\n"), "{tekst}");
    assert!(!regels(&[]).stdout.contains("Eigen controles"));
}

#[test]
fn what_an_own_check_cannot_see_is_not_testable() {
    let x = |code: &str, kolom: &str, als: &str, waarde: &str| {
        format!(
            "[eigen.{code}]\ntitel = \"t\"\nkolom = \"{kolom}\"\nals = \"{als}\"\n{waarde}\nernst = \"fout\"\nbron = \"b\"\n"
        )
    };
    let kop = "[regelset]\nnaam = \"mijn\"\ntitel = \"Mijn\"\nversie = \"1\"\nbasis = \"ijsselland\"\nvanaf = 2023-01-01\n";
    let set = [
        kop.to_owned(),
        x("X01", "NoShow", "is", "waarde = 1"),
        x("X02", "Ontvangstdatum", "groter dan", "waarde = 2023-02-28"),
        x("X03", "Ontvangstdatum", "is leeg", ""),
        x("X04", "Gemeente", "in", "waarde = [\"0193\", \"0200\"]\nvanaf = 2023-02-01"),
    ];
    let (dossier, map) = eigen_regelsets(&[("mijn.toml", &set.concat())]);
    let rijen = RIJEN.replace("R1;2023-02-10", "R1;");
    dossier.schrijf("declaraties.csv", &format!("{KOP}{rijen}"));
    let opties = ["--regels", &map, "--regio", "mijn", "--alleen", "X"];
    let uitkomst = dossier.controleer(&opties);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let json = dossier.samenvatting("2023-mijn");
    let telling = |i: usize| {
        let r = &json["regels"][i];
        let reden = r["niet_getoetst"][0]["reden"].as_str().unwrap_or("").to_owned();
        let aantal = &r["bevindingen"]["fout"]["aantal"];
        (r["getoetst"].as_u64().unwrap(), aantal.as_u64().unwrap(), reden)
    };
    assert_eq!(telling(0), (0, 0, "kolom NoShow ontbreekt".to_owned()));
    assert_eq!(telling(1), (2, 1, "kolom Ontvangstdatum is leeg".to_owned()));
    assert_eq!(telling(2), (3, 1, String::new()));
    assert_eq!(telling(3), (1, 0, String::new()));
}

#[test]
fn mistakes_in_an_own_ruleset_name_their_line() {
    let gewijzigd = |oud: &str, nieuw: &str| {
        let x01 = X01.replacen(oud, nieuw, 1);
        assert_ne!(x01, X01, "{oud}");
        ijsselland(GRENS, GRENS, &x01)
    };
    let maximum = |nieuw: &str| ijsselland(GRENS, &format!("[[regels.NS01.maximum]]\n{nieuw}"), "");
    for (inhoud, woorden) in [
        (maximum("vanaf = 2023-01-01\nwaard = 2\nbron = \"b\"\n"), "kent geen sleutel 'waard'"),
        (maximum("vanaf = 2024-01-01\nwaarde = 2\nbron = \"b\"\n"), "dekt niet de hele looptijd"),
        (
            maximum(&format!("vanaf = 2023-01-01\nwaarde = 2\nbron = \"b\"\n{GRENS}")),
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
        let (dossier, map) = eigen_regelsets(&[("ijsselland.toml", &inhoud)]);
        for uitkomst in
            [dossier.controleer(&["--regels", &map]), regels(&["NS01", "--regels", &map])]
        {
            uitkomst.weigert(2, &["ijsselland.toml, regel ", woorden, "│"]);
            assert!(!uitkomst.stderr.contains("999900006"), "{}", uitkomst.stderr);
        }
        dossier.schreef_niets();
    }
    let dossier = Dossier::minimaal();
    dossier.controleer(&["--regels", "/bestaat/niet"]).weigert(2, &["geen map met regelsets"]);
}
