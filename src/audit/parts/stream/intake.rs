//! The rows of one part as they come in, and the dossier that they make.

use super::arrow::{Rij, StreamError, Veld};
use super::header::{self, DossierHeader, Fingerprint, Index};
use super::reading::{AANBIEDER, DECLARATIE, TOEWIJZING};
use super::rows::{Nummers, Plaats, lees_bsn, lees_regel, lees_startstop, lees_versie};
use crate::bron::neem_terug;
use crate::dossier::*;
use hashbrown::{HashMap, HashSet};

/// Kind of a row that says that a toewijzing has a line that counts in the audited year.
pub const LEVERING: &str = "levering";

/// A toewijzing by its own key.
pub type Toewijzingssleutel = (Gemeente, WoordNr);

/// The rows of a part, and what every part knows.
pub struct PartBuilder {
    pub stand: DossierHeader,
    index: Index,
    rijen: Onverbonden,
    /// For each line its place.
    plaatsen: Vec<Plaats>,
    versies: Vec<(Plaats, OnverbondenToewijzing)>,
    startstop: Vec<(Plaats, Startstop)>,
    aanbieders: Vec<AanbiederNr>,
    levering: Vec<Toewijzingssleutel>,
}

/// A part, put together.
pub struct Part {
    pub stand: DossierHeader,
    /// Its lines are in the order of their files and lines, and have numbers as in reading.
    pub dossier: Dossier,
    pub koppeling: Koppeling,
    /// For each line its place.
    pub plaatsen: Vec<Plaats>,
    /// Versions of toewijzingen with their places.
    pub versies: Vec<(Plaats, OnverbondenToewijzing)>,
    /// Where the versions with a ToewijzingNummer are among them.
    pub per_nummer: HashMap<WoordNr, Vec<usize>>,
    /// The aanbieders of which this part has all lines.
    pub aanbieders: Vec<AanbiederNr>,
    /// Toewijzingen of the jeugdigen of this part with a line that counts in the audited year.
    pub met_levering: Vec<ToewijzingNr>,
    /// How many rows came in of each kind.
    pub aantallen: RowCounts,
}

/// Rows of one part, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowCounts {
    pub regels: u64,
    pub versies: u64,
    pub startstop: u64,
    pub aanbieders: u64,
    pub leveringen: u64,
}

impl PartBuilder {
    /// Begins with the first row of a stream, which must be the stand of the dossier.
    pub fn begin(rij: &Rij<'_>, kenmerk: &Fingerprint) -> Result<PartBuilder, StreamError> {
        if rij.tekst(Veld::Soort) != header::SOORT {
            return Err(zonder_stand());
        }
        let stand = DossierHeader::lees(rij, kenmerk)?;
        Ok(PartBuilder {
            index: stand.index(),
            stand,
            rijen: Onverbonden::default(),
            plaatsen: Vec::new(),
            versies: Vec::new(),
            startstop: Vec::new(),
            aanbieders: Vec::new(),
            levering: Vec::new(),
        })
    }

    /// The file of this path.
    pub fn bestand(&self, rij: &Rij<'_>) -> Result<BestandNr, StreamError> {
        rij.nodig(Veld::Bestand, self.index.bestand(rij.tekst(Veld::Bestand)))
    }

    /// The aanbieder that a row names.
    pub fn aanbieder(&self, rij: &Rij<'_>) -> Result<AanbiederNr, StreamError> {
        let agb = rij.code(Veld::Aanbieder)?.map(Agb);
        rij.nodig(Veld::Aanbieder, agb.and_then(|agb| self.index.aanbieder(agb)))
    }

    /// The toewijzing that a row names.
    pub fn toewijzing(&mut self, rij: &Rij<'_>) -> Result<Toewijzingssleutel, StreamError> {
        let gemeente = rij.code(Veld::Gemeente)?.map(Gemeente);
        let nummer = self.rijen.toewijzingnummers.nummer(rij.tekst(Veld::ToewijzingNummer));
        Ok((rij.nodig(Veld::Gemeente, gemeente)?, nummer))
    }

    /// Takes up a row of a kind that a pass knows; `false` for another kind.
    pub fn neem_op(&mut self, rij: &Rij<'_>) -> Result<bool, StreamError> {
        let soort = rij.tekst(Veld::Soort);
        match soort {
            AANBIEDER => {
                let nr = self.aanbieder(rij)?;
                self.aanbieders.push(nr);
                return Ok(true);
            }
            LEVERING => {
                lees_bsn(rij)?;
                let sleutel = self.toewijzing(rij)?;
                self.levering.push(sleutel);
                return Ok(true);
            }
            DECLARATIE | TOEWIJZING | "start" | "stop" => {}
            _ => return Ok(false),
        }
        // A message that another one doubles counts for nothing.
        if self.stand.geweigerd[usize::from(self.bestand(rij)?.0)] {
            return Ok(true);
        }
        let index = &self.index;
        let nummers = Nummers {
            bestand: &|pad| index.bestand(pad),
            aanbieder: &|agb| index.aanbieder(agb),
            product: &|categorie, code| index.product(categorie, code),
        };
        match soort {
            DECLARATIE => self.plaatsen.push(lees_regel(rij, &nummers, &mut self.rijen)?),
            TOEWIJZING => self.versies.push(lees_versie(rij, &nummers, &mut self.rijen)?),
            _ => self.startstop.push(lees_startstop(rij, &nummers, &mut self.rijen)?),
        }
        Ok(true)
    }

