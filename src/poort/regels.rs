//! What rules find on so many lines that the input or the settings are the likelier cause.

use super::{Input, Melding};
use crate::dossier::{Cent, Ernst, Thousands, counted, declaratieregels};
use crate::regelset::Drempels;
use crate::toetsing::RuleOutcome;
use std::collections::BTreeSet;

/// The rules that have a check of their own.
const WITHOUT_TOEWIJZING: &str = "TW01";
const UNKNOWN_PRODUCT: &str = "JW12";

/// The check of products that the catalogue lacks: where it speaks, proposals for them are written.
const UNKNOWN_PRODUCTS: &str = "onbekende producten";

impl Melding {
    /// Does it say that too many lines are of products that the catalogue lacks?
    pub(crate) fn is_of_unknown_products(&self) -> bool {
        self.check == UNKNOWN_PRODUCTS
    }
}

/// Lines of products that the catalogue lacks: one message for all of them.
pub(super) fn unknown_products(input: &Input<'_>, drempels: &Drempels) -> Option<Melding> {
    let counts = &input.counts.input;
    let lines: u64 = counts.unknown.iter().map(|p| p.lines).sum();
    let all: u64 = counts.per_maand.values().flatten().sum();
    if input.regelset.is_without_catalogus() || !drempels.onbekend_product.is_passed(lines, all) {
        return None;
    }
    let bedrag: Cent = counts.unknown.iter().map(|p| p.bedrag).sum();
    let products: BTreeSet<_> = counts.unknown.iter().map(|p| (&p.categorie, &p.code)).collect();
    let text = format!(
        "{} van de {} ({bedrag}) {} van {}: de meeste regels konden daarop niet toetsen",
        Thousands(lines),
        declaratieregels(all),
        if lines == 1 { "is" } else { "zijn" },
        counted(
            products.len() as u64,
            "product dat niet in de catalogus staat",
            "producten die niet in de catalogus staan"
        )
    );
    let advice = "vul producten.csv aan; producten-aanvullen.csv noemt elk product met een voorstel voor Onderdeel en Tariefsleutel";
    Some(Melding::let_op(UNKNOWN_PRODUCTS, text, advice).about(UNKNOWN_PRODUCT))
}

/// Rules that give a fout or an onzekerheid on too much of what they tested.
pub(super) fn rates<'a>(
    input: &'a Input<'_>,
    drempels: &'a Drempels,
) -> impl Iterator<Item = Melding> + 'a {
    input.outcomes.iter().filter_map(|u| match u.rule.code {
        WITHOUT_TOEWIJZING => without_toewijzing(u, drempels),
        UNKNOWN_PRODUCT if unknown_products(input, drempels).is_some() => None,
        _ => rate(u, drempels),
    })
}

/// Findings of the rule that aren't signals.
fn hits(u: &RuleOutcome) -> u64 {
    u.outcomes.bevindingen.iter().filter(|b| b.ernst != Ernst::Signaal).count() as u64
}

fn without_toewijzing(u: &RuleOutcome, drempels: &Drempels) -> Option<Melding> {
    let (hits, tested) = (hits(u), u.outcomes.tested);
    drempels.zonder_toewijzing.is_passed(hits, tested).then(|| {
        Melding::let_op(
            "zonder toewijzing",
            format!(
                "{} van de {} {} bij geen toewijzing (TW01): waarschijnlijk ontbreken er toewijzingen of wordt het nummer anders geschreven",
                Thousands(hits),
                declaratieregels(tested),
                if hits == 1 { "hoort" } else { "horen" }
            ),
            "kijk of de export van toewijzingen alle gemeenten en jaren heeft, en of het ToewijzingNummer in beide exports hetzelfde is",
        )
        .about(WITHOUT_TOEWIJZING)
    })
}

fn rate(u: &RuleOutcome, drempels: &Drempels) -> Option<Melding> {
    let (hits, tested) = (hits(u), u.outcomes.tested);
    let too_many = drempels.regel_treffers.is_passed(hits, tested);
    (tested >= drempels.regel_getoetst && too_many).then(|| {
        Melding::let_op(
            "regel slaat vaak aan",
            format!(
                "regel {} ({}) vindt iets op {} van de {} keer dat zij getoetst is: waarschijnlijk de gegevens of de instelling",
                u.rule.code,
                u.rule.title,
                Thousands(hits),
                Thousands(tested)
            ),
            format!("bekijk enkele bevindingen van {} in de export voor u er iets van vindt", u.rule.code),
        )
        .about(u.rule.code)
    })
}
