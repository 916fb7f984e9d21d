//! The elements of each message that are read, and the columns that they are.

use super::Bericht;
use crate::dossier::Kolom;

/// A value of a message. Those up to `TotaalDebetCredit` are of the whole message, those up to
/// `DatumGebruik` of a client, the others of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Veld {
    Afzender,
    Ontvanger,
    Identificatie,
    Dagtekening,
    XsdBericht,
    XsdBasis,
    /// Of the message that an answer is about.
    OverIdentificatie,
    OverDagtekening,
    RetourBericht,
    RetourDeclaratie,
    DeclaratieNummer,
    DeclaratieDagtekening,
    PeriodeBegin,
    PeriodeEind,
    TotaalBedrag,
    TotaalDebetCredit,
    Bsn,
    Geboortedatum,
    DatumGebruik,
    ReferentieNummer,
    VorigReferentieNummer,
    ToewijzingNummer,
    Categorie,
    Code,
    Begin,
    Eind,
    Volume,
    Eenheid,
    Tarief,
    Bedrag,
    DebetCredit,
    Toewijzingsdatum,
    RedenWijziging,
    Frequentie,
    RedenBeeindiging,
    StatusAanlevering,
    RetourPrestatie,
}

impl Veld {
    pub const AANTAL: usize = Veld::RetourPrestatie as usize + 1;
    pub const EERSTE_VAN_CLIENT: usize = Veld::Bsn as usize;
    pub const EERSTE_VAN_RECORD: usize = Veld::ReferentieNummer as usize;
}

/// What an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doel {
    /// Only holds others.
    Groep,
    Waarde(Veld),
    /// A value that may come several times: kept with a blank between them.
    Waarden(Veld),
    Client,
    Record,
}

/// An element that is read, with those in it; all others are skipped.
#[derive(Debug)]
pub struct Element {
    pub naam: &'static str,
    pub doel: Doel,
    pub kinderen: &'static [Element],
}

const fn groep(naam: &'static str, kinderen: &'static [Element]) -> Element {
    Element { naam, doel: Doel::Groep, kinderen }
}

const fn waarde(naam: &'static str, veld: Veld) -> Element {
    Element { naam, doel: Doel::Waarde(veld), kinderen: &[] }
}

const fn retourcodes(codes: &'static [Element]) -> Element {
    groep("RetourCodes", codes)
}

const fn retourcode(veld: Veld) -> Element {
    Element { naam: "RetourCode", doel: Doel::Waarden(veld), kinderen: &[] }
}

const fn client(kinderen: &'static [Element]) -> Element {
    Element { naam: "Client", doel: Doel::Client, kinderen }
}

const fn record(naam: &'static str, kinderen: &'static [Element]) -> Element {
    Element { naam, doel: Doel::Record, kinderen }
}

const HEADER: Element = groep(
    "Header",
    &[
        waarde("Afzender", Veld::Afzender),
        waarde("Ontvanger", Veld::Ontvanger),
        groep(
            "BerichtIdentificatie",
            &[
                waarde("Identificatie", Veld::Identificatie),
                waarde("Dagtekening", Veld::Dagtekening),
            ],
        ),
        groep(
            "XsdVersie",
            &[
                waarde("BerichtXsdVersie", Veld::XsdBericht),
                waarde("BasisschemaXsdVersie", Veld::XsdBasis),
            ],
        ),
    ],
);

const JW323: Element = groep(
    "Bericht",
    &[
        HEADER,
        groep(
            "Declaratie",
            &[
                waarde("DeclaratieNummer", Veld::DeclaratieNummer),
                groep(
                    "DeclaratiePeriode",
                    &[
                        waarde("Begindatum", Veld::PeriodeBegin),
                        waarde("Einddatum", Veld::PeriodeEind),
                    ],
                ),
                waarde("DeclaratieDagtekening", Veld::DeclaratieDagtekening),
                groep(
                    "TotaalIngediendBedrag",
                    &[
                        waarde("TotaalBedrag", Veld::TotaalBedrag),
                        waarde("DebetCredit", Veld::TotaalDebetCredit),
                    ],
                ),
                groep(
                    "Clienten",
                    &[client(&[
                        waarde("Bsn", Veld::Bsn),
                        groep("Prestaties", &[record("Prestatie", PRESTATIE)]),
                    ])],
                ),
            ],
        ),
    ],
);

