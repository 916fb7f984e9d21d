//! CR01: crisis care for longer than allowed.
//!
//! The toewijzing's term, and the etmalen on it over all years. The limits came with RTP 2.0.
//! Source: RTP 6.

use crate::dossier::{Ernst, Kolom, Volume};
use crate::regels::maximum::boven;
use crate::regels::versie::{HOOGSTENS, Versie};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Check, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "CR01",
    titel: "Crisis langer dan toegestaan",
    wat: "Een toewijzing voor een crisisplek of crisispleegzorg die langer loopt dan de termijn is een fout (zonder bedrag). De etmalen die erop in volgorde boven dat aantal dagen komen, zijn een fout voor het deel erboven. Van voor de versie die deze grens noemt is het een onzekerheid.",
    waarom: "Crisiszorg is kort; wie langer hulp nodig heeft, krijgt een gewone plaats.",
    nodig: "Ingangsdatum en Einddatum van de toewijzing; volume in etmalen",
    parameters: &[DAGEN_BED.spec(), DAGEN_PLEEGZORG.spec(), HOOGSTENS.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

const DAGEN_BED: Parameter<i64> =
    Parameter::new("dagen_crisisplek", "dagen die een crisisplek hoogstens duurt");

const DAGEN_PLEEGZORG: Parameter<i64> =
    Parameter::new("dagen_crisispleegzorg", "dagen die crisispleegzorg hoogstens duurt");

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = groep.in_leverjaar() else { return };
    let parameter = match groep.product().and_then(|p| p.tariefsleutel) {
        Ok(Some("CRISIS_BED")) => &DAGEN_BED,
        Ok(Some("CRISIS_PLEEGZORG")) => &DAGEN_PLEEGZORG,
        Ok(_) => return,
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    let dagen = instelling.at(parameter, t.ingangsdatum);
    match groep.controle.kolom(t.bestand, Kolom::Einddatum) {
        Err(reden) => uit.niet_toetsbaar(reden),
        Ok(()) => {
            uit.getoetst();
            if t.termijn().langer_dan_dagen(dagen) {
                let versie = Versie::op(instelling, t.ingangsdatum);
                uit.bevinding(
                    versie.begrens(
                        groep
                            .bevinding(nr, Ernst::Fout)
                            .gevonden(format!("crisis {}", t.termijn()))
                            .verwacht(format!("hoogstens {dagen} dagen")),
                    ),
                );
            }
        }
    }
    let lijnen = groep.lijnen().filter_map(|l| Some((l, l.etmalen().ok()?.0)));
    for b in boven(lijnen, Volume::heel(dagen).0) {
        if !groep.controle.in_leverjaar(b.lijn.regel) {
            continue;
        }
        let versie = Versie::op(instelling, b.lijn.regel.begindatum);
        uit.bevinding(
            versie.begrens(
                b.lijn
                    .bevinding(Ernst::Fout)
                    .bedrag(b.bedrag)
                    .gevonden(format!("{} etmalen crisis tot en met deze regel", Volume(b.som)))
                    .verwacht(format!("hoogstens {dagen} etmalen op deze toewijzing")),
            ),
        );
    }
}
