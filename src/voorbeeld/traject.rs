//! One toewijzing with all that was declared on it, as it is made, before anything is written.

use super::contract::{Contract, Product};
use super::plan::Plan;
use crate::dossier::{
    Budgetsoort, Dag, Eenheid, Frequentie, Gemeente, Niveau, Periode, RedenBeeindiging,
};
use crate::ground::random::SeededRng;

/// What kind of help the toewijzing is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hulp {
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
pub(crate) enum ProductScope {
    Specifiek,
    Aspecifiek,
    Generiek,
}

/// How much was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GrantedExtent {
    pub volume: i64,
    pub eenheid: Eenheid,
    pub frequentie: Frequentie,
}

/// A start or a stop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartstopMelding {
    pub datum: Dag,
    pub verzonden: Dag,
    /// `None` on a start.
    pub reason: Option<RedenBeeindiging>,
}

/// One prestatie. Volumes are whole units, amounts cents.
#[derive(Clone, Debug)]
pub(crate) struct Prestatie {
    pub volgnummer: u16,
    /// On a credit line: the number of the line that it takes back.
    pub takes_back: Option<u16>,
    pub gemeente: Gemeente,
    pub aanbieder: u32,
    pub bsn: u32,
    /// Where it isn't the toewijzing that the line is made for.
    pub toewijzing: u64,
    pub product: u16,
    /// Place among the contract's categories, where it isn't the product's own.
    pub other_categorie: Option<u16>,
    pub begin: Dag,
    pub end: Dag,
    pub volume: i64,
    pub eenheid: Eenheid,
    pub tarief: i64,
    pub bedrag: i64,
    pub ontvangen: Dag,
    /// A debit line that a credit line takes back.
    pub withdrawn: bool,
    pub no_shows: u32,
    pub no_show_minuten: i64,
    pub afspraak_minuten: i64,
    pub reisminuten: i64,
    pub gesprekken: u32,
    pub functie: FunctieChoice,
    pub hulpverlener: u16,
}

/// Who helped: by its place among the contract's titles of a product's tariff group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunctieChoice {
    None,
    Of {
        product: u16,
        place: u16,
    },
    /// A title that the Beroepentabel doesn't have.
    Unknown,
}

impl FunctieChoice {
    /// Who helped, where the product is one of a tariff group.
    pub(crate) fn draw(plan: &Plan, rng: &mut SeededRng, product: u16) -> FunctieChoice {
        let titles = plan.contract.functies_of(&plan.contract.producten[product as usize].key);
        match titles.len() as u64 {
            0 => FunctieChoice::None,
            count => FunctieChoice::Of { product, place: rng.under(count) as u16 },
        }
    }
}

/// A title that no version of the Beroepentabel has.
pub(crate) const UNKNOWN_FUNCTIE: &str = "Regisseur thuisnetwerk";

impl FunctieChoice {
    pub(crate) fn title(self, contract: &Contract) -> &str {
        match self {
            FunctieChoice::None => "",
            FunctieChoice::Unknown => UNKNOWN_FUNCTIE,
            FunctieChoice::Of { product, place } => {
                let key = &contract.producten[product as usize].key;
                &contract.functies_of(key)[place as usize]
            }
        }
    }
}

impl Prestatie {
    /// So many no-shows, each cut short of its appointment; of a contact that is all there is.
    pub(crate) fn with_no_shows(&mut self, count: u32, niveau: Niveau, rng: &mut SeededRng) {
        let minuten = match niveau {
            Niveau::Maand => rng.between(10, 40).min(self.volume),
            Niveau::Contact => self.volume,
        };
        self.no_shows = count;
        self.no_show_minuten = minuten;
        self.afspraak_minuten = minuten + 15;
    }

    pub(crate) fn is_credit(&self) -> bool {
        self.takes_back.is_some()
    }

    /// Counts in the audit's sums.
    pub(crate) fn is_live(&self) -> bool {
        !self.is_credit() && !self.withdrawn
    }

