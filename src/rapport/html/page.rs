//! What the template of the page fills in.

use super::distribution::{self, Distribution};
use super::glance::{Glance, ReasonTotal, glance, reasons_first};
use super::numbers::{AmountCell, NumberCell, procent};
use super::page_data::PageData;
use super::parts::{
    Beoordeeld, CheckRow, ClaimTotalRow, DoorbelastingRow, InputRow, LedgerTable, ReasonRow,
    StepRow, TolerantieRow, beoordeeld, controlerij, controletotalen, doorbelasting, input, ledger,
    reasons, steps, terugvordering, toleranties,
};
use super::template::PageHead;
use crate::dossier::Ernst;
use crate::rapport::{Format, Rapport, RunInfo};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::Value;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// How pages look.
pub(crate) const STYLE: &str = include_str!("stijl.css");

/// What pages do: these texts, in this order, are one function, so that nothing of it has a name outside.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("script/data.js"),
    include_str!("script/search.js"),
    include_str!("script/order.js"),
    include_str!("script/state.js"),
    include_str!("script/finding.js"),
    include_str!("script/controls.js"),
    include_str!("script/choice.js"),
    include_str!("script/start.js"),
    "})();\n",
);

/// What the template fills in.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    kop: PageHead,
    beleid: String,
    stijl: Value,
    script: Value,
    gegevens: Value,
    jaar: i32,
    titel: &'a str,
    regelset: &'a str,
    versie: &'a str,
    niveau: &'a str,
    /// When and by whom it was made.
    gemaakt: String,
    /// That the user went on where the input should have stopped the run.
    ondanks: Option<String>,
    /// What the input says against itself: how much it weighs, and what it is.
    meldingen: Vec<[String; 2]>,
    bsn_getoond: bool,
    mislukt: Vec<&'a str>,
    waarschuwingen: &'a [String],
    /// Names of the files that were written beside the page.
    bestanden: Vec<&'static str>,
    totaal: TotalCell,
    apart: Vec<ExtraRow>,
    oogopslag: Glance<'a>,
    /// Findings on the page, where that isn't all of them.
    getoond: Option<NumberCell>,
    rest_in: Option<&'static str>,
    verdelingen: Vec<Distribution<'a>>,
    /// Where the dossier holds verdicts.
    beoordeeld: Option<Beoordeeld>,
    terugvordering: Vec<ClaimTotalRow>,
    controles: Vec<CheckRow<'a>>,
    /// Why, over all rules.
    waarom: Vec<ReasonTotal>,
    redenen: Vec<ReasonRow<'a>>,
    eisen: Vec<[&'a str; 3]>,
    doorbelasting: Option<Vec<DoorbelastingRow<'a>>>,
    stappen: Vec<StepRow<'a>>,
    /// Where the dossier states what the ledger has.
    grootboek: Option<LedgerTable>,
    /// Aanbieder, its name, what is wrong with messages of its, and how many are.
    niet_kloppend: Vec<(String, &'a str, &'static str, NumberCell)>,
    invoer: Vec<InputRow<'a>>,
    /// Files that aren't named, where there are any.
    meer_invoer: Option<NumberCell>,
    invoerfouten: NumberCell,
    verantwoording: Vec<[String; 2]>,
    toleranties: Vec<TolerantieRow>,
    /// Two totals, whether they are equal, and what they are.
    controletotalen: Vec<[String; 4]>,
    /// The source of each of the `controles`.
    dekking: Vec<String>,
}

#[derive(Serialize)]
struct TotalCell {
    regels: NumberCell,
    bedrag: AmountCell,
    fout: AmountCell,
    onzekerheid: AmountCell,
    deel_fout: String,
    deel_onzekerheid: String,
    bevindingen: NumberCell,
    /// Per ernst.
    aantallen: Vec<NumberCell>,
}

#[derive(Serialize)]
struct ExtraRow {
    ernst: &'static str,
    aantal: NumberCell,
    bedrag: AmountCell,
}

