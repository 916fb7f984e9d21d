//! ED02: more minutes of dyslexia care than the guideline.
//!
//! Per jeugdige and aanbieder over all years, diagnostiek and behandeling apart. The guideline came
//! with RTP 2.0. Source: RTP 4.5.

use crate::dossier::{Bsn, Ernst, RegelNr, Volume};
use crate::regels::maximum::boven;
use crate::regels::versie::{HOOGSTENS, Versie};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "ED02",
    titel: "Meer minuten dyslexiezorg dan de richtlijn",
    wat: "Per jeugdige en aanbieder worden de minuten diagnostiek en de minuten behandeling over alle jaren in volgorde opgeteld. Wat boven de richtlijn komt, is een onzekerheid.",
    waarom: "De richtlijn is waar een gemiddeld traject mee uitkomt; meer vraagt uitleg.",
    nodig: "Volume in minuten, uren of dagdelen; Tariefsleutel van het product",
    parameters: &[DIAGNOSTIEK.spec(), BEHANDELING.spec(), HOOGSTENS.spec()],
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

const DIAGNOSTIEK: Parameter<i64> =
    Parameter::new("minuten_diagnostiek", "minuten diagnostiek per jeugdige volgens de richtlijn");

const BEHANDELING: Parameter<i64> =
    Parameter::new("minuten_behandeling", "minuten behandeling per jeugdige volgens de richtlijn");

fn toets(groep: &Aanbiedergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    if c.dossier.producten.iter().any(|p| p.catalogus.is_none()) {
        for _ in groep.tellende_lijnen().filter(|l| l.product.catalogus.is_none()) {
            uit.niet_toetsbaar(Reden::ProductOnbekend);
        }
    }
    for (sleutel, wat, parameter) in [
        ("ED_DIAGNOSTIEK", "diagnostiek", &DIAGNOSTIEK),
        ("ED_BEHANDELING", "behandeling", &BEHANDELING),
    ] {
        if !c.dossier.producten.iter().any(|p| p.tariefsleutel() == Some(sleutel)) {
            continue;
        }
        let mut regels: Vec<(Bsn, RegelNr)> = Vec::new();
        for lijn in groep.lijnen() {
            if lijn.product.tariefsleutel() != Some(sleutel) || !lijn.regel.telt_mee() {
                continue;
            }
            let telt = c.in_leverjaar(lijn.regel);
            match lijn.regel.honderdste_minuten() {
                Some(_) if lijn.regel.bsn == Bsn::GEEN => uit.niet_toetsbaar(Reden::GeenBsn),
                Some(_) => {
                    regels.push((lijn.regel.bsn, lijn.nr()));
                    if telt {
                        uit.getoetst();
                    }
                }
                None if telt => uit.niet_toetsbaar(Reden::GeenTijdseenheid),
                None => {}
            }
        }
        regels
            .sort_unstable_by(|(a, x), (b, y)| a.cmp(b).then_with(|| c.dossier.vergelijk(*x, *y)));
        let minuten = instelling.at(parameter, c.laatste_dag());
        for van_jeugdige in regels.chunk_by(|a, b| a.0 == b.0) {
            let lijnen = van_jeugdige.iter().map(|(_, nr)| {
                let lijn = c.lijn(*nr);
                (lijn, lijn.regel.honderdste_minuten().unwrap_or(0))
            });
            for b in boven(lijnen, Volume::heel(minuten).0) {
                if !c.in_leverjaar(b.lijn.regel) {
                    continue;
                }
                let bevinding = b
                    .lijn
                    .bevinding(Ernst::Onzekerheid)
                    .bedrag(b.bedrag)
                    .gevonden(format!("{} minuten {wat} tot en met deze regel", Volume(b.som)))
                    .verwacht(format!(
                        "hoogstens {} minuten volgens de richtlijn",
                        Volume::heel(minuten)
                    ))
                    .toelichting("Beoordeel of de aanbieder de langere duur heeft onderbouwd.");
                let versie = Versie::op(instelling, b.lijn.regel.begindatum);
                uit.bevinding(versie.begrens(bevinding));
            }
        }
    }
}
