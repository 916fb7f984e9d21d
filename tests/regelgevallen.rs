//! The case files of `tests/regels`: each rule by itself on small dossiers, whose outcome a person
//! works out by hand.

mod gevallen;
mod markdown;
mod tabellen;

use crate::hulp::Dossier;
use gevallen::{Bevonden, Geval, Gevallenbestand, Uitkomstsoort};
use rayon::prelude::*;
use rechtmatig::audit::{AuditError, Setup, Spec, run_whole};
use rechtmatig::bron::Ingelezen;
use rechtmatig::dossier::Niveau;
use rechtmatig::dossier::{Agb, BestandNr, Cent, Dag, Declaratiebericht, RegelNr};
use rechtmatig::regels::{REGISTER, kenmerken};
use rechtmatig::regelset::{Regelset, Regelsetbron, Waarde};
use rechtmatig::toetsing::{Bevinding, Controle, Onderwerp, Regel, Regeluitkomst, UnderlyingLines};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use tabellen::{BERICHTEN, Invoerrij, jeugdige_van};

const MAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regels");
const LEESMIJ: &str = "README";

/// The case files by code; those that can't be read with what is wrong.
fn bestanden() -> BTreeMap<String, Result<Gevallenbestand, String>> {
    let mut uit = BTreeMap::new();
    for ding in fs::read_dir(MAP).expect("the folder of case files is there") {
        let pad = ding.expect("readable").path();
        let code = pad.file_stem().expect("a name").to_string_lossy().into_owned();
        if code == LEESMIJ {
            continue;
        }
        assert!(pad.extension().is_some_and(|e| e == "md"), "no case file: {}", pad.display());
        let tekst = fs::read_to_string(&pad).expect("a text file");
        let gelezen = Gevallenbestand::lees(&code, &tekst)
            .map_err(|f| format!("{}: {}", plaats(&code, f.regel), f.wat));
        uit.insert(code, gelezen);
    }
    uit
}

fn plaats(code: &str, regel: usize) -> String {
    format!("tests/regels/{code}.md:{regel}")
}

#[test]
fn every_case_of_every_rule_gives_what_its_file_says() {
    let bestanden = bestanden();
    let mut fouten: Vec<String> =
        bestanden.values().filter_map(|b| b.as_ref().err().cloned()).collect();
    let gevallen: Vec<(&Gevallenbestand, &Geval)> =
        bestanden.values().flatten().flat_map(|b| b.gevallen.iter().map(move |g| (b, g))).collect();
    let mut regelsets: BTreeMap<&str, Regelset> = BTreeMap::new();
    for (_, geval) in &gevallen {
        let naam = geval.instelling.regelset.as_str();
        regelsets.entry(naam).or_insert_with(|| {
            Regelset::lees(naam, &Regelsetbron::Ingebouwd, &kenmerken())
                .unwrap_or_else(|e| panic!("{naam}: {}", e.bericht))
        });
    }
    fouten.par_extend(gevallen.par_iter().filter_map(|(bestand, geval)| {
        let regel = REGISTER.iter().find(|r| r.code == bestand.code)?;
        let verschil = toets_geval(geval, regel, &regelsets[geval.instelling.regelset.as_str()]);
        let kop = || format!("{} · geval '{}'", plaats(&bestand.code, geval.regel), geval.naam);
        verschil.err().map(|v| format!("{}\n{v}", kop()))
    }));
    let aantal = gevallen.len();
    assert!(fouten.is_empty(), "{} van {aantal} gevallen:\n\n{}", fouten.len(), fouten.join("\n"));
}

#[test]
fn every_rule_has_a_case_file_and_every_case_file_a_rule() {
    let bestanden = bestanden();
    let codes: Vec<&str> = REGISTER.iter().map(|r| r.code).collect();
    let zonder: Vec<&&str> = codes.iter().filter(|c| !bestanden.contains_key(**c)).collect();
    assert!(zonder.is_empty(), "regels zonder tests/regels/<CODE>.md: {zonder:?}");
    let over: Vec<&String> = bestanden.keys().filter(|b| !codes.contains(&b.as_str())).collect();
    assert!(over.is_empty(), "gevallen van een regel die er niet is: {over:?}");
}

#[test]
fn every_case_file_has_every_kind_of_case() {
    for (code, bestand) in bestanden() {
        let weg = bestand.map(|b| b.ontbrekende_soorten()).unwrap_or_default();
        assert!(weg.is_empty(), "tests/regels/{code}.md mist: {}", weg.join(", "));
    }
}

