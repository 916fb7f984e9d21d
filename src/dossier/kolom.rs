//! The columns of the dossier's tables, with their fixed names.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Kind of file in a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FileKind {
    Declaraties,
    Toewijzingen,
    Aanbieders,
    Producten,
    Tarieven,
    Omzet,
    Startstop,
    Productieverantwoording,
    Afspraken,
    Maatwerk,
    /// A person's verdicts on findings of an earlier run.
    Beoordelingen,
    /// What an earlier run asked back.
    Openstaand,
    /// What aanbieders say of findings of an earlier run.
    Reacties,
    /// Answers to declarations; only as iJw messages.
    Antwoorden,
    /// A filled-in audit sample; in no dossier.
    Steekproef,
    /// XML that holds no message that is read.
    Geweigerd,
}

impl FileKind {
    /// The kinds that a file's name can tell.
    pub(crate) const ALL: [FileKind; 13] = [
        FileKind::Declaraties,
        FileKind::Toewijzingen,
        FileKind::Aanbieders,
        FileKind::Producten,
        FileKind::Tarieven,
        FileKind::Omzet,
        FileKind::Startstop,
        FileKind::Productieverantwoording,
        FileKind::Afspraken,
        FileKind::Maatwerk,
        FileKind::Beoordelingen,
        FileKind::Openstaand,
        FileKind::Reacties,
    ];

    /// How the names of files of this kind begin.
    pub(crate) fn name(self) -> &'static str {
        match self {
            FileKind::Declaraties => "declaraties",
            FileKind::Toewijzingen => "toewijzingen",
            FileKind::Aanbieders => "aanbieders",
            FileKind::Producten => "producten",
            FileKind::Tarieven => "tarieven",
            FileKind::Omzet => "omzet",
            FileKind::Startstop => "startstop",
            FileKind::Productieverantwoording => "productieverantwoording",
            FileKind::Afspraken => "afspraken",
            FileKind::Maatwerk => "maatwerk",
            FileKind::Beoordelingen => "beoordelingen",
            FileKind::Openstaand => "openstaand",
            FileKind::Reacties => "reacties",
            FileKind::Antwoorden => "antwoorden",
            FileKind::Steekproef => "steekproef",
            FileKind::Geweigerd => "geweigerd",
        }
    }

    /// Is it made of what this program wrote, with columns that nothing is read from?
    pub(crate) fn is_ours(self) -> bool {
        matches!(self, FileKind::Beoordelingen | FileKind::Openstaand | FileKind::Reacties)
    }

    /// The columns of this kind in the order of the specification; those with `true` are needed.
    pub(crate) const fn kolommen(self) -> &'static [(Kolom, bool)] {
        use Kolom::*;
        match self {
            Self::Declaraties => &[
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
            Self::Toewijzingen => &[
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
                (Toewijzingstijd, false),
                (Verzonden, false),
            ],
            Self::Aanbieders => &[
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
                (ClientenstopVan, false),
                (ClientenstopTot, false),
                (Penvoerder, false),
            ],
            Self::Producten => &[
                (ProductCategorie, true),
                (ProductCode, true),
                (Omschrijving, false),
                (Perceel, false),
                (Onderdeel, true),
                (Tariefsleutel, false),
                (Vorm, false),
                (Uitvoering, false),
            ],
            Self::Tarieven => &[
                (Jaar, true),
                (Tariefsleutel, true),
                (Perceel, false),
                (Aanbieder, false),
                (Eenheid, true),
                (Tarief, true),
                (Bron, false),
            ],
            Self::Omzet => &[
                (Aanbieder, true),
                (Jaar, true),
                (Omzet, true),
                (ProductCode, false),
                (Volume, false),
            ],
            Self::Startstop => &[
                (ToewijzingNummer, true),
                (Gemeente, true),
                (Aanbieder, true),
                (Bsn, true),
                (Soort, true),
                (Datum, true),
                (Verzonden, false),
                (RedenBeeindiging, false),
            ],
            Self::Productieverantwoording => &[
                (Aanbieder, true),
                (Gemeente, true),
                (Jaar, true),
                (ProductCategorie, false),
                (ProductCode, false),
                (AantalJeugdigen, false),
                (Volume, false),
                (Bedrag, true),
                (Status, false),
                (Ontvangen, false),
            ],
            Self::Afspraken => &[
                (Aanbieder, true),
                (Gemeente, true),
                (ProductCode, true),
                (Naam, false),
                (Doelgroep, false),
                (Startdatum, true),
                (Einddatum, false),
                (Aantal, true),
                (Soort, false),
                (MaxGroepsgrootte, false),
            ],
            Self::Maatwerk => &[
                (Aanbieder, true),
                (Gemeente, true),
                (ToewijzingNummer, true),
                (ProductCode, true),
                (Tarief, true),
                (Eenheid, true),
                (Startdatum, true),
                (Einddatum, false),
            ],
            // After the first six: what the finding said when it was judged.
            Self::Beoordelingen => &[
                (Id, true),
                (Oordeel, true),
                (Opmerking, false),
                (Door, false),
                (Datum, false),
                (Bedrag, false),
                (Ernst, false),
                (BedragInGeding, false),
                (Gevonden, false),
                (Verwacht, false),
            ],
            // In the order in which it is written; of what came back the names of the credit lines too.
            Self::Openstaand => &[
                (Aanbieder, true),
                (Gemeente, false),
                (ReferentieNummer, true),
                (ToewijzingNummer, false),
                (ProductCode, false),
                (Begindatum, false),
                (Einddatum, false),
                (IngediendBedrag, false),
                (Bedrag, true),
                (Teruggenomen, false),
                (TeruggenomenOp, false),
                (Creditregels, false),
                (Bevindingen, true),
            ],
            Self::Reacties => &[(Id, true), (Reactie, true), (Door, false), (Datum, false)],
            Self::Antwoorden => &[
                (Gemeente, true),
                (Aanbieder, true),
                (ReferentieNummer, true),
                (RetourCodes, false),
            ],
            Self::Steekproef => &[
                (Id, true),
                (IngediendBedrag, true),
                (Oordeel, true),
                (VastgesteldBedrag, true),
                (Bevinding, false),
                (Toelichting, false),
                (Steekproef, true),
                (Jeugdige, false),
            ],
            Self::Geweigerd => &[],
        }
    }

    /// Has its table this column?
    pub(crate) const fn has(self, kolom: Kolom) -> bool {
        let (columns, mut i) = (self.kolommen(), 0);
        while i < columns.len() && columns[i].0 as u8 != kolom as u8 {
            i += 1;
        }
        i < columns.len()
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! kolommen {
    ($($naam:ident),+ $(,)?) => {
        /// A column, by its name in the specification.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kolom { $($naam),+ }

        impl Kolom {
            /// In the order of their numbers.
            pub(crate) const ALL: &[Kolom] = &[$(Kolom::$naam),+];

            /// As a header has it.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Kolom::$naam => stringify!($naam)),+ }
            }
        }
    };
}

