//! OM01: turnover moved more than the contract's margin.
//!
//! Compares the live lines of the year with last year's `omzet` (without such a table: with last
//! year's live lines). A rise is corrected for the year's indexation. For 2023 the contract asks
//! for it (ID eis 38); for other years it is the region's own monitoring. Needs omzet of the year
//! before. Source: ID eis 38.

use crate::dossier::{Cent, Eenheid, Ernst, Omzetrij, Volume};
use crate::regelset::{Choice, Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Bevinding, Check, Onderwerp, Reden, Regel, Uitkomsten};
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeMap;

pub static REGEL: Regel = Regel {
    code: "OM01",
    titel: "Omzet verschoven buiten de marge",
    wat: "Per aanbieder wordt de omzet van het leverjaar (de levende regels) vergeleken met die van het jaar ervoor. Stijgt zij meer dan de marge na indexatie, of daalt zij meer dan de marge, dan is dat een signaal.",
    waarom: "Een ander inkoopmodel mag bij gelijkblijvende productie niet tot een bovenmatige stijging of daling leiden; de regio gaat daarover in gesprek.",
    nodig: "omzet van het jaar ervoor; voor de splitsing naar prijs en volume ook ProductCode en Volume daarin",
    parameters: &[MARGE.spec(), INDEXATIE.spec(), GRONDSLAG.spec()],
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

const MARGE: Parameter<Decimal> =
    Parameter::new("marge", "percentage dat de omzet mag stijgen of dalen");

const INDEXATIE: Parameter<Decimal> = Parameter::optional(
    "indexatie",
    "percentage waarmee de tarieven naar dit jaar zijn geïndexeerd",
);

const GRONDSLAG: Parameter<Grondslag> = Parameter::new(
    "grondslag",
    "of het contract deze vergelijking voor dit jaar voorschrijft, of de regio haar zelf maakt",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grondslag {
    Contract,
    Monitoring,
}

impl Choice for Grondslag {
    const WORDS: &'static [&'static str] = &["contract", "monitoring"];
    const CHOICES: &'static [Grondslag] = &[Grondslag::Contract, Grondslag::Monitoring];
}

/// Turnover of one aanbieder in two years.
struct Omzetten {
    nu: Cent,
    toen: Cent,
    /// Last year's rows, where the dossier has them.
    rijen: Vec<Omzetrij>,
    /// Production counts as unchanged within this share.
    marge: Decimal,
}

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let som = groep.jaarsom(c.jaar);
    let (nu, heeft_nu) = (som.unwrap_or_default(), som.is_some());
    let Some((toen, rijen)) = vorig_jaar(groep) else {
        if heeft_nu {
            uit.niet_toetsbaar(Reden::GeenOmzetVorigJaar);
        }
        return;
    };
    uit.getoetst();
    let dag = c.laatste_dag();
    let marge =
        instelling.get(&MARGE, dag).map(|v| v.value).unwrap_or_default() / Decimal::ONE_HUNDRED;
    let omzetten = Omzetten { nu, toen, rijen, marge };
    let geldende_indexatie = instelling.get(&INDEXATIE, dag);
    let indexatie = geldende_indexatie.map(|v| v.value);
    let groei = Decimal::ONE + indexatie.unwrap_or_default() / Decimal::ONE_HUNDRED;
    let (nu_d, toen_d) = (Decimal::from(nu.0), Decimal::from(toen.0));
    let omhoog = nu_d > (Decimal::ONE + marge) * toen_d * groei;
    let omlaag = nu_d < (Decimal::ONE - marge) * toen_d;
    if !omhoog && !omlaag {
        return;
    }
    let procent = procenten(marge);
    let index = match indexatie {
        Some(i) => format!("{}% indexatie", als_tekst(i)),
        None => "0% indexatie".to_owned(),
    };
    let mut b = Bevinding::nieuw(Ernst::Signaal, Onderwerp::Aanbieder(groep.nr))
        .bedrag(if omhoog { nu - toen } else { Cent::NUL })
        .gemeten(nu, toen)
        .gevonden(omzetten.verandering(groep))
        .verwacht(if omhoog {
            format!("hoogstens {procent} stijging, na {index}")
        } else {
            format!("hoogstens {procent} daling")
        });
    if omhoog {
        b = match geldende_indexatie {
            Some(geldig) => b.ook(&format!("Indexatie volgens {}.", geldig.bron)),
            _ => {
                b.ook(&format!("Voor {} is geen indexatie bekend; er is met 0% gerekend.", c.jaar))
            }
        };
    }
    if instelling.at(&GRONDSLAG, dag) == Grondslag::Monitoring {
        b = b.ook("Voor dit leverjaar is dit eigen monitoring van de regio, geen contracteis.");
    }
    uit.bevinding(b);
}

