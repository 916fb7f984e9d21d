//! The tables of the page: their rows, from the rapport.

use super::numbers::{AmountCell, NumberCell};
use crate::dossier::{Cent, Eindoordeel};
use crate::rapport::totals::Doorbelasting;
use crate::rapport::{
    CheckFigure, Controletotaal, LedgerRow, Rapport, TolerantieCheck, per_verdict,
};
use crate::terugvordering::ClaimTotal;
use crate::toetsing::RuleOutcome;
use serde::Serialize;
use std::cmp::Reverse;

#[derive(Serialize)]
pub(super) struct TolerantieRow {
    wat: &'static str,
    bedrag: AmountCell,
    procent: String,
    grens: Option<AmountCell>,
    uitkomst: &'static str,
    /// Whether it stays within; none where no tolerance is stated.
    binnen: Option<bool>,
}

/// What people judged, and what they left open.
#[derive(Serialize)]
pub(super) struct Beoordeeld {
    aantal: NumberCell,
    open: NumberCell,
    open_fout: AmountCell,
    open_onzekerheid: AmountCell,
    per_oordeel: Vec<OordeelRow>,
    /// Id, verdict and why it isn't on a finding.
    niet_overgenomen: Vec<[String; 3]>,
    meer_niet_overgenomen: Option<NumberCell>,
}

#[derive(Serialize)]
pub(super) struct OordeelRow {
    naam: &'static str,
    aantal: NumberCell,
    bedrag: AmountCell,
}

/// What is to come back of the lines of an aanbieder in a gemeente; without codes of all.
#[derive(Serialize)]
pub(super) struct ClaimTotalRow {
    aanbieder: [String; 2],
    gemeente: [String; 2],
    regels: NumberCell,
    bedrag: AmountCell,
    teruggenomen: AmountCell,
    open: AmountCell,
}

#[derive(Serialize)]
pub(super) struct CheckRow<'a> {
    code: &'a str,
    titel: &'a str,
    getoetst: NumberCell,
    /// Per ernst.
    pub(super) aantallen: Vec<NumberCell>,
    bedragen: Vec<AmountCell>,
    bevindingen: NumberCell,
    niet_toetsbaar: NumberCell,
    mislukt: bool,
    /// What the input says against what this rule found.
    melding: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct ReasonRow<'a> {
    code: &'a str,
    titel: &'a str,
    getoetst: NumberCell,
    aantal: NumberCell,
    reden: String,
}

#[derive(Serialize)]
pub(super) struct DoorbelastingRow<'a> {
    gemeente: String,
    naam: &'a str,
    regels: NumberCell,
    gedeclareerd: AmountCell,
    fout: AmountCell,
    onzekerheid: AmountCell,
    vervallen: AmountCell,
    teruggevorderd: AmountCell,
    door: AmountCell,
}

#[derive(Serialize)]
pub(super) struct StepRow<'a> {
    sleutel: &'a str,
    naam: &'a str,
    regels: NumberCell,
    bedrag: Option<AmountCell>,
    som: bool,
}

#[derive(Serialize)]
pub(super) struct InputRow<'a> {
    pad: &'a str,
    soort: &'a str,
    gelezen: NumberCell,
    aanvaard: NumberCell,
    afgekeurd: NumberCell,
    debet: AmountCell,
    credit: AmountCell,
    sha256: &'a str,
}

/// Verdicts without a finding that the page lists.
const MOST_NOT_TAKEN_OVER: usize = 1_000;

