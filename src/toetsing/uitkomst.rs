//! What a rule says of a unit: in order, a finding, or not testable with a reason.

use crate::dossier::{
    AanbiederNr, Bsn, Cent, Ernst, Gemeente, Kolom, Onderdeel, ProductNr, RegelNr, Soort,
    ToewijzingNr,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Why a rule could not be tested on a unit. "Not testable" is never "in order".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reden {
    KolomOntbreekt(Kolom),
    TabelOntbreekt(Soort),
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
    GeenLijst(#[serde(deserialize_with = "naam_van_lijst")] Lijstnaam),
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
    RegelOverDagen,
    RegelsAfgekeurd,
    TeWeinigAanbieders,
    TeWeinigRegels,
    ToewijzingZonderProduct,
    VerantwoordingVoorlopig,
}

/// Name of a list of a ruleset.
type Lijstnaam = &'static str;

/// The name of a list in what another process wrote: one of the few that rules have.
fn naam_van_lijst<'de, D: Deserializer<'de>>(van: D) -> Result<Lijstnaam, D::Error> {
    const NAMEN: [&str; 6] =
        ["functies", "gemeentecodes", "gemeenten", "percelen", "producten", "vaktherapie"];
    let naam = String::deserialize(van)?;
    let bekend = NAMEN.into_iter().find(|n| *n == naam);
    bekend.ok_or_else(|| serde::de::Error::custom(format!("geen regelset heeft een lijst {naam}")))
}

impl fmt::Display for Reden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reden::KolomOntbreekt(kolom) => return write!(f, "kolom {kolom} ontbreekt"),
            Reden::GeenOntvangstdatum => "geen Ontvangstdatum",
            Reden::GeenProductTarief => "geen ProductTarief",
            Reden::GeenTarief => "geen tarief bekend voor dit leverjaar",
            Reden::GeenTariefVoorPerceel => {
                "geen tarief bekend voor het perceel van deze aanbieder"
            }
            Reden::EenheidRekentNietOm => "eenheid van de regel en van het tarief rekenen niet om",
            Reden::ProductOnbekend => "product staat niet in de catalogus",
            Reden::GeenTariefsleutel => "product heeft geen tariefsleutel",
            Reden::GeenToewijzing => "geen toewijzing gevonden",
            Reden::GeenToewijzingNummer => "regel zonder ToewijzingNummer",
            Reden::VolumeNul => "volume is 0",
            Reden::GeenTijdseenheid => "eenheid is niet om te rekenen naar minuten",
            Reden::GeenAfspraakMinuten => "geen AfspraakMinuten",
            Reden::GeenNoShowMinuten => "geen NoShowMinuten bij maandregels",
            Reden::GeenEinddatumToewijzing => "toewijzing zonder Einddatum",
            Reden::GeenEenheidToewijzing => "toewijzing zonder Eenheid",
            Reden::EenheidPastNiet => "eenheid past niet bij de toewijzing (zie TW09)",
            Reden::OnbekendeFrequentie => "frequentie van de toewijzing is onbekend",
            Reden::KolomLeeg(kolom) => return write!(f, "kolom {kolom} is leeg"),
            Reden::GeenVerwijzer => "toewijzing zonder Verwijzer",
            Reden::BudgetsoortOnbekend => {
                "budgetsoort staat niet in de bestanden en de regelset leidt haar niet af"
            }
            Reden::GeenOmzetVorigJaar => "geen omzet van vorig jaar bekend",
            Reden::TabelOntbreekt(soort) => return write!(f, "tabel {soort} ontbreekt"),
            Reden::AanbiederInGeenLijst => "aanbieder staat niet in de tabel aanbieders",
            Reden::AlleenUitBerichten => {
                "alleen te toetsen op iJw-berichten; deze regels kwamen niet uit een bericht"
            }
            Reden::GeenAantalJeugdigen => "geen AantalJeugdigen in de productieverantwoording",
            Reden::GeenBsn => "regel zonder Bsn",
            Reden::Beschikkingsvrij => "beschikkingsvrij product: er is geen toewijzing nodig",
            Reden::GeenDeclaratieDagtekening => "geen DeclaratieDagtekening",
            Reden::GeenDeclaratieNummer => "geen DeclaratieNummer",
            Reden::GeenEtmalen => "volume is niet in etmalen",
            Reden::GeenFunctie => "geen Functie",
            Reden::GeenGeboortedatum => "toewijzing zonder Geboortedatum",
            Reden::GeenGroep => "geen Groep",
            Reden::GeenGroepsgrootte => "geen MaxGroepsgrootte in de afspraak",
            Reden::GeenHulpverlener => "geen Hulpverlener",
            Reden::GeenIndicatieVoorProduct => {
                "toewijzing zonder ProductCode, en haar regels delen geen product"
            }
            Reden::GeenLandelijkeOmzet => "geen LandelijkeOmzet",
            Reden::GeenLijst(naam) => return write!(f, "de regelset heeft geen lijst van {naam}"),
            Reden::GeenOntvangen => "geen datum in Ontvangen",
            Reden::GeenReistijdMinuten => "geen ReistijdMinuten",
            Reden::GeenSpreiding => "geen spreiding onder de aanbieders (MAD is 0)",
            Reden::GeenStartbericht => "geen startbericht bij de toewijzing",
            Reden::GeenStuks => "volume is niet in stuks",
            Reden::GeenVerzonden => "geen datum in Verzonden",
            Reden::GeenVoorzieningen => "geen Voorzieningen van de aanbieder",
            Reden::OmzetAnderJaarOnbekend => {
                "van het andere jaar van de contractperiode is geen omzet bekend"
            }
            Reden::OnbekendeFunctie => "functie staat niet in de Beroepentabel (zie TF08)",
            Reden::PerceelOnbekend => "perceel is niet bekend",
            Reden::ProductToewijzingOnbekend => {
                "product van de toewijzing staat niet in de catalogus"
            }
            Reden::RegelOverDagen => "regel over meer dan één dag",
            Reden::RegelsAfgekeurd => "regels van dit bericht zijn afgekeurd",
            Reden::TeWeinigAanbieders => "te weinig aanbieders om mee te vergelijken",
            Reden::TeWeinigRegels => "te weinig regels voor een uitspraak",
            Reden::ToewijzingZonderProduct => "toewijzing zonder ProductCode",
            Reden::VerantwoordingVoorlopig => "productieverantwoording is nog voorlopig",
        })
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Onderwerp {
    Regel(RegelNr),
    Toewijzing(ToewijzingNr),
    Jeugdige(Bsn),
    Aanbieder(AanbiederNr),
    Gemeente(Gemeente),
    /// What one aanbieder declared to one gemeente.
    AanbiederInGemeente(AanbiederNr, Gemeente),
    /// One message, by its place in [`crate::dossier::Dossier::declaratieberichten`].
    Declaratiebericht(u32),
}

