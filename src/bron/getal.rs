//! Numbers that come as numbers, as the text that the readers of cells take.

use crate::dossier::Kolom;
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt::Write;

/// A number this close to whole hundredths is meant to be those: a formula's rest.
const SPELING: Decimal = Decimal::from_parts(1, 0, 0, false, 6);

/// Adds the number to `uit` with a decimal point and never three decimals in a column where those
/// could be thousands. Not a number is an empty cell.
pub fn schrijf_getal(getal: f64, kolom: Option<Kolom>, uit: &mut String) {
    if getal.is_nan() {
        return;
    }
    if getal.fract() == 0.0 && getal.abs() < (1_u64 << 53) as f64 {
        write!(uit, "{}", getal as i64).expect("writing to a String can't fail");
        return;
    }
    // The shortest decimals that give this number back are those that were typed.
    let tekst = getal.to_string();
    match tekst.parse() {
        Ok(decimaal) => schrijf_decimaal(decimaal, kolom, uit),
        Err(_) => uit.push_str(&tekst),
    }
}

/// The same for a number of four bytes, of which only seven digits mean anything.
pub fn schrijf_kort_getal(getal: f32, kolom: Option<Kolom>, uit: &mut String) {
    // Beyond this two decimals no longer fit, and what they were can't be known.
    if getal.abs() < (1 << 17) as f32
        && let Ok(decimaal) = getal.to_string().parse()
    {
        schrijf_decimaal(decimaal, kolom, uit);
    } else {
        schrijf_getal(f64::from(getal), kolom, uit);
    }
}

/// The same for a decimal number.
pub fn schrijf_decimaal(getal: Decimal, kolom: Option<Kolom>, uit: &mut String) {
    let rond = getal.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let mut getal = if (getal - rond).abs() <= SPELING { rond } else { getal }.normalize();
    if getal.is_zero() {
        getal.set_sign_positive(true);
    }
    write!(uit, "{getal}").expect("writing to a String can't fail");
    if getal.scale() == 3 && kolom.is_some_and(telt) {
        uit.push('0');
    }
}

/// Is this a column of amounts or volumes?
fn telt(kolom: Kolom) -> bool {
    matches!(
        kolom,
        Kolom::IngediendBedrag
            | Kolom::ProductTarief
            | Kolom::Budget
            | Kolom::LandelijkeOmzet
            | Kolom::Tarief
            | Kolom::Omzet
            | Kolom::Bedrag
            | Kolom::VastgesteldBedrag
            | Kolom::GeleverdVolume
            | Kolom::Volume
            | Kolom::Aantal
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bron::velden::{Bedragen, Leesreden, bedrag};
    use crate::dossier::Cent;

    fn tekst(getal: f64) -> String {
        let mut uit = String::new();
        schrijf_getal(getal, Some(Kolom::IngediendBedrag), &mut uit);
        uit
    }

    #[test]
    fn numbers_become_the_text_that_was_typed() {
        for (getal, verwacht) in [
            (1.08, "1.08"),
            (2.5, "2.5"),
            (1234.0, "1234"),
            (999_900_006.0, "999900006"),
            (0.1 + 0.2, "0.3"),
            (149.999_999_999_97, "150"),
            (-0.000_000_1, "0"),
            (f64::NAN, ""),
        ] {
            assert_eq!(tekst(getal), verwacht);
        }
        let mut kort = String::new();
        schrijf_kort_getal(123.45, None, &mut kort);
        assert_eq!(kort, "123.45");
    }

    #[test]
    fn a_number_cell_is_never_ambiguous() {
        let lees = |getal: f64| bedrag(tekst(getal).as_bytes(), Bedragen::default());
        assert_eq!(lees(1.234), Err(Leesreden::TeVeelDecimalen));
        assert_eq!(lees(1234.0), Ok(Cent(123_400)));
        assert_eq!(lees(1.230_000_9), Ok(Cent(123)));
        assert_eq!(lees(1.230_002), Err(Leesreden::TeVeelDecimalen));
        assert_eq!(lees(-1.5), Err(Leesreden::BedragNegatief));
        assert!(lees(1e300).is_err() && lees(f64::INFINITY).is_err());
    }
}
