//! Versions of the documents: what one of them added can't be a `fout` for delivery before it.

use crate::dossier::{Dag, Ernst};
use crate::regelset::{Geldig, Parameter, Parametersoort, Regelinstelling};
use crate::toetsing::Bevinding;

/// How hard a finding may be on a day, with the version that says so.
pub(super) const HOOGSTENS: Parameter = Parameter::nieuw(
    "hoogstens",
    Parametersoort::Keus(&["fout", "onzekerheid"]),
    "hoe zwaar een bevinding hoogstens telt: een eis telt pas als fout vanaf de versie waarin zij staat, en niet meer als een latere versie haar niet herhaalt",
);

/// The version that holds on a day.
pub(super) struct Versie<'a> {
    hoogste: Ernst,
    bron: &'a str,
}

impl<'a> Versie<'a> {
    pub fn op(instelling: &'a Regelinstelling, dag: Dag) -> Versie<'a> {
        Versie::of(instelling.geldend(&HOOGSTENS, dag))
    }

    /// The same of a value of [`HOOGSTENS`] that was looked up already.
    pub fn of(hoogstens: &'a Geldig) -> Versie<'a> {
        let hoogste = match hoogstens.waarde.keus() {
            "fout" => Ernst::Fout,
            _ => Ernst::Onzekerheid,
        };
        Versie { hoogste, bron: &hoogstens.bron }
    }

    /// The finding, no harder than this version allows, and the version that it used.
    pub fn begrens(&self, mut bevinding: Bevinding) -> Bevinding {
        let inleiding = match self.hoogste {
            Ernst::Fout => "Geldende versie",
            hoogste if bevinding.ernst < hoogste => "Voor deze datum hoogstens een onzekerheid",
            _ => "Let op de versie",
        };
        bevinding.ernst = bevinding.ernst.hoogstens(self.hoogste);
        bevinding.ook(&format!("{inleiding}: {}.", self.bron))
    }
}
