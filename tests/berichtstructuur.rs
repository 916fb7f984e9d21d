//! Every message that the program writes has the structure of the national standard: which elements,
//! in which order, how often, and what stands in them (iJw 3.2).

use crate::hulp::{Dossier, ProgramOutput, program};
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use std::fs;
use std::path::Path;

/// The elements of each kind of message that the program writes, those in one another indented:
/// `?` may be absent, `+` comes once or more, `ijw:` is of the basisschema. Behind a value stands its
/// type. Elements that the program never writes are left out.
const STRUCTURE: &str = "
JW301
  Header
    BerichtCode =436
    BerichtVersie =3
    BerichtSubversie =2
    Afzender gemeente
    Ontvanger agb
    BerichtIdentificatie
      ijw:Identificatie text12
      ijw:Dagtekening date
    XsdVersie
      ijw:BasisschemaXsdVersie version
      ijw:BerichtXsdVersie version
  Client
    Bsn bsn
    Geboortedatum
      ijw:Datum date
    Geslacht =0|1|2
    Naam
      ijw:Geslachtsnaam
        ijw:Achternaam text200
      ijw:NaamGebruik =1|2|3|4|5|6
    Contactgegevens
      Contact+
        Soort =01|02|03|04
    ToegewezenProducten
      ToegewezenProduct+
        ToewijzingNummer number
        Product?
          ijw:Categorie categorie
          ijw:Code? text5
        Toewijzingsdatum date
        Toewijzingstijd time
        Ingangsdatum date
        Einddatum? date
        RedenWijziging? =01|02|03|04|05|06|07|08|09|10|11|12|13|14
        Omvang?
          ijw:Volume amount
          ijw:Eenheid eenheid
          ijw:Frequentie =1|2|4|6
        Budget? amount
JW305
  Header
    BerichtCode =438
    BerichtVersie =3
    BerichtSubversie =2
    Afzender agb
    Ontvanger gemeente
    BerichtIdentificatie
      ijw:Identificatie text12
      ijw:Dagtekening date
    XsdVersie
      ijw:BasisschemaXsdVersie version
      ijw:BerichtXsdVersie version
  Client
    Bsn bsn
    Geboortedatum
      ijw:Datum date
    Geslacht =0|1|2
    Naam
      ijw:Geslachtsnaam
        ijw:Achternaam text200
    StartProducten
      StartProduct+
        ToewijzingNummer? number
        ToewijzingIngangsdatum? date
        Begindatum date
        StatusAanlevering =1|2|3|9
JW307
  Header
    BerichtCode =440
    BerichtVersie =3
    BerichtSubversie =2
    Afzender agb
    Ontvanger gemeente
    BerichtIdentificatie
      ijw:Identificatie text12
      ijw:Dagtekening date
    XsdVersie
      ijw:BasisschemaXsdVersie version
      ijw:BerichtXsdVersie version
  Client
    Bsn bsn
    Geboortedatum
      ijw:Datum date
    Geslacht =0|1|2
    Naam
      ijw:Geslachtsnaam
        ijw:Achternaam text200
    StopProducten
      StopProduct+
        ToewijzingNummer? number
        ToewijzingIngangsdatum? date
        Begindatum date
        RedenBeeindiging =02|20|31|32|33|34|35|36|37|38|39
        Einddatum date
        StatusAanlevering =1|2|3|9
JW323
  Header
    BerichtCode =490
    BerichtVersie =3
    BerichtSubversie =2
    Afzender agb
    Ontvanger gemeente
    BerichtIdentificatie
      ijw:Identificatie text12
      ijw:Dagtekening date
    XsdVersie
      ijw:BasisschemaXsdVersie version
      ijw:BerichtXsdVersie version
  Declaratie
    DeclaratieNummer declaratienummer
    DeclaratiePeriode
      ijw:Begindatum date
      ijw:Einddatum date
    DeclaratieDagtekening date
    TotaalIngediendBedrag
      ijw:TotaalBedrag total
      ijw:DebetCredit =D|C
    Clienten
      Client+
        Bsn bsn
        Prestaties
          Prestatie+
            ProductReferentie
              ijw:ReferentieNummer text20
              ijw:VorigReferentieNummer? text20
            ToewijzingNummer number
            ProductCategorie categorie
            ProductCode text5
            ProductPeriode
              ijw:Begindatum date
              ijw:Einddatum date
            GeleverdVolume amount
            Eenheid eenheid
            ProductTarief? amount
            IngediendBedrag
              ijw:Bedrag amount
              ijw:DebetCredit =D|C
