//! ZL03: more than was bought.
//!
//! Trajectories by the running number of jeugdigen (or of pieces), places by the number of jeugdigen
//! in a month, each against what the agreements that cover the line bought together. Source: P5
//! format 10.

use super::{afspraken_met_einde, dekt};
use crate::dossier::{Afspraak, Afspraaksoort, Bsn, Eenheid, Ernst, RegelNr, Volume};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Lijn, Reden, Regel, Uitkomsten};
use std::collections::BTreeMap;

pub static REGEL: Regel = Regel {
    code: "ZL03",
    titel: "Meer dan ingekocht",
    wat: "Per aanbieder, gemeente en productcode wordt in volgorde geteld hoeveel jeugdigen (of stuks) onder een afspraak vallen. Bij trajecten is elke regel van een jeugdige boven het ingekochte aantal een fout; bij plaatsen elke regel van een jeugdige boven het aantal in die maand een onzekerheid.",
    waarom: "De gemeente betaalt het aantal dat zij heeft ingekocht.",
    nodig: "afspraken; Bsn of een volume in stuks",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let mut per_sleutel: BTreeMap<_, Vec<RegelNr>> = BTreeMap::new();
    for l in groep.lijnen().filter(|l| l.regel.telt_mee()) {
        if c.is_beschikkingsvrij(l.regel.product) {
            let sleutel = (l.regel.gemeente, l.product.code.as_str());
            per_sleutel.entry(sleutel).or_default().push(l.nr());
        }
    }
    for mut regels in per_sleutel.into_values() {
        regels.sort_unstable_by(|a, b| c.dossier.vergelijk(*a, *b));
        let lijnen: Vec<Lijn<'_>> = regels.iter().map(|nr| c.lijn(*nr)).collect();
        for (i, lijn) in lijnen.iter().enumerate() {
            if !c.in_leverjaar(lijn.regel) {
                continue;
            }
            let afspraken = match afspraken_met_einde(lijn) {
                Ok(afspraken) => afspraken.unwrap_or_default(),
                Err(reden) => {
                    uit.niet_toetsbaar(reden);
                    continue;
                }
            };
            for soort in [Afspraaksoort::Trajecten, Afspraaksoort::Plaatsen] {
                let dekkend: Vec<&Afspraak> = afspraken
                    .iter()
                    .copied()
                    .filter(|a| a.soort == soort && dekt(a, lijn))
                    .collect();
                if !dekkend.is_empty() {
                    toets_lijn(&lijnen, i, soort, &dekkend, instelling, uit);
                }
            }
        }
    }
}

/// Sets line `i` against what these agreements, which all cover it, bought together.
fn toets_lijn(
    lijnen: &[Lijn<'_>],
    i: usize,
    soort: Afspraaksoort,
    dekkend: &[&Afspraak],
    _: &Regelinstelling,
    uit: &mut Uitkomsten,
) {
    let lijn = &lijnen[i];
    // Places are counted by who is in them, whatever the unit.
    let in_stuks = soort == Afspraaksoort::Trajecten && is_in_stuks(lijn);
    if lijn.regel.bsn == Bsn::GEEN && !in_stuks {
        return uit.niet_toetsbaar(Reden::GeenBsn);
    }
    uit.getoetst();
    let telt = |l: &&Lijn<'_>| {
        dekkend.iter().any(|a| dekt(a, l))
            && (soort == Afspraaksoort::Trajecten || l.maand() == lijn.maand())
    };
    let tot_en_met = lijnen[..=i].iter().filter(telt);
    let geteld = match (soort, in_stuks) {
        (Afspraaksoort::Trajecten, true) => stuks(tot_en_met.filter(|l| is_in_stuks(l))),
        (Afspraaksoort::Trajecten, false) => rang(tot_en_met.filter(|l| !is_in_stuks(l)), lijn),
        (Afspraaksoort::Plaatsen, _) => rang(tot_en_met, lijn),
    };
    let ingekocht = Volume(dekkend.iter().map(|a| a.aantal.0).sum());
    if geteld <= ingekocht {
        return;
    }
    let (ernst, wat) = match soort {
        Afspraaksoort::Trajecten => (Ernst::Fout, "trajecten"),
        Afspraaksoort::Plaatsen => (Ernst::Onzekerheid, "plaatsen"),
    };
    let teller = if in_stuks { "stuks" } else { "jeugdigen" };
    let mut b = lijn
        .bevinding(ernst)
        .gevonden(match soort {
            Afspraaksoort::Trajecten => format!("{geteld} {teller} tot en met deze"),
            Afspraaksoort::Plaatsen => format!("{geteld} {teller} in {}", lijn.maand()),
        })
        .verwacht(format!("hoogstens {ingekocht} ingekochte {wat}"));
    if soort == Afspraaksoort::Plaatsen {
        b = b.toelichting(
            "Beoordeel of plaatsen in deze maand na elkaar door meer jeugdigen zijn gebruikt.",
        );
    }
    uit.bevinding(b);
}

fn is_in_stuks(lijn: &Lijn<'_>) -> bool {
    matches!(lijn.regel.eenheid, Eenheid::STUKS_OUTPUT | Eenheid::STUKS_INSPANNING)
}

/// The pieces on these lines.
fn stuks<'l, 'a: 'l>(lijnen: impl Iterator<Item = &'l Lijn<'a>>) -> Volume {
    Volume(lijnen.map(|l| l.regel.geleverd_volume.0).sum())
}

/// The rank of the line's jeugdige among those on these lines, in order.
fn rang<'l, 'a: 'l>(lijnen: impl Iterator<Item = &'l Lijn<'a>>, lijn: &Lijn<'_>) -> Volume {
    let mut gezien: Vec<Bsn> = Vec::new();
    for bsn in lijnen.map(|l| l.regel.bsn).filter(|bsn| *bsn != Bsn::GEEN) {
        if !gezien.contains(&bsn) {
            gezien.push(bsn);
        }
    }
    let rang = gezien.iter().position(|b| *b == lijn.regel.bsn).map_or(0, |p| p + 1);
    Volume::heel(rang as i64)
}
