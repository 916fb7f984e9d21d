//! From the errors in a sample to an estimate of those in the population.
//!
//! Errors that make a line too high, too low or uncertain are estimated each by itself, never
//! netted. With MUS the projection is Σ taint × interval and the bound is Stringer's; with lines by
//! lot the mean error of a line times the number of lines, by stratum, with an interval from
//! Student's t.

use super::gecontroleerd::{Afwijking, Gecontroleerd};
use super::kansen::Zekerheid;
use super::opzet::Methode;
use super::trekking::{Hoe, Laag, Steekproef};
use crate::dossier::Cent;

/// What errors of one kind come to. Of a line that was taken whole, and of what was found in the
/// sample, the amounts are exact; the others are estimates, rounded to cents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schatting {
    pub afwijking: Afwijking,
    /// Lines of the sample with such an error.
    pub regels: u64,
    /// Sum of those errors.
    pub gevonden: Cent,
    /// Of which in lines that were taken whole.
    pub in_heel: Cent,
    /// Estimate for the population, `in_heel` included.
    pub geprojecteerd: Cent,
    /// With MUS: interval × R(0), what a sample without errors leaves possible.
    pub basisprecisie: Option<Cent>,
    /// With MUS: what the errors found add to the bound, besides themselves.
    pub toeslag: Option<Cent>,
    /// With lines by lot: the lower end of the interval; never less than what was found.
    pub ondergrens: Option<Cent>,
    /// `None` where this sample can't give one.
    pub bovengrens: Option<Cent>,
}

/// What a stratum adds to the estimates, in the order of [`Afwijking::ALLE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laagschatting {
    pub laag: Laag,
    pub gevonden: [Cent; 3],
    pub geprojecteerd: [Cent; 3],
}

/// The outcome of a sample.
#[derive(Clone, Debug)]
pub struct Evaluatie {
    pub zekerheid: Zekerheid,
    /// In the order of [`Afwijking::ALLE`].
    pub schattingen: [Schatting; 3],
    pub lagen: Vec<Laagschatting>,
    /// What the reader must know of these estimates, in Dutch sentences.
    pub opmerkingen: Vec<String>,
}

/// Fewer wrong lines than this make an interval from Student's t too narrow to rely on.
const GENOEG_FOUTEN: u64 = 20;

impl Evaluatie {
    /// Estimates from what was found on each line of the sample, in the sample's order.
    pub fn maak(
        steekproef: &Steekproef<'_>,
        gecontroleerd: &[Gecontroleerd],
        zekerheid: Zekerheid,
    ) -> Evaluatie {
        let waarnemingen: Vec<Waarneming> = steekproef
            .posten
            .iter()
            .zip(gecontroleerd)
            .map(|(post, g)| Waarneming {
                laag: post.laag,
                hoe: post.hoe,
                bedrag: post.bedrag,
                afwijking: g.afwijking,
            })
            .collect();
        schat(
            steekproef.opzet.methode,
            steekproef.interval,
            &steekproef.lagen,
            &waarnemingen,
            zekerheid,
        )
    }
}

/// One line of the sample, as far as an estimate needs it.
#[derive(Clone, Copy, Debug)]
struct Waarneming {
    laag: usize,
    hoe: Hoe,
    bedrag: Cent,
    afwijking: Option<(Afwijking, Cent)>,
}

impl Waarneming {
    fn fout(&self, soort: Afwijking) -> Cent {
        self.afwijking.filter(|(s, _)| *s == soort).map_or(Cent::NUL, |(_, bedrag)| bedrag)
    }
}

