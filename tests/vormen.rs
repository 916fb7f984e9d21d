//! One dossier in every form that is read, and what can be wrong with each.

use crate::hulp::{Dossier, KOP, RIJEN, VOORBEELD};
use polars_core::prelude::*;
use polars_io::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::fs;
use std::io::Write;

const RAPPORT: &str = "2023-ijsselland";

/// A table as its cells, the header first.
type Tabel = Vec<Vec<String>>;

fn tabel(tekst: &str) -> Tabel {
    let mut lezer = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(tekst.trim_start_matches('\u{feff}').as_bytes());
    lezer
        .records()
        .map(|r| r.expect("our own CSV can be read").iter().map(str::to_owned).collect())
        .collect()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut schrijver = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    schrijver.write_all(bytes).unwrap();
    schrijver.finish().unwrap()
}

/// With a decimal point, commas between the fields and dates year first.
fn andere_schrijfwijze(tabel: &Tabel) -> Vec<u8> {
    let mut schrijver = csv::WriterBuilder::new().from_writer(Vec::new());
    for rij in tabel {
        schrijver
            .write_record(rij.iter().map(|cel| match (dag(cel), bedrag(cel)) {
                (Some((j, m, d)), _) => format!("{j}-{m:02}-{d:02}"),
                (_, Some(_)) if cel.contains(',') => cel.replace(',', "."),
                _ => cel.clone(),
            }))
            .unwrap();
    }
    schrijver.into_inner().unwrap()
}

fn dag(cel: &str) -> Option<(u16, u8, u8)> {
    let delen: Vec<&str> = cel.split('-').collect();
    match delen[..] {
        [d, m, j] if j.len() == 4 && d.len() == 2 => {
            let (jaar, maand, dag) = (j.parse().ok()?, m.parse().ok()?, d.parse().ok()?);
            chrono::NaiveDate::from_ymd_opt(i32::from(jaar), maand, dag)?;
            Some((jaar, maand as u8, dag as u8))
        }
        _ => None,
    }
}

fn bedrag(cel: &str) -> Option<f64> {
    cel.replace(',', ".")
        .parse()
        .ok()
        .filter(|_| cel.bytes().all(|c| c.is_ascii_digit() || c == b','))
}

/// Every cell as a spreadsheet would keep it: dates and numbers typed, leading zeros lost.
fn xlsx(tabel: &Tabel) -> Vec<u8> {
    let mut boek = Workbook::new();
    let blad = boek.add_worksheet();
    let datum = Format::new().set_num_format("dd-mm-yyyy");
    for (r, rij) in tabel.iter().enumerate() {
        for (k, cel) in rij.iter().enumerate() {
            let (r, k) = (r as u32, k as u16);
            if let Some((j, m, d)) = dag(cel) {
                let dag = ExcelDateTime::from_ymd(j, m, d).unwrap();
                blad.write_datetime_with_format(r, k, &dag, &datum).unwrap();
            } else if let Some(getal) = bedrag(cel) {
                blad.write_number(r, k, getal).unwrap();
            } else if !cel.is_empty() {
                blad.write_string(r, k, cel).unwrap();
            }
        }
    }
    boek.save_to_buffer().unwrap()
}

/// Columns of which every filled cell is a date or a number become typed; `alles_tekst` keeps text.
fn parquet(tabel: &Tabel, alles_tekst: bool) -> Vec<u8> {
    let (kop, rijen) = tabel.split_first().unwrap();
    let kolommen = kop
        .iter()
        .enumerate()
        .map(|(k, naam)| {
            let cellen = || rijen.iter().map(|r| Some(r[k].as_str()).filter(|c| !c.is_empty()));
            let alle = |past: fn(&str) -> bool| !alles_tekst && cellen().flatten().all(past);
            if alle(|c| dag(c).is_some()) {
                let dagen = cellen().map(|c| {
                    let (j, m, d) = dag(c?)?;
                    let dag = chrono::NaiveDate::from_ymd_opt(j.into(), m.into(), d.into())?;
                    Some((dag - chrono::NaiveDate::default()).num_days() as i32)
                });
                let dagen = Int32Chunked::from_iter_options(naam.into(), dagen).into_column();
                dagen.cast(&DataType::Date).unwrap()
            } else if alle(|c| bedrag(c).is_some() && !c.contains(',')) {
                let getallen = cellen().map(|c| c?.parse().ok());
                Int64Chunked::from_iter_options(naam.into(), getallen).into_column()
            } else if alle(|c| bedrag(c).is_some()) {
                let getallen = cellen().map(|c| bedrag(c?));
                Float64Chunked::from_iter_options(naam.into(), getallen).into_column()
            } else {
                StringChunked::from_iter_options(naam.into(), cellen()).into_column()
            }
        })
        .collect();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_row_group_size(Some(100))
        .finish(&mut DataFrame::new(rijen.len(), kolommen).unwrap())
        .unwrap();
    bytes
}

