//! OM01: turnover moved more than the contract's margin.
//!
//! Compares the live lines of the year with last year's `omzet` (without such a table: with last
//! year's live lines). A rise is corrected for the year's indexation. For 2023 the contract asks
//! for it (ID eis 38); for other years it is the region's own monitoring. Needs omzet of the year
//! before. Source: ID eis 38.

use crate::dossier::{Cent, Eenheid, Ernst, OmzetRow, Volume};
use crate::regels::scope::{ContractScope, OUTSIDE};
use crate::regelset::{Choice, Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Bevinding, Check, Outcomes, Reason, Rule, Subject, needs};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "OM01",
    title: "Omzet verschoven buiten de marge",
    what: "Per aanbieder wordt de omzet van het leverjaar (de levende declaratieregels) vergeleken met die van het jaar ervoor. Stijgt zij meer dan de marge na indexatie, of daalt zij meer dan de marge, dan is dat een signaal.",
    why: "Een ander inkoopmodel mag bij gelijkblijvende productie niet tot een bovenmatige stijging of daling leiden; de regio gaat daarover in gesprek.",
    for_aanbieder: "Uw omzet is meer veranderd dan de afgesproken marge.",
    needs: needs!(
        "{} van het jaar ervoor; voor de splitsing naar prijs en volume ook {} en {} daarin",
        Omzet(),
        Omzet(ProductCode, Volume)
    ),
    parameters: &[MARGIN.spec(), INDEXATIE.spec(), FOUNDATION.spec(), OUTSIDE.spec()],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

const MARGIN: Parameter<Decimal> =
    Parameter::new("marge", "percentage dat de omzet mag stijgen of dalen");

const INDEXATIE: Parameter<Decimal> = Parameter::optional(
    "indexatie",
    "percentage waarmee de tarieven naar dit jaar zijn geïndexeerd",
);

const FOUNDATION: Parameter<Grondslag> = Parameter::new(
    "grondslag",
    "of het contract deze vergelijking voor dit jaar voorschrijft, of de regio haar zelf maakt",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grondslag {
    Contract,
    Monitoring,
}

impl Choice for Grondslag {
    const WORDS: &'static [&'static str] = &["contract", "monitoring"];
    const CHOICES: &'static [Grondslag] = &[Grondslag::Contract, Grondslag::Monitoring];
}

/// Turnover of one aanbieder in two years.
struct OmzetSums {
    now: Cent,
    earlier: Cent,
    /// Last year's rows, where the dossier has them.
    rows: Vec<OmzetRow>,
    /// Production counts as unchanged within this share.
    margin: Decimal,
}

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let sum = group.jaarsom(c.jaar);
    let (now, has_now) = (sum.unwrap_or_default(), sum.is_some());
    let Some((earlier, rows)) = vorig_jaar(group) else {
        if has_now {
            out.not_testable(Reason::GeenOmzetVorigJaar);
        }
        return;
    };
    out.tested();
    let dag = c.last_dag();
    let margin =
        settings.get(&MARGIN, dag).map(|v| v.value).unwrap_or_default() / Decimal::ONE_HUNDRED;
    let omzetten = OmzetSums { now, earlier, rows, margin };
    let geldende_indexatie = settings.get(&INDEXATIE, dag);
    let indexatie = geldende_indexatie.map(|v| v.value);
    let groei = Decimal::ONE + indexatie.unwrap_or_default() / Decimal::ONE_HUNDRED;
    let (now_d, then_d) = (Decimal::from(now.0), Decimal::from(earlier.0));
    let up = now_d > (Decimal::ONE + margin) * then_d * groei;
    let down = now_d < (Decimal::ONE - margin) * then_d;
    if !up && !down {
        return;
    }
    let procent = in_percent(margin);
    let index = match indexatie {
        Some(i) => format!("{}% indexatie", as_text(i)),
        None => "0% indexatie".to_owned(),
    };
    let mut b = Bevinding::new(Ernst::Signaal, Subject::Aanbieder(group.id))
        .bedrag(if up { now - earlier } else { Cent::ZERO })
        .measured(now, earlier)
        .found(omzetten.change(group))
        .expected(if up {
            format!("hoogstens {procent} stijging, na {index}")
        } else {
            format!("hoogstens {procent} daling")
        });
    if up {
        b = match geldende_indexatie {
            Some(valid) => b.also(&format!("Indexatie volgens {}.", valid.source)),
            _ => {
                b.also(&format!("Voor {} is geen indexatie bekend; er is met 0% gerekend.", c.jaar))
            }
        };
    }
    if up {
        let allowed = round_half_up((Decimal::ONE + margin) * then_d * groei) - earlier;
        b = b.also(&format!("Van de stijging laten marge en indexatie {allowed} toe."));
    }
    let scope = ContractScope::on(settings, dag);
    let outside = group.counting_lines().filter(|l| scope.excludes(l.product));
    let outside: Cent = outside.map(|l| l.data.ingediend_bedrag).sum();
    if outside > Cent::ZERO {
        b = b.also(&format!("Van de omzet valt {outside} buiten deze overeenkomst (ID 1.2.1)."));
    }
    if settings.at(&FOUNDATION, dag) == Grondslag::Monitoring {
        b = b.also("Voor dit leverjaar is dit eigen monitoring van de regio, geen contracteis.");
    }
    out.bevinding(b);
}

