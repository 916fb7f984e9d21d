//! SG07: more than a day holds.
//!
//! At level contact per jeugdige and day, and per hulpverlener and day; at level maand per jeugdige
//! and month. Source: own signal.

use crate::dossier::{Dag, Ernst, Kolom, LineId, Niveau, Periode, Volume, WordId};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AanbiederGroup, Check, JeugdigeGroup, Outcomes, Reason, Rule, Selection, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "SG07",
    title: "Meer dan een dag kan bevatten",
    what: "Bij niveau contact: meer minuten op één dag dan de grens, per jeugdige of per hulpverlener van een aanbieder. Bij niveau maand: meer uren voor een jeugdige dan de maand uren heeft. Dat is een signaal.",
    why: "Meer tijd dan er was, kan niet zijn geleverd.",
    for_aanbieder: "Er is meer tijd gedeclareerd dan er in een dag past.",
    needs: needs!(
        "Volume in minuten, uren of dagdelen; {} voor de tweede vergelijking",
        Declaraties(Hulpverlener)
    )
    .and_volume(),
    parameters: &[JEUGDIGE.spec(), HULPVERLENER.spec(), ETMAAL.spec()],
    checks: &[Check::Jeugdige(per_jeugdige), Check::Aanbieder(per_hulpverlener)],
    ..Rule::BASE
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

fn per_jeugdige(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    if group.context.niveau != Niveau::Contact {
        return per_maand(group, settings, out);
    }
    let mut minuten: Vec<(Dag, i64, LineId)> = Vec::new();
    for l in group.lines() {
        match l.data.hundredth_minuten() {
            None => out.not_testable(Reason::GeenTijdseenheid),
            Some(_) if l.data.begindatum < l.data.einddatum => {
                out.not_testable(Reason::RegelOverDagen);
            }
            Some(volume) => minuten.push((l.data.begindatum, volume, l.id())),
        }
    }
    minuten.sort_by_key(|(dag, ..)| *dag);
    for by_dag in minuten.chunk_by(|a, b| a.0 == b.0) {
        out.tested();
        let dag = by_dag[0].0;
        let sum: i64 = by_dag.iter().map(|(_, m, _)| m).sum();
        let maximum = Volume::whole(settings.at(&JEUGDIGE, dag));
        if sum > maximum.0 {
            out.bevinding(
                group
                    .bevinding(Ernst::Signaal)
                    .on(Selection::Lines(by_dag.iter().map(|(.., id)| *id).collect()))
                    .found(format!("{} minuten op {dag}", Volume(sum)))
                    .expected(format!("hoogstens {maximum} minuten op een dag")),
            );
        }
    }
}

fn per_maand(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let januari = c.first_dag().maand();
    let mut maanden: [Option<i64>; 12] = [None; 12];
    for &id in group.lines {
        let r = c.dossier.line(id);
        match r.hundredth_minuten() {
            Some(volume) => {
                *maanden[(r.einddatum.maand() - januari) as usize].get_or_insert(0) += volume;
            }
            None => out.not_testable(Reason::GeenTijdseenheid),
        }
    }
    for (n, sum) in maanden.into_iter().enumerate().filter_map(|(n, sum)| Some((n, sum?))) {
        out.tested();
        let maand = Periode::maand_of(c.first_dag().plus_maanden(n as i32));
        let hours = settings.at(&ETMAAL, maand.begin()) * maand.dagen();
        if sum > Volume::whole(hours * 60).0 {
            let in_time = group.lines().filter(|l| l.data.hundredth_minuten().is_some());
            out.bevinding(
                group
                    .bevinding(Ernst::Signaal)
                    .on_lines(in_time.filter(|l| l.maand() == maand))
                    .found(format!("{} uur in {maand}", Volume(sum / 60)))
                    .expected(format!("hoogstens {} uur in deze maand", Volume::whole(hours))),
            );
        }
    }
}

fn per_hulpverlener(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    if c.niveau != Niveau::Contact {
        return;
    }
    let mut minuten: Vec<(WordId, Dag, i64, LineId)> = Vec::new();
    for line in group.counting_lines() {
        let Some(volume) = line.data.hundredth_minuten() else { continue };
        let hulpverlener = line.contact().hulpverlener;
        if let Err(reason) = line.kolom(Kolom::Hulpverlener) {
            out.not_testable(reason);
        } else if hulpverlener.is_empty() {
            out.not_testable(Reason::GeenHulpverlener);
        } else if line.data.begindatum < line.data.einddatum {
            out.not_testable(Reason::RegelOverDagen);
        } else {
            minuten.push((hulpverlener, line.data.begindatum, volume, line.id()));
        }
    }
    minuten.sort_unstable();
    for by_dag in minuten.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        out.tested();
        let (hulpverlener, dag, ..) = by_dag[0];
        let sum: i64 = by_dag.iter().map(|(_, _, m, _)| m).sum();
        let maximum = Volume::whole(settings.at(&HULPVERLENER, dag));
        if sum > maximum.0 {
            let name = crate::ground::masked(c.dossier.words.get(hulpverlener)).into_owned();
            out.bevinding(
                group
                    .bevinding(Ernst::Signaal)
                    .on(Selection::Lines(by_dag.iter().map(|(.., id)| *id).collect()))
                    .found(format!("hulpverlener {name}: {} minuten op {dag}", Volume(sum)))
                    .expected(format!("hoogstens {maximum} minuten op een dag")),
            );
        }
    }
}