fn schat(
    methode: Methode,
    interval: Option<Cent>,
    lagen: &[Laag],
    waarnemingen: &[Waarneming],
    zekerheid: Zekerheid,
) -> Evaluatie {
    let schatting = |soort| match methode {
        Methode::Mus => mus(interval, lagen, waarnemingen, zekerheid, soort),
        Methode::Aselect | Methode::Gestratificeerd(_) => {
            per_regel(lagen, waarnemingen, zekerheid, soort)
        }
    };
    let schattingen = Afwijking::ALLE.map(schatting);
    let per_laag = |soort, nr: usize| {
        let van_laag: Vec<Waarneming> =
            waarnemingen.iter().filter(|w| w.laag == nr).copied().collect();
        let gevonden: Cent = van_laag.iter().map(|w| w.fout(soort)).sum();
        let geprojecteerd = match methode {
            Methode::Mus => van_laag.iter().map(|w| projectie(w, interval, soort)).sum(),
            _ => lagen[nr].regels as f64 * gemiddelde(&van_laag, soort),
        };
        (gevonden, rond(geprojecteerd))
    };
    let lagen_geschat = lagen
        .iter()
        .enumerate()
        .map(|(nr, laag)| {
            let beide = Afwijking::ALLE.map(|soort| per_laag(soort, nr));
            Laagschatting {
                laag: laag.clone(),
                gevonden: beide.map(|(g, _)| g),
                geprojecteerd: beide.map(|(_, p)| p),
            }
        })
        .collect();
    let opmerkingen = opmerkingen(methode, lagen, waarnemingen, zekerheid, &schattingen);
    Evaluatie { zekerheid, schattingen, lagen: lagen_geschat, opmerkingen }
}

fn rond(centen: f64) -> Cent {
    Cent(centen.round() as i64)
}

fn centen(c: Cent) -> f64 {
    c.0 as f64
}

/// The errors of this kind in lines of the sample, of what amount.
fn opgeteld(waarnemingen: &[Waarneming], soort: Afwijking) -> (u64, Cent, Cent) {
    let fouten = || waarnemingen.iter().filter(|w| w.fout(soort) > Cent::NUL);
    let heel = fouten().filter(|w| w.hoe == Hoe::Heel).map(|w| w.fout(soort)).sum();
    (fouten().count() as u64, fouten().map(|w| w.fout(soort)).sum(), heel)
}

/// What one line adds to the projection of MUS.
fn projectie(w: &Waarneming, interval: Option<Cent>, soort: Afwijking) -> f64 {
    match w.hoe {
        Hoe::Heel => centen(w.fout(soort)),
        Hoe::Getrokken { keer } => f64::from(keer) * taint(w, soort) * interval.map_or(0.0, centen),
    }
}

/// The error as a part of the line's amount; a line that can be drawn by its cents has one.
fn taint(w: &Waarneming, soort: Afwijking) -> f64 {
    centen(w.fout(soort)) / centen(w.bedrag)
}

/// Stringer's bound: interval × (R(0) + Σ tᵢ × (R(i) − R(i−1))), the largest taint first, plus the
/// errors in lines that were taken whole. It never passes what there is to be wrong.
fn mus(
    interval: Option<Cent>,
    lagen: &[Laag],
    waarnemingen: &[Waarneming],
    zekerheid: Zekerheid,
    soort: Afwijking,
) -> Schatting {
    let (regels, gevonden, in_heel) = opgeteld(waarnemingen, soort);
    let geprojecteerd: f64 = waarnemingen.iter().map(|w| projectie(w, interval, soort)).sum();
    let mut uit = Schatting {
        afwijking: soort,
        regels,
        gevonden,
        in_heel,
        geprojecteerd: rond(geprojecteerd),
        basisprecisie: Some(Cent::NUL),
        toeslag: Some(Cent::NUL),
        ondergrens: None,
        bovengrens: Some(in_heel),
    };
    let Some(interval) = interval.map(centen) else {
        return uit;
    };
    let mut taints: Vec<f64> = Vec::new();
    for w in waarnemingen.iter().filter(|w| w.fout(soort) > Cent::NUL) {
        if let Hoe::Getrokken { keer } = w.hoe {
            taints.extend(std::iter::repeat_n(taint(w, soort), keer as usize));
        }
    }
    taints.sort_by(|a, b| b.total_cmp(a));
    let factor = |j| zekerheid.poissonfactor(j);
    let basis = interval * factor(0);
    let extra: f64 = taints
        .iter()
        .enumerate()
        .map(|(i, t)| t * (factor(i + 1) - factor(i) - 1.0) * interval)
        .sum();
    uit.basisprecisie = Some(rond(basis));
    uit.toeslag = Some(rond(extra));
    let grens = rond(geprojecteerd + basis + extra);
    uit.bovengrens = match soort {
        // The basic precision supposes that a cent is wrong by a cent at most.
        Afwijking::TeLaag if taints.first().is_some_and(|t| *t > 1.0) => None,
        Afwijking::TeLaag => Some(grens),
        Afwijking::TeHoog | Afwijking::Onzeker => {
            let getrokken = lagen.last().map_or(Cent::NUL, |l| l.bedrag);
            Some(grens.min(in_heel + getrokken))
        }
    };
    uit
}

