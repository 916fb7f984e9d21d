//! Why a rule could not be tested, in words.

use crate::dossier::{FileKind, Kolom, NoCatalogus, Onleesbaar};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Why a rule could not be tested on a unit. "Not testable" is never "in order".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    KolomOntbreekt(Kolom),
    /// Something stands there that can't be read: unknown, which is not empty.
    Onleesbaar(Kolom),
    TabelOntbreekt(FileKind),
    GeenOntvangstdatum,
    GeenProductTarief,
    GeenTarief,
    GeenTariefVoorPerceel,
    EenheidRekentNietOm,
    ProductOnbekend,
    GeenTariefsleutel,
    GeenToewijzing,
    GeenToewijzingNummer,
    VolumeNul,
    GeenTijdseenheid,
    GeenAfspraakMinuten,
    GeenNoShowMinuten,
    GeenEinddatumToewijzing,
    GeenEenheidToewijzing,
    EenheidPastNiet,
    OnbekendeFrequentie,
    KolomLeeg(Kolom),
    GeenVerwijzer,
    GeenOmzetVorigJaar,
    BudgetsoortOnbekend,
    AanbiederInGeenLijst,
    AlleenUitBerichten,
    Beschikkingsvrij,
    GeenAantalJeugdigen,
    GeenBsn,
    GeenDeclaratieDagtekening,
    GeenDeclaratieNummer,
    GeenEtmalen,
    GeenFunctie,
    GeenGeboortedatum,
    GeenGroep,
    GeenGroepsgrootte,
    GeenHulpverlener,
    GeenIndicatieVoorProduct,
    GeenLandelijkeOmzet,
    GeenLijst(#[serde(deserialize_with = "name_of_list")] ListName),
    GeenOntvangen,
    GeenReistijdMinuten,
    GeenSpreiding,
    GeenStartbericht,
    GeenStuks,
    GeenVerzonden,
    GeenVoorzieningen,
    OmzetAnderJaarOnbekend,
    OnbekendeFunctie,
    PerceelOnbekend,
    ProductToewijzingOnbekend,
    ProductZonderPerceel,
    RegelOverDagen,
    RegelsAfgekeurd,
    TeWeinigAanbieders,
    TeWeinigRegels,
    ToewijzingZonderProduct,
    VerantwoordingVoorlopig,
    /// What follows from the values is more than any amount of care.
    TeGroot,
}

impl From<Onleesbaar> for Reason {
    fn from(Onleesbaar(kolom): Onleesbaar) -> Reason {
        Reason::Onleesbaar(kolom)
    }
}

impl From<NoCatalogus> for Reason {
    fn from(why: NoCatalogus) -> Reason {
        match why {
            NoCatalogus::Absent => Reason::ProductOnbekend,
            NoCatalogus::Onleesbaar(unreadable) => unreadable.into(),
        }
    }
}

/// Name of a list of a ruleset.
type ListName = &'static str;

