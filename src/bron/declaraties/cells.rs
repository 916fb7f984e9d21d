//! What the cells of a row say, each read once: a row is kept where all that it needs is there.

use crate::bron::fields::{self, ParseError};
use crate::bron::report::Repair;
use crate::bron::row::{Row, plausible_datum};
use crate::dossier::{
    Agb, Bsn, Cent, Columns, Dag, DebetCredit, Eenheid, FileId, Gemeente, Kolom, ShortDag, Tarief,
    Volume,
};
use std::borrow::Cow;

/// The cells of a row that can be kept.
pub(super) struct Cells<'r> {
    pub referentie: &'r [u8],
    pub previous: &'r [u8],
    pub declaratie: &'r [u8],
    pub nummer: &'r [u8],
    pub categorie: &'r [u8],
    pub code: &'r [u8],
    pub agb: Agb,
    pub gemeente: Gemeente,
    pub bsn: Bsn,
    pub begindatum: Dag,
    pub einddatum: Dag,
    pub volume: Volume,
    pub eenheid: Eenheid,
    pub bedrag: Cent,
    pub tarief: Option<Tarief>,
    pub ontvangst: Option<Dag>,
    pub dagtekening: Option<ShortDag>,
    pub debet_credit: DebetCredit,
    pub contact: ContactCells<'r>,
    pub unreadable: Columns,
    pub file: FileId,
    pub line_number: u32,
}

/// What they say of the contacts in it, which few exports have.
pub(super) struct ContactCells<'r> {
    pub no_show: u32,
    pub no_show_minuten: Option<Volume>,
    pub afspraak_minuten: Option<Volume>,
    pub reistijd_minuten: Option<Volume>,
    pub gesprekken: Option<u32>,
    pub functie: &'r [u8],
    pub hulpverlener: &'r [u8],
    pub groep: &'r [u8],
    pub meegenomen: Cow<'r, str>,
}

impl<'r> Cells<'r> {
    /// The amount of the row where it can be read, and its cells where none that is needed lacks.
    #[inline]
    pub(super) fn read(
        row: &mut Row<'r>,
        without_bsn: &[String],
    ) -> (Option<Cent>, Option<Cells<'r>>) {
        let referentie = row.key(Kolom::ReferentieNummer);
        let previous = row.key_or_empty(Kolom::VorigReferentieNummer);
        let declaratie = row.bytes_or_empty(Kolom::DeclaratieNummer);
        let forms = row.forms;
        let dagtekening = row.optional(Kolom::DeclaratieDagtekening, |c| {
            let dag = plausible_datum(c, forms, Kolom::DeclaratieDagtekening, false)?;
            ShortDag::new(dag).ok_or(ParseError::DatumImplausible)
        });
        let ontvangst = row.datum_or_empty(Kolom::Ontvangstdatum);
        let gemeente = row.gemeente();
        let agb = row.agb();
        let nummer = row.toewijzingnummer_or_empty();
        let categorie = row.key(Kolom::ProductCategorie);
        let code = row.key(Kolom::ProductCode);
        let bsn = bsn(row, code, without_bsn);
        let begin = row.datum(Kolom::Begindatum);
        let end = row.datum(Kolom::Einddatum);
        let volume = row.volume(Kolom::GeleverdVolume);
        let eenheid = row.eenheid();
        let bedragen = row.forms.amounts;
        let tarief = row.optional(Kolom::ProductTarief, |c| {
            Tarief::new(fields::bedrag_of_care(c, bedragen)?).ok_or(ParseError::NoBedrag)
        });
        let (bedrag, debet_credit) = amount_and_direction(row);
        let contact = ContactCells::read(row);
        reject_part_of_cent(row, eenheid, volume);
        let unreadable = row.unreadable();
        let (file, line_number) = (row.file, row.line_number());
        let cells = (|| {
            Some(Cells {
                referentie: referentie?,
                previous,
                declaratie,
                nummer,
                categorie: categorie?,
                code: code?,
                agb: agb?,
                gemeente: gemeente?,
                bsn: bsn?,
                begindatum: begin?,
                einddatum: end?,
                volume: volume?,
                eenheid: eenheid?,
                bedrag: bedrag?,
                tarief,
                ontvangst,
                dagtekening,
                debet_credit: debet_credit?,
                contact,
                unreadable,
                file,
                line_number,
            })
        })();
        (bedrag, cells)
    }
}

impl<'r> ContactCells<'r> {
    #[inline]
    fn read(row: &mut Row<'r>) -> ContactCells<'r> {
        ContactCells {
            no_show: row.optional(Kolom::NoShow, fields::no_show).unwrap_or(0),
            no_show_minuten: row.volume_or_empty(Kolom::NoShowMinuten),
            afspraak_minuten: row.volume_or_empty(Kolom::AfspraakMinuten),
            reistijd_minuten: row.volume_or_empty(Kolom::ReistijdMinuten),
            gesprekken: row.number_or_empty(Kolom::Gesprekken),
            functie: row.bytes_or_empty(Kolom::Functie),
            hulpverlener: row.bytes_or_empty(Kolom::Hulpverlener),
            groep: row.bytes_or_empty(Kolom::Groep),
            meegenomen: row.meegenomen(),
        }
    }
}

/// The Bsn; of a product whose lines may lack one it may be empty.
#[inline]
fn bsn(row: &mut Row<'_>, code: Option<&[u8]>, without_bsn: &[String]) -> Option<Bsn> {
    let may_lack_bsn = without_bsn.iter().any(|z| Some(z.as_bytes()) == code);
    match may_lack_bsn && row.cell(Kolom::Bsn).is_empty() {
        true => Some(Bsn::NONE),
        false => row.bsn(),
    }
}

/// A volume in euros has whole cents.
#[inline]
fn reject_part_of_cent(row: &mut Row<'_>, eenheid: Option<Eenheid>, volume: Option<Volume>) {
    if let (Some(Eenheid::EURO), Some(v)) = (eenheid, volume)
        && v.0 % 100 != 0
    {
        row.reject(Some(Kolom::GeleverdVolume), &v.to_string(), ParseError::VolumeGeenHeleCenten);
    }
}

/// IngediendBedrag, and which way it goes. A negative amount where no DebetCredit says so is a credit
/// of that amount.
#[inline]
fn amount_and_direction(row: &mut Row<'_>) -> (Option<Cent>, Option<DebetCredit>) {
    let says = row.cell(Kolom::DebetCredit);
    if !says.is_empty() && !fields::is_empty_word(says) {
        // Debet or credit can't be left open: the row would count with the wrong sign.
        let direction = row.needs(Kolom::DebetCredit, fields::debet_credit);
        let how = row.forms.amounts;
        let bedrag = row.needs(Kolom::IngediendBedrag, |c| fields::bedrag_of_care(c, how));
        return (bedrag, direction);
    }
    let forms = row.forms;
    let bedrag =
        row.needs(Kolom::IngediendBedrag, |c| match fields::bedrag_of_care(c, forms.amounts) {
            Err(ParseError::BedragNegative) if forms.credit_by_sign => {
                fields::signed_bedrag(c, forms.amounts)
            }
            outcome => outcome,
        });
    match bedrag {
        Some(Cent(centen)) if centen < 0 => {
            row.report.count(Repair::CreditBySign, Kolom::IngediendBedrag);
            (Some(Cent(-centen)), Some(DebetCredit::Credit))
        }
        bedrag => (bedrag, Some(DebetCredit::Debet)),
    }
}