    pub(crate) fn periode(&self) -> Periode {
        Periode::new(self.begin, self.end).expect("no period is made reversed")
    }

    /// The amount that volume and tariff make.
    pub(crate) fn compute(&mut self) {
        self.bedrag = self.volume * self.tarief;
    }

    pub(crate) fn without_no_shows(&mut self) {
        (self.no_shows, self.no_show_minuten, self.afspraak_minuten) = (0, 0, 0);
    }

    /// A line that takes this one back.
    pub(crate) fn credit(&self, volgnummer: u16, ontvangen: Dag) -> Prestatie {
        let takes_back = Some(self.volgnummer);
        Prestatie { volgnummer, takes_back, ontvangen, withdrawn: false, ..self.clone() }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Traject {
    pub nummer: u64,
    pub gemeente: Gemeente,
    pub aanbieder: u32,
    pub bsn: u32,
    pub geboren: Dag,
    pub hulp: Hulp,
    pub kind: ProductScope,
    /// Place of the product that a specific toewijzing names; an aspecific one names its category.
    pub product: u16,
    pub ingang: Dag,
    pub end: Option<Dag>,
    /// Of the first version.
    pub toewijzingsdatum: Dag,
    pub versies: u8,
    pub removed: bool,
    pub per_week: bool,
    pub size: Option<GrantedExtent>,
    /// Cents.
    pub budget: Option<i64>,
    pub budgetsoort: Budgetsoort,
    pub verwijzer: u8,
    pub permission: bool,
    pub lines: Vec<Prestatie>,
    pub messages: Vec<StartstopMelding>,
}

/// Of a budget at most this share is declared on a lawful toewijzing: from 90% it is said to run out.
const AT_MOST_USED: i64 = 88;
const THOUSAND_EURO: i64 = 100_000;
/// Verwijzer: the gemeente.
pub(crate) const OF_GEMEENTE: u8 = 1;

impl Traject {
    /// Toewijzingsdatum of a version, the first being 0. What is removed is so the day after the
    /// version before it.
    pub(crate) fn version_dag(&self, n: i32) -> Dag {
        let is_removal = self.removed && n > 0 && n == i32::from(self.versies) - 1;
        let dagen = if is_removal { i64::from(n - 1) * 28 + 1 } else { i64::from(n) * 28 };
        self.toewijzingsdatum.plus_dagen(dagen)
    }

    /// Stops the help for this period.
    pub(crate) fn pause(&mut self, periode: Periode) {
        let (stop, start) = (periode.begin().plus_dagen(-1), periode.end().plus_dagen(1));
        let message =
            |datum: Dag, reason| StartstopMelding { datum, verzonden: datum.plus_dagen(2), reason };
        self.messages.push(message(stop, Some(RedenBeeindiging::TEMPORARY)));
        self.messages.push(message(start, None));
    }

    pub(crate) fn next_nummer(&self) -> u16 {
        self.lines.iter().map(|r| r.volgnummer).max().unwrap_or(0) + 1
    }

    pub(crate) fn live_lines(&self) -> impl Iterator<Item = &Prestatie> {
        self.lines.iter().filter(|r| r.is_live())
    }

    /// Grants what was declared, and some more.
    pub(crate) fn grant(&mut self, plan: &Plan) {
        let volumes = |t: &Traject| t.live_lines().map(|r| r.volume).sum::<i64>();
        let product = &plan.contract.producten[self.product as usize];
        match self.hulp {
            Hulp::Ambulant | Hulp::Gemengd => self.give_budget(plan),
            Hulp::Dyslexie => {
                self.size = Some(GrantedExtent {
                    volume: round_up(volumes(self) * 11, 10).max(60),
                    eenheid: product.eenheid,
                    frequentie: Frequentie::TOTAL,
                });
            }
            Hulp::Voorziening => {
                let (eenheid, frequentie) = (product.eenheid, Frequentie::TOTAL);
                self.size = Some(GrantedExtent { volume: 1, eenheid, frequentie });
            }
            Hulp::Verblijf => {
                let deeltijd = plan.contract.limits.deeltijd_per_week;
                self.size = Some(GrantedExtent {
                    volume: if product.deeltijd { deeltijd } else { 7 },
                    eenheid: product.eenheid,
                    frequentie: Frequentie::PER_WEEK,
                });
            }
            Hulp::Groep => {
                let frequentie =
                    if self.per_week { Frequentie::PER_WEEK } else { Frequentie::PER_MAAND };
                let keer = |p: Periode| times(frequentie, p);
                let within = |r: &Prestatie| keer(self.within_termijn(r.periode()));
                let per_times = |r: &Prestatie| round_up(r.volume * 115, 100 * within(r));
                let most = match plan.niveau {
                    Niveau::Maand => self.live_lines().map(per_times).max().unwrap_or(1),
                    Niveau::Contact => round_up(self.most_in_a_month() * 115, 100).max(1),
                };
                let together = self.termijn().map_or(0, |t| round_up(volumes(self), keer(t)) + 1);
                let volume = most.max(together);
                self.size = Some(GrantedExtent { volume, eenheid: product.eenheid, frequentie });
            }
        }
    }

    /// The largest volume of a month's live lines together.
    pub(crate) fn most_in_a_month(&self) -> i64 {
        let month = |r: &Prestatie| r.end.maandbegin();
        let of = |m| self.live_lines().filter(|r| month(r) == m).map(|r| r.volume).sum();
        self.live_lines().map(|r| of(month(r))).max().unwrap_or_default()
    }

    fn give_budget(&mut self, plan: &Plan) {
        let sum: i64 = self.live_lines().map(|r| r.bedrag).sum();
        let limits = &plan.contract.limits;
        let fits = |b: &&crate::dossier::Cent| sum * 100 <= b.0 * AT_MOST_USED;
        // Above the standard budgets one is made to measure, in thousands of euros.
        let to_measure = || round_up(sum * 100 / AT_MOST_USED + 1, THOUSAND_EURO) * THOUSAND_EURO;
        let budget = limits.standaardbudgetten.iter().find(fits).map_or_else(to_measure, |b| b.0);
        self.budget = Some(budget);
        if budget > limits.medische_verwijzing.0
            && limits.verwijzers_medisch.contains(&self.verwijzer)
        {
            self.verwijzer = OF_GEMEENTE;
        }
    }

    /// The part of a period that was granted, or all of it where nothing of it was.
    fn within_termijn(&self, periode: Periode) -> Periode {
        let end = self.end.map_or(periode.end(), |e| e.min(periode.end()));
        Periode::new(periode.begin().max(self.ingang), end).unwrap_or(periode)
    }

    pub(crate) fn termijn(&self) -> Option<Periode> {
        Periode::new(self.ingang, self.end?)
    }

    /// How much fits in a period of the term and in the whole of it, by what was granted.
    pub(crate) fn at_most(&self, periode: Periode) -> Option<(i64, Option<i64>)> {
        let size = self.size?;
        let keer = |p| size.volume * times(size.frequentie, p);
        Some((keer(periode), self.termijn().map(keer)))
    }

    pub(crate) fn product<'p>(&self, plan: &'p Plan) -> &'p Product {
        &plan.contract.producten[self.product as usize]
    }
}

/// How often a volume fits in a period.
fn times(frequentie: Frequentie, periode: Periode) -> i64 {
    match frequentie {
        Frequentie::PER_WEEK => periode.iso_weken(),
        Frequentie::PER_MAAND => periode.maanden(),
        _ => 1,
    }
}

/// A quotient of whole numbers above zero, rounded up.
pub(crate) fn round_up(counter: i64, denominator: i64) -> i64 {
    (counter + denominator - 1) / denominator
}
