//! One message: its bytes, its header, its rows.

use super::header::check_header;
use super::parsing::{BerichtContent, parse};
use super::schema::BerichtField;
use super::{BEDRAGEN, Bericht, BerichtError, LIMIT_BYTES, text};
use crate::bron::collect::ReadRows;
use crate::bron::discovery::FoundFile;
use crate::bron::header::{ColumnNames, Header, HeaderText};
use crate::bron::order::BerichtFile;
use crate::bron::report::ReadReport;
use crate::bron::table::TableSpec;
use crate::dossier::Columns;
use crate::ground::hex;
use sha2::{Digest, Sha256};
use std::io::Read;

/// What was read of one message.
pub(crate) struct BerichtReading<Chunk> {
    pub content: BerichtContent,
    /// Rows that stand, and rows that take one back.
    pub parts: [Chunk; 2],
    pub report: ReadReport,
}

impl<Chunk> BerichtReading<Chunk> {
    /// What tells one message of a kind from another: who sent it, under which name, and when.
    pub(crate) fn key(&self) -> [String; 3] {
        let fields =
            [BerichtField::Afzender, BerichtField::Identificatie, BerichtField::Dagtekening];
        fields.map(|field| self.content.value(field).to_owned())
    }
}

/// One file: its content or why it is refused.
pub(crate) struct BerichtOutcome<Chunk> {
    pub bytes: u64,
    pub sha256: String,
    pub read: Result<BerichtReading<Chunk>, BerichtError>,
}

/// The whole file, unless it is too large.
fn read_bytes(found: &FoundFile) -> Result<Vec<u8>, BerichtError> {
    let mut bytes = Vec::with_capacity(found.bytes.min(LIMIT_BYTES) as usize + 1);
    found
        .location
        .open()
        .and_then(|f| f.take(LIMIT_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|e| BerichtError::from_io(&e))?;
    if bytes.len() as u64 > LIMIT_BYTES {
        return Err(BerichtError::TooLarge);
    }
    Ok(bytes)
}

/// Reads one message, under the header of its kind.
pub(crate) fn read_bericht<R: ReadRows>(
    (id, found, bericht): BerichtFile<'_>,
    header: &Header,
    rows: &R,
) -> BerichtOutcome<R::Chunk> {
    let bytes = match read_bytes(found) {
        Ok(bytes) => bytes,
        Err(error) => {
            return BerichtOutcome { bytes: found.bytes, sha256: String::new(), read: Err(error) };
        }
    };
    let (count, sha256) = (bytes.len() as u64, hex(&Sha256::digest(&bytes)));
    let read = text::decode(bytes).and_then(|t| parse(&t, bericht)).and_then(|content| {
        check_header(&content, bericht)?;
        let table = TableSpec { name: &found.name, kind: bericht.kind(), id };
        let mut report = ReadReport::default();
        let parts = [&content.records, &content.withdrawn].map(|block| {
            let part = table.read_records(header, block, BEDRAGEN, rows);
            report.merge(part.report);
            part.chunk
        });
        Ok(BerichtReading { content, parts, report })
    });
    BerichtOutcome { bytes: count, sha256, read }
}

/// The header that stands for the columns of a kind of message.
pub(crate) fn header_of(bericht: Bericht) -> Header {
    let headers = bericht.kolommen().iter().map(|(k, _)| k.name().to_owned()).collect();
    let text = HeaderText { headers, line: 1, ..HeaderText::default() };
    let names = ColumnNames::default();
    Header::from_headers(text, bericht.name(), bericht.kind(), &names, Columns::default())
        .expect("the columns of a message are ours")
}
