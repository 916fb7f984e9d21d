//! Start and stop messages (JW305, JW307), by the toewijzing that they are about, and the pauses
//! between them.

use super::codes::{Agb, Berichtsoort, Bsn, Gemeente, RedenBeeindiging};
use super::datum::{Dag, Periode};
use super::declaratieregel::{BestandNr, ToewijzingNr};
use super::samenstellen::op_sleutel;
use super::tekst::WoordNr;
use rayon::prelude::*;

/// One row of `startstop`.
#[derive(Clone, Debug)]
pub struct Startstop {
    /// Word of [`super::Dossier::toewijzingnummers`].
    pub toewijzing_nummer: WoordNr,
    pub gemeente: Gemeente,
    pub aanbieder: Agb,
    pub bsn: Bsn,
    pub soort: Berichtsoort,
    /// Day on which help began or ended.
    pub datum: Dag,
    /// Day on which the message was sent.
    pub verzonden: Option<Dag>,
    pub reden_beeindiging: Option<RedenBeeindiging>,
    pub bestand: BestandNr,
    pub regelnummer: u32,
}

impl Startstop {
    /// Did help begin?
    pub fn is_start(&self) -> bool {
        self.soort == Berichtsoort::Start
    }

    /// Did help stop for a while (reason 20)?
    pub fn is_tijdelijke_stop(&self) -> bool {
        self.soort == Berichtsoort::Stop
            && self.reden_beeindiging == Some(RedenBeeindiging::TIJDELIJK)
    }

    /// A stop without a reason is final too.
    pub fn is_definitieve_stop(&self) -> bool {
        self.soort == Berichtsoort::Stop && !self.is_tijdelijke_stop()
    }
}

/// All start and stop messages of a dossier.
#[derive(Debug)]
pub struct Startstoptabel {
    /// In the order of their toewijzing and Datum, those without one last.
    berichten: Vec<Startstop>,
    /// Of each toewijzing the place of its first message, then that of the first message without
    /// one, and the one after the last of all.
    begin: Vec<u32>,
    /// Places of all messages, in the order of their aanbieder.
    per_aanbieder: Vec<u32>,
}

impl Startstoptabel {
    /// `toewijzing` finds the toewijzing of a message, one of so many.
    pub fn nieuw(
        berichten: Vec<Startstop>,
        aantal_toewijzingen: usize,
        toewijzing: impl Fn(&Startstop) -> Option<ToewijzingNr> + Sync,
    ) -> Startstoptabel {
        let plaatsen: Vec<u32> = berichten
            .par_iter()
            .map(|b| toewijzing(b).map_or(aantal_toewijzingen, |nr| nr.plaats()) as u32)
            .collect();
        let genummerd = plaatsen.iter().map(|plaats| *plaats as usize).zip(0_u32..);
        let (begin, mut volgorde) = op_sleutel(aantal_toewijzingen + 1, genummerd);
        let sleutel = |i: &u32| {
            let b = &berichten[*i as usize];
            (b.datum, b.soort, b.reden_beeindiging, b.bestand, b.regelnummer, *i)
        };
        let (met, zonder) = volgorde.split_at_mut(begin[aantal_toewijzingen] as usize);
        met.par_chunk_by_mut(|a, b| plaatsen[*a as usize] == plaatsen[*b as usize])
            .for_each(|van_een| van_een.sort_unstable_by_key(sleutel));
        zonder.par_sort_unstable_by_key(sleutel);
        let berichten: Vec<Startstop> =
            volgorde.par_iter().map(|i| berichten[*i as usize].clone()).collect();
        // As one number they are compared at once.
        let mut genummerd: Vec<u64> = (berichten.iter().map(|b| b.aanbieder).zip(0_u32..))
            .map(|(agb, i)| u64::from(agb.0) << 32 | u64::from(i))
            .collect();
        genummerd.par_sort_unstable();
        let per_aanbieder = genummerd.into_iter().map(|nr| nr as u32).collect();
        Startstoptabel { berichten, begin, per_aanbieder }
    }