/// The sample dossier, each table written by `schrijf` under the name that it returns.
fn voorbeeld_als(schrijf: impl Fn(&str, &str) -> (String, Vec<u8>)) -> Dossier {
    let dossier = Dossier::leeg();
    for ding in fs::read_dir(VOORBEELD).unwrap() {
        let pad = ding.unwrap().path();
        let naam = pad.file_name().unwrap().to_str().unwrap();
        if let Some(stam) = naam.strip_suffix(".csv") {
            let (naam, bytes) = schrijf(stam, &fs::read_to_string(&pad).unwrap());
            dossier.schrijf_bytes(&naam, &bytes);
        } else if pad.is_file() {
            fs::copy(&pad, dossier.map().join(naam)).unwrap();
        }
    }
    dossier
}

type Rijen = Vec<Vec<(String, String)>>;

/// Is this one of the tables that come packed or as Parquet?
fn groot(stam: &str) -> bool {
    stam.starts_with("declaraties") || stam.starts_with("toewijzingen")
}

/// From a table's name without its ending, and its CSV, to a file.
type Schrijver = dyn Fn(&str, &str) -> (String, Vec<u8>);

/// The findings but for where they stood, sorted.
#[track_caller]
fn bevindingen(dossier: &Dossier, sleutel: &str) -> Rijen {
    let uitkomst = dossier.controleer(&["--sleutel", sleutel]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let mut rijen: Rijen = dossier
        .bevindingen(RAPPORT)
        .into_iter()
        .map(|b| b.into_iter().filter(|(k, _)| k != "Bestand" && k != "Regelnummer").collect())
        .collect();
    rijen.sort();
    rijen
}

#[test]
fn the_sample_dossier_gives_the_same_findings_in_every_form() {
    let gewoon = voorbeeld_als(|stam, tekst| (format!("{stam}.csv"), tekst.into()));
    let sleutel = gewoon.sleutel();
    let verwacht = bevindingen(&gewoon, &sleutel);
    assert!(verwacht.len() > 100);
    let vormen: [(&str, &Schrijver); 5] = [
        ("csv with commas and points", &|stam, tekst| {
            (format!("{stam}.csv"), andere_schrijfwijze(&tabel(tekst)))
        }),
        ("csv.gz", &|stam, tekst| {
            if groot(stam) {
                (format!("{stam}.CSV.gz"), gz(tekst.as_bytes()))
            } else {
                (format!("{stam}.csv"), tekst.into())
            }
        }),
        ("xlsx", &|stam, tekst| (format!("{stam}.xlsx"), xlsx(&tabel(tekst)))),
        ("typed parquet", &|stam, tekst| {
            if groot(stam) {
                (format!("{stam}.parquet"), parquet(&tabel(tekst), false))
            } else {
                (format!("{stam}.xlsx"), xlsx(&tabel(tekst)))
            }
        }),
        ("parquet of text", &|stam, tekst| {
            if groot(stam) {
                (format!("{stam}.parquet"), parquet(&tabel(tekst), true))
            } else {
                (format!("{stam}.csv"), tekst.into())
            }
        }),
    ];
    for (naam, schrijf) in vormen {
        let gevonden = bevindingen(&voorbeeld_als(schrijf), &sleutel);
        assert_eq!(gevonden.len(), verwacht.len(), "{naam}");
        for (g, v) in gevonden.iter().zip(&verwacht) {
            assert_eq!(g, v, "{naam}");
        }
    }
}

#[test]
fn a_packed_file_is_hashed_as_it_stands_on_the_disk() {
    use sha2::Digest;
    let dossier = met_declaraties("declaraties.csv.gz", &gz(format!("{KOP}{RIJEN}").as_bytes()));
    assert_eq!(dossier.controleer(&[]).status, 0);
    let bytes = fs::read(dossier.map().join("declaraties.csv.gz")).unwrap();
    let hash: String = sha2::Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let manifest = fs::read_to_string(dossier.uit().join(RAPPORT).join("manifest.json")).unwrap();
    assert!(manifest.contains(&hash), "{manifest}");
}

/// The minimal dossier with its declaraties in this file.
fn met_declaraties(naam: &str, bytes: &[u8]) -> Dossier {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.map().join("declaraties.csv")).unwrap();
    dossier.schrijf_bytes(naam, bytes);
    dossier
}

