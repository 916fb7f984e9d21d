//! A file of a ruleset, as far as messages need it.

use crate::dossier::Dag;
use crate::ground::config::ConfigFout;
use std::ops::Range;
use toml::Spanned;

/// What reading gives; a mistake names its line.
pub(super) type Uitkomst<T> = Result<T, Box<ConfigFout>>;

/// One TOML file, for messages.
pub(super) struct Tekst<'a> {
    pub(super) naam: &'a str,
    pub(super) inhoud: &'a str,
}

impl Tekst<'_> {
    pub(super) fn fout(
        &self,
        plaats: Range<usize>,
        bericht: impl Into<String>,
        raad: impl Into<String>,
    ) -> Box<ConfigFout> {
        ConfigFout::in_bestand(self.naam, self.inhoud, plaats, bericht, raad)
    }

    pub(super) fn dag(&self, d: &Spanned<toml::value::Datetime>) -> Uitkomst<Dag> {
        dag_van(d.get_ref()).ok_or_else(|| {
            self.fout(
                d.span(),
                "dit is geen datum",
                "schrijf een datum als 2023-01-01, zonder aanhalingstekens",
            )
        })
    }
}

pub(super) fn dag_van(d: &toml::value::Datetime) -> Option<Dag> {
    let datum = d.date?;
    Dag::van_jmd(datum.year.into(), datum.month.into(), datum.day.into())
}
