//! The sample dossier as messages and as exports.

use super::geweigerd::jw325;
use super::{R1, R2, bericht, good, jw323, regels_of, startstop, succeeds, with_bericht};
use crate::hulp::{Bevinding, Dossier, VOORBEELD, rows_of};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Columns that messages don't carry.
const WITHOUT: [&str; 13] = [
    "NoShow",
    "NoShowMinuten",
    "AfspraakMinuten",
    "ReistijdMinuten",
    "Gesprekken",
    "Functie",
    "Hulpverlener",
    "Groep",
    "Verwijzer",
    "Budgetsoort",
    "Uitvoering",
    "Dispuut",
    "Bijzonderheid",
];

fn iso(datum: &str) -> String {
    let parts: Vec<&str> = datum.split('-').rev().collect();
    parts.join("-")
}

fn centen(bedrag: &str) -> String {
    match bedrag.split_once(',') {
        Some((whole, rest)) => format!("{whole}{rest:0<2}").trim_start_matches('0').to_owned(),
        None if bedrag.is_empty() => String::new(),
        None => format!("{bedrag}00"),
    }
}

pub(super) fn element(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("<{name}>{value}</{name}>") }
}

fn write_csv(dossier: &Dossier, name: &str, rows: &[Bevinding]) {
    let kolommen: Vec<&String> =
        rows[0].keys().filter(|k| !WITHOUT.contains(&k.as_str())).collect();
    let mut text = kolommen.iter().map(|k| k.as_str()).collect::<Vec<_>>().join(";") + "\n";
    for row in rows {
        text += &(kolommen.iter().map(|k| row[*k].as_str()).collect::<Vec<_>>().join(";") + "\n");
    }
    dossier.write(name, &text);
}

fn as_jw323(rows: &[&Bevinding], id: &str) -> String {
    let r = rows[0];
    let mut sum = 0_i64;
    let mut clienten = String::new();
    for r in rows {
        let cent: i64 = centen(&r["IngediendBedrag"]).parse().unwrap();
        sum += if r["DebetCredit"] == "C" { -cent } else { cent };
        let dc = if r["DebetCredit"] == "C" { "C" } else { "D" };
        write!(
            clienten,
            "<p:Client>{}<p:Prestaties><p:Prestatie><p:ProductReferentie>{}{}</p:ProductReferentie>{}{}{}\
             <p:ProductPeriode>{}{}</p:ProductPeriode>{}{}{}<p:IngediendBedrag><ijw:Bedrag>{cent}</ijw:Bedrag>\
             <ijw:DebetCredit>{dc}</ijw:DebetCredit></p:IngediendBedrag></p:Prestatie></p:Prestaties></p:Client>",
            element("p:Bsn", &r["Bsn"]),
            element("ijw:ReferentieNummer", &r["ReferentieNummer"]),
            element("ijw:VorigReferentieNummer", &r["VorigReferentieNummer"]),
            element("p:ToewijzingNummer", &r["ToewijzingNummer"]),
            element("p:ProductCategorie", &r["ProductCategorie"]),
            element("p:ProductCode", &r["ProductCode"]),
            element("ijw:Begindatum", &iso(&r["Begindatum"])),
            element("ijw:Einddatum", &iso(&r["Einddatum"])),
            element("p:GeleverdVolume", &r["GeleverdVolume"]),
            element("p:Eenheid", &r["Eenheid"]),
            element("p:ProductTarief", &centen(&r["ProductTarief"])),
        )
        .unwrap();
    }
    let begin = rows.iter().map(|r| iso(&r["Begindatum"])).min().unwrap();
    let end = rows.iter().map(|r| iso(&r["Einddatum"])).max().unwrap();
    let dc = if sum < 0 { "C" } else { "D" };
    let content = format!(
        "<p:Declaratie>{}<p:DeclaratiePeriode>{}{}</p:DeclaratiePeriode>{}<p:TotaalIngediendBedrag>\
         <ijw:TotaalBedrag>{}</ijw:TotaalBedrag><ijw:DebetCredit>{dc}</ijw:DebetCredit></p:TotaalIngediendBedrag>\
         <p:Clienten>{clienten}</p:Clienten></p:Declaratie>",
        element("p:DeclaratieNummer", &r["DeclaratieNummer"]),
        element("ijw:Begindatum", &begin),
        element("ijw:Einddatum", &end),
        element("p:DeclaratieDagtekening", &iso(&r["DeclaratieDagtekening"])),
        sum.abs()
    );
    bericht("jw323", &r["Aanbieder"], &r["Gemeente"], id, &iso(&r["Ontvangstdatum"]), &content)
}