/// A number of the contract in a ruleset's file: its rule, its line, the line one more or less.
struct Grenswijziging {
    code: String,
    naam: String,
    regel: usize,
    wordt: String,
}

/// Every whole or decimal number under `[[regels.CODE.naam]]`, moved by its last digit both ways.
fn grenswijzigingen(toml: &str) -> Vec<Grenswijziging> {
    let mut parameter = None;
    let mut uit = Vec::new();
    for (i, regel) in toml.lines().enumerate() {
        if let Some(kop) = regel.strip_prefix("[[regels.") {
            parameter = kop.trim_end_matches(']').split_once('.');
        } else if regel.starts_with('[') {
            parameter = None;
        }
        let (Some((code, naam)), Some(waarde)) = (parameter, regel.strip_prefix("waarde = "))
        else {
            continue;
        };
        if ZONDER_GEVAL.contains(&(code, naam)) {
            continue;
        }
        let cijfers = waarde.trim_matches('"');
        let Ok(getal) = cijfers.replace(',', "").parse::<i64>() else { continue };
        let decimalen = cijfers.split_once(',').map_or(0, |(_, d)| d.len());
        for ander in [getal - 1, getal + 1] {
            let mut tekst = format!("{ander:0>width$}", width = decimalen + 1);
            if decimalen > 0 {
                tekst.insert(tekst.len() - decimalen, ',');
            }
            let wordt = format!("waarde = {}", waarde.replace(cijfers, &tekst));
            let (code, naam) = (code.to_owned(), naam.to_owned());
            uit.push(Grenswijziging { code, naam, regel: i, wordt });
        }
    }
    uit
}

/// Numbers that a finding only speaks of, and one that a ruleset of one's own may choose.
const ZONDER_GEVAL: [(&str, &str); 3] =
    [("CT01", "uitloop_maanden"), ("WV10", "uren"), ("PV04", "drempel_landelijk")];

/// A case on either side of every limit: one more or one less, and a case no longer holds. A rule
/// whose cases are all of another ruleset must have the values of that one.
#[test]
fn no_number_of_a_ruleset_can_move_without_a_case_noticing() {
    let bestanden = bestanden();
    let mut ongemerkt: Vec<String> = ["landelijk", "ijsselland", "zeeland"]
        .into_par_iter()
        .flat_map_iter(|naam| {
            let pad = format!("{}/rules/{naam}.toml", env!("CARGO_MANIFEST_DIR"));
            let toml = fs::read_to_string(pad).expect("a ruleset of the program");
            grenswijzigingen(&toml).into_iter().map(move |w| (naam, toml.clone(), w))
        })
        .filter_map(|(naam, toml, wijziging)| {
            let mut regels: Vec<&str> = toml.lines().collect();
            regels[wijziging.regel] = &wijziging.wordt;
            let map = tempfile::tempdir().expect("a temporary folder");
            fs::write(map.path().join(format!("{naam}.toml")), regels.join("\n")).expect("room");
            let bron = Regelsetbron::Map(map.path().to_owned());
            let regel = REGISTER.iter().find(|r| r.code == wijziging.code)?;
            let bestand = bestanden.get(regel.code)?.as_ref().ok()?;
            let anders = bestand
                .gevallen
                .iter()
                .map(|g| g.instelling.regelset.as_str())
                .find(|r| *r != naam);
            let eigen_gevallen = bestand.gevallen.iter().any(|g| g.instelling.regelset == naam)
                || naam == "landelijk";
            if let (false, Some(ander)) = (eigen_gevallen, anders) {
                let gelijk =
                    waarden(naam, regel, &wijziging.naam) == waarden(ander, regel, &wijziging.naam);
                return (!gelijk).then(|| format!("{naam} en {ander}: {} verschilt", regel.code));
            }
            let mut gelezen: BTreeMap<&str, Regelset> = BTreeMap::new();
            let gemerkt = bestand.gevallen.iter().any(|geval| {
                let set =
                    gelezen.entry(geval.instelling.regelset.as_str()).or_insert_with_key(|naam| {
                        Regelset::lees(naam, &bron, &kenmerken()).expect("still a ruleset")
                    });
                set.regel(regel.code).is_some() && toets_geval(geval, regel, set).is_err()
            });
            (!gemerkt).then(|| {
                format!("{naam}.toml:{}: {} {}", wijziging.regel + 1, regel.code, wijziging.wordt)
            })
        })
        .collect();
    ongemerkt.sort();
    assert!(ongemerkt.is_empty(), "geen geval merkt:\n{}", ongemerkt.join("\n"));
}