const PRESTATIE: &[Element] = &[
    groep(
        "ProductReferentie",
        &[
            waarde("ReferentieNummer", Veld::ReferentieNummer),
            waarde("VorigReferentieNummer", Veld::VorigReferentieNummer),
        ],
    ),
    waarde("ToewijzingNummer", Veld::ToewijzingNummer),
    waarde("ProductCategorie", Veld::Categorie),
    waarde("ProductCode", Veld::Code),
    groep("ProductPeriode", &[waarde("Begindatum", Veld::Begin), waarde("Einddatum", Veld::Eind)]),
    waarde("GeleverdVolume", Veld::Volume),
    waarde("Eenheid", Veld::Eenheid),
    waarde("ProductTarief", Veld::Tarief),
    groep(
        "IngediendBedrag",
        &[waarde("Bedrag", Veld::Bedrag), waarde("DebetCredit", Veld::DebetCredit)],
    ),
];

const JW301: Element = groep(
    "Bericht",
    &[
        HEADER,
        client(&[
            waarde("Bsn", Veld::Bsn),
            groep(
                "Geboortedatum",
                &[waarde("Datum", Veld::Geboortedatum), waarde("DatumGebruik", Veld::DatumGebruik)],
            ),
            groep("ToegewezenProducten", &[record("ToegewezenProduct", TOEGEWEZEN_PRODUCT)]),
        ]),
    ],
);

const PRODUCT: Element =
    groep("Product", &[waarde("Categorie", Veld::Categorie), waarde("Code", Veld::Code)]);

const TOEGEWEZEN_PRODUCT: &[Element] = &[
    waarde("ToewijzingNummer", Veld::ToewijzingNummer),
    PRODUCT,
    waarde("Toewijzingsdatum", Veld::Toewijzingsdatum),
    waarde("Ingangsdatum", Veld::Begin),
    waarde("Einddatum", Veld::Eind),
    waarde("RedenWijziging", Veld::RedenWijziging),
    groep(
        "Omvang",
        &[
            waarde("Volume", Veld::Volume),
            waarde("Eenheid", Veld::Eenheid),
            waarde("Frequentie", Veld::Frequentie),
        ],
    ),
    waarde("Budget", Veld::Bedrag),
];

const STARTSTOP: &[Element] = &[
    waarde("ToewijzingNummer", Veld::ToewijzingNummer),
    waarde("Begindatum", Veld::Begin),
    waarde("RedenBeeindiging", Veld::RedenBeeindiging),
    waarde("Einddatum", Veld::Eind),
    waarde("StatusAanlevering", Veld::StatusAanlevering),
];

const JW305: Element = groep(
    "Bericht",
    &[
        HEADER,
        client(&[
            waarde("Bsn", Veld::Bsn),
            groep("StartProducten", &[record("StartProduct", STARTSTOP)]),
        ]),
    ],
);

const JW307: Element = groep(
    "Bericht",
    &[
        HEADER,
        client(&[
            waarde("Bsn", Veld::Bsn),
            groep("StopProducten", &[record("StopProduct", STARTSTOP)]),
        ]),
    ],
);

const JW325: Element = groep(
    "Bericht",
    &[
        groep(
            "Header",
            &[
                waarde("Afzender", Veld::Afzender),
                waarde("Ontvanger", Veld::Ontvanger),
                groep(
                    "BerichtIdentificatie",
                    &[
                        waarde("Identificatie", Veld::Identificatie),
                        waarde("Dagtekening", Veld::Dagtekening),
                    ],
                ),
                groep(
                    "DeclaratieIdentificatie",
                    &[
                        waarde("Identificatie", Veld::OverIdentificatie),
                        waarde("Dagtekening", Veld::OverDagtekening),
                    ],
                ),
                retourcodes(&[retourcode(Veld::RetourBericht)]),
            ],
        ),
        groep(
            "DeclaratieAntwoord",
            &[
                waarde("DeclaratieNummer", Veld::DeclaratieNummer),
                groep(
                    "Clienten",
                    &[client(&[groep("Prestaties", &[record("Prestatie", AFGEWEZEN_PRESTATIE)])])],
                ),
                retourcodes(&[retourcode(Veld::RetourDeclaratie)]),
            ],
        ),
    ],
);

const AFGEWEZEN_PRESTATIE: &[Element] = &[
    groep("ProductReferentie", &[waarde("ReferentieNummer", Veld::ReferentieNummer)]),
    retourcodes(&[retourcode(Veld::RetourPrestatie)]),
];

static WORTELS: [(Bericht, Element); 5] = [
    (Bericht::Jw301, JW301),
    (Bericht::Jw305, JW305),
    (Bericht::Jw307, JW307),
    (Bericht::Jw323, JW323),
    (Bericht::Jw325, JW325),
];

/// Where the cell of a column comes from.
#[derive(Clone, Copy, Debug)]
pub enum Herkomst {
    Uit(Veld),
    Vast(&'static str),
}

impl Bericht {
    pub fn wortel(self) -> &'static Element {
        &WORTELS.iter().find(|(b, _)| *b == self).expect("every kind has a root").1
    }

