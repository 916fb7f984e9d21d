//! How much fits in a period and in a term (iJw IV076–IV079; specification §3.4).

use super::eenheid_past;
use crate::dossier::{
    Declaratieregel, Eenheid, Frequentie, Kolom, Periode, Termijn, Toewijzing, Uitvoering, Volume,
};
use crate::toetsing::{Controle, Reden};

/// A toewijzing's Volume with its Frequentie, in the unit in which lines are compared.
#[derive(Clone, Copy)]
pub struct Omvang {
    volume: Volume,
    frequentie: Frequentie,
    uitvoering: Uitvoering,
    termijn: Termijn,
    /// Hours are compared in minutes, other units as they are.
    in_minuten: bool,
}

impl Omvang {
    /// `None` where the toewijzing grants no volume (a budget, or none at all).
    pub fn van(controle: &Controle<'_>, t: &Toewijzing) -> Result<Option<Omvang>, Reden> {
        for kolom in [Kolom::Volume, Kolom::Eenheid, Kolom::Frequentie, Kolom::Einddatum] {
            controle.kolom(t.bestand, kolom)?;
        }
        let (Some(volume), Some(frequentie)) = (t.volume, t.frequentie) else { return Ok(None) };
        let eenheid = t.eenheid.ok_or(Reden::GeenEenheidToewijzing)?;
        let uitvoering = t.uitvoering.unwrap_or(match eenheid {
            Eenheid::STUKS_OUTPUT | Eenheid::EURO => Uitvoering::Output,
            _ => Uitvoering::Inspanning,
        });
        let in_minuten = eenheid == Eenheid::UUR;
        Ok(Some(Omvang {
            volume: if in_minuten { Volume(volume.0 * 60) } else { volume },
            frequentie,
            uitvoering,
            termijn: t.termijn(),
            in_minuten,
        }))
    }

    /// The line's volume in the unit of comparison.
    pub fn volume_van(&self, regel: &Declaratieregel) -> Volume {
        if self.in_minuten && regel.eenheid == Eenheid::UUR {
            Volume(regel.geleverd_volume.0 * 60)
        } else {
            regel.geleverd_volume
        }
    }

    /// What may be declared over this delivery period.
    pub fn maximum_in(&self, periode: Periode) -> Result<Volume, Reden> {
        match self.termijn.doorsnede(periode) {
            None => Ok(Volume::NUL),
            Some(p) => self.maximum_over(p),
        }
    }

    /// What may be declared over the whole term.
    pub fn maximum_in_totaal(&self) -> Result<Volume, Reden> {
        if self.frequentie == Frequentie::TOTAAL {
            return Ok(self.volume);
        }
        if self.termijn.einde.is_none() {
            return Err(Reden::GeenEinddatumToewijzing);
        }
        match self.termijn.periode() {
            None => self.keer(0),
            Some(p) if self.frequentie == Frequentie::PER_WEEK => {
                // By result, whole weeks are spread over Sundays; a term without one still has one.
                let zonder_zondag = p.laatste_zondag().is_none();
                let output = self.uitvoering == Uitvoering::Output;
                self.keer(if output && zonder_zondag { 1 } else { p.iso_weken() })
            }
            Some(p) => self.maximum_over(p),
        }
    }

    /// For a part of the term.
    fn maximum_over(&self, p: Periode) -> Result<Volume, Reden> {
        match (self.frequentie, self.uitvoering) {
            (Frequentie::PER_DAG, _) => self.keer(p.dagen()),
            (Frequentie::PER_WEEK, Uitvoering::Inspanning) => self.keer(p.iso_weken()),
            (Frequentie::PER_WEEK, Uitvoering::Output) => self.keer(self.weken_naar_resultaat(p)),
            (Frequentie::PER_MAAND, _) => self.keer(p.maanden()),
            (Frequentie::TOTAAL, _) => Ok(self.volume),
            _ => Err(Reden::OnbekendeFrequentie),
        }
    }

    /// Sundays in the period, and the term's broken last week with its last Sunday.
    fn weken_naar_resultaat(&self, p: Periode) -> i64 {
        let Some(term) = self.termijn.periode() else { return p.zondagen() };
        match term.laatste_zondag() {
            None => 1,
            Some(zondag) if p.bevat(zondag) && zondag != term.eind() => p.zondagen() + 1,
            Some(_) => p.zondagen(),
        }
    }

