//! `startstop`: one row a start or a stop.

use super::collect::{Collect, ReadRows};
use super::rij::{Rij, keus};
use super::velden;
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
    /// Reads one row into this part. `nummers` are the numbers that toewijzingen have.
    fn lees(&mut self, rij: Rij<'_>, nummers: &Woordenboek) {
        match Cellen::gewoon(&rij) {
            Some(cellen) => {
                rij.sluit_gewoon();
                self.voeg_toe(&cellen, nummers);
            }
            None => self.lees_elke(rij, nummers),
        }
    }

    /// The same for a row in whatever form, with everything that is wrong with it noted.
    fn lees_elke(&mut self, mut rij: Rij<'_>, nummers: &Woordenboek) {
        if rij.is_afgekeurd() {
            rij.sluit(None::<()>);
            return;
        }
        let nummer = rij.tekst(Kolom::ToewijzingNummer);
        let (gemeente, agb, bsn) = (rij.gemeente(), rij.agb(), rij.bsn());
        let soort = rij.nodig(Kolom::Soort, |c| keus(c, &Berichtsoort::choices(), "start of stop"));
        let datum = rij.datum(Kolom::Datum);
        let verzonden = rij.datum_of_leeg(Kolom::Verzonden);
        let reden_beeindiging =
            rij.code_of_leeg(Kolom::RedenBeeindiging, 2).map(|n| RedenBeeindiging(n as u8));
        let (bestand, regelnummer) = (rij.bestand, rij.regelnummer());
        let cellen = (|| {
            Some(Cellen {
                nummer: nummer?.as_bytes(),
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
            None => WoordNr(self.onbekende_nummers.nummer(c.nummer).0 | ONBEKEND),
        };
        self.berichten.push(Startstop {
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
        });
    }

    /// Rows that were kept.
    pub fn aantal(&self) -> usize {
        self.berichten.len()
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

impl<'r> Cellen<'r> {
    /// A row as nearly all are: every cell in its usual form. `None` for any other, which is then
    /// read in the way that can tell what is wrong with it.
    #[inline]
    fn gewoon(rij: &Rij<'r>) -> Option<Cellen<'r>> {
        if rij.is_afgekeurd() {
            return None;
        }
        let nummer = rij.cel(Kolom::ToewijzingNummer);
        if nummer.is_empty() || nummer.len() > Teksten::LANGSTE {
            return None;
        }
        let reden =
            velden::gewoon_of_leeg(rij.cel(Kolom::RedenBeeindiging), velden::gewone_code::<2>)?;
        Some(Cellen {
            nummer,
            gemeente: Gemeente(velden::gewone_code::<4>(rij.cel(Kolom::Gemeente))? as u16),
            agb: Agb(velden::gewone_code::<8>(rij.cel(Kolom::Aanbieder))?),
            bsn: Bsn(velden::gewone_code::<9>(rij.cel(Kolom::Bsn))?),
            soort: match rij.cel(Kolom::Soort) {
                b"start" => Berichtsoort::Start,
                b"stop" => Berichtsoort::Stop,
                _ => return None,
            },
            datum: velden::gewone_datum(rij.cel(Kolom::Datum))?,
            verzonden: velden::gewoon_of_leeg(rij.cel(Kolom::Verzonden), velden::gewone_datum)?,
            reden_beeindiging: reden.map(|n| RedenBeeindiging(n as u8)),
            bestand: rij.bestand,
            regelnummer: rij.regelnummer(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bron::proef::{lees_rijen, rijen_in_elke_vorm};
    use crate::bron::velden::Geldeenheid;
    use proptest::prelude::*;

    const KOP: &str =
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Soort;Datum;Verzonden;RedenBeeindiging\n";
    const GEWOON: [&str; 8] =
        ["A1", "0193", "98000053", "999900006", "stop", "2023-01-02", "2023-01-03", "20"];

    /// What these rows give, read by `lees`.
    fn gelezen(rijen: &str, lees: fn(&mut Deel, Rij<'_>, &Woordenboek)) -> String {
        let mut nummers = Woordenboek::default();
        nummers.nummer("A1");
        let mut deel = Deel::default();
        let verslag = lees_rijen(Soort::Startstop, KOP, rijen, Geldeenheid::Euro, |rij| {
            lees(&mut deel, rij, &nummers);
        });
        let bsns: Vec<u32> = deel.berichten.iter().map(|b| b.bsn.0).collect();
        format!("{:?} {bsns:?} {:?} {verslag:?}", deel.berichten, deel.onbekende_nummers)
    }

    #[test]
    fn a_usual_row_is_read_at_once() {
        gelezen(&GEWOON.join(";"), |_, rij, _| assert!(Cellen::gewoon(&rij).is_some()));
    }

    proptest! {
        #[test]
        fn the_usual_form_reads_as_every_form_does((rijen, _) in rijen_in_elke_vorm(GEWOON)) {
            prop_assert_eq!(gelezen(&rijen, Deel::lees), gelezen(&rijen, Deel::lees_elke));
        }
    }
}
