//! Errors are for people: what is wrong, where, what to do; the right status, nothing half-written.

use crate::hulp::{Dossier, HEADER, ProgramOutput, ROWS, VOORBEELD, program, rows_of};
use rechtmatig::rapport::Format;
use std::fs;
use std::path::Path;

/// A dossier in which `declaraties.csv` holds this, and what a run says of it.
#[track_caller]
fn refuses(declaraties: impl AsRef<[u8]>, words: &[&str]) {
    let dossier = Dossier::minimaal();
    dossier.write_bytes("declaraties.csv", declaraties.as_ref());
    dossier.controleer(&[]).refuses(3, words);
    dossier.wrote_nothing();
}

#[test]
fn an_empty_file_is_named() {
    refuses("", &["declaraties.csv", "leeg"]);
    refuses("\n \n", &["declaraties.csv"]);
}

#[test]
fn a_header_without_rows_leaves_nothing_to_audit() {
    refuses(HEADER, &["geen enkele declaratieregel"]);
    let dossier = Dossier::minimaal();
    let header = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum\n";
    dossier.write("toewijzingen.csv", header);
    assert_eq!(dossier.controleer(&[]).status, 0, "a header alone is no error by itself");
    assert_eq!(dossier.bevindingen("2023-ijsselland").len(), 3, "three lines without toewijzing");
}

#[test]
fn a_missing_column_is_named_with_what_was_found() {
    let without = format!("{HEADER}{ROWS}").replace("IngediendBedrag", "Iets");
    refuses(without, &["declaraties.csv, regel 1", "IngediendBedrag", "ProductTarief, Iets"]);
}

