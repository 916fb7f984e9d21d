//! Versions of the documents: what one of them added can't be a `fout` for delivery before it.

use crate::dossier::{Dag, Ernst};
use crate::regelset::{Choice, Parameter, RuleSettings, Valid};
use crate::toetsing::Bevinding;

/// How hard a finding may be on a day, with the version that says so.
pub(super) const AT_MOST: Parameter<Hoogstens> = Parameter::new(
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
pub(super) struct VersionAt<'a>(Valid<'a, Hoogstens>);

impl<'a> VersionAt<'a> {
    pub(crate) fn on(settings: &'a RuleSettings, dag: Dag) -> VersionAt<'a> {
        VersionAt(settings.valid(&AT_MOST, dag))
    }

    /// The same of a value of [`AT_MOST`] that was looked up already.
    pub(crate) fn of(at_most: Valid<'a, Hoogstens>) -> VersionAt<'a> {
        VersionAt(at_most)
    }

    /// The finding, no harder than this version allows, and the version that it used.
    pub(crate) fn clamp(&self, mut bevinding: Bevinding) -> Bevinding {
        let Valid { value: Hoogstens(highest), source } = self.0;
        let inleiding = match highest {
            Ernst::Fout => "Geldende versie",
            highest if bevinding.ernst < highest => "Voor deze datum hoogstens een onzekerheid",
            _ => "Let op de versie",
        };
        bevinding.ernst = bevinding.ernst.at_most(highest);
        bevinding.also(&format!("{inleiding}: {source}."))
    }
}