pub(super) fn beoordeeld(rapport: &Rapport<'_>) -> Option<Beoordeeld> {
    if rapport.oordelen.loten.is_empty() {
        return None;
    }
    let open = &rapport.totals.open;
    let open_count: u64 = open.counts.iter().sum();
    let not_taken_over = || rapport.oordelen.not_taken_over();
    let more = not_taken_over().count().saturating_sub(MOST_NOT_TAKEN_OVER);
    let per_oordeel = Eindoordeel::ALL.iter().zip(per_verdict(&rapport.bevindingen));
    Some(Beoordeeld {
        aantal: (rapport.bevindingen.len() as u64 - open_count).into(),
        open: open_count.into(),
        open_fout: open.in_geding.fout.into(),
        open_onzekerheid: open.in_geding.onzekerheid.into(),
        per_oordeel: per_oordeel
            .map(|(oordeel, (count, bedrag))| OordeelRow {
                naam: oordeel.name(),
                aantal: count.into(),
                bedrag: bedrag.into(),
            })
            .collect(),
        niet_overgenomen: not_taken_over()
            .take(MOST_NOT_TAKEN_OVER)
            .map(|(b, fate)| [b.id.to_string(), b.oordeel.name().to_owned(), fate.text()])
            .collect(),
        meer_niet_overgenomen: (more > 0).then(|| (more as u64).into()),
    })
}

/// By aanbieder and gemeente, and a row for all; none where nothing is to come back.
pub(super) fn terugvordering(rapport: &Rapport<'_>) -> Vec<ClaimTotalRow> {
    let Some(claims) = rapport.terugvordering.as_ref().filter(|c| !c.vorderingen.is_empty()) else {
        return Vec::new();
    };
    let row = |p: ClaimTotal<'_>| ClaimTotalRow {
        aanbieder: p.aanbieder.map(str::to_owned),
        gemeente: p.gemeente.map(str::to_owned),
        regels: p.regels.into(),
        bedrag: p.bedrag.into(),
        teruggenomen: p.teruggenomen.into(),
        open: p.open.into(),
    };
    let all = ClaimTotal { aanbieder: ["", "Totaal"], ..claims.total() };
    claims.per_party().into_iter().chain([all]).map(row).collect()
}

pub(super) fn controlerij<'a>(rapport: &Rapport<'a>, u: &'a RuleOutcome) -> CheckRow<'a> {
    let mut counts = [(0_u64, Cent::ZERO); 3];
    for r in rapport.of_regel(u.rule.code) {
        let count = &mut counts[r.bevinding.ernst as usize];
        count.0 += 1;
        count.1 += r.bevinding.bedrag.unwrap_or_default();
    }
    CheckRow {
        code: u.rule.code,
        titel: &u.rule.title,
        getoetst: u.outcomes.tested.into(),
        aantallen: counts.iter().map(|(n, _)| (*n).into()).collect(),
        bedragen: counts.iter().map(|(_, sum)| (*sum).into()).collect(),
        bevindingen: counts.iter().map(|(n, _)| n).sum::<u64>().into(),
        niet_toetsbaar: u.outcomes.not_testable_count().into(),
        mislukt: u.failed.is_some(),
        melding: rapport.melding_of_regel(u.rule.code).map(|m| m.text.as_str()),
    }
}

/// Why rules could not be tested, the most frequent reason of a rule first.
pub(super) fn reasons<'a>(rapport: &'a Rapport<'a>) -> Vec<ReasonRow<'a>> {
    let mut out = Vec::new();
    for u in &rapport.outcomes {
        let mut redenen = u.outcomes.not_testable.clone();
        redenen.sort_by_key(|(reason, n)| (Reverse(*n), *reason));
        out.extend(redenen.into_iter().map(|(reason, count)| ReasonRow {
            code: u.rule.code,
            titel: &u.rule.title,
            getoetst: u.outcomes.tested.into(),
            aantal: count.into(),
            reden: reason.to_string(),
        }));
    }
    out
}

