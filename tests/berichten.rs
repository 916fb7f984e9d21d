//! iJw messages: the same dossier in another form, and messages that nobody should trust.

use crate::hulp::{Bevinding, Dossier, VOORBEELD, rows_of};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// A prestatie: ReferentieNummer, VorigReferentieNummer, Bsn, ToewijzingNummer, ProductCode, last
/// day, cents, D or C.
type Prestatie<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a str, u32, &'a str);

fn ruimten(bericht: &str) -> String {
    format!(
        "xmlns:{bericht}=\"http://www.istandaarden.nl/ijw/3_2/{bericht}/schema\" xmlns:ijw=\"http://www.istandaarden.nl/ijw/3_2/basisschema/schema\""
    )
}

/// A message: `p:` in `content` stands for the message's own prefix.
fn bericht(kind: &str, of: &str, to: &str, id: &str, dag: &str, content: &str) -> String {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p:Bericht {}>\n<p:Header><p:BerichtCode>490</p:BerichtCode>\
         <p:BerichtVersie>3</p:BerichtVersie><p:BerichtSubversie>2</p:BerichtSubversie>\
         <p:Afzender>{of}</p:Afzender><p:Ontvanger>{to}</p:Ontvanger><p:BerichtIdentificatie>\
         <ijw:Identificatie>{id}</ijw:Identificatie><ijw:Dagtekening>{dag}</ijw:Dagtekening>\
         </p:BerichtIdentificatie></p:Header>\n{content}\n</p:Bericht>\n",
        ruimten(kind)
    );
    text.replace("<p:", &format!("<{kind}:")).replace("</p:", &format!("</{kind}:"))
}

/// A JW323 of aanbieder 99000001 to 0150 about January 2023.
fn jw323(id: &str, nummer: &str, total: (u32, &str), lines: &[Prestatie<'_>]) -> String {
    let mut clienten = String::new();
    for (referentie, previous, bsn, toewijzing, code, end, cent, dc) in lines {
        let previous = match *previous {
            "" => String::new(),
            v => format!("<ijw:VorigReferentieNummer>{v}</ijw:VorigReferentieNummer>"),
        };
        writeln!(
            clienten,
            "<p:Client><p:Bsn>{bsn}</p:Bsn><p:Prestaties>\n<p:Prestatie><p:ProductReferentie>\
             <ijw:ReferentieNummer>{referentie}</ijw:ReferentieNummer>{previous}</p:ProductReferentie>\
             <p:ToewijzingNummer>{toewijzing}</p:ToewijzingNummer><p:ProductCategorie>45</p:ProductCategorie>\
             <p:ProductCode>{code}</p:ProductCode><p:ProductPeriode><ijw:Begindatum>2023-01-01</ijw:Begindatum>\
             <ijw:Einddatum>{end}</ijw:Einddatum></p:ProductPeriode><p:GeleverdVolume> 100 </p:GeleverdVolume>\
             <p:Eenheid>01</p:Eenheid><p:ProductTarief>108</p:ProductTarief><p:IngediendBedrag>\
             <ijw:Bedrag>{cent}</ijw:Bedrag><ijw:DebetCredit>{dc}</ijw:DebetCredit></p:IngediendBedrag>\
             </p:Prestatie></p:Prestaties></p:Client>"
        )
        .unwrap();
    }
    let (total, dc) = total;
    bericht(
        "jw323",
        "99000001",
        "0150",
        id,
        "2023-02-10",
        &format!(
            "<p:Declaratie><p:DeclaratieNummer>{nummer}</p:DeclaratieNummer><p:DeclaratiePeriode>\
             <ijw:Begindatum>2023-01-01</ijw:Begindatum><ijw:Einddatum>2023-01-31</ijw:Einddatum>\
             </p:DeclaratiePeriode><p:DeclaratieDagtekening>2023-02-09</p:DeclaratieDagtekening>\
             <p:TotaalIngediendBedrag><ijw:TotaalBedrag>{total}</ijw:TotaalBedrag><ijw:DebetCredit>{dc}\
             </ijw:DebetCredit></p:TotaalIngediendBedrag><p:Clienten>{clienten}</p:Clienten></p:Declaratie>"
        ),
    )
}

const R1: Prestatie<'_> = ("R1", "", "999900006", "T1", "45T01", "2023-01-31", 10_800, "D");
const R2: Prestatie<'_> = ("R2", "", "999900006", "T1", "45T01", "2023-01-31", 5_400, "D");

/// One lawful message, with its toewijzing in CSV.
fn with_bericht() -> Dossier {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.dir().join("declaraties.csv")).unwrap();
    dossier.write("in/goed.xml", &good());
    dossier
}

fn good() -> String {
    jw323("B1", "D1", (10_800, "D"), &[R1])
}

fn errors(dossier: &Dossier) -> Vec<Bevinding> {
    rows_of(&dossier.out().join("2023-ijsselland/invoerfouten.csv"))
}

fn regels_of(dossier: &Dossier) -> Vec<String> {
    dossier.bevindingen("2023-ijsselland").into_iter().map(|b| b["Regel"].clone()).collect()
}

