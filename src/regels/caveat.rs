//! What a rule can't see but whoever judges a finding must know, in the ruleset's own words.

use crate::dossier::Dag;
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::Bevinding;

/// Whole sentences, each with its article.
pub(super) const CAVEATS: Parameter<[String]> = Parameter::optional(
    "let_op",
    "wat de regel niet kan zien en wie een bevinding beoordeelt moet weten",
);

/// The finding, with the sentences that hold on this day in its Toelichting.
pub(super) fn with_caveats(bevinding: Bevinding, settings: &RuleSettings, dag: Dag) -> Bevinding {
    let sentences = settings.get(&CAVEATS, dag).map(|v| v.value).unwrap_or_default();
    sentences.iter().fold(bevinding, |b, sentence| b.also(sentence))
}