    /// The messages that an aanbieder sent.
    pub fn van_aanbieder(&self, agb: Agb) -> impl Iterator<Item = &Startstop> {
        let van = |i: &u32| self.berichten[*i as usize].aanbieder;
        let begin = self.per_aanbieder.partition_point(|i| van(i) < agb);
        let vanaf = self.per_aanbieder[begin..].iter().map(|i| &self.berichten[*i as usize]);
        vanaf.take_while(move |b| b.aanbieder == agb)
    }

    /// The messages of a toewijzing, in the order of Datum.
    #[inline]
    pub fn van(&self, nr: ToewijzingNr) -> &[Startstop] {
        let (van, tot) = (self.begin[nr.plaats()], self.begin[nr.plaats() + 1]);
        &self.berichten[van as usize..tot as usize]
    }
}

/// Days on which help stood still: from the day after a temporary stop to the day before the first
/// start on or after that stop; without such a start it has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pauze {
    /// Day of the temporary stop, which isn't in the pause.
    pub stop: Dag,
    /// Day of the start that ended it, which isn't in it either.
    pub start: Option<Dag>,
}

impl Pauze {
    /// The pauses that these messages make; a start on the stop's own day leaves none.
    pub fn van(berichten: &[Startstop]) -> impl Iterator<Item = Pauze> + '_ {
        berichten
            .iter()
            .filter(|b| b.is_tijdelijke_stop())
            .map(|stop| Pauze {
                stop: stop.datum,
                start: berichten
                    .iter()
                    .filter(|b| b.is_start() && b.datum >= stop.datum)
                    .map(|b| b.datum)
                    .min(),
            })
            .filter(|p| p.start.is_none_or(|start| start > p.stop.plus_dagen(1)))
    }

    /// The part of `periode` that lies in the pause, counted from its day number `vanaf` (1 is the
    /// day after the stop).
    pub fn deel_van(self, periode: Periode, vanaf: i64) -> Option<Periode> {
        let begin = self.stop.plus_dagen(vanaf).max(periode.begin());
        let eind = match self.start {
            Some(start) => start.plus_dagen(-1).min(periode.eind()),
            None => periode.eind(),
        };
        Periode::nieuw(begin, eind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> Dag {
        Dag::van_datum(s.parse().unwrap()).unwrap()
    }

    fn bericht(soort: Berichtsoort, datum: &str, reden: Option<u8>) -> Startstop {
        Startstop {
            toewijzing_nummer: WoordNr(1),
            gemeente: Gemeente(193),
            aanbieder: Agb(99_000_001),
            bsn: Bsn(999_900_006),
            soort,
            datum: d(datum),
            verzonden: None,
            reden_beeindiging: reden.map(RedenBeeindiging),
            bestand: BestandNr(0),
            regelnummer: 2,
        }
    }

    #[test]
    fn a_pause_runs_from_the_day_after_the_stop_to_the_day_before_the_start() {
        let berichten = [
            bericht(Berichtsoort::Stop, "2023-03-10", Some(20)),
            bericht(Berichtsoort::Start, "2023-03-15", None),
        ];
        let pauze = Pauze::van(&berichten).next().unwrap();
        let maart = Periode::nieuw(d("2023-03-01"), d("2023-03-31")).unwrap();
        assert_eq!(pauze.deel_van(maart, 1), Periode::nieuw(d("2023-03-11"), d("2023-03-14")));
        assert_eq!(pauze.deel_van(maart, 5), None);
    }

    #[test]
    fn a_start_on_the_stops_day_or_the_next_leaves_no_pause_and_a_final_stop_ends_none() {
        for start in ["2023-03-10", "2023-03-11"] {
            let berichten = [
                bericht(Berichtsoort::Start, start, None),
                bericht(Berichtsoort::Stop, "2023-03-10", Some(20)),
            ];
            assert_eq!(Pauze::van(&berichten).count(), 0);
        }
        let berichten = [
            bericht(Berichtsoort::Stop, "2023-03-10", Some(20)),
            bericht(Berichtsoort::Stop, "2023-03-20", Some(31)),
        ];
        assert_eq!(Pauze::van(&berichten).next().unwrap().start, None);
    }
}
