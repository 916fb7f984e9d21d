//! Checks that a user writes in a ruleset of their own: conditions on the columns of a line.
//!
//! A line that meets all conditions is a finding. A column that the file lacks, or an empty cell
//! where an amount, a number or a date is compared, makes it not testable.

use super::{Lijn, Oordeel, Reden, Regel, Toets, Uitslag};
use crate::dossier::{Cent, Dag, Ernst, Kolom, Volume};
use crate::ground::gemaskeerd;
use crate::regelset::Regelinstelling;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A check as a ruleset holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigencontrole {
    /// `X` and two digits.
    pub code: String,
    pub titel: String,
    pub ernst: Ernst,
    /// First and last Einddatum of the lines that it is about.
    pub vanaf: Option<Dag>,
    pub tot: Option<Dag>,
    /// At least one; a finding meets them all.
    pub voorwaarden: Vec<Voorwaarde>,
    pub toelichting: Option<String>,
    pub bron: Arc<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Voorwaarde {
    pub kolom: Kolom,
    pub als: Operator,
    /// One; more for [`Operator::In`], none for [`Operator::IsLeeg`] and [`Operator::IsGevuld`].
    pub waarden: Vec<Cel<'static>>,
}

macro_rules! operatoren {
    ($($naam:ident: $toml:literal, $zin:literal, $anders:literal;)+) => {
        /// How a cell is compared.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operator { $($naam),+ }

        impl Operator {
            pub const ALLE: &[Operator] = &[$(Operator::$naam),+];

            /// As a ruleset writes it.
            pub fn naam(self) -> &'static str {
                match self { $(Operator::$naam => $toml),+ }
            }

            /// As a sentence says it.
            fn zin(self) -> &'static str {
                match self { $(Operator::$naam => $zin),+ }
            }

            /// The opposite, as a sentence says it.
            fn anders(self) -> &'static str {
                match self { $(Operator::$naam => $anders),+ }
            }
        }
    };
}

operatoren!(
    Is: "is", "is", "is niet";
    IsNiet: "is niet", "is niet", "is";
    GroterDan: "groter dan", "is groter dan", "is hoogstens";
    KleinerDan: "kleiner dan", "is kleiner dan", "is minstens";
    Minstens: "minstens", "is minstens", "is kleiner dan";
    Hoogstens: "hoogstens", "is hoogstens", "is groter dan";
    BegintMet: "begint met", "begint met", "begint niet met";
    Bevat: "bevat", "bevat", "bevat niet";
    In: "in", "is één van", "is geen van";
    IsLeeg: "is leeg", "is leeg", "is gevuld";
    IsGevuld: "is gevuld", "is gevuld", "is leeg";
);

/// What a column of `declaraties` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Celsoort {
    Tekst,
    /// A code of so many digits, as text.
    Code(usize),
    Bedrag,
    Volume,
    Getal,
    Datum,
}

impl Celsoort {
    pub fn is_tekst(self) -> bool {
        matches!(self, Celsoort::Tekst | Celsoort::Code(_))
    }
}

/// The columns that a check may look at. Not the Bsn: it is compared and shown nowhere. Not
/// DebetCredit: only debit lines are tested.
pub const KOLOMMEN: &[(Kolom, Celsoort)] = &[
    (Kolom::DeclaratieNummer, Celsoort::Tekst),
    (Kolom::ReferentieNummer, Celsoort::Tekst),
    (Kolom::VorigReferentieNummer, Celsoort::Tekst),
    (Kolom::DeclaratieDagtekening, Celsoort::Datum),
    (Kolom::Ontvangstdatum, Celsoort::Datum),
    (Kolom::Gemeente, Celsoort::Code(4)),
    (Kolom::Aanbieder, Celsoort::Code(8)),
    (Kolom::ToewijzingNummer, Celsoort::Tekst),
    (Kolom::ProductCategorie, Celsoort::Tekst),
    (Kolom::ProductCode, Celsoort::Tekst),
    (Kolom::Begindatum, Celsoort::Datum),
    (Kolom::Einddatum, Celsoort::Datum),
    (Kolom::GeleverdVolume, Celsoort::Volume),
    (Kolom::Eenheid, Celsoort::Code(2)),
    (Kolom::ProductTarief, Celsoort::Bedrag),
    (Kolom::IngediendBedrag, Celsoort::Bedrag),
    (Kolom::NoShow, Celsoort::Getal),
    (Kolom::NoShowMinuten, Celsoort::Volume),
    (Kolom::AfspraakMinuten, Celsoort::Volume),
    (Kolom::ReistijdMinuten, Celsoort::Volume),
    (Kolom::Gesprekken, Celsoort::Getal),
    (Kolom::Functie, Celsoort::Tekst),
    (Kolom::Hulpverlener, Celsoort::Tekst),
    (Kolom::Groep, Celsoort::Tekst),
];