fn gemiddelde(waarnemingen: &[Waarneming], soort: Afwijking) -> f64 {
    let som: Cent = waarnemingen.iter().map(|w| w.fout(soort)).sum();
    centen(som) / (waarnemingen.len() as f64).max(1.0)
}

/// Mean error of a line × lines, by stratum; the standard error from the spread within each, with
/// the correction for a finite population, and Satterthwaite's degrees of freedom.
fn per_regel(
    lagen: &[Laag],
    waarnemingen: &[Waarneming],
    zekerheid: Zekerheid,
    soort: Afwijking,
) -> Schatting {
    let (regels, gevonden, in_heel) = opgeteld(waarnemingen, soort);
    let (mut som, mut variantie, mut noemer) = (0.0, 0.0, 0.0);
    let mut alles_gezien = true;
    for (nr, laag) in lagen.iter().enumerate() {
        let van_laag: Vec<Waarneming> =
            waarnemingen.iter().filter(|w| w.laag == nr).copied().collect();
        let gemiddeld = gemiddelde(&van_laag, soort);
        let (heel, n) = (laag.regels as f64, van_laag.len() as f64);
        som += heel * gemiddeld;
        if laag.in_steekproef == laag.regels {
            continue;
        }
        alles_gezien = false;
        let afstand = |w: &Waarneming| (centen(w.fout(soort)) - gemiddeld).powi(2);
        let spreiding = van_laag.iter().map(afstand).sum::<f64>() / (n - 1.0);
        let deel = heel * (heel - n) / n * spreiding;
        variantie += deel;
        noemer += deel * deel / (n - 1.0);
    }
    let geprojecteerd = rond(som);
    let (ondergrens, bovengrens) = if alles_gezien {
        (Some(geprojecteerd), Some(geprojecteerd))
    } else if variantie > 0.0 {
        let marge = zekerheid.tweezijdig(variantie * variantie / noemer) * variantie.sqrt();
        (Some(rond(som - marge).max(gevonden)), Some(rond(som + marge)))
    } else {
        (None, None)
    };
    Schatting {
        afwijking: soort,
        regels,
        gevonden,
        in_heel,
        geprojecteerd,
        basisprecisie: None,
        toeslag: None,
        ondergrens,
        bovengrens,
    }
}

