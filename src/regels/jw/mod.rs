//! The rules of the national messages (iJw), on any input that carries the fields.

pub(crate) mod credit_zonder_debet;
pub(crate) mod debet_en_credit_samen;
pub(crate) mod declaratienummer_dubbel;
pub(crate) mod dubbel_gecrediteerd;
pub(crate) mod levering_dubbel;
pub(crate) mod levering_overlapt;
pub(crate) mod maand_zonder_declaratie;
pub(crate) mod na_declaratieperiode;
pub(crate) mod onbekend_product;
pub(crate) mod onbekende_gemeente;
pub(crate) mod ongeldig_bsn;
pub(crate) mod onmogelijke_periode;
pub(crate) mod periode_begint_anders;
pub(crate) mod periode_eindigt_anders;
pub(crate) mod periode_over_maanden;
pub(crate) mod referentie_dubbel;
pub(crate) mod te_oud;
pub(crate) mod totaal_klopt_niet;

use crate::dossier::{Declaratiebericht, FileId};
use crate::toetsing::{AanbiederGroup, AuditContext, Kept, Line, Outcomes, Reason};

/// A number of an export, without anything in it that could be a Bsn.
fn masked(text: &str) -> String {
    crate::ground::masked(text).into_owned()
}

/// The declaration messages whose period ends in the audited year: their places in the dossier, in
/// order.
fn berichten_of_leverjaar(c: &AuditContext<'_>) -> Result<Vec<u32>, Reason> {
    let berichten = c.dossier.declaratieberichten.as_deref().ok_or(Reason::AlleenUitBerichten)?;
    let of_jaar = berichten.iter().enumerate().filter(|(_, b)| b.periode.1.jaar() == c.jaar);
    Ok(of_jaar.map(|(i, _)| i as u32).collect())
}

/// Keeps all lines of an aanbieder that came in messages in these files, for findings on a message.
fn keep_lines(group: &AanbiederGroup<'_>, is_wanted: impl Fn(FileId) -> bool, out: &mut Outcomes) {
    for line in group.lines().filter(|l| is_wanted(l.data.file)) {
        out.lines.at((line.data.file.0, 0), Kept::All).extend([line]);
    }
}

/// The message that a line came in.
fn bericht_of<'a>(line: &Line<'a>) -> Result<&'a Declaratiebericht, Reason> {
    let dossier = line.context.dossier;
    dossier.bericht_in(line.data.file).ok_or(Reason::AlleenUitBerichten)
}