/// A quantity that a rule held against a limit, for tables that put the two side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maat {
    Geld {
        gemeten: Cent,
        grens: Cent,
    },
    /// Times or days.
    Aantal {
        gemeten: i64,
        grens: i64,
    },
}

/// Which lines of what it is about one finding rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// These, by their numbers among all lines of the dossier.
    Lines(Vec<RegelNr>),
    Product(ProductNr),
    Onderdeel(Onderdeel),
}

/// One finding of one rule.
#[derive(Clone, Debug)]
pub struct Bevinding {
    pub ernst: Ernst,
    pub onderwerp: Onderwerp,
    /// BedragInGeding; for a line never more than its IngediendBedrag.
    pub bedrag: Option<Cent>,
    /// What the rule measured, where its outcome is one number against another.
    pub maat: Option<Maat>,
    pub gevonden: Tekst,
    pub verwacht: Tekst,
    pub toelichting: Tekst,
    /// Where it rests on some lines of its subject that only it can tell.
    pub selection: Option<Box<Selection>>,
    /// The rule's source in the ruleset: the engine fills it in.
    pub bron: Arc<str>,
}

impl Bevinding {
    pub fn nieuw(ernst: Ernst, onderwerp: Onderwerp) -> Bevinding {
        Bevinding {
            ernst,
            onderwerp,
            bedrag: None,
            maat: None,
            gevonden: "".into(),
            verwacht: "".into(),
            toelichting: "".into(),
            selection: None,
            bron: Arc::default(),
        }
    }

    pub fn bedrag(mut self, bedrag: impl Into<Option<Cent>>) -> Self {
        self.bedrag = bedrag.into();
        self
    }

    /// So much money was found, and so much was allowed.
    pub fn gemeten(mut self, gemeten: Cent, grens: Cent) -> Self {
        self.maat = Some(Maat::Geld { gemeten, grens });
        self
    }

    /// So many times or days were found, and so many were allowed.
    pub fn geteld(mut self, gemeten: i64, grens: i64) -> Self {
        self.maat = Some(Maat::Aantal { gemeten, grens });
        self
    }

    /// It rests on some lines of its subject, not on all that count.
    pub fn on(mut self, selection: Selection) -> Self {
        self.selection = Some(Box::new(selection));
        self
    }

    pub fn gevonden(mut self, tekst: impl Into<Tekst>) -> Self {
        self.gevonden = tekst.into();
        self
    }

    pub fn verwacht(mut self, tekst: impl Into<Tekst>) -> Self {
        self.verwacht = tekst.into();
        self
    }

    pub fn toelichting(mut self, tekst: impl Into<Tekst>) -> Self {
        self.toelichting = tekst.into();
        self
    }

    /// Adds a sentence to the Toelichting.
    pub fn ook(mut self, zin: &str) -> Self {
        let oud = self.toelichting.into_owned();
        self.toelichting =
            if oud.is_empty() { zin.to_owned() } else { format!("{oud} {zin}") }.into();
        self
    }
}

/// What a rule says of one line that it could be tested on.
pub enum Uitslag {
    /// The rule isn't about this line: it isn't counted.
    NietVanToepassing,
    InOrde,
    Bevinding(Box<Bevinding>),
}

