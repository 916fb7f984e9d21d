//! iJw messages: the same dossier in another form, and messages that nobody should trust.

use crate::hulp::{Bevinding, Dossier, VOORBEELD, rijen_van};
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

/// A message: `p:` in `inhoud` stands for the message's own prefix.
fn bericht(soort: &str, van: &str, naar: &str, id: &str, dag: &str, inhoud: &str) -> String {
    let tekst = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p:Bericht {}>\n<p:Header><p:BerichtCode>490</p:BerichtCode>\
         <p:BerichtVersie>3</p:BerichtVersie><p:BerichtSubversie>2</p:BerichtSubversie>\
         <p:Afzender>{van}</p:Afzender><p:Ontvanger>{naar}</p:Ontvanger><p:BerichtIdentificatie>\
         <ijw:Identificatie>{id}</ijw:Identificatie><ijw:Dagtekening>{dag}</ijw:Dagtekening>\
         </p:BerichtIdentificatie></p:Header>\n{inhoud}\n</p:Bericht>\n",
        ruimten(soort)
    );
    tekst.replace("<p:", &format!("<{soort}:")).replace("</p:", &format!("</{soort}:"))
}

/// A JW323 of aanbieder 99000001 to 0150 about January 2023.
fn jw323(id: &str, nummer: &str, totaal: (u32, &str), regels: &[Prestatie<'_>]) -> String {
    let mut clienten = String::new();
    for (referentie, vorig, bsn, toewijzing, code, eind, cent, dc) in regels {
        let vorig = match *vorig {
            "" => String::new(),
            v => format!("<ijw:VorigReferentieNummer>{v}</ijw:VorigReferentieNummer>"),
        };
        writeln!(
            clienten,
            "<p:Client><p:Bsn>{bsn}</p:Bsn><p:Prestaties>\n<p:Prestatie><p:ProductReferentie>\
             <ijw:ReferentieNummer>{referentie}</ijw:ReferentieNummer>{vorig}</p:ProductReferentie>\
             <p:ToewijzingNummer>{toewijzing}</p:ToewijzingNummer><p:ProductCategorie>45</p:ProductCategorie>\
             <p:ProductCode>{code}</p:ProductCode><p:ProductPeriode><ijw:Begindatum>2023-01-01</ijw:Begindatum>\
             <ijw:Einddatum>{eind}</ijw:Einddatum></p:ProductPeriode><p:GeleverdVolume> 100 </p:GeleverdVolume>\
             <p:Eenheid>01</p:Eenheid><p:ProductTarief>108</p:ProductTarief><p:IngediendBedrag>\
             <ijw:Bedrag>{cent}</ijw:Bedrag><ijw:DebetCredit>{dc}</ijw:DebetCredit></p:IngediendBedrag>\
             </p:Prestatie></p:Prestaties></p:Client>"
        )
        .unwrap();
    }
    let (totaal, dc) = totaal;
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
             <p:TotaalIngediendBedrag><ijw:TotaalBedrag>{totaal}</ijw:TotaalBedrag><ijw:DebetCredit>{dc}\
             </ijw:DebetCredit></p:TotaalIngediendBedrag><p:Clienten>{clienten}</p:Clienten></p:Declaratie>"
        ),
    )
}

const R1: Prestatie<'_> = ("R1", "", "999900006", "T1", "45T01", "2023-01-31", 10_800, "D");
const R2: Prestatie<'_> = ("R2", "", "999900006", "T1", "45T01", "2023-01-31", 5_400, "D");

/// One lawful message, with its toewijzing in CSV.
fn met_bericht() -> Dossier {
    let dossier = Dossier::minimaal();
    fs::remove_file(dossier.map().join("declaraties.csv")).unwrap();
    dossier.schrijf("in/goed.xml", &goed());
    dossier
}

fn goed() -> String {
    jw323("B1", "D1", (10_800, "D"), &[R1])
}

fn fouten(dossier: &Dossier) -> Vec<Bevinding> {
    rijen_van(&dossier.uit().join("2023-ijsselland/invoerfouten.csv"))
}

fn regels_van(dossier: &Dossier) -> Vec<String> {
    dossier.bevindingen("2023-ijsselland").into_iter().map(|b| b["Regel"].clone()).collect()
}