#[track_caller]
fn weigert(naam: &str, bytes: &[u8], woorden: &[&str]) {
    let dossier = met_declaraties(naam, bytes);
    let uitkomst = dossier.controleer(&[]);
    uitkomst.weigert(3, &[&[naam], woorden].concat());
    dossier.schreef_niets();
}

#[test]
fn broken_files_of_every_form_are_named() {
    let declaraties = format!("{KOP}{RIJEN}");
    let goed = gz(declaraties.as_bytes());
    for lengte in [1, 5, goed.len() / 2, goed.len() - 1] {
        weigert("declaraties.csv.gz", &goed[..lengte], &["beschadigd", "opnieuw"]);
    }
    let mut stuk = goed.clone();
    let midden = stuk.len() / 2;
    stuk[midden] ^= 0xff;
    weigert("declaraties.csv.gz", &stuk, &["beschadigd"]);
    weigert("declaraties.csv.gz", declaraties.as_bytes(), &["geen geldig gzip"]);
    for naam in ["declaraties.csv.gz", "declaraties.xlsx", "declaraties.parquet"] {
        weigert(naam, b"", &["leeg"]);
    }
    let goed = xlsx(&tabel(&declaraties));
    for lengte in [1, 100, goed.len() / 2, goed.len() - 1] {
        weigert("declaraties.xlsx", &goed[..lengte], &["beschadigd"]);
    }
    weigert("declaraties.xlsx", declaraties.as_bytes(), &["geen Excel-werkmap"]);
    weigert("declaraties.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &["wachtwoord"]);
    let goed = parquet(&tabel(&declaraties), false);
    for lengte in [1, 100, goed.len() / 2, goed.len() - 1] {
        weigert("declaraties.parquet", &goed[..lengte], &["beschadigd", "parquet"]);
    }
    weigert("declaraties.parquet", declaraties.as_bytes(), &["parquet"]);
}

/// No byte of a file may bring the program down: it is read, refused in part, or named.
#[test]
fn a_changed_byte_never_ends_in_a_crash() {
    let cellen = tabel(&format!("{KOP}{RIJEN}"));
    for (naam, goed) in [
        ("declaraties.xlsx", xlsx(&cellen)),
        ("declaraties.parquet", parquet(&cellen, false)),
        ("declaraties.csv.gz", gz(format!("{KOP}{RIJEN}").as_bytes())),
    ] {
        for i in 0..40 {
            let mut stuk = goed.clone();
            let plaats = stuk.len() * i / 40;
            stuk[plaats] ^= 1 << (i % 8);
            let uitkomst = met_declaraties(naam, &stuk).controleer(&[]);
            assert!(matches!(uitkomst.status, 0 | 3), "{naam} {plaats}: {}", uitkomst.stderr);
        }
    }
}

#[test]
fn the_small_tables_come_as_csv_or_workbook_only() {
    for naam in ["aanbieders.parquet", "omzet.csv.gz", "declaraties.xls", "toewijzingen.ods"] {
        let dossier = Dossier::minimaal();
        dossier.schrijf(naam, "x");
        dossier.controleer(&[]).weigert(3, &[naam, "Opslaan als", "csv"]);
    }
}

/// A zip of these parts.
fn zip_van(delen: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (naam, inhoud) in delen {
        let opties = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(*naam, opties).unwrap();
        zip.write_all(inhoud).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_zip_bomb_is_refused() {
    let bom = zip_van(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/worksheets/sheet1.xml", vec![b' '; 60_000_000]),
    ]);
    assert!(bom.len() < 200_000);
    weigert("declaraties.xlsx", &bom, &["te groot", "vertrouwt"]);
}

#[test]
fn a_workbook_that_promises_more_texts_than_it_has_takes_no_memory() {
    let teksten = br#"<sst count="1" uniqueCount="999999999999999"></sst>"#.to_vec();
    let boek = zip_van(&[("xl/sharedStrings.xml", teksten)]);
    weigert("declaraties.xlsx", &boek, &["beschadigd", "aantal teksten"]);
}

fn werkmap(maak: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut boek = Workbook::new();
    maak(&mut boek);
    boek.save_to_buffer().unwrap()
}

fn schrijf_tabel(blad: &mut Worksheet, vanaf: u32, tabel: &Tabel) {
    for (r, rij) in tabel.iter().enumerate() {
        for (k, cel) in rij.iter().enumerate() {
            blad.write_string(vanaf + r as u32, k as u16, cel).unwrap();
        }
    }
}

/// Line, column, value and reason of what could not be read.
#[track_caller]
fn fouten(dossier: &Dossier, opties: &[&str]) -> Vec<(String, String, String, String)> {
    let uitkomst = dossier.controleer(opties);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let rijen = crate::hulp::rijen_van(&dossier.uit().join(RAPPORT).join("invoerfouten.csv"));
    rijen
        .into_iter()
        .map(|mut r| {
            let mut neem = |kolom: &str| r.remove(kolom).unwrap_or_else(|| panic!("{r:?}"));
            (neem("Regelnummer"), neem("Kolom"), neem("Waarde"), neem("Reden"))
        })
        .collect()
}

#[test]
fn titles_empty_rows_other_sheets_and_notes_beside_the_table_are_no_rows() {
    let cellen = tabel(&format!("{KOP}{RIJEN}"));
    let boek = werkmap(|boek| {
        let toelichting = boek.add_worksheet().set_name("Toelichting").unwrap();
        toelichting.write_string(0, 0, "ReferentieNummer: het nummer van de regel").unwrap();
        let blad = boek.add_worksheet();
        blad.merge_range(0, 0, 1, 8, "Declaraties 2023", &Format::new()).unwrap();
        schrijf_tabel(blad, 4, &cellen[..2].to_vec());
        blad.write_blank(6, 0, &Format::new().set_bold()).unwrap();
        blad.write_string(7, 2, "  ").unwrap();
        schrijf_tabel(blad, 8, &cellen[2..].to_vec());
        blad.write_string(8, 30, "nagekeken").unwrap();
    });
    let dossier = met_declaraties("declaraties.xlsx", &boek);
    dossier.schrijf(
        "toewijzingen.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum\n",
    );
    assert_eq!(fouten(&dossier, &[]), []);
    let regels: Vec<String> =
        dossier.bevindingen(RAPPORT).into_iter().map(|b| b["Regelnummer"].clone()).collect();
    assert_eq!(regels, ["6", "9", "10"], "rows of the sheet");
}

#[test]
fn a_row_of_totals_is_refused_as_such_and_says_nothing_against_the_file() {
    let cellen = tabel(&format!("{KOP}{RIJEN}"));
    for (opschrift, plaats) in [("Totaal", 0), ("Eindtotaal:", 2), ("", 0)] {
        let boek = werkmap(|boek| {
            let blad = boek.add_worksheet();
            schrijf_tabel(blad, 0, &cellen);
            blad.write_string(5, plaats, opschrift).unwrap();
            let som = Formula::new("=SUM(N2:N4)").set_result("174.1");
            blad.write_formula(5, 13, som).unwrap();
        });
        let gevonden = fouten(&met_declaraties("declaraties.xlsx", &boek), &[]);
        let verwacht = ["6", "IngediendBedrag", "174.1", "totaalregel"].map(str::to_owned);
        let [a, b, c, d] = verwacht;
        assert_eq!(gevonden, [(a, b, c, d)], "{opschrift}");
    }
    // In the middle it is a row like any other, and refused for what it lacks.
    let mut midden = cellen.clone();
    midden.insert(2, vec![String::new(); cellen[0].len()]);
    midden[2][13] = "108,00".into();
    let dossier = met_declaraties(
        "declaraties.xlsx",
        &werkmap(|boek| {
            schrijf_tabel(boek.add_worksheet(), 0, &midden);
        }),
    );
    dossier.controleer(&[]).weigert(3, &["declaraties.xlsx", "1 van de 4", "regel 3"]);
}

/// The minimal dossier as a workbook, with cells put in by `wijzig` (row 1 is the first of data).
fn met_cellen(wijzig: impl FnOnce(&mut Worksheet)) -> Dossier {
    let cellen = tabel(&format!("{KOP}{RIJEN}"));
    let boek = werkmap(|boek| {
        let blad = boek.add_worksheet();
        schrijf_tabel(blad, 0, &cellen);
        wijzig(blad);
    });
    met_declaraties("declaraties.xlsx", &boek)
}

const GEMEENTE: u16 = 2;
const BSN: u16 = 4;
const BEGIN: u16 = 8;
const VOLUME: u16 = 10;
const EENHEID: u16 = 11;
const TARIEF: u16 = 12;
const BEDRAG: u16 = 13;

#[test]
fn cells_of_every_type_mean_what_they_show() {
    let gewoon = met_cellen(|_| {});
    assert_eq!(fouten(&gewoon, &[]), []);
    let verwacht = gewoon.samenvatting(RAPPORT);
    let anders = met_cellen(|blad| {
        let moment = Format::new().set_num_format("dd-mm-yyyy hh:mm");
        let laat = ExcelDateTime::from_ymd(2023, 1, 1).unwrap().and_hms(23, 59, 59).unwrap();
        blad.write_datetime_with_format(1, BEGIN, &laat, &moment).unwrap();
        blad.write_number(2, BEGIN, 20_230_201.0).unwrap();
        blad.write_number(1, GEMEENTE, 150.0).unwrap();
        blad.write_number(1, BSN, 999_900_006.0).unwrap();
        blad.write_number(1, EENHEID, 1.0).unwrap();
        blad.write_number(1, VOLUME, 100.000_000_000_1).unwrap();
        blad.write_formula(2, BEDRAG, Formula::new("=K3*M3").set_result("54.0000000001")).unwrap();
        blad.write_number(3, TARIEF, 1.21).unwrap();
        blad.write_string(3, BEDRAG, " € 12,10 ").unwrap();
    });
    assert_eq!(fouten(&anders, &[]), []);
    let nu = anders.samenvatting(RAPPORT);
    for deel in ["totalen", "regels"] {
        assert!(verwacht.get(deel).is_some(), "{verwacht}");
        assert_eq!(nu[deel], verwacht[deel]);
    }
}

#[test]
fn number_cells_are_never_ambiguous_and_errors_are_shown_as_they_stand() {
    let dossier = met_cellen(|blad| {
        blad.write_number(1, TARIEF, 1.234).unwrap();
        blad.write_string(2, TARIEF, "1.234").unwrap();
        blad.write_formula(3, TARIEF, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    let gevonden = fouten(&dossier, &[]);
    let kort: Vec<(&str, &str)> =
        gevonden.iter().map(|(regel, _, waarde, _)| (regel.as_str(), waarde.as_str())).collect();
    assert_eq!(kort, [("2", "1.2340"), ("3", "1.234"), ("4", "#DIV/0!")]);
    assert!(gevonden[0].3.contains("meer dan twee decimalen"), "{gevonden:?}");
    assert!(gevonden[1].3.contains("dubbelzinnig"), "{gevonden:?}");
}

/// Days that count from 1904, as a Mac once wrote them: the library that writes can't, so the
/// workbook is changed afterwards.
#[test]
fn days_that_count_from_1904_are_the_same_days() {
    let cellen = tabel(&format!("{KOP}{RIJEN}"));
    let boek = werkmap(|boek| {
        let blad = boek.add_worksheet();
        schrijf_tabel(blad, 0, &cellen);
        let datum = Format::new().set_num_format("dd-mm-yyyy");
        // 1 January 2023 is day 44927 from 1900, and 1462 less from 1904.
        blad.write_number_with_format(1, BEGIN, 43_465.75, &datum).unwrap();
    });
    let mut oud = zip::ZipArchive::new(std::io::Cursor::new(boek)).unwrap();
    let delen: Vec<(String, Vec<u8>)> = (0..oud.len())
        .map(|i| {
            let mut deel = oud.by_index(i).unwrap();
            let naam = deel.name().unwrap().into_owned();
            let mut tekst = String::new();
            std::io::Read::read_to_string(&mut deel, &mut tekst).unwrap();
            (naam, tekst.replace("<workbookPr ", "<workbookPr date1904=\"1\" ").into_bytes())
        })
        .collect();
    let delen: Vec<(&str, Vec<u8>)> = delen.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    let dossier = met_declaraties("declaraties.xlsx", &zip_van(&delen));
    dossier.schrijf(
        "toewijzingen.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum\n",
    );
    assert_eq!(fouten(&dossier, &[]), []);
    assert_eq!(dossier.bevindingen(RAPPORT)[0]["Begindatum"], "01-01-2023");
}

#[test]
fn a_sheet_or_parquet_without_a_needed_column_names_the_likeliest() {
    let mut cellen = tabel(&format!("{KOP}{RIJEN}"));
    cellen[0][13] = "Ingediend bedrg".into();
    let bestanden: [(&str, Vec<u8>); 2] =
        [("declaraties.xlsx", xlsx(&cellen)), ("declaraties.parquet", parquet(&cellen, false))];
    for (naam, bytes) in bestanden {
        weigert(naam, &bytes, &["regel 1", "IngediendBedrag", "bedoelt u 'Ingediend bedrg'?"]);
        let dossier = met_declaraties(naam, &bytes);
        dossier.schrijf("controle.toml", "[kolommen]\n\"ingediend-bedrg\" = \"IngediendBedrag\"\n");
        assert_eq!(dossier.controleer(&[]).status, 0);
    }
}

#[test]
fn rows_of_parquet_are_counted_from_one_and_refused_one_by_one() {
    let mut cellen = tabel(KOP);
    for i in 0..250 {
        let rij = format!("{}\n", RIJEN.lines().next().unwrap()).replace("R1;", &format!("R{i};"));
        cellen.extend(tabel(&rij));
    }
    cellen[222][BEDRAG as usize] = "12,345".into();
    let dossier = met_declaraties("declaraties.parquet", &parquet(&cellen, false));
    let gevonden = fouten(&dossier, &[]);
    assert_eq!(gevonden.len(), 1);
    assert_eq!((&*gevonden[0].0, &*gevonden[0].2), ("222", "12.3450"));
}

/// Types that the writer of this project doesn't have: categorical, enum, small and unsigned whole
/// numbers, floats of four bytes, decimals of four places, moments in world time and without a zone,
/// and columns of lists and structs that mean nothing to us. Written by the Python package polars;
/// `lijst.parquet` is the same with lists in the column DeclaratieNummer.
#[test]
fn parquet_of_other_programs_is_read_in_all_its_types() {
    let dossier = met_declaraties("declaraties.parquet", include_bytes!("vormen/typen.parquet"));
    let kop = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum\n";
    dossier.schrijf("toewijzingen.csv", kop);
    assert_eq!(fouten(&dossier, &[]), []);
    let kolommen = ["ReferentieNummer", "Begindatum", "Einddatum", "IngediendBedrag"];
    let gevonden: Vec<[String; 4]> = dossier
        .bevindingen(RAPPORT)
        .iter()
        .map(|b| kolommen.map(|kolom| b[kolom].clone()))
        .collect();
    assert_eq!(
        gevonden,
        [
            ["R1", "01-01-2023", "31-01-2023", "108,00"],
            ["R2", "01-02-2023", "28-02-2023", "54,00"],
            ["R3", "01-01-2023", "31-01-2023", "12,10"],
        ]
        .map(|rij| rij.map(str::to_owned))
    );
    let lijst = include_bytes!("vormen/lijst.parquet");
    weigert("declaraties.parquet", lijst, &["DeclaratieNummer", "type", "als tekst"]);
}