/// The values of a parameter in one of the program's rulesets, whatever their dates.
fn waarden(naam: &str, regel: &Regel, parameter: &str) -> Vec<Waarde> {
    let set = Regelset::lees(naam, &Regelsetbron::Ingebouwd, &kenmerken()).expect("a ruleset");
    let parameter = regel.parameters.iter().find(|p| p.naam == parameter).expect("a parameter");
    let reeks = set.regel(regel.code).expect("the ruleset has the rule").tijdreeks(parameter);
    reeks.iter().map(|g| g.waarde.clone()).collect()
}

/// Runs one rule on one geval; the error says how the outcome differs.
fn toets_geval(geval: &Geval, regel: &'static Regel, regelset: &Regelset) -> Result<(), String> {
    let map = Dossier::leeg();
    let op_regel = |f: markdown::Fout| format!("  regel {}: {}", f.regel, f.wat);
    for (naam, csv) in geval.bestanden().map_err(op_regel)? {
        map.schrijf_bytes(&format!("{naam}.csv"), &csv);
    }
    let spec = Spec {
        max_afgekeurd: Decimal::ONE_HUNDRED,
        without_toewijzingen: true,
        ..Spec::new(map.map())
    };
    let setup = Setup::under(&spec, regelset.clone()).expect("a geval has no settings");
    let mut ingelezen = setup.read(&|_| {}).map_err(|e| match e {
        AuditError::Bron(e) => format!("  {e}"),
        e => format!("  {e:?}"),
    })?;
    if let Some(f) = ingelezen.fouten.first() {
        return Err(format!(
            "  onleesbare waarde '{}' in kolom {:?}: {}",
            f.waarde, f.kolom, f.reden
        ));
    }
    if let Some(w) = ingelezen.waarschuwingen.first() {
        return Err(format!("  waarschuwing bij het lezen: {w}"));
    }
    if let Some(rijen) = geval.rijen.get(BERICHTEN) {
        voeg_berichten_toe(&mut ingelezen, rijen)?;
    }
    let (jaar, niveau) = (geval.instelling.leverjaar, geval.instelling.niveau);
    if !regelset.geldt_voor(jaar) {
        return Err(format!("  regelset {} geldt niet voor dit leverjaar", regelset.naam));
    }
    if regelset.regel(regel.code).is_none() {
        return Err(format!("  regelset {} heeft deze regel niet", regelset.naam));
    }
    let joined = setup.join(ingelezen);
    let controle = Controle::nieuw(&joined.dossier, &joined.regelset, jaar, niveau);
    let uitkomst = run_whole(&controle, &[regel.into()], &|_, _| {}).outcomes.remove(0);
    match uitkomst.mislukt {
        Some(oorzaak) => Err(format!("  de regel is mislukt: {oorzaak}")),
        None => {
            vergelijk(&controle, geval, &uitkomst.uitkomsten)?;
            lines_under(&controle, &uitkomst)
        }
    }
}

/// Rules of which a finding is for all that was declared on its lines.
const FOR_ALL_OF_ITS_LINES: [&str; 5] = ["AF01", "ED03", "PV06", "TL03", "TW19"];

/// Rules of which a finding is about messages or papers.
const WITHOUT_LINES: [&str; 2] = ["PV07", "TW16"];

