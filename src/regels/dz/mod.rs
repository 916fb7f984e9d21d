//! Duurzaam: which help a duurzaam budget may be used for.

pub(crate) mod duurzaam_groep_zwaar;
pub(crate) mod duurzaam_hoge_tariefgroep;

use crate::dossier::{Budgetsoort, Ernst, Toewijzing};
use crate::toetsing::{BudgetSource, LineKind, Reason};

/// The line's toewijzing when it is duurzaam, and whether its own column says so.
fn duurzaam<'a>(line: &LineKind<'a>) -> Result<Option<(&'a Toewijzing, BudgetSource)>, Reason> {
    let t = line.toewijzing()?;
    let (kind, origin) = line.context.budgetsoort(t)?;
    Ok((kind == Budgetsoort::Duurzaam).then_some((t, origin)))
}

/// What a person must know to judge a finding that is no `fout`.
struct Doubts(Vec<&'static str>);

impl Doubts {
    fn of(line: &LineKind<'_>, t: &Toewijzing, origin: BudgetSource) -> Doubts {
        let mut sentences = Vec::new();
        if origin == BudgetSource::Derived {
            sentences.push("Dat het budget duurzaam is, volgt alleen uit de looptijd.");
        }
        if !line.context.knows_bijzonderheid(t) {
            sentences.push("De kolom Bijzonderheid, waarin een uitzondering kan staan, ontbreekt.");
        }
        Doubts(sentences)
    }

    fn ernst(&self) -> Ernst {
        if self.0.is_empty() { Ernst::Fout } else { Ernst::Onzekerheid }
    }
}