fn as_jw301(r: &Bevinding, id: &str) -> String {
    let size = element(
        "p:Omvang",
        &format!(
            "{}{}{}",
            element("ijw:Volume", &r["Volume"]),
            element("ijw:Eenheid", &r["Eenheid"]),
            element("ijw:Frequentie", &r["Frequentie"])
        ),
    );
    let product = format!(
        "{}{}",
        element("ijw:Categorie", &r["ProductCategorie"]),
        element("ijw:Code", &r["ProductCode"])
    );
    let content = format!(
        "<p:Client>{}{}<p:ToegewezenProducten><p:ToegewezenProduct>{}{}{}{}{}{}{size}{}\
         </p:ToegewezenProduct></p:ToegewezenProducten></p:Client>",
        element("p:Bsn", &r["Bsn"]),
        element("p:Geboortedatum", &element("ijw:Datum", &iso(&r["Geboortedatum"]))),
        element("p:ToewijzingNummer", &r["ToewijzingNummer"]),
        element("p:Product", &product),
        element("p:Toewijzingsdatum", &iso(&r["Toewijzingsdatum"])),
        element("p:Ingangsdatum", &iso(&r["Ingangsdatum"])),
        element("p:Einddatum", &iso(&r["Einddatum"])),
        element("p:RedenWijziging", &r["RedenWijziging"]),
        element("p:Budget", &centen(&r["Budget"]))
    );
    bericht("jw301", &r["Gemeente"], &r["Aanbieder"], id, &iso(&r["Toewijzingsdatum"]), &content)
}

fn as_startstop(r: &Bevinding, id: &str) -> String {
    let (kind, group, one, datum) = match r["Soort"].as_str() {
        "start" => ("jw305", "StartProducten", "StartProduct", "p:Begindatum"),
        _ => ("jw307", "StopProducten", "StopProduct", "p:Einddatum"),
    };
    let content = format!(
        "<p:Client>{}<p:{group}><p:{one}>{}{}{}<p:StatusAanlevering>1</p:StatusAanlevering></p:{one}></p:{group}></p:Client>",
        element("p:Bsn", &r["Bsn"]),
        element("p:ToewijzingNummer", &r["ToewijzingNummer"]),
        element("p:RedenBeeindiging", &r["RedenBeeindiging"]),
        element(datum, &iso(&r["Datum"])),
    );
    bericht(kind, &r["Aanbieder"], &r["Gemeente"], id, &iso(&r["Verzonden"]), &content)
}

/// Findings without what must differ between the forms.
fn core(dossier: &Dossier) -> Vec<Bevinding> {
    let mut rows = dossier.bevindingen("2023-ijsselland");
    for row in &mut rows {
        for kolom in ["Id", "Bestand", "Regelnummer"] {
            row.remove(kolom);
        }
    }
    rows.sort();
    rows
}