impl<'a> Page<'a> {
    /// The page of a rapport whose findings are `data`, as `json`.
    pub(super) fn make(
        rapport: &'a Rapport<'a>,
        data: &PageData<'_>,
        run: &RunInfo,
        formats: &[Format],
        json: String,
    ) -> Page<'a> {
        // A page is read with \n for every end of a line; its hashes must fit what is read.
        let (style, script) = (STYLE.replace('\r', ""), SCRIPT.replace('\r', ""));
        let set = rapport.regelset();
        let doorbelast = rapport.totals.doorbelasting.as_deref();
        let beside = Format::ALL.into_iter().filter(|f| *f != Format::Html && formats.contains(f));
        let outcomes = || rapport.outcomes.iter();
        let checks: Vec<CheckRow<'_>> = outcomes().map(|u| controlerij(rapport, u)).collect();
        Page {
            kop: PageHead {
                onderwerp: "Rechtmatigheid jeugdhulp",
                verder: ["#bevindingen", "Naar de bevindingen"],
            },
            beleid: beleid(&style, &script),
            stijl: Value::from_safe_string(style),
            script: Value::from_safe_string(script),
            gegevens: Value::from_safe_string(json),
            jaar: rapport.context.jaar,
            titel: &set.title,
            regelset: &set.name,
            versie: &set.versie,
            niveau: rapport.context.niveau.name(),
            gemaakt: rapport.made(run),
            ondanks: rapport.despite(),
            meldingen: rapport
                .meldingen
                .iter()
                .map(|m| [m.level.title().to_owned(), m.sentence()])
                .collect(),
            bsn_getoond: rapport.pseudonyms.bsn_showing,
            mislukt: outcomes().filter(|u| u.failed.is_some()).map(|u| u.rule.code).collect(),
            waarschuwingen: &rapport.warnings,
            bestanden: beside.flat_map(Format::files).copied().collect(),
            totaal: total(rapport, &checks),
            apart: separate(rapport),
            oogopslag: glance(rapport),
            getoond: (data.count() < rapport.bevindingen.len())
                .then(|| (data.count() as u64).into()),
            rest_in: [Format::Parquet, Format::Csv]
                .into_iter()
                .find(|f| formats.contains(f))
                .map(|f| f.files()[0]),
            verdelingen: distribution::all(rapport),
            beoordeeld: beoordeeld(rapport),
            terugvordering: terugvordering(rapport),
            controles: checks,
            waarom: reasons_first(rapport),
            redenen: reasons(rapport),
            eisen: set.not_testable.iter().map(|n| [&*n.eis, &*n.waarom, &*n.bron]).collect(),
            doorbelasting: doorbelast.map(|rows| doorbelasting(rapport, rows)),
            stappen: steps(rapport),
            grootboek: ledger(rapport),
            niet_kloppend: rapport
                .aansluiting
                .faults
                .rows()
                .map(|(agb, fault, count)| {
                    (agb.to_string(), rapport.name_of_aanbieder(agb), fault.name(), count.into())
                })
                .collect(),
            invoer: input(rapport),
            meer_invoer: Some(rapport.named_files().1)
                .filter(|n| *n > 0)
                .map(|n| (n as u64).into()),
            invoerfouten: (rapport.invoerfouten.len() as u64).into(),
            verantwoording: rapport.omstandigheden(run),
            toleranties: toleranties(rapport),
            controletotalen: controletotalen(rapport),
            dekking: outcomes()
                .map(|u| set.rule(u.rule.code).map_or_else(String::new, |i| i.source.to_string()))
                .collect(),
        }
    }
}

fn total(rapport: &Rapport<'_>, checks: &[CheckRow<'_>]) -> TotalCell {
    let t = &rapport.totals;
    let count = |e: Ernst| checks.iter().map(|c| c.aantallen[e as usize].n).sum::<u64>();
    TotalCell {
        regels: t.lines.into(),
        bedrag: t.bedrag.into(),
        fout: t.in_geding.fout.into(),
        onzekerheid: t.in_geding.onzekerheid.into(),
        deel_fout: procent(t.in_geding.fout, t.bedrag),
        deel_onzekerheid: procent(t.in_geding.onzekerheid, t.bedrag),
        bevindingen: (rapport.bevindingen.len() as u64).into(),
        aantallen: Ernst::ALL.map(|e| count(e).into()).into(),
    }
}

/// Findings whose amounts are in no total of lines.
fn separate(rapport: &Rapport<'_>) -> Vec<ExtraRow> {
    [Ernst::Fout, Ernst::Onzekerheid]
        .into_iter()
        .map(|e| (e, rapport.totals.separate[e as usize]))
        .filter(|(_, a)| a.count > 0)
        .map(|(e, a)| ExtraRow { ernst: e.name(), aantal: a.count.into(), bedrag: a.bedrag.into() })
        .collect()
}

/// Nothing may be loaded, and no script or style but ours is run.
fn beleid(style: &str, script: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        hash(script),
        hash(style)
    )
}
