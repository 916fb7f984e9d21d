//! What is fuzzed: each function takes any bytes and must come back, with an error for people or with
//! a dossier in which no row was lost. Shared by the fuzzer and by the seeded run among the tests.

use rechtmatig::bron::{Instelling, Leesopties, Leeswijze, lees_dossier};
use rechtmatig::dossier::Soort;
use rechtmatig::regels::{REGISTER, kenmerken};
use rechtmatig::regelset::{Regelset, Regelsetbron};
use rechtmatig::toetsing::{AuditRule, Controle, toets};
use rust_decimal::Decimal;
use std::fs;
use std::path::Path;

/// A target by its name.
pub type Doel = fn(&Path, &[u8]);

pub const DOELEN: [(&str, Doel); 6] = [
    ("csv", csv),
    ("velden", velden),
    ("berichten", berichten),
    ("vormen", vormen),
    ("regelset", regelset),
    ("instelling", instelling),
];

const TOEWIJZINGEN: &str = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum\n\
    T1;0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31\n";

const KOP: &str = "ReferentieNummer;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;DebetCredit;VorigReferentieNummer;NoShow;NoShowMinuten;Ontvangstdatum\n";

/// Any file as the declarations.
pub fn csv(map: &Path, bytes: &[u8]) {
    dossier(map, "declaraties.csv", bytes);
}

/// Any cells in a row of declarations: a cell a line.
pub fn velden(map: &Path, bytes: &[u8]) {
    let mut rij = KOP.as_bytes().to_vec();
    for (i, cel) in bytes.split(|b| *b == b'\n').take(KOP.matches(';').count() + 1).enumerate() {
        if i > 0 {
            rij.push(b';');
        }
        rij.push(b'"');
        rij.extend(cel.iter().flat_map(|&b| std::iter::repeat_n(b, if b == b'"' { 2 } else { 1 })));
        rij.push(b'"');
    }
    dossier(map, "declaraties.csv", &rij);
}

/// Any file as an iJw message.
pub fn berichten(map: &Path, bytes: &[u8]) {
    dossier(map, "bericht.xml", bytes);
}

/// Any file as a workbook, Parquet, or packed: the first byte says which.
pub fn vormen(map: &Path, bytes: &[u8]) {
    let namen =
        ["declaraties.xlsx", "declaraties.parquet", "declaraties.csv.gz", "declaraties.zip"];
    if let Some((vorm, bytes)) = bytes.split_first() {
        dossier(map, namen[usize::from(*vorm) % namen.len()], bytes);
    }
}

/// Any file as a ruleset.
pub fn regelset(map: &Path, bytes: &[u8]) {
    leeg(map);
    schrijf(map, "proef.toml", bytes);
    if let Err(e) = Regelset::lees("proef", &Regelsetbron::Map(map.to_owned()), &kenmerken()) {
        assert!(!e.bericht.is_empty() && !e.raad.is_empty());
    }
}

/// Any file as the settings.
pub fn instelling(map: &Path, bytes: &[u8]) {
    leeg(map);
    schrijf(map, "controle.toml", bytes);
    if let Err(e) = Instelling::lees(map) {
        assert!(!e.bericht.is_empty() && !e.raad.is_empty());
    }
}

/// Reads a dossier with this file in it, joins it and runs all rules.
fn dossier(map: &Path, naam: &str, bytes: &[u8]) {
    leeg(map);
    schrijf(map, "toewijzingen.csv", TOEWIJZINGEN.as_bytes());
    schrijf(map, naam, bytes);
    let opties = Leesopties {
        wijze: Leeswijze::default(),
        max_afgekeurd: Decimal::ONE_HUNDRED,
        toewijzingen_nodig: true,
    };
    let ingelezen = match lees_dossier(map, &opties, &|_, _| {}) {
        Ok(ingelezen) => ingelezen,
        Err(e) => {
            assert!(!e.to_string().is_empty() && !e.raad().is_empty());
            return;
        }
    };
    let mut set = Regelset::lees("ijsselland", &Regelsetbron::Ingebouwd, &kenmerken())
        .unwrap_or_else(|e| panic!("{}", e.bericht));
    set.vul_catalogus_aan(ingelezen.producten);
    set.vul_tarieven_aan(ingelezen.tarieven);
    let aanvaard: u64 = ingelezen
        .rijen
        .bestanden
        .iter()
        .filter(|b| b.soort == Soort::Declaraties)
        .map(|b| b.aanvaard)
        .sum();
    for b in &ingelezen.rijen.bestanden {
        assert_eq!(b.gelezen, b.aanvaard + b.afgekeurd, "{}", b.pad);
    }
    let dossier =
        ingelezen.rijen.verbind(|categorie, code| set.catalogusrij(categorie, code).cloned());
    assert_eq!(dossier.regels.len() as u64, aanvaard);
    let controle = Controle::nieuw(&dossier, &set, 2023, rechtmatig::dossier::Niveau::Maand);
    for uitkomst in toets(&controle, &AuditRule::all(REGISTER, &set), &|_, _| {}) {
        assert!(uitkomst.mislukt.is_none(), "{}: {:?}", uitkomst.regel.code, uitkomst.mislukt);
    }
}

fn leeg(map: &Path) {
    for ding in fs::read_dir(map).expect("the folder is ours").flatten() {
        fs::remove_file(ding.path()).expect("the file is ours");
    }
}

fn schrijf(map: &Path, naam: &str, bytes: &[u8]) {
    fs::write(map.join(naam), bytes).expect("there is room");
}
