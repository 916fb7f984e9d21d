//! `[monitor]`: how the tables of the monitor are set up, where no rule's own table says it.

use super::bestand::Regeltabel;
use super::tekst::{Parsed, SpannedText};
use super::{Parameter, ParameterSpec, Regelset, RuleDigest};
use crate::dossier::Dag;
use toml::Spanned;

const KLEINE_GROEP: Parameter<i64> = Parameter::new(
    "kleine_groep",
    "groepen van minder jeugdigen staan in geen tabel die de organisatie verlaat",
);
const TEMPO_MAANDEN: Parameter<i64> = Parameter::new(
    "tempo_maanden",
    "over zoveel volle maanden wordt het tempo van een budget gemeten",
);
const VOORUIT_MAANDEN: Parameter<i64> = Parameter::new(
    "vooruit_maanden",
    "zoveel maanden na de peildatum kijkt de tabel aflopend vooruit",
);
const EINDIGT_WEKEN: Parameter<i64> = Parameter::optional(
    "eindigt_weken",
    "zoveel weken voor het einde van de toewijzing moet een verlenging zijn gevraagd",
);
const TOEKOMSTPLAN_MAANDEN: Parameter<i64> = Parameter::optional(
    "toekomstplan_maanden",
    "leeftijd in maanden waarop het Toekomstplan begint",
);
const BESPREKEN_MAANDEN: Parameter<i64> = Parameter::optional(
    "bespreken_maanden",
    "leeftijd in maanden waarop het Toekomstplan met de gemeente is besproken",
);
const MEERDERJARIG_MAANDEN: Parameter<i64> =
    Parameter::new("meerderjarig_maanden", "leeftijd in maanden waarop de Jeugdwet ophoudt");
const AFRONDEN_MAANDEN: Parameter<i64> = Parameter::optional(
    "afronden_maanden",
    "zoveel maanden na het einde van het contract mag herstelgerichte hulp worden afgerond",
);
const NADIEN_MAANDEN: Parameter<i64> = Parameter::new(
    "nadien_maanden",
    "zoveel maanden na een collectief aanbod wordt naar individuele hulp gekeken",
);

/// Name of the table.
pub(super) const TABLE: &str = "monitor";

/// All that a table `[monitor]` gives.
const PARAMETERS: &[ParameterSpec] = &[
    KLEINE_GROEP.spec(),
    TEMPO_MAANDEN.spec(),
    VOORUIT_MAANDEN.spec(),
    EINDIGT_WEKEN.spec(),
    TOEKOMSTPLAN_MAANDEN.spec(),
    BESPREKEN_MAANDEN.spec(),
    MEERDERJARIG_MAANDEN.spec(),
    AFRONDEN_MAANDEN.spec(),
    NADIEN_MAANDEN.spec(),
];

/// What holds for the tables of the monitor; `None` where the region's documents say nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MonitorSettings {
    pub kleine_groep: i64,
    pub tempo_maanden: i32,
    pub vooruit_maanden: i32,
    pub eindigt_weken: Option<i64>,
    pub toekomstplan_maanden: Option<i32>,
    pub bespreken_maanden: Option<i32>,
    pub meerderjarig_maanden: i32,
    pub afronden_maanden: Option<i32>,
    pub nadien_maanden: i32,
}

impl Regelset {
    /// Takes up a table `[monitor]`: instead of that of the ruleset below, or to end it.
    pub(super) fn set_monitor(
        &mut self,
        text: &SpannedText<'_>,
        table: &Spanned<Regeltabel>,
    ) -> Parsed<()> {
        let digest = RuleDigest { code: TABLE, parameters: PARAMETERS };
        self.monitor = self.settings_of(text, table.span(), table.get_ref(), &digest)?;
        Ok(())
    }

    /// What holds for the monitor on this day; `None` under a ruleset without a table `[monitor]`.
    pub(crate) fn monitor_settings(&self, dag: Dag) -> Option<MonitorSettings> {
        let p = self.monitor.as_ref()?;
        let months = |n: i64| i32::try_from(n).unwrap_or(i32::MAX / 2);
        let optional = |parameter: &Parameter<i64>| p.get(parameter, dag).map(|v| v.value);
        Some(MonitorSettings {
            kleine_groep: p.at(&KLEINE_GROEP, dag),
            tempo_maanden: months(p.at(&TEMPO_MAANDEN, dag)),
            vooruit_maanden: months(p.at(&VOORUIT_MAANDEN, dag)),
            eindigt_weken: optional(&EINDIGT_WEKEN),
            toekomstplan_maanden: optional(&TOEKOMSTPLAN_MAANDEN).map(months),
            bespreken_maanden: optional(&BESPREKEN_MAANDEN).map(months),
            meerderjarig_maanden: months(p.at(&MEERDERJARIG_MAANDEN, dag)),
            afronden_maanden: optional(&AFRONDEN_MAANDEN).map(months),
            nadien_maanden: months(p.at(&NADIEN_MAANDEN, dag)),
        })
    }
}
