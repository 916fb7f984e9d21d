//! The gate: input that isn't what it seems stops the run, or the rapport says so first.

use crate::hulp::{Dossier, ProgramOutput};
use serde_json::Value;

const HEADER: &str = "ReferentieNummer;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;DebetCredit;VorigReferentieNummer;NoShow;Ontvangstdatum\n";

/// What a made-up line may differ in.
#[derive(Clone, Copy)]
struct Line {
    number: usize,
    month: usize,
    code: &'static str,
    toewijzing: &'static str,
    /// Cents; 100 minutes of 1,08 are 10,800.
    bedrag: usize,
    debet_credit: &'static str,
    no_show: &'static str,
}

fn line(number: usize) -> Line {
    Line {
        number,
        month: number % 12 + 1,
        code: "45T01",
        toewijzing: "T1",
        bedrag: 10_800,
        debet_credit: "D",
        no_show: "N",
    }
}

impl Line {
    fn row(&self) -> String {
        let Line { number, month, code, toewijzing, bedrag, debet_credit, no_show } = self;
        let previous = if *debet_credit == "C" { "niets" } else { "" };
        format!(
            "R{number};0150;99000001;999900006;{toewijzing};45;{code};2023-{month:02}-01;2023-{month:02}-28;100;01;1,08;{},{:02};{debet_credit};{previous};{no_show};2024-01-05\n",
            bedrag / 100,
            bedrag % 100
        )
    }
}

fn dossier(lines: impl IntoIterator<Item = Line>) -> Dossier {
    let dossier = Dossier::minimaal();
    let rows: String = lines.into_iter().map(|l| l.row()).collect();
    dossier.write("declaraties.csv", &format!("{HEADER}{rows}"));
    dossier
}

fn meldingen(dossier: &Dossier) -> Vec<Value> {
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    samenvatting["invoer"]["meldingen"].as_array().expect("a list").clone()
}

fn melding(dossier: &Dossier, check: &str) -> Option<Value> {
    meldingen(dossier).into_iter().find(|m| m["controle"] == check)
}

#[track_caller]
fn done(output: &ProgramOutput) {
    assert_eq!(output.status, 0, "{}", output.stderr);
}

/// Stops, writes nothing, and says how to go on; goes on with `--toch` and says so everywhere.
#[track_caller]
fn stops(dossier: &Dossier, check: &str, words: &[&str]) {
    let output = dossier.controleer(&[]);
    output.refuses(3, words);
    output.refuses(3, &["stop: ", "--toch"]);
    dossier.wrote_nothing();
    let output = dossier.controleer_with_samenvatting(&["--toch", "--per-aanbieder"]);
    done(&output);
    let first = output.stdout.lines().next().unwrap_or_default();
    assert!(first.contains("ging door (--toch)"), "{}", output.stdout);
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    assert_eq!(samenvatting["invoer"]["toch"], true);
    assert_eq!(melding(dossier, check).expect("it stands there")["niveau"], "stop");
    let page = std::fs::read_to_string(dossier.out().join("2023-ijsselland/rapport.html")).unwrap();
    let main = &page[page.find("<main>").unwrap()..];
    assert!(main.find("ging door (--toch)") < main.find("Samenvatting</h2>"));
}

#[test]
fn two_files_with_one_content_stop_the_run_whatever_their_names_and_packing() {
    let d = Dossier::minimaal();
    let content = std::fs::read(d.dir().join("declaraties.csv")).unwrap();
    d.write_bytes("declaraties-mei.csv", &content);
    stops(&d, "bestand dubbel", &["declaraties-mei.csv, declaraties.csv", "2 keer"]);

    let d = Dossier::minimaal();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &content).unwrap();
    d.write_bytes("declaraties_2.csv.gz", &packed.finish().unwrap());
    stops(&d, "bestand dubbel", &["declaraties.csv", "declaraties_2.csv.gz"]);
    done(&Dossier::minimaal().controleer(&[]));
}

#[test]
fn amounts_in_eurocents_read_as_euros_stop_the_run_from_fifty_lines_on() {
    let cents = |n| Line { bedrag: 1_080_000, ..line(n) };
    stops(&dossier((0..50).map(cents)), "bedragen", &["100 keer", "eenheid = \"eurocent\""]);
    let d = dossier((0..49).map(cents));
    done(&d.controleer(&[]));
    assert_eq!(melding(&d, "bedragen"), None);
    // Half of the lines and one: the median is as it should be.
    let d = dossier((0..101).map(|n| if n < 50 { cents(n) } else { line(n) }));
    done(&d.controleer(&[]));
    assert_eq!(melding(&d, "bedragen"), None);
}

