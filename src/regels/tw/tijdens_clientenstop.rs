//! TW23: a new client during a cliëntenstop.
//!
//! Needs ClientenstopVan and ClientenstopTot of the aanbieder. Source: ID definition of
//! Cliëntenstop, eis 63.

use crate::dossier::{Dag, Ernst, Kolom, Periode, Toewijzing};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    Check, JeugdigeToewijzingen, Outcomes, Reason, Rule, ToewijzingGroup, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "TW23",
    title: "Nieuwe jeugdige tijdens een cliëntenstop",
    what: "De eerste Toewijzingsdatum ligt in de cliëntenstop van de aanbieder, en de jeugdige had daar op de dag ervoor geen toewijzing. Dat is een signaal.",
    why: "Tijdens een cliëntenstop krijgt een aanbieder geen opdrachten voor nieuwe jeugdigen.",
    for_aanbieder: "De hulp aan een nieuwe jeugdige begon tijdens uw cliëntenstop.",
    needs: needs!("{} en {} van de aanbieder", Aanbieders(ClientenstopVan, ClientenstopTot)),
    checks: &[Check::Toewijzingen(check)],
    ..Rule::BASE
};

fn check(all: &JeugdigeToewijzingen<'_>, _: &RuleSettings, out: &mut Outcomes) {
    for group in &all.toewijzingen {
        let Some((id, t)) = group.in_leverjaar() else { continue };
        let Some(stop) = out.known(stop(group, t)) else { continue };
        let Some((van, tot)) = stop else { continue };
        let first = t.first().toewijzingsdatum;
        let inside = van <= first && tot.is_none_or(|tot| first <= tot);
        let Some(is_new) = out.known(is_new(all, t, van.plus_dagen(-1))) else { continue };
        out.tested();
        if !inside || !is_new {
            continue;
        }
        let until = tot.map_or_else(|| "zonder einde".to_owned(), |tot| format!("t/m {tot}"));
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .found(format!("toegewezen op {first}, in de cliëntenstop van {van} {until}"))
                .expected("geen toewijzing aan een nieuwe jeugdige tijdens een cliëntenstop")
                .toelichting("Ga na of de gemeente hiervoor een uitzondering maakte."),
        );
    }
}

/// First and last day of the cliëntenstop of the toewijzing's aanbieder; `None` where it had none.
fn stop(group: &ToewijzingGroup<'_>, t: &Toewijzing) -> Result<Option<(Dag, Option<Dag>)>, Reason> {
    let data = group.context.data_with(t.aanbieder, Kolom::ClientenstopVan)?;
    match (data.clientenstop_van, data.clientenstop_tot) {
        (Some(van), tot) => Ok(Some((van, tot))),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Reason::KolomLeeg(Kolom::ClientenstopVan)),
    }
}

/// Has the jeugdige no toewijzing at this aanbieder whose term holds `dag`?
fn is_new(all: &JeugdigeToewijzingen<'_>, t: &Toewijzing, dag: Dag) -> Result<bool, Reason> {
    let day = Periode::new(dag, dag).expect("a day is a period");
    for group in &all.toewijzingen {
        let Some((_, other)) = group.toewijzing.filter(|(_, o)| o.aanbieder == t.aanbieder) else {
            continue;
        };
        group.context.kolom(other.file, Kolom::Einddatum)?;
        if other.termijn()?.covers(day) {
            return Ok(false);
        }
    }
    Ok(true)
}