/// What a rule says of one line.
pub type Oordeel = Result<Uitslag, Reden>;

impl From<Bevinding> for Uitslag {
    fn from(b: Bevinding) -> Uitslag {
        Uitslag::Bevinding(Box::new(b))
    }
}

impl From<Bevinding> for Oordeel {
    fn from(b: Bevinding) -> Oordeel {
        Ok(b.into())
    }
}

/// A Dutch text of a finding.
pub type Tekst = Cow<'static, str>;

/// The outcomes of one rule: counted, and the findings.
#[derive(Clone, Debug, Default)]
pub struct Uitkomsten {
    /// Units on which the rule came to a verdict.
    pub getoetst: u64,
    pub niet_toetsbaar: Vec<(Reden, u64)>,
    pub bevindingen: Vec<Bevinding>,
    /// What a rule over the whole dossier will decide on.
    pub sommen: Sommen,
}

/// Sums by a key of two numbers, such as an AGB code and the place of an Onderdeel. Those of parts
/// add up to those of the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sommen(BTreeMap<(u32, u32), [i64; 4]>);

impl Sommen {
    pub fn tel(&mut self, sleutel: (u32, u32), erbij: [i64; 4]) {
        let som = self.0.entry(sleutel).or_default();
        for (som, erbij) in som.iter_mut().zip(erbij) {
            *som += erbij;
        }
    }

    pub fn neem_over(&mut self, deel: Sommen) {
        deel.0.into_iter().for_each(|(sleutel, erbij)| self.tel(sleutel, erbij));
    }

    /// In the order of the keys.
    pub fn alle(&self) -> impl Iterator<Item = ((u32, u32), [i64; 4])> {
        self.0.iter().map(|(sleutel, som)| (*sleutel, *som))
    }

    pub fn van(&self, sleutel: (u32, u32)) -> Option<[i64; 4]> {
        self.0.get(&sleutel).copied()
    }
}

impl Uitkomsten {
    /// The rule was tested on a unit; what it found, if anything, follows.
    pub fn getoetst(&mut self) {
        self.getoetst += 1;
    }

    /// Counts a verdict on one line. Called for every rule and line: the usual verdict costs nothing.
    #[inline(always)]
    pub fn oordeel(&mut self, oordeel: Oordeel) {
        match oordeel {
            Ok(Uitslag::InOrde) => self.getoetst += 1,
            Ok(Uitslag::NietVanToepassing) => {}
            Ok(Uitslag::Bevinding(b)) => self.getoetst_met(*b),
            Err(reden) => self.niet_toetsbaar(reden),
        }
    }

    /// Counts the verdict on like lines, of which one tells that of all: what it finds may differ.
    #[inline]
    pub fn oordeel_over<L>(&mut self, lijnen: &[L], toets: impl Fn(&L) -> Oordeel) {
        let Some((eerste, rest)) = lijnen.split_first() else { return };
        match toets(eerste) {
            Ok(Uitslag::InOrde) => self.getoetst += lijnen.len() as u64,
            Ok(Uitslag::NietVanToepassing) => {}
            Err(reden) => self.niet_toetsbaar_keer(reden, lijnen.len() as u64),
            Ok(Uitslag::Bevinding(b)) => {
                self.getoetst_met(*b);
                rest.iter().for_each(|l| self.oordeel(toets(l)));
            }
        }
    }

    #[cold]
    fn getoetst_met(&mut self, bevinding: Bevinding) {
        self.getoetst();
        self.bevinding(bevinding);
    }

    #[inline]
    pub fn niet_toetsbaar(&mut self, reden: Reden) {
        self.niet_toetsbaar_keer(reden, 1);
    }

    /// So many units are not testable for this reason.
    #[inline]
    pub fn niet_toetsbaar_keer(&mut self, reden: Reden, aantal: u64) {
        if aantal == 0 {
            return;
        }
        // Most rules have one reason for all their lines.
        match self.niet_toetsbaar.first_mut() {
            Some((r, n)) if *r == reden => *n += aantal,
            _ => self.andere_reden(reden, aantal),
        }
    }

    #[cold]
    fn andere_reden(&mut self, reden: Reden, aantal: u64) {
        match self.niet_toetsbaar.iter_mut().find(|(r, _)| *r == reden) {
            Some((_, n)) => *n += aantal,
            None => self.niet_toetsbaar.push((reden, aantal)),
        }
    }

    pub fn bevinding(&mut self, bevinding: Bevinding) {
        self.bevindingen.push(bevinding);
    }

    pub fn neem_over(&mut self, deel: Uitkomsten) {
        self.getoetst += deel.getoetst;
        for (reden, n) in deel.niet_toetsbaar {
            self.niet_toetsbaar_keer(reden, n);
        }
        self.bevindingen.extend(deel.bevindingen);
        self.sommen.neem_over(deel.sommen);
    }

    pub fn aantal_niet_toetsbaar(&self) -> u64 {
        self.niet_toetsbaar.iter().map(|(_, n)| n).sum()
    }
}
