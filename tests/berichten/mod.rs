//! iJw messages: the same dossier in another form, and messages that nobody should trust.

mod antwoord;
mod geweigerd;
mod steekdossier;

use crate::hulp::{Bevinding, Dossier, rows_of};
use std::fmt::Write;
use std::fs;

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