    fn keer(&self, aantal: i64) -> Result<Volume, Reden> {
        match self.frequentie {
            Frequentie::PER_DAG | Frequentie::PER_WEEK | Frequentie::PER_MAAND => {
                Ok(Volume(self.volume.0.saturating_mul(aantal)))
            }
            Frequentie::TOTAAL => Ok(self.volume),
            _ => Err(Reden::OnbekendeFrequentie),
        }
    }

    /// Words for the granted volume.
    pub fn omschrijving(&self, t: &Toewijzing) -> String {
        let eenheid = t.eenheid.map_or("eenheden", Eenheid::naam);
        let volume = t.volume.unwrap_or_default();
        format!("{volume} {eenheid} {}", self.frequentie.naam())
    }

    /// Words for a volume in the unit of comparison: in hours again where the line is in hours.
    pub fn in_woorden(&self, volume: Volume, t: &Toewijzing, regel: &Declaratieregel) -> String {
        if !self.in_minuten {
            return format!("{volume} {}", t.eenheid.map_or("eenheden", Eenheid::naam));
        }
        if regel.eenheid == Eenheid::UUR && volume.0 % 60 == 0 {
            return format!("{} uren", Volume(volume.0 / 60));
        }
        format!("{volume} minuten")
    }
}

/// Does the line's unit fit this toewijzing? One that names no unit can't tell.
pub fn past(t: &Toewijzing, regel: &Declaratieregel) -> Result<bool, Reden> {
    t.eenheid.map(|e| eenheid_past(e, regel.eenheid)).ok_or(Reden::GeenEenheidToewijzing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Dag;

    fn d(s: &str) -> Dag {
        Dag::van_datum(s.parse().unwrap()).unwrap()
    }

    fn omvang(frequentie: u8, uitvoering: Uitvoering, ingang: &str, einde: Option<&str>) -> Omvang {
        Omvang {
            volume: Volume::heel(2),
            frequentie: Frequentie(frequentie),
            uitvoering,
            termijn: Termijn { ingang: d(ingang), einde: einde.map(d) },
            in_minuten: false,
        }
    }

    fn max(o: &Omvang, van: &str, tot: &str) -> i64 {
        o.maximum_in(Periode::nieuw(d(van), d(tot)).unwrap()).unwrap().0 / 100
    }

    #[test]
    fn iv077_broken_weeks_count_whole_by_effort() {
        let o = omvang(2, Uitvoering::Inspanning, "2023-01-01", Some("2023-12-31"));
        assert_eq!(max(&o, "2023-01-01", "2023-01-31"), 12);
        assert_eq!(max(&o, "2024-01-01", "2024-01-31"), 0);
        // 2023 touches 53 weeks: Sunday 1 January belongs to the last week of 2022.
        assert_eq!(o.maximum_in_totaal().unwrap(), Volume::heel(106));
    }

    #[test]
    fn iv078_by_result_the_months_add_up_to_the_term() {
        let o = omvang(2, Uitvoering::Output, "2023-01-01", Some("2023-03-29"));
        let maanden = max(&o, "2023-01-01", "2023-01-31")
            + max(&o, "2023-02-01", "2023-02-28")
            + max(&o, "2023-03-01", "2023-03-31");
        assert_eq!(Volume::heel(maanden), o.maximum_in_totaal().unwrap());
        let zonder_zondag = omvang(2, Uitvoering::Output, "2023-01-02", Some("2023-01-07"));
        assert_eq!(max(&zonder_zondag, "2023-01-01", "2023-01-31"), 2);
        assert_eq!(zonder_zondag.maximum_in_totaal().unwrap(), Volume::heel(2));
    }

    #[test]
    fn a_term_without_end_has_a_period_maximum_only() {
        let o = omvang(4, Uitvoering::Inspanning, "2023-01-15", None);
        assert_eq!(max(&o, "2023-01-01", "2023-02-28"), 4);
        assert_eq!(o.maximum_in_totaal(), Err(Reden::GeenEinddatumToewijzing));
        let totaal = omvang(6, Uitvoering::Inspanning, "2023-01-15", None);
        assert_eq!(totaal.maximum_in_totaal().unwrap(), Volume::heel(2));
        let onbekend = omvang(3, Uitvoering::Inspanning, "2023-01-15", None);
        assert_eq!(
            onbekend.maximum_in(Periode::nieuw(d("2023-02-01"), d("2023-02-28")).unwrap()),
            Err(Reden::OnbekendeFrequentie)
        );
    }
}