/// Last year's turnover: from `omzet`, or from the lines where the dossier has no such table.
fn vorig_jaar(groep: &Aanbiedergroep<'_>) -> Option<(Cent, Vec<Omzetrij>)> {
    let jaar = groep.controle.jaar - 1;
    match &groep.controle.dossier.omzet {
        Some(_) => {
            let rijen: Vec<Omzetrij> =
                groep.controle.omzet_van(groep.aanbieder.agb, jaar).cloned().collect();
            (!rijen.is_empty()).then(|| (rijen.iter().map(|o| o.omzet).sum(), rijen))
        }
        None => groep.jaarsom(jaar).map(|som| (som, Vec::new())),
    }
}

impl Omzetten {
    fn verandering(&self, groep: &Aanbiedergroep<'_>) -> String {
        let jaar = groep.controle.jaar;
        let begin = format!("{} in {jaar} tegen {} in {}", self.nu, self.toen, jaar - 1);
        if self.toen == Cent::NUL {
            return begin;
        }
        let verschil = Decimal::from(self.nu.0) / Decimal::from(self.toen.0) - Decimal::ONE;
        match self.splitsing(groep) {
            None => format!("{begin}: {}", met_teken(verschil)),
            Some(s) => format!(
                "{begin}: {}, waarvan volume {}{} en prijs {}{}",
                met_teken(verschil),
                met_teken(s.volume),
                s.mix.map(|mix| format!(" (mix {})", met_teken(mix))).unwrap_or_default(),
                met_teken(s.prijs),
                if s.volume.abs() <= self.marge { "; bij gelijkblijvende productie" } else { "" }
            ),
        }
    }

    /// Price, volume and mix, where last year's volume is known for every product of last year.
    fn splitsing(&self, groep: &Aanbiedergroep<'_>) -> Option<Splitsing> {
        let mut toen: BTreeMap<&str, (Cent, Volume)> = BTreeMap::new();
        for r in &self.rijen {
            let volume = r.volume.filter(|v| v.0 > 0 && !r.product_code.is_empty())?;
            let plek = toen.entry(&r.product_code).or_default();
            *plek = (plek.0 + r.omzet, Volume(plek.1.0 + volume.0));
        }
        if toen.is_empty() {
            return None;
        }
        let mut nu: BTreeMap<&str, Volume> = BTreeMap::new();
        let mut eenheden: Vec<Eenheid> = Vec::new();
        for l in groep.tellende_lijnen() {
            if !eenheden.contains(&l.regel.eenheid) {
                eenheden.push(l.regel.eenheid);
            }
            let plek = nu.entry(&l.product.code).or_default();
            *plek = Volume(plek.0 + l.regel.geleverd_volume.0);
        }
        let tegen_oude_prijs: Decimal = nu
            .iter()
            .filter_map(|(code, volume)| {
                let (omzet, oud) = toen.get(code)?;
                Some(Decimal::from(volume.0) * Decimal::from(omzet.0) / Decimal::from(oud.0))
            })
            .sum();
        let oud_volume: i64 = toen.values().map(|(_, v)| v.0).sum();
        let nieuw_volume: i64 = nu.values().map(|v| v.0).sum();
        let volume = tegen_oude_prijs / Decimal::from(self.toen.0) - Decimal::ONE;
        let hoeveelheid = Decimal::from(nieuw_volume) / Decimal::from(oud_volume) - Decimal::ONE;
        let prijs = (Decimal::from(self.nu.0) - tegen_oude_prijs) / Decimal::from(self.toen.0);
        // Volumes of different units don't add up: then the mix can't be told from the quantity.
        let mix = (eenheden.len() == 1).then(|| volume - hoeveelheid);
        Some(Splitsing { volume, mix, prijs })
    }
}

/// Shares of last year's turnover: price and volume add up to the change, mix is part of volume.
struct Splitsing {
    volume: Decimal,
    mix: Option<Decimal>,
    prijs: Decimal,
}

fn procenten(deel: Decimal) -> String {
    format!("{}%", als_tekst(deel * Decimal::ONE_HUNDRED))
}

fn met_teken(deel: Decimal) -> String {
    let p = (deel * Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    let teken = if p.is_sign_positive() && !p.is_zero() { "+" } else { "" };
    format!("{teken}{}%", format!("{p:.1}").replace('.', ","))
}

fn als_tekst(d: Decimal) -> String {
    d.normalize().to_string().replace('.', ",")
}
