//! The elements of each message that are read, and the columns that they are.

use super::Bericht;
use crate::dossier::Kolom;

/// A value of a message. Those up to `TotaalDebetCredit` are of the whole message, those up to
/// `DatumGebruik` of a client, the others of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BerichtField {
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
    Toewijzingstijd,
    RedenWijziging,
    Frequentie,
    RedenBeeindiging,
    StatusAanlevering,
    RetourPrestatie,
}

impl BerichtField {
    pub(crate) const COUNT: usize = BerichtField::RetourPrestatie as usize + 1;
    pub(crate) const FIRST_OF_CLIENT: usize = BerichtField::Bsn as usize;
    pub(crate) const FIRST_OF_RECORD: usize = BerichtField::ReferentieNummer as usize;
}

/// What an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Only holds others.
    Groep,
    Value(BerichtField),
    /// A value that may come several times: kept with a blank between them.
    Values(BerichtField),
    Client,
    Record,
}

/// An element that is read, with those in it; all others are skipped.
#[derive(Debug)]
pub(crate) struct Element {
    pub name: &'static str,
    pub target: Target,
    pub children: &'static [Element],
}

const fn group(name: &'static str, children: &'static [Element]) -> Element {
    Element { name, target: Target::Groep, children }
}

const fn value(name: &'static str, field: BerichtField) -> Element {
    Element { name, target: Target::Value(field), children: &[] }
}

const fn retourcodes(codes: &'static [Element]) -> Element {
    group("RetourCodes", codes)
}

const fn retourcode(field: BerichtField) -> Element {
    Element { name: "RetourCode", target: Target::Values(field), children: &[] }
}

const fn client(children: &'static [Element]) -> Element {
    Element { name: "Client", target: Target::Client, children }
}

const fn record(name: &'static str, children: &'static [Element]) -> Element {
    Element { name, target: Target::Record, children }
}

const HEADER: Element = group(
    "Header",
    &[
        value("Afzender", BerichtField::Afzender),
        value("Ontvanger", BerichtField::Ontvanger),
        group(
            "BerichtIdentificatie",
            &[
                value("Identificatie", BerichtField::Identificatie),
                value("Dagtekening", BerichtField::Dagtekening),
            ],
        ),
        group(
            "XsdVersie",
            &[
                value("BerichtXsdVersie", BerichtField::XsdBericht),
                value("BasisschemaXsdVersie", BerichtField::XsdBasis),
            ],
        ),
    ],
);

const JW323: Element = group(
    "Bericht",
    &[
        HEADER,
        group(
            "Declaratie",
            &[
                value("DeclaratieNummer", BerichtField::DeclaratieNummer),
                group(
                    "DeclaratiePeriode",
                    &[
                        value("Begindatum", BerichtField::PeriodeBegin),
                        value("Einddatum", BerichtField::PeriodeEind),
                    ],
                ),
                value("DeclaratieDagtekening", BerichtField::DeclaratieDagtekening),
                group(
                    "TotaalIngediendBedrag",
                    &[
                        value("TotaalBedrag", BerichtField::TotaalBedrag),
                        value("DebetCredit", BerichtField::TotaalDebetCredit),
                    ],
                ),
                group(
                    "Clienten",
                    &[client(&[
                        value("Bsn", BerichtField::Bsn),
                        group("Prestaties", &[record("Prestatie", PRESTATIE)]),
                    ])],
                ),
            ],
        ),
    ],
);

const PRESTATIE: &[Element] = &[
    group(
        "ProductReferentie",
        &[
            value("ReferentieNummer", BerichtField::ReferentieNummer),
            value("VorigReferentieNummer", BerichtField::VorigReferentieNummer),
        ],
    ),
    value("ToewijzingNummer", BerichtField::ToewijzingNummer),
    value("ProductCategorie", BerichtField::Categorie),
    value("ProductCode", BerichtField::Code),
    group(
        "ProductPeriode",
        &[value("Begindatum", BerichtField::Begin), value("Einddatum", BerichtField::Eind)],
    ),
    value("GeleverdVolume", BerichtField::Volume),
    value("Eenheid", BerichtField::Eenheid),
    value("ProductTarief", BerichtField::Tarief),
    group(
        "IngediendBedrag",
        &[value("Bedrag", BerichtField::Bedrag), value("DebetCredit", BerichtField::DebetCredit)],
    ),
];

