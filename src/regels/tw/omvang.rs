//! How much fits in a period and in a term (iJw IV076–IV079; specification §3.4).

use super::eenheid_fits;
use crate::dossier::{
    Declaratieregel, Eenheid, Frequentie, Kolom, Periode, Termijn, Uitvoering, Versie, Volume,
};
use crate::toetsing::{AuditContext, Reason};

/// The columns of a version that say how much it grants.
pub(super) const COLUMNS: [Kolom; 6] = [
    Kolom::Volume,
    Kolom::Eenheid,
    Kolom::Frequentie,
    Kolom::Uitvoering,
    Kolom::Ingangsdatum,
    Kolom::Einddatum,
];

/// A toewijzing's Volume with its Frequentie, in the unit in which lines are compared.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    volume: Volume,
    eenheid: Eenheid,
    frequentie: Frequentie,
    uitvoering: Uitvoering,
    termijn: Termijn,
    /// Hours are compared in minutes, other units as they are.
    in_minuten: bool,
}

impl Extent {
    /// `None` where the toewijzing grants no volume (a budget, or none at all).
    pub(crate) fn of(context: &AuditContext<'_>, t: &Versie) -> Result<Option<Extent>, Reason> {
        for kolom in [Kolom::Volume, Kolom::Eenheid, Kolom::Frequentie, Kolom::Einddatum] {
            context.kolom(t.file, kolom)?;
        }
        let (Some(volume), Some(frequentie)) = (t.volume()?, t.frequentie()?) else {
            return Ok(None);
        };
        let eenheid = t.eenheid()?.ok_or(Reason::GeenEenheidToewijzing)?;
        let uitvoering = t.uitvoering()?.unwrap_or(match eenheid {
            Eenheid::STUKS_OUTPUT | Eenheid::EURO => Uitvoering::Output,
            _ => Uitvoering::Inspanning,
        });
        let in_minuten = eenheid == Eenheid::HOUR;
        Ok(Some(Extent {
            volume: if in_minuten { Volume(volume.0 * 60) } else { volume },
            eenheid,
            frequentie,
            uitvoering,
            termijn: t.termijn()?,
            in_minuten,
        }))
    }

    /// The line's volume in the unit of comparison.
    pub(crate) fn volume_of(&self, line: &Declaratieregel) -> Volume {
        if self.in_minuten && line.eenheid == Eenheid::HOUR {
            Volume(line.geleverd_volume.0 * 60)
        } else {
            line.geleverd_volume
        }
    }

    /// What may be declared over this delivery period.
    pub(crate) fn maximum_in(&self, periode: Periode) -> Result<Volume, Reason> {
        match self.termijn.doorsnede(periode) {
            None => Ok(Volume::ZERO),
            Some(p) => self.maximum_over(p),
        }
    }

    /// What may be declared over these delivery periods together: over the days that any of them has.
    pub(crate) fn maximum_in_all(&self, mut perioden: Vec<Periode>) -> Result<Volume, Reason> {
        perioden.sort_by_key(|p| p.begin());
        let mut apart: Vec<Periode> = Vec::new();
        for p in perioden.into_iter().filter_map(|p| self.termijn.doorsnede(p)) {
            match apart.pop() {
                Some(last) if p.begin() <= last.end().plus_dagen(1) => {
                    apart.extend(Periode::new(last.begin(), last.end().max(p.end())));
                }
                last => {
                    apart.extend(last);
                    apart.push(p);
                }
            }
        }
        let Some(first) = apart.first() else { return Ok(Volume::ZERO) };
        let counts: fn(Periode, Periode) -> bool = match (self.frequentie, self.uitvoering) {
            (Frequentie::TOTAL, _) => return Ok(self.volume),
            (Frequentie::PER_DAG, _) => |_, _| false,
            (Frequentie::PER_WEEK, Uitvoering::Output) if !self.has_zondag() => {
                return self.maximum_over(*first);
            }
            (Frequentie::PER_WEEK, Uitvoering::Output) => |_, _| false,
            (Frequentie::PER_WEEK, Uitvoering::Inspanning) => Periode::share_a_week,
            _ => Periode::share_a_month,
        };
        // A week or month that two parts touch counts once.
        let twice = apart.windows(2).filter(|pair| counts(pair[0], pair[1])).count() as i64;
        let each = apart.iter().map(|p| Ok(self.maximum_over(*p)?.0));
        let all = each.sum::<Result<i64, Reason>>()?;
        Ok(Volume(all - self.times(twice)?.0))
    }

    /// Does the term hold a Sunday? One without an end does.
    fn has_zondag(&self) -> bool {
        self.termijn.periode().is_none_or(|term| term.laatste_zondag().is_some())
    }

    /// What may be declared over the whole term.
    pub(crate) fn maximum_in_total(&self) -> Result<Volume, Reason> {
        if self.frequentie == Frequentie::TOTAL {
            return Ok(self.volume);
        }
        if self.termijn.end.is_none() {
            return Err(Reason::GeenEinddatumToewijzing);
        }
        match self.termijn.periode() {
            None => self.times(0),
            Some(p) if self.frequentie == Frequentie::PER_WEEK => {
                // By result, whole weeks are spread over Sundays; a term without one still has one.
                let zonder_zondag = p.laatste_zondag().is_none();
                let output = self.uitvoering == Uitvoering::Output;
                self.times(if output && zonder_zondag { 1 } else { p.iso_weken() })
            }
            Some(p) => self.maximum_over(p),
        }
    }

