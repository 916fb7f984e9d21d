//! A line as the files hold it: its numbers in a record of fixed size, then its texts, each with its
//! length in front.

use crate::dossier::{
    AanbiederId, Bsn, Cent, ContactColumnsId, CreditState, Dag, DebetCredit, Declaratieregel,
    Eenheid, FileId, Gemeente, Gesprekken, LineBlock, ProductId, ShortDag, Tarief, TextId,
    ToewijzingId, Volume, WordId,
};
use std::io;
use zerocopy::little_endian::{I32, I64, U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The numbers of a line, in the order of the file. Numbers that may be absent stand one higher, so
/// that zero means none.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(super) struct LineRecord {
    ingediend_bedrag: I64,
    geleverd_volume: I64,
    /// Cents; below zero without one.
    product_tarief: I32,
    bsn: U32,
    begindatum: Day,
    einddatum: Day,
    ontvangstdatum: Day,
    declaratie_dagtekening: Day,
    /// The line's number in the whole dossier.
    number: U32,
    toewijzing_nummer: U32,
    toewijzing: U32,
    line_number: U32,
    functie: U32,
    hulpverlener: U32,
    contact_columns: U32,
    file: U32,
    gemeente: U16,
    aanbieder: U16,
    product: U16,
    eenheid: u8,
    is_credit: u8,
    state: u8,
    gesprekken: u8,
}

/// Days since 1970; the smallest number for no day.
#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
struct Day(I32);

impl Day {
    fn new(dag: Option<Dag>) -> Day {
        Day(dag.map_or(i32::MIN, Dag::dagen_since_1970).into())
    }

    fn dag(self) -> Option<Dag> {
        Some(self.0.get()).filter(|d| *d != i32::MIN).and_then(Dag::from_dagen_since_1970)
    }
}

impl LineRecord {
    fn new(r: &Declaratieregel, number: u32) -> LineRecord {
        LineRecord {
            ingediend_bedrag: r.ingediend_bedrag.0.into(),
            geleverd_volume: r.geleverd_volume.0.into(),
            product_tarief: r.product_tarief.map_or(-1, |t| t.bedrag().0 as i32).into(),
            bsn: r.bsn.0.into(),
            begindatum: Day::new(Some(r.begindatum)),
            einddatum: Day::new(Some(r.einddatum)),
            ontvangstdatum: Day::new(r.ontvangstdatum),
            declaratie_dagtekening: Day::new(r.declaratie_dagtekening()),
            number: number.into(),
            toewijzing_nummer: r.toewijzing_nummer.0.into(),
            toewijzing: r.toewijzing.map_or(0, |id| id.place() as u32 + 1).into(),
            line_number: r.line_number.into(),
            functie: r.functie.0.into(),
            hulpverlener: r.hulpverlener.0.into(),
            contact_columns: r.contact_columns.map_or(0, |id| id.nummer() + 1).into(),
            file: r.file.0.into(),
            gemeente: r.gemeente.0.into(),
            aanbieder: r.aanbieder.0.into(),
            product: r.product.0.into(),
            eenheid: r.eenheid.0,
            is_credit: u8::from(r.debet_credit == DebetCredit::Credit),
            state: r.state as u8,
            gesprekken: r.gesprekken.in_byte(),
        }
    }

    /// The line, but for its texts; `None` where a number means nothing.
    fn line(&self, ids: TextId) -> Option<Declaratieregel> {
        let one_lower = |id: U32| id.get().checked_sub(1);
        Some(Declaratieregel {
            ingediend_bedrag: Cent(self.ingediend_bedrag.get()),
            geleverd_volume: Volume(self.geleverd_volume.get()),
            product_tarief: Tarief::new(Cent(self.product_tarief.get().into())),
            bsn: Bsn(self.bsn.get()),
            begindatum: self.begindatum.dag()?,
            einddatum: self.einddatum.dag()?,
            ontvangstdatum: self.ontvangstdatum.dag(),
            dagtekening: self.declaratie_dagtekening.dag().and_then(ShortDag::new),
            ids,
            toewijzing_nummer: WordId(self.toewijzing_nummer.get()),
            toewijzing: one_lower(self.toewijzing).map(|id| ToewijzingId::new(id as usize)),
            functie: WordId(self.functie.get()),
            hulpverlener: WordId(self.hulpverlener.get()),
            contact_columns: one_lower(self.contact_columns).map(ContactColumnsId::new),
            line_number: self.line_number.get(),
            file: FileId(self.file.get()),
            gemeente: Gemeente(self.gemeente.get()),
            aanbieder: AanbiederId(self.aanbieder.get()),
            product: ProductId(self.product.get()),
            eenheid: Eenheid(self.eenheid),
            debet_credit: match self.is_credit {
                0 => DebetCredit::Debet,
                _ => DebetCredit::Credit,
            },
            state: *CreditState::ALL.get(usize::from(self.state))?,
            gesprekken: Gesprekken::from_byte(self.gesprekken),
        })
    }
}

/// Adds one line to these bytes.
pub(super) fn encode(r: &Declaratieregel, number: u32, block: &LineBlock, to: &mut Vec<u8>) {
    to.extend_from_slice(LineRecord::new(r, number).as_bytes());
    for text in block.texts.get_together(r.ids) {
        to.extend_from_slice(&(text.len() as u16).to_le_bytes());
        to.extend_from_slice(text);
    }
}

/// Adds the lines in these bytes to a block.
///
/// # Errors
/// The bytes aren't what was written.
pub(super) fn decode(mut bytes: &[u8], block: &mut LineBlock) -> io::Result<()> {
    while !bytes.is_empty() {
        let (record, rest) = LineRecord::ref_from_prefix(bytes).map_err(|_| damaged())?;
        let mut texts: [&[u8]; 3] = [&[]; 3];
        bytes = rest;
        for text in &mut texts {
            let (length, rest) = U16::read_from_prefix(bytes).map_err(|_| damaged())?;
            (*text, bytes) = rest.split_at_checked(length.get().into()).ok_or_else(damaged)?;
        }
        let line = record.line(block.texts.push_together(texts)).ok_or_else(damaged)?;
        block.lines.push(line);
        block.numbers.push(record.number.get());
    }
    Ok(())
}

/// A file that isn't what was written.
pub(super) fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "een tijdelijk bestand is veranderd of beschadigd")
}
