//! The toewijzingen as they stood at the peildatum, as a frame.

use super::lines::{Peildatum, jeugdige};
use crate::dossier::{Bsn, Budgetsoort, Course, Dag, Toewijzing, ToewijzingId};
use crate::frame::{Frame, Made, large_or_none, small, small_or_none};
use crate::toetsing::AuditContext;
use rayon::prelude::*;

/// The toewijzingen that stood at the peildatum: granted by then and not removed. A jeugdige's help
/// on one begins with its first start message, lacking that on its Ingangsdatum, and ends with its
/// last final stop, if that comes before its Einddatum.
pub(super) struct Toewijzingen {
    pub frame: Frame,
    /// How many have a cell that can't be read: they are in no table.
    pub unreadable: usize,
}

impl Toewijzingen {
    pub(super) fn of(context: &AuditContext<'_>, peildatum: Peildatum) -> Made<Toewijzingen> {
        let all = context.dossier.toewijzingen.par_iter().enumerate();
        let all: Vec<Stand> = all.map(|(i, t)| stand(context, i, t, peildatum.dag)).collect();
        let rows: Vec<&Row> = all.iter().filter_map(Stand::row).collect();
        let unreadable = all.iter().filter(|s| matches!(s, Stand::Unreadable)).count();
        let days = |f: fn(&Row) -> Option<Dag>| {
            rows.iter().map(|r| f(r).map(Dag::dagen_since_1970)).collect()
        };
        let numbers = |f: fn(&Row) -> i32| rows.iter().map(|r| f(r)).collect();
        let frame = Frame::of(vec![
            small("Toewijzing", numbers(|r| r.id)),
            small("Gemeente", numbers(|r| r.gemeente)),
            small("Aanbieder", numbers(|r| r.aanbieder)),
            small("Jeugdige", numbers(|r| jeugdige(r.bsn))),
            small_or_none("Ingang", days(|r| Some(r.ingang))),
            small_or_none("Einde", days(|r| r.einde)),
            small_or_none("BeginHulp", days(|r| Some(r.begin_hulp))),
            small_or_none("EindeHulp", days(|r| r.einde_hulp)),
            small_or_none("Genomen", days(|r| Some(r.genomen))),
            small_or_none("Verzonden", days(|r| Some(r.verzonden))),
            small_or_none("Geboorte", days(|r| r.geboorte)),
            small_or_none("Verwijzer", rows.iter().map(|r| r.verwijzer).collect()),
            small_or_none("Soort", rows.iter().map(|r| r.soort.map(|k| k as i32)).collect()),
            large_or_none("Budget", rows.iter().map(|r| r.budget).collect()),
            small("Verhogingen", numbers(|r| r.verhogingen)),
        ])?;
        Ok(Toewijzingen { frame, unreadable })
    }

    /// What a table that rests on them must say of those that it leaves out.
    pub(super) fn remarks(&self) -> Vec<String> {
        match self.unreadable {
            0 => Vec::new(),
            1 => vec!["1 toewijzing telt niet mee: een cel ervan is niet te lezen (zie invoerfouten.csv van het rapport).".to_owned()],
            n => vec![format!("{n} toewijzingen tellen niet mee: een cel ervan is niet te lezen (zie invoerfouten.csv van het rapport).")],
        }
    }
}

/// What of a toewijzing stood at the peildatum.
enum Stand {
    /// Granted later, or removed.
    Absent,
    Unreadable,
    Row(Row),
}

impl Stand {
    fn row(&self) -> Option<&Row> {
        match self {
            Stand::Row(row) => Some(row),
            _ => None,
        }
    }
}

struct Row {
    id: i32,
    gemeente: i32,
    aanbieder: i32,
    bsn: Bsn,
    ingang: Dag,
    einde: Option<Dag>,
    begin_hulp: Dag,
    einde_hulp: Option<Dag>,
    /// Toewijzingsdatum of the first version.
    genomen: Dag,
    /// Day on which that was sent, lacking it its Toewijzingsdatum.
    verzonden: Dag,
    geboorte: Option<Dag>,
    verwijzer: Option<i32>,
    soort: Option<Budgetsoort>,
    budget: Option<i64>,
    verhogingen: i32,
}

fn stand(context: &AuditContext<'_>, place: usize, t: &Toewijzing, peildatum: Dag) -> Stand {
    if t.first().toewijzingsdatum > peildatum {
        return Stand::Absent;
    }
    let v = t.at_delivery(peildatum);
    match v.is_removed() {
        Ok(true) => Stand::Absent,
        _ => row(context, place, t, peildatum).map_or(Stand::Unreadable, Stand::Row),
    }
}

/// `None` where a cell can't be read.
fn row(context: &AuditContext<'_>, place: usize, t: &Toewijzing, peildatum: Dag) -> Option<Row> {
    let v = t.at_delivery(peildatum);
    if v.unreadable().next().is_some() || t.first().unreadable().next().is_some() {
        return None;
    }
    let einde = v.einddatum().ok()?;
    let berichten = context.dossier.startstop.as_ref().map(|s| s.of(ToewijzingId::new(place)));
    let berichten = berichten.unwrap_or_default();
    let until = berichten.partition_point(|b| b.datum <= peildatum);
    let course = Course::of(&berichten[..until]).ok()?;
    let budgets: Vec<Option<i64>> = (t.versies())
        .take_while(|v| v.toewijzingsdatum <= peildatum)
        .map(|v| Some(v.budget().ok()?.map(|c| c.0)))
        .collect::<Option<_>>()?;
    let raised = |pair: &[Option<i64>]| pair[0].is_some_and(|from| pair[1] > Some(from));
    Some(Row {
        id: place as i32 + 1,
        gemeente: v.gemeente.0.into(),
        aanbieder: v.aanbieder.0.into(),
        bsn: v.bsn,
        ingang: v.ingangsdatum,
        einde,
        begin_hulp: course.starts().min().unwrap_or(v.ingangsdatum),
        einde_hulp: course.ends(v.termijn().ok()?).end,
        genomen: t.first().toewijzingsdatum,
        verzonden: t.first().sent_or_decided().ok()?,
        geboorte: v.geboortedatum().ok()?,
        verwijzer: v.verwijzer().ok()?.map(|w| w.0.into()),
        soort: context.budgetsoort(v).ok().map(|(kind, _)| kind),
        budget: v.budget().ok()?.map(|c| c.0),
        verhogingen: budgets.windows(2).filter(|pair| raised(pair)).count() as i32,
    })
}
