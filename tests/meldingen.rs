//! Errors are for people: what is wrong, where, what to do; the right status, nothing half-written.

use crate::hulp::{Dossier, KOP, RIJEN, Uitkomst, VOORBEELD, programma, rijen_van};
use std::fs;
use std::path::Path;

/// A dossier in which `declaraties.csv` holds this, and what a run says of it.
#[track_caller]
fn weigert(declaraties: impl AsRef<[u8]>, woorden: &[&str]) {
    let dossier = Dossier::minimaal();
    dossier.schrijf_bytes("declaraties.csv", declaraties.as_ref());
    dossier.controleer(&[]).weigert(3, woorden);
    dossier.schreef_niets();
}

#[test]
fn an_empty_file_is_named() {
    weigert("", &["declaraties.csv", "leeg"]);
    weigert("\n \n", &["declaraties.csv"]);
}

#[test]
fn a_header_without_rows_leaves_nothing_to_audit() {
    weigert(KOP, &["geen enkele declaratieregel"]);
    let dossier = Dossier::minimaal();
    let kop = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum\n";
    dossier.schrijf("toewijzingen.csv", kop);
    assert_eq!(dossier.controleer(&[]).status, 0, "a header alone is no error by itself");
    assert_eq!(dossier.bevindingen("2023-ijsselland").len(), 3, "three lines without toewijzing");
}

#[test]
fn a_missing_column_is_named_with_what_was_found() {
    let zonder = format!("{KOP}{RIJEN}").replace("IngediendBedrag", "Totaal");
    weigert(zonder, &["declaraties.csv, regel 1", "IngediendBedrag", "ProductTarief, Totaal"]);
}