    /// For a part of the term.
    fn maximum_over(&self, p: Periode) -> Result<Volume, Reason> {
        match (self.frequentie, self.uitvoering) {
            (Frequentie::PER_DAG, _) => self.times(p.dagen()),
            (Frequentie::PER_WEEK, Uitvoering::Inspanning) => self.times(p.iso_weken()),
            (Frequentie::PER_WEEK, Uitvoering::Output) => self.times(self.weken_to_result(p)),
            (Frequentie::PER_MAAND, _) => self.times(p.maanden()),
            (Frequentie::TOTAL, _) => Ok(self.volume),
            _ => Err(Reason::OnbekendeFrequentie),
        }
    }

    /// Sundays in the period, and the term's broken last week with its last Sunday.
    fn weken_to_result(&self, p: Periode) -> i64 {
        let Some(term) = self.termijn.periode() else { return p.zondagen() };
        match term.laatste_zondag() {
            None => 1,
            Some(zondag) if p.contains(zondag) && zondag != term.end() => p.zondagen() + 1,
            Some(_) => p.zondagen(),
        }
    }

    fn times(&self, count: i64) -> Result<Volume, Reason> {
        match self.frequentie {
            Frequentie::PER_DAG | Frequentie::PER_WEEK | Frequentie::PER_MAAND => {
                Ok(Volume(self.volume.0.saturating_mul(count)))
            }
            Frequentie::TOTAL => Ok(self.volume),
            _ => Err(Reason::OnbekendeFrequentie),
        }
    }

    /// Words for the granted volume.
    pub(crate) fn description(&self) -> String {
        let volume = if self.in_minuten { Volume(self.volume.0 / 60) } else { self.volume };
        format!("{volume} {} {}", self.eenheid.name(), self.frequentie.name())
    }

    /// Words for a volume in the unit of comparison: in hours again where the line is in hours.
    pub(crate) fn in_words(&self, volume: Volume, line: &Declaratieregel) -> String {
        if !self.in_minuten {
            return format!("{volume} {}", self.eenheid.name());
        }
        if line.eenheid == Eenheid::HOUR && volume.0 % 60 == 0 {
            return format!("{} uren", Volume(volume.0 / 60));
        }
        format!("{volume} minuten")
    }
}

/// Does the line's unit fit this toewijzing? One that names no unit can't tell.
pub(crate) fn fits(t: &Versie, line: &Declaratieregel) -> Result<bool, Reason> {
    t.eenheid()?.map(|e| eenheid_fits(e, line.eenheid)).ok_or(Reason::GeenEenheidToewijzing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Dag;

    fn d(s: &str) -> Dag {
        Dag::from_datum(s.parse().unwrap()).unwrap()
    }

    fn size(frequentie: u8, uitvoering: Uitvoering, ingang: &str, end: Option<&str>) -> Extent {
        Extent {
            volume: Volume::whole(2),
            eenheid: Eenheid::MINUUT,
            frequentie: Frequentie(frequentie),
            uitvoering,
            termijn: Termijn { ingang: d(ingang), end: end.map(d) },
            in_minuten: false,
        }
    }

    fn max(o: &Extent, of: &str, until: &str) -> i64 {
        o.maximum_in(Periode::new(d(of), d(until)).unwrap()).unwrap().0 / 100
    }

    #[test]
    fn iv077_broken_weeks_count_whole_by_effort() {
        let o = size(2, Uitvoering::Inspanning, "2023-01-01", Some("2023-12-31"));
        assert_eq!(max(&o, "2023-01-01", "2023-01-31"), 12);
        assert_eq!(max(&o, "2024-01-01", "2024-01-31"), 0);
        // 2023 touches 53 weeks: Sunday 1 January belongs to the last week of 2022.
        assert_eq!(o.maximum_in_total().unwrap(), Volume::whole(106));
    }

    #[test]
    fn iv078_by_result_the_months_add_up_to_the_term() {
        let o = size(2, Uitvoering::Output, "2023-01-01", Some("2023-03-29"));
        let maanden = max(&o, "2023-01-01", "2023-01-31")
            + max(&o, "2023-02-01", "2023-02-28")
            + max(&o, "2023-03-01", "2023-03-31");
        assert_eq!(Volume::whole(maanden), o.maximum_in_total().unwrap());
        let zonder_zondag = size(2, Uitvoering::Output, "2023-01-02", Some("2023-01-07"));
        assert_eq!(max(&zonder_zondag, "2023-01-01", "2023-01-31"), 2);
        assert_eq!(zonder_zondag.maximum_in_total().unwrap(), Volume::whole(2));
    }

    #[test]
    fn a_term_without_end_has_a_period_maximum_only() {
        let o = size(4, Uitvoering::Inspanning, "2023-01-15", None);
        assert_eq!(max(&o, "2023-01-01", "2023-02-28"), 4);
        assert_eq!(o.maximum_in_total(), Err(Reason::GeenEinddatumToewijzing));
        let total = size(6, Uitvoering::Inspanning, "2023-01-15", None);
        assert_eq!(total.maximum_in_total().unwrap(), Volume::whole(2));
        let unknown = size(3, Uitvoering::Inspanning, "2023-01-15", None);
        assert_eq!(
            unknown.maximum_in(Periode::new(d("2023-02-01"), d("2023-02-28")).unwrap()),
            Err(Reason::OnbekendeFrequentie)
        );
    }
}
