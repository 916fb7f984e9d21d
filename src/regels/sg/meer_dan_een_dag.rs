//! SG07: more than a day holds.
//!
//! At level contact per jeugdige and day, and per hulpverlener and day; at level maand per jeugdige
//! and month. Source: own signal.

use crate::dossier::{Dag, Ernst, Kolom, Niveau, Periode, RegelNr, Volume, WoordNr};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Aanbiedergroep, Check, Jeugdigegroep, Reden, Regel, Selection, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "SG07",
    titel: "Meer dan een dag kan bevatten",
    wat: "Bij niveau contact: meer minuten op één dag dan de grens, per jeugdige of per hulpverlener van een aanbieder. Bij niveau maand: meer uren voor een jeugdige dan de maand uren heeft. Dat is een signaal.",
    waarom: "Meer tijd dan er was, kan niet zijn geleverd.",
    nodig: "Volume in minuten, uren of dagdelen; Hulpverlener voor de tweede vergelijking",
    parameters: &[JEUGDIGE.spec(), HULPVERLENER.spec(), ETMAAL.spec()],
    checks: &[Check::Jeugdige(per_jeugdige), Check::Aanbieder(per_hulpverlener)],
    ..Regel::BASE
};

const JEUGDIGE: Parameter<i64> = Parameter::new(
    "minuten_jeugdige",
    "minuten hulp op één dag voor een jeugdige waarboven dat opvalt",
);

const HULPVERLENER: Parameter<i64> = Parameter::new(
    "minuten_hulpverlener",
    "minuten hulp op één dag van een hulpverlener waarboven dat opvalt",
);

const ETMAAL: Parameter<i64> =
    Parameter::new("uren_per_dag", "uren die een dag bij niveau maand heeft");

fn per_jeugdige(groep: &Jeugdigegroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    if groep.controle.niveau != Niveau::Contact {
        return per_maand(groep, instelling, uit);
    }
    let mut minuten: Vec<(Dag, i64, RegelNr)> = Vec::new();
    for l in groep.lijnen() {
        match l.regel.honderdste_minuten() {
            None => uit.niet_toetsbaar(Reden::GeenTijdseenheid),
            Some(_) if l.regel.begindatum < l.regel.einddatum => {
                uit.niet_toetsbaar(Reden::RegelOverDagen);
            }
            Some(volume) => minuten.push((l.regel.begindatum, volume, l.nr())),
        }
    }
    minuten.sort_by_key(|(dag, ..)| *dag);
    for op_dag in minuten.chunk_by(|a, b| a.0 == b.0) {
        uit.getoetst();
        let dag = op_dag[0].0;
        let som: i64 = op_dag.iter().map(|(_, m, _)| m).sum();
        let maximum = Volume::heel(instelling.at(&JEUGDIGE, dag));
        if som > maximum.0 {
            uit.bevinding(
                groep
                    .bevinding(Ernst::Signaal)
                    .on(Selection::Lines(op_dag.iter().map(|(.., nr)| *nr).collect()))
                    .gevonden(format!("{} minuten op {dag}", Volume(som)))
                    .verwacht(format!("hoogstens {maximum} minuten op een dag")),
            );
        }
    }
}

fn per_maand(groep: &Jeugdigegroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    let januari = c.eerste_dag().maand();
    let mut maanden: [Option<i64>; 12] = [None; 12];
    for &nr in groep.regels {
        let r = c.dossier.regel(nr);
        match r.honderdste_minuten() {
            Some(volume) => {
                *maanden[(r.einddatum.maand() - januari) as usize].get_or_insert(0) += volume;
            }
            None => uit.niet_toetsbaar(Reden::GeenTijdseenheid),
        }
    }
    for (n, som) in maanden.into_iter().enumerate().filter_map(|(n, som)| Some((n, som?))) {
        uit.getoetst();
        let maand = Periode::maand_van(c.eerste_dag().plus_maanden(n as i32));
        let uren = instelling.at(&ETMAAL, maand.begin()) * maand.dagen();
        if som > Volume::heel(uren * 60).0 {
            let in_tijd = groep.lijnen().filter(|l| l.regel.honderdste_minuten().is_some());
            uit.bevinding(
                groep
                    .bevinding(Ernst::Signaal)
                    .on_lines(in_tijd.filter(|l| l.maand() == maand))
                    .gevonden(format!("{} uur in {maand}", Volume(som / 60)))
                    .verwacht(format!("hoogstens {} uur in deze maand", Volume::heel(uren))),
            );
        }
    }
}

fn per_hulpverlener(
    groep: &Aanbiedergroep<'_>,
    instelling: &Regelinstelling,
    uit: &mut Uitkomsten,
) {
    let c = groep.controle;
    if c.niveau != Niveau::Contact {
        return;
    }
    let mut minuten: Vec<(WoordNr, Dag, i64, RegelNr)> = Vec::new();
    for lijn in groep.tellende_lijnen() {
        let Some(volume) = lijn.regel.honderdste_minuten() else { continue };
        let hulpverlener = lijn.contact().hulpverlener;
        if let Err(reden) = lijn.kolom(Kolom::Hulpverlener) {
            uit.niet_toetsbaar(reden);
        } else if hulpverlener.is_leeg() {
            uit.niet_toetsbaar(Reden::GeenHulpverlener);
        } else if lijn.regel.begindatum < lijn.regel.einddatum {
            uit.niet_toetsbaar(Reden::RegelOverDagen);
        } else {
            minuten.push((hulpverlener, lijn.regel.begindatum, volume, lijn.nr()));
        }
    }
    minuten.sort_unstable();
    for op_dag in minuten.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        uit.getoetst();
        let (hulpverlener, dag, ..) = op_dag[0];
        let som: i64 = op_dag.iter().map(|(_, _, m, _)| m).sum();
        let maximum = Volume::heel(instelling.at(&HULPVERLENER, dag));
        if som > maximum.0 {
            let naam =
                crate::ground::gemaskeerd(c.dossier.woorden.tekst(hulpverlener)).into_owned();
            uit.bevinding(
                groep
                    .bevinding(Ernst::Signaal)
                    .on(Selection::Lines(op_dag.iter().map(|(.., nr)| *nr).collect()))
                    .gevonden(format!("hulpverlener {naam}: {} minuten op {dag}", Volume(som)))
                    .verwacht(format!("hoogstens {maximum} minuten op een dag")),
            );
        }
    }
}
