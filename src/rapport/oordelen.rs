//! Verdicts of an earlier run, laid on the findings of this one by their Ids.

use super::bevindingen::Genummerd;
use crate::dossier::{Beoordeling, BevindingId, Cent, Duizendtallen, Eindoordeel, Toen};
use crate::toetsing::{Bereik, Bevinding, Onderwerp, Regeluitkomst};
use crate::writing::ZONDER_BREEDTE;
use hashbrown::HashMap;
use std::cmp::Reverse;

/// What became of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lot {
    /// Its finding is there, and says what it said.
    Toegepast,
    /// Its finding says something else now, in these columns: it must be judged anew.
    Gewijzigd(Vec<&'static str>),
    /// There is no such finding any more.
    Vervallen,
    /// Its rule wasn't run, or failed.
    NietGetoetst,
    /// Its finding is about a jeugdige, and pseudonyms last for this run only.
    ZonderSleutel,
    /// Other verdicts on the same finding, of the same day or of none, say something else.
    Tegenstrijdig,
}

impl Lot {
    /// A sentence for people.
    pub fn tekst(&self) -> String {
        match self {
            Lot::Toegepast => "overgenomen".to_owned(),
            Lot::Gewijzigd(kolommen) => {
                format!("de bevinding is gewijzigd ({}): beoordeel haar opnieuw", kolommen.join(", "))
            }
            Lot::Vervallen => "de bevinding komt niet meer voor".to_owned(),
            Lot::NietGetoetst => "de controle is nu niet uitgevoerd".to_owned(),
            Lot::ZonderSleutel => {
                "geweigerd: het Id van een bevinding over een jeugdige geldt zonder --sleutel voor één controle".to_owned()
            }
            Lot::Tegenstrijdig => {
                "er zijn verschillende oordelen over deze bevinding: kies er één".to_owned()
            }
        }
    }

    /// Stable word for programs.
    pub fn sleutel(&self) -> &'static str {
        match self {
            Lot::Toegepast => "overgenomen",
            Lot::Gewijzigd(_) => "gewijzigd",
            Lot::Vervallen => "vervallen",
            Lot::NietGetoetst => "niet_getoetst",
            Lot::ZonderSleutel => "zonder_sleutel",
            Lot::Tegenstrijdig => "tegenstrijdig",
        }
    }
}

/// All verdicts of a dossier, and what became of each.
#[derive(Debug, Default)]
pub struct Oordelen<'a> {
    /// One a finding, by Id.
    pub loten: Vec<(&'a Beoordeling, Lot)>,
    per_nummer: HashMap<u64, usize>,
}