/// Every finding names the lines that it rests on, each of them once and each of what it is about; what
/// they carry of its amount adds up to it.
fn lines_under(controle: &Controle<'_>, uitkomst: &Regeluitkomst) -> Result<(), String> {
    let code = uitkomst.regel.code;
    let under = UnderlyingLines::new(controle);
    for b in &uitkomst.uitkomsten.bevindingen {
        let lines = under.of(&uitkomst.regel, b);
        let fout = |wat: &str| Err(format!("  {code}, {}: {wat}: {lines:?}", b.gevonden));
        let nrs: BTreeSet<RegelNr> = lines.iter().map(|l| l.nr).collect();
        if nrs.len() != lines.len() {
            return fout("a line twice");
        }
        if lines.is_empty() != WITHOUT_LINES.contains(&code) && !rests_on_absence(b) {
            return fout("lines");
        }
        let shares: Option<Cent> = lines.iter().map(|l| l.share).sum();
        if FOR_ALL_OF_ITS_LINES.contains(&code) && (shares.is_none() || shares != b.bedrag) {
            return fout("the shares aren't the amount");
        }
        let is_of_subject = |nr: &RegelNr| {
            let r = controle.dossier.regel(*nr);
            match b.onderwerp {
                Onderwerp::Regel(van) => *nr == van,
                Onderwerp::Jeugdige(bsn) => r.bsn == bsn,
                Onderwerp::Aanbieder(van) => r.aanbieder == van,
                Onderwerp::AanbiederInGemeente(van, gemeente) => {
                    (r.aanbieder, r.gemeente) == (van, gemeente)
                }
                // A finding on two budgets at once rests on the lines of both toewijzingen.
                Onderwerp::Toewijzing(van) => code == "BU05" || r.toewijzing == Some(van),
                Onderwerp::Gemeente(_) | Onderwerp::Declaratiebericht(_) => true,
            }
        };
        if !nrs.iter().all(is_of_subject) {
            return fout("a line of another");
        }
    }
    Ok(())
}

/// Is the finding that there are no lines: accounted for and not declared, no longer declared, a message
/// without any?
fn rests_on_absence(b: &Bevinding) -> bool {
    matches!(
        b.onderwerp,
        Onderwerp::AanbiederInGemeente(..)
            | Onderwerp::Aanbieder(_)
            | Onderwerp::Declaratiebericht(_)
    )
}

/// Puts iJw messages beside the lines, as their reader does: each a file of its own, which holds the
/// lines with its DeclaratieNummer.
fn voeg_berichten_toe(ingelezen: &mut Ingelezen, rijen: &[Invoerrij]) -> Result<(), String> {
    let heel = &mut ingelezen.rijen;
    let mal = heel.bestanden[0].clone();
    let mut berichten = Vec::new();
    for rij in rijen {
        let cel = |kolom: &str| rij.cellen.get(kolom).map_or("", String::as_str);
        let dag = |kolom: &str| {
            let datum = tabellen::datum(cel(kolom), rij.regel).map_err(|f| f.wat)?;
            Dag::van_datum(datum).ok_or_else(|| "een datum voor onze jaartelling".to_owned())
        };
        let nummer = cel("DeclaratieNummer");
        let bedrag: i64 = cel("TotaalBedrag").replace(',', "").parse().expect("an amount in cents");
        let bestand = BestandNr(heel.bestanden.len() as u16);
        heel.bestanden.push(mal.clone());
        let eerste = berichten.iter().all(|b: &Declaratiebericht| b.declaratie_nummer != nummer);
        for regel in heel.regels.iter_mut().filter(|_| eerste) {
            let [.., declaratie] = heel.teksten.samen(regel.nummers);
            if declaratie == nummer.as_bytes() {
                regel.bestand = bestand;
            }
        }
        berichten.push(Declaratiebericht {
            afzender: Agb(cel("Afzender").parse().expect("an AGB code")),
            ontvanger: rechtmatig::dossier::Gemeente(150),
            identificatie: cel("Identificatie").to_owned(),
            dagtekening: dag("Einddatum")?,
            subversie: 2,
            xsd_versies: Default::default(),
            declaratie_nummer: nummer.to_owned(),
            periode: (dag("Begindatum")?, dag("Einddatum")?),
            totaal: if cel("DebetCredit") == "C" { Cent(-bedrag) } else { Cent(bedrag) },
            bestand,
        });
    }
    heel.declaratieberichten = Some(berichten);
    Ok(())
}