JW325
  Header
    BerichtCode =491
    BerichtVersie =3
    BerichtSubversie =2
    Afzender gemeente
    Ontvanger agb
    BerichtIdentificatie
      ijw:Identificatie text12
      ijw:Dagtekening date
    XsdVersie
      ijw:BasisschemaXsdVersie version
      ijw:BerichtXsdVersie version
    DeclaratieIdentificatie
      ijw:Identificatie text12
      ijw:Dagtekening date
    XsdVersieDeclaratie
      ijw:BasisschemaXsdVersie version
      ijw:BerichtXsdVersie version
    RetourCodes
      RetourCode+ retourcode
  DeclaratieAntwoord?
    DeclaratieNummer text12
    TotaalIngediendBedrag
      ijw:TotaalBedrag total
      ijw:DebetCredit =D|C
    TotaalToegekendBedrag
      ijw:TotaalBedrag total
      ijw:DebetCredit =D|C
    Clienten?
      Client+
        Bsn bsn
        Prestaties
          Prestatie+
            ProductReferentie
              ijw:ReferentieNummer text20
              ijw:VorigReferentieNummer? text20
            ToewijzingNummer number
            ProductCategorie categorie
            ProductCode text5
            ProductPeriode
              ijw:Begindatum date
              ijw:Einddatum date
            GeleverdVolume amount
            Eenheid eenheid
            ProductTarief? amount
            IngediendBedrag
              ijw:Bedrag amount
              ijw:DebetCredit =D|C
            RetourCodes
              RetourCode+ retourcode
        RetourCodes
          RetourCode+ retourcode
    RetourCodes
      RetourCode+ retourcode
";

/// Codes of WJ001 that a rule of ours can give, and those that stand for "no remark" and the like.
const RETOURCODES: [&str; 26] = [
    "0001", "0200", "0233", "0611", "8001", "8017", "8021", "8187", "9307", "9308", "9319", "9321",
    "9322", "9333", "9338", "9339", "9340", "9341", "9346", "9369", "9384", "9387", "9388", "9389",
    "9390", "S329",
];

/// Does this text have this type?
fn fits(kind: &str, text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let below = |most: u64| digits && text.parse::<u64>().is_ok_and(|n| n <= most);
    let shape = |form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(b, f)| match f {
                b'9' => b.is_ascii_digit(),
                f => b == f,
            })
    };
    if let Some(codes) = kind.strip_prefix('=') {
        return codes.split('|').any(|code| code == text);
    }
    if let Some(most) = kind.strip_prefix("text") {
        let most: usize = most.parse().expect("a number of characters");
        return !text.trim().is_empty() && text.chars().count() <= most;
    }
    match kind {
        "gemeente" => shape("9999"),
        "agb" => shape("99999999"),
        "bsn" => shape("999999999"),
        "date" => shape("9999-99-99"),
        "time" => shape("99:99:99"),
        "number" => below(999_999_999),
        "amount" => below(99_999_999),
        "total" => below(999_999_999_999),
        "version" => {
            let parts: Vec<&str> = text.split('.').collect();
            let number = |p: &&str| p.parse::<u32>().is_ok_and(|n| n.to_string() == **p);
            parts.len() == 3 && parts.iter().all(number)
        }
        "declaratienummer" => {
            (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
        }
        "categorie" => {
            text.parse().is_ok_and(|n: u8| (31..=38).contains(&n) || (40..=55).contains(&n))
        }
        "eenheid" => ["01", "04", "14", "16", "82", "83", "84"].contains(&text),
        "retourcode" => RETOURCODES.contains(&text) || text == "S300",
        _ => panic!("no type {kind}"),
    }
}

/// An element of the table.
struct Element<'t> {
    name: &'t str,
    optional: bool,
    many: bool,
    /// Empty where it holds elements.
    kind: &'t str,
    children: Vec<Element<'t>>,
}