#[test]
fn the_sample_dossier_gives_the_same_findings_as_messages_and_as_csv() {
    let (csv, xml) = (Dossier::empty(), Dossier::empty());
    for name in ["aanbieders.csv", "producten.csv", "omzet.csv", "productieverantwoording.csv"] {
        let text = fs::read_to_string(Path::new(VOORBEELD).join(name)).unwrap();
        csv.write(name, &text);
        xml.write(name, &text);
    }
    let read = |name: &str| rows_of(&Path::new(VOORBEELD).join(name));
    let mut declaraties = Vec::new();
    for name in ["2022", "2023_h1", "2023_h2", "2023_perceel1"] {
        declaraties.extend(read(&format!("declaraties_{name}.csv")));
    }
    declaraties.retain(|r| {
        // Whole volumes, and no amount that can't be read.
        !r["GeleverdVolume"].contains(',')
            && !r["IngediendBedrag"].contains('.')
            && ["Ontvangstdatum", "DeclaratieNummer", "DeclaratieDagtekening"]
                .iter()
                .all(|k| !r[*k].is_empty())
    });
    assert!(declaraties.len() > 1_000);
    let mut groups: BTreeMap<Vec<&str>, Vec<&Bevinding>> = BTreeMap::new();
    for r in &declaraties {
        let key = [
            "Aanbieder",
            "Gemeente",
            "DeclaratieNummer",
            "Ontvangstdatum",
            "DeclaratieDagtekening",
        ];
        groups.entry(key.iter().map(|k| r[*k].as_str()).collect()).or_default().push(r);
    }
    for (i, group) in groups.values().enumerate() {
        xml.write(&format!("jw323/{i:05}.xml"), &as_jw323(group, &format!("D{i}")));
    }
    write_csv(
        &csv,
        "declaraties.csv",
        &groups.into_values().flatten().cloned().collect::<Vec<_>>(),
    );
    // What a message says besides: when it was sent.
    let mut toewijzingen = read("toewijzingen.csv");
    for row in &mut toewijzingen {
        let sent = row["Toewijzingsdatum"].clone();
        row.insert("Verzonden".to_owned(), sent);
    }
    for (i, row) in toewijzingen.iter().enumerate() {
        xml.write(&format!("jw301/{i:05}.xml"), &as_jw301(row, &format!("T{i}")));
    }
    write_csv(&csv, "toewijzingen.csv", &toewijzingen);
    let startstop = read("startstop.csv");
    for (i, row) in startstop.iter().filter(|r| !r["Verzonden"].is_empty()).enumerate() {
        xml.write(&format!("startstop/{i:05}.xml"), &as_startstop(row, &format!("S{i}")));
    }
    write_csv(
        &csv,
        "startstop.csv",
        &startstop.into_iter().filter(|r| !r["Verzonden"].is_empty()).collect::<Vec<_>>(),
    );

    let key = csv.key();
    let options = ["--sleutel", key.as_str(), "--zonder", "JW13,JW14,JW16,JW17"];
    for dossier in [&csv, &xml] {
        let outcome = dossier.controleer(&options);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    }
    let (from_csv, from_xml) = (core(&csv), core(&xml));
    assert!(from_csv.len() > 100, "{} findings", from_csv.len());
    for (a, b) in from_csv.iter().zip(&from_xml) {
        assert_eq!(a, b);
    }
    assert_eq!(from_csv.len(), from_xml.len());
    let totals = |d: &Dossier| d.samenvatting("2023-ijsselland")["aansluiting"].clone();
    assert_eq!(totals(&csv), totals(&xml));
}

#[test]
fn messages_and_csv_make_one_dossier() {
    let dossier = Dossier::minimaal();
    let loose = ("R9", "", "999900006", "T9", "45T01", "2023-01-31", 10_800, "D");
    dossier.write("a.xml", &jw323("B1", "D1", (10_801, "D"), &[loose]));
    let outcome = dossier.controleer_with_samenvatting(&[]);
    assert!(outcome.stdout.contains("Declaraties: 4 gelezen = 4 aanvaard"), "{}", outcome.stdout);
    let mut found = regels_of(&dossier);
    found.sort();
    assert_eq!(found, ["JW14", "TW01"]);
}

