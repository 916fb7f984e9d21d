//! Claims that came in late.

pub mod laat_gedeclareerd;
pub mod te_laat;
pub mod te_laat_met_grond;

use crate::dossier::{Dag, Kolom, Stand, WoordNr};
use crate::toetsing::{Aanbiedergroep, Lijn, Reden, Uitkomsten};
use hashbrown::HashSet;
use std::cell::LazyCell;

/// Days between the end of the month of delivery and receipt; negative when received before it.
fn dagen_te_laat(lijn: &Lijn<'_>) -> Result<i64, Reden> {
    lijn.kolom(Kolom::Ontvangstdatum)?;
    let ontvangst = lijn.regel.ontvangstdatum.ok_or(Reden::GeenOntvangstdatum)?;
    Ok(ontvangst.dagen_na(lijn.regel.einddatum.maandeinde()))
}

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
        Correcties(
            groep
                .lijnen()
                .filter(|l| l.regel.stand == Stand::Teruggenomen)
                .filter(|l| dagen_te_laat(l).is_ok_and(|d| d <= dagen))
                .map(|l| Self::sleutel(&l))
                .collect(),
        )
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
    let mut te_laat = Vec::new();
    for lijn in groep.tellende_lijnen() {
        match dagen_te_laat(&lijn) {
            Ok(dagen) => {
                uit.getoetst();
                if dagen > grenzen.dagen {
                    let grond = grond(&lijn, grenzen, correcties.bevat(&lijn));
                    te_laat.push(TeLaat { lijn, dagen, grond });
                }
            }
            Err(reden) => uit.niet_toetsbaar(reden),
        }
    }
    te_laat
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