/// The elements at this depth and below, from the front of `lines`.
fn elements<'t>(lines: &mut &[&'t str], depth: usize) -> Vec<Element<'t>> {
    let mut out = Vec::new();
    while let Some((line, rest)) = lines.split_first()
        && line.len() - line.trim_start().len() == depth * 2
    {
        *lines = rest;
        let mut words = line.split_whitespace();
        let (name, kind) = (words.next().expect("a name"), words.next().unwrap_or_default());
        out.push(Element {
            name: name.trim_end_matches(['?', '+']),
            optional: name.ends_with('?'),
            many: name.ends_with('+'),
            kind,
            children: elements(lines, depth + 1),
        });
    }
    out
}

/// An element of a message: its name as the table has it, what it holds and what it says.
#[derive(Default)]
struct Node {
    name: String,
    children: Vec<Node>,
    text: String,
}

/// The kind of message and its root.
fn tree(xml: &str) -> (String, Node) {
    let base = "http://www.istandaarden.nl/ijw/3_2/";
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut kind = String::new();
    let mut open = vec![Node::default()];
    loop {
        match reader.read_resolved_event().expect("well-formed XML") {
            (ResolveResult::Bound(room), Event::Start(e)) => {
                let of = room.0.strip_prefix(base).and_then(|r| r.strip_suffix("/schema"));
                let of = of.expect("a namespace of iJw 3.2");
                if open.len() == 1 {
                    kind = of.to_uppercase();
                }
                let prefix = if of == "basisschema" { "ijw:" } else { "" };
                assert!(prefix == "ijw:" || of == kind.to_lowercase(), "{of} in a {kind}");
                let name = format!("{prefix}{}", e.local_name().as_ref());
                open.push(Node { name, ..Node::default() });
            }
            (_, Event::End(_)) => {
                let node = open.pop().expect("an open element");
                open.last_mut().expect("the document").children.push(node);
            }
            (_, Event::Text(t)) => open.last_mut().expect("the document").text.push_str(&t),
            (_, Event::Eof) => break,
            (_, Event::Decl(_)) => {}
            (_, other) => panic!("{other:?} in a message"),
        }
    }
    let mut document = open.pop().expect("the document");
    assert_eq!(document.children.len(), 1);
    (kind, document.children.remove(0))
}