fn vergelijk(
    controle: &Controle<'_>,
    geval: &Geval,
    uitkomsten: &rechtmatig::toetsing::Uitkomsten,
) -> Result<(), String> {
    let mut verwacht: Vec<Bevonden> =
        geval.verwacht.iter().filter_map(|v| v.bevinding.clone()).collect();
    verwacht.sort();
    let mut gevonden: Vec<(Bevonden, &Bevinding)> =
        uitkomsten.bevindingen.iter().map(|b| (bevonden(controle, b), b)).collect();
    gevonden.sort_by(|a, b| a.0.cmp(&b.0));
    let redenen: Vec<String> =
        uitkomsten.niet_toetsbaar.iter().map(|(r, _)| r.to_string()).collect();
    let verwachte_redenen: Vec<&str> = geval
        .verwacht
        .iter()
        .filter(|v| v.soort == Uitkomstsoort::NietTeToetsen)
        .map(|v| v.omdat.as_str())
        .collect();
    let getoetst = geval.verwacht.iter().any(|v| {
        !matches!(v.soort, Uitkomstsoort::NietTeToetsen | Uitkomstsoort::NietVanToepassing)
    });
    let klopt = verwacht.iter().eq(gevonden.iter().map(|(b, _)| b))
        && redenen.iter().all(|r| verwachte_redenen.iter().any(|v| r.starts_with(v)))
        && verwachte_redenen.iter().all(|v| redenen.iter().any(|r| r.starts_with(v)))
        && getoetst == (uitkomsten.getoetst > 0);
    if klopt {
        return Ok(());
    }
    let mut tekst = String::new();
    for v in &geval.verwacht {
        let bevinding = v.bevinding.as_ref().map(|b| format!(" | {b}")).unwrap_or_default();
        let _ = writeln!(
            tekst,
            "  verwacht (regel {}): {}{bevinding} | {}",
            v.regel,
            v.soort.naam(),
            v.omdat
        );
    }
    for (b, heel) in &gevonden {
        let _ = writeln!(tekst, "  gekregen: {b}");
        for (wat, zin) in [
            ("Gevonden", &heel.gevonden),
            ("Verwacht", &heel.verwacht),
            ("Toelichting", &heel.toelichting),
        ] {
            let _ = writeln!(tekst, "    {wat}: {zin}");
        }
    }
    let _ = writeln!(
        tekst,
        "  gekregen: {} getoetst, {} bevindingen{}",
        uitkomsten.getoetst,
        gevonden.len(),
        redenen.iter().fold(String::new(), |t, r| t + "; niet te toetsen: " + r)
    );
    Err(tekst)
}

fn bevonden(controle: &Controle<'_>, b: &Bevinding) -> Bevonden {
    let d = controle.dossier;
    let over = match b.onderwerp {
        Onderwerp::Regel(nr) => format!("regel {}", d.referentie(d.regel(nr))),
        Onderwerp::Toewijzing(nr) => {
            format!("toewijzing {}", d.toewijzingnummer(d.toewijzing(nr).nummer))
        }
        Onderwerp::Jeugdige(bsn) => match jeugdige_van(bsn.0) {
            Some(nr) => format!("jeugdige {nr}"),
            None => format!("jeugdige met Bsn {}", bsn.0),
        },
        Onderwerp::Aanbieder(nr) => format!("aanbieder {}", controle.agb(nr)),
        Onderwerp::Gemeente(g) => format!("gemeente {g}"),
        Onderwerp::AanbiederInGemeente(nr, g) => {
            format!("aanbieder {} in gemeente {g}", controle.agb(nr))
        }
        Onderwerp::Declaratiebericht(i) => {
            let berichten = d.declaratieberichten.as_deref().expect("a message was found");
            format!("bericht {}", berichten[i as usize].identificatie)
        }
    };
    Bevonden { over, ernst: b.ernst.naam().to_owned(), bedrag: b.bedrag }
}

/// A case file with nothing wrong, to change one thing in.
const GOED: &str = "\
# XX01 · Voorbeeld

Bron: ID eis 1
Regelset: ijsselland
Leverjaar: 2023
Niveau: maand

Een zin.

## declaraties

| geval | Begindatum | Jeugdige |
|---|---|---|
| goed | 01-05-2023 | 2 |
| goed; ook goed | 01-06-2023 | |

## Zonder kolom

| geval | tabel | kolom |
|---|---|---|
| ook goed | toewijzingen | Budget |

## Instelling

| geval | Leverjaar | Niveau |
|---|---|---|
| ook goed | 2025 | contact |

## Verwacht

| geval | soort | over | ernst | bedrag | omdat |
|---|---|---|---|---|---|
| goed | overtreding | regel R1 | fout | 1000,00 | a \\| b |
| ook goed | in orde | | | | niets |
";

