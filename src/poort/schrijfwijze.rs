//! Codes that are written otherwise than those of the catalogue, in capitals, spaces or marks alone: the
//! rules take them for other codes.

use super::{Input, Melding};
use crate::dossier::Thousands;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// So many codes are named.
const NAMED: usize = 20;

/// A code without what people write in more than one way.
fn bare(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Each code that only looks like a known one, with that one.
fn look_alikes<'c>(
    asked: impl Iterator<Item = &'c str>,
    known: impl Iterator<Item = &'c str>,
) -> Vec<(&'c str, &'c str)> {
    let known: BTreeSet<&str> = known.collect();
    let by_bare: BTreeMap<String, &str> = known.iter().map(|code| (bare(code), *code)).collect();
    let asked: BTreeSet<&str> = asked.filter(|code| !code.is_empty()).collect();
    let others = asked.difference(&known);
    others.filter_map(|code| by_bare.get(&bare(code)).map(|alike| (*code, *alike))).collect()
}

/// Product codes of the dossier that only look like one of the catalogue.
pub(super) fn product_codes(input: &Input<'_>) -> Option<Melding> {
    let d = input.dossier;
    let known = input.regelset.producten();
    let toegewezen: HashSet<_> =
        d.toewijzingen.iter().filter_map(|t| t.product_code().ok()).collect();
    let asked = (d.producten.iter().filter(|p| p.row.is_none()).map(|p| p.code.as_str()))
        .chain(toegewezen.into_iter().map(|word| d.words.get(word)))
        .chain(d.afspraken.iter().flatten().map(|a| a.product_code.as_str()))
        .chain(d.maatwerk.iter().flatten().map(|m| m.product_code.as_str()))
        .chain(d.productieverantwoording.iter().flatten().map(|v| v.product_code.as_str()));
    let known = known.iter().map(|row| row.product_code.as_str());
    melding("ProductCode", "in de catalogus", &look_alikes(asked, known))
}

/// Tariff keys of the tariffs that only look like one of the catalogue.
pub(super) fn tariefsleutels(input: &Input<'_>) -> Option<Melding> {
    let known = input.regelset.producten();
    let known = known.iter().filter_map(|row| row.tariefsleutel.as_deref());
    let asked = input.regelset.tarieven().iter().map(|t| t.tariefsleutel.as_str());
    melding("Tariefsleutel", "in de catalogus", &look_alikes(asked, known))
}

fn melding(kolom: &str, place: &str, alikes: &[(&str, &str)]) -> Option<Melding> {
    let (code, alike) = alikes.first()?;
    let named: Vec<String> =
        alikes.iter().take(NAMED).map(|(code, alike)| format!("{code} ({alike})")).collect();
    let more = match alikes.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(" en nog {}", Thousands(n as u64)),
    };
    let text = format!(
        "{kolom} is anders geschreven dan {place}, al verschillen alleen hoofdletters, spaties of tekens: {}{more}; de controles houden ze voor andere codes",
        named.join(", ")
    );
    let advice = format!(
        "schrijf ze zoals de catalogus, of zet in controle.toml onder [waarden.{kolom}]: \"{code}\" = \"{alike}\""
    );
    Some(Melding::let_op("schrijfwijze", text, advice))
}

#[cfg(test)]
mod tests {
    use super::look_alikes;

    #[test]
    fn a_code_in_other_capitals_or_with_a_space_looks_like_the_known_one_and_another_does_not() {
        let asked = ["45a04", "45 A05", "45A04", "46A04", ""];
        let found = look_alikes(asked.into_iter(), ["45A04", "45A05"].into_iter());
        assert_eq!(found, [("45 A05", "45A05"), ("45a04", "45A04")]);
    }
}
