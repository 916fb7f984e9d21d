//! SG01: amounts whose first digits don't follow Benford's law.
//!
//! Weak with fixed tariffs, as the finding says. Source: own signal.

use super::{as_float, number};
use crate::dossier::{Cent, Ernst};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, RestsOn, Rule, needs};
use rust_decimal::Decimal;

pub(crate) static RULE: Rule = Rule {
    code: "SG01",
    title: "Eerste cijfers wijken af",
    what: "Per aanbieder wordt de verdeling van de eerste twee cijfers van de bedragen vergeleken met die van Benford. Een gemiddelde afwijking boven de grens is een signaal.",
    why: "Bedragen die met de hand zijn bedacht, hebben vaak een andere verdeling.",
    for_aanbieder: "De verdeling van de eerste cijfers van uw bedragen wijkt af.",
    needs: needs!("{}", Declaraties(IngediendBedrag)),
    parameters: &[DEVIATION.spec(), REGELS.spec(), FROM.spec()],
    checks: &[Check::Aanbieder(check)],
    rests_on: RestsOn::Where(|l, p| l.data.ingediend_bedrag >= p.at(&FROM, l.context.last_dag())),
    ..Rule::BASE
};

const DEVIATION: Parameter<Decimal> =
    Parameter::new("afwijking", "gemiddelde absolute afwijking waarboven de verdeling opvalt");

const REGELS: Parameter<i64> =
    Parameter::new("regels", "declaratieregels die voor een uitspraak nodig zijn");

const FROM: Parameter<Cent> =
    Parameter::new("vanaf_bedrag", "bedrag vanaf waar een declaratieregel meetelt");

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let dag = group.context.last_dag();
    let from = settings.at(&FROM, dag);
    let mut counts = [0_u64; 100];
    for (_, line) in group.counting_declaratieregels() {
        let bedrag = line.ingediend_bedrag;
        if bedrag >= from {
            counts[first_two(bedrag.0)] += 1;
        }
    }
    let n: u64 = counts.iter().sum();
    if n == 0 {
        return;
    }
    if n < settings.at(&REGELS, dag).unsigned_abs() {
        return out.not_testable(Reason::TeWeinigRegels);
    }
    out.tested();
    let sum: f64 =
        (10..100).map(|digits| (counts[digits] as f64 / n as f64 - expected(digits)).abs()).sum();
    let afwijking = sum / 90.0;
    let limit = as_float(settings.get(&DEVIATION, dag).map(|v| v.value).unwrap_or_default());
    if afwijking > limit {
        out.bevinding(
            group
                .bevinding(Ernst::Signaal)
                .found(format!("gemiddelde afwijking {} over {n} declaratieregels", number(afwijking, 4)))
                .expected(format!("hoogstens {} bij de verdeling van Benford", number(limit, 4)))
                .toelichting("Bij vaste tarieven zegt dit weinig: dezelfde bedragen komen dan vanzelf vaak voor."),
        );
    }
}

/// The first two digits of a number of at least two.
fn first_two(mut n: i64) -> usize {
    while n >= 100 {
        n /= 10;
    }
    n.max(0) as usize
}

/// Share of numbers that begin with these two digits, by Benford's law.
fn expected(digits: usize) -> f64 {
    (1.0 + 1.0 / digits as f64).log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_digits_and_their_shares() {
        assert_eq!(first_two(1_000), 10);
        assert_eq!(first_two(98_765), 98);
        let sum: f64 = (10..100).map(expected).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }
}
