//! The whole summary: every message, every rule with findings, every reason why something was not
//! tested.

use super::{control_totals, found, messages, outcome, place, printable};
use crate::dossier::{Ernst, Thousands};
use crate::ground::{fold_to, shown_path};
use crate::rapport::{Rapport, TolerantieCheck};
use comfy_table::LineStyle;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::path::Path;
use terminal_size::{Width, terminal_size_of};

pub(crate) fn text(rapport: &Rapport<'_>, dir: &Path) -> String {
    let mut out: Vec<String> = messages(rapport).iter().map(|text| fitted(text)).collect();
    out.push(String::new());
    out.extend(control_totals(rapport));
    out.push(format!("\n{}\n", table(rapport)));
    let sentences = outcome(rapport).into_iter().chain(tolerances(rapport));
    out.extend(sentences.chain(not_tested(rapport)).map(|text| fitted(&text)));
    out.extend(unreadable(rapport));
    out.push(place(dir));
    out.push(format!("Alle bestanden: {}", shown_path(dir)));
    out.iter().map(|line| format!("{line}\n")).collect()
}

/// A sentence as wide as the terminal; whole where it goes to a file or another program.
fn fitted(text: &str) -> String {
    let Some((Width(columns), _)) = terminal_size_of(std::io::stdout()) else {
        return text.to_owned();
    };
    let (indent, begin) = if text.starts_with("  ") { (4, "  ") } else { (2, "") };
    fold_to(columns.into(), &printable(text), begin, indent).trim_end().to_owned()
}

/// What could not be read, where there is any.
fn unreadable(rapport: &Rapport<'_>) -> Option<String> {
    match rapport.invoerfouten.len() as u64 {
        0 => None,
        1 => Some("1 waarde was niet te lezen: zie invoerfouten.csv.".to_owned()),
        count => {
            Some(format!("{} waarden waren niet te lezen: zie invoerfouten.csv.", Thousands(count)))
        }
    }
}

/// Each amount for which a tolerance is stated, beside it.
fn tolerances(rapport: &Rapport<'_>) -> Vec<String> {
    let line = |t: &TolerantieCheck| {
        let (_, limit) = t.limit?;
        let procent = t.limit_in_words();
        let (what, bedrag, outcome) = (t.what, t.bedrag, t.outcome());
        Some(format!("{what}: {bedrag}, {outcome} van {procent} ({limit})."))
    };
    rapport.toleranties().iter().filter_map(line).collect()
}

fn table(rapport: &Rapport<'_>) -> String {
    let mut tabel = Table::new();
    tabel
        .load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
        .set_content_arrangement(ContentArrangement::Dynamic);
    if let Some((Width(columns), _)) = terminal_size_of(std::io::stdout()) {
        tabel.set_width(columns);
    }
    tabel.set_header(["Regel", "Bevinding", "Ernst", "Aantal", "In geding"]);
    for u in &rapport.outcomes {
        let noted = rapport.melding_of_regel(u.rule.code).is_some();
        for (ernst, of) in Ernst::ALL.iter().zip(found(rapport, u)).filter(|(_, of)| of.count > 0) {
            tabel.add_row([
                u.rule.code.to_owned(),
                format!("{}{}", u.rule.title, if noted { " (let op: zie boven)" } else { "" }),
                ernst.name().to_owned(),
                // A list of products that the catalogue lacks is one thing to mend.
                match rapport.is_group(u.rule.code) {
                    true => "1 groep".to_owned(),
                    false => Thousands(of.count).to_string(),
                },
                of.bedrag.map_or("–".to_owned(), |bedrag| bedrag.to_string()),
            ]);
        }
    }
    for kolom in [3, 4] {
        if let Some(k) = tabel.column_mut(kolom) {
            k.set_cell_alignment(CellAlignment::Right);
        }
    }
    if tabel.is_empty() { "Geen bevindingen.".to_owned() } else { tabel.to_string() }
}

/// Rules that could not be tested on some units, in one line each reason.
fn not_tested(rapport: &Rapport<'_>) -> Vec<String> {
    let mut reasons: Vec<(String, u64, Vec<&str>)> = Vec::new();
    for u in &rapport.outcomes {
        for (reason, count) in &u.outcomes.not_testable {
            let text = reason.to_string();
            match reasons.iter_mut().find(|(r, _, _)| *r == text) {
                Some((_, n, codes)) => {
                    *n += count;
                    codes.push(u.rule.code);
                }
                None => reasons.push((text, *count, vec![u.rule.code])),
            }
        }
    }
    if reasons.is_empty() {
        return Vec::new();
    }
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut out = vec!["Niet te toetsen (zie Niet getoetst in het rapport):".to_owned()];
    for (reason, count, codes) in reasons {
        let who =
            if codes.len() > 4 { format!("{} regels", codes.len()) } else { codes.join(", ") };
        out.push(format!("  {} keer: {reason} ({who})", Thousands(count)));
    }
    out
}
