//! `startstop`: one row a start or a stop.

use super::rij::{Rij, keus};
use crate::dossier::*;

/// Rows of one block.
#[derive(Default)]
pub struct Deel {
    berichten: Vec<Startstop>,
    /// Numbers that no toewijzing has; those in the rows are marked with [`ONBEKEND`].
    onbekende_nummers: Woordenboek,
    laatste_nummer: WoordNr,
}

const ONBEKEND: u32 = 1 << 31;

impl Deel {
    /// Reads one row into this part. `nummers` are the numbers that toewijzingen have.
    pub fn lees(&mut self, mut rij: Rij<'_>, nummers: &Woordenboek) {
        if rij.is_afgekeurd() {
            rij.sluit(None::<()>);
            return;
        }
        let nummer = rij.tekst(Kolom::ToewijzingNummer);
        let (gemeente, agb, bsn) = (rij.gemeente(), rij.agb(), rij.bsn());
        let soort = rij.nodig(Kolom::Soort, |c| {
            keus(
                c,
                &[("start", Berichtsoort::Start), ("stop", Berichtsoort::Stop)],
                "start of stop",
            )
        });
        let datum = rij.datum(Kolom::Datum);
        let verzonden = rij.datum_of_leeg(Kolom::Verzonden);
        let reden_beeindiging =
            rij.code_of_leeg(Kolom::RedenBeeindiging, 2).map(|n| RedenBeeindiging(n as u8));
        let (bestand, regelnummer) = (rij.bestand, rij.regelnummer());
        let mut woord = |nummer| match nummers.zoek_na(self.laatste_nummer, nummer) {
            Some(nr) => {
                self.laatste_nummer = nr;
                nr
            }
            None => WoordNr(self.onbekende_nummers.nummer(nummer).0 | ONBEKEND),
        };
        let gelezen = (|| {
            Some(Startstop {
                toewijzing_nummer: woord(nummer?),
                gemeente: gemeente?,
                aanbieder: agb?,
                bsn: bsn?,
                soort: soort?,
                datum: datum?,
                verzonden,
                reden_beeindiging,
                bestand,
                regelnummer,
            })
        })();
        self.berichten.extend(rij.sluit(gelezen));
    }

    /// The rows of this part, once their numbers are among those of the whole.
    pub fn in_geheel(self, nummers: &mut Woordenboek) -> impl Iterator<Item = Startstop> {
        let om = nummers.neem_over(&self.onbekende_nummers);
        self.berichten.into_iter().map(move |mut b| {
            if b.toewijzing_nummer.0 & ONBEKEND != 0 {
                b.toewijzing_nummer = om[(b.toewijzing_nummer.0 & !ONBEKEND) as usize];
            }
            b
        })
    }
}
