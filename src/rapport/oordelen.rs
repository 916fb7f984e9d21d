//! Verdicts of an earlier run, laid on the findings of this one by their Ids.

use super::bevindingen::Numbered;
use super::carried::{BeyondLines, carried};
use crate::dossier::{Beoordeling, BevindingId, Cent, EarlierFinding, Eindoordeel, Thousands};
use crate::terugvordering::Terugvordering;
use crate::toetsing::{AuditContext, Bevinding, RuleOutcome, Scope, Subject};
use crate::writing::WITHOUT_WIDTH;
use hashbrown::HashMap;
use std::cmp::Reverse;

/// What became of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Its finding is there, and says what it said.
    Applied,
    /// Its finding says something else now, in these columns: it must be judged anew.
    Changed(Vec<&'static str>),
    /// There is no such finding any more.
    Lapsed,
    /// The same, and what was asked back on it was taken back.
    Settled,
    /// Its rule wasn't run, or failed.
    NotTested,
    /// Its finding is about a jeugdige, and pseudonyms last for this run only.
    WithoutKey,
    /// What was agreed is more than all lines under the finding declare, which is this.
    BeyondLines(Cent),
    /// Other verdicts on the same finding, of the same day or of none, say something else.
    Contradictory,
}

impl Fate {
    /// A sentence for people.
    pub(crate) fn text(&self) -> String {
        match self {
            Fate::Applied => "overgenomen".to_owned(),
            Fate::Changed(kolommen) => {
                format!("de bevinding is gewijzigd ({}): beoordeel haar opnieuw", kolommen.join(", "))
            }
            Fate::Lapsed => "de bevinding komt niet meer voor".to_owned(),
            Fate::Settled => {
                "opgelost: wat erop is teruggevorderd, is teruggenomen".to_owned()
            }
            Fate::NotTested => "de controle is nu niet uitgevoerd".to_owned(),
            Fate::WithoutKey => {
                "geweigerd: het Id van een bevinding over een jeugdige geldt zonder --sleutel voor één controle".to_owned()
            }
            Fate::BeyondLines(declared) => format!(
                "het afgesproken bedrag ligt boven wat op de declaratieregels van de bevinding is gedeclareerd ({declared}): verbeter de kolom Bedrag"
            ),
            Fate::Contradictory => {
                "er zijn verschillende oordelen over deze bevinding: kies er één".to_owned()
            }
        }
    }

    /// Stable word for programs.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Fate::Applied => "overgenomen",
            Fate::Changed(_) => "gewijzigd",
            Fate::Lapsed => "vervallen",
            Fate::Settled => "teruggenomen",
            Fate::NotTested => "niet_getoetst",
            Fate::WithoutKey => "zonder_sleutel",
            Fate::BeyondLines(_) => "boven_regels",
            Fate::Contradictory => "tegenstrijdig",
        }
    }
}

/// All verdicts of a dossier, and what became of each.
#[derive(Debug, Default)]
pub(crate) struct Oordelen<'a> {
    /// One a finding, by Id.
    pub loten: Vec<(&'a Beoordeling, Fate)>,
    per_nummer: HashMap<u64, usize>,
}