const JW301: Element = group(
    "Bericht",
    &[
        HEADER,
        client(&[
            value("Bsn", BerichtField::Bsn),
            group(
                "Geboortedatum",
                &[
                    value("Datum", BerichtField::Geboortedatum),
                    value("DatumGebruik", BerichtField::DatumGebruik),
                ],
            ),
            group("ToegewezenProducten", &[record("ToegewezenProduct", TOEGEWEZEN_PRODUCT)]),
        ]),
    ],
);

const PRODUCT: Element = group(
    "Product",
    &[value("Categorie", BerichtField::Categorie), value("Code", BerichtField::Code)],
);

const TOEGEWEZEN_PRODUCT: &[Element] = &[
    value("ToewijzingNummer", BerichtField::ToewijzingNummer),
    PRODUCT,
    value("Toewijzingsdatum", BerichtField::Toewijzingsdatum),
    value("Toewijzingstijd", BerichtField::Toewijzingstijd),
    value("Ingangsdatum", BerichtField::Begin),
    value("Einddatum", BerichtField::Eind),
    value("RedenWijziging", BerichtField::RedenWijziging),
    group(
        "Omvang",
        &[
            value("Volume", BerichtField::Volume),
            value("Eenheid", BerichtField::Eenheid),
            value("Frequentie", BerichtField::Frequentie),
        ],
    ),
    value("Budget", BerichtField::Bedrag),
];

const STARTSTOP: &[Element] = &[
    value("ToewijzingNummer", BerichtField::ToewijzingNummer),
    value("Begindatum", BerichtField::Begin),
    value("RedenBeeindiging", BerichtField::RedenBeeindiging),
    value("Einddatum", BerichtField::Eind),
    value("StatusAanlevering", BerichtField::StatusAanlevering),
];

const JW305: Element = group(
    "Bericht",
    &[
        HEADER,
        client(&[
            value("Bsn", BerichtField::Bsn),
            group("StartProducten", &[record("StartProduct", STARTSTOP)]),
        ]),
    ],
);

const JW307: Element = group(
    "Bericht",
    &[
        HEADER,
        client(&[
            value("Bsn", BerichtField::Bsn),
            group("StopProducten", &[record("StopProduct", STARTSTOP)]),
        ]),
    ],
);

const JW325: Element = group(
    "Bericht",
    &[
        group(
            "Header",
            &[
                value("Afzender", BerichtField::Afzender),
                value("Ontvanger", BerichtField::Ontvanger),
                group(
                    "BerichtIdentificatie",
                    &[
                        value("Identificatie", BerichtField::Identificatie),
                        value("Dagtekening", BerichtField::Dagtekening),
                    ],
                ),
                group(
                    "DeclaratieIdentificatie",
                    &[
                        value("Identificatie", BerichtField::OverIdentificatie),
                        value("Dagtekening", BerichtField::OverDagtekening),
                    ],
                ),
                retourcodes(&[retourcode(BerichtField::RetourBericht)]),
            ],
        ),
        group(
            "DeclaratieAntwoord",
            &[
                value("DeclaratieNummer", BerichtField::DeclaratieNummer),
                group(
                    "Clienten",
                    &[client(&[group("Prestaties", &[record("Prestatie", REFUSED_PRESTATIE)])])],
                ),
                retourcodes(&[retourcode(BerichtField::RetourDeclaratie)]),
            ],
        ),
    ],
);

const REFUSED_PRESTATIE: &[Element] = &[
    group("ProductReferentie", &[value("ReferentieNummer", BerichtField::ReferentieNummer)]),
    retourcodes(&[retourcode(BerichtField::RetourPrestatie)]),
];

static ROOTS: [(Bericht, Element); 5] = [
    (Bericht::Jw301, JW301),
    (Bericht::Jw305, JW305),
    (Bericht::Jw307, JW307),
    (Bericht::Jw323, JW323),
    (Bericht::Jw325, JW325),
];

/// Where the cell of a column comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CellSource {
    From(BerichtField),
    Fixed(&'static str),
}

