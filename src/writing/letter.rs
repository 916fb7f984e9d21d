//! A letter, as a text to paste and as a document for a word processor.
//!
//! It is made of a plain text: paragraphs with a blank line between them, headings that begin with `# `,
//! and tables, of which each row begins with a tab and has tabs between its cells. The first row of a table is its header, and a
//! row that begins with `Totaal` its sum. What fills a place of its template is on one line (`template`).

use super::WriteError;
use crate::ground::on_one_line;
use quick_xml::escape::escape;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A letter in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Heading(String),
    /// Its lines.
    Paragraph(Vec<String>),
    Table(Vec<Vec<String>>),
}

impl Letter {
    pub(crate) fn of(text: &str) -> Letter {
        let text = text.replace("\r\n", "\n");
        let blocks = text.split("\n\n").map(|block| block.trim_matches('\n'));
        let part = |block: &str| match (block.strip_prefix("# "), block.starts_with('\t')) {
            (Some(heading), _) => Part::Heading(heading.to_owned()),
            (None, true) => {
                let cells = |row: &str| row[1..].split('\t').map(str::to_owned).collect();
                Part::Table(block.lines().filter(|row| row.starts_with('\t')).map(cells).collect())
            }
            (None, false) => Part::Paragraph(block.lines().map(str::to_owned).collect()),
        };
        Letter(blocks.filter(|block| !block.trim().is_empty()).map(part).collect())
    }

    /// As text, with the line ends that Notepad and a mail program both read.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Heading(text) => out += &format!("{}\n", text.to_uppercase()),
                Part::Paragraph(lines) => lines.iter().for_each(|line| {
                    out += line;
                    out.push('\n');
                }),
                Part::Table(rows) => out += &aligned(rows),
            }
            out.push('\n');
        }
        out.trim_end().replace('\n', "\r\n") + "\r\n"
    }

    /// Writes it as text and as document: `path` with `.txt` and `.docx` behind it.
    pub(crate) fn write(&self, path: &Path) -> Result<(), WriteError> {
        let (text, document) = (with_extension(path, "txt"), with_extension(path, "docx"));
        std::fs::write(&text, self.text()).map_err(|e| WriteError::writing(&text, &e))?;
        self.document(&document).map_err(|e| WriteError::writing(&document, &e))
    }

    /// A package of Office Open XML with the least that a word processor needs.
    fn document(&self, path: &Path) -> io::Result<()> {
        let mut package = ZipWriter::new(File::create(path)?);
        for (name, content) in [
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", RELATIONS),
            ("word/styles.xml", STYLES),
            ("word/_rels/document.xml.rels", RELATIONS_OF_DOCUMENT),
            ("word/document.xml", &self.body()),
        ] {
            package.start_file(name, SimpleFileOptions::default())?;
            package.write_all(content.as_bytes())?;
        }
        package.finish()?.sync_all()
    }

    fn body(&self) -> String {
        let mut out = BEGIN.to_owned();
        for part in &self.0 {
            match part {
                Part::Heading(text) => out += &paragraph("Heading1", &[text.as_str()], false),
                Part::Paragraph(lines) => {
                    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                    out += &paragraph("Normal", &lines, false);
                }
                Part::Table(rows) => out += &table(rows),
            }
        }
        out + END
    }
}

