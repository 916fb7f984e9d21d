//! The columns of the dossier's tables, with their fixed names.

use std::fmt;

/// Kind of file in a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Soort {
    Declaraties,
    Toewijzingen,
    Aanbieders,
    Producten,
    Tarieven,
    Omzet,
}

impl Soort {
    pub const ALLE: [Soort; 6] = [
        Soort::Declaraties,
        Soort::Toewijzingen,
        Soort::Aanbieders,
        Soort::Producten,
        Soort::Tarieven,
        Soort::Omzet,
    ];

    /// How the names of files of this kind begin.
    pub fn naam(self) -> &'static str {
        match self {
            Soort::Declaraties => "declaraties",
            Soort::Toewijzingen => "toewijzingen",
            Soort::Aanbieders => "aanbieders",
            Soort::Producten => "producten",
            Soort::Tarieven => "tarieven",
            Soort::Omzet => "omzet",
        }
    }

    /// The columns of this kind in the order of the specification; those with `true` are needed.
    pub fn kolommen(self) -> &'static [(Kolom, bool)] {
        use Kolom::*;
        match self {
            Soort::Declaraties => &[
                (DeclaratieNummer, false),
                (ReferentieNummer, true),
                (VorigReferentieNummer, false),
                (DeclaratieDagtekening, false),
                (Ontvangstdatum, false),
                (Gemeente, true),
                (Aanbieder, true),
                (Bsn, true),
                (ToewijzingNummer, false),
                (ProductCategorie, true),
                (ProductCode, true),
                (Begindatum, true),
                (Einddatum, true),
                (GeleverdVolume, true),
                (Eenheid, true),
                (ProductTarief, false),
                (IngediendBedrag, true),
                (DebetCredit, false),
                (NoShow, false),
                (NoShowMinuten, false),
                (AfspraakMinuten, false),
                (ReistijdMinuten, false),
                (Gesprekken, false),
                (Functie, false),
                (Hulpverlener, false),
                (Groep, false),
            ],
            Soort::Toewijzingen => &[
                (ToewijzingNummer, true),
                (Gemeente, true),
                (Aanbieder, true),
                (Bsn, true),
                (Toewijzingsdatum, true),
                (Ingangsdatum, true),
                (Einddatum, false),
                (ProductCategorie, false),
                (ProductCode, false),
                (RedenWijziging, false),
                (Volume, false),
                (Eenheid, false),
                (Frequentie, false),
                (Budget, false),
                (Geboortedatum, false),
                (Verwijzer, false),
                (Budgetsoort, false),
                (Uitvoering, false),
                (Dispuut, false),
                (Bijzonderheid, false),
            ],
            Soort::Aanbieders => &[
                (Aanbieder, true),
                (Naam, false),
                (Perceel, false),
                (Percelen, false),
                (Voorzieningen, false),
                (KdcOdc, false),
                (CrisisContract, false),
                (LandelijkeOmzet, false),
                (ContractBegin, false),
                (ContractEinde, false),
                (FinaleKwijting, false),
            ],
            Soort::Producten => &[
                (ProductCategorie, true),
                (ProductCode, true),
                (Omschrijving, false),
                (Perceel, false),
                (Onderdeel, true),
                (Tariefsleutel, false),
                (Vorm, false),
                (Uitvoering, false),
            ],
            Soort::Tarieven => &[
                (Jaar, true),
                (Tariefsleutel, true),
                (Perceel, false),
                (Aanbieder, false),
                (Eenheid, true),
                (Tarief, true),
                (Bron, false),
            ],
            Soort::Omzet => &[
                (Aanbieder, true),
                (Jaar, true),
                (Omzet, true),
                (ProductCode, false),
                (Volume, false),
            ],
        }
    }
}

impl fmt::Display for Soort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.naam())
    }
}

macro_rules! kolommen {
    ($($naam:ident),+ $(,)?) => {
        /// A column, by its name in the specification.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kolom { $($naam),+ }

        impl Kolom {
            pub const ALLE: &[Kolom] = &[$(Kolom::$naam),+];

            pub fn naam(self) -> &'static str {
                match self { $(Kolom::$naam => stringify!($naam)),+ }
            }
        }
    };
}

kolommen!(
    DeclaratieNummer,
    ReferentieNummer,
    VorigReferentieNummer,
    DeclaratieDagtekening,
    Ontvangstdatum,
    Gemeente,
    Aanbieder,
    Bsn,
    ToewijzingNummer,
    ProductCategorie,
    ProductCode,
    Begindatum,
    Einddatum,
    GeleverdVolume,
    Eenheid,
    ProductTarief,
    IngediendBedrag,
    DebetCredit,
    NoShow,
    NoShowMinuten,
    AfspraakMinuten,
    ReistijdMinuten,
    Gesprekken,
    Functie,
    Hulpverlener,
    Groep,
    Toewijzingsdatum,
    Ingangsdatum,
    RedenWijziging,
    Volume,
    Frequentie,
    Budget,
    Geboortedatum,
    Verwijzer,
    Budgetsoort,
    Uitvoering,
    Dispuut,
    Bijzonderheid,
    Naam,
    Perceel,
    Percelen,
    Voorzieningen,
    KdcOdc,
    CrisisContract,
    LandelijkeOmzet,
    ContractBegin,
    ContractEinde,
    FinaleKwijting,
    Omschrijving,
    Onderdeel,
    Tariefsleutel,
    Vorm,
    Jaar,
    Tarief,
    Bron,
    Omzet,
);

impl fmt::Display for Kolom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.naam())
    }
}

/// A set of columns: those that a file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kolommen(u64);

impl Kolommen {
    pub fn met(self, kolom: Kolom) -> Kolommen {
        Kolommen(self.0 | 1 << kolom as u8)
    }

    pub fn bevat(self, kolom: Kolom) -> bool {
        self.0 & (1 << kolom as u8) != 0
    }
}

const _: () = assert!(Kolom::ALLE.len() <= 64, "Kolommen is a set of 64 bits");