/// Last year's turnover: from `omzet`, or from the lines where the dossier has no such table.
fn vorig_jaar(group: &AanbiederGroup<'_>) -> Option<(Cent, Vec<OmzetRow>)> {
    let jaar = group.context.jaar - 1;
    match &group.context.dossier.omzet {
        Some(_) => {
            let rows: Vec<OmzetRow> =
                group.context.omzet_of(group.aanbieder.agb, jaar).cloned().collect();
            (!rows.is_empty()).then(|| (rows.iter().map(|o| o.omzet).sum(), rows))
        }
        None => group.jaarsom(jaar).map(|sum| (sum, Vec::new())),
    }
}

impl OmzetSums {
    fn change(&self, group: &AanbiederGroup<'_>) -> String {
        let jaar = group.context.jaar;
        let begin = format!("{} in {jaar} tegen {} in {}", self.now, self.earlier, jaar - 1);
        if self.earlier == Cent::ZERO {
            return begin;
        }
        let difference = Decimal::from(self.now.0) / Decimal::from(self.earlier.0) - Decimal::ONE;
        match self.split(group) {
            None => format!("{begin}: {}", with_character(difference)),
            Some(s) => format!(
                "{begin}: {}, waarvan volume {}{} en prijs {}{}",
                with_character(difference),
                with_character(s.volume),
                s.mix.map(|mix| format!(" (mix {})", with_character(mix))).unwrap_or_default(),
                with_character(s.prijs),
                if s.volume.abs() <= self.margin { "; bij gelijkblijvende productie" } else { "" }
            ),
        }
    }

    /// Price, volume and mix, where last year's volume is known for every product of last year.
    fn split(&self, group: &AanbiederGroup<'_>) -> Option<OmzetSplit> {
        let mut earlier: BTreeMap<&str, (Cent, Volume)> = BTreeMap::new();
        for r in &self.rows {
            let volume = r.volume.filter(|v| v.0 > 0 && !r.product_code.is_empty())?;
            let slot = earlier.entry(&r.product_code).or_default();
            *slot = (slot.0 + r.omzet, Volume(slot.1.0 + volume.0));
        }
        if earlier.is_empty() {
            return None;
        }
        let mut now: BTreeMap<&str, Volume> = BTreeMap::new();
        let mut eenheden: Vec<Eenheid> = Vec::new();
        for l in group.counting_lines() {
            if !eenheden.contains(&l.data.eenheid) {
                eenheden.push(l.data.eenheid);
            }
            let slot = now.entry(&l.product.code).or_default();
            *slot = Volume(slot.0 + l.data.geleverd_volume.0);
        }
        let against_old_prijs: Decimal = now
            .iter()
            .filter_map(|(code, volume)| {
                let (omzet, old) = earlier.get(code)?;
                Some(Decimal::from(volume.0) * Decimal::from(omzet.0) / Decimal::from(old.0))
            })
            .sum();
        let old_volume: i64 = earlier.values().map(|(_, v)| v.0).sum();
        let new_volume: i64 = now.values().map(|v| v.0).sum();
        let volume = against_old_prijs / Decimal::from(self.earlier.0) - Decimal::ONE;
        let hoeveelheid = Decimal::from(new_volume) / Decimal::from(old_volume) - Decimal::ONE;
        let prijs = (Decimal::from(self.now.0) - against_old_prijs) / Decimal::from(self.earlier.0);
        // Volumes of different units don't add up: then the mix can't be told from the quantity.
        let mix = (eenheden.len() == 1).then(|| volume - hoeveelheid);
        Some(OmzetSplit { volume, mix, prijs })
    }
}

/// Shares of last year's turnover: price and volume add up to the change, mix is part of volume.
struct OmzetSplit {
    volume: Decimal,
    mix: Option<Decimal>,
    prijs: Decimal,
}

/// Whole cents; halves go up.
fn round_half_up(cents: Decimal) -> Cent {
    let whole = cents.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    Cent(whole.to_i64().unwrap_or(i64::MAX))
}

fn in_percent(part: Decimal) -> String {
    format!("{}%", as_text(part * Decimal::ONE_HUNDRED))
}

fn with_character(part: Decimal) -> String {
    let p = (part * Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    let character = if p.is_sign_positive() && !p.is_zero() { "+" } else { "" };
    format!("{character}{}%", format!("{p:.1}").replace('.', ","))
}

fn as_text(d: Decimal) -> String {
    d.normalize().to_string().replace('.', ",")
}
