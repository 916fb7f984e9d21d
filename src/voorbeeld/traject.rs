//! One toewijzing with all that was declared on it, as it is made, before anything is written.

use super::contract::{Contract, Product};
use super::plan::Plan;
use crate::dossier::{Budgetsoort, Dag, Eenheid, Frequentie, Gemeente, Periode, RedenBeeindiging};
use crate::ground::random::Worp;

/// What kind of help the toewijzing is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hulp {
    Ambulant,
    Groep,
    Verblijf,
    /// Treatment and diagnostics of dyslexia.
    Dyslexie,
    Voorziening,
    /// Ambulant help and a group, on a budget that names no product.
    Gemengd,
}

/// What of the product the toewijzing names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Soort {
    Specifiek,
    Aspecifiek,
    Generiek,
}

/// How much was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Omvang {
    pub volume: i64,
    pub eenheid: Eenheid,
    pub frequentie: Frequentie,
}

/// A start or a stop.
#[derive(Clone, Copy, Debug)]
pub struct Melding {
    pub datum: Dag,
    pub verzonden: Dag,
    /// `None` on a start.
    pub reden: Option<RedenBeeindiging>,
}

/// One prestatie. Volumes are whole units, amounts cents.
#[derive(Clone, Debug)]
pub struct Regel {
    pub volgnummer: u16,
    /// On a credit line: the number of the line that it takes back.
    pub neemt_terug: Option<u16>,
    pub gemeente: Gemeente,
    pub aanbieder: u32,
    pub bsn: u32,
    /// Where it isn't the toewijzing that the line is made for.
    pub toewijzing: u64,
    pub product: u16,
    /// Place among the contract's categories, where it isn't the product's own.
    pub andere_categorie: Option<u16>,
    pub begin: Dag,
    pub eind: Dag,
    pub volume: i64,
    pub eenheid: Eenheid,
    pub tarief: i64,
    pub bedrag: i64,
    pub ontvangen: Dag,
    /// A debit line that a credit line takes back.
    pub teruggenomen: bool,
    pub no_shows: u32,
    pub no_show_minuten: i64,
    pub afspraak_minuten: i64,
    pub reisminuten: i64,
    pub gesprekken: u32,
    pub functie: Functie,
    pub hulpverlener: u16,
}

/// Who helped: by its place among the contract's titles of a product's tariff group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Functie {
    Geen,
    Van {
        product: u16,
        plaats: u16,
    },
    /// A title that the Beroepentabel doesn't have.
    Onbekend,
}

impl Functie {
    /// Who helped, where the product is one of a tariff group.
    pub fn trek(plan: &Plan, worp: &mut Worp, product: u16) -> Functie {
        let titels = plan.contract.functies_van(&plan.contract.producten[product as usize].sleutel);
        match titels.len() as u64 {
            0 => Functie::Geen,
            aantal => Functie::Van { product, plaats: worp.onder(aantal) as u16 },
        }
    }
}

/// A title that no version of the Beroepentabel has.
pub const ONBEKENDE_FUNCTIE: &str = "Regisseur thuisnetwerk";

impl Functie {
    pub fn titel(self, contract: &Contract) -> &str {
        match self {
            Functie::Geen => "",
            Functie::Onbekend => ONBEKENDE_FUNCTIE,
            Functie::Van { product, plaats } => {
                let sleutel = &contract.producten[product as usize].sleutel;
                &contract.functies_van(sleutel)[plaats as usize]
            }
        }
    }
}

impl Regel {
    /// So many no-shows, each cut short of its appointment.
    pub fn met_no_shows(&mut self, aantal: u32, worp: &mut Worp) {
        let minuten = worp.tussen(10, 40).min(self.volume);
        self.no_shows = aantal;
        self.no_show_minuten = minuten;
        self.afspraak_minuten = minuten + 15;
    }

    pub fn is_credit(&self) -> bool {
        self.neemt_terug.is_some()
    }

    /// Counts in the audit's sums.
    pub fn is_levend(&self) -> bool {
        !self.is_credit() && !self.teruggenomen
    }

    pub fn periode(&self) -> Periode {
        Periode::nieuw(self.begin, self.eind).expect("no period is made reversed")
    }

    /// The amount that volume and tariff make.
    pub fn bereken(&mut self) {
        self.bedrag = self.volume * self.tarief;
    }

    pub fn zonder_no_shows(&mut self) {
        (self.no_shows, self.no_show_minuten, self.afspraak_minuten) = (0, 0, 0);
    }

    /// A line that takes this one back.
    pub fn credit(&self, volgnummer: u16, ontvangen: Dag) -> Regel {
        let neemt_terug = Some(self.volgnummer);
        Regel { volgnummer, neemt_terug, ontvangen, teruggenomen: false, ..self.clone() }
    }
}

#[derive(Clone, Debug)]
pub struct Traject {
    pub nummer: u64,
    pub gemeente: Gemeente,
    pub aanbieder: u32,
    pub bsn: u32,
    pub geboren: Dag,
    pub hulp: Hulp,
    pub soort: Soort,
    /// Place of the product that a specific toewijzing names; an aspecific one names its category.
    pub product: u16,
    pub ingang: Dag,
    pub einde: Option<Dag>,
    /// Of the first version.
    pub toewijzingsdatum: Dag,
    pub versies: u8,
    pub verwijderd: bool,
    pub per_week: bool,
    pub omvang: Option<Omvang>,
    /// Cents.
    pub budget: Option<i64>,
    pub budgetsoort: Budgetsoort,
    pub verwijzer: u8,
    pub toestemming: bool,
    pub regels: Vec<Regel>,
    pub meldingen: Vec<Melding>,
}