impl<'a> Oordelen<'a> {
    /// Finds for each verdict its finding and writes the verdict on it.
    pub fn pas_toe(
        beoordelingen: &'a [Beoordeling],
        bevindingen: &mut [Genummerd],
        uitkomsten: &[Regeluitkomst],
        blijvende_sleutel: bool,
    ) -> Oordelen<'a> {
        let mut op_volgorde: Vec<&Beoordeling> = beoordelingen.iter().collect();
        op_volgorde.sort_by(|a, b| {
            let sleutel = |b: &Beoordeling| (Reverse(b.datum), b.oordeel);
            a.id.cmp(&b.id)
                .then_with(|| sleutel(a).cmp(&sleutel(b)))
                .then_with(|| (&a.opmerking, &a.door).cmp(&(&b.opmerking, &b.door)))
        });
        let mut loten: Vec<(&Beoordeling, Lot)> = op_volgorde
            .chunk_by(|a, b| a.id == b.id)
            .map(|groep| {
                // The latest counts; without dates, or on one day, all must say the same.
                let laatste = groep.iter().take_while(|b| b.datum == groep[0].datum);
                let eens = laatste.clone().all(|b| b.oordeel == groep[0].oordeel);
                let lot = match eens {
                    true => zonder_bevinding(groep[0], bevindingen, uitkomsten, blijvende_sleutel),
                    false => Lot::Tegenstrijdig,
                };
                (groep[0], lot)
            })
            .collect();
        let mut per_nummer = HashMap::new();
        for (i, (beoordeling, _)) in loten.iter().enumerate() {
            per_nummer.insert(beoordeling.id.nummer, i);
        }
        if !per_nummer.is_empty() {
            for b in bevindingen {
                let Some(i) = per_nummer.get(&b.nummer()) else { continue };
                let (beoordeling, lot) = &mut loten[*i];
                if beoordeling.id.regel != b.regel || *lot == Lot::Tegenstrijdig {
                    continue;
                }
                *lot = match anders(&beoordeling.toen, &b.bevinding) {
                    kolommen if kolommen.is_empty() => {
                        b.oordeel = Some(beoordeling.oordeel);
                        Lot::Toegepast
                    }
                    kolommen => Lot::Gewijzigd(kolommen),
                };
            }
        }
        Oordelen { loten, per_nummer }
    }

    /// The verdict that stands on the finding with this number.
    pub fn van(&self, nummer: u64) -> Option<&'a Beoordeling> {
        let (beoordeling, lot) = &self.loten[*self.per_nummer.get(&nummer)?];
        (*lot == Lot::Toegepast).then_some(*beoordeling)
    }

    /// Those that a person must look at.
    pub fn niet_overgenomen(&self) -> impl Iterator<Item = &(&'a Beoordeling, Lot)> {
        self.loten.iter().filter(|(_, lot)| *lot != Lot::Toegepast)
    }

    fn aantal(&self, sleutel: &str) -> u64 {
        self.loten.iter().filter(|(_, lot)| lot.sleutel() == sleutel).count() as u64
    }

    /// Verdicts that came without what the finding said: whether it changed can't be seen.
    fn zonder_toen(&self) -> u64 {
        let kaal = |toen: &Toen| toen.bedrag.is_none() && toen.gevonden.is_none();
        let overgenomen = self.loten.iter().filter(|(_, lot)| *lot == Lot::Toegepast);
        overgenomen.filter(|(b, _)| kaal(&b.toen)).count() as u64
    }

    /// What the user must know of them, in Dutch sentences.
    pub fn waarschuwingen(&self) -> Vec<String> {
        let zin = |n: u64, een: &str, meer: &str| {
            (n > 0).then(|| match n {
                1 => format!("1 {een}"),
                n => format!("{} {meer}", Duizendtallen(n)),
            })
        };
        [
            zin(
                self.aantal("gewijzigd"),
                "oordeel gaat over een bevinding die sindsdien is gewijzigd; die staat weer open",
                "oordelen gaan over bevindingen die sindsdien zijn gewijzigd; die staan weer open",
            ),
            zin(
                self.aantal("vervallen"),
                "oordeel gaat over een bevinding die niet meer voorkomt",
                "oordelen gaan over bevindingen die niet meer voorkomen",
            ),
            zin(
                self.aantal("niet_getoetst"),
                "oordeel gaat over een controle die nu niet is uitgevoerd",
                "oordelen gaan over controles die nu niet zijn uitgevoerd",
            ),
            zin(
                self.aantal("zonder_sleutel"),
                "oordeel is geweigerd: het Id van een bevinding over een jeugdige geldt zonder blijvende sleutel voor één controle; geef elke keer dezelfde --sleutel",
                "oordelen zijn geweigerd: het Id van een bevinding over een jeugdige geldt zonder blijvende sleutel voor één controle; geef elke keer dezelfde --sleutel",
            ),
            zin(
                self.aantal("tegenstrijdig"),
                "bevinding heeft verschillende oordelen en blijft daarom open",
                "bevindingen hebben verschillende oordelen en blijven daarom open",
            ),
            zin(
                self.zonder_toen(),
                "oordeel is overgenomen zonder te kunnen zien of de bevinding is gewijzigd: in het bestand ontbreken BedragInGeding en Gevonden",
                "oordelen zijn overgenomen zonder te kunnen zien of de bevindingen zijn gewijzigd: in het bestand ontbreken BedragInGeding en Gevonden",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Why a verdict may have no finding. Whether a lost finding was about a jeugdige is known from its
/// rule alone: where all that the rule finds here is, or where it finds nothing.
fn zonder_bevinding(
    beoordeling: &Beoordeling,
    bevindingen: &[Genummerd],
    uitkomsten: &[Regeluitkomst],
    blijvende_sleutel: bool,
) -> Lot {
    let BevindingId { regel, .. } = &beoordeling.id;
    match uitkomsten.iter().find(|u| u.regel.code == regel) {
        None => Lot::NietGetoetst,
        Some(u) if u.mislukt.is_some() => Lot::NietGetoetst,
        Some(u) if !blijvende_sleutel && u.regel.bereiken().contains(&Bereik::Jeugdige) => {
            let over_jeugdige =
                |b: &Genummerd| matches!(b.bevinding.onderwerp, Onderwerp::Jeugdige(_));
            match bevindingen.iter().filter(|b| b.regel == regel).all(over_jeugdige) {
                true => Lot::ZonderSleutel,
                false => Lot::Vervallen,
            }
        }
        Some(_) => Lot::Vervallen,
    }
}

/// The columns in which a finding says something else than when it was judged.
fn anders(toen: &Toen, nu: &Bevinding) -> Vec<&'static str> {
    // What our own CSV puts before a text that a spreadsheet would run is no part of it.
    let kaal = |tekst: &str| tekst.trim_start_matches(ZONDER_BREEDTE).trim().to_owned();
    let verschilt =
        |toen: &Option<String>, nu: &str| toen.as_ref().is_some_and(|toen| kaal(toen) != kaal(nu));
    [
        ("Ernst", verschilt(&toen.ernst, nu.ernst.naam())),
        ("BedragInGeding", toen.bedrag.is_some_and(|toen| toen != nu.bedrag)),
        ("Gevonden", verschilt(&toen.gevonden, &nu.gevonden)),
        ("Verwacht", verschilt(&toen.verwacht, &nu.verwacht)),
    ]
    .into_iter()
    .filter_map(|(kolom, anders)| anders.then_some(kolom))
    .collect()
}

/// How many findings carry each verdict, and what they put at stake, each finding for itself.
pub fn per_oordeel(bevindingen: &[Genummerd]) -> [(u64, Cent); Eindoordeel::ALLE.len()] {
    let mut uit = [(0, Cent::NUL); Eindoordeel::ALLE.len()];
    for b in bevindingen {
        if let Some(oordeel) = b.oordeel {
            let plek = &mut uit[oordeel as usize];
            *plek = (plek.0 + 1, plek.1 + b.bevinding.bedrag.unwrap_or_default());
        }
    }
    uit
}
