//! WV03: two places on one day.
//!
//! Lines that WV02 counts in that month are left out. Source: RTP 3.9.1.

use super::{etmalen, is_rond_pleegzorg, is_verblijf};
use crate::dossier::{Cent, Ernst, Volume, Vorm, half_omhoog};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Jeugdigegroep, Lijn, Reden, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "WV03",
    titel: "Twee plaatsen op één dag",
    wat: "Een jeugdige heeft in een maand twee of meer regels voor verblijf, samen met meer etmalen dan de maand dagen heeft. Eén onzekerheid per jeugdige en maand, tegen het laagste bedrag per etmaal.",
    waarom: "Een jeugdige verblijft hoogstens elk etmaal op één plaats.",
    nodig: "Volume in etmalen",
    about: Some(is_verblijf),
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

fn toets(groep: &Jeugdigegroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let van_belang = |l: &Lijn<'_>| is_verblijf(l.product) || is_rond_pleegzorg(l.product);
    for (maand, lijnen) in groep.per_maand(van_belang) {
        let pleegzorg = lijnen.iter().any(|l| l.product.vorm() == Some(Vorm::Pleegzorg));
        let verblijf: Vec<Lijn<'_>> = lijnen
            .into_iter()
            .filter(|l| is_verblijf(l.product))
            .filter(|l| !(pleegzorg && is_rond_pleegzorg(l.product)))
            .collect();
        if verblijf.is_empty() {
            continue;
        }
        let met_volume: Vec<(Lijn<'_>, Volume)> = verblijf
            .iter()
            .filter_map(|l| Some((*l, l.etmalen().ok()?)))
            .filter(|(_, v)| *v > Volume::NUL)
            .collect();
        if verblijf.iter().all(|l| l.etmalen().is_err()) {
            uit.niet_toetsbaar(Reden::GeenEtmalen);
            continue;
        }
        uit.getoetst();
        let som = Volume(met_volume.iter().map(|(_, v)| v.0).sum());
        let dagen = Volume::heel(maand.dagen());
        if met_volume.len() < 2 || som <= dagen {
            continue;
        }
        let goedkoopste = met_volume.iter().min_by(|(a, va), (b, vb)| {
            let links = i128::from(a.regel.ingediend_bedrag.0) * i128::from(vb.0);
            links.cmp(&(i128::from(b.regel.ingediend_bedrag.0) * i128::from(va.0)))
        });
        let Some((lijn, volume)) = goedkoopste else { continue };
        let boven = som.0 - dagen.0;
        let bedrag = i128::from(lijn.regel.ingediend_bedrag.0) * i128::from(boven);
        uit.bevinding(
            groep
                .bevinding(Ernst::Onzekerheid)
                .on_lines(met_volume.iter().map(|(l, _)| *l))
                .bedrag(Cent(half_omhoog(bedrag, i128::from(volume.0))))
                .gevonden(format!(
                    "{} verblijf op {} regels in {maand}",
                    etmalen(som),
                    met_volume.len()
                ))
                .verwacht(format!("hoogstens {}", etmalen(dagen)))
                .toelichting("Beoordeel welke aanbieder de plaats op de dubbele dagen leverde; het bedrag is tegen het laagste bedrag per etmaal."),
        );
    }
}