impl Kolom {
    /// Does it hold days?
    pub(crate) fn is_datum(self) -> bool {
        matches!(
            self,
            Kolom::DeclaratieDagtekening
                | Kolom::Ontvangstdatum
                | Kolom::Begindatum
                | Kolom::Einddatum
                | Kolom::Toewijzingsdatum
                | Kolom::Ingangsdatum
                | Kolom::Geboortedatum
                | Kolom::ContractBegin
                | Kolom::ContractEinde
                | Kolom::FinaleKwijting
                | Kolom::ClientenstopVan
                | Kolom::ClientenstopTot
                | Kolom::Datum
                | Kolom::Verzonden
                | Kolom::Ontvangen
                | Kolom::Startdatum
                | Kolom::TeruggenomenOp
        )
    }

    /// Does it hold amounts or volumes, which have decimals?
    pub(crate) fn counts(self) -> bool {
        matches!(
            self,
            Kolom::IngediendBedrag
                | Kolom::ProductTarief
                | Kolom::Budget
                | Kolom::LandelijkeOmzet
                | Kolom::Tarief
                | Kolom::Omzet
                | Kolom::Bedrag
                | Kolom::VastgesteldBedrag
                | Kolom::Teruggenomen
                | Kolom::GeleverdVolume
                | Kolom::BedragInGeding
                | Kolom::Volume
                | Kolom::Aantal
                | Kolom::NoShowMinuten
                | Kolom::AfspraakMinuten
                | Kolom::ReistijdMinuten
        )
    }
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
    Toewijzingstijd,
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
    ClientenstopVan,
    ClientenstopTot,
    Penvoerder,
    Omschrijving,
    Onderdeel,
    Tariefsleutel,
    Vorm,
    Jaar,
    Tarief,
    Bron,
    Omzet,
    Soort,
    Datum,
    Verzonden,
    RedenBeeindiging,
    AantalJeugdigen,
    Bedrag,
    Status,
    Ontvangen,
    Doelgroep,
    Startdatum,
    Aantal,
    MaxGroepsgrootte,
    RetourCodes,
    Id,
    Oordeel,
    Opmerking,
    Door,
    Ernst,
    BedragInGeding,
    Gevonden,
    Verwacht,
    VastgesteldBedrag,
    Bevinding,
    Toelichting,
    Steekproef,
    Teruggenomen,
    TeruggenomenOp,
    Creditregels,
    Bevindingen,
    Reactie,
    Jeugdige,
);

impl fmt::Display for Kolom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of columns: those that a file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Columns(u128);

impl Columns {
    /// This set and `kolom`.
    pub(crate) const fn with(self, kolom: Kolom) -> Columns {
        Columns(self.0 | 1 << kolom as u8)
    }

    /// All columns of the set, in the order of their numbers.
    pub(crate) fn iter(self) -> impl Iterator<Item = Kolom> {
        Kolom::ALL.iter().copied().filter(move |kolom| self.contains(*kolom))
    }

    /// Is `kolom` in the set?
    pub(crate) fn contains(self, kolom: Kolom) -> bool {
        self.0 & (1 << kolom as u8) != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Something stands in this column that can't be read: what it says is unknown, which is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Onleesbaar(pub Kolom);

const _: () = assert!(Kolom::ALL.len() <= 128, "Kolommen is a set of 128 bits");
