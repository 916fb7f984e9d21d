//! Start and stop messages (JW305, JW307), by the toewijzing that they are about, and the pauses
//! between them.

use super::codes::{Agb, BerichtKind, Bsn, Gemeente, RedenBeeindiging};
use super::counting_sort::by_key;
use super::datum::Dag;
use super::declaratieregel::{FileId, ToewijzingId};
use super::kolom::{Columns, Kolom, Onleesbaar};
use super::periode::{Periode, Termijn};
use super::text_arena::WordId;
use rayon::prelude::*;

/// One row of `startstop`.
#[derive(Clone, Debug)]
pub(crate) struct Startstop {
    /// Word of [`super::Dossier::toewijzingnummers`].
    pub toewijzing_nummer: WordId,
    pub gemeente: Gemeente,
    pub aanbieder: Agb,
    pub bsn: Bsn,
    pub soort: BerichtKind,
    /// Day on which help began or ended.
    pub datum: Dag,
    verzonden: Option<Dag>,
    reden_beeindiging: Option<RedenBeeindiging>,
    unreadable: Unreadable,
    pub file: FileId,
    pub line_number: u32,
}

/// Which of the columns that a row may lack couldn't be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Unreadable {
    verzonden: bool,
    reden_beeindiging: bool,
}

impl Startstop {
    /// The message with these cells of the columns that it may lack; `unreadable` are the columns in
    /// which something stands that can't be read.
    pub(crate) fn with_cells(
        mut self,
        verzonden: Option<Dag>,
        reden_beeindiging: Option<RedenBeeindiging>,
        unreadable: Columns,
    ) -> Startstop {
        self.verzonden = verzonden;
        self.reden_beeindiging = reden_beeindiging;
        self.unreadable = Unreadable {
            verzonden: unreadable.contains(Kolom::Verzonden),
            reden_beeindiging: unreadable.contains(Kolom::RedenBeeindiging),
        };
        self
    }

    /// A message of which no more is known than every row says.
    pub(crate) fn new(
        toewijzing_nummer: WordId,
        (gemeente, aanbieder, bsn): (Gemeente, Agb, Bsn),
        soort: BerichtKind,
        datum: Dag,
        (file, line_number): (FileId, u32),
    ) -> Startstop {
        Startstop {
            toewijzing_nummer,
            gemeente,
            aanbieder,
            bsn,
            soort,
            datum,
            verzonden: None,
            reden_beeindiging: None,
            unreadable: Unreadable::default(),
            file,
            line_number,
        }
    }

    /// Day on which the message was sent.
    ///
    /// # Errors
    /// What stands in the cell can't be read.
    pub(crate) fn verzonden(&self) -> Result<Option<Dag>, Onleesbaar> {
        if self.unreadable.verzonden {
            return Err(Onleesbaar(Kolom::Verzonden));
        }
        Ok(self.verzonden)
    }

    /// Why help ended.
    ///
    /// # Errors
    /// What stands in the cell can't be read.
    pub(crate) fn reden_beeindiging(&self) -> Result<Option<RedenBeeindiging>, Onleesbaar> {
        if self.unreadable.reden_beeindiging {
            return Err(Onleesbaar(Kolom::RedenBeeindiging));
        }
        Ok(self.reden_beeindiging)
    }

    /// Did help stop for a while (reason 20)?
    ///
    /// # Errors
    /// The reason of the stop can't be read.
    pub(crate) fn is_temporary_stop(&self) -> Result<bool, Onleesbaar> {
        Ok(!self.is_start() && self.reden_beeindiging()? == Some(RedenBeeindiging::TEMPORARY))
    }

    /// Did help end? A stop without a reason is final too.
    ///
    /// # Errors
    /// The reason of the stop can't be read.
    pub(crate) fn is_final_stop(&self) -> Result<bool, Onleesbaar> {
        Ok(!self.is_start() && !self.is_temporary_stop()?)
    }

    /// The columns in which something stands that can't be read.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = Kolom> + use<> {
        let Unreadable { verzonden, reden_beeindiging } = self.unreadable;
        let columns = [(Kolom::Verzonden, verzonden), (Kolom::RedenBeeindiging, reden_beeindiging)];
        columns.into_iter().filter_map(|(kolom, unreadable)| unreadable.then_some(kolom))
    }

    /// Did help begin?
    pub(crate) fn is_start(&self) -> bool {
        self.soort == BerichtKind::Start
    }
}

/// How help on one toewijzing went, by its messages in the order of Datum, of which every stop can
/// tell its reason. A stop is temporary (reason 20) or final; one without a reason is final too.
#[derive(Clone, Copy)]
pub(crate) struct Course<'a>(&'a [Startstop]);

