//! What is fuzzed: each function takes any bytes and must come back, with an error for people or with
//! a dossier in which no row was lost. Shared by the fuzzer and by the seeded run among the tests.

use flate2::Compression;
use flate2::write::GzEncoder;
use rechtmatig::audit::{Audit, AuditError, Spec, run_whole};
use rechtmatig::begin;
use rechtmatig::bron::DossierSettings;
use rechtmatig::dossier::FileKind;
use rechtmatig::regels::fingerprints;
use rechtmatig::regelset::{Regelset, RulesetSource};
use rust_decimal::Decimal;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A target by its name.
pub type FuzzTarget = fn(&Path, &[u8]);

pub const TARGETS: [(&str, FuzzTarget); 9] = [
    ("csv", csv),
    ("velden", fields),
    ("berichten", berichten),
    ("vormen", forms),
    ("onderdelen", parts),
    ("begin", mapping),
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

/// A workbook in its parts, as small as one can be, but for its sheet: see [`sheet`].
const WORKBOOK: [(&str, &str); 5] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="0"/><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/sharedStrings.xml",
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3"><si><t>ReferentieNummer</t></si><si><r><t>Geme</t></r><r><t>ente</t></r></si><si><t>R1</t></si></sst>"#,
    ),
];

/// The row of a lawful line.
const ROW: &str =
    "R1;0150;99000001;999900006;T1;45;45T01;2023-01-01;2023-01-31;100;01;1,08;108,00;D;;;;";

/// A sheet with two rows below its header, in cells of every type; one of them is hidden.
fn sheet() -> String {
    let mut rows = String::new();
    for (row, texts) in [HEADER.trim_end(), ROW, ROW].into_iter().enumerate() {
        let cells = texts.split(';').enumerate().map(|(column, text)| match (row, column) {
            (0, 0 | 1) => format!(r#"<c t="s"><v>{column}</v></c>"#),
            (1, 0) => r#"<c t="s"><v>2</v></c>"#.to_owned(),
            (2, 7 | 8) => r#"<c s="1"><v>44927</v></c>"#.to_owned(),
            (1, 9) => "<c><v>1e2</v></c>".to_owned(),
            (2, 15) => r#"<c t="b"><v>1</v></c>"#.to_owned(),
            (2, 16) => r#"<c t="e"><v>#N/A</v></c>"#.to_owned(),
            _ => format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#),
        });
        let hidden = if row == 2 { r#" hidden="1""# } else { "" };
        let cells: String = cells.collect();
        rows += &format!("<row r=\"{}\"{hidden}>{cells}</row>", row + 1);
    }
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:R3"/><sheetData>{rows}</sheetData></worksheet>"#
    )
}

/// A table of columns that other programs wrote.
const PARQUET: &[u8] = include_bytes!("../tests/vormen/typen.parquet");

/// How it ends: so many bytes of what it says of itself, that number, and its mark.
const END_OF_PARQUET: usize = 8;

/// Where in [`PARQUET`] that begins which it says of itself.
fn footer_of_parquet() -> usize {
    let end = PARQUET.len() - END_OF_PARQUET;
    let length = PARQUET[end..end + 4].try_into().expect("four bytes");
    end - u32::from_le_bytes(length) as usize
}

/// A container that is whole but for one part, which is these bytes; the first one says which. Lengths,
/// checksums and directories fit: what reads the part gets to see it.
pub fn parts(dir: &Path, bytes: &[u8]) {
    if let Some((which, part)) = bytes.split_first() {
        with_part(dir, *which, part);
    }
}

/// What is found in that container.
pub fn with_part(dir: &Path, which: u8, part: &[u8]) -> String {
    match usize::from(which) % (WORKBOOK.len() + 5) {
        0 => dossier(dir, "declaraties.csv.gz", &packed(part)),
        1 => dossier(dir, "export.zip", &zip_of([("declaraties.csv", part)])),
        2 => {
            let length = (part.len() as u32).to_le_bytes();
            let parquet = [&PARQUET[..footer_of_parquet()], part, &length, b"PAR1"].concat();
            dossier(dir, "declaraties.parquet", &parquet)
        }
        3 => {
            let parquet = [b"PAR1", part, &PARQUET[footer_of_parquet()..]].concat();
            dossier(dir, "declaraties.parquet", &parquet)
        }
        other => {
            let sheet = sheet();
            let others = WORKBOOK.map(|(name, text)| (name, text.as_bytes()));
            let whole = others.into_iter().chain([("xl/worksheets/sheet1.xml", sheet.as_bytes())]);
            let replaced = whole
                .enumerate()
                .map(|(i, (name, text))| (name, if i == other - 4 { part } else { text }));
            dossier(dir, "declaraties.xlsx", &zip_of(replaced))
        }
    }
}

/// The parts as they should be, for [`parts`].
pub fn whole_parts() -> Vec<Vec<u8>> {
    let csv = [HEADER, ROW, "\n"].concat().into_bytes();
    let footer = footer_of_parquet();
    let pages = PARQUET[4..footer].to_vec();
    let texts = WORKBOOK.map(|(_, text)| text.to_owned()).into_iter().chain([sheet()]);
    let all = [csv.clone(), csv, PARQUET[footer..PARQUET.len() - END_OF_PARQUET].to_vec(), pages];
    let all = all.into_iter().chain(texts.map(String::into_bytes)).zip(0_u8..);
    all.map(|(part, which)| [&[which], &part[..]].concat()).collect()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(bytes).expect("there is memory");
    gz.finish().expect("there is memory")
}

fn zip_of<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default()).expect("a new name");
        zip.write_all(bytes).expect("there is memory");
    }
    zip.finish().expect("there is memory").into_inner()
}

/// Any file as an export of somebody's own: the settings that are proposed for it can be read, and under
/// them no row is lost.
pub fn mapping(dir: &Path, bytes: &[u8]) {
    empty(dir);
    write(dir, "export.csv", bytes);
    let spec = Spec { jaar: Some(2023), ..Spec::new(dir) };
    let proposal = begin::proposal(&spec).unwrap_or_else(|e| panic!("{e:?}"));
    write(dir, "controle.toml", proposal.as_bytes());
    if let Err(e) = DossierSettings::read(dir) {
        panic!("{e:?}\n{proposal}");
    }
    audited(dir);
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

/// Reads a dossier with this file in it, joins it and runs all rules.
fn dossier(dir: &Path, name: &str, bytes: &[u8]) -> String {
    empty(dir);
    write(dir, "toewijzingen.csv", TOEWIJZINGEN.as_bytes());
    write(dir, name, bytes);
    audited(dir)
}

/// What the rules find in the dossier of this folder, or why there is nothing to audit.
fn audited(dir: &Path) -> String {
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