impl Bericht {
    pub(crate) fn root(self) -> &'static Element {
        &ROOTS.iter().find(|(b, _)| *b == self).expect("every kind has a root").1
    }

    /// The columns of its records. The header says who is the gemeente and who the aanbieder.
    pub(crate) fn kolommen(self) -> &'static [(Kolom, CellSource)] {
        use CellSource::{Fixed, From};
        match self {
            Bericht::Jw323 => &[
                (Kolom::DeclaratieNummer, From(BerichtField::DeclaratieNummer)),
                (Kolom::ReferentieNummer, From(BerichtField::ReferentieNummer)),
                (Kolom::VorigReferentieNummer, From(BerichtField::VorigReferentieNummer)),
                (Kolom::DeclaratieDagtekening, From(BerichtField::DeclaratieDagtekening)),
                (Kolom::Ontvangstdatum, From(BerichtField::Dagtekening)),
                (Kolom::Gemeente, From(BerichtField::Ontvanger)),
                (Kolom::Aanbieder, From(BerichtField::Afzender)),
                (Kolom::Bsn, From(BerichtField::Bsn)),
                (Kolom::ToewijzingNummer, From(BerichtField::ToewijzingNummer)),
                (Kolom::ProductCategorie, From(BerichtField::Categorie)),
                (Kolom::ProductCode, From(BerichtField::Code)),
                (Kolom::Begindatum, From(BerichtField::Begin)),
                (Kolom::Einddatum, From(BerichtField::Eind)),
                (Kolom::GeleverdVolume, From(BerichtField::Volume)),
                (Kolom::Eenheid, From(BerichtField::Eenheid)),
                (Kolom::ProductTarief, From(BerichtField::Tarief)),
                (Kolom::IngediendBedrag, From(BerichtField::Bedrag)),
                (Kolom::DebetCredit, From(BerichtField::DebetCredit)),
            ],
            Bericht::Jw301 => &[
                (Kolom::ToewijzingNummer, From(BerichtField::ToewijzingNummer)),
                (Kolom::Gemeente, From(BerichtField::Afzender)),
                (Kolom::Aanbieder, From(BerichtField::Ontvanger)),
                (Kolom::Bsn, From(BerichtField::Bsn)),
                (Kolom::Toewijzingsdatum, From(BerichtField::Toewijzingsdatum)),
                (Kolom::Ingangsdatum, From(BerichtField::Begin)),
                (Kolom::Einddatum, From(BerichtField::Eind)),
                (Kolom::ProductCategorie, From(BerichtField::Categorie)),
                (Kolom::ProductCode, From(BerichtField::Code)),
                (Kolom::RedenWijziging, From(BerichtField::RedenWijziging)),
                (Kolom::Volume, From(BerichtField::Volume)),
                (Kolom::Eenheid, From(BerichtField::Eenheid)),
                (Kolom::Frequentie, From(BerichtField::Frequentie)),
                (Kolom::Budget, From(BerichtField::Bedrag)),
                (Kolom::Geboortedatum, From(BerichtField::Geboortedatum)),
                (Kolom::Toewijzingstijd, From(BerichtField::Toewijzingstijd)),
                (Kolom::Verzonden, From(BerichtField::Dagtekening)),
            ],
            Bericht::Jw305 => &[
                (Kolom::ToewijzingNummer, From(BerichtField::ToewijzingNummer)),
                (Kolom::Gemeente, From(BerichtField::Ontvanger)),
                (Kolom::Aanbieder, From(BerichtField::Afzender)),
                (Kolom::Bsn, From(BerichtField::Bsn)),
                (Kolom::Soort, Fixed("start")),
                (Kolom::Datum, From(BerichtField::Begin)),
                (Kolom::Verzonden, From(BerichtField::Dagtekening)),
                (Kolom::RedenBeeindiging, Fixed("")),
            ],
            Bericht::Jw307 => &[
                (Kolom::ToewijzingNummer, From(BerichtField::ToewijzingNummer)),
                (Kolom::Gemeente, From(BerichtField::Ontvanger)),
                (Kolom::Aanbieder, From(BerichtField::Afzender)),
                (Kolom::Bsn, From(BerichtField::Bsn)),
                (Kolom::Soort, Fixed("stop")),
                (Kolom::Datum, From(BerichtField::Eind)),
                (Kolom::Verzonden, From(BerichtField::Dagtekening)),
                (Kolom::RedenBeeindiging, From(BerichtField::RedenBeeindiging)),
            ],
            Bericht::Jw325 => &[
                (Kolom::Gemeente, From(BerichtField::Afzender)),
                (Kolom::Aanbieder, From(BerichtField::Ontvanger)),
                (Kolom::ReferentieNummer, From(BerichtField::ReferentieNummer)),
                (Kolom::RetourCodes, From(BerichtField::RetourPrestatie)),
            ],
        }
    }
}
