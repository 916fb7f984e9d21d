//! One message: its bytes, its header, its rows.

use super::header::{HeaderFacts, check_header};
use super::parsing::{BerichtContent, parse};
use super::schema::BerichtField;
use super::{Bericht, BerichtError, LIMIT_BYTES, text};
use crate::bron::collect::ReadRows;
use crate::bron::discovery::FoundFile;
use crate::bron::form::TablePlace;
use crate::bron::forms::Forms;
use crate::bron::header::{ColumnNames, Header, HeaderSpec, HeaderText};
use crate::bron::order::BerichtFile;
use crate::bron::report::ReadReport;
use crate::bron::table::add_records;
use crate::dossier::Columns;
use crate::ground::hex;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;

/// What one message holds: its header, and records that are no rows yet.
pub(crate) struct BerichtReading {
    pub content: BerichtContent,
    pub facts: HeaderFacts,
}

impl BerichtReading {
    /// What tells one message of a kind from another: who sent it, under which name, and when.
    pub(crate) fn key(&self) -> [String; 3] {
        let fields =
            [BerichtField::Afzender, BerichtField::Identificatie, BerichtField::Dagtekening];
        fields.map(|field| self.content.value(field).to_owned())
    }
}

/// One file: its content or why it is refused.
pub(crate) struct BerichtOutcome {
    pub bytes: u64,
    pub sha256: String,
    pub read: Result<BerichtReading, BerichtError>,
}

/// Rows of some messages that follow each other.
pub(crate) struct RowsOfBerichten<Chunk> {
    /// Rows that stand, and rows that take one back.
    pub parts: [Chunk; 2],
    /// Of each message what was noted.
    pub reports: Vec<ReadReport>,
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

/// Reads one message as far as it needs no other.
pub(crate) fn read_bericht((id, found, bericht): BerichtFile<'_>) -> BerichtOutcome {
    let bytes = match read_bytes(found) {
        Ok(bytes) => bytes,
        Err(error) => {
            return BerichtOutcome { bytes: found.bytes, sha256: String::new(), read: Err(error) };
        }
    };
    let (count, sha256) = (bytes.len() as u64, hex(&Sha256::digest(&bytes)));
    let read = text::decode(bytes).and_then(|t| parse(&t, bericht)).and_then(|content| {
        let facts = check_header(&content, bericht, id)?;
        Ok(BerichtReading { content, facts })
    });
    BerichtOutcome { bytes: count, sha256, read }
}

/// The rows of some messages, each under the header of its kind. Together they cost no more than
/// those of one large message.
pub(crate) fn rows_of<R: ReadRows>(
    berichten: &[(BerichtFile<'_>, BerichtReading)],
    headers: &BTreeMap<Bericht, Header>,
    forms: &Forms<'_>,
    rows: &R,
) -> RowsOfBerichten<R::Chunk> {
    let mut parts = [0, 1].map(|i| {
        rows.chunk(berichten.iter().map(|(_, read)| read.content.blocks()[i].size()).sum())
    });
    let reports = berichten.iter().map(|((id, _, bericht), read)| {
        let mut report = ReadReport::default();
        for (block, part) in read.content.blocks().into_iter().zip(&mut parts) {
            add_records(*id, &headers[bericht], block, forms, rows, part, &mut report);
        }
        report
    });
    let reports = reports.collect();
    RowsOfBerichten { parts, reports }
}

/// The header that stands for the columns of a kind of message.
pub(crate) fn header_of(bericht: Bericht) -> Header {
    let headers = bericht.kolommen().iter().map(|(k, _)| k.name().to_owned()).collect();
    let text = HeaderText { headers, line: 1, ..HeaderText::default() };
    let spec = HeaderSpec {
        file: bericht.name(),
        kind: bericht.kind(),
        names: &ColumnNames::default(),
        may_be_absent: Columns::default(),
        place: &TablePlace::default(),
    };
    Header::from_headers(text, &spec).expect("the columns of a message are ours")
}