/// What is wrong with the content of an element, if anything.
fn fault(node: &Node, children: &[Element<'_>], path: &str) -> Option<String> {
    let mut rest = node.children.as_slice();
    for element in children {
        let here = rest.iter().take_while(|n| n.name == element.name).count();
        let path = format!("{path}/{}", element.name);
        if here == 0 && !element.optional {
            return Some(format!("{path} is missing"));
        }
        if here > 1 && !element.many {
            return Some(format!("{path} comes {here} times"));
        }
        let (these, after) = rest.split_at(here);
        rest = after;
        for node in these {
            let wrong = if element.kind.is_empty() {
                let text = !node.text.trim().is_empty();
                text.then(|| format!("{path} holds text"))
            } else {
                let fine = node.children.is_empty() && fits(element.kind, &node.text);
                (!fine).then(|| format!("{path} is '{}'", node.text))
            };
            if let Some(wrong) = wrong.or_else(|| fault(node, &element.children, &path)) {
                return Some(wrong);
            }
        }
    }
    rest.first().map(|n| format!("{path}/{} doesn't stand there", n.name))
}

/// What is wrong with this message, if anything.
fn fault_of(xml: &str) -> Option<String> {
    let lines: Vec<&str> = STRUCTURE.lines().filter(|l| !l.is_empty()).collect();
    let all = elements(&mut lines.as_slice(), 0);
    let (kind, root) = tree(xml);
    assert_eq!(root.name, "Bericht");
    let structure = all.iter().find(|e| e.name == kind).expect("a kind that we write");
    fault(&root, &structure.children, &kind)
}

/// Fails on the first message of a folder, and those in it, that isn't as it should be; the number of
/// messages of each kind.
fn all_valid(dir: &Path) -> usize {
    let mut count = 0;
    for thing in fs::read_dir(dir).expect("a folder") {
        let path = thing.expect("readable").path();
        if path.is_dir() {
            count += all_valid(&path);
        } else if path.extension().is_some_and(|e| e == "xml") {
            let xml = fs::read_to_string(&path).expect("text");
            assert_eq!(fault_of(&xml), None, "{}", path.display());
            count += 1;
        }
    }
    count
}

fn run(args: &[&str]) -> ProgramOutput {
    let outcome = ProgramOutput::of(program().args(args).arg("--stil"));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    outcome
}

#[test]
fn every_message_that_the_program_writes_is_by_the_standard() {
    let dossier = Dossier::empty();
    let made = dossier.dir().join("v").display().to_string();
    let out = dossier.out().display().to_string();
    for (seed, errors) in [("1", "0%"), ("2", "2%"), ("3", "10%")] {
        let spec = ["--regels", "1500", "--zaad", seed, "--fouten", errors, "--vorm", "ijw"];
        let answered = if seed == "3" { &["--antwoorden"][..] } else { &[] };
        run(&[&["voorbeeld", &made, "--overschrijf"], &spec[..], answered].concat());
        assert!(all_valid(Path::new(&made)) > 500);
        run(&["antwoord", &made, "--uit", &out, "--overschrijf"]);
        // Most of those that are answered already get no draft.
        assert!(all_valid(Path::new(&out)) > if seed == "3" { 0 } else { 100 });
    }
}

#[test]
fn a_made_up_cycle_is_answered_refused_and_declared_again_and_stays_lawful() {
    let dossier = Dossier::empty();
    let made = dossier.dir().join("v").display().to_string();
    let spec = ["--regels", "1500", "--fouten", "0%", "--vorm", "ijw", "--antwoorden"];
    run(&[&["voorbeeld", &made], &spec[..]].concat());
    let outcome = dossier.controleer_dir(Path::new(&made), &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let json = dossier.samenvatting("2023-ijsselland");
    assert_eq!(json["totalen"]["fout"], 0, "{}", json["totalen"]);
    let steps = json["aansluiting"]["stappen"].as_array().expect("steps");
    let count = |key: &str| {
        let step = steps.iter().find(|s| s["stap"] == key).expect("a step of this name");
        step["regels"].as_u64().expect("a number")
    };
    // Some are refused and stay so; no credit takes back what was refused.
    assert!(count("afgewezen") > 10 && count("teruggenomen") > count("afgewezen"));
    assert_eq!(count("credit_zonder_debet"), 0);
    let answer = run(&["antwoord", &made, "--uit", &dossier.out().display().to_string()]);
    assert_eq!(answer.stderr, "");
    let drafts = crate::hulp::rows_of(&dossier.out().join("antwoorden/overzicht.csv"));
    let open = drafts.iter().filter(|row| !row["Antwoord"].is_empty()).count();
    assert!(open > 0 && open < drafts.len(), "{open} of {}", drafts.len());
    let only_berichten =
        ProgramOutput::of(program().args(["voorbeeld", &made, "--antwoorden", "--overschrijf"]));
    only_berichten.refuses(2, &["antwoorden (JW325)", "--vorm ijw"]);
}

#[test]
fn the_table_of_the_structure_sees_every_departure() {
    let dossier = Dossier::empty();
    let made = dossier.dir().join("v").display().to_string();
    run(&["voorbeeld", &made, "--regels", "200", "--vorm", "ijw"]);
    for kind in ["jw301", "jw305", "jw307", "jw323"] {
        let one = fs::read_dir(Path::new(&made).join(kind)).unwrap().next().unwrap().unwrap();
        let xml = fs::read_to_string(one.path()).unwrap();
        assert_eq!(fault_of(&xml), None);
        for (from, to) in [
            ("<b:BerichtVersie>3</b:BerichtVersie>", ""),
            ("<b:BerichtVersie>3<", "<b:BerichtVersie>4<"),
            ("<b:BerichtVersie>", "<b:Ander>1</b:Ander><b:BerichtVersie>"),
            ("</b:Header>", "<b:Ander>1</b:Ander></b:Header>"),
            ("<b:Bsn>9", "<b:Bsn>"),
            ("ijw:Identificatie>", "b:Identificatie>"),
        ] {
            let wrong = xml.replace(from, to);
            assert_ne!(wrong, xml, "{kind}: {from}");
            assert!(fault_of(&wrong).is_some(), "{kind}: {from} to {to}");
        }
    }
}