impl<'a> Course<'a> {
    /// # Errors
    /// The reason of a stop can't be read.
    pub(crate) fn of(berichten: &'a [Startstop]) -> Result<Course<'a>, Onleesbaar> {
        berichten.iter().try_for_each(|b| b.reden_beeindiging().map(|_| ()))?;
        Ok(Course(berichten))
    }

    /// Days on which help began, in order.
    pub(crate) fn starts(self) -> impl Iterator<Item = Dag> + use<'a> {
        self.0.iter().filter(|b| b.is_start()).map(|b| b.datum)
    }

    /// Days on which help stopped for a while, in order.
    pub(crate) fn temporary_stops(self) -> impl Iterator<Item = Dag> + use<'a> {
        self.stops(true)
    }

    fn stops(self, temporary: bool) -> impl Iterator<Item = Dag> + use<'a> {
        let is_temporary = |b: &Startstop| b.reden_beeindiging == Some(RedenBeeindiging::TEMPORARY);
        let of_kind = move |b: &&Startstop| !b.is_start() && is_temporary(b) == temporary;
        self.0.iter().filter(of_kind).map(|b| b.datum)
    }

    /// Day of the last final stop, if no start comes after it: then help ended.
    pub(crate) fn ended(self) -> Option<Dag> {
        let stop = self.stops(false).max()?;
        (!self.starts().any(|start| start > stop)).then_some(stop)
    }

    /// The pauses in it; a start on the stop's own day leaves none.
    pub(crate) fn pauses(self) -> impl Iterator<Item = Pause> + use<'a> {
        self.temporary_stops()
            .map(move |stop| Pause { stop, start: self.starts().find(|start| *start >= stop) })
            .filter(|p| p.start.is_none_or(|start| start > p.stop.plus_dagen(1)))
    }

    /// The term as the course leaves it: it ends on the day of [`Course::ended`] where that comes
    /// before its own end.
    pub(crate) fn ends(self, term: Termijn) -> Termijn {
        let end = match (self.ended(), term.end) {
            (Some(stop), Some(end)) => Some(stop.min(end)),
            (stop, end) => stop.or(end),
        };
        Termijn { end, ..term }
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
        let whose = (Gemeente(193), Agb(99_000_001), Bsn(999_900_006));
        Startstop::new(WordId(1), whose, kind, d(datum), (FileId(0), 2)).with_cells(
            None,
            reason.map(RedenBeeindiging),
            Columns::default(),
        )
    }

    #[test]
    fn a_pause_runs_from_the_day_after_the_stop_to_the_day_before_the_start() {
        let berichten = [
            bericht(BerichtKind::Stop, "2023-03-10", Some(20)),
            bericht(BerichtKind::Start, "2023-03-15", None),
        ];
        let pauze = Course::of(&berichten).unwrap().pauses().next().unwrap();
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
            assert_eq!(Course::of(&berichten).unwrap().pauses().count(), 0);
        }
        let berichten = [
            bericht(BerichtKind::Stop, "2023-03-10", Some(20)),
            bericht(BerichtKind::Stop, "2023-03-20", Some(31)),
        ];
        assert_eq!(Course::of(&berichten).unwrap().pauses().next().unwrap().start, None);
    }

    #[test]
    fn help_ended_with_the_last_final_stop_if_no_start_comes_after_it() {
        let mut berichten = vec![
            bericht(BerichtKind::Start, "2023-01-01", None),
            bericht(BerichtKind::Stop, "2023-03-10", None),
            bericht(BerichtKind::Start, "2023-03-10", None),
        ];
        let term = Termijn { ingang: d("2023-01-01"), end: Some(d("2023-12-31")) };
        let ended = |berichten: &[Startstop]| Course::of(berichten).unwrap().ended();
        assert_eq!(ended(&berichten), Some(d("2023-03-10")));
        assert_eq!(Course::of(&berichten).unwrap().ends(term).end, Some(d("2023-03-10")));
        berichten.push(bericht(BerichtKind::Start, "2023-03-11", None));
        assert_eq!(ended(&berichten), None);
        assert_eq!(Course::of(&berichten).unwrap().ends(term), term);
    }

    #[test]
    fn a_stop_whose_reason_cant_be_read_leaves_the_course_unknown() {
        let unreadable = Columns::default().with(Kolom::RedenBeeindiging);
        let stop =
            bericht(BerichtKind::Stop, "2023-03-10", None).with_cells(None, None, unreadable);
        assert_eq!(Course::of(&[stop]).err(), Some(Onleesbaar(Kolom::RedenBeeindiging)));
    }
}