#[test]
fn a_misspelt_column_gets_a_suggestion_that_works_as_it_is_written() {
    let dossier = Dossier::minimaal();
    let verkeerd = format!("{KOP}{RIJEN}").replace("IngediendBedrag", "Ingediend bedrg");
    dossier.schrijf("declaraties.csv", &verkeerd);
    let uitkomst = dossier.controleer(&[]);
    uitkomst.weigert(3, &["IngediendBedrag", "bedoelt u 'Ingediend bedrg'?"]);
    let regel = uitkomst.stderr.split("[kolommen]: ").nth(1).expect("a line to write").trim();
    dossier.schrijf("controle.toml", &format!("[kolommen]\n{regel}\n"));
    let uitkomst = dossier.controleer(&[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
}

#[test]
fn an_export_with_headers_of_its_own_is_read_by_mapping_them() {
    let dossier = Dossier::minimaal();
    let eigen = KOP
        .replace("ReferentieNummer", "Ref. nr")
        .replace("Bsn", "BSN cliënt")
        .replace("Begindatum", "Datum van");
    dossier.schrijf("declaraties.csv", &format!("{eigen}{RIJEN}"));
    dossier.schrijf(
        "controle.toml",
        "jaar = 2023\n[kolommen]\n\"Ref. nr\" = \"ReferentieNummer\"\n\"BSN cliënt\" = \"Bsn\"\n\"datum-van\" = \"Begindatum\"\n",
    );
    let uitkomst = dossier.controleer(&[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    assert!(dossier.bevindingen("2023-ijsselland").is_empty());
}

#[test]
fn dates_in_another_form_are_shown_with_line_column_and_value() {
    let anders = format!("{KOP}{}", RIJEN.replace("2023-01-", "01/2023/"));
    weigert(
        anders,
        &[
            "declaraties.csv",
            "van de 3 regels",
            "regel 2",
            "Begindatum",
            "01/2023/01",
            "JJJJ-MM-DD",
        ],
    );
}

#[test]
fn rows_split_otherwise_than_the_header_are_said_so() {
    let komma = format!("{}{RIJEN}", KOP.replace(';', ","));
    weigert(komma, &["declaraties.csv", "komma's", "regel 2", "puntkomma's"]);
}

#[test]
fn nul_bytes_name_their_line() {
    weigert(format!("{KOP}{RIJEN}a\0b\n"), &["declaraties.csv, regel 5", "NUL"]);
}

#[test]
fn a_line_of_ten_megabytes_is_refused_and_not_repeated() {
    let lang = "x".repeat(10_000_000);
    let dossier = Dossier::minimaal();
    for (inhoud, regel) in [(format!("{KOP}{RIJEN}{lang}"), "regel 5"), (lang.clone(), "regel 1")] {
        dossier.schrijf("declaraties.csv", &inhoud);
        let uitkomst = dossier.controleer(&[]);
        uitkomst.weigert(3, &["declaraties.csv", regel, "langer dan 1 MB"]);
        assert!(uitkomst.stderr.len() < 1_000);
        dossier.schreef_niets();
    }
}

#[test]
fn an_unclosed_quote_names_the_line_where_it_opens() {
    let open = format!("{KOP}{}", RIJEN.replace("R2;", "\"R2;"));
    weigert(open, &["declaraties.csv, regel 3", "aanhalingsteken"]);
}

#[test]
fn utf_16_is_recognised() {
    let utf16: Vec<u8> =
        format!("\u{feff}{KOP}{RIJEN}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    weigert(utf16, &["declaraties.csv", "UTF-16", "CSV UTF-8"]);
}

#[test]
fn a_column_that_comes_twice_is_refused() {
    let dubbel = format!("{KOP}{RIJEN}").replace("ProductTarief", "gelev_rd volume");
    let dubbel = dubbel.replace("gelev_rd volume", "geleverd-volume");
    weigert(dubbel, &["GeleverdVolume", "twee keer", "geleverd-volume"]);
}

#[test]
fn a_folder_or_a_broken_link_is_no_file() {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.map().join("declaraties.csv")).unwrap();
    dossier.controleer(&[]).weigert(3, &["declaraties", "naam begint met"]);
    fs::create_dir(dossier.map().join("declaraties.csv")).unwrap();
    dossier.controleer(&[]).weigert(3, &["declaraties.csv is een map"]);
    fs::remove_dir(dossier.map().join("declaraties.csv")).unwrap();
    #[cfg(unix)]
    {
        let link = dossier.map().join("declaraties.csv");
        std::os::unix::fs::symlink("nergens.csv", link).unwrap();
        dossier.controleer(&[]).weigert(3, &["declaraties.csv", "kan niet gelezen worden"]);
    }
    dossier.schreef_niets();
}

#[test]
fn the_dossier_must_be_a_folder_that_exists() {
    let dossier = Dossier::minimaal();
    let bestand = dossier.map().join("declaraties.csv");
    dossier.controleer_map(&bestand, &[]).weigert(3, &["is geen map"]);
    dossier.controleer_map(Path::new("/bestaat/niet"), &[]).weigert(3, &["/bestaat/niet"]);
}

#[test]
fn workbooks_are_refused_by_name_and_by_content() {
    let dossier = Dossier::minimaal();
    dossier.schrijf("toewijzingen_2.xls", "");
    dossier.controleer(&[]).weigert(3, &["toewijzingen_2.xls", "Opslaan als", "csv"]);
    weigert(b"PK\x03\x04rest", &["declaraties.csv", "xlsx"]);
}

#[test]
fn choices_that_no_ruleset_allows_are_usage_errors() {
    let dossier = Dossier::minimaal();
    dossier
        .controleer(&["--regio", "ijselland"])
        .weigert(2, &["ijselland", "bedoelt u ijsselland"]);
    dossier.controleer(&["--jaar", "2019"]).weigert(2, &["2019", "2023 tot en met 2030"]);
    dossier.controleer(&["--alleen", "NS1"]).weigert(2, &["NS1", "bedoelt u"]);
    dossier.controleer(&["--draden", "nul"]).weigert(2, &["nul", "--draden"]);
    dossier.controleer(&["--jaren", "2023"]).weigert(2, &["--jaren", "bedoelt u --jaar"]);
    Uitkomst::van(programma().arg("controler")).weigert(2, &["controler", "bedoelt u controleer"]);
    let zonder_jaar = Uitkomst::van(programma().arg("controleer").arg(dossier.map()));
    zonder_jaar.weigert(2, &["leverjaar ontbreekt", "--jaar 2023"]);
    dossier.schreef_niets();
}

#[test]
fn mistakes_in_controle_toml_show_their_line() {
    let dossier = Dossier::minimaal();
    for (inhoud, woord) in [
        ("jaar = 2023\nregoi = \"x\"\n", "regoi"),
        ("jaar = 2023\nniveau = \"week\"\n", "week"),
        ("jaar = 2023\njaar = 2024\n", "TOML"),
        ("jaar = 2023\n[kolommen]\n\"x\" = \"Begindatm\"\n", "Begindatm"),
    ] {
        dossier.schrijf("controle.toml", inhoud);
        let uitkomst = dossier.controleer(&[]);
        uitkomst.weigert(2, &["controle.toml, regel ", woord, "│"]);
    }
    dossier.schreef_niets();
}

#[test]
fn an_existing_rapport_stays_until_it_may_be_replaced() {
    let dossier = Dossier::minimaal();
    assert_eq!(dossier.controleer(&[]).status, 0);
    let merk = dossier.uit().join("2023-ijsselland").join("eigen.txt");
    fs::write(&merk, "aantekening").unwrap();
    dossier.controleer(&[]).weigert(4, &["bestaat al", "--overschrijf"]);
    assert_eq!(fs::read_to_string(&merk).unwrap(), "aantekening");
    assert_eq!(dossier.controleer(&["--overschrijf"]).status, 0);
    assert!(!merk.exists());
    assert_eq!(fs::read_dir(dossier.uit()).unwrap().count(), 1);
}

#[test]
fn a_target_that_is_no_folder_is_refused() {
    let dossier = Dossier::minimaal();
    fs::write(dossier.uit(), "").unwrap();
    dossier.controleer(&[]).weigert(4, &["uit", "bestand"]);
}

/// A limit on the size of files stands in for a full disk: writing fails in the same place.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_behind_and_an_older_rapport_whole() {
    let dossier = Dossier::minimaal();
    let opdracht = |formaat: &str| {
        let mut sh = assert_cmd::Command::new("sh");
        sh.arg("-c").arg(format!(
            "ulimit -f 1; trap '' XFSZ; exec {} controleer {VOORBEELD} --uit {} --overschrijf --stil --formaten {formaat}",
            programma().get_program().to_string_lossy(),
            dossier.uit().display(),
        ));
        Uitkomst::van(&mut sh)
    };
    for formaat in ["html", "xlsx", "csv", "parquet", "json"] {
        opdracht(formaat).weigert(4, &["kan niet geschreven worden", "niets half geschreven"]);
        dossier.schreef_niets();
    }
    assert_eq!(dossier.controleer_map(Path::new(VOORBEELD), &[]).status, 0);
    let bevindingen = dossier.uit().join("2023-ijsselland").join("bevindingen.csv");
    let eerder = fs::read(&bevindingen).unwrap();
    opdracht("csv").weigert(4, &["kan niet geschreven worden"]);
    assert_eq!(fs::read(&bevindingen).unwrap(), eerder);
}

/// A hundred rows of which the first `slecht` have an amount that could mean two things.
fn honderd_rijen(slecht: usize) -> String {
    let rij = |i: usize| {
        let bedrag = if i < slecht { "1.234" } else { "1,08" };
        format!(
            "R{i};2023-02-10;0150;99000001;999900006;T1;45;45T01;2023-01-01;2023-01-31;1;01;1,08;{bedrag}\n"
        )
    };
    format!("{KOP}{}", (0..100).map(rij).collect::<String>())
}

#[test]
fn more_than_five_percent_refused_stops_unless_allowed() {
    let dossier = Dossier::minimaal();
    dossier.schrijf("declaraties.csv", &honderd_rijen(6));
    dossier.controleer(&[]).weigert(
        3,
        &[
            "6 van de 100",
            "5%",
            "regel 2",
            "IngediendBedrag",
            "1.234",
            "dubbelzinnig",
            "--max-afgekeurd",
        ],
    );
    dossier.schreef_niets();
    assert_eq!(dossier.controleer(&["--max-afgekeurd", "6%"]).status, 0);
    let rapport = dossier.uit().join("2023-ijsselland");
    let fouten = rijen_van(&rapport.join("invoerfouten.csv"));
    assert_eq!(fouten.len(), 6);
    let fout = &fouten[5];
    let velden = ["Bestand", "Regelnummer", "Kolom", "Waarde", "Gevolg"].map(|k| fout[k].as_str());
    assert_eq!(velden, ["declaraties.csv", "7", "IngediendBedrag", "1.234", "regel afgekeurd"]);
    let aansluiting = &dossier.samenvatting("2023-ijsselland")["aansluiting"];
    assert_eq!((&aansluiting["gelezen"], &aansluiting["afgekeurd"]), (&100.into(), &6.into()));
}

#[test]
fn five_percent_exactly_goes_on_and_a_decimal_sign_settles_the_rest() {
    let dossier = Dossier::minimaal();
    dossier.schrijf("declaraties.csv", &honderd_rijen(5));
    assert_eq!(dossier.controleer(&[]).status, 0);
    dossier.schrijf("controle.toml", "[bedragen]\ndecimaal = \",\"\n");
    assert_eq!(dossier.controleer(&["--overschrijf"]).status, 0);
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    assert_eq!(samenvatting["aansluiting"]["afgekeurd"], 0);
    assert_eq!(samenvatting["totalen"]["bedrag"], 5 * 123_400 + 95 * 108);
}

#[test]
fn eurocents_are_read_as_ijw_writes_them() {
    let dossier = Dossier::minimaal();
    let centen = RIJEN.replace("1,08;108,00", "108;10800").replace("1,08;54,00", "108;5400");
    let centen = centen.replace("1,21;12,10", "121;1210");
    dossier.schrijf("declaraties.csv", &format!("{KOP}{centen}"));
    dossier.schrijf("controle.toml", "[bedragen]\neenheid = \"eurocent\"\n");
    assert_eq!(dossier.controleer(&[]).status, 0);
    assert_eq!(dossier.samenvatting("2023-ijsselland")["totalen"]["bedrag"], 17_410);
}

#[test]
fn dialects_give_the_same_outcome() {
    let bedragen = |d: &Dossier| d.samenvatting("2023-ijsselland")["totalen"]["bedrag"].clone();
    let gewoon = format!("{KOP}{RIJEN}");
    let komma = gewoon.replace(',', ".").replace(';', ",");
    let tab = gewoon.replace(';', "\t").replace('\n', "\r\n");
    let aangehaald = gewoon.replace("R1;", "\"R1\";").replace(";T2;", ";\"T2\";");
    let met_bom = format!("\u{feff}{gewoon}");
    for vorm in [gewoon.clone(), komma, tab, aangehaald, met_bom, format!("sep=;\n{gewoon}")] {
        let dossier = Dossier::minimaal();
        dossier.schrijf("declaraties.csv", &vorm);
        let uitkomst = dossier.controleer(&[]);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        assert_eq!(bedragen(&dossier), 17_410, "{vorm}");
        assert!(dossier.bevindingen("2023-ijsselland").is_empty());
    }
}

#[test]
fn windows_1252_is_read_and_embedded_line_ends_keep_the_line_numbers() {
    let dossier = Dossier::minimaal();
    let kop = KOP.replace("ReferentieNummer", "ReferentieNummer;Functie");
    let rijen = "R1;\"Café\nhulp\";2023-02-10;0150;99000001;999900006;T1;45;45T01;2023-01-01;2023-01-31;1;01;1,08;1,08\n\
                 é2;x;2023-02-10;0150;99000001;999900006;T9;45;45T01;2023-01-01;2023-01-31;1;01;1,08;1,08\n";
    let tekst = format!("{kop}{rijen}");
    let bytes: Vec<u8> = tekst.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    dossier.schrijf_bytes("declaraties.csv", &bytes);
    let uitkomst = dossier.controleer(&["--alleen", "TW01"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let bevindingen = dossier.bevindingen("2023-ijsselland");
    assert_eq!(bevindingen.len(), 1);
    let velden = ["Regel", "ReferentieNummer", "Regelnummer"].map(|k| bevindingen[0][k].as_str());
    assert_eq!(velden, ["TW01", "é2", "4"]);
}

#[test]
fn what_is_odd_but_readable_is_told_on_the_terminal() {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.map().join("declaraties.csv")).unwrap();
    let kop = KOP.replace("ReferentieNummer", "Kleur;ReferentieNummer");
    let rijen: Vec<String> = RIJEN.lines().map(|r| format!("rood;{r}\n")).collect();
    dossier.schrijf(
        "declaraties_1.csv",
        &format!("{kop}{}{}", rijen[0], rijen[1].replace("0150", "150")),
    );
    dossier.schrijf("2023/declaraties_2.csv", &format!("{kop}{}", rijen[2]));
    dossier.schrijf("notities.docx", "");
    let uitkomst = dossier.controleer_met_samenvatting(&[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    for woord in [
        "onbekend bestand met rust gelaten: notities.docx",
        "declaraties_1.csv: onbekende kolommen genegeerd: Kleur",
        "1 waarden in kolom Gemeente misten voorloopnullen",
        "3 gelezen = 3 aanvaard + 0 afgekeurd",
        "Geen bevindingen",
    ] {
        assert!(uitkomst.stdout.contains(woord), "no '{woord}' in:\n{}", uitkomst.stdout);
    }
}

#[test]
fn strikt_and_the_choice_of_rules() {
    let dossier = Dossier::minimaal();
    dossier.schrijf("declaraties.csv", &format!("{KOP}{}", RIJEN.replace(";T2;", ";T9;")));
    assert_eq!(dossier.controleer(&[]).status, 0);
    assert_eq!(dossier.controleer(&["--strikt", "--overschrijf"]).status, 1);
    let zonder = dossier.controleer(&["--strikt", "--overschrijf", "--zonder", "TW"]);
    assert_eq!(zonder.status, 0, "{}", zonder.stderr);
    assert_eq!(dossier.controleer(&["--overschrijf", "--alleen", "TW01,NS"]).status, 0);
    let regels = dossier.samenvatting("2023-ijsselland")["regels"].as_array().unwrap().len();
    assert_eq!(regels, 5);
}

/// Every file below a folder.
fn bestanden(map: &Path) -> Vec<Vec<u8>> {
    fs::read_dir(map)
        .unwrap()
        .map(|d| d.unwrap().path())
        .flat_map(|pad| if pad.is_dir() { bestanden(&pad) } else { vec![fs::read(pad).unwrap()] })
        .collect()
}

#[test]
fn no_bsn_leaves_the_program_unless_it_is_asked_for() {
    let dossier = Dossier::minimaal();
    // A Bsn as a reference number, and one in a shifted column that can't be read.
    let rijen = RIJEN.replace("R2;", "999900006;").replace("R3;2023-02-10", "R3;999900018");
    dossier.schrijf("declaraties.csv", &format!("{KOP}{}", rijen.replace(";T1;", ";T9;")));
    // One as the product of a toewijzing, which TW08 names in its text.
    dossier.schrijf(
        "toewijzingen.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode\n\
         T2;0193;99000001;999900018;2022-12-15;2023-01-01;2023-12-31;45;999900006\n",
    );
    let gevonden = |opties: &[&str]| {
        let uitkomst = dossier.controleer_met_samenvatting(opties);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        let mut alles = bestanden(&dossier.uit());
        alles.push(uitkomst.stdout.into_bytes());
        alles.push(uitkomst.stderr.into_bytes());
        ["999900006", "999900018"]
            .iter()
            .any(|bsn| alles.iter().any(|bytes| bytes.windows(9).any(|w| w == bsn.as_bytes())))
    };
    // Workbooks are compressed: the texts in them are those of the csv.
    assert!(!gevonden(&["--formaten", "csv,json,html"]));
    assert!(!gevonden(&["--formaten", "parquet", "--overschrijf"]));
    assert!(gevonden(&["--formaten", "csv", "--overschrijf", "--bsn-tonen"]));
    assert!(gevonden(&["--formaten", "html", "--overschrijf", "--bsn-tonen"]));
    let pagina = fs::read_to_string(dossier.uit().join("2023-ijsselland/rapport.html")).unwrap();
    assert!(pagina.contains("bevat burgerservicenummers"));
    let manifest = fs::read_to_string(dossier.uit().join("2023-ijsselland/manifest.json")).unwrap();
    assert!(manifest.contains("\"bsn_getoond\": true"));
}