/// A zip of these files.
#[test]
fn messages_audited_in_parts_give_the_same_bytes() {
    let dossier = with_bericht();
    dossier.write("in/dubbel.xml", &good());
    dossier.write("in/kapot.xml", &good().replace("</jw323:Bericht>", ""));
    let credit = ("R3", "R2", "999900006", "T1", "45T01", "2023-01-31", 5_400, "C");
    dossier.write("in/credit.xml", &jw323("B2", "D1", (9_999, "C"), &[credit, R1]));
    // Both on one line of the file: only their order in it tells them apart.
    let on_one_regel = jw323("D3", "N3", (16_200, "D"), &[R1, R2]).replace('\n', "");
    dossier.write("in/een-regel.xml", &on_one_regel);
    for (name, kind, dag, status) in [
        ("start", "jw305", "2023-01-02", "1"),
        ("stop", "jw307", "2023-01-06", "1"),
        ("terug", "jw307", "2023-01-07", "3"),
        ("toch", "jw307", "2023-02-28", "1"),
    ] {
        dossier.write(&format!("in/{name}.xml"), &startstop(kind, name, dag, status));
    }
    dossier.write(
        "startstop.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Soort;Datum;Verzonden\n\
         T2;0193;99000001;999900018;start;2023-01-02;2023-03-01\n",
    );
    let answers = [
        ("A1", ("D3", "N3"), &[("R1", "9308"), ("R9", "9308")][..]),
        ("A2", ("D8", "N8"), &[("R1", "9308")][..]),
    ];
    for (id, over, prestaties) in answers {
        let answer = jw325(id, over, "0200", Some("0200"), prestaties);
        dossier.write(&format!("in/antwoord-{id}.xml"), &answer);
    }
    dossier.write("declaraties.csv", &format!("{}{}", crate::hulp::HEADER, crate::hulp::ROWS));
    succeeds(&dossier);
    let regels = regels_of(&dossier);
    for regel in ["JW01", "JW13", "JW14", "TW16"] {
        assert!(regels.contains(&regel.to_owned()), "{regel} not in {regels:?}");
    }
    crate::delen::whole_and_in_parts(
        &dossier.dir(),
        &["--jaar", "2023"],
        "2023-ijsselland",
        &[1, 3],
    );
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_zip_is_read_as_a_folder() {
    let loose = Dossier::minimaal();
    loose.write("map/B1.xml", &jw323("B1", "D1", (5_400, "D"), &[R2]));
    succeeds(&loose);
    let packed = Dossier::empty();
    let read = |name: &str| fs::read(loose.dir().join(name)).unwrap();
    let zip = zip_of(&[
        ("aanbieders.csv", &read("aanbieders.csv")),
        ("in/toewijzingen.csv", &read("toewijzingen.csv")),
        ("in\\B1.xml", &read("map/B1.xml")),
        ("in/kapot.xml", b"<x"),
        ("__MACOSX/B1.xml", b"niets"),
        ("in/.verborgen.xml", b"niets"),
        ("declaraties.csv", &read("declaraties.csv")),
    ]);
    packed.write_bytes("export.zip", &zip);
    let outcome = packed.controleer_with_samenvatting(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let core = |d: &Dossier| {
        d.bevindingen("2023-ijsselland")
            .into_iter()
            .map(|b| (b["Regel"].clone(), b["ReferentieNummer"].clone(), b["Regelnummer"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(core(&packed), core(&loose));
    assert!(!core(&loose).is_empty());
    let file = &packed.bevindingen("2023-ijsselland")[0]["Bestand"];
    assert!(file.starts_with("export.zip/"), "{file}");
    let all = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(all.contains("export.zip/in/kapot.xml"), "{all}");
}

#[test]
fn a_zip_that_is_broken_or_locked_stops_the_run() {
    let dossier = Dossier::minimaal();
    let whole = zip_of(&[("a.xml", good().as_bytes())]);
    dossier.write_bytes("export.zip", &whole[..whole.len() - 30]);
    dossier.controleer(&[]).refuses(3, &["export.zip", "beschadigd"]);
    let mut slot = whole.clone();
    // The flag of encryption, in the file's own header and in the directory at the end.
    let directory = slot.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    slot[6] |= 1;
    slot[directory + 8] |= 1;
    dossier.write_bytes("export.zip", &slot);
    dossier.controleer(&[]).refuses(3, &["export.zip", "wachtwoord"]);
    let mut omgevallen = whole;
    let place = omgevallen.windows(4).position(|w| w == b"Bsn>").unwrap_or(60);
    omgevallen[place.max(60)] ^= 0x55;
    dossier.write_bytes("export.zip", &omgevallen);
    let outcome = dossier.controleer_with_samenvatting(&["--overschrijf"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let all = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(all.contains("export.zip/a.xml"), "{all}");
}
