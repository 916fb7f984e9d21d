//! Exports as people have them: what is read in other forms, what is refused, and what is unknown.

use crate::hulp::Dossier;
use std::collections::BTreeMap;

const TOEWIJZINGEN: &str = "\
ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode
1001;0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31;45;45A04
";

const RAPPORT: &str = "2023-ijsselland";

const AANBIEDERS: &str = "Aanbieder;Naam;Perceel\n99000001;De Linde;1\n";

const KOP: &str = "ReferentieNummer;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag";

/// A line in our own form, of one month.
fn line(referentie: &str, maand: u32) -> String {
    format!(
        "{referentie};0150;99000001;999900006;1001;45;45A04;2023-{maand:02}-01;2023-{maand:02}-28;100;01;1,08;108,00"
    )
}

fn dossier(declaraties: &str) -> Dossier {
    let dossier = Dossier::empty();
    dossier.write("toewijzingen.csv", TOEWIJZINGEN);
    dossier.write("aanbieders.csv", AANBIEDERS);
    dossier.write("declaraties.csv", declaraties);
    dossier
}

/// The findings of a run as rule and ReferentieNummer with amount, sorted, without where they stand.
fn findings(dossier: &Dossier) -> Vec<String> {
    let output = dossier.controleer(&[]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let mut found: Vec<String> = dossier
        .bevindingen(RAPPORT)
        .iter()
        .map(|b| format!("{} {} {}", b["Regel"], b["ReferentieNummer"], b["BedragInGeding"]))
        .collect();
    found.sort();
    found
}

fn rules(dossier: &Dossier) -> BTreeMap<String, u32> {
    let mut count = BTreeMap::new();
    for finding in findings(dossier) {
        *count.entry(finding.split(' ').next().unwrap().to_owned()).or_insert(0) += 1;
    }
    count
}

/// Why units could not be tested by this rule, with their numbers, from samenvatting.json.
fn not_tested(dossier: &Dossier, rule: &str) -> String {
    let summary = dossier.samenvatting(RAPPORT);
    let of_rule = summary["regels"].as_array().unwrap().iter().find(|r| r["regel"] == rule);
    of_rule.unwrap_or_else(|| panic!("no rule {rule}"))["niet_getoetst"].to_string()
}

fn plain() -> Vec<String> {
    findings(&dossier(&format!("{KOP}\n{}\n{}\n", line("R1", 1), line("R2", 2))))
}

/// Two lines in our own form, with one cell of the first written otherwise.
fn with_cell(place: usize, cell: &str) -> Dossier {
    let first = line("R1", 1);
    let mut cells: Vec<&str> = first.split(';').collect();
    cells[place] = cell;
    dossier(&format!("{KOP}\n{}\n{}\n", cells.join(";"), line("R2", 2)))
}

#[test]
fn what_people_write_otherwise_is_the_same_dossier() {
    let expected = plain();
    for (place, cell) in [
        (7, "1-1-2023"),
        (7, "01/01/2023"),
        (7, "1.1.2023"),
        (7, "01-01-23"),
        (7, "01-jan-2023"),
        (7, "1 januari 2023"),
        (7, "2023-01-01T00:00:00"),
        (7, "01-01-2023 00:00"),
        (12, "€ 108,00"),
        (12, "108,00 EUR"),
        (12, "\u{a0}108,00\u{a0}"),
        (9, "100,0"),
        (1, "GM0150"),
        (1, "=\"0150\""),
        (1, "'0150"),
        (1, "Deventer"),
        (1, "150"),
        (2, "9900\u{200b}0001"),
        (3, "\u{feff}999900006"),
        (4, "0001001"),
        (4, "1001.0"),
        (4, "=\"1001\""),
        (4, "'1001"),
        (5, "45.0"),
        (10, "1"),
        (10, "1.0"),
    ] {
        assert_eq!(findings(&with_cell(place, cell)), expected, "{cell:?}");
    }
}

#[test]
fn what_could_mean_two_things_or_nothing_is_refused_and_never_guessed() {
    for (place, cell) in [
        (12, "1.234"),
        (12, "108%"),
        (12, "1,08E+02"),
        (6, "4,5E+02"),
        (0, "1,23457E+15"),
        (7, "2023-01-01 13:45"),
        (8, "2032-01-28"),
        (7, "1985-01-01"),
        (1, "Deventr"),
        (0, "#VERW!"),
        (0, "NULL"),
    ] {
        let dossier = with_cell(place, cell);
        let output = dossier.controleer(&["--max-afgekeurd", "60%"]);
        assert_eq!(output.status, 0, "{cell}: {}", output.stderr);
        let refused = dossier.out().join(RAPPORT).join("invoerfouten.csv");
        let refused = std::fs::read_to_string(refused).unwrap();
        assert!(refused.contains("regel afgekeurd"), "{cell}: {refused}");
    }
}

#[test]
fn a_column_with_a_month_before_a_day_stops_the_run_until_the_settings_say_so() {
    let american =
        "R1;0150;99000001;999900006;1001;45;45A04;01/01/2023;01/28/2023;100;01;1,08;108,00";
    let dossier = dossier(&format!("{KOP}\n{american}\n"));
    dossier
        .controleer(&[])
        .refuses(3, &["declaraties.csv, regel 2", "Einddatum", "volgorde", "mdj"]);
    dossier.write("controle.toml", "[datums.declaraties]\nvolgorde = \"mdj\"\n");
    assert_eq!(dossier.controleer(&[]).status, 0);
}

#[test]
fn a_negative_amount_without_debetcredit_is_a_credit_of_that_amount() {
    let lines = [
        "R1;;0150;99000001;999900006;1001;45;45A04;2023-01-01;2023-01-28;100;01;1,08;108,00;",
        "R2;R1;0150;99000001;999900006;1001;45;45A04;2023-01-01;2023-01-28;100;01;1,08;108,00-;",
    ];
    let kop = KOP.replace("ReferentieNummer;", "ReferentieNummer;VorigReferentieNummer;");
    let by_sign = dossier(&format!("{kop};DebetCredit\n{}\n{}\n", lines[0], lines[1]));
    let said = dossier(&format!(
        "{kop};DebetCredit\n{}\n{}\n",
        lines[0],
        lines[1].replace("108,00-;", "108,00;Credit")
    ));
    assert_eq!(findings(&by_sign), findings(&said));
    let sums = |d: &Dossier| d.samenvatting(RAPPORT)["aansluiting"].to_string();
    assert_eq!(sums(&by_sign), sums(&said));
    // What says debet and is negative contradicts itself; what says neither is no debit.
    for (says, amount) in [("D", "-108,00"), ("Kredit", "108,00")] {
        let line = lines[0].replace("108,00;", &format!("{amount};{says}"));
        let dossier = dossier(&format!("{kop};DebetCredit\n{line}\n{}\n", lines[0]));
        let output = dossier.controleer(&["--max-afgekeurd", "60%"]);
        assert_eq!(output.status, 0, "{}", output.stderr);
        assert_eq!(dossier.samenvatting(RAPPORT)["aansluiting"]["afgekeurd"], 1);
    }
}

#[test]
fn a_value_that_cannot_be_read_makes_what_rests_on_it_not_testable() {
    let cases = [
        ("ProductTarief", "1,08 per uur", "TF01"),
        ("Ontvangstdatum", "31-31-2023", "TL01"),
        ("DeclaratieDagtekening", "morgen", "JW08"),
        ("NoShow", "misschien", "NS01"),
        ("ReistijdMinuten", "veel", "TF05"),
    ];
    for (kolom, value, rule) in cases {
        let kop = KOP.replace(";ProductTarief", "").replace(";IngediendBedrag", "");
        let cells = "R1;0150;99000001;999900006;1001;45;45T01;2023-01-01;2023-01-28;100;01";
        let dossier = dossier(&format!("{kop};IngediendBedrag;{kolom}\n{cells};108,00;{value}\n"));
        let output = dossier.controleer(&[]);
        assert_eq!(output.status, 0, "{}", output.stderr);
        let reasons = not_tested(&dossier, rule);
        assert!(reasons.contains(&format!("{kolom} is onleesbaar")), "{rule}: {reasons}");
        assert!(dossier.bevindingen(RAPPORT).iter().all(|b| b["Regel"] != rule), "{rule}");
    }
}

#[test]
fn words_for_nothing_are_nothing_in_an_optional_column() {
    for word in ["NULL", "nvt", "n.v.t.", "-", "#N/B", "#N/A"] {
        let dossier = dossier(&format!("{KOP}\n{}\n", line("R1", 1)));
        let toewijzingen =
            TOEWIJZINGEN.replace("2023-12-31;45;45A04", &format!("2023-12-31;45;{word}"));
        dossier.write("toewijzingen.csv", &toewijzingen);
        assert!(!rules(&dossier).contains_key("TW08"), "{word}");
    }
}

#[test]
fn rows_of_delimiters_short_rows_and_repeated_headers_are_no_refused_rows() {
    let short = line("R2", 2);
    let text = format!(
        "Export van maart;;\n\n{KOP};Functie;Groep\n{};;\n;;;;;;;;;;;;;;\n{KOP};Functie;Groep\n  ;  ;\n{short}\n",
        line("R1", 1)
    );
    let dossier = dossier(&text);
    assert_eq!(findings(&dossier), plain());
    let invoer = &dossier.samenvatting(RAPPORT)["aansluiting"];
    assert_eq!((&invoer["gelezen"], &invoer["afgekeurd"]), (&2.into(), &0.into()), "{invoer}");
}

#[test]
fn one_wide_export_is_read_as_two_tables() {
    let kop = format!("{KOP};Toewijzingsdatum;Ingangsdatum;Einde;Naam kind");
    let wide = |line: String| format!("{line};2022-12-15;2023-01-01;2023-12-31;x");
    let text = format!("{kop}\n{}\n{}\n", wide(line("R1", 1)), wide(line("R2", 2)));
    let dossier = dossier(&text);
    std::fs::remove_file(dossier.dir().join("toewijzingen.csv")).unwrap();
    std::fs::rename(dossier.dir().join("declaraties.csv"), dossier.dir().join("Alles in een.csv"))
        .unwrap();
    dossier.write(
        "Controle.TOML",
        "[bestanden]\n\"alles*.csv\" = [\"declaraties\", \"toewijzingen\"]\n\
         [kolommen.toewijzingen]\n\"Einde\" = \"Einddatum\"\n",
    );
    assert_eq!(findings(&dossier), plain());
}

#[test]
fn a_row_of_a_wide_export_with_nothing_of_a_table_is_no_row_of_it() {
    let kop = format!("{KOP};Toewijzingsdatum;Ingangsdatum;Einde;Naam kind");
    let unknown = line("R2", 2).replace(";1001;", ";77;");
    let text = format!(
        "{kop}\n{};2022-12-15;2023-01-01;2023-12-31;x\n{unknown};;NULL;;x\n\
         ;0150;99000001;999900006;1002;45;45A04;;;;;;;2022-12-15;2023-01-01;2023-12-31;x\n",
        line("R1", 1)
    );
    let dossier = dossier(&text);
    std::fs::remove_file(dossier.dir().join("toewijzingen.csv")).unwrap();
    dossier.write(
        "controle.toml",
        "[bestanden]\n\"declaraties.csv\" = [\"declaraties\", \"toewijzingen\"]\n\
         [kolommen.toewijzingen]\n\"Einde\" = \"Einddatum\"\n",
    );
    let output = dossier.controleer_with_samenvatting(&[]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    for said in ["1 regel heeft niets van declaraties", "1 regel heeft niets van toewijzingen"] {
        assert!(output.stdout.contains(said), "{}", output.stdout);
    }
    let sums = &dossier.samenvatting(RAPPORT)["aansluiting"];
    assert_eq!((&sums["gelezen"], &sums["afgekeurd"]), (&2.into(), &0.into()), "{sums}");
    let found = dossier.bevindingen(RAPPORT);
    let without: Vec<_> = found.iter().filter(|b| b["Regel"] == "TW01").collect();
    assert_eq!(without.len(), 1);
    assert_eq!(without[0]["ReferentieNummer"], "R2");
}

#[test]
fn a_number_with_point_zero_behind_it_is_the_number_of_another_column() {
    let kop = KOP.replace("ReferentieNummer;", "ReferentieNummer;VorigReferentieNummer;");
    let lines = |previous: &str| {
        let line = "0150;99000001;999900006;1001;45;45A04;2023-01-01;2023-01-28;100;01;1,08;108,00";
        dossier(&format!("{kop};DebetCredit\n77;;{line};D\n78;{previous};{line};C\n"))
    };
    let credited = findings(&lines("77"));
    assert!(credited.iter().all(|finding| !finding.starts_with("JW02")), "{credited:?}");
    assert_eq!(findings(&lines("77.0")), credited);
}

#[test]
fn rows_of_totals_are_refused_as_such_wherever_they_stand() {
    let totals = |word: &str, amount: &str| format!("{word};;;;;;;;;;;;{amount}");
    let text = format!(
        "{KOP}\n{}\n{}\n{}\n{}\n",
        line("R1", 1),
        totals("Subtotaal De Linde", "108,00"),
        line("R2", 2),
        totals(";;Totaal:", "216,00").replacen(":;;;", ":;", 1),
    );
    let dossier = dossier(&text);
    // Half of the rows would be too many, were they refused rows.
    assert_eq!(findings(&dossier), plain());
    let errors = dossier.out().join(RAPPORT).join("invoerfouten.csv");
    let errors = crate::hulp::rows_of(&errors);
    let shown: Vec<_> = errors.iter().map(|e| (&*e["Regelnummer"], &*e["Waarde"])).collect();
    assert_eq!(shown, [("3", "108,00"), ("5", "216,00")]);
    assert!(errors.iter().all(|e| e["Reden"].contains("totaal")), "{errors:?}");
}

#[test]
fn a_columns_own_words_and_its_own_unit_of_money_are_obeyed() {
    let text = format!("{KOP}\n{}\n{}\n", line("R1", 1), line("R2", 2));
    let text = text.replace(";01;1,08;108,00", ";minuten;108;10800");
    let dossier = dossier(&text);
    dossier.write(
        "controle.toml",
        "[waarden.Eenheid]\n\"Minuten\" = \"01\"\n[bedragen.declaraties]\neenheid = \"eurocent\"\n",
    );
    assert_eq!(findings(&dossier), plain());
}

#[test]
fn a_header_with_its_accents_apart_is_the_header_of_the_settings() {
    let text = format!("{KOP}\n{}\n{}\n", line("R1", 1), line("R2", 2));
    let dossier = dossier(&text.replace("IngediendBedrag", "Gedeclareerd e\u{301}e\u{301}n"));
    dossier.write(
        "controle.toml",
        "[kolommen]\n\"Gedeclareerd \u{e9}\u{e9}n\" = \"IngediendBedrag\"\n",
    );
    assert_eq!(findings(&dossier), plain());
}

/// Three lines of a dossier, each with this in the column Functie.
fn with_functies(functies: [&str; 3]) -> Dossier {
    let rows = (1..)
        .zip(functies)
        .map(|(n, functie)| format!("{};{functie};\n", line(&format!("R{n}"), n)));
    dossier(&format!("{KOP};Functie;Groep\n{}", rows.collect::<String>()))
}

#[test]
fn a_stray_quote_swallows_no_row_and_the_run_says_where_it_was() {
    let expected = findings(&with_functies(["", "", ""]));
    for functies in [
        ["\"5 cm", "", "7 cm\""],
        ["\"5 cm", "", "\"7 cm"],
        ["\"5 cm", "", ""],
        ["\"5 cm", "\"arts\"", ""],
        ["", "", "\"5 cm"],
    ] {
        let dossier = with_functies(functies);
        assert_eq!(findings(&dossier), expected, "{functies:?}");
        assert_eq!(dossier.samenvatting(RAPPORT)["aansluiting"]["gelezen"], 3, "{functies:?}");
        let output = dossier.controleer_with_samenvatting(&["--overschrijf"]);
        let all = format!("{}{}", output.stdout, output.stderr);
        let first = functies.iter().position(|f| f.starts_with("\"5")).unwrap() + 2;
        assert!(all.contains(&format!("regel {first}")), "{functies:?}: {all}");
        assert!(all.contains("aanhalingsteken"), "{functies:?}: {all}");
    }
    // In a small table it would lose an aanbieder.
    let small = with_functies(["", "", ""]);
    small.write("aanbieders.csv", "Aanbieder;Naam\n99000002;\"De Es\n99000001;De Linde\"\n");
    assert!(rules(&small).keys().all(|rule| rule != "TF03"), "{:?}", rules(&small));
    // In the header, and at the begin of a row.
    let text = format!("{KOP};\"Functie\n{};\n\"{};\n", line("R1", 1), line("R2", 2));
    let dossier = dossier(&text);
    assert_eq!(findings(&dossier), plain());
    let output = dossier.controleer_with_samenvatting(&["--overschrijf"]);
    assert!(output.stdout.contains("2 regels, van regel 1 tot en met 3"), "{}", output.stdout);
}

#[test]
fn a_stray_quote_over_lines_that_are_no_rows_is_refused_with_its_line() {
    for rows in [
        format!("{};\"5 cm\nNOOT\n{};7 cm\"\n", line("R1", 1), line("R2", 2)),
        format!("{};\"a{}b\"\n", line("R1", 1), "\n".repeat(9)),
        format!("{};\"5 cm\nNOOT\n", line("R1", 1)),
    ] {
        dossier(&format!("{KOP};Functie\n{rows}"))
            .controleer(&[])
            .refuses(3, &["declaraties.csv, regel 2", "aanhalingsteken"]);
    }
    // A note of two lines is a note.
    let note =
        format!("{KOP};Functie\n{};\"arts\nin opleiding\"\n{};\n", line("R1", 1), line("R2", 2));
    assert_eq!(dossier(&note).controleer(&[]).status, 0);
}

#[test]
fn line_ends_of_cr_alone_are_line_ends() {
    let minimaal = || {
        let dossier = Dossier::minimaal();
        // The last line ends before it is due, and a note has a line end of its own.
        dossier.write(
            "declaraties.csv",
            &format!(
                "{};Functie\n{};\"arts\n(jeugd)\"\n{};x",
                crate::hulp::HEADER.trim_end(),
                line("R1", 1),
                line("R2", 2)
            )
            .replace("ReferentieNummer;Ontvangstdatum", "ReferentieNummer"),
        );
        dossier
    };
    let expected = findings(&minimaal());
    for name in ["declaraties.csv", "toewijzingen.csv", "aanbieders.csv"] {
        let dossier = minimaal();
        let text = std::fs::read_to_string(dossier.dir().join(name)).unwrap();
        let text = text.replace('\n', "\r").replace("arts\r", "arts\n");
        dossier.write(name, &format!("Titel\r\r{text}"));
        assert_eq!(findings(&dossier), expected, "{name}");
        let manifest =
            std::fs::read_to_string(dossier.out().join(RAPPORT).join("manifest.json")).unwrap();
        let bytes = std::fs::read(dossier.dir().join(name)).unwrap();
        assert!(manifest.contains(&sha256(&bytes)), "{name}: {manifest}");
    }
    // Where a row can't be read, its line is that of an editor.
    let dossier = minimaal();
    let text = std::fs::read_to_string(dossier.dir().join("declaraties.csv")).unwrap();
    let text = text.replace("2023-02-01", "ooit").replace('\n', "\r");
    dossier.write("declaraties.csv", &text);
    assert_eq!(dossier.controleer(&["--max-afgekeurd", "60%"]).status, 0);
    let errors = dossier.out().join(RAPPORT).join("invoerfouten.csv");
    let errors = crate::hulp::rows_of(&errors);
    assert_eq!((&*errors[0]["Regelnummer"], errors.len()), ("4", 1), "{errors:?}");
}

#[test]
fn a_bsn_with_marks_between_its_digits_is_shown_nowhere() {
    let (written, digits) = ("9999.00.006", "999900006");
    for (place, cell) in [(1, written), (1, "1999900006"), (8, "9999 00 006"), (10, "999-900-006")]
    {
        let dossier = with_cell(place, cell);
        let text = std::fs::read_to_string(dossier.dir().join("declaraties.csv")).unwrap();
        dossier.write("declaraties.csv", &text.replace(KOP, &format!("{KOP};{written}")));
        let output = dossier.controleer_with_samenvatting(&["--max-afgekeurd", "60%"]);
        assert_eq!(output.status, 0, "{}", output.stderr);
        let rapport = dossier.out().join(RAPPORT);
        let mut said = vec![output.stdout, output.stderr];
        for name in ["invoerfouten.csv", "manifest.json", "samenvatting.json", "rapport.html"] {
            said.push(std::fs::read_to_string(rapport.join(name)).unwrap());
        }
        for text in said {
            assert!(!text.contains(cell) && !text.contains(written), "{cell}");
            assert!(!text.contains(digits), "{cell}");
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// A zip with these two files, both under the name of the first: as a program writes it that only ever
/// adds. The names are as long as each other.
fn zip_of_one_name(files: [(&str, &str); 2]) -> Vec<u8> {
    use std::io::Write;
    let [(first, _), (second, _)] = files;
    assert_eq!(first.len(), second.len());
    let mut zip = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name, ::zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    while let Some(at) = bytes.windows(second.len()).position(|w| w == second.as_bytes()) {
        bytes[at..at + first.len()].copy_from_slice(first.as_bytes());
    }
    bytes
}

#[test]
fn of_a_zip_every_file_is_read_also_those_that_bear_one_name() {
    let names = ["declaraties_1.csv", "declaraties_2.csv"];
    let months = [1, 2].map(|maand| format!("{KOP}\n{}\n", line(&format!("R{maand}"), maand)));
    let d = dossier("");
    std::fs::remove_file(d.dir().join("declaraties.csv")).unwrap();
    d.write_bytes("export.zip", &zip_of_one_name([(names[0], &months[0]), (names[1], &months[1])]));
    assert_eq!(d.controleer(&[]).status, 0);
    let json = d.samenvatting(RAPPORT);
    assert_eq!(json["aansluiting"]["gelezen"], 2);
    let manifest = std::fs::read(d.out().join(RAPPORT).join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let read: Vec<&str> = manifest["invoer"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|f| f["bestand"].as_str())
        .collect();
    for name in ["export.zip/declaraties_1.csv", "export.zip/declaraties_1 (2).csv"] {
        assert!(read.contains(&name), "{name}: {read:?}");
    }
    // The same twice stops the run, whatever it is called.
    d.write_bytes("export.zip", &zip_of_one_name([(names[0], &months[0]), (names[1], &months[0])]));
    let outcome = d.controleer(&["--overschrijf"]);
    outcome.refuses(3, &["export.zip/declaraties_1 (2).csv"]);
}
