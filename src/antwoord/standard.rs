//! What the national types let an answer carry (iJw 3.2). An answer repeats what the message says:
//! where that doesn't fit, no answer to it would be a valid message.

use super::{Answer, Decision, RefusedLine};
use crate::dossier::{Cent, Declaratiebericht, Dossier, Volume};

/// JZ020, with the categories of 2015.
const CATEGORIEEN: [&str; 24] = [
    "31", "32", "33", "34", "35", "36", "37", "38", "40", "41", "42", "43", "44", "45", "46", "47",
    "48", "49", "50", "51", "52", "53", "54", "55",
];
/// WJ756.
const EENHEDEN: [u8; 7] = [1, 4, 14, 16, 82, 83, 84];
const HIGHEST_TOTAL: i64 = 999_999_999_999;
const HIGHEST_BEDRAG: i64 = 99_999_999;
const HIGHEST_VOLUME: i64 = 99_999_999;
const HIGHEST_NUMMER: u32 = 999_999_999;
/// XsdVersie where a declaration has none that can be repeated.
const XSD: &str = "0.1.0";

/// A version such as `1.0.2`: the one that a declaration names, if it is one.
pub(crate) fn xsd_versie(named: &str) -> &str {
    let number = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        digits && (part == "0" || !part.starts_with('0'))
    };
    let parts: Vec<&str> = named.split('.').collect();
    if parts.len() == 3 && parts.into_iter().all(number) { named } else { XSD }
}

/// A text with something to read in it, of at most so many characters.
fn text(text: &str, most: usize) -> bool {
    let (count, control) = (text.chars().count(), text.chars().any(char::is_control));
    !text.trim().is_empty() && count <= most && !control && !text.contains(['\u{fffe}', '\u{ffff}'])
}

/// The first element of this answer that the standard has no room for.
pub(crate) fn unfit(
    dossier: &Dossier,
    bericht: &Declaratiebericht,
    answer: &Answer,
) -> Option<&'static str> {
    let total = |bedrag: Cent| bedrag.0.abs() <= HIGHEST_TOTAL;
    let declaratie = match &answer.decision {
        Decision::Bericht(_) => None,
        _ if !text(&bericht.declaratie_nummer, 12) => Some("DeclaratieNummer"),
        _ if !total(bericht.totaal) => Some("TotaalIngediendBedrag"),
        _ if !total(answer.granted) => Some("TotaalToegekendBedrag"),
        Decision::Partly(lines) => lines.iter().find_map(|line| prestatie(dossier, line)),
        Decision::Granted | Decision::Declaratie(_) => None,
    };
    if text(&bericht.identificatie, 12) { declaratie } else { Some("Identificatie") }
}

fn prestatie(dossier: &Dossier, line: &RefusedLine) -> Option<&'static str> {
    let r = dossier.line(line.line);
    let product = dossier.product(r.product);
    let previous = dossier.previous_referentie(r);
    let nummer = dossier.toewijzingnummer(r.toewijzing_nummer);
    let amount = |cent: Cent| (0..=HIGHEST_BEDRAG).contains(&cent.0);
    let whole = Volume::whole(r.geleverd_volume.0 / Volume::whole(1).0);
    let fits = [
        ("Bsn", r.bsn.digits().len() == 9),
        ("ReferentieNummer", text(dossier.referentie(r), 20)),
        ("VorigReferentieNummer", previous.is_empty() || text(previous, 20)),
        (
            "ToewijzingNummer",
            nummer.bytes().all(|b| b.is_ascii_digit())
                && nummer.parse().is_ok_and(|n: u32| n <= HIGHEST_NUMMER),
        ),
        ("ProductCategorie", CATEGORIEEN.contains(&product.categorie.as_str())),
        ("ProductCode", text(&product.code, 5)),
        ("GeleverdVolume", whole == r.geleverd_volume && whole <= Volume::whole(HIGHEST_VOLUME)),
        ("Eenheid", EENHEDEN.contains(&r.eenheid.0)),
        ("ProductTarief", r.product_tarief.is_none_or(|t| amount(t.bedrag()))),
        ("IngediendBedrag", amount(r.ingediend_bedrag)),
    ];
    fits.into_iter().find(|(_, fits)| !fits).map(|(element, _)| element)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_repeated_where_it_is_one() {
        for named in ["1.0.2", "0.10.0"] {
            assert_eq!(xsd_versie(named), named);
        }
        for named in ["", "1.0", "1.0.02", "1.0.x", "1.0.0.0", "a"] {
            assert_eq!(xsd_versie(named), XSD);
        }
    }
}