/// The name of a list in what another process wrote: one of the few that rules have.
fn name_of_list<'the, D: Deserializer<'the>>(of: D) -> Result<ListName, D::Error> {
    const NAMES: [&str; 6] =
        ["afbakening", "functies", "gemeentecodes", "gemeenten", "percelen", "producten"];
    let name = String::deserialize(of)?;
    let known = NAMES.into_iter().find(|n| *n == name);
    known.ok_or_else(|| serde::de::Error::custom(format!("geen regelset heeft een lijst {name}")))
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::KolomOntbreekt(kolom) => return write!(f, "kolom {kolom} ontbreekt"),
            Reason::Onleesbaar(kolom) => return write!(f, "{kolom} is onleesbaar"),
            Reason::GeenOntvangstdatum => "geen Ontvangstdatum",
            Reason::GeenProductTarief => "geen ProductTarief",
            Reason::GeenTarief => "geen tarief bekend voor dit leverjaar",
            Reason::GeenTariefVoorPerceel => {
                "geen tarief bekend voor het perceel van deze aanbieder"
            }
            Reason::EenheidRekentNietOm => "eenheid van de declaratieregel en van het tarief rekenen niet om",
            Reason::ProductOnbekend => "product staat niet in de catalogus",
            Reason::GeenTariefsleutel => "product heeft geen tariefsleutel",
            Reason::GeenToewijzing => "geen toewijzing gevonden",
            Reason::GeenToewijzingNummer => "declaratieregel zonder ToewijzingNummer",
            Reason::VolumeNul => "volume is 0",
            Reason::GeenTijdseenheid => "eenheid is niet om te rekenen naar minuten",
            Reason::GeenAfspraakMinuten => "geen AfspraakMinuten",
            Reason::GeenNoShowMinuten => "geen NoShowMinuten bij maandregels",
            Reason::GeenEinddatumToewijzing => "toewijzing zonder Einddatum",
            Reason::GeenEenheidToewijzing => "toewijzing zonder Eenheid",
            Reason::EenheidPastNiet => "eenheid past niet bij de toewijzing (zie TW09)",
            Reason::OnbekendeFrequentie => "frequentie van de toewijzing is onbekend",
            Reason::KolomLeeg(kolom) => return write!(f, "kolom {kolom} is leeg"),
            Reason::GeenVerwijzer => "toewijzing zonder Verwijzer",
            Reason::BudgetsoortOnbekend => {
                "budgetsoort staat niet in de bestanden en de regelset leidt haar niet af"
            }
            Reason::GeenOmzetVorigJaar => "geen omzet van vorig jaar bekend",
            Reason::TabelOntbreekt(kind) => return write!(f, "tabel {kind} ontbreekt"),
            Reason::AanbiederInGeenLijst => "aanbieder staat niet in de tabel aanbieders",
            Reason::AlleenUitBerichten => {
                "alleen te toetsen op iJw-berichten; deze declaratieregels kwamen niet uit een bericht"
            }
            Reason::GeenAantalJeugdigen => "geen AantalJeugdigen in de productieverantwoording",
            Reason::GeenBsn => "declaratieregel zonder Bsn",
            Reason::Beschikkingsvrij => "beschikkingsvrij product: er is geen toewijzing nodig",
            Reason::GeenDeclaratieDagtekening => "geen DeclaratieDagtekening",
            Reason::GeenDeclaratieNummer => "geen DeclaratieNummer",
            Reason::GeenEtmalen => "volume is niet in etmalen",
            Reason::GeenFunctie => "geen Functie",
            Reason::GeenGeboortedatum => "toewijzing zonder Geboortedatum",
            Reason::GeenGroep => "geen Groep",
            Reason::GeenGroepsgrootte => "geen MaxGroepsgrootte in de afspraak",
            Reason::GeenHulpverlener => "geen Hulpverlener",
            Reason::GeenIndicatieVoorProduct => {
                "toewijzing zonder ProductCode, en haar declaratieregels delen geen product"
            }
            Reason::GeenLandelijkeOmzet => "geen LandelijkeOmzet",
            Reason::GeenLijst(name) => return write!(f, "de regelset heeft geen lijst van {name}"),
            Reason::GeenOntvangen => "geen datum in Ontvangen",
            Reason::GeenReistijdMinuten => "geen ReistijdMinuten",
            Reason::GeenSpreiding => "geen spreiding onder de aanbieders (MAD is 0)",
            Reason::GeenStartbericht => "geen startbericht bij de toewijzing",
            Reason::GeenStuks => "volume is niet in stuks",
            Reason::GeenVerzonden => "geen datum in Verzonden",
            Reason::GeenVoorzieningen => "geen Voorzieningen van de aanbieder",
            Reason::OmzetAnderJaarOnbekend => {
                "van het andere jaar van de contractperiode is geen omzet bekend"
            }
            Reason::OnbekendeFunctie => "functie staat niet in de Beroepentabel (zie TF08)",
            Reason::PerceelOnbekend => "perceel is niet bekend",
            Reason::ProductToewijzingOnbekend => {
                "product van de toewijzing staat niet in de catalogus"
            }
            Reason::ProductZonderPerceel => "product heeft geen perceel",
            Reason::RegelOverDagen => "declaratieregel over meer dan één dag",
            Reason::RegelsAfgekeurd => "declaratieregels van dit bericht zijn afgekeurd",
            Reason::TeWeinigAanbieders => "te weinig aanbieders om mee te vergelijken",
            Reason::TeWeinigRegels => "te weinig declaratieregels voor een uitspraak",
            Reason::ToewijzingZonderProduct => "toewijzing zonder ProductCode",
            Reason::TeGroot => "te groot: geen bedrag van jeugdhulp is zo hoog",
            Reason::VerantwoordingVoorlopig => "productieverantwoording is nog voorlopig",
        })
    }
}
