//! The messages of a dossier, many at a time, into its tables.

use super::collect::ReadRows;
use super::fout::{BronFout, Gevolg, Invoerfout};
use super::ijw::{
    Bericht, Berichtfout, Gelezen, Uitkomst, antwoord, declaratiebericht, kop_van, lees_bericht,
};
use super::kop::Kop;
use super::reader::Lezer;
use super::rij::Rij;
use super::stappen::Berichtbestand;
use super::velden::Leesreden;
use super::verslag::Leesverslag;
use super::{declaraties, small, startstop, toewijzingen};
use crate::dossier::{BestandNr, Dag, Kolom, Onverbonden, Startstop, wijst_af};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Messages that are in memory at a time: about this many bytes, and never more than this many.
const BYTES_TEGELIJK: u64 = 64 << 20;
const BERICHTEN_TEGELIJK: usize = 512;

/// How many of these are read together.
fn groep(rest: &[Berichtbestand<'_>]) -> usize {
    let mut bytes = 0;
    let past = |(_, v, _): &&Berichtbestand<'_>| {
        bytes += v.bytes;
        bytes <= BYTES_TEGELIJK
    };
    rest.iter().take(BERICHTEN_TEGELIJK).take_while(past).count().max(1)
}

/// Notes the ReferentieNummer of a prestatie that an answer refuses.
fn afgewezen_prestatie(mut rij: Rij<'_>, uit: &mut Vec<String>) {
    let referentie = rij.tekst(Kolom::ReferentieNummer).map(str::to_owned);
    let codes = rij.tekst_of_leeg(Kolom::RetourCodes);
    // An answer lists what it refuses; only a code that says otherwise is stronger than that.
    let afgewezen = codes.is_empty() || wijst_af(codes.split_whitespace());
    uit.extend(rij.sluit(referentie).filter(|_| afgewezen));
}

