//! Versions of the documents: what one of them added can't be a `fout` for delivery before it.

use crate::dossier::{Dag, Ernst};
use crate::regelset::{Choice, Parameter, Regelinstelling, Valid};
use crate::toetsing::Bevinding;

/// How hard a finding may be on a day, with the version that says so.
pub(super) const HOOGSTENS: Parameter<Hoogstens> = Parameter::new(
    "hoogstens",
    "hoe zwaar een bevinding hoogstens telt: een eis telt pas als fout vanaf de versie waarin zij staat, en niet meer als een latere versie haar niet herhaalt",
);

/// How hard a finding may be at most.
#[derive(Clone, Copy)]
pub(super) struct Hoogstens(Ernst);

impl Choice for Hoogstens {
    const WORDS: &'static [&'static str] = &["fout", "onzekerheid"];
    const CHOICES: &'static [Hoogstens] = &[Hoogstens(Ernst::Fout), Hoogstens(Ernst::Onzekerheid)];
}

/// The version that holds on a day.
pub(super) struct Versie<'a>(Valid<'a, Hoogstens>);

impl<'a> Versie<'a> {
    pub fn op(instelling: &'a Regelinstelling, dag: Dag) -> Versie<'a> {
        Versie(instelling.valid(&HOOGSTENS, dag))
    }

    /// The same of a value of [`HOOGSTENS`] that was looked up already.
    pub fn of(hoogstens: Valid<'a, Hoogstens>) -> Versie<'a> {
        Versie(hoogstens)
    }

    /// The finding, no harder than this version allows, and the version that it used.
    pub fn begrens(&self, mut bevinding: Bevinding) -> Bevinding {
        let Valid { value: Hoogstens(hoogste), bron } = self.0;
        let inleiding = match hoogste {
            Ernst::Fout => "Geldende versie",
            hoogste if bevinding.ernst < hoogste => "Voor deze datum hoogstens een onzekerheid",
            _ => "Let op de versie",
        };
        bevinding.ernst = bevinding.ernst.hoogstens(hoogste);
        bevinding.ook(&format!("{inleiding}: {bron}."))
    }
}
