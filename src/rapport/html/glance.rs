//! The first screen: what one wants to know in the ten minutes before a meeting.

use super::numbers::{AmountCell, NumberCell};
use crate::dossier::{Agb, Cent};
use crate::ground::Shown;
use crate::rapport::Rapport;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Aanbieders and reasons that are named at most.
const MOST: usize = 5;

#[derive(Serialize)]
pub(super) struct Glance<'a> {
    /// Values that couldn't be read.
    invoerfouten: NumberCell,
    /// What the input says against itself, how often.
    meldingen: usize,
    /// What is held against the tolerance, and how that comes out.
    toleranties: Vec<[String; 2]>,
    /// Those with most `fout`.
    aanbieders: Vec<TopParty<'a>>,
    /// What verdicts ask back, and what of it is still open; `None` where nobody asked anything.
    terug: Option<[AmountCell; 2]>,
    /// Is any verdict known?
    beoordeeld: bool,
    vorige: Option<Since<'a>>,
}

#[derive(Serialize)]
struct TopParty<'a> {
    code: &'a str,
    naam: Shown<'a>,
    fout: AmountCell,
    bevindingen: NumberCell,
}

/// What changed since an earlier rapport.
#[derive(Serialize)]
struct Since<'a> {
    map: Shown<'a>,
    nieuw: NumberCell,
    vervallen: NumberCell,
    gewijzigd: NumberCell,
    fout: [AmountCell; 2],
    onzekerheid: [AmountCell; 2],
    andere_sleutel: bool,
}

pub(super) fn glance<'a>(rapport: &'a Rapport<'a>) -> Glance<'a> {
    let claims = rapport.terugvordering.as_ref().filter(|claims| !claims.is_empty());
    let stated = rapport.toleranties().into_iter().filter(|t| t.limit.is_some());
    Glance {
        invoerfouten: (rapport.invoerfouten.len() as u64).into(),
        meldingen: rapport.meldingen.len(),
        toleranties: stated
            .map(|t| {
                let limit = t.limit_in_words();
                [t.what.to_owned(), format!("{} van {limit}", t.outcome())]
            })
            .collect(),
        aanbieders: top(rapport),
        terug: claims.map(|claims| {
            let total = claims.total();
            [total.bedrag.into(), total.open.into()]
        }),
        beoordeeld: rapport.bevindingen.iter().any(|g| !g.is_open()),
        vorige: rapport.since.as_ref().map(|s| Since {
            map: (&s.map).into(),
            nieuw: s.new.into(),
            vervallen: s.lapsed.into(),
            gewijzigd: s.changed.into(),
            fout: s.fout.map(Into::into),
            onzekerheid: s.onzekerheid.map(Into::into),
            andere_sleutel: s.other_key,
        }),
    }
}

fn top<'a>(rapport: &'a Rapport<'a>) -> Vec<TopParty<'a>> {
    let parties = rapport.totals.per_aanbieder.iter();
    let mut all: Vec<_> = parties.filter(|p| p.in_geding.fout > Cent::ZERO).collect();
    all.sort_by_key(|p| (Reverse(p.in_geding.fout), &p.code));
    all.truncate(MOST);
    all.into_iter()
        .map(|p| TopParty {
            code: &p.code,
            naam: p.code.parse().map_or("", |agb| rapport.name_of_aanbieder(Agb(agb))).into(),
            fout: p.in_geding.fout.into(),
            bevindingen: p.bevindingen.into(),
        })
        .collect()
}

/// Why something couldn't be tested, over all rules.
#[derive(Serialize)]
pub(super) struct ReasonTotal {
    reden: String,
    aantal: NumberCell,
    /// Codes of the rules, and how many these are.
    controles: String,
    hoeveel: usize,
}

/// The reasons, those of most rules first and then the most frequent.
pub(super) fn reasons_first(rapport: &Rapport<'_>) -> Vec<ReasonTotal> {
    let mut per_reason: BTreeMap<_, (u64, Vec<&str>)> = BTreeMap::new();
    for u in &rapport.outcomes {
        for (reason, count) in &u.outcomes.not_testable {
            let slot = per_reason.entry(*reason).or_default();
            slot.0 += count;
            slot.1.push(u.rule.code);
        }
    }
    let mut all: Vec<_> = per_reason.into_iter().collect();
    all.sort_by_key(|(reason, (count, codes))| (Reverse(codes.len()), Reverse(*count), *reason));
    all.into_iter()
        .map(|(reason, (count, codes))| ReasonTotal {
            reden: reason.to_string(),
            aantal: count.into(),
            controles: codes.join(", "),
            hoeveel: codes.len(),
        })
        .collect()
}
