//! What real exports have now and then, in one small dossier that can be checked by hand.

use crate::hulp::Dossier;

const AANBIEDERS: &str = "\
Aanbieder;Naam;Perceel
99000001;De Linde;1
99000002;De Es;2
99000003;De Eik;2
";

/// Three levels: the aanbieder's own row goes before the perceel's, that before the general one.
const TARIEVEN: &str = "\
Jaar;Tariefsleutel;Perceel;Aanbieder;Eenheid;Tarief
2024;TG1;;;01;1,20
2024;TG1;2;;01;1,30
2024;TG1;;99000003;01;1,40
";

/// 100 exists in two gemeenten; 300 has two versions of one date, of which the one that ends last
/// holds; 200 begins on 29 February 2020, so that its fifth year begins on 29 February 2024; 400
/// ends on 29 February.
const TOEWIJZINGEN: &str = "\
ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode;Volume;Eenheid;Frequentie;Budget;Geboortedatum;Budgetsoort
100;0150;99000001;999900006;15-12-2023;01-01-2024;31-12-2024;45;45T01;1000;01;4;;29-02-2012;
100;0193;99000002;999900018;15-12-2023;01-01-2024;31-12-2024;45;45T01;1000;01;4;;;
200;0150;99000003;999900031;01-03-2020;29-02-2020;;45;;;;;1000,00;;duurzaam
300;0150;99000001;999900006;15-12-2023;01-01-2024;30-06-2024;45;45T01;;;;;;
300;0150;99000001;999900006;15-12-2023;01-01-2024;31-12-2024;45;45T01;;;;;;
400;0150;99000001;999900006;15-12-2023;01-02-2024;29-02-2024;45;45T01;;;;;;
";

const HEADER: &str = "ReferentieNummer;VorigReferentieNummer;Ontvangstdatum;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;DebetCredit\n";

/// In order: an ordinary line of 2,5 minutes; the perceel's tariff; three lines on a year's budget
/// of € 1.000 (the first received 91 days after 29 February, the second 90 days, the third passes
/// the budget by € 8); an empty Ontvangstdatum; an empty ProductTarief; volume 0; a reversed
/// period; one of two months; a whole toewijzing up to 29 February, received 30 days later; and
/// the same toewijzing after its end.
const FIRST_HALF: &str = "\
A-01;;10-02-2024;0150;99000001;999900006;100;45;45T01;01-01-2024;31-01-2024;2,5;01;1,20;3,00;
A-02;;10-02-2024;0193;99000002;999900018;100;45;45T01;01-01-2024;31-01-2024;10;01;1,30;13,00;D
B-01;;30-05-2024;0150;99000003;999900031;200;45;45T01;01-02-2024;28-02-2024;100;01;1,40;140,00;D
B-02;;29-05-2024;0150;99000003;999900031;200;45;45T01;29-02-2024;29-02-2024;700;01;1,40;980,00;D
B-03;;10-04-2024;0150;99000003;999900031;200;45;45T01;01-03-2024;31-03-2024;20;01;1,40;28,00;D
A-03;;;0150;99000001;999900006;100;45;45T01;01-02-2024;29-02-2024;10;01;1,20;12,00;D
A-04;;10-04-2024;0150;99000001;999900006;100;45;45T01;01-03-2024;31-03-2024;10;01;;12,00;D
A-05;;10-05-2024;0150;99000001;999900006;100;45;45T01;01-04-2024;30-04-2024;0;01;1,20;0,00;D
A-06;;10-06-2024;0150;99000001;999900006;100;45;45T01;31-05-2024;01-05-2024;10;01;1,20;12,00;D
A-07;;10-08-2024;0150;99000001;999900006;100;45;45T01;15-06-2024;14-07-2024;10;01;1,20;12,00;D
A-08;;30-03-2024;0150;99000001;999900006;400;45;45T01;01-02-2024;29-02-2024;10;01;1,20;12,00;D
A-09;;10-04-2024;0150;99000001;999900006;400;45;45T01;01-03-2024;31-03-2024;10;01;1,20;12,00;D
";

