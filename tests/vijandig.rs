//! Values that would do something where they are read: in a spreadsheet, on a page, on a terminal.

use crate::hulp::{Dossier, programma, rijen_van};
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::fs;
use std::io::Read;
use std::path::Path;

const RAPPORT: &str = "2023-ijsselland";
const AANVALLEN: [&str; 8] = [
    "=HYPERLINK(\"\"http://a.invalid\"\";\"\"klik\"\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "＝1+1",
    "<script>window.geraakt=1</script>",
    "\u{1b}[2J\u{7}",
];

/// A dossier with an attack in every column that holds text, and in names.
fn dossier() -> Dossier {
    let d = Dossier::leeg();
    let mut aanbieders = String::from("Aanbieder;Naam;Perceel\n");
    let mut toewijzingen = String::from(
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode\n",
    );
    let mut declaraties = String::from(
        "DeclaratieNummer;ReferentieNummer;VorigReferentieNummer;DebetCredit;Ontvangstdatum;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;Functie;Hulpverlener\n",
    );
    for (i, aanval) in AANVALLEN.iter().enumerate() {
        let agb = 99_000_001 + i;
        aanbieders += &format!("{agb};\"{aanval}\";1\n");
        toewijzingen += &format!(
            "\"{aanval}\";0150;{agb};999900006;2022-12-15;2023-01-01;2023-06-30;\"{aanval}\";\"{aanval}\"\n"
        );
        // Late and out of term, of a product that the toewijzing hasn't; a credit without its debit.
        for (debet, nummer, vorig) in [("D", "", String::new()), ("C", "-c", format!("{aanval}x"))]
        {
            declaraties += &format!(
                "\"{aanval}\";\"{aanval}{nummer}\";\"{vorig}\";{debet};2024-06-01;0150;{agb};999900006;\"{aanval}\";\"{aanval}\";\"{aanval}\";2023-07-01;2023-07-31;100;01;1,08;108,00;\"{aanval}\";\"{aanval}\"\n"
            );
        }
        // Refused, with the attack as the value that is shown.
        declaraties += &format!(
            "x;y{i};;D;2024-06-01;\"{aanval}\";{agb};999900006;T;45;45T01;2023-07-01;2023-07-31;100;01;1,08;108,00;;\n"
        );
    }
    d.schrijf("aanbieders.csv", &aanbieders);
    d.schrijf("toewijzingen.csv", &toewijzingen);
    d.schrijf("declaraties =1+1 <img src=x onerror=geraakt()>.csv", &declaraties);
    d
}

/// Would a spreadsheet run this?
fn loopt(cel: &str) -> bool {
    let getal = cel.trim_start_matches(['-', '+']);
    let is_getal = !getal.is_empty() && getal.chars().all(|c| c.is_ascii_digit() || c == ',');
    cel.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && !is_getal
}

fn bestanden(map: &Path, einde: &str) -> Vec<std::path::PathBuf> {
    let mut uit = Vec::new();
    for ding in fs::read_dir(map).unwrap() {
        let pad = ding.unwrap().path();
        if pad.is_dir() {
            uit.extend(bestanden(&pad, einde));
        } else if pad.extension().is_some_and(|e| e == einde) {
            uit.push(pad);
        }
    }
    uit
}

