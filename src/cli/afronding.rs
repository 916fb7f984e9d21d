//! The end of an audit: the rapport in its place, the summary on the terminal, the exit status.

use super::controleer::Stop;
use super::voortgang::Voortgang;
use super::{Status, melding, samenvatting};
use crate::dossier::Ernst;
use crate::rapport::{Formaat, Partij, Rapport, Uitvoering};
use crate::writing::Plaats;

/// What is made of a rapport.
pub struct Afronding {
    pub formaten: Vec<Formaat>,
    pub partijen: Vec<Partij>,
    pub stil: bool,
    pub strikt: bool,
}

/// The parties that get a workbook of their own.
pub fn partijen(per_aanbieder: bool, per_gemeente: bool) -> Vec<Partij> {
    [(per_aanbieder, Partij::Aanbieder), (per_gemeente, Partij::Gemeente)]
        .into_iter()
        .filter_map(|(gevraagd, partij)| gevraagd.then_some(partij))
        .collect()
}

/// Who runs the program, as the system names them.
pub fn door() -> String {
    ["USER", "USERNAME"].iter().find_map(|v| std::env::var(v).ok()).unwrap_or_default()
}

impl Afronding {
    pub fn schrijf(
        &self,
        rapport: &Rapport<'_>,
        plaats: Plaats,
        uitvoering: &Uitvoering,
        voortgang: &Voortgang,
    ) -> Result<Status, Stop> {
        let map = rapport
            .schrijf(plaats, &self.formaten, &self.partijen, uitvoering)
            .inspect_err(|_| voortgang.klaar())?;
        tracing::debug!("geschreven");
        voortgang.klaar();
        if !self.stil {
            samenvatting::toon(rapport, &map);
        }
        let mislukt = rapport.uitkomsten.iter().filter(|u| u.mislukt.is_some());
        let mislukt: Vec<&str> = mislukt.map(|u| u.regel.code).collect();
        Ok(if !mislukt.is_empty() {
            melding::fout(
                &format!(
                    "regel {} is mislukt; de rest van het rapport is volledig",
                    mislukt.join(", ")
                ),
                "meld dit met de opties die u gebruikte",
            );
            Status::RegelMislukt
        } else if self.strikt
            && rapport.bevindingen.iter().any(|g| g.bevinding.ernst == Ernst::Fout)
        {
            Status::FoutGevonden
        } else {
            Status::Klaar
        })
    }
}