#[test]
fn a_case_file_becomes_dossiers() {
    let bestand = Gevallenbestand::lees("XX01", GOED).expect("nothing is wrong");
    let [goed, ook_goed] = bestand.gevallen.as_slice() else { panic!("two gevallen") };
    let zo = |g: &Geval| (g.instelling.leverjaar, g.instelling.niveau);
    assert_eq!((zo(goed), zo(ook_goed)), ((2023, Niveau::Maand), (2025, Niveau::Contact)));
    assert_eq!(goed.verwacht[0].omdat, "a | b");
    let csv = |geval: &Geval, naam: &str| {
        let mut bestanden = geval.bestanden().expect("nothing is wrong");
        let (_, bytes) = bestanden.remove(bestanden.iter().position(|b| b.0 == naam).unwrap());
        String::from_utf8(bytes).unwrap()
    };
    let declaraties = csv(goed, "declaraties");
    let rijen: Vec<&str> = declaraties.lines().collect();
    assert_eq!(rijen.len(), 3);
    assert_eq!(
        rijen[1],
        "D1;R1;;12-06-2023;12-06-2023;0193;99000001;999900018;1;45;45T01;01-05-2023;31-05-2023;100;01;;100,00;D;;;;;;;;"
    );
    assert!(rijen[2].starts_with("D1;R2;;12-07-2023;12-07-2023;0193;99000001;;1;"), "{}", rijen[2]);
    assert!(csv(goed, "toewijzingen").lines().next().unwrap().contains(";Budget;"));
    assert!(!csv(ook_goed, "toewijzingen").contains("Budget;"));
    assert!(csv(ook_goed, "aanbieders").contains("\n99000001;De Linde;1;6|7|8|9;"));
}

#[test]
fn a_repeated_row_is_written_with_numbers_and_children_of_its_own() {
    let tekst = GOED.replace(
        "| geval | Begindatum | Jeugdige |\n|---|---|---|\n",
        "| geval | keer | Jeugdige | IngediendBedrag |\n|---|---|---|---|\n| goed | 3 | 1-2 | benford |\n\n| geval | Begindatum | Jeugdige |\n|---|---|---|\n",
    );
    let bestand = Gevallenbestand::lees("XX01", &tekst).expect("nothing is wrong");
    let bestanden = bestand.gevallen[0].bestanden().expect("nothing is wrong");
    let csv = String::from_utf8(bestanden[0].1.clone()).unwrap();
    let velden: Vec<Vec<&str>> = csv.lines().skip(1).map(|r| r.split(';').collect()).collect();
    let kolom = |i: usize| velden.iter().map(|v| v[i]).collect::<Vec<_>>();
    assert_eq!(kolom(1), ["R1-1", "R1-2", "R1-3", "R2", "R3"]);
    assert_eq!(kolom(7)[..3], ["999900006", "999900018", "999900006"]);
    assert_eq!(kolom(16)[..3], ["14,67", "31,62", "68,12"]);
}

#[test]
fn a_case_file_with_anything_unknown_is_refused_with_its_line() {
    for (was, wordt, regel, wat) in [
        ("# XX01", "# XX02", 1, "titel"),
        ("Bron: ID eis 1", "Bronn: ID eis 1", 3, "onbekende kopregel"),
        ("Niveau: maand\n", "", 1, "Niveau ontbreekt"),
        ("Regelset: ijsselland", "Regelset: twente", 4, "onbekende regelset"),
        ("## declaraties", "## declaratie", 10, "onbekende tabel"),
        ("| geval | Begindatum |", "| geval | Begin |", 12, "onbekende kolom Begin"),
        ("| goed | 01-05-2023 | 2 |", "| goed | 01-05-2023 |", 14, "2 cellen, 3 kolommen"),
        ("| goed | 01-05-2023 |", "| gaed | 01-05-2023 |", 14, "staat niet onder Verwacht"),
        ("| toewijzingen | Budget |", "| toewijzingen | Budged |", 21, "onbekende kolom Budged"),
        ("| 2025 | contact |", "| 2025 | dag |", 27, "onbekend niveau"),
        ("| overtreding |", "| overtredign |", 33, "onbekende soort"),
        ("| regel R1 |", "| lijn R1 |", 33, "onbekend onderwerp"),
        ("| fout |", "| fuot |", 33, "onbekende ernst"),
        ("1000,00", "1000", 33, "geen bedrag"),
        ("| in orde | |", "| in orde | regel R1 |", 34, "geen bevinding"),
        ("| niets |", "| |", 34, "omdat is leeg"),
    ] {
        assert!(GOED.contains(was), "{was}");
        let fout = Gevallenbestand::lees("XX01", &GOED.replace(was, wordt)).unwrap_err();
        assert!(fout.regel == regel && fout.wat.contains(wat), "{wordt}: {fout:?}");
    }
}