/// What to charge on, a row a gemeente and one for all.
pub(super) fn doorbelasting<'a>(
    rapport: &'a Rapport<'a>,
    rows: &[Doorbelasting],
) -> Vec<DoorbelastingRow<'a>> {
    let row = |gemeente: String, name, of: &[Doorbelasting]| {
        let sum = |bedrag: fn(&Doorbelasting) -> Cent| of.iter().map(bedrag).sum::<Cent>().into();
        DoorbelastingRow {
            gemeente,
            naam: name,
            regels: of.iter().map(|r| r.lines).sum::<u64>().into(),
            gedeclareerd: sum(|r| r.gedeclareerd),
            fout: sum(|r| r.in_geding.fout),
            onzekerheid: sum(|r| r.in_geding.onzekerheid),
            vervallen: sum(|r| r.judged.dropped),
            teruggevorderd: sum(|r| r.judged.reclaimed),
            door: sum(Doorbelasting::door_te_belasten),
        }
    };
    let mut out: Vec<_> = rows
        .chunk_by(|a, b| a.of.gemeente == b.of.gemeente)
        .map(|of| {
            let gemeente = of[0].of.gemeente;
            row(gemeente.to_string(), rapport.name_of_gemeente(gemeente), of)
        })
        .collect();
    out.push(row(String::new(), "Alle gemeenten", rows));
    out
}

pub(super) fn steps<'a>(rapport: &'a Rapport<'a>) -> Vec<StepRow<'a>> {
    let a = &rapport.aansluiting;
    let without_bedrag = |key, name, lines: u64| StepRow {
        sleutel: key,
        naam: name,
        regels: lines.into(),
        bedrag: None,
        som: false,
    };
    let mut out = vec![
        without_bedrag("gelezen", "Gelezen declaratieregels", a.read),
        without_bedrag("afgekeurd", "af: afgekeurd bij het inlezen", a.rejected),
    ];
    out.extend(a.steps.iter().map(|s| StepRow {
        sleutel: s.key,
        naam: &s.name,
        regels: s.lines.into(),
        bedrag: Some(s.bedrag.into()),
        som: matches!(s.key, "levend" | "getoetst"),
    }));
    out
}

/// What the ledger has beside what was declared.
#[derive(Serialize)]
pub(super) struct LedgerTable {
    bron: String,
    /// Of whom, and how it fits.
    rijen: Vec<(String, [AmountCell; 3], String)>,
}

pub(super) fn ledger(rapport: &Rapport<'_>) -> Option<LedgerTable> {
    let stated = rapport.grootboek.as_ref()?;
    let row = |row: LedgerRow| {
        let amounts = [row.ledger, row.live, row.difference()].map(AmountCell::from);
        (rapport.ledger_name(&row), amounts, row.outcome())
    };
    Some(LedgerTable {
        bron: rapport.pseudonyms.replace_in(&stated.source).to_string(),
        rijen: rapport.ledger().into_iter().map(row).collect(),
    })
}

pub(super) fn input<'a>(rapport: &Rapport<'a>) -> Vec<InputRow<'a>> {
    let (files, _) = rapport.named_files();
    files
        .into_iter()
        .map(|b| InputRow {
            pad: &b.pad,
            soort: b.soort.name(),
            gelezen: b.gelezen.into(),
            aanvaard: b.aanvaard.into(),
            afgekeurd: b.afgekeurd.into(),
            debet: b.debet.into(),
            credit: b.credit.into(),
            sha256: &b.sha256,
        })
        .collect()
}

/// Fouten and onzekerheden against what the user says is tolerated.
pub(super) fn toleranties(rapport: &Rapport<'_>) -> Vec<TolerantieRow> {
    let of = |t: TolerantieCheck| TolerantieRow {
        wat: t.what,
        bedrag: t.bedrag.into(),
        procent: t.limit_in_words(),
        grens: t.limit.map(|(_, limit)| limit.into()),
        uitkomst: t.outcome(),
        binnen: t.is_within(),
    };
    rapport.toleranties().into_iter().map(of).collect()
}

pub(super) fn controletotalen(rapport: &Rapport<'_>) -> Vec<[String; 4]> {
    let text = |t: CheckFigure| match t {
        CheckFigure::Count(n) => NumberCell::from(n).tekst,
        CheckFigure::Bedrag(c) => AmountCell::from(c).tekst,
    };
    let of = |a: Controletotaal| {
        let close = if a.close() { "sluit aan" } else { "sluit niet aan" };
        [text(a.left), text(a.right), close.to_owned(), a.what]
    };
    rapport.controletotalen().into_iter().map(of).collect()
}