/// The value of a cell. Two are compared only when they are of one kind.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum Cel<'a> {
    Tekst(Cow<'a, str>),
    Bedrag(Cent),
    Volume(Volume),
    Getal(u32),
    Datum(Dag),
}

impl fmt::Display for Cel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cel::Tekst(t) => write!(f, "'{}'", gemaskeerd(t)),
            Cel::Bedrag(b) => b.fmt(f),
            Cel::Volume(v) => v.fmt(f),
            Cel::Getal(n) => n.fmt(f),
            Cel::Datum(d) => d.fmt(f),
        }
    }
}

impl Voorwaarde {
    /// The line's cell; `None` where it is empty.
    fn cel<'a>(&self, lijn: &Lijn<'a>) -> Option<Cel<'a>> {
        let (r, c) = (lijn.regel, lijn.controle);
        let d = c.dossier;
        let tekst = |t: &'a str| (!t.is_empty()).then_some(Cel::Tekst(Cow::Borrowed(t)));
        let code = |code: String| Some(Cel::Tekst(Cow::Owned(code)));
        match self.kolom {
            Kolom::DeclaratieNummer => tekst(d.declaratienummer(r)),
            Kolom::ReferentieNummer => tekst(d.referentie(r)),
            Kolom::VorigReferentieNummer => tekst(d.vorige_referentie(r)),
            Kolom::DeclaratieDagtekening => r.declaratie_dagtekening.map(Cel::Datum),
            Kolom::Ontvangstdatum => r.ontvangstdatum.map(Cel::Datum),
            Kolom::Gemeente => code(r.gemeente.to_string()),
            Kolom::Aanbieder => code(c.agb(r.aanbieder).to_string()),
            Kolom::ToewijzingNummer => tekst(d.toewijzingnummer(r.toewijzing_nummer)),
            Kolom::ProductCategorie => tekst(&lijn.product.categorie),
            Kolom::ProductCode => tekst(&lijn.product.code),
            Kolom::Begindatum => Some(Cel::Datum(r.begindatum)),
            Kolom::Einddatum => Some(Cel::Datum(r.einddatum)),
            Kolom::GeleverdVolume => Some(Cel::Volume(r.geleverd_volume)),
            Kolom::Eenheid => code(r.eenheid.to_string()),
            Kolom::ProductTarief => r.product_tarief.map(|t| Cel::Bedrag(t.bedrag())),
            Kolom::IngediendBedrag => Some(Cel::Bedrag(r.ingediend_bedrag)),
            Kolom::NoShow => Some(Cel::Getal(lijn.contact().no_show)),
            Kolom::NoShowMinuten => lijn.contact().no_show_minuten.map(Cel::Volume),
            Kolom::AfspraakMinuten => lijn.contact().afspraak_minuten.map(Cel::Volume),
            Kolom::ReistijdMinuten => lijn.contact().reistijd_minuten.map(Cel::Volume),
            Kolom::Gesprekken => lijn.contact().gesprekken.map(Cel::Getal),
            Kolom::Functie => tekst(d.woorden.tekst(lijn.contact().functie)),
            Kolom::Hulpverlener => tekst(d.woorden.tekst(lijn.contact().hulpverlener)),
            Kolom::Groep => tekst(d.woorden.tekst(lijn.contact().groep)),
            _ => None,
        }
    }

    fn geldt(&self, lijn: &Lijn<'_>) -> Result<bool, Reden> {
        let cel = self.cel(lijn);
        match self.als {
            Operator::IsLeeg => return Ok(cel.is_none()),
            Operator::IsGevuld => return Ok(cel.is_some()),
            _ => {}
        }
        // An empty text can be compared; an empty amount or date can't.
        let is_tekst = matches!(self.waarden.first(), Some(Cel::Tekst(_)));
        let leeg = || is_tekst.then_some(Cel::Tekst("".into()));
        let cel = cel.or_else(leeg).ok_or(Reden::KolomLeeg(self.kolom))?;
        let tekst_geldt = |toets: fn(&str, &str) -> bool| matches!((&cel, self.waarden.first()), (Cel::Tekst(a), Some(Cel::Tekst(b))) if toets(a, b));
        let waarde = self.waarden.first();
        Ok(match self.als {
            Operator::Is | Operator::In => self.waarden.contains(&cel),
            Operator::IsNiet => waarde != Some(&cel),
            Operator::GroterDan => waarde.is_some_and(|w| cel > *w),
            Operator::KleinerDan => waarde.is_some_and(|w| cel < *w),
            Operator::Minstens => waarde.is_some_and(|w| cel >= *w),
            Operator::Hoogstens => waarde.is_some_and(|w| cel <= *w),
            Operator::BegintMet => tekst_geldt(|a, b| a.starts_with(b)),
            Operator::Bevat => tekst_geldt(|a, b| a.contains(b)),
            Operator::IsLeeg | Operator::IsGevuld => false,
        })
    }

    fn in_woorden(&self, operator: &str) -> String {
        let waarden: Vec<String> = self.waarden.iter().map(Cel::to_string).collect();
        format!("{} {operator} {}", self.kolom, waarden.join(", ")).trim_end().to_owned()
    }
}