/// An aanbieder in no list, on another's toewijzing, ten cents above the general tariff; a number
/// used twice, with one credit line that takes back the second; a line on the version in force;
/// a number that two other gemeenten have, and one that one other has.
const SECOND_HALF: &str = "\
C-01;;10-09-2024;0150;99000009;999900006;100;45;45T01;01-08-2024;31-08-2024;10;01;1,30;13,00;D
A-10;;10-10-2024;0150;99000001;999900006;100;45;45T01;01-09-2024;30-09-2024;10;01;1,20;12,00;D
A-10;;10-11-2024;0150;99000001;999900006;100;45;45T01;01-10-2024;31-10-2024;10;01;1,20;12,00;D
A-11;A-10;10-11-2024;0150;99000001;999900006;100;45;45T01;01-10-2024;31-10-2024;10;01;1,20;12,00;C
A-12;;10-10-2024;0150;99000001;999900006;300;45;45T01;01-09-2024;30-09-2024;10;01;1,20;12,00;D
A-13;;10-10-2024;0166;99000001;999900006;100;45;45T01;01-09-2024;30-09-2024;10;01;1,20;12,00;D
A-14;;10-10-2024;0166;99000001;999900006;300;45;45T01;01-09-2024;30-09-2024;10;01;1,20;12,00;D
";

#[test]
fn what_exports_have_now_and_then_is_read_and_judged_as_the_specification_says() {
    let dossier = Dossier::empty();
    dossier.write("aanbieders.csv", AANBIEDERS);
    dossier.write("tarieven.csv", TARIEVEN);
    dossier.write("toewijzingen.csv", TOEWIJZINGEN);
    dossier.write("declaraties_1.csv", &format!("{HEADER}{FIRST_HALF}"));
    dossier.write("declaraties_2.csv", &format!("{HEADER}{SECOND_HALF}"));
    let outcome = dossier.controleer(&["--jaar", "2024"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);

    let found: Vec<String> = dossier
        .bevindingen("2024-ijsselland")
        .iter()
        .map(|b| {
            let over = [&b["ReferentieNummer"], &b["ToewijzingNummer"], &b["Aanbieder"]];
            let over = over.into_iter().find(|t| !t.is_empty()).expect("a finding has a subject");
            format!("{} {} {over} {}", b["Regel"], b["Ernst"], b["BedragInGeding"])
        })
        .collect();
    let expected = [
        "TL01 onzekerheid B-01 140,00",
        "TL03 signaal 99000003 980,00",
        "BU01 fout B-03 8,00",
        "BU06 signaal 200 ",
        "TW01 fout A-13 12,00",
        "TW03 fout C-01 13,00",
        "TW04 fout A-14 12,00",
        "TW06 fout A-09 12,00",
        "TW18 signaal 100 ",
        "TW18 signaal 300 ",
        "TW18 signaal 400 ",
        "TW18 signaal 100 ",
        "TW24 signaal 300 ",
        "TW24 signaal 400 ",
        "TF01 onzekerheid C-01 1,00",
        "TF03 onzekerheid C-01 13,00",
        "TF07 signaal 99000002 ",
        "TF07 signaal 99000003 ",
        "JW01 fout A-10 12,00",
        "JW05 signaal A-07 12,00",
        "JW05 signaal B-02 980,00",
        "JW06 signaal A-07 12,00",
        "JW06 signaal A-09 12,00",
        "JW06 signaal B-01 140,00",
        "JW07 fout A-07 12,00",
        "JW09 fout A-06 12,00",
    ];
    assert_eq!(found, expected);

    // What could not be tested is counted with its reason, and is no finding.
    let not_tested = |regel: &str| -> Vec<(String, u64)> {
        let samenvatting = dossier.samenvatting("2024-ijsselland");
        let regels = samenvatting["regels"].as_array().unwrap().clone();
        let sought = regels.iter().find(|r| r["regel"] == regel).unwrap();
        sought["niet_getoetst"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| (n["reden"].as_str().unwrap().to_owned(), n["aantal"].as_u64().unwrap()))
            .collect()
    };
    assert_eq!(not_tested("TL01"), [("geen Ontvangstdatum".to_owned(), 1)]);
    assert_eq!(not_tested("TF01"), [("geen ProductTarief".to_owned(), 1)]);
    assert!(not_tested("TW11").contains(&("volume is 0".to_owned(), 1)));
    assert!(not_tested("TW11").contains(&("geen toewijzing gevonden".to_owned(), 1)));
    assert_eq!(not_tested("BU04"), [("kolom Verwijzer ontbreekt".to_owned(), 5)]);

    // Every row is accounted for: 19 read, 1 credit with its debit, 1 reversed, 16 audited.
    let aansluiting = &dossier.samenvatting("2024-ijsselland")["aansluiting"];
    let step = |name: &str| {
        let steps = aansluiting["stappen"].as_array().unwrap();
        steps.iter().find(|s| s["stap"] == name).unwrap()["regels"].as_u64().unwrap()
    };
    assert_eq!(aansluiting["gelezen"], 19);
    assert_eq!(
        ["aanvaard_debet", "teruggenomen", "levend", "omgekeerd", "getoetst"].map(step),
        [18, 1, 17, 1, 16]
    );
}