impl Lezer<'_> {
    pub fn toewijzingberichten(
        &mut self,
        berichten: &[Berichtbestand<'_>],
    ) -> Result<(), BronFout> {
        self.berichten(berichten, &mut toewijzingen::Reader, |lezer, _, gelezen| {
            gelezen.delen.into_iter().for_each(|deel| deel.neem_op(&mut lezer.uit.rijen));
        })
    }

    pub fn declaratieberichten(
        &mut self,
        berichten: &[Berichtbestand<'_>],
        rows: &mut declaraties::Reader<'_>,
        verzameling: &mut declaraties::Verzameling<'_>,
    ) -> Result<(), BronFout> {
        self.berichten(berichten, rows, |lezer, nr, gelezen| {
            let rijen = &mut lezer.uit.rijen;
            for deel in gelezen.delen {
                verzameling.neem_op(rijen, nr, deel);
            }
            let bericht = declaratiebericht(&gelezen.inhoud, nr).expect("its header was checked");
            rijen.declaratieberichten.get_or_insert_default().push(bericht);
        })
    }

    pub fn antwoorden(&mut self, berichten: &[Berichtbestand<'_>]) -> Result<(), BronFout> {
        self.berichten(berichten, &mut small::Reader(afgewezen_prestatie), |lezer, _, gelezen| {
            let prestaties = gelezen.delen.into_iter().flatten().collect();
            let antwoord = antwoord(&gelezen.inhoud, prestaties).expect("its header was checked");
            lezer.uit.rijen.antwoorden.get_or_insert_default().push(antwoord);
        })
    }

    /// Reads starts and stops as they were sent, and puts those that take one back apart.
    pub fn startstopberichten(&mut self, berichten: &[Berichtbestand<'_>]) -> Result<(), BronFout> {
        let nummers = std::mem::take(&mut self.uit.rijen.toewijzingnummers);
        let mut delen: Vec<[startstop::Deel; 2]> = Vec::new();
        let mut rows = startstop::Reader(&nummers);
        let gelezen = self.berichten(berichten, &mut rows, |_, _, gelezen| {
            delen.push(gelezen.delen);
        });
        self.uit.rijen.toewijzingnummers = nummers;
        gelezen?;
        let Onverbonden { startstop, toewijzingnummers, .. } = &mut self.uit.rijen;
        for [staat, terug] in delen {
            let alle = startstop.get_or_insert_default();
            alle.extend(staat.in_geheel(toewijzingnummers));
            self.terug.extend(terug.in_geheel(toewijzingnummers));
        }
        Ok(())
    }

    /// Reads messages of one kind of table: `rows` in parallel over the files, `neem_op` one by one
    /// in their order.
    fn berichten<R: ReadRows>(
        &mut self,
        berichten: &[Berichtbestand<'_>],
        rows: &mut R,
        mut neem_op: impl FnMut(&mut Self, BestandNr, Gelezen<R::Chunk>),
    ) -> Result<(), BronFout> {
        let koppen: BTreeMap<Bericht, Kop> =
            berichten.iter().map(|(_, _, b)| *b).map(|b| (b, kop_van(b))).collect();
        let mut samen = Leesverslag::default();
        let mut rest = berichten;
        while !rest.is_empty() {
            let (nu, straks) = rest.split_at(groep(rest));
            rest = straks;
            let (meld, read) = (self.meld, &*rows);
            let uitkomsten: Vec<Uitkomst<R::Chunk>> = nu
                .par_iter()
                .map(|&bestand| {
                    let uitkomst = lees_bericht(bestand, &koppen[&bestand.2], read);
                    meld(bestand.1.bytes);
                    uitkomst
                })
                .collect();
            for (&(nr, vondst, bericht), uitkomst) in nu.iter().zip(uitkomsten) {
                let bestand = &mut self.uit.rijen.bestanden[usize::from(nr.0)];
                (bestand.bytes, bestand.sha256) = (uitkomst.bytes, uitkomst.sha256);
                let gelezen = uitkomst.gelezen.and_then(|gelezen| {
                    self.eerste_keer(nr, bericht, gelezen.sleutel())?;
                    Ok(gelezen)
                });
                match gelezen {
                    Err(fout) => self.weiger(nr, &vondst.naam, fout),
                    Ok(mut gelezen) => {
                        let verslag = std::mem::take(&mut gelezen.verslag);
                        let bestand = &mut self.uit.rijen.bestanden[usize::from(nr.0)];
                        bestand.kolommen = koppen[&bericht].kolommen;
                        verslag.in_bestand(bestand);
                        samen.neem_over(verslag);
                        rows.settle(&mut gelezen.delen.each_mut());
                        neem_op(self, nr, gelezen);
                    }
                }
            }
        }
        self.sluit_berichten(samen, berichten.len())
    }

    /// Refuses a message that was read before under another name.
    pub fn eerste_keer(
        &mut self,
        nr: BestandNr,
        bericht: Bericht,
        sleutel: [String; 3],
    ) -> Result<(), Berichtfout> {
        let eerste = *self.eerder.entry((bericht, sleutel)).or_insert(nr);
        if eerste == nr {
            return Ok(());
        }
        let eerder = self.uit.rijen.bestanden[usize::from(eerste.0)].pad.clone();
        Err(Berichtfout::Dubbel { eerder })
    }

    /// Notes that a message is refused.
    pub fn weiger(&mut self, nr: BestandNr, naam: &str, fout: Berichtfout) {
        self.uit.fouten.push(Invoerfout {
            bestand: nr,
            regelnummer: 1,
            kolom: None,
            waarde: "".into(),
            reden: Leesreden::Bericht(fout.clone()),
            gevolg: Gevolg::BerichtGeweigerd,
        });
        self.geweigerd.push((naam.to_owned(), fout));
    }

    /// After so many messages of a kind: their refused rows count together.
    pub fn sluit_berichten(&mut self, samen: Leesverslag, aantal: usize) -> Result<(), BronFout> {
        let bestanden = &self.uit.rijen.bestanden;
        samen.te_veel_afgekeurd(self.opties.max_afgekeurd, |fout| {
            let pad = &bestanden[usize::from(fout.bestand.0)].pad;
            format!("{aantal} berichten samen, waaronder {pad}")
        })?;
        self.tel_aangevuld(samen.aangevuld);
        self.uit.fouten.extend(samen.fouten);
        Ok(())
    }
}

/// Leaves out the starts and stops that a message of `terug` takes back.
pub fn neem_terug(alle: &mut Vec<Startstop>, terug: &[Startstop]) {
    let sleutel = |s: &Startstop| (s.gemeente, s.toewijzing_nummer, s.soort, s.datum);
    let mut laatste: BTreeMap<_, Option<Dag>> = BTreeMap::new();
    for s in terug {
        let verzonden = laatste.entry(sleutel(s)).or_default();
        *verzonden = (*verzonden).max(s.verzonden);
    }
    if !laatste.is_empty() {
        // What was sent again after it was taken back stands.
        alle.retain(|s| laatste.get(&sleutel(s)).is_none_or(|terug| s.verzonden > *terug));
    }
}
