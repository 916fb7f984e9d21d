//! A workbook of Open Document, made tag by tag: no other program here writes one.

use super::{Hiding, day};
use crate::vormen::{bedrag, zip_of};

/// How a row can't be seen; in a folded group it says nothing of itself.
const HIDDEN: [&str; 2] = [" table:visibility=\"collapse\"", " table:visibility=\"filter\""];

fn cell(text: &str) -> String {
    let written = quick_xml::escape::escape(text);
    let kind = match (day(text), bedrag(text)) {
        (Some(day), _) => format!("date\" office:date-value=\"{day}"),
        (None, Some(number)) => format!("float\" office:value=\"{number}"),
        _ if text.is_empty() => return "<table:table-cell/>".to_owned(),
        _ => "string".to_owned(),
    };
    format!(
        "<table:table-cell office:value-type=\"{kind}\"><text:p>{written}</text:p></table:table-cell>"
    )
}

/// A sheet whose rows are hidden where `is_hidden` says so, each in the next of the ways there are. Below
/// them are all rows that a sheet can have: empty, and as hidden.
fn sheet((name, table, is_hidden): &Hiding<'_>) -> String {
    let mut out = format!("<table:table table:name=\"{name}\"><table:table-column/>");
    let mut ways = (0..3).cycle();
    for (r, row) in table.iter().enumerate() {
        let way = is_hidden(r).then(|| ways.next().unwrap());
        let says = way.and_then(|way: usize| HIDDEN.get(way)).unwrap_or(&"");
        let cells: String = row.iter().map(|text| cell(text)).collect();
        let row = format!("<table:table-row{says}>{cells}</table:table-row>");
        out += &match way {
            Some(2) => format!(
                "<table:table-row-group><table:table-row-group table:display=\"false\">{row}</table:table-row-group></table:table-row-group>"
            ),
            _ => row,
        };
    }
    out + "<table:table-row table:visibility=\"collapse\" table:number-rows-repeated=\"1048000\"><table:table-cell/></table:table-row></table:table>"
}

/// A workbook of these sheets.
pub fn file(sheets: &[Hiding<'_>]) -> Vec<u8> {
    const NAMES: &str = "urn:oasis:names:tc:opendocument:xmlns";
    const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
    let sheets: String = sheets.iter().map(sheet).collect();
    let content = format!(
        "<office:document-content xmlns:office=\"{NAMES}:office:1.0\" xmlns:table=\"{NAMES}:table:1.0\" xmlns:text=\"{NAMES}:text:1.0\" office:version=\"1.2\"><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = format!(
        "<manifest:manifest xmlns:manifest=\"{NAMES}:manifest:1.0\"><manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{KIND}\"/><manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>"
    );
    zip_of(&[
        ("mimetype", KIND.into()),
        ("META-INF/manifest.xml", manifest.into_bytes()),
        ("content.xml", content.into_bytes()),
    ])
}