#[track_caller]
fn slaagt(dossier: &Dossier) {
    let uitkomst = dossier.controleer(&[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
}

#[test]
fn a_message_is_audited_and_each_prestatie_knows_its_file_and_line() {
    let dossier = met_bericht();
    slaagt(&dossier);
    assert_eq!(regels_van(&dossier), Vec::<String>::new());
    let te_duur = ("R1", "", "999900006", "T9", "45T01", "2023-01-31", 10_800, "D");
    dossier.schrijf("in/goed.xml", &jw323("B1", "D1", (10_800, "D"), &[te_duur]));
    dossier.controleer(&["--overschrijf"]);
    let bevinding = &dossier.bevindingen("2023-ijsselland")[0];
    assert_eq!(bevinding["Regel"], "TW01");
    assert_eq!(bevinding["Bestand"], "in/goed.xml");
    assert_eq!(bevinding["Regelnummer"], "5");
}

#[test]
fn any_prefix_and_any_encoding_gives_the_same() {
    let goed = goed();
    let eigen = goed.replace("jw323:", "a-b.c:").replace("xmlns:jw323=", "xmlns:a-b.c=");
    let eigen = eigen.replace("ijw:", "_:").replace("xmlns:ijw", "xmlns:_");
    let zonder = goed.replace("jw323:", "").replace("xmlns:jw323=", "xmlns=");
    let zonder = zonder.replace("xmlns:Bericht", "Bericht");
    let utf16 = |bom: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{bom}{}", goed.replace("UTF-8", "UTF-16")).encode_utf16().flat_map(bytes).collect()
    };
    let latijn = goed
        .replace("UTF-8", "ISO-8859-1")
        .replace("<jw323:Header>", "<jw323:Header><!-- \u{fffd} -->");
    let latijn: Vec<u8> =
        latijn.chars().map(|c| if c == '\u{fffd}' { 0xe9 } else { c as u8 }).collect();
    let verwijzing = goed.replace("<jw323:Bsn>9", "<jw323:Bsn>&#x39;");
    let cdata = goed.replace(">T1<", "><![CDATA[T1]]><");
    for (wat, bytes) in [
        ("prefix", eigen.into_bytes()),
        ("default namespace", zonder.into_bytes()),
        ("bom", format!("\u{feff}{goed}").into_bytes()),
        ("utf-16le", utf16("\u{feff}", u16::to_le_bytes)),
        ("utf-16be", utf16("\u{feff}", u16::to_be_bytes)),
        ("utf-16 without bom", utf16("", u16::to_be_bytes)),
        ("latin-1", latijn),
        ("character reference", verwijzing.into_bytes()),
        ("cdata", cdata.into_bytes()),
    ] {
        let dossier = met_bericht();
        dossier.schrijf_bytes("in/goed.xml", &bytes);
        let uitkomst = dossier.controleer(&[]);
        assert_eq!(uitkomst.status, 0, "{wat}: {}", uitkomst.stderr);
        assert_eq!(regels_van(&dossier), Vec::<String>::new(), "{wat}");
        assert!(fouten(&dossier).is_empty(), "{wat}");
        let invoer = &dossier.samenvatting("2023-ijsselland");
        assert!(invoer.to_string().contains("108"), "{wat}");
    }
}

#[test]
fn a_refused_message_is_named_with_its_reason_and_the_rest_is_audited() {
    let goed = goed();
    let diep = format!("<jw323:Declaratie>{}{}", "<jw323:x>".repeat(40), "</jw323:x>".repeat(40));
    let groot = goed.replace(
        "<jw323:Declaratie>",
        &format!("<!--{}--><jw323:Declaratie>", " ".repeat(26_000_000)),
    );
    let lol = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;&lol;\">]>";
    let extern_ = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    let met_doctype = |d: &str| goed.replace("?>\n", &format!("?>\n{d}"));
    for (naam, bytes, reden) in [
        ("leeg.xml", Vec::new(), "het bestand is leeg"),
        ("kort.xml", goed.as_bytes()[..goed.len() - 300].to_vec(), "breekt af"),
        ("tag.xml", goed.as_bytes()[..goed.len() - 5].to_vec(), "breekt af"),
        (
            "scheef.xml",
            goed.replace("</jw323:Bsn>", "</jw323:Bns>").into(),
            "geen geldige XML op regel 4",
        ),
        ("lol.xml", met_doctype(lol).replace(">T1<", ">&lol2;<").into(), "DOCTYPE"),
        ("extern.xml", met_doctype(extern_).replace(">T1<", ">&e;<").into(), "DOCTYPE"),
        ("entiteit.xml", goed.replace(">T1<", ">&lol;<").into(), "onbekende verwijzing"),
        ("diep.xml", goed.replace("<jw323:Declaratie>", &diep).into(), "meer dan 32"),
        ("groot.xml", groot.into(), "25.000.000"),
        (
            "tekens.xml",
            [&goed.as_bytes()[..goed.len() - 20], b"\xff", &goed.as_bytes()[goed.len() - 20..]]
                .concat(),
            "tekenset",
        ),
        (
            "iwmo.xml",
            goed.replace("/ijw/3_2/jw323/", "/iwmo/3_2/wmo323/").into(),
            "andere standaard (iwmo)",
        ),
        ("oud.xml", goed.replace("/3_2/", "/2_4/").into(), "iJw-versie 2.4"),
        ("verzoek.xml", goed.replace("/jw323/", "/jw315/").into(), "JW315-bericht"),
        ("plaatje.xml", b"<svg/>".to_vec(), "geen iJw-bericht"),
        (
            "kop.xml",
            goed.replace("99000001", "9900000A").into(),
            "Afzender ontbreekt of is onleesbaar",
        ),
        (
            "tweemaal.xml",
            goed.replace("<jw323:Eenheid>", "<jw323:Eenheid>04</jw323:Eenheid><jw323:Eenheid>")
                .into(),
            "Eenheid staat er twee keer",
        ),
        ("nogmaals.xml", goed.replace("D1", "D2").into(), "gelijk aan die van in/goed.xml"),
    ] {
        let dossier = met_bericht();
        dossier.schrijf_bytes(&format!("in/{naam}"), &bytes);
        let uitkomst = dossier.controleer_met_samenvatting(&[]);
        assert_eq!(uitkomst.status, 0, "{naam}: {}", uitkomst.stderr);
        let plat = uitkomst.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plat.contains(&format!("bericht geweigerd: in/{naam}")), "{naam}: {plat}");
        let invoerfouten: String = fouten(&dossier).iter().map(|f| format!("{f:?}")).collect();
        assert!(format!("{plat}{invoerfouten}").contains(reden), "{naam}: {plat}{invoerfouten}");
        assert!(
            plat.contains("Declaraties: 1 gelezen = 1 aanvaard + 0 afgekeurd"),
            "{naam}: {plat}"
        );
        assert_eq!(regels_van(&dossier), Vec::<String>::new(), "{naam}");
    }
}

