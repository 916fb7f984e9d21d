//! `startstop`: one row a start or a stop.

use super::collect::{Collect, ReadRows};
use super::part::{InPart, own, shared_word};
use super::rij::{Rij, keus};
use crate::dossier::*;

/// Rows of one block.
#[derive(Default)]
pub struct Deel {
    berichten: Vec<InPart<Startstop>>,
    /// Numbers that no toewijzing has; the rows have them as the part's own.
    onbekende_nummers: Woordenboek,
    laatste_nummer: WoordNr,
}

/// What rows are read with: the numbers that toewijzingen have.
pub struct Reader<'a>(pub &'a Woordenboek);

impl ReadRows for Reader<'_> {
    type Chunk = Deel;

    fn chunk(&self, _bytes: usize) -> Deel {
        Deel::default()
    }

    fn row(&self, rij: Rij<'_>, deel: &mut Deel) {
        deel.lees(rij, self.0);
    }
}

impl Collect<Deel> for Vec<Deel> {
    fn take(&mut self, deel: Deel) {
        self.push(deel);
    }

    fn rollback(&mut self) {
        self.clear();
    }
}

impl Deel {
    /// Reads one row into this part, with everything that is wrong with it noted. `nummers` are the
    /// numbers that toewijzingen have.
    fn lees(&mut self, mut rij: Rij<'_>, nummers: &Woordenboek) {
        if rij.is_afgekeurd() {
            rij.sluit(None::<()>);
            return;
        }
        let nummer = rij.bytes(Kolom::ToewijzingNummer);
        let (gemeente, agb, bsn) = (rij.gemeente(), rij.agb(), rij.bsn());
        let soort = rij.nodig(Kolom::Soort, |c| keus(c, &Berichtsoort::choices(), "start of stop"));
        let datum = rij.datum(Kolom::Datum);
        let verzonden = rij.datum_of_leeg(Kolom::Verzonden);
        let reden_beeindiging =
            rij.code_of_leeg(Kolom::RedenBeeindiging, 2).map(|n| RedenBeeindiging(n as u8));
        let (bestand, regelnummer) = (rij.bestand, rij.regelnummer());
        let cellen = (|| {
            Some(Cellen {
                nummer: nummer?,
                gemeente: gemeente?,
                agb: agb?,
                bsn: bsn?,
                soort: soort?,
                datum: datum?,
                verzonden,
                reden_beeindiging,
                bestand,
                regelnummer,
            })
        })();
        if let Some(cellen) = rij.sluit(cellen) {
            self.voeg_toe(&cellen, nummers);
        }
    }

    fn voeg_toe(&mut self, c: &Cellen<'_>, nummers: &Woordenboek) {
        /// A block of a file has about this many rows: a part of more than a few is one.
        const PER_BLOK: usize = 5_000;
        if self.berichten.len() == 64 {
            self.berichten.reserve(PER_BLOK);
        }
        let toewijzing_nummer = match nummers.zoek_na(self.laatste_nummer, c.nummer) {
            Some(nr) => {
                self.laatste_nummer = nr;
                nr
            }
            None => WoordNr(own(self.onbekende_nummers.nummer(c.nummer).0)),
        };
        self.berichten.push(InPart::new(Startstop {
            toewijzing_nummer,
            gemeente: c.gemeente,
            aanbieder: c.agb,
            bsn: c.bsn,
            soort: c.soort,
            datum: c.datum,
            verzonden: c.verzonden,
            reden_beeindiging: c.reden_beeindiging,
            bestand: c.bestand,
            regelnummer: c.regelnummer,
        }));
    }

    /// Rows that were kept.
    pub fn aantal(&self) -> usize {
        self.berichten.len()
    }

    /// The rows of this part, once their numbers are among those of the whole.
    pub fn in_geheel(self, nummers: &mut Woordenboek) -> impl Iterator<Item = Startstop> {
        let om = nummers.neem_over(&self.onbekende_nummers);
        self.berichten.into_iter().map(move |bericht| {
            bericht.renumbered(|b| b.toewijzing_nummer = shared_word(b.toewijzing_nummer, &om))
        })
    }
}

/// The cells of a row that can be kept.
struct Cellen<'r> {
    nummer: &'r [u8],
    gemeente: Gemeente,
    agb: Agb,
    bsn: Bsn,
    soort: Berichtsoort,
    datum: Dag,
    verzonden: Option<Dag>,
    reden_beeindiging: Option<RedenBeeindiging>,
    bestand: BestandNr,
    regelnummer: u32,
}
