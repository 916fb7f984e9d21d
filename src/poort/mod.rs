//! The gate: is the input what it seems? After reading and joining, before a rapport is made, a
//! dossier that can't carry conclusions stops the run, or the rapport says so before anything else.

mod bestanden;
mod melding;
mod producten;
mod regels;
mod schrijfwijze;
mod tijd;

pub(crate) use melding::{Level, Melding};
pub(crate) use producten::{ProductProposal, proposals};

use crate::dossier::{Dag, Dossier, SourceFile, Thousands};
use crate::regelset::{Drempels, Regelset};
use crate::toetsing::{LineStatistics, RuleOutcome};

/// What the gate looks at.
pub(crate) struct Input<'a> {
    pub dossier: &'a Dossier,
    pub counts: &'a LineStatistics,
    pub outcomes: &'a [RuleOutcome],
    pub regelset: &'a Regelset,
    pub jaar: i32,
}

impl Input<'_> {
    fn files(&self) -> &[SourceFile] {
        &self.dossier.files
    }
}

/// All that the gate has to say of this input: what stops a run first, then in the order of the
/// checks.
pub(crate) fn meldingen(input: &Input<'_>) -> Vec<Melding> {
    let last = Dag::from_jmd(input.jaar, 12, 31);
    let Some(drempels) = last.and_then(|dag| input.regelset.drempels(dag)) else {
        return vec![without_drempels(input.regelset)];
    };
    let drempels = &drempels;
    let mut out = Vec::new();
    out.extend(bestanden::equal_files(input.files()));
    out.extend(bedragen(input, drempels));
    out.extend(bestanden::unreadable_columns(input.files(), drempels));
    out.extend(bestanden::refused_rows(input.files()));
    out.extend(credits(input, drempels));
    out.extend(regels::unknown_products(input, drempels));
    out.extend(schrijfwijze::product_codes(input));
    out.extend(schrijfwijze::tariefsleutels(input));
    out.extend(regels::rates(input, drempels));
    out.extend(tijd::outside_leverjaar(input, drempels));
    out.extend(tijd::quiet_months(input, drempels));
    out.extend(tijd::months_without(input, drempels));
    out.extend(examples(input));
    out.sort_by_key(|m| m.level);
    out
}

fn without_drempels(regelset: &Regelset) -> Melding {
    Melding::let_op(
        "poort",
        format!(
            "regelset {} heeft geen tabel [poort]: of de invoer klopt, is niet beoordeeld",
            regelset.name
        ),
        "laat de regelset op landelijk bouwen (basis = \"landelijk\"), of neem een tabel [poort] op",
    )
}

/// The check of amounts that are a hundred times off.
pub(crate) const AMOUNTS: &str = "bedragen";

/// Amounts a hundred times too large or too small: eurocents for euros, or the other way round.
fn bedragen(input: &Input<'_>, drempels: &Drempels) -> Option<Melding> {
    let factors = &input.counts.input.factors;
    let lines = factors.lines();
    if lines < drempels.factor_regels {
        return None;
    }
    let (times, what, advice) = if factors.is_large(drempels) {
        (
            "100 keer zo hoog als",
            "waarschijnlijk staan er eurocenten in, die als euro's zijn gelezen",
            "zet in controle.toml onder [bedragen]: eenheid = \"eurocent\"",
        )
    } else if factors.is_small(drempels) {
        (
            "een honderdste van",
            "waarschijnlijk staan er euro's in, die als eurocenten zijn gelezen",
            "haal in controle.toml onder [bedragen] weg: eenheid = \"eurocent\"",
        )
    } else {
        return None;
    };
    let text = format!(
        "de bedragen zijn {times} volume × contracttarief (de mediaan van {} declaratieregels met een tarief): {what}",
        Thousands(lines)
    );
    Some(Melding::stop(AMOUNTS, text, advice))
}

fn credits(input: &Input<'_>, drempels: &Drempels) -> Option<Melding> {
    let steps = &input.counts.aansluiting;
    let ((credits, _), (without, bedrag)) =
        (steps.of("aanvaard_credit"), steps.of("credit_zonder_debet"));
    let too_many = drempels.credit_zonder_debet.is_passed(without, credits);
    (credits >= drempels.credit_regels && too_many).then(|| {
        Melding::let_op(
            "credit zonder debet",
            format!(
                "van {} creditregels {} er {} ({bedrag}) geen debetregel om terug te nemen: wat teruggenomen had moeten zijn, telt nu mee",
                Thousands(credits),
                if without == 1 { "vindt" } else { "vinden" },
                Thousands(without)
            ),
            "kijk of VorigReferentieNummer gevuld is met het ReferentieNummer van de debetregel, en of de debetregels in het dossier staan",
        )
        .about("JW02")
    })
}

/// Products and tariffs that the program made up to show itself with.
fn examples(input: &Input<'_>) -> Option<Melding> {
    let lines = input.counts.input.of_examples;
    let mut tarieven = input.regelset.tarieven().iter().filter(|t| t.jaar == input.jaar);
    let tariefs = tarieven.any(|t| t.bron.to_lowercase().contains("voorbeeld"));
    let what = match (lines > 0, tariefs) {
        (false, false) => return None,
        (true, false) => "de productcatalogus is",
        (false, true) => "de tarieven zijn",
        (true, true) => "de productcatalogus en de tarieven zijn",
    };
    let count = if lines > 0 {
        format!(" (declaratieregels met een voorbeeldcode: {})", Thousands(lines))
    } else {
        String::new()
    };
    Some(Melding::let_op(
        "voorbeeld",
        format!("{what} die van het voorbeeld{count}"),
        "zet de producten en tarieven van uw eigen contract in producten.csv en tarieven.csv",
    ))
}