#[test]
fn only_refused_messages_leave_nothing_to_audit() {
    let dossier = met_bericht();
    dossier.schrijf("in/goed.xml", &goed().replace("/ijw/3_2/jw323/", "/iwmo/3_2/wmo323/"));
    dossier.controleer(&[]).weigert(3, &["in/goed.xml", "andere standaard (iwmo)"]);
    dossier.schrijf("in/goed.xml", &goed().replace("</jw323:Bericht>", ""));
    dossier.controleer(&[]).weigert(3, &["in/goed.xml", "breekt af"]);
    dossier.schreef_niets();
}

#[test]
fn a_row_that_cannot_be_read_is_refused_as_in_csv_and_messages_count_together() {
    let dossier = met_bericht();
    let fout = goed().replace("B1", "B2").replace("<ijw:Bedrag>10800", "<ijw:Bedrag>108,00");
    dossier.schrijf("in/fout.xml", &fout);
    dossier
        .controleer(&[])
        .weigert(3, &["in/fout.xml", "1 van de 2 regels", "regel 5", "eurocent"]);
    for i in 0..19 {
        let nog = goed().replace("B1", &format!("C{i}")).replace(">R1<", &format!(">S{i}<"));
        dossier.schrijf(&format!("in/nog{i}.xml"), &nog);
    }
    slaagt(&dossier);
    let f = &fouten(&dossier)[0];
    assert_eq!(
        (&*f["Bestand"], &*f["Regelnummer"], &*f["Kolom"]),
        ("in/fout.xml", "5", "IngediendBedrag")
    );
}

#[test]
fn what_only_a_whole_message_says_is_tested() {
    let dossier = met_bericht();
    let credit = ("R3", "R2", "999900006", "T1", "45T01", "2023-01-31", 5_400, "C");
    dossier.schrijf("in/a.xml", &jw323("B2", "D2", (5_400, "D"), &[R2]));
    dossier.schrijf("in/b.xml", &jw323("B3", "D3", (5_400, "C"), &[credit]));
    slaagt(&dossier);
    let gevonden = regels_van(&dossier);
    for regel in ["JW13", "JW14", "JW16"] {
        assert!(!gevonden.iter().any(|g| g == regel), "{regel}");
    }

    let dossier = met_bericht();
    let laat = ("R2", "", "999900006", "T1", "45T01", "2023-02-01", 5_400, "D");
    dossier.schrijf("in/h.xml", &jw323("B2", "D1", (5_401, "D"), &[laat]));
    slaagt(&dossier);
    let gevonden = regels_van(&dossier);
    for regel in ["JW13", "JW14", "JW16"] {
        assert!(gevonden.iter().any(|g| g == regel), "{regel} in {gevonden:?}");
    }
}

fn startstop(soort: &str, id: &str, dag: &str, status: &str) -> String {
    let (groep, een, velden) = match soort {
        "jw305" => ("StartProducten", "StartProduct", "<p:Begindatum>2022-12-30</p:Begindatum>"),
        _ => (
            "StopProducten",
            "StopProduct",
            "<p:Begindatum>2023-01-01</p:Begindatum><p:RedenBeeindiging>31</p:RedenBeeindiging><p:Einddatum>2022-12-31</p:Einddatum>",
        ),
    };
    bericht(
        soort,
        "99000001",
        "0150",
        id,
        dag,
        &format!(
            "<p:Client><p:Bsn>999900006</p:Bsn><p:{groep}><p:{een}><p:ToewijzingNummer>T1</p:ToewijzingNummer>\
             {velden}<p:StatusAanlevering>{status}</p:StatusAanlevering></p:{een}></p:{groep}></p:Client>"
        ),
    )
}

#[test]
fn a_stop_that_is_taken_back_is_none_and_one_sent_again_is() {
    let dossier = met_bericht();
    dossier.schrijf("in/start.xml", &startstop("jw305", "S1", "2023-01-02", "1"));
    dossier.schrijf("in/stop.xml", &startstop("jw307", "S2", "2023-01-06", "1"));
    slaagt(&dossier);
    assert!(regels_van(&dossier).contains(&"TW14".to_owned()), "{:?}", regels_van(&dossier));
    dossier.schrijf("in/terug.xml", &startstop("jw307", "S3", "2023-01-07", "3"));
    dossier.controleer(&["--overschrijf"]);
    assert_eq!(regels_van(&dossier), Vec::<String>::new());
    dossier.schrijf("in/toch.xml", &startstop("jw307", "S4", "2023-01-08", "1"));
    dossier.controleer(&["--overschrijf"]);
    assert!(regels_van(&dossier).contains(&"TW14".to_owned()));
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
    let datum = |gebruik: &str| {
        format!("<p:Geboortedatum><ijw:Datum>2003-01-01</ijw:Datum>{gebruik}</p:Geboortedatum>")
    };
    for (geboren, verwacht) in [
        (datum(""), true),
        (datum("<ijw:DatumGebruik>0</ijw:DatumGebruik>"), true),
        (datum("<ijw:DatumGebruik>2</ijw:DatumGebruik>"), false),
        (String::new(), false),
    ] {
        let dossier = met_bericht();
        fs::remove_file(dossier.map().join("toewijzingen.csv")).unwrap();
        dossier.schrijf("in/toewijzing.xml", &jw301(&geboren));
        slaagt(&dossier);
        let gevonden = regels_van(&dossier);
        assert_eq!(gevonden.contains(&"LF01".to_owned()), verwacht, "{geboren}: {gevonden:?}");
    }
}

