//! Claims that came in late.

pub mod laat_gedeclareerd;
pub mod te_laat;
pub mod te_laat_met_grond;

use crate::dossier::{Dag, Stand, WoordNr};
use crate::toetsing::{Aanbiedergroep, Lijn, Uitkomsten};
use hashbrown::HashSet;
use std::cell::LazyCell;

/// Why a late line may still be paid, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Grond {
    /// A dispute about the toewijzing.
    Dispuut,
    /// The gemeente sent the toewijzing late, and the line came soon after.
    ToewijzingLaat,
    /// The gemeente sent the toewijzing late, but the line came long after.
    ToewijzingLaatRegelLater,
    /// A line of the same delivery was in time and was taken back.
    Correctie,
}

/// Deliveries that first came in on time and were taken back.
struct Correcties<'a>(HashSet<(WoordNr, &'a str, Dag, Dag)>);

impl<'a> Correcties<'a> {
    fn van(groep: &'a Aanbiedergroep<'_>, dagen: i64) -> Correcties<'a> {
        let op_tijd = |l: &Lijn<'_>| l.regel.dagen_tot_ontvangst().is_some_and(|d| d <= dagen);
        let teruggenomen = groep.andere_lijnen().filter(|l| l.regel.stand == Stand::Teruggenomen);
        Correcties(teruggenomen.filter(op_tijd).map(|l| Self::sleutel(&l)).collect())
    }

    fn sleutel(lijn: &Lijn<'a>) -> (WoordNr, &'a str, Dag, Dag) {
        let r = lijn.regel;
        (r.toewijzing_nummer, &lijn.product.code, r.begindatum, r.einddatum)
    }

    fn bevat(&self, lijn: &Lijn<'a>) -> bool {
        self.0.contains(&Self::sleutel(lijn))
    }
}

/// A line that came in too late, by how many days, and the ground for exception, if any.
struct TeLaat<'a> {
    lijn: Lijn<'a>,
    dagen: i64,
    grond: Option<Grond>,
}

/// The limits that lateness is measured by.
struct Grenzen {
    /// Days after the month of delivery within which a claim must be in.
    dagen: i64,
    /// Days after the Ingangsdatum after which a toewijzing was sent late.
    toewijzing_laat_na: i64,
}

/// The late lines of an aanbieder; counts those that were tested and those that could not be.
fn te_late_regels<'a>(
    groep: &'a Aanbiedergroep<'_>,
    grenzen: &Grenzen,
    uit: &mut Uitkomsten,
) -> Vec<TeLaat<'a>> {
    // Few aanbieders have a late line: only for those it matters what was taken back.
    let correcties = LazyCell::new(|| Correcties::van(groep, grenzen.dagen));
    let laat = later_dan(groep, grenzen.dagen, uit);
    laat.map(|(lijn, dagen)| {
        let grond = grond(&lijn, grenzen, correcties.bevat(&lijn));
        TeLaat { lijn, dagen, grond }
    })
    .collect()
}

/// The lines that came in more than so many days after the month of delivery, and how many; counts
/// those that were tested and those that could not be.
fn later_dan<'a>(
    groep: &'a Aanbiedergroep<'_>,
    binnen: i64,
    uit: &mut Uitkomsten,
) -> impl Iterator<Item = (Lijn<'a>, i64)> {
    let ontvangsten = groep.ontvangsten();
    let mut getoetst = ontvangsten.dagen.len() as u64;
    for (reden, aantal) in &ontvangsten.onbekend {
        uit.niet_toetsbaar_keer(*reden, *aantal);
        getoetst -= aantal;
    }
    uit.getoetst += getoetst;
    let dagen = ontvangsten.dagen.iter().zip(groep.nummers());
    dagen.filter_map(move |(dagen, nr)| {
        let dagen = dagen.filter(|d| *d > binnen)?;
        Some((groep.controle.lijn(*nr), dagen))
    })
}

/// The ground that applies to a late line, if any.
fn grond(lijn: &Lijn<'_>, grenzen: &Grenzen, is_correctie: bool) -> Option<Grond> {
    let van_toewijzing = lijn.toewijzing().ok().and_then(|t| {
        if t.dispuut {
            return Some(Grond::Dispuut);
        }
        let laat =
            t.eerste_toewijzingsdatum > t.ingangsdatum.plus_dagen(grenzen.toewijzing_laat_na);
        let tijdig_erna = lijn
            .regel
            .ontvangstdatum
            .is_some_and(|o| o <= t.eerste_toewijzingsdatum.plus_dagen(grenzen.dagen));
        laat.then_some(if tijdig_erna {
            Grond::ToewijzingLaat
        } else {
            Grond::ToewijzingLaatRegelLater
        })
    });
    van_toewijzing.or(is_correctie.then_some(Grond::Correctie))
}