impl Eigencontrole {
    /// What the check says of one live line that isn't reversed.
    pub fn toets(&self, lijn: &Lijn<'_>, instelling: &Regelinstelling) -> Oordeel {
        let einddatum = lijn.regel.einddatum;
        if self.vanaf.is_some_and(|v| einddatum < v) || self.tot.is_some_and(|t| einddatum > t) {
            return Ok(Uitslag::NietVanToepassing);
        }
        for v in &self.voorwaarden {
            lijn.kolom(v.kolom)?;
        }
        // A condition that doesn't hold settles it, whatever an empty cell beside it might say.
        let gelden: Vec<Result<bool, Reden>> =
            self.voorwaarden.iter().map(|v| v.geldt(lijn)).collect();
        if gelden.contains(&Ok(false)) {
            return Ok(Uitslag::InOrde);
        }
        for geldt in gelden {
            geldt?;
        }
        let gevonden: Vec<String> = self
            .kolommen()
            .map(|v| match v.cel(lijn) {
                Some(cel) => format!("{} {cel}", v.kolom),
                None => format!("{} leeg", v.kolom),
            })
            .collect();
        let verwacht: Vec<String> =
            self.voorwaarden.iter().map(|v| v.in_woorden(v.als.anders())).collect();
        Ok(lijn
            .bevinding(self.ernst, instelling)
            .gevonden(gevonden.join("; "))
            .verwacht(verwacht.join(" of "))
            .toelichting(self.toelichting.clone().unwrap_or_default())
            .into())
    }

    /// The conditions, but only the first on each column.
    fn kolommen(&self) -> impl Iterator<Item = &Voorwaarde> {
        self.voorwaarden.iter().enumerate().filter_map(|(i, v)| {
            self.voorwaarden[..i].iter().all(|w| w.kolom != v.kolom).then_some(v)
        })
    }

    /// The rule that the engine runs. It lasts as long as the process; a check that is read twice is
    /// the same rule.
    pub fn regel(self) -> &'static Regel {
        static BEKEND: Mutex<Vec<(&'static Eigencontrole, &'static Regel)>> =
            Mutex::new(Vec::new());
        let mut bekend = BEKEND.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, regel)) = bekend.iter().find(|(controle, _)| **controle == self) {
            return regel;
        }
        let voorwaarden: Vec<String> =
            self.voorwaarden.iter().map(|v| v.in_woorden(v.als.zin())).collect();
        let periode = match (self.vanaf, self.tot) {
            (None, None) => String::new(),
            (Some(v), None) => format!(" Alleen regels met een Einddatum vanaf {v}."),
            (None, Some(t)) => format!(" Alleen regels met een Einddatum t/m {t}."),
            (Some(v), Some(t)) => format!(" Alleen regels met een Einddatum van {v} t/m {t}."),
        };
        let wat = format!(
            "Elke regel waarvoor dit geldt, is een {}: {}.{periode}",
            self.ernst.naam(),
            voorwaarden.join(" en ")
        );
        let mut waarom = "Dit is een eigen controle van wie de regelset maakte.".to_owned();
        if let Some(toelichting) = &self.toelichting {
            waarom += &format!(" {toelichting}");
        }
        let kolommen: Vec<&str> = self.kolommen().map(|v| v.kolom.naam()).collect();
        let nodig = kolommen.join(", ");
        let controle: &'static Eigencontrole = Box::leak(Box::new(self));
        let regel: &'static Regel = Box::leak(Box::new(Regel {
            code: &controle.code,
            titel: &controle.titel,
            wat: wat.leak(),
            waarom: waarom.leak(),
            nodig: nodig.leak(),
            parameters: &[],
            toets: Toets::Eigen(controle),
        }));
        bekend.push((controle, regel));
        regel
    }
}