    /// Leaves one of equal lines: a line may be kept by several passes.
    pub fn zonder_dubbele_regels(&mut self) {
        let mut gezien = HashSet::new();
        let eerste: Vec<bool> = self.plaatsen.iter().map(|p| gezien.insert(*p)).collect();
        let mut welke = eerste.iter();
        self.rijen.regels.retain(|_| *welke.next().expect("one for each line"));
        let mut welke = eerste.iter();
        self.plaatsen.retain(|_| *welke.next().expect("one for each line"));
    }

    /// Puts the part together with the small tables.
    pub fn verbind(
        self,
        stamgegevens: Onverbonden,
        catalogus: impl Fn(&str, &str) -> Option<Catalogusrij>,
    ) -> Result<Part, StreamError> {
        let PartBuilder { stand, mut rijen, plaatsen, mut versies, mut startstop, .. } = self;
        let aantallen = RowCounts {
            regels: plaatsen.len() as u64,
            versies: versies.len() as u64,
            startstop: startstop.len() as u64,
            aanbieders: self.aanbieders.len() as u64,
            leveringen: self.levering.len() as u64,
        };
        // A toewijzing comes once for each key of the part that needs it.
        versies.sort_by_key(|(plaats, _)| *plaats);
        versies.dedup_by_key(|(plaats, _)| *plaats);
        startstop.sort_by_key(|(plaats, _)| *plaats);
        let mut berichten: Vec<Startstop> = startstop.into_iter().map(|(_, s)| s).collect();
        neem_terug(&mut berichten, &stand.teruggenomen(&mut rijen.toewijzingnummers));
        let mut volgorde: Vec<usize> = (0..plaatsen.len()).collect();
        volgorde.sort_unstable_by_key(|i| {
            let (bestand, volgnummer) = plaatsen[*i];
            (bestand, rijen.regels[*i].regelnummer, volgnummer)
        });
        let regels = volgorde.iter().map(|i| rijen.regels[*i].clone()).collect();
        let plaatsen: Vec<Plaats> = volgorde.iter().map(|i| plaatsen[*i]).collect();
        if let Some(dubbel) = plaatsen.windows(2).find(|w| w[0] == w[1]) {
            let pad = &stand.bestanden[usize::from(dubbel[0].0.0)].pad;
            return Err(StreamError::Inhoud(
                format!("een regel van {pad} komt twee keer voor in dit deel"),
                "geef elke regel één keer door; neem van een deel dat opnieuw is uitgevoerd maar één uitkomst",
            ));
        }
        let heel = Onverbonden {
            bestanden: stand.bestanden.clone(),
            regels,
            teksten: rijen.teksten,
            toewijzingnummers: rijen.toewijzingnummers,
            woorden: rijen.woorden,
            nevengegevens: rijen.nevengegevens,
            producten: stand.producten.clone(),
            agbs: stand.agbs.clone(),
            versies: versies.iter().map(|(_, v)| v.clone()).collect(),
            startstop: stand.startstop.then_some(berichten),
            declaratieberichten: stand.berichten.clone(),
            antwoorden: stand.antwoorden.clone(),
            aanbieders: stamgegevens.aanbieders,
            omzet: stamgegevens.omzet,
            productieverantwoording: stamgegevens.productieverantwoording,
            afspraken: stamgegevens.afspraken,
            maatwerk: stamgegevens.maatwerk,
            ..Onverbonden::default()
        };
        let (dossier, koppeling) = heel.join(catalogus);
        let met_levering = self
            .levering
            .iter()
            .map(|sleutel| toewijzing_nr(&dossier, *sleutel).ok_or_else(ontbrekende_toewijzing))
            .collect::<Result<Vec<_>, _>>()?;
        let mut per_nummer: HashMap<WoordNr, Vec<usize>> = HashMap::new();
        for (i, (_, v)) in versies.iter().enumerate() {
            per_nummer.entry(v.versie.nummer).or_default().push(i);
        }
        Ok(Part {
            stand,
            dossier,
            per_nummer,
            koppeling,
            plaatsen,
            versies,
            aanbieders: self.aanbieders,
            met_levering,
            aantallen,
        })
    }
}

/// What is wrong with a stream that doesn't begin with the stand.
pub fn zonder_stand() -> StreamError {
    StreamError::Inhoud(
        "de stroom begint niet met de stand van het dossier".to_owned(),
        "geef elke stap eerst de rij 'stand' die rechtmatig deel --sleutelveld dossier schreef",
    )
}

/// The toewijzing with this key.
pub fn toewijzing_nr(dossier: &Dossier, sleutel: Toewijzingssleutel) -> Option<ToewijzingNr> {
    let (gemeente, nummer) = sleutel;
    let nummer = dossier.toewijzingnummer(nummer);
    let plaats = dossier.toewijzingen.binary_search_by(|t| {
        (t.gemeente, dossier.toewijzingnummer(t.nummer)).cmp(&(gemeente, nummer))
    });
    plaats.ok().map(ToewijzingNr::nieuw)
}

/// What is wrong where a row names a toewijzing that isn't among the rows.
pub fn ontbrekende_toewijzing() -> StreamError {
    StreamError::Inhoud(
        "een toewijzing die bij deze rijen hoort, ontbreekt".to_owned(),
        "geef ook de rijen van toewijzingen door die rechtmatig deel schreef",
    )
}