/// Columns that messages don't carry.
const ZONDER: [&str; 13] = [
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
    let delen: Vec<&str> = datum.split('-').rev().collect();
    delen.join("-")
}

fn centen(bedrag: &str) -> String {
    match bedrag.split_once(',') {
        Some((heel, rest)) => format!("{heel}{rest:0<2}").trim_start_matches('0').to_owned(),
        None if bedrag.is_empty() => String::new(),
        None => format!("{bedrag}00"),
    }
}

fn element(naam: &str, waarde: &str) -> String {
    if waarde.is_empty() { String::new() } else { format!("<{naam}>{waarde}</{naam}>") }
}

fn schrijf_csv(dossier: &Dossier, naam: &str, rijen: &[Bevinding]) {
    let kolommen: Vec<&String> =
        rijen[0].keys().filter(|k| !ZONDER.contains(&k.as_str())).collect();
    let mut tekst = kolommen.iter().map(|k| k.as_str()).collect::<Vec<_>>().join(";") + "\n";
    for rij in rijen {
        tekst += &(kolommen.iter().map(|k| rij[*k].as_str()).collect::<Vec<_>>().join(";") + "\n");
    }
    dossier.schrijf(naam, &tekst);
}

fn als_jw323(rijen: &[&Bevinding], id: &str) -> String {
    let r = rijen[0];
    let mut som = 0_i64;
    let mut clienten = String::new();
    for r in rijen {
        let cent: i64 = centen(&r["IngediendBedrag"]).parse().unwrap();
        som += if r["DebetCredit"] == "C" { -cent } else { cent };
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
    let begin = rijen.iter().map(|r| iso(&r["Begindatum"])).min().unwrap();
    let eind = rijen.iter().map(|r| iso(&r["Einddatum"])).max().unwrap();
    let dc = if som < 0 { "C" } else { "D" };
    let inhoud = format!(
        "<p:Declaratie>{}<p:DeclaratiePeriode>{}{}</p:DeclaratiePeriode>{}<p:TotaalIngediendBedrag>\
         <ijw:TotaalBedrag>{}</ijw:TotaalBedrag><ijw:DebetCredit>{dc}</ijw:DebetCredit></p:TotaalIngediendBedrag>\
         <p:Clienten>{clienten}</p:Clienten></p:Declaratie>",
        element("p:DeclaratieNummer", &r["DeclaratieNummer"]),
        element("ijw:Begindatum", &begin),
        element("ijw:Einddatum", &eind),
        element("p:DeclaratieDagtekening", &iso(&r["DeclaratieDagtekening"])),
        som.abs()
    );
    bericht("jw323", &r["Aanbieder"], &r["Gemeente"], id, &iso(&r["Ontvangstdatum"]), &inhoud)
}

fn als_jw301(r: &Bevinding, id: &str) -> String {
    let omvang = element(
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
    let inhoud = format!(
        "<p:Client>{}{}<p:ToegewezenProducten><p:ToegewezenProduct>{}{}{}{}{}{}{omvang}{}\
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
    bericht("jw301", &r["Gemeente"], &r["Aanbieder"], id, &iso(&r["Toewijzingsdatum"]), &inhoud)
}

fn als_startstop(r: &Bevinding, id: &str) -> String {
    let (soort, groep, een, datum) = match r["Soort"].as_str() {
        "start" => ("jw305", "StartProducten", "StartProduct", "p:Begindatum"),
        _ => ("jw307", "StopProducten", "StopProduct", "p:Einddatum"),
    };
    let inhoud = format!(
        "<p:Client>{}<p:{groep}><p:{een}>{}{}{}<p:StatusAanlevering>1</p:StatusAanlevering></p:{een}></p:{groep}></p:Client>",
        element("p:Bsn", &r["Bsn"]),
        element("p:ToewijzingNummer", &r["ToewijzingNummer"]),
        element("p:RedenBeeindiging", &r["RedenBeeindiging"]),
        element(datum, &iso(&r["Datum"])),
    );
    bericht(soort, &r["Aanbieder"], &r["Gemeente"], id, &iso(&r["Verzonden"]), &inhoud)
}

/// Findings without what must differ between the forms.
fn kern(dossier: &Dossier) -> Vec<Bevinding> {
    let mut rijen = dossier.bevindingen("2023-ijsselland");
    for rij in &mut rijen {
        for kolom in ["Id", "Bestand", "Regelnummer"] {
            rij.remove(kolom);
        }
    }
    rijen.sort();
    rijen
}

#[test]
fn the_sample_dossier_gives_the_same_findings_as_messages_and_as_csv() {
    let (csv, xml) = (Dossier::leeg(), Dossier::leeg());
    for naam in ["aanbieders.csv", "producten.csv", "omzet.csv", "productieverantwoording.csv"] {
        let tekst = fs::read_to_string(Path::new(VOORBEELD).join(naam)).unwrap();
        csv.schrijf(naam, &tekst);
        xml.schrijf(naam, &tekst);
    }
    let lees = |naam: &str| rijen_van(&Path::new(VOORBEELD).join(naam));
    let mut declaraties = Vec::new();
    for naam in ["2022", "2023_h1", "2023_h2", "2023_perceel1"] {
        declaraties.extend(lees(&format!("declaraties_{naam}.csv")));
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
    let mut groepen: BTreeMap<Vec<&str>, Vec<&Bevinding>> = BTreeMap::new();
    for r in &declaraties {
        let sleutel = [
            "Aanbieder",
            "Gemeente",
            "DeclaratieNummer",
            "Ontvangstdatum",
            "DeclaratieDagtekening",
        ];
        groepen.entry(sleutel.iter().map(|k| r[*k].as_str()).collect()).or_default().push(r);
    }
    for (i, groep) in groepen.values().enumerate() {
        xml.schrijf(&format!("jw323/{i:05}.xml"), &als_jw323(groep, &format!("D{i}")));
    }
    schrijf_csv(
        &csv,
        "declaraties.csv",
        &groepen.into_values().flatten().cloned().collect::<Vec<_>>(),
    );
    let toewijzingen = lees("toewijzingen.csv");
    for (i, rij) in toewijzingen.iter().enumerate() {
        xml.schrijf(&format!("jw301/{i:05}.xml"), &als_jw301(rij, &format!("T{i}")));
    }
    schrijf_csv(&csv, "toewijzingen.csv", &toewijzingen);
    let startstop = lees("startstop.csv");
    for (i, rij) in startstop.iter().filter(|r| !r["Verzonden"].is_empty()).enumerate() {
        xml.schrijf(&format!("startstop/{i:05}.xml"), &als_startstop(rij, &format!("S{i}")));
    }
    schrijf_csv(
        &csv,
        "startstop.csv",
        &startstop.into_iter().filter(|r| !r["Verzonden"].is_empty()).collect::<Vec<_>>(),
    );

    let sleutel = csv.sleutel();
    let opties = ["--sleutel", sleutel.as_str(), "--zonder", "JW13,JW14,JW16"];
    for dossier in [&csv, &xml] {
        let uitkomst = dossier.controleer(&opties);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    }
    let (van_csv, van_xml) = (kern(&csv), kern(&xml));
    assert!(van_csv.len() > 100, "{} findings", van_csv.len());
    for (a, b) in van_csv.iter().zip(&van_xml) {
        assert_eq!(a, b);
    }
    assert_eq!(van_csv.len(), van_xml.len());
    let totalen = |d: &Dossier| d.samenvatting("2023-ijsselland")["aansluiting"].clone();
    assert_eq!(totalen(&csv), totalen(&xml));
}

#[test]
fn messages_and_csv_make_one_dossier() {
    let dossier = Dossier::minimaal();
    let los = ("R9", "", "999900006", "T9", "45T01", "2023-01-31", 10_800, "D");
    dossier.schrijf("a.xml", &jw323("B1", "D1", (10_801, "D"), &[los]));
    let uitkomst = dossier.controleer_met_samenvatting(&[]);
    assert!(uitkomst.stdout.contains("Declaraties: 4 gelezen = 4 aanvaard"), "{}", uitkomst.stdout);
    let mut gevonden = regels_van(&dossier);
    gevonden.sort();
    assert_eq!(gevonden, ["JW14", "TW01"]);
}

/// Lines and euros of a step of the Aansluiting.
fn stap(dossier: &Dossier, sleutel: &str) -> (u64, String) {
    let samenvatting = dossier.samenvatting("2023-ijsselland");
    let stappen = samenvatting["aansluiting"]["stappen"].as_array().expect("a list of steps");
    let stap = stappen.iter().find(|s| s["stap"] == sleutel).expect("a step of this name");
    (stap["regels"].as_u64().expect("a number of lines"), stap["bedrag"].to_string())
}

/// A JW325 of 0150 to 99000001 about message `over` with declaration `nummer`: return codes of the
/// header, of the declaration, and of each prestatie.
fn jw325(
    id: &str,
    (over, nummer): (&str, &str),
    kop: &str,
    geheel: Option<&str>,
    prestaties: &[(&str, &str)],
) -> String {
    let codes = |codes: &str| {
        let codes = codes.split(' ').fold(String::new(), |mut alle, code| {
            write!(alle, "<p:RetourCode>{code}</p:RetourCode>").unwrap();
            alle
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
    let antwoord = geheel.map_or(String::new(), |geheel| {
        format!(
            "<p:DeclaratieAntwoord><p:DeclaratieNummer>{nummer}</p:DeclaratieNummer>{clienten}{}\
             </p:DeclaratieAntwoord>",
            codes(geheel)
        )
    });
    let over = format!(
        "<jw325:DeclaratieIdentificatie><ijw:Identificatie>{over}</ijw:Identificatie>\
         <ijw:Dagtekening>2023-02-10</ijw:Dagtekening></jw325:DeclaratieIdentificatie>{}",
        codes(kop).replace("p:", "jw325:")
    );
    bericht("jw325", "0150", "99000001", id, "2023-02-20", &antwoord)
        .replace("</jw325:Header>", &format!("{over}</jw325:Header>"))
}

#[test]
fn what_the_gemeente_refused_is_not_live_and_is_counted() {
    let twee = jw323("B1", "D1", (16_200, "D"), &[R1, R2]);
    let r2: &[(&str, &str)] = &[("R2", "9338 9341")];
    for (wat, antwoord, afgewezen) in [
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
        let dossier = met_bericht();
        dossier.schrijf("in/goed.xml", &twee);
        dossier.schrijf("uit/antwoord.xml", &antwoord);
        slaagt(&dossier);
        assert_eq!(stap(&dossier, "aanvaard_debet").0, 2, "{wat}");
        assert_eq!(stap(&dossier, "afgewezen").0, afgewezen, "{wat}");
        assert_eq!(stap(&dossier, "levend").0, 2 - afgewezen, "{wat}");
        // Two lines of one delivery: JW04 as long as both are live.
        let dubbel = regels_van(&dossier).contains(&"JW04".to_owned());
        assert_eq!(dubbel, afgewezen == 0, "{wat}");
    }
}

#[test]
fn a_refused_credit_takes_nothing_back_and_a_refused_debit_is_no_credits_first_choice() {
    let debet = jw323("B1", "D1", (10_800, "D"), &[R1]);
    let credit: Prestatie<'_> = ("C1", "R1", "999900006", "T1", "45T01", "2023-01-31", 10_800, "C");
    let dossier = met_bericht();
    dossier.schrijf("in/goed.xml", &debet);
    dossier.schrijf("in/terug.xml", &jw323("B2", "D2", (10_800, "C"), &[credit]));
    slaagt(&dossier);
    assert_eq!((stap(&dossier, "levend").0, stap(&dossier, "teruggenomen").0), (0, 1));
    let nee = jw325("A", ("B2", "D2"), "0200", Some("0200"), &[("C1", "9307")]);
    dossier.schrijf("uit/antwoord.xml", &nee);
    dossier.controleer(&["--overschrijf"]);
    assert_eq!((stap(&dossier, "levend").0, stap(&dossier, "teruggenomen").0), (1, 0));
    assert_eq!(stap(&dossier, "credit_afgewezen").0, 1);
    assert_eq!(regels_van(&dossier), Vec::<String>::new());
}

#[test]
fn an_answer_to_declarations_in_csv_is_matched_by_its_numbers() {
    let dossier = Dossier::minimaal();
    let csv = fs::read_to_string(dossier.map().join("declaraties.csv")).unwrap();
    let met_nummer: Vec<String> = csv
        .lines()
        .enumerate()
        .map(|(i, l)| format!("{};{l}", if i == 0 { "DeclaratieNummer" } else { "D1" }))
        .collect();
    for (wat, tekst, nummer, afgewezen) in [
        ("without a number", csv.clone(), "D1", 1),
        ("with its number", met_nummer.join("\n"), "D1", 1),
        ("with another number", met_nummer.join("\n"), "D2", 0),
    ] {
        dossier.schrijf("declaraties.csv", &tekst);
        let antwoord = jw325("A", ("B1", nummer), "0200", Some("0200"), &[("R1", "9338")]);
        dossier.schrijf("antwoord.xml", &antwoord);
        dossier.controleer(&["--overschrijf"]);
        assert_eq!(stap(&dossier, "afgewezen").0, afgewezen, "{wat}");
    }
    let uitkomst = dossier.controleer_met_samenvatting(&["--overschrijf"]);
    assert!(
        uitkomst.stdout.contains("1 prestatie die een antwoord (JW325) afwijst")
            || uitkomst.stderr.contains("1 prestatie die een antwoord (JW325) afwijst"),
        "{}{}",
        uitkomst.stdout,
        uitkomst.stderr
    );
}

/// A zip of these files.
#[test]
fn messages_audited_in_parts_give_the_same_bytes() {
    let dossier = met_bericht();
    dossier.schrijf("in/dubbel.xml", &goed());
    dossier.schrijf("in/kapot.xml", &goed().replace("</jw323:Bericht>", ""));
    let credit = ("R3", "R2", "999900006", "T1", "45T01", "2023-01-31", 5_400, "C");
    dossier.schrijf("in/credit.xml", &jw323("B2", "D1", (9_999, "C"), &[credit, R1]));
    // Both on one line of the file: only their order in it tells them apart.
    let op_een_regel = jw323("D3", "N3", (16_200, "D"), &[R1, R2]).replace('\n', "");
    dossier.schrijf("in/een-regel.xml", &op_een_regel);
    for (naam, soort, dag, status) in [
        ("start", "jw305", "2023-01-02", "1"),
        ("stop", "jw307", "2023-01-06", "1"),
        ("terug", "jw307", "2023-01-07", "3"),
        ("toch", "jw307", "2023-02-28", "1"),
    ] {
        dossier.schrijf(&format!("in/{naam}.xml"), &startstop(soort, naam, dag, status));
    }
    dossier.schrijf(
        "startstop.csv",
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Soort;Datum;Verzonden\n\
         T2;0193;99000001;999900018;start;2023-01-02;2023-03-01\n",
    );
    let antwoorden = [
        ("A1", ("D3", "N3"), &[("R1", "9308"), ("R9", "9308")][..]),
        ("A2", ("D8", "N8"), &[("R1", "9308")][..]),
    ];
    for (id, over, prestaties) in antwoorden {
        let antwoord = jw325(id, over, "0200", Some("0200"), prestaties);
        dossier.schrijf(&format!("in/antwoord-{id}.xml"), &antwoord);
    }
    dossier.schrijf("declaraties.csv", &format!("{}{}", crate::hulp::KOP, crate::hulp::RIJEN));
    slaagt(&dossier);
    let regels = regels_van(&dossier);
    for regel in ["JW01", "JW13", "JW14", "TW16"] {
        assert!(regels.contains(&regel.to_owned()), "{regel} not in {regels:?}");
    }
    crate::delen::heel_en_in_delen(&dossier.map(), &["--jaar", "2023"], "2023-ijsselland", &[1, 3]);
}

fn zip_van(delen: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (naam, bytes) in delen {
        zip.start_file(*naam, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_zip_is_read_as_a_folder() {
    let los = Dossier::minimaal();
    los.schrijf("map/B1.xml", &jw323("B1", "D1", (5_400, "D"), &[R2]));
    slaagt(&los);
    let gepakt = Dossier::leeg();
    let lees = |naam: &str| fs::read(los.map().join(naam)).unwrap();
    let zip = zip_van(&[
        ("aanbieders.csv", &lees("aanbieders.csv")),
        ("in/toewijzingen.csv", &lees("toewijzingen.csv")),
        ("in/B1.xml", &lees("map/B1.xml")),
        ("in/kapot.xml", b"<x"),
        ("__MACOSX/B1.xml", b"niets"),
        ("in/.verborgen.xml", b"niets"),
        ("declaraties.csv", &lees("declaraties.csv")),
    ]);
    gepakt.schrijf_bytes("export.zip", &zip);
    let uitkomst = gepakt.controleer_met_samenvatting(&[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let kern = |d: &Dossier| {
        d.bevindingen("2023-ijsselland")
            .into_iter()
            .map(|b| (b["Regel"].clone(), b["ReferentieNummer"].clone(), b["Regelnummer"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(kern(&gepakt), kern(&los));
    assert!(!kern(&los).is_empty());
    let bestand = &gepakt.bevindingen("2023-ijsselland")[0]["Bestand"];
    assert!(bestand.starts_with("export.zip/"), "{bestand}");
    let alles = format!("{}{}", uitkomst.stdout, uitkomst.stderr);
    assert!(alles.contains("export.zip/in/kapot.xml"), "{alles}");
}

#[test]
fn a_zip_that_is_broken_or_locked_stops_the_run() {
    let dossier = Dossier::minimaal();
    let heel = zip_van(&[("a.xml", goed().as_bytes())]);
    dossier.schrijf_bytes("export.zip", &heel[..heel.len() - 30]);
    dossier.controleer(&[]).weigert(3, &["export.zip", "beschadigd"]);
    let mut slot = heel.clone();
    // The flag of encryption, in the file's own header and in the directory at the end.
    let directory = slot.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    slot[6] |= 1;
    slot[directory + 8] |= 1;
    dossier.schrijf_bytes("export.zip", &slot);
    dossier.controleer(&[]).weigert(3, &["export.zip", "wachtwoord"]);
    let mut omgevallen = heel;
    let plaats = omgevallen.windows(4).position(|w| w == b"Bsn>").unwrap_or(60);
    omgevallen[plaats.max(60)] ^= 0x55;
    dossier.schrijf_bytes("export.zip", &omgevallen);
    let uitkomst = dossier.controleer_met_samenvatting(&["--overschrijf"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let alles = format!("{}{}", uitkomst.stdout, uitkomst.stderr);
    assert!(alles.contains("export.zip/a.xml"), "{alles}");
}

/// `antwoord` on this dossier, in a folder beside it.
fn antwoord(dossier: &Dossier, opties: &[&str]) -> crate::hulp::Uitkomst {
    let uit = dossier.uit();
    crate::hulp::Uitkomst::van(
        crate::hulp::programma()
            .arg("antwoord")
            .arg(dossier.map())
            .arg("--uit")
            .arg(&uit)
            .args(["--dagtekening", "2023-03-01", "--overschrijf"])
            .args(opties),
    )
}

fn antwoord_op(dossier: &Dossier, nummer: &str) -> String {
    fs::read_to_string(dossier.uit().join(format!("antwoorden/JW325-{nummer}.xml"))).unwrap()
}

/// What stands in an element, by its local name, each time that it comes.
fn waarden<'x>(xml: &'x str, naam: &str) -> Vec<&'x str> {
    xml.split(&format!(":{naam}>"))
        .collect::<Vec<_>>()
        .chunks(2)
        .filter_map(|paar| paar.get(1))
        .filter_map(|tekst| tekst.split_once("</").map(|(waarde, _)| waarde))
        .collect()
}

#[test]
fn an_answer_to_a_lawful_message_grants_all_of_it() {
    let dossier = met_bericht();
    let uitkomst = antwoord(&dossier, &[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let xml = antwoord_op(&dossier, "00001");
    assert!(xml.contains("http://www.istandaarden.nl/ijw/3_2/jw325/schema"), "{xml}");
    assert_eq!(waarden(&xml, "BerichtCode"), ["491"]);
    assert_eq!(
        (waarden(&xml, "Afzender"), waarden(&xml, "Ontvanger")),
        (vec!["0150"], vec!["99000001"])
    );
    let identificaties = waarden(&xml, "Identificatie");
    assert_eq!((identificaties[0].len(), identificaties[1]), (12, "B1"));
    assert_eq!(waarden(&xml, "Dagtekening"), ["2023-03-01", "2023-02-10"]);
    assert_eq!(waarden(&xml, "RetourCode"), ["0200", "8001"]);
    assert_eq!(waarden(&xml, "TotaalBedrag"), ["10800", "10800"]);
    assert!(!xml.contains("Clienten"), "{xml}");
}

#[test]
fn a_prestatie_with_a_fout_is_refused_whole_with_the_codes_of_its_rules() {
    let dossier = met_bericht();
    // R2 is on a toewijzing that doesn't exist.
    let ander = ("R2", "", "999900006", "T9", "45T01", "2023-01-31", 5_400, "D");
    dossier.schrijf("in/goed.xml", &jw323("B1", "D1", (16_200, "D"), &[R1, ander]));
    let uitkomst = antwoord(&dossier, &[]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let xml = antwoord_op(&dossier, "00001");
    assert_eq!(waarden(&xml, "ReferentieNummer"), ["R2"]);
    // Header, prestatie, its jeugdige, the declaration.
    assert_eq!(waarden(&xml, "RetourCode"), ["0200", "9338", "0200", "0200"]);
    assert_eq!(waarden(&xml, "TotaalBedrag"), ["16200", "10800"]);
    assert_eq!(waarden(&xml, "Bsn"), ["999900006"]);
    assert_eq!(waarden(&xml, "GeleverdVolume"), ["100"]);
    let zonder = antwoord(&dossier, &["--zonder", "TW01"]);
    assert_eq!(zonder.status, 0, "{}", zonder.stderr);
    assert_eq!(waarden(&antwoord_op(&dossier, "00001"), "RetourCode"), ["0200", "8001"]);
}

#[test]
fn our_answer_read_back_refuses_the_same_prestaties() {
    let dossier = met_bericht();
    let ander = ("R2", "", "999900006", "T9", "45T01", "2023-01-31", 5_400, "D");
    dossier.schrijf("in/goed.xml", &jw323("B1", "D1", (16_200, "D"), &[R1, ander]));
    antwoord(&dossier, &[]);
    dossier.schrijf("terug/JW325.xml", &antwoord_op(&dossier, "00001"));
    slaagt(&dossier);
    assert_eq!((stap(&dossier, "levend").0, stap(&dossier, "afgewezen").0), (1, 1));
    assert!(fouten(&dossier).is_empty());
    // What is answered is not answered again.
    let uitkomst = antwoord(&dossier, &[]);
    assert!(uitkomst.stdout.contains("geen antwoord         1"), "{}", uitkomst.stdout);
}

#[test]
fn a_used_declaration_number_refuses_the_declaration_and_a_wrong_total_the_message() {
    let dossier = met_bericht();
    let tweede = ("R3", "", "999900006", "T1", "45T01", "2023-01-31", 10_800, "D");
    dossier.schrijf("in/nog.xml", &jw323("B2", "D1", (10_800, "D"), &[tweede]));
    dossier.schrijf("in/totaal.xml", &jw323("B3", "D3", (1, "D"), &[R2]));
    let uitkomst = antwoord(&dossier, &["--zonder", "JW04"]);
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let dubbel = antwoord_op(&dossier, "00002");
    assert_eq!(waarden(&dubbel, "RetourCode"), ["0200", "9333"]);
    assert_eq!(waarden(&dubbel, "TotaalBedrag"), ["10800", "0"]);
    assert!(!dubbel.contains("Clienten"));
    let totaal = antwoord_op(&dossier, "00003");
    assert_eq!(waarden(&totaal, "RetourCode"), ["0001"]);
    assert!(!totaal.contains("DeclaratieAntwoord>"), "{totaal}");
}

#[test]
fn nothing_is_refused_on_what_the_sender_could_not_know_or_a_person_must_judge() {
    let dossier = met_bericht();
    let kop = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum\n";
    let eerst = "T1;0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31\n";
    // The message is of 10 February; the term was cut short before it, and after it.
    for (versie, retour) in
        [("2023-02-10", vec!["0200", "9308", "0200", "0200"]), ("2023-02-11", vec!["0200", "8001"])]
    {
        let later = format!("T1;0150;99000001;999900006;{versie};2023-01-01;2023-01-15\n");
        dossier.schrijf("toewijzingen.csv", &format!("{kop}{eerst}{later}"));
        let uitkomst = antwoord(&dossier, &[]);
        assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
        assert_eq!(waarden(&antwoord_op(&dossier, "00001"), "RetourCode"), retour, "{versie}");
    }
    let rijen = rijen_van(&dossier.uit().join("antwoorden/niet-afgewezen.csv"));
    let tw06 = rijen.iter().find(|r| r["Regel"] == "TW06").expect("TW06 is told");
    assert!(tw06["Waarom"].contains("OP095"), "{tw06:?}");
    // JW06 is a signaal: its code exists, but it refuses nothing.
    assert!(
        rijen.iter().any(|r| r["Regel"] == "JW06" && r["Waarom"].contains("signaal")),
        "{rijen:?}"
    );
}

#[test]
fn without_messages_there_is_nothing_to_answer() {
    let dossier = Dossier::minimaal();
    antwoord(&dossier, &[]).weigert(3, &["geen declaratieberichten"]);
    dossier.schreef_niets();
}
