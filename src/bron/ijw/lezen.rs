//! One message: its bytes, its header, its rows.

use super::kop::controleer_kop;
use super::ontleden::{Inhoud, ontleed};
use super::schema::Veld;
use super::{BEDRAGEN, Bericht, Berichtfout, GRENS_BYTES, tekst};
use crate::bron::collect::ReadRows;
use crate::bron::kop::{Kolomnamen, Kop, Koptekst};
use crate::bron::stappen::Berichtbestand;
use crate::bron::tabel::Tabel;
use crate::bron::verslag::Leesverslag;
use crate::bron::vinden::Vondst;
use crate::dossier::Kolommen;
use crate::ground::hex;
use sha2::{Digest, Sha256};
use std::io::Read;

/// What was read of one message.
pub struct Gelezen<Chunk> {
    pub inhoud: Inhoud,
    /// Rows that stand, and rows that take one back.
    pub delen: [Chunk; 2],
    pub verslag: Leesverslag,
}

impl<Chunk> Gelezen<Chunk> {
    /// What tells one message of a kind from another: who sent it, under which name, and when.
    pub fn sleutel(&self) -> [String; 3] {
        let velden = [Veld::Afzender, Veld::Identificatie, Veld::Dagtekening];
        velden.map(|veld| self.inhoud.waarde(veld).to_owned())
    }
}

/// One file: its content or why it is refused.
pub struct Uitkomst<Chunk> {
    pub bytes: u64,
    pub sha256: String,
    pub gelezen: Result<Gelezen<Chunk>, Berichtfout>,
}

/// The whole file, unless it is too large.
fn lees_bytes(vondst: &Vondst) -> Result<Vec<u8>, Berichtfout> {
    let mut bytes = Vec::with_capacity(vondst.bytes.min(GRENS_BYTES) as usize + 1);
    vondst
        .plek
        .open()
        .and_then(|f| f.take(GRENS_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|e| Berichtfout::van_io(&e))?;
    if bytes.len() as u64 > GRENS_BYTES {
        return Err(Berichtfout::TeGroot);
    }
    Ok(bytes)
}

/// Reads one message, under the header of its kind.
pub fn lees_bericht<R: ReadRows>(
    (nr, vondst, bericht): Berichtbestand<'_>,
    kop: &Kop,
    rows: &R,
) -> Uitkomst<R::Chunk> {
    let bytes = match lees_bytes(vondst) {
        Ok(bytes) => bytes,
        Err(fout) => {
            return Uitkomst { bytes: vondst.bytes, sha256: String::new(), gelezen: Err(fout) };
        }
    };
    let (aantal, sha256) = (bytes.len() as u64, hex(&Sha256::digest(&bytes)));
    let gelezen = tekst::ontcijfer(bytes).and_then(|t| ontleed(&t, bericht)).and_then(|inhoud| {
        controleer_kop(&inhoud, bericht)?;
        let tabel = Tabel { naam: &vondst.naam, soort: bericht.soort(), nr };
        let mut verslag = Leesverslag::default();
        let delen = [&inhoud.records, &inhoud.teruggenomen].map(|blok| {
            let deel = tabel.lees_records(kop, blok, BEDRAGEN, rows);
            verslag.neem_over(deel.verslag);
            deel.chunk
        });
        Ok(Gelezen { inhoud, delen, verslag })
    });
    Uitkomst { bytes: aantal, sha256, gelezen }
}

/// The header that stands for the columns of a kind of message.
pub fn kop_van(bericht: Bericht) -> Kop {
    let koppen = bericht.kolommen().iter().map(|(k, _)| k.naam().to_owned()).collect();
    let tekst = Koptekst { koppen, regel: 1, ..Koptekst::default() };
    let namen = Kolomnamen::default();
    Kop::van_koppen(tekst, bericht.naam(), bericht.soort(), &namen, Kolommen::default())
        .expect("the columns of a message are ours")
}