    /// The columns of its records. The header says who is the gemeente and who the aanbieder.
    pub fn kolommen(self) -> &'static [(Kolom, Herkomst)] {
        use Herkomst::{Uit, Vast};
        match self {
            Bericht::Jw323 => &[
                (Kolom::DeclaratieNummer, Uit(Veld::DeclaratieNummer)),
                (Kolom::ReferentieNummer, Uit(Veld::ReferentieNummer)),
                (Kolom::VorigReferentieNummer, Uit(Veld::VorigReferentieNummer)),
                (Kolom::DeclaratieDagtekening, Uit(Veld::DeclaratieDagtekening)),
                (Kolom::Ontvangstdatum, Uit(Veld::Dagtekening)),
                (Kolom::Gemeente, Uit(Veld::Ontvanger)),
                (Kolom::Aanbieder, Uit(Veld::Afzender)),
                (Kolom::Bsn, Uit(Veld::Bsn)),
                (Kolom::ToewijzingNummer, Uit(Veld::ToewijzingNummer)),
                (Kolom::ProductCategorie, Uit(Veld::Categorie)),
                (Kolom::ProductCode, Uit(Veld::Code)),
                (Kolom::Begindatum, Uit(Veld::Begin)),
                (Kolom::Einddatum, Uit(Veld::Eind)),
                (Kolom::GeleverdVolume, Uit(Veld::Volume)),
                (Kolom::Eenheid, Uit(Veld::Eenheid)),
                (Kolom::ProductTarief, Uit(Veld::Tarief)),
                (Kolom::IngediendBedrag, Uit(Veld::Bedrag)),
                (Kolom::DebetCredit, Uit(Veld::DebetCredit)),
            ],
            Bericht::Jw301 => &[
                (Kolom::ToewijzingNummer, Uit(Veld::ToewijzingNummer)),
                (Kolom::Gemeente, Uit(Veld::Afzender)),
                (Kolom::Aanbieder, Uit(Veld::Ontvanger)),
                (Kolom::Bsn, Uit(Veld::Bsn)),
                (Kolom::Toewijzingsdatum, Uit(Veld::Toewijzingsdatum)),
                (Kolom::Ingangsdatum, Uit(Veld::Begin)),
                (Kolom::Einddatum, Uit(Veld::Eind)),
                (Kolom::ProductCategorie, Uit(Veld::Categorie)),
                (Kolom::ProductCode, Uit(Veld::Code)),
                (Kolom::RedenWijziging, Uit(Veld::RedenWijziging)),
                (Kolom::Volume, Uit(Veld::Volume)),
                (Kolom::Eenheid, Uit(Veld::Eenheid)),
                (Kolom::Frequentie, Uit(Veld::Frequentie)),
                (Kolom::Budget, Uit(Veld::Bedrag)),
                (Kolom::Geboortedatum, Uit(Veld::Geboortedatum)),
            ],
            Bericht::Jw305 => &[
                (Kolom::ToewijzingNummer, Uit(Veld::ToewijzingNummer)),
                (Kolom::Gemeente, Uit(Veld::Ontvanger)),
                (Kolom::Aanbieder, Uit(Veld::Afzender)),
                (Kolom::Bsn, Uit(Veld::Bsn)),
                (Kolom::Soort, Vast("start")),
                (Kolom::Datum, Uit(Veld::Begin)),
                (Kolom::Verzonden, Uit(Veld::Dagtekening)),
                (Kolom::RedenBeeindiging, Vast("")),
            ],
            Bericht::Jw307 => &[
                (Kolom::ToewijzingNummer, Uit(Veld::ToewijzingNummer)),
                (Kolom::Gemeente, Uit(Veld::Ontvanger)),
                (Kolom::Aanbieder, Uit(Veld::Afzender)),
                (Kolom::Bsn, Uit(Veld::Bsn)),
                (Kolom::Soort, Vast("stop")),
                (Kolom::Datum, Uit(Veld::Eind)),
                (Kolom::Verzonden, Uit(Veld::Dagtekening)),
                (Kolom::RedenBeeindiging, Uit(Veld::RedenBeeindiging)),
            ],
            Bericht::Jw325 => &[
                (Kolom::Gemeente, Uit(Veld::Afzender)),
                (Kolom::Aanbieder, Uit(Veld::Ontvanger)),
                (Kolom::ReferentieNummer, Uit(Veld::ReferentieNummer)),
                (Kolom::RetourCodes, Uit(Veld::RetourPrestatie)),
            ],
        }
    }
}