impl<'a> Oordelen<'a> {
    /// Finds for each verdict its finding and writes the verdict on it.
    pub(crate) fn apply(
        context: &AuditContext<'_>,
        beoordelingen: &'a [Beoordeling],
        bevindingen: &mut [Numbered],
        outcomes: &[RuleOutcome],
        blijvende_key: bool,
    ) -> Oordelen<'a> {
        let mut in_order: Vec<&Beoordeling> = beoordelingen.iter().collect();
        in_order.sort_by(|a, b| {
            let key = |b: &Beoordeling| (Reverse(b.datum), b.oordeel);
            a.id.cmp(&b.id)
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| (&a.opmerking, &a.door).cmp(&(&b.opmerking, &b.door)))
        });
        let mut loten: Vec<(&Beoordeling, Fate)> = in_order
            .chunk_by(|a, b| a.id == b.id)
            .map(|group| {
                // The latest counts; without dates, or on one day, all must say the same.
                let last = group.iter().take_while(|b| b.datum == group[0].datum);
                let once = last.clone().all(|b| b.oordeel == group[0].oordeel);
                let fate = match once {
                    true => without_bevinding(group[0], bevindingen, outcomes, blijvende_key),
                    false => Fate::Contradictory,
                };
                (group[0], fate)
            })
            .collect();
        let mut per_nummer = HashMap::new();
        for (i, (beoordeling, _)) in loten.iter().enumerate() {
            per_nummer.insert(beoordeling.id.nummer, i);
        }
        if !per_nummer.is_empty() {
            for b in bevindingen {
                let Some(i) = per_nummer.get(&b.nummer()) else { continue };
                let (beoordeling, fate) = &mut loten[*i];
                if beoordeling.id.rule != b.rule || *fate == Fate::Contradictory {
                    continue;
                }
                *fate = match otherwise(&beoordeling.earlier, &b.bevinding) {
                    kolommen if kolommen.is_empty() => match agreed(context, beoordeling, b) {
                        Ok(()) => {
                            b.oordeel = Some(beoordeling.oordeel);
                            Fate::Applied
                        }
                        Err(BeyondLines(declared)) => Fate::BeyondLines(declared),
                    },
                    kolommen => Fate::Changed(kolommen),
                };
            }
        }
        Oordelen { loten, per_nummer }
    }

    /// The verdict that stands on the finding with this number.
    pub(crate) fn of(&self, nummer: u64) -> Option<&'a Beoordeling> {
        let (beoordeling, fate) = &self.loten[*self.per_nummer.get(&nummer)?];
        (*fate == Fate::Applied).then_some(*beoordeling)
    }

    /// Says of those whose finding is gone that it is settled, where all that was asked back on it was
    /// taken back.
    pub(super) fn settle(&mut self, claims: &Terugvordering) {
        let mut open: HashMap<&str, bool> = HashMap::new();
        for claim in &claims.vorderingen {
            for grond in &claim.gronden {
                *open.entry(&grond.id).or_default() |= claim.open() > Cent::ZERO;
            }
        }
        for (beoordeling, fate) in &mut self.loten {
            let settled = open.get(beoordeling.id.to_string().as_str()) == Some(&false);
            if *fate == Fate::Lapsed && settled {
                *fate = Fate::Settled;
            }
        }
    }

    /// Those that a person must look at.
    pub(crate) fn not_taken_over(&self) -> impl Iterator<Item = &(&'a Beoordeling, Fate)> {
        self.loten.iter().filter(|(_, fate)| *fate != Fate::Applied)
    }

    fn count(&self, key: &str) -> u64 {
        self.loten.iter().filter(|(_, fate)| fate.key() == key).count() as u64
    }

    /// Verdicts that came without what the finding said: whether it changed can't be seen.
    fn without_earlier(&self) -> u64 {
        let bare =
            |earlier: &EarlierFinding| earlier.bedrag.is_none() && earlier.gevonden.is_none();
        let taken_over = self.loten.iter().filter(|(_, fate)| *fate == Fate::Applied);
        taken_over.filter(|(b, _)| bare(&b.earlier)).count() as u64
    }

    /// What the user must know of them, in Dutch sentences.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let sentence = |n: u64, one: &str, more: &str| {
            (n > 0).then(|| match n {
                1 => format!("1 {one}"),
                n => format!("{} {more}", Thousands(n)),
            })
        };
        [
            sentence(
                self.count("gewijzigd"),
                "oordeel gaat over een bevinding die sindsdien is gewijzigd; die staat weer open",
                "oordelen gaan over bevindingen die sindsdien zijn gewijzigd; die staan weer open",
            ),
            sentence(
                self.count("vervallen"),
                "oordeel gaat over een bevinding die niet meer voorkomt",
                "oordelen gaan over bevindingen die niet meer voorkomen",
            ),
            sentence(
                self.count("niet_getoetst"),
                "oordeel gaat over een controle die nu niet is uitgevoerd",
                "oordelen gaan over controles die nu niet zijn uitgevoerd",
            ),
            sentence(
                self.count("zonder_sleutel"),
                "oordeel is geweigerd: het Id van een bevinding over een jeugdige geldt zonder blijvende sleutel voor één controle; geef elke keer dezelfde --sleutel",
                "oordelen zijn geweigerd: het Id van een bevinding over een jeugdige geldt zonder blijvende sleutel voor één controle; geef elke keer dezelfde --sleutel",
            ),
            sentence(
                self.count("boven_regels"),
                "oordeel noemt een bedrag dat hoger is dan wat op de declaratieregels van de bevinding is gedeclareerd; die staat weer open",
                "oordelen noemen een bedrag dat hoger is dan wat op de declaratieregels van de bevinding is gedeclareerd; die staan weer open",
            ),
            sentence(
                self.count("tegenstrijdig"),
                "bevinding heeft verschillende oordelen en blijft daarom open",
                "bevindingen hebben verschillende oordelen en blijven daarom open",
            ),
            sentence(
                self.without_earlier(),
                "oordeel is overgenomen zonder te kunnen zien of de bevinding is gewijzigd: in het bestand ontbreken BedragInGeding en Gevonden",
                "oordelen zijn overgenomen zonder te kunnen zien of de bevindingen zijn gewijzigd: in het bestand ontbreken BedragInGeding en Gevonden",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Can what was agreed come back of the lines under the finding?
fn agreed(
    context: &AuditContext<'_>,
    beoordeling: &Beoordeling,
    b: &Numbered,
) -> Result<(), BeyondLines> {
    let asks = beoordeling.oordeel == Eindoordeel::Terugvorderen;
    let bedrag = beoordeling.bedrag.filter(|_| asks);
    bedrag.map_or(Ok(()), |_| carried(context, &b.bevinding, bedrag).map(drop))
}

/// Why a verdict may have no finding. Whether a lost finding was about a jeugdige is known from its
/// rule alone: where all that the rule finds here is, or where it finds nothing.
fn without_bevinding(
    beoordeling: &Beoordeling,
    bevindingen: &[Numbered],
    outcomes: &[RuleOutcome],
    blijvende_key: bool,
) -> Fate {
    let BevindingId { rule, .. } = &beoordeling.id;
    match outcomes.iter().find(|u| u.rule.code == rule) {
        None => Fate::NotTested,
        Some(u) if u.failed.is_some() => Fate::NotTested,
        Some(u) if !blijvende_key && u.rule.scopes().contains(&Scope::Jeugdige) => {
            let over_jeugdige = |b: &Numbered| matches!(b.bevinding.subject, Subject::Jeugdige(_));
            match bevindingen.iter().filter(|b| b.rule == rule).all(over_jeugdige) {
                true => Fate::WithoutKey,
                false => Fate::Lapsed,
            }
        }
        Some(_) => Fate::Lapsed,
    }
}

/// The columns in which a finding says something else than when it was judged.
fn otherwise(earlier: &EarlierFinding, now: &Bevinding) -> Vec<&'static str> {
    // What our own CSV puts before a text that a spreadsheet would run is no part of it.
    let bare = |text: &str| text.trim_start_matches(WITHOUT_WIDTH).trim().to_owned();
    let differs = |earlier: &Option<String>, now: &str| {
        earlier.as_ref().is_some_and(|earlier| bare(earlier) != bare(now))
    };
    [
        ("Ernst", differs(&earlier.ernst, now.ernst.name())),
        ("BedragInGeding", earlier.bedrag.is_some_and(|earlier| earlier != now.bedrag)),
        ("Gevonden", differs(&earlier.gevonden, &now.found)),
        ("Verwacht", differs(&earlier.verwacht, &now.expected)),
    ]
    .into_iter()
    .filter_map(|(kolom, anders)| anders.then_some(kolom))
    .collect()
}

/// How many findings carry each verdict, and what they put at stake, each finding for itself.
pub(crate) fn per_verdict(bevindingen: &[Numbered]) -> [(u64, Cent); Eindoordeel::ALL.len()] {
    let mut out = [(0, Cent::ZERO); Eindoordeel::ALL.len()];
    for b in bevindingen {
        if let Some(oordeel) = b.oordeel {
            let slot = &mut out[oordeel as usize];
            *slot = (slot.0 + 1, slot.1 + b.bevinding.bedrag.unwrap_or_default());
        }
    }
    out
}