fn opmerkingen(
    methode: Methode,
    lagen: &[Laag],
    waarnemingen: &[Waarneming],
    zekerheid: Zekerheid,
    schattingen: &[Schatting; 3],
) -> Vec<String> {
    let mut zinnen = Vec::new();
    let alles_gezien = lagen.iter().all(|l| l.in_steekproef == l.regels);
    match methode {
        Methode::Mus => {
            if schattingen[1].bovengrens.is_none() {
                zinnen.push("Een regel is meer dan het dubbele waard van wat is gedeclareerd: een bovengrens voor te laag gedeclareerd geeft deze methode dan niet.".to_owned());
            }
            zinnen.push("Te laag gedeclareerd is met mus slecht te vinden: wat te laag is, heeft een kleinere kans om getrokken te worden, en een regel van € 0,00 heeft er geen.".to_owned());
        }
        _ if alles_gezien => {
            zinnen.push("Alle regels zijn gecontroleerd: er is niets te schatten.".to_owned());
        }
        _ => {
            let fouten = waarnemingen.iter().filter(|w| w.afwijking.is_some()).count() as u64;
            if fouten == 0 && methode == Methode::Aselect {
                let aandeel = zekerheid.hoogste_aandeel_zonder_fout(waarnemingen.len() as u64);
                let procent = format!("{:.1}", aandeel * 100.0).replace('.', ",");
                zinnen.push(format!("Er zijn geen afwijkingen gevonden. Een bovengrens in euro's geeft deze methode dan niet; met een zekerheid van {zekerheid} is hoogstens {procent}% van de regels fout of onzeker."));
            } else if fouten == 0 {
                zinnen.push("Er zijn geen afwijkingen gevonden. Een bovengrens in euro's geeft deze methode dan niet; mus geeft die wel.".to_owned());
            } else if schattingen.iter().any(|s| (1..GENOEG_FOUTEN).contains(&s.regels)) {
                zinnen.push(format!("Onder- en bovengrens rusten op minder dan {GENOEG_FOUTEN} afwijkende regels van een soort; ze zijn dan niet betrouwbaar en meestal te nauw."));
            }
        }
    }
    zinnen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::random::{Stroom, Worp};
    use crate::steekproef::opzet::Per;

    fn laag(naam: &str, regels: u64, bedrag: i64, in_steekproef: u64) -> Laag {
        Laag { naam: naam.to_owned(), regels, bedrag: Cent(bedrag), in_steekproef }
    }

    fn regel(laag: usize, hoe: Hoe, bedrag: i64, fout: i64, soort: Afwijking) -> Waarneming {
        let afwijking = (fout > 0).then_some((soort, Cent(fout)));
        Waarneming { laag, hoe, bedrag: Cent(bedrag), afwijking }
    }

    const EEN: Hoe = Hoe::Getrokken { keer: 1 };

    /// Interval € 1.000. Taints: 50 of 100 = 0,5 and 20 of 200 = 0,1, the second drawn twice; a
    /// whole line that is € 300 too high. Projection 500 + 2 × 100 + 300 = € 1.000. At 95% the
    /// factors are 2,99573, 4,74386, 6,29579 and 7,75366: steps of 1,74813, 1,55193 and 1,45787, so
    /// the bound is 300 + 1.000 × (2,99573 + 0,5 × 1,74813 + 0,1 × 1,55193 + 0,1 × 1,45787).
    #[test]
    fn a_mus_sample_that_can_be_worked_out_by_hand() {
        let lagen = [laag("heel", 1, 500_000, 1), laag("getrokken", 1_000, 10_000_000, 99)];
        let soort = Afwijking::TeHoog;
        let waarnemingen = [
            regel(0, Hoe::Heel, 500_000, 30_000, soort),
            regel(1, EEN, 10_000, 5_000, soort),
            regel(1, Hoe::Getrokken { keer: 2 }, 20_000, 2_000, soort),
            regel(1, EEN, 70_000, 0, soort),
        ];
        let uit =
            schat(Methode::Mus, Some(Cent(100_000)), &lagen, &waarnemingen, Zekerheid::GEWOON);
        let hoog = &uit.schattingen[0];
        assert_eq!((hoog.regels, hoog.gevonden, hoog.in_heel), (3, Cent(37_000), Cent(30_000)));
        assert_eq!(hoog.geprojecteerd, Cent(100_000));
        assert_eq!(hoog.basisprecisie, Some(Cent(299_573)));
        // 0,5 × 0,74813 + 0,1 × 0,55193 + 0,1 × 0,45787 = 0,475045
        assert_eq!(hoog.toeslag, Some(Cent(47_505)));
        assert_eq!(hoog.bovengrens, Some(Cent(447_078)));
        // Nothing of the other kinds: only the basic precision.
        assert_eq!(uit.schattingen[2].bovengrens, Some(Cent(299_573)));
        assert_eq!(uit.lagen[0].geprojecteerd[0], Cent(30_000));
        assert_eq!(uit.lagen[1].geprojecteerd[0], Cent(70_000));
    }

    #[test]
    fn too_low_and_too_high_are_never_netted() {
        let lagen = [laag("heel", 0, 0, 0), laag("getrokken", 10, 100_000, 2)];
        let waarnemingen = [
            regel(1, EEN, 1_000, 500, Afwijking::TeHoog),
            regel(1, EEN, 1_000, 500, Afwijking::TeLaag),
        ];
        let uit = schat(Methode::Mus, Some(Cent(50_000)), &lagen, &waarnemingen, Zekerheid::GEWOON);
        assert_eq!(uit.schattingen[0].geprojecteerd, Cent(25_000));
        assert_eq!(uit.schattingen[1].geprojecteerd, Cent(25_000));
        // What is declared can't be more too high than it is.
        assert_eq!(uit.schattingen[0].bovengrens, Some(Cent(100_000)));
        assert!(uit.schattingen[1].bovengrens > Some(Cent(100_000)));
        let dubbel = [regel(1, EEN, 1_000, 1_001, Afwijking::TeLaag)];
        let uit = schat(Methode::Mus, Some(Cent(50_000)), &lagen, &dubbel, Zekerheid::GEWOON);
        assert_eq!(uit.schattingen[1].bovengrens, None);
    }

    /// All lines whole: what was found is what there is.
    #[test]
    fn without_an_interval_nothing_is_estimated() {
        let lagen = [laag("heel", 2, 3_000, 2), laag("getrokken", 0, 0, 0)];
        let soort = Afwijking::Onzeker;
        let waarnemingen =
            [regel(0, Hoe::Heel, 2_000, 700, soort), regel(0, Hoe::Heel, 1_000, 0, soort)];
        let s = schat(Methode::Mus, None, &lagen, &waarnemingen, Zekerheid::GEWOON);
        assert_eq!(s.schattingen[2].bovengrens, Some(Cent(700)));
        assert_eq!(s.schattingen[2].geprojecteerd, Cent(700));
    }

    /// Errors 0, 0, 10, 30 in 4 of 100 lines: mean 10, so 1.000; s² = (100 + 100 + 0 + 400) / 3 =
    /// 200; variance 100 × 96 / 4 × 200 = 480.000, standard error 692,82; t(3; 97,5%) = 3,18245, so
    /// the margin is 2.204,86. The lower end is what was found.
    #[test]
    fn lines_by_lot_that_can_be_worked_out_by_hand() {
        let lagen = [laag("alle regels", 100, 100_000, 4)];
        let waarnemingen = [0, 0, 10, 30].map(|fout| regel(0, EEN, 1_000, fout, Afwijking::TeHoog));
        let uit = schat(Methode::Aselect, None, &lagen, &waarnemingen, Zekerheid::GEWOON);
        let hoog = &uit.schattingen[0];
        assert_eq!(hoog.geprojecteerd, Cent(1_000));
        assert_eq!((hoog.ondergrens, hoog.bovengrens), (Some(Cent(40)), Some(Cent(3_205))));
        assert!(uit.opmerkingen[0].contains("minder dan 20"), "{:?}", uit.opmerkingen);
        assert_eq!(uit.schattingen[1].bovengrens, None);
    }

    /// A: errors 0 and 20 in 2 of 10: mean 10, total 100, s² = 200, part 10 × 8 / 2 × 200 = 8.000.
    /// B: all 2 lines seen, error 7. C: errors 6 and 6 in 2 of 50: total 300 and no spread. Together
    /// 407; one degree of freedom: t(97,5%) = 12,7062, margin 12,7062 × √8.000 = 1.136,48.
    #[test]
    fn strata_add_up() {
        let lagen = [laag("a", 10, 0, 2), laag("b", 2, 0, 2), laag("c", 50, 0, 2)];
        let fouten = [(0, 0), (0, 20), (1, 7), (1, 0), (2, 6), (2, 6)];
        let waarnemingen =
            fouten.map(|(laag, fout)| regel(laag, EEN, 100, fout, Afwijking::TeHoog));
        let methode = Methode::Gestratificeerd(Per::Onderdeel);
        let uit = schat(methode, None, &lagen, &waarnemingen, Zekerheid::GEWOON);
        let hoog = &uit.schattingen[0];
        assert_eq!(hoog.geprojecteerd, Cent(407));
        assert_eq!((hoog.ondergrens, hoog.bovengrens), (Some(Cent(39)), Some(Cent(1_543))));
        let per_laag: Vec<Cent> = uit.lagen.iter().map(|l| l.geprojecteerd[0]).collect();
        assert_eq!(per_laag, [Cent(100), Cent(7), Cent(300)]);
    }

    #[test]
    fn without_an_error_only_mus_gives_a_bound_in_euros() {
        let lagen = [laag("alle regels", 1_000, 100_000, 59)];
        let waarnemingen = [regel(0, EEN, 100, 0, Afwijking::TeHoog); 59];
        let uit = schat(Methode::Aselect, None, &lagen, &waarnemingen, Zekerheid::GEWOON);
        assert_eq!(uit.schattingen[0].bovengrens, None);
        assert!(
            uit.opmerkingen[0].contains("hoogstens 5,0% van de regels"),
            "{:?}",
            uit.opmerkingen
        );
    }

    /// 400 lines with known errors, 4.000 samples: the mean of the projections is the true error.
    /// Draws and estimates are the real ones; only the population is made up.
    #[test]
    fn on_average_every_method_projects_the_true_error_and_mus_seldom_stays_below_it() {
        use crate::steekproef::trekking::proef;
        let mut worp = Worp::nieuw(1, Stroom::Steekproef, 99);
        let bedragen: Vec<Cent> =
            (0..400).map(|_| Cent(worp.tussen(1, 200) * worp.tussen(1, 200))).collect();
        let fouten: Vec<Cent> = bedragen
            .iter()
            .map(|b| if worp.kans(15) { Cent(worp.tussen(1, b.0)) } else { Cent::NUL })
            .collect();
        let echt: Cent = fouten.iter().copied().sum();
        for methode in [Methode::Mus, Methode::Aselect, Methode::Gestratificeerd(Per::Onderdeel)] {
            const KEREN: u64 = 4_000;
            let (mut som, mut kwadraten, mut gedekt) = (0.0, 0.0, 0_u64);
            for zaad in 0..KEREN {
                let g = proef(&bedragen, methode, 40, zaad);
                let waarnemingen: Vec<Waarneming> = g
                    .posten
                    .into_iter()
                    .map(|(p, l, hoe)| regel(l, hoe, bedragen[p].0, fouten[p].0, Afwijking::TeHoog))
                    .collect();
                let uit = schat(methode, g.interval, &g.lagen, &waarnemingen, Zekerheid::GEWOON);
                let hoog = &uit.schattingen[0];
                som += centen(hoog.geprojecteerd);
                kwadraten += centen(hoog.geprojecteerd).powi(2);
                gedekt += u64::from(hoog.bovengrens.is_some_and(|b| b >= echt));
            }
            let gemiddeld = som / KEREN as f64;
            let spreiding = (kwadraten / KEREN as f64 - gemiddeld * gemiddeld).sqrt();
            let standaardfout = spreiding / (KEREN as f64).sqrt();
            let afstand = (gemiddeld - centen(echt)) / standaardfout;
            assert!(afstand.abs() < 3.0, "{methode:?}: {gemiddeld} for {echt}: {afstand}");
            if methode == Methode::Mus {
                assert!(gedekt * 100 >= KEREN * 95, "{gedekt} of {KEREN}");
            }
        }
    }
}