/// Every output of every command that writes what it read.
fn alle_uitvoer() -> (Dossier, String) {
    let d = dossier();
    let uitkomst = d.controleer_met_samenvatting(&["--max-afgekeurd", "100%"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let mut gezegd = uitkomst.stdout + &uitkomst.stderr;
    let pv = programma()
        .arg("productieverantwoording")
        .arg(d.map())
        .args(["--jaar", "2023", "--uit"])
        .arg(d.uit().join("pv"))
        .output()
        .unwrap();
    gezegd += &String::from_utf8(pv.stdout).unwrap();
    gezegd += &String::from_utf8(pv.stderr).unwrap();
    (d, gezegd)
}

#[test]
fn a_spreadsheet_shows_what_stood_in_the_files_and_runs_none_of_it() {
    let (d, _) = alle_uitvoer();
    let mut aanvallen = 0;
    for pad in bestanden(&d.uit(), "csv") {
        for rij in rijen_van(&pad) {
            for (kolom, cel) in rij {
                assert!(!loopt(&cel), "{}: {kolom}: {cel:?}", pad.display());
                let gelezen = cel.trim_start_matches('\u{200b}');
                aanvallen += u32::from(gelezen != cel && loopt(gelezen));
            }
        }
    }
    assert!(aanvallen >= 80, "only {aanvallen} attacks came through to be told");
    let mut cellen = 0;
    for pad in bestanden(&d.uit(), "xlsx") {
        let mut boek: Xlsx<_> = open_workbook(&pad).unwrap();
        for blad in boek.sheet_names() {
            let formules = boek.worksheet_formula(&blad).unwrap();
            let niet_ons = formules.used_cells().find(|(_, _, f)| {
                f.contains("HYPERLINK(\"http") || f.contains("cmd") || f.contains("1+1")
            });
            assert!(niet_ons.is_none(), "{}: {blad}: {niet_ons:?}", pad.display());
            let bereik = boek.worksheet_range(&blad).unwrap();
            cellen += bereik
                .used_cells()
                .filter(|(_, _, c)| matches!(c, Data::String(t) if loopt(t)))
                .count();
        }
    }
    assert!(cellen >= 60, "only {cellen} attacks came through to be told");
}

/// Excel takes a text for one, also after it is edited, if its format says so.
#[test]
fn a_cell_with_an_attack_is_marked_as_text_for_whoever_edits_it() {
    let (d, _) = alle_uitvoer();
    let bytes = fs::File::open(d.uit().join(RAPPORT).join("rapport.xlsx")).unwrap();
    let mut zip = zip::ZipArchive::new(bytes).unwrap();
    let mut deel = |naam: &str| {
        let mut tekst = String::new();
        zip.by_name(naam).unwrap().read_to_string(&mut tekst).unwrap();
        tekst
    };
    let stijlen = deel("xl/styles.xml");
    let (_, cellen) = stijlen.split_once("<cellXfs").unwrap();
    let tekst: Vec<bool> =
        cellen.split("<xf ").skip(1).map(|xf| xf.contains("quotePrefix=\"1\"")).collect();
    let mut gemerkt = 0;
    let bladen = deel("xl/workbook.xml").matches("<sheet ").count();
    for nr in 1..=bladen {
        let blad = deel(&format!("xl/worksheets/sheet{nr}.xml"));
        for cel in blad.split("<c ").skip(1) {
            let Some((kop, rest)) = cel.split_once("<t>") else { continue };
            let inhoud = rest.split("</t>").next().unwrap();
            if loopt(inhoud) {
                let stijl = kop.split("s=\"").nth(1).and_then(|s| s.split('"').next()).unwrap();
                assert!(tekst[stijl.parse::<usize>().unwrap()], "{cel}");
                gemerkt += 1;
            }
        }
    }
    assert!(gemerkt >= 30, "only {gemerkt} cells were seen");
}

#[test]
fn a_page_shows_what_stood_in_the_files_and_runs_none_of_it() {
    let (d, _) = alle_uitvoer();
    let html = fs::read_to_string(d.uit().join(RAPPORT).join("rapport.html")).unwrap();
    for stuk in ["<script>window.geraakt", "<img src=x"] {
        assert!(!html.contains(stuk), "{stuk}");
    }
    assert!(html.contains("window.geraakt"), "it is shown");
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let (_, gezegd) = alle_uitvoer();
    let stuurt = gezegd.chars().find(|c| c.is_control() && !['\n', '\r'].contains(c));
    assert!(stuurt.is_none(), "{stuurt:?} in {gezegd}");
}
