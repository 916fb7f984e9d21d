//! Start and stop messages (JW305, JW307), by the toewijzing that they are about, and the pauses
//! between them.

use super::codes::{Agb, BerichtKind, Bsn, Gemeente, RedenBeeindiging};
use super::counting_sort::by_key;
use super::datum::{Dag, Periode};
use super::declaratieregel::{FileId, ToewijzingId};
use super::text_arena::WordId;
use rayon::prelude::*;

/// One row of `startstop`.
#[derive(Clone, Debug)]
pub struct Startstop {
    /// Word of [`super::Dossier::toewijzingnummers`].
    pub toewijzing_nummer: WordId,
    pub gemeente: Gemeente,
    pub aanbieder: Agb,
    pub bsn: Bsn,
    pub soort: BerichtKind,
    /// Day on which help began or ended.
    pub datum: Dag,
    /// Day on which the message was sent.
    pub verzonden: Option<Dag>,
    pub reden_beeindiging: Option<RedenBeeindiging>,
    pub file: FileId,
    pub line_number: u32,
}

impl Startstop {
    /// Did help begin?
    pub(crate) fn is_start(&self) -> bool {
        self.soort == BerichtKind::Start
    }

    /// Did help stop for a while (reason 20)?
    pub(crate) fn is_temporary_stop(&self) -> bool {
        self.soort == BerichtKind::Stop
            && self.reden_beeindiging == Some(RedenBeeindiging::TEMPORARY)
    }

    /// A stop without a reason is final too.
    pub(crate) fn is_definitieve_stop(&self) -> bool {
        self.soort == BerichtKind::Stop && !self.is_temporary_stop()
    }
}

/// All start and stop messages of a dossier.
#[derive(Debug)]
pub(crate) struct StartstopTable {
    /// In the order of their toewijzing and Datum, those without one last.
    berichten: Vec<Startstop>,
    /// Of each toewijzing the place of its first message, then that of the first message without
    /// one, and the one after the last of all.
    begin: Vec<u32>,
    /// Places of all messages, in the order of their aanbieder.
    per_aanbieder: Vec<u32>,
}

impl StartstopTable {
    /// `toewijzing` finds the toewijzing of a message, one of so many.
    pub(crate) fn new(
        berichten: Vec<Startstop>,
        toewijzing_count: usize,
        toewijzing: impl Fn(&Startstop) -> Option<ToewijzingId> + Sync,
    ) -> StartstopTable {
        let places: Vec<u32> = berichten
            .par_iter()
            .map(|b| toewijzing(b).map_or(toewijzing_count, |id| id.place()) as u32)
            .collect();
        let numbered = places.iter().map(|place| *place as usize).zip(0_u32..);
        let (begin, mut order) = by_key(toewijzing_count + 1, numbered);
        let key = |i: &u32| {
            let b = &berichten[*i as usize];
            (b.datum, b.soort, b.reden_beeindiging, b.file, b.line_number, *i)
        };
        let (with, without) = order.split_at_mut(begin[toewijzing_count] as usize);
        with.par_chunk_by_mut(|a, b| places[*a as usize] == places[*b as usize])
            .for_each(|of_one| of_one.sort_unstable_by_key(key));
        without.par_sort_unstable_by_key(key);
        let berichten: Vec<Startstop> =
            order.par_iter().map(|i| berichten[*i as usize].clone()).collect();
        // As one number they are compared at once.
        let mut numbered: Vec<u64> = (berichten.iter().map(|b| b.aanbieder).zip(0_u32..))
            .map(|(agb, i)| u64::from(agb.0) << 32 | u64::from(i))
            .collect();
        numbered.par_sort_unstable();
        let per_aanbieder = numbered.into_iter().map(|id| id as u32).collect();
        StartstopTable { berichten, begin, per_aanbieder }
    }

    /// The messages that an aanbieder sent.
    pub(crate) fn of_aanbieder(&self, agb: Agb) -> impl Iterator<Item = &Startstop> {
        let of = |i: &u32| self.berichten[*i as usize].aanbieder;
        let begin = self.per_aanbieder.partition_point(|i| of(i) < agb);
        let from = self.per_aanbieder[begin..].iter().map(|i| &self.berichten[*i as usize]);
        from.take_while(move |b| b.aanbieder == agb)
    }