fn with_extension(path: &Path, extension: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// Does a column hold amounts? They stand under each other at the right.
fn holds_amounts(rows: &[Vec<String>], kolom: usize) -> bool {
    let mut cells = rows.iter().skip(1).filter_map(|row| row.get(kolom)).filter(|c| !c.is_empty());
    cells.clone().next().is_some() && cells.all(|cell| cell.starts_with('€'))
}

fn is_sum(row: &[String]) -> bool {
    row.first().is_some_and(|cell| cell.starts_with("Totaal"))
}

/// The header and the sum are.
fn is_bold(i: usize, row: &[String]) -> bool {
    i == 0 || is_sum(row)
}

/// Rows with their cells under each other.
fn aligned(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let length = |cell: &String| cell.chars().count();
    let width = |kolom: usize| rows.iter().filter_map(|row| row.get(kolom)).map(length).max();
    let widths: Vec<usize> = (0..count).map(|kolom| width(kolom).unwrap_or_default()).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (kolom, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ = match holds_amounts(rows, kolom) {
                true => write!(line, "{cell:>width$}  "),
                false => write!(line, "{cell:<width$}  "),
            };
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

fn run(text: &str, bold: bool) -> String {
    let look = if bold { "<w:rPr><w:b/></w:rPr>" } else { "" };
    format!("<w:r>{look}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(on_one_line(text)))
}

fn paragraph(style: &str, lines: &[&str], bold: bool) -> String {
    let runs: Vec<String> = lines.iter().map(|line| run(line, bold)).collect();
    let runs = runs.join("<w:r><w:br/></w:r>");
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>")
}

/// Between the margins, in twentieths of a point.
const ALL: usize = 9_638;

/// Twentieths of a point that this text takes in a table, in the widest font that a reader takes for
/// one that it lacks (DejaVu Sans); plain letters are narrower than bold ones.
fn wide(text: &str, bold: bool) -> usize {
    /// Size of the letters in a cell.
    const EM: usize = 170;
    let hundredths = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | 'J' | '.' | ',' | '/' | ' ' | '\'' | '\u{a0}' => 40,
        'f' | 'r' | 't' | '-' | ':' | ';' | '(' | ')' => 50,
        'm' | 'w' | 'M' | 'W' => 110,
        _ if c.is_uppercase() => 85,
        _ => 73,
    };
    let ems = text.chars().map(hundredths).sum::<usize>();
    ems * EM / 100 * if bold { 100 } else { 92 } / 100
}

/// Widths of the columns, in twentieths of a point: by what stands in them, so that no word breaks
/// where there is room for all.
fn widths<'r>(rows: &'r [Vec<String>]) -> Vec<usize> {
    /// At both sides of a text.
    const MARGINS: usize = 140;
    /// A longer text takes lines.
    const LONGEST: usize = 3_200;
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let cells = |kolom: usize| {
        let cell =
            move |(i, row): (usize, &'r Vec<String>)| Some((row.get(kolom)?, is_bold(i, row)));
        rows.iter().enumerate().filter_map(cell)
    };
    let least = |kolom: usize| {
        let amounts = holds_amounts(rows, kolom);
        let of = |(cell, bold): (&String, bool)| match amounts {
            true => wide(cell, bold),
            false => cell.split_whitespace().map(|word| wide(word, bold)).max().unwrap_or_default(),
        };
        cells(kolom).map(of).max().unwrap_or_default() + MARGINS
    };
    let least: Vec<usize> = (0..columns).map(least).collect();
    let whole = |kolom: usize| {
        let longest = cells(kolom).map(|(cell, bold)| wide(cell, bold)).max().unwrap_or_default();
        (longest.min(LONGEST) + MARGINS).max(least[kolom])
    };
    let whole: Vec<usize> = (0..columns).map(whole).collect();
    let (sum_least, sum) = (least.iter().sum::<usize>(), whole.iter().sum::<usize>());
    if sum <= ALL {
        return whole.into_iter().map(|of| ALL * of / sum).collect();
    }
    if sum_least <= ALL {
        let more = ALL - sum_least;
        let both = least.iter().zip(&whole);
        return both.map(|(l, w)| l + more * (w - l) / (sum - sum_least)).collect();
    }
    narrowed(least)
}

/// As wide as asked but for the widest, which share what is left.
fn narrowed(mut asked: Vec<usize>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..asked.len()).collect();
    order.sort_by_key(|kolom| asked[*kolom]);
    let mut left = ALL;
    for (i, kolom) in order.iter().enumerate() {
        asked[*kolom] = asked[*kolom].min(left / (order.len() - i));
        left -= asked[*kolom];
    }
    asked
}

fn table(rows: &[Vec<String>]) -> String {
    let widths = widths(rows);
    let grid = widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>"));
    let mut out = format!("{TABLE}<w:tblGrid>{}</w:tblGrid>", grid.collect::<String>());
    for (i, row) in rows.iter().enumerate() {
        out += "<w:tr>";
        if i == 0 {
            // Repeated on each page.
            out += "<w:trPr><w:tblHeader/></w:trPr>";
        }
        for (kolom, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let at = if holds_amounts(rows, kolom) { "right" } else { "left" };
            let _ = write!(
                out,
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:jc w:val=\"{at}\"/></w:pPr>{}</w:p></w:tc>",
                run(cell, is_bold(i, row))
            );
        }
        out += "</w:tr>";
    }
    // A table is followed by a paragraph.
    out + "</w:tbl>" + &paragraph("Normal", &[], false)
}

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"#;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

const RELATIONS_OF_DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

/// Sizes are in half points, distances in twentieths of a point.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="20"/><w:lang w:val="nl-NL"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing w:after="160" w:line="264" w:lineRule="auto"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="100"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="24"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Cell"><w:name w:val="Cell"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="17"/></w:rPr></w:style></w:styles>"#;

const BEGIN: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;

/// A4, with margins of 2 centimetres.
const END: &str = r#"<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>"#;

const TABLE: &str = r#"<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders><w:top w:val="single" w:sz="4" w:color="808080"/><w:bottom w:val="single" w:sz="4" w:color="808080"/><w:insideH w:val="single" w:sz="4" w:color="C0C0C0"/></w:tblBorders><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_the_same_as_text_and_as_document() {
        let letter = Letter::of(
            "Geachte,\nheer\n\n# Wat\n\n\tRegel\tBedrag\n\tR<1>\t€ 5,00\n\tTotaal\t€ 15,00",
        );
        let text = letter.text();
        assert_eq!(
            text,
            "Geachte,\r\nheer\r\n\r\nWAT\r\n\r\nRegel    Bedrag\r\nR<1>     € 5,00\r\nTotaal  € 15,00\r\n"
        );
        let body = letter.body();
        for word in ["Geachte,", "Wat", "R&lt;1&gt;", "€ 15,00"] {
            assert!(body.contains(word), "no {word} in {body}");
        }
    }

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn every_word_of_a_table_has_room_also_in_a_wide_font() {
        let table = rows(&[
            &["Referentie", "Gemeente", "Toewijzing", "Periode", "Gedeclareerd", "Terug", "Reden"],
            &[
                "N23-10403",
                "0193",
                "123456789",
                "01-01-2023 t/m 31-01-2023",
                "€ 123.456,78",
                "€ 1,00",
                "10, 12",
            ],
        ]);
        let widths = widths(&table);
        assert!(widths.iter().sum::<usize>() <= ALL);
        // In DejaVu Sans (bold where it is) by its own metrics, in hundredths of the size of the letters.
        let ems = [[594, 577, 601, 433, 756, 328, 355], [556, 254, 573, 1_396, 668, 318, 318]];
        for (ems, row) in ems.iter().zip(&table) {
            for ((em, width), cell) in ems.iter().zip(&widths).zip(row) {
                assert!(em * 170 / 100 + 120 <= *width, "{cell} in {width}");
            }
        }
    }

    #[test]
    fn where_there_is_no_room_for_all_the_longest_word_breaks_and_no_other() {
        let long = "x".repeat(200);
        let widths = widths(&rows(&[&["Referentie", "Reden"], &[&long, "1"]]));
        assert_eq!(widths.iter().sum::<usize>(), ALL);
        assert_eq!(widths[1], wide("Reden", true) + 140);
    }
}
