//! Lines outside the audited year, and months that seem to be missing.

use super::{Input, Melding};
use crate::dossier::{Thousands, declaratieregels, maandnaam};
use crate::regelset::Drempels;
use rust_decimal::Decimal;

pub(super) fn outside_leverjaar(input: &Input<'_>, drempels: &Drempels) -> Option<Melding> {
    let counts = &input.counts.input;
    let (outside, all, jaar) = (counts.outside_leverjaar, counts.lines, input.jaar);
    drempels.buiten_leverjaar.is_passed(outside, all).then(|| {
        Melding::let_op(
            "buiten het leverjaar",
            format!(
                "{} van de {} {} niet in {jaar} en {} daarom niet getoetst",
                Thousands(outside),
                declaratieregels(all),
                if outside == 1 { "eindigt" } else { "eindigen" },
                if outside == 1 { "is" } else { "zijn" }
            ),
            "kijk of het leverjaar klopt (--jaar, of jaar in controle.toml) en of de export het hele jaar heeft",
        )
    })
}

/// Months of the year with far fewer lines than the median month.
pub(super) fn quiet_months(input: &Input<'_>, drempels: &Drempels) -> Option<Melding> {
    let mut months = [0_u64; 12];
    for of_aanbieder in input.counts.input.per_maand.values() {
        months.iter_mut().zip(of_aanbieder).for_each(|(n, added)| *n += added);
    }
    let mut sorted = months;
    sorted.sort_unstable();
    // Of twelve the median is the mean of the sixth and the seventh.
    let twice_median = Decimal::from(sorted[5] + sorted[6]);
    let limit = drempels.stille_maand * twice_median;
    let quiet = |n: u64| Decimal::from(n) * Decimal::from(200) < limit;
    let names: Vec<String> = (1..)
        .zip(months)
        .filter(|(_, n)| quiet(*n))
        .map(|(month, n)| format!("{} ({})", maandnaam(month), Thousands(n)))
        .collect();
    (!names.is_empty()).then(|| {
        Melding::let_op(
            "stille maand",
            format!(
                "in {} van {} zijn er veel minder declaratieregels dan in de andere maanden: {}",
                if names.len() == 1 { "één maand" } else { "enkele maanden" },
                input.jaar,
                names.join(", ")
            ),
            "kijk of de export daarvan er is en volledig is",
        )
    })
}

/// Aanbieders that declare most months of the year, with the months that they don't.
pub(super) fn months_without(input: &Input<'_>, drempels: &Drempels) -> Option<Melding> {
    let missing: Vec<String> = input
        .counts
        .input
        .per_maand
        .iter()
        .filter(|(_, months)| {
            let filled = months.iter().filter(|n| **n > 0).count();
            filled >= drempels.aanbieder_maanden && filled < months.len()
        })
        .map(|(agb, months)| {
            let without = (1..).zip(months).filter(|(_, n)| **n == 0);
            let names: Vec<&str> = without.map(|(month, _)| maandnaam(month)).collect();
            format!("{agb}: {}", names.join(", "))
        })
        .collect();
    (!missing.is_empty()).then(|| {
        Melding::let_op(
            "maand ontbreekt",
            format!(
                "aanbieders zonder declaratieregels in een of meer maanden: {}",
                missing.join("; ")
            ),
            "vraag na of er toen niets is geleverd, of dat een declaratie ontbreekt",
        )
    })
}
