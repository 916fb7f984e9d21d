//! The letters about what is to come back.

use super::{
    RAPPORT, asked_back, cent, controleer, credit, keep_open, states, terugvordering,
    with_bevindingen,
};
use crate::hulp::Bevinding;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// All words of a document, without its form.
fn words_of_docx(path: &Path) -> String {
    let mut package = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut xml = String::new();
    package.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let mut words = String::new();
    for part in xml.split('<').skip(1) {
        words.push_str(part.split_once('>').map_or("", |(_, text)| text));
        words.push(' ');
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first amount behind these words.
fn amount_after(text: &str, words: &str) -> Option<i64> {
    let (_, rest) = text.split_once(words)?;
    let (_, rest) = rest.split_once("€ ")?;
    let amount: String =
        rest.chars().take_while(|c| c.is_ascii_digit() || [',', '.'].contains(c)).collect();
    Some(cent(&amount.trim_end_matches(['.', ',']).replace('.', "")))
}

/// Files in a folder whose names end so.
pub(super) fn with_end(dir: &Path, end: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = all.filter(|p| p.to_str().unwrap().ends_with(end)).collect();
    found.sort();
    found
}

/// The letters of decision: their items add up to their totals, and these to what is open.
pub(super) fn letters_add_up(dir: &Path, lines: &[Bevinding]) {
    let letters = with_end(&dir.join("per-aanbieder"), "-besluit.txt");
    let mut all = 0;
    for path in &letters {
        let text = fs::read_to_string(path).unwrap();
        let total = amount_after(&text, "Wij hebben besloten om").unwrap();
        let rows = text.lines().skip_while(|l| !l.starts_with("Referentie")).skip(1);
        let rows: Vec<&str> = rows.take_while(|l| !l.starts_with("Totaal")).collect();
        let amounts = |row: &&str| {
            let last = row.rsplit("€ ").next().unwrap();
            cent(&last.split_whitespace().next().unwrap().replace('.', ""))
        };
        assert_eq!(rows.iter().map(amounts).sum::<i64>(), total, "{}", path.display());
        assert_eq!(amount_after(&text, "\nTotaal"), Some(total));
        let agb = &path.file_name().unwrap().to_str().unwrap()[..8];
        let own: Vec<&Bevinding> = lines.iter().filter(|l| l["Aanbieder"] == agb).collect();
        assert_eq!(rows.len(), own.len());
        assert!(own.iter().all(|l| rows.iter().any(|r| r.starts_with(&l["ReferentieNummer"]))));
        let document = words_of_docx(&path.with_extension("docx"));
        let words = text.split_whitespace().map(|word| word.replace('&', "&amp;"));
        // Headings stand in capitals in the text.
        let absent: Vec<String> =
            words.filter(|w| w.to_uppercase() != *w && !document.contains(w.as_str())).collect();
        assert!(absent.is_empty(), "{absent:?} not in the document");
        all += total;
    }
    assert_eq!(all, lines.iter().map(|l| cent(&l["Open"])).sum::<i64>());
}

/// The letters that ask: what their points count adds up to the total that they name.
pub(super) fn questions_add_up(dir: &Path) {
    let letters = with_end(dir, "-brief.txt");
    assert!(!letters.is_empty());
    for path in letters {
        let text = fs::read_to_string(&path).unwrap();
        for (heading, total) in [
            ("WAT VOLGENS ONZE", "Op uw declaratieregels gaat het om"),
            ("WAT WIJ U WILLEN", "hoogstens"),
        ] {
            let Some((_, part)) = text.split_once(heading) else { continue };
            let part = part.split("\r\nWAT ").next().unwrap().split("UW REACTIE").next().unwrap();
            let points = part
                .split("\r\n\r\n")
                .filter(|p| p.starts_with(|c: char| c.is_ascii_digit()) && p.contains("Grond:"));
            let counted = |point: &str| {
                let all = amount_after(point.split("\r\nGrond").next().unwrap(), " bevinding")
                    .unwrap_or(0);
                amount_after(point, "daarvan telt").unwrap_or(all)
            };
            let sum: i64 = points.map(counted).sum();
            assert_eq!(Some(sum), amount_after(part, total), "{}: {heading}", path.display());
        }
    }
}

#[test]
fn a_letter_names_what_came_back_and_what_does_not_count_apart() {
    let (d, _) = asked_back();
    keep_open(&d);
    credit(&d, &[("C2", "2024-03-02", "99000001", "R2", "5,00")]);
    controleer(&d);
    let (dir, _) = terugvordering(&d);
    let letter = dir.join("per-aanbieder").join("99000001-besluit.txt");
    let text = fs::read_to_string(letter).unwrap();
    for words in [
        "Aan: De Linde (AGB-code 99000001)",
        "om € 123,50 van u terug te vorderen, op 2 declaratieregels",
        "1. Bij deze declaratieregel hoort geen toewijzing. (TW01: Geen toewijzing)",
        "Bij 1 declaratieregel is het bedrag met u overeengekomen.",
        "WAT AL TERUG IS",
        "als VorigReferentieNummer",
        "uiterlijk op [datum]",
    ] {
        assert!(text.contains(words), "no '{words}' in\n{text}");
    }
    assert!(!text.contains("999900006"), "no Bsn is needed");
}

/// The bytes of a file as they stand, and what is packed in it.
fn bytes_of(path: &Path) -> Vec<u8> {
    let mut bytes = fs::read(path).unwrap();
    if let Ok(mut package) = zip::ZipArchive::new(std::io::Cursor::new(bytes.clone())) {
        for i in 0..package.len() {
            package.by_index(i).unwrap().read_to_end(&mut bytes).unwrap();
        }
    }
    bytes
}

#[test]
fn a_number_with_a_bsn_in_it_is_masked_and_its_claim_still_closes() {
    let d = with_bevindingen();
    let csv = fs::read_to_string(d.dir().join("declaraties.csv")).unwrap();
    d.write("declaraties.csv", &csv.replace("R1;", "K-999900006;"));
    controleer(&d);
    let judged = d.bevindingen(RAPPORT);
    let one = judged.iter().find(|b| b["ReferentieNummer"].starts_with("K-J")).unwrap();
    d.write("beoordelingen.csv", &format!("Id;Oordeel\n{};terugvorderen\n", one["Id"]));
    d.write("reacties.csv", &format!("Id;Reactie\n{};Kind 999900006 was er wel\n", one["Id"]));
    controleer(&d);
    let (dir, _) = terugvordering(&d);
    let written = [&dir, &dir.join("per-aanbieder"), &d.out().join(RAPPORT)].map(|dir| {
        fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).filter(|p| p.is_file()).collect()
    });
    let written: Vec<PathBuf> = written.into_iter().flat_map(|of: Vec<PathBuf>| of).collect();
    assert!(written.iter().any(|path| path.ends_with("99000001-besluit.docx")));
    for path in written {
        let found = bytes_of(&path).windows(9).any(|w| w == b"999900006");
        assert!(!found, "a Bsn in {}", path.display());
    }
    keep_open(&d);
    credit(&d, &[("C1", "2024-03-01", "99000001", "K-999900006", "108,00")]);
    controleer(&d);
    let (dir, _) = terugvordering(&d);
    assert_eq!(states(&dir.join("openstaand.csv"))[0][4], "teruggenomen op 01-03-2024");
}