#[test]
fn euros_read_as_eurocents_stop_the_run() {
    let d = dossier((0..60).map(|n| Line { bedrag: 108, ..line(n) }));
    stops(&d, "bedragen", &["een honderdste", "haal"]);
}

#[test]
fn a_column_that_is_mostly_unreadable_stops_the_run_and_one_that_is_so_in_part_is_told() {
    let rows = |bad: usize, n: usize| {
        (0..n).map(move |i| Line { no_show: if i < bad { "wellicht" } else { "N" }, ..line(i) })
    };
    stops(&dossier(rows(11, 20)), "kolom onleesbaar", &["NoShow", "11 van de 20"]);
    for (bad, n, told) in [(10, 20, true), (2, 20, true), (1, 20, false), (11, 19, false)] {
        let d = dossier(rows(bad, n));
        done(&d.controleer(&[]));
        let level = melding(&d, "kolom onleesbaar").map(|m| m["niveau"].clone());
        assert_eq!(level, told.then(|| "let op".into()), "{bad} of {n}");
    }
}

#[test]
fn refused_rows_are_told_with_what_they_declare() {
    let d = dossier((0..10).map(line));
    let bad = line(10).row().replace("2023-11-01", "vorige week");
    let path = d.dir().join("declaraties.csv");
    let content = std::fs::read_to_string(&path).unwrap();
    d.write("declaraties.csv", &format!("{content}{bad}"));
    done(&d.controleer(&["--max-afgekeurd", "50%"]));
    let text = melding(&d, "afgekeurde regels").expect("a refused row")["tekst"].to_string();
    assert!(text.contains("1 rij ") && text.contains("€ 108,00"), "{text}");
}

#[test]
fn credits_that_find_no_debit_are_told_above_a_fifth() {
    for (loose, told) in [(3, true), (2, false)] {
        let credits = (0..loose).map(|n| Line { debet_credit: "C", ..line(100 + n) });
        let d = dossier((0..20).map(line).chain(credits));
        // Of ten credit lines the others take back a line each.
        let taken: String = (0..10 - loose)
            .map(|n| line(n).row().replace(&format!("R{n};"), &format!("C{n};")))
            .map(|row| row.replace(";D;;", ";C;X;"))
            .enumerate()
            .map(|(n, row)| row.replace(";C;X;", &format!(";C;R{n};")))
            .collect();
        let path = d.dir().join("declaraties.csv");
        let content = std::fs::read_to_string(&path).unwrap();
        d.write("declaraties.csv", &format!("{content}{taken}"));
        done(&d.controleer(&[]));
        let found = melding(&d, "credit zonder debet");
        assert_eq!(found.is_some(), told, "{loose}: {found:?}");
    }
}

#[test]
fn lines_without_toewijzing_are_one_message_and_stand_beside_the_rule() {
    let d =
        dossier((0..20).map(|n| Line { toewijzing: if n < 3 { "weg" } else { "T1" }, ..line(n) }));
    let output = d.controleer_with_samenvatting(&[]);
    done(&output);
    let m = melding(&d, "zonder toewijzing").expect("three of twenty");
    assert_eq!(m["regel"], "TW01");
    let samenvatting = d.samenvatting("2023-ijsselland");
    let rules = samenvatting["regels"].as_array().unwrap();
    let rule = rules.iter().find(|r| r["regel"] == "TW01").unwrap();
    assert_eq!(rule["melding"], m["tekst"]);
    assert!(output.stdout.contains("Geen toewijzing (let op: zie boven)"), "{}", output.stdout);
    let d =
        dossier((0..20).map(|n| Line { toewijzing: if n < 2 { "weg" } else { "T1" }, ..line(n) }));
    done(&d.controleer(&[]));
    assert_eq!(melding(&d, "zonder toewijzing"), None, "ten percent isn't more than ten");
}

#[test]
fn a_rule_that_hits_more_than_a_tenth_of_fifty_is_told() {
    let rows = |n: usize, hits: usize| {
        (0..n).map(move |i| Line { bedrag: if i < hits { 10_900 } else { 10_800 }, ..line(i) })
    };
    for (n, hits, told) in [(50, 6, true), (50, 5, false), (49, 20, false)] {
        let d = dossier(rows(n, hits));
        done(&d.controleer(&["--alleen", "TF02"]));
        let found = melding(&d, "regel slaat vaak aan");
        assert_eq!(found.is_some(), told, "{n} {hits}");
    }
}