    /// The messages without a toewijzing.
    pub(crate) fn without_toewijzing(&self) -> &[Startstop] {
        let [.., from, until] = self.begin[..] else { return &[] };
        &self.berichten[from as usize..until as usize]
    }

    /// The messages of each toewijzing, in the order of Datum.
    pub(crate) fn per_toewijzing(&self) -> impl Iterator<Item = &[Startstop]> {
        let places = self.begin.windows(2).rev().skip(1);
        places.map(|of| &self.berichten[of[0] as usize..of[1] as usize])
    }

    /// The messages of a toewijzing, in the order of Datum.
    #[inline]
    pub(crate) fn of(&self, id: ToewijzingId) -> &[Startstop] {
        let (from, until) = (self.begin[id.place()], self.begin[id.place() + 1]);
        &self.berichten[from as usize..until as usize]
    }
}

/// Days on which help stood still: from the day after a temporary stop to the day before the first
/// start on or after that stop; without such a start it has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    /// Day of the temporary stop, which isn't in the pause.
    pub stop: Dag,
    /// Day of the start that ended it, which isn't in it either.
    pub start: Option<Dag>,
}

impl Pause {
    /// The pauses that these messages make; a start on the stop's own day leaves none.
    pub(crate) fn of(berichten: &[Startstop]) -> impl Iterator<Item = Pause> + '_ {
        berichten
            .iter()
            .filter(|b| b.is_temporary_stop())
            .map(|stop| Pause {
                stop: stop.datum,
                start: berichten
                    .iter()
                    .filter(|b| b.is_start() && b.datum >= stop.datum)
                    .map(|b| b.datum)
                    .min(),
            })
            .filter(|p| p.start.is_none_or(|start| start > p.stop.plus_dagen(1)))
    }

    /// How many days it lasts; `None` where it has no end.
    pub(crate) fn dagen(self) -> Option<i64> {
        Some(self.start?.dagen_after(self.stop) - 1)
    }

    /// The part of `periode` that lies in the pause, counted from its day number `from` (1 is the
    /// day after the stop).
    pub(crate) fn part_of(self, periode: Periode, from: i64) -> Option<Periode> {
        let begin = self.stop.plus_dagen(from).max(periode.begin());
        let end = match self.start {
            Some(start) => start.plus_dagen(-1).min(periode.end()),
            None => periode.end(),
        };
        Periode::new(begin, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> Dag {
        Dag::from_datum(s.parse().unwrap()).unwrap()
    }

    fn bericht(kind: BerichtKind, datum: &str, reason: Option<u8>) -> Startstop {
        Startstop {
            toewijzing_nummer: WordId(1),
            gemeente: Gemeente(193),
            aanbieder: Agb(99_000_001),
            bsn: Bsn(999_900_006),
            soort: kind,
            datum: d(datum),
            verzonden: None,
            reden_beeindiging: reason.map(RedenBeeindiging),
            file: FileId(0),
            line_number: 2,
        }
    }

    #[test]
    fn a_pause_runs_from_the_day_after_the_stop_to_the_day_before_the_start() {
        let berichten = [
            bericht(BerichtKind::Stop, "2023-03-10", Some(20)),
            bericht(BerichtKind::Start, "2023-03-15", None),
        ];
        let pauze = Pause::of(&berichten).next().unwrap();
        let maart = Periode::new(d("2023-03-01"), d("2023-03-31")).unwrap();
        assert_eq!(pauze.part_of(maart, 1), Periode::new(d("2023-03-11"), d("2023-03-14")));
        assert_eq!(pauze.part_of(maart, 5), None);
    }

    #[test]
    fn a_start_on_the_stops_day_or_the_next_leaves_no_pause_and_a_final_stop_ends_none() {
        for start in ["2023-03-10", "2023-03-11"] {
            let berichten = [
                bericht(BerichtKind::Start, start, None),
                bericht(BerichtKind::Stop, "2023-03-10", Some(20)),
            ];
            assert_eq!(Pause::of(&berichten).count(), 0);
        }
        let berichten = [
            bericht(BerichtKind::Stop, "2023-03-10", Some(20)),
            bericht(BerichtKind::Stop, "2023-03-20", Some(31)),
        ];
        assert_eq!(Pause::of(&berichten).next().unwrap().start, None);
    }
}