/// Of a budget at most this share is declared on a lawful toewijzing: from 90% it is said to run out.
const HOOGSTENS_GEBRUIKT: i64 = 88;
const DUIZEND_EURO: i64 = 100_000;
/// Verwijzer: the gemeente.
pub const VAN_GEMEENTE: u8 = 1;

impl Traject {
    /// Stops the help for this period.
    pub fn pauzeer(&mut self, periode: Periode) {
        let (stop, start) = (periode.begin().plus_dagen(-1), periode.eind().plus_dagen(1));
        let melding = |datum: Dag, reden| Melding { datum, verzonden: datum.plus_dagen(2), reden };
        self.meldingen.push(melding(stop, Some(RedenBeeindiging::TIJDELIJK)));
        self.meldingen.push(melding(start, None));
    }

    pub fn volgend_nummer(&self) -> u16 {
        self.regels.iter().map(|r| r.volgnummer).max().unwrap_or(0) + 1
    }

    pub fn levende(&self) -> impl Iterator<Item = &Regel> {
        self.regels.iter().filter(|r| r.is_levend())
    }

    /// Grants what was declared, and some more.
    pub fn ken_toe(&mut self, plan: &Plan) {
        let volumes = |t: &Traject| t.levende().map(|r| r.volume).sum::<i64>();
        let product = &plan.contract.producten[self.product as usize];
        match self.hulp {
            Hulp::Ambulant | Hulp::Gemengd => self.geef_budget(plan),
            Hulp::Dyslexie => {
                self.omvang = Some(Omvang {
                    volume: naar_boven(volumes(self) * 11, 10).max(60),
                    eenheid: product.eenheid,
                    frequentie: Frequentie::TOTAAL,
                });
            }
            Hulp::Voorziening => {
                let (eenheid, frequentie) = (product.eenheid, Frequentie::TOTAAL);
                self.omvang = Some(Omvang { volume: 1, eenheid, frequentie });
            }
            Hulp::Verblijf => {
                let deeltijd = plan.contract.grenzen.deeltijd_per_week;
                self.omvang = Some(Omvang {
                    volume: if product.deeltijd { deeltijd } else { 7 },
                    eenheid: product.eenheid,
                    frequentie: Frequentie::PER_WEEK,
                });
            }
            Hulp::Groep => {
                let frequentie =
                    if self.per_week { Frequentie::PER_WEEK } else { Frequentie::PER_MAAND };
                let keer = |p: Periode| keren(frequentie, p);
                let per_keer = |r: &Regel| naar_boven(r.volume * 115, 100 * keer(r.periode()));
                let meeste = self.levende().map(per_keer).max().unwrap_or(1);
                let samen = self.termijn().map_or(0, |t| naar_boven(volumes(self), keer(t)) + 1);
                let volume = meeste.max(samen);
                self.omvang = Some(Omvang { volume, eenheid: product.eenheid, frequentie });
            }
        }
    }

    fn geef_budget(&mut self, plan: &Plan) {
        let som: i64 = self.levende().map(|r| r.bedrag).sum();
        let grenzen = &plan.contract.grenzen;
        let past = |b: &&crate::dossier::Cent| som * 100 <= b.0 * HOOGSTENS_GEBRUIKT;
        // Above the standard budgets one is made to measure, in thousands of euros.
        let op_maat =
            || naar_boven(som * 100 / HOOGSTENS_GEBRUIKT + 1, DUIZEND_EURO) * DUIZEND_EURO;
        let budget = grenzen.standaardbudgetten.iter().find(past).map_or_else(op_maat, |b| b.0);
        self.budget = Some(budget);
        if budget > grenzen.medische_verwijzing.0
            && grenzen.verwijzers_medisch.contains(&self.verwijzer)
        {
            self.verwijzer = VAN_GEMEENTE;
        }
    }

    pub fn termijn(&self) -> Option<Periode> {
        Periode::nieuw(self.ingang, self.einde?)
    }

    /// How much fits in a period of the term and in the whole of it, by what was granted.
    pub fn hoogstens(&self, periode: Periode) -> Option<(i64, Option<i64>)> {
        let omvang = self.omvang?;
        let keer = |p| omvang.volume * keren(omvang.frequentie, p);
        Some((keer(periode), self.termijn().map(keer)))
    }

    pub fn product<'p>(&self, plan: &'p Plan) -> &'p Product {
        &plan.contract.producten[self.product as usize]
    }
}

/// How often a volume fits in a period.
fn keren(frequentie: Frequentie, periode: Periode) -> i64 {
    match frequentie {
        Frequentie::PER_WEEK => periode.iso_weken(),
        Frequentie::PER_MAAND => periode.maanden(),
        _ => 1,
    }
}

/// A quotient of whole numbers above zero, rounded up.
pub fn naar_boven(teller: i64, noemer: i64) -> i64 {
    (teller + noemer - 1) / noemer
}