#[test]
fn lines_outside_the_year_and_quiet_months_are_told() {
    let of_2023 = dossier((0..120).map(line));
    done(&of_2023.controleer(&[]));
    for check in ["buiten het leverjaar", "stille maand", "maand ontbreekt"] {
        assert_eq!(melding(&of_2023, check), None);
    }
    // No line in March, of one aanbieder with lines in all other months.
    let d = dossier((0..120).map(line).filter(|l| l.month != 3));
    let path = d.dir().join("declaraties.csv");
    let content = std::fs::read_to_string(&path).unwrap();
    let earlier: String = (200..240).map(|n| line(n).row().replace("2023-", "2022-")).collect();
    d.write("declaraties.csv", &format!("{content}{earlier}"));
    done(&d.controleer(&[]));
    let text = |check| melding(&d, check).expect(check)["tekst"].to_string();
    assert!(text("buiten het leverjaar").contains("40 van de 150"));
    assert!(text("stille maand").contains("maart (0)"));
    assert!(text("maand ontbreekt").contains("99000001: maart"));
}

#[test]
fn an_example_catalogue_is_told() {
    let d = dossier((0..5).map(line));
    done(&d.controleer(&[]));
    assert!(melding(&d, "voorbeeld").is_some());
    d.write(
        "producten.csv",
        "ProductCategorie;ProductCode;Omschrijving;Onderdeel;Tariefsleutel\n45;45T01;Ambulant;ambulant;TG1\n",
    );
    done(&d.controleer(&["--overschrijf"]));
    assert_eq!(melding(&d, "voorbeeld"), None);
}

#[test]
fn products_that_the_catalogue_lacks_are_one_message_with_a_proposal_for_each() {
    let own = |n: usize| Line { code: if n < 3 { "EIGEN1" } else { "45T01" }, ..line(n) };
    let d = dossier((0..20).map(own));
    let output = d.controleer_with_samenvatting(&[]);
    done(&output);
    let m = melding(&d, "onbekende producten").expect("three of twenty");
    assert_eq!((m["niveau"].as_str(), m["regel"].as_str()), (Some("let op"), Some("JW12")));
    assert!(m["tekst"].to_string().contains("3 van de 20 declaratieregels (€ 324,00)"), "{m}");
    assert!(output.stdout.contains("1 groep"), "{}", output.stdout);
    let path = d.out().join("2023-ijsselland/producten-aanvullen.csv");
    let text = std::fs::read_to_string(path).unwrap();
    // 1,08 a minute is tariff group 1 alone.
    assert_eq!(
        text.trim_start_matches('\u{feff}').lines().collect::<Vec<_>>(),
        [
            "ProductCategorie;ProductCode;Regels;Bedrag;Eenheden;MeestVoorkomendTarief;VoorstelOnderdeel;VoorstelTariefsleutel",
            "45;EIGEN1;3;324,00;01 (3);1,08;ambulant;TG1",
        ]
    );
    let few = |n: usize| Line { code: if n < 2 { "EIGEN1" } else { "45T01" }, ..line(n) };
    let d = dossier((0..20).map(few));
    done(&d.controleer(&[]));
    assert_eq!(melding(&d, "onbekende producten"), None);
    assert!(!d.out().join("2023-ijsselland/producten-aanvullen.csv").exists());
}

/// The rules take a code in other capitals for another one: the run says so before its findings.
#[test]
fn a_code_that_only_looks_like_one_of_the_catalogue_is_named() {
    let lines =
        || (1..=12).map(|n| Line { code: if n == 1 { "45t 01" } else { "45T01" }, ..line(n) });
    let own = dossier(lines());
    own.write(
        "afspraken.csv",
        "Aanbieder;Gemeente;ProductCode;Startdatum;Aantal\n99000001;0150;45t01;2023-01-01;1\n",
    );
    done(&own.controleer(&[]));
    let text = melding(&own, "schrijfwijze").expect("a message")["tekst"].to_string();
    assert!(text.contains("45t 01 (45T01), 45t01 (45T01)"), "{text}");

    let told = dossier(lines());
    told.write(
        "controle.toml",
        "jaar = 2023\nregio = \"ijsselland\"\n[waarden.ProductCode]\n\"45t 01\" = \"45T01\"\n",
    );
    done(&told.controleer(&[]));
    assert_eq!(melding(&told, "schrijfwijze"), None);
}
