//! What is to come back, as files.

use super::Terugvordering;
use super::letters::write_letters;
use super::sheets::workbook;
use crate::writing::sheet::keep;
use crate::writing::{WriteError, csv_bedrag, csv_for_excel};
use std::path::Path;

/// Writes everything into this folder.
pub(crate) fn write_files(t: &Terugvordering, dir: &Path) -> Result<(), WriteError> {
    lines(t, &dir.join("terugvordering.csv"))?;
    totals(t, &dir.join("totalen.csv"))?;
    if !t.apart.is_empty() {
        apart(t, &dir.join("apart.csv"))?;
    }
    open(t, &dir.join("openstaand.csv"))?;
    keep(&dir.join("terugvordering.xlsx"), |temporary| workbook(t, temporary))?;
    write_letters(t, &dir.join("per-aanbieder"))
}

/// Each line of which something is to come back.
fn lines(t: &Terugvordering, path: &Path) -> Result<(), WriteError> {
    let kolommen = [
        "Aanbieder",
        "Naam",
        "Gemeente",
        "NaamGemeente",
        "ReferentieNummer",
        "DeclaratieNummer",
        "ToewijzingNummer",
        "Begindatum",
        "Einddatum",
        "ProductCode",
        "IngediendBedrag",
        "Bedrag",
        "Teruggenomen",
        "Open",
        "Status",
        "Waarom",
        "Bevindingen",
        "Bestand",
        "Regelnummer",
    ];
    let rows = t.vorderingen.iter().map(|v| {
        let l = v.line.clone();
        [
            l.aanbieder,
            l.naam,
            l.gemeente,
            l.gemeentenaam,
            l.referentienummer,
            l.declaratienummer,
            l.toewijzingnummer,
            l.begindatum,
            l.einddatum,
            l.productcode,
            csv_bedrag(Some(l.ingediend_bedrag)).to_string(),
            csv_bedrag(Some(v.bedrag)).to_string(),
            csv_bedrag(Some(v.came_back())).to_string(),
            csv_bedrag(Some(v.open())).to_string(),
            v.status(),
            v.why(),
            v.ids(),
            l.bestand,
            l.regelnummer.to_string(),
        ]
    });
    csv_for_excel(path, &kolommen, rows)
}

/// By aanbieder and gemeente.
fn totals(t: &Terugvordering, path: &Path) -> Result<(), WriteError> {
    let kolommen = [
        "Aanbieder",
        "Naam",
        "Gemeente",
        "NaamGemeente",
        "Regels",
        "Bedrag",
        "Teruggenomen",
        "Open",
    ];
    let rows = t.per_party().into_iter().map(|total| {
        let [agb, naam] = total.aanbieder.map(str::to_owned);
        let [gemeente, gemeentenaam] = total.gemeente.map(str::to_owned);
        let [bedrag, teruggenomen, open] = [total.bedrag, total.teruggenomen, total.open]
            .map(|sum| csv_bedrag(Some(sum)).to_string());
        let regels = total.regels.to_string();
        [agb, naam, gemeente, gemeentenaam, regels, bedrag, teruggenomen, open]
    });
    csv_for_excel(path, &kolommen, rows)
}

/// What is in no total, and why.
fn apart(t: &Terugvordering, path: &Path) -> Result<(), WriteError> {
    let kolommen =
        ["Id", "Controle", "Aanbieder", "Naam", "Gemeente", "Nummer", "Bedrag", "Waarom"];
    let rows = t.apart.iter().cloned().map(|a| {
        let what = format!("{} {}", a.grond.regel, a.grond.titel);
        let bedrag = csv_bedrag(Some(a.grond.bedrag)).to_string();
        [a.grond.id, what, a.aanbieder, a.naam, a.gemeente, a.nummer, bedrag, a.waarom]
    });
    csv_for_excel(path, &kolommen, rows)
}

/// What came back and what has yet to, for the dossier of the next run: the columns of the kind `openstaand`,
/// and what follows from these for people.
fn open(t: &Terugvordering, path: &Path) -> Result<(), WriteError> {
    let kolommen = [
        "Aanbieder",
        "Gemeente",
        "ReferentieNummer",
        "ToewijzingNummer",
        "ProductCode",
        "Begindatum",
        "Einddatum",
        "IngediendBedrag",
        "Bedrag",
        "Teruggenomen",
        "TeruggenomenOp",
        "Creditregels",
        "Bevindingen",
        "Open",
        "Status",
    ];
    let rows = t.vorderingen.iter().map(|v| {
        let l = v.line.clone();
        [
            l.aanbieder,
            l.gemeente,
            l.referentienummer,
            l.toewijzingnummer,
            l.productcode,
            l.begindatum,
            l.einddatum,
            csv_bedrag(Some(l.ingediend_bedrag)).to_string(),
            csv_bedrag(Some(v.bedrag)).to_string(),
            csv_bedrag(Some(v.teruggenomen)).to_string(),
            v.teruggenomen_op.clone(),
            v.creditregels.join("|"),
            v.ids(),
            csv_bedrag(Some(v.open())).to_string(),
            v.status(),
        ]
    });
    csv_for_excel(path, &kolommen, rows)
}