#[track_caller]
fn succeeds(dossier: &Dossier) {
    let outcome = dossier.controleer(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
}

#[test]
fn a_message_is_audited_and_each_prestatie_knows_its_file_and_line() {
    let dossier = with_bericht();
    succeeds(&dossier);
    assert_eq!(regels_of(&dossier), Vec::<String>::new());
    let too_duur = ("R1", "", "999900006", "T9", "45T01", "2023-01-31", 10_800, "D");
    dossier.write("in/goed.xml", &jw323("B1", "D1", (10_800, "D"), &[too_duur]));
    dossier.controleer(&["--overschrijf"]);
    let bevinding = &dossier.bevindingen("2023-ijsselland")[0];
    assert_eq!(bevinding["Regel"], "TW01");
    assert_eq!(bevinding["Bestand"], "in/goed.xml");
    assert_eq!(bevinding["Regelnummer"], "5");
}

#[test]
fn any_prefix_and_any_encoding_gives_the_same() {
    let fine = good();
    let own = fine.replace("jw323:", "a-b.c:").replace("xmlns:jw323=", "xmlns:a-b.c=");
    let own = own.replace("ijw:", "_:").replace("xmlns:ijw", "xmlns:_");
    let without = fine.replace("jw323:", "").replace("xmlns:jw323=", "xmlns=");
    let without = without.replace("xmlns:Bericht", "Bericht");
    let utf16 = |bom: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{bom}{}", fine.replace("UTF-8", "UTF-16")).encode_utf16().flat_map(bytes).collect()
    };
    let latijn = fine
        .replace("UTF-8", "ISO-8859-1")
        .replace("<jw323:Header>", "<jw323:Header><!-- \u{fffd} -->");
    let latijn: Vec<u8> =
        latijn.chars().map(|c| if c == '\u{fffd}' { 0xe9 } else { c as u8 }).collect();
    let verwijzing = fine.replace("<jw323:Bsn>9", "<jw323:Bsn>&#x39;");
    let cdata = fine.replace(">T1<", "><![CDATA[T1]]><");
    for (what, bytes) in [
        ("prefix", own.into_bytes()),
        ("default namespace", without.into_bytes()),
        ("bom", format!("\u{feff}{fine}").into_bytes()),
        ("utf-16le", utf16("\u{feff}", u16::to_le_bytes)),
        ("utf-16be", utf16("\u{feff}", u16::to_be_bytes)),
        ("utf-16 without bom", utf16("", u16::to_be_bytes)),
        ("latin-1", latijn),
        ("character reference", verwijzing.into_bytes()),
        ("cdata", cdata.into_bytes()),
    ] {
        let dossier = with_bericht();
        dossier.write_bytes("in/goed.xml", &bytes);
        let outcome = dossier.controleer(&[]);
        assert_eq!(outcome.status, 0, "{what}: {}", outcome.stderr);
        assert_eq!(regels_of(&dossier), Vec::<String>::new(), "{what}");
        assert!(errors(&dossier).is_empty(), "{what}");
        let input = &dossier.samenvatting("2023-ijsselland");
        assert!(input.to_string().contains("108"), "{what}");
    }
}

