//! The end of an audit: the rapport in its place, the summary on the terminal, the exit status.

use super::options::RapportOptions;
use super::stop::Stop;
use super::voortgang::Voortgang;
use super::{Status, melding, samenvatting};
use crate::audit::Audited;
use crate::dossier::Ernst;
use crate::ground::memory;
use crate::rapport::{Pseudoniemen, Rapport, Tolerantie, Uitvoering};
use crate::writing::Plaats;
use chrono::{DateTime, Datelike, Local, NaiveDate};
use std::mem::ManuallyDrop;
use std::time::Instant;

/// The run of a command that ends in a rapport.
pub struct Afronding<'a> {
    options: &'a RapportOptions,
    begin: (Instant, DateTime<Local>),
}

impl<'a> Afronding<'a> {
    /// Begins the clock.
    pub fn begin(options: &'a RapportOptions) -> Afronding<'a> {
        Afronding { options, begin: (Instant::now(), Local::now()) }
    }

    /// Makes the rapport of what an audit came to, and writes it. `given` are the options for the
    /// manifest, but for those about the rapport.
    pub fn schrijf(
        &self,
        audited: Audited,
        pseudoniemen: &Pseudoniemen,
        plaats: Plaats,
        given: Vec<(String, String)>,
        voortgang: &Voortgang,
    ) -> Result<Status, Stop> {
        voortgang.stap("Rapport schrijven");
        // The process ends right after: taking apart what millions of rows came to only costs time.
        let mut audited = ManuallyDrop::new(audited);
        let outcomes = std::mem::take(&mut audited.outcomes);
        let mut waarschuwingen = std::mem::take(&mut audited.joined.waarschuwingen);
        waarschuwingen.extend(klok_staat_verkeerd(self.begin.1.date_naive()));
        let joined = &audited.joined;
        let controle = joined.controle(audited.jaar);
        let mut rapport = Rapport::maak(
            &controle,
            outcomes,
            &audited.counts,
            &joined.fouten,
            waarschuwingen,
            &joined.beoordelingen,
            pseudoniemen,
        );
        let [fouten, onzekerheden] = joined.tolerantie;
        rapport.tolerantie = Tolerantie { fouten, onzekerheden };
        memory::geef_vrij();
        tracing::debug!("rapport samengesteld");
        let rapport = ManuallyDrop::new(rapport);
        let uitvoering = Uitvoering {
            begin: self.begin.1.to_rfc3339(),
            seconden: self.begin.0.elapsed().as_secs_f64(),
            opties: given.into_iter().chain(self.options.given()).collect(),
            door: door(),
        };
        let o = self.options;
        let map = rapport
            .schrijf(plaats, &o.formaten(), &o.partijen(), &uitvoering)
            .inspect_err(|_| voortgang.klaar())?;
        tracing::debug!("geschreven");
        voortgang.klaar();
        if !o.stil {
            samenvatting::toon(&rapport, &map);
        }
        Ok(self.status(&rapport))
    }

    fn status(&self, rapport: &Rapport<'_>) -> Status {
        let mislukt = rapport.uitkomsten.iter().filter(|u| u.mislukt.is_some());
        let mislukt: Vec<&str> = mislukt.map(|u| u.regel.code).collect();
        if !mislukt.is_empty() {
            melding::fout(
                &format!(
                    "regel {} is mislukt; de rest van het rapport is volledig",
                    mislukt.join(", ")
                ),
                "meld dit met de opties die u gebruikte",
            );
            return Status::RegelMislukt;
        }
        let is_fout = rapport.bevindingen.iter().any(|g| g.bevinding.ernst == Ernst::Fout);
        if self.options.strikt && is_fout { Status::FoutGevonden } else { Status::Klaar }
    }
}

/// Who runs the program, as the system names them.
fn door() -> String {
    ["USER", "USERNAME"].iter().find_map(|v| std::env::var(v).ok()).unwrap_or_default()
}

/// A clock that was never set gives the manifest a date that nobody can rely on.
fn klok_staat_verkeerd(vandaag: NaiveDate) -> Option<String> {
    (vandaag.year() < EERSTE_JAAR_VAN_DE_KLOK).then(|| {
        format!(
            "de klok van deze computer staat op {}; zet die goed, want die datum komt in het manifest",
            vandaag.format("%d-%m-%Y")
        )
    })
}

const EERSTE_JAAR_VAN_DE_KLOK: i32 = 2020;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_never_set_is_told() {
        let dag = |jaar| NaiveDate::from_ymd_opt(jaar, 1, 1).unwrap();
        assert!(klok_staat_verkeerd(dag(1970)).is_some_and(|w| w.contains("01-01-1970")));
        assert_eq!(klok_staat_verkeerd(dag(2026)), None);
    }
}
