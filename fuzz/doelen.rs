//! What is fuzzed: each function takes any bytes and must come back, with an error for people or with
//! a dossier in which no row was lost. Shared by the fuzzer and by the seeded run among the tests.

use rechtmatig::audit::{Audit, AuditError, Spec, run_whole};
use rechtmatig::bron::DossierSettings;
use rechtmatig::dossier::FileKind;
use rechtmatig::regels::fingerprints;
use rechtmatig::regelset::{Regelset, RulesetSource};
use rust_decimal::Decimal;
use std::fs;
use std::path::Path;

/// A target by its name.
pub type FuzzTarget = fn(&Path, &[u8]);

pub const TARGETS: [(&str, FuzzTarget); 7] = [
    ("csv", csv),
    ("velden", fields),
    ("berichten", berichten),
    ("vormen", forms),
    ("regelset", regelset),
    ("instelling", settings),
    ("eens", agreement),
];

const TOEWIJZINGEN: &str = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum\n\
    T1;0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31\n";

const HEADER: &str = "ReferentieNummer;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;DebetCredit;VorigReferentieNummer;NoShow;NoShowMinuten;Ontvangstdatum\n";

/// Any file as the declarations.
pub fn csv(dir: &Path, bytes: &[u8]) {
    dossier(dir, "declaraties.csv", bytes);
}

/// Any cells in a row of declarations: a cell a line.
pub fn fields(dir: &Path, bytes: &[u8]) {
    let mut row = HEADER.as_bytes().to_vec();
    for (i, cell) in bytes.split(|b| *b == b'\n').take(HEADER.matches(';').count() + 1).enumerate()
    {
        if i > 0 {
            row.push(b';');
        }
        row.push(b'"');
        row.extend(
            cell.iter().flat_map(|&b| std::iter::repeat_n(b, if b == b'"' { 2 } else { 1 })),
        );
        row.push(b'"');
    }
    dossier(dir, "declaraties.csv", &row);
}

/// Any file as an iJw message.
pub fn berichten(dir: &Path, bytes: &[u8]) {
    dossier(dir, "bericht.xml", bytes);
}

/// Any file as a workbook, Parquet, or packed: the first byte says which.
pub fn forms(dir: &Path, bytes: &[u8]) {
    let names =
        ["declaraties.xlsx", "declaraties.parquet", "declaraties.csv.gz", "declaraties.zip"];
    if let Some((form, bytes)) = bytes.split_first() {
        dossier(dir, names[usize::from(*form) % names.len()], bytes);
    }
}

/// Any file as a ruleset.
pub fn regelset(dir: &Path, bytes: &[u8]) {
    empty(dir);
    write(dir, "proef.toml", bytes);
    if let Err(e) = Regelset::read("proef", &RulesetSource::Dir(dir.to_owned()), &fingerprints()) {
        assert!(!e.bericht.is_empty() && !e.advice.is_empty());
    }
}

/// Any file as the settings.
pub fn settings(dir: &Path, bytes: &[u8]) {
    empty(dir);
    write(dir, "controle.toml", bytes);
    if let Err(e) = DossierSettings::read(dir) {
        assert!(!e.bericht.is_empty() && !e.advice.is_empty());
    }
}

/// Any file as the declarations, on one thread and on three: what is found is the same.
pub fn agreement(dir: &Path, bytes: &[u8]) {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("there are threads").install(|| dossier(dir, "declaraties.csv", bytes))
    };
    assert_eq!(on(1), on(3));
}

/// Reads a dossier with this file in it, joins it and runs all rules; gives what they found, or why
/// there is nothing to audit.
fn dossier(dir: &Path, name: &str, bytes: &[u8]) -> String {
    empty(dir);
    write(dir, "toewijzingen.csv", TOEWIJZINGEN.as_bytes());
    write(dir, name, bytes);
    let spec = Spec { jaar: Some(2023), max_rejected: Decimal::ONE_HUNDRED, ..Spec::new(dir) };
    let audit = Audit::open(&spec).unwrap_or_else(|e| panic!("{e:?}"));
    let ingelezen = match audit.setup.read(&|_| {}) {
        Ok(ingelezen) => ingelezen,
        Err(AuditError::Source(e)) => {
            assert!(!e.to_string().is_empty() && !e.advice().is_empty());
            return e.to_string();
        }
        Err(e) => panic!("{e:?}"),
    };
    let aanvaard: u64 = ingelezen
        .rows
        .files
        .iter()
        .filter(|b| b.soort == FileKind::Declaraties)
        .map(|b| b.aanvaard)
        .sum();
    for b in &ingelezen.rows.files {
        assert_eq!(b.gelezen, b.aanvaard + b.afgekeurd, "{}", b.pad);
    }
    let joined = audit.setup.join(ingelezen);
    assert_eq!(joined.dossier.lines.len() as u64, aanvaard);
    let mut found = format!("{:?}", joined.errors);
    for outcome in run_whole(&joined.context(audit.jaar), &audit.rules, &|_, _| {}).outcomes {
        assert!(outcome.failed.is_none(), "{}: {:?}", outcome.rule.code, outcome.failed);
        found += &format!("{} {:?}\n", outcome.rule.code, outcome.outcomes);
    }
    found
}

fn empty(dir: &Path) {
    for thing in fs::read_dir(dir).expect("the folder is ours").flatten() {
        fs::remove_file(thing.path()).expect("the file is ours");
    }
}

fn write(dir: &Path, name: &str, bytes: &[u8]) {
    fs::write(dir.join(name), bytes).expect("there is room");
}
