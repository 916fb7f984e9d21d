//! Duurzaam: which help a duurzaam budget may be used for.

pub mod duurzaam_groep_zwaar;
pub mod duurzaam_hoge_tariefgroep;

use crate::dossier::{Budgetsoort, Ernst, Toewijzing};
use crate::toetsing::{Herkomst, Lijnsoort, Reden};

/// The line's toewijzing when it is duurzaam, and whether its own column says so.
fn duurzaam<'a>(lijn: &Lijnsoort<'a>) -> Result<Option<(&'a Toewijzing, Herkomst)>, Reden> {
    let t = lijn.toewijzing()?;
    let (soort, herkomst) = lijn.controle.budgetsoort(t)?;
    Ok((soort == Budgetsoort::Duurzaam).then_some((t, herkomst)))
}

/// What a person must know to judge a finding that is no `fout`.
struct Twijfels(Vec<&'static str>);

impl Twijfels {
    fn van(lijn: &Lijnsoort<'_>, t: &Toewijzing, herkomst: Herkomst) -> Twijfels {
        let mut zinnen = Vec::new();
        if herkomst == Herkomst::Afgeleid {
            zinnen.push("Dat het budget duurzaam is, volgt alleen uit de looptijd.");
        }
        if !lijn.controle.kent_bijzonderheid(t) {
            zinnen.push("De kolom Bijzonderheid, waarin een uitzondering kan staan, ontbreekt.");
        }
        Twijfels(zinnen)
    }

    fn ernst(&self) -> Ernst {
        if self.0.is_empty() { Ernst::Fout } else { Ernst::Onzekerheid }
    }
}