#[test]
fn a_misspelt_column_gets_a_suggestion_that_works_as_it_is_written() {
    let dossier = Dossier::minimaal();
    let wrong = format!("{HEADER}{ROWS}").replace("IngediendBedrag", "Ingediend bedrg");
    dossier.write("declaraties.csv", &wrong);
    let outcome = dossier.controleer(&[]);
    outcome.refuses(3, &["IngediendBedrag", "\"Ingediend bedrg\" ="]);
    let block = outcome.stderr.split_once("\n\n").expect("a block to paste").1;
    dossier.write("controle.toml", block);
    let outcome = dossier.controleer(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
}

#[test]
fn an_export_with_headers_of_its_own_is_read_by_mapping_them() {
    let dossier = Dossier::minimaal();
    let own = HEADER
        .replace("ReferentieNummer", "Ref. nr")
        .replace("Bsn", "BSN cliënt")
        .replace("Begindatum", "Datum van");
    dossier.write("declaraties.csv", &format!("{own}{ROWS}"));
    dossier.write(
        "controle.toml",
        "jaar = 2023\n[kolommen]\n\"Ref. nr\" = \"ReferentieNummer\"\n\"BSN cliënt\" = \"Bsn\"\n\"datum-van\" = \"Begindatum\"\n",
    );
    let outcome = dossier.controleer(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(dossier.bevindingen("2023-ijsselland").is_empty());
}

#[test]
fn dates_in_another_form_are_shown_with_line_column_and_value() {
    let otherwise = format!("{HEADER}{}", ROWS.replace("2023-01-", "01/2023/"));
    refuses(
        otherwise,
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
    let comma = format!("{}{ROWS}", HEADER.replace(';', ","));
    refuses(comma, &["declaraties.csv", "komma's", "regel 2", "puntkomma's"]);
}

#[test]
fn nul_bytes_name_their_line() {
    refuses(format!("{HEADER}{ROWS}a\0b\n"), &["declaraties.csv, regel 5", "NUL"]);
}

#[test]
fn a_line_of_ten_megabytes_is_refused_and_not_repeated() {
    let long = "x".repeat(10_000_000);
    let dossier = Dossier::minimaal();
    for (content, regel) in
        [(format!("{HEADER}{ROWS}{long}"), "regel 5"), (long.clone(), "regel 1")]
    {
        dossier.write("declaraties.csv", &content);
        let outcome = dossier.controleer(&[]);
        outcome.refuses(3, &["declaraties.csv", regel, "langer dan 1 MB"]);
        assert!(outcome.stderr.len() < 1_000);
        dossier.wrote_nothing();
    }
}

/// Read by themselves, its lines are rows as wide as the header, or the file can't be read.
#[test]
fn an_unclosed_quote_names_the_line_where_it_opens() {
    let open = format!("{HEADER}{}", ROWS.replace("R2;", "\"R2;"));
    let dossier = Dossier::minimaal();
    dossier.write("declaraties.csv", &open);
    let outcome = dossier.controleer_with_samenvatting(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for words in ["declaraties.csv: regel 3", "aanhalingsteken"] {
        assert!(outcome.stdout.contains(words), "{words}: {}", outcome.stdout);
    }
    assert_eq!(dossier.samenvatting("2023-ijsselland")["aansluiting"]["gelezen"], 3);
    let within_a_cell = format!("{HEADER}{}", ROWS.replace("R2;", "\"R2\nbis;"));
    refuses(within_a_cell, &["declaraties.csv, regel 3", "aanhalingsteken"]);
}

#[test]
fn utf_16_is_recognised() {
    let utf16: Vec<u8> =
        format!("\u{feff}{HEADER}{ROWS}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    refuses(utf16, &["declaraties.csv", "UTF-16", "CSV UTF-8"]);
}

#[test]
fn a_column_that_comes_twice_is_refused() {
    let twice = format!("{HEADER}{ROWS}").replace("ProductTarief", "gelev_rd volume");
    let twice = twice.replace("gelev_rd volume", "geleverd-volume");
    refuses(twice, &["GeleverdVolume", "twee keer", "geleverd-volume"]);
}

#[test]
fn a_folder_or_a_broken_link_is_no_file() {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.dir().join("declaraties.csv")).unwrap();
    dossier.controleer(&[]).refuses(3, &["declaraties", "naam begint met"]);
    fs::create_dir(dossier.dir().join("declaraties.csv")).unwrap();
    dossier.controleer(&[]).refuses(3, &["declaraties.csv is een map"]);
    fs::remove_dir(dossier.dir().join("declaraties.csv")).unwrap();
    #[cfg(unix)]
    {
        let link = dossier.dir().join("declaraties.csv");
        std::os::unix::fs::symlink("nergens.csv", link).unwrap();
        dossier.controleer(&[]).refuses(3, &["declaraties.csv", "kan niet gelezen worden"]);
    }
    dossier.wrote_nothing();
}

#[test]
fn the_dossier_must_be_a_folder_that_exists() {
    let dossier = Dossier::minimaal();
    let file = dossier.dir().join("declaraties.csv");
    dossier.controleer_dir(&file, &[]).refuses(3, &["is geen map"]);
    dossier.controleer_dir(Path::new("/bestaat/niet"), &[]).refuses(3, &["/bestaat/niet"]);
}

#[test]
fn workbooks_are_refused_by_name_and_by_content() {
    let dossier = Dossier::minimaal();
    for form in ["txt", "doc", "tsv"] {
        let name = format!("toewijzingen_2.{form}");
        dossier.write(&name, "");
        dossier.controleer(&[]).refuses(3, &[&name, "Opslaan als", "csv"]);
        fs::remove_file(dossier.dir().join(name)).unwrap();
    }
    refuses(b"PK\x03\x04rest", &["declaraties.csv", "xlsx"]);
}

#[test]
fn choices_that_no_ruleset_allows_are_usage_errors() {
    let dossier = Dossier::minimaal();
    dossier
        .controleer(&["--regio", "ijselland"])
        .refuses(2, &["ijselland", "bedoelt u ijsselland"]);
    dossier.controleer(&["--jaar", "2019"]).refuses(2, &["2019", "2023 tot en met 2030"]);
    dossier.controleer(&["--alleen", "NS1"]).refuses(2, &["NS1", "bedoelt u"]);
    dossier.controleer(&["--draden", "nul"]).refuses(2, &["nul", "--draden"]);
    dossier.controleer(&["--jaren", "2023"]).refuses(2, &["--jaren", "bedoelt u --jaar"]);
    ProgramOutput::of(program().arg("controler"))
        .refuses(2, &["controler", "bedoelt u controleer"]);
    let without_jaar = ProgramOutput::of(program().arg("controleer").arg(dossier.dir()));
    without_jaar.refuses(2, &["leverjaar ontbreekt", "--jaar 2023"]);
    dossier.wrote_nothing();
}

#[test]
fn mistakes_in_controle_toml_show_their_line() {
    let dossier = Dossier::minimaal();
    for (content, word) in [
        ("jaar = 2023\nregoi = \"x\"\n", "regoi"),
        ("jaar = 2023\nniveau = \"week\"\n", "week"),
        ("jaar = 2023\njaar = 2024\n", "TOML"),
        ("jaar = 2023\n[kolommen]\n\"x\" = \"Begindatm\"\n", "Begindatm"),
    ] {
        dossier.write("controle.toml", content);
        let outcome = dossier.controleer(&[]);
        outcome.refuses(2, &["controle.toml, regel ", word, "│"]);
    }
    dossier.wrote_nothing();
}

#[test]
fn an_existing_rapport_stays_until_it_may_be_replaced() {
    let dossier = Dossier::minimaal();
    assert_eq!(dossier.controleer(&[]).status, 0);
    let manifest = dossier.out().join("2023-ijsselland").join("manifest.json");
    let earlier = fs::read(&manifest).unwrap();
    dossier.controleer(&[]).refuses(4, &["bestaat al", "--overschrijf"]);
    assert_eq!(fs::read(&manifest).unwrap(), earlier);
    // Not while something of one's own is in it.
    let own = manifest.with_file_name("eigen.txt");
    fs::write(&own, "aantekening").unwrap();
    dossier.controleer(&["--overschrijf"]).refuses(4, &["wordt niet vervangen", "eigen.txt"]);
    assert_eq!(fs::read_to_string(&own).unwrap(), "aantekening");
    fs::remove_file(&own).unwrap();
    assert_eq!(dossier.controleer(&["--overschrijf"]).status, 0);
    assert_ne!(fs::read(&manifest).unwrap(), earlier);
    assert_eq!(fs::read_dir(dossier.out()).unwrap().count(), 1);
}

#[test]
fn a_target_that_is_no_folder_is_refused() {
    let dossier = Dossier::minimaal();
    fs::write(dossier.out(), "").unwrap();
    dossier.controleer(&[]).refuses(4, &["uit", "bestand"]);
}

/// A limit on the size of files stands in for a full disk: writing fails in the same place.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_behind_and_an_older_rapport_whole() {
    let dossier = Dossier::minimaal();
    let spec = |format: &str| {
        let mut sh = assert_cmd::Command::new("sh");
        sh.arg("-c").arg(format!(
            "ulimit -f 1; trap '' XFSZ; exec {} controleer {VOORBEELD} --uit {} --overschrijf --stil --formaten {format}",
            program().get_program().to_string_lossy(),
            dossier.out().display(),
        ));
        ProgramOutput::of(&mut sh)
    };
    for format in Format::ALL {
        spec(format.name()).refuses(4, &["kan niet geschreven worden", "niets half geschreven"]);
        dossier.wrote_nothing();
    }
    assert_eq!(dossier.controleer_dir(Path::new(VOORBEELD), &[]).status, 0);
    let bevindingen = dossier.out().join("2023-ijsselland").join("bevindingen.csv");
    let earlier = fs::read(&bevindingen).unwrap();
    spec("csv").refuses(4, &["kan niet geschreven worden"]);
    assert_eq!(fs::read(&bevindingen).unwrap(), earlier);
}

/// A hundred rows of which the first `bad` have an amount that could mean two things.
fn hundred_rows(bad: usize) -> String {
    let row = |i: usize| {
        let bedrag = if i < bad { "1.234" } else { "1,08" };
        format!(
            "R{i};2023-02-10;0150;99000001;999900006;T1;45;45T01;2023-01-01;2023-01-31;1;01;1,08;{bedrag}\n"
        )
    };
    format!("{HEADER}{}", (0..100).map(row).collect::<String>())
}

#[test]
fn more_than_five_percent_refused_stops_unless_allowed() {
    let dossier = Dossier::minimaal();
    dossier.write("declaraties.csv", &hundred_rows(6));
    dossier.controleer(&[]).refuses(
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
    dossier.wrote_nothing();
    assert_eq!(dossier.controleer(&["--max-afgekeurd", "6%"]).status, 0);
    let rapport = dossier.out().join("2023-ijsselland");
    let errors = rows_of(&rapport.join("invoerfouten.csv"));
    assert_eq!(errors.len(), 6);
    let error = &errors[5];
    let fields = ["Bestand", "Regelnummer", "Kolom", "Waarde", "Gevolg"].map(|k| error[k].as_str());
    assert_eq!(fields, ["declaraties.csv", "7", "IngediendBedrag", "1.234", "regel afgekeurd"]);
    let aansluiting = &dossier.samenvatting("2023-ijsselland")["aansluiting"];
    assert_eq!((&aansluiting["gelezen"], &aansluiting["afgekeurd"]), (&100.into(), &6.into()));
}

#[test]
fn five_percent_exactly_goes_on_and_a_decimal_sign_settles_the_rest() {
    let dossier = Dossier::minimaal();
    dossier.write("declaraties.csv", &hundred_rows(5));
    assert_eq!(dossier.controleer(&[]).status, 0);
    dossier.write("controle.toml", "[bedragen]\ndecimaal = \",\"\n");
    assert_eq!(dossier.controleer(&["--overschrijf"]).status, 0);
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    assert_eq!(samenvatting["aansluiting"]["afgekeurd"], 0);
    assert_eq!(samenvatting["totalen"]["bedrag"], 5 * 123_400 + 95 * 108);
}

#[test]
fn eurocents_are_read_as_ijw_writes_them() {
    let dossier = Dossier::minimaal();
    let centen = ROWS.replace("1,08;108,00", "108;10800").replace("1,08;54,00", "108;5400");
    let centen = centen.replace("1,21;12,10", "121;1210");
    dossier.write("declaraties.csv", &format!("{HEADER}{centen}"));
    dossier.write("controle.toml", "[bedragen]\neenheid = \"eurocent\"\n");
    assert_eq!(dossier.controleer(&[]).status, 0);
    assert_eq!(dossier.samenvatting("2023-ijsselland")["totalen"]["bedrag"], 17_410);
}

#[test]
fn dialects_give_the_same_outcome() {
    let bedragen = |d: &Dossier| d.samenvatting("2023-ijsselland")["totalen"]["bedrag"].clone();
    let plain = format!("{HEADER}{ROWS}");
    let comma = plain.replace(',', ".").replace(';', ",");
    let tab = plain.replace(';', "\t").replace('\n', "\r\n");
    let aangehaald = plain.replace("R1;", "\"R1\";").replace(";T2;", ";\"T2\";");
    let with_bom = format!("\u{feff}{plain}");
    for form in [plain.clone(), comma, tab, aangehaald, with_bom, format!("sep=;\n{plain}")] {
        let dossier = Dossier::minimaal();
        dossier.write("declaraties.csv", &form);
        let outcome = dossier.controleer(&[]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        assert_eq!(bedragen(&dossier), 17_410, "{form}");
        assert!(dossier.bevindingen("2023-ijsselland").is_empty());
    }
}

#[test]
fn windows_1252_is_read_and_embedded_line_ends_keep_the_line_numbers() {
    let dossier = Dossier::minimaal();
    let header = HEADER.replace("ReferentieNummer", "ReferentieNummer;Functie");
    let rows = "R1;\"Café\nhulp\";2023-02-10;0150;99000001;999900006;T1;45;45T01;2023-01-01;2023-01-31;1;01;1,08;1,08\n\
                 é2;x;2023-02-10;0150;99000001;999900006;T9;45;45T01;2023-01-01;2023-01-31;1;01;1,08;1,08\n";
    let text = format!("{header}{rows}");
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    dossier.write_bytes("declaraties.csv", &bytes);
    let outcome = dossier.controleer(&["--alleen", "TW01"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let bevindingen = dossier.bevindingen("2023-ijsselland");
    assert_eq!(bevindingen.len(), 1);
    let fields = ["Regel", "ReferentieNummer", "Regelnummer"].map(|k| bevindingen[0][k].as_str());
    assert_eq!(fields, ["TW01", "é2", "4"]);
}

#[test]
fn what_is_odd_but_readable_is_told_on_the_terminal() {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.dir().join("declaraties.csv")).unwrap();
    let header = HEADER.replace("ReferentieNummer", "Kleur;ReferentieNummer");
    let rows: Vec<String> = ROWS.lines().map(|r| format!("rood;{r}\n")).collect();
    dossier.write(
        "declaraties_1.csv",
        &format!("{header}{}{}", rows[0], rows[1].replace("0150", "150")),
    );
    dossier.write("2023/declaraties_2.csv", &format!("{header}{}", rows[2]));
    dossier.write("notities.docx", "");
    let outcome = dossier.controleer_with_samenvatting(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for word in [
        "onbekend bestand met rust gelaten: notities.docx",
        "declaraties_1.csv: onbekende kolommen genegeerd: Kleur",
        "1 waarde in kolom Gemeente miste voorloopnullen",
        "3 gelezen = 3 aanvaard + 0 afgekeurd",
        "Geen bevindingen",
    ] {
        assert!(outcome.stdout.contains(word), "no '{word}' in:\n{}", outcome.stdout);
    }
}

#[test]
fn strikt_and_the_choice_of_rules() {
    let dossier = Dossier::minimaal();
    dossier.write("declaraties.csv", &format!("{HEADER}{}", ROWS.replace(";T2;", ";T9;")));
    assert_eq!(dossier.controleer(&[]).status, 0);
    assert_eq!(dossier.controleer(&["--strikt", "--overschrijf"]).status, 1);
    let without = dossier.controleer(&["--strikt", "--overschrijf", "--zonder", "TW"]);
    assert_eq!(without.status, 0, "{}", without.stderr);
    assert_eq!(dossier.controleer(&["--overschrijf", "--alleen", "TW01,NS"]).status, 0);
    let lines = dossier.samenvatting("2023-ijsselland")["regels"].as_array().unwrap().len();
    assert_eq!(lines, 5);
}

/// Every file below a folder.
fn files(dir: &Path) -> Vec<Vec<u8>> {
    fs::read_dir(dir)
        .unwrap()
        .map(|d| d.unwrap().path())
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![fs::read(path).unwrap()] })
        .collect()
}

#[test]
fn no_bsn_leaves_the_program_unless_it_is_asked_for() {
    let dossier = Dossier::minimaal();
    // A Bsn as a reference number, and one in a shifted column that can't be read.
    let rows = ROWS.replace("R2;", "999900006;").replace("R3;2023-02-10", "R3;999900018");
    dossier.write("declaraties.csv", &format!("{HEADER}{}", rows.replace(";T1;", ";T9;")));
    // One as the product of a toewijzing, which TW08 names in its text.
    dossier.write(
        "toewijzingen.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode\n\
         T2;0193;99000001;999900018;2022-12-15;2023-01-01;2023-12-31;45;999900006\n",
    );
    let found = |options: &[&str]| {
        let outcome = dossier.controleer_with_samenvatting(options);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let mut all = files(&dossier.out());
        all.push(outcome.stdout.into_bytes());
        all.push(outcome.stderr.into_bytes());
        ["999900006", "999900018"]
            .iter()
            .any(|bsn| all.iter().any(|bytes| bytes.windows(9).any(|w| w == bsn.as_bytes())))
    };
    // Workbooks are compressed: the texts in them are those of the csv.
    assert!(!found(&["--formaten", "csv,json,html"]));
    assert!(!found(&["--formaten", "parquet", "--overschrijf"]));
    assert!(found(&["--formaten", "csv", "--overschrijf", "--bsn-tonen"]));
    assert!(found(&["--formaten", "html", "--overschrijf", "--bsn-tonen"]));
    let page = fs::read_to_string(dossier.out().join("2023-ijsselland/rapport.html")).unwrap();
    assert!(page.contains("bevat burgerservicenummers"));
    let manifest = fs::read_to_string(dossier.out().join("2023-ijsselland/manifest.json")).unwrap();
    assert!(manifest.contains("\"bsn_getoond\": true"));
}