#[test]
fn a_refused_message_is_named_with_its_reason_and_the_rest_is_audited() {
    let fine = good();
    let deep = format!("<jw323:Declaratie>{}{}", "<jw323:x>".repeat(40), "</jw323:x>".repeat(40));
    let large = fine.replace(
        "<jw323:Declaratie>",
        &format!("<!--{}--><jw323:Declaratie>", " ".repeat(26_000_000)),
    );
    let lol = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;&lol;\">]>";
    let extern_ = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    let with_doctype = |d: &str| fine.replace("?>\n", &format!("?>\n{d}"));
    for (name, bytes, reason) in [
        ("leeg.xml", Vec::new(), "het bestand is leeg"),
        ("kort.xml", fine.as_bytes()[..fine.len() - 300].to_vec(), "breekt af"),
        ("tag.xml", fine.as_bytes()[..fine.len() - 5].to_vec(), "breekt af"),
        (
            "scheef.xml",
            fine.replace("</jw323:Bsn>", "</jw323:Bns>").into(),
            "geen geldige XML op regel 4",
        ),
        ("lol.xml", with_doctype(lol).replace(">T1<", ">&lol2;<").into(), "DOCTYPE"),
        ("extern.xml", with_doctype(extern_).replace(">T1<", ">&e;<").into(), "DOCTYPE"),
        ("entiteit.xml", fine.replace(">T1<", ">&lol;<").into(), "onbekende verwijzing"),
        ("diep.xml", fine.replace("<jw323:Declaratie>", &deep).into(), "meer dan 32"),
        ("groot.xml", large.into(), "25.000.000"),
        (
            "tekens.xml",
            [&fine.as_bytes()[..fine.len() - 20], b"\xff", &fine.as_bytes()[fine.len() - 20..]]
                .concat(),
            "tekenset",
        ),
        (
            "iwmo.xml",
            fine.replace("/ijw/3_2/jw323/", "/iwmo/3_2/wmo323/").into(),
            "andere standaard (iwmo)",
        ),
        ("oud.xml", fine.replace("/3_2/", "/2_4/").into(), "iJw-versie 2.4"),
        ("verzoek.xml", fine.replace("/jw323/", "/jw315/").into(), "JW315-bericht"),
        ("plaatje.xml", b"<svg/>".to_vec(), "geen iJw-bericht"),
        (
            "kop.xml",
            fine.replace("99000001", "9900000A").into(),
            "Afzender ontbreekt of is onleesbaar",
        ),
        (
            "tweemaal.xml",
            fine.replace("<jw323:Eenheid>", "<jw323:Eenheid>04</jw323:Eenheid><jw323:Eenheid>")
                .into(),
            "Eenheid staat er twee keer",
        ),
        ("nogmaals.xml", fine.replace("D1", "D2").into(), "gelijk aan die van in/goed.xml"),
    ] {
        let dossier = with_bericht();
        dossier.write_bytes(&format!("in/{name}"), &bytes);
        let outcome = dossier.controleer_with_samenvatting(&[]);
        assert_eq!(outcome.status, 0, "{name}: {}", outcome.stderr);
        let plat = outcome.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plat.contains(&format!("bericht geweigerd: in/{name}")), "{name}: {plat}");
        let invoerfouten: String = errors(&dossier).iter().map(|f| format!("{f:?}")).collect();
        assert!(format!("{plat}{invoerfouten}").contains(reason), "{name}: {plat}{invoerfouten}");
        assert!(
            plat.contains("Declaraties: 1 gelezen = 1 aanvaard + 0 afgekeurd"),
            "{name}: {plat}"
        );
        assert_eq!(regels_of(&dossier), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_refused_file_is_named_in_every_format_also_the_eleventh() {
    let dossier = with_bericht();
    let names: Vec<String> = (1..=25).map(|n| format!("in/ander-{n:02}.xml")).collect();
    for name in &names {
        dossier.write(name, &good().replace("/ijw/3_2/jw323/", "/iwmo/3_2/wmo323/"));
    }
    let outcome = dossier.controleer_with_samenvatting(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let dir = dossier.out().join("2023-ijsselland");
    let read = |name: &str| fs::read_to_string(dir.join(name)).unwrap().replace("&#x2f;", "/");
    let csv = read("invoerfouten.csv");
    for text in [outcome.stdout, read("rapport.html"), read("samenvatting.json"), csv] {
        for name in &names {
            assert!(text.contains(name.as_str()), "{name}");
        }
    }
    assert_eq!(errors(&dossier).len(), names.len());
}

#[test]
fn two_messages_of_one_name_are_read_and_named_unless_one_is_a_double() {
    let dossier = with_bericht();
    let other_day = jw323("B1", "D2", (5_400, "D"), &[R2])
        .replace("<ijw:Dagtekening>2023-02-10", "<ijw:Dagtekening>2023-02-11");
    dossier.write("in/later.xml", &other_day);
    let outcome = dossier.controleer_with_samenvatting(&[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let told = outcome.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("in/goed.xml en in/later.xml hebben dezelfde Afzender"), "{told}");
    assert!(told.contains("TR056") && told.contains("Declaraties: 2 gelezen"), "{told}");
    dossier.write("in/later.xml", &good().replace("D1", "D2"));
    let outcome = dossier.controleer_with_samenvatting(&["--overschrijf"]);
    let told = outcome.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("TR056") && told.contains("Declaraties: 1 gelezen"), "{told}");
}

#[test]
fn only_refused_messages_leave_nothing_to_audit() {
    let dossier = with_bericht();
    dossier.write("in/goed.xml", &good().replace("/ijw/3_2/jw323/", "/iwmo/3_2/wmo323/"));
    dossier.controleer(&[]).refuses(3, &["in/goed.xml", "andere standaard (iwmo)"]);
    dossier.write("in/goed.xml", &good().replace("</jw323:Bericht>", ""));
    dossier.controleer(&[]).refuses(3, &["in/goed.xml", "breekt af"]);
    dossier.wrote_nothing();
}

#[test]
fn a_row_that_cannot_be_read_is_refused_as_in_csv_and_messages_count_together() {
    let dossier = with_bericht();
    let error = good().replace("B1", "B2").replace("<ijw:Bedrag>10800", "<ijw:Bedrag>108,00");
    dossier.write("in/fout.xml", &error);
    dossier
        .controleer(&[])
        .refuses(3, &["in/fout.xml", "1 van de 2 regels", "regel 5", "eurocent"]);
    for i in 0..19 {
        let still = good().replace("B1", &format!("C{i}")).replace(">R1<", &format!(">S{i}<"));
        dossier.write(&format!("in/nog{i}.xml"), &still);
    }
    succeeds(&dossier);
    let f = &errors(&dossier)[0];
    assert_eq!(
        (&*f["Bestand"], &*f["Regelnummer"], &*f["Kolom"]),
        ("in/fout.xml", "5", "IngediendBedrag")
    );
}

#[test]
fn what_only_a_whole_message_says_is_tested() {
    let dossier = with_bericht();
    let credit = ("R3", "R2", "999900006", "T1", "45T01", "2023-01-31", 5_400, "C");
    dossier.write("in/a.xml", &jw323("B2", "D2", (5_400, "D"), &[R2]));
    dossier.write("in/b.xml", &jw323("B3", "D3", (5_400, "C"), &[credit]));
    succeeds(&dossier);
    let found = regels_of(&dossier);
    for regel in ["JW13", "JW14", "JW16"] {
        assert!(!found.iter().any(|g| g == regel), "{regel}");
    }

    let dossier = with_bericht();
    let late = ("R2", "", "999900006", "T1", "45T01", "2023-02-01", 5_400, "D");
    dossier.write("in/h.xml", &jw323("B2", "D1", (5_401, "D"), &[late]));
    succeeds(&dossier);
    let found = regels_of(&dossier);
    for regel in ["JW13", "JW14", "JW16"] {
        assert!(found.iter().any(|g| g == regel), "{regel} in {found:?}");
    }
}

fn startstop(kind: &str, id: &str, dag: &str, status: &str) -> String {
    let (group, one, fields) = match kind {
        "jw305" => ("StartProducten", "StartProduct", "<p:Begindatum>2022-12-30</p:Begindatum>"),
        _ => (
            "StopProducten",
            "StopProduct",
            "<p:Begindatum>2023-01-01</p:Begindatum><p:RedenBeeindiging>31</p:RedenBeeindiging><p:Einddatum>2022-12-31</p:Einddatum>",
        ),
    };
    bericht(
        kind,
        "99000001",
        "0150",
        id,
        dag,
        &format!(
            "<p:Client><p:Bsn>999900006</p:Bsn><p:{group}><p:{one}><p:ToewijzingNummer>T1</p:ToewijzingNummer>\
             {fields}<p:StatusAanlevering>{status}</p:StatusAanlevering></p:{one}></p:{group}></p:Client>"
        ),
    )
}

#[test]
fn a_stop_that_is_taken_back_is_none_and_one_sent_again_is() {
    let dossier = with_bericht();
    dossier.write("in/start.xml", &startstop("jw305", "S1", "2023-01-02", "1"));
    dossier.write("in/stop.xml", &startstop("jw307", "S2", "2023-01-06", "1"));
    succeeds(&dossier);
    assert!(regels_of(&dossier).contains(&"TW14".to_owned()), "{:?}", regels_of(&dossier));
    dossier.write("in/terug.xml", &startstop("jw307", "S3", "2023-01-07", "3"));
    dossier.controleer(&["--overschrijf"]);
    assert_eq!(regels_of(&dossier), Vec::<String>::new());
    dossier.write("in/toch.xml", &startstop("jw307", "S4", "2023-01-08", "1"));
    dossier.controleer(&["--overschrijf"]);
    assert!(regels_of(&dossier).contains(&"TW14".to_owned()));
}

/// How many messages of 99000001 are wrong in this way.
fn faults(dossier: &Dossier, what: &str) -> u64 {
    let json = dossier.samenvatting("2023-ijsselland");
    let rows = json["berichten_die_niet_kloppen"].as_array().cloned().unwrap_or_default();
    let row = rows.iter().find(|r| r["wat"].as_str().is_some_and(|w| w.contains(what)));
    row.map_or(0, |r| {
        assert_eq!(r["aanbieder"], "99000001");
        r["aantal"].as_u64().expect("a number")
    })
}

#[test]
fn messages_that_are_wrong_beside_the_rules_are_counted_and_give_no_finding() {
    let dossier = with_bericht();
    succeeds(&dossier);
    let before = regels_of(&dossier);
    let halves = good().replace("B1", "B2").replace("D1", "D2").replace("R1", "R9");
    dossier.write(
        "in/half.xml",
        &halves.replace(
            "Einddatum>2023-01-31</ijw:Einddatum></jw323:Decl",
            "Einddatum>2023-02-28</ijw:Einddatum></jw323:Decl",
        ),
    );
    let loose = ("R3", "", "999900006", "T1", "45T01", "2023-01-31", 5_400, "C");
    dossier.write("in/credit.xml", &jw323("B3", "D3", (5_400, "C"), &[loose]));
    dossier.write(
        "in/euro.xml",
        &halves
            .replace("B2", "B4")
            .replace("D2", "D4")
            .replace("R9", "R4")
            .replace("<jw323:Eenheid>01", "<jw323:Eenheid>83"),
    );
    for (id, kind, dag, status) in [
        ("S1", "jw305", "2023-01-02", "1"),
        ("S2", "jw305", "2023-01-03", "1"),
        ("S3", "jw307", "2023-01-04", "3"),
        // Nothing had been sent by then.
        ("S5", "jw305", "2023-01-01", "3"),
    ] {
        dossier.write(&format!("in/{id}.xml"), &startstop(kind, id, dag, status));
    }
    let other = startstop("jw305", "S4", "2023-01-05", "1").replace(">T1<", ">T8<");
    dossier.write("in/S4.xml", &other);
    let options = ["--overschrijf", "--zonder", "JW,TW,TF,BU"];
    assert_eq!(dossier.controleer(&options).status, 0);
    for (what, count) in [
        ("kalendermaand", 1),
        ("VorigReferentieNummer", 1),
        ("Eenheid 83", 1),
        ("tweede start", 1),
        ("nooit is verzonden", 2),
        ("zonder toewijzing", 1),
        ("tweede stop", 0),
    ] {
        assert_eq!(faults(&dossier, what), count, "{what}");
    }
    let page = fs::read_to_string(dossier.out().join("2023-ijsselland/rapport.html")).unwrap();
    assert!(page.contains("Berichten die niet kloppen"));
    assert_eq!(before, Vec::<String>::new());
}

fn jw301(geboren: &str) -> String {
    bericht(
        "jw301",
        "0150",
        "99000001",
        "G1",
        "2022-12-15",
        &format!(
            "<p:Client><p:Bsn>999900006</p:Bsn>{geboren}<p:Naam><ijw:Geslachtsnaam>&amp;</ijw:Geslachtsnaam></p:Naam>\
             <p:Relaties><p:Relatie><p:Bsn>111</p:Bsn><p:Geboortedatum><ijw:Datum>1980-01-01</ijw:Datum></p:Geboortedatum>\
             </p:Relatie></p:Relaties><p:ToegewezenProducten><p:ToegewezenProduct><p:ToewijzingNummer>T1</p:ToewijzingNummer>\
             <p:Product><ijw:Categorie>45</ijw:Categorie></p:Product><p:Toewijzingsdatum>2022-12-15</p:Toewijzingsdatum>\
             <p:Toewijzingstijd>10:00:00</p:Toewijzingstijd><p:Ingangsdatum>2023-01-01</p:Ingangsdatum>\
             <p:Budget>500000</p:Budget></p:ToegewezenProduct></p:ToegewezenProducten></p:Client>"
        ),
    )
}

#[test]
fn only_the_childs_own_date_of_birth_counts_and_only_a_whole_one() {
    let datum = |usage: &str| {
        format!("<p:Geboortedatum><ijw:Datum>2003-01-01</ijw:Datum>{usage}</p:Geboortedatum>")
    };
    for (geboren, expected) in [
        (datum(""), true),
        (datum("<ijw:DatumGebruik>0</ijw:DatumGebruik>"), true),
        (datum("<ijw:DatumGebruik>2</ijw:DatumGebruik>"), false),
        (String::new(), false),
    ] {
        let dossier = with_bericht();
        fs::remove_file(dossier.dir().join("toewijzingen.csv")).unwrap();
        dossier.write("in/toewijzing.xml", &jw301(&geboren));
        succeeds(&dossier);
        let found = regels_of(&dossier);
        assert_eq!(found.contains(&"LF01".to_owned()), expected, "{geboren}: {found:?}");
    }
}

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

fn element(name: &str, value: &str) -> String {
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

/// Lines and euros of a step of the Aansluiting.
fn step(dossier: &Dossier, key: &str) -> (u64, String) {
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    let steps = samenvatting["aansluiting"]["stappen"].as_array().expect("a list of steps");
    let stap = steps.iter().find(|s| s["stap"] == key).expect("a step of this name");
    (stap["regels"].as_u64().expect("a number of lines"), stap["bedrag"].to_string())
}

/// A JW325 of 0150 to 99000001 about message `over` with declaration `nummer`: return codes of the
/// header, of the declaration, and of each prestatie.
fn jw325(
    id: &str,
    (over, nummer): (&str, &str),
    header: &str,
    whole: Option<&str>,
    prestaties: &[(&str, &str)],
) -> String {
    let codes = |codes: &str| {
        let codes = codes.split(' ').fold(String::new(), |mut all, code| {
            write!(all, "<p:RetourCode>{code}</p:RetourCode>").unwrap();
            all
        });
        format!("<p:RetourCodes>{codes}</p:RetourCodes>")
    };
    let mut clienten = String::new();
    for (referentie, retour) in prestaties {
        write!(
            clienten,
            "<p:Client><p:Bsn>999900006</p:Bsn><p:Prestaties><p:Prestatie><p:ProductReferentie>\
             <ijw:ReferentieNummer>{referentie}</ijw:ReferentieNummer></p:ProductReferentie>{}\
             </p:Prestatie></p:Prestaties>{}</p:Client>",
            codes(retour),
            codes("0200")
        )
        .unwrap();
    }
    if !clienten.is_empty() {
        clienten = format!("<p:Clienten>{clienten}</p:Clienten>");
    }
    let answer = whole.map_or(String::new(), |whole| {
        format!(
            "<p:DeclaratieAntwoord><p:DeclaratieNummer>{nummer}</p:DeclaratieNummer>{clienten}{}\
             </p:DeclaratieAntwoord>",
            codes(whole)
        )
    });
    let over = format!(
        "<jw325:DeclaratieIdentificatie><ijw:Identificatie>{over}</ijw:Identificatie>\
         <ijw:Dagtekening>2023-02-10</ijw:Dagtekening></jw325:DeclaratieIdentificatie>{}",
        codes(header).replace("p:", "jw325:")
    );
    bericht("jw325", "0150", "99000001", id, "2023-02-20", &answer)
        .replace("</jw325:Header>", &format!("{over}</jw325:Header>"))
}

#[test]
fn what_the_gemeente_refused_is_not_live_and_is_counted() {
    let two = jw323("B1", "D1", (16_200, "D"), &[R1, R2]);
    let r2: &[(&str, &str)] = &[("R2", "9338 9341")];
    for (what, answer, refused) in [
        ("nothing refused", jw325("A", ("B1", "D1"), "0200", Some("8001"), &[]), 0),
        ("one prestatie", jw325("A", ("B1", "D1"), "0200", Some("0200"), r2), 1),
        ("not judged", jw325("A", ("B1", "D1"), "0200", Some("0200"), &[("R2", "0233")]), 1),
        (
            "listed without a remark",
            jw325("A", ("B1", "D1"), "0200", Some("0200"), &[("R2", "0200")]),
            0,
        ),
        ("the declaration", jw325("A", ("B1", "D1"), "0200", Some("9333"), &[]), 2),
        ("the message", jw325("A", ("B1", "D1"), "0001", None, &[]), 2),
        ("known by its declaration", jw325("A", ("B9", "D1"), "0200", Some("0200"), r2), 1),
        ("another message", jw325("A", ("B9", "D9"), "0200", Some("0200"), r2), 0),
    ] {
        let dossier = with_bericht();
        dossier.write("in/goed.xml", &two);
        dossier.write("uit/antwoord.xml", &answer);
        succeeds(&dossier);
        assert_eq!(step(&dossier, "aanvaard_debet").0, 2, "{what}");
        assert_eq!(step(&dossier, "afgewezen").0, refused, "{what}");
        assert_eq!(step(&dossier, "levend").0, 2 - refused, "{what}");
        // Two lines of one delivery: JW04 as long as both are live.
        let twice = regels_of(&dossier).contains(&"JW04".to_owned());
        assert_eq!(twice, refused == 0, "{what}");
    }
}

#[test]
fn an_answer_that_is_found_by_its_declaration_number_is_counted_and_said() {
    let dossier = with_bericht();
    for (over, told) in [("B1", false), ("B9", true)] {
        dossier.write("uit/antwoord.xml", &jw325("A", (over, "D1"), "0200", Some("8001"), &[]));
        let outcome = dossier.controleer_with_samenvatting(&["--overschrijf"]);
        let said = outcome.stdout.contains("gekoppeld op aanbieder, gemeente");
        assert_eq!(said, told, "{over}: {}", outcome.stdout);
    }
}

#[test]
fn a_refused_credit_takes_nothing_back_and_a_refused_debit_is_no_credits_first_choice() {
    let debet = jw323("B1", "D1", (10_800, "D"), &[R1]);
    let credit: Prestatie<'_> = ("C1", "R1", "999900006", "T1", "45T01", "2023-01-31", 10_800, "C");
    let dossier = with_bericht();
    dossier.write("in/goed.xml", &debet);
    dossier.write("in/terug.xml", &jw323("B2", "D2", (10_800, "C"), &[credit]));
    succeeds(&dossier);
    assert_eq!((step(&dossier, "levend").0, step(&dossier, "teruggenomen").0), (0, 1));
    let no = jw325("A", ("B2", "D2"), "0200", Some("0200"), &[("C1", "9307")]);
    dossier.write("uit/antwoord.xml", &no);
    dossier.controleer(&["--overschrijf"]);
    assert_eq!((step(&dossier, "levend").0, step(&dossier, "teruggenomen").0), (1, 0));
    assert_eq!(step(&dossier, "credit_afgewezen").0, 1);
    assert_eq!(regels_of(&dossier), Vec::<String>::new());
}

#[test]
fn an_answer_to_declarations_in_csv_is_matched_by_its_numbers() {
    let dossier = Dossier::minimaal();
    let csv = fs::read_to_string(dossier.dir().join("declaraties.csv")).unwrap();
    let with_nummer: Vec<String> = csv
        .lines()
        .enumerate()
        .map(|(i, l)| format!("{};{l}", if i == 0 { "DeclaratieNummer" } else { "D1" }))
        .collect();
    for (what, text, nummer, refused) in [
        ("without a number", csv.clone(), "D1", 1),
        ("with its number", with_nummer.join("\n"), "D1", 1),
        ("with another number", with_nummer.join("\n"), "D2", 0),
    ] {
        dossier.write("declaraties.csv", &text);
        let answer = jw325("A", ("B1", nummer), "0200", Some("0200"), &[("R1", "9338")]);
        dossier.write("antwoord.xml", &answer);
        dossier.controleer(&["--overschrijf"]);
        assert_eq!(step(&dossier, "afgewezen").0, refused, "{what}");
    }
    let outcome = dossier.controleer_with_samenvatting(&["--overschrijf"]);
    assert!(
        outcome.stdout.contains("1 prestatie die een antwoord (JW325) afwijst")
            || outcome.stderr.contains("1 prestatie die een antwoord (JW325) afwijst"),
        "{}{}",
        outcome.stdout,
        outcome.stderr
    );
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

/// Day of the answers, where a test doesn't say another.
const DAGTEKENING: [&str; 2] = ["--dagtekening", "2023-03-01"];

/// `antwoord` on this dossier, in a folder beside it.
fn answer(dossier: &Dossier, options: &[&str]) -> crate::hulp::ProgramOutput {
    let out = dossier.out();
    crate::hulp::ProgramOutput::of(
        crate::hulp::program()
            .arg("antwoord")
            .arg(dossier.dir())
            .arg("--uit")
            .arg(&out)
            .arg("--overschrijf")
            .args(if options.contains(&"--dagtekening") { &[][..] } else { &DAGTEKENING })
            .args(options),
    )
}

fn answer_to(dossier: &Dossier, nummer: &str) -> String {
    fs::read_to_string(dossier.out().join(format!("antwoorden/JW325-{nummer}.xml"))).unwrap()
}

/// What stands in an element, by its local name, each time that it comes.
fn values<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    xml.split(&format!(":{name}>"))
        .collect::<Vec<_>>()
        .chunks(2)
        .filter_map(|pair| pair.get(1))
        .filter_map(|text| text.split_once("</").map(|(value, _)| value))
        .collect()
}

#[test]
fn an_answer_to_a_lawful_message_grants_all_of_it() {
    let dossier = with_bericht();
    let outcome = answer(&dossier, &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let xml = answer_to(&dossier, "00001");
    assert!(xml.contains("http://www.istandaarden.nl/ijw/3_2/jw325/schema"), "{xml}");
    assert_eq!(values(&xml, "BerichtCode"), ["491"]);
    assert_eq!(
        (values(&xml, "Afzender"), values(&xml, "Ontvanger")),
        (vec!["0150"], vec!["99000001"])
    );
    let identificaties = values(&xml, "Identificatie");
    assert_eq!((identificaties[0].len(), identificaties[1]), (12, "B1"));
    assert_eq!(values(&xml, "Dagtekening"), ["2023-03-01", "2023-02-10"]);
    assert_eq!(values(&xml, "RetourCode"), ["0200", "8001"]);
    assert_eq!(values(&xml, "TotaalBedrag"), ["10800", "10800"]);
    assert!(!xml.contains("Clienten"), "{xml}");
}

#[test]
fn a_prestatie_with_a_fout_is_refused_whole_with_the_codes_of_its_rules() {
    let dossier = with_bericht();
    // R2 is on a toewijzing that doesn't exist.
    let other = ("R2", "", "999900006", "9", "45T01", "2023-01-31", 5_400, "D");
    dossier.write("in/goed.xml", &jw323("B1", "D1", (16_200, "D"), &[R1, other]));
    let outcome = answer(&dossier, &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let xml = answer_to(&dossier, "00001");
    assert_eq!(values(&xml, "ReferentieNummer"), ["R2"]);
    // Header, prestatie, its jeugdige, the declaration.
    assert_eq!(values(&xml, "RetourCode"), ["0200", "9338", "0200", "0200"]);
    assert_eq!(values(&xml, "TotaalBedrag"), ["16200", "10800"]);
    assert_eq!(values(&xml, "Bsn"), ["999900006"]);
    assert_eq!(values(&xml, "GeleverdVolume"), ["100"]);
    let without = answer(&dossier, &["--zonder", "TW01"]);
    assert_eq!(without.status, 0, "{}", without.stderr);
    assert_eq!(values(&answer_to(&dossier, "00001"), "RetourCode"), ["0200", "8001"]);
}

#[test]
fn our_answer_read_back_refuses_the_same_prestaties() {
    let dossier = with_bericht();
    let other = ("R2", "", "999900006", "9", "45T01", "2023-01-31", 5_400, "D");
    dossier.write("in/goed.xml", &jw323("B1", "D1", (16_200, "D"), &[R1, other]));
    answer(&dossier, &[]);
    dossier.write("terug/JW325.xml", &answer_to(&dossier, "00001"));
    succeeds(&dossier);
    assert_eq!((step(&dossier, "levend").0, step(&dossier, "afgewezen").0), (1, 1));
    assert!(errors(&dossier).is_empty());
    // What is answered is not answered again.
    let outcome = answer(&dossier, &[]);
    assert!(outcome.stdout.contains("geen antwoord         1"), "{}", outcome.stdout);
}

#[test]
fn a_used_declaration_number_refuses_the_declaration_and_a_wrong_total_the_message() {
    let dossier = with_bericht();
    let second = ("R3", "", "999900006", "T1", "45T01", "2023-01-31", 10_800, "D");
    dossier.write("in/nog.xml", &jw323("B2", "D1", (10_800, "D"), &[second]));
    dossier.write("in/totaal.xml", &jw323("B3", "D3", (1, "D"), &[R2]));
    let outcome = answer(&dossier, &["--zonder", "JW04"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let twice = answer_to(&dossier, "00002");
    assert_eq!(values(&twice, "RetourCode"), ["0200", "9333"]);
    assert_eq!(values(&twice, "TotaalBedrag"), ["10800", "0"]);
    assert!(!twice.contains("Clienten"));
    let total = answer_to(&dossier, "00003");
    assert_eq!(values(&total, "RetourCode"), ["0001"]);
    assert!(!total.contains("DeclaratieAntwoord>"), "{total}");
}

#[test]
fn nothing_is_refused_on_what_the_sender_could_not_know_or_a_person_must_judge() {
    let dossier = with_bericht();
    let header =
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum\n";
    let first = "1;0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31\n";
    dossier.write("in/goed.xml", &good().replace(">T1<", ">1<"));
    // The delivery ended on 31 January; the term was cut short no later than that, and after it.
    for (versie, retour) in
        [("2023-01-31", vec!["0200", "9308", "0200", "0200"]), ("2023-02-01", vec!["0200", "8001"])]
    {
        let later = format!("1;0150;99000001;999900006;{versie};2023-01-01;2023-01-15\n");
        dossier.write("toewijzingen.csv", &format!("{header}{first}{later}"));
        let outcome = answer(&dossier, &[]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        assert_eq!(values(&answer_to(&dossier, "00001"), "RetourCode"), retour, "{versie}");
    }
    let rows = rows_of(&dossier.out().join("antwoorden/niet-afgewezen.csv"));
    let tw06 = rows.iter().find(|r| r["Regel"] == "TW06").expect("TW06 is told");
    assert!(tw06["Waarom"].contains("onzekerheid"), "{tw06:?}");
    // JW06 is a signaal: its code exists, but it refuses nothing.
    assert!(
        rows.iter().any(|r| r["Regel"] == "JW06" && r["Waarom"].contains("signaal")),
        "{rows:?}"
    );
}

/// The return codes of the only message where its toewijzing has these versions: Bsn,
/// Toewijzingsdatum, Ingangsdatum and Einddatum of each.
fn retourcodes_under(dossier: &Dossier, versies: &[[&str; 4]]) -> Vec<String> {
    let header = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;Bijzonderheid\n";
    let row = |[bsn, datum, begin, end]: &[&str; 4]| {
        format!("1;0150;99000001;{bsn};{datum};{begin};{end};\n")
    };
    let rows: String = versies.iter().map(row).collect();
    dossier.write("toewijzingen.csv", &format!("{header}{rows}"));
    let outcome = answer(dossier, &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    values(&answer_to(dossier, "00001"), "RetourCode").into_iter().map(str::to_owned).collect()
}

#[test]
fn a_breach_that_was_there_before_the_change_is_refused_and_one_of_the_change_alone_is_not() {
    let dossier = with_bericht();
    dossier.write("in/goed.xml", &good().replace(">T1<", ">1<"));
    let (bsn, other, first, changed) = ("999900006", "999900018", "2022-12-15", "2023-03-01");
    // Changed after the message of 10 February, in what the line doesn't break: it did before too.
    for (retour, before, after) in [
        (
            "9308",
            [bsn, first, "2023-01-01", "2023-01-15"],
            [bsn, changed, "2023-01-01", "2023-01-20"],
        ),
        (
            "9307",
            [bsn, first, "2023-01-10", "2023-12-31"],
            [bsn, changed, "2023-01-20", "2023-12-31"],
        ),
        (
            "8187",
            [other, first, "2023-01-01", "2023-12-31"],
            [other, changed, "2023-01-01", "2023-11-30"],
        ),
    ] {
        let codes = retourcodes_under(&dossier, &[before, after]);
        assert!(codes.iter().any(|code| code == retour), "{retour}: {codes:?}");
    }
    // What the aanbieder kept to when it delivered.
    let good = [bsn, first, "2023-01-01", "2023-12-31"];
    for after in [
        [bsn, changed, "2023-01-01", "2023-01-15"],
        [bsn, changed, "2023-01-20", "2023-12-31"],
        [other, changed, "2023-01-01", "2023-12-31"],
    ] {
        assert_eq!(retourcodes_under(&dossier, &[good, after]), ["0200", "8001"], "{after:?}");
    }
    // Given only after the message, and broken as it was given.
    let late = [bsn, changed, "2023-01-20", "2023-12-31"];
    assert!(retourcodes_under(&dossier, &[late]).contains(&"9307".to_owned()));
}

#[test]
fn a_message_that_waits_longer_than_ten_working_days_is_told() {
    let dossier = with_bericht();
    // Received on Friday 10 February: the tenth working day is Friday the 24th.
    for (dag, late) in [("2023-02-24", ""), ("2023-02-27", "te laat: 11 werkdagen na ontvangst")] {
        let outcome = answer(&dossier, &["--dagtekening", dag]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let row = &rows_of(&dossier.out().join("antwoorden/overzicht.csv"))[0];
        assert_eq!((&*row["Ontvangen"], &*row["Termijn"]), ("10-02-2023", late));
        let count = if late.is_empty() { "0" } else { "1" };
        let told = format!("over de termijn       {count}");
        assert!(outcome.stdout.contains(&told), "{}", outcome.stdout);
    }
}

#[test]
fn no_answer_is_drafted_that_would_repeat_what_the_standard_does_not_allow() {
    let long = "1234567890123";
    for (what, nummer, line, element) in [
        ("text in a number", "D1", ("R2", "T9"), "ToewijzingNummer"),
        ("a long reference", "D1", ("R23456789012345678901", "9"), "ReferentieNummer"),
        ("a long number", long, ("R2", "1"), "DeclaratieNummer"),
    ] {
        let dossier = with_bericht();
        let (referentie, toewijzing) = line;
        let prestatie =
            (referentie, "", "999900006", toewijzing, "45T01", "2023-01-31", 5_400, "D");
        dossier.write("in/goed.xml", &jw323("B1", nummer, (5_400, "D"), &[prestatie]));
        let outcome = answer(&dossier, &[]);
        assert_eq!(outcome.status, 0, "{what}: {}", outcome.stderr);
        let row = &rows_of(&dossier.out().join("antwoorden/overzicht.csv"))[0];
        assert_eq!(row["Antwoord"], "", "{what}");
        assert!(row["Uitkomst"].contains(&format!("{element} past niet")), "{what}: {row:?}");
    }
}

#[test]
fn without_messages_there_is_nothing_to_answer() {
    let dossier = Dossier::minimaal();
    answer(&dossier, &[]).refuses(3, &["geen declaratieberichten"]);
    dossier.wrote_nothing();
}
