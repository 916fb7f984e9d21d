//! SG01: amounts whose first digits don't follow Benford's law.
//!
//! Weak with fixed tariffs, as the finding says. Source: own signal.

use super::{als_float, getal};
use crate::dossier::{Cent, Ernst};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, RestsOn, Uitkomsten};
use rust_decimal::Decimal;

pub static REGEL: Regel = Regel {
    code: "SG01",
    titel: "Eerste cijfers wijken af",
    wat: "Per aanbieder wordt de verdeling van de eerste twee cijfers van de bedragen vergeleken met die van Benford. Een gemiddelde afwijking boven de grens is een signaal.",
    waarom: "Bedragen die met de hand zijn bedacht, hebben vaak een andere verdeling.",
    nodig: "IngediendBedrag",
    parameters: &[AFWIJKING.spec(), REGELS.spec(), VANAF.spec()],
    checks: &[Check::Aanbieder(toets)],
    rests_on: RestsOn::Where(|l, p| {
        l.regel.ingediend_bedrag >= p.at(&VANAF, l.controle.laatste_dag())
    }),
    ..Regel::BASE
};

const AFWIJKING: Parameter<Decimal> =
    Parameter::new("afwijking", "gemiddelde absolute afwijking waarboven de verdeling opvalt");

const REGELS: Parameter<i64> = Parameter::new("regels", "regels die voor een uitspraak nodig zijn");

const VANAF: Parameter<Cent> =
    Parameter::new("vanaf_bedrag", "bedrag vanaf waar een regel meetelt");

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let dag = groep.controle.laatste_dag();
    let vanaf = instelling.at(&VANAF, dag);
    let mut tellingen = [0_u64; 100];
    for (_, regel) in groep.tellende_regels() {
        let bedrag = regel.ingediend_bedrag;
        if bedrag >= vanaf {
            tellingen[eerste_twee(bedrag.0)] += 1;
        }
    }
    let n: u64 = tellingen.iter().sum();
    if n == 0 {
        return;
    }
    if n < instelling.at(&REGELS, dag).unsigned_abs() {
        return uit.niet_toetsbaar(Reden::TeWeinigRegels);
    }
    uit.getoetst();
    let som: f64 = (10..100)
        .map(|cijfers| (tellingen[cijfers] as f64 / n as f64 - verwacht(cijfers)).abs())
        .sum();
    let afwijking = som / 90.0;
    let grens = als_float(instelling.get(&AFWIJKING, dag).map(|v| v.value).unwrap_or_default());
    if afwijking > grens {
        uit.bevinding(
            groep
                .bevinding(Ernst::Signaal)
                .gevonden(format!("gemiddelde afwijking {} over {n} regels", getal(afwijking, 4)))
                .verwacht(format!("hoogstens {} bij de verdeling van Benford", getal(grens, 4)))
                .toelichting("Bij vaste tarieven zegt dit weinig: dezelfde bedragen komen dan vanzelf vaak voor."),
        );
    }
}

/// The first two digits of a number of at least two.
fn eerste_twee(mut n: i64) -> usize {
    while n >= 100 {
        n /= 10;
    }
    n.max(0) as usize
}

/// Share of numbers that begin with these two digits, by Benford's law.
fn verwacht(cijfers: usize) -> f64 {
    (1.0 + 1.0 / cijfers as f64).log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_digits_and_their_shares() {
        assert_eq!(eerste_twee(1_000), 10);
        assert_eq!(eerste_twee(98_765), 98);
        let som: f64 = (10..100).map(verwacht).sum();
        assert!((som - 1.0).abs() < 1e-12);
    }
}
